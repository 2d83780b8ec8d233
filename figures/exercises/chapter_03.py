"""Chapter 3, a chain of gates: the lecture's two examples, and where the gradient is zero."""

from autograd import Variable
from figures.exercises.kinds import Expression, Number


def gradient(x, y, w):
    """Return d loss / d w of the chapter's loss."""
    w = Variable(w, requires_grad=True)
    ((x * w - y) ** 2).backward()
    return w.grad.item()


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
                lambda: (1.0 * 1.0 - 2.0) * 1.0,
                "The square is missing: its local gradient is 2s, not s.",
            ),
            (
                lambda: (1.0 * 1.0 - 2.0) ** 2,
                "That is the loss. Asked for is how it answers to w.",
            ),
        ),
        "2s · 1 · x with s = -1 and x = 1.",
    ),
    Number(
        "3-2",
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
            (
                lambda: (2.0 * 1.0 - 4.0) ** 2,
                "That is the loss. Asked for is how it answers to w.",
            ),
        ),
        "2s · 1 · x with s = -2 and x = 2: the exercise 4-1 of the lecture.",
    ),
    Expression(
        "3-3",
        "w =",
        ("x", "y"),
        lambda x, y: y / x,
        (
            (lambda x, y: x / y, "Upside down: solve x·w = y for w."),
            (lambda x, y: y, "That is the goal of ŷ. Which w makes x·w reach it?"),
            (lambda x, y: 0.0, "A factor has to be zero, and w itself is not among the factors."),
        ),
        "The factor 2s is zero where x·w = y.",
    ),
)
