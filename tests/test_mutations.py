"""A test of the tests: a mistake planted in any derivative is found, and its operation named."""

import itertools

import array_operations
import numpy as np
import operations
import pytest
from array_operations import array

import autograd
from autograd import Variable, gradcheck, gradgradcheck, hessian, jacobian, lists, nn
from autograd.check import GradcheckError
from autograd.history import gradients, history
from autograd.rules import RULES
from autograd.variable import record

# Each mistake is made of the right derivative, a number or an array. The last two are seen only
# where it is not 0.
MISTAKES = {
    "a little more": lambda right: right + 0.01,
    "a little less": lambda right: right - 0.01,
    "1 % more": lambda right: 1.01 * right,
    "the other sign": lambda right: -1.0 * right,
}
POINTS = [(0.7, 1.3, 2.2), (1.3, 0.7, 0.4), (1.3, 0.7, 2.2)]
FALSE = (0.0, 0.6, 1.7)  # for where(); next to 0 it is true, so the 0 itself is not checked


def gradient(operation, k, *inputs):
    """Return the recorded gradient for input k: the result of a rule that was made for it."""
    z = operation(*inputs)
    upstream = Variable(array(*z.shape), requires_grad=True)
    return gradients([z], [inputs[k]], [upstream], create_graph=True)[0]


# What makes a rule for itself, where gradients are differentiated
MADE = [
    (lambda x, y: gradient(lambda x, y: x * y, 0, x, y), array(3), array(2, 3)),
    (lambda x, y: gradient(lambda x, y: x * y, 0, x, y), array(2, 1), array(2, 3)),
    (lambda x, y: gradient(lambda x, y: x @ y, 0, x, y), array(2, 3), array(3, 2)),
    (lambda x, y: gradient(lambda x, y: x @ y, 1, x, y), array(2, 3), array(3)),
    (lambda x: gradient(lambda x: x[[0, 0, 1]], 0, x), array(2, 3)),
    (lambda x: jacobian(lambda x: x**3 * x[0], x, create_graph=True), array(3)),
    (lambda x: jacobian(lambda x: (x**3).sum(), x, create_graph=True), array(2, 2)),
]


def rule_and_inputs(function, *inputs):
    """Return the rule that made a function's result, and its inputs: Variables and constants."""
    z = function(*[Variable(x, requires_grad=True) for x in inputs])
    return z.rule, [[x.value if wanted(x) else Constant(x) for x in z.inputs]]


class Constant:
    """An input that is not differentiated."""

    def __init__(self, x):
        self.value = getattr(x, "value", x)


def wanted(x):
    return isinstance(x, Variable) and x.requires_grad


ARRAYS = [rule_and_inputs(*case) for case in [*array_operations.CASES.values(), *MADE]]
CASES = [
    *((rule, [*POINTS, FALSE] if name == "where" else POINTS) for name, rule in RULES.items()),
    *ARRAYS,
]


def derivatives(rule):
    """Return the name of the attribute with a rule's derivatives, and these."""
    return ("pulls", rule.pulls) if rule.pulls else ("partials", rule.partials)


def program(rule):
    """Return a function that has the rule among others, and the inputs for it in a point."""

    def function(*inputs):
        return record(rule, *(x * 1.0 for x in inputs)) * 2.0 - inputs[0].sum()

    return function


def places(rule, points):
    """Yield the inputs at which a rule is checked: arrays, and numbers where it takes them."""
    for point in points:
        inputs = point[: len(derivatives(rule)[1])]
        kinds = (float, lambda x: np.full(2, x)) if isinstance(inputs[0], float) else (np.array,)
        for kind in kinds:
            yield [
                x.value
                if isinstance(x, Constant)
                else Variable(kind(x), requires_grad=np.ndim(x) > 0 or x != 0.0)
                for x in inputs
            ]


def is_zero(rule, slot, points):
    """Whether the right derivative is 0 at each place."""
    for inputs in places(rule, points):
        z = record(rule, *inputs)
        z.backward(1.0 + np.arange(z.value.size).reshape(z.shape) if z.shape else None)
        if inputs[slot].grad is not None and np.any(inputs[slot].grad.value):
            return False
    return True


def caught(check, rule, points):
    """Return the operations that are blamed, over all places."""
    blamed = set()
    for inputs in places(rule, points):
        try:
            check(program(rule), inputs)
        except GradcheckError as error:
            blamed.add(error.node and error.node.op)
    return blamed


@pytest.mark.parametrize(("rule", "points"), CASES, ids=lambda x: getattr(x, "name", ""))
def test_a_planted_mistake_is_caught(rule, points, monkeypatch):
    """In each derivative of each rule, whichever mistake it is; the right ones pass."""
    assert caught(gradcheck, rule, points) == set()
    attribute, rights = derivatives(rule)
    slots = [i for i, x in enumerate(points[0][: len(rights)]) if not isinstance(x, Constant)]
    for slot, mistake in itertools.product(slots, MISTAKES):
        if mistake in ("1 % more", "the other sign") and is_zero(rule, slot, points):
            continue
        wrongs = list(rights)
        wrongs[slot] = spoiled(rights[slot], MISTAKES[mistake])
        with monkeypatch.context() as patch:
            patch.setattr(rule, attribute, tuple(wrongs))
            assert caught(gradcheck, rule, points) == {rule.name}, (slot, mistake)


def spoiled(right, mistake):
    """Return a derivative, a function or a number, with a mistake."""
    if callable(right):
        return lambda *at: mistake(right(*at))
    return mistake(right)


def test_every_rule_has_a_place_where_its_derivative_is_not_zero():
    """But for those that have none: else a mistake of 1 % would go unseen everywhere."""
    zero = {
        (rule.name, slot)
        for rule, points in CASES
        for slot in range(len(derivatives(rule)[1]))
        if not isinstance(points[0][slot], Constant) and is_zero(rule, slot, points)
    }
    assert zero == {("sign", 0), ("where", 0)}


def test_every_rule_is_among_them():
    """Each that makes what PyTorch was asked about, or is on the way there."""
    names = {"torch": autograd, "F": autograd}
    made = set()
    for case in operations.operations():
        inputs = operations.arrays(case, np.array)
        try:
            leaves = {
                name: Variable(x, requires_grad=x.dtype.kind == "f") for name, x in inputs.items()
            }
            z = eval(case["code"], {**names, **leaves})
        except (IndexError, RuntimeError, TypeError, ValueError):
            continue  # what is refused
        made |= {x.rule.name for x in history(z) if x.rule}
    assert len(made) > 40
    assert made - {rule.name for rule, _ in CASES} == {"alias"}  # which is slice, of all


LISTS = [
    (lists.SUM, lambda x: x.sum(), [[0.5, -1.0], [2.0, 3.0]]),
    (lists.MEAN, lambda x: x.mean(), [[0.5, -1.0], [2.0, 3.0]]),
    (
        nn.LINEAR,
        lambda x, w: (record(nn.LINEAR, x, w) ** 2).sum(),
        [[0.5, -1.0]],
        [[2.0, 3.0], [1.0, -2.0], [0.25, 4.0]],
    ),
]


@pytest.mark.parametrize(("rule", "function", "inputs"), [(r, f, xs) for r, f, *xs in LISTS])
def test_a_planted_mistake_is_caught_in_lists(rule, function, inputs, monkeypatch):
    """Of ListArrays the differences are taken here, number by number."""

    def largest_error():
        leaves = [Variable(lists.ListArray(x), requires_grad=True) for x in inputs]
        function(*leaves).backward()
        errors = []
        for x in leaves:
            for k, number in enumerate(x.value.numbers):
                ends = []
                for x.value.numbers[k] in (number - 1e-6, number + 1e-6):
                    ends.append(function(*leaves).item())
                x.value.numbers[k] = number
                errors.append(abs((ends[1] - ends[0]) / 2e-6 - x.grad.value.numbers[k]))
        return max(errors)

    assert largest_error() < 1e-6
    for slot, right in enumerate(rule.pulls):
        for mistake in MISTAKES.values():
            pulls = list(rule.pulls)
            pulls[slot] = spoiled(right, mistake)
            with monkeypatch.context() as patch:
                patch.setattr(rule, "pulls", tuple(pulls))
                assert largest_error() > 1e-3


# --- Second derivatives -------------------------------------------------------------------------


def is_curved(rule, slot, points):
    """Whether the derivative for this input changes with any input somewhere."""
    return any(
        np.any(second.value)
        for inputs in places(rule, points)
        for second in hessian(lambda *xs: record(rule, *xs).sum(), inputs)[slot]
    )


def is_differentiated(rule, slot, points):
    """Whether this derivative is itself differentiated: that of a rule that is not linear."""
    if rule.pulls and not (rule.looks_at(slot, slot) or rule.looks_at(slot, len(rule.pulls))):
        return False  # the engine finds the second derivative from the other pulls
    return is_curved(rule, slot, points)


def unrecorded(right):
    """Return a derivative that cannot be differentiated itself."""

    def wrong(*at):
        found = right(*at)
        return found.detach() if isinstance(found, Variable) else found

    return wrong


@pytest.mark.parametrize(("rule", "points"), CASES, ids=lambda x: getattr(x, "name", ""))
def test_a_missing_second_derivative_is_caught(rule, points, monkeypatch):
    assert caught(gradgradcheck, rule, points) == set()
    attribute, rights = derivatives(rule)
    for slot, right in enumerate(rights):
        if not isinstance(points[0][slot], Constant) and is_differentiated(rule, slot, points):
            wrongs = list(rights)
            wrongs[slot] = unrecorded(right)
            with monkeypatch.context() as patch:
                patch.setattr(rule, attribute, tuple(wrongs))
                assert caught(gradcheck, rule, points) == set()
                assert rule.name in caught(gradgradcheck, rule, points), slot


FLAT = "abs add clamp maximum minimum neg relu sign sub where"  # their second derivatives are 0


def test_the_rules_that_are_curved():
    curved = {
        rule.name
        for rule, points in CASES
        for slot in range(len(rule.partials))
        if is_curved(rule, slot, points)
    }
    assert set(RULES) - curved == set(FLAT.split())
