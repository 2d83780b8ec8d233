"""The figure of the gradient check: its planted bugs, and that they can be found."""

from functools import partial

import pytest
from test_figures import numbers, parse, words

from autograd import gradcheck, graph
from figures import suspect

ENGINES = {"a": "tanh", "b": "sub", "c": "square", "d": "mul"}
SPOILED = {"sound": "", "a": "xwb", "b": "y", "c": "w", "d": "xw"}


def wrong_gates(engine, **changes):
    recorded = graph(suspect.record(engine, dict(suspect.STATE, **changes)))
    return [
        gate
        for gate in suspect.GATES
        if not all(suspect.agree(a, b) for _, a, b in suspect.check_gate(recorded, gate))
    ]


def marks(**changes):
    tree = parse(suspect.draw(dict(suspect.STATE, **changes)))
    rows = [["".join(cell.itertext()) for cell in row] for row in tree.findall(".//{*}tr")]
    return {row[0]: row[3] for row in rows if len(row) == 4 and row[3] != "error"}


@pytest.mark.parametrize("engine", SPOILED)
def test_one_gate_of_each_engine_is_wrong(engine):
    assert wrong_gates(engine) == ([] if engine == "sound" else [suspect.PLANTED[engine][0]])
    found = marks(engine=engine)
    assert (
        "".join(name for name in "xwby" if found[f"∂loss/∂{name}"].startswith("✗"))
        == SPOILED[engine]
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_gradcheck_finds_the_same_gate(engine):
    at = [suspect.STATE[name] for name in suspect.INPUTS]
    with pytest.raises(RuntimeError, match="At fault is the operation " + ENGINES[engine]):
        gradcheck(partial(suspect.compute, engine), at)
    assert gradcheck(partial(suspect.compute, "sound"), at)


def test_a_bug_can_hide():
    assert wrong_gates("d", x=0.5) == [], "x is w"
    assert "no proof" in words(suspect, engine="d", x=0.5)
    for engine in "abc":
        assert wrong_gates(engine, x=0.5) == [suspect.PLANTED[engine][0]]


def test_a_gate_is_pressed_and_let_go():
    pressed = suspect.press(suspect.STATE, "node:a")
    assert pressed["gate"] == "a" and "Found: " in words(suspect, gate="a")
    assert "it is not this one" in words(suspect, gate="p")
    assert "no proof" in words(suspect, engine="d", x=0.5, gate="p")
    assert suspect.press(pressed, "node:a") == suspect.STATE
    for nonsense in ("node:x", "node:", "leaf:x", "nothing"):
        assert suspect.press(suspect.STATE, nonsense) == suspect.STATE
    tree = parse(suspect.draw(suspect.STATE))
    assert {e.get("data-press") for e in tree.iter()} - {None} == {
        "node:" + gate for gate in suspect.GATES
    }


def test_the_numbers_of_the_wrong_tanh():
    shown = numbers(suspect, gate="a")
    assert (shown["local:a:z"], shown["difference:local:a:z"]) == ("0.64", "0.7116")
    assert (shown["grad:x"], shown["difference:grad:x"]) == ("-0.2963", "-0.3294")


@pytest.mark.parametrize("x", [-3.0, 0.0, 3.0])
@pytest.mark.parametrize("w", [-3.0, 0.0, 3.0])
def test_a_sound_engine_passes_at_the_ends_too(x, w):
    for b in (-3.0, 0.0, 3.0):
        changes = {"x": x, "w": w, "b": b, "y": 3.0}
        assert wrong_gates("sound", **changes) == []
        assert set(marks(engine="sound", **changes).values()) == {"✓"}
