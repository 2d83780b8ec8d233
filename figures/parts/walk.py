"""The passes over a graph as a row of moments that Step and Back move along.

Moment 0 shows the inputs alone; then each operation gives its value (forward); then the result
gets its own gradient, 1; then the gradient crosses one edge at a time (backward).
"""

from figures.parts.text import show


class Walk:
    """The first `step` moments of the two passes over `graph` (an ``autograd.Graph``).

    valued   names of the nodes whose value is known
    crossed  edges that the gradient has crossed, in order
    known    edges whose local derivative is shown: those
    lit      nodes and edges that stand out: none
    seeded   whether the result has its gradient
    now      what the last moment did: None, a Node (its value came), the result's Node once
             more (its gradient was set to 1), or an Edge (it was crossed)
    phase    "inputs", "forward", "seed" or "backward"; "done" when it rests
    sent     what crossed the edge `now`, as text; "+ 3" where it is added to what was there
    last     the number of the last moment
    ended    whether that has come
    """

    def __init__(self, graph, step):
        operations = [node for node in graph.nodes if node.inputs]
        edges = [
            edge
            for node in graph.backward_order
            for edge in node.inputs
            if edge.source.op != "constant"
        ]
        forward = len(operations)
        self.last = forward + 1 + len(edges)
        self.ended = step >= self.last
        self.valued = {node.name for node in graph.nodes if not node.inputs}
        self.valued.update([node.name for node in operations[:step]])
        self.seeded = step > forward
        self.crossed = self.known = edges[: max(step - forward - 1, 0)]
        self.lit = ()
        self.now = None
        self.phase = "inputs"
        if self.crossed:
            now = self.now = self.crossed[-1]
            self.phase = "backward"
            added = any([edge.source is now.source for edge in self.crossed[:-1]])
            self.sent = ("+ " if added else "") + show(now.downstream)
        elif self.seeded:
            self.now, self.phase = graph.result, "seed"
        elif step:
            self.now, self.phase = operations[step - 1], "forward"

    def rest(self, *lit):
        """Show what has come of it all, and let other things stand out than the last moment."""
        self.now, self.phase, self.lit = None, "done", lit

    def gradient(self, node):
        """Return what has arrived of `node`'s gradient, or None: the sum over crossed edges."""
        if not node.outputs:
            return node.grad if self.seeded else None
        if self.ended and node.op != "constant":
            return node.grad
        arrived = [edge.downstream for edge in self.crossed if edge.source is node]
        if len(arrived) == len(node.outputs):
            return node.grad
        return sum(arrived) if arrived else None
