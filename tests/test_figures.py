"""Every figure, without a browser: its protocol, its drawings, what its buttons do."""

import json
import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import figures
from figures import chain, gate, training
from figures.parts import model
from figures.parts.axes import Frame, ticks
from figures.parts.text import show

NUMBER = re.compile(r"-?(\d+\.?\d*(e[+-]\d+)?|inf)|nan")
FIGURES = [figures.load(name) for name in figures.names()]
each_figure = pytest.mark.parametrize("figure", FIGURES, ids=figures.names())


def parse(html):
    """Return the drawing as a tree; a tag that is not closed is an error."""
    return ElementTree.fromstring(f"<root>{html}</root>")


def numbers(figure, **changes):
    """Return {data-value key: text} of the drawing of a state."""
    return values(figure.draw(dict(figure.STATE, **changes)))


def values(html):
    """Return {data-value key: text} of a drawing; a key that shows two texts is an error."""
    found = {}
    for element in parse(html).iter():
        key = element.get("data-value")
        if key:
            text = "".join(element.itertext())
            assert found.setdefault(key, text) == text, f"{key} shows {found[key]} and {text}"
    return found


def words(figure, **changes):
    tree = parse(figure.draw(dict(figure.STATE, **changes)))
    return "".join(tree.find(".//*[@role='status']").itertext())


def values_of(control, default):
    """Return a strategy for the values that `control` lets a state take."""
    if hasattr(control, "options"):
        return st.sampled_from([value for value, _ in control.options])
    if isinstance(default, bool):
        return st.booleans()
    if isinstance(default, str):
        return st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
    if isinstance(default, int):
        return st.integers(control.low, control.high)
    return st.floats(*control.limits) | st.floats(control.low, control.high)


def states(figure):
    values = {
        key: values_of(control, figure.STATE[key])
        for key, control in figures.settings(figure).items()
    }
    if hasattr(figure, "on_the_way"):
        values["updates"] = st.integers(0, 20)  # all of them take a while
    return st.fixed_dictionaries(values)


# The protocol


@each_figure
def test_a_figure_has_the_whole_protocol(figure):
    assert figure.TITLE
    assert json.loads(json.dumps(figure.STATE)) == figure.STATE
    assert list(figures.settings(figure)) and set(figures.settings(figure)) == set(figure.STATE)
    keys = [control.key for control in figure.CONTROLS if control.kind != "hidden"]
    assert len(keys) == len(set(keys)), "each control is found by its name"
    buttons = {control.key for control in figure.CONTROLS if control.kind == "button"}
    assert not figure.BEAT or {"back", "step", "play", "reset"} <= buttons


@each_figure
@given(data=st.data())
@settings(max_examples=60)
def test_any_state_is_drawn(figure, data):
    drawn = data.draw(states(figure))
    state = figures.clean(figure, drawn)
    assert state == drawn or hasattr(figure, "settle")
    assert figures.clean(figure, state) == state
    before = dict(state)
    tree = parse(figure.draw(state))
    assert state == before, "draw changed the state"
    assert tree.find(".//*[@role='status']") is not None
    for element in tree.iter():
        if element.get("data-value"):
            assert NUMBER.fullmatch("".join(element.itertext())), element.get("data-value")
        assert "id" not in element.attrib, "ids could clash in a page"


@each_figure
@given(data=st.data())
@settings(max_examples=60)
def test_a_graph_says_what_its_boxes_show(figure, data):
    state = data.draw(states(figure))
    tree = parse(figure.draw(figures.clean(figure, state)))
    graphs = tree.findall(".//svg[@class='lf-graph']")
    assert bool(graphs) == (figure.__name__.split(".")[-1] in WITH_GRAPH)
    for graph in graphs:
        assert graph.get("role") == "list"
        items = graph.findall("g[@role='listitem']")
        assert len(items) == len(graph.findall(".//*[@class='lf-caption']")) > 0
        for item in items:
            [box] = item
            caption, *shown = box.findall("text")
            numbers = {one.get("data-value", "").split(":")[0]: one.text for one in shown}
            [name] = {"gradient", ".grad", "tangent", "adjoint"} & {one.text for one in shown}
            missing = "None" if name == ".grad" else "not yet known"
            value = numbers.get("value", "not yet known")
            gradient = numbers.get("grad", numbers.get(name, missing))
            if box.get("role") == "img":
                said = f"{caption.text}: value {value}, {name} {gradient}"
                assert box.get("aria-label") == said
            else:  # a button, by what stands on it
                assert [one.text for one in shown] == ["value", value, name, gradient]


WITH_GRAPH = ("branches", "chain", "formula", "gate", "modes", "program", "store", "suspect")


@each_figure
def test_drawing_is_pure(figure):
    first = figure.draw(dict(figure.STATE))
    for what in ("back", "step", "play"):
        figure.draw(figure.press(figure.STATE, what))
    assert figure.draw(dict(figure.STATE)) == first


@each_figure
@given(
    raw=st.dictionaries(st.text(max_size=8), st.text() | st.floats() | st.none() | st.booleans())
)
def test_garbage_is_ignored(figure, raw):
    garbage = {key: raw.get(key, "<script>") for key in figure.STATE}
    for given_state in (raw, garbage):
        state = figures.clean(figure, given_state)
        assert {key: type(value) for key, value in state.items()} == {
            key: type(value) for key, value in figure.STATE.items()
        }
        assert "<script" not in figure.draw(state)


@each_figure
def test_text_from_an_address_is_read(figure):
    state = figures.clean(figure, {key: str(value) for key, value in figure.STATE.items()})
    assert state == figure.STATE


def test_numbers_are_brought_into_range():
    assert figures.clean(chain, {"w": "99"})["w"] == 5
    assert figures.clean(chain, {"w": -1e300, "step": 3.7})["step"] == 4
    assert figures.clean(chain, {"w": "nan", "x": "inf", "y": True, "leaf": "q"}) == chain.STATE
    assert figures.clean(training, {"lr": "1e12"})["lr"] == 1e12, "the field takes more"


def test_an_unknown_figure_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match=r"no figure 'nope'; .* are: .*chain, .*gate"):
        figures.load("nope")


@pytest.mark.parametrize("figure", [figure for figure in FIGURES if figure.BEAT])
def test_play_runs_from_the_start_to_the_end_and_stops(figure):
    state = figures.respond(figure, figure.STATE, figure.STATE, "play")
    assert state != figure.STATE, "at its end, Play rewinds"
    seen = [state]
    while (after := figures.respond(figure, seen[-1], figure.STATE, "tick")) != seen[-1]:
        seen.append(after)
        assert len(seen) < 1000
    assert seen[-1] == figure.STATE
    back = figures.respond(figure, seen[-1], figure.STATE, "back")
    assert back == seen[-2]
    assert figures.respond(figure, back, {"x": 1}, "reset") == figures.clean(figure, {"x": 1})


@each_figure
def test_stepping_stays_within_the_ends(figure):
    start = seen = figures.respond(figure, figure.STATE, figure.STATE, "play")
    assert figure.press(start, "back") == start
    assert figure.press(figure.STATE, "step") == figure.STATE
    assert figure.press(seen, "no such button") == seen


# The chain


def test_the_chain_shows_the_lecture():
    shown = numbers(chain)
    assert shown["grad:w"] == "-8" and shown["loss"] == "4"
    assert (shown["value:y_hat"], shown["value:s"], shown["value:loss"]) == ("2", "-2", "4")
    assert (shown["grad:x"], shown["grad:y"]) == ("-4", "4")
    assert "raising w a little makes the loss smaller" in words(chain)
    assert numbers(chain, w=2.0)["grad:w"] == "0"
    assert "flat" in words(chain, w=2.0)
    assert numbers(chain, x=1.0, y=2.0)["grad:w"] == "-2"
    assert "lowering w" in words(chain, w=3.0)


def test_the_chain_reveals_one_number_at_a_time():
    orders = ["value:y_hat", "value:s", "value:loss", "grad:loss", "grad:s", "grad:y_hat"]
    counts = []
    for step in range(chain.LAST + 1):
        shown = numbers(chain, step=step)
        counts.append(len([key for key in shown if key.startswith(("value:", "grad:"))]))
        for at, key in enumerate(orders):
            assert (key in shown) == (step > at), (step, key)
    assert counts == sorted(counts) and counts[0] == 3 and counts[-1] == 12


def test_the_chain_rule_can_be_asked_of_each_leaf():
    for leaf in "xyw":
        state = chain.press(chain.STATE, "leaf:" + leaf)
        assert state["leaf"] == leaf
        assert f"∂loss/∂{leaf} = " in words(chain, leaf=leaf)
    assert chain.press(chain.STATE, "leaf:loss") == chain.STATE


# The gate


@pytest.mark.parametrize(
    ("op", "local", "down"),
    [
        ("mul", ("3", "2"), ("15", "10")),
        ("add", ("1", "1"), ("5", "5")),
        ("sub", ("1", "-1"), ("5", "-5")),
        ("max", ("0", "1"), ("0", "5")),
    ],
)
def test_gates(op, local, down):
    shown = numbers(gate, op=op)
    assert (shown["local:z:x"], shown["local:z:y"]) == local
    assert (shown["grad:x"], shown["grad:y"]) == down
    assert shown["upstream"] == "5"


def test_at_a_tie_each_input_of_max_has_half():
    shown = numbers(gate, op="max", x=3.0, y=3.0)
    assert (shown["grad:x"], shown["grad:y"]) == ("2.5", "2.5")
    assert "each is given half" in words(gate, op="max", x=3.0, y=3.0)


def test_the_square_has_one_input():
    shown = numbers(gate, op="square")
    assert shown["local:z:x"] == "4" and shown["grad:x"] == "20"
    assert "grad:y" not in shown


def test_covered_boxes_show_nothing_until_they_are_right():
    covered = {"predict": True}
    shown = numbers(gate, **covered)
    assert not [key for key in shown if key.startswith(("local:", "grad:x", "grad:y"))]
    assert "Predict: 4 boxes are still closed" in words(gate, **covered)
    covered["local_x"] = "3"
    assert numbers(gate, **covered)["local:z:x"] == "3"
    covered.update(down_x="15.0", local_y="2")
    assert "one box is still closed" in words(gate, **covered)
    covered["down_y"] = "10"
    assert numbers(gate, **covered)["grad:y"] == "10"
    assert "swaps" in words(gate, **covered)


def test_the_boxes_can_be_cleared():
    state = dict(gate.STATE, x=3.0, predict=True, step=1)
    filled = dict(state, local_x="3", down_y="seven")
    assert gate.press(filled, "clear") == state


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"down_x": "3"}, "that is the local gradient"),
        ({"down_y": "5"}, "that is the upstream gradient"),
        ({"local_x": "15"}, "already the product"),
        ({"local_y": "3"}, "∂z/∂y: that is the other input's. How does z answer when y moves?"),
        ({"down_x": "10"}, "∂L/∂x: that is what the other input gets"),
        ({"down_x": "-15"}, "the sign is not"),
        ({"local_y": "-2"}, "the sign is not"),
        ({"local_x": "seven"}, "Not yet: 4 boxes"),
    ],
)
def test_a_known_mistake_is_named(typed, said):
    assert said in words(gate, predict=True, **typed)


# The training


def log(**changes):
    tree = parse(training.draw(dict(training.STATE, **changes)))
    return "".join(tree.find(".//pre").itertext())


def test_the_log_is_made_by_the_lectures_program():
    lines = log().splitlines()
    assert len(lines) == 42
    assert lines[:5] == [
        "Predict (before training 4 tensor(4.)",
        "\tgrad:  1.0 2.0 tensor(-2.)",
        "\tgrad:  2.0 4.0 tensor(-7.8400)",
        "\tgrad:  3.0 6.0 tensor(-16.2288)",
        "progress: 0 tensor(7.3159)",
    ]
    assert lines[-2:] == ["progress: 9 tensor(0.0319)", "predict (after training) 4 tensor(7.8049)"]


def test_the_run_follows_its_closed_form():
    samples = training.data(training.STATE)
    updates, shrink = (
        model.train(samples, 0.01, 1.0),
        math.prod(model.factors(training.lines(samples), 0.01)),
    )
    assert shrink == pytest.approx(0.739312, abs=1e-12)
    for epoch in range(training.EPOCHS):
        after = updates[3 * epoch + 2].after
        assert after == pytest.approx(2 - shrink ** (epoch + 1), abs=1e-12)


def test_scrubbing_shows_the_run_as_it_was():
    shown = numbers(training, updates=2)
    assert (shown["epoch"], shown["sample"], shown["w"]) == ("1", "2", "1.0984")
    assert log(updates=2).count("\n") == 2
    assert "Nothing is learned yet" in words(training, updates=0)
    assert numbers(training, updates=0)["w"] == "1"


@pytest.mark.parametrize(
    ("lr", "kind", "said"),
    [
        (0.0, "bad", "Stuck"),
        (0.001, "slow", "Crawls"),
        (0.01, "good", "Converges:"),
        (0.1, "good", "changing sides"),
        (0.2, "slow", "Barely converges"),
        (0.204, "slow", "Barely converges"),
        (0.2041, "bad", "Diverges"),
        (0.476, "bad", "Diverges"),
        (0.5, "good", "Converges"),
        (0.52, "bad", "Diverges"),
        (1e12, "bad", "Diverges"),
    ],
)
def test_the_verdict_comes_from_the_factor(lr, kind, said):
    tree = parse(training.draw(dict(training.STATE, lr=lr)))
    verdict = tree.find(f".//*[@class='lf-verdict lf-{kind}']")
    assert verdict is not None and said in "".join(verdict.itertext())


def grads(**changes):
    return [float(x) for x in re.findall(r"grad:.*tensor\((.*)\)", log(**changes))][:3]


def test_the_switches_break_the_loop():
    assert grads() == [-2, -7.84, -16.2288]
    assert grads(zero=False) == [-2, -9.84, -25.7088]
    assert grads(subtract=False)[:2] == [-2, -8.16]
    assert "progress: 0 tensor(4.9192)" in log(after=True)
    assert "Nothing was zeroed" in words(training, zero=False)
    assert "so adding it lowers w: 1 + 0.01 × (-2)" in words(training, subtract=False, updates=1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"zero": False}, "and yet the loss fell"),
        ({"subtract": False}, "no better for it"),
        ({"subtract": False, "lr": 1e15}, "no better for it"),
    ],
)
def test_a_broken_loop_is_judged_by_its_end(changes, said):
    assert said in training.draw(dict(training.STATE, **changes))


def test_samples_that_disagree_have_no_goal():
    shown = parse(training.draw(dict(training.STATE, x2=-4.4)))
    verdict = "".join(shown.find(".//*[@class='lf-verdict lf-slow']").itertext())
    assert verdict.startswith("No one w fits all samples")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"updates": 1}, "negative, so subtracting it raises w: 1 - 0.01 × (-2) = 1.02."),
        ({"updates": 1, "w0": 3.0}, "positive, so subtracting it lowers w: 3 - 0.01 × 2 = 2.98."),
        ({"w0": 2.0}, "The gradient is zero, so w stays: 2 - 0.01 × 0 = 2."),
        ({"lr": 0.0}, "There is no step: "),
        ({"lr": 1e-18}, "too small to be seen"),
        ({"lr": 1e15}, "w is no number any more"),
    ],
)
def test_the_sentence_fits_the_step(changes, said):
    assert said in words(training, **changes)


def test_a_run_that_leaves_the_floats_is_shown_as_such():
    shown = numbers(training, lr=1e15)
    assert "inf" in shown.values() and "nan" in shown.values()
    assert "tensor(nan)" in log(lr=1e15) and "tensor(inf)" in log(lr=1e15)


def test_the_parabola_is_a_parabola():
    frame = Frame((-1.0, 5.0), (0.0, 20.0))
    path = frame.parabola(lambda x: 9 - 3 * x + x * x, "faint")
    x1, y1, x2, y2, x3, y3 = map(int, re.findall(r"-?\d+", re.search(r' d="(.*)"', path)[1]))
    for t in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = (
            (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
            for a, b, c in ((x1, x2, x3), (y1, y2, y3))
        )
        w = -1 + 6 * t
        assert (x, y) == pytest.approx((frame.x(w), frame.y(9 - 3 * w + w * w)), abs=1)


# Numbers and axes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.0, "2"),
        (-0.0, "0"),
        (-7.84, "-7.84"),
        (1 / 3, "0.3333"),
        (0.1 + 0.2, "0.3"),
        (123456.7, "123456.7"),
        (1e6, "1.000e+06"),
        (-1e-7, "-1.000e-07"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (float("nan"), "nan"),
    ],
)
def test_show(value, text):
    assert show(value) == text


@given(st.floats(-1e300, 1e300), st.floats(1e-6, 1e300))
def test_ticks_are_few_and_inside(low, span):
    if span > abs(low) * 1e-9:
        marks = ticks(low, low + span)
        assert len(marks) <= 7
        assert all(low - span / 1e6 <= mark <= low + span * (1 + 1e-6) for mark in marks)


def test_a_run_of_tiny_losses_is_drawn():
    tiny = {"w0": 1e-168, "lr": 0.3125, "x2": 3.0}
    zeros = dict.fromkeys(("x1", "y1", "y2", "x3", "y3"), 0.0)
    assert numbers(training, **tiny, **zeros)["epoch"] == "10"


def test_a_place_is_always_a_number():
    frame = Frame((-1, 1), (0, 1))
    for value in (math.inf, -math.inf, -1e308, 1e308):
        assert isinstance(frame.x(value), int) and isinstance(frame.y(value), int)
        assert frame.point(value, value) and not frame.point(math.nan, value)
