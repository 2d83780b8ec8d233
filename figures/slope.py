"""Why gradients: nudge the weight, see how the loss answers; the slope says it before you nudge."""

from figures.parts import steps
from figures.parts.axes import Frame
from figures.parts.controls import Hidden, Slider
from figures.parts.model import DATA, forward, mean_loss, value_and_slope
from figures.parts.text import equation, out, show, words

TITLE = "A nudge of the weight, and how the loss answers"
LAST = 4  # the line, its loss, the nudge, the slope between, the slope at the point
STATE = {"w": 1.0, "h": 1.0, "step": LAST}
CONTROLS = (
    Slider("w", "weight w", 0, 4, 0.05),
    Slider("h", "nudge h", -1, 1, 0.01),
    Hidden("step", 0, LAST),
)
CONTROLS += steps.BUTTONS
BEAT = 1500

LOW, HIGH = -1.0, 5.0  # every w and w + h
TOP = 44.0  # more than the loss at both ends, 42
LINE = Frame((0.0, 3.5), (-4.0, 18.0), 300, 220)
CURVE = Frame((LOW, HIGH), (-3.0, TOP), 300, 220)


def loss_at(w):
    return mean_loss(DATA, w)


def draw(state):
    step, w, nudged = state["step"], state["w"], state["w"] + state["h"]
    here, slope = value_and_slope(loss_at, w)
    there = loss_at(nudged)
    return '<div class="lf-charts lf-two">%s%s</div>%s%s' % (
        _data(w, nudged, step),
        _loss(w, nudged, here, there, slope, step),
        _table(state, here, there, slope),
        words(_words(state, here, there, slope)),
    )


def press(state, what):
    return steps.press(state, what, "step", LAST)


def tick(state):
    return press(state, "step")


def _data(w, nudged, step):
    """Return the samples, the line y = w x, and how far it misses each of them."""
    inside = ""
    if step >= 2:
        inside += LINE.line(LINE.places([(x, forward(x, nudged)) for x in (0.0, 3.5)]), "gray")
    if step >= 1:
        for x, y in DATA:
            inside += LINE.line(LINE.places([(x, y), (x, forward(x, w))]), "ink lf-thin")
    inside += LINE.line(LINE.places([(x, forward(x, w)) for x in (0.0, 3.5)]), "value")
    inside += LINE.dots(LINE.places(DATA), "ink")
    return LINE.draw(inside, "x", "y", "The data and the line y = %s x." % show(w))


PARABOLA = CURVE.parabola(loss_at, "gray")


def _loss(w, nudged, here, there, slope, step):
    """Return the loss against w, the nudge on it, and the two slopes."""
    inside = PARABOLA
    now, corner, then = CURVE.places([(w, here), (nudged, here), (nudged, there)])
    if step >= 2:
        inside += CURVE.line([now, corner, then], "ink lf-thin")  # the nudge, and the answer to it
    if step >= 4:
        reach = min(3.0, 30.0 / max(abs(slope), 1.0)) + 0.5
        ends = [(w - reach, here - slope * reach), (w + reach, here + slope * reach)]
        inside += CURVE.line(CURVE.places(ends), "downstream")
    if step >= 3:
        inside += DASHED % CURVE.line([now, then], "downstream")
    if step >= 2:
        inside += CURVE.dots([then], "gray lf-large")
    if step >= 1:
        inside += CURVE.dots([now], "value lf-large")
    said = "The loss against w, a parabola with its lowest point at w = 2; w is %s." % show(w)
    return CURVE.draw(inside, "w", "loss", said)


DASHED = '<g stroke-dasharray="45 45">%s</g>'
_WAIT = '<span class="lf-wait">?</span>'


def _table(state, here, there, slope):
    """Return the numbers known at this step, each with its mark in the charts."""
    step, h = state["step"], state["h"]
    secant = (there - here) / h if h else None
    cells = (
        ("value", "●", "loss at w", 1, "loss", here),
        ("gray", "●", "loss at w + h", 2, "nudged", there),
        ("downstream", "╌╌", "change ÷ h", 3, "secant", secant),
        ("downstream", "—", "derivative", 4, "grad:w", slope),
    )
    rows = []
    for color, mark, label, first, key, value in cells:
        kind = "value" if color == "gray" else color
        shown = _WAIT if step < first else "no nudge" if value is None else out(key, value, kind)
        rows.append(
            '<div><small><span class="lf-%s" aria-hidden="true">%s</span> %s</small>%s</div>'
            % (color, mark, label, shown)
        )
    return '<div class="lf-figures">%s</div>' % "".join(rows)


def _words(state, here, there, slope):
    step, w, h = state["step"], state["w"], state["h"]
    if step == 0:
        return "The model says y = %s x. How wrong is it? Step." % out("w", w)
    if step == 1:
        return (
            "Each miss is squared, and their mean is the %s. Would a larger w be better or worse?"
            % equation("loss", "loss", here)
        )
    if step == 2:
        way = "falls" if there < here else "rises" if there > here else "stays the same"
        return "With w nudged by %s the loss %s: from %s to %s." % (
            out("h", h),
            way,
            out("loss", here),
            out("nudged", there),
        )
    if step == 3 and not h:
        return "No nudge, no answer: a change of nothing divided by nothing says nothing."
    if step == 3:
        return "The loss changed by %s while w changed by %s, that is %s times as much." % (
            out("change", there - here),
            out("h", h),
            out("secant", (there - here) / h, "downstream"),
        )
    derivative = equation("dloss/dw", "grad:w", slope, "downstream")
    if slope == 0:
        return "The bottom: %s. Whichever way you go from here, the loss rises." % derivative
    if not h:
        return "There is no nudge, and still a slope: %s, where the ratio was heading." % derivative
    return "The tangent says %s. A nudge of %s says %s: the smaller it is, the closer it comes." % (
        derivative,
        out("h", h),
        out("secant", (there - here) / h, "downstream"),
    )
