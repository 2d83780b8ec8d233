"""The engine's speed against others', in a table: benchmarks/engine.md, which the book shows.

The README has the part of it that compares.

    python benchmarks/engine.py --install    # once: the contenders, in environments of their own
    python benchmarks/engine.py              # measure, and write the table

Each contender is a process of its own, on one thread. They take turns of some milliseconds each; in
a turn all do the same work, and a ratio is the median of the ratios of all turns, so that it does
not change with what else the machine does. What is not installed is left out, and said so. The
allocator is told to keep the memory that it has (ALLOCATOR): else much of what is measured, of
every contender, is the system's giving and taking of pages.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "scripts"))
import readme

HERE = Path(__file__).parent
TABLE = HERE / "engine.md"
ENVIRONMENTS = HERE.parent / ".benchmarks"  # what begins with a dot is no part of the book

THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": str(2**25), "MALLOC_TRIM_THRESHOLD_": str(2**30)}

PLAIN = "ours without `floats.py`"
OURS = {"ours": "ours", PLAIN: "plain"}
# What each environment has; HIPS autograd bears our module's name.
CONTENDERS = {
    "PyTorch": ("pytorch", "torch==2.13.0"),
    "micrograd": ("micrograd", "micrograd==0.1.0"),
    "HIPS autograd": ("hips", "autograd==1.9.1"),
}

# task, what it is, and by how much ours is to be faster than whom
TASKS = (
    (
        "lecture",
        "the lecture's loop, a sample step",
        {"by hand": None, PLAIN: None, "PyTorch": 15, "micrograd": 2.5, "HIPS autograd": 20},
    ),
    (
        "small",
        "perceptron 2-64-64-1, tanh, 256 samples, forward and backward",
        {"NumPy by hand": 1 / 1.15, "PyTorch": 1, "HIPS autograd": 2},
    ),
    (
        "large",
        "perceptron 784-128-10, cross-entropy, 128 samples, forward and backward",
        {"NumPy by hand": 1 / 1.10, "PyTorch": None, "HIPS autograd": None},
    ),
)


def python(package: str) -> str:
    """The interpreter of a contender's environment; ours for ours and for what is by hand."""
    if package not in CONTENDERS:
        return sys.executable
    folder = ENVIRONMENTS / CONTENDERS[package][0]
    return str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def install() -> None:
    """Make the contenders' environments, with our NumPy."""
    for name, (folder, requirement) in CONTENDERS.items():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENTS / folder)], check=True)
        numpy = f"numpy=={version('numpy')}"
        subprocess.run([python(name), "-m", "pip", "install", "-q", requirement, numpy], check=True)


# --- Against others -----------------------------------------------------------------------------


class Contender:
    """A process that does a task a few times whenever it is asked to, and says how long it took."""

    def __init__(self, task: str, name: str) -> None:
        function = CONTENDERS[name][0] if name in CONTENDERS else OURS.get(name, "numpy")
        command = [python(name), "contenders.py", task, function]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Each has modules of its own: PYTHONPATH would give HIPS autograd ours.
            env={**os.environ, "PYTHONPATH": "", **THREADS, **ALLOCATOR},
            cwd=HERE,
        )
        self.found = float(self.process.stdout.readline())  # the same for every contender

    def seconds(self) -> float:
        """The time of a step, in one turn."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def stop(self) -> None:
        self.process.communicate()


def compare(task: str, names: list[str], rounds: int, turns: int) -> dict[str, list[float]]:
    """The times of a step, for each of the contenders that are installed, turn by turn."""
    times: dict[str, list[float]] = {}
    for _ in range(rounds):  # anew, since where in memory things lie makes a difference, too
        contenders = {name: Contender(task, name) for name in names}
        expected = contenders["ours"].found
        for name, contender in contenders.items():
            assert abs(contender.found / expected - 1) < 1e-9, (task, name, contender.found)
        for _ in range(turns):
            for name, contender in contenders.items():
                times.setdefault(name, []).append(contender.seconds())
        for contender in contenders.values():
            contender.stop()
    return times


def rows(rounds: int, turns: int) -> list[str]:
    """The lines of the table that compare."""
    lines = [
        "| work | done by | µs | ours is, or takes | wanted at least |",
        "|---|---|--:|--:|--:|",
    ]
    for task, title, wanted in TASKS:
        names = ["ours", *(name for name in wanted if os.path.exists(python(name)))]
        times = compare(task, names, rounds, turns)
        for name in names:
            cells = ["" if name != "ours" else title, name, microseconds(times[name]), "", ""]
            if name != "ours":
                pairs = zip(times[name], times["ours"], strict=True)
                cells[3] = said(statistics.median(theirs / mine for theirs, mine in pairs))
                cells[4] = said(wanted[name])
            lines.append(f"| {' | '.join(cells)} |")
            print(lines[-1], flush=True)
    return lines


def microseconds(times: list[float]) -> str:
    """The median in µs, with three digits."""
    us = statistics.median(times) * 1e6
    return f"{us:,.0f}" if us >= 100 else f"{us:.3g}"


def said(faster: float | None) -> str:
    """How our time compares with another's.

    >>> said(14.96), said(1 / 1.15), said(None)
    ('15 × faster', '1.15 × its time', '')
    """
    if faster is None:
        return ""
    if faster < 1:
        return f"{1 / faster:.2f} × its time"
    return f"{faster:.3g} × faster" if faster > 1 else "faster"


# --- Alone --------------------------------------------------------------------------------------


def alone(work: str, count: int) -> dict[str, float]:
    """What alone.py finds, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "alone.py", work, str(count)],
        check=True,
        capture_output=True,
        text=True,
        cwd=HERE,
    )
    return json.loads(done.stdout)


def sizes(rounds: int) -> list[str]:
    """The lines of the table of what grows with the length."""
    lines = ["| ours alone | nodes | µs per node | bytes per node |", "|---|--:|--:|--:|"]
    for work, title, count in (
        ("chain", "a chain of z * 1.0, forward and backward", 10**4),
        ("chain", "", 10**5),
        ("chain", "", 10**6),
        ("fan_out", "a number used so many times, forward and backward", 10**5),
    ):
        found = [alone(work, count) for _ in range(rounds)]
        us = statistics.median(one["seconds"] for one in found) / count * 1e6
        size = found[0]["bytes"] / count
        lines.append(f"| {title} | {count:,} | {us:.2f} | {size:.0f} |")
        print(lines[-1], flush=True)
    return lines


def imports(rounds: int) -> float:
    """The milliseconds by which `import autograd` takes longer than `import math`."""
    sources = "import math", "import autograd"
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as everywhere else, it is compiled once
    more = []
    for _ in range(10 * rounds):
        times = []
        for source in sources:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-S", "-c", source], check=True, env=environment)
            times.append(time.perf_counter() - start)
        more.append(times[1] - times[0])
    return statistics.median(more) * 1e3


# --- The table ----------------------------------------------------------------------------------


def machine() -> str:
    """The processor, the system, the versions."""
    processor = platform.processor() or platform.machine()
    known = Path("/proc/cpuinfo")
    if known.exists():
        lines = known.read_text(encoding="utf-8").splitlines()
        names = [line.split(": ")[1] for line in lines if line.startswith("model name")]
        processor = names[0] if names else processor
    modules = [f"NumPy {version('numpy')}"]
    modules += [f"{name} {requirement.split('==')[1]}" for name, (_, requirement) in installed()]
    return (
        f"{processor}, {os.cpu_count()} cores, {platform.system()}; "
        f"Python {platform.python_version()}, {', '.join(modules)}"
    )


def installed() -> list[tuple[str, tuple[str, str]]]:
    return [item for item in CONTENDERS.items() if os.path.exists(python(item[0]))]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--install", action="store_true", help="install the contenders, and stop")
    parser.add_argument("--rounds", type=int, default=5, help="starts of each process (5)")
    parser.add_argument("--turns", type=int, default=20, help="turns in each round (20)")
    options = parser.parse_args()
    if options.install:
        install()
        return
    comparison = rows(options.rounds, options.turns)
    lines = [*comparison, "", *sizes(options.rounds)]
    growth = alone("passes", 10_000)["bytes"]
    more = imports(options.rounds)
    missing = ", ".join(name for name in CONTENDERS if not os.path.exists(python(name)))
    lines += [
        "",
        f"After 10,000 backward passes the memory has grown by {growth:,.0f} bytes.",
        f"`import autograd` takes {more:.1f} ms more than `import math` (wanted: under 5).",
        "",
        f"Measured on {datetime.date.today()} by `python benchmarks/engine.py`: {machine()}; "
        "64-bit floats, one thread each, medians."
        + (f" Not installed: {missing}." if missing else ""),
    ]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    readme.put("speed", comparison)
    print("\n".join(lines[-5:]))


if __name__ == "__main__":
    main()
