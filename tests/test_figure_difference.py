"""The figure of the difference quotient: its rounding, its errors, what theory says of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_figures import numbers, parse

from figures import difference

FUNCTIONS = {
    "cube": lambda x: (x**3, 3 * x**2, 6 * x, 6),
    "bell": lambda x: (
        1 / (1 + x**2),
        -2 * x / (1 + x**2) ** 2,
        (6 * x**2 - 2) / (1 + x**2) ** 3,
        24 * x * (1 - x**2) / (1 + x**2) ** 4,
    ),
    "loss": lambda x: ((2 * x - 4) ** 2, 4 * (2 * x - 4), 8, 0),
    "kink": lambda x: (abs(x**2 - 1), 2 * x, 2, 0) if abs(x) > 1 else (1 - x**2, -2 * x, -2, 0),
}


def error(f="cube", x=1.0, how="forward", bits="64", h=1e-3):
    return abs(difference.difference(f, x, how, bits, h) - difference.derivatives(f, x)[1])


@given(st.floats(-3e38, 3e38) | st.floats(-1e-36, 1e-36) | st.floats(-10, 10))
def test_a_number_is_rounded_as_numpy_rounds_it(x):
    assert difference.rounded(x) == float(np.float32(x))


def test_ties_are_rounded_to_even():
    for odd in (1 + 2**-24, 1 + 3 * 2**-24, -1 - 2**-24, 2.0**-150, 3 * 2.0**-150):
        assert difference.rounded(odd) == float(np.float32(odd))
    assert math.isnan(difference.rounded(math.nan)) and difference.rounded(math.inf) == math.inf


@pytest.mark.parametrize("f", difference.FUNCTIONS)
@pytest.mark.parametrize("x", [-1.5, 0.25, 2.0])
def test_each_operation_is_done_in_32_bits(f, x):
    def numpys(x):
        x, one = np.float32(x), np.float32(1)
        return {
            "cube": x * x * x,
            "bell": one / (one + x * x),
            "loss": (np.float32(2) * x - np.float32(4)) * (np.float32(2) * x - np.float32(4)),
            "kink": abs(x * x - one),
        }[f]

    h = np.float32(1e-3)
    forward = (numpys(np.float32(x) + h) - numpys(x)) / h
    central = (numpys(np.float32(x) + h) - numpys(np.float32(x) - h)) / (np.float32(2) * h)
    assert difference.difference(f, x, "forward", "32", 1e-3) == float(forward)
    assert difference.difference(f, x, "central", "32", 1e-3) == float(central)


@pytest.mark.parametrize("f", difference.FUNCTIONS)
@pytest.mark.parametrize("x", [-1.5, 0.25, 2.0, 0.0])
def test_the_engine_differentiates_three_times(f, x):
    assert difference.derivatives(f, x) == pytest.approx(FUNCTIONS[f](x))


def test_the_errors_are_as_theory_says():
    for f in ("cube", "bell", "loss"):
        for how in ("forward", "central"):
            truncation, _ = difference.expected(f, 1.5, how, "64", 1e-3)
            assert error(f, 1.5, how) == pytest.approx(truncation, rel=0.02, abs=1e-11)
    for bits, steps in (("64", (1e-13, 1e-12, 1e-11)), ("32", (1e-5, 1e-6))):
        for h in steps:
            _, rounding = difference.expected("bell", 1.25, "central", bits, h)
            assert rounding / 30 < error("bell", 1.25, "central", bits, h) < 30 * rounding


def test_the_v_has_its_bottom_where_it_should():
    def best(how, bits):
        return min(range(-16, 0), key=lambda k: error(how=how, bits=bits, h=10.0**k))

    assert best("forward", "64") == -8 and best("forward", "32") == -4
    assert best("central", "64") in (-5, -6) and best("central", "32") in (-2, -3)
    assert error(h=1e-16) == 3, "the difference is 0"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"h": 0.1}, "Truncation rules"),
        ({"h": 1e-12}, "Rounding rules"),
        ({"h": 2e-8}, "about as large"),
        ({"h": 1e-16}, "rounded to x itself"),
        ({"h": 1e-8, "bits": "32"}, "rounded to x itself"),
        ({"f": "kink", "x": 1.0, "h": 1e-9}, "reaches to a kink"),
        ({"f": "kink", "x": -1.125, "h": 0.2}, "reaches to a kink"),
        ({"f": "loss", "how": "central", "h": 1.0}, "No error at all"),
        ({"f": "loss", "how": "central", "h": 1e-3}, "Rounding rules"),
    ],
)
def test_the_verdict_says_what_the_error_comes_from(changes, said):
    tree = parse(difference.draw(dict(difference.STATE, **changes)))
    [found] = [e for e in tree.iter() if (e.get("class") or "").startswith("lf-verdict")]
    assert said in "".join(found.itertext())


def test_the_numbers_shown():
    shown = numbers(difference)
    assert (shown["found"], shown["exact"]) == ("3.31", "3")
    assert (shown["error"], shown["relative"]) == ("0.31", "0.0937")
    assert (shown["truncation"], shown["h"]) == ("0.3", "0.1")
    at_kink = numbers(difference, f="kink", x=1.0, h=1e-3)
    assert (at_kink["exact"], at_kink["found"]) == ("0", "2.001")


def test_the_dot_is_on_the_curve():
    for h in difference.STEPS[::12]:
        tree = parse(difference.draw(dict(difference.STATE, h=h)))
        dot = next(e for e in tree.iter() if "lf-moving" in (e.get("class") or ""))
        place = dot.get("style").split("(")[1].rstrip(")").replace("px", "").replace(",", " ")
        [curve] = [e.get("d") for e in tree.iter() if e.get("class") == "lf-line lf-value"]
        assert place in curve.replace("M", "L").split("L")


def test_relative_error():
    assert difference.relative(2.0, 1.0) == difference.relative(-1.0, -2.0) == 0.5
    assert difference.relative(0.0, 0.0) == 0.0 and difference.relative(1.0, -1.0) == 2.0
