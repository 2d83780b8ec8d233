"""Chapter 8, the learning rate: where the loop diverges, and where it is done in one step."""

from figures.exercises.kinds import Number, Pick
from figures.parts.model import mean_loss, value_and_slope
from figures.rate import factors_of, product


def factor(by, lr):
    return product(factors_of(by, lr))


def limit(by):
    """Return the rate at which the factor of an epoch first leaves -1 .. 1, by bisection."""
    low, high = 0.01, 0.3  # converges, diverges
    for _ in range(50):
        middle = (low + high) / 2
        if abs(factor(by, middle)) < 1:
            low = middle
        else:
            high = middle
    return low


def exact():
    """Return the rate at which the factor of the mean is 0: the factor is a straight line in lr."""
    return 1 / (1 - factor("batch", 1.0))


OTHERS = ((1.0, 2.0), (2.0, 4.0), (2.0, 4.0))


def steepness(samples):
    """Return how the slope of the mean loss grows with w."""
    slopes = [value_and_slope(lambda w: mean_loss(samples, w), at)[1] for at in (0.0, 1.0)]
    return slopes[1] - slopes[0]


EXERCISES = (
    Number(
        "8-1",
        "lr =",
        lambda: exact(),
        (
            (lambda: limit("batch"), "There the factor is -1. Asked for is where it is 0."),
            (lambda: exact() / 3, "The loss is the mean of three: divide its slope by 3."),
            (
                lambda: 1 / 18.0,
                "That is for the third sample alone. Take the mean over all three.",
            ),
        ),
        "1 - lr · 28/3 = 0.",
        tolerance=0.002,
    ),
    Number(
        "8-2",
        "lr =",
        lambda: limit("batch"),
        (
            (lambda: exact(), "There the factor is 0: it could not converge faster."),
            (
                lambda: limit("sample"),
                "That is the limit when each sample has an update of its own.",
            ),
            (lambda: limit("batch") / 3, "The loss is the mean of three: divide its slope by 3."),
        ),
        "1 - lr · 28/3 = -1.",
        tolerance=0.002,
    ),
    Number(
        "8-3",
        "lr =",
        lambda: limit("sample"),
        (
            (
                lambda: 2 / 18.0,
                "There the third sample's own factor is -1. The first two still shrink the error.",
            ),
            (lambda: limit("batch"), "That is the limit for the mean of all samples."),
        ),
        "Below it the product of the three factors is smaller than 1 in size.",
        tolerance=0.002,
    ),
    Pick(
        "8-4",
        "And at lr = 0.5, far above that limit?",
        "converges",
        (
            ("diverges", "It diverges: it is larger than the limit.", "Compute the three factors."),
            (
                "converges",
                "It converges.",
                "The first factor is 1 - 2 · 0.5 = 0: the first sample alone brings w to its goal.",
            ),
            (
                "stuck",
                "It jumps to and fro between two values.",
                "That would be a factor of -1. Compute the three factors.",
            ),
        ),
    ),
    Number(
        "8-5",
        "lr =",
        lambda: 2 / steepness(OTHERS),
        (
            (lambda: 1 / steepness(OTHERS), "There the factor is 0. Asked for is where it is -1."),
            (
                lambda: 2 / steepness(OTHERS) / 3,
                "The loss is the mean of three: divide the sum of the slopes by 3.",
            ),
            (lambda: limit("batch"), "That is for x = 1, 2, 3. Work out the new steepness."),
        ),
        "The steepness is (2 + 8 + 8)/3, and the limit 2 over that.",
        tolerance=0.002,
    ),
)
