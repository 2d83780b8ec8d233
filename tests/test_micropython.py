"""Every figure drawn by CPython and by MicroPython, as the page has it, is the same drawing."""

import random
import re
import subprocess
from decimal import Decimal
from math import isclose
from pathlib import Path

import pytest
from micropython import MicroPython, MicroPythonError

import figures
from live import page

ROOT = Path(__file__).parents[1]
STATES = 200  # random states of each figure
FEWER = 30  # of one whose drawings take long
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?")


@pytest.fixture(scope="module")
def micropython():
    with MicroPython() as python:
        yield python


def random_value(control, rng):
    """Return a value that the reader may set `control` to: a grid point more often than not."""
    if hasattr(control, "options"):
        return rng.choice([value for value, _ in control.options])
    if control.kind == "switch":
        return rng.random() < 0.5
    if not hasattr(control, "limits"):
        return rng.choice(["", "15", "-3.5", "2,5", 'a<b&"c"', "ŷ"])
    if isinstance(control.step, int):
        return rng.randint(control.low, control.high)
    if rng.random() < 0.1:
        return rng.choice([control.low, 0, control.high, *control.limits])
    steps = round((control.high - control.low) / control.step)
    value = control.low + control.step * rng.randint(0, steps)
    return value if rng.random() < 0.1 else float(f"{value:.6g}")


def requests(name):
    """Yield requests for drawings of random states."""
    rng = random.Random(name)
    module = figures.load(name)
    settings = figures.settings(module)
    for _ in range(FEWER if hasattr(module, "on_the_way") else STATES):
        state = {key: random_value(control, rng) for key, control in settings.items()}
        initial = {key: state[key] for key in list(state)[:2]}
        yield {"figure": name, "state": state, "initial": initial, "press": None}


def differences(ours, theirs):
    """Return where two drawings differ by more than one unit of the last digit of a number."""
    if NUMBER.split(ours) != NUMBER.split(theirs):
        return ["structure"]
    return [
        f"{a} and {b}"
        for a, b in zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=True)
        if a != b and abs(Decimal(a) - Decimal(b)) > Decimal(1).scaleb(last_digit(a, b))
    ]


def same_state(ours, theirs):
    """Whether two states are equal but for the last digits of a float."""
    return ours.keys() == theirs.keys() and all(
        isclose(value, theirs[key], rel_tol=1e-12)
        if isinstance(value, float)
        else value == theirs[key]
        for key, value in ours.items()
    )


def last_digit(*numbers):
    """Return the decimal place of the last digit of the longest of `numbers`."""
    return min(Decimal(number).as_tuple().exponent for number in numbers)


@pytest.mark.parametrize("name", figures.names())
def test_drawings_are_the_same(micropython, name):
    """Of random states; and of every second one, when something in it was pressed."""
    rng = random.Random(name)
    controls = figures.load(name).CONTROLS
    buttons = [control.key for control in controls if control.kind == "button"]
    for number, request in enumerate(requests(name)):
        drawing = the_same(micropython, request)
        if number % 2:
            inside = re.findall(r'data-press="([^"]+)"', drawing)
            press = rng.choice([*buttons, "tick", *inside])
            the_same(micropython, {**request, "press": press})


def the_same(micropython, request):
    """Hold what both interpreters answer to a request against each other; return the drawing."""
    ours, theirs = page.reply(request), micropython.answer(request)
    assert "error" not in ours and "error" not in theirs, (request, ours, theirs)
    assert theirs["press"] == ours["press"] == request["press"]
    assert theirs.get("more") == ours.get("more")
    assert same_state(ours["state"], theirs["state"]), request
    assert not differences(ours["html"], theirs["html"]), request
    return ours["html"]


def test_the_comparison_sees_what_differs():
    assert not differences('<p x="1">-7.84</p>', '<p x="1">-7.84</p>')
    assert not differences("0.3", "0.2999") and not differences("1.000e+09", "1.001e+09")
    assert differences("0.3", "0.2998") and differences("1.000e+09", "1.002e+09")
    assert (
        differences("-1", "1") and differences("<p>1</p>", "<b>1</b>") and differences("1", "1 2")
    )
    assert differences("inf", "nan")
    assert same_state({"x": 0.81}, {"x": 0.8100000000000001})
    assert not same_state({"x": 0.81}, {"x": 0.82}) and not same_state({"x": 1}, {"y": 1})


def test_an_error_is_an_answer(micropython):
    for request in ({"figure": "nope"}, {"figure": "chain", "press": "nothing like it"}, {}):
        ours, theirs = page.reply(request), micropython.answer(request)
        assert ("error" in ours) == ("error" in theirs), request
    assert "the figures are: " in micropython.answer({"figure": "nope"})["error"]


def test_the_page_has_every_module_that_a_figure_may_ask_for():
    script = "import('./live/frontend/bytecode.mjs').then((module) => "
    script += "console.log(Object.keys(module.bytecode('.')).join()))"
    listed = subprocess.run(
        ["node", "-e", script], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    ).stdout
    modules = {Path(path).with_suffix(".py") for path in listed.strip().split(",")}
    ours = {
        path.relative_to(ROOT)
        for path in [*ROOT.glob("autograd/*.py"), *ROOT.glob("figures/**/*.py")]
    }
    left_out = {path.name for path in ours - modules}
    assert left_out == {"arrays.py", "operations.py", "display.py", "check.py", "functional.py"}
    assert modules - ours == {Path("live/page.py")}


def test_what_is_raised_is_told(micropython):
    with pytest.raises(MicroPythonError, match="ZeroDivisionError"):
        micropython.run("1 // 0")
    assert micropython.run("print('still there')") == "still there\n"
