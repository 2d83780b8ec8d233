"""The optimizers: PyTorch's numbers, their formulas by hand, and what errors say."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from autograd import Tensor, Variable, nn, optim
from autograd.lists import ListArray

STORED = json.loads(
    (Path(__file__).parents[1] / "reference" / "training.json").read_text(encoding="utf-8")
)


def kind(dtype):
    return ListArray if dtype is list else np.array


@pytest.mark.parametrize("dtype", ["float64", list])
@pytest.mark.parametrize("name", STORED["runs"])
def test_training_as_in_pytorch(name, dtype):
    run = STORED["runs"][name]
    model = nn.MLP(STORED["sizes"], dtype=dtype)
    parameters = dict(model.named_parameters())
    assert parameters.keys() == run["parameters"].keys()
    for key, x in parameters.items():
        x.data = kind(dtype)(STORED["start"][key])
    optimizer = getattr(optim, run["optimizer"])(model.parameters(), **run["settings"])
    y = kind(dtype)(STORED["y"])
    losses = []
    for _ in run["losses"]:
        optimizer.zero_grad()
        loss = ((model(STORED["x"]) - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses == pytest.approx(run["losses"], rel=1e-10)
    for key, x in parameters.items():
        found, expected = np.ravel(x.tolist()), np.ravel(run["parameters"][key])
        assert found == pytest.approx(expected, rel=1e-10, abs=1e-12), key


def test_the_runs_differ():
    """So that an optimizer that ignores a setting is found out."""
    ends = [run["losses"][-1] for run in STORED["runs"].values()]
    assert min(abs(a - b) for i, a in enumerate(ends) for b in ends[:i]) > 1e-3


FORMS = {
    "number": (lambda x: x, lambda x: x.item()),
    "array": (lambda x: np.array([x]), lambda x: x.tolist()[0]),
    "list": (lambda x: ListArray([x]), lambda x: x.tolist()[0]),
}


@pytest.mark.parametrize("form", FORMS)
def test_formulas(form):
    """Three steps with the gradients 2, -1, 4, against the formulas written out."""
    make, number = FORMS[form]

    def run(optimizer, **settings):
        x = Variable(make(1.0), requires_grad=True)
        steps = optimizer([x], **settings)
        for gradient in (2.0, -1.0, 4.0):
            steps.zero_grad()
            (x * gradient).sum().backward()
            steps.step()
        return number(x)

    near = {"rel": 1e-14}
    assert run(optim.SGD, lr=0.1) == pytest.approx(1 - 0.1 * (2 - 1 + 4), **near)
    velocities = 2, 0.5 * 2 - 1, 0.5 * (0.5 * 2 - 1) + 4
    momentum = run(optim.SGD, lr=0.1, momentum=0.5)
    assert momentum == pytest.approx(1 - 0.1 * sum(velocities), **near)
    x = m = v = 0.0
    for t, g in enumerate((2.0, -1.0, 4.0), 1):
        m, v = 0.5 * m + 0.5 * g, 0.75 * v + 0.25 * g**2
        x -= 0.1 * (m / (1 - 0.5**t)) / (math.sqrt(v / (1 - 0.75**t)) + 0.01)
    adam = run(optim.Adam, lr=0.1, betas=(0.5, 0.75), eps=0.01)
    assert adam == pytest.approx(1 + x, **near)


def test_the_first_step_of_adam_is_lr():
    for gradient in (1e-3, 7.0, -1e6):
        x = Variable(5.0, requires_grad=True)
        adam = optim.Adam([x])
        (x * gradient).backward()
        adam.step()
        assert 5.0 - x.item() == pytest.approx(math.copysign(0.001, gradient), rel=1e-4)


@pytest.mark.parametrize("make", [optim.SGD, optim.Adam])
def test_only_what_has_a_gradient_changes(make):
    x, y = Variable(1.0, requires_grad=True), Variable(2.0, requires_grad=True)
    optimizer = make(iter([x, y]), lr=0.5)
    (x * 3.0).backward()
    optimizer.step()
    assert x.item() < 1.0 and y.item() == 2.0
    assert x.requires_grad and x.is_leaf
    optimizer.zero_grad()
    assert x.grad is None
    before = x.item()
    optimizer.lr = 0.0
    (x * 3.0).backward()
    optimizer.step()
    assert x.item() == before


def test_momentum_is_not_the_gradient_itself():
    """What is kept must not change with a gradient that is zeroed and added to in place."""
    for start in (1.0, np.array([1.0]), ListArray([1.0])):
        x = Variable(start, requires_grad=True)
        sgd = optim.SGD([x], lr=1.0, momentum=0.5)
        for gradient in (2.0, 0.0):
            (x * gradient).sum().backward()
            sgd.step()
            x.grad.data.zero_()
        assert x.tolist() in (-2.0, [-2.0])  # 1 - 2 - 0.5 × 2


@pytest.mark.parametrize("start", [1.0, np.array([1.0]), ListArray([1.0])], ids=list(FORMS))
def test_a_step_is_in_place(start):
    """As in PyTorch: it shows in x.data taken before, and a graph from before is refused."""
    x = Variable(start, requires_grad=True)
    sgd, before = optim.SGD([x], lr=0.25), x.data
    loss = (x * x).sum()
    loss.backward(retain_graph=True)
    sgd.step()
    assert x.tolist() == before.tolist() and x.tolist() in (0.5, [0.5])
    with pytest.raises(RuntimeError, match="changed in place"):
        loss.backward()
    assert (x * x).requires_grad


def test_32_bits_stay():
    for make in (optim.SGD, optim.Adam):
        x = Tensor([1.0, 2.0])
        x.requires_grad = True
        optimizer = make([x], lr=0.1)
        (x * x).sum().backward()
        optimizer.step()
        assert x.value.dtype == np.float32


def test_bad_input():
    w = Variable(1.0, requires_grad=True)
    with pytest.raises(ValueError, match="parameters is empty"):
        optim.SGD([])
    with pytest.raises(TypeError, match=r"write \[w\]"):
        optim.SGD(w)
    with pytest.raises(TypeError, match=r"not 1\.0"):
        optim.Adam([w, 1.0])
    with pytest.raises(ValueError, match=r"leaves.*tensor\(2\., grad_fn"):
        optim.SGD([w * 2.0])
    with pytest.raises(ValueError, match="requires_grad=True, not data"):
        optim.SGD([Variable(1.0, name="data")])
    for wrong in (
        lambda: optim.SGD([w], lr=-0.1),
        lambda: optim.SGD([w], lr=math.nan),
        lambda: optim.SGD([w], momentum=-0.5),
        lambda: optim.Adam([w], lr=-1.0),
        lambda: optim.Adam([w], betas=(0.9, 1.0)),
        lambda: optim.Adam([w], betas=(-0.1, 0.9)),
        lambda: optim.Adam([w], eps=-1e-8),
    ):
        with pytest.raises(ValueError, match=r"(lr|momentum|betas|eps) is .*-?\d|nan"):
            wrong()
    with pytest.raises(NotImplementedError, match="says how a parameter changes"):
        optim.Optimizer([w], 0.1).update(1.0, 1.0, {})
