"""What a result was computed from, and its gradients for some of that."""

from .backward import start
from .variable import Variable, leaf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def gradients(
    outputs: "Sequence[Variable]",
    inputs: "Sequence[Variable]",
    upstreams: "Sequence[Any] | None" = None,
    create_graph: bool = False,
    retain_graph: "bool | None" = None,
    allow_unused: bool = False,
) -> "list[Variable | None]":
    """The gradient for each input, a leaf or not, of what arrives at the outputs. No .grad changes.

    `upstreams` has one number, array or Variable for each output, of its shape; None is 1, for an
    output of one number. `create_graph` and `retain_graph` are those of Variable.backward, and so
    are the errors. An input that no output depends on raises RuntimeError; its gradient is None
    with `allow_unused`.

    >>> x = Variable(3.0, requires_grad=True)
    >>> (slope,) = gradients([x**3.0], [x], create_graph=True)
    >>> slope, gradients([slope], [x])
    (tensor(27., grad_fn=<MulBackward0>), [tensor(18.)])
    """
    pairs = list(zip(outputs, upstreams or [None] * len(outputs)))
    found: dict[int, Variable] = {}
    goals = [id(x) for x in inputs if x.requires_grad]
    needed = _users(goals, outputs)
    for x, arrived in start(pairs, retain_graph, create_graph, needed, goals):
        found[id(x)] = arrived if isinstance(arrived, Variable) else leaf(arrived * 1.0)
    for i, x in enumerate(inputs):
        if id(x) not in found and not allow_unused:
            raise RuntimeError(
                f"input {x.name or i} plays no part in the outputs, or does not require a gradient;"
                " with allow_unused=True its gradient is None"
            )
    return [found.get(id(x)) for x in inputs]


def _users(goals: "list[int]", results: "Sequence[Variable]") -> "set[int]":
    """The ids `goals`, and those of all nodes of a graph that were computed from these."""
    found = set(goals)
    for node in history(*results):
        if any([id(x) in found for x in node.inputs]):
            found.add(id(node))
    return found


def history(*results: Variable) -> "list[Variable]":
    """Results and every Variable they were computed from, in the order in which they were made."""
    stack = list(results)
    seen = {id(result): result for result in results}
    while stack:
        for x in stack.pop().inputs:
            if isinstance(x, Variable) and id(x) not in seen:
                seen[id(x)] = x
                stack.append(x)
    return sorted(seen.values(), key=lambda x: -x.order)
