"""Branches add: every path from an input to the result, and the backward pass, right and wrong."""

from autograd import Variable, graph
from figures.parts import graph as picture
from figures.parts import steps
from figures.parts.controls import Choice, Hidden, Slider
from figures.parts.text import WAIT, equation, factor, out, show, words

TITLE = "Branches add: the sum over paths, and the pass that computes it"
LEFT, MIDDLE, RIGHT, WIDTH = 58, 180, 302, 360


def _quadratic(x, w2, w1, b, y):
    u = x**2
    q = u * w2
    p = x * w1
    t = q + p
    y_hat = t + b
    s = y_hat - y
    return u, q, p, t, y_hat, s, s**2


def _bias(x, w, b, y):
    p = x * w
    y_hat = p + b
    s = y_hat - y
    return p, y_hat, s, s**2


def _olah(a, b):
    c = a + b
    d = b + 1
    return c, d, c * d


def _doubling(a):
    b = a + a
    return b, b + b


def _reuse(a):
    b = a + 1
    s = b * b
    return b, s, s + b


def _diamond(a, b):
    c = a + b
    d = a * b
    e = c + d
    f = c * d
    return c, d, e, f, e + f


class Example:
    """A graph: its inputs with their values, what is computed of them, where each node stands.

    `leaves` are (name, value); `operations` takes the leaves and returns the other nodes, called
    `names`, in order. `captions` and `places`, a column's middle and a row, are in that order too.
    `first` is the leaf to look at first.
    """

    def __init__(self, text, operations, leaves, names, captions, places, row=92, first=None):
        self.text = text
        self.operations = operations
        self.leaves = leaves
        self.names = names
        self.first = first or leaves[0][0]
        everything = [name for name, value in leaves] + list(names)
        self.captions = dict(zip(everything, captions))
        self.signs = {name: text.split(" = ")[0] for name, text in self.captions.items()}
        self.places = {name: (x, 32 + row * y) for name, (x, y) in zip(everything, places)}
        self.size = (WIDTH, 64 + row * max([y for x, y in places]))

    def record(self, leaf, moved):
        """Return the graph that autograd records, with the value of `leaf` moved."""
        inputs = [
            Variable(value + moved if name == leaf else value, requires_grad=True, name=name)
            for name, value in self.leaves
        ]
        for node, name in zip(self.operations(*inputs), self.names):
            node.name = name
        return graph(node)


EXAMPLES = {
    "olah": Example(
        "e = (a + b)·(b + 1)", _olah, (("a", 2.0), ("b", 1.0)), ("c", "d", "e"),
        ("a", "b", "c = a + b", "d = b + 1", "e = c · d"),
        ((75, 0), (285, 0), (110, 1.25), (250, 1.25), (MIDDLE, 2.5)), first="b",
    ),
    "bias": Example(
        "exercise 4-2: ŷ = x·w + b", _bias, (("x", 1.0), ("w", 1.0), ("b", 2.0), ("y", 2.0)),
        ("p", "y_hat", "s", "loss"),
        ("x", "w", "b", "y", "p = x · w", "ŷ = p + b", "s = ŷ - y", "loss = s²"),
        ((LEFT, 0), (MIDDLE, 0), (241, 1), (RIGHT, 2), (119, 1), (MIDDLE, 2), (241, 3), (241, 4)),
        first="b",
    ),
    "quadratic": Example(
        "exercise 4-4: ŷ = x²·w₂ + x·w₁ + b", _quadratic,
        (("x", 2.0), ("w2", 1.0), ("w1", 1.0), ("b", 1.0), ("y", 4.0)),
        ("u", "q", "p", "t", "y_hat", "s", "loss"),
        ("x", "w₂", "w₁", "b", "y", "u = x²", "q = u · w₂", "p = x · w₁", "t = q + p",
         "ŷ = t + b", "s = ŷ - y", "loss = s²"),
        ((MIDDLE, 0), (LEFT, 0), (RIGHT, 0), (RIGHT, 3), (RIGHT, 4), (MIDDLE, 1), (LEFT, 2),
         (RIGHT, 1), (MIDDLE, 3), (MIDDLE, 4), (MIDDLE, 5), (MIDDLE, 6)),
        row=94,
    ),
    "doubling": Example(
        "b = a + a, c = b + b", _doubling, (("a", 1.0),), ("b", "c"),
        ("a", "b = a + a", "c = b + b"), ((MIDDLE, 0), (MIDDLE, 1.3), (MIDDLE, 2.6)),
    ),
    "reuse": Example(
        "b = a + 1, c = b·b + b", _reuse, (("a", 3.0),), ("b", "s", "c"),
        ("a", "b = a + 1", "s = b · b", "c = s + b"),
        ((220, 0), (220, 1.1), (100, 2.2), (220, 3.3)),
    ),
    "diamond": Example(
        "diamond: y = (c + d) + c·d", _diamond, (("a", 2.0), ("b", 3.0)),
        ("c", "d", "e", "f", "y"),
        ("a", "b", "c = a + b", "d = a · b", "e = c + d", "f = c · d", "y = e + f"),
        ((75, 0), (285, 0), (75, 1.2), (285, 1.2), (75, 2.4), (285, 2.4), (MIDDLE, 3.4)),
    ),
}  # fmt: skip
LEAVES = [(name + ":" + leaf, leaf) for name, one in EXAMPLES.items() for leaf, value in one.leaves]
END = 99  # stands for the last moment, however many the example and the pass have
STATE = {
    "example": "olah", "rule": "add", "order": "topological", "moved": 0.0,
    "leaf": "olah:b", "path": 0, "step": END,
}  # fmt: skip
CONTROLS = (
    Choice("example", "graph", tuple([(name, one.text) for name, one in EXAMPLES.items()])),
    Choice("rule", "what arrives", (("add", "is added (+=)"), ("set", "overwrites (=)"))),
    Choice(
        "order",
        "order",
        (
            ("topological", "topological"),
            ("list", "recursion over a list"),
            ("set", "recursion over a set"),
        ),
    ),
    Slider("moved", "move the input by", -3, 3, 0.1),
    Choice("leaf", "input", tuple(LEAVES), hidden=True),
    Hidden("path", 0, 9),
    Hidden("step", 0, END),
) + steps.BUTTONS
BEAT = 1000


class Move:
    """One step of a backward pass: an edge is crossed, and its source's gradient changes."""

    def __init__(self, edge, upstream, before, after, again):
        self.edge = edge
        self.upstream = upstream
        self.sent = upstream * edge.local
        self.before = before  # None where this is the first to arrive
        self.after = after
        self.again = again  # whether the edge was crossed before


def backward(graph, rule="add", order="topological"):
    """Return the moves of a backward pass over `graph`; only the defaults are right.

    rule   "add": what arrives is added (+=); "set": it overwrites what was there (=)
    order  "topological": each node after all that use it; "list": a node sends to its inputs, then
           the same is done with each of them, once for each use; "set": likewise, but once only
           for an input that the node uses twice
    """
    gradients = {graph.result.index: 1.0}
    moves = []
    crossed = []

    def send(node):
        upstream = gradients[node.index]
        for edge in node.inputs:
            if edge.source.op != "constant":
                before = gradients.get(edge.source.index)
                move = Move(edge, upstream, before, 0.0, edge in crossed)
                add = rule == "add" and before is not None
                move.after = before + move.sent if add else move.sent
                gradients[edge.source.index] = move.after
                moves.append(move)
                crossed.append(edge)

    def recurse(node):
        send(node)
        seen = []
        for edge in node.inputs:
            if edge.source.op != "constant" and (order == "list" or edge.source not in seen):
                seen.append(edge.source)
                recurse(edge.source)

    if order == "topological":
        for node in graph.backward_order:
            if node.inputs:
                send(node)
    else:
        recurse(graph.result)
    return moves


def gradient(graph, leaf, rule="add", order="topological"):
    """Return what such a pass leaves as the gradient of `leaf`."""
    node = graph.node(leaf)
    return [move.after for move in backward(graph, rule, order) if move.edge.source is node][-1]


class Moment:
    """The graph in one of the figure's moments, as ``figures.parts.graph`` draws it.

    Moment 0 has the values, then each path is lit in turn, then the result gets its gradient, 1,
    then the pass makes its moves, and at last the two are compared.
    """

    def __init__(self, state):
        self.example = example = EXAMPLES[state["example"]]
        name, _, leaf = state["leaf"].partition(":")
        self.leaf = leaf if name == state["example"] else example.first
        self.graph = example.record(self.leaf, state["moved"])
        self.paths = self.graph.paths(self.leaf)
        self.moves = backward(self.graph, state["rule"], state["order"])
        self.last = len(self.paths) + 1 + len(self.moves) + 1
        self.step = step = min(state["step"], self.last)

        self.valued = example.captions
        self.seeded = step > len(self.paths)
        self.made = self.moves[: max(step - len(self.paths) - 1, 0)]
        self.known = self.graph.edges
        self.crossed = [move.edge for move in self.made]
        self.now = None
        self.phase = "forward"
        if self.made and step < self.last:
            move = self.made[-1]
            self.now, self.phase = move.edge, "backward"
            sign = "" if move.before is None else "+ " if state["rule"] == "add" else "= "
            self.sent = sign + show(move.sent)
        elif self.seeded and not self.made:
            self.now = self.graph.result
        self.total = sum([path.product for path in self.paths])
        self.arrived = {move.edge.source.index: move.after for move in self.made}
        if self.seeded:
            self.arrived[self.graph.result.index] = 1.0
        # The number of the path that is lit, or 0
        self.path = state["path"] if state["path"] <= len(self.paths) else 0
        if not self.path and not self.seeded:
            self.path = step
        self.lit = [self.graph.node(self.leaf)]
        if self.path:
            for edge in self.paths[self.path - 1].edges:
                self.lit += [edge, edge.target]

    @property
    def done(self):
        return self.step == self.last

    @property
    def found(self):
        """What has arrived of the chosen leaf's gradient, or None."""
        return self.gradient(self.graph.node(self.leaf))

    def gradient(self, node):
        return self.arrived.get(node.index)

    def sign(self, node):
        return self.example.signs[node.name]


def draw(state):
    moment = Moment(state)
    return '<div class="lf-split">%s<div class="lf-beside">%s%s%s</div></div>' % (
        picture.draw(
            moment, moment.graph, moment.example.places, moment.example.captions,
            moment.example.size, None, press="Show its paths",
        ),
        _paths(moment),
        picture.LEGEND,
        words(_words(moment, state)),
    )  # fmt: skip


def press(state, what):
    example = EXAMPLES[state["example"]]
    if what[:5] == "leaf:" and what[5:] in [name for name, value in example.leaves]:
        return dict(state, leaf=state["example"] + ":" + what[5:], path=0)
    if what[:5] == "path:" and what[5:].isdigit():
        path = int(what[5:])
        return dict(state, path=0 if path in (state["path"], 0) or path > 9 else path)
    if what not in ("back", "step", "play"):
        return state
    last = Moment(state).last
    after = steps.press(dict(state, step=min(state["step"], last), path=0), what, "step", last)
    return dict(after, step=END) if after["step"] == last else after


def tick(state):
    return press(state, "step")


def _partial(moment):
    return "∂%s/∂%s" % (moment.sign(moment.graph.result), moment.example.signs[moment.leaf])


def _paths(moment):
    """Return one row for each path, their sum, and what the pass has left."""
    rows = []
    known = moment.step if not moment.seeded else len(moment.paths)
    for number, path in enumerate(moment.paths):
        number += 1
        shown = number <= known or number == moment.path
        lit = number == moment.path
        rows.append(
            '<div class="lf-path%s" data-press="path:%d" aria-pressed="%s">'
            "<small>path %d: %s</small>%s = %s</div>"
            % (
                " lf-lit" if lit else "", number, "true" if lit else "false", number,
                _route(moment, path), _factors(path),
                _number("path:%d" % number, path.product if shown else None),
            )
        )  # fmt: skip
    total = moment.total if known == len(moment.paths) else None
    joining = moment.seeded and not moment.made
    terms = _terms(moment.paths, joining) + " = " if known == len(moment.paths) > 1 else ""
    name = moment.example.signs[moment.leaf]
    rows.append(
        '<div class="lf-path lf-sum"><small>%s, the sum over all paths</small>%s%s</div>'
        '<div class="lf-path lf-sum"><small>what the pass finds</small>%s.grad = %s%s</div>'
        % (
            _partial(moment), terms, _number("sum", total),
            name, _number("grad:" + moment.leaf, moment.found), _mark(moment),
        )
    )  # fmt: skip
    return '<div class="lf-paths">%s</div>' % "".join(rows)


def _number(key, value):
    return WAIT if value is None else out(key, value, "downstream")


def _right(moment):
    return abs(moment.found - moment.total) <= 1e-9 * max(1.0, abs(moment.total))


def _mark(moment):
    if not moment.done:
        return ""
    if _right(moment):
        return ' <span class="lf-good">✓ right</span>'
    return ' <span class="lf-bad">✗ wrong</span>'


def _route(moment, path):
    names = [moment.sign(edge.source) for edge in path.edges]
    return " → ".join(names + [moment.sign(moment.graph.result)])


def _factors(path):
    """Return the product of the local derivatives, from the leaf on."""
    return "\u2009×\u2009".join([factor(edge.local, "local") for edge in path.edges])


def _terms(paths, joining):
    """Return the products to be added; where they are `joining`, each comes from its row."""
    terms = [factor(path.product, "downstream") for path in paths]
    if joining:
        terms = [
            '<span class="lf-joining" style="--term:%d;--rows:%d">%s</span>'
            % (number, len(paths) - number, term)
            for number, term in enumerate(terms)
        ]
    return " + ".join(terms)


def _words(moment, state):
    """Return a sentence or two on what the last step did."""
    count = len(moment.paths)
    many = "1 path" if count == 1 else "the %d paths" % count
    leaf, result = moment.example.signs[moment.leaf], moment.sign(moment.graph.result)
    if moment.path:
        path = moment.paths[moment.path - 1]
        return "Path %d of %d runs %s. Along it the local derivatives multiply: %s = %s." % (
            moment.path, count, _route(moment, path), _factors(path),
            out("path:%d" % moment.path, path.product, "downstream"),
        )  # fmt: skip
    if moment.step == 0:
        return "Forward is done: %s. From %s, %s to the result. Step to follow the first." % (
            equation(result, "value:" + moment.graph.result.name, moment.graph.result.value),
            leaf,
            "1 path leads" if count == 1 else "%d paths lead" % count,
        )
    if not moment.made:
        return "The paths add up: %s. Now the backward pass, which knows no paths, begins: %s." % (
            equation(_partial(moment), "sum", moment.total, "downstream"),
            equation("%s.grad" % result, "grad:" + moment.graph.result.name, 1.0, "downstream"),
        )  # fmt: skip
    if not moment.done:
        return _move(moment, state["rule"])
    said = "The pass finds %s, the sum over %s is %s. " % (
        equation(leaf + ".grad", "grad:" + moment.leaf, moment.found, "downstream"),
        many,
        out("sum", moment.total, "downstream"),
    )  # fmt: skip
    return said + _verdict(moment, state)


def _move(moment, rule):
    """Return what the last move of the pass did."""
    move = moment.made[-1]
    source = moment.sign(move.edge.source)
    now = equation(source + ".grad", "grad:" + move.edge.source.name, move.after, "downstream")
    said = "%s%s sends to %s: %s × %s = %s. " % (
        "Once more, " if move.again else "",
        moment.sign(move.edge.target),
        source,
        factor(move.upstream, "upstream"),
        factor(move.edge.local, "local"),
        out("sent", move.sent, "downstream"),
    )
    if move.before is None:
        return said + "It is the first to arrive: %s." % now
    did = "is added to" if rule == "add" else "overwrites"
    return said + "It %s the %s that was there: %s." % (did, show(move.before), now)


def _verdict(moment, state):
    """Return why the pass is right or wrong."""
    again = any([move.again for move in moment.moves])
    lost = state["rule"] == "set" and any([move.before is not None for move in moment.moves])
    if state["rule"] == "add" and state["order"] == "topological":
        return "Each node waited for all its uses, so each edge was crossed once."
    if _right(moment):
        return "Right, but by luck: %s." % (
            "the fault did not reach this number"
            if again or lost
            else "in this graph no node is used twice"
            if state["rule"] == "set"
            else "in this graph no node had to send twice"
        )
    if lost:
        said = "What arrived last took the place of the rest; it should have been added."
        return said + (" And nodes were visited again." if again else "")
    return "A node that had already sent was visited again, and sent all it had once more."
