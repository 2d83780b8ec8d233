"""A network in training: its points, its training in pieces, what it says of itself; Mazur's."""

import json
import re
from pathlib import Path

import pytest
from micropython import MicroPython
from test_figures import numbers, parse, values, words
from test_micropython import differences

from figures import mazur, network
from figures.parts.last import Last
from figures.parts.network import PIECE, Beginning, Run
from live import page

TABLES = Path(__file__).parent / "reference" / "tables.json"
FORWARD, TRAINED = (
    next(entry["expected"] for entry in json.loads(TABLES.read_text()) if entry["name"] == name)
    for name in (
        "Mazur 2-2-2 network, forward and gradients",
        "Mazur 2-2-2 network, one update (lr 0.5) and 10,000 rounds",
    )
)
POINTS = network.points_of("circles", "")


def verdict(**changes):
    tree = parse(network.draw(dict(network.STATE, **changes)))
    return next("".join(p.itertext()) for p in tree.iter("p") if "lf-verdict" in p.get("class", ""))


# The points


@pytest.mark.parametrize("data", network.PRESETS)
def test_points_are_in_the_plane_and_of_both_classes(data):
    points = network.points_of(data, "")
    assert len(points) == network.SAMPLES
    assert all(abs(x) < network.SIDE and abs(y) < network.SIDE for x, y, _ in points)
    assert sum(kind for _, _, kind in points) == network.SAMPLES / 2


def test_a_press_edits_the_points():
    state = dict(network.STATE, hand="one")
    added = network.press(state, "at:al")
    assert added["edits"] == "1al"
    assert network.points_of("circles", "1al")[-1] == (-2.75, 2.75, 1)
    other = network.press(dict(added, hand="zero"), "at:al")
    assert network.points_of("circles", other["edits"])[-1] == (-2.75, 2.75, 0)
    taken = network.press(dict(other, hand="take"), "at:al")
    assert network.points_of("circles", taken["edits"]) == POINTS
    assert network.press(taken, "undo")["edits"] == ""
    assert network.press(network.STATE, "at:al") == network.STATE


def test_all_of_it_cannot_be_taken_away():
    everything = "".join("x" + c + r for c in network.LETTERS for r in network.LETTERS)
    assert network.points_of("circles", everything)


def test_there_is_an_end_to_edits_and_it_is_told():
    full = dict(network.STATE, hand="one", edits="1aa" * (network.LONGEST // 3))
    assert network.press(full, "at:al") == full
    assert "No more edits" in network.draw(full)
    assert "No more edits" not in network.draw(dict(full, edits=full["edits"][3:]))


def test_edits_without_sense_are_ignored():
    assert network.points_of("xor", "zzz1a!0") == network.points_of("xor", "")


def test_the_plane_can_be_pressed_only_by_a_hand():
    assert "data-press" not in network.draw(network.STATE)
    assert network.draw(dict(network.STATE, hand="take")).count("data-press") == 144
    assert 'data-press="undo"' in network.draw(dict(network.STATE, edits="1aa"))


# The training


def test_a_run_is_the_same_by_whatever_way_it_got_there():
    beginning = Beginning(POINTS, 2, "tanh", "xavier", 3)
    straight, astray = Run(beginning, 0.5, 16), Run(beginning, 0.5, 16)
    straight.go(13)
    for updates in (20, 3, 31, 13):
        astray.go(updates)
    assert [x.tolist() for x in straight.sgd.params] == [x.tolist() for x in astray.sgd.params]
    assert straight.losses == astray.losses[:14] and len(astray.losses) == 32


def test_a_run_goes_on_in_pieces():
    run = Run(Beginning(POINTS, 1, "tanh", "xavier", 1), 0.5, 16)
    assert [run.nearer(12) for _ in range(4)] == [0, PIECE, 2 * PIECE, 12]
    assert run.nearer(12) == 12 and run.nearer(4) == 4 and run.nearer(14) == 14


def test_a_long_way_is_drawn_in_pieces():
    state = dict(network.STATE, seed=17, updates=15)
    request = {"figure": "network", "state": state}
    shown = []
    while True:
        reply = page.reply(request)
        assert reply["state"] == state
        shown.append(re.search(r'data-value="updates">(\d+)', reply["html"])[1])
        if "more" not in reply:
            break
    assert shown == ["0", "5", "10", "15"]
    assert reply["html"] == network.draw(state)
    fresh = {"figure": "network", "state": dict(state, seed=16)}
    assert "more" not in page.reply(fresh, patient=True)


def test_what_is_drawn_already_is_not_drawn_on_the_way():
    request = {"figure": "network", "state": dict(network.STATE, seed=18), "early": "none"}
    reply = page.reply(request)
    assert reply["more"] == {"updates": 0} and "html" not in reply
    assert page.reply({"figure": "chain", "early": "none"})["html"]


def test_a_sketch_says_what_a_drawing_would():
    """What takes its time it leaves out, until it is asked for once more, with another rate say."""
    network.beginning.known.clear()
    gradients = {"size", "step", "flat", "dead", "ratio"}
    for changes, left_out in (
        ({"lr": 0.25}, gradients | {"right"}),
        ({"lr": 0.5}, set()),
        ({"lr": 0.75}, set()),
        ({"lr": 0.75, "batch": 60}, gradients),
        ({"lr": 0.5, "batch": 60}, set()),
        ({"depth": 6}, gradients | {"right"}),
    ):
        request = {"figure": "network", "state": dict(network.STATE, **changes), "early": "sketch"}
        reply = page.reply(request)
        assert reply["more"] == {} and reply["state"] == request["state"]
        drawn = numbers(network, **{**changes, "updates": 0})
        shown = {key: text for key, text in drawn.items() if key.split(":")[0] not in left_out}
        assert values(reply["html"]) == shown
        assert page.reply(request)["more"] == {"updates": PIECE}  # it has begun: no more sketches


@pytest.mark.parametrize("data", network.PRESETS)
def test_a_network_learns(data):
    start, end = (numbers(network, data=data, updates=updates) for updates in (0, network.LAST))
    assert float(end["loss"]) < 0.25 * float(start["loss"])
    assert int(end["right"]) >= 58


def test_the_gradient_by_layers_is_that_of_nudging():
    beginning = Beginning(POINTS[:5], 2, "tanh", "xavier", 1)
    run = Run(beginning, 0.5, 60)
    run.go(3)
    layer = run.model.layers[0]
    grads = layer.weight.grad.value.numbers
    assert run.sizes()[0] == pytest.approx((sum(g * g for g in grads) / 16) ** 0.5)
    h = 1e-5
    for i in (0, 7):
        losses = []
        for sign in (1, -1):
            moved = Run(beginning, 0.5, 60)
            moved.go(3)
            moved.model.layers[0].weight.value.numbers[i] += sign * h
            moved._differentiate()
            losses.append(moved.loss.item())
        assert grads[i] == pytest.approx((losses[0] - losses[1]) / (2 * h), rel=1e-5)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Sound"),
        ({"depth": 6, "activation": "sigmoid"}, "Vanishing"),
        ({"depth": 6, "init": "small"}, "Vanishing"),
        ({"init": "zeros"}, "Vanishing"),
        ({"init": "large"}, "Saturated"),
        ({"activation": "relu", "init": "he", "lr": 4.0}, "Dead: in layer 2"),
        ({"activation": "relu", "init": "he", "lr": 3.0, "updates": 20}, "Half dead"),
        ({"activation": "relu", "init": "he", "lr": 0.4}, "Sound"),
        ({"depth": 6, "activation": "relu", "init": "large", "updates": 0}, "Exploding"),
    ],
)
def test_what_is_wrong_is_named(changes, said):
    assert verdict(**changes).startswith(said)


def test_a_dead_layer_gets_no_gradient_ever_again():
    dead = {"activation": "relu", "init": "he", "lr": 4.0}
    for updates in (10, 50, 100, network.LAST):
        shown = numbers(network, **dead, updates=updates)
        assert shown["size:1"] == shown["size:2"] == "0" and shown["dead:2"] == "8"
    assert "nothing to learn from" in words(network, **dead)


def test_the_boundary_divides_what_the_network_says():
    left_and_right = [x for x, _ in network.GRID]
    places = network._boundary(left_and_right)
    at = {place.split()[0] for place in places if place}
    assert at == {str(network.PLANE.x(0.0))} and places.count(None) == 11
    assert network._boundary([1.0] * 144) == []


def test_training_is_the_same_in_micropython():
    state = dict(network.STATE, updates=60)
    with MicroPython() as python:
        while "more" in (theirs := python.answer({"figure": "network", "state": state})):
            pass
    assert not differences(network.draw(state), theirs["html"])


def test_the_latest_results_are_kept():
    asked = []
    lately = Last(lambda x: asked.append(x) or [x], most=2)
    first = lately(1)
    assert lately(2) == [2] and lately(1) is first and lately(3) == [3]
    assert lately(1) is first and asked == [1, 2, 3]
    assert lately(2) == [2] and asked == [1, 2, 3, 2]


# Mazur's network


def test_mazurs_numbers():
    shown = numbers(mazur)
    for name, value in FORWARD["gradients"].items():
        if name[0] == "w":
            assert shown["grad:" + name] == f"{value:.9f}"
    for name, value in TRAINED["weights_after_one"].items():
        assert shown["after:" + name] == f"{value:.9f}"
    assert shown["loss"] == "0.298371109" and shown["loss:after"] == "0.291027774"


def test_the_update_that_comes_too_early():
    expected = TRAINED["E_after_one_if_hidden_uses_updated_output_weights"]
    shown = numbers(mazur, early=True)
    assert shown["loss:after"] == f"{expected:.9f}" == "0.291027924"
    assert shown["grad:w5"] == numbers(mazur)["grad:w5"]
    assert shown["grad:w1"] != numbers(mazur)["grad:w1"]


def test_mazurs_steps_come_in_their_order():
    def known(early, step):
        shown = numbers(mazur, early=early, done=step)
        return [key for key in ("grad:w5", "grad:w1", "after:w5", "after:w1") if key in shown]

    assert [len(known(False, step)) for step in range(5)] == [0, 1, 2, 3, 4]
    assert known(False, 2) == ["grad:w5", "grad:w1"] and known(True, 2) == ["grad:w5", "after:w5"]
    assert "loss:after" not in numbers(mazur, done=3)
    assert "Too early" in words(mazur, early=True, done=2)
