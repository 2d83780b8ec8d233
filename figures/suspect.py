"""A gradient check: one gate of this engine has a wrong derivative. Which?"""

from autograd import Variable, graph, tanh
from autograd.own import register
from figures.difference import relative
from figures.parts import graph as picture
from figures.parts.controls import Choice, Slider
from figures.parts.text import out, words
from figures.parts.walk import Walk

TITLE = "A gradient check: find the gate whose derivative is wrong"
STATE = {"engine": "a", "x": 2.0, "w": 0.5, "b": -0.4, "y": 1.0, "gate": "none"}
INPUTS = ("x", "w", "b", "y")
CAPTIONS = {
    "x": "x", "w": "w", "b": "b", "y": "y", "p": "p = x · w", "z": "z = p + b",
    "a": "a = tanh z", "s": "s = a - y", "q": "q = s²", "r": "r = w²", "loss": "loss = q + r",
}  # fmt: skip
GATES = tuple([name for name in CAPTIONS if name not in INPUTS])
PLACES = {
    "x": (110, 32), "w": (250, 32), "b": (58, 120), "p": (180, 120), "r": (302, 120),
    "z": (119, 208), "y": (58, 296), "a": (180, 296), "s": (119, 384), "q": (119, 472),
    "loss": (215, 560),
}  # fmt: skip
SIZE = (360, 592)
CONTROLS = (
    Choice(
        "engine",
        "engine",
        (("sound", "without a bug"), ("a", "A"), ("b", "B"), ("c", "C"), ("d", "D")),
    ),
    Choice("gate", "gate to check", (("none", "none"),) + tuple([(g, CAPTIONS[g]) for g in GATES])),
    Slider("x", "input x", -3, 3, 0.1),
    Slider("w", "weight w", -3, 3, 0.1),
    Slider("b", "bias b", -3, 3, 0.1),
    Slider("y", "target y", -3, 3, 0.1),
)
BEAT = 0  # there is nothing to play

H = 1e-4
CLOSE = 1e-4  # a larger relative error is a wrong derivative
NOTHING = 1e-8  # and a smaller number is none: so near to 0 a difference has only noise


def square(x):
    return x * x


# What each engine has in place of the right gate
PLANTED = {
    "a": ("a", register("tanh", tanh, lambda x, z: 1.0 - x * x)),
    "b": ("s", register("sub", lambda x, y: x - y, 1.0, 1.0)),
    "c": ("r", register("square", square, lambda x, z: x)),
    "d": ("p", register("mul", lambda x, y: x * y, lambda x, y, z: x, lambda x, y, z: y)),
}


def record(engine, at):
    """Return the loss that an engine records for {input: number}."""
    return compute(engine, *[Variable(at[name], requires_grad=True, name=name) for name in INPUTS])


def compute(engine, x, w, b, y):
    """Return the loss that an engine records for four Variables."""
    gates = {
        "p": lambda x, y: x * y, "a": tanh, "s": lambda x, y: x - y, "r": lambda x: x**2.0,
    }  # fmt: skip
    if engine in PLANTED:
        name, gate = PLANTED[engine]
        gates[name] = gate
    p = gates["p"](x, w)
    r = gates["r"](w)
    z = p + b
    a = gates["a"](z)
    s = gates["s"](a, y)
    q = s**2.0
    loss = q + r
    for node, name in ((p, "p"), (r, "r"), (z, "z"), (a, "a"), (s, "s"), (q, "q"), (loss, "loss")):
        node.name = name
    return loss


def nudged(function, at, slot):
    """Return the central difference of a function of a list of numbers, by one of them."""
    ends = [
        function([value + move * (i == slot) for i, value in enumerate(at)]) for move in (H, -H)
    ]
    return round((ends[0] - ends[1]) / (2.0 * H), 8)


def check_inputs(engine, recorded):
    """Return [(input, the engine's gradient, the difference)]."""
    at = [recorded.node(name).value for name in INPUTS]

    def loss(values):
        return record(engine, dict(zip(INPUTS, values))).item()

    return [(name, recorded.node(name).grad, nudged(loss, at, i)) for i, name in enumerate(INPUTS)]


def check_gate(recorded, name):
    """Return [(input, the engine's local gradient, the difference of this gate alone)]."""
    node = recorded.node(name)
    rule = node.variable.rule
    at = [edge.source.value for edge in node.inputs]
    return [
        (edge.source.name, edge.local, nudged(lambda values: rule.value(*values), at, edge.slot))
        for edge in node.inputs
        if edge.source.op != "constant"
    ]


def agree(found, wanted):
    return relative(found, wanted) <= CLOSE or abs(found - wanted) <= NOTHING


def draw(state):
    recorded = graph(record(state["engine"], state))
    walk = Walk(recorded, 99)
    walk.rest()
    gate = state["gate"]
    rows = check_inputs(state["engine"], recorded)
    wrong = [name for name, found, wanted in rows if not agree(found, wanted)]
    tables = _table("loss", rows, "grad")
    alone = []
    if gate != "none":
        walk.lit = [recorded.node(gate)] + list(recorded.node(gate).inputs)
        alone = check_gate(recorded, gate)
        tables += _table(gate, alone, "local:" + gate)
    return '<div class="lf-split">%s<div class="lf-beside">%s%s</div></div>' % (
        picture.draw(
            walk, recorded, PLACES, CAPTIONS, SIZE, None, press="Check this gate", pressed=GATES
        ),
        tables,
        words(_words(wrong, gate, [row for row in alone if not agree(row[1], row[2])])),
    )


def press(state, what):
    if what[:5] == "node:" and what[5:] in GATES:
        gate = what[5:]
        return dict(state, gate="none" if gate == state["gate"] else gate)
    return state


def tick(state):
    return state


def _table(of, rows, key):
    """Return a table of the derivatives `of` a node: the engine's, the difference, their error."""
    kind = "downstream" if key == "grad" else "local"
    lines = [
        "<tr><th>∂%s/∂%s</th><td>%s</td><td>%s</td><td>%s</td></tr>"
        % (
            of,
            name,
            out("%s:%s" % (key, name), found, kind),
            out("difference:%s:%s" % (key, name), wanted),
            '<span class="lf-good">✓</span>'
            if agree(found, wanted)
            else '<span class="lf-bad">✗ %.2g</span>' % relative(found, wanted),
        )
        for name, found, wanted in rows
    ]
    return (
        '<table class="lf-table"><thead><tr><td></td><th>engine</th><th>difference</th>'
        "<th>error</th></tr></thead><tbody>%s</tbody></table>" % "".join(lines)
    )


def _words(wrong, gate, alone):
    if gate != "none" and alone:
        return (
            "Found: by itself, %s has a wrong derivative. What it sends on is wrong, too."
            % (CAPTIONS[gate])
        )
    said = "All four gradients pass the check here. " if not wrong else (
        "The check fails for %s. " % " and ".join(wrong)
    )  # fmt: skip
    if gate != "none":
        said += "The gate %s passes as well. " % CAPTIONS[gate] if not wrong else (
            "The gate %s passes: it is not this one. " % CAPTIONS[gate]
        )  # fmt: skip
    elif wrong:
        which = "this gradient, and of no other" if len(wrong) == 1 else "these, and of no others"
        return said + "Which gate is on the way of %s? Press it." % which
    return said if wrong else said + "That is no proof: move the inputs."
