"""The operations that are not elementwise, and the losses: closed forms, derivatives, errors."""

import math
import warnings

import numpy as np
import pytest
from array_operations import CASES, array
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from test_modes import check_second

import autograd
from autograd import Variable, gradcheck, jvp
from autograd.variable import record

inf, nan = math.inf, math.nan


def leaf(*numbers):
    return Variable(np.array(numbers), requires_grad=True)


def gradient(function, x):
    """Return the gradient of the sum of what a function makes of an array."""
    x = Variable(np.array(x, float), requires_grad=True)
    z = function(x)
    z.backward(np.ones(z.shape))
    return x.grad.tolist()


# --- Derivatives --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_second_derivatives(name):
    function, *inputs = CASES[name]
    check_second(function, *inputs)


@pytest.mark.parametrize("name", CASES)
def test_forward_mode(name):
    function, *inputs = CASES[name]
    v = [np.cos(np.arange(x.size)).reshape(x.shape) for x in inputs]
    h = 1e-6
    low, high = (
        function(*[Variable(x + step * t) for x, t in zip(inputs, v, strict=True)]).value
        for step in (-h, h)
    )
    tangent = jvp(function, inputs, v)[1]
    np.testing.assert_allclose(tangent.value, (high - low) / (2 * h), rtol=1e-6, atol=1e-8)


SMOOTH = ["sum", "mean", "prod", "logsumexp", "softmax", "log_softmax", "max", "min", "amax"]
SHAPES = st.sampled_from([(3,), (1, 3), (2, 3), (2, 1, 2)])


@pytest.mark.no_cover
@pytest.mark.parametrize("name", SMOOTH)
@given(data=st.data())
def test_central_differences(name, data):
    shape = data.draw(SHAPES)
    numbers = st.integers(-30, 30).map(lambda n: n / 10 + 0.05)
    x = data.draw(arrays(float, shape, elements=numbers, unique=True))
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))

    def function(x):
        z = getattr(x, name)(dim)
        return getattr(z, "values", z) * 2.0

    assert gradcheck(function, Variable(x, requires_grad=True))


OF_NUMBERS = {
    "sum": lambda a, b, c: a + b + c,
    "mean": lambda a, b, c: (a + b + c) / 3,
    "prod": lambda a, b, c: a * b * c,
    "amax": lambda a, b, c: a.maximum(b).maximum(c),
    "amin": lambda a, b, c: a.minimum(b).minimum(c),
    "logsumexp": lambda a, b, c: (a.exp() + b.exp() + c.exp()).log(),
}


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_an_axis_is_many_rows(name):
    """Along an axis each row is reduced as by operations on numbers."""
    rows = [[0.5, 2.0, -1.0], [0.25, -3.0, 1.5]]
    x = Variable(np.array(rows), requires_grad=True)
    z = getattr(x, name)(1)
    z.backward(np.array([1.0, -2.0]))
    for i, row in enumerate(rows):
        numbers = [Variable(number, requires_grad=True) for number in row]
        one = OF_NUMBERS[name](*numbers)
        one.backward((1.0, -2.0)[i])
        assert z[i].item() == pytest.approx(one.item(), rel=1e-14)
        assert x.grad[i].tolist() == pytest.approx([n.grad.item() for n in numbers], rel=1e-14)


# --- Values -------------------------------------------------------------------------------------


def test_axes():
    x = Variable(array(2, 3, 4))
    for name in ("sum", "mean", "prod", "amax", "amin"):
        ours, numpys = getattr(x, name), getattr(np, name)
        for dim in (None, 0, 1, 2, -1, -3, (0, 1), (-1, 0), [1, 2]):
            for keep in (False, True):
                expected = numpys(x.value, tuple(dim) if isinstance(dim, list) else dim)
                kept = numpys(x.value, tuple(dim) if isinstance(dim, list) else dim, keepdims=keep)
                z = ours(dim, keepdim=keep)
                np.testing.assert_allclose(z.value, kept, rtol=1e-14)
                assert keep or z.shape == expected.shape


def test_one_number_is_its_own_sum():
    w = Variable(3.0, requires_grad=True)
    for name in ("sum", "mean", "prod", "max", "min"):
        assert getattr(w, name)() is w
    for name in ("sum", "amax", "logsumexp"):
        assert getattr(w, name)(0) is w
    assert w.max(0).values is w and w.max(0).indices.item() == 0
    assert w.softmax(0).item() == 1.0 and w.log_softmax(-1).item() == 0.0
    with pytest.raises(IndexError, match=r"sum: dim=1 is no axis of the shape \(\)"):
        w.sum(1)


def test_ties():
    x = leaf(3.0, 1.0, 3.0)
    (x.max() + 10.0 * x.amax(0) + 100.0 * x.max(0).values).backward()
    assert x.grad.tolist() == [105.5, 0.0, 5.5]
    x = leaf(1.0, 1.0, 3.0)
    (x.min() + 10.0 * x.amin(0) + 100.0 * x.min(0).values).backward()
    assert x.grad.tolist() == [105.5, 5.5, 0.0]
    values, indices = leaf(1.0, nan, nan).max(0)
    assert np.isnan(values.value) and indices.item() == 1 and not indices.requires_grad
    assert gradient(lambda x: x.max(), [1.0, nan, nan]) == [0.0, 0.5, 0.5]


def test_max_of_two_arrays():
    x, y = leaf(1.0, 4.0), np.array([2.0, 3.0])
    assert x.max(y).tolist() == [2.0, 4.0] and autograd.min(x, y).tolist() == [1.0, 3.0]


def test_a_product_of_zeros():
    assert gradient(lambda x: x.prod(), [0.0, 2.0, 3.0]) == [6.0, 0.0, 0.0]
    assert gradient(lambda x: x.prod(), [0.0, 2.0, 0.0]) == [0.0, 0.0, 0.0]
    assert gradient(lambda x: x.prod(0), [[0.0, 2.0], [5.0, 3.0]]) == [[5.0, 3.0], [0.0, 2.0]]
    assert gradient(lambda x: x.prod(-1, True), [[0.0, 2.0]]) == [[2.0, 0.0]]


def test_empty_arrays():
    x = Variable(np.ones((2, 0)), requires_grad=True)
    assert x.sum(1).tolist() == [0.0, 0.0] and x.prod(1).tolist() == [1.0, 1.0]
    assert np.isnan(x.mean(1).value).all() and x.logsumexp(1).tolist() == [-inf, -inf]
    assert x.softmax(1).shape == (2, 0) and x.max(0).values.shape == (0,)
    x.sum().backward()
    assert x.grad.shape == (2, 0)
    with pytest.raises(RuntimeError, match="max: the shapes"):
        x.max()
    with pytest.raises(IndexError, match=r"min: the shape \(2, 0\) has no elements along dim=1"):
        x.min(1)


def test_large_and_small_numbers():
    big = [800.0, 799.0]
    probabilities = [1 / (1 + math.exp(-1)), 1 / (1 + math.exp(1))]
    assert leaf(*big).logsumexp(0).item() == pytest.approx(800 + math.log1p(math.exp(-1)))
    assert leaf(*big).softmax(0).tolist() == pytest.approx(probabilities)
    assert leaf(*big).log_softmax(0).tolist() == pytest.approx(np.log(probabilities).tolist())
    assert gradient(lambda x: x.logsumexp(0), big) == pytest.approx(probabilities)
    assert leaf(-40.0, 0.0).log_softmax(0)[1].item() == pytest.approx(-math.exp(-40), rel=1e-12)
    assert leaf(-inf, 1.0).softmax(0).tolist() == [0.0, 1.0]
    assert leaf(-inf, -inf).logsumexp(0).item() == -inf
    assert np.isnan(leaf(inf, 1.0).softmax(0).value).all()


def test_exponentials_of_integers():
    whole = Variable(np.array([1, 2]))
    for name in ("softmax", "log_softmax", "logsumexp"):
        z = getattr(whole, name)(0)
        expected = getattr(leaf(1.0, 2.0), name)(0)
        assert z.value.dtype == np.float32
        np.testing.assert_allclose(z.value, expected.value, rtol=1e-6)


def test_functions_of_arrays_give_arrays():
    a = np.array([[1.0, 2.0], [0.5, -1.0]])
    for name in ("softmax", "log_softmax", "logsumexp", "sum"):
        z = getattr(autograd, name)(a, 1)
        assert isinstance(z, np.ndarray)
        np.testing.assert_array_equal(z, getattr(Variable(a), name)(1).value)


def test_addmm_of_several_types():
    single = [np.ones((2, 3), np.float32), np.ones((3, 2), np.float32)]
    for bias, dtype in (
        (2.0, np.float32),
        (np.array([2, 2]), np.float32),
        (np.array([2.0, 2.0]), np.float64),
    ):
        z = autograd.addmm(Variable(bias), *map(Variable, single))
        assert z.tolist() == [[5.0, 5.0]] * 2 and z.value.dtype == dtype


def test_a_rule_of_cross_entropy_applied_elsewhere():
    """What it keeps for the way back is of the place where it was last computed."""
    x = Variable(array(2, 3), requires_grad=True)
    z = autograd.cross_entropy(x, [2, 0], "none")
    record(z.rule, Variable(array(2, 3) * 3.0))
    z.backward(np.ones(2))
    expected = x.softmax(1).value - np.eye(3)[[2, 0]]
    np.testing.assert_allclose(x.grad.value, expected, rtol=1e-14)


def test_shapes():
    x = Variable(array(2, 3, 4), requires_grad=True)
    a = x.value
    for z, expected in (
        (x.T, a.T),
        (x.transpose(0, -1), a.swapaxes(0, -1)),
        (x.permute(1, 2, 0), a.transpose(1, 2, 0)),
        (x.permute((1, 2, 0)), a.transpose(1, 2, 0)),
        (x.reshape(4, -1), a.reshape(4, -1)),
        (x.reshape([24]), a.reshape(24)),
        (x[:1].expand(5, -1, -1), np.broadcast_to(a[:1], (5, 3, 4))),
        (autograd.transpose(a, 0, 1), a.swapaxes(0, 1)),
        (autograd.stack([1.0, 2.0]), np.array([1.0, 2.0])),
        (autograd.sum([1.0, 2.0]), 3.0),
    ):
        assert np.array_equal(z.value if isinstance(z, Variable) else z, expected)
    assert Variable(2.0).T.shape == () and Variable(2.0).transpose(0, 0).shape == ()
    assert x.expand(2, 3, 4) is x


def test_numbers_are_joined_with_their_64_bits():
    x, y = Variable(0.1, requires_grad=True), Variable(2.0, requires_grad=True)
    z = autograd.stack([x, y, x])
    assert z.tolist() == [0.1, 2.0, 0.1]
    z.backward(np.array([1.0, 2.0, 4.0]))
    assert x.grad.item() == 5.0 and y.grad.value.__class__ is float
    assert x[None].tolist() == [0.1] and x[...].item() == 0.1


def test_integers_beside_arrays_of_integers_are_taken_first():
    a = array(2, 3, 4)
    x = Variable(a)
    assert np.array_equal(x[1, :, [0, 0]].value, a[1][:, [0, 0]])
    assert np.array_equal(x[..., [0, 2], 1].value, a[..., 1][:, [0, 2]])
    mask = np.array([[True, False, True], [False, True, False]])
    assert np.array_equal(x[mask, 2].value, a[..., 2][mask])
    assert np.array_equal(x[0, None, [1, 2]].value, a[0][None, [1, 2]])


# --- Losses -------------------------------------------------------------------------------------


def test_mse_loss():
    x = leaf(1.0, 4.0)
    loss = autograd.mse_loss(x, np.array([2.0, 2.0]))
    loss.backward()
    assert loss.item() == 2.5 and x.grad.tolist() == [-1.0, 2.0]
    assert autograd.mse_loss(x, x.value * 0, "sum").item() == 17.0
    assert autograd.mse_loss(x, x.value * 0, "none").tolist() == [1.0, 16.0]
    assert autograd.mse_loss(3.0, 1.0) == 4.0


def test_cross_entropy():
    numbers = [[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0]]
    x = Variable(np.array(numbers), requires_grad=True)
    expected = [-math.log(math.exp(row[k]) / sum(map(math.exp, row)))
                for row, k in zip(numbers, (2, 0), strict=True)]  # fmt: skip
    assert autograd.cross_entropy(x, [2, 0], "none").tolist() == pytest.approx(expected)
    loss = autograd.cross_entropy(x, Variable(np.array([2, 0])))
    assert loss.item() == pytest.approx(sum(expected) / 2)
    loss.backward()
    one_hot = np.array([[0, 0, 1], [1, 0, 0]])
    softmax = np.exp(numbers) / np.exp(numbers).sum(1, keepdims=True)
    np.testing.assert_allclose(x.grad.value, (softmax - one_hot) / 2, rtol=1e-14)
    same = autograd.cross_entropy(x, one_hot.astype(float), "sum")
    assert same.item() == pytest.approx(sum(expected))
    assert autograd.cross_entropy(x[0], one_hot[0] * 1.0).item() == pytest.approx(expected[0])
    assert autograd.cross_entropy(leaf(800.0, 0.0), 1).item() == 800.0
    deep = Variable(array(2, 3, 2, 2))
    target = np.array([[[0, 1], [2, 2]], [[1, 1], [0, 2]]])
    found = autograd.cross_entropy(deep, target, "none").value
    for n, i, j in np.ndindex(2, 2, 2):
        alone = autograd.cross_entropy(Variable(deep.value[n, :, i, j]), target[n, i, j])
        assert found[n, i, j] == pytest.approx(alone.item(), rel=1e-14)


def test_binary_cross_entropy_is_cross_entropy_of_two_classes():
    x, y = array(5) * 8 - 8, np.array([0.0, 1.0, 1.0, 0.0, 1.0])
    two = Variable(np.stack([0 * x, x], 1))
    assert autograd.binary_cross_entropy_with_logits(x, y, "none").tolist() == pytest.approx(
        autograd.cross_entropy(two, y.astype(int), "none").tolist()
    )


# --- Errors -------------------------------------------------------------------------------------

X = Variable(np.ones((2, 3)))


@pytest.mark.parametrize(
    "error, function, said",
    [
        (IndexError, lambda: X.sum(2), r"sum: dim=2 is no axis of the shape \(2, 3\)"),
        (RuntimeError, lambda: X.sum((0, 0)), r"sum: the shapes \(2, 3\) .*different axes"),
        (TypeError, lambda: X.sum("a"), "sum: dim must be an integer, or several, not 'a'"),
        (TypeError, lambda: X.max((0, 1)), r"max: dim must be an integer.*\(0, 1\)"),
        (TypeError, lambda: X.reshape(2.0, 3), "reshape: each length .*integer.*2.0"),
        (TypeError, lambda: X.permute([0, "a"]), "permute: each length or axis .*'a'"),
        (IndexError, lambda: X.softmax(-3), "softmax: dim=-3"),
        (RuntimeError, lambda: X.dot(X), r"dot: .*\(2, 3\).* use x @ y"),
        (RuntimeError, lambda: X.reshape(4), r"reshape: .*\(2, 3\).*\(4,\) must have as many"),
        (RuntimeError, lambda: X.expand(4, 3), r"expand: .*\(2, 3\).*not to \(4, 3\)"),
        (RuntimeError, lambda: X.expand(3), "expand"),
        (RuntimeError, lambda: X.permute(0, 0), "permute"),
        (IndexError, lambda: X.transpose(0, 2), "transpose: dim=2"),
        (IndexError, lambda: X[2], r"index: .*shape is \(2, 3\)"),
        (IndexError, lambda: X[Variable(0.5)], r"index: .*shape is \(2, 3\)"),
        (ValueError, lambda: X[:, ::0], "index: the step of a slice cannot be 0"),
        (IndexError, lambda: X[[5]], r"index: .*shape is \(2, 3\)"),
        (RuntimeError, lambda: autograd.cat([X, X[:, :1]]), r"cat: .*\(2, 3\) and \(2, 1\)"),
        (RuntimeError, lambda: autograd.cat([1.0, 2.0]), "stack"),
        (ValueError, lambda: autograd.cat([]), "cat"),
        (RuntimeError, lambda: autograd.stack([X, X[0]]), r"stack: .*\(2, 3\) and \(3,\)"),
        (RuntimeError, lambda: autograd.stack([]), "stack"),
        (TypeError, lambda: X @ "a", "matmul takes"),
        (ValueError, lambda: autograd.mse_loss(X, X[0]), r"mse_loss: .*\(2, 3\).*\(3,\)"),
        (TypeError, lambda: autograd.mse_loss(X, [1.0]), r"mse_loss takes .*Tensor\(\[\.\.\.\]\)"),
        (ValueError, lambda: autograd.mse_loss(X, X, "most"), "mse_loss: reduction"),
        (ValueError, lambda: autograd.cross_entropy(X, [0]), r"\(2, 3\) and the target \(1,\)"),
        (ValueError, lambda: autograd.cross_entropy(X, X[0] > 0), "of bool"),
        (ValueError, lambda: autograd.cross_entropy(X.sum(), 0), r"input has the shape \(\)"),
        (IndexError, lambda: autograd.cross_entropy(X, [0, 3]), "classes are 0 to 2"),
        (IndexError, lambda: autograd.cross_entropy(X, [0, -1]), "classes are 0 to 2"),
        (
            ValueError,
            lambda: autograd.binary_cross_entropy_with_logits(X, 1.0),
            r"binary_cross_entropy_with_logits: .*\(2, 3\) and the target \(\)",
        ),
    ],
)
def test_errors(error, function, said):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(error, match=said):
            function()
