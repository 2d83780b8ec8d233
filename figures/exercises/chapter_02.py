"""Chapter 2, the gate: what a product, a sum, a maximum and a difference hand on, and one riddle.

All but the riddle stand at the lecture's x = 2, y = 3, with 5 arriving.
"""

from autograd import Variable, maximum
from figures.exercises.kinds import Number


def gradients(gate, upstream=5.0):
    """Return (dL/dx, dL/dy) of a gate at x = 2, y = 3."""
    x, y = Variable(2.0, requires_grad=True), Variable(3.0, requires_grad=True)
    gate(x, y).backward(upstream)
    return x.grad.item(), y.grad.item()


def product(x, y):
    return x * y


def total(x, y):
    return x + y


def difference(x, y):
    return x - y


LOCAL = "That is the local gradient. Multiply it by what arrives."
UPSTREAM = "That is what arrives. Multiply it by the local gradient."
SHARED = "A sum does not share out what arrives: each input gets all of it."
SWITCH = "Nothing is shared out: the larger input gets all of what arrives."


def of_product(key, at):
    """Return the exercise on the first (`at` 0) or second (1) input of the product."""
    name, other = "xy"[at], "yx"[at]
    return Number(
        key,
        "∂L/∂%s =" % name,
        lambda: gradients(product)[at],
        (
            (lambda: gradients(product, 1.0)[at], LOCAL),
            (
                lambda: gradients(product)[1 - at],
                "That is ∂L/∂%s. For %s the local gradient is %s." % (other, name, other),
            ),
            (lambda: 5.0, UPSTREAM),
        ),
        "5 × %s = 5 × %g." % (other, gradients(product, 1.0)[at]),
    )


def of_sum(key, at):
    """Return the exercise on the first (`at` 0) or second (1) input of the sum."""
    return Number(
        key,
        "∂L/∂%s =" % "xy"[at],
        lambda: gradients(total)[at],
        (
            (lambda: gradients(total, 1.0)[at], LOCAL),
            (lambda: gradients(total)[at] / 2, SHARED),
            (
                lambda: gradients(product)[at],
                "That is the product's. The local gradient here is 1.",
            ),
        ),
        "5 × 1, the same for both.",
    )


EXERCISES = (
    of_product("2-1", 0),
    of_product("2-2", 1),
    of_sum("2-3", 0),
    of_sum("2-4", 1),
    Number(
        "2-5",
        "∂L/∂x =",
        lambda: gradients(maximum)[0],
        (
            (lambda: gradients(maximum)[1], "That is what y gets: y is the larger."),
            (lambda: gradients(maximum)[1] / 2, SWITCH),
        ),
        "x is the smaller: a small change of it changes nothing.",
    ),
    Number(
        "2-6",
        "∂L/∂y =",
        lambda: gradients(maximum)[1],
        (
            (lambda: gradients(maximum)[0], "That is what x gets: x is the smaller."),
            (lambda: gradients(maximum)[1] / 2, SWITCH),
            (lambda: gradients(maximum, 1.0)[1], LOCAL),
            (lambda: 3.0, "That is the value of y. The output follows it at rate 1."),
        ),
        "5 × 1: the output follows y.",
    ),
    Number(
        "2-7",
        "∂L/∂y =",
        lambda: gradients(difference)[1],
        (
            (lambda: gradients(difference)[0], "That is ∂L/∂x. If y grows, x - y shrinks."),
            (lambda: gradients(difference, 1.0)[1], LOCAL),
        ),
        "5 × (-1): the sign is turned.",
    ),
    Number(
        "2-8",
        "the other input:",
        lambda: 12.0 / 3.0,
        (
            (lambda: 12.0 * 3.0, "You multiplied. But 12 is the product already: 3 × ? = 12."),
            (lambda: 3.0 / 12.0, "Upside down: 3 × ? = 12."),
            (lambda: 12.0, "That is the downstream gradient. What is the local one?"),
            (lambda: 12.0 - 3.0, "The rates multiply, they do not add: 3 × ? = 12."),
        ),
        "12 / 3 is the local gradient, and that of a product is its other input.",
    ),
)
