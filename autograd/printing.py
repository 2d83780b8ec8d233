"""The text of a Variable, as PyTorch prints a tensor.

All numbers of one Variable are written alike and padded to one width: whole numbers as `3.`, others
with four decimals; in scientific form where the largest is more than 1000 times the smallest that
is not 0, or above 1e8, or where the smallest is below 1e-4 and not all are whole. Lines end at 80
columns; of more than 1000 numbers the first and last three along each axis are shown.
"""

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .variable import Variable

_START = "tensor("
_COLUMNS = 80
_MANY = 1000
_EDGE = 3


def text(variable: "Variable") -> str:
    """The text of a Variable.

    >>> from autograd import Variable
    >>> print(text(Variable(-7.84)), text(Variable(1.0, requires_grad=True)))
    tensor(-7.8400) tensor(1., requires_grad=True)
    """
    shape = variable.shape
    if 0 in shape:
        body = "[]"
    else:
        numbers = variable.tolist()
        if _product(shape) > _MANY:
            numbers = _edges(numbers, len(shape))
        body = _nested(numbers, len(shape), len(_START), _layout(_flat(numbers, len(shape))))
    result = _START + body
    column = len(result) - result.rfind("\n") + 1
    for suffix in _suffixes(variable, shape):
        if column + len(suffix) + 2 > _COLUMNS:
            result += ",\n" + " " * len(_START) + suffix
            column = len(_START) + len(suffix)
        else:
            result += ", " + suffix
            column += len(suffix) + 2
    return result + ")"


def _product(shape: "tuple[int, ...]") -> int:
    size = 1
    for n in shape:
        size *= n
    return size


def _edges(numbers: "Any", depth: int) -> "Any":
    """The first and last few numbers along each axis, with None between them."""
    if depth == 0:
        return numbers
    if len(numbers) <= 2 * _EDGE:
        return [_edges(x, depth - 1) for x in numbers]
    first = [_edges(x, depth - 1) for x in numbers[:_EDGE]]
    last = [_edges(x, depth - 1) for x in numbers[-_EDGE:]]
    return first + [None] + last


def _flat(numbers: "Any", depth: int) -> "list[Any]":
    if depth == 0:
        return [numbers]
    return [x for part in numbers if part is not None for x in _flat(part, depth - 1)]


def _layout(numbers: "list[Any]") -> "tuple[str, int]":
    """The form in which each of these numbers is written, and the width it is padded to."""
    if not isinstance(numbers[0], float):  # integers, or True and False
        return "%s", max([len(str(x)) for x in numbers])
    nonzero = [x for x in numbers if x != 0 and math.isfinite(x)]
    if not nonzero:
        return "%.0f.", 1
    sizes = [abs(x) for x in nonzero]
    form = _form(min(sizes), max(sizes), all([x == math.floor(x) for x in nonzero]))
    return form, max([len(form % x) for x in nonzero])


def _form(smallest: float, largest: float, whole: bool) -> str:
    """The form for numbers of these sizes, of which all are `whole` or not."""
    if largest > 1000.0 * smallest or largest > 1e8 or (smallest < 1e-4 and not whole):
        return "%.4e"
    return "%.0f." if whole else "%.4f"


def number(x: float) -> str:
    """What stands between the parentheses when one number is printed.

    >>> number(-7.84), number(4.0), number(0.0), number(1.9206e8)
    ('-7.8400', '4.', '0.', '1.9206e+08')
    """
    size = abs(x)
    if 1e-4 <= size <= 1e8:
        return ("%.0f." if size % 1.0 == 0 else "%.4f") % x
    if x == 0:
        return "%.0f." % x
    return _form(size, size, x == math.floor(x)) % x if math.isfinite(x) else str(x)


def show(value: float) -> str:
    """A number as drawings show it: four decimals without idle zeros, or with an exponent.

    >>> show(-7.84), show(2.0), show(-0.0), show(1e9), show(float("nan"))
    ('-7.84', '2', '0', '1.000e+09', 'nan')
    """
    if value != value:
        return "nan"
    if value in (math.inf, -math.inf):
        return "inf" if value > 0 else "-inf"
    size = abs(value)
    if size >= 1e6 or 0 < size < 5e-5:
        return "%.3e" % value
    if value == int(value):
        return "%d" % value
    return ("%.4f" % value).rstrip("0").rstrip(".")


def _written(x: "Any", layout: "tuple[str, int]") -> str:
    form, width = layout
    written = form % x if math.isfinite(x) else str(x)
    return " " * (width - len(written)) + written


def _nested(numbers: "Any", depth: int, column: int, layout: "tuple[str, int]") -> str:
    """The numbers in brackets, the first of which stands at `column`."""
    if depth == 0:
        return _written(numbers, layout)
    if depth > 1:
        parts = [
            "..." if part is None else _nested(part, depth - 1, column + 1, layout)
            for part in numbers
        ]
        return "[" + ("," + "\n" * (depth - 1) + " " * (column + 1)).join(parts) + "]"
    words = [" ..." if x is None else _written(x, layout) for x in numbers]
    each = max(1, (_COLUMNS - column) // (layout[1] + 2))
    lines = [", ".join(words[i : i + each]) for i in range(0, len(words), each)]
    return "[" + (",\n" + " " * (column + 1)).join(lines) + "]"


def _suffixes(variable: "Variable", shape: "tuple[int, ...]") -> "list[str]":
    """What stands behind the numbers: size, dtype, and where the Variable comes from."""
    suffixes = []
    if 0 in shape and len(shape) > 1:
        suffixes.append(f"size=({', '.join([str(n) for n in shape])})")
    dtype = str(getattr(variable.value, "dtype", "float32"))  # a number prints as a 32-bit one does
    if dtype not in ("float32", "bool", "int64") or (0 in shape and dtype != "float32"):
        suffixes.append("dtype=torch." + dtype)
    if variable.rule is not None:
        suffixes.append(f"grad_fn=<{_grad_fn(variable)}>")
    elif variable.requires_grad:
        suffixes.append("requires_grad=True")
    return suffixes


_PRODUCTS = {  # by the number of axes of each factor
    (1, 1): "DotBackward0",
    (1, 2): "SqueezeBackward4",
    (2, 1): "MvBackward0",
    (2, 2): "MmBackward0",
}


def _grad_fn(variable: "Variable") -> str:
    """PyTorch's name for the operation: the rule's, except where it has several."""
    rule = variable.rule
    assert rule
    name, inputs = rule.name, variable.inputs
    of_variables = [hasattr(x, "backward") for x in inputs]
    if name == "sub" and not of_variables[0]:
        return "RsubBackward1"
    if name == "div" and not of_variables[0]:
        return "MulBackward0"  # PyTorch multiplies by the reciprocal
    if name == "pow" and all(of_variables):
        return "PowBackward1"
    if name == "pow" and of_variables[1]:
        return "PowBackward2"
    if name == "matmul":
        x, y = inputs
        return _PRODUCTS.get((len(x.shape), len(y.shape)), "UnsafeViewBackward0")
    if name == "clamp":
        return "ClampBackward0" if any(of_variables[1:]) else "ClampBackward1"
    words = ("view" if name == "reshape" else name).split("_")
    return "".join([word[:1].upper() + word[1:] for word in words]) + f"Backward{rule.version}"
