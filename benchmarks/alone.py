"""How our engine's time and memory grow: a process of engine.py, `python alone.py WORK COUNT`.

As with timeit, Python's search for cycles rests meanwhile: the engine makes none. And Python keeps
the memory that it has, so that what is measured is not the system's giving and taking of pages.
"""

import gc
import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from autograd import Variable


def chain(count: int) -> tuple[Variable, Variable]:
    """Each node is the input of the next."""
    x = z = Variable(1.0, requires_grad=True)
    for _ in range(count):
        z = z * 1.0
    return x, z


def fan_out(count: int) -> tuple[Variable, Variable]:
    """One number is an input of every node."""
    x = Variable(1.0, requires_grad=True)
    z = x
    for _ in range(count - 1):
        z = z + x
    return x, z


def pinned(size: int) -> list[bytes]:
    """A few small objects, spread over so many bytes: Python returns no piece that holds one."""
    piece, block = 2**20, 448  # what it asks the system for at a time; the objects, in bytes
    objects = [bytes(block - sys.getsizeof(b"")) for _ in range(size // block)]
    return objects[:: piece // block]


def measure(make: Callable[[int], tuple[Variable, Variable]], count: int) -> dict[str, float]:
    """The seconds that forward and backward take, and the bytes of the graph."""
    gc.disable()
    tracemalloc.start()
    x, z = make(count)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del x, z
    held = pinned(2 * size)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        x, z = make(count)
        z.backward()
        times.append(time.perf_counter() - start)
        assert x.grad is not None and x.grad.item() == (count if make is fan_out else 1)
        del x, z
    del held
    return {"seconds": min(times), "bytes": size}


def passes(count: int) -> dict[str, float]:
    """By how many bytes so many passes make the process grow."""
    w = Variable(1.0, requires_grad=True)

    def train(steps: int) -> None:
        for _ in range(steps):
            loss = (w * 2.0 - 4.0) ** 2
            loss.backward()
            w.data = w.data - 0.01 * w.grad.data
            w.grad.data.zero_()

    train(100)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    train(count)
    return {"bytes": tracemalloc.get_traced_memory()[0] - before}


if __name__ == "__main__":
    work, count = sys.argv[1], int(sys.argv[2])
    makes = {"chain": chain, "fan_out": fan_out}
    print(json.dumps(measure(makes[work], count) if work in makes else passes(count)))
