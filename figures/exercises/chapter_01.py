"""Chapter 1, why gradients: the mean loss at three weights, a gradient, its sign, the price."""

from figures.exercises.kinds import Number, Pick
from figures.parts.model import DATA, loss, mean_loss, value_and_slope


def total(w):
    """Return the sum of the losses, where their mean is asked for."""
    return 3 * mean_loss(DATA, w)


def misses(w):
    """Return the mean of the misses, not squared."""
    return sum([x * w - y for x, y in DATA]) / 3


def added(w):
    """Return the mean loss of a model that adds w to x."""
    return sum([(x + w - y) ** 2 for x, y in DATA]) / 3


def slope(x, y, w):
    return value_and_slope(lambda w: loss(x, y, w), w)[1]


def mean_loss_at(key, w, *mistakes):
    return Number(
        key,
        "mean loss at w = %g:" % w,
        lambda: mean_loss(DATA, w),
        mistakes + ((lambda: added(w), "The model multiplies x by w; you added w to it."),),
        "The misses are %s, their squares %s."
        % (
            ", ".join(["%g" % (x * w - y) for x, y in DATA]),
            ", ".join(["%g" % (x * w - y) ** 2 for x, y in DATA]),
        ),
    )


def of_misses(w):
    """Return the mistakes that can be made wherever there are misses."""
    unsquared = "Square each miss before you take the mean."
    return (
        (lambda: total(w), "That is the sum of the three losses. Divide it by their number."),
        (lambda: misses(w), unsquared),
        (lambda: -misses(w), unsquared),
    )


EXERCISES = (
    mean_loss_at("1-1", 0.0, *of_misses(0.0)),
    mean_loss_at("1-2", 1.0, *of_misses(1.0)),
    mean_loss_at(
        "1-3", 2.0, (lambda: 2.0, "That is the weight. How much is left of the misses there?")
    ),
    Number(
        "1-4",
        "dloss/dw =",
        lambda: slope(2.0, 4.0, 1.0),
        (
            (lambda: -slope(2.0, 4.0, 1.0), "The sign: x·w - y is 2 - 4, and that is negative."),
            (
                lambda: slope(2.0, 4.0, 1.0) / 2.0,
                "Half of it: a 2 is missing, from the square or from x.",
            ),
            (lambda: loss(2.0, 4.0, 1.0), "That is the loss itself."),
        ),
        "2 · (x·w - y) · x = 2 · (-2) · 2.",
    ),
    Pick(
        "1-5",
        "At some w the derivative of the loss is -3. What is certain?",
        "raise",
        (
            (
                "raise",
                "A slightly larger w makes the loss smaller.",
                "The loss changes by about -3 times the nudge.",
            ),
            (
                "lower",
                "A slightly smaller w makes the loss smaller.",
                "The other way round: with a derivative of -3, a nudge upward makes the loss fall.",
            ),
            (
                "negative",
                "The loss is negative.",
                "Squares are never negative. The derivative is about a change of the loss.",
            ),
            (
                "three",
                "w is 3 too small.",
                "The slope does not say how far it is to the bottom; that also depends on how "
                "sharply the curve bends.",
            ),
        ),
    ),
    Number(
        "1-6",
        "runs:",
        lambda: 1.0 + 1000.0,
        (
            (
                lambda: 1000.0,
                "Nearly. A change is a difference: you also need the loss with nothing nudged.",
            ),
            (
                lambda: 2000.0,
                "The run with nothing nudged serves all the weights; it is needed only once.",
            ),
            (lambda: 2.0, "That is for one weight. Each has to be nudged by itself."),
        ),
        "One with each weight nudged, and one with none.",
        tolerance=1e-9,
    ),
)
