"""Chapter 2, the gate: a product, a sum and a maximum, each at x = 2, y = 3 with 5 arriving."""

from autograd import Variable, maximum
from figures.exercises.kinds import Number


def gradients(gate, upstream=5.0):
    """Return (dL/dx, dL/dy) of a gate at x = 2, y = 3."""
    x, y = Variable(2.0, requires_grad=True), Variable(3.0, requires_grad=True)
    gate(x, y).backward(upstream)
    return x.grad.item(), y.grad.item()


def product(x, y):
    return x * y


EXERCISES = (
    Number(
        "2-1",
        "dL/dx =",
        lambda: gradients(product)[0],
        (
            (lambda: gradients(product, 1.0)[0], "That is the local gradient. Times upstream!"),
            (lambda: gradients(product)[1], "That is dL/dy. A product hands x the other input, y."),
            (lambda: 5.0, "That is what arrives. Multiply it by the local gradient."),
        ),
        "5 × y = 5 × 3.",
    ),
    Number(
        "2-2",
        "dL/dy =",
        lambda: gradients(product)[1],
        (
            (lambda: gradients(product, 1.0)[1], "That is the local gradient. Times upstream!"),
            (lambda: gradients(product)[0], "That is dL/dx. A product hands y the other input, x."),
            (lambda: 5.0, "That is what arrives. Multiply it by the local gradient."),
        ),
        "5 × x = 5 × 2.",
    ),
    Number(
        "2-3",
        "dL/dx of x + y =",
        lambda: gradients(lambda x, y: x + y)[0],
        (
            (lambda: 1.0, "That is the local gradient. Times upstream!"),
            (lambda: 2.5, "A sum does not share out what arrives: each input gets all of it."),
            (lambda: gradients(product)[0], "That is the product's. The local gradient here is 1."),
        ),
        "5 × 1, and the same for y.",
    ),
    Number(
        "2-4",
        "dL/dx of max(x, y) =",
        lambda: gradients(maximum)[0],
        (
            (lambda: gradients(maximum)[1], "That is what y gets: y is the larger."),
            (lambda: 2.5, "The gradient is not shared out: the larger input gets all of it."),
        ),
        "x is the smaller: a small change of it changes nothing.",
    ),
)
