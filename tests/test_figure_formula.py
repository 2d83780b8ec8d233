"""The figure of any formula: the published tables, what is typed or linked, its program."""

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from micropython import MicroPython
from test_figures import numbers, parse, words
from test_formulas import strings
from test_layout import faults
from test_micropython import differences

import figures
from autograd.layout import Layout
from figures import formula
from figures.parts import graph as picture
from figures.parts.walk import Walk
from live import page

ROOT = Path(__file__).parents[1]
TABLES = {
    entry["name"]: entry
    for entry in json.loads((ROOT / "tests/reference/tables.json").read_text(encoding="utf-8"))
    if "output" in entry
}
TABLE_OF = {
    "neuron": "CS231n sigmoid neuron, gate by gate",
    "product": "CS231n f=xy",
    "sum": "CS231n (x+y)*z",
    "gates": "CS231n mul/max/add/*2 circuit",
    "norm": "CS231n slides ||Wx||^2",
    "softmax": "CS231n softmax cat/car/frog slide",
    "gate": "lecture gate x*y with upstream 5",
    "lecture": "lecture worked graph x=1 y=2 w=1",
    "lecture1": "lecture exercise 4-1 x=2 y=4 w=1",
    "lecture2": "lecture exercise 4-2 x=1 y=2 w=1 b=2",
    "lecture4": "lecture exercises 4-4/4-5 (and 3-1/3-2) quadratic model",
    "parabola": "lecture quadratic model, second point",
    "olah": "Olah e=(a+b)*(b+1)",
    "baydin": "Baydin et al. Tables 2/3",
    "chain": "Karpathy lecture L=(a*b+c)*f",
    "tanh": "Karpathy lecture tanh neuron",
    "exp": "Karpathy lecture tanh through exp",
    "twice": "Karpathy lecture b=a+a",
    "both": "Karpathy lecture f=(a*b)*(a+b)",
    "square": "Karpathy lecture 3x^2-4x+5",
    "doubling": "micrograd PR #64 doubling",
    "diamond": "micrograd issue #68 diamond",
    "hips": "HIPS autograd README tanh",
    "jax": "JAX autodiff cookbook tanh",
    "rosenbrock": "Rosenbrock at (-1.2, 1)",
    "speelpenning": "Speelpenning product n=5 at (1..5)",
    "dive": "D2L y=2*dot(x,x) at arange(4)",
    "pytorch": "PyTorch blitz Q=3a^3-b^2",
}
UNPUBLISHED = {"sigmas"}  # CS231n gives the expression and no numbers
TOO_LARGE = {
    "micrograd README / test_more_ops",  # 27 boxes
    "CS231n SVM-vs-softmax figure",  # 19 inputs
    "Mazur 2-2-2 network, forward and gradients",  # 14 inputs
}
each_preset = pytest.mark.parametrize("key", formula.PRESETS)


def settled(**changes):
    return figures.clean(formula, dict(formula.STATE, **changes))


def taken(key):
    """Return the state once the preset is chosen from the menu."""
    return settled(preset=key)


def values(state):
    return {name: float(text) for name, text in re.findall(r"(\w+)=([^,]+)", state["at"])}


def record(state):
    plan = formula.plan_of(state["f"])
    return plan, plan.record(values(state))


# The published tables


def test_the_presets_are_all_tables_that_fit():
    assert formula.PRESETS.keys() == TABLE_OF.keys() | UNPUBLISHED
    assert set(TABLE_OF.values()) | TOO_LARGE == set(TABLES)
    assert len(TABLE_OF) + len(TOO_LARGE) == len(TABLES)


@pytest.mark.parametrize("key", TABLE_OF)
def test_a_preset_has_the_values_and_gradients_of_its_table(key):
    entry = TABLES[TABLE_OF[key]]
    state = taken(key)
    _, recorded = record(state)
    inputs = {name: float(value) for name, value in entry["inputs"].items()}
    assert values(state) == pytest.approx(inputs, rel=1e-11)
    close = {"rel": 1e-10, "abs": 1e-12}
    expected = entry["expected"]
    for name, gradient in expected["gradients"].items():
        found = [(node.value, node.grad) for node in recorded.nodes if node.op != "constant"]
        if name in inputs:
            assert recorded.node(name).grad == pytest.approx(gradient, **close), name
        else:
            wanted = pytest.approx((expected["values"][name], gradient), **close)
            assert any(pair == wanted for pair in found), name
    assert recorded.result.value == pytest.approx(expected["values"][entry["output"]], **close)


def test_the_two_sigmas_by_differences():
    state = taken("sigmas")
    plan, recorded = record(state)
    for name in "xy":
        ends = [
            plan.record({**values(state), name: values(state)[name] + h}).result.value
            for h in (1e-6, -1e-6)
        ]
        assert recorded.node(name).grad == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-8)


@each_preset
def test_a_preset_is_drawn_without_overlaps_and_within_its_sliders(key):
    state = taken(key)
    assert state["preset"] == key and state["typed"] == ""
    plan, _ = record(state)
    sizes = [(plan.widths[name], picture.HIGH) for name in plan.nodes]
    nodes = plan.nodes
    edges = [
        (nodes.index(operand), nodes.index(name), formula.LABEL)
        for name, _, operands in plan.lines
        for operand in operands
        if isinstance(operand, str)
    ]
    assert faults(Layout(sizes, edges, formula.WITHIN), sizes, edges) == []
    assert all(len(text) * 8 < plan.widths[name] for name, text in plan.captions.items())
    for slider in parse(formula.draw(state)).iter("input"):
        if slider.get("type") == "range":
            low, at, high = [float(slider.get(end)) for end in ("min", "value", "max")]
            assert low <= at <= high


def test_a_graph_of_25_boxes_is_drawn():
    plan, _ = record(settled(typed="sin(" * 18 + "a*b+c*d" + ")" * 18))
    assert len(plan.captions) == 25
    assert settled(typed="cos(" * 19 + "a*b+c*d" + ")" * 19)["typed"], "one more is too many"


# What is typed


def test_a_good_formula_is_drawn_and_its_inputs_keep_their_values():
    state = settled(typed="x0*w0 + b")
    assert (state["f"], state["typed"], state["preset"]) == ("x0*w0 + b", "", "own")
    assert state["at"] == "x0=-1,w0=2,b=1"
    assert numbers(formula, **state)["value:f"] == "-1"


def test_while_it_is_wrong_the_last_good_drawing_stays():
    good = settled(typed="x*w")
    wrong = figures.clean(formula, dict(good, typed="x*w*(b"))
    assert (wrong["f"], wrong["typed"]) == ("x*w", "x*w*(b")
    assert numbers(formula, **wrong) == numbers(formula, **good)
    drawn = parse(formula.draw(wrong))
    field = next(one for one in drawn.iter("input") if one.get("name") == "typed")
    assert field.get("value") == "x*w*(b" and field.get("aria-invalid") == "true"
    text, caret = "".join(drawn.find(".//pre").itertext()).split("\n")
    assert text == "x*w*(b" and caret.index("^") == len(text)
    said = "".join(drawn.find(".//*[@class='lf-bad']").itertext())
    assert said == "Column 7: the formula ends where ) was expected."
    again = figures.clean(formula, dict(wrong, typed="x*w*(b)"))
    assert again["f"] == "x*w*(b)" and "lf-bad" not in formula.draw(again)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("2 + 3", 1, "numbers alone have no gradient"),
        ("x+" * 30 + "y", 1, "this makes 32 boxes, and at most 25 are drawn"),
        ("<b>*x", 1, "'&lt;' has no meaning here"),
        ("x" * 300, 201, "at most 200 characters"),
        ("x·w", 2, "'?' has no meaning here"),
    ],
)
def test_what_cannot_be_drawn_is_told(text, column, said):
    drawn = formula.draw(settled(typed=text))
    assert f"Column {column}: " in drawn and said in drawn
    assert numbers(formula, **settled(typed=text))["value:f"] == "0.7311"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("__import__('os').system('x')", "Column 12: ''' has no meaning here."),
        ("__import__(os)", "Column 1: no function __import__; the functions are abs, "),
        ("(" * 150 + "x" + ")" * 49, "Column 22: more than 20 levels inside one another."),
    ],
)
def test_a_hostile_formula_in_a_link_shows_what_is_wrong(text, said):
    state = figures.clean(formula, {"f": text})
    assert state["f"] == formula.STATE["f"] and state["typed"] == text
    assert said in formula.draw(state)


# Inputs and their ranges


@pytest.mark.parametrize(
    ("changes", "at", "low", "high"),
    [
        ({"at": "x=2"}, "x=2", "", ""),
        ({"at": "x=7"}, "x=7", "x=-10", "x=10"),
        ({"at": "x=1e9"}, "x=1000000", "x=-1000000", "x=1000000"),
        ({"at": "x=2", "high": "x=1"}, "x=1", "", "x=1"),
        ({"at": "x=2", "low": "x=3", "high": "x=8"}, "x=3", "x=3", "x=8"),
        ({"at": "x=2", "low": "x=6"}, "x=6", "x=6", "x=7"),
        ({"at": "y=2,x=0.5,=,x,z=nan"}, "x=0.5", "", ""),
        ({"at": "x=-0.25", "low": "x=-1,q=3"}, "x=-0.25", "x=-1", ""),
        ({"at": "x=inf,<script>"}, "x=1", "", ""),
    ],
)
def test_ranges(changes, at, low, high):
    state = settled(f="x**2", **{"at": "", "low": "", "high": "", **changes})
    assert (state["at"], state["low"], state["high"]) == (at, low, high)
    assert figures.clean(formula, state) == state


def test_a_preset_is_taken_once_and_then_is_the_readers():
    state = dict(taken("olah"), at="a=-1,b=0.5", step=3)
    assert figures.clean(formula, state) == state
    state = figures.clean(formula, dict(state, preset="lecture1"))
    assert (state["f"], state["at"], state["of"]) == ("(x*w - y)**2", "x=2,w=1,y=4", "lecture1")
    state = figures.clean(formula, dict(state, preset="own", at="x=3,w=1,y=4"))
    assert (state["preset"], state["f"], state["at"]) == ("own", "(x*w - y)**2", "x=3,w=1,y=4")


# Stepping


@each_preset
def test_it_is_stepped_from_the_inputs_to_the_end(key):
    state = dict(taken(key), step=0)
    plan, recorded = record(state)
    last = Walk(recorded, 0).last
    counts = []
    for _ in range(last + 1):
        assert state["step"] != formula.END
        counts.append(len(numbers(formula, **state)))
        words(formula, **state)
        state = formula.press(state, "step")
    assert state["step"] == formula.END and counts == sorted(counts)
    assert counts[0] == len(plan.leaves)
    assert formula.press(state, "back")["step"] == last


def test_a_name_alone_is_a_formula():
    state = settled(typed="x", step=0)
    assert "First comes x." in words(formula, **state)
    assert numbers(formula, **formula.press(state, "step"))["grad:x"] == "1"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"step": 0}, "The inputs are set. First comes v1 = w0 · x0."),
        ({"step": 1}, "Forward: v1 = w0 · x0 = -2."),
        ({"step": 9}, "The forward pass is done: f = 0.7311. Backward starts with ∂f/∂f = 1."),
        ({"step": 10}, "Backward through f: upstream 1 × local (-0.5344) = (-0.5344) for v7."),
        ({}, "f = 0.7311, and ∂f/∂w0 = -0.1966: raising w0 a little lowers f."),
        ({"leaf": "x0"}, "∂f/∂x0 = 0.3932: raising x0 a little raises f."),
        ({"f": "x*x + x", "step": 6}, "1 × local 1 = 1, which is added to what was there for x."),
        ({"f": "relu(x)", "at": "x=-1"}, "by this slope, a small change of x changes nothing"),
        ({"f": "log(x)", "at": "x=0"}, "the numbers have left the range of a float"),
        ({"f": "x**x", "at": "x=-5"}, "there is no slope here"),
        ({"f": "x*w", "at": "x=2,w=3", "step": 4}, "upstream 1 × local 2 = 2 for w."),
        ({"f": "x*w", "at": "x=2,w=3", "step": 5}, "f = 6, and ∂f/∂x = 3"),
    ],
)
def test_the_sentence_follows(changes, said):
    assert said in words(formula, **settled(**changes))


def rule(**changes):
    drawn = parse(formula.draw(settled(**changes)))
    return ["".join(row.itertext()) for row in drawn.find(".//*[@class='lf-paths']")]


def test_the_chain_rule_of_the_chosen_input():
    assert rule() == [
        "through v1: ∂f/∂v1 × ∂v1/∂w00.1966 × (-1) = (-0.1966)",
        "all the way: f ← v7 ← v6 ← v5 ← v4 ← v3 ← v1 ← w0"
        "(-0.5344) × 1 × 0.3679 × (-1) × 1 × 1 × (-1)",
        "so the gradient is∂f/∂w0 = -0.1966",
    ]
    assert rule(preset="olah", leaf="b") == [
        "through v1: ∂f/∂v1 × ∂v1/∂b2 × 1 = 2",
        "through v2: ∂f/∂v2 × ∂v2/∂b3 × 1 = 3",
        "the sum over its 2 uses∂f/∂b = 5",
    ]
    assert rule(preset="olah", leaf="b", step=4)[-1] == "the sum over its 2 uses∂f/∂b = ?"
    assert formula.press(taken("olah"), "leaf:b")["leaf"] == "b"
    assert formula.press(taken("olah"), "leaf:f")["leaf"] == "a"


def test_two_edges_from_one_input_have_their_own_numbers():
    shown = numbers(formula, **settled(typed="x/x", at="x=2"))
    assert (shown["local:f:x"], shown["local:f:x:2"]) == ("0.5", "-0.5")


# As a program


def printed(state):
    """Run the program that the figure shows; return what it prints, {name: number}."""
    drawn = parse(formula.draw(dict(state, python=True)))
    text = "".join(drawn.find(".//*[@class='lf-program']").itertext())
    ran = subprocess.run(
        [sys.executable, "-c", text], capture_output=True, encoding="utf-8", cwd=ROOT, check=True
    )
    return {name: float(value) for name, value in re.findall(r"(\S+) = (\S+)\n", ran.stdout)}


@pytest.mark.parametrize(
    "state",
    [
        *[{"preset": key} for key in ("neuron", "sigmas", "gates", "exp", "diamond", "chain")],
        {"typed": "lambda*print - lambda_ + for**2", "at": "for=0.5,print=-2"},
        {"typed": "-x^-2 + (-2)^x * min(x, 3) / abs(f - L) + relu(out)", "at": "x=2"},
        {"typed": "f*L*out*result + v1"},
        {"typed": "x*(1/0) + x*(0/0) + exp(2)*x"},
        {"typed": "x"},
    ],
)
def test_the_program_prints_what_the_figure_shows(state):
    state = settled(**state)
    plan, recorded = record(state)
    found = printed(state)
    gradients = {name: recorded.node(name).grad for name in plan.leaves}
    same = {"rel": 1e-9, "nan_ok": True}
    assert len(found) == 1 + len(gradients)
    assert next(iter(found.values())) == pytest.approx(recorded.result.value, **same)
    for name, gradient in gradients.items():
        assert found[f"d{plan.result}/d{name}"] == pytest.approx(gradient, **same)


# Hostile


def test_hostile_states_are_drawn_alike_in_both_interpreters():
    rng = random.Random(5)
    junk = ["x=1", "x=9,y=-9", "=,,=", "x=1e308", "w0=0", "x=" + "9" * 400, "<script>=1", ""]
    with MicroPython() as python:
        for text in [*strings(500, 9), "x**x**x", "log(-x)/0", "x/x/x", "9**9*x", "tan(x)*1e308"]:
            state = {key: rng.choice(junk) for key in ("at", "low", "high")}
            state |= {rng.choice(("f", "typed")): text, "step": rng.randrange(30), "python": True}
            request = {"figure": "formula", "state": state, "press": rng.choice((None, "step"))}
            ours, theirs = page.reply(request), python.answer(request)
            assert "error" not in ours and "error" not in theirs, (request, ours, theirs)
            assert ours["state"] == theirs["state"], request
            assert "<script" not in ours["html"] and len(ours["html"]) < 60_000
            assert not wide_apart(ours["html"], theirs["html"]), request
            parse(ours["html"])


def wide_apart(ours, theirs):
    """Return differences but for numbers that a last digit has blown up, such as tan(1e16)."""
    return [] if ours == theirs else [d for d in differences(ours, theirs) if d == "structure"]
