"""The operations on arrays that are not elementwise: reductions, products, shapes, elements.

Each is a function that makes its rule: the value and, for each input, the vector-Jacobian product.
Where an operation is not linear, the product is written for Variables as well as for arrays, so
that it can be differentiated itself.

The functions take Variables and arrays. `dim` is the axis to work along, as PyTorch calls it; -1 is
the last. They raise RuntimeError where shapes do not fit, and IndexError where there is no such
axis or element.
"""

import math
from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from .arrays import Array, added
from .functions import exp, maximum, minimum, where
from .rules import Rule
from .variable import Variable, leaf, record

Shape = tuple[int, ...]


def apply(rule: Rule, *inputs: Any) -> Any:
    """The rule's result: a Variable if an input is one, else an array."""
    recorded = any([isinstance(x, Variable) for x in inputs])
    return record(rule, *inputs) if recorded else rule.value(*inputs)


def axes(name: str, shape: Shape, dim: Any) -> Shape:
    """The axes that `dim` names, counted from the first: one, several, or all for None and ().

    A number has none, but lets itself be asked for its first or last.

    >>> axes("sum", (2, 3), -1), axes("sum", (2, 3), None), axes("sum", (), 0)
    ((1,), (0, 1), ())
    """
    n = len(shape)
    if dim is None or dim == ():
        return tuple(range(n))
    several = dim if isinstance(dim, (tuple, list)) else (dim,)
    _integers(name, "dim", several)
    for d in several:
        if not -(n or 1) <= d < (n or 1):
            raise IndexError(
                f"{name}: dim={d} is no axis of the shape {shape}; the last is {(n or 1) - 1} or -1"
            )
    return tuple([d % n for d in several if n])


def _integers(name: str, what: str, given: Sequence[Any]) -> None:
    """Raise TypeError unless all of these are integers."""
    for n in given:
        if not hasattr(n, "__index__"):
            raise TypeError(f"{name}: {what} must be an integer, or several, not {n!r}")


# Reductions


def _reduction(
    name: str,
    meaning: str,
    value: Callable[..., Any],
    pull: Callable[..., Any],
    saves: Shape = (),
    versions: tuple[int, int] = (0, 0),
) -> Callable[..., Any]:
    """The function that reduces axes of x to `value(x, along)`.

    `pull(upstream, x, z, along)` is the gradient for x, or what is broadcast to it; in upstream and
    z those axes have length 1. `versions` are the rule's for a reduction of all elements and along
    axes.
    """

    @lru_cache(maxsize=64)
    def rule(shape: Shape, dim: Any, keepdim: bool) -> Rule:
        along = axes(name, shape, dim)
        kept = tuple([1 if i in along else n for i, n in enumerate(shape)])

        def pull_x(upstream: Any, x: Any, z: Any) -> Any:
            if z is not None:  # which a linear rule need not know
                z = z.reshape(kept)
            sent = pull(upstream.reshape(kept), x, z, along)
            if sent.shape == shape:
                return sent
            stretched = np.empty(shape, sent.dtype)  # of a linear rule; quicker than a view
            stretched[...] = sent
            return stretched

        def reduced(x: Any) -> Any:
            z = value(x, along)
            return z.reshape(kept) if keepdim else z

        return Rule(
            name,
            reduced,
            pulls=(pull_x,),
            saves=(saves,) if saves else (),
            fit=f"dim={dim} must name different axes and, but for a sum or product, not empty ones",
            version=versions[dim is not None],
        )

    def reduce(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
        if dim.__class__ is list:
            dim = tuple(dim)
        if not isinstance(input, Variable):
            return rule(np.shape(input), dim, keepdim).value(input)
        found = rule(input.shape, dim, keepdim)
        return input if input.value.__class__ is float else record(found, input)

    reduce.__name__ = reduce.__qualname__ = name
    reduce.__doc__ = meaning + " Of all elements, or along one or several axes."
    return reduce


sum = _reduction(
    "sum",
    "The sum; its gradient is 1 for each element.",
    added,
    lambda upstream, x, z, along: upstream,
    versions=(0, 1),
)
mean = _reduction(
    "mean",
    "The mean; its gradient is 1/n for each of n elements.",
    lambda x, along: added(x, along) / _count(x, along),
    lambda upstream, x, z, along: upstream / _count(x, along),
    versions=(0, 1),
)
prod = _reduction(
    "prod",
    "The product; the gradient for an element is the product of the others.",
    np.prod,
    lambda upstream, x, z, along: upstream * _others(x, z, along),
    saves=(0, 1),
    versions=(0, 1),
)
amax, amin, _max, _min = [
    _reduction(
        name,
        f"The {meaning}; those that are equal share the gradient.",
        of,
        lambda upstream, x, z, along: _shared(upstream, maximum(x == z, x != x), along),
        saves=(0, 1),
        versions=(version, 0),
    )
    for name, meaning, of, version in (
        ("amax", "largest", np.max, 0),
        ("amin", "smallest", np.min, 0),
        ("max", "", np.max, 1),
        ("min", "", np.min, 1),
    )
]
logsumexp = _reduction(
    "logsumexp",
    "log(Σ eˣ), without overflow; its gradient is softmax(x).",
    lambda x, along: _logsumexp(x, along),
    lambda upstream, x, z, along: upstream * exp(x - z),
    saves=(0, 1),
)


def _count(x: Any, along: Shape) -> int:
    return x.size if len(along) == x.ndim else math.prod([x.shape[i] for i in along])


def _shared(upstream: Any, chosen: Any, along: Shape) -> Any:
    return upstream * chosen / sum(chosen, along, True)


def _others(x: Any, z: Any, along: Shape) -> Any:
    """For each element the product of the others: z/x, or written out where one of them is 0."""
    if np.all(x.value if isinstance(x, Variable) else x):
        return z / x
    order = tuple([i for i in range(len(x.shape)) if i not in along]) + along
    last = permute(x, order)
    rows = last.reshape((*last.shape[: len(order) - len(along)], -1))
    ones = np.eye(rows.shape[-1], dtype=bool)
    others = prod(where(ones, 1.0, rows[..., np.newaxis, :]), -1)
    return permute(others.reshape(last.shape), tuple(np.argsort(order).tolist()))


def _logsumexp(x: Array, along: Shape) -> Array:
    x = _floats(x)
    top = np.max(x, along, keepdims=True, initial=-np.inf)
    top = np.where(np.isfinite(top), top, 0)
    z: Array = np.log(np.sum(np.exp(x - top), along)) + np.squeeze(top, along)
    return z


def max(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """The largest element, to which the gradient goes; or, of two arrays, `maximum`.

    Of the whole, those that are equal share the gradient. Along an axis it goes to the first, and
    the result is a pair of `values` and `indices`.

    >>> max(np.array([[1.0, 3.0], [4.0, 2.0]]), dim=1)
    torch.return_types.max(
    values=array([3., 4.]),
    indices=array([1, 0]))
    """
    if isinstance(dim, (Variable, np.ndarray)):
        return maximum(input, dim)
    return _max(input) if dim is None else _extreme("max", np.argmax, input, dim, keepdim)


def min(input: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """The smallest element, as `max` the largest."""
    if isinstance(dim, (Variable, np.ndarray)):
        return minimum(input, dim)
    return _min(input) if dim is None else _extreme("min", np.argmin, input, dim, keepdim)


class Extreme(namedtuple("Extreme", "values indices")):
    """The largest or smallest elements along an axis, and where they were."""

    name: str

    def __repr__(self) -> str:
        """As PyTorch prints it."""
        return (
            f"torch.return_types.{self.name}(\nvalues={self.values!r},\nindices={self.indices!r})"
        )


def _extreme(name: str, find: Any, x: Any, dim: int, keepdim: bool) -> Extreme:
    """The elements that `find` finds along an axis, and their indices there."""
    _integers(name, "dim", (dim,))
    value = np.asarray(x.value if isinstance(x, Variable) else x)
    along = axes(name, value.shape, dim)
    if 0 in [value.shape[i] for i in along]:
        raise IndexError(f"{name}: the shape {value.shape} has no elements along dim={dim}")
    indices = find(value, axis=dim, keepdims=True)
    place = list(np.indices(indices.shape, sparse=True))
    for axis in along:
        place[axis] = indices
    if not keepdim:
        indices = np.squeeze(indices, along)
        place = [np.squeeze(part, along) for part in place]
    values = apply(_taking(name, value.shape, tuple(place), True), x) if along else x
    found = Extreme(values, leaf(indices) if isinstance(x, Variable) else indices)
    found.name = name
    return found


def _along(name: str, value: Any, pull: Any, x: Any, dim: int) -> Any:
    """A function of the elements along one axis that keeps it, of which the result z suffices."""
    along = axes(name, np.shape(x), dim)

    def centered(x: Any) -> Any:
        x = _floats(x)
        return value(x - np.maximum.reduce(x, along, keepdims=True, initial=-np.inf), along)

    if not isinstance(x, Variable):
        return centered(x)
    rule = Rule(
        name, centered, pulls=(lambda upstream, x, z: pull(upstream, z, along),), saves=((1,),)
    )
    return record(rule, x)


def _floats(x: Any) -> Any:
    """Integers as floats: of these an exponential is wanted, and infinity as the least."""
    x = np.asarray(x)
    return x if x.dtype.kind == "f" else x.astype(float)


def softmax(input: Any, dim: int) -> Any:
    """eˣ / Σ eˣ along an axis, without overflow: positive numbers whose sum is 1."""

    def value(x: Array, along: Shape) -> Any:
        powers = np.exp(x)
        return powers / added(powers, along, keepdims=True)

    def pull(upstream: Any, z: Any, along: Shape) -> Any:
        return z * upstream - z * sum(z * upstream, along, True)

    return _along("softmax", value, pull, input, dim)


def log_softmax(input: Any, dim: int) -> Any:
    """The logarithm of softmax, exact where that is close to 0 or 1."""

    def value(x: Array, along: Shape) -> Any:
        return x - np.log(np.sum(np.exp(x), along, keepdims=True))

    def pull(upstream: Any, z: Any, along: Shape) -> Any:
        return upstream - exp(z) * sum(upstream, along, True)

    return _along("log_softmax", value, pull, input, dim)


def nll_of_softmax(x: Any, target: Any) -> Any:
    """For each sample -log softmax(x)[target]; see losses.cross_entropy."""
    classes = np.asarray(_place(target))
    shape = np.shape(x)
    dim = 0 if len(shape) == 1 else 1
    if shape and classes.dtype.kind == "f" and classes.shape == shape:
        return -sum(target * log_softmax(x, dim), dim)
    fits = shape and classes.shape == shape[:dim] + shape[dim + 1 :]
    if classes.dtype.kind not in "iu" or not fits:
        raise ValueError(
            f"cross_entropy: the input has the shape {shape} and the target {classes.shape}, of "
            f"{classes.dtype}; for an input of (N, C) give N integers, or (N, C) probabilities"
        )
    if classes.size and not 0 <= classes.min() <= classes.max() < shape[dim]:
        raise IndexError(
            f"cross_entropy: the classes are 0 to {shape[dim] - 1}, and the target has others"
        )
    grid = (
        [np.arange(classes.size)] if classes.ndim == 1 else np.indices(classes.shape, sparse=True)
    )
    place = (*grid[:dim], classes, *grid[dim:])
    kept = (*shape[:dim], 1, *shape[dim + 1 :])

    powers: list[Array] = []  # what the value has computed, of which x, for the gradient

    def value(x: Array) -> Any:
        shifted = x - np.maximum.reduce(x, dim, keepdims=True)
        e = np.exp(shifted)
        total = added(e, dim, keepdims=True)
        powers[:] = x, e, total
        return np.log(total).reshape(classes.shape) - shifted[place]

    def pull(upstream: Any, x: Any, z: Any) -> Any:
        if isinstance(upstream, Variable):
            chosen = np.zeros(shape, bool)
            chosen[place] = True
            return upstream.reshape(kept) * (softmax(x, dim) - chosen)
        if powers[0] is not x:
            value(x)
        sent = powers[1] / powers[2]
        sent[place] -= 1.0
        sent *= upstream.reshape(kept)
        return sent

    return apply(Rule("nll_loss", value, pulls=(pull,), saves=((0,),)), x)


# Products


def matmul(input: Any, other: Any) -> Any:
    """The product of matrices: of the last two axes, with the others broadcast.

    A row on the left or a column on the right may be given by one axis.
    """
    recorded = isinstance(input, Variable)
    return record(MATMUL, input, other) if recorded else apply(MATMUL, input, other)


def rmatmul(y: Any, x: Any) -> Any:
    """x @ y."""
    return matmul(x, y)


def dot(input: Any, tensor: Any) -> Any:
    """The sum of the products of the elements of two arrays of one axis."""
    if len(np.shape(input)) != 1 or len(np.shape(tensor)) != 1:
        raise RuntimeError(
            f"dot: the shapes {np.shape(input)} and {np.shape(tensor)} do not fit: both need one "
            "axis; use x @ y for matrices"
        )
    return matmul(input, tensor)


def _matrix(upstream: Array, x: Array, y: Array) -> Array:
    """What arrives at x @ y, with the axes that it lacks where x is a row or y a column."""
    if y.ndim == 1:
        upstream = upstream[..., np.newaxis]
    return upstream[..., np.newaxis, :] if x.ndim == 1 else upstream


def _pull_left(upstream: Array, x: Array, y: Array, z: Array) -> Any:
    """dx = dz yᵀ."""
    if x.ndim == y.ndim == 2:
        return upstream.dot(y.T)
    columns = y[:, np.newaxis] if y.ndim == 1 else y
    gradient: Array = np.matmul(_matrix(upstream, x, y), columns.swapaxes(-1, -2))
    return gradient


def _pull_right(upstream: Array, x: Array, y: Array, z: Array) -> Any:
    """dy = xᵀ dz."""
    if x.ndim == y.ndim == 2:
        return x.T.dot(upstream)
    rows = x[np.newaxis, :] if x.ndim == 1 else x
    gradient: Array = np.matmul(rows.swapaxes(-1, -2), _matrix(upstream, x, y))
    return gradient[..., 0] if y.ndim == 1 else gradient


def _matmul(x: Array, y: Array) -> Any:
    if getattr(x, "ndim", 0) == getattr(y, "ndim", 0) == 2:
        return x.dot(y)  # which is quicker
    return np.matmul(x, y)


MATMUL = Rule(
    "matmul",
    _matmul,
    pulls=(_pull_left, _pull_right),
    saves=((1,), (0,)),
    fit="the last axis of the first must be as long as the last but one (or only) of the second",
)


def addmm(input: Any, mat1: Any, mat2: Any) -> Any:
    """input + mat1 @ mat2, for matrices, in one operation: a layer's bias and weights.

    >>> addmm(np.array([10.0, 20.0]), np.array([[1.0, 2.0]]), np.array([[1.0, 0.0], [0.0, 3.0]]))
    array([[11., 26.]])
    """
    return apply(ADDMM, input, mat1, mat2)


def _addmm(input: Array, mat1: Array, mat2: Array) -> Any:
    if mat1.ndim != 2 or mat2.ndim != 2:
        raise ValueError
    z = mat1.dot(mat2)
    if getattr(input, "dtype", z.dtype) != z.dtype:
        return input + z
    return np.add(input, z, z)


ADDMM = Rule(
    "addmm",
    _addmm,
    pulls=(
        lambda upstream, input, mat1, mat2, z: upstream,  # summed as after all broadcasting
        lambda upstream, input, mat1, mat2, z: _pull_left(upstream, mat1, mat2, z),
        lambda upstream, input, mat1, mat2, z: _pull_right(upstream, mat1, mat2, z),
    ),
    saves=((), (2,), (1,)),
    fit="mat1 @ mat2 must be a product of matrices, and the input broadcast to its shape",
)


# Shapes


def reshape(input: Any, shape: Any, *more: Any) -> Any:
    """The same elements in another shape; one length may be -1: whatever is left.

    The shape is a tuple, or its lengths one after the other.
    """
    of_x, of_z = np.shape(input), _given("reshape", shape, more)
    rule = Rule(
        "reshape",
        lambda x: np.reshape(x, of_z),
        pulls=(lambda upstream, x, z: upstream.reshape(of_x),),
        fit=f"{of_z} must have as many elements",
    )
    return apply(rule, input)


def broadcast_to(input: Any, size: Any, *more: Any) -> Any:
    """An array repeated along new first axes and those of length 1; -1 leaves an axis as it is."""
    old, new = np.shape(input), _given("expand", size, more)
    kept = (0,) * (len(new) - len(old)) + old
    new = tuple([n if n != -1 else kept[i] for i, n in enumerate(new)])
    if new == old:
        return input
    rule = Rule(
        "expand",
        lambda x: np.broadcast_to(x, new),
        pulls=(lambda upstream, x, z: upstream,),  # summed as after all broadcasting
        fit=f"only new first axes and those of length 1 can be stretched, not to {new}",
    )
    return apply(rule, input)


def _given(name: str, first: Any, more: tuple[Any, ...]) -> Shape:
    """Lengths or axes, given as one tuple or one after the other."""
    given = tuple(first) if isinstance(first, (tuple, list)) else (first, *more)
    _integers(name, "each length or axis", given)
    return given


def permute(input: Any, dims: Any, *more: Any) -> Any:
    """The axes in another order: `dims` says for each where it was."""
    given = _given("permute", dims, more)
    return _reordered("permute", input, axes("permute", np.shape(input), given) if given else ())


def _reordered(name: str, input: Any, order: Shape) -> Any:
    back = np.argsort(order)
    rule = Rule(
        name,
        lambda x: np.transpose(x, order),
        pulls=(lambda upstream, x, z: upstream.transpose(back),),
        fit=f"the dims {order} must name each axis once",
    )
    return apply(rule, input)


def transpose(input: Any, dim0: int, dim1: int) -> Any:
    """An array with two axes exchanged."""
    shape = np.shape(input)
    order = list(range(len(shape)))
    if order:
        (i,), (j,) = axes("transpose", shape, dim0), axes("transpose", shape, dim1)
        order[i], order[j] = j, i
    return _reordered("transpose", input, tuple(order))


# Elements


def _taking(name: str, shape: Shape, place: Any, gathers: bool) -> Rule:
    """The rule of x[place]. The gradient goes where the elements came from, to all others 0."""

    def pull(upstream: Array, x: Array, z: Array) -> Array:
        gradient = np.zeros(shape, upstream.dtype)
        if gathers:
            np.add.at(gradient, place, upstream)  # an element may have been taken more than once
        else:
            gradient[place] = upstream
        return gradient

    return Rule(name, lambda x: np.asarray(x)[place], pulls=(pull,))


_STEPS = {int: "select", slice: "slice", type(None): "unsqueeze", bool: "index"}


def _place(part: Any) -> Any:
    """What NumPy takes for one part of an index: what holds one integer is an integer.

    Variables of one number hold a float; a whole one is taken for an integer.
    """
    if isinstance(part, Variable):
        part = part.value
        if part.__class__ is float and part % 1.0 == 0.0:
            return int(part)
    if isinstance(part, slice) and part.step == 0:
        raise ValueError("index: the step of a slice cannot be 0")
    whole = isinstance(part, (np.ndarray, np.generic)) and not part.ndim and part.dtype.kind in "iu"
    return int(part) if whole else part


def index(x: Variable, key: Any) -> Variable:
    """x[key], sharing x's storage where NumPy can; its gradient goes where it was taken from."""
    parts = [_place(part) for part in (key if isinstance(key, tuple) else (key,))]
    if not any(part is Ellipsis for part in parts):
        parts.append(Ellipsis)  # so that NumPy gives an array of no axes, not a copied number
    gathers = any(isinstance(part, (list, np.ndarray)) for part in parts)
    selects = any(isinstance(part, int) for part in parts)
    if gathers and selects:  # first the integers, by themselves, as in PyTorch
        first: list[Any] = []
        for part in parts:
            if isinstance(part, int) or part is Ellipsis:
                first.append(part)
            elif part is not None:
                mask = isinstance(part, (list, np.ndarray)) and np.asarray(part).dtype == bool
                first += [slice(None)] * (np.ndim(part) if mask else 1)
        rest = tuple([part for part in parts if not isinstance(part, int)])
        return index(index(x, tuple(first)), rest)
    # PyTorch takes one step after the other, and the result is named for the last.
    steps = ["index"] if gathers else [_STEPS.get(type(p), "") for p in parts if p != slice(None)]
    name = ["slice", *filter(None, steps)][-1]
    rule = _taking(name, x.shape, tuple(parts), gathers)
    try:
        z = record(rule, x)
    except IndexError as error:
        raise IndexError(f"index: {error}; the shape is {x.shape}") from None
    if name == "slice" and z.shape == x.shape and not isinstance(key, slice):
        rule.name = "alias"
    return z


def cat(tensors: Sequence[Any], dim: int = 0) -> Any:
    """Arrays joined along an axis that they have; the others must be equal.

    >>> cat([np.ones((1, 2)), np.zeros((2, 2))]).tolist()
    [[1.0, 1.0], [0.0, 0.0], [0.0, 0.0]]
    """
    shapes = [np.shape(x) for x in tensors]
    if () in shapes or not shapes:
        error = RuntimeError if shapes else ValueError
        raise error(f"cat: arrays with axes are needed, not {shapes}; numbers are joined by stack")
    (axis,) = axes("cat", shapes[0], dim)
    ends = np.cumsum([shape[axis] if axis < len(shape) else 0 for shape in shapes]).tolist()
    before = (slice(None),) * axis
    parts = [(*before, slice(end - shape[axis], end)) for end, shape in zip(ends, shapes)]
    return _join("cat", lambda *xs: np.concatenate(xs, axis), tensors, parts)


def stack(tensors: Sequence[Any], dim: int = 0) -> Any:
    """Numbers, or arrays of one shape, joined along a new axis.

    >>> stack([np.array([1.0, 2.0]), np.array([3.0, 4.0])], dim=1).tolist()
    [[1.0, 3.0], [2.0, 4.0]]
    """
    if not tensors:
        raise RuntimeError("stack: at least one array is needed")
    (axis,) = axes("stack", (*np.shape(tensors[0]), 1), dim)
    parts = [(*(slice(None),) * axis, i) for i in range(len(tensors))]
    return _join("stack", lambda *xs: np.stack(xs, axis), tensors, parts)


def _join(name: str, value: Any, tensors: Sequence[Any], parts: Sequence[Any]) -> Any:
    """Arrays joined by `value`; the gradient for each is its part of upstream."""
    rule = Rule(
        name,
        value,
        pulls=tuple([lambda upstream, *_, part=part: upstream[part] for part in parts]),
        fit="but for the axis to join along, all shapes must be equal",
    )
    return apply(rule, *tensors)


concatenate = cat
