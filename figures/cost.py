"""What a gradient costs: operations and memory against the number of inputs, counted."""

from autograd import Variable, graph
from figures.modes import tangents
from figures.parts.axes import Frame, top
from figures.parts.controls import Slider
from figures.parts.text import out, words

TITLE = "The price of a gradient, by the number of inputs"
MOST = 12
STATE = {"n": 5}
CONTROLS = (Slider("n", "inputs n", 2, MOST, 1),)
BEAT = 0  # there is nothing to play


def record(n):
    """Return the graph of Speelpenning's product x1 x2 ... xn at 1, 2, ..., n."""
    xs = [Variable(float(i + 1), requires_grad=True) for i in range(n)]
    product = xs[0]
    for x in xs[1:]:
        product = product * x
    return graph(product)


def alive(recorded):
    """Return how many results of operations are still needed at the same time, at most."""
    waiting = {}  # node: how many have yet to use it
    most = 0
    for node in recorded.nodes:
        if node.inputs:
            waiting[node.index] = len(node.outputs)
            most = max(most, len(waiting))
            for edge in node.inputs:
                if edge.source.index in waiting:
                    waiting[edge.source.index] -= 1
                    if not waiting[edge.source.index]:
                        del waiting[edge.source.index]
    return most


def count(n):
    """Return {how: (gradient, operations, numbers in memory)}, all of it carried out and counted.

    An operation is a value that is computed, or a factor that a derivative is multiplied by.
    """
    recorded = record(n)
    leaves = [node for node in recorded.nodes if not node.inputs]
    results = [node for node in recorded.nodes if node.inputs]
    work = {"forward": 0, "reverse": len(results), "difference": len(results)}
    found = {"forward": [], "reverse": [leaf.grad for leaf in leaves]}
    for leaf in leaves:
        found["forward"].append(tangents(recorded, leaf)[-1])
        work["forward"] += len(results) + len(recorded.edges)
        work["difference"] += len(results)
    for node in recorded.backward_order:
        work["reverse"] += len(node.inputs)
    peak = alive(recorded)
    kept = {"forward": 2 * peak, "reverse": len(results), "difference": peak}
    return found, work, kept


counted = {}


def counts(n):
    if n not in counted:
        counted[n] = count(n)
    return counted[n]


WAYS = (
    ("difference", "differences", "ink"),
    ("forward", "forward mode", "upstream"),
    ("reverse", "reverse mode", "value"),
)
LEGEND = '<p class="lf-legend">%s</p>' % "".join(
    ['<span class="lf-%s">%s</span>' % (kind, name) for _, name, kind in WAYS]
)
frames = []


def draw(state):
    n = state["n"]
    if not frames:
        frames.append(
            Frame((0.0, MOST + 0.5), (0.0, top([1.05 * counts(MOST)[1]["forward"]])), 340, 240)
        )
    frame = frames[0]
    inside = ""
    for way, _, kind in WAYS:
        places = frame.places([(i, counts(i)[1][way]) for i in range(2, MOST + 1)])
        inside += frame.line(places, kind) + frame.dots(places, kind)
        inside += frame.dot(places[n - 2], kind)
    found, work, kept = counts(n)
    said = "Operations against the number of inputs, for differences, forward and reverse mode."
    return (
        '<div class="lf-charts lf-two">%s<div class="lf-beside">%s%s%s</div></div>'
        % (
            frame.draw(inside, "inputs n", "operations", said),
            LEGEND,
            _table(n, work, kept),
            words(_words(n, found, work)),
        )
    )  # fmt: skip


def press(state, what):
    return state


def tick(state):
    return state


def _table(n, work, kept):
    runs = {"difference": "%d" % (n + 1), "forward": "%d" % n, "reverse": "1 + back"}
    rows = [
        '<tr><th class="lf-%s">%s</th><td>%s</td><td>%s</td><td>%s</td></tr>'
        % (
            kind, name, runs[way], out("work:" + way, work[way], kind),
            out("kept:" + way, kept[way], kind),
        )
        for way, name, kind in WAYS
    ]  # fmt: skip
    return (
        '<table class="lf-table"><thead><tr><td></td><th>runs</th><th>operations</th>'
        "<th>kept</th></tr></thead><tbody>%s</tbody></table>" % "".join(rows)
    )


def _words(n, found, work):
    return "At 1, 2, … %d the derivatives are %s. Forward mode took %s times the operations." % (
        n,
        ", ".join([out("d:%d" % (i + 1), value) for i, value in enumerate(found["reverse"])]),
        out("times", work["forward"] / work["reverse"]),
    )
