"""The lecture's program, and variants of it: other learning rates, data, first weights, epochs."""

import itertools
from pathlib import Path

PROGRAM = (Path(__file__).parent / "lecture.txt").read_text(encoding="utf-8")

LINES = ([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
VARIANTS = [
    {"lr": lr, "x": x, "y": y, "w": w, "epochs": epochs}
    for lr, (x, y), w, epochs in itertools.chain(
        itertools.product(
            (0.0, 1e-5, 0.001, 0.01, 0.05, 0.1, 0.2, 0.21, 0.25, 0.5, 1.0, 10.0),
            [LINES],
            [1.0],
            [10],
        ),
        itertools.product(
            (0.01, 0.3),
            [
                ([0.1, 0.2], [0.3, -0.7]),
                ([10.0, 0.0, -3.0], [1e-3, 5.0, 2.5]),
                ([1000.0, 2.0], [1.0, 1e6]),
                ([1e-4, 3e-5], [2e-4, 1.0]),
            ],
            (1.0, -2.5, 0.1, 1e5),
            [12],
        ),
        itertools.product([0.01], [LINES], (2.0, 0.0, 1 / 3), (1, 40)),
    )
]


def program(lr, x, y, w, epochs):
    """Return the lecture's program with its constants replaced."""
    replacements = {
        "-0.01 *": f"-{lr!r} *",
        "[1.0, 2.0, 3.0]": repr(x),
        "[2.0, 4.0, 6.0]": repr(y),
        "torch.Tensor([1.0])": f"torch.Tensor([{w!r}])",
        "range(10)": f"range({epochs})",
    }
    text = PROGRAM
    for old, new in replacements.items():
        if text.count(old) != 1:
            raise ValueError(f"the lecture's program has {text.count(old)} times {old!r}, not once")
        text = text.replace(old, new)
    return text
