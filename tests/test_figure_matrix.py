"""The product of matrices: its numbers against NumPy's, and what each box says of itself."""

import numpy as np
import pytest
from test_figures import numbers, parse, words

from figures import matrix
from figures.parts.text import show

SHAPES = {"x": (2, 3), "w": (3, 2), "b": (2,), "z": (2, 2)}


def by_letter(of):
    """Return the array of each letter, from {cell: number}."""
    return {
        letter: np.array([of[cell] for cell in matrix.CELLS if cell[0] == letter]).reshape(shape)
        for letter, shape in SHAPES.items()
    }


def test_values_and_gradients_are_numpys():
    rng = np.random.default_rng(0)
    for _ in range(20):
        values, grads = matrix.compute(*rng.integers(-10, 11, len(matrix.FIRST)) / 2)
        value, grad = by_letter(values), by_letter(grads)
        x, w, z = value["x"], value["w"], value["z"]
        assert np.allclose(z, x @ w + value["b"])
        assert values["loss"] == pytest.approx((z**2).sum())
        assert np.allclose(grad["z"], 2 * z)
        assert np.allclose(grad["w"], x.T @ grad["z"])
        assert np.allclose(grad["x"], grad["z"] @ w.T)
        assert np.allclose(grad["b"], grad["z"].sum(axis=0))


@pytest.mark.parametrize("cell", matrix.CELLS)
def test_a_box_says_what_it_is_made_of(cell):
    """What the sentence adds up is what it says it is."""
    values, grads = matrix.compute(*[matrix.STATE[key] for key in sorted(matrix.FIRST)])
    said = words(matrix, cell=cell)
    left, right = said.split(": ")[1].split(" = ")
    assert right.startswith(show(values[cell] if cell[0] == "z" else grads[cell]))
    assert eval(left.replace("×", "*")) == pytest.approx(
        values[cell] if cell[0] == "z" else grads[cell]
    )


@pytest.mark.parametrize(
    ("cell", "made", "back"),
    [
        ("z12", {"x11", "x12", "x13", "w12", "w22", "w32", "b2"}, {"z12"}),
        ("w21", {"x12", "x22"}, {"z11", "z21"}),
        ("x13", {"w31", "w32"}, {"z11", "z12"}),
        ("b2", set(), {"z12", "z22"}),
    ],
)
def test_a_pressed_box_lights_its_links(cell, made, back):
    state = matrix.press(matrix.STATE, cell)
    assert state["cell"] == cell
    found = {"lf-made": set(), "lf-back": set(), "lf-pressed": set()}
    for box in parse(matrix.draw(state)).iter("div"):
        for kind in set(box.get("class", "").split()) & set(found):
            found[kind].add(box.get("data-press"))
    assert found == {"lf-made": made, "lf-back": back, "lf-pressed": {cell}}


def test_all_numbers_can_be_seen():
    shown = numbers(matrix)
    assert all("value:" + cell in shown and "grad:" + cell in shown for cell in matrix.CELLS)
    assert matrix.press(matrix.STATE, "q") == matrix.STATE
