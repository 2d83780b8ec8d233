"""A program and its graph: each line that runs lights its node or its edge."""

from figures import chain
from figures.chain import CAPTIONS, PLACES, SIZE, compute
from figures.parts import graph as picture
from figures.parts import steps
from figures.parts.controls import Hidden, Slider
from figures.parts.text import out, words
from figures.parts.walk import Walk

TITLE = "A program and its graph, line by line"
LAST = chain.LAST
STATE = {"x": 2.0, "y": 4.0, "w": 1.0, "step": LAST}
CONTROLS = (
    Slider("x", "input x", -5, 5, 0.1),
    Slider("y", "target y", -10, 10, 0.1),
    Slider("w", "weight w", -5, 5, 0.1),
    Hidden("step", 0, LAST),
) + steps.BUTTONS
BEAT = 1300

FORWARD = {"y_hat": "y_hat = x * w", "s": "s = y_hat - y", "loss": "loss = s ** 2"}
LOCAL = {
    ("loss", "s"): "2 * s.data",
    ("s", "y_hat"): "1",
    ("s", "y"): "-1",
    ("y_hat", "x"): "w.data",
    ("y_hat", "w"): "x.data",
}


def draw(state):
    recorded = compute(state)
    walk = Walk(recorded, state["step"])
    return '<div class="lf-split">%s<div class="lf-beside">%s%s</div></div>' % (
        picture.draw(walk, recorded, PLACES, CAPTIONS, SIZE, chain._partial),
        _program(recorded, state),
        words(_words(walk)),
    )


def press(state, what):
    return steps.press(state, what, "step", LAST)


def tick(state):
    return press(state, "step")


def lines(recorded):
    """Return [(code, key, value)]: one line for each moment after the inputs, in their order."""
    found = []
    for node in recorded.nodes:
        if node.inputs:
            found.append((FORWARD[node.name], "line:" + node.name, node.value))
    found.append(("loss.grad = 1", "line:loss.grad", recorded.result.grad))
    for edge in Walk(recorded, LAST).crossed:
        source, target = edge.source.name, edge.target.name
        code = "%s.grad += %s * %s.grad" % (source, LOCAL[target, source], target)
        found.append((code, "line:" + source + ".grad", edge.downstream))
    return found


def _program(recorded, state):
    """Return the program: what has run with its result, what runs now, what is still to come."""
    step = state["step"]
    rows = []
    for name in ("x", "y", "w"):
        code = "%s = Variable(%s)" % (name, out("line:" + name, state[name]))
        rows.append(_row(code, "", "now" if step == 0 else "done"))
    for number, (code, key, value) in enumerate(lines(recorded), 1):
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
    return "backward() takes one edge: %s × %s = %s is added to the gradient of %s." % (
        out("grad:" + now.target.name, now.target.grad, "upstream"),
        out("local:%s:%s" % (now.target.name, now.source.name), now.local, "local"),
        out("grad:" + now.source.name, now.downstream, "downstream"),
        now.source.name,
    )
