"""The gradient store: what each `.grad` holds while a small program runs, press by press."""

from autograd import Variable, graph
from figures.parts import graph as picture
from figures.parts import steps
from figures.parts.controls import Button, Entry, Hidden
from figures.parts.last import Last
from figures.parts.text import escape, out, words

TITLE = "The gradient store: which .grad holds what"
LONGEST = 20  # presses
DEMONSTRATION = "bbfbzdb"
STATE = {"presses": DEMONSTRATION, "at": len(DEMONSTRATION)}
# What a press of each button adds to `presses`
LETTERS = {"backward": "b", "retain": "r", "zero": "z", "forward": "f", "detach": "d"}
CONTROLS = (
    Button("backward", "backward()"),
    Button("retain", "backward(retain_graph=True)"),
    Button("zero", "zero_()"),
    Button("forward", "forward again"),
    Button("detach", "detach h: on, off"),
)
CONTROLS += steps.BUTTONS + (Entry("presses", LONGEST), Hidden("at", 0, LONGEST))
BEAT = 1800

PLACES = {
    "x": (58, 32), "w1": (184, 32), "h": (121, 122), "w2": (247, 122),
    "y_hat": (184, 212), "y": (58, 212), "s": (121, 302), "loss": (121, 392),
}  # fmt: skip
SIZE = (306, 424)
CAPTIONS = {
    "x": "x", "w1": "w1", "w2": "w2", "y": "y", "h": "h = x · w1", "y_hat": "ŷ = h · w2",
    "s": "s = ŷ - y", "loss": "loss = s²",
}  # fmt: skip
CUT = (
    '<line class="lf-cut" x1="128" y1="172" x2="176" y2="162"/>'
    '<text class="lf-partial" x="92" y="174">detach()</text>'
)
START = (
    "x = Variable(2.0)\ny = Variable(5.0)\n"
    "w1 = Variable(1.5, requires_grad=True)\n"
    "w2 = Variable(1.0, requires_grad=True)\n"
)
FORWARD = "h = x * w1\nloss = (%s * w2 - y)**2"
CODE = {
    "b": "loss.backward()",
    "r": "loss.backward(retain_graph=True)",
    "z": "w1.grad.zero_()\nw2.grad.zero_()",
}


class Program:
    """A program and what it has left behind, after each of the presses in a text.

    lines   its lines so far: (code, the error that it raised or None)
    cut     is h detached on its way to the loss?
    latest  the latest press, or ""
    sent    {name of a leaf: what the latest press has added to its .grad}, if it was a backward
    """

    def __init__(self, presses):
        self.leaves = {
            "x": Variable(2.0, name="x"),
            "y": Variable(5.0, name="y"),
            "w1": Variable(1.5, requires_grad=True, name="w1"),
            "w2": Variable(1.0, requires_grad=True, name="w2"),
        }
        self.cut = False
        self.lines = []
        self.forward()
        self.latest, self.sent = "", {}
        for letter in presses:
            before = {name: self.grad(name) for name in self.leaves}
            self.press(letter)
        if self.latest in ("b", "r") and not self.lines[-1][1]:
            self.sent = {
                node.name: self.grad(node.name) - (before[node.name] or 0.0)
                for node in graph(self.made["loss"]).nodes
                if node.requires_grad and not node.inputs
            }

    def forward(self):
        """Compute h and the loss anew, and with them a new graph."""
        leaves = self.leaves
        h = leaves["x"] * leaves["w1"]
        y_hat = (h.detach() if self.cut else h) * leaves["w2"]
        s = y_hat - leaves["y"]
        loss = s**2
        self.made = {"h": h, "y_hat": y_hat, "s": s, "loss": loss}
        for name, variable in self.made.items():
            variable.name = name
        self.lines.append((FORWARD % ("h.detach()" if self.cut else "h"), None))

    def press(self, letter):
        """Do what the button of `letter` stands for; an error is written down."""
        self.latest = letter
        if letter == "d":
            self.cut = not self.cut
        if letter not in CODE:
            self.forward()
            return
        error = None
        try:
            if letter == "z":
                for name in ("w1", "w2"):
                    self.leaves[name].grad.zero_()
            else:
                self.made["loss"].backward(retain_graph=letter == "r")
        except (RuntimeError, AttributeError) as raised:
            error = "%s: %s" % (type(raised).__name__, raised)
        self.lines.append((CODE[letter], error))

    def variable(self, name):
        return self.leaves[name] if name in self.leaves else self.made[name]

    def grad(self, name):
        """Return the number in a .grad, or None."""
        grad = self.variable(name).grad
        return None if grad is None else grad.item()


WHOLE = graph(Program("").made["loss"])


class Passed:
    """What the drawing of the graph asks of a walk: all values, and the edges passed backward."""

    known = lit = ()
    now = None
    phase = "store"
    valued = PLACES

    def __init__(self, program):
        self.program = program
        self.crossed = []
        if program.sent:
            passed = [
                (edge.source.name, edge.target.name)
                for edge in graph(program.made["loss"]).edges
                if edge.source.requires_grad
            ]
            self.crossed = [
                edge for edge in WHOLE.edges if (edge.source.name, edge.target.name) in passed
            ]

    def gradient(self, node):
        return self.program.grad(node.name)


run = Last(Program)


def draw(state):
    presses = _done(state)
    program = run(presses)
    return '<div class="lf-split lf-top">%s<div class="lf-beside">%s%s%s</div></div>' % (
        picture.draw(
            Passed(program), WHOLE, PLACES, CAPTIONS, SIZE, None,
            extra=CUT if program.cut else "", gradient=".grad", missing="None",
        ),
        _code(program),
        _table(program),
        words(_words(program, len(presses))),
    )  # fmt: skip


def press(state, what):
    at = len(_done(state))
    if what in LETTERS:
        if at == LONGEST:
            return state
        return dict(state, presses=_done(state) + LETTERS[what], at=at + 1)
    return steps.press(state, what, "at", len(_known(state["presses"])))


def tick(state):
    return press(state, "step")


def _known(presses):
    """Return the letters that stand for a press; an address may hold others."""
    return "".join([letter for letter in presses if letter in LETTERS.values()])


def _done(state):
    return _known(state["presses"])[: state["at"]]


def _code(program):
    """Return the program so far, the latest line last, with the errors it has raised."""
    lines = []
    for code, error in program.lines:
        lines.append(escape(code))
        if error:
            lines.append('<span class="lf-bad">%s</span>' % escape(error))
    return (
        '<div class="lf-log lf-presses" tabindex="0" role="log" aria-live="off" '
        'aria-label="The program so far"><pre>%s%s</pre></div>' % (START, "\n".join(lines))
    )


HEAD = "<td></td><th>leaf?</th><th>requires_grad</th><th>.grad</th>"


def _table(program):
    """Return the store: what each Variable says of itself."""
    rows = []
    for name in ("w1", "w2", "x", "h"):
        variable, grad = program.variable(name), program.grad(name)
        rows.append(
            "<tr><th>%s</th><td>%s</td><td>%s</td><td>%s</td></tr>"
            % (
                name,
                "yes" if variable.is_leaf else "no",
                variable.requires_grad,
                '<span class="lf-wait">None</span>'
                if grad is None
                else out("grad:" + name, grad, "downstream"),
            )
        )
    return (
        '<table class="lf-table lf-store"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>'
        % (HEAD, "".join(rows))
    )


def _words(program, presses):
    """Return one or two sentences on what the latest press did."""
    latest, error = program.latest, program.lines[-1][1]
    if presses == LONGEST:
        return "The program is full. Take presses back, or Reset."
    if not latest:
        return "The loss is %s, and every .grad is None: nobody has asked for a gradient yet." % (
            out("value:loss", program.made["loss"].item())
        )
    if latest == "z":
        if error:
            return (
                "An error: a .grad that is still None holds no number to set to 0. "
                "It stays None until a gradient arrives."
            )
        return "Both hold 0 now. That is a number, not None: the next gradient adds to it."
    if latest == "f":
        return (
            "A new loss with a new graph, which no backward() has used. "
            "The leaves are the old ones, and so is what their .grad holds."
        )
    if latest == "d":
        if program.cut:
            return (
                "A new loss, from h.detach(): the value of h without its history. "
                "The graph of the loss ends there, and w1 is out of its reach."
            )
        return "A new loss, from h itself: both weights are in its graph again."
    if error:
        return (
            "An error, and no .grad has changed: this graph was used up by the backward() before. "
            "Go forward again, or let the first one retain its graph."
        )
    said = " and ".join(
        [
            "%s to %s.grad" % (out("sent:" + name, program.sent[name], "downstream"), name)
            for name in ("w1", "w2")
            if name in program.sent
        ]
    )
    return "backward() added %s.%s%s" % (
        said,
        " It did not pass the cut: w1 got nothing." if program.cut else "",
        " The graph is kept for another pass."
        if latest == "r"
        else " What lies between, and x, which requires none, stay None.",
    )
