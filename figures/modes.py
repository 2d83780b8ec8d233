"""Forward and reverse mode in lockstep: tangents go with the values, adjoints against them."""

from autograd import Variable, graph, log, sin
from figures.parts import graph as picture
from figures.parts import steps
from figures.parts.controls import Hidden, Slider
from figures.parts.text import equation, out, show, words

TITLE = "Forward mode and reverse mode, step by step"
CAPTIONS = {
    "x1": "x₁", "x2": "x₂", "v1": "v₁ = ln x₁", "v2": "v₂ = x₁ · x₂", "v3": "v₃ = sin x₂",
    "v4": "v₄ = v₁ + v₂", "y": "y = v₄ - v₃",
}  # fmt: skip
PLACES = {
    "x1": (100, 32), "x2": (260, 32), "v1": (58, 126), "v2": (180, 126), "v4": (119, 220),
    "v3": (302, 220), "y": (200, 314),
}  # fmt: skip
TANGENTS = dict.fromkeys(CAPTIONS, "ink")  # their color: they are no gradients
SIZE = (360, 346)
PASS = 5  # operations
LAST = 2 * PASS + 1  # there, the turn, and back
STATE = {"x1": 2.0, "x2": 5.0, "step": LAST}
CONTROLS = (
    Slider("x1", "input x₁", 0.1, 5, 0.1),
    Slider("x2", "input x₂", -10, 10, 0.1),
    Hidden("step", 0, LAST),
) + steps.BUTTONS
BEAT = 1800


def record(x1, x2):
    """Return the graph of ln(x1) + x1 x2 - sin(x2)."""
    x1 = Variable(x1, requires_grad=True, name="x1")
    x2 = Variable(x2, requires_grad=True, name="x2")
    v1 = log(x1)
    v2 = x1 * x2
    v3 = sin(x2)
    v4 = v1 + v2
    y = v4 - v3
    for node, name in ((v1, "v1"), (v2, "v2"), (v3, "v3"), (v4, "v4"), (y, "y")):
        node.name = name
    return graph(y)


def tangents(recorded, leaf):
    """Return the derivative of each node by one leaf, in the order of `nodes`."""
    found = []
    for node in recorded.nodes:
        tangent = 1.0 if node is leaf else 0.0
        for edge in node.inputs:
            tangent += edge.local * found[edge.source.index]
        found.append(tangent)
    return found


class Trace:
    """How far one of the two has come, as ``figures.parts.graph`` draws it."""

    phase = "trace"
    seeded = True

    def __init__(self, valued, known, crossed, now, found):
        self.valued = valued
        self.known = known
        self.crossed = crossed
        self.now = now
        self.lit = ()
        self.found = found

    def gradient(self, node):
        return self.found.get(node.index)


def names(nodes):
    return {node.name for node in nodes}


def forward(recorded, step):
    """Return the trace of forward mode: a run for x1, and then another one for x2."""
    second = step > PASS
    done = step - PASS - 1 if second else step
    inputs, operations = recorded.nodes[:2], recorded.nodes[2:]
    nodes = inputs + operations[:done]
    values = tangents(recorded, inputs[second])
    known = [edge for node in nodes for edge in node.inputs]
    return Trace(
        names(recorded.nodes if second else nodes), known, (), nodes[-1] if done else None,
        {node.index: values[node.index] for node in nodes},
    )  # fmt: skip


def reverse(recorded, step):
    """Return the trace of reverse mode: a run for the values, and one back."""
    done = max(step - PASS - 1, 0)
    sent = recorded.backward_order[:done]
    crossed = [edge for node in sent for edge in node.inputs]
    found = {recorded.result.index: recorded.result.grad} if step > PASS else {}
    for edge in crossed:
        source = edge.source.index
        found[source] = found.get(source, 0.0) + edge.downstream
    now = sent[-1] if done else recorded.nodes[step + 1] if 0 < step <= PASS else None
    valued = names(recorded.nodes[: 2 + min(step, PASS)])
    return Trace(valued, crossed, crossed, now, found)


def draw(state):
    recorded = record(state["x1"], state["x2"])
    step = state["step"]
    traces = forward(recorded, step), reverse(recorded, step)
    kinds = TANGENTS, None
    graphs = [
        "<div><b>%s mode</b>%s</div>"
        % (
            ("Forward", "Reverse")[i],
            picture.draw(
                traces[i], recorded, PLACES, CAPTIONS, SIZE, None, kinds[i],
                gradient=("tangent", "adjoint")[i],
            ),
        )
        for i in (0, 1)
    ]  # fmt: skip
    return '<div class="lf-charts lf-two">%s</div><div class="lf-figures">%s</div>%s' % (
        "".join(graphs),
        _results(recorded, step, traces),
        words(_words(recorded, step, traces)),
    )


def press(state, what):
    return steps.press(state, what, "step", LAST)


def tick(state):
    return press(state, "step")


def _results(recorded, step, traces):
    """Return what each of the two has found of the two derivatives."""
    ready = [PASS, LAST]
    cells = []
    for i, node in enumerate(recorded.nodes[:2]):
        forwards = tangents(recorded, node)[-1] if step >= ready[i] else None
        complete = all([edge in traces[1].crossed for edge in node.outputs])
        for mode, value in (
            ("forward", forwards),
            ("reverse", traces[1].gradient(node) if complete else None),
        ):
            key = "%s:%s" % (mode, node.name)
            shown = '<span class="lf-wait">?</span>' if value is None else out(key, value, "ink")
            cells.append("<div><small>∂y/∂%s, %s</small>%s</div>" % (_sign(node), mode, shown))
    return "".join(cells)


def _sign(node):
    return CAPTIONS[node.name].split(" = ")[0]


def _part(value):
    return "(%s)" % show(value) if value < 0 else show(value)


def _words(recorded, step, traces):
    ahead, back = traces
    if step == 0:
        return (
            "Forward mode asks how all answers to x₁: that has the tangent 1, x₂ has 0. Reverse "
            "mode only computes values, for now. Press Step."
        )
    if step == PASS + 1:
        return (
            "Forward mode knows %s, and starts anew with x₂. Reverse mode turns around: %s."
            % (
                equation("∂y/∂x₁", "forward:x1", tangents(recorded, recorded.nodes[0])[-1]),
                equation("∂y/∂y", "adjoint:y", back.gradient(recorded.result)),
            )
        )  # fmt: skip
    if step == LAST:
        return (
            "Both know both derivatives. Forward mode made a run for each input; reverse mode made "
            "one run there and one back, and would do so for a million inputs."
        )
    node = ahead.now
    said = "Forward: %s has the tangent %s = %s. " % (
        CAPTIONS[node.name],
        " + ".join(
            [
                "%s × %s" % (_part(edge.local), _part(ahead.gradient(edge.source)))
                for edge in node.inputs
            ]
        ),
        out("tangent:" + node.name, ahead.gradient(node)),
    )
    node = back.now
    if step <= PASS:
        return said + "Reverse: the value alone, %s." % (
            equation(_sign(node), "value:" + node.name, node.value)
        )
    return said + "Reverse: %s sends %s." % (
        _sign(node),
        " and ".join(
            [
                "%s × %s = %s to %s"
                % (
                    _part(node.grad), _part(edge.local), show(edge.downstream),
                    _sign(edge.source),
                )
                for edge in node.inputs
            ]
        ),
    )  # fmt: skip
