"""Layers and networks: shapes, gradients, first weights, and arrays made of lists."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from micropython import MicroPython

import autograd
from autograd import Variable, graph, nn, optim
from autograd.lists import ListArray

ROOT = Path(__file__).parents[2]
TABLES = json.loads((ROOT / "tests/reference/tables.json").read_text(encoding="utf-8"))
DTYPES = ["float64", list]
close = {"rel": 1e-12, "abs": 1e-15}


def kind(dtype):
    """Return what makes an array of `dtype` from nested lists."""
    return ListArray if dtype is list else lambda numbers: np.array(numbers, dtype)


def flat(x):
    return np.ravel(x.tolist())


# --- The package --------------------------------------------------------------------------------


@pytest.mark.parametrize("lines", ["import autograd.nn, autograd.optim", "import autograd"])
def test_networks_do_without_numpy(lines):
    code = f"""{lines}
import sys
model = autograd.nn.MLP([2, 3, 1], dtype=list)
adam = autograd.optim.Adam(model.parameters())
(model([[1, 2], [3, 4]]) ** 2).mean().backward()
adam.step()
assert "numpy" not in sys.modules
autograd.nn.Linear(2, 3)
assert "numpy" in sys.modules"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_import_autograd_alone_leaves_them_out():
    code = "import autograd, sys; assert not {'autograd.nn', 'autograd.optim'} & {*sys.modules}"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


# --- Linear -------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(3,), (1, 3), (5, 3), (2, 4, 3)])
@pytest.mark.parametrize("bias", [True, False])
def test_linear_is_the_formula(shape, bias):
    x = (np.arange(math.prod(shape)) * 0.3 - 1.0).reshape(shape)
    results = []
    for dtype in DTYPES:
        layer = nn.Linear(3, 2, bias=bias, dtype=dtype, generator=nn.Generator(7))
        point = Variable(kind(dtype)(x.tolist()), requires_grad=True)
        z = layer(point)
        weight = np.array(layer.weight.tolist())
        expected = x @ weight.T + (np.array(layer.bias.tolist()) if bias else 0.0)
        assert z.shape == expected.shape
        assert flat(z) == pytest.approx(expected.ravel(), **close)
        upstream = np.cos(np.arange(expected.size)).reshape(expected.shape)
        z.backward(kind(dtype)(upstream.tolist()))
        assert point.grad.shape == shape
        assert flat(point.grad) == pytest.approx((upstream @ weight).ravel(), **close)
        rows = upstream.reshape(-1, 2)
        found = layer.weight.grad
        assert flat(found) == pytest.approx((rows.T @ x.reshape(-1, 3)).ravel(), **close)
        if bias:
            assert layer.bias.grad.shape == (2,)
            assert flat(layer.bias.grad) == pytest.approx(rows.sum(0), **close)
        else:
            assert layer.bias is None
        results.append(flat(z))
    assert results[0] == pytest.approx(results[1], **close)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_network_against_central_differences(dtype):
    model = nn.MLP([2, 3, 2], autograd.sigmoid, dtype=dtype, generator=nn.Generator(3))
    x, h = [[0.5, -1.0], [2.0, 0.25]], 1e-6

    def loss():
        return (model(x) ** 2).sum()

    loss().backward()
    for name, parameter in model.named_parameters():
        numbers = np.array(parameter.tolist())
        found = np.array(parameter.grad.tolist())
        for place in np.ndindex(numbers.shape):
            moved = []
            for step in (h, -h):
                shifted = numbers.copy()
                shifted[place] += step
                parameter.data = kind(dtype)(shifted.tolist())
                moved.append(loss().item())
            parameter.data = kind(dtype)(numbers.tolist())
            slope = (moved[0] - moved[1]) / (2 * h)
            assert found[place] == pytest.approx(slope, rel=1e-6, abs=1e-8), (name, place)


def test_no_samples_are_no_error():
    for none in (np.zeros((0, 3)), ListArray([], (0, 3))):
        dtype = list if isinstance(none, ListArray) else "float64"
        model = nn.MLP([3, 2, 1], dtype=dtype)
        z = model(none)
        assert z.shape == (0, 1) and z.tolist() == []
        z.sum().backward()
        for x in model.parameters():
            assert x.grad.shape == x.shape and not any(flat(x.grad))


def test_linear_keeps_32_bits():
    layer = nn.Linear(2, 3)
    z = layer([[1, 2]])
    assert layer.weight.value.dtype == layer.bias.value.dtype == z.value.dtype == np.float32
    z.sum().backward()
    assert layer.weight.grad.value.dtype == layer.bias.grad.value.dtype == np.float32


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_change_in_place_is_noticed(dtype):
    layer = nn.Linear(2, 3, dtype=dtype)
    x = Variable(kind(dtype)([[1.0, 2.0]]))
    z = layer(x).sum()
    x.zero_()
    with pytest.raises(RuntimeError, match=r"derivative of linear.*changed in place"):
        z.backward()
    z = layer(x).sum()
    z.backward()
    with pytest.raises(RuntimeError, match=r"second backward.*at linear"):
        z.backward()
    with autograd.no_grad():
        z = layer(x)
        assert not z.requires_grad and z.rule is None


def test_what_does_not_fit_names_the_layer():
    for dtype in DTYPES:
        for x in ([[1.0, 2.0, 3.0]], [1.0], [[]]):
            with pytest.raises(RuntimeError, match=r"Linear\(in_features=2, out_features=8, bias="):
                nn.MLP([2, 8, 1], dtype=dtype)(x)
    with pytest.raises(RuntimeError, match=r"the shape \(5, 3\).*last axis must be in_features"):
        nn.Linear(2, 8)(np.zeros((5, 3)))
    with pytest.raises(RuntimeError, match=r"the shape \(\)"):
        nn.Linear(2, 8)(Variable(1.0))
    with pytest.raises(TypeError, match=r"Linear\(in_features=2.*dtype"):
        nn.Linear(2, 8, dtype=list)(Variable(np.zeros((1, 2))))
    with pytest.raises(TypeError, match=r"Linear\(in_features=2.*dtype"):
        nn.Linear(2, 8)(ListArray([[1.0, 2.0]]))
    for sizes in ((0, 2), (2, 2.5), (2, -1), ("2", 1)):
        with pytest.raises(ValueError, match="1 or more inputs"):
            nn.Linear(*sizes)
    with pytest.raises(ValueError, match=r"xavier.*not 'best'"):
        nn.Linear(2, 2, init="best")
    with pytest.raises(ValueError, match=r"not \[2\]"):
        nn.MLP([2])
    with pytest.raises(TypeError, match=r"autograd\.tanh, not 'tanh'"):
        nn.MLP([2, 1], "tanh")
    with pytest.raises(TypeError, match="numbers in nested lists"):
        nn.Linear(2, 2, dtype=list)([[1.0, "2"]])


# --- First weights ------------------------------------------------------------------------------


def test_random_numbers():
    """The first outputs of SplitMix64 from the seed 1234567, as its author's program has them."""
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    generator = nn.Generator(1234567)
    assert [generator.uniform(0.0, 1.0) for _ in published] == [
        (number >> 11) / 2**53 for number in published
    ]
    assert generator.manual_seed(2).uniform(-3.0, 5.0) == nn.Generator(2).uniform(0.0, 1.0) * 8 - 3
    numbers = [generator.uniform(-2.0, 2.0) for _ in range(4000)]
    assert -2.0 <= min(numbers) < -1.99 and 1.99 < max(numbers) < 2.0
    assert np.mean(numbers) == pytest.approx(0.0, abs=0.06)
    assert np.var(numbers) == pytest.approx(16 / 12, rel=0.05)


@pytest.mark.parametrize(
    "init, bound, biased",
    [
        ("default", 1 / math.sqrt(40), True),
        ("zeros", 0.0, False),
        ("small", 0.1 / math.sqrt(40), False),
        ("large", 10 / math.sqrt(40), False),
        ("xavier", math.sqrt(6 / (40 + 60)), False),
        ("he", math.sqrt(6 / 40), False),
    ],
)
def test_first_weights(init, bound, biased):
    layer = nn.Linear(40, 60, init=init, dtype=list, generator=nn.Generator(0))
    weights, biases = flat(layer.weight), flat(layer.bias)
    assert max(abs(weights)) <= bound and max(abs(weights)) == pytest.approx(bound, rel=0.01)
    assert np.var(weights) == pytest.approx(bound**2 / 3, rel=0.05)
    assert max(abs(biases)) <= bound
    assert np.var(biases) == pytest.approx(bound**2 / 3 if biased else 0.0, rel=0.4)


def test_every_first_weight_is_tested():
    tested = {"default", "zeros", "small", "large", "xavier", "he"}
    assert set(nn.INITS) == tested


def test_a_run_can_be_repeated():
    def numbers(**settings):
        return flat(nn.Linear(2, 3, dtype="float64", **settings).weight).tolist()

    assert numbers(generator=nn.Generator(1)) == numbers(generator=nn.Generator(1))
    assert numbers(generator=nn.Generator(1)) != numbers(generator=nn.Generator(2))
    nn.manual_seed(1)
    first, second = numbers(), numbers()
    assert first == numbers(generator=nn.Generator(1)) != second
    nn.manual_seed(1)
    assert numbers() == first
    layers = nn.MLP([3, 3, 3], generator=nn.Generator(0)).layers
    assert layers[0].weight.tolist() != layers[1].weight.tolist()


# --- Module -------------------------------------------------------------------------------------


class Shared(nn.Module):
    """A parameter in two places, modules in lists, and attributes that are no parameters."""

    def __init__(self):
        self.z_first = Variable(1.0, requires_grad=True)
        self.pair = ([nn.Linear(1, 1)], {"not": "searched"})
        self.again = self.z_first
        self.constant = Variable(2.0)
        self.a_last = Variable(3.0, requires_grad=True)
        self.z_first = self.again  # set again: it keeps its place
        self.computed = self.z_first * 2.0


def test_parameters():
    module = Shared()
    names = ["z_first", "pair.0.0.weight", "pair.0.0.bias", "a_last"]
    assert [name for name, _ in module.named_parameters()] == names
    assert [id(x) for x in module.parameters()] == [id(x) for _, x in module.named_parameters()]
    assert module.a_last in set(module.parameters())
    with pytest.raises(NotImplementedError, match="Shared has no forward"):
        module(1.0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_zero_grad(dtype):
    model = nn.MLP([2, 2, 1], dtype=dtype)
    model([[1.0, 2.0]]).backward()
    assert all(x.grad is not None for x in model.parameters())
    model.zero_grad()
    assert all(x.grad is None for x in model.parameters())


def test_the_graph_of_a_network_can_be_asked():
    for dtype in DTYPES:
        model = nn.MLP([2, 3, 1], dtype=dtype)
        loss = (model([[1.0, 2.0], [0.5, -1.0]]) - 1.0).mean()
        loss.backward()
        g = graph(loss)
        operations = [node.op for node in g.backward_order if node.inputs]
        assert operations == ["mean", "sub", "add", "linear", "tanh", "add", "linear"]
        for x in model.parameters():
            assert flat(g.node(x).grad) == pytest.approx(flat(x.grad), **close)
        hidden = g.nodes[[node.op for node in g.nodes].index("tanh")]
        z = np.array(hidden.value.tolist())
        assert flat(hidden.inputs[0].local) == pytest.approx((1 - z * z).ravel(), **close)
    assert "grad_fn=<LinearBackward0>" in repr(nn.Linear(1, 1, bias=False)([[1.0]]))


def test_gradients_of_gradients():
    """For one layer, d sum((xWᵀ + b)²) / dx is 2 (xWᵀ + b) W; its sum is differentiated again."""
    layer = nn.Linear(3, 2, dtype="float64", generator=nn.Generator(1))
    x = Variable(np.array([[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]]), requires_grad=True)
    (layer(x) ** 2.0).sum().backward(create_graph=True)
    w, b = layer.weight.value, layer.bias.value
    assert x.grad.value == pytest.approx(2 * (x.value @ w.T + b) @ w, **close)
    slope, ones = x.grad.sum(), np.ones_like(x.value)
    model_gradients = [layer.weight.grad, layer.bias.grad]
    layer.zero_grad()
    x.grad = None
    slope.backward()
    assert all(found.requires_grad for found in model_gradients)
    assert x.grad.value == pytest.approx(2 * ones @ w.T @ w, **close)
    assert layer.bias.grad.value == pytest.approx(2 * (ones @ w.T).sum(0), **close)
    z = x.value @ w.T + b
    expected = 2 * (z.T @ ones + (ones @ w.T).T @ x.value)
    assert layer.weight.grad.value == pytest.approx(expected, **close)


def test_gradients_of_gradients_need_more_than_lists():
    x = Variable(ListArray([1.0, 2.0]), requires_grad=True)
    with pytest.raises(RuntimeError, match=r"create_graph=True.*not ListArrays"):
        (x * x).sum().backward(create_graph=True)
    with pytest.raises(RuntimeError, match=r"create_graph=True.*not ListArrays"):
        (x * x).backward(ListArray([1.0, 1.0]), create_graph=True)


# --- Mazur's network ----------------------------------------------------------------------------

FORWARD, TRAINED = (
    next(entry for entry in TABLES if entry["name"].startswith("Mazur 2-2-2 network, " + name))
    for name in ("forward", "one update")
)


class Mazur(nn.Module):
    """Two layers, each with one bias for both of its neurons."""

    def __init__(self, dtype):
        given = FORWARD["inputs"]
        self.layers = [nn.Linear(2, 2, dtype=dtype) for _ in range(2)]
        for k, layer in enumerate(self.layers):
            w = [given[f"w{4 * k + i}"] for i in (1, 2, 3, 4)]
            layer.weight.data = kind(dtype)([w[:2], w[2:]])
            layer.bias = Variable(given[f"b{k + 1}"], requires_grad=True)
        self.x = [[given["i1"], given["i2"]]]
        self.target = kind(dtype)([[given["t1"], given["t2"]]])

    def forward(self, x):
        for layer in self.layers:
            x = autograd.sigmoid(layer(x))
        return x

    def loss(self):
        return (0.5 * (self(self.x) - self.target) ** 2).sum()

    def weights(self):
        return [layer.weight for layer in self.layers]

    def train(self, parameters, rounds):
        sgd = optim.SGD(parameters, lr=TRAINED["inputs"]["lr"])
        for _ in range(rounds):
            sgd.zero_grad()
            self.loss().backward()
            sgd.step()
        return self.loss().item()


@pytest.mark.parametrize("dtype", DTYPES)
def test_mazur(dtype):
    model, expected = Mazur(dtype), FORWARD["expected"]
    loss = model.loss()
    assert loss.item() == pytest.approx(expected["values"]["E"], **close)
    assert model(model.x).tolist()[0] == pytest.approx(
        [expected["values"][name] for name in ("o1", "o2")], **close
    )
    loss.backward()
    gradients = [x for layer in model.layers for x in flat(layer.weight.grad)]
    assert gradients == pytest.approx(
        [expected["gradients"][f"w{i}"] for i in range(1, 9)], **close
    )
    assert [layer.bias.grad.item() for layer in model.layers] == pytest.approx(
        [expected["gradients"][name] for name in ("b1", "b2")], **close
    )

    expected = TRAINED["expected"]
    assert model.train(model.weights(), 1) == pytest.approx(expected["E_after_one"], **close)
    assert [x for weight in model.weights() for x in flat(weight)] == pytest.approx(
        list(expected["weights_after_one"].values()), **close
    )
    with_biases = Mazur(dtype)
    assert with_biases.train(with_biases.parameters(), 1) == pytest.approx(
        expected["E_after_one_if_biases_updated_too"], **close
    )


@pytest.mark.no_cover
def test_mazur_ten_thousand_rounds():
    model, expected = Mazur(list), TRAINED["expected"]["after_10000"]
    assert model.train(model.weights(), 10_000) == pytest.approx(expected["E"], rel=1e-9)
    found = [x for weight in model.weights() for x in flat(weight)]
    assert found == pytest.approx(expected["weights"], rel=1e-9)


# --- Arrays of lists ----------------------------------------------------------------------------

OPERATIONS = [
    lambda m, x, y: x + y * 2.0 - 3.0,
    lambda m, x, y: (2.0 - x) / (y * y + 1.0),
    lambda m, x, y: x**2 + 2.0**y + abs(x),
    lambda m, x, y: -m.exp(x) * m.sin(y) + m.cos(x) / 2.0,
    lambda m, x, y: m.tanh(x) + m.sigmoid(y) + m.relu(x),
    lambda m, x, y: m.log(m.sqrt(x * x + 1.0)) + y.tanh(),
    lambda m, x, y: m.maximum(x, y) * m.minimum(y, 0.5) + m.where(x > 0.0, x, y),
]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("shapes", [((2, 3), (2, 3)), ((3,), (2, 3)), ((2, 3), ()), ((), (4,))])
@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_lists_against_arrays(operation, shapes, reduction):
    found = []
    for make in (ListArray, np.array):
        inputs = [
            Variable(make(numbers.tolist()) if shape else numbers.item(), requires_grad=True)
            for shape, offset in zip(shapes, (0.25, -0.4), strict=True)
            for numbers in [np.sin(np.arange(math.prod(shape)) + offset).reshape(shape)]
        ]
        z = operation(autograd, *inputs)
        result = getattr(z, reduction)()
        result.backward()
        assert [x.grad.shape for x in inputs] == list(shapes)
        found.append([*flat(z), result.item(), *(g for x in inputs for g in flat(x.grad))])
    assert found[0] == pytest.approx(found[1], **close)


def test_lists():
    x = ListArray([[1, 2, 3], [4, 5, 6]])
    assert repr(x) == "ListArray([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])"
    assert x.T.tolist() == [[1, 4], [2, 5], [3, 6]] and x.rows() == x.tolist()
    assert x.reshape((3, -1)).tolist() == [[1, 2], [3, 4], [5, 6]]
    cube = ListArray([[[1], [2]], [[3], [4]]])
    assert cube.shape == (2, 2, 1) and cube.tolist() == [[[1], [2]], [[3], [4]]]
    assert ListArray([]).shape == (0,) and ListArray([[], []]).tolist() == [[], []]
    assert (2.0**x / 2 - x).tolist() == [[0, 0, 1], [4, 11, 26]]
    assert repr(Variable(x)) == "tensor([[1., 2., 3.],\n        [4., 5., 6.]])"
    assert Variable(ListArray([[7]])).item() == 7.0
    for wrong in (1.0, "abc", [[1], [1, 2]], [[1], 2], [1, [2]], [1, "2"], [None]):
        with pytest.raises(TypeError, match="nested lists of equal lengths"):
            ListArray(wrong)


def test_what_lists_cannot_do_is_said():
    x = Variable(ListArray([[1.0, 2.0, 3.0]]), requires_grad=True)
    with pytest.raises(RuntimeError, match=r"add: the shapes \(1, 3\) and \(2,\) do not fit"):
        x + ListArray([1.0, 2.0])
    with pytest.raises(RuntimeError, match=r"mul: the shapes \(1, 3\) and \(3, 1\) do not fit"):
        x * ListArray([[1.0], [2.0], [3.0]])
    with pytest.raises(RuntimeError, match=r"matmul: the shapes \(1, 3\) and \(1, 3\) do not fit"):
        x.value @ x.value
    with pytest.raises(TypeError, match="tolist"):
        x[0]
    with pytest.raises(RuntimeError, match=r"the shape \(1, 3\); take its \.sum\(\)"):
        (x * 2.0).backward()
    with pytest.raises(RuntimeError, match=r"the gradient has the shape \(\)"):
        (x * 2.0).backward(1.0)
    with pytest.raises(RuntimeError, match=r"holds 3 \(its shape"):
        x.item()


def test_leaves_do_not_share_a_gradient():
    x, y = (Variable(ListArray([1.0, 2.0]), requires_grad=True) for _ in range(2))
    (x + y).sum().backward()
    x.grad.data.zero_()
    assert x.grad.tolist() == [0.0, 0.0] and y.grad.tolist() == [1.0, 1.0]
    (x + y).backward(ListArray([1.0, -1.0]))
    assert x.grad.tolist() == [1.0, -1.0] and y.grad.tolist() == [2.0, 0.0]


def test_all_numbers_are_put_in_place():
    x = ListArray([[1.0, 2.0], [3.0, 4.0]])
    for other, numbers in (
        (5, [[5, 5], [5, 5]]),
        (ListArray([6.0, 7.0]), [[6, 7], [6, 7]]),
        (ListArray([[1.0, 2.0], [3.0, 4.0]]), [[1, 2], [3, 4]]),
    ):
        Variable(x).copy_(other)
        assert x.tolist() == numbers
    with pytest.raises(RuntimeError, match=r"\(1, 2, 2\) do not fit into .*\(2, 2\)"):
        Variable(x).copy_(ListArray([[[1.0, 2.0], [3.0, 4.0]]]))
    with pytest.raises(TypeError, match=r"one by one; use x\.copy_"):
        Variable(x)[0] = 1.0
    assert x.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_no_gradient_passes_what_stops_it():
    x = Variable(ListArray([0.0, 1.0]), requires_grad=True)
    autograd.relu(x).backward(ListArray([math.inf, 2.0]))
    assert x.grad.tolist() == [0.0, 2.0]


# --- MicroPython --------------------------------------------------------------------------------

TRAINING = """
import autograd
from autograd import nn, optim

for init in sorted(nn.INITS):
    for make in (optim.SGD, optim.Adam):
        model = nn.MLP([2, 5, 4, 1], autograd.relu, init=init, dtype=list,
                       generator=nn.Generator(5))
        steps = make(model.parameters(), lr=0.01)
        for _ in range(10):
            steps.zero_grad()
            loss = ((model([[0.5, -1.0], [1.5, 2.0]]) - nn.ListArray([[1.0], [0.0]])) ** 2).mean()
            loss.backward()
            steps.step()
        print(loss.item())
        for name, x in model.named_parameters():
            print(name, *[v for v in x.value.numbers])
"""


def test_the_same_in_micropython(capsys):
    with MicroPython() as python:
        theirs = python.run(TRAINING).split()
    exec(TRAINING, {})
    ours = capsys.readouterr().out.split()
    assert len(ours) == len(theirs) > 500
    for a, b in zip(ours, theirs, strict=True):
        assert a == b or float(a) == pytest.approx(float(b), rel=1e-9, abs=1e-15)
