"""The table of rules: each one tested, and the tests tested by planting a mistake in each."""

import itertools
import math

import numpy as np
import pytest
import scalar_checks
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd
from autograd import Variable, floats, graph
from autograd.rules import RULES
from autograd.variable import Number, record

ARGUMENTS = {name: len(cases[0][0]) for name, cases in scalar_checks.CASES.items()}
numbers = st.floats(-4.0, 4.0).filter(lambda x: abs(x) > 0.01)


def test_every_rule_has_its_cases():
    assert set(scalar_checks.CASES) == set(RULES)
    for name, rule in RULES.items():
        assert rule.name == name and len(rule.partials) == ARGUMENTS[name]


def slope(name, inputs, i, h=1e-6):
    """Return the central difference in input i."""
    ends = []
    for step in (-h, h):
        moved = [Variable(x + step * (i == j)) for j, x in enumerate(inputs)]
        ends.append(scalar_checks.apply(name, moved).item())
    return (ends[1] - ends[0]) / (2 * h)


def agrees(name, inputs):
    """Whether a rule's derivatives at a point are what the values around it say."""
    variables = [Variable(x, requires_grad=True) for x in inputs]
    scalar_checks.apply(name, variables).backward()
    return all(
        x.grad.item() == pytest.approx(slope(name, inputs, i), rel=1e-5, abs=1e-5)
        for i, x in enumerate(variables)
        if not (name == "where" and i == 0)
    )


@pytest.mark.no_cover
@pytest.mark.parametrize("name", sorted(RULES))
@given(data=st.data())
def test_central_differences(name, data):
    inputs = data.draw(st.tuples(*[numbers] * ARGUMENTS[name]))
    if name in ("log", "sqrt", "pow"):
        inputs = (abs(inputs[0]), *inputs[1:])
    if name == "tan":
        assume(abs(math.cos(inputs[0])) > 0.05)
    if name in ("maximum", "minimum", "clamp"):
        assume(all(abs(x - y) > 1e-3 for x, y in itertools.combinations(inputs, 2)))
    assert agrees(name, inputs)


WRONG = {
    "other sign": lambda partial: lambda *at: -partial(*at),
    "double": lambda partial: lambda *at: 2.0 * partial(*at),
    "a little more": lambda partial: lambda *at: partial(*at) + 1e-3,
    "none": lambda partial: lambda *at: 0.0,
}


@pytest.mark.parametrize("mistake", WRONG)
@pytest.mark.parametrize("name", sorted(RULES))
def test_a_planted_mistake_is_caught(name, mistake, monkeypatch):
    """A wrong derivative in any row, for any input, fails the closed forms and the differences."""
    rule = RULES[name]
    right = rule.partials
    caught = {}
    for slot, partial in enumerate(right):
        function = partial if callable(partial) else lambda *at, constant=partial: constant
        wrong = list(right)
        wrong[slot] = WRONG[mistake](function)
        monkeypatch.setattr(rule, "partials", tuple(wrong))
        if name in floats.OPERATORS:  # it has read the row already
            for method, made in zip(("", "r"), floats.arithmetic(name), strict=True):
                monkeypatch.setattr(Number, f"__{method}{floats.OPERATORS[name]}__", made)
        caught[slot] = (
            bool(scalar_checks.wrong_cases(name)),
            not agrees(name, (1.3, 0.7, 2.2)[: len(right)]),
        )
    monkeypatch.undo()
    for slot, (by_forms, by_differences) in caught.items():
        if is_zero(name, slot) and mistake in ("other sign", "double", "none"):
            continue  # -0, 2 times 0 and 0 are no mistake
        assert by_forms, (name, slot)
        flat = name in ("maximum", "minimum", "clamp", "where") and mistake != "a little more"
        condition = name == "where" and slot == 0
        assert by_differences or flat or condition, (name, slot)
    assert not scalar_checks.wrong_cases(name)


def is_zero(name, slot):
    """Whether the derivative is 0 everywhere."""
    return all(derivatives[slot] == 0 for _, _, derivatives in scalar_checks.CASES[name])


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_wrong_value_is_caught(name, monkeypatch):
    rule = RULES[name]
    right = rule.value
    monkeypatch.setattr(rule, "value", lambda *at: right(*at) + 1e-3)
    inputs = [Variable(x) for x in (1.3, 0.7, 2.2)[: ARGUMENTS[name]]]
    assert not scalar_checks.same(record(rule, *inputs).item(), right(*[x.item() for x in inputs]))


# What each derivative looks at, by hand: an input by its place, the result by the last.
LOOKS_AT = {
    "add": ((), ()),
    "sub": ((), ()),
    "mul": ((1,), (0,)),
    "div": ((1,), (0, 1)),
    "pow": ((0, 1), (0, 1, 2)),
    "neg": ((),),
    "abs": ((0,),),
    "sign": ((),),
    "exp": ((1,),),
    "log": ((0,),),
    "sqrt": ((1,),),
    "sin": ((0,),),
    "cos": ((0,),),
    "tan": ((1,),),
    "tanh": ((1,),),
    "sigmoid": ((1,),),
    "relu": ((1,),),
    "softplus": ((0,),),
    "binary_cross_entropy_with_logits": ((0, 1), (0,)),
    "maximum": ((0, 1), (0, 1)),
    "minimum": ((0, 1), (0, 1)),
    "clamp": ((0, 1, 2), (0, 1, 2), (0, 1, 2)),
    "where": ((), (0,), (0,)),
}


@pytest.mark.parametrize("name", sorted(RULES))
def test_what_a_derivative_looks_at(name):
    rule = RULES[name]
    found = tuple(
        tuple(i for i in range(len(rule.partials) + 1) if rule.looks_at(slot, i))
        for slot in range(len(rule.partials))
    )
    assert found == LOOKS_AT[name]


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_row_can_be_differentiated_itself(name):
    """The partial derivatives take Variables: their own derivatives are then at hand."""
    rule = RULES[name]
    h = 1e-6
    inputs = (1.3, 0.7, 2.2)[: ARGUMENTS[name]]
    if name == "where":
        inputs = (True, 0.7, 2.2)
    for i, partial in enumerate(rule.partials):
        if not callable(partial) or rule.choice:
            continue

        def first(at, i=i, partial=partial):
            """dz/dx_i as a function of the inputs, its result included."""
            return partial(*at, rule.value(*at))

        def second(at, partial=partial):
            variables = [Variable(x, requires_grad=True) for x in at]
            result = partial(*variables, record(rule, *variables))
            if result.requires_grad:
                result.backward()
            return [x.grad.item() if x.grad is not None else 0.0 for x in variables]

        found = second(inputs)
        for j in range(len(inputs)):
            low, high = (
                first([x + step * (j == k) for k, x in enumerate(inputs)]) for step in (-h, h)
            )
            assert found[j] == pytest.approx((high - low) / (2 * h), rel=1e-6, abs=1e-6)


def test_the_functions_take_arrays():
    x = np.array([0.5, 2.0])
    for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "relu", "sigmoid", "tan", "softplus"):
        function = getattr(autograd, name)
        assert function(x).tolist() == pytest.approx([function(0.5), function(2.0)])
    assert autograd.maximum(x, 1.0).tolist() == [1.0, 2.0]
    assert autograd.where(x > 1.0, x, -x).tolist() == [-0.5, 2.0]


def test_the_graph_of_arrays():
    x = Variable(np.array([1.0, 2.0]), requires_grad=True, name="x")
    loss = (x * np.array([3.0, 4.0]))[0:2].sum()
    g = graph(loss)
    assert [node.op for node in g.nodes] == ["leaf", "constant", "mul", "slice", "sum"]
    assert g.node("x").grad.tolist() == [3.0, 4.0]
    assert g.edges[0].local.tolist() == [3.0, 4.0] and g.edges[-1].local is None
    assert g.result.grad == 1.0
    assert "mul" in repr(g.edges[0]) and "x" in repr(g.nodes[0]) and "mul" in repr(RULES["mul"])
