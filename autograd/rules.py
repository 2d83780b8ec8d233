"""The elementwise operations: for each its value and its partial derivatives, one row each.

A row is written once and serves Python floats, NumPy arrays, and, where a derivative is itself to
be differentiated, Variables. To that end the functions that the rows call take all three. Floats
they answer as IEEE 754 does, with infinity or nan where Python would raise.

>>> exp(1000.0), log(0.0), sqrt(-1.0), sin(inf), over(1.0, -0.0), power(-8.0, 1 / 3)
(inf, -inf, nan, nan, -inf, nan)
>>> maximum(2, 3), minimum(2.0, nan), where(2 > 3, 1, -1), relu(-3), sigmoid(0), sign(-5)
(3.0, nan, -1.0, 0.0, 0.5, -1.0)
"""

import math
import sys

try:
    from operator import add as add
    from operator import mul as mul
    from operator import sub as sub
except ImportError:  # MicroPython's operator has no arithmetic
    add, mul, sub = (lambda x, y: x + y), (lambda x, y: x * y), (lambda x, y: x - y)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

inf, nan = math.inf, math.nan


if sys.implementation.name != "micropython":  # where nobody reads them
    MEANINGS = {
        "exp": "eˣ; its derivative is eˣ.",
        "log": "The natural logarithm of x; its derivative is 1/x.",
        "sqrt": "The square root z of x; its derivative is 1/(2z).",
        "sin": "The sine of x; its derivative is the cosine.",
        "cos": "The cosine of x; its derivative is minus the sine.",
        "tan": "The tangent z of x; its derivative is 1 + z².",
        "tanh": "The hyperbolic tangent z of x; its derivative is 1 - z².",
        "sigmoid": "z = 1 / (1 + e⁻ˣ); its derivative is z (1 - z).",
        "neg": "-x; its derivative is -1.",
        "abs": "The size of x; its derivative is the sign of x.",
        "sign": "-1, 0 or 1.",
        "maximum": "The larger of x and y, which gets the gradient; of equals each gets half.",
        "minimum": "The smaller of x and y, which gets the gradient; of equals each gets half.",
        "relu": "The larger of x and 0; its derivative is 1 above 0, else 0.",
        "softplus": "log(1 + eˣ), a smooth relu; its derivative is sigmoid(x).",
        "binary_cross_entropy_with_logits": "-y log p - (1 - y) log(1 - p), where p = sigmoid(x).",
        "where": "where(c, x, y) is x where c holds, else y; that one gets the gradient.",
    }


def _function(
    name: str,
    of_floats: "Callable[..., Any]",
    elsewhere: "Callable[..., float]" = lambda *inputs: nan,
) -> "Callable[..., Any]":
    """A function of numbers, arrays and Variables; `elsewhere` is its value where Python raises."""

    def function(*inputs: "Any") -> "Any":
        for x in inputs:
            if x.__class__ is not float and x.__class__ is not bool:
                return lift(RULES.get(name), of_floats, inputs, name)
        try:
            return of_floats(*inputs)
        except (OverflowError, ValueError):
            return elsewhere(*inputs)

    if sys.implementation.name != "micropython":  # whose functions have no attributes
        function.__name__ = function.__qualname__ = name
        function.__doc__ = MEANINGS.get(name)
    return function


def lift(
    rule: "Any", of_floats: "Callable[..., Any]", inputs: "tuple[Any, ...]", numpys: str = ""
) -> "Any":
    """Apply a rule to inputs not all floats, or to arrays the function that NumPy has for it."""
    n = len(rule.partials) if rule else len(inputs)
    if len(inputs) != n:  # into one too many NumPy would write its result
        raise TypeError(f"{rule.name} takes {n} input{'s' * (n > 1)}, not {len(inputs)}")
    for x in inputs:
        if hasattr(x, "backward"):  # a Variable: record the operation
            return x.apply(rule, *inputs)
    for x in inputs:
        if hasattr(x, "__array_namespace__"):
            return vars(x.__array_namespace__()).get(numpys, of_floats)(*inputs)
    for x in inputs:
        if not isinstance(x, (int, float, bool)):
            raise TypeError(f"{rule.name} takes numbers, arrays and Variables, not {x!r}")
    return rule.value(*map(float, inputs))


exp = _function("exp", math.exp, lambda x: inf)
log = _function("log", math.log, lambda x: -inf if x == 0 else nan)
sqrt = _function("sqrt", math.sqrt)
sin = _function("sin", math.sin)
cos = _function("cos", math.cos)
tan = _function("tan", math.tan)
tanh = _function("tanh", math.tanh)
sigmoid = _function("sigmoid", lambda x: over(1.0, 1.0 + exp(-x)))
neg = _function("neg", lambda x: -x)
abs = _function("abs", math.fabs)
sign = _function("sign", lambda x: x if x != x else float(x > 0) - float(x < 0))
maximum = _function("maximum", lambda x, y: x if x >= y or x != x else y)
minimum = _function("minimum", lambda x, y: x if x <= y or x != x else y)
relu = _function("relu", lambda x: maximum(x, 0.0))
# log(1 + x), exact for small x too; MicroPython has none
_log1p = _function("log1p", getattr(math, "log1p", lambda x: 2.0 * math.atanh(x / (2.0 + x))))
softplus = _function("softplus", lambda x: maximum(x, 0.0) + _log1p(exp(-abs(x))))
bce = _function(
    "binary_cross_entropy_with_logits",
    lambda x, y: y * relu(-x) + (1.0 - y) * relu(x) + _log1p(exp(-abs(x))),
)
_clamp = _function("clamp", lambda x, low, high: minimum(maximum(x, low), high))
where = _function("where", lambda condition, x, y: x if condition else y)


def clamp(x: "Any", min: "Any" = None, max: "Any" = None) -> "Any":
    """x where it is between min and max, else the nearer bound; that one gets the gradient.

    >>> clamp(-3.0, min=-1.0), clamp(-3.0, max=-5.0), clamp(2.0, 0.0, 1.0)
    (-1.0, -5.0, 1.0)
    """
    if min is None and max is None:
        raise RuntimeError("clamp needs a bound: give min, max or both")
    return _clamp(x, -inf if min is None else min, inf if max is None else max)


def over(x: "Any", y: "Any") -> "Any":
    """x / y, where y may be 0."""
    try:
        return x / y
    except ZeroDivisionError:
        return math.copysign(inf, x) * math.copysign(1.0, y) if x < 0 or x > 0 else nan


def power(x: "Any", y: "Any") -> "Any":
    """x to the y, a real number or nan."""
    if x.__class__ is not float or y.__class__ is not float:
        return x**y
    try:
        return math.pow(x, y)
    except (OverflowError, ValueError):
        if x < 0 and y != math.floor(y):
            return nan
        return math.copysign(inf, x) if abs(math.fmod(y, 2.0)) == 1.0 else inf


def above(x: "Any", y: "Any") -> "Any":
    """1 where x > y (or one is nan), 1/2 where they are equal, else 0."""
    return 1.0 - 0.5 * (x <= y) - 0.5 * (x < y)


def first(x: "Any", y: "Any", z: "Any") -> "Any":
    """The partial derivative that is x itself."""
    return x


def second(x: "Any", y: "Any", z: "Any") -> "Any":
    """The partial derivative that is y itself."""
    return y


class Rule:
    """An operation: how to compute its value, and how a gradient passes back through it.

    An elementwise operation z = f(x, y) has `value(x, y)` and, for each input, a partial
    derivative: a number where it is constant, else a function of x, y and z.

    Any other operation has `pulls` instead, which give the gradient for each input as a function of
    upstream, x, y and z; and `saves` says at which of x, y, z each of them looks, by position:
    ((1,), (0,)) for a product of matrices. `fit` tells which shapes the operation takes.

    `choice` marks the operations that let a gradient through or stop it: what they stop becomes 0,
    even where it is infinite. `version` is the number that PyTorch prints behind the name.
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
        version: int = 0,
    ) -> None:
        self.name, self.value, self.partials = name, value, partials
        self.choice, self.pulls, self.saves, self.fit = choice, pulls, saves, fit
        self.version = version
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
        for first, step in ((0.0, 0.0), (1.5, 0.0), (-1.0, 1.5)):
            seen = set()
            for value in (-2.0, 0.0, 0.5, 3.0):
                arguments = [first + step * i for i in range(len(self.partials) + 1)]
                arguments[argument] = value
                seen.add(repr(partial(*arguments)))
            if len(seen) > 1:
                return True
        return False


# name, value, and the partial derivative for each input; at kinks PyTorch's choice
_ROWS = (
    Rule("add", add, 1.0, 1.0),
    Rule("sub", sub, 1.0, -1.0),
    Rule("mul", mul, second, first),
    Rule("div", over, lambda x, y, z: over(1.0, y), lambda x, y, z: over(over(-x, y), y)),
    Rule(
        "pow",
        power,
        lambda x, y, z: where(y == 0, 0.0, y * power(x, y - 1.0)),
        lambda x, y, z: z * log(where(x == 0, where(y < 0, x, 1.0), x)),
    ),
    Rule("neg", neg, -1.0),
    Rule("abs", abs, lambda x, z: sign(x)),
    Rule("sign", sign, 0.0),
    Rule("exp", exp, lambda x, z: z),
    Rule("log", log, lambda x, z: over(1.0, x)),
    Rule("sqrt", sqrt, lambda x, z: over(0.5, z)),
    Rule("sin", sin, lambda x, z: cos(x)),
    Rule("cos", cos, lambda x, z: -sin(x)),
    Rule("tan", tan, lambda x, z: 1.0 + z * z),
    Rule("tanh", tanh, lambda x, z: 1.0 - z * z),
    Rule("sigmoid", sigmoid, lambda x, z: z * (1.0 - z)),
    Rule("relu", relu, lambda x, z: z != 0, choice=True),
    Rule("softplus", softplus, lambda x, z: sigmoid(x)),
    Rule(
        "binary_cross_entropy_with_logits",
        bce,
        lambda x, y, z: sigmoid(x) - y,
        lambda x, y, z: -x,
    ),
    Rule("maximum", maximum, lambda x, y, z: above(x, y), lambda x, y, z: above(y, x), choice=True),
    Rule("minimum", minimum, lambda x, y, z: above(y, x), lambda x, y, z: above(x, y), choice=True),
    Rule(
        "clamp",
        _clamp,
        lambda x, low, high, z: minimum(x >= low, x <= high),
        lambda x, low, high, z: minimum(x < low, low < high),
        lambda x, low, high, z: maximum(x > high, high < low),
        choice=True,
    ),
    Rule("where", where, 0.0, lambda c, x, y, z: c != 0, lambda c, x, y, z: c == 0, choice=True),
)
RULES = {rule.name: rule for rule in _ROWS}
