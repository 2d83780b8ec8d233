"""Derivatives of functions: products with the Jacobian in either direction, Jacobians, Hessians.

A function y = f(x) with n inputs and m outputs has a Jacobian J of m rows and n columns. Reverse
mode gives vᵀJ, a row of it at a time, from the outputs back; forward mode gives Jv, a column of it
at a time, together with the values.

The functions take Variables, numbers and arrays, one or a tuple, and give Variables in the same
structure.
"""

from .rules import where
from .variable import Variable, history, leaf, local, silent, values_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def jvp(function: "Callable[..., Any]", inputs: "Any", v: "Any" = None) -> "tuple[Any, Any]":
    """The outputs of a function and Jv, by forward mode.

    Each value that was computed gets its tangent, in the order in which they were made:

        tangent of z = f(x, y)  =  ∂z/∂x × tangent of x + ∂z/∂y × tangent of y

    `v` has the tangents of the inputs, in the inputs' shapes; it may be left out where there is one
    input of one number: then it is 1. Raises TypeError where the function does not return Variables
    and RuntimeError where `v` does not fit.

    >>> jvp(lambda x, y: x * y, (3.0, 2.0), (1.0, 0.0))
    (tensor(6.), tensor(2.))
    """
    variables = _leaves(inputs)
    outputs = function(*variables)
    tangents = {
        id(x): tangent for x, tangent in zip(variables, _vector(v, variables, "jvp", "input"))
    }
    for z in several(outputs, "jvp"):
        silent(_forward, z.value)(z, tangents)
    results = [leaf(tangents.get(id(z), zeros(z.value))) for z in several(outputs, "jvp")]
    return _detached(outputs), _like(outputs, results)


def _forward(result: Variable, tangents: "dict[int, Any]") -> None:
    """Add the tangents of a result, and of all it was computed from, to those of the inputs."""
    for z in history(result):
        if id(z) not in tangents and any([id(x) in tangents for x in z.inputs]):
            total = zeros(z.value)
            for slot, x in enumerate(z.inputs):
                if id(x) in tangents:
                    total += _pushed(z, slot, tangents[id(x)])
            tangents[id(z)] = total


def _pushed(z: Variable, slot: int, tangent: "Any") -> "Any":
    """∂z/∂x × the tangent of x, through one slot.

    A rule with a vector-Jacobian product that looks neither at x nor at z is linear in x: what the
    operation does to x it does to the tangent. Else each number of z asks for its row of the
    Jacobian.
    """
    rule = z.rule
    assert rule
    if not rule.pulls:
        factor = local(z, slot)
        # What a choice stops becomes 0, even where it is infinite.
        return where(factor, tangent * factor, 0.0) if rule.choice else tangent * factor
    xs = values_of(z.inputs)
    if rule.looks_at(slot, slot) or rule.looks_at(slot, len(xs)):
        rows = [rule.pulls[slot](unit, *xs, z.value) for unit in units(z.value)]
        return unflatten([sum(flatten(row * tangent)) for row in rows], z.value)
    # What plays no part in the product is added to it: it has no part in the tangent.
    others = [x if rule.looks_at(slot, i) else zeros(x) for i, x in enumerate(xs)]
    others[slot] = tangent
    return rule.value(*others)


# Numbers and arrays alike


def zeros(value: "Any") -> "Any":
    """A number or an array of the same shape and type, all 0."""
    return (
        0.0 if isinstance(value, (float, bool)) else value.__array_namespace__().zeros_like(value)
    )


def flatten(value: "Any") -> "list[float]":
    """Its numbers in a list."""
    return [value] if isinstance(value, (float, bool)) else value.ravel().tolist()


def unflatten(numbers: "list[float]", like: "Any") -> "Any":
    """The numbers in the shape and type of `like`."""
    if isinstance(like, (float, bool)):
        return numbers[0]
    value = zeros(like)
    value.flat = numbers
    return value


def units(value: "Any") -> "list[Any]":
    """For each number of `value` an array of its shape that is 1 there and else 0.

    >>> units(5.0)
    [1.0]
    """
    size = len(flatten(value))
    return [unflatten([float(i == k) for i in range(size)], value) for k in range(size)]


# One or several


def _leaves(inputs: "Any") -> "tuple[Variable, ...]":
    """Each input as a leaf that requires a gradient."""
    several = inputs if isinstance(inputs, (tuple, list)) else (inputs,)
    return tuple([Variable(x, requires_grad=True, name=getattr(x, "name", None)) for x in several])


def several(outputs: "Any", who: str) -> "tuple[Variable, ...]":
    """What a function returned, one Variable or several, as a tuple."""
    outputs = outputs if isinstance(outputs, (tuple, list)) else (outputs,)
    for z in outputs:
        if not isinstance(z, Variable):
            raise TypeError(
                f"{who}: the function must return a Variable or a tuple of them, not {z!r}; "
                "compute the result from the inputs by operations on Variables"
            )
    return tuple(outputs)


def _like(structure: "Any", results: "list[Any]") -> "Any":
    """The results as one Variable or as a tuple, as the inputs or outputs were."""
    return tuple(results) if isinstance(structure, (tuple, list)) else results[0]


def _detached(outputs: "Any") -> "Any":
    return _like(outputs, [leaf(z.value) for z in several(outputs, "")])


def _vector(v: "Any", like: "tuple[Variable, ...]", who: str, what: str) -> "list[Any]":
    """The values of a vector that has one part for each input or output, in its shape and type."""
    if v is None:
        if len(like) != 1 or len(flatten(like[0].value)) != 1:
            raise RuntimeError(
                f"{who}: v may be left out only where there is one {what} of one number; give "
                f"v in the shape of the {what}s"
            )
        return units(like[0].value)
    parts = v if isinstance(v, (tuple, list)) else (v,)
    if len(parts) != len(like):
        raise RuntimeError(
            f"{who}: v has {len(parts)} parts for {len(like)} {what}s; give one each"
        )
    parts = [Variable(part) for part in parts]
    for part, x in zip(parts, like):
        if part.shape != x.shape:
            raise RuntimeError(
                f"{who}: v has the shape {part.shape} and the {what} {x.shape}; they must be equal"
            )
    return [unflatten(flatten(part.value), x.value) for part, x in zip(parts, like)]
