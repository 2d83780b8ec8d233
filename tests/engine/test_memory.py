"""Large graphs and many of them: no recursion, nothing kept, nothing left to the garbage collector.

The same at full size is measured by benchmarks/engine.py.
"""

import gc
import tracemalloc

import numpy as np
import pytest

import autograd
from autograd import Variable, graph

RNG = np.random.default_rng(4)


def numbers():
    """Return the losses of many samples, one after the other."""
    w = Variable(1.0, requires_grad=True)
    while True:
        loss = ((w * 2.0 - 4.0).tanh() - autograd.maximum(w, 0.5)) ** 2
        yield w, loss


def arrays():
    """Return the losses of a small network."""
    w, b = (Variable(RNG.normal(size=shape), requires_grad=True) for shape in ((4, 3), (3,)))
    x, y = RNG.normal(size=(5, 4)), RNG.integers(0, 3, 5)
    while True:
        h = (x @ w + b).tanh() * autograd.exp(-w.sum(0))
        joined = autograd.cat([h, autograd.stack([h[0], h[1:].max(0).values]).softmax(-1)])
        yield w, autograd.cross_entropy(joined[:5] + joined.T.mean(), y)


PROGRAMS = pytest.mark.parametrize("losses", [numbers, arrays])


@PROGRAMS
def test_a_thousand_backward_passes_keep_nothing(losses):
    steps = losses()

    def train(n):
        for _ in range(n):
            w, loss = next(steps)
            loss.backward()
            w.data = w.data - 1e-3 * w.grad.data
            w.grad.data.zero_()

    def traced():
        gc.collect()  # else Python keeps up to 2000 freed tuples of each length for new ones
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        train(100)
        before = traced()
        train(1000)
        assert traced() - before < 20_000  # less than the smallest object for each pass
    finally:
        tracemalloc.stop()


@PROGRAMS
@pytest.mark.parametrize(
    "use",
    [
        lambda loss: None,
        lambda loss: loss.backward(),
        lambda loss: loss.backward(retain_graph=True),
        lambda loss: loss.detach(),
        repr,
    ],
    ids=["never walked", "walked", "retained", "detached", "printed"],
)
def test_a_dropped_graph_is_freed_at_once(losses, use):
    steps = losses()
    use(next(steps)[1])
    gc.collect()
    gc.disable()
    try:
        _, loss = next(steps)
        use(loss)
        alive = variables()
        del loss
        use(next(steps)[1])
        steps.close()
        assert variables() < alive
        assert gc.collect() == 0
    finally:
        gc.enable()


def variables():
    return sum(issubclass(type(thing), Variable) for thing in gc.get_objects())


def test_a_chain_of_arrays_needs_no_recursion():
    x = Variable(np.ones(2), requires_grad=True)
    z = x
    for _ in range(10_000):
        z = z.reshape(1, 2)[0] * 1.0
    z.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]
    assert len(graph(z).nodes) == 3 * 10_000 + 1 + 10_000  # each number is a node too


@pytest.mark.parametrize("number", [float, np.array], ids=["numbers", "arrays"])
def test_a_wide_fan_out(number):
    """Many nodes use one value side by side, and a few use them all."""
    x = Variable(number(0.5), requires_grad=True)
    z = sum([x * float(i % 3) for i in range(10_000)], 0.0)
    z.backward()
    assert x.grad.item() == sum(i % 3 for i in range(10_000))
