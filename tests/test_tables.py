"""Published numbers of back-propagation: every entry of tables.json, computed by the engine."""

import numpy as np
import pytest
from published import (
    BY_NAME,
    GRAPHS,
    LOG_32,
    LOG_64,
    MAZUR,
    TABLES,
    WEIGHTS,
    agree,
    evaluate,
    in_32_bits,
    lecture,
    lines,
    mazur,
)

import autograd
from autograd import Variable, graph

close = {"rel": 1e-12, "abs": 1e-15}


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


@pytest.mark.parametrize("entry", TABLES, ids=lambda entry: entry["name"])
def test_what_was_published(entry):
    """The printed digits are those of the engine, except in the errata, whose cause is known."""
    found = lines(entry) if entry["published"] else []
    assert {line.key for line in found} == entry["published"].keys()
    for line in found:
        verdict = entry["published_agrees"].get(line.key, True)
        assert line.agrees == (verdict if isinstance(verdict, bool) else all(verdict)), line.name
        assert line.agrees or agree(line.mistaken, line.printed), line.name


def test_every_entry_is_used():
    """All graphs are evaluated as they stand; each other entry has a test of its own below."""
    others = {MAZUR, LOG_64, LOG_32, FORGOTTEN, THRESHOLDS, VANISHING}
    assert {entry["name"] for entry in GRAPHS} | others == set(BY_NAME)
    assert len(GRAPHS) + len(others) == len(TABLES) == 37


# --- Mazur's network, trained -------------------------------------------------------------------


def test_mazur_one_update():
    expected = BY_NAME[MAZUR]["expected"]
    inputs, names = mazur(1)
    found = {
        "E_before": mazur(0)[1]["E"],
        "E_after_one": names["E"],
        "E_after_one_if_biases_updated_too": mazur(1, (*WEIGHTS, "b1", "b2"))[1]["E"],
        "E_after_one_if_hidden_uses_updated_output_weights": mazur(1, too_early=True)[1]["E"],
    }
    weights = {name: inputs[name] for name in WEIGHTS}
    assert weights == pytest.approx(expected["weights_after_one"], **close)
    assert found == pytest.approx({name: expected[name] for name in found}, **close)
    assert expected.keys() - found.keys() == {"weights_after_one", *TRAINED}


TRAINED = {"after_9999_E", "after_10000", "after_10000_with_the_bug"}


def test_mazur_ten_thousand_rounds():
    expected = BY_NAME[MAZUR]["expected"]
    assert mazur(9_999)[1]["E"] == pytest.approx(expected["after_9999_E"], rel=1e-9)
    inputs, names = mazur(10_000)
    end = {name: names[name] for name in ("o1", "o2", "E")}
    weights = [inputs[name] for name in WEIGHTS]
    assert {**end, "weights": weights} == {
        name: pytest.approx(value, rel=1e-9) for name, value in expected["after_10000"].items()
    }
    names = mazur(10_000, too_early=True)[1]
    bug = {name: names[name] for name in ("o1", "o2", "E")}
    assert bug == pytest.approx(expected["after_10000_with_the_bug"], rel=1e-9)


# --- The lecture's loop -------------------------------------------------------------------------

FORGOTTEN = "lecture training loop with zero_() forgotten"
THRESHOLDS = "lecture loop learning-rate thresholds"
VANISHING = "vanishing product of sigmoid slopes"


@pytest.mark.parametrize(
    "name, start, zero",
    [(LOG_64, float, True), (FORGOTTEN, float, False), (LOG_32, in_32_bits, True)],
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
    rows, published = lecture(entry, in_32_bits)["rows"], entry["published"]
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
