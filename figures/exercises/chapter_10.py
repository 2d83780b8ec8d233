"""Chapter 10, trust but verify: steps, errors, kinks, and the gate that is wrong."""

from autograd import relu
from figures.difference import derivatives, difference, relative
from figures.exercises.kinds import Number, Pick


def error(how, bits, power):
    """Return the error of the difference of x³ at 1 with h = 10 to the `power`."""
    found = difference("cube", 1.0, how, bits, 10.0**power)
    return abs(found - derivatives("cube", 1.0)[1])


def best(how, bits):
    """Return the power of ten that is the best step for x³ at 1."""
    return min(range(-16, 0), key=lambda power: error(how, bits, power))


def shrinks(how):
    """Return by what the error is divided when h is, by ten."""
    return error(how, "64", -2) / error(how, "64", -3)


def central(x, h):
    """Return the central difference of relu."""
    return (relu(x + h) - relu(x - h)) / (2 * h)


EXERCISES = (
    Number(
        "10-1",
        "h is 10 to the power of",
        lambda: float(best("forward", "64")),
        (
            (lambda: -16.0, "There x + h is rounded to x, and the difference is 0."),
            (lambda: -best("forward", "64"), "The size is right; but h is small, not large."),
            (lambda: float(best("forward", "32")), "That is the best one for floats of 32 bits."),
            (
                lambda: float(best("central", "64")),
                "That is the best one for the central difference. Choose the forward one.",
            ),
        ),
        "Half of the digits of a float go to the step, and half are left for the difference.",
    ),
    Number(
        "10-2",
        "It is divided by",
        lambda: shrinks("central"),
        (
            (lambda: shrinks("forward"), "So it is with the forward difference."),
            (lambda: 2 * shrinks("forward"), "h² does not become 20 times smaller."),
            (lambda: shrinks("forward") ** 3, "Its truncation error goes as h², not as h³."),
        ),
        "h/10 squared is h²/100.",
        tolerance=0.01,
    ),
    Number(
        "10-3",
        "The difference is",
        lambda: central(0.001, 0.004),
        (
            (lambda: 1.0, "That is the derivative. But at 0.001 - 0.004, relu is 0."),
            (lambda: central(0.0, 0.004), "So it would be at 0 itself."),
            (lambda: 2 * central(0.001, 0.004), "From x - h to x + h it is 2h: divide by that."),
            (lambda: 1 - central(0.001, 0.004), "You have the part that is missing."),
        ),
        "(0.005 - 0)/0.008: five eighths of the step are on the side where relu rises.",
    ),
    Number(
        "10-4",
        "relative error =",
        lambda: relative(-8.0, -7.84),
        (
            (lambda: 0.16, "That is the error itself. Divide it by the larger of the two sizes."),
            (
                lambda: 0.16 / (8.0 + 7.84),
                "Divide by the larger of the two sizes, not by their sum.",
            ),
            (lambda: -relative(-8.0, -7.84), "An error is counted without its sign."),
        ),
        "0.16/8, two in a hundred: no rounding makes so much.",
    ),
    Pick(
        "10-5",
        "The wrong gate of engine C is",
        "r",
        (
            ("p", "p = x · w", "A wrong product would spoil the gradient of x as well."),
            ("a", "a = tanh z", "b and x get their gradients through it, and they are right."),
            ("s", "s = a - y", "Then y or all the others would be wrong."),
            (
                "r",
                "r = w²",
                "It is on the way of w alone; it says w where 2w is right.",
            ),
            ("loss", "loss = q + r", "It sends to q, and all that q sends on is right."),
        ),
    ),
    Pick(
        "10-6",
        "With x = w, the check would pass for",
        "d",
        (
            ("a", "engine A", "Its tanh uses z for tanh z; that x is w does not mend it."),
            ("b", "engine B", "The sign of y is wrong wherever you look."),
            ("c", "engine C", "The 2 of its square is missing, whatever w is."),
            (
                "d",
                "engine D",
                "Its product sends to each input that input's own value: the same, if they are.",
            ),
        ),
    ),
)
