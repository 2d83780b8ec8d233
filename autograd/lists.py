"""Arrays without NumPy, for a network that trains in the page: a flat list of numbers and a shape.

A Variable may hold a ListArray as it may hold a NumPy array. The same table of rules serves both;
here its rows are applied number by number. There is no more of it than a small network needs:
elementwise operations, products of matrices, sums and means.

>>> from autograd import Variable
>>> w = Variable(ListArray([[0.5, -1.0], [0.0, 2.0]]), requires_grad=True)
>>> (w * w + 1.0).sum().backward()
>>> w.grad
tensor([[ 1., -2.],
        [ 0.,  4.]])
"""

import sys

from .functions import over
from .rules import RULES, Rule
from .variable import Variable, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


def _operators(name: str) -> "tuple[Callable[..., Any], Callable[..., Any]]":
    """The methods for self ∘ y and for x ∘ self."""
    rule = RULES[name]
    return (lambda x, y: compute(rule, (x, y))), (lambda y, x: compute(rule, (x, y)))


class ListArray:
    """Numbers along one or more axes, kept as one list in which the last axis varies fastest.

    From numbers in nested lists of equal lengths; or, where `shape` is given, from the flat list of
    floats itself, which is not copied. Raises TypeError where the lists are not like that.

    >>> x = ListArray([[1, 2, 3], [4, 5, 6]])
    >>> x.numbers, x.shape
    ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], (2, 3))
    >>> (x @ x.T).tolist()
    [[14.0, 32.0], [32.0, 77.0]]
    """

    engine: "Any"  # this module: where a Variable that holds a ListArray finds its operations

    def __init__(self, data: "Any", shape: "tuple[int, ...] | None" = None) -> None:
        if shape is None:
            data, shape = _flat(data)
        self.numbers: list[float] = data
        self.shape = shape

    @property
    def size(self) -> int:
        return len(self.numbers)

    @property
    def T(self) -> "ListArray":
        """The transpose of a matrix."""
        rows, columns = self.shape
        numbers: list[float] = []
        for j in range(columns):
            numbers += self.numbers[j::columns]
        return ListArray(numbers, (columns, rows))

    def reshape(self, shape: "tuple[int, ...]") -> "ListArray":
        """The same numbers, shared, in another shape; -1 stands for what is left."""
        left = self.size // max(abs(_product(shape)), 1)
        shape = tuple([left if n == -1 else n for n in shape])
        return ListArray(self.numbers, shape)

    def rows(self) -> "list[list[float]]":
        """The numbers along the last axis, list by list."""
        rows: list[list[float]] = self.reshape((_product(self.shape[:-1]), self.shape[-1])).tolist()
        return rows

    def tolist(self) -> "Any":
        """The numbers in nested lists."""
        nested: Any = self.numbers[:]
        for axis in range(len(self.shape) - 1, 0, -1):
            n = self.shape[axis]
            nested = [nested[i * n : (i + 1) * n] for i in range(_product(self.shape[:axis]))]
        return nested

    def item(self) -> float:
        """The one number, where there is only one."""
        return self.numbers[0]

    def __matmul__(self, other: "ListArray") -> "ListArray":
        if len(other.shape) != 2 or len(self.shape) != 2 or self.shape[1] != other.shape[0]:
            raise RuntimeError(
                f"matmul: the shapes {self.shape} and {other.shape} do not fit: the second must "
                "have as many rows as the first has columns"
            )
        numbers = _products(self.shape[1])(self.rows(), other.T.rows())
        return ListArray(numbers, (self.shape[0], other.shape[1]))

    def __setitem__(self, place: "Any", other: "Any") -> None:
        """x[...] = other: a number, or numbers of x's shape or that of its last axes, in place."""
        assert place is Ellipsis
        put = each("x[...] = y", lambda x, y: float(y), self, other)
        if put.shape != self.shape:
            raise RuntimeError(
                f"numbers of the shape {put.shape} do not fit into a ListArray of the shape "
                f"{self.shape}; each of the last axes must have the same length"
            )
        self.numbers = put.numbers

    __add__, __radd__ = _operators("add")
    __sub__, __rsub__ = _operators("sub")
    __mul__, __rmul__ = _operators("mul")
    __truediv__, __rtruediv__ = _operators("div")
    __pow__, __rpow__ = _operators("pow")

    def __repr__(self) -> str:
        return f"ListArray({self.tolist()})"


def _product(lengths: "tuple[int, ...]") -> int:
    product = 1
    for n in lengths:
        product *= n
    return product


_known: "dict[int, Callable[..., list[float]]]" = {}


def _products(n: int) -> "Callable[..., list[float]]":
    """A function of rows and columns of n numbers, for all products of a row and a column.

    For a network's few numbers it is written out, which takes MicroPython half as long as a loop:
    "[a0 * b0 + a1 * b1 for a0, a1, in rows for b0, b1, in columns]".
    """
    if not 0 < n <= 32:
        return lambda rows, columns: [
            sum([x * y for x, y in zip(row, column)], 0.0) for row in rows for column in columns
        ]
    if n not in _known:
        row, column = ["".join(["%s%d, " % (x, i) for i in range(n)]) for x in "ab"]
        terms = " + ".join(["a%d * b%d" % (i, i) for i in range(n)])
        code = "lambda rows, columns: [%s for %sin rows for %sin columns]" % (terms, row, column)
        _known[n] = eval(code)
    return _known[n]


def _flat(data: "Any") -> "tuple[list[float], tuple[int, ...]]":
    """The numbers of nested lists, and the lengths of their axes."""
    shape: tuple[int, ...] = ()
    flat = [data]
    while flat and isinstance(flat[0], (list, tuple)):
        n = len(flat[0])
        if any([not isinstance(row, (list, tuple)) or len(row) != n for row in flat]):
            break
        shape += (n,)
        flat = [x for row in flat for x in row]
    if not shape or any([not isinstance(x, (int, float)) for x in flat]):
        raise TypeError(f"ListArray takes numbers in nested lists of equal lengths, not {data!r}")
    return [float(x) for x in flat], shape


def each(name: str, function: "Callable[..., Any]", *values: "Any") -> ListArray:
    """A function of floats, applied to the numbers that stand in the same place.

    A float, or an array that lacks the first axes, is repeated along these. Raises RuntimeError
    where the shapes do not fit.
    """
    shape: tuple[int, ...] = ()
    for x in values:
        if isinstance(x, ListArray) and len(x.shape) >= len(shape):
            shape, size = x.shape, x.size
    columns = []
    for x in values:
        if not isinstance(x, ListArray):
            columns.append([x] * size)
        elif x.shape == shape:
            columns.append(x.numbers)
        elif x.size and x.shape == shape[len(shape) - len(x.shape) :]:
            columns.append(x.numbers * (size // x.size))
        else:
            shapes = " and ".join([str(getattr(x, "shape", ())) for x in values])
            raise RuntimeError(
                f"{name}: the shapes {shapes} do not fit: of two ListArrays, one must have the "
                "shape of the other, or that of its last axes"
            )
    return ListArray(list(map(function, *columns)), shape)


def ieee(function: "Callable[..., Any]") -> "Callable[..., Any]":
    """`function` itself: numbers in lists give infinities and nan without warnings."""
    return function


def assign(array: ListArray, new: "Any", key: "Any" = ...) -> None:
    """array[...] = new; TypeError where only some elements are to change."""
    if key is not ...:
        raise TypeError("elements of a ListArray cannot be set one by one; use x.copy_(...)")
    array[...] = new


def compute(rule: Rule, values: "Sequence[Any]") -> "Any":
    """The value of a rule of which at least one input is a ListArray."""
    if rule.pulls:
        return rule.value(*values)
    return each(rule.name, rule.value, *values)


def downstream(rule: Rule, x: "Any", slot: int, upstream: ListArray, values: "list[Any]") -> "Any":
    """What a node sends on to one input: for an elementwise rule, upstream × local."""
    if rule.pulls:
        sent = rule.pulls[slot](upstream, *values)
    else:
        factor = rule.partials[slot]
        if factor.__class__ is not float:
            factor = each(rule.name, factor, *values)
        if rule.choice:
            sent = each(rule.name, lambda u, f: u * f if f else 0.0, upstream, factor)
        else:
            sent = upstream if factor == 1.0 else upstream * factor
    like = values[slot]
    if not isinstance(like, ListArray):
        return sum(sent.numbers)
    if like.shape != sent.shape:  # it was repeated
        n = like.size
        return ListArray([sum(sent.numbers[i::n]) for i in range(n)], like.shape)
    # A leaf keeps it, and may change it in place.
    return ListArray(sent.numbers, sent.shape) if sent is upstream else sent


def operate(name: str, x: Variable, *arguments: "Any", **named: "Any") -> Variable:
    """The sum or mean of all elements; raises TypeError for other operations."""
    if name not in ("sum", "mean") or arguments or named:
        raise TypeError(
            f"{name}: of a ListArray there are the sum() and mean() of all elements; x.tolist() "
            "gives its elements, and NumPy's arrays have more operations"
        )
    return record(SUM if name == "sum" else MEAN, x)


def start(result: Variable, gradient: "Any") -> ListArray:
    """What arrives at a result, of its shape: 1 for one number, if no gradient is given."""
    shape = result.shape
    if gradient is None and result.value.size != 1:
        raise RuntimeError(
            f"backward() starts from one number, and this result has the shape {shape}; take its "
            ".sum() or .mean() first, or give backward(gradient) of that shape"
        )
    upstream: ListArray = ListArray([1.0], shape) if gradient is None else Variable(gradient).value
    if getattr(upstream, "shape", ()) != shape:
        raise RuntimeError(
            "backward(gradient): the gradient has the shape "
            f"{getattr(upstream, 'shape', ())} and the result {shape}; they must be equal"
        )
    return upstream


def pull(*inputs: "Any") -> "Any":
    """Refuse to record a backward pass."""
    raise RuntimeError(
        "create_graph=True, for derivatives of derivatives, takes numbers and NumPy arrays, not "
        "ListArrays; make the network without dtype=list"
    )


reduced = pull


SUM = Rule(
    "sum",
    lambda x: float(sum(x.numbers)),
    pulls=(lambda upstream, x, z: ListArray([upstream] * x.size, x.shape),),
)
MEAN = Rule(
    "mean",
    lambda x: over(float(sum(x.numbers)), float(x.size)),
    pulls=(lambda upstream, x, z: ListArray([upstream / x.size] * x.size, x.shape),),
)
ListArray.engine = sys.modules[__name__]
