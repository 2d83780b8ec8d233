"""Chapter 13, a real network: Mazur's weights, factors of a quarter, what revives the dead."""

from autograd import Variable, relu, sigmoid
from figures.exercises.kinds import Number, Pick
from figures.mazur import TARGETS, WEIGHTS, learn
from figures.parts.last import Last

LR = 0.5
in_order = Last(lambda: learn(LR, False))
too_early = Last(lambda: learn(LR, True))


def gradient(k):
    """Return the gradient of Mazur's weight w1 to w8."""
    return in_order()[2][(k - 1) // 4].numbers[(k - 1) % 4]


def moved(k, gradient):
    """Return that weight after the update by a gradient."""
    rows = WEIGHTS[(k - 1) // 4]
    return (rows[0] + rows[1])[(k - 1) % 4] - LR * gradient


def without_slope():
    """Return the gradient of w5 that lacks the slope of the output's sigmoid."""
    model = in_order()[0]
    error = model.outputs.value.numbers[0] - TARGETS[0][0]
    return error * model.hidden.value.numbers[0]


def slopes(count, z=0.0):
    """Return the derivative of so many sigmoids, one after the other, each with the sum `z`."""
    product = 1.0
    for _ in range(count):
        x = Variable(z, requires_grad=True)
        sigmoid(x).backward()
        product *= x.grad.item()
    return product


SAMPLES = ((0.5, 1.0), (1.0, 2.0), (-1.0, 0.5))
SUMS = [1.0 * x1 - 2.0 * x2 for x1, x2 in SAMPLES]


def alive(bias):
    """Return for how many samples a gradient comes back through the neuron of exercise 13-4."""
    total = 0.0
    for z in SUMS:
        x = Variable(z + bias, requires_grad=True)
        relu(x).backward()
        total += x.grad.item()
    return total


EXERCISES = (
    Number(
        "13-1",
        "new w₅:",
        lambda: moved(5, gradient(5)),
        (
            (lambda: gradient(5), "That is its gradient. Now the update: w₅ - 0.5 · gradient."),
            (lambda: moved(5, -gradient(5)), "The sign: the gradient is subtracted."),
            (
                lambda: moved(5, without_slope()),
                "The slope of the output's sigmoid is missing: o₁ (1 - o₁).",
            ),
            (lambda: moved(5, gradient(5) / LR), "That is with lr = 1; here it is 0.5."),
            (lambda: moved(5, gradient(6)), "That uses h₂. w₅ multiplies h₁."),
        ),
        "0.4 - 0.5 · 0.0822: the output is too high, so the weight falls.",
        tolerance=0.0001,
    ),
    Number(
        "13-2",
        "loss after one update:",
        lambda: in_order()[4],
        (
            (
                lambda: too_early()[4],
                "That is the published number. It updates w₅ to w₈ before the hidden layer has its "
                "gradients.",
            ),
            (lambda: in_order()[1], "That is the loss before the update."),
        ),
        "All eight gradients belong to the old weights.",
        tolerance=1e-8,
    ),
    Number(
        "13-3",
        "at most:",
        lambda: slopes(10),
        (
            (lambda: 10 * slopes(1), "That is a sum. Along a chain rates multiply."),
            (lambda: slopes(9), "That is one factor too few."),
            (lambda: slopes(11), "That is one factor too many."),
            (
                lambda: 0.5**10,
                "0.5 is the sigmoid's value at 0. Its slope there is 0.5 · (1 - 0.5).",
            ),
        ),
        "Less than a millionth is left.",
        least=0.0,
    ),
    Number(
        "13-4",
        "the bias must be above:",
        lambda: -max(SUMS),
        (
            (lambda: -min(SUMS), "That lets all samples through. One is enough."),
            (lambda: max(SUMS), "The sign: the bias has to lift a negative sum above 0."),
            (lambda: 0.0, "With a bias of 0 all three sums are still negative."),
        ),
        "Above that, one sample gets through, and one is enough to learn from.",
    ),
    Pick(
        "13-5",
        "What brings it back?",
        "again",
        (
            (
                "longer",
                "train it longer",
                "Every update subtracts lr times zero. However many there are, nothing moves.",
            ),
            (
                "slower",
                "go on with a smaller learning rate",
                "A smaller rate times a gradient of zero is zero as well. It comes too late.",
            ),
            (
                "faster",
                "go on with a larger learning rate",
                "A larger rate times a gradient of zero is zero as well.",
            ),
            (
                "again",
                "begin again, with a smaller learning rate from the start",
                "No step is so long that it throws all sums below 0.",
            ),
        ),
    ),
    Pick(
        "13-6",
        "How many different features can the hidden layer have?",
        "one",
        (
            (
                "eight",
                "eight, once the random batches have made them different",
                "All neurons of a layer see the same batch: equal neurons get equal gradients.",
            ),
            (
                "one",
                "one",
                "Equal weights get equal gradients, so they stay equal for ever.",
            ),
            (
                "none",
                "none: no weight ever moves",
                "That is so if all weights are 0. Here the gradients are not zero, only equal.",
            ),
        ),
    ),
)
