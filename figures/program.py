"""A program and its graph: each line that runs lights its node or its edge."""

from figures import chain
from figures.chain import CAPTIONS, PLACES, SIZE
from figures.parts import graph as picture
from figures.parts import steps
from figures.parts.controls import Choice, Hidden, Slider
from figures.parts.text import out, words
from figures.parts.walk import Walk

TITLE = "A program and its graph, line by line"


def _times(s):
    return s * s


# The last line of the forward pass in two ways: how many moments it makes, what it computes, what
# stands in the program and in the box, and the local derivative of each of its edges
SQUARES = {
    "times": (10, _times, "s * s", "loss = s · s", "s.data"),
    "power": (chain.LAST - 1, chain.square, "s ** 2", CAPTIONS["loss"], "2 * s.data"),
}
STATE = {"x": 2.0, "y": 4.0, "w": 1.0, "square": "times", "step": 10}
CONTROLS = (
    Slider("x", "input x", -5, 5, 0.1),
    Slider("y", "target y", -10, 10, 0.1),
    Slider("w", "weight w", -5, 5, 0.1),
    Choice(
        "square",
        "loss line",
        (("times", "loss = s * s"), ("power", "loss = s ** 2")),
    ),
    Hidden("step", 0, 10),
) + steps.BUTTONS
BEAT = 1300

FORWARD = {"y_hat": "y_hat = x * w", "s": "s = y_hat - y"}
LOCAL = {("s", "y_hat"): "1", ("s", "y"): "-1", ("y_hat", "x"): "w.data", ("y_hat", "w"): "x.data"}


def draw(state):
    last, square, _, caption, _ = SQUARES[state["square"]]
    recorded = chain.compute(state, square)
    step = min(state["step"], last)
    walk = Walk(recorded, step)
    captions = dict(CAPTIONS, loss=caption)
    return '<div class="lf-split">%s<div class="lf-beside">%s%s</div></div>' % (
        picture.draw(walk, recorded, PLACES, captions, SIZE, None),
        _program(recorded, state, step),
        words(_words(walk)),
    )


def press(state, what):
    return steps.press(state, what, "step", SQUARES[state["square"]][0])


def tick(state):
    return press(state, "step")


def lines(recorded, square="times"):
    """Return [(code, key, result)]: one line for each moment after the inputs, in their order.

    The result is what the line leaves in the name on its left.
    """
    last, _, code, _, local = SQUARES[square]
    forward = dict(FORWARD, loss="loss = " + code)
    locals_ = dict(LOCAL)
    locals_["loss", "s"] = local
    found = []
    for node in recorded.nodes:
        if node.inputs:
            found.append((forward[node.name], "line:" + node.name, node.value))
    found.append(("loss.grad = 1", "line:loss.grad", recorded.result.grad))
    for edge in Walk(recorded, last).crossed:
        source, target = edge.source.name, edge.target.name
        code = "%s.grad += %s * %s.grad" % (source, locals_[target, source], target)
        key = "line:%s.grad:%d" % (source, edge.slot)
        found.append((code, key, Walk(recorded, len(found) + 1).gradient(edge.source)))
    return found


def _program(recorded, state, step):
    """Return the program: what has run with its result, what runs now, what is still to come."""
    rows = []
    for name in ("x", "y", "w"):
        code = "%s = Variable(%s)" % (name, out("line:" + name, state[name]))
        rows.append(_row(code, "", "now" if step == 0 else "done"))
    for number, (code, key, value) in enumerate(lines(recorded, state["square"]), 1):
        known = ' <span class="lf-result"># %s</span>' % out(key, value, _kind(code))
        when = "now" if number == step else "done" if number < step else "later"
        rows.append(_row(code, known if number <= step else "", when))
    return '<div class="lf-program"><pre>%s</pre></div>' % "".join(rows)


def _kind(code):
    return "downstream" if ".grad" in code else "value"


def _row(code, result, when):
    current = ' aria-current="step"' if when == "now" else ""
    return '<span class="lf-line-of-code lf-run-%s"%s>%s%s\n</span>' % (when, current, code, result)


def _words(walk):
    now = walk.now
    if walk.phase == "inputs":
        return "Three lines make three leaves. Nothing is computed yet."
    if walk.phase == "forward":
        return "The line computes %s = %s, and the new node remembers what it was made from." % (
            now.name,
            out("value:" + now.name, now.value),
        )
    if walk.phase == "seed":
        return "backward() begins: the loss answers to itself at rate 1."
    source = now.source
    said = "backward() takes one edge: %s × %s = %s is added to the gradient of %s." % (
        out("grad:" + now.target.name, now.target.grad, "upstream"),
        out("local:%s:%s" % (now.target.name, source.name), now.local, "local"),
        out("sent", now.downstream, "downstream"),
        source.name,
    )
    arrived = [edge for edge in walk.crossed if edge.source is source]
    if len(arrived) < len(source.outputs):
        said += " One more edge leads back to %s, so %s has to wait." % (source.name, source.name)
    elif len(arrived) > 1:
        said += " With what was there, it makes %s." % out(
            "grad:" + source.name, source.grad, "downstream"
        )
    return said
