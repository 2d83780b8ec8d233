"""Changes in place: who shares them, and what notices them.

A derivative that looks at a value needs it as it was when the operation was computed. So each
change in place is given a number from the counter that orders Variables: an input that was changed
after its operation was made is found out by comparing two numbers.
"""

from . import variable
from .variable import Variable, View, engine, extra, last_change, operand, orders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def refuse(x: Variable, y: "Any", operation: str) -> None:
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


def put(x: Variable, new: "Any") -> Variable:
    """Change the value of `x` in place, for all that share it."""
    if isinstance(new, Variable):
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


def _sharing(x: Variable) -> "Variable | None":
    """Of what `x` is a part or a view, if anything."""
    whole: Variable | None = x.owner if isinstance(x, View) else extra(x, "viewed")
    return whole


def _changed_since(x: "Variable | None", order: int) -> bool:
    """Whether the value of `x`, or what it shares it with, was changed after that."""
    while x is not None:
        if getattr(x, "changed", 0) < order:
            return True
        x = _sharing(x)
    return False


def check_unchanged(node: Variable) -> None:
    """Refuse to differentiate with values that are not those of the forward pass."""
    rule, inputs = node.rule, node.inputs
    assert rule
    for i, changed in enumerate(list(inputs) + [node]):
        if not isinstance(changed, Variable) or not _changed_since(changed, node.order):
            continue
        for slot, x in enumerate(inputs):
            if isinstance(x, Variable) and x.requires_grad and rule.looks_at(slot, i):
                what = "its result" if changed is node else "an input"
                raise RuntimeError(
                    f"the derivative of {rule.name} needs {changed.name or what} as it was, but it "
                    "was changed in place; call backward() before the change, or compute a new "
                    "Variable instead of changing this one"
                )
