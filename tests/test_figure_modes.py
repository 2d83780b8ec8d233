"""The figures of the two modes: the published traces, and counts that are counted."""

import json
import math
from pathlib import Path

import pytest
from test_figures import numbers, words

from autograd import Variable, jvp, log, sin
from figures import cost, modes

TABLES = json.loads(
    (Path(__file__).parent / "reference" / "tables.json").read_text(encoding="utf-8")
)
POINTS = [(2.0, 5.0), (0.5, -3.0)]


def entry(name):
    [found] = [entry for entry in TABLES if entry["name"].startswith(name)]
    return found


def shown_tangents(step, **changes):
    shown = numbers(modes, step=step, **changes)
    return {key[8:]: float(text) for key, text in shown.items() if key.startswith("tangent:")}


def test_the_traces_are_the_published_ones():
    published = entry("Baydin")
    recorded = modes.record(*map(float, published["inputs"].values()))
    expected = published["expected"]
    for name, value in expected["values"].items():
        assert recorded.node(name).value == pytest.approx(value)
    for name, gradient in expected["gradients"].items():
        assert modes.reverse(recorded, modes.LAST).gradient(recorded.node(name)) == pytest.approx(
            gradient
        )
    first = shown_tangents(modes.PASS)
    assert first == {"x1": 1, "x2": 0, "v1": 0.5, "v2": 5, "v3": 0, "v4": 5.5, "y": 5.5}
    assert shown_tangents(modes.LAST)["y"] == 1.7163


@pytest.mark.parametrize("point", POINTS)
def test_tangents_are_those_of_forward_mode(point):
    recorded = modes.record(*point)
    for seed, leaf in (((1.0, 0.0), "x1"), ((0.0, 1.0), "x2")):
        _, tangent = jvp(lambda a, b: log(a) + a * b - sin(b), point, seed)
        found = modes.tangents(recorded, recorded.node(leaf))
        assert found[-1] == pytest.approx(tangent.item())
        assert found[-1] == pytest.approx(recorded.node(leaf).grad)
        assert found[:2] == list(seed)


def test_reverse_mode_adds_up_what_arrives():
    shown = [numbers(modes, step=step).get("adjoint:x2") for step in range(modes.LAST + 1)]
    assert shown == [None] * 9 + ["-0.2837", "1.7163", "1.7163"]
    assert numbers(modes, step=6)["adjoint:y"] == "1"
    assert "adjoint:y" not in numbers(modes, step=5)


def test_what_is_known_when():
    keys = ["forward:x1", "reverse:x2", "reverse:x1", "forward:x2"]
    first = [
        next(step for step in range(modes.LAST + 1) if key in numbers(modes, step=step))
        for key in keys
    ]
    assert first == [5, 10, 11, 11]
    shown = numbers(modes)
    assert shown["forward:x1"] == shown["reverse:x1"] == "5.5"
    assert shown["forward:x2"] == shown["reverse:x2"] == "1.7163"


def test_each_step_is_said():
    assert "starts anew with x₂" in words(modes, step=6)
    assert "5 × 1 + 2 × 0 = 5." in words(modes, step=2)
    assert "v₃ sends (-1) × 0.2837 = -0.2837 to x₂" in words(modes, step=9)


def test_speelpennings_product():
    published = entry("Speelpenning")["expected"]["gradients"]
    found, _, _ = cost.count(5)
    wanted = [published[f"x{i}"] for i in range(1, 6)]
    assert found == {"forward": wanted, "reverse": wanted}
    assert [numbers(cost)[f"d:{i}"] for i in range(1, 6)] == ["120", "60", "40", "30", "24"]


class Counting(float):
    """A float that counts the multiplications it takes part in."""

    made = 0

    def __mul__(self, other):
        Counting.made += 1
        return Counting(float(self) * other)

    __rmul__ = __mul__

    def __radd__(self, other):
        return Counting(other + float(self))


@pytest.mark.parametrize("n", [2, 5, cost.MOST])
def test_the_operations_are_those_that_are_carried_out(n):
    """Forward mode is run with floats that count, and differences with a product that counts."""
    recorded = cost.record(n)
    for edge in recorded.edges:
        edge.local = Counting(edge.local)
    Counting.made = 0
    for leaf in recorded.nodes[:n]:
        modes.tangents(recorded, leaf)
    _, work, kept = cost.count(n)
    values = n - 1
    assert work["forward"] == Counting.made + n * values
    assert work["reverse"] == len(recorded.edges) + values
    assert work["difference"] == (n + 1) * values
    assert kept == {"forward": 2 * min(2, values), "reverse": values, "difference": min(2, values)}


def test_the_gradient_is_that_of_backward():
    xs = [Variable(float(i), requires_grad=True) for i in range(1, 8)]
    product = xs[0]
    for x in xs[1:]:
        product = product * x
    product.backward()
    assert cost.count(7)[0]["reverse"] == [x.grad.item() for x in xs]
    assert xs[6].grad.item() == math.factorial(6)


def test_the_table_follows_the_slider():
    assert numbers(cost)["times"] == "5" and numbers(cost, n=12)["times"] == "12"
    assert numbers(cost, n=10)["work:forward"] == "270"
