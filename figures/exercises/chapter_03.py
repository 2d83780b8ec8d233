"""Chapter 3, a chain of gates: the lecture's two examples, a step, a flat place, a change.

The lecture numbers its exercises 4-1 to 4-5; they keep their numbers as keys, wherever they stand.
"""

from autograd import Variable
from figures.exercises.kinds import Expression, Number


def loss(x, y, w):
    return (x * w - y) ** 2


def gradient(x, y, w):
    """Return d loss / d w of the chapter's loss."""
    w = Variable(w, requires_grad=True)
    loss(x, y, w).backward()
    return w.grad.item()


def step(x, y, w, lr):
    """Return w after it went against its gradient, `lr` times as far."""
    return w - lr * gradient(x, y, w)


LOSS = "That is the loss. Asked for is how it answers to w."

EXERCISES = (
    Number(
        "3-1",
        "∂loss/∂w =",
        lambda: gradient(1.0, 2.0, 1.0),
        (
            (
                lambda: -gradient(1.0, 2.0, 1.0),
                "The size is right, the sign is not: s = ŷ - y, and ŷ is the smaller.",
            ),
            (
                lambda: gradient(1.0, 2.0, 1.0) / 2.0,
                "The square is missing: its local gradient is 2s, not s.",
            ),
            (lambda: loss(1.0, 2.0, 1.0), LOSS),
        ),
        "2s · 1 · x with s = -1 and x = 1.",
    ),
    Number(
        "3-2",
        "w after the step:",
        lambda: step(1.0, 2.0, 1.0, 0.1),
        (
            (
                lambda: step(1.0, 2.0, 1.0, -0.1),
                "The sign: to subtract a negative number is to add. On which side does the loss "
                "fall?",
            ),
            (lambda: step(1.0, 2.0, 1.0, 0.1) - 1.0, "That is the step. Where does it start?"),
            (
                lambda: step(1.0, 2.0, 1.0, 1.0),
                "That is a step of the whole gradient. Take a tenth of it.",
            ),
        ),
        "1 - 0.1 · (-2): up, towards the 2 at which the prediction is right.",
    ),
    Number(
        "4-1",
        "∂loss/∂w =",
        lambda: gradient(2.0, 4.0, 1.0),
        (
            (
                lambda: -gradient(2.0, 4.0, 1.0),
                "The size is right, the sign is not: the prediction is too low, so s is negative.",
            ),
            (
                lambda: gradient(2.0, 4.0, 1.0) / 2.0,
                "Half of it: either the 2 of the square is missing, or the x at the end.",
            ),
            (lambda: loss(2.0, 4.0, 1.0), LOSS),
        ),
        "2s · 1 · x with s = -2 and x = 2.",
    ),
    Expression(
        "3-3",
        "w =",
        ("x", "y"),
        lambda x, y: y / x,
        (
            (lambda x, y: x / y, "Upside down: solve x·w = y for w."),
            (lambda x, y: y, "That is what ŷ should be. Which w makes x·w reach it?"),
            (lambda x, y: 0.0, "A factor has to be zero, and w itself is not among the factors."),
        ),
        "The factor 2s is zero where x·w = y.",
        shown="y / x",
    ),
    Number(
        "3-4",
        "the change of w:",
        lambda: -0.04 / gradient(2.0, 4.0, 1.0),
        (
            (
                lambda: 0.04 / gradient(2.0, 4.0, 1.0),
                "The size is right. But the loss should fall: which way does w have to go?",
            ),
            (
                lambda: -0.04 * gradient(2.0, 4.0, 1.0),
                "You multiplied: -8 is the change of the loss for each unit of w, so divide by it.",
            ),
            (
                lambda: 0.04 * gradient(2.0, 4.0, 1.0),
                "You multiplied: -8 is the change of the loss for each unit of w, so divide by it.",
            ),
        ),
        "-0.04 / -8: the gradient is loss per w, not w per loss.",
    ),
)
