"""The figure of branches: published gradients, and the wrong ones that wrong passes give."""

import json
from pathlib import Path

import pytest
from test_figures import numbers, parse, words

from autograd import graph
from figures import branches

TABLES = json.loads(
    (Path(__file__).parent / "reference" / "tables.json").read_text(encoding="utf-8")
)
PUBLISHED = {
    "olah": "Olah e=(a+b)*(b+1)",
    "bias": "lecture exercise 4-2 x=1 y=2 w=1 b=2",
    "quadratic": "lecture exercises 4-4/4-5 (and 3-1/3-2) quadratic model",
    "doubling": "micrograd PR #64 doubling",
    "diamond": "micrograd issue #68 diamond",
}
LEAVES = [tuple(key.split(":")) for key, _ in branches.LEAVES]
each_leaf = pytest.mark.parametrize(("example", "leaf"), LEAVES)
MIDDLES = [0.0, 1.3, -2.0]


def find(example, leaf, rule="add", order="topological", moved=0.0):
    recorded = branches.EXAMPLES[example].record(leaf, moved)
    return branches.gradient(recorded, leaf, rule, order)


@pytest.mark.parametrize("example", PUBLISHED)
def test_the_examples_are_the_published_ones(example):
    (entry,) = [entry for entry in TABLES if entry["name"] == PUBLISHED[example]]
    one = branches.EXAMPLES[example]
    assert dict(one.leaves) == entry["inputs"]
    for leaf in entry["inputs"]:
        assert find(example, leaf) == entry["expected"]["gradients"][leaf]
    values = [node.value for node in one.record(leaf, 0.0).nodes if node.op != "constant"]
    assert set(entry["expected"]["values"].values()) <= set(values)


@each_leaf
@pytest.mark.parametrize("moved", MIDDLES)
def test_pass_paths_and_engine_agree(example, leaf, moved):
    recorded = branches.EXAMPLES[example].record(leaf, moved)
    total = sum(path.product for path in recorded.paths(leaf))
    found = branches.gradient(recorded, leaf)
    assert found == pytest.approx(total) == pytest.approx(recorded.node(leaf).grad)
    recorded.result.variable.backward()
    assert recorded.node(leaf).variable.grad.item() == pytest.approx(found)


@pytest.mark.parametrize(
    ("example", "leaf", "rule", "order", "wrong"),
    [
        ("olah", "b", "set", "topological", 2),
        ("quadratic", "x", "set", "topological", 24),
        ("doubling", "a", "add", "list", 8),
        ("doubling", "a", "add", "set", 4),  # right, by luck
        ("doubling", "a", "set", "topological", 1),
        ("reuse", "a", "add", "set", 18),
        ("reuse", "a", "add", "list", 27),
        ("diamond", "a", "add", "list", 29),
        ("diamond", "b", "add", "list", 22),
        ("quadratic", "x", "add", "list", 30),  # right, since x sends nothing on
    ],
)
def test_wrong_passes_give_their_wrong_numbers(example, leaf, rule, order, wrong):
    assert find(example, leaf, rule, order) == wrong
    state = {"example": example, "leaf": f"{example}:{leaf}", "rule": rule, "order": order}
    shown = numbers(branches, **state)
    assert shown[f"grad:{leaf}"] == str(wrong)
    said = words(branches, **state)
    if shown["sum"] == str(wrong):
        assert "Right, but by luck" in said
    elif rule == "set":
        assert "should have been added" in said
    else:
        assert "had already sent" in said


@each_leaf
def test_overwriting_and_recursion_do_no_harm_where_nothing_is_used_twice(example, leaf):
    for order in ("topological", "list", "set"):
        for rule in ("add", "set"):
            if example == "bias":
                assert find(example, leaf, rule, order) == find(example, leaf)
            shown = numbers(
                branches, example=example, leaf=f"{example}:{leaf}", rule=rule, order=order
            )
            right = shown["sum"] == shown[f"grad:{leaf}"]
            marks = "".join(parse(draw(example, leaf, rule, order)).itertext())
            assert ("✓ right" in marks) is right and ("✗ wrong" in marks) is not right


def draw(example, leaf, rule, order):
    changes = {"example": example, "leaf": f"{example}:{leaf}", "rule": rule, "order": order}
    return branches.draw(dict(branches.STATE, **changes))


def lit(step=branches.END, **changes):
    tree = parse(branches.draw(dict(branches.STATE, step=step, **changes)))
    edges = tree.findall(".//{*}g")
    return [edge.get("class") for edge in edges if "lf-lit" in edge.get("class", "")]


def test_each_path_is_lit_in_turn_then_the_pass_begins():
    assert lit(0) == ["lf-node lf-input lf-lit"]
    assert len(lit(1)) == len(lit(2)) == 5, "two edges and three nodes"
    shown = numbers(branches, step=1)
    assert shown["path:1"] == "2" and "path:2" not in shown and "sum" not in shown
    shown = numbers(branches, step=3)
    assert shown["sum"] == "5" and shown["grad:e"] == "1" and "grad:c" not in shown
    last = branches.Moment(branches.STATE).last
    assert last == 2 + 1 + 5 + 1, "the paths, the 1 at the result, the edges, the end"
    assert [len(numbers(branches, step=step)) for step in range(last)] == sorted(
        len(numbers(branches, step=step)) for step in range(last)
    )


def test_a_path_can_be_pressed_and_let_go():
    pressed = branches.press(branches.STATE, "path:2")
    assert pressed["path"] == 2 and "Path 2 of 2 runs b → d → e" in words(branches, path=2)
    assert branches.press(pressed, "path:2") == branches.STATE
    assert branches.press(pressed, "back")["path"] == 0
    for nonsense in ("path:", "path:0", "path:99", "leaf:e", "leaf:nope", "nothing"):
        assert branches.press(branches.STATE, nonsense) == branches.STATE


def test_a_leaf_belongs_to_its_example():
    state = branches.press(dict(branches.STATE, example="diamond"), "leaf:b")
    assert state["leaf"] == "diamond:b" and numbers(branches, **state)["sum"] == "19"
    other = dict(state, example="quadratic")
    assert numbers(branches, **other)["sum"] == "30", "x is looked at first there"


def test_every_example_steps_to_its_own_end():
    for example in branches.EXAMPLES:
        state = dict(branches.STATE, example=example, step=0)
        last = branches.Moment(state).last
        for _ in range(last):
            assert state["step"] != branches.END
            state = branches.press(state, "step")
        assert state["step"] == branches.END
        assert branches.press(state, "back")["step"] == last - 1
        assert branches.press(dict(state, step=last + 5), "back")["step"] == last - 1


def test_what_a_move_did_is_said():
    overwritten = {"rule": "set", "step": 8}
    assert "It overwrites the 3 that was there" in words(branches, **overwritten)
    assert "It is added to the 3 that was there" in words(branches, step=8)
    again = {"example": "reuse", "order": "set"}
    steps = range(branches.Moment(dict(branches.STATE, **again)).last)
    assert any("Once more, b sends to a" in words(branches, **again, step=step) for step in steps)


def test_two_uses_by_one_operation_are_two_edges():
    tree = parse(branches.draw(dict(branches.STATE, example="doubling")))
    lines = [tuple(line.attrib.values()) for line in tree.iter() if line.tag.endswith("line")]
    assert len(lines) == 4 and len(set(lines)) == 4


@pytest.mark.parametrize("example", branches.EXAMPLES)
def test_no_boxes_overlap(example):
    one = branches.EXAMPLES[example]
    places = list(one.places.values())
    assert len(places) == len(set(places)) == len(one.captions)
    for i, (x1, y1) in enumerate(places):
        assert 56 <= x1 <= one.size[0] - 56 and 29 <= y1 <= one.size[1] - 29
        assert all(abs(x1 - x2) >= 112 or abs(y1 - y2) >= 80 for x2, y2 in places[:i])


def test_the_graph_is_the_engines():
    recorded = branches.EXAMPLES["diamond"].record("a", 0.5)
    assert type(recorded) is type(graph(recorded.result.variable))
    assert recorded.node("a").value == 2.5 and recorded.node("b").value == 3
