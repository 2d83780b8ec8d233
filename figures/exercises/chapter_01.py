"""Chapter 1, why gradients: the mean loss at three weights, a gradient, and what its sign says."""

from figures.exercises.kinds import Number, Pick
from figures.parts.model import DATA, loss, mean_loss, value_and_slope


def total(w):
    """Return the sum of the losses, where their mean is asked for."""
    return 3 * mean_loss(DATA, w)


def misses(w):
    """Return the mean of the misses, not squared."""
    return sum([x * w - y for x, y in DATA]) / 3


def slope(x, y, w):
    return value_and_slope(lambda w: loss(x, y, w), w)[1]


def mean_loss_at(key, w):
    return Number(
        key,
        "mean loss at w = %g:" % w,
        lambda: mean_loss(DATA, w),
        (
            (lambda: total(w), "That is the sum of the three losses. Divide it by their number."),
            (lambda: misses(w), "Square each miss before you take the mean."),
            (lambda: -misses(w), "Square each miss before you take the mean."),
        ),
        "The misses are %s, their squares %s."
        % (
            ", ".join(["%g" % (x * w - y) for x, y in DATA]),
            ", ".join(["%g" % (x * w - y) ** 2 for x, y in DATA]),
        ),
    )


EXERCISES = (
    mean_loss_at("1-1", 0.0),
    mean_loss_at("1-2", 1.0),
    Number(
        "1-3",
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
        "1-4",
        "At some w the derivative of the loss is -3. What is sure?",
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
                "The other way round: with a derivative of -3, a nudge upwards makes it fall.",
            ),
            (
                "negative",
                "The loss is negative.",
                "Squares are never negative. The derivative tells of a change of the loss.",
            ),
            (
                "three",
                "w is 3 too small.",
                "How far it is to the bottom, the slope alone does not say: near the bottom it is "
                "small, and it also depends on how steep the valley is.",
            ),
        ),
    ),
)
