"""What PyTorch is asked, and our module with it: operations, programs, texts.

`torch_outputs.py` stores PyTorch's answers; the tests ask our module and compare.
"""

import random

inf, nan = float("inf"), float("nan")

# --- Operations: an expression in x and y, and in m, which is PyTorch or our module -------------

UNARY = ["-x", "abs(x)"] + [
    f"m.{name}(x)" for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu")
]
BINARY = ["x + y", "x - y", "x * y", "x / y", "x ** y", "m.maximum(x, y)", "m.minimum(x, y)"]
MIXED = ["x + 2", "2 + x", "x - 2", "2 - x", "x * 2", "2 * x", "x / 2", "2 / x", "x ** 2", "2 ** x"]
MIXED += ["x ** 3", "x ** 0", "x ** 0.5", "x ** -1"]
INDICES = ["x[0]", "x[-1]", "x[0, 1]", "x[:, 1]", "x[1:]", "x[..., 0]", "x[0][1]", "x[[0, 0, 1]]"]
INDICES += ["x[::2]", "x[x > 0]"]

SHAPES = [(), (1,), (3,), (2, 3), (1, 1), (0,), (2, 0)]
PAIRS = [
    ((), ()),
    ((3,), ()),
    ((), (3,)),
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (2, 3)),
    ((2, 1), (1, 3)),
    ((2, 3), (2, 1)),
    ((1,), (2, 3)),
    ((2, 1, 3), (4, 1)),
    ((0,), (1,)),
    ((2, 0), (2, 1)),
]
PRODUCTS = [
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3, 4)),
    ((2, 2, 3), (3, 4)),
    ((2, 2, 3), (2, 3, 1)),
    ((3,), (2, 3, 2)),
    ((2, 2, 3), (3,)),
]
SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.0, -2.5, inf, -inf, nan, 1e-3, 1e20]


def numbers(shape, draw):
    """Return nested lists of that shape."""
    return [numbers(shape[1:], draw) for _ in range(shape[0])] if shape else draw()


def operations():
    """Return a list of {"expression", "x", "y" where there is one}: the inputs as nested lists."""
    rng = random.Random(1)

    def positive():
        return round(rng.uniform(0.2, 3.0), 3)

    def either():
        return round(rng.uniform(-3.0, 3.0), 3)

    cases = []
    for shape in SHAPES:
        for expression in UNARY + MIXED + ["x.sum()", "x.mean()"]:
            for draw in (positive, either):
                cases.append({"expression": expression, "x": numbers(shape, draw)})
    for of_x, of_y in PAIRS:
        for expression in BINARY:
            x, y = numbers(of_x, positive), numbers(of_y, either)
            cases.append({"expression": expression, "x": x, "y": y})
    for of_x, of_y in PRODUCTS:
        cases.append(
            {"expression": "x @ y", "x": numbers(of_x, either), "y": numbers(of_y, either)}
        )
    for expression in INDICES:
        cases.append({"expression": expression, "x": numbers((3, 3), either)})
    for expression in UNARY + MIXED:
        cases.append({"expression": expression, "x": SPECIAL})
    for expression in BINARY:
        x = [a for a in SPECIAL for _ in SPECIAL]
        cases.append({"expression": expression, "x": x, "y": SPECIAL * len(SPECIAL)})
    return cases


# At these points PyTorch deviates from the table of derivatives, or from C's pow: an expression and
# the x at which the answers need not agree.
APART = {
    ("abs(x)", nan),  # PyTorch's gradient is 0; ours is nan, since |x| has none there
    ("x ** 0.5", -inf),  # PyTorch takes the square root, nan; C's pow is inf
    ("x ** 0.5", -0.0),  # and its gradient is then -inf, where C's pow is inf
}

# --- Programs: expression graphs in which values are used more than once ------------------------

STEPS = {
    "add": lambda m, a, b: a + b,
    "sub": lambda m, a, b: a - b,
    "mul": lambda m, a, b: a * b,
    "div": lambda m, a, b: a / (2 + m.exp(b)),
    "square": lambda m, a, b: (a - b) ** 2,
    "tanh": lambda m, a, b: m.tanh(a),
    "sin": lambda m, a, b: m.sin(a) + 0.5,
    "sigmoid": lambda m, a, b: 1 - m.sigmoid(a),
    "relu": lambda m, a, b: m.relu(a - 0.3),
    "maximum": lambda m, a, b: m.maximum(a, b),
}


def program(seed, longest=60):
    """Return {"leaves": numbers, "steps": [[operation, i, j], ...]}, where i and j count values."""
    rng = random.Random(seed)
    leaves = [round(rng.uniform(-2, 2), 3) for _ in range(rng.randint(1, 4))]
    steps = []
    for count in range(len(leaves), len(leaves) + rng.randint(1, longest)):
        near = [rng.randrange(max(0, count - 6), count) for _ in range(2)]
        steps.append([rng.choice(sorted(STEPS)), *near])
    return {"leaves": leaves, "steps": steps}


def execute(m, steps, leaves):
    """Return the last value of a program on module `m`, kept small so that nothing overflows."""
    values = list(leaves)
    for name, i, j in steps:
        z = STEPS[name](m, values[i], values[j])
        values.append(m.tanh(z) if abs(z.item()) > 3 else z)
    total = values[-1]
    for value in values[len(leaves) : -1 : 7]:
        total = total + value
    return total


# --- Texts: arrays, and how they came about -----------------------------------------------------

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
