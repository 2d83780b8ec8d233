"""The functions that the table of rules calls: of floats, of arrays and of Variables.

Floats they answer as IEEE 754 does, with infinity or nan where Python would raise.

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
RULES: "dict[str, Any]" = {}  # the table, which rules.py fills


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
clamped = _function("clamp", lambda x, low, high: minimum(maximum(x, low), high))
where = _function("where", lambda condition, x, y: x if condition else y)


def clamp(x: "Any", min: "Any" = None, max: "Any" = None) -> "Any":
    """x where it is between min and max, else the nearer bound; that one gets the gradient.

    >>> clamp(-3.0, min=-1.0), clamp(-3.0, max=-5.0), clamp(2.0, 0.0, 1.0)
    (-1.0, -5.0, 1.0)
    """
    if min is None and max is None:
        raise RuntimeError("clamp needs a bound: give min, max or both")
    return clamped(x, -inf if min is None else min, inf if max is None else max)


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
