"""Chapter 6, from Variable to tensor: the lecture's 4-5, backward twice, None, half detached."""

from autograd import Variable, graph
from figures.exercises.kinds import Number, Pick


def model():
    """Return the graph of the lecture's exercise 4-5."""
    x = Variable(2.0, requires_grad=True, name="x")
    w1 = Variable(1.0, requires_grad=True, name="w1")
    w2 = Variable(1.0, requires_grad=True, name="w2")
    b = Variable(1.0, requires_grad=True, name="b")
    return graph((x**2 * w2 + x * w1 + b - 4.0) ** 2)


def gradient(name):
    return model().node(name).grad


def through(first):
    """Return what reaches x through the operation `first` alone."""
    recorded = model()
    return sum([p.product for p in recorded.paths("x") if p.edges[0].target.op == first])


def twice(rounds=2):
    """Return w.grad after rounds of forward and backward, without zeroing."""
    w = Variable(1.0, requires_grad=True)
    for _ in range(rounds):
        ((2.0 * w - 4.0) ** 2).backward()
    return w.grad.item()


def product(detached):
    """Return w.grad of w·w at 3, its second factor detached or not."""
    w = Variable(3.0, requires_grad=True)
    (w * (w.detach() if detached else w)).backward()
    return w.grad.item()


EXERCISES = (
    Number(
        "4-5",
        "w2.grad =",
        lambda: gradient("w2"),
        (
            (
                lambda: gradient("w1"),
                "That is w1.grad (before w2 stands x²), or the 2 of the square is missing.",
            ),
            (lambda: gradient("b"), "That is b.grad, 2s: the factor x² is missing."),
            (lambda: gradient("x"), "That is x.grad."),
        ),
        "2s · x² with s = 3; w1.grad is 12 and b.grad 6.",
    ),
    Number(
        "6-1",
        "x.grad =",
        lambda: gradient("x"),
        (
            (
                lambda: through("pow"),
                "You overwrote instead of adding: that came through x² w2 alone.",
            ),
            (
                lambda: through("mul"),
                "You overwrote instead of adding: that came through x w1 alone.",
            ),
            (lambda: gradient("x") / 2, "The 2 of the square is missing."),
            (
                lambda: gradient("b") * (2.0 + 1.0),
                "Through x² comes 2x, not x: it is itself a product in which x stands twice.",
            ),
        ),
        "24 through x² w2 and 6 through x w1.",
    ),
    Number(
        "6-2",
        "w.grad =",
        twice,
        (
            (
                lambda: twice(1),
                "That is one backward. The second adds to what is there: nothing was zeroed.",
            ),
            (lambda: -twice(), "The size is right, the sign is not: the prediction is too low."),
            (lambda: twice(1) ** 2, "The second gradient is added to the first, not multiplied."),
            (lambda: 0.0, "Nothing sets it to zero but zero_()."),
        ),
        "-8, and -8 added to it.",
    ),
    Pick(
        "6-3",
        "Which are None?",
        "x and y_hat",
        (
            (
                "all",
                "x.grad, w.grad, b.grad and y_hat.grad",
                "A gradient of 0 is a number: w and b have it.",
            ),
            (
                "x",
                "x.grad alone",
                "One is missing: y_hat is no leaf, so its gradient is used, not kept.",
            ),
            ("y_hat", "y_hat.grad alone", "One is missing: x did not ask for a gradient."),
            (
                "x and y_hat",
                "x.grad and y_hat.grad",
                "x requires none, and y_hat is no leaf. w.grad and b.grad are 0.",
            ),
            (
                "w and b",
                "w.grad and b.grad",
                "Those two are the only ones filled: with 0, as the loss is at its lowest.",
            ),
        ),
    ),
    Number(
        "6-4",
        "w.grad =",
        lambda: product(True),
        (
            (lambda: product(False), "That is w·w. The detached factor sends nothing back to w."),
            (lambda: 9.0, "That is the value of the product."),
            (lambda: 0.0, "Only one factor is detached; the other still leads to w."),
        ),
        "The local gradient is the value of the other factor, detached or not.",
    ),
)
