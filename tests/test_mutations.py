"""A test of the tests: a mistake planted in any derivative is found, and its operation named."""

import itertools

import array_operations
import numpy as np
import pytest

from autograd import Variable, gradcheck, gradgradcheck, hessian
from autograd.check import GradcheckError
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
ARRAYS = [
    (function(*[Variable(x, requires_grad=True) for x in inputs]).rule, [inputs])
    for function, *inputs in array_operations.CASES.values()
]
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
        return record(rule, *(x * 1.0 for x in inputs)) * 2.0 - inputs[-1].sum()

    return function


def places(rule, points):
    """Yield the inputs at which a rule is checked: arrays, and numbers where it takes them."""
    for point in points:
        inputs = point[: len(derivatives(rule)[1])]
        kinds = (float, lambda x: np.full(2, x)) if isinstance(inputs[0], float) else (np.array,)
        for kind in kinds:
            yield [Variable(kind(x), requires_grad=np.ndim(x) > 0 or x != 0.0) for x in inputs]


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
    for slot, mistake in itertools.product(range(len(rights)), MISTAKES):
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
        if is_zero(rule, slot, points)
    }
    assert zero == {("sign", 0), ("where", 0)}


# --- Second derivatives -------------------------------------------------------------------------


def is_curved(rule, slot, points):
    """Whether the derivative for this input changes with any input somewhere."""
    return any(
        np.any(second.value)
        for inputs in places(rule, points)
        for second in hessian(lambda *xs: record(rule, *xs).sum(), inputs)[slot]
    )


def unrecorded(right):
    """Return a derivative that cannot be differentiated itself."""

    def wrong(*at):
        found = right(*at)
        return found.detach() if isinstance(found, Variable) else found

    return wrong


@pytest.mark.parametrize(("rule", "points"), CASES, ids=lambda x: getattr(x, "name", ""))
def test_a_missing_second_derivative_is_caught(rule, points, monkeypatch):
    assert caught(gradgradcheck, rule, points) == set()
    for slot, right in enumerate(rule.partials):
        if is_curved(rule, slot, points):
            wrongs = list(rule.partials)
            wrongs[slot] = unrecorded(right)
            with monkeypatch.context() as patch:
                patch.setattr(rule, "partials", tuple(wrongs))
                assert caught(gradcheck, rule, points) == set()
                assert caught(gradgradcheck, rule, points) == {rule.name}, slot


FLAT = "abs add clamp maximum minimum neg relu sign sub where"  # their second derivatives are 0


def test_the_rules_that_are_curved():
    curved = {
        rule.name
        for rule, points in CASES
        for slot in range(len(rule.partials))
        if is_curved(rule, slot, points)
    }
    assert set(RULES) - curved == set(FLAT.split())
