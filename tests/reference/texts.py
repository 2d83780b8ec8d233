"""Arrays that PyTorch and our module are asked to print: their numbers, and how they came about.

`make_texts.py` stores what PyTorch prints; the tests ask our module and compare.
"""

import random

from operations import numbers

inf, nan = float("inf"), float("nan")

ORIGINS = {
    "data": lambda x: x,
    "leaf": lambda x: x,  # requires a gradient
    "result": lambda x: x * 1,
    "index": lambda x: x[..., :1],
}
TEXT_SHAPES = [
    (),
    (1,),
    (2,),
    (7,),
    (18,),
    (19,),
    (40,),
    (1, 1),
    (3, 5),
    (4, 12),
    (1, 30),
    (2, 2, 2),
]
TEXT_SHAPES += [(2, 1, 3), (2, 2, 1, 2), (0,), (2, 0), (0, 3)]
LONG_SHAPES = [(1000,), (1001,), (2, 501), (501, 2), (30, 40), (11, 10, 10), (7, 2, 100)]
EXACT = [
    [1000.0, 1.0],
    [1001.0, 1.0],
    [1.0, 1000.5],
    [0.5, 500.0],
    [0.5, 500.1],
    [1e8],
    [1e8 + 8],
    [99999999.0],
    [123456789.0],
    [0.0001],
    [0.00009999],
    [1e-4, 1e-1],
    [0.99995],
    [9.99995, 1.0],
    [-0.0],
    [-0.0, 1.0],
    [0.0, 0.0],
    [inf],
    [nan, 1.5],
    [inf, 1.0],
    [-inf, 1e10],
    [nan, inf, -inf],
    [1e-45],
    [3.4e38, 1.0],
    [-7.84],
    [-16.2288],
    [192060000.0],
]


def texts():
    """Return a list of {"numbers", "dtype", "origin"}."""
    rng = random.Random(2)
    draws = [
        lambda: float(rng.randint(-5, 5)),
        lambda: rng.uniform(-10, 10),
        lambda: rng.uniform(-1, 1) * 10 ** rng.randint(-12, 12),
        lambda: rng.choice([0.0, -0.0, 1.0, 0.5, inf, -inf, nan]),
        lambda: 0.0,
        lambda: float(rng.randint(0, 10 ** rng.randint(0, 10))),
    ]
    cases = [
        {"numbers": values, "dtype": dtype, "origin": "data"}
        for values in EXACT
        for dtype in ("float32", "float64")
    ]
    for shape in TEXT_SHAPES:
        for draw in draws:
            values = numbers(shape, draw)
            origins = [name for name in ORIGINS if name != "index" or shape]
            for origin in origins:
                dtype = rng.choice(["float32", "float64"])
                cases.append({"numbers": values, "dtype": dtype, "origin": origin})
    for shape in LONG_SHAPES:
        counter = iter(range(10**6))
        values = numbers(shape, lambda: float(next(counter)) / 4)  # noqa: B023 - used at once
        cases.append({"numbers": values, "dtype": "float32", "origin": "data"})
    for values in ([True, False], [1, -20, 3], [[1], [2]]):
        dtype = "bool" if values[0] is True else "int64"
        cases.append({"numbers": values, "dtype": dtype, "origin": "data"})
    cases.append({"numbers": [1, 2], "dtype": "int32", "origin": "data"})
    return cases


def text(case, leaf):
    """Return what a case prints; `leaf(numbers, dtype, requires_grad)` makes an array."""
    return repr(
        ORIGINS[case["origin"]](leaf(case["numbers"], case["dtype"], case["origin"] != "data"))
    )
