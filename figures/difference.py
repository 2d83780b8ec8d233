"""The difference quotient: how its error depends on the step h, between two enemies."""

import math

from autograd import Variable
from figures.parts.axes import Frame
from figures.parts.controls import Choice, Slider
from figures.parts.last import Last
from figures.parts.text import equation, out, show, words

TITLE = "The error of a difference against its step"
STATE = {"f": "cube", "x": 1.0, "how": "forward", "bits": "64", "h": 0.1}
# Each of one input and of the rounding that follows every operation. They are made of operations
# that IEEE 754 rounds exactly, so that the noise is the same on every machine.
FUNCTIONS = {
    "cube": ("x³", lambda x, r: r(r(x * x) * x)),
    "bell": ("1 / (1 + x²)", lambda x, r: r(1.0 / r(1.0 + r(x * x)))),
    "loss": ("(2x - 4)², a parabola", lambda x, r: square(r(r(2.0 * x) - 4.0), r)),
    "kink": ("|x² - 1|, with kinks at -1 and 1", lambda x, r: abs(r(r(x * x) - 1.0))),
}
CONTROLS = (
    Slider("h", "step h", 1e-16, 1.0, 0.05, log=True),
    Slider("x", "at x =", -2, 3, 0.125),
    Choice("f", "f(x) =", tuple([(name, one[0]) for name, one in FUNCTIONS.items()])),
    Choice(
        "how",
        "difference",
        (("forward", "forward: from x to x + h"), ("central", "central: from x - h to x + h")),
    ),
    Choice("bits", "floats of", (("64", "64 bits"), ("32", "32 bits"))),
)
BEAT = 0  # there is nothing to play

POWERS = [(float(k), "1e%d" % k if k else "1") for k in range(-16, 1, 4)]
FLOOR = 1e-18  # where no error at all is drawn
FRAME = Frame((-16.0, 0.0), (-18.0, 2.0), 340, 260, POWERS, POWERS)
BIG = 1.5 * 2.0**52  # a float of this size has no room for a fraction


def square(s, r):
    return r(s * s)


def rounded(x, bits=24, lowest=-149):
    """Return the float nearest to x with so many bits, as 32-bit floats have; ties go to even.

    `lowest` is the exponent of the smallest of them.
    """
    unit = max(math.frexp(x)[1] - bits, lowest)
    return math.ldexp(math.ldexp(x, -unit) + BIG - BIG, unit)


ROUND = {"64": lambda x: x, "32": rounded}
UNIT = {"64": 2.0**-53, "32": 2.0**-24}  # half the distance from 1 to the next float


def step(h):
    """Return h with the last bits of it cut off, which some machines read differently."""
    return rounded(h, 40)


STEPS = [step(10.0 ** (-k / 5)) for k in range(81)]


def difference(f, x, how, bits, h):
    """Return the difference quotient of the function called `f`, computed in so many bits."""
    function, r = FUNCTIONS[f][1], ROUND[bits]
    h = r(h)
    if how == "forward":
        return r(r(function(r(x + h), r) - function(x, r)) / h)
    return r(r(function(r(x + h), r) - function(r(x - h), r)) / (2.0 * h))


def derivatives(f, x):
    """Return f(x) and its first three derivatives, by passes through passes."""
    x = Variable(x, requires_grad=True)
    z = FUNCTIONS[f][1](x, ROUND["64"])
    found = [z.item()]
    for _ in range(3):
        x.grad = None
        if z.requires_grad:
            z.backward(create_graph=True)
        z = Variable(0.0) if x.grad is None else x.grad
        found.append(z.item())
    return found


last_derivatives = Last(derivatives)


def expected(f, x, how, bits, h):
    """Return what theory says of the error: (truncation, rounding), the latter about."""
    value, _, second, third = last_derivatives(f, x)
    rounding = UNIT[bits] * abs(value) / h
    if how == "forward":
        return abs(second) * h / 2, 2 * rounding
    return abs(third) * h * h / 6, rounding


def power_of(error, least=1e-60):
    """Return the power of ten that an error is."""
    return math.log10(max(error, least))


def curve(f, x, how, bits):
    """Return the error for every step, and the two parts of which theory says that it is made."""
    exact = last_derivatives(f, x)[1]
    errors = [(h, abs(difference(f, x, how, bits, h) - exact)) for h in STEPS]
    measured = [(math.log10(h), power_of(error, FLOOR)) for h, error in errors]
    ends = [(math.log10(h), expected(f, x, how, bits, h)) for h in (STEPS[-1], STEPS[0])]
    parts = [FRAME.places([(at, power_of(both[i])) for at, both in ends]) for i in (0, 1)]
    return (
        FRAME.line(parts[0], "local lf-thin")
        + FRAME.line(parts[1], "upstream lf-thin")
        + FRAME.line(FRAME.places(measured), "value")
    )


last_curve = Last(curve)


def draw(state):
    f, x, how, bits = [state[key] for key in ("f", "x", "how", "bits")]
    h = step(state["h"])
    exact = last_derivatives(f, x)[1]
    found = difference(f, x, how, bits, h)
    error = abs(found - exact)
    kind, verdict = judge(f, x, how, bits, h, error)
    here = FRAME.dot(FRAME.point(math.log10(h), power_of(error, FLOOR)), "value")
    said = "The error of the difference against the step, both by powers of ten."
    return (
        '<div class="lf-charts lf-two">%s<div class="lf-beside">%s'
        '<div class="lf-figures">%s%s%s%s</div>%s</div></div><p class="lf-verdict lf-%s">%s</p>'
        % (
            FRAME.draw(last_curve(f, x, how, bits) + here, "step h", "error", said),
            LEGEND,
            _figure("difference", "found", "%.10g" % found, "value"),
            _figure("engine", "exact", "%.10g" % exact, "downstream"),
            _figure("error", "error", show(error), "value"),
            _figure("relative error", "relative", show(relative(found, exact)), "value"),
            words(_words(f, how, bits, h, x)),
            kind,
            verdict,
        )
    )


def press(state, what):
    return state


def tick(state):
    return state


def relative(a, b):
    """Return the error of one number against another, as a part of the larger."""
    largest = max(abs(a), abs(b))
    return abs(a - b) / largest if largest else 0.0


def judge(f, x, how, bits, h, error):
    """Return (class, sentence): what the error at this step comes from."""
    truncation, rounding = expected(f, x, how, bits, h)
    if f == "kink" and abs(abs(x) - 1.0) < h:
        return "bad", (
            "The step reaches to a kink or across it: on its two sides the function has two slopes."
        )
    if ROUND[bits](x + h) == x:
        return "bad", "x + h is rounded to x itself: the two values are one, their difference is 0."
    if error == 0:
        return "good", "No error at all, by luck: the roundings have canceled."
    if rounding > 10 * truncation:
        return "slow", "Rounding rules here: a larger step would be better."
    if truncation > 10 * rounding:
        return "slow", "Truncation rules here: a smaller step would be better."
    return "good", "Truncation and rounding are about as large here: it will hardly get better."


LEGEND = (
    '<p class="lf-legend"><span class="lf-value">error</span>'
    '<span class="lf-local">truncation, in theory</span>'
    '<span class="lf-upstream">rounding, about</span></p>'
)


def _figure(name, key, text, kind):
    return '<div><small>%s</small><span class="lf-%s" data-value="%s">%s</span></div>' % (
        name, kind, key, text
    )  # fmt: skip


def _words(f, how, bits, h, x):
    truncation, rounding = expected(f, x, how, bits, h)
    return "%s in %s bits, with %s. Theory says: truncation %s, rounding about %s." % (
        "From x to x + h" if how == "forward" else "From x - h to x + h",
        bits,
        equation("h", "h", h),
        out("truncation", truncation, "local"),
        out("rounding", rounding, "upstream"),
    )
