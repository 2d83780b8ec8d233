"""Changes in place: who shares them, and what notices them.

A derivative that looks at a value needs it as it was when the operation was computed. So each
change in place is given a number from the counter that orders Variables: an input that was changed
after its operation was made is found out by comparing two numbers.
"""

from . import variable
from .rules import RULES
from .state import extra, last_change, orders
from .values import engine, evaluate, operand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .variable import Variable


# Methods of Variable


def zero_(x: "Variable") -> "Variable":
    """Set every number to 0, in place.

    >>> w = variable.Variable(3.0, requires_grad=True)
    >>> (w * w).backward()
    >>> w.grad.data.zero_(), w.grad
    (tensor(0.), tensor(0.))
    """
    if x.requires_grad:
        refuse(x, 0.0, "zero_")
    return put(x, 0.0)


def fill_(x: "Variable", number: "Any") -> "Variable":
    """Set every number to one, in place."""
    if x.requires_grad:
        refuse(x, number, "fill_")
    return put(x, number)


def copy_(x: "Variable", other: "Any") -> "Variable":
    """Set the numbers to those of another Variable or array, broadcast to this shape."""
    refuse(x, other, "copy_")
    return put(x, other)


def in_place(name: str) -> "tuple[Callable[..., Any], Callable[..., Any]]":
    """The method that puts self ∘ y into self, and the one for the operator, as in self += y.

    The operator gives a new Variable instead where the operation has to be recorded.
    """
    rule = RULES[name]

    def method(x: "Variable", y: "Any") -> "Variable":
        refuse(x, y, f"{name}_")
        values = variable.values_of(variable.operands(rule, (x, y)))
        return put(x, evaluate(rule, values))

    def operator(x: "Variable", y: "Any") -> "Variable":
        records = variable.recording and (x.rule is not None or getattr(y, "requires_grad", False))
        return variable.record(rule, x, y) if records else method(x, y)

    return method, operator


def set_elements(x: "Variable", key: "Any", other: "Any") -> None:
    """Set elements, by integers, slices, masks or integer arrays as in NumPy, in place."""
    if key is Ellipsis and not x.shape:
        copy_(x, other)
        return
    refuse(x, other, "x[...] = y")
    if not x.shape:
        raise IndexError("this Variable is one number and has no elements; use x.fill_()")
    engine(x.value).assign(x.value, other, key)
    mark(x)


# What they share


def refuse(x: "Variable", y: "Any", operation: str) -> None:
    """Raise RuntimeError where a change in place would have to be recorded."""
    if not variable.recording or not (x.requires_grad or getattr(y, "requires_grad", False)):
        return
    if x.requires_grad and x.rule is None:
        raise RuntimeError(
            f"{operation}: a leaf that requires a gradient cannot be changed in place, since that "
            "would have to be differentiated; to change its value, change x.data, as in "
            "x.data.zero_(), or do it inside `with no_grad():`"
        )
    raise RuntimeError(
        f"{operation}: a change in place is not differentiated; compute a new Variable instead, as "
        "in z = x + y, or change x.data"
    )


def put(x: "Variable", new: "Any") -> "Variable":
    """Change the value of `x` in place, for all that share it."""
    if isinstance(new, variable.Variable):
        new = new.value
    value = x.value
    if value.__class__ is not float:
        engine(value).assign(value, new)
    elif new.__class__ is float:
        x.value = new
        if x.storage is not None:
            x.storage[0] = new
    else:
        new = operand(new, "a change in place")
        if getattr(new, "shape", ()):
            raise RuntimeError(
                f"a number cannot take the place of numbers of the shape {new.shape}, in place"
            )
        return put(x, float(new))
    mark(x)
    return x


def mark(x: "Variable | None") -> None:
    """Note that the value of `x`, and of what shares it, is no longer what operations have seen."""
    last_change[0] = number = next(orders)
    while x is not None:
        x.changed = number
        x = _sharing(x)


def _sharing(x: "Variable") -> "Variable | None":
    """Of what `x` is a part or a view, if anything."""
    whole: Variable | None = getattr(x, "owner", None)
    return extra(x, "viewed") if whole is None else whole


def _changed_since(x: "Variable | None", order: int) -> bool:
    """Whether the value of `x`, or what it shares it with, was changed after that."""
    while x is not None:
        if getattr(x, "changed", 0) < order:
            return True
        x = _sharing(x)
    return False


def check_unchanged(node: "Variable") -> None:
    """Refuse to differentiate with values that are not those of the forward pass."""
    rule, inputs = node.rule, node.inputs
    assert rule
    for i, changed in enumerate(list(inputs) + [node]):
        if not isinstance(changed, variable.Variable) or not _changed_since(changed, node.order):
            continue
        for slot, x in enumerate(inputs):
            if isinstance(x, variable.Variable) and x.requires_grad and rule.looks_at(slot, i):
                what = "its result" if changed is node else "an input"
                raise RuntimeError(
                    f"the derivative of {rule.name} needs {changed.name or what} as it was, but it "
                    "was changed in place; call backward() before the change, or compute a new "
                    "Variable instead of changing this one"
                )
