"""Store PyTorch's answers to the questions of cases.py, in torch_outputs.json.

Needs PyTorch: pip install torch==2.13.0, then python tests/reference/torch_outputs.py
"""

import json
from pathlib import Path

import cases
import torch

PROGRAMS = range(60)


def tensor(values, dtype="float64", requires_grad=False):
    return torch.tensor(values, dtype=getattr(torch, dtype), requires_grad=requires_grad)


def operation(case):
    """Return the value, its text, and the gradients of the value's elements summed with weights."""
    inputs = {name: tensor(case[name], requires_grad=True) for name in "xy" if name in case}
    z = eval(case["expression"], {"m": torch, **inputs})
    z.backward(torch.full_like(z, -2.0))
    return {
        "value": z.tolist(),
        "text": repr(z),
        "gradients": {name: x.grad.tolist() for name, x in inputs.items()},
    }


def program(seed):
    steps, leaves = (cases.program(seed)[key] for key in ("steps", "leaves"))
    variables = [tensor(x, requires_grad=True) for x in leaves]
    result = cases.execute(torch, steps, variables)
    result.backward()
    return {
        "value": result.item(),
        "gradients": [None if x.grad is None else x.grad.item() for x in variables],
    }


def text(case):
    x = tensor(case["numbers"], case["dtype"], requires_grad=case["origin"] != "data")
    return repr(cases.ORIGINS[case["origin"]](x))


if __name__ == "__main__":
    torch.set_num_threads(1)
    stored = {
        "torch": torch.__version__.split("+")[0],
        "operations": [operation(case) for case in cases.operations()],
        "programs": [program(seed) for seed in PROGRAMS],
        "texts": [text(case) for case in cases.texts()],
    }
    lines = [f'"torch": {json.dumps(stored["torch"])}']
    for name in ("operations", "programs", "texts"):
        lines.append(f'"{name}": [\n' + ",\n".join(map(json.dumps, stored[name])) + "\n]")
    path = Path(__file__).with_suffix(".json")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
