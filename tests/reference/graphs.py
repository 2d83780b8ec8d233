"""Random expression graphs in which values are used more than once: Python programs of assignments.

`make_graphs.py` stores what PyTorch computes for the first of them; the tests compare our module
with that, and with PyTorch on many more where it is installed.
"""

import ast
import random

from operations import codes

STORED = range(100)
LONGEST = 200  # operations in one graph

# Operations that keep what is between -4 and 4 there, so that nothing overflows in a long program.
# Of a and b, either may be a number or an array; their shapes are broadcast.
ELEMENTWISE = codes("""
(a + b) / 2
(a - b) * 0.5
a * b / 4
a / (1.5 + torch.exp(b))
(torch.abs(a) + 0.5) ** (b / 4) - 1
1.25 ** a
-a + 0.25 * b
torch.exp(-abs(a))
torch.log(1 + a * a)
torch.sqrt(1.0 + a ** 2) - 1
3 * torch.sin(a)
2 - torch.cos(a) * b / 2
torch.tan(a / 4)
2 * torch.tanh(a) - b / 2
4 * torch.sigmoid(a) - 2
torch.relu(a) + b / 16
F.softplus(a) - 1
torch.maximum(a, b)
torch.minimum(a, b) + 0.125
torch.where(a > b, a / 2, b)
torch.clamp(a, -1.5, 2.5)
""")

# Operations on arrays a and b of shape (3, 3), and the shapes of their results. The leaf r parts
# what would be equal but for the last digit, since another element might then be the largest.
ARRAYS = {
    "a @ b / 12": (3, 3),
    "a[[0, 2, 2]]": (3, 3),
    "a[:, 1:2] - b[0]": (3, 3),
    "torch.cat([a[1:], b[:1]]) / 2": (3, 3),
    "torch.stack([a[0], b[:, 1], a[-1]], 1)": (3, 3),
    "a.T": (3, 3),
    "a.reshape(9)[::3].expand(3, 3)": (3, 3),
    "torch.softmax(a, 0) + b / 2": (3, 3),
    "torch.log_softmax(a, -1) / 4": (3, 3),
    "a.sum(0) / 3": (3,),
    "a.mean(-1, keepdim=True)": (3, 1),
    "torch.logsumexp(a, 1) - 1": (3,),
    "(a + 0.7 * r).max(1).values / 2": (3,),
    "(a - 0.7 * r).min(dim=0, keepdim=True).values / 2": (1, 3),
    "a.prod() / 262144": (),
    "torch.dot(a[0], b[1]) / 12": (),
    "(a + 0.6 * r).max() / 2": (),
    "F.mse_loss(a, b) / 16": (),
}
SHAPES = [(), (3,), (3, 1), (1, 3), (3, 3), (3, 3), (3, 3)]


def graph(seed):
    """Return {"leaves": {name: numbers}, "steps": ["v3 = v0 + v1", ...], "total": an expression}.

    Every second graph is of numbers only. All that no step uses goes into the total.
    """
    rng = random.Random(seed)
    of_numbers = seed % 2 == 0
    shapes = [() if of_numbers else rng.choice(SHAPES) for _ in range(rng.randint(1, 5))]
    shapes[0] = () if of_numbers else (3, 3)  # r
    leaves = {f"v{i}": numbers(shape, rng) for i, shape in enumerate(shapes)}
    steps, unused = [], set(leaves)
    left = rng.randint(1, LONGEST)
    while True:
        a, b = (f"v{recent(len(shapes), rng)}" for _ in "ab")
        shape = broadcast(shapes[int(a[1:])], shapes[int(b[1:])])
        template = rng.choice(ELEMENTWISE)
        if not of_numbers and rng.random() < 0.4:
            template, shape = rng.choice(list(ARRAYS.items()))
            square = [f"v{i}" for i, of in enumerate(shapes) if of == (3, 3)]
            a, b = rng.choice(square[-4:]), rng.choice(square[-4:])
        elif not uses(template, "b"):
            shape = shapes[int(a[1:])]
        step = rename(template, {"a": a, "b": b, "r": "v0"})
        rest = unused - ({a, b} if uses(template, "b") else {a})
        left -= size(step)
        if left < len(rest) * (1 if of_numbers else 2) + 2 and steps:
            break
        unused = rest
        steps.append(f"v{len(shapes)} = {step}")
        unused.add(f"v{len(shapes)}")
        shapes.append(shape)
    ends = sorted(unused, key=lambda name: int(name[1:]))
    total = " + ".join(name if of_numbers else f"{name}.mean()" for name in ends)
    return {"leaves": leaves, "steps": steps, "total": total}


def numbers(shape, rng):
    """Return nested lists of that shape."""
    if not shape:
        return round(rng.uniform(-2, 2), 3)
    return [numbers(shape[1:], rng) for _ in range(shape[0])]


def recent(count, rng):
    """Return a number below `count`, one of the last few more often than not."""
    return rng.randrange(count) if rng.random() < 0.3 else rng.randrange(max(0, count - 5), count)


def broadcast(of_a, of_b):
    """Return the shape of the result of an elementwise operation."""
    axes = max(len(of_a), len(of_b))
    padded = [(1,) * (axes - len(shape)) + shape for shape in (of_a, of_b)]
    return tuple(max(lengths) for lengths in zip(*padded, strict=True))


def uses(template, name):
    return any(isinstance(node, ast.Name) and node.id == name for node in nodes(template))


def nodes(code):
    return ast.walk(ast.parse(code, mode="eval"))


def rename(template, names):
    """Return the template with other names in the place of a and b."""
    tree = ast.parse(template, mode="eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return ast.unparse(tree)


def size(code):
    """Return how many operations an expression has."""
    kinds = (ast.BinOp, ast.UnaryOp, ast.Call, ast.Subscript)
    return sum(isinstance(node, kinds) for node in nodes(code))


def execute(graph, leaf, modules):
    """Run a graph's program; return its total and all its values by name.

    `leaf` makes a leaf of numbers, and `modules` are `torch` and `F`.
    """
    values = {name: leaf(numbers) for name, numbers in graph["leaves"].items()}
    for step in graph["steps"]:
        exec(step, modules, values)
    return eval(graph["total"], modules, values), values


def kept(graph):
    """Return the names of the values whose gradients are compared: the leaves and a few others."""
    return [*graph["leaves"], *[step.split(" = ")[0] for step in graph["steps"][::6]]]
