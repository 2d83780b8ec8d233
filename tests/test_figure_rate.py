"""The figure of the learning rate: its factors, its verdicts, its two ways to update."""

import itertools

import pytest
from test_figures import numbers, parse

from figures import rate
from figures.parts.model import DATA, train, train_batch
from figures.parts.text import show


def verdict(**changes):
    tree = parse(rate.draw(dict(rate.STATE, **changes)))
    [found] = [e for e in tree.iter() if (e.get("class") or "").startswith("lf-verdict")]
    return "".join(found.itertext())


@pytest.mark.parametrize(
    ("by", "lr", "said"),
    [
        ("sample", 0.001, "Crawls"),
        ("sample", 0.01, "Converges."),
        ("sample", 0.06, "oscillating"),
        ("sample", 0.13, "Converges, although"),
        ("sample", 0.204, "Barely"),
        ("sample", 0.2041, "Diverges"),
        ("sample", 0.476, "Diverges"),
        ("sample", 0.477, "Barely"),
        ("sample", 0.5, "Converges"),
        ("sample", 0.517, "oscillating"),
        ("sample", 0.518, "Barely converges: w leaps"),
        ("sample", 0.52, "Diverges"),
        ("batch", 0.001, "Crawls"),
        ("batch", 3 / 28, "Converges"),
        ("batch", 0.2, "oscillating"),
        ("batch", 0.21, "Barely converges: w leaps"),
        ("batch", 0.22, "Diverges"),
    ],
)
def test_the_verdict_comes_from_the_factor(by, lr, said):
    assert said in verdict(by=by, lr=lr)


def test_an_epoch_multiplies_the_error_by_the_factor():
    for by in ("sample", "batch"):
        path = rate.run(by, 0.03)
        factor = rate.product(rate.factors_of(by, 0.03))
        for before, after in itertools.pairwise(path):
            assert after - 2 == pytest.approx(factor * (before - 2))
    assert len(rate.run("sample", 0.01)) == len(rate.run("batch", 0.01)) == 11


def test_the_whole_batch_is_done_in_one_update():
    assert train_batch(DATA, 3 / 28, 1.0)[0] == pytest.approx(2)
    assert train(DATA, 0.5, 1.0)[0].after == 2


def test_the_numbers_of_the_first_epoch():
    shown = numbers(rate, epochs=1)
    assert (shown["w"], shown["error"], shown["factor"]) == ("1.2607", "-0.7393", "0.7393")
    assert [shown[f"factor:{i}"] for i in range(3)] == ["0.98", "0.92", "0.82"]
    assert shown["error:before"] == "-1"


def test_the_slope_is_that_of_the_mean_loss():
    assert numbers(rate, epochs=0)["slope"] == show(-28 / 3)
    assert numbers(rate, epochs=1, lr=0.5)["slope"] == "0"


def test_a_factor_that_leaves_the_drawing_is_marked_at_its_edge():
    edges = {rate.FACTOR.y(rate.HIGHEST), rate.FACTOR.y(-rate.HIGHEST)}
    places = set()
    for lr in (0.3, 0.6, 1.0):
        tree = parse(rate.draw(dict(rate.STATE, lr=lr)))
        dot = next(e for e in tree.iter() if "lf-moving" in (e.get("class") or ""))
        places.add(int(dot.get("style").split(",")[1].rstrip("px)")))
    assert len(places) == 2 and len(places & edges) == 1
