"""Any formula as a graph: typed in, or one of the published ones, forward and backward."""

from autograd import Variable, graph
from autograd.layout import Layout, path
from figures.parts import graph as picture
from figures.parts import steps
from figures.parts.controls import Choice, Entry, Hidden, Switch, number
from figures.parts.formula import LONGEST, FormulaError, lines, names, read, run
from figures.parts.last import Last
from figures.parts.text import WAIT, equation, escape, factor, out, show, words
from figures.parts.walk import Walk

TITLE = "Your own formula: its graph, its values, its gradients"
MOST_NODES = 25
WITHIN = 300  # pixels: inputs of wider rows move up
LABEL = (56, 18)  # room for a local derivative
END = 99  # stands for the last moment, however many the formula has
FARTHEST = 1e6  # what the range of an input ends at
OWN = "own"
# {key: (what the menu says, formula, the inputs' values)}
PRESETS = {
    "neuron": ("CS231n: a neuron with a sigmoid", "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))",
               "w0=2,x0=-1,w1=-3,x1=-2,w2=-3"),
    "sigmas": ("CS231n: an expression with two sigmas",
               "(x + sigmoid(y))/(sigmoid(x) + (x + y)**2)", "x=3,y=-4"),
    "product": ("CS231n: a product", "x*y", "x=4,y=-3"),
    "sum": ("CS231n: a sum, then a product", "(x + y)*z", "x=-2,y=5,z=-4"),
    "gates": ("CS231n: add, multiply, max", "(x*y + max(z, w))*2", "x=3,y=-4,z=2,w=-1"),
    "norm": ("CS231n: the square of |Wx|", "(W00*x0 + W01*x1)**2 + (W10*x0 + W11*x1)**2",
             "W00=0.1,x0=0.2,W01=0.5,x1=0.4,W10=-0.3,W11=0.8"),
    "softmax": ("CS231n: softmax and its loss", "-log(exp(s0)/(exp(s0) + exp(s1) + exp(s2)))",
                "s0=3.2,s1=5.1,s2=-1.7"),
    "gate": ("the lecture: a gate, upstream 5", "5*(x*y)", "x=2,y=3"),
    "lecture": ("the lecture: one sample", "(x*w - y)**2", "x=1,w=1,y=2"),
    "lecture1": ("the lecture: exercise 4-1", "(x*w - y)**2", "x=2,w=1,y=4"),
    "lecture2": ("the lecture: exercise 4-2", "(x*w + b - y)**2", "x=1,w=1,b=2,y=2"),
    "lecture4": ("the lecture: exercise 4-4", "(x**2*w2 + x*w1 + b - y)**2",
                 "x=2,w2=1,w1=1,b=1,y=4"),
    "parabola": ("the lecture: 4-4, other numbers", "(x**2*w2 + x*w1 + b - y)**2",
                 "x=3,w2=-1,w1=0.5,b=2,y=6"),
    "olah": ("Olah: two paths", "(a + b)*(b + 1)", "a=2,b=1"),
    "baydin": ("Baydin et al.: the survey's example", "log(x1) + x1*x2 - sin(x2)", "x1=2,x2=5"),
    "chain": ("Karpathy: three gates", "(a*b + c)*f", "a=2,b=-3,c=10,f=-2"),
    "tanh": ("Karpathy: a neuron with a tanh", "tanh(x1*w1 + x2*w2 + b)",
             "x1=2,w1=-3,x2=0,w2=1,b=6.8813735870195432"),
    "exp": ("Karpathy: the tanh taken apart",
            "(exp(2*(x1*w1 + x2*w2 + b)) - 1)*(exp(2*(x1*w1 + x2*w2 + b)) + 1)**-1",
            "x1=2,w1=-3,x2=0,w2=1,b=6.8813735870195432"),
    "twice": ("Karpathy: used twice", "a + a", "a=3"),
    "both": ("Karpathy: two used twice", "(a*b)*(a + b)", "a=-2,b=3"),
    "square": ("Karpathy: a parabola", "3*x**2 - 4*x + 5", "x=3"),
    "doubling": ("micrograd: doubled twice", "(a + a) + (a + a)", "a=1"),
    "diamond": ("micrograd: the diamond", "(a + b) + a*b + (a + b)*(a*b)", "a=2,b=3"),
    "hips": ("HIPS autograd: a tanh", "(1 - exp(-2*x))/(1 + exp(-2*x))", "x=1"),
    "jax": ("JAX: a tanh", "tanh(x)", "x=2"),
    "rosenbrock": ("Rosenbrock: the banana", "(1 - x)**2 + 100*(y - x**2)**2", "x=-1.2,y=1"),
    "speelpenning": ("Speelpenning: a product of five", "x1*x2*x3*x4*x5",
                     "x1=1,x2=2,x3=3,x4=4,x5=5"),
    "dive": ("Dive into Deep Learning: 2x·x", "2*(x0*x0 + x1*x1 + x2*x2 + x3*x3)",
             "x0=0,x1=1,x2=2,x3=3"),
    "pytorch": ("PyTorch's tutorial: 3a³ - b²", "(3*a0**3 - b0**2) + (3*a1**3 - b1**2)",
                "a0=2,b0=6,a1=3,b1=4"),
}  # fmt: skip
MENU = tuple([(OWN, "your own")] + [(key, preset[0]) for key, preset in PRESETS.items()])
FIRST = PRESETS["neuron"]
# `f` is drawn. `typed` is what the field holds as long as that is wrong. `at`, `low` and `high`
# have a number for each input: where it is, and the ends of its slider if they are not the usual
# ones. `of` is the preset that all of them are from.
STATE = {
    "preset": "neuron", "python": False, "f": FIRST[1], "at": FIRST[2], "low": "", "high": "",
    "leaf": "w0", "of": "neuron", "typed": "", "step": END,
}  # fmt: skip
CONTROLS = (
    Choice("preset", "formula", MENU),
    Switch("python", "as Python"),
    Entry("f", LONGEST + 1),  # one more, so that what is too long is told so
    Entry("at", 420),
    Entry("low", 420),
    Entry("high", 420),
    Entry("leaf", 20),
    Choice("of", "of", MENU, hidden=True),
    Entry("typed", LONGEST + 1),
    Hidden("step", 0, END),
) + steps.BUTTONS
BEAT = 1000
SIGNS = {"+": "+", "-": "-", "*": "·", "/": "/", "**": "^"}


class Plan:
    """What a formula's text says, and where its graph stands.

    leaves   names of the inputs
    nodes    those, then the names of the operations
    lines    its operations (see ``figures.parts.formula.lines``); the last is called `result`
    """

    def __init__(self, text):
        tree = read(text)
        self.leaves = names(tree)
        if not self.leaves:
            raise FormulaError(1, "numbers alone have no gradient; a name, such as x, is missing")
        self.lines, self.result = lines(tree)
        if len(self.leaves) + len(self.lines) > MOST_NODES:
            raise FormulaError(
                1,
                "this makes %d boxes, and at most %d are drawn"
                % (len(self.leaves) + len(self.lines), MOST_NODES),
            )
        if self.lines:
            free = [name for name in ("f", "L", "out", "result") if name not in self.leaves]
            _, operation, operands = self.lines[-1]
            self.result = (free or [self.result])[0]
            self.lines[-1] = (self.result, operation, operands)
        self.captions = {name: name for name in self.leaves}
        for name, operation, operands in self.lines:
            self.captions[name] = "%s = %s" % (name, _said(operation, operands))
        self.nodes = self.leaves + [line[0] for line in self.lines]
        self._place()

    def _place(self):
        nodes = self.nodes
        self.widths = {
            name: max(picture.WIDE, 8 * len(text) + 24) for name, text in self.captions.items()
        }
        edges = []
        keys = []
        for name, _, operands in self.lines:
            for slot, operand in enumerate(operands):
                if isinstance(operand, str):
                    edges.append((nodes.index(operand), nodes.index(name), LABEL))
                    keys.append((name, slot))
        plan = Layout([(self.widths[name], picture.HIGH) for name in nodes], edges, WITHIN)
        self.places = {name: (int(x), int(y)) for name, (x, y) in zip(nodes, plan.places)}
        self.size = (plan.width, plan.height)
        self.routes = {
            key: (path(route), (label[0], label[1] + 4))
            for key, route, label in zip(keys, plan.routes, plan.labels)
        }

    def record(self, values):
        """Return the graph that autograd records with these values of the inputs."""
        found = {
            name: Variable(values[name], requires_grad=True, name=name) for name in self.leaves
        }
        for name, variable in run(self.lines, found).items():
            variable.name = name
            found[name] = variable
        return graph(found[self.result])


plan_of = Last(Plan)


def _numbers(text):
    """Return what a text like "x=2,w=-1.5" says, as {name: number}."""
    found = {}
    for pair in text.split(","):
        name, _, value = pair.partition("=")
        value = number(value, -FARTHEST, FARTHEST, False)
        if value is not None:
            found[name.strip()] = value
    return found


at_of, low_of, high_of = Last(_numbers), Last(_numbers), Last(_numbers)


def settle(state):
    """Return the state with the last good formula in `f` and a value for each of its inputs."""
    state = dict(state)
    preset = state["preset"]
    if preset != state["of"] and preset != OWN:
        state.update(typed="", f=PRESETS[preset][1], at=PRESETS[preset][2], low="", high="")
    text = state["typed"] or state["f"]
    try:
        plan = plan_of(text)
        state.update(f=text, typed="")
    except FormulaError:
        state["typed"] = text
        try:
            plan = plan_of(state["f"])
        except FormulaError:
            state.update(f=FIRST[1], at=FIRST[2], low="", high="")
            plan = plan_of(state["f"])
    if preset == OWN or state["f"] != PRESETS[preset][1]:
        preset = OWN
    state["preset"] = state["of"] = preset
    at, low, high = (
        dict(at_of(state["at"])),
        dict(low_of(state["low"])),
        dict(high_of(state["high"])),
    )
    for name in plan.leaves:
        value = at.get(name, 1.0)
        far = abs(value)
        if far > 5 and name not in low and name not in high:
            high[name] = next(end for end in ENDS if end >= far)
            low[name] = -high[name]
        begin, end = low.get(name, -5.0), high.get(name, 5.0)
        if begin >= end:
            end = high[name] = begin + 1
        at[name] = min(max(value, begin), end)
    for key, values in (("at", at), ("low", low), ("high", high)):
        state[key] = ",".join(
            ["%s=%.12g" % (name, values[name]) for name in plan.leaves if name in values]
        )
    if state["leaf"] not in plan.leaves:
        state["leaf"] = plan.leaves[0]
    return state


ENDS = [float(10**power * factor) for power in range(7) for factor in (1, 2, 5)] + [FARTHEST]


def draw(state):
    state = settle(state)
    plan = plan_of(state["f"])
    recorded = plan.record(at_of(state["at"]))
    walk = Walk(recorded, state["step"])
    if state["step"] > walk.last:
        walk.rest(recorded.node(state["leaf"]))
    return (
        '%s<div class="lf-free">%s</div><div class="lf-split"><div class="lf-wide"'
        ' style="--least:%dpx">%s</div><div class="lf-beside">%s%s%s</div></div>%s'
        % (
            _field(state),
            _sliders(plan, state),
            0.72 * plan.size[0],  # where the page is narrower, the graph scrolls
            picture.draw(
                walk, recorded, plan.places, plan.captions, plan.size, None,
                press="Show its chain rule", widths=plan.widths, routes=plan.routes,
            ),
            _rule(recorded, walk, state["leaf"]),
            picture.LEGEND,
            words(_words(plan, recorded, walk, state["leaf"])),
            _python(plan, state) if state["python"] else "",
        )
    )  # fmt: skip


def press(state, what):
    plan = plan_of(state["f"])
    if what[:5] == "leaf:" and what[5:] in plan.leaves:
        return dict(state, leaf=what[5:])
    if what not in ("back", "step", "play"):
        return state
    last = Walk(plan.record(at_of(state["at"])), 0).last + 1  # at which it rests
    after = steps.press(dict(state, step=min(state["step"], last)), what, "step", last)
    return dict(after, step=END) if after["step"] == last else after


def tick(state):
    return press(state, "step")


HELP = (
    "Names, numbers, + - * / ** (or ^), parentheses; exp, log, sqrt, sin, cos, tan, tanh, sigmoid,"
    " relu, abs; max(a, b), min(a, b)."
)


def _said(operation, operands):
    """Return an operation as it stands on a box."""
    said = [one if isinstance(one, str) else show(one) for one in operands]
    if operation == "neg":
        return "-" + said[0]
    if operation in SIGNS:
        if said[1][0] == "-":
            said[1] = "(%s)" % said[1]
        return "%s %s %s" % (said[0], SIGNS[operation], said[1])
    return "%s(%s)" % (operation, ", ".join(said))


def _field(state):
    """Return the formula's field, and below it what is wrong with it or what it may have."""
    text = state["typed"] or state["f"]
    said = "<p>%s</p>" % HELP
    try:
        plan_of(text)
    except FormulaError as error:
        said = '<pre>%s\n%s^</pre><p class="lf-bad">Column %d: %s.</p>' % (
            escape(text), " " * (error.column - 1), error.column, escape(error.text)
        )  # fmt: skip
    return (
        '<label class="lf-formula"><span>f =</span> <input class="lf-entry" name="typed" value="%s"'
        ' maxlength="%d" aria-label="formula" aria-invalid="%s" autocomplete="off"'
        ' autocapitalize="off" spellcheck="false"/></label><div class="lf-help" aria-live="polite">'
        "%s</div>"
        % (escape(text), LONGEST, "true" if state["typed"] else "false", said)
    )  # fmt: skip


def _sliders(plan, state):
    """Return for each input its name, its slider between its two ends, and its number."""
    at, low, high = at_of(state["at"]), low_of(state["low"]), high_of(state["high"])
    rows = [
        row(name, at[name], low.get(name, -5.0), high.get(name, 5.0))
        for row, name in zip(ROWS, plan.leaves)
    ]
    return "".join(rows)


def _row(name, at, begin, end):
    step = [size for size in STEPS if size * 50 <= end - begin] or STEPS[-1:]
    field = '<input type="number" name="%s:%s" value="%.12g" min="%.12g" max="%.12g" step="any"'
    field += ' aria-label="%s"/>'
    return (
        '<div class="lf-input"><span>%s</span>%s<input type="range" name="at:%s" min="%.12g"'
        ' max="%.12g" step="%g" value="%.12g" aria-label="%s"/>%s%s</div>'
        % (
            name,
            field % ("low", name, begin, -FARTHEST, FARTHEST, "least " + name),
            name, begin, end, step[0], at, name,
            field % ("high", name, end, -FARTHEST, FARTHEST, "greatest " + name),
            field % ("at", name, at, begin, end, name + ", as a number"),
        )
    )  # fmt: skip


ROWS = [Last(_row) for _ in range(MOST_NODES)]  # one that is dragged leaves the others alone
STEPS = [10.0**power for power in range(5, -7, -1)]


def _rule(recorded, walk, leaf):
    """Return the chain rule for `leaf`: a row for each of its uses, and their sum.

    Where one path only leads to the result, there is one more row with all its local derivatives.
    """
    node = recorded.node(leaf)
    result = recorded.result.name
    rows = []
    for edge in node.outputs:
        up = "∂%s/∂%s" % (result, edge.target.name)
        crossed = edge in walk.crossed
        rows.append(
            '<div class="lf-path%s"><small>through %s: %s × ∂%s/∂%s</small>%s × %s = %s</div>'
            % (
                " lf-lit" if walk.now is edge else "", edge.target.name, up, edge.target.name, leaf,
                factor(edge.target.grad, "upstream") if crossed else WAIT,
                factor(edge.local, "local") if crossed else WAIT,
                factor(edge.downstream, "downstream") if crossed else WAIT,
            )
        )  # fmt: skip
    uses = len(rows)
    path = []
    while len(node.outputs) == 1:
        path.insert(0, node.outputs[0])
        node = path[0].target
    if len(path) > 1 and not node.outputs:
        rows.append(
            '<div class="lf-path"><small>all the way: %s</small>%s</div>'
            % (
                " ← ".join([result] + [edge.source.name for edge in path]),
                " × ".join([factor(e.local, "local") if e in walk.crossed else WAIT for e in path]),
            )
        )
    arrived = walk.gradient(recorded.node(leaf))
    rows.append(
        '<div class="lf-path lf-sum"><small>%s</small>∂%s/∂%s = %s</div>'
        % (
            "the sum over its %d uses" % uses if uses > 1 else "so the gradient is", result, leaf,
            WAIT if arrived is None else out("grad:" + leaf, arrived, "downstream"),
        )
    )  # fmt: skip
    return '<div class="lf-paths">%s</div>' % "".join(rows)


def _words(plan, recorded, walk, leaf):
    """Return one or two sentences on what the last moment did."""
    now = walk.now
    result = recorded.result
    if walk.phase == "inputs":
        first = plan.lines[0][0] if plan.lines else leaf
        return "The inputs are set. First comes %s." % plan.captions[first]
    if walk.phase == "forward":
        return "Forward: %s = %s." % (plan.captions[now.name], out("value:" + now.name, now.value))
    if walk.phase == "seed" and walk.last > 1:
        return "The forward pass is done: %s. Backward starts with %s." % (
            equation(result.name, "value:" + result.name, result.value),
            equation("∂%s/∂%s" % (result.name, result.name), "grad:" + result.name, 1.0,
                     "downstream"),
        )  # fmt: skip
    if now and walk.last > 1:
        return "Backward through %s: upstream %s × local %s = %s%s for %s." % (
            now.target.name,
            factor(now.target.grad, "upstream"),
            factor(now.local, "local"),
            factor(now.downstream, "downstream"),
            ", which is added to what was there" if walk.sent[0] == "+" else "",
            now.source.name,
        )
    slope = recorded.node(leaf).grad
    if slope != slope:
        advice = "there is no slope here"
    elif slope - slope != 0:
        advice = "the numbers have left the range of a float"
    elif slope == 0:
        advice = "by this slope, a small change of %s changes nothing" % leaf
    else:
        advice = "raising %s a little %s %s" % (
            leaf, "raises" if slope > 0 else "lowers", result.name
        )  # fmt: skip
    return "%s, and %s: %s. Press another input for its chain rule." % (
        equation(result.name, "value:" + result.name, result.value),
        equation("∂%s/∂%s" % (result.name, leaf), "grad:" + leaf, slope, "downstream"),
        advice,
    )


# Python
TAKEN = (
    " False None True and as assert async await break class continue def del elif else except"
    " finally for from global if import in is lambda nonlocal not or pass raise return try while"
    " with yield Variable float maximum minimum print "
)
CALLED = {"max": "maximum", "min": "minimum"}


def program(plan, values):
    """Return a program that computes what the figure shows, and prints it."""
    used = [CALLED.get(line[1], line[1]) for line in plan.lines]
    used = sorted({name for name in used if name.isalpha() and name not in ("abs", "neg")})
    mine = {}  # {name: how the program calls it}
    for name in plan.nodes:
        mine[name] = name
        while " %s " % mine[name] in TAKEN or (mine[name] != name and mine[name] in plan.captions):
            mine[name] += "_"
    text = ["from autograd import %s" % ", ".join(["Variable"] + used), ""]
    for name in plan.leaves:
        text.append("%s = Variable(%s, requires_grad=True)" % (mine[name], _literal(values[name])))
    for name, operation, operands in plan.lines:
        given = [mine[one] if isinstance(one, str) else _literal(one) for one in operands]
        if operation == "**" and given[0][0] == "-":
            given[0] = "(%s)" % given[0]
        if operation == "neg":
            said = "-" + given[0]
        elif operation in SIGNS:
            said = "%s %s %s" % (given[0], operation, given[1])
        else:
            said = "%s(%s)" % (CALLED.get(operation, operation), ", ".join(given))
        text.append("%s = %s" % (mine[name], said))
    result = mine[plan.result]
    text += ["%s.backward()" % result, "", 'print("%s =", %s.item())' % (result, result)]
    for name in plan.leaves:
        text.append(
            'print("d%s/d%s =", %s.grad.item())' % (plan.result, name, mine[name])
        )  # fmt: skip
    return "\n".join(text) + "\n"


def _literal(value):
    """Return a number as Python reads it."""
    if value - value != 0:
        return 'float("%s")' % show(value)
    text = "%.15g" % value
    if "." not in text and "e" not in text:
        text += ".0"
    return text


def _python(plan, state):
    return (
        '<div class="lf-copied"><button type="button" data-copy="">Copy</button>'
        '<div class="lf-program"><pre>%s</pre></div></div>'
        % escape(program(plan, _numbers(state["at"])))
    )
