"""Derivatives of functions: products with the Jacobian in either direction, Jacobians, Hessians.

A function y = f(x) with n inputs and m outputs has a Jacobian J of m rows and n columns. Reverse
mode gives vᵀJ, a row of it at a time, from the outputs back; forward mode gives Jv, a column of it
at a time, together with the values.

The functions take Variables, numbers and arrays, one or a tuple, and give Variables in the same
structure.
"""

from .backward import local, silent
from .changes import check_unchanged
from .functions import where
from .history import gradients, history
from .modes import enable_grad
from .rules import Rule
from .variable import Variable, leaf, result, values_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def grad(
    outputs: "Any",
    inputs: "Any",
    grad_outputs: "Any" = None,
    retain_graph: "bool | None" = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> "tuple[Any, ...]":
    """The sum over the outputs of d output / d input, for each input; no `.grad` is changed.

    `grad_outputs` has for each output what arrives there, in its shape; it may be left out, or None
    for an output of one number: then it is 1. With `create_graph` the gradients can be
    differentiated in turn. `retain_graph`, by default what `create_graph` is, allows another pass.
    With `allow_unused` the gradient of an input that has no part in the outputs is None, else
    RuntimeError is raised, as it is by `backward()`.

    >>> x = Variable(3.0, requires_grad=True)
    >>> (slope,) = grad(x**3, x, create_graph=True)
    >>> slope.item(), grad(slope, x)
    (27.0, (tensor(18.),))
    """
    zs, xs = several(outputs, "grad: outputs"), several(inputs, "grad: inputs")
    vs = grad_outputs if isinstance(grad_outputs, (tuple, list)) else [grad_outputs]
    if grad_outputs is None:
        vs = [None] * len(zs)
    if len(vs) != len(zs):
        raise RuntimeError(f"grad: {len(vs)} grad_outputs for {len(zs)} outputs; give one each")
    with enable_grad():
        return tuple(gradients(zs, xs, vs, create_graph, retain_graph, allow_unused))


def value_and_grad(
    function: "Callable[..., Any]", argnums: "int | tuple[int, ...]" = 0
) -> "Callable[..., tuple[Any, Any]]":
    """A function that gives the value of `function`, one number, and its gradient.

    The gradient is that with respect to the input number `argnums`, or, if that is a tuple, to each
    of those. Where these inputs require gradients themselves, the value and the gradient can be
    differentiated in turn.

    >>> value_and_grad(lambda w, x: (w * x - 4.0) ** 2)(1.0, 2.0)
    (tensor(4.), tensor(-8.))
    """
    chosen = argnums if isinstance(argnums, tuple) else (argnums,)

    def value_and_gradient(*inputs: "Any", **named: "Any") -> "tuple[Any, Any]":
        if not all([-len(inputs) <= i < len(inputs) for i in chosen]):
            raise TypeError(
                f"value_and_grad: argnums is {argnums}, and there are {len(inputs)} inputs, "
                "counted from 0; those that are given by name are not counted"
            )
        recording = enable_grad()
        with recording:
            nested = recording.before and any(
                [getattr(inputs[i], "requires_grad", False) for i in chosen]
            )
            variables = _starts([inputs[i] for i in chosen], nested)
            arguments = list(inputs)
            for i, x in zip(chosen, variables):
                arguments[i] = x
            z = _one_number(function(*arguments, **named), "value_and_grad")
            found = gradients_or_zeros([z], variables, [None], nested)
        return z if nested else leaf(z.value), _like(argnums, found)

    return value_and_gradient


def vjp(
    function: "Callable[..., Any]", inputs: "Any", v: "Any" = None, create_graph: bool = False
) -> "tuple[Any, Any]":
    """The outputs of a function and vᵀJ, by reverse mode.

    `v` is what arrives at the outputs, in their shapes; it may be left out where there is one
    output of one number: then it is 1. With `create_graph` both can be differentiated in turn.
    Raises as `jvp` does.

    >>> vjp(lambda x, y: x * y, (3.0, 2.0))
    (tensor(6.), (tensor(2.), tensor(3.)))
    """
    with enable_grad():
        variables = _starts(inputs, create_graph)
        outputs = function(*variables)
        zs = _returned(outputs, "vjp")
        found = gradients_or_zeros(zs, variables, vector(v, zs, "vjp", "output"), create_graph)
        return outputs if create_graph else _detached(outputs), _like(inputs, found)


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
    with enable_grad():
        variables = _starts(inputs)
        outputs = function(*variables)
        tangents = {
            id(x): tangent for x, tangent in zip(variables, vector(v, variables, "jvp", "input"))
        }
        for z in _returned(outputs, "jvp"):
            silent(_forward, z.value)(z, tangents)
        results = [leaf(tangents.get(id(z), zeros(z.value))) for z in _returned(outputs, "jvp")]
        return _detached(outputs), _like(outputs, results)


def jacobian(function: "Callable[..., Any]", inputs: "Any", create_graph: bool = False) -> "Any":
    """d output / d input, of the shape of the output and then that of the input.

    One where there is one output and one input; else a tuple over the inputs, or over the outputs,
    or of tuples: first the outputs. It takes one backward pass for each number of the outputs.

    >>> jacobian(lambda x, y: (x * y, x + y), (3.0, 2.0))
    ((tensor(2.), tensor(3.)), (tensor(1.), tensor(1.)))
    """
    with enable_grad():
        variables = _starts(inputs, create_graph)
        outputs = function(*variables)
        blocks = []
        for z in _returned(outputs, "jacobian"):
            rows = [
                gradients_or_zeros([z], variables, [unit], create_graph) for unit in units(z.value)
            ]
            columns = [[row[slot] for row in rows] for slot in range(len(variables))]
            blocks.append(
                _like(inputs, [_stacked(column, z, x) for column, x in zip(columns, variables)])
            )
        return _like(outputs, blocks)


def hessian(function: "Callable[..., Any]", inputs: "Any", create_graph: bool = False) -> "Any":
    """d² output / d input d input, of the shape of the first input and then that of the second.

    `function` returns one number. One where there is one input, else a tuple of tuples.

    >>> hessian(lambda x, y: x**2 * y, (3.0, 2.0))
    ((tensor(4.), tensor(6.)), (tensor(6.), tensor(0.)))
    """

    def gradient(*variables: Variable) -> "Any":
        z = _one_number(function(*variables), "hessian")
        return _like(inputs, gradients_or_zeros([z], variables, [None], True))

    return jacobian(gradient, inputs, create_graph)


def _forward(output: Variable, tangents: "dict[int, Any]") -> None:
    """Add the tangents of an output, and of all it was computed from, to those of the inputs."""
    for z in history(output):
        if id(z) not in tangents and any([id(x) in tangents for x in z.inputs]):
            check_unchanged(z)
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


# Reverse mode


def gradients_or_zeros(
    outputs: "Any", inputs: "Any", upstreams: "Any", create_graph: bool = False
) -> "list[Variable]":
    """As grad(), which may be called again, with 0 for an input that has no part in the outputs."""
    used = [i for i, z in enumerate(outputs) if z.requires_grad]
    found = gradients(
        [outputs[i] for i in used],
        inputs,
        [upstreams[i] for i in used],
        create_graph,
        retain_graph=True,
        allow_unused=True,
    )
    return [leaf(zeros(x.value)) if g is None else g for g, x in zip(found, inputs)]


def _stacked(rows: "list[Variable]", z: Variable, x: Variable) -> Variable:
    """The derivatives by x of each number of z as one Variable, of the shape of z and of x."""
    if isinstance(z.value, float):
        return rows[0]
    like = x.value if x.shape else z.value
    array = like.__array_namespace__().array
    rule = Rule(
        "stack",
        lambda *rows: array(rows, like.dtype).reshape(z.shape + x.shape),
        pulls=tuple(
            [lambda u, *_, k=k: u.reshape((len(rows),) + x.shape)[k] for k in range(len(rows))]
        ),
    )
    return result(rule, rule.value(*values_of(tuple(rows))), tuple(rows))


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


def _starts(inputs: "Any", create_graph: bool = False) -> "tuple[Variable, ...]":
    """Each input as a Variable of its own, to begin a graph with.

    With `create_graph` it goes on from the input's; so a function that sees that input by another
    way, too, is differentiated by its argument alone.
    """
    starts = []
    for x in inputs if isinstance(inputs, (tuple, list)) else (inputs,):
        if create_graph and isinstance(x, Variable) and x.requires_grad:
            starts.append(x * 1.0)
        else:
            starts.append(Variable(x, requires_grad=True, name=getattr(x, "name", None)))
    return tuple(starts)


def several(given: "Any", what: str) -> "tuple[Variable, ...]":
    """One Variable or several, as a tuple."""
    given = given if isinstance(given, (tuple, list)) else (given,)
    for z in given:
        if not isinstance(z, Variable):
            raise TypeError(
                f"{what} must be a Variable or a tuple of them, not {z!r}; compute it from the "
                "inputs by operations on Variables"
            )
    return tuple(given)


def _returned(outputs: "Any", who: str) -> "tuple[Variable, ...]":
    return several(outputs, f"{who}: what the function returns")


def _like(structure: "Any", results: "list[Any]") -> "Any":
    """The results as one Variable or as a tuple, as the inputs or outputs were."""
    return tuple(results) if isinstance(structure, (tuple, list)) else results[0]


def _one_number(returned: "Any", who: str) -> Variable:
    """The result of a function that must be one number."""
    (z,) = _returned((returned,), who)
    if len(flatten(z.value)) != 1:
        raise RuntimeError(
            f"{who}: the function must return one number, not {z.shape}; take its .sum() or .mean()"
        )
    return z


def _detached(outputs: "Any") -> "Any":
    return _like(outputs, [leaf(z.value) for z in _returned(outputs, "")])


def vector(v: "Any", like: "tuple[Variable, ...]", who: str, what: str) -> "list[Any]":
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
