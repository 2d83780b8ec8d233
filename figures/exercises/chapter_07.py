"""Chapter 7, the training loop: its first log lines, its two kinds of progress, its closed form."""

from figures.exercises.kinds import Expression, Number
from figures.parts.model import DATA, factors, line, loss, train

UPDATES = train(DATA, 0.01, 1.0)
FORGOT = train(DATA, 0.01, 1.0, zero=False)
FROM_THE_START = [train((sample,), 0.01, 1.0)[0] for sample in DATA]  # w never moved before


def later(update):
    """Return the loss of an update's sample after it."""
    return loss(update.x, update.y, update.after)


def shrink():
    """Return by what an epoch multiplies the distance from the goal."""
    first, second, third = factors([line(x, y) for x, y in DATA], 0.01)
    return first * second * third


def epochs_until(distance):
    """Return after how many epochs w is less than `distance` from its goal."""
    epochs = 0
    while shrink() ** epochs >= distance:
        epochs += 1
    return float(epochs)


EXERCISES = (
    Number(
        "7-1",
        "second gradient =",
        lambda: UPDATES[1].grad,
        (
            (
                lambda: FORGOT[1].grad,
                "You added the first sample's gradient: it was zeroed in between.",
            ),
            (
                lambda: FROM_THE_START[1].grad,
                "That is with w = 1. The first sample's update has already raised it.",
            ),
            (lambda: -UPDATES[1].grad, "The sign: the prediction is still too low."),
        ),
        "w is 1.02 by then: 2 · 2 · (2 · 1.02 - 4).",
    ),
    Number(
        "7-2",
        "third gradient =",
        lambda: UPDATES[2].grad,
        (
            (lambda: FORGOT[2].grad, "Nothing was zeroed in that: it holds all three gradients."),
            (
                lambda: FROM_THE_START[2].grad,
                "That is with w = 1. Two updates have raised it by now.",
            ),
            (lambda: -UPDATES[2].grad, "The sign: the prediction is still too low."),
        ),
        "w is 1.0984 by then: 2 · 3 · (3 · 1.0984 - 6).",
        tolerance=0.0001,
    ),
    Number(
        "7-3",
        "first progress =",
        lambda: later(UPDATES[2]),
        (
            (
                lambda: UPDATES[2].loss,
                "That is the loss before the update, as in the lecture's program.",
            ),
            (
                lambda: sum([loss(x, y, UPDATES[2].after) for x, y in DATA]) / 3,
                "That is the mean over all samples. The log shows the last sample's loss alone.",
            ),
        ),
        "w is 1.260688 after the third update: (3 · 1.260688 - 6)².",
    ),
    Expression(
        "7-4",
        "w after k epochs =",
        ("k",),
        lambda k: 2 - shrink() ** k,
        (
            (lambda k: shrink() ** k, "That is how far w is below its goal."),
            (lambda k: 2 + shrink() ** k, "The sign: w starts at 1, below its goal."),
            (lambda k: 1 - shrink() ** k, "w goes from 1 to 2, not from 0 to 1."),
            (lambda k: 2 - shrink() * k, "Each epoch multiplies: k epochs make a power."),
        ),
        "It starts 1 below the goal, and each epoch multiplies the distance by 0.739312.",
        tolerance=1e-5,
        shown="2 - 0.739312**k",
    ),
    Number(
        "7-5",
        "epochs:",
        lambda: epochs_until(0.001),
        (
            (lambda: 3 * epochs_until(0.001), "Those are updates. An epoch has three of them."),
            (
                lambda: epochs_until(0.001) - 1,
                "Nearly: after that many epochs the distance is still a little more.",
            ),
            (
                lambda: epochs_until(0.01),
                "That is for a distance of 0.01, ten times as much.",
            ),
            (
                lambda: epochs_until(0.001 / 2),
                "At the start w is 1 away from its goal, not 2.",
            ),
        ),
        "0.739312 to the power of 23 is just below 0.001.",
    ),
)
