"""Store what PyTorch computes for the first random graphs of graphs.py, in graphs.json.

Needs PyTorch: pip install torch==2.13.0, then python tests/reference/make_graphs.py

A graph has its program, the total, and the gradients of the leaves and of a few other values. All
numbers have 64 bits and are stored to 13 digits.
"""

import json
from pathlib import Path

import graphs
import torch
import torch.nn.functional

MODULES = {"torch": torch, "F": torch.nn.functional}


def leaf(numbers):
    return torch.tensor(numbers, dtype=torch.float64, requires_grad=True)


def answer(graph):
    """Return the total of a graph and the gradients of the values that are compared."""
    total, values = graphs.execute(graph, leaf, MODULES)
    for name in graphs.kept(graph):
        values[name].retain_grad()
    total.backward()
    gradients = {
        name: None if values[name].grad is None else values[name].grad.tolist()
        for name in graphs.kept(graph)
    }
    return total.item(), gradients


def short(x):
    """Return a number, or numbers in nested lists, to 13 digits."""
    return [short(part) for part in x] if isinstance(x, list) else x and float(f"{x:.13g}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    lines = []
    for seed in graphs.STORED:
        graph = graphs.graph(seed)
        total, gradients = answer(graph)
        gradients = {name: short(gradient) for name, gradient in gradients.items()}
        lines.append(json.dumps({**graph, "value": short(total), "gradients": gradients}))
    head = '{"torch": ' + json.dumps(torch.__version__.split("+")[0]) + ', "graphs": [\n'
    Path(__file__).with_name("graphs.json").write_text(
        head + ",\n".join(lines) + "\n]}\n", encoding="utf-8"
    )
