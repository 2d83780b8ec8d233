"""What watches gradients on their way: hooks, and results that keep theirs.

The functions whose first input is `x` are methods of Variable.
"""

from . import variable
from .state import extra, keep, orders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .variable import Variable

calling = False  # True while a hook is called


def retain_grad(x: "Variable") -> None:
    """Have a later backward() keep the gradient of a result in its .grad, as in a leaf.

    >>> w = variable.Variable(3.0, requires_grad=True)
    >>> s = w * w
    >>> s.retain_grad()
    >>> (2.0 * s).backward()
    >>> s.grad
    tensor(2.)
    """
    _watch(x, "retain_grad()")
    keep(x, "retains_grad", x.rule is not None)


def register_hook(x: "Variable", function: "Callable[[Variable], Any]") -> "Hook":
    """Have backward() call `function` with the gradient, once all of it has arrived here.

    If that returns anything but None, it takes the place of the gradient. The `remove()` of
    what register_hook returns ends it.

    >>> w = variable.Variable(3.0, requires_grad=True)
    >>> hook = w.register_hook(lambda gradient: 10.0 * gradient)
    >>> (w * w).backward()
    >>> w.grad
    tensor(60.)
    """
    _watch(x, "register_hook()")
    return Hook(keep(x, "hooks", extra(x, "hooks") or {}), function)


def _watch(x: "Variable", operation: str) -> None:
    if not x.requires_grad:
        raise RuntimeError(
            f"{operation} of a Variable that depends on nothing that requires a gradient: "
            "none will arrive; make one with Variable(..., requires_grad=True)"
        )
    variable.watched = True


class Hook:
    """Ends by `remove()` that a backward pass calls a function; see Variable.register_hook.

    It holds the functions of a Variable, and not the Variable, whose graph is freed when dropped.
    """

    def __init__(self, hooks: "dict[int, Any]", function: "Callable[[Variable], Any]") -> None:
        self.hooks, self.key = hooks, next(orders)
        hooks[self.key] = function

    def remove(self) -> None:
        """Call the function no more."""
        self.hooks.pop(self.key, None)


def called(node: "Variable", upstream: "Any", retains: bool) -> "Any":
    """What the hooks of a node make of what arrived; kept where retain_grad() asked for it."""
    global calling
    from .backward import accumulate, seed  # which imports this

    recorded = isinstance(upstream, variable.Variable)
    hooks = extra(node, "hooks") or {}
    for function in [hooks[key] for key in sorted(hooks, reverse=True)]:  # the first hook first
        calling = True
        try:
            new = function(upstream if recorded else variable.leaf(upstream))
        finally:
            calling = False
        if new is not None:
            upstream = seed(node, new, recorded)
    if retains and extra(node, "retains_grad"):
        accumulate(node, upstream * 1.0)
    return upstream
