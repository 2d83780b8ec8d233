"""A graph that can be asked: its nodes, its edges, the order of the backward pass, its paths.

>>> from autograd import Variable, graph
>>> x, y = Variable(2.0, name="x"), Variable(4.0, name="y")
>>> w = Variable(1.0, requires_grad=True, name="w")
>>> loss = (x * w - y) ** 2
>>> g = graph(loss)
>>> [node.op for node in g.backward_order if node.inputs]
['pow', 'sub', 'mul']
>>> [edge.local for edge in g.paths("w")[0].edges]
[2.0, 1.0, -4.0]
>>> g.node("w").grad
-8.0
"""

from .backward import downstream, local, silent
from .functions import power
from .history import history
from .variable import Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Node:
    """One value of a graph: a leaf, a constant, or the result of an operation.

    `grad` is d result / d node (times graph()'s `gradient`), whether or not it is required.
    """

    variable: "Variable | None"  # None for a constant
    name: "str | None"
    op: str  # "leaf", "constant" or the rule's name
    value: "Any"
    grad: "Any"
    requires_grad: bool
    inputs: "tuple[Edge, ...]"
    outputs: "tuple[Edge, ...]"
    index: int  # its place in Graph.nodes

    def __init__(self, index: int, source: "Any") -> None:
        self.index = index
        self.grad = 0.0
        self.inputs = self.outputs = ()
        if isinstance(source, Variable):
            self.variable, self.value = source, source.value
            self.name, self.requires_grad = source.name, source.requires_grad
            self.op = source.rule.name if source.rule else "leaf"
        else:
            self.variable, self.value = None, source
            self.name, self.requires_grad = None, False
            self.op = "constant"

    def __repr__(self) -> str:
        return f"<Node {self.name or self.index}: {self.op} = {self.value}>"


class Edge:
    """From an input to the operation that uses it, as its `slot`-th input."""

    source: Node
    target: Node
    slot: int
    local: "Any"  # d target / d source through this slot; None where it is no number per element
    downstream: "Any"  # target.grad × local: the contribution of this edge to source.grad

    def __init__(self, source: Node, target: Node, slot: int) -> None:
        self.source, self.target, self.slot = source, target, slot
        self.local = self.downstream = None

    def __repr__(self) -> str:
        return f"<Edge {self.source!r} -> {self.target!r}: {self.local}>"


class Path:
    """One way from a leaf to the result. The gradient of the leaf is the sum over all its paths."""

    edges: "tuple[Edge, ...]"  # the leaf's first

    def __init__(self, edges: "tuple[Edge, ...]") -> None:
        self.edges = edges

    @property
    def product(self) -> "Any":
        """The product of the local derivatives along the path: one term of the chain rule."""
        product = 1.0
        for edge in self.edges:
            product = product * edge.local
        return product


class Graph:
    """All that a result was computed from. `graph(result)` makes one and changes nothing."""

    result: Node
    nodes: "tuple[Node, ...]"  # in the order in which they were made
    edges: "tuple[Edge, ...]"  # by target, then by slot
    backward_order: "tuple[Node, ...]"  # the result first; each after all that use it

    def __init__(self, result: Variable, gradient: float) -> None:
        nodes: list[Node] = []
        of: dict[int, Node] = {}
        for variable in history(result):
            sources = []
            for x in variable.inputs:
                if not isinstance(x, Variable):
                    nodes.append(Node(len(nodes), x))
                sources.append(of[id(x)] if isinstance(x, Variable) else nodes[-1])
            node = of[id(variable)] = Node(len(nodes), variable)
            nodes.append(node)
            node.inputs = tuple([Edge(source, node, slot) for slot, source in enumerate(sources)])
            for edge in node.inputs:
                edge.source.outputs += (edge,)
        self.nodes = tuple(nodes)
        self.edges = tuple([edge for node in nodes for edge in node.inputs])
        self.backward_order = tuple(reversed(nodes))
        self.result = nodes[-1]
        silent(self._differentiate, self.result.value)(gradient)

    def _differentiate(self, gradient: float) -> None:
        # The value to the 0 is 1, for every number of it.
        self.result.grad = gradient * power(self.result.value, 0.0)
        for node in self.backward_order:
            values = [edge.source.value for edge in node.inputs]
            values.append(node.value)
            for edge in node.inputs:
                assert node.variable is not None
                edge.local = local(node.variable, edge.slot, values)
                edge.downstream = downstream(
                    node.variable, edge.source.variable, edge.slot, node.grad, values
                )
                edge.source.grad = edge.source.grad + edge.downstream

    def node(self, which: "Node | Variable | str") -> Node:
        """The node of a Variable or of a name.

        Raises KeyError if there is none.
        """
        for node in self.nodes:
            if node is which or node.variable is which:
                return node
            if node.name is not None and isinstance(which, str) and node.name == which:
                return node
        names = ", ".join([node.name for node in self.nodes if node.name])
        raise KeyError(f"this graph has no node {which!r}; its names are: {names or None}")

    def paths(self, leaf: "Node | Variable | str") -> "tuple[Path, ...]":
        """Every path from a leaf (or any node) to the result."""
        paths: list[Path] = []
        stack: list[tuple[Node, tuple[Edge, ...]]] = [(self.node(leaf), ())]
        while stack:
            node, edges = stack.pop()
            if node is self.result:
                paths.append(Path(edges))
            for edge in reversed(node.outputs):
                longer = edges
                longer += (edge,)
                stack.append((edge.target, longer))
        return tuple(paths)


def graph(result: Variable, gradient: float = 1.0) -> Graph:
    """The graph of a result, before or after its backward().

    The gradients in it are `gradient` × d result / d node. Raises TypeError where the result is no
    Variable.
    """
    if not isinstance(result, Variable):
        raise TypeError(
            f"graph takes a Variable, not {result!r}; what is computed from numbers alone has no "
            "graph: make one of them a Variable"
        )
    return Graph(result, gradient)
