"""The figure of a program and its graph: what its lines say is what they do."""

import re
from typing import Any

import pytest
from test_figures import numbers, parse, words

from figures import chain, program


class Variable:
    """As little as the program needs: a value, its arithmetic, a gradient to add to."""

    def __init__(self, data: float) -> None:
        self.data = data
        self.grad: Any = 0.0

    def __mul__(self, other: "Variable") -> "Variable":
        return Variable(self.data * other.data)

    def __sub__(self, other: "Variable") -> "Variable":
        return Variable(self.data - other.data)

    def __pow__(self, exponent: float) -> "Variable":
        return Variable(self.data**exponent)


@pytest.mark.parametrize("square", program.SQUARES)
@pytest.mark.parametrize("inputs", [(2.0, 4.0, 1.0), (-1.5, 3.0, 2.5), (0.0, 1.0, -3.0)])
def test_python_runs_the_lines_to_the_numbers_shown(square, inputs):
    state = dict(program.STATE, square=square, **dict(zip("xyw", inputs, strict=True)))
    text = "".join(parse(program.draw(state)).find(".//pre").itertext())
    names: dict[str, Any] = {"Variable": Variable}
    shown = 0
    for line in text.splitlines():
        code, _, result = line.partition("#")
        exec(code, names)
        if result:
            left = eval(re.split(r" \+?= ", code)[0], names)
            assert getattr(left, "data", left) == pytest.approx(float(result)), line
            shown += 1
    assert shown == program.SQUARES[square][0]
    assert names["w"].grad == pytest.approx(chain.compute(state).node("w").grad)


def test_what_is_used_twice_waits_for_both():
    first, second = [dict(step=step) for step in (5, 6)]
    assert "so s has to wait" in words(program, **first)
    assert "With what was there, it makes -4" in words(program, **second)
    assert (numbers(program, **first)["grad:s"], numbers(program, **second)["grad:s"]) == (
        "-2",
        "-4",
    )


def test_a_power_takes_one_moment_less():
    assert program.draw(dict(program.STATE, square="power")) == program.draw(
        dict(program.STATE, square="power", step=9)
    )
    assert "2 * s.data" in program.draw(dict(program.STATE, square="power"))
