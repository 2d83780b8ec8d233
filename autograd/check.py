"""Derivatives held against central differences; where they differ, the operation at fault.

>>> from autograd import Variable, gradcheck
>>> gradcheck(lambda x, y: x * y + x.exp(), (2.0, 3.0))
True
"""

from .functional import flatten, gradients_or_zeros, several, unflatten, units, vector
from .graph import Node, graph
from .modes import enable_grad
from .variable import Variable, leaf, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Function = Callable[..., tuple[Variable, ...]]
    Tolerance = tuple[float, float, float]


class GradcheckError(RuntimeError):
    """A derivative is not what differences say.

    `node` is the node of the graph whose operation is at fault, or None where each is right.
    """

    node: "Node | None" = None


def gradcheck(
    function: "Callable[..., Any]",
    inputs: "Any",
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Whether backward() gives the derivatives of a function that central differences give:

        expected = (f(x + eps) - f(x - eps)) / (2 eps)
        |found - expected| ≤ atol + rtol × |expected|

    for each number of each output by each number of each input: of `inputs` those that are floats
    or Variables that require a gradient. The inputs are taken in 64 bits.

    Where they differ, each operation that was recorded is checked alone, and a GradcheckError names
    the first that is wrong; without `raise_exception` the answer is False. Raises ValueError where
    no input requires a gradient, and TypeError where the function does not return Variables.
    """
    function, variables = _prepared("gradcheck", function, _checked_inputs("gradcheck", inputs))
    tolerance = eps, atol, rtol
    wrong = _difference(function, variables, tolerance)
    if wrong is None or not raise_exception:
        return wrong is None
    for node in _operations(function(*variables)):
        alone = _difference(*_alone(node), tolerance)
        if alone is not None:
            raise _error("gradcheck: " + wrong, node, alone)
    raise _error("gradcheck: " + wrong)


def gradgradcheck(
    function: "Callable[..., Any]",
    inputs: "Any",
    grad_outputs: "Any" = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Whether the gradients of a function, taken with create_graph, have the right derivatives.

    These are checked as gradcheck does, by the inputs and by `grad_outputs`: what arrives at those
    outputs that require a gradient, one for each; some numbers unless given.
    """
    name = "gradgradcheck"
    function, variables = _prepared(name, function, _checked_inputs(name, inputs))
    tolerance = eps, atol, rtol
    gradient, arguments = _gradient(function, variables, grad_outputs)
    wrong = _difference(gradient, arguments, tolerance)
    if wrong is None or not raise_exception:
        return wrong is None
    wrong = "gradgradcheck, of the gradients: " + wrong
    # An operation may be wrong where it computes a gradient; or it has a wrong one of its own.
    for node in _operations(gradient(*arguments)):
        alone = _difference(*_alone(node), tolerance)
        if alone is not None:
            raise _error(wrong, node, alone)
    for node in _operations(function(*variables)):
        alone = _difference(*_gradient(*_alone(node)), tolerance)
        if alone is not None:
            raise _error(wrong, node, "of its gradients, " + alone)
    raise _error(wrong)


def _gradient(
    function: "Function", variables: "list[Variable]", grad_outputs: "Any" = None
) -> "tuple[Function, list[Variable]]":
    """The vector-Jacobian product of a function as a function, of its inputs and of the vectors."""
    outputs = function(*variables)
    used = [i for i, z in enumerate(outputs) if z.requires_grad]
    n = len(variables)

    def gradient(*arguments: Variable) -> "tuple[Variable, ...]":
        outputs = function(*arguments[:n])
        zs, xs, upstreams = [outputs[i] for i in used], arguments[:n], arguments[n:]
        with enable_grad():
            return tuple(gradients_or_zeros(zs, xs, upstreams, create_graph=True))

    zs = tuple([outputs[i] for i in used])
    if grad_outputs is None:
        grad_outputs = [unflatten(_some(len(flatten(z.value))), z.value) for z in zs]
    return gradient, variables + [
        _leaf(v) for v in vector(grad_outputs, zs, "gradgradcheck", "output")
    ]


def _some(n: int) -> "list[float]":
    """Numbers between 0.5 and 1.5, irregular so that nothing cancels."""
    return [0.5 + 0.618 * (k + 1) % 1.0 for k in range(n)]


def _checked_inputs(name: str, inputs: "Any") -> "list[Any]":
    """The inputs, of which floats become Variables that require a gradient."""
    given = inputs if isinstance(inputs, (tuple, list)) else (inputs,)
    checked = [Variable(x, requires_grad=True) if isinstance(x, float) else x for x in given]
    if not any([_requires_grad(x) for x in checked]):
        raise ValueError(
            f"{name}: no input requires a gradient; give floats, or Variables with "
            "requires_grad=True"
        )
    return checked


def _requires_grad(x: "Any") -> bool:
    return isinstance(x, Variable) and x.requires_grad


def _prepared(
    name: str, function: "Callable[..., Any]", inputs: "Any"
) -> "tuple[Function, list[Variable]]":
    """A function, with a tuple as its result, of those inputs alone that require a gradient.

    And these, as leaves of 64 bits.
    """
    slots = [slot for slot, x in enumerate(inputs) if _requires_grad(x)]

    def prepared(*variables: Variable) -> "tuple[Variable, ...]":
        arguments = list(inputs)
        for slot, x in zip(slots, variables):
            arguments[slot] = x
        with enable_grad():
            return several(function(*arguments), name + ": what the function returns")

    return prepared, [_leaf(inputs[slot].value, inputs[slot].name) for slot in slots]


def _leaf(value: "Any", name: "str | None" = None) -> Variable:
    return Variable(value if isinstance(value, float) else value.astype(float), True, name)


def _difference(
    function: "Function", variables: "list[Variable]", tolerance: "Tolerance"
) -> "str | None":
    """What is wrong with the first derivative that is not what differences say, if one is not."""
    eps, atol, rtol = tolerance
    outputs = function(*variables)
    rows = [_rows(z, variables) for z in outputs]
    for slot, x in enumerate(variables):
        numbers = flatten(x.value)
        for k, number in enumerate(numbers):
            ends = []
            for moved in (number - eps, number + eps):
                at = list(variables)
                at[slot] = _leaf(unflatten(numbers[:k] + [moved] + numbers[k + 1 :], x.value))
                ends.append([flatten(z.value) for z in function(*at)])
            for output, (low, high) in enumerate(zip(*ends)):
                for i, row in enumerate(rows[output]):
                    expected, found = (high[i] - low[i]) / (2 * eps), row[slot][k]
                    if not abs(found - expected) <= atol + rtol * abs(expected):
                        z = "output" if len(outputs) == 1 else "output %d" % output
                        z += _place(i, outputs[output].shape)
                        by = (x.name or "input %d" % slot) + _place(k, x.shape)
                        return "d %s / d %s should be %.9g and is %.9g" % (z, by, expected, found)
    return None


def _rows(z: Variable, variables: "list[Variable]") -> "list[list[list[float]]]":
    """The derivatives that the backward pass finds: of each number of z, by those of each x."""
    return [
        [flatten(x.value) for x in gradients_or_zeros([z], variables, [unit])]
        for unit in units(z.value)
    ]


def _place(k: int, shape: "tuple[int, ...]") -> str:
    """Where the k-th number of a shape is: "[1, 2]"; of one number, "".

    >>> _place(5, (2, 3)), _place(0, ())
    ('[1, 2]', '')
    """
    place: list[str] = []
    for n in reversed(shape):
        place.insert(0, str(k % n))
        k //= n
    return "[%s]" % ", ".join(place) if shape else ""


# Which operation


def _operations(outputs: "tuple[Variable, ...]") -> "list[Node]":
    """The nodes that an operation made, in the order in which they were made."""
    recorded = [z for z in outputs if z.requires_grad]
    return [node for z in recorded for node in graph(z).nodes if node.inputs]


def _alone(node: Node) -> "tuple[Function, list[Variable]]":
    """The operation of a node as a function, and its inputs there."""
    variable = node.variable
    assert variable is not None
    rule = variable.rule
    assert rule
    return _prepared(rule.name, lambda *inputs: record(rule, *inputs), variable.inputs)


def _error(wrong: str, node: "Node | None" = None, alone: str = "") -> GradcheckError:
    if node is None:
        error = GradcheckError(
            wrong + ". Each operation by itself is right: the function may have a kink here, not "
            "always give the same, or depend on its inputs in a way that is not recorded, as by "
            ".detach(), .data or .item()"
        )
    else:
        inputs = ", ".join([_text(edge.source) for edge in node.inputs])
        error = GradcheckError(
            "%s. At fault is the operation %s in %s = %s(%s): of it alone, %s; correct its rule"
            % (wrong, node.op, _text(node), node.op, inputs, alone)
        )
    error.node = node
    return error


def _text(node: Node) -> str:
    value = " ".join(repr(leaf(node.value)).split())
    return "%s = %s" % (node.name, value) if node.name else value
