"""The lecture's graph, edge by edge: ŷ = x·w, s = ŷ - y, loss = s²."""

from autograd import Variable, graph
from figures.parts import graph as picture
from figures.parts import mathml, steps
from figures.parts.controls import Choice, Hidden, Slider
from figures.parts.text import equation, out, words
from figures.parts.walk import Walk

TITLE = "A chain of gates: forward, then backward"
LAST = 10  # three operations, the result's own gradient, five edges, what has come of it
STATE = {"x": 2.0, "y": 4.0, "w": 1.0, "leaf": "w", "step": LAST}
CONTROLS = (
    Slider("x", "input x", -5, 5, 0.1),
    Slider("y", "target y", -10, 10, 0.1),
    Slider("w", "weight w", -5, 5, 0.1),
    Choice("leaf", "Chain rule for", (("w", "∂loss/∂w"), ("x", "∂loss/∂x"), ("y", "∂loss/∂y"))),
    Hidden("step", 0, LAST),
) + steps.BUTTONS
BEAT = 1100

PLACES = {
    "x": (58, 32), "w": (198, 32), "y_hat": (128, 136), "y": (288, 136),
    "s": (206, 240), "loss": (206, 344),
}  # fmt: skip
SIZE = (350, 376)  # with room for the ring around a box that has the focus
CAPTIONS = {
    "x": "x", "w": "w", "y": "y", "y_hat": "ŷ = x · w", "s": "s = ŷ - y", "loss": "loss = s²",
}  # fmt: skip
SIGNS = {"y_hat": "ŷ"}
# The local derivatives as formulas: what the rule of each gate says before numbers are put in.
FORMULAS = {
    ("loss", "s"): "<mn>2</mn>" + mathml.name("s"),
    ("s", "y_hat"): "<mn>1</mn>",
    ("s", "y"): "<mrow><mo>(</mo><mn>-1</mn><mo>)</mo></mrow>",
    ("y_hat", "w"): mathml.name("x"),
    ("y_hat", "x"): mathml.name("w"),
}


def square(s):
    return s**2


def compute(state, square=square):
    """Return the graph that autograd records for the state's x, y and w."""
    x = Variable(state["x"], requires_grad=True, name="x")
    w = Variable(state["w"], requires_grad=True, name="w")
    y = Variable(state["y"], requires_grad=True, name="y")
    y_hat = x * w
    y_hat.name = "y_hat"
    s = y_hat - y
    s.name = "s"
    loss = square(s)
    loss.name = "loss"
    return graph(loss)


def draw(state):
    recorded = compute(state)
    walk = Walk(recorded, state["step"])
    if state["step"] == LAST:
        walk.rest(recorded.node(state["leaf"]))
    return '<div class="lf-split">%s<div class="lf-beside">%s%s%s</div></div>' % (
        picture.draw(walk, recorded, PLACES, CAPTIONS, SIZE, _partial, press="Show its chain rule"),
        _equation(recorded, walk, state["leaf"]),
        LEGEND,
        words(_words(recorded, walk, state)),
    )


def press(state, what):
    if what[:5] == "leaf:" and what[5:] in ("x", "y", "w"):
        return dict(state, leaf=what[5:])
    return steps.press(state, what, "step", LAST)


def tick(state):
    return press(state, "step")


LEGEND = (
    '<p class="lf-legend"><span class="lf-value">value</span>'
    '<span class="lf-upstream">upstream</span><span class="lf-local">local</span>'
    '<span class="lf-downstream">downstream gradient</span></p>'
)


def _sign(node):
    return SIGNS.get(node.name, node.name)


def _partial(edge):
    return "∂%s/∂%s" % (_sign(edge.target), _sign(edge.source))


def _equation(recorded, walk, leaf):
    """Return the chain rule to `leaf`: as derivatives, as formulas, as numbers, as the product."""
    path = recorded.paths(leaf)[0]
    edges = list(reversed(path.edges))
    done = all([edge in walk.crossed for edge in edges])
    known = [
        mathml.factor(edge.local, "local", "local:%s:%s" % (edge.target.name, edge.source.name))
        if edge in walk.crossed
        else mathml.UNKNOWN
        for edge in edges
    ]
    return mathml.math(
        (
            mathml.partial("loss", leaf),
            mathml.product([mathml.partial(e.target.name, e.source.name) for e in edges]),
        ),
        ("", mathml.product([FORMULAS[e.target.name, e.source.name] for e in edges])),
        ("", mathml.product(known)),
        (
            "",
            mathml.number(recorded.node(leaf).grad, "downstream", "grad:" + leaf)
            if done
            else mathml.UNKNOWN,
        ),
    )


def _words(recorded, walk, state):
    """Return one or two sentences on what the last moment did."""
    now, leaf = walk.now, state["leaf"]
    if walk.phase == "inputs":
        return "The inputs are set. Step forward to compute the prediction."
    if walk.phase == "forward":
        return "Forward: %s = %s." % (CAPTIONS[now.name], out("value:" + now.name, now.value))
    if walk.phase == "seed":
        return "The forward pass is done: loss = %s. Backward starts with %s." % (
            out("loss", now.value),
            equation("∂loss/∂loss", "grad:loss", now.grad, "downstream"),
        )
    if state["step"] < LAST:
        return "Backward through %s: upstream %s × local %s = downstream %s." % (
            _sign(now.target),
            out("grad:" + now.target.name, now.target.grad, "upstream"),
            out("local:%s:%s" % (now.target.name, now.source.name), now.local, "local"),
            out("grad:" + now.source.name, now.downstream, "downstream"),
        )
    loss = recorded.node("loss")
    slope = recorded.node(leaf).grad
    if slope != slope or abs(slope) == float("inf"):
        advice = "the numbers have left the range of a float"
    elif slope == 0:
        advice = "a small change of %s changes nothing: the slope is flat here" % leaf
    else:
        advice = "%s %s a little makes the loss smaller" % (
            "raising" if slope < 0 else "lowering", leaf
        )  # fmt: skip
    return "The prediction is %s, the target %s, so the loss is %s. %s: %s." % (
        out("value:y_hat", recorded.node("y_hat").value),
        out("value:y", recorded.node("y").value),
        out("loss", loss.value),
        equation("∂loss/∂" + leaf, "grad:" + leaf, slope, "downstream"),
        advice,
    )
