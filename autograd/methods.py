"""What a Variable can do besides being differentiated: it is compared, indexed, printed, converted.

The functions whose first input is `x` are methods of Variable.
"""

import operator

from . import variable
from .rules import Rule
from .state import SLOTS
from .values import evaluate, load_arrays, operate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from .variable import Variable


# Comparisons


def comparison(name: str) -> "Callable[[Any, Any], Any]":
    """The method for a comparison, elementwise, of the values alone: it has no derivative."""
    rule = Rule(name, getattr(operator, name))

    def compare(x: "Variable", y: "Any") -> "Any":
        try:
            values = variable.values_of(variable.operands(rule, (x, y)))
            return variable.leaf(evaluate(rule, values))
        except TypeError:
            return NotImplemented

    return compare


def logic(combine: "Callable[..., Any]") -> "Callable[..., Any]":
    """The method that combines what is True or False, as comparisons give it."""

    def method(*inputs: "Any") -> "Variable":
        z = combine(*variable.values_of(inputs))
        return variable.leaf(bool(z) if z.__class__ is int else z)  # an integer in MicroPython

    return method


# Elements


def shape(x: "Variable") -> "tuple[int, ...]":
    """The length of each axis; () for a number."""
    return tuple(getattr(x.value, "shape", ()))


def transposed(x: "Variable") -> "Variable":
    """The transpose of a matrix; of other arrays the axes in reverse order."""
    z: Variable = x.permute(tuple(range(len(x.shape)))[::-1])
    return z


def elements(x: "Variable", key: "Any") -> "Variable":
    """Elements by integers, slices, masks or integer arrays, as in NumPy."""
    parts = key if isinstance(key, tuple) else (key,)
    if not x.shape and any([part is not None and part is not Ellipsis for part in parts]):
        raise IndexError("this Variable is one number and has no elements; use .item()")
    z: Variable = operate("index", x, key)
    return z


def length(x: "Variable") -> int:
    """The length of the first axis."""
    if not x.shape:
        raise TypeError("this Variable is one number and has no length")
    n: int = x.shape[0]
    return n


def parts(x: "Variable") -> "Iterator[Variable]":
    """What lies along the first axis, one after the other."""
    return (x[i] for i in range(len(x)))


# As other things


def item(x: "Variable") -> "Any":
    """The one number it holds, as Python has it. Raises RuntimeError if it holds more."""
    value = x.value
    if value.__class__ is float or value.__class__ is bool:
        return value
    if value.size != 1:
        raise RuntimeError(
            f"item() is for one number, and this holds {value.size} (its shape is "
            f"{value.shape}); index it first, or use .tolist()"
        )
    return value.item()


def tolist(x: "Variable") -> "Any":
    """The number, or the numbers in nested lists."""
    return x.value.tolist() if x.shape else x.item()


def numpy(x: "Variable") -> "Any":
    """The NumPy array, which is shared; a number gives an array of no axes."""
    if x.requires_grad:
        raise RuntimeError(
            "numpy() of a Variable that requires a gradient: NumPy would not record what is "
            "done to the array; write x.detach().numpy()"
        )
    return load_arrays().np.asarray(x.value)


def as_bool(x: "Variable") -> bool:
    """bool(x), of one number."""
    return bool(x.item())


if SLOTS:  # in MicroPython 2.0 * x would take float(x), if it could

    def as_float(x: "Variable") -> float:
        """float(x)."""
        return float(x.item())

    def as_int(x: "Variable") -> int:
        """int(x)."""
        return int(x.item())

    def as_array(x: "Variable", dtype: "Any" = None, copy: "bool | None" = None) -> "Any":
        """What NumPy makes of it."""
        return load_arrays().np.array(x.numpy(), dtype, copy=copy)


def formatted(x: "Variable", form: str) -> str:
    """The number in a format; without one, an array as it is printed."""
    return format(x.item(), form) if form or not x.shape else repr(x)


def text(x: "Variable") -> str:
    """As PyTorch prints it."""
    from .printing import text

    return text(x)


def bundle(x: "Variable", **asked: "Any") -> "dict[str, str]":
    """For a notebook: the text, and a picture of the graph."""
    from .display import bundle

    return bundle(x)
