"""What a Variable may hold, a float or an array, and which module computes with it.

Floats need no other. `arrays` and `operations` are for NumPy's arrays; they need NumPy, so they are
imported for the first array, not before. A ListArray names its module, `lists`, itself.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .rules import Rule

_arrays: "Any" = None  # the module, once there has been an array
_operations: "Any" = None  # likewise
_OF_ONE = ("sum", "mean", "prod", "max", "min")  # of one number this number


def load_arrays() -> "Any":
    """The module for arrays."""
    global _arrays
    if _arrays is None:
        from . import arrays as _arrays
    return _arrays


def engine(value: "Any") -> "Any":
    """The module for a value that is no float."""
    return getattr(value, "engine", _arrays)


def operand(x: "Any", operation: str) -> "Any":
    """`x`, which is no Variable, as a float or an array; raises TypeError if it is neither."""
    if isinstance(x, (int, float, bool)):
        return float(x)
    if hasattr(x, "engine"):  # a ListArray
        return x
    if hasattr(x, "__array_namespace__"):
        return load_arrays().operand(x)
    raise TypeError(
        f"{operation} takes numbers, NumPy arrays and Variables, not {x!r}; "
        "a list of numbers becomes a Variable by Tensor([...])"
    )


def evaluate(rule: "Rule", values: "list[Any]") -> "Any":
    """The value of an operation on floats and arrays."""
    for value in values:
        if value.__class__ is not float and value.__class__ is not bool:
            return engine(value).compute(rule, values)
    if rule.pulls:
        return load_arrays().compute(rule, values)
    return rule.value(*map(float, values))


def operate(name: str, x: "Any", *arguments: "Any", **named: "Any") -> "Any":
    """An operation on a Variable that is not elementwise, by the module for what x holds."""
    global _operations
    value = x.value
    if value.__class__ is float and not arguments and not named and name in _OF_ONE:
        return x
    if hasattr(value, "engine"):
        return value.engine.operate(name, x, *arguments, **named)
    if _operations is None:
        from . import operations as _operations
    return getattr(_operations, name)(x, *arguments, **named)


def is_part(value: "Any", x: "Any") -> bool:
    """Whether an array is a part of that which x, a Variable, holds: they change together."""
    return _arrays is not None and _arrays.is_view(value, x)
