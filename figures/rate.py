"""The learning rate: by what an epoch multiplies the error, and where that leads."""

import math

from figures.parts import steps
from figures.parts.axes import Frame
from figures.parts.controls import Choice, Slider
from figures.parts.last import Last
from figures.parts.model import (
    DATA,
    EPOCHS,
    factors,
    line,
    mean_loss,
    train,
    train_batch,
    value_and_slope,
)  # fmt: skip
from figures.parts.text import equation, out, show, words

TITLE = "The learning rate: crawl, converge, oscillate, diverge"
STATE = {"lr": 0.01, "by": "sample", "epochs": EPOCHS}
CONTROLS = (
    Slider("lr", "learning rate lr", 0.001, 1.0, 0.002, log=True),
    Choice(
        "by",
        "update after",
        (("sample", "each sample"), ("batch", "all three (their mean)")),
    ),
)
CONTROLS += steps.BUTTONS + (Slider("epochs", "epochs done", 0, EPOCHS, 1, scrub=True),)
BEAT = 500

FIRST_W = 1.0
GOAL = 2.0
RATES = [10 ** (-3 + 3 * i / 120) for i in range(121)]
HIGHEST = 3.0  # its hill is below; what leaves the drawing is marked at the edge
POWERS = ((-3.0, "0.001"), (-2.0, "0.01"), (-1.0, "0.1"), (0.0, "1"))
FACTOR = Frame((-3.0, 0.0), (-HIGHEST, HIGHEST), 300, 200, POWERS)
PATH = Frame((0.0, EPOCHS + 0.5), (-1.0, 5.0), 300, 200)


def lines(by):
    """Return (steepness, goal) of each update of an epoch, as `line` does."""
    if by == "sample":
        return [line(x, y) for x, y in DATA]
    # The slope of the mean loss is a straight line in w, as that of each sample is.
    return [(slope_of_mean(1.0) - slope_of_mean(0.0), GOAL)]


lines_of = {by: Last(lines) for by in ("sample", "batch")}


def factors_of(by, lr):
    """Return by what each update of an epoch multiplies the distance of w from its goal."""
    return factors(lines_of[by](by), lr)


def slope_of_mean(w):
    return value_and_slope(lambda w: mean_loss(DATA, w), w)[1]


def product(numbers):
    result = 1.0
    for number in numbers:
        result = result * number
    return result


def factor_curve(by):
    """Return the factor of an epoch against the logarithm of the rate, as a path."""
    at_1 = [1 - factor for factor in factors_of(by, 1.0)]  # a factor is 1 - lr × this
    points = [(math.log10(lr), product([1 - lr * a for a in at_1])) for lr in RATES]
    return FACTOR.line(FACTOR.places(points), "value lf-thin")


curve_of = {by: Last(factor_curve) for by in ("sample", "batch")}


def run(by, lr):
    """Return w before the first epoch and after each."""
    if by == "batch":
        return [FIRST_W] + train_batch(DATA, lr, FIRST_W)
    updates = train(DATA, lr, FIRST_W)
    return [FIRST_W] + [update.after for update in updates[len(DATA) - 1 :: len(DATA)]]


last_run = Last(run)


def draw(state):
    by, lr = state["by"], state["lr"]
    path = last_run(by, lr)
    each = factors_of(by, lr)
    shrink = product(each)
    kind, verdict = judge(shrink, each)
    return (
        '<div class="lf-charts lf-two">%s%s</div><p class="lf-product">%s</p>%s'
        '<p class="lf-verdict lf-%s">%s</p>'
        % (
            _factor(by, lr, shrink),
            _path(path, state["epochs"]),
            _product(by, each, shrink),
            words(_words(path, state["epochs"], shrink)),
            kind,
            verdict,
        )
    )


def press(state, what):
    return steps.press(state, what, "epochs", EPOCHS)


def tick(state):
    return press(state, "step")


def judge(shrink, each):
    """Return (class, sentence): where this rate leads, judged by its factors alone."""
    if abs(shrink) > 1:
        return "bad", "Diverges: each epoch makes the error larger."
    if abs(shrink) == 1:
        return "bad", "Stuck: each epoch leaves the error as large as it was."
    over = max([abs(one) for one in each]) > 1
    if shrink > 0.9:
        if over:
            return "slow", "Barely converges: what one update gains, another overshoots."
        return "slow", "Crawls: each epoch takes away less than a tenth of the error."
    if shrink < -0.9:
        return "slow", "Barely converges: w leaps across its goal, hardly nearer each time."
    if shrink < 0:
        return "good", "Converges, oscillating: w changes sides from epoch to epoch."
    if over:
        return "good", "Converges, although one update overshoots by more than it gains."
    return "good", "Converges."


def _factor(by, lr, shrink):
    """Return the factor against the rate: in the stripe between 1 and -1 it converges."""
    here = FACTOR.point(math.log10(lr), min(max(shrink, -HIGHEST), HIGHEST))
    inside = FACTOR.band(-1.0, 1.0) + curve_of[by](by) + FACTOR.dot(here, "value")
    said = "The factor of an epoch against the learning rate; at lr = %s it is %s."
    return FACTOR.draw(inside, "lr", "factor of an epoch", said % (show(lr), show(shrink)))


def _path(path, done):
    """Return w after each epoch, on its way to the goal or away from it."""
    places = PATH.places(enumerate(path))
    inside = (
        PATH.line(PATH.places([(0.0, GOAL), (EPOCHS, GOAL)]), "ink lf-thin")
        + PATH.line(places[done:], "faint")
        + PATH.line(places[: done + 1], "value")
        + PATH.dots(places[: done + 1], "value")
        + PATH.dot(places[done], "value")
    )
    said = "w after each epoch; its goal is 2, and after %d epochs it is %s."
    return PATH.draw(inside, "epochs", "w", said % (done, show(path[done])))


def _product(by, each, shrink):
    """Return the factor of an epoch as the product of those of its updates."""
    parts = ["(%s)" % out("factor:%d" % i, factor) for i, factor in enumerate(each)]
    if by == "batch":
        return "factor of an epoch: " + out("factor", shrink)
    return "factor of an epoch: %s = %s" % (" × ".join(parts), out("factor", shrink))


def _words(path, done, shrink):
    w = path[done]
    slope = out("slope", slope_of_mean(w), "downstream")
    if done == 0:
        return "Before the first epoch %s. The mean loss has the slope %s there. %s" % (
            equation("w", "w", w), slope, "Press Step, or Play."
        )  # fmt: skip
    before = path[done - 1] - GOAL
    return "After %s %s %s. Its error is %s × %s = %s. The mean loss has the slope %s there." % (
        out("epochs", done),
        "epoch" if done == 1 else "epochs",
        equation("w", "w", w),
        out("factor", shrink),
        ("(%s)" if before < 0 else "%s") % out("error:before", before),
        out("error", w - GOAL),
        slope,
    )
