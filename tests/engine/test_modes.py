"""The engine: derivatives of derivatives, gradients of chosen nodes, hooks, changes in place."""

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest
import scalar_checks

import autograd
from autograd import Tensor, Variable, no_grad, tensor
from autograd.history import gradients
from autograd.rules import RULES
from autograd.variable import record

H = 1e-6
POINTS = ((0.7, 1.3, -0.6), (1.9, 0.4, 2.2), (0.3, 0.9, 1.1))


def array(*shape, start=0.5):
    """Return an array of different positive numbers."""
    return (np.arange(np.prod(shape, dtype=int)) * 0.35 + start).reshape(shape)


def slopes(function, variables, upstreams):
    """Return, at arrays, the gradients of upstream · function, recorded."""
    return gradients([function(*variables)], variables, [upstreams], create_graph=True)


def by_differences(function, arrays, upstream, weights):
    """Return d(weights · the gradients of upstream · function) / d each number, and upstream's."""

    def total(*moved):
        *inputs, given = (Variable(x, requires_grad=True) for x in moved)
        found = gradients([function(*inputs)], inputs, [given])
        return sum((w * g.value).sum() for w, g in zip(weights, found, strict=True))

    every = [*arrays, upstream]
    results = []
    for k, x in enumerate(every):
        result = np.zeros(np.shape(x))
        for place in np.ndindex(np.shape(x)):
            ends = []
            for step in (-H, H):
                moved = [np.array(y, float) for y in every]
                moved[k][place] += step
                ends.append(total(*moved))
            result[place] = (ends[1] - ends[0]) / (2 * H)
        results.append(result)
    return results


def check_second(function, *arrays):
    """Assert that the gradients of gradients agree with central differences, upstream's too."""
    variables = [Variable(x, requires_grad=True) for x in arrays]
    shape = function(*variables).shape
    upstream = Variable(array(*shape, start=-0.4), requires_grad=True)
    weights = [array(*x.shape, start=0.8 + i) for i, x in enumerate(arrays)]
    found = slopes(function, variables, upstream)
    total = sum([(w * g).sum() for w, g in zip(weights, found, strict=True)], Variable(0.0))
    seconds = gradients([total], [*variables, upstream], allow_unused=True)
    expected = by_differences(function, arrays, upstream.value, weights)
    for got, want in zip(seconds, expected, strict=True):
        got = np.zeros(np.shape(want)) if got is None else got.value
        assert got.shape == want.shape
        np.testing.assert_allclose(got, want, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", sorted(set(RULES) - {"where", "sign"}))
def test_second_derivatives_of_rules(name):
    n = len(scalar_checks.CASES[name][0][0])
    columns = [np.array(column) for column in zip(*POINTS, strict=True)][:n]
    check_second(lambda *inputs: record(RULES[name], *inputs), *columns)


@pytest.mark.parametrize("of_x, of_y", [((), (3,)), ((3,), (2, 3)), ((2, 1), (1, 3)), ((1,), ())])
def test_second_derivatives_with_broadcasting(of_x, of_y):
    check_second(lambda x, y: x * y**2.0, array(*of_x), array(*of_y, start=1.0))


@pytest.mark.parametrize(
    "of_x, of_y",
    [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((5, 2, 3), (3, 4))],
)
def test_second_derivatives_of_products(of_x, of_y):
    check_second(lambda x, y: (x @ y).exp(), 0.1 * array(*of_x), 0.1 * array(*of_y))


@pytest.mark.parametrize("key", [0, slice(1, None), (0, 1), [0, 0, 1], None])
def test_second_derivatives_of_elements(key):
    check_second(lambda x: x[key] ** 3.0, array(3, 3))


def test_second_derivatives_of_sums():
    check_second(lambda x: x.sum() ** 2.0 + x.mean() ** 3.0, array(2, 3))


def test_third_derivatives_of_a_product():
    x = Variable(array(2, 2), requires_grad=True)
    z = ((x @ x) @ x).sum()
    for _ in range(3):
        (z,) = gradients([z], [x], create_graph=True)
        z = (z * array(2, 2, start=0.9)).sum()
    v = array(2, 2, start=0.9)
    # the third differential of x ↦ x³ in the direction v, three times, is 6 v³
    assert z.item() == pytest.approx(6 * (v @ v @ v).sum())


def test_a_number_among_arrays():
    w = Variable(2.0, requires_grad=True)
    x = Variable(array(3), requires_grad=True)
    (slope,) = gradients([(w * w * x).sum()], [w], create_graph=True)
    assert slope.value.__class__ is float
    (second,) = gradients([slope], [w])
    assert second.value.__class__ is float
    assert second.item() == pytest.approx(2 * x.value.sum())


def test_create_graph_fills_grad():
    x = Variable(array(2), requires_grad=True)
    (x**3.0).sum().backward(create_graph=True)
    assert x.grad.requires_grad
    first = x.grad
    x.grad = None
    first.sum().backward()
    np.testing.assert_allclose(x.grad.value, 6 * x.value)
    single = Variable(Tensor([1.0]), requires_grad=True)
    (single * Variable(np.ones(1))).sum().backward(create_graph=True)
    assert single.grad.value.dtype == np.float32


def test_gradients_of_arrays_are_not_shared():
    x = Variable(array(2), requires_grad=True)
    y, z = x * 2.0, x * 3.0
    of_y, of_z = gradients([(y + z).sum()], [y, z])
    of_y.zero_()
    assert of_z.tolist() == [1.0, 1.0]


def test_only_what_is_needed_is_visited():
    x = Variable(array(2), requires_grad=True)
    y = x.exp()
    z = (y * y).sum()
    (of_y,) = gradients([z], [y])
    assert of_y.tolist() == pytest.approx((2 * y.value).tolist())
    (of_x,) = gradients([y.sum()], [x])  # y's own node was not visited before
    assert of_x.tolist() == pytest.approx(y.tolist())
    assert x.grad is None
    with pytest.raises(RuntimeError, match="second backward"):
        gradients([z], [x])


def test_several_outputs():
    x = Variable(array(2), requires_grad=True)
    upstream = Variable(array(2), requires_grad=True)
    found = gradients([x * x, x.sum(), x], [x], [upstream, None, np.ones(2)])
    assert found[0].tolist() == pytest.approx((2 * x.value * upstream.value + 2).tolist())
    assert autograd.maximum(x, 0.0).shape == (2,)


# --- Modes --------------------------------------------------------------------------------------


def test_an_operator_changes_a_number_in_place():  # MicroPython has only += and -=
    x = given = Variable(6.0)
    x *= 2
    x /= Variable(8.0)
    assert x is given and x.item() == 1.5
    w = leaf = Variable(2.0, requires_grad=True)
    with no_grad():
        w *= 3.0
        w /= 2.0
    assert w is leaf and w.item() == 3.0 and w.requires_grad


def test_changes_of_arrays_in_place():
    given = array(2, 3)
    x = Variable(given)
    x += 1.0
    x -= Variable(np.ones(3))
    x *= np.full((2, 1), 2.0)
    x /= 4
    assert x.value is given
    np.testing.assert_allclose(given, array(2, 3) / 2)
    assert x.fill_(2.0).tolist() == [[2.0] * 3] * 2
    assert x.copy_(np.arange(3)).tolist() == [[0.0, 1.0, 2.0]] * 2
    x[0, 1:] = 7.0
    x[x < 1.0] = Variable(5.0)
    x[1] += 0.5
    assert x.tolist() == [[5.0, 7.0, 7.0], [5.5, 1.5, 2.5]]
    with pytest.raises(RuntimeError, match=r"shape \(2, 3\).*type int64.*in place"):
        Variable(np.ones((2, 3), np.int64)).add_(0.5)
    with pytest.raises(RuntimeError, match=r"shape \(2, 3\).*shape \(3,\)"):
        Variable(np.ones(3)).add_(x)
    with pytest.raises(RuntimeError, match=r"shape \(2, 3\)"):
        Variable(1.0).add_(x)
    with pytest.raises(RuntimeError, match="shapes"):
        x.add_(np.ones(2))
    with pytest.raises(IndexError):
        x[5] = 1.0
    with pytest.raises(TypeError, match="real numbers"):
        x[0] = "a"
    with pytest.raises(IndexError, match="one number"):
        Variable(1.0)[0] = 2.0
    assert Variable(1.0).add_(np.array([2.0])[0]).item() == 3.0


def test_changes_in_place_and_gradients():
    w = Variable(array(3), requires_grad=True)
    x = Variable(array(3))
    with pytest.raises(RuntimeError, match="no_grad"):
        w[0] = 1.0
    with pytest.raises(RuntimeError, match="z = x"):
        x[0] = w[1]
    with no_grad():
        w[0] = 1.0
        w -= 0.5
    assert w.tolist() == pytest.approx([0.5, 0.35, 0.7])
    kept = x
    x += w
    assert x is not kept and x.requires_grad
    x.sum().backward()
    assert w.grad.tolist() == [1.0, 1.0, 1.0]


def change_elements(x):
    x[1:] = 0.0


@pytest.mark.parametrize(
    "change",
    [
        change_elements,
        lambda x: x.add_(1.0),
        lambda x: x.detach().mul_(2.0),
        lambda x: x.data.detach().zero_(),
        lambda x: x[1:].zero_(),
        lambda x: x.detach().reshape(3, 1)[0].add_(1.0),
    ],
)
def test_damage_of_arrays_is_noticed(change):
    w = Variable(array(3), requires_grad=True)
    x = Variable(array(3))
    z = (x * w).sum()
    change(x)
    with pytest.raises(RuntimeError, match="mul needs an input as it was"):
        z.backward()
    z = w.exp()
    with no_grad():
        change(z)
    with pytest.raises(RuntimeError, match="exp needs its result as it was"):
        z.sum().backward()
    z = (x + w).sum()
    change(x)
    z.backward()
    assert w.grad.tolist() == [1.0, 1.0, 1.0]


def test_detach_keeps_no_graph_alive():
    gc.collect()
    w = Variable(array(3), requires_grad=True)
    z = (w * w).sum()
    graph = weakref.ref(z)
    kept = z.detach()
    del z
    assert graph() is None
    assert kept.item() == (w.value**2).sum()
    kept.zero_()
    assert kept.item() == 0.0


def test_detached_arrays():
    x = Variable(array(2), requires_grad=True)
    view = x.detach()
    x.data = x.data * 2.0
    assert view.tolist() == array(2).tolist() and x.tolist() == (2 * array(2)).tolist()
    view.zero_()
    assert x.tolist() == (2 * array(2)).tolist()


def test_numpy():
    x = Variable(array(2))
    assert x.numpy() is x.value
    assert Variable(2.0).numpy() == 2.0 and Variable(2.0).numpy().shape == ()
    w = Variable(array(2), requires_grad=True)
    with pytest.raises(RuntimeError, match=r"x\.detach\(\)\.numpy\(\)"):
        w.numpy()
    assert w.detach().numpy() is w.value


def test_tensor():
    assert tensor([1.0, 2.0]).value.dtype == np.float32
    assert tensor([1, 2]).value.dtype == np.int64
    for given in (array(2), np.ones(2, np.float32), Variable(array(2), requires_grad=True)):
        x = tensor(given)
        values = getattr(given, "value", given)
        assert x.value is not values and x.value.dtype == values.dtype and not x.requires_grad
        assert x.tolist() == values.tolist()
    assert tensor(array(2), requires_grad=True).requires_grad
    with pytest.raises(RuntimeError, match="floating-point"):
        tensor([1, 2], requires_grad=True)
    with pytest.raises(RuntimeError, match="floating-point"):
        Variable(np.arange(2)).requires_grad_()


def test_arrays_of_variables():
    x = Variable(array(2))
    assert np.asarray(x) is x.value and np.array(x) is not x.value
    assert np.asarray(x, np.float32).dtype == np.float32
    assert np.array([Variable(1.0), Variable(2.0)]).tolist() == [1.0, 2.0]
    assert tensor([Variable(1.0), Variable(2.0)]).tolist() == [1.0, 2.0]
    assert int(Variable(np.array([3.7]))) == 3 and int(Variable(2.0)) == 2
    with pytest.raises(RuntimeError, match="detach"):
        np.asarray(Variable(1.0, requires_grad=True))


def test_masks_are_combined():
    x = Variable(array(4))
    inside = (x > 0.5) & (x < 1.5)
    assert inside.tolist() == [False, True, True, False]
    assert x[inside].shape == x[~inside].shape == (2,)
    assert (inside | (x > 0.0)).tolist() == [True] * 4
    assert (inside ^ inside.value).tolist() == [False] * 4
    with pytest.raises(TypeError):
        ~x  # noqa: B018


def test_integers_that_are_said_to_require_a_gradient():
    """An assignment is not checked; but what arrives must not be cut to integers."""
    x = Variable(np.array([1, 2]))
    x.requires_grad = True
    (x * 0.25).sum().backward()
    assert x.grad.tolist() == [0.25, 0.25]


def test_a_graph_with_hooks_is_freed_when_dropped():
    gc.collect()
    w = Variable(array(2), requires_grad=True)
    z = w * 2.0
    hook = z.register_hook(lambda gradient: None)
    graph = weakref.ref(z)
    del z
    assert graph() is None
    hook.remove()


def test_bad_gradients():
    x = Variable(array(2), requires_grad=True)
    with pytest.raises(TypeError, match=r"backward\(gradient\): .* numbers, not 'a'"):
        (x * 2.0).backward("a")
    with pytest.raises(RuntimeError, match=r"shape \(2,\) and its result is one number"):
        (Variable(2.0, requires_grad=True) * 2.0).backward(np.ones(2))


def test_hooks_and_retain_grad_of_arrays():
    x = Variable(array(2), requires_grad=True)
    y = x * 2.0
    y.retain_grad()
    y.register_hook(lambda gradient: gradient * np.array([1.0, 0.0]))
    x.register_hook(lambda gradient: [3.0, 4.0] if gradient.tolist() == [2.0, 0.0] else None)
    (y + 1.0).sum().backward()
    assert y.grad.tolist() == [1.0, 0.0] and x.grad.tolist() == [3.0, 4.0]
    y.grad.zero_()
    assert x.grad.tolist() == [3.0, 4.0]
    x.register_hook(lambda gradient: np.ones(3))
    with pytest.raises(RuntimeError, match=r"shape \(3,\)"):
        (x * 2.0).sum().backward()
    w = Variable(1.0, requires_grad=True)
    with pytest.raises(RuntimeError, match=r"shape \(1,\) and its result is one number"):
        (w * 2.0).backward(np.ones(1))


def test_damage_shows_in_a_slice():
    x = Variable(array(3))
    part = x[1:]
    w = Variable(array(2), requires_grad=True)
    z = (part * w).sum()
    x.add_(1.0)
    with pytest.raises(RuntimeError, match="in place"):
        z.backward()
    y = x[1:]
    with no_grad():
        kept = (w * 2.0)[:1]
    kept.zero_()
    (y * w).sum().backward()  # kept has no part in it
    assert w.grad.tolist() == y.tolist()


def test_copies():
    w = Variable(array(2), requires_grad=True, name="w")
    (w * w).sum().backward()
    for made in (copy.deepcopy(w), pickle.loads(pickle.dumps(w))):
        assert made.requires_grad and made.name == "w" and made.value is not w.value
        assert made.grad.tolist() == w.grad.tolist()
    for x in (w.data, (w * w).detach(), Variable(2.0, requires_grad=True).detach()):
        for made in (copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
            made.zero_()
            assert np.any(x.value) and made.is_leaf and not made.requires_grad
