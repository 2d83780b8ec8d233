"""A graph that can be asked: its nodes, its edges, the order of the backward pass, its paths."""

from .variable import Variable, locals_of, pull


class Node:
    """One value of a graph: a leaf, a constant or the result of an operation."""

    def __init__(self, index, variable, value):
        self.index, self.variable, self.value = index, variable, value
        self.grad, self.inputs, self.outputs = 0.0, (), ()
        self.name = variable.name if variable else None
        self.requires_grad = variable.requires_grad if variable else False
        rule = variable.rule if variable else None
        self.op = rule.name if rule else "leaf" if variable else "constant"

    def __repr__(self):
        return "<Node %s: %s = %.4g>" % (self.name or self.index, self.op, self.value)


class Edge:
    """What one input contributes to one operation."""

    def __init__(self, source, target, slot, local):
        self.source, self.target, self.slot, self.local = source, target, slot, local

    @property
    def downstream(self):
        """upstream x local: what flows back along this edge."""
        return self.target.grad * self.local


class Path:
    """One way from a leaf to the result."""

    def __init__(self, edges):
        self.edges = edges

    @property
    def product(self):
        """The product of the local derivatives along the path."""
        product = 1.0
        for edge in self.edges:
            product *= edge.local
        return product


class Graph:
    """Everything a result was computed from."""

    def __init__(self, result, gradient=1.0):
        forward, backward = pull(result, gradient)
        gradients = {id(variable): gradient for variable, gradient in backward}
        nodes, edges, of = [], [], {}
        for variable in forward:
            slots = []
            for x in variable.inputs:
                if x.__class__ is Variable:
                    slots.append(of[id(x)])
                else:
                    slots.append(Node(len(nodes), None, x))
                    nodes.append(slots[-1])
            node = of[id(variable)] = Node(len(nodes), variable, variable.value)
            node.grad = gradients[id(variable)]
            nodes.append(node)
            node.inputs = tuple(
                Edge(source, node, slot, local)
                for slot, (source, local) in enumerate(zip(slots, locals_of(variable)))
            )
            edges.extend(node.inputs)
            for edge in node.inputs:
                edge.source.outputs += (edge,)
                if edge.source.variable is None:
                    edge.source.grad = edge.downstream
        self.nodes, self.edges, self._of = tuple(nodes), tuple(edges), of
        self.result = of[id(result)]
        self.backward_order = tuple(of[id(variable)] for variable, _ in backward)

    def node(self, which):
        """The node of a Variable or of a name."""
        for node in self.nodes:
            if node is which or node.variable is which or (node.name and node.name == which):
                return node
        names = ", ".join(node.name for node in self.nodes if node.name)
        raise KeyError("no node %r in this graph; its names are: %s" % (which, names))

    def paths(self, leaf):
        """Every path from a leaf to the result."""
        paths, stack = [], [(self.node(leaf), ())]
        while stack:
            node, edges = stack.pop()
            if node is self.result:
                paths.append(Path(edges))
            for edge in reversed(node.outputs):
                stack.append((edge.target, edges + (edge,)))
        return tuple(paths)


def graph(result, gradient=1.0):
    """The graph of a result; the nodes' gradients are `gradient` times d result / d node."""
    return Graph(result, gradient)
