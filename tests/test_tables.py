"""Published numbers of back-propagation: every entry of tables.json, computed by the engine."""

import json
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Tensor, Variable, graph

TABLES = json.loads(
    (Path(__file__).parent / "reference" / "tables.json").read_text(encoding="utf-8")
)
BY_NAME = {entry["name"]: entry for entry in TABLES}
GRAPHS = [entry for entry in TABLES if "output" in entry]
FUNCTIONS = {
    name: getattr(autograd, name) for name in ("exp", "log", "sin", "tanh", "sigmoid", "relu")
} | {"max": autograd.maximum}

close = {"rel": 1e-12, "abs": 1e-15}


def evaluate(entry, number):
    """Return a result of the entry's expressions, and its names: {name: Variable}."""
    names = {
        name: Variable(number(value), requires_grad=True, name=name)
        for name, value in entry["inputs"].items()
    }
    for line in entry["expression"]:
        name, expression = line.split(" = ")
        names[name] = eval(expression, {"__builtins__": {}, **FUNCTIONS}, names)
        names[name].name = name
    return names[entry["output"]], names


@pytest.mark.parametrize("number", [float, np.array], ids=["numbers", "arrays"])
@pytest.mark.parametrize("entry", GRAPHS, ids=lambda entry: entry["name"])
def test_values_and_gradients(entry, number):
    result, names = evaluate(entry, lambda value: number(float(value)))
    expected = entry["expected"]
    assert expected.keys() == {"values", "gradients"}
    assert expected["values"].keys() == names.keys() - entry["inputs"].keys()
    g = graph(result)
    for name, value in expected["values"].items():
        assert names[name].item() == pytest.approx(value, **close), name
    for name, gradient in expected["gradients"].items():
        assert g.node(name).grad == pytest.approx(gradient, **close), name
    for name in names:
        names[name].retain_grad()
    result.backward()
    for node in g.nodes:
        if node.name:
            assert names[node.name].grad.item() == pytest.approx(node.grad, **close), node


@pytest.mark.parametrize("entry", GRAPHS, ids=lambda entry: entry["name"])
def test_what_was_published(entry):
    """The printed digits are those of the engine, except in the errata."""
    result, names = evaluate(entry, float)
    g = graph(result)
    assert entry["published"].keys() == entry["published_agrees"].keys()
    for key, printed in entry["published"].items():
        kind, _, name = key.rpartition(":")
        ours = g.node(name).grad if kind == "d" else names[name].item()
        agrees = rounds_to(ours, printed)
        assert agrees == entry["published_agrees"][key], (key, printed, ours)


def rounds_to(ours, printed):
    """Whether a number is, to the digits that were printed, what was printed."""
    digits = len(printed.partition(".")[2])
    return round(ours, digits) == pytest.approx(float(printed), abs=0.1 * 10.0**-digits)


def test_every_entry_is_used():
    """All graphs are evaluated as they stand; each other entry has a test of its own below."""
    others = {MAZUR, LOG_64, LOG_32, FORGOTTEN, THRESHOLDS, VANISHING}
    assert {entry["name"] for entry in GRAPHS} | others == set(BY_NAME)
    assert len(GRAPHS) + len(others) == len(TABLES) == 37


# --- Mazur's network, trained -------------------------------------------------------------------

MAZUR = "Mazur 2-2-2 network, one update (lr 0.5) and 10,000 rounds"
FORWARD = next(
    entry for entry in GRAPHS if entry["name"].startswith("Mazur 2-2-2 network, forward")
)
WEIGHTS = [f"w{i}" for i in range(1, 9)]


def mazur(rounds, trained=WEIGHTS, too_early=False, start=FORWARD["inputs"]):
    """Train on our engine; return the inputs by name, and the names of one more forward pass.

    With `too_early`, the hidden layer's gradients see the output weights as already updated.
    """
    entry = {**FORWARD, "inputs": dict(start)}
    inputs, lr = entry["inputs"], BY_NAME[MAZUR]["inputs"]["lr"]
    code = [compile(line, "tables.json", "exec") for line in entry["expression"]]
    for _ in range(rounds):
        names = {
            name: Variable(value, requires_grad=name in trained) for name, value in inputs.items()
        }
        for line in code:
            exec(line, {"sigmoid": autograd.sigmoid}, names)
        names["E"].backward()
        for name in trained:
            if not too_early or name in WEIGHTS[4:]:
                inputs[name] -= lr * names[name].grad.item()
        if too_early:
            errors = {
                k: (names[f"o{k}"] - names[f"t{k}"]) * names[f"o{k}"] * (1 - names[f"o{k}"])
                for k in (1, 2)
            }
            slopes = {h: (names[h] * (1 - names[h])).item() for h in ("h1", "h2")}
            pairs = {"h1": ("w5", "w7"), "h2": ("w6", "w8")}
            hidden = {
                h: slopes[h]
                * sum(errors[k].item() * inputs[w] for k, w in zip((1, 2), ws, strict=True))
                for h, ws in pairs.items()
            }
            for i, name in enumerate(WEIGHTS[:4]):
                gradient = hidden["h1" if i < 2 else "h2"] * inputs["i1" if i % 2 == 0 else "i2"]
                inputs[name] -= lr * gradient
    return inputs, {name: x.item() for name, x in evaluate(entry, float)[1].items()}


def test_mazur_one_update():
    expected, published = BY_NAME[MAZUR]["expected"], BY_NAME[MAZUR]["published"]
    inputs, names = mazur(1)
    found = {
        "E_before": mazur(0)[1]["E"],
        "E_after_one": names["E"],
        "E_after_one_if_biases_updated_too": mazur(1, [*WEIGHTS, "b1", "b2"])[1]["E"],
        "E_after_one_if_hidden_uses_updated_output_weights": mazur(1, too_early=True)[1]["E"],
    }
    weights = {name: inputs[name] for name in WEIGHTS}
    assert weights == pytest.approx(expected["weights_after_one"], **close)
    assert found == pytest.approx({name: expected[name] for name in found}, **close)
    assert expected.keys() - found.keys() == {"weights_after_one", *TRAINED}
    for name, ours in (weights | found).items():
        if name in published:
            assert rounds_to(ours, published[name]) == BY_NAME[MAZUR]["published_agrees"][name]
    bug = found["E_after_one_if_hidden_uses_updated_output_weights"]
    assert f"{bug:.9f}" == published["E_after_one"] != f"{names['E']:.9f}"


TRAINED = {"after_9999_E", "after_10000", "after_10000_with_the_bug"}


def test_mazur_ten_thousand_rounds():
    expected, published = BY_NAME[MAZUR]["expected"], BY_NAME[MAZUR]["published"]
    almost, names = mazur(9_999)
    assert names["E"] == pytest.approx(expected["after_9999_E"], rel=1e-9)
    assert rounds_to(names["E"], published["E_after_10000"].split()[4])  # one round short
    inputs, names = mazur(1, start=almost)
    end = {name: names[name] for name in ("o1", "o2", "E")}
    weights = [inputs[name] for name in WEIGHTS]
    assert {**end, "weights": weights} == {
        name: pytest.approx(value, rel=1e-9) for name, value in expected["after_10000"].items()
    }
    names = mazur(10_000, too_early=True)[1]
    bug = {name: names[name] for name in ("o1", "o2", "E")}
    assert bug == pytest.approx(expected["after_10000_with_the_bug"], rel=1e-9)
    assert rounds_to(bug["E"], published["E_after_10000"].split()[0])
    for name in ("o1", "o2"):  # what was printed is what the bug gives
        assert f"{bug[name]:.9f}" == published[f"{name}_10000"] != f"{end[name]:.9f}"


# --- The lecture's loop -------------------------------------------------------------------------

LOG_64 = "lecture training log, float64 (manual gradient, slide 30 right panel)"
LOG_32 = "lecture training log, float32 (PyTorch autograd, slide 30 left panel)"
FORGOTTEN = "lecture training loop with zero_() forgotten"
THRESHOLDS = "lecture loop learning-rate thresholds"
VANISHING = "vanishing product of sigmoid slopes"


def lecture(entry, start, zero=True):
    """Run the lecture's loop on an entry's inputs; return its rows, w and the prediction for 4."""
    inputs = entry["inputs"]
    w = Variable(start(float(inputs["w"])), requires_grad=True)
    rows = []
    for epoch in range(inputs["epochs"]):
        grads = []
        for x, y in zip(inputs["x"], inputs["y"], strict=True):
            loss = (x * w - y) * (x * w - y)
            loss.backward()
            grads.append(w.grad.item())
            w.data = w.data - inputs["lr"] * w.grad.data
            if zero:
                w.grad.data.zero_()
        after = (x * w.item() - y) ** 2
        row = {"epoch": epoch, "grads": grads, "loss_before_update": loss.item()}
        rows.append({**row, "loss_after_update": after, "w": w.item()})
    return {"rows": rows, "w": w.item(), "predict_4": (4 * w).item()}


@pytest.mark.parametrize(
    "name, start, zero",
    [(LOG_64, float, True), (FORGOTTEN, float, False), (LOG_32, lambda w: Tensor([w]), True)],
)
def test_the_lectures_loop(name, start, zero):
    entry = BY_NAME[name]
    found, expected = lecture(entry, start, zero), entry["expected"]
    assert found.keys() == expected.keys()
    assert found["w"] == pytest.approx(expected["w"], **close)
    assert found["predict_4"] == pytest.approx(expected["predict_4"], **close)
    for ours, theirs in zip(found["rows"], expected["rows"], strict=True):
        assert ours.keys() == theirs.keys()
        for key in theirs:
            assert ours[key] == pytest.approx(theirs[key], **close), (ours["epoch"], key)


def test_32_bits_to_the_last():
    """The published numbers of the lecture's own log, every digit."""
    entry = BY_NAME[LOG_32]
    rows, published = lecture(entry, lambda w: Tensor([w]))["rows"], entry["published"]
    assert [repr(x) for x in rows[0]["grads"]] == published["grads_epoch0"]
    assert [repr(x) for x in rows[8]["grads"]] == published["grads_epoch8"]
    progress = [repr(row["loss_before_update"]) for row in rows]
    assert progress[: len(published["progress"])] == published["progress"]
    published = BY_NAME[LOG_64]["published"]
    found = lecture(BY_NAME[LOG_64], float)
    rows = found["rows"]
    assert [repr(round(x, 4)) for x in rows[0]["grads"]] == published["grads_epoch0"]
    assert [repr(x) for x in rows[-1]["grads"]] == published["last_grads"]
    assert repr(found["predict_4"]) == published["predict"]
    assert [row["loss_after_update"] for row in rows] == pytest.approx(
        [float(x) for x in published["progress"]], **close
    )


# --- The learning rate --------------------------------------------------------------------------


def per_epoch(lr, data, step):
    """Return by what an epoch multiplies the distance of w from 2: two runs, since it is linear."""

    def after(w):
        w = Variable(w, requires_grad=True)
        for losses in step(data):
            sum(loss(w) for loss in losses).backward()
            w.data = w.data - lr / (len(losses) if step is full_mean else 1) * w.grad.data
            w.grad.data.zero_()
        return w.item()

    return after(3.0) - after(2.0)


def loss_of(x, y):
    return lambda w: (x * w - y) ** 2


def each_sample(data):
    return [[loss_of(x, y)] for x, y in data]


def full_mean(data):
    return [[loss_of(x, y) for x, y in data]]


def full_sum(data):
    return [[loss_of(x, y) for x, y in data]]


def test_learning_rates():
    entry = BY_NAME[THRESHOLDS]
    expected = entry["expected"]
    data = list(zip(entry["inputs"]["x"], entry["inputs"]["y"], strict=True))

    def factor(lr, step=each_sample):
        return per_epoch(float(lr), data, step)

    assert len(expected) == 8  # each of which stands below
    near = {"abs": 1e-12}
    for lr, value in expected["sgd_factor_at"].items():
        assert factor(lr) == pytest.approx(value, **near)
    for lr in expected["sgd_one_epoch_exact"]:
        assert factor(lr) == pytest.approx(0.0, **near)
    low, high = expected["second_convergent_window"]
    for edge, inside in ((expected["sgd_diverges_above"], -1), (low, 1), (high, -1)):
        assert abs(factor(edge)) == pytest.approx(1.0, rel=1e-9)
        assert abs(factor(edge + inside * 1e-4)) < 1 < abs(factor(edge - inside * 1e-4))
    for name, step in (("mean", full_mean), ("sum", full_sum)):
        edge = expected[f"{name}_diverges_above"]
        assert factor(edge, step) == pytest.approx(-1.0, **near)
        assert abs(factor(edge - 1e-4, step)) < 1 < abs(factor(edge + 1e-4, step))
        assert factor(expected[f"{name}_one_step_exact"], step) == pytest.approx(0.0, **near)


def test_vanishing_slopes():
    """In a chain of sigmoids that all stand at 0, each multiplies the gradient by 1/4."""
    for n, product in BY_NAME[VANISHING]["expected"].items():
        x = Variable(0.0, requires_grad=True)
        z = x
        for _ in range(int(n)):
            z = autograd.sigmoid(z) - 0.5
        z.backward()
        assert x.grad.item() == pytest.approx(product, **close)
