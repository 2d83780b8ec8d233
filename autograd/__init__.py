"""A small reverse-mode automatic differentiation, with PyTorch's names.

>>> from autograd import Variable
>>> x, y = 2.0, 4.0
>>> w = Variable(1.0, requires_grad=True)
>>> loss = (x * w - y) ** 2
>>> loss.backward()
>>> w.grad
tensor(-8.)
"""

from . import floats, views  # noqa: F401 - which add to Variable
from .functions import (
    abs,
    add,
    clamp,
    cos,
    exp,
    log,
    maximum,
    minimum,
    mul,
    neg,
    relu,
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
from .functions import over as div
from .functions import power as pow
from .graph import graph
from .modes import enable_grad, no_grad
from .variable import Variable, tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .arrays import Tensor
    from .check import gradcheck, gradgradcheck
    from .display import to_dot, to_svg
    from .functional import grad, hessian, jacobian, jvp, value_and_grad, vjp
    from .losses import binary_cross_entropy_with_logits, cross_entropy, mse_loss
    from .operations import (
        addmm,
        amax,
        amin,
        broadcast_to,
        cat,
        concatenate,
        dot,
        log_softmax,
        logsumexp,
        matmul,
        max,
        mean,
        min,
        permute,
        prod,
        reshape,
        softmax,
        stack,
        sum,
        transpose,
    )
    from .own import register

__all__ = [
    "Tensor",
    "Variable",
    "abs",
    "add",
    "addmm",
    "amax",
    "amin",
    "binary_cross_entropy_with_logits",
    "broadcast_to",
    "cat",
    "clamp",
    "concatenate",
    "cos",
    "cross_entropy",
    "div",
    "dot",
    "enable_grad",
    "exp",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "graph",
    "hessian",
    "jacobian",
    "jvp",
    "log",
    "log_softmax",
    "logsumexp",
    "matmul",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "mse_loss",
    "mul",
    "neg",
    "no_grad",
    "permute",
    "pow",
    "prod",
    "register",
    "relu",
    "reshape",
    "sigmoid",
    "sign",
    "sin",
    "softmax",
    "softplus",
    "sqrt",
    "stack",
    "sub",
    "sum",
    "tan",
    "tanh",
    "tensor",
    "to_dot",
    "to_svg",
    "transpose",
    "value_and_grad",
    "vjp",
    "where",
]


# What is imported when it is first asked for: arrays need NumPy, which numbers do without, and the
# rest is not needed for a backward pass.
_LATER = {
    "Tensor": "arrays",
    "grad": "functional",
    "binary_cross_entropy_with_logits": "losses",
    "cross_entropy": "losses",
    "gradcheck": "check",
    "gradgradcheck": "check",
    "hessian": "functional",
    "jacobian": "functional",
    "jvp": "functional",
    "mse_loss": "losses",
    "register": "own",
    "to_dot": "display",
    "to_svg": "display",
    "value_and_grad": "functional",
    "vjp": "functional",
}
for _name in __all__:
    if _name not in _LATER and _name not in globals():
        _LATER[_name] = "operations"


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
