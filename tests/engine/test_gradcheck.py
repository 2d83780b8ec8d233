"""The checker of derivatives, which is itself checked by planting mistakes."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from micropython import MicroPython

import autograd
from autograd import Tensor, Variable, cos, exp, gradcheck, gradgradcheck, maximum, relu, sin, tanh
from autograd.check import GradcheckError
from autograd.rules import RULES, Rule
from autograd.variable import record

ROOT = Path(__file__).parents[2]


def array(*shape):
    """Return a Variable of different numbers that requires a gradient."""
    numbers = np.random.default_rng(0).normal(size=shape)
    return Variable(numbers, requires_grad=True)


def wrong(rule, slot, mistake, monkeypatch):
    """Plant a mistake in one partial derivative of a rule."""
    partials = list(rule.partials)
    right = partials[slot]
    partials[slot] = mistake(right if callable(right) else lambda *at: right)
    monkeypatch.setattr(rule, "partials", tuple(partials))


def double(partial):
    return lambda *at: 2.0 * partial(*at)


# --- What is right passes -----------------------------------------------------------------------


def test_numbers():
    assert gradcheck(lambda x: x**3, 2.0)
    assert gradcheck(lambda x, y: (x * y, sin(x) / cos(y), exp(-x)), [0.5, -1.5])
    assert gradcheck(lambda x, y: x, (1.0, 2.0))  # y has no part in it: 0, and so say differences


def test_arrays():
    assert gradcheck(lambda w, x, b: tanh(w @ x + b), (array(3, 4), array(4), array(3)))
    assert gradcheck(lambda x, y: (x * y)[:, 1:].sum() / y.mean(), (array(2, 1), array(3)))
    assert gradcheck(lambda x: x[[0, 0, 1]] * x[x > 0.0][0], array(3))
    assert gradcheck(lambda x: x.sum(), array(0, 2))


def test_inputs_that_are_not_checked_are_handed_on():
    x, steps = Variable(1.5, requires_grad=True, name="x"), []

    def function(x, n, y, data):
        assert (n, y.requires_grad, data) == (3, False, "data") and x.name in (None, "x")
        steps.append(y.item())
        return x**n * y

    assert gradcheck(function, (x, 3, Variable(2.0), "data"))
    assert set(steps) == {2.0} and x.grad is None


def test_inputs_of_32_bits_are_taken_in_64():
    x = Tensor([0.1, 0.2, 0.3])
    x.requires_grad = True
    assert gradcheck(lambda x: (x * x).sum(), x)
    assert x.value.dtype == np.float32 and x.tolist() == Tensor([0.1, 0.2, 0.3]).tolist()


def test_infinities_are_no_derivatives():
    assert not gradcheck(lambda x: x.log(), 0.0, raise_exception=False)
    assert not gradcheck(lambda x: x * float("nan"), 1.0, raise_exception=False)


# --- What is wrong is found, and named ----------------------------------------------------------


def test_the_operation_is_named(monkeypatch):
    wrong(RULES["tanh"], 0, double, monkeypatch)
    with pytest.raises(GradcheckError) as caught:
        gradcheck(lambda x, w: exp(tanh(x * w)) - x, (Variable(2.0, True, name="x"), 0.5))
    said = str(caught.value)
    assert "gradcheck: d output / d x should be -0.550" in said
    assert "At fault is the operation tanh in tensor(0.7616) = tanh(tensor(1.))" in said
    assert "of it alone, d output / d input 0 should be 0.419974" in said
    assert "and is 0.839948" in said
    assert caught.value.node.op == "tanh"
    assert not gradcheck(tanh, 1.0, raise_exception=False)


def test_names_values_and_places_are_said(monkeypatch):
    wrong(RULES["div"], 1, double, monkeypatch)
    x = Variable(np.array([[1.0, 2.0]]), True, name="x")
    y = Variable(np.array([4.0, 8.0]), True, name="y")
    with pytest.raises(GradcheckError) as caught:
        gradcheck(lambda x, y: (x + 0.0, x / y), (x, y))
    said = str(caught.value)
    assert "d output 1[0, 0] / d y[0] should be -0.0625" in said and "is -0.125" in said
    assert "div(x = tensor([[1., 2.]], dtype=torch.float64), y = tensor([4., 8.]" in said
    assert "of it alone, d output[0, 0] / d y[0] should be" in said


def test_only_the_operation_at_fault_is_named(monkeypatch):
    """In a long program, whatever comes before or after it."""
    for name in ("mul", "sin", "maximum", "exp"):
        with monkeypatch.context() as patch:
            wrong(RULES[name], 0, double, patch)
            with pytest.raises(
                GradcheckError, match=f"At fault is the operation {name} "
            ) as caught:
                gradcheck(lambda x, y: maximum(sin(x * y), x - 9.0).exp() / y + x, (0.3, 0.7))
            assert caught.value.node.op == name


def test_a_wrong_vector_jacobian_product_is_named():
    cumsum = Rule("cumsum", np.cumsum, pulls=(lambda u, x, z: np.cumsum(u),))
    with pytest.raises(GradcheckError, match="operation cumsum") as caught:
        gradcheck(lambda x: sin(record(cumsum, exp(x))).sum(), array(3))
    assert caught.value.node.value.shape == (3,)
    right = Rule("cumsum", np.cumsum, pulls=(lambda u, x, z: np.cumsum(u[::-1])[::-1],))
    assert gradcheck(lambda x: sin(record(right, exp(x))).sum(), array(3))


def test_what_is_not_recorded_is_not_blamed_on_an_operation():
    for function in (
        lambda x: x * x.detach(),
        lambda x: x * x.item(),
        lambda x: Variable(x.item()),
    ):
        with pytest.raises(GradcheckError, match="Each operation by itself is right") as caught:
            gradcheck(function, 3.0)
        assert caught.value.node is None


def test_a_kink_is_named():
    with pytest.raises(GradcheckError, match=r"relu\(tensor\(0.\)\).* should be 0.5 and is 0;"):
        gradcheck(lambda x: relu(x * 2.0) * 3.0, 0.0)


def test_the_tolerance(monkeypatch):
    wrong(RULES["mul"], 0, lambda partial: lambda *at: partial(*at) * 1.0005, monkeypatch)
    assert gradcheck(lambda x: x * 3.0, 1.0)
    assert not gradcheck(lambda x: x * 3.0, 1.0, rtol=1e-4, raise_exception=False)
    assert gradcheck(lambda x: x * 3.0, 1.0, rtol=1e-4, atol=2e-3)
    assert not gradcheck(lambda x: x * 1.0 * x * x, 1.0, eps=0.1, raise_exception=False)


def test_bad_input():
    for nothing in ((), 3, (Variable(1.0), "x"), np.ones(3)):
        with pytest.raises(ValueError, match="no input requires a gradient; give floats"):
            gradcheck(lambda *x: x[0], nothing)
    with pytest.raises(TypeError, match="gradcheck: what the function returns must be a Variable"):
        gradcheck(lambda x: x.item(), 1.0)


# --- Second derivatives -------------------------------------------------------------------------


def detached(x):
    """Return a value without its history: a derivative of what is made of it is missing."""
    return x.detach() if isinstance(x, Variable) else x


def test_second_derivatives():
    assert gradgradcheck(lambda x, y: (x**3 * y, sin(x) / y), (2.0, 3.0))
    assert gradgradcheck(lambda x, y: x * y, (2.0, 3.0), 0.5)
    assert gradgradcheck(lambda x: 3.0 * x, 1.0)
    assert gradgradcheck(lambda x: (x, x.detach(), x > 0.0), 1.0)
    assert gradgradcheck(lambda w, x: tanh(w @ x)[1:] * x.mean(), (array(3, 4), array(4)))
    assert gradgradcheck(lambda x, y: (x * y, x.sum()), (array(2, 1), array(3)), (array(2, 3), 1.0))
    with pytest.raises(ValueError, match="gradgradcheck: no input requires a gradient"):
        gradgradcheck(lambda x: x, 3)
    with pytest.raises(RuntimeError, match=r"gradgradcheck: v has the shape \(2,\)"):
        gradgradcheck(lambda x: x, 3.0, np.ones(2))


def test_an_operation_whose_gradient_is_not_recorded_is_named(monkeypatch):
    monkeypatch.setattr(RULES["tanh"], "partials", (lambda x, z: 1.0 - detached(z * z),))
    assert gradcheck(lambda x: tanh(x * x), 0.7)
    with pytest.raises(GradcheckError) as caught:
        gradgradcheck(lambda x: tanh(x * x), 0.7)
    said = str(caught.value)
    assert caught.value.node.op == "tanh"
    assert "gradgradcheck, of the gradients: d output / d input 0 should be" in said
    assert "At fault is the operation tanh in tensor(0.4542) = tanh(tensor(0.4900))" in said
    assert "of its gradients, d output / d input 0 should be -0.806" in said and "is 0;" in said
    assert not gradgradcheck(lambda x: tanh(x * x), 0.7, raise_exception=False)


def test_an_operation_that_is_wrong_in_a_gradient_is_named(monkeypatch):
    """It is cos that is wrong here, which only the derivative of sin calls."""
    wrong(RULES["cos"], 0, double, monkeypatch)
    assert gradcheck(lambda x: sin(x) * 2.0, 0.7)
    with pytest.raises(GradcheckError, match=r"operation cos in .* = cos\(tensor"):
        gradgradcheck(lambda x: sin(x) * 2.0, 0.7)


def test_a_second_derivative_that_no_operation_lacks():
    x = Variable(2.0, True)
    with pytest.raises(GradcheckError, match="Each operation by itself is right"):
        gradgradcheck(lambda x: x * x.detach() * x, x)


# --- Interpreters -------------------------------------------------------------------------------

SCALARS = """
from autograd import gradcheck, gradgradcheck, maximum
from autograd.check import GradcheckError
from autograd.rules import RULES

def f(x, y):
    return maximum(x.tanh() * y.exp(), y) / x

assert gradcheck(f, (0.7, -1.3))
right = RULES["exp"].partials
RULES["exp"].partials = (lambda x, z: z + 0.1,)
try:
    gradcheck(f, (0.7, -1.3))
    assert False, "not found"
except GradcheckError as error:
    assert error.node.op == "exp"
    print(error)
    assert gradgradcheck(lambda x: x * x.tanh(), 0.7)
finally:
    RULES["exp"].partials = right
"""


def test_numbers_do_without_numpy():
    code = SCALARS + "\nimport sys; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(ROOT)})


def test_in_micropython():
    with MicroPython() as python:
        assert "At fault is the operation exp in tensor(0.2725) = exp(" in python.run(SCALARS)


def test_the_module_is_not_in_the_way():
    assert autograd.gradcheck is gradcheck
