"""Chapter 5, build an autograd: a rule for tanh, a planted bug, the backward pass over arrays."""

from autograd.rules import RULES
from figures.exercises.kinds import Expression, Number, Pick
from figures.parts.model import DATA, mean_loss, value_and_slope


def slope_of_mean(w):
    return value_and_slope(lambda w: mean_loss(DATA, w), w)[1]


def slope_of_tanh(z):
    """Return the derivative of tanh where its value is z, by the engine's own rule."""
    return RULES["tanh"].partials[0](0.0, z)  # the rule looks at z alone


EXERCISES = (
    Expression(
        "5-1",
        "local derivative =",
        ("z",),
        lambda z: slope_of_tanh(z),
        (
            (lambda z: 1 - z, "Nearly: z is to be squared."),
            (lambda z: z * z - 1, "The sign: tanh rises everywhere."),
            (lambda z: z * (1 - z), "That is the rule of the sigmoid."),
            (lambda z: 1.0, "That is only so at zero, where tanh is steepest."),
        ),
        "1 - tanh²(x), and tanh(x) is z, which the node has stored.",
    ),
    Pick(
        "5-2",
        "Which line is wrong?",
        "accumulate",
        (
            ("seed", "result.grad = 1.0", "No: the result does answer to itself at rate 1."),
            (
                "order",
                "for node in reversed(order(result)):",
                "No: from the result to the leaves is right.",
            ),
            (
                "product",
                "... = node.grad * local",
                "No: downstream is upstream times local.",
            ),
            (
                "accumulate",
                "parent.grad = ...",
                "It overwrites: a node that is used twice keeps only what came last. Write +=.",
            ),
        ),
    ),
    Number(
        "5-3",
        "dloss/dw =",
        lambda: slope_of_mean(1.0),
        (
            (lambda: 3 * slope_of_mean(1.0), "The mean hands each sample a third of the gradient."),
            (lambda: -slope_of_mean(1.0), "The sign: x·w - y, in this order."),
            (lambda: slope_of_mean(1.0) / 2, "The square's local gradient is 2s."),
        ),
        "The sum of 2·s·x over the samples, divided by three.",
    ),
)
