"""Mazur's network of two layers: its eight weights learn once, in the right order or too early."""

from autograd import sigmoid
from autograd.history import gradients
from autograd.lists import ListArray
from autograd.nn import Linear, Module
from figures.parts import steps
from figures.parts.controls import Slider, Switch
from figures.parts.last import Last
from figures.parts.text import words

TITLE = "Mazur's network: one update, and what happens if it comes too early"
LAST = 4
STATE = {"lr": 0.5, "early": False, "done": LAST}
CONTROLS = (
    Slider("lr", "learning rate lr", 0.0, 2.0, 0.1),
    Switch("early", "update too early: w₅ to w₈ before the hidden layer has its gradients"),
)
CONTROLS += steps.BUTTONS + (Slider("done", "steps done", 0, LAST, 1, scrub=True),)
BEAT = 1500

INPUTS = [[0.05, 0.10]]
TARGETS = [[0.01, 0.99]]
WEIGHTS = ([[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]])
BIASES = (0.35, 0.60)  # one for both neurons of a layer; they do not learn


class Mazur(Module):
    """The network with the given weights: for each layer a matrix, a row for each neuron."""

    def __init__(self, *weights):
        self.layers = [Linear(2, 2, bias=False, dtype=list) for _ in BIASES]
        for layer, numbers in zip(self.layers, weights):
            layer.weight.data = ListArray(numbers)

    def forward(self, x):
        self.hidden = sigmoid(self.layers[0](x) + BIASES[0])
        self.sums = self.layers[1](self.hidden) + BIASES[1]
        return sigmoid(self.sums)

    def loss(self):
        """Return half the squared errors of both outputs, added."""
        self.outputs = self(INPUTS)
        errors = self.outputs - ListArray(TARGETS)
        return (errors * errors * 0.5).sum()


def first():
    """Return the network before, its loss, what arrives at its sums, its gradients by layer."""
    model = Mazur(*WEIGHTS)
    loss = model.loss()
    (arrived,) = gradients([loss], [model.sums], retain_graph=True)
    loss.backward()
    return model, loss.item(), arrived, [layer.weight.grad.value for layer in model.layers]


only_first = Last(first)  # whatever the learning rate is


def learn(lr, early):
    """Return the network before, its loss, its gradients by layer, and the network after.

    Too early means: what has arrived at the sums of the output layer goes back to the hidden layer
    through weights that have moved already.
    """
    model, loss, arrived, grads = only_first()
    moved = ListArray(WEIGHTS[1]) - lr * grads[1]
    if early:
        late = Mazur(WEIGHTS[0], moved.tolist())
        late(INPUTS)
        late.sums.backward(arrived)
        grads = [late.layers[0].weight.grad.value, grads[1]]
    after = Mazur((ListArray(WEIGHTS[0]) - lr * grads[0]).tolist(), moved.tolist())
    return model, loss, grads, after, after.loss().item()


last_learned = Last(learn)


def draw(state):
    step, early = state["done"], state["early"]
    before, loss, grads, after, loss_after = last_learned(state["lr"], early)
    # For each layer the step from which its gradients are known, and that at which it is updated.
    known = (3, 1) if early else (2, 1)
    updated = (4, 2) if early else (4, 3)
    return '<div class="lf-split">%s%s</div>%s%s' % (
        _network(before, after, step),
        _table(before, grads, after, [step >= at for at in known], [step >= at for at in updated]),
        '<p class="lf-product">loss before: %s · after: %s</p>'
        % (
            _number("loss", loss),
            _number("loss:after", loss_after) if step == LAST else '<span class="lf-wait">?</span>',
        ),
        words((EARLY if early else RIGHT)[step]),
    )


RIGHT = (
    "Forward: the outputs should be %s and %s. The loss is half of the squared errors, added."
    % tuple(TARGETS[0]),
    "Backward: the output layer has its gradients. Nothing is changed yet.",
    "Backward, on: through the old w₅ to w₈ the gradients of the hidden layer are found.",
    "Now all gradients are there, and the output layer is updated.",
    "The hidden layer is updated too. All eight weights moved by gradients of the same network.",
)
EARLY = RIGHT[:2] + (
    "Too early: the output layer is updated while the hidden layer still waits for its gradients.",
    "Backward, on, but through the new w₅ to w₈: these are gradients of no network at all.",
    "The hidden layer is updated by them. The loss has fallen, and nobody notices.",
)


def _number(key, value, kind="value"):
    """Return a number with the nine decimals that Mazur prints."""
    return '<span class="lf-%s" data-value="%s">%.9f</span>' % (kind, key, value)


def _table(before, grads, after, known, updated):
    """Return the eight weights: before, gradient, after."""
    rows = []
    for i in range(8):
        layer, at = i // 4, i % 4
        cells = [_number("w%d" % (i + 1), before.layers[layer].weight.value.numbers[at])]
        for shown, kind, key, numbers in (
            (known, "downstream", "grad:w%d", grads[layer].numbers),
            (updated, "value", "after:w%d", after.layers[layer].weight.value.numbers),
        ):
            shown = shown[layer]
            cells.append(
                _number(key % (i + 1), numbers[at], kind)
                if shown
                else '<span class="lf-wait">?</span>'
            )
        rows.append("<tr><th>%s</th><td>%s</td></tr>" % (_w(i), "</td><td>".join(cells)))
    return (
        '<table class="lf-table lf-layers"><thead><tr><td></td><th>weight</th><th>gradient</th>'
        "<th>new weight</th></tr></thead><tbody>%s</tbody></table>" % "".join(rows)
    )


def _w(i):
    return "w" + "₁₂₃₄₅₆₇₈"[i]


ACROSS, DOWN = (34, 160, 286), (52, 142)


def _network(before, after, step):
    """Return the network: what each neuron gives, before the update or after the last step."""
    model = after if step == LAST else before
    values = (INPUTS[0], model.hidden.value.numbers, model.outputs.value.numbers)
    parts = []
    for i in range(8):
        layer, to, start = i // 4, i % 4 // 2, i % 2
        x1, x2, y1, y2 = ACROSS[layer], ACROSS[layer + 1], DOWN[start], DOWN[to]
        along = 0.5 if start == to else 0.32  # of those that cross, beside the crossing
        parts.append(
            '<g class="lf-edge lf-reached"><line x1="%d" y1="%d" x2="%d" y2="%d"/></g>'
            '<text class="lf-partial" x="%d" y="%d">%s</text>'
            % (x1, y1, x2, y2, x1 + along * (x2 - x1), y1 + along * (y2 - y1) + 4, _w(i))
        )
    for layer in range(3):
        for i in range(2):
            key = "xho"[layer] + str(i + 1)
            parts.append(
                '<g class="lf-node"><rect x="%d" y="%d" width="60" height="28" rx="14"/>'
                '<text class="lf-number lf-value lf-long" x="%d" y="%d" data-value="%s">%.4f</text>'
                '<text class="lf-caption" x="%d" y="%d">%s%s</text></g>'
                % (
                    ACROSS[layer] - 30, DOWN[i] - 14, ACROSS[layer], DOWN[i] + 4, key,
                    values[layer][i], ACROSS[layer], DOWN[i] - 21 if i == 0 else DOWN[i] + 30,
                    "xho"[layer], "₁₂"[i],
                )
            )  # fmt: skip
    return (
        '<svg width="320" height="190" viewBox="0 0 320 190" role="img" aria-label="Two inputs, two'
        ' hidden neurons, two outputs, all joined by the eight weights.">%s</svg>' % "".join(parts)
    )


def press(state, what):
    return steps.press(state, what, "done", LAST)


def tick(state):
    return press(state, "step")
