"""What arrays need beyond the table of rules: broadcasting, and the sums on the way back.

Imported for the first array, since numbers do without NumPy.

An elementwise rule sees arrays as it sees numbers. What arrays add is that an input may be
broadcast: one number of it goes into many of the result, so on the way back what these send is
added up.
"""

import math
import sys
from collections.abc import Sequence
from contextvars import copy_context
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .rules import RULES, Rule
from .variable import Variable, record, result, values_of

Array = NDArray[Any]
# What these rules compute for arrays is left to NumPy.
_NAMES = "exp log sqrt sin cos tan tanh sign abs maximum minimum where"
_NUMPYS = {RULES[name]: getattr(np, name) for name in _NAMES.split()}
_NUMPYS[RULES["relu"]] = lambda x: np.maximum(x, 0.0)
_FLOAT64 = np.dtype(np.float64)  # quicker to compare with than the type
added: Any = np.add.reduce  # quicker than np.sum; NumPy's own types for it differ by version

# The C library's malloc learns by this that arrays of such sizes are made and dropped, and keeps
# their memory for the next ones; else it returns it to the system, page by page, at every step.
np.empty(1 << 24, np.uint8)

# A context in which NumPy does not warn. To run a function in a copy of it takes an eighth of the
# time of np.errstate.
_quiet = copy_context()
_quiet.run(np.seterr, all="ignore")


def _references() -> int:
    made = np.empty(0)
    return sys.getrefcount(made)


_ALONE = _references()  # what is counted where one variable of a function holds an array


def ieee(function: Any) -> Any:
    """`function` without NumPy's warnings of infinities and nan."""
    return partial(_quiet.copy().run, function)


class _AnyVariable(type):
    def __instancecheck__(cls, x: object) -> bool:
        return isinstance(x, Variable)


class Tensor(Variable, metaclass=_AnyVariable):
    """A Variable that holds an array of 32-bit floats, from numbers in nested lists or an array.

    As in PyTorch, every Variable is a Tensor.

    >>> Tensor([[1, 2], [3, 4]])
    tensor([[1., 2.],
            [3., 4.]])
    >>> isinstance(Variable(1.0), Tensor)
    True
    """

    __slots__ = ()

    def __new__(cls, data: Any) -> Variable:  # type: ignore[misc]
        """Return a Variable; raise TypeError where `data` is not a sequence of numbers."""
        if isinstance(data, Variable):
            data = data.value
        if not isinstance(data, (list, tuple, range, np.ndarray)):
            raise TypeError(f"Tensor takes a list or an array, not {data!r}; try Tensor([...])")
        try:
            with np.errstate(over="ignore"):
                return Variable(operand(np.array(data)).astype(np.float32))
        except (TypeError, ValueError) as error:
            raise TypeError(
                f"Tensor takes numbers in nested lists of equal lengths: {error}"
            ) from None


def operand(x: Any) -> Any:
    """An array as it is; a NumPy scalar as a Python float."""
    if x.dtype.kind not in "fiub":
        raise TypeError(f"an array of real numbers is needed, not of {x.dtype}")
    return x if isinstance(x, np.ndarray) else float(x)


def copied(data: Any) -> Array:
    """A new array of these numbers; floats in lists become 32-bit floats."""
    array = np.array(data)
    if array.dtype == _FLOAT64 and not isinstance(data, np.ndarray):
        return array.astype(np.float32)
    return array


def is_view(value: Any, x: Any) -> bool:
    """Whether an array is part of that of a Variable: a change in place of one changes both."""
    part = getattr(value, "base", None) is not None and isinstance(x, Variable)
    return part and np.may_share_memory(value, x.value)


def assign(array: Array, new: Any, key: Any = ...) -> None:
    """array[key] = new; RuntimeError where the new numbers do not fit there."""
    new = operand(np.asarray(new.value if isinstance(new, Variable) else new))
    try:
        if not np.can_cast(new.dtype, array.dtype, "same_kind"):
            raise ValueError
        array[tuple(values_of(key if isinstance(key, tuple) else (key,)))] = new
    except ValueError:
        raise RuntimeError(
            f"numbers of the shape {new.shape} and type {new.dtype} cannot take the place of some "
            f"of the shape {array.shape} and type {array.dtype}, in place; compute a new Variable"
        ) from None


def compute(rule: Rule, values: Sequence[Any]) -> Any:
    """The value of a rule, of 64 bits if an input is; RuntimeError where shapes do not fit."""
    try:
        raw = _quiet.copy().run(_NUMPYS.get(rule, rule.value), *values)
        z: Any = raw if raw.__class__ is np.ndarray else np.asarray(raw)
    except ValueError:
        shapes = " and ".join(str(np.shape(value)) for value in values)
        raise RuntimeError(f"{rule.name}: the shapes {shapes} do not fit: {rule.fit}") from None
    if z.dtype == _FLOAT64:
        # As in PyTorch, arrays without axes do not decide it where others of floats have axes.
        # Numbers alone keep their 64 bits.
        arrays, single = [], False
        for x in values:
            if isinstance(x, np.ndarray):
                if x.dtype == _FLOAT64 and (x.ndim or not z.ndim):
                    return z
                if x.ndim or x.dtype.kind != "b":  # nor does a number that is True or False
                    arrays.append(x.dtype)
                single = single or (x.ndim > 0 and x.dtype.kind == "f")
        if arrays and (single or _FLOAT64 not in arrays):
            return z.astype(np.float32)
    return z


def start(result: Variable, gradient: Any) -> Array:
    """What arrives at a result, of its shape: ones for one number, if no gradient is given."""
    z: Array = result.value
    if gradient is None:
        if z.size != 1:
            raise RuntimeError(
                f"backward() starts from one number, and this result has the shape {z.shape}; take "
                "its .sum() or .mean() first, or give backward(gradient) of that shape"
            )
        return np.ones(z.shape, z.dtype) if z.ndim else np.array(1.0, z.dtype)
    given = np.array(gradient.value if isinstance(gradient, Variable) else gradient)
    if given.dtype.kind not in "fiub":
        raise TypeError(f"backward(gradient): the gradient must be of numbers, not {gradient!r}")
    upstream: Array = given.astype(z.dtype)
    if upstream.shape != z.shape:
        raise RuntimeError(
            f"backward(gradient): the gradient has the shape {upstream.shape} and the result "
            f"{z.shape}; they must be equal"
        )
    return upstream


def downstream(rule: Rule, x: Any, slot: int, upstream: Array, values: list[Any]) -> Any:
    """What a node sends on to one input: for an elementwise rule, upstream × local."""
    like = values[slot]
    if rule.pulls:
        sent = rule.pulls[slot](upstream, *values)
    else:
        factor = rule.partials[slot]
        if factor.__class__ is not float:
            factor = factor(*values)
            alone = sys.getrefcount(factor) == _ALONE and factor.__class__ is np.ndarray
            sent = product(upstream, factor, rule.choice, alone)
        else:
            sent = upstream if factor == 1.0 else upstream * factor
    if (
        sent.__class__ is not np.ndarray
        or like.__class__ is not np.ndarray
        or sent.shape != like.shape
        or sent.dtype != like.dtype
    ):
        sent = unbroadcast(sent, like)
    shared = sent is upstream or getattr(sent, "base", None) is not None
    if shared and isinstance(x, Variable) and x.rule is None:
        sent = sent.copy()  # a leaf keeps it, and may change it in place
    return sent


def pull(node: Variable, rule: Rule, slot: int, upstream: Variable) -> Variable:
    """A rule's vector-Jacobian product for one input, computed by operations on Variables.

    A rule that looks at x or z for dx is nonlinear in x: its `pulls` must be written in operations
    that Variables have. The others may be written for arrays alone; see `_transposed`.
    """
    inputs = list(node.inputs)
    if rule.looks_at(slot, slot) or rule.looks_at(slot, len(inputs)):
        sent: Variable = rule.pulls[slot](upstream, *inputs, node)
        return sent
    # What plays no part in the product has no part in f(t, y) either: there it is 0.
    looked_at = [
        x if rule.looks_at(slot, i) else np.zeros_like(value)
        for i, (x, value) in enumerate(zip(inputs, values_of(tuple(inputs)), strict=True))
    ]
    return record(_transposed(rule, slot, len(inputs)), upstream, *looked_at)


def _transposed(rule: Rule, slot: int, n: int) -> Rule:
    """The operation dx(upstream, x, y, ...) that pulls back to one input in which a rule is linear.

    For z = f(x, y), linear in x, and any t of x's shape, t · dx(upstream, y) = upstream · f(t, y).
    So the gradient for upstream is f(t, y), and for y it is what f gives where t stands for x.
    """

    def with_t(t: Any, inputs: tuple[Any, ...]) -> list[Any]:
        return [t if i == slot else x for i, x in enumerate(inputs)]

    def pull_to(i: int) -> Any:
        return lambda t, upstream, *inputs: rule.pulls[i](upstream, *with_t(t, inputs[:-1]), None)

    saved = [[j + 1 for j in range(n) if j != slot and rule.looks_at(i, j)] for i in range(n)]
    return Rule(
        f"{rule.name}_backward",
        lambda upstream, *inputs: unbroadcast(
            rule.pulls[slot](upstream, *inputs, None), inputs[slot]
        ),
        pulls=(
            lambda t, upstream, *inputs: rule.value(*with_t(t, inputs[:-1])),
            *[pull_to(i) for i in range(n)],
        ),
        saves=(tuple(saved[slot]), *[(0, *saved[i]) for i in range(n)]),
    )


def reduced(gradient: Variable, like: Any) -> Variable:
    """As `unbroadcast`, recorded."""
    value = gradient.value
    if isinstance(like, np.ndarray) and (value.shape, value.dtype) == (like.shape, like.dtype):
        return gradient
    rule = Rule(
        "sum",
        lambda gradient: unbroadcast(gradient, like),
        pulls=(
            lambda upstream, gradient, z: np.broadcast_to(
                np.asarray(upstream, value.dtype), value.shape
            ),
        ),
    )
    return result(rule, unbroadcast(value, like), (gradient,))


def product(upstream: Array, factor: Any, choice: bool, alone: bool) -> Any:
    """upstream × local; where a choice has a local derivative of 0, the product is 0.

    A factor that nobody else has hold of, that is `alone`, gives its memory to the product.
    """
    if (
        alone
        and factor.base is None
        and factor.dtype == upstream.dtype
        and factor.shape == upstream.shape
    ):
        sent: Any = np.multiply(upstream, factor, factor)
    else:
        sent = upstream * factor
    if choice and not math.isfinite(added(sent, None)):  # it may have inf × 0, or overflow
        return np.where(factor, sent, upstream.dtype.type(0))
    return sent


@lru_cache(maxsize=16)
def _ones(n: int) -> Array:
    return np.ones(n)


def unbroadcast(gradient: Any, like: Any) -> Any:
    """The gradient of an input that was broadcast: summed over the axes that it did not have.

        z = x + y,  x of shape (3,), y of shape (2, 3)   =>   dx[j] = sum over i of dz[i, j]

    >>> unbroadcast(np.ones((2, 3)), np.zeros(3))
    array([2., 2., 2.])
    >>> unbroadcast(np.ones((2, 3)), 0.0)
    6.0
    """
    if not isinstance(like, np.ndarray):
        return float(gradient.sum())
    extra = gradient.ndim - like.ndim
    if gradient.ndim == 2 and extra == 1 and gradient.dtype == _FLOAT64:
        gradient = _ones(len(gradient)).dot(gradient)  # quicker than a sum
    elif extra:
        gradient = added(gradient, tuple(range(extra)))
    if gradient.shape != like.shape:
        stretched = [i for i, n in enumerate(like.shape) if n == 1 != gradient.shape[i]]
        gradient = added(gradient, tuple(stretched), keepdims=True)
    return np.asarray(gradient, like.dtype if like.dtype.kind == "f" else None)
