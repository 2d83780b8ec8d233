"""A small reverse-mode automatic differentiation, with PyTorch's names.

>>> from autograd import Variable
>>> x, y = 2.0, 4.0
>>> w = Variable(1.0, requires_grad=True)
>>> loss = (x * w - y) ** 2
>>> loss.backward()
>>> w.grad
tensor(-8.)
"""

from .graph import graph
from .rules import (
    cos,
    exp,
    log,
    maximum,
    minimum,
    relu,
    sigmoid,
    sin,
    sqrt,
    tanh,
    where,
)
from .variable import Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .arrays import Tensor

__all__ = [
    "Tensor",
    "Variable",
    "cos",
    "exp",
    "graph",
    "log",
    "maximum",
    "minimum",
    "relu",
    "sigmoid",
    "sin",
    "sqrt",
    "tanh",
    "where",
]


def __getattr__(name: str) -> object:
    """Import Tensor when it is first asked for: it needs NumPy, which numbers do without."""
    if name == "Tensor":
        from .arrays import Tensor

        globals()["Tensor"] = Tensor
        return Tensor
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")
