"""Rules of one's own: on arrays, differentiated twice, and what is refused."""

import math

import numpy as np
import pytest

import autograd
from autograd import Variable, gradcheck, gradgradcheck, jvp, register
from autograd.check import GradcheckError

X = np.array([[0.5, -1.0, 2.0], [0.0, 3.0, -0.25]])


def cube():
    return register("cube", lambda x: x**3, lambda x, z: 3 * x**2)


def test_arrays():
    x = Variable(X, requires_grad=True)
    z = cube()(x)
    z.backward(np.ones((2, 3)))
    np.testing.assert_allclose(z.value, X**3)
    np.testing.assert_allclose(x.grad.value, 3 * X**2)
    np.testing.assert_allclose(cube()(X), X**3)
    assert cube()(np.float32(2.0)) == 8.0


def test_broadcasting():
    ratio = register("ratio", lambda x, y: x / y, lambda x, y, z: 1 / y, lambda x, y, z: -z / y)
    assert gradcheck(ratio, (Variable(X, True), Variable(np.array([1.0, 2.0, 4.0]), True)))
    assert gradgradcheck(ratio, (Variable(X, True), 1.5))
    x = Variable(np.array([1.0, 0.0]), requires_grad=True)
    z = ratio(1.0, x)
    z.backward(np.ones(2))
    assert z.tolist() == [1.0, math.inf] and x.grad.tolist() == [-1.0, -math.inf]


def test_derivatives():
    function = cube()
    assert gradcheck(function, Variable(X, True)) and gradgradcheck(function, Variable(X, True))
    assert gradcheck(function, 0.7) and gradgradcheck(function, 0.7)
    assert jvp(function, 2.0, 1.0)[1].item() == 12.0
    third = autograd.hessian(lambda x: function(x) * x, 2.0)
    assert third.item() == 48.0
    leaky = register(
        "leaky",
        lambda x: autograd.where(x > 0, x, 0.1 * x),
        lambda x, z: autograd.where(x > 0, 1.0, 0.1),
    )
    assert gradcheck(leaky, Variable(X + 0.1, True))


def test_a_wrong_derivative_is_found():
    wrong = register("wrong", lambda x: x**3, lambda x, z: 2 * x**2)
    with pytest.raises(GradcheckError, match="the operation wrong"):
        gradcheck(lambda x: wrong(x) + 1.0, 0.7)


def test_a_change_in_place_is_noticed():
    product = register("product", lambda x, y: x * y, lambda x, y, z: y, lambda x, y, z: x)
    x, w = Variable(2.0), Variable(3.0, requires_grad=True)
    z = product(w, x)
    x.zero_()
    with pytest.raises(RuntimeError, match="product"):
        z.backward()


def test_functions_of_numbers_only_are_refused():
    """They would make second derivatives wrong without a word, and fail on arrays."""
    with pytest.raises(TypeError, match=r"the value of e.*autograd\.exp"):
        register("e", lambda x: math.exp(x), lambda x, z: z)
    with pytest.raises(TypeError, match=r"derivative 1 of e.*autograd\.exp"):
        register("e", lambda x: autograd.exp(x), lambda x, z: math.exp(x))
    step = register("step", lambda x: x if x > 0 else 0 * x, lambda x, z: 1 if x > 0 else 0)
    assert step(2.0) == 2.0
    with pytest.raises(TypeError, match=r"(?s)the value of step fails .*autograd\.where"):
        step(Variable(X))
