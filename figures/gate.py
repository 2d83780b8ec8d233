"""One gate: the gradient that arrives from the loss, times its own, goes on to the inputs."""

from autograd import Variable, graph, maximum
from figures.parts import graph as picture
from figures.parts import steps
from figures.parts.controls import Button, Choice, Entry, Hidden, Slider, Switch
from figures.parts.text import equation, escape, out, words
from figures.parts.walk import Walk

TITLE = "One gate: downstream = upstream × local"
GATES = {
    # operation: (what the gate computes, ∂z/∂x and ∂z/∂y as formulas)
    "add": ("x + y", "1", "1"),
    "sub": ("x - y", "1", "-1"),
    "mul": ("x × y", "y", "x"),
    "max": ("max(x, y)", "1 if x &gt; y", "1 if y &gt; x"),
    "square": ("x²", "2x", None),
}
LAST = 4  # the value, the upstream gradient, one edge, the other edge
BOXES = ("local_x", "down_x", "local_y", "down_y")
STATE = {
    "op": "mul", "x": 2.0, "y": 3.0, "upstream": 5.0, "predict": False,
    "local_x": "", "down_x": "", "local_y": "", "down_y": "", "step": LAST,
}  # fmt: skip
CONTROLS = (
    Choice("op", "gate", tuple([(op, gate[0]) for op, gate in GATES.items()])),
    Slider("x", "input x", -5, 5, 0.1),
    Slider("y", "input y", -5, 5, 0.1),
    Slider("upstream", "upstream ∂L/∂z", -10, 10, 0.1),
    Switch("predict", "predict: fill the boxes in before you see them"),
    Hidden("step", 0, LAST),
)
CONTROLS += tuple([Entry(box) for box in BOXES]) + steps.BUTTONS
CONTROLS += (Button("clear", "Clear boxes"),)
BEAT = 1100

PLACES = {"x": (62, 32), "y": (238, 32), "z": (150, 158)}
SIZE = (300, 262)


def compute(state):
    """Return the graph of the state's gate with its upstream gradient."""
    x = Variable(state["x"], requires_grad=True, name="x")
    y = Variable(state["y"], requires_grad=True, name="y")
    z = {
        "add": lambda: x + y,
        "sub": lambda: x - y,
        "mul": lambda: x * y,
        "max": lambda: maximum(x, y),
        "square": lambda: x**2,
    }[state["op"]]()
    z.name = "z"
    return graph(z, state["upstream"])


def draw(state):
    recorded = compute(state)
    edges = [edge for edge in recorded.edges if edge.source.op != "constant"]
    answers = _answers(edges)
    closed = [box for box in answers if not _right(state, box, answers[box])]
    step = min(state["step"], 2 + len(edges))
    if state["predict"] and closed:
        step = min(step, 2)  # the graph keeps the secret as well
    walk = Walk(recorded, step)
    captions = {"x": "x", "y": "y", "z": "z = " + GATES[state["op"]][0]}
    return '<div class="lf-split">%s<div class="lf-beside">%s%s</div></div>' % (
        picture.draw(
            walk, recorded, PLACES, captions, SIZE, _partial, {"z": "upstream"}, _upstream(walk)
        ),
        _table(state, walk, edges),
        words(_words(state, walk, edges, closed)),
    )


def press(state, what):
    if what == "clear":
        return dict(state, **dict.fromkeys(BOXES, ""))
    return steps.press(state, what, "step", LAST)


def tick(state):
    return press(state, "step")


def _partial(edge):
    return "∂z/∂" + edge.source.name


def _upstream(walk):
    """Return the arrow on which the upstream gradient comes in from the rest of the network."""
    x, y = PLACES["z"]
    y += picture.HIGH // 2
    return (
        '<g class="lf-edge lf-from-above%s"><path d="M%d %dv30M%d %dl5 -8l5 8"/>'
        '<text class="lf-small" x="%d" y="%d">L, further on</text></g>'
        % (" lf-crossed" if walk.seeded else "", x, y, x - 5, y + 9, x, y + 44)
    )


def _answers(edges):
    """Return {box: the number that belongs in it}."""
    answers = {}
    for edge in edges:
        answers["local_" + edge.source.name] = edge.local
        answers["down_" + edge.source.name] = edge.downstream
    return answers


def _typed(state, box):
    """Return what the reader typed into `box` as a number, or None."""
    try:
        return float(state[box].replace(",", "."))
    except ValueError:
        return None


def _right(state, box, answer):
    typed = _typed(state, box)
    return typed is not None and abs(typed - answer) <= 0.005 * max(1.0, abs(answer))


def _tie(state):
    """Return whether a maximum has no derivative here."""
    return state["op"] == "max" and state["x"] == state["y"]


def _table(state, walk, edges):
    """Return one row for each input: upstream × local = downstream."""
    rows = []
    upstream = out("upstream", edges[0].target.grad, "upstream") if walk.seeded else _WAIT
    formulas = ("½", "½") if _tie(state) else GATES[state["op"]][1:]
    for edge, formula in zip(edges, formulas):
        source = edge.source.name
        crossed = edge in walk.crossed
        local = _cell(state, "local_" + source, "local:z:" + source, edge.local, "local", crossed)
        down = _cell(
            state, "down_" + source, "grad:" + source, edge.downstream, "downstream", crossed
        )
        rows.append(
            "<tr><th>%s</th><td>%s</td><td>×</td>"
            "<td><small>∂z/∂%s%s</small>%s</td><td>=</td><td><small>∂L/∂%s</small>%s</td></tr>"
            % (
                source,
                upstream,
                source,
                "" if state["predict"] else " = " + formula,
                local,
                source,
                down,
            )
        )
    return (
        '<table class="lf-table"><thead><tr><td></td><th class="lf-upstream">upstream</th><td></td>'
        '<th class="lf-local">local</th><td></td><th class="lf-downstream">downstream</th></tr>'
        "</thead><tbody>%s</tbody></table>" % "".join(rows)
    )


_WAIT = '<span class="lf-wait">?</span>'


def _cell(state, box, key, value, kind, crossed):
    """Return a box of the table: the number, a question mark, or a field to fill in."""
    if not state["predict"]:
        return out(key, value, kind) if crossed else _WAIT
    if _right(state, box, value):
        return out(key, value, kind) + '<span class="lf-right" aria-label="right"> ✓</span>'
    wrong = "true" if state[box].strip() else "false"
    return (
        '<input class="lf-entry" aria-invalid="%s" name="%s" value="%s" inputmode="decimal" '
        'maxlength="20" autocomplete="off" aria-label="%s gradient of %s"/>'
        % (wrong, box, escape(state[box]), kind, box[-1])
    )


def _words(state, walk, edges, closed):
    now = walk.now
    if state["predict"] and closed:
        return _hint(state, edges, closed)
    if walk.phase == "inputs":
        return "The inputs are set. Step forward: the gate computes its value."
    if walk.phase == "forward":
        return "Forward: z = %s = %s. The gate could note its local gradients right now." % (
            GATES[state["op"]][0],
            out("value:z", now.value),
        )
    if walk.phase == "seed":
        given = equation("∂L/∂z", "upstream", now.grad, "upstream")
        return "From further on in the network arrives the upstream gradient %s." % given
    said = []
    for edge in walk.crossed:
        source = edge.source.name
        said.append(equation("∂L/∂" + source, "grad:" + source, edge.downstream, "downstream"))
    return "Upstream times local: %s. %s" % (
        " and ".join(said),
        CHARACTER["tie" if _tie(state) else state["op"]],
    )


CHARACTER = {
    "add": "An add gate hands the upstream gradient to both inputs unchanged.",
    "sub": "A subtract gate hands it on unchanged to x and with its sign turned to y.",
    "mul": "A multiply gate swaps: each input gets upstream times the other input.",
    "max": "A max gate is a switch: the larger input gets everything, the other nothing.",
    "tie": "The inputs are equal: there is no derivative, and each is given half.",
    "square": "The input counts twice: upstream times 2x. (y plays no part here.)",
}


def _mistakes(edge, edges):
    """Return {beginning of a box's name: pairs of a wrong entry and what to say to it}."""
    local = [(edge.downstream, "that is already the product. The local gradient knows no L.")]
    down = [
        (edge.local, "that is the local gradient. Multiply it by the upstream one."),
        (edge.target.grad, "that is the upstream gradient. Multiply it by the local one."),
    ]
    for other in edges:
        if other is not edge:
            asked = "that is the other input's. How does z answer when %s moves?"
            local.append((other.local, asked % edge.source.name))
            down.append((other.downstream, "that is what the other input gets."))
    local.append((-edge.local, SIGN))
    down.append((-edge.downstream, SIGN))
    return {"local_": local, "down_": down}


SIGN = "the size is right, the sign is not."


def _hint(state, edges, closed):
    """Return what to do next, or what the wrong entries look like."""
    hints = []
    for edge in edges:
        for box, known in _mistakes(edge, edges).items():
            name = box + edge.source.name
            for mistake, said in known:
                if name in closed and _typed(state, name) == mistake:
                    hints.append("∂%s/∂%s: %s" % ("z" if box == "local_" else "L", name[-1], said))
                    break
    if hints:
        return " ".join(hints[:2])
    tried = [box for box in closed if state[box].strip()]
    if len(closed) == 1:
        left = "one box is still closed. Type the number that belongs in it."
    else:
        left = "%d boxes are still closed. Type a number into each." % len(closed)
    return "%s %s" % ("Not yet:" if tried else "Predict:", left)
