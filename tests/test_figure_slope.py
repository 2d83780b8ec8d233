"""The figure of the slope: what a nudge changes, and what the tangent says without one."""

import pytest
from test_figures import numbers, words

from figures import slope
from figures.parts.model import DATA


def loss(w):
    return sum((x * w - y) ** 2 for x, y in DATA) / 3


@pytest.mark.parametrize("w", [0.0, 1.0, 2.5, 4.0])
@pytest.mark.parametrize("h", [1.0, 0.1, -0.5])
def test_its_numbers(w, h):
    shown = {key: float(text) for key, text in numbers(slope, w=w, h=h).items()}
    assert shown["loss"] == pytest.approx(loss(w), abs=1e-4)
    assert shown["nudged"] == pytest.approx(loss(w + h), abs=1e-4)
    assert shown["secant"] == pytest.approx((loss(w + h) - loss(w)) / h, abs=1e-3)
    assert shown["grad:w"] == pytest.approx(28 / 3 * (w - 2), abs=1e-4)


def test_the_numbers_of_the_chapter():
    shown = numbers(slope, w=1.0, h=1.0)
    assert (shown["loss"], shown["nudged"]) == ("4.6667", "0")
    assert (shown["secant"], shown["grad:w"]) == ("-4.6667", "-9.3333")


def test_a_number_is_shown_when_its_step_comes():
    keys = ["loss", "nudged", "secant", "grad:w"]
    for step in range(slope.LAST + 1):
        assert [key for key in keys if key in numbers(slope, step=step)] == keys[:step]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"step": 0}, "How wrong is it?"),
        ({"step": 2}, "the loss falls: from 4.6667 to 0"),
        ({"step": 2, "w": 2.0}, "the loss rises"),
        ({"step": 2, "w": 1.5}, "the loss stays the same"),
        ({"step": 3}, "-4.6667 times as much"),
        ({"step": 3, "h": 0.0}, "says nothing"),
        ({"h": 0.0}, "no nudge, and still a slope: dloss/dw = -9.3333"),
        ({"w": 2.0}, "The bottom"),
        ({"w": 3.0, "h": -0.1}, "The tangent says dloss/dw = 9.3333."),
    ],
)
def test_the_sentence_follows_the_state(changes, said):
    assert said in words(slope, **changes)
