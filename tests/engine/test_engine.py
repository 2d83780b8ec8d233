"""The engine: numbers, arrays, the backward pass, what is shared, and what errors say."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import scalar_checks
from hypothesis import example, given
from hypothesis import strategies as st
from micropython import MicroPython

import autograd
from autograd import Tensor, Variable, graph
from autograd.printing import number
from autograd.rules import RULES

ROOT = Path(__file__).parents[2]


def array(*shape, start=0.5, dtype=np.float64):
    """Return an array of different positive numbers."""
    return (np.arange(math.prod(shape)) * 0.75 + start).reshape(shape).astype(dtype)


# --- The package --------------------------------------------------------------------------------


def test_the_package_is_ours():
    assert autograd.__file__ is not None
    assert Path(autograd.__file__).parent == ROOT / "autograd"


def test_all_is_what_there_is():
    public = {
        name
        for name, thing in vars(autograd).items()
        if not name.startswith("_") and name != "TYPE_CHECKING" and not isinstance(thing, type(sys))
    }
    assert public | set(autograd._LATER) == set(autograd.__all__) == set(dir_of_star())
    assert all(getattr(autograd, name).__doc__ for name in autograd.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        autograd.nothing  # noqa: B018


def dir_of_star():
    names = {}
    exec("from autograd import *", names)
    del names["__builtins__"]
    return names


def test_numbers_do_without_numpy():
    code = "import sys, scalar_checks; scalar_checks.run_all(); assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT / "tests", env=path(ROOT))


def path(folder):
    return {"PYTHONPATH": str(folder)}


# --- Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", scalar_checks.CHECKS, ids=lambda check: check.__name__[6:])
def test_numbers(check):
    check()


def test_numbers_in_micropython():
    source = (ROOT / "tests" / "scalar_checks.py").read_text(encoding="utf-8")
    with MicroPython() as python:
        said = python.run(source + "\nrun_all()\n")
    assert said == f"{len(scalar_checks.CHECKS)} checks\n"


def test_no_recursion():
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len_of_stack() + 40)
    try:
        x = Variable(1.0, requires_grad=True)
        z = x
        for _ in range(1000):
            z = (z + 0.0).tanh()
        z.backward()
        graph(z).paths(x)
        del z
    finally:
        sys.setrecursionlimit(before)
    assert x.grad is not None


def len_of_stack():
    frame, depth = sys._getframe(), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth


# --- Arrays -------------------------------------------------------------------------------------


def test_a_tensor_holds_floats_of_32_bits():
    for data in ([1, 2], [[1.0], [2.5]], np.array([1, 2]), np.arange(3.0), Variable(array(2))):
        assert Tensor(data).value.dtype == np.float32
    given = np.zeros(2, np.float32)
    Tensor(given).value[0] = 1.0
    assert given[0] == 0.0


def test_every_variable_is_a_tensor():
    x = Tensor([1.0])
    for value in (x, x * 2, Variable(1.0), Variable(1.0).data, x[0]):
        assert isinstance(value, Tensor) and isinstance(value, Variable)
    assert not isinstance(1.0, Tensor)


@pytest.mark.parametrize("bad", [3, 2.5, "12", None, [1, [2]], ["a"], [None], [1j], {}])
def test_a_tensor_needs_numbers(bad):
    with pytest.raises(TypeError, match="Tensor"):
        Tensor(bad)


def test_a_variable_keeps_its_array():
    for dtype in (np.float32, np.float64):
        x = Variable(np.ones(2, dtype), requires_grad=True)
        z = (2 * x + 1.5) ** 2 / 3 - np.float64(1.0)
        assert z.value.dtype == dtype
        z.sum().backward()
        assert x.grad.value.dtype == dtype
    given = np.zeros(2)
    x = Variable(given)
    given[0] = 5.0
    assert x.tolist() == [5.0, 0.0]
    assert Variable(x, requires_grad=True).value is given


def test_what_sort_of_float_results():
    single, double = Tensor([1.0]), Variable(np.ones(1))
    assert (single * double).value.dtype == np.float64
    assert (single * np.array(2.0)).value.dtype == np.float32  # no axes: it does not decide
    assert (single * np.array([2])).value.dtype == np.float32
    for others in (np.array([2]), np.array([True])):  # which have axes, but are no floats
        assert (Variable(np.array(2.0)) * others).value.dtype == np.float64
        assert (Variable(np.array(2.0, np.float32)) * others).value.dtype == np.float32
    assert (Variable(np.array([1, 2])) / 2).value.dtype == np.float32
    x = Variable(np.ones(1, np.float32), requires_grad=True)
    (x * double).backward()
    assert x.grad.value.dtype == np.float32


def test_numbers_of_numpy_are_numbers():
    assert Variable(np.float64(2.0)).value.__class__ is float
    assert Variable(np.float32(2.0)).value.__class__ is float
    assert (Variable(2.0) * np.float64(3.0)).value.__class__ is float
    assert (np.float64(3.0) * Variable(2.0)).value.__class__ is float


def test_arrays_on_either_side():
    x = Variable(2.0, requires_grad=True)
    for z in (np.ones(3) * x, x * np.ones(3)):
        assert isinstance(z, Variable) and z.shape == (3,)
        z.sum().backward()
    assert x.grad.item() == 6.0 and x.grad.value.__class__ is float
    row = Variable(np.ones(2), requires_grad=True)
    (np.eye(2) @ row).sum().backward()
    assert row.grad.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("name", sorted(RULES))
def test_an_array_is_many_numbers(name):
    """Where the inputs are arrays, each element is computed as it would be alone."""
    cases = scalar_checks.CASES[name]
    arrays = [
        Variable(np.array(column), requires_grad=True)
        for column in zip(*[inputs for inputs, _, _ in cases], strict=True)
    ]
    if name == "where":
        arrays[0] = Variable(arrays[0].value != 0)
    z = scalar_checks.apply(name, arrays)
    z.backward(np.full(len(cases), -2.5))
    for i, (_, value, derivatives) in enumerate(cases):
        assert scalar_checks.same(z[i].item(), value)
        for x, derivative in zip(arrays, derivatives, strict=True):
            if x.requires_grad:
                assert scalar_checks.same(x.grad[i].item(), -2.5 * derivative), (name, i)


def test_a_choice_stops_an_infinite_gradient():
    x = Variable(np.array([-1.0, 1.0]), requires_grad=True)
    autograd.relu(x).backward(np.array([math.inf, math.inf]))
    assert x.grad.tolist() == [0.0, math.inf]


@pytest.mark.parametrize(
    "of_x, of_y",
    [
        ((), (3,)),
        ((3,), (2, 3)),
        ((2, 1), (1, 3)),
        ((1,), (2, 3)),
        ((4, 1), (2, 1, 3)),
        ((0,), (1,)),
    ],
)
def test_what_is_broadcast_is_summed_on_the_way_back(of_x, of_y):
    a, b = array(*of_x), array(*of_y, start=2.0)
    x, y = Variable(a, requires_grad=True), Variable(b, requires_grad=True)
    z = x * y
    upstream = array(*z.shape, start=-1.0)
    z.backward(upstream)
    full_a, full_b = np.broadcast_arrays(a, b)
    for of, shape, factor in ((x, of_x, full_b), (y, of_y, full_a)):
        expected = np.zeros(shape)
        places = np.broadcast_to(np.arange(expected.size).reshape(shape), z.shape)
        np.add.at(expected.reshape(-1), places, upstream * factor)
        assert of.grad.shape == shape
        np.testing.assert_allclose(of.grad.value, expected, rtol=1e-14)


@pytest.mark.parametrize(
    "key",
    [
        0,
        -1,
        slice(1, None),
        slice(None, None, -1),
        (slice(None), slice(2, None, -2)),
        (0, 1),
        (slice(None), 1),
        (Ellipsis, 0),
        None,
        [0, 0, 1],
        (0, [1, 1, 2]),
    ],
)
def test_indexing_gives_back_where_it_took(key):
    a = array(3, 3)
    x = Variable(a, requires_grad=True)
    z = x[key]
    assert np.array_equal(z.value, a[key])
    upstream = array(*z.shape, start=2.0)
    z.backward(upstream)
    expected = np.zeros((3, 3))
    np.add.at(expected, key, upstream)
    assert np.array_equal(x.grad.value, expected)


def test_indexing_by_variables():
    x = Variable(array(4), requires_grad=True)
    x[x > 1.0].sum().backward()
    assert x.grad.tolist() == [0.0, 1.0, 1.0, 1.0]
    assert x[Variable(np.array([2, 0]))].tolist() == [2.0, 0.5]


def test_an_element_is_a_view():
    grad = Tensor([3.0])
    element = grad[0]
    grad.zero_()
    assert element.item() == 0.0 and element.shape == ()


def test_iteration():
    x = Variable(array(2, 2), requires_grad=True)
    assert len(x) == 2
    first, second = x
    (first * second).sum().backward()
    assert x.grad.tolist() == x.value[::-1].tolist()
    with pytest.raises(TypeError, match="no length"):
        iter(Variable(np.array(1.0)))


def test_sum_and_mean():
    x = Variable(array(2, 3), requires_grad=True)
    assert x.sum().item() == x.value.sum() and x.mean().item() == x.value.mean()
    (x.sum() + 6.0 * x.mean()).backward()
    assert np.array_equal(x.grad.value, np.full((2, 3), 2.0))
    w = Variable(2.0, requires_grad=True)
    (w.sum() * w.mean()).backward()
    assert w.grad.item() == 4.0


@pytest.mark.parametrize(
    "of_x, of_y",
    [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((5, 2, 3), (3, 4))],
)
def test_products_of_matrices(of_x, of_y):
    x, y = (Variable(array(*shape), requires_grad=True) for shape in (of_x, of_y))
    z = x @ y
    assert np.array_equal(z.value, x.value @ y.value)
    upstream = array(*z.shape, start=-2.0)
    z.backward(upstream)
    for of in (x, y):
        for place in np.ndindex(of.shape):
            step = np.zeros(of.shape)
            step[place] = 1.0
            change = step @ y.value if of is x else x.value @ step  # it is linear in each
            np.testing.assert_allclose(of.grad[place].item(), (upstream * change).sum())


def test_a_product_pulls_only_where_it_must(monkeypatch):
    from autograd import operations

    def fails(*given):
        raise AssertionError("not needed")

    monkeypatch.setattr(operations.MATMUL, "pulls", (fails, operations.MATMUL.pulls[1]))
    w = Variable(array(3, 2), requires_grad=True)
    (Variable(array(4, 3)) @ w).sum().backward()
    assert w.grad.shape == (3, 2)


# --- Storage ------------------------------------------------------------------------------------


def test_data_shares_the_array():
    w = Variable(Tensor([1.0, 2.0]), requires_grad=True)
    (w * w).sum().backward()
    kept = w.grad
    w.grad.data.zero_()
    assert kept.tolist() == [0.0, 0.0]
    (w * w).sum().backward()
    assert kept is w.grad and kept.tolist() == [2.0, 4.0]
    w.data.zero_()
    assert w.tolist() == [0.0, 0.0]
    before = w.data
    w.data = w.data - 1.0
    assert before.tolist() == [0.0, 0.0] and w.tolist() == [-1.0, -1.0]
    assert w.requires_grad and not w.data.requires_grad


def test_leaves_do_not_share_gradients():
    x = Variable(array(2), requires_grad=True)
    y = Variable(array(2), requires_grad=True)
    upstream = np.ones(2)
    (x + y).backward(upstream)
    upstream[:] = 7.0
    x.grad.zero_()
    assert y.grad.tolist() == [1.0, 1.0]
    x.backward(y.grad)
    y.grad.zero_()
    assert x.grad.tolist() == [1.0, 1.0]


def test_a_change_of_an_array_in_place_is_noticed():
    x, w = Tensor([2.0]), Variable(Tensor([3.0]), requires_grad=True)
    x.name = "x"
    for z in (x * w, x @ w):
        x.zero_()
        with pytest.raises(RuntimeError, match=r"x as it was, but it was changed in place"):
            z.backward()
    z = x + w
    x.zero_()
    z.backward()
    assert w.grad.tolist() == [1.0]
    with pytest.raises(RuntimeError, match=r"x\.data\.zero_\(\)"):
        w.zero_()


# --- Errors -------------------------------------------------------------------------------------


def test_shapes_that_do_not_fit():
    x, y = Variable(array(2, 3)), Variable(array(4))
    with pytest.raises(RuntimeError, match=r"add: the shapes \(2, 3\) and \(4,\) do not fit: each"):
        x + y
    with pytest.raises(RuntimeError, match=r"matmul: the shapes \(2, 3\) and \(4,\) .* last axis"):
        x @ y
    with pytest.raises(RuntimeError, match=r"matmul: the shapes \(2, 3\) and \(\)"):
        x @ 2.0
    with pytest.raises(RuntimeError, match=r"lt: the shapes"):
        x < y  # noqa: B015


@pytest.mark.parametrize("given", [Variable, lambda x: x], ids=["Variables", "arrays"])
def test_the_number_of_inputs(given):
    """Where NumPy is given one too many, it writes its result into that."""
    x, y = given(array(2)), given(array(2))
    for name, inputs in (("exp", (x, y)), ("maximum", (x, y, y)), ("where", (x > 1.0,))):
        with pytest.raises(TypeError, match=f"{name} takes . input"):
            getattr(autograd, name)(*inputs)
    assert np.array_equal(getattr(y, "value", y), array(2))
    for name, inputs in (("exp", (y,)), ("maximum", (y, y)), ("neg", (1.0,))):
        with pytest.raises(TypeError):
            getattr(Variable(array(2)), name)(*inputs)


def test_backward_of_many_numbers():
    x = Variable(array(2), requires_grad=True)
    with pytest.raises(RuntimeError, match=r"shape \(2,\); take its \.sum\(\)"):
        (x * x).backward()
    with pytest.raises(RuntimeError, match=r"gradient has the shape \(3,\) and the result \(2,\)"):
        (x * x).backward(np.ones(3))
    (x[:1] * x[1:]).backward()  # one number, though it has an axis
    assert x.grad.tolist() == [1.25, 0.5]


def test_an_integer_leaf():
    with pytest.raises(RuntimeError, match="floating-point"):
        Variable(np.array([1, 2]), requires_grad=True)
    with pytest.raises(TypeError, match="real numbers"):
        Variable(np.array([1j]))
    with pytest.raises(TypeError, match="real numbers"):
        Variable(np.array(["a"]))


def test_one_number_is_asked_of_many():
    with pytest.raises(RuntimeError, match=r"item\(\) is for one number, and this holds 2"):
        Variable(array(2)).item()
    with pytest.raises(RuntimeError, match="one number"):
        bool(Variable(array(2)))
    with pytest.raises(IndexError):
        Variable(array(2))[5]
    assert f"{Tensor([1.5])[0]:.2f} {Variable(2.0)} {Tensor([1.5])}" == "1.50 2.0 tensor([1.5000])"
    assert math.sqrt(Variable(4.0)) == 2.0


def test_an_error_in_a_rule_leaves_nothing_behind(monkeypatch):
    x = Variable(2.0, requires_grad=True)
    y = x * x
    z = y.exp() + y.tanh()
    with monkeypatch.context() as patch:
        patch.setattr(RULES["exp"], "partials", (lambda x, z: 1 / 0,))
        with pytest.raises(ZeroDivisionError):
            z.backward(retain_graph=True)
    x.grad = None
    z.backward()
    assert x.grad.item() == pytest.approx(4.0 * (math.exp(4.0) + 1 - math.tanh(4.0) ** 2))


@given(st.floats(width=32))
@example(3e-5).via("an exponent below 0.0001")
@example(1e8).via("the largest whole number without an exponent")
def test_a_number_prints_as_between_the_parentheses_of_a_tensor(x):
    one = Tensor([x])[0]
    assert f"tensor({number(one.item())})" == str(one)
