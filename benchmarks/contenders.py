"""The same work for every contender: three tasks, each written as each of the modules wants it.

    python benchmarks/contenders.py TASK NAME

is a process of engine.py: it prints a number that all contenders of the task must agree on, and
then, for each line that it is sent, the seconds that a step takes.
"""

import itertools
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

Found = tuple[Any, Iterable[Any]]  # the loss (or the weight) and the gradients
Step = Callable[[], Found]

# --- The lecture's loop: one weight, one sample a step ------------------------------------------

X, Y = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]
LR = 0.01
EPOCHS = 300


def samples() -> Iterable[tuple[float, float]]:
    """The lecture's samples, epoch after epoch."""
    return itertools.chain.from_iterable(itertools.repeat(list(zip(X, Y, strict=True)), EPOCHS))


def lecture_numpy() -> Step:
    """By hand; for one number a programmer takes no array."""

    def train() -> Found:
        w = 1.0
        for x, y in samples():
            w = w - LR * 2 * x * (x * w - y)
        return w, []

    return train


def as_in_pytorch(variable: Callable[[], Any]) -> Step:
    """The lines that the lecture has."""

    def train() -> Found:
        w = variable()

        def forward(x):
            return x * w

        def loss(x, y):
            y_pred = forward(x)
            return (y_pred - y) * (y_pred - y)

        for x, y in samples():
            l = loss(x, y)  # noqa: E741 - the lecture's name
            l.backward()
            w.data = w.data - LR * w.grad.data
            w.grad.data.zero_()
        return w.data, []

    return train


def lecture_ours() -> Step:
    from autograd import Variable

    return as_in_pytorch(lambda: Variable(1.0, requires_grad=True))


def lecture_plain() -> Step:
    """Ours, where nothing is written out for numbers."""
    sys.modules["autograd.floats"] = ModuleType("autograd.floats")
    return lecture_ours()


def lecture_pytorch() -> Step:
    import torch
    from torch.autograd import Variable

    return as_in_pytorch(lambda: Variable(torch.tensor([1.0]).double(), requires_grad=True))


def lecture_micrograd() -> Step:
    from micrograd.engine import Value

    def train() -> Found:
        w = Value(1.0)

        def loss(x, y):
            y_pred = x * w
            return (y_pred - y) * (y_pred - y)

        for x, y in samples():
            loss(x, y).backward()
            w.data = w.data - LR * w.grad
            w.grad = 0.0
        return w.data, []

    return train


def lecture_hips() -> Step:
    from autograd import elementwise_grad  # ours has none

    def loss(w, x, y):
        y_pred = x * w
        return (y_pred - y) * (y_pred - y)

    gradient = elementwise_grad(loss)

    def train() -> Found:
        w = 1.0
        for x, y in samples():
            w = w - LR * gradient(w, x, y)
        return w, []

    return train


# --- A perceptron 2-64-64-1, tanh, the mean of the squared errors of 256 samples ----------------


def small() -> tuple[list[Any], Any, Any]:
    """The weights, the inputs and the targets."""
    import numpy as np

    random = np.random.RandomState(0)
    x = random.randn(256, 2)
    return layers(random, 2, 64, 64, 1), x, np.sin(x.sum(1, keepdims=True))


def layers(random: Any, *sizes: int) -> list[Any]:
    """A matrix and a bias for each layer."""
    found = []
    for n, m in itertools.pairwise(sizes):
        found += [random.randn(n, m) / n**0.5, random.randn(m) * 0.1]
    return found


def small_numpy() -> Step:
    import numpy as np

    (w1, b1, w2, b2, w3, b3), x, y = small()

    def step() -> Found:
        h1 = np.tanh(x @ w1 + b1)
        h2 = np.tanh(h1 @ w2 + b2)
        error = h2 @ w3 + b3 - y
        loss = (error * error).mean()
        d3 = error * (2.0 / error.size)
        d2 = d3 @ w3.T * (1.0 - h2 * h2)
        d1 = d2 @ w2.T * (1.0 - h1 * h1)
        gradients = x.T @ d1, d1.sum(0), h1.T @ d2, d2.sum(0), h2.T @ d3, d3.sum(0)
        return loss, gradients

    return step


def small_ours() -> Step:
    from autograd import Variable, addmm, mse_loss

    weights, x, y = small()
    w1, b1, w2, b2, w3, b3 = weights = [Variable(w, requires_grad=True) for w in weights]

    def step() -> Found:
        for w in weights:
            w.grad = None
        h1 = addmm(b1, x, w1).tanh()
        h2 = addmm(b2, h1, w2).tanh()
        loss = mse_loss(addmm(b3, h2, w3), y)
        loss.backward()
        return loss, [w.grad for w in weights]

    return step


def small_pytorch() -> Step:
    import torch
    from torch.nn.functional import mse_loss

    weights, x, y = small()
    x, y = torch.tensor(x), torch.tensor(y)
    w1, b1, w2, b2, w3, b3 = weights = [torch.tensor(w, requires_grad=True) for w in weights]

    def step() -> Found:
        for w in weights:
            w.grad = None
        h1 = torch.addmm(b1, x, w1).tanh()
        h2 = torch.addmm(b2, h1, w2).tanh()
        loss = mse_loss(torch.addmm(b3, h2, w3), y)
        loss.backward()
        return loss, [w.grad for w in weights]

    return step


def small_hips() -> Step:
    import autograd.numpy as np

    from autograd import value_and_grad

    weights, x, y = small()

    def loss(weights):
        w1, b1, w2, b2, w3, b3 = weights
        h1 = np.tanh(x @ w1 + b1)
        h2 = np.tanh(h1 @ w2 + b2)
        error = h2 @ w3 + b3 - y
        return np.mean(error * error)

    both = value_and_grad(loss)

    def step() -> Found:
        return both(weights)

    return step


# --- A perceptron 784-128-10, relu, the softmax cross-entropy of 128 samples --------------------


def large() -> tuple[list[Any], Any, Any]:
    """The weights, the inputs and the classes."""
    import numpy as np

    random = np.random.RandomState(0)
    x = random.rand(128, 784)
    return layers(random, 784, 128, 10), x, random.randint(10, size=128)


def large_numpy() -> Step:
    import numpy as np

    (w1, b1, w2, b2), x, y = large()
    n = len(y)
    rows = np.arange(n)

    def step() -> Found:
        h = np.maximum(x @ w1 + b1, 0.0)
        z = h @ w2 + b2
        z = z - z.max(1, keepdims=True)
        e = np.exp(z)
        total = e.sum(1, keepdims=True)
        loss = (np.log(total[:, 0]) - z[rows, y]).mean()
        d2 = e / total
        d2[rows, y] -= 1.0
        d2 /= n
        d1 = d2 @ w2.T * (h > 0.0)
        gradients = x.T @ d1, d1.sum(0), h.T @ d2, d2.sum(0)
        return loss, gradients

    return step


def large_ours() -> Step:
    from autograd import Variable, addmm, cross_entropy

    weights, x, y = large()
    w1, b1, w2, b2 = weights = [Variable(w, requires_grad=True) for w in weights]

    def step() -> Found:
        for w in weights:
            w.grad = None
        h = addmm(b1, x, w1).relu()
        loss = cross_entropy(addmm(b2, h, w2), y)
        loss.backward()
        return loss, [w.grad for w in weights]

    return step


def large_pytorch() -> Step:
    import torch
    from torch.nn.functional import cross_entropy

    weights, x, y = large()
    x, y = torch.tensor(x), torch.tensor(y)
    w1, b1, w2, b2 = weights = [torch.tensor(w, requires_grad=True) for w in weights]

    def step() -> Found:
        for w in weights:
            w.grad = None
        h = torch.addmm(b1, x, w1).relu()
        loss = cross_entropy(torch.addmm(b2, h, w2), y)
        loss.backward()
        return loss, [w.grad for w in weights]

    return step


def large_hips() -> Step:
    import autograd.numpy as np

    from autograd import value_and_grad

    weights, x, y = large()
    rows = np.arange(len(y))

    def loss(weights):
        w1, b1, w2, b2 = weights
        h = np.maximum(x @ w1 + b1, 0.0)
        z = h @ w2 + b2
        z = z - np.max(z, axis=1, keepdims=True)
        return np.mean(np.log(np.sum(np.exp(z), axis=1)) - z[rows, y])

    both = value_and_grad(loss)

    def step() -> Found:
        return both(weights)

    return step


# --- A process ----------------------------------------------------------------------------------

# Steps in each call of what a contender returns, and calls that are timed at a time
TASKS = {"lecture": (len(X) * EPOCHS, 1), "small": (1, 40), "large": (1, 10)}


def check(loss: Any, gradients: Iterable[Any]) -> float:
    """One number that a mistake in the loss or in any gradient would change."""
    loss = loss.item() if hasattr(loss, "item") else loss
    return loss + sum(float(abs(gradient).sum()) for gradient in gradients)


def main(task: str, name: str) -> None:
    if name in ("ours", "plain"):
        sys.path.insert(0, str(Path(__file__).parents[1]))
    if name == "pytorch":
        import torch

        torch.set_num_threads(1)
    run = globals()[f"{task}_{name}"]()
    steps, calls = TASKS[task]
    print(check(*run()), flush=True)
    for _ in range(calls):
        run()
    for _ in sys.stdin:
        run()  # what the other contenders did meanwhile has emptied the caches
        start = time.perf_counter()
        for _ in range(calls):
            run()
        print((time.perf_counter() - start) / (steps * calls), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
