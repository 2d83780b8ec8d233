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
    abs,
    clamp,
    cos,
    exp,
    log,
    maximum,
    minimum,
    neg,
    relu,
    sigmoid,
    sign,
    sin,
    softplus,
    sqrt,
    tan,
    tanh,
    where,
)
from .variable import Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .arrays import Tensor
    from .check import gradcheck, gradgradcheck
    from .display import to_dot, to_svg
    from .functional import grad, hessian, jacobian, jvp, value_and_grad, vjp

__all__ = [
    "Tensor",
    "Variable",
    "abs",
    "clamp",
    "cos",
    "exp",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "graph",
    "hessian",
    "jacobian",
    "jvp",
    "log",
    "maximum",
    "minimum",
    "neg",
    "relu",
    "sigmoid",
    "sign",
    "sin",
    "softplus",
    "sqrt",
    "tan",
    "tanh",
    "to_dot",
    "to_svg",
    "value_and_grad",
    "vjp",
    "where",
]


# What is imported when it is first asked for: arrays need NumPy, which numbers do without, and the
# rest is not needed for a backward pass.
_LATER = {
    "Tensor": "arrays",
    "grad": "functional",
    "gradcheck": "check",
    "gradgradcheck": "check",
    "hessian": "functional",
    "jacobian": "functional",
    "jvp": "functional",
    "to_dot": "display",
    "to_svg": "display",
    "value_and_grad": "functional",
    "vjp": "functional",
}


def __getattr__(name: str) -> object:
    """Import what the package has but has not needed until now."""
    if name in ("nn", "optim"):
        __import__(f"autograd.{name}")
        return globals()[name]
    if name not in _LATER:
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
    module = __import__(f"autograd.{_LATER[name]}", None, None, [name])
    globals()[name] = thing = getattr(module, name)
    return thing
