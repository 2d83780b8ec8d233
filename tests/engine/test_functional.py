"""Derivatives of functions: forward mode, products with the Jacobian, Jacobians, Hessians."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import scalar_checks
from hypothesis import given
from hypothesis import strategies as st
from micropython import MicroPython

import autograd
from autograd import (
    Tensor,
    Variable,
    cos,
    exp,
    grad,
    gradcheck,
    gradgradcheck,
    hessian,
    jacobian,
    jvp,
    maximum,
    no_grad,
    relu,
    sin,
    tanh,
    value_and_grad,
    vjp,
    where,
)
from autograd.rules import RULES, Rule
from autograd.variable import record

ROOT = Path(__file__).parents[2]
RNG = np.random.default_rng(0)


def near(found, expected, tolerance=1e-10):
    np.testing.assert_allclose(value(found), value(expected), rtol=tolerance, atol=tolerance)


def value(x):
    return x.value if isinstance(x, Variable) else x


def slope(function, inputs, v, h=1e-6):
    """Return the central difference of a function of arrays in the direction v."""
    ends = [
        function(*[Variable(x + step * t) for x, t in zip(inputs, v, strict=True)]).value
        for step in (-h, h)
    ]
    return (ends[1] - ends[0]) / (2 * h)


# --- Forward mode -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(RULES))
def test_jvp_of_every_rule(name):
    """At every point of the closed forms, infinities included."""
    for inputs, result, derivatives in scalar_checks.CASES[name]:
        for slot, derivative in enumerate(derivatives):
            if name == "where" and slot == 0:
                continue
            v = tuple(3.0 * (i == slot) for i in range(len(inputs)))

            def function(x, slot=slot, inputs=inputs):
                return record(RULES[name], *inputs[:slot], x, *inputs[slot + 1 :])

            for kind in (float, np.float64, lambda x: np.full((2, 1), x)):
                z, tangent = jvp(function, kind(inputs[slot]), kind(v[slot]))
                assert all(scalar_checks.same(x, result) for x in np.ravel(z.value))
                assert all(scalar_checks.same(x, 3.0 * derivative) for x in np.ravel(tangent.value))


def test_what_a_choice_stops_is_zero():
    assert jvp(relu, -1.0, autograd.functions.inf)[1].item() == 0.0
    assert jvp(relu, np.array([-1.0, 1.0]), np.full(2, np.inf))[1].tolist() == [0.0, np.inf]


def network(w, x, b):
    h = tanh(w @ x + b)
    return (h[0:1] * h + h.mean() * exp(-h) + where(h > 0.2, h, b[0])).sum() * h[[0, 0, 1]]


def test_jvp_is_the_slope_in_that_direction():
    inputs = RNG.normal(size=(3, 4)), RNG.normal(size=4), RNG.normal(size=3)
    v = tuple(RNG.normal(size=x.shape) for x in inputs)
    z, tangent = jvp(network, inputs, v)
    near(z, network(*map(Variable, inputs)))
    near(tangent, slope(network, inputs, v), 1e-8)


SHAPES = [((), (3,)), ((3,), (2, 3)), ((2, 1), (1, 3)), ((0, 3), (1, 3)), ((2, 3), ())]


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_jvp_of_broadcast_arrays(shapes, kind):
    inputs = [RNG.normal(size=shape).astype(kind) for shape in shapes]
    v = [np.ones(shape, kind) for shape in shapes]
    for function, expected in (
        (lambda x, y: x * y, inputs[0] + inputs[1]),
        (lambda x, y: x - y, 0.0 * (inputs[0] + inputs[1])),
        (lambda x, y: x + 2.0, np.ones(shapes[0])),
    ):
        z, tangent = jvp(function, inputs, v)
        assert tangent.shape == z.shape and tangent.value.dtype == z.value.dtype == kind
        near(tangent, expected, 1e-6)


def test_jvp_of_a_product_of_matrices():
    for shapes in (((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4))):
        x, y = (RNG.normal(size=shape) for shape in shapes)
        s, t = (RNG.normal(size=shape) for shape in shapes)
        near(jvp(lambda x, y: x @ y, (x, y), (s, t))[1], s @ y + x @ t)
        near(jvp(lambda x, y=y: x @ y, x, s)[1], s @ y)


def test_jvp_of_a_rule_with_a_vector_jacobian_product_only():
    """Of one that is not linear: each element asks for its row of the Jacobian."""
    square = Rule("square", lambda x: x * x, pulls=(lambda u, x, z: 2.0 * u * x,), saves=((0,),))
    x, v = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.5], [0.0, -1.0]])
    near(jvp(lambda x: record(square, x), x, v)[1], 2.0 * x * v)
    double = Rule("exp", exp, pulls=(lambda u, x, z: u * z,), saves=((1,),))
    near(jvp(lambda x: record(double, x), x, v)[1], np.exp(x) * v)


@given(st.lists(st.floats(-2.0, 2.0), min_size=2, max_size=2))
def test_forward_and_reverse_mode_agree(numbers):
    x, y = (Variable(number, requires_grad=True) for number in numbers)

    def function(x, y):
        h = x * y + sin(x)
        return (h * cos(y) + h).tanh() * exp(h) - y

    function(x, y).backward()
    tangent = jvp(function, (x, y), (0.5, -1.5))[1]
    assert tangent.item() == pytest.approx(0.5 * x.grad.item() - 1.5 * y.grad.item(), abs=1e-12)


def test_jvp_has_the_structure_of_the_outputs():
    z, tangent = jvp(lambda x: (x * x, x, Variable(7.0), x > 1.0), 3.0)
    assert [one.item() for one in z] == [9.0, 3.0, 7.0, True]
    assert [one.item() for one in tangent] == [6.0, 1.0, 0.0, 0.0]
    z, tangent = jvp(lambda x, y: [x * y], [2.0, 3.0], [1.0, 1.0])
    assert isinstance(z, tuple) and isinstance(tangent, tuple) and tangent[0].item() == 5.0
    assert not (z[0].requires_grad or tangent[0].requires_grad)


def test_jvp_leaves_its_inputs_alone():
    w = Variable(np.ones(2), requires_grad=True, name="w")
    v = np.ones(2)
    _, tangent = jvp(lambda w: w, w * 2.0, v)
    tangent.value[0] = 9.0
    assert v.tolist() == [1.0, 1.0] and w.grad is None and w.tolist() == [1.0, 1.0]
    jvp(lambda x: w * x, w, v)
    assert w.grad is None
    assert jvp(lambda x: Variable(0.0, name=x.name), w, v)[0].name is None


def test_a_long_chain_needs_no_recursion():
    def chain(x):
        for _ in range(20_000):
            x = x * 1.0001
        return x

    z, tangent = jvp(chain, 1.0)
    assert tangent.item() == z.item() == pytest.approx(1.0001**20_000)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((lambda x: 3.0, 1.0), TypeError, "jvp: what the function returns must be a Variable"),
        (
            (lambda x: x, np.ones(2)),
            RuntimeError,
            "v may be left out only where",
        ),
        ((lambda x, y: x, (1.0, 2.0)), RuntimeError, "v may be left out only"),
        ((lambda x, y: x, (1.0, 2.0), 1.0), RuntimeError, "v has 1 parts for 2 inputs"),
        ((lambda x: x, np.ones(2), np.ones(3)), RuntimeError, r"shape \(3,\) and the input \(2,\)"),
        ((lambda x: x, "2"), TypeError, "Variable takes numbers"),
        ((lambda x: x, np.arange(3), np.ones(3)), RuntimeError, "only floating-point"),
    ],
)
def test_what_errors_of_jvp_say(arguments, error, says):
    with pytest.raises(error, match=says):
        jvp(*arguments)


# --- Reverse mode -------------------------------------------------------------------------------


def items(xs):
    return [x.item() for x in xs]


def test_grad_leaves_no_trace():
    x, w = Variable(3.0, requires_grad=True), Variable(2.0, requires_grad=True)
    h = x * w
    assert items(grad([h * h, h], [x, h, x])) == [26.0, 13.0, 26.0]
    assert x.grad is None and w.grad is None and h.grad is None
    assert not grad(x * w, x)[0].requires_grad
    assert items(grad(x, x)) == [1.0]


def test_grad_takes_what_arrives():
    x = Variable(np.array([1.0, 2.0]), requires_grad=True)
    assert grad(x * x, x, np.array([1.0, 10.0]))[0].tolist() == [2.0, 40.0]
    assert grad(x * x, [x], [Variable(np.array([1.0, 10.0]))])[0].tolist() == [2.0, 40.0]
    z = grad([(x * x).sum(), x], [x], [None, np.array([1.0, 0.0])])[0]
    assert z.tolist() == [3.0, 4.0]


def test_grad_keeps_the_graph_where_it_is_asked_to():
    x = Variable(3.0, requires_grad=True)
    z = x**3
    assert items(grad(z, x, retain_graph=True)) == [27.0]
    (slope,) = grad(z, x, create_graph=True)
    (curvature,) = grad(slope, x, create_graph=True)
    assert curvature.item() == 18.0 and items(grad(curvature, x)) == [6.0]
    assert items(grad(z, x)) == [27.0]
    with pytest.raises(RuntimeError, match="a second backward"):
        grad(z, x)


def test_what_errors_of_grad_say():
    x, y = Variable(3.0, requires_grad=True), Variable(2.0, requires_grad=True)
    with pytest.raises(RuntimeError, match="allow_unused=True"):
        grad(x * x, y)
    assert grad(x * x, [y, x], allow_unused=True)[0] is None
    with pytest.raises(RuntimeError, match="requires a gradient"):
        grad(Variable(3.0), x)
    with pytest.raises(RuntimeError, match="1 grad_outputs for 2 outputs; give one each"):
        grad([x * x, x], x, 1.0)
    with pytest.raises(TypeError, match="grad: inputs must be a Variable or a tuple of them"):
        grad(x * x, 3.0)
    with pytest.raises(TypeError, match="grad: outputs must be a Variable or a tuple of them"):
        grad(3.0, x)
    with pytest.raises(RuntimeError, match="starts from one number"):
        grad(x * np.ones(2), x)
    with pytest.raises(RuntimeError, match="they must be equal"):
        grad(x * np.ones(2), x, np.ones(3))


def test_value_and_grad():
    def loss(w, x, y=4.0):
        return (w * x - y) ** 2

    assert items(value_and_grad(loss)(1.0, 2.0)) == [4.0, -8.0]
    assert items(value_and_grad(loss, argnums=1)(1.0, 2.0, y=3.0)) == [1.0, -2.0]
    value, gradients = value_and_grad(loss, argnums=(1, 0))(1.0, 2.0)
    assert value.item() == 4.0 and items(gradients) == [-4.0, -8.0]
    assert not (value.requires_grad or gradients[0].requires_grad)
    assert value_and_grad(lambda x: (x * x).sum())(np.arange(3.0))[1].tolist() == [0.0, 2.0, 4.0]
    assert items(value_and_grad(lambda x: Variable(7.0))(1.0)) == [7.0, 0.0]
    with pytest.raises(RuntimeError, match=r"must return one number, not \(2,\); take its .sum"):
        value_and_grad(lambda x: x)(np.ones(2))
    with pytest.raises(TypeError, match="value_and_grad: what the function returns"):
        value_and_grad(lambda x: 3.0)(1.0)
    with pytest.raises(TypeError, match="argnums is 1, and there are 1 inputs, counted from 0"):
        value_and_grad(lambda x: x, argnums=1)(1.0)


def test_value_and_grad_of_value_and_grad():
    def slope_of(function):
        return lambda x: value_and_grad(function)(x)[1]

    assert slope_of(slope_of(lambda x: x**4))(2.0).item() == 48.0
    assert slope_of(slope_of(slope_of(lambda x: x**4)))(2.0).item() == 48.0
    # The inner derivative is by y alone, even where y is x.
    assert slope_of(lambda x: slope_of(lambda y: x * y)(x))(2.0).item() == 1.0


def test_vjp():
    inputs = RNG.normal(size=(3, 4)), RNG.normal(size=4), RNG.normal(size=3)
    v, u = [RNG.normal(size=x.shape) for x in inputs], RNG.normal(size=3)
    z, found = vjp(network, inputs, u)
    near(z, network(*map(Variable, inputs)))
    forward = jvp(network, inputs, tuple(v))[1]
    near((u * forward.value).sum(), sum((a.value * b).sum() for a, b in zip(found, v, strict=True)))
    assert [x.shape for x in found] == [x.shape for x in inputs] and not z.requires_grad


def test_vjp_has_the_structure_of_the_inputs():
    z, found = vjp(lambda x: (x * 2.0, x > 1.0, Variable(1.0)), 3.0, (1.0, 1.0, 1.0))
    assert items(z) == [6.0, True, 1.0] and found.item() == 2.0
    z, found = vjp(lambda x, y: x * 2.0, [3.0, np.ones(2)])
    assert isinstance(found, tuple) and found[0].item() == 2.0 and found[1].tolist() == [0.0, 0.0]
    x = Variable(3.0, requires_grad=True)
    z, found = vjp(lambda x: x**3, x, create_graph=True)
    assert items(grad([z, found], x)) == [27.0 + 18.0]
    with pytest.raises(RuntimeError, match="vjp: v may be left out only where there is one output"):
        vjp(lambda x: x, np.ones(2))
    with pytest.raises(TypeError, match="vjp: what the function returns"):
        vjp(lambda x: 3.0, 1.0)


def test_jacobian():
    x, y = np.array([1.0, 2.0]), np.array([[3.0], [4.0], [5.0]])
    by_x, by_y = jacobian(lambda x, y: x * y, (x, y))
    assert by_x.shape == (3, 2, 2) and by_y.shape == (3, 2, 3, 1)
    near(by_x, y[:, :, None] * np.eye(2))
    near(by_y[:, :, :, 0], np.eye(3)[:, None] * x[:, None])
    near(jacobian(lambda x: tanh(x), x), np.diag(1.0 - np.tanh(x) ** 2))


def test_jacobian_of_numbers_and_arrays():
    ones = np.ones(2)
    (a, b), (c, d) = jacobian(lambda x, y: (x * y, x), (2.0, ones))
    assert a.tolist() == [1.0, 1.0] and b.tolist() == [[2.0, 0.0], [0.0, 2.0]]
    assert c.item() == 1.0 and d.tolist() == [0.0, 0.0]
    assert jacobian(lambda x: x * x, 3.0).item() == 6.0
    assert items(jacobian(lambda x: (x * x, x), 3.0)) == [6.0, 1.0]
    assert jacobian(lambda x: Variable(ones), 3.0).tolist() == [0.0, 0.0]
    assert jacobian(lambda x: x[1:1] * x[0], ones).shape == (0, 2)
    assert jacobian(lambda x: x.sum(), np.ones((0, 2))).shape == (0, 2)
    assert repr(jacobian(lambda x: x * x, Tensor([1.0, 2.0]))).count("dtype") == 0


def test_jacobian_can_be_differentiated():
    x = Variable(np.array([1.0, 2.0]), requires_grad=True)
    weights = np.array([[1.0, 10.0], [100.0, 1000.0]])
    recorded = jacobian(lambda x: x**3 * x.sum(), x, create_graph=True)
    (found,) = grad((recorded * weights).sum(), x)

    def total(x):
        return (jacobian(lambda x: x**3 * x.sum(), x) * weights).sum()

    near(found, [slope(total, [x.value], [v]) for v in np.eye(2)], 1e-7)
    y = Variable(3.0, requires_grad=True)
    of_number = jacobian(lambda y: y**3 * np.array([1.0, 2.0]), y, create_graph=True)
    assert of_number.tolist() == [27.0, 54.0] and items(grad(of_number.sum(), y)) == [54.0]
    assert hessian(lambda y: y**4, y, create_graph=True).requires_grad
    near(hessian(lambda x: hessian(lambda x: (x**4).sum(), x, True).sum(), x), np.diag([24.0] * 2))


def test_hessian():
    assert hessian(lambda x: x**3, 2.0).item() == 12.0
    (a, b), (c, d) = hessian(lambda x, y: x**2 * y, (3.0, 2.0))
    assert items([a, b, c, d]) == [4.0, 6.0, 6.0, 0.0]
    x, m = RNG.normal(size=3), RNG.normal(size=(3, 3))
    near(hessian(lambda x: x @ m @ x, x), m + m.T)
    near(hessian(lambda x: (x**3).sum() * x[0], x), curvature(x))
    assert hessian(lambda x, y: (x * y * y).sum(), (2.0, np.ones(2)))[0][1].tolist() == [2.0, 2.0]
    assert hessian(lambda x: 3.0 * x, 1.0).item() == 0.0
    with pytest.raises(RuntimeError, match="hessian: the function must return one number"):
        hessian(lambda x: x, np.ones(2))


def curvature(x):
    """Return the second derivatives of sum(x³) x[0], by hand."""
    by_hand = np.diag(6.0 * x * x[0])
    by_hand[0] += 3.0 * x**2
    by_hand[:, 0] += 3.0 * x**2
    return by_hand


def test_forward_mode_over_reverse_mode():
    """A column of the Hessian without the Hessian."""
    x, v = RNG.normal(size=3), RNG.normal(size=3)

    def gradient(x):
        return grad((tanh(x) * x.sum()).sum(), x, create_graph=True)[0]

    near(jvp(gradient, x, v)[1], hessian(lambda x: (tanh(x) * x.sum()).sum(), x).value @ v)


# --- Inside no_grad(), and after changes in place -----------------------------------------------


def test_derivatives_inside_no_grad():
    x = Variable(3.0, requires_grad=True)
    z = x**3
    with no_grad():
        assert items(jvp(lambda x: x * x, x)) == items(vjp(lambda x: x * x, x)) == [9.0, 6.0]
        assert jacobian(lambda x: x * x, x).item() == 6.0
        assert hessian(lambda x: x**3, x).item() == 18.0
        assert gradcheck(lambda x: x**3, x) and gradgradcheck(lambda x: x**3, x)
        (slope,) = grad(z, x, create_graph=True)
        value, gradient = value_and_grad(lambda x: x**3)(x)
        assert not (value.requires_grad or gradient.requires_grad)
        assert not (x * x).requires_grad
    assert items(grad(slope, x)) == [18.0]
    # What the function itself does not record is a constant.
    assert jvp(lambda x: x * no_grad()(lambda: x * x)(), x)[1].item() == 9.0


@pytest.mark.parametrize("derivative", [jvp, vjp, jacobian, gradcheck])
def test_changes_in_place(derivative):
    def damaged(x):
        factor = Variable(2.0)
        z = x * factor
        factor.zero_()
        return z

    with pytest.raises(RuntimeError, match="the derivative of mul needs an input as it was"):
        derivative(damaged, 3.0)

    def harmless(x):
        z = x + Variable(2.0)
        z *= x
        return z

    assert derivative(harmless, 3.0)


# --- Interpreters -------------------------------------------------------------------------------

SCALARS = """
from autograd import Variable, grad, hessian, jacobian, jvp, maximum, value_and_grad, vjp

def f(x, y):
    return x.tanh() * y.exp() - (x / y).sigmoid() + maximum(x, y).relu()

z, tangent = jvp(f, (0.7, -1.3), (1.0, 2.0))
assert abs(tangent.item() - %r) < 1e-12, tangent
assert [x.item() for x in jvp(lambda x: (x, x * x), 3.0)[1]] == [1.0, 6.0]
x = Variable(3.0, requires_grad=True)
(slope,) = grad(x * x * x, x, create_graph=True)
assert (slope.item(), grad(slope, x)[0].item()) == (27.0, 18.0)
assert [x.item() for x in value_and_grad(lambda w, x: w * x, 1)(2.0, 3.0)] == [6.0, 2.0]
assert [x.item() for x in vjp(lambda x, y: x * y, (2.0, 3.0))[1]] == [3.0, 2.0]
assert [x.item() for x in jacobian(lambda x: (x, x * x), 3.0)] == [1.0, 6.0]
assert [x.item() for x in hessian(lambda x, y: x * x * y, (3.0, 2.0))[0]] == [4.0, 6.0]
"""


def scalars():
    """Return the program with the slope that differences give, to more digits than they have."""
    x, y = Variable(0.7, requires_grad=True), Variable(-1.3, requires_grad=True)
    (x.tanh() * y.exp() - (x / y).sigmoid() + maximum(x, y).relu()).backward()
    return SCALARS % (x.grad.item() + 2.0 * y.grad.item())


def test_numbers_do_without_numpy():
    code = scalars() + "\nimport sys; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(ROOT)})


def test_in_micropython():
    with MicroPython() as python:
        assert python.run(scalars() + "print('done')") == "done\n"


def test_a_tensor_of_32_bits():
    z, tangent = jvp(lambda x: x * x, Tensor([1.0, 2.0]), Tensor([1.0, 1.0]))
    assert repr(z) == "tensor([1., 4.])" and repr(tangent) == "tensor([2., 4.])"
