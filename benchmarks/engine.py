"""The engine's speed: the lecture's loop against others, long chains, and the import.

    python benchmarks/engine.py [--rounds 5] [--python hips=PATH] [--python pytorch=PATH]

Each contender runs in a process of its own, in turn, on one thread; the figures are medians over
the rounds, and the ratios are of one run. What is not installed is left out, and said so.
benchmarks/requirements.txt lists the contenders. HIPS autograd bears our module's name and needs an
environment of its own, whose interpreter is given by --python.
"""

import argparse
import gc
import itertools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
X, Y = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]
LR = 0.01
EPOCHS = 1000
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def samples() -> Iterable[tuple[float, float]]:
    """The lecture's samples, epoch after epoch."""
    return itertools.chain.from_iterable(itertools.repeat(list(zip(X, Y, strict=True)), EPOCHS))


def by_hand() -> float:
    w = 1.0
    for x, y in samples():
        w = w - LR * 2 * x * (x * w - y)
    return w


def as_in_pytorch(variable: Callable[[], object]) -> float:
    """The lecture's loop, with the lines that the lecture has."""
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
    return float(w.data)


def ours() -> float:
    sys.path.insert(0, str(ROOT))
    from autograd import Variable

    return as_in_pytorch(lambda: Variable(1.0, requires_grad=True))


def pytorch() -> float:
    import torch
    from torch.autograd import Variable

    torch.set_num_threads(1)
    return as_in_pytorch(lambda: Variable(torch.Tensor([1.0]), requires_grad=True))


def micrograd() -> float:
    from micrograd.engine import Value

    w = Value(1.0)

    def loss(x, y):
        y_pred = x * w
        return (y_pred - y) * (y_pred - y)

    for x, y in samples():
        loss(x, y).backward()
        w.data = w.data - LR * w.grad
        w.grad = 0.0
    return w.data


def hips() -> float:
    from autograd import elementwise_grad  # ours has none

    def loss(w, x, y):
        y_pred = x * w
        return (y_pred - y) * (y_pred - y)

    gradient = elementwise_grad(loss)
    w = 1.0
    for x, y in samples():
        w = w - LR * gradient(w, x, y)
    return float(w)


CONTENDERS = {loop.__name__: loop for loop in (ours, by_hand, micrograd, pytorch, hips)}
WANTED = {"micrograd": 2.5, "pytorch": 15, "hips": 20}


def work(name: str) -> None:
    """In a process of its own: print the seconds of a warm run of one contender."""
    loop = CONTENDERS[name]
    assert abs(loop() - 2) < 1e-6  # it learns
    start = time.perf_counter()
    loop()
    print(time.perf_counter() - start)


def run(python: str, *arguments: str) -> str | None:
    """Return what a process prints, or None if it fails."""
    environment = {**os.environ, **dict.fromkeys(THREADS, "1")}
    done = subprocess.run(
        [python, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(__file__).parent,
    )
    return done.stdout if done.returncode == 0 else None


def compare(rounds: int, pythons: dict[str, str]) -> None:
    """Print the loop's time for each contender, and by how much ours is faster."""
    times: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name in CONTENDERS:
            printed = run(pythons.get(name, sys.executable), __file__, "--work", name)
            if printed:
                times.setdefault(name, []).append(float(printed))
    steps = EPOCHS * len(X)
    print(f"{'the lecture’s loop, per sample step':40}{'µs':>8}{'ours is faster':>18}{'wanted':>8}")
    for name, seconds in times.items():
        step = statistics.median(seconds) / steps * 1e6
        ratio = statistics.median(map(lambda a, b: a / b, seconds, times["ours"]))
        print(f"{name:40}{step:8.2f}{ratio:17.1f}x{WANTED.get(name, ''):>8}")
    missing = ", ".join(name for name in CONTENDERS if name not in times)
    print(f"not installed: {missing or 'none'}\n")


def chains() -> None:
    """Print the time and memory that a node takes in chains of three lengths.

    As with timeit, Python's search for cycles rests meanwhile: the engine makes none.
    """
    sys.path.insert(0, str(ROOT))
    import tracemalloc

    from autograd import Variable

    print(f"{'a chain of z * 1.0, per node':40}{'µs':>8}{'bytes':>18}")
    for length in (10**4, 10**5, 10**6):
        times = []
        for measured in (False, False, False, True):
            gc.collect()
            gc.disable()
            if measured:
                tracemalloc.start()
            start = time.perf_counter()
            x = z = Variable(1.0, requires_grad=True)
            for _ in range(length):
                z = z * 1.0
            if measured:
                size = tracemalloc.get_traced_memory()[0] / length
                tracemalloc.stop()
            else:
                z.backward()
                times.append(time.perf_counter() - start)
                assert x.grad is not None
            gc.enable()
        print(f"{length:<40,}{min(times) / length * 1e6:8.2f}{size:18.0f}")
    print()


def imports(rounds: int) -> None:
    """Print what importing the module adds to a process that imports math."""
    sources = {
        "math": "import math",
        "autograd": f"import sys; sys.path.insert(0, {str(ROOT)!r}); import autograd",
    }
    times: dict[str, list[float]] = {name: [] for name in sources}
    for _ in range(20 * rounds):
        for name, source in sources.items():
            start = time.perf_counter()
            run(sys.executable, "-S", "-c", source)
            times[name].append(time.perf_counter() - start)
    more = statistics.median(times["autograd"]) - statistics.median(times["math"])
    print(f"import autograd: {more * 1e3:.1f} ms more than import math (wanted: under 5)")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--python", action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--work", choices=CONTENDERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.work)
        return
    compare(options.rounds, dict(given.split("=", 1) for given in options.python))
    chains()
    imports(options.rounds)


if __name__ == "__main__":
    main()
