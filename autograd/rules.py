"""The elementwise operations: for each its value and its partial derivatives, one row each.

A row is written once and serves Python floats, NumPy arrays, and, where a derivative is itself to
be differentiated, Variables. To that end the functions that the rows call take all three.
"""

from .functions import RULES as RULES
from .functions import (
    above,
    abs,
    add,
    bce,
    clamped,
    cos,
    exp,
    first,
    log,
    maximum,
    minimum,
    mul,
    neg,
    over,
    power,
    relu,
    second,
    sigmoid,
    sign,
    sin,
    softplus,
    sqrt,
    sub,
    tan,
    tanh,
    where,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


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
        for start, step in ((0.0, 0.0), (1.5, 0.0), (-1.0, 1.5)):
            seen = set()
            for value in (-2.0, 0.0, 0.5, 3.0):
                arguments = [start + step * i for i in range(len(self.partials) + 1)]
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
        clamped,
        lambda x, low, high, z: minimum(x >= low, x <= high),
        lambda x, low, high, z: minimum(x < low, low < high),
        lambda x, low, high, z: maximum(x > high, high < low),
        choice=True,
    ),
    Rule("where", where, 0.0, lambda c, x, y, z: c != 0, lambda c, x, y, z: c == 0, choice=True),
)
RULES.update({rule.name: rule for rule in _ROWS})
