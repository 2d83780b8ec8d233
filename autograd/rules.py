"""The elementwise operations: each one's value and its partial derivatives, one row each."""

import math

inf, nan = math.inf, math.nan


def over(x, y):
    """x / y, where y may be zero."""
    try:
        return x / y
    except ZeroDivisionError:
        return nan if x == 0 or x != x else math.copysign(inf, x) * math.copysign(1.0, y)


def power(x, y):
    """x to the y, as IEEE 754 has it: an infinity or nan where Python would raise."""
    if x.__class__ is not float or y.__class__ is not float:
        return x**y
    try:
        return math.pow(x, y)
    except (OverflowError, ValueError):
        if x < 0 and y != math.floor(y):
            return nan
        odd = math.fmod(y, 2.0) != 0
        return -inf if odd and math.copysign(1.0, x) < 0 else inf


def _function(name, of_float):
    """A function of floats, of arrays and of Variables."""

    def function(x):
        kind = x.__class__
        if kind is float:
            return of_float(x)
        if kind is int or kind is bool:
            return of_float(float(x))
        if hasattr(x, "backward"):
            return getattr(x, name)()
        return getattr(x.__array_namespace__(), name)(x)

    return function


def _guard(function, outside):
    """`function` with `outside(x)` where it has no finite value, instead of an exception."""

    def guarded(x):
        try:
            return function(x)
        except (OverflowError, ValueError):
            return outside(x)

    return guarded


exp = _function("exp", _guard(math.exp, lambda x: inf))
log = _function("log", _guard(math.log, lambda x: -inf if x == 0 else nan))
sqrt = _function("sqrt", _guard(math.sqrt, lambda x: nan))
sin = _function("sin", _guard(math.sin, lambda x: nan))
cos = _function("cos", _guard(math.cos, lambda x: nan))
tanh = _function("tanh", math.tanh)
sign = _function("sign", lambda x: x if x != x else float((x > 0) - (x < 0)))


def largest(x, y):
    """The larger of two numbers; nan if either is nan."""
    return x if x >= y or x != x else y


def smallest(x, y):
    """The smaller of two numbers; nan if either is nan."""
    return x if x <= y or x != x else y


class Rule:
    """One operation: z = value(x, y) with dz/dx and dz/dy as functions of x, y and z."""

    def __init__(self, name, value, *partials):
        self.name, self.value, self.partials = name, value, partials


RULES = {
    rule.name: rule
    for rule in (
        Rule("add", lambda x, y: x + y, lambda x, y, z: 1.0, lambda x, y, z: 1.0),
        Rule("sub", lambda x, y: x - y, lambda x, y, z: 1.0, lambda x, y, z: -1.0),
        Rule("mul", lambda x, y: x * y, lambda x, y, z: y, lambda x, y, z: x),
        Rule("div", over, lambda x, y, z: over(1.0, y), lambda x, y, z: over(-z, y)),
        Rule(
            "pow",
            power,
            lambda x, y, z: y * power(x, y - 1.0) if y != 0 else 0.0,
            lambda x, y, z: z * log(x) if x != 0 or y < 0 else 0.0,
        ),
        Rule("maximum", largest, lambda x, y, z: (x > y) + 0.5 * (x == y),
             lambda x, y, z: (y > x) + 0.5 * (x == y)),
        Rule("minimum", smallest, lambda x, y, z: (x < y) + 0.5 * (x == y),
             lambda x, y, z: (y < x) + 0.5 * (x == y)),
        Rule("neg", lambda x: -x, lambda x, z: -1.0),
        Rule("abs", abs, lambda x, z: sign(x)),
        Rule("exp", exp, lambda x, z: z),
        Rule("log", log, lambda x, z: over(1.0, x)),
        Rule("sqrt", sqrt, lambda x, z: over(0.5, z)),
        Rule("sin", sin, lambda x, z: cos(x)),
        Rule("cos", cos, lambda x, z: -sin(x)),
        Rule("tanh", tanh, lambda x, z: 1.0 - z * z),
        Rule("sigmoid", lambda x: over(1.0, 1.0 + exp(-x)), lambda x, z: z * (1.0 - z)),
        Rule("relu", lambda x: largest(x, 0.0), lambda x, z: 1.0 * (x > 0)),
    )
}
