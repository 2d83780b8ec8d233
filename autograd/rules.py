"""The elementwise operations: for each its value and its partial derivatives, one row each.

A row is written once and serves Python floats, NumPy arrays, and, where a derivative is itself to
be differentiated, Variables. To that end the functions that the rows call (`exp`, `over`, ...) take
all three; for floats they answer as IEEE 754 does, with infinity or nan where Python would raise.
"""

import math

try:
    from operator import add, mul, sub
except ImportError:  # MicroPython's operator has no arithmetic

    def add(x, y):  # type: ignore[no-untyped-def]
        return x + y

    def mul(x, y):  # type: ignore[no-untyped-def]
        return x * y

    def sub(x, y):  # type: ignore[no-untyped-def]
        return x - y


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

inf, nan = math.inf, math.nan


def _lift(name: str, *inputs: "Any") -> "Any":
    """Apply the function `name` to inputs that are not all floats."""
    for x in inputs:
        if hasattr(x, "backward"):  # a Variable: record the operation
            return x.apply(RULES[name], *inputs)
    for x in inputs:
        if hasattr(x, "__array_namespace__"):
            return getattr(x.__array_namespace__(), name)(*inputs)
    for x in inputs:
        if not isinstance(x, (int, float, bool)):
            raise TypeError(f"{name} takes numbers, arrays and Variables, not {x!r}")
    return RULES[name].value(*map(float, inputs))


def exp(x: "Any") -> "Any":
    """eˣ, whose derivative is eˣ.

    >>> exp(0.0), exp(1000.0)
    (1.0, inf)
    """
    if x.__class__ is not float:
        return _lift("exp", x)
    try:
        return math.exp(x)
    except (OverflowError, ValueError):
        return inf


def log(x: "Any") -> "Any":
    """The natural logarithm, whose derivative is 1/x; -inf at 0, nan below.

    >>> log(1.0), log(0.0), log(-1.0)
    (0.0, -inf, nan)
    """
    if x.__class__ is not float:
        return _lift("log", x)
    try:
        return math.log(x)
    except ValueError:
        return -inf if x == 0 else nan


def sqrt(x: "Any") -> "Any":
    """The square root z, whose derivative is 1/(2z); nan below 0.

    >>> sqrt(9.0), sqrt(-9.0)
    (3.0, nan)
    """
    if x.__class__ is not float:
        return _lift("sqrt", x)
    try:
        return math.sqrt(x)
    except ValueError:
        return nan


def sin(x: "Any") -> "Any":
    """The sine, whose derivative is the cosine.

    >>> sin(0.0), sin(inf)
    (0.0, nan)
    """
    if x.__class__ is not float:
        return _lift("sin", x)
    try:
        return math.sin(x)
    except ValueError:
        return nan


def cos(x: "Any") -> "Any":
    """The cosine, whose derivative is minus the sine.

    >>> cos(0.0), cos(inf)
    (1.0, nan)
    """
    if x.__class__ is not float:
        return _lift("cos", x)
    try:
        return math.cos(x)
    except ValueError:
        return nan


def tanh(x: "Any") -> "Any":
    """The hyperbolic tangent z, whose derivative is 1 - z².

    >>> tanh(0.0)
    0.0
    """
    return math.tanh(x) if x.__class__ is float else _lift("tanh", x)


def sigmoid(x: "Any") -> "Any":
    """z = 1 / (1 + e⁻ˣ), whose derivative is z (1 - z).

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    return _lift("sigmoid", x) if hasattr(x, "backward") else over(1.0, 1.0 + exp(-x))


def relu(x: "Any") -> "Any":
    """The larger of x and 0; its derivative is 1 above 0, else 0 (PyTorch's choice at 0).

    >>> relu(3.0), relu(-3.0)
    (3.0, 0.0)
    """
    return _lift("relu", x) if hasattr(x, "backward") else maximum(x, 0.0)


def maximum(x: "Any", y: "Any") -> "Any":
    """The larger of x and y, nan if either is nan; a tie gives each half of the gradient.

    >>> maximum(2.0, 3.0)
    3.0
    """
    if x.__class__ is float is y.__class__:
        return x if x >= y or x != x else y
    return _lift("maximum", x, y)


def minimum(x: "Any", y: "Any") -> "Any":
    """The smaller of x and y, nan if either is nan; a tie gives each half of the gradient.

    >>> minimum(2.0, 3.0)
    2.0
    """
    if x.__class__ is float is y.__class__:
        return x if x <= y or x != x else y
    return _lift("minimum", x, y)


def where(condition: "Any", x: "Any", y: "Any") -> "Any":
    """x where the condition holds, else y; the gradient goes to the one that was taken.

    >>> where(2.0 > 3.0, 1.0, -1.0)
    -1.0
    """
    if x.__class__ is float is y.__class__ and condition.__class__ in (bool, float):
        return x if condition else y
    return _lift("where", condition, x, y)


def over(x: "Any", y: "Any") -> "Any":
    """x / y, where y may be 0.

    >>> over(1.0, 0.0), over(1.0, -0.0), over(0.0, 0.0)
    (inf, -inf, nan)
    """
    try:
        return x / y
    except ZeroDivisionError:
        return math.copysign(inf, x) * math.copysign(1.0, y) if x < 0 or x > 0 else nan


def power(x: "Any", y: "Any") -> "Any":
    """x to the y, a real number or nan.

    >>> power(2.0, -1.0), power(0.0, -1.0), power(-8.0, 1 / 3), power(-10.0, 309.0)
    (0.5, inf, nan, -inf)
    """
    if x.__class__ is not float or y.__class__ is not float:
        return x**y
    try:
        return math.pow(x, y)
    except (OverflowError, ValueError):
        if x < 0 and y != math.floor(y):
            return nan
        return math.copysign(inf, x) if abs(math.fmod(y, 2.0)) == 1.0 else inf


def sign(x: "Any") -> "Any":
    """-1, 0 or 1; nan stays nan."""
    if x.__class__ is not float:
        return _lift("sign", x)
    return x if x != x else float(x > 0) - float(x < 0)


class Rule:
    """An operation: how to compute its value, and how a gradient passes back through it.

    An elementwise operation z = f(x, y) has `value(x, y)` and, for each input, a partial
    derivative: a number where it is constant, else a function of x, y and z.

    Any other operation has `pulls` instead, which give the gradient for each input as a function of
    upstream, x, y and z; and `saves` says at which of x, y, z each of them looks, by position:
    ((1,), (0,)) for a product of matrices.

    `fit` tells which shapes the operation takes.

    `choice` marks the operations that let a gradient through or stop it: what they stop becomes 0,
    even where it is infinite.
    """

    def __init__(
        self,
        name: str,
        value: "Callable[..., Any]",
        *partials: "Any",
        choice: bool = False,
        pulls: "tuple[Callable[..., Any], ...]" = (),
        saves: "tuple[tuple[int, ...], ...]" = (),
        fit: str = "each axis must have the same length in all of them, or length 1",
    ) -> None:
        self.name, self.value, self.partials = name, value, partials
        self.choice, self.pulls, self.saves = choice, pulls, saves
        self.fit = fit
        self.saves_any = bool(saves) or any(callable(partial) for partial in partials)
        self.arithmetic = len(partials) == 2 and not choice

    def __repr__(self) -> str:
        return f"<Rule {self.name}>"

    def looks_at(self, slot: int, argument: int) -> bool:
        """Whether the derivative for input `slot` depends on `argument`: an input or, last, z.

        For a partial derivative this is found out by changing that argument alone.
        """
        if self.pulls:
            return bool(self.saves) and argument in self.saves[slot]
        partial = self.partials[slot]
        if not callable(partial):
            return False
        for others in (0.0, 1.5):
            seen = set()
            for value in (-2.0, 0.0, 0.5, 3.0):
                arguments = [others] * (len(self.partials) + 1)
                arguments[argument] = value
                seen.add(repr(partial(*arguments)))
            if len(seen) > 1:
                return True
        return False


RULES = {
    rule.name: rule
    for rule in (
        # name, value, partial derivative for x, for y
        Rule("add", add, 1.0, 1.0),
        Rule("sub", sub, 1.0, -1.0),
        Rule("mul", mul, lambda x, y, z: y, lambda x, y, z: x),
        Rule("div", over, lambda x, y, z: over(1.0, y), lambda x, y, z: over(over(-x, y), y)),
        Rule(
            "pow",
            power,
            lambda x, y, z: where(y == 0, 0.0, y * power(x, y - 1.0)),
            lambda x, y, z: z * log(where(x == 0, where(y < 0, x, 1.0), x)),
        ),
        Rule("neg", lambda x: -x, -1.0),
        Rule("abs", abs, lambda x, z: sign(x)),
        Rule("exp", exp, lambda x, z: z),
        Rule("log", log, lambda x, z: over(1.0, x)),
        Rule("sqrt", sqrt, lambda x, z: over(0.5, z)),
        Rule("sin", sin, lambda x, z: cos(x)),
        Rule("cos", cos, lambda x, z: -sin(x)),
        Rule("tanh", tanh, lambda x, z: 1.0 - z * z),
        Rule("sigmoid", sigmoid, lambda x, z: z * (1.0 - z)),
        Rule("sign", sign, 0.0),
        # The kinks, with PyTorch's choice at them
        Rule("relu", relu, lambda x, z: z != 0, choice=True),
        Rule(
            "maximum",
            maximum,
            lambda x, y, z: 1.0 - 0.5 * (x <= y) - 0.5 * (x < y),
            lambda x, y, z: 1.0 - 0.5 * (y <= x) - 0.5 * (y < x),
            choice=True,
        ),
        Rule(
            "minimum",
            minimum,
            lambda x, y, z: 1.0 - 0.5 * (x >= y) - 0.5 * (x > y),
            lambda x, y, z: 1.0 - 0.5 * (y >= x) - 0.5 * (y > x),
            choice=True,
        ),
        Rule(
            "where",
            where,
            0.0,
            lambda c, x, y, z: c != 0,
            lambda c, x, y, z: c == 0,
            choice=True,
        ),
    )
}
