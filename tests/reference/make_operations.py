"""Store PyTorch's answers to the cases of operations.py, in operations.json: a case in a line.

Needs PyTorch: pip install torch==2.13.0, then python tests/reference/make_operations.py

A line has the code, the inputs, and PyTorch's answer: "value", "dtype" where it is not float64,
"fn", the name of the operation that made it, and "gradients" where there are any, for what
operations.UPSTREAM has arrive; or what it "raises".
"""

import json
import re
import warnings
from pathlib import Path

import operations
import torch
import torch.nn.functional


def numbers(x):
    """Return the numbers of a tensor as nested lists; of 32 bits in their fewest digits."""
    if x.numel() == 0:
        return {"empty": list(x.shape)}
    if x.dtype != torch.float32:
        return x.tolist()
    short = [float(str(number)) for number in x.detach().numpy().ravel()]
    return operations.numbers(tuple(x.shape), iter(short).__next__)


def answer(case):
    """Return what PyTorch says to a case."""
    inputs = operations.arrays(case, lambda x, dtype: torch.tensor(x, dtype=getattr(torch, dtype)))
    leaves = {name: x.requires_grad_() for name, x in inputs.items() if x.is_floating_point()}
    try:
        z = eval(case["code"], {"torch": torch, "F": torch.nn.functional, **inputs})
    except (RuntimeError, IndexError, TypeError, ValueError) as error:
        return {"raises": type(error).__name__}
    said = {"value": numbers(z)}
    if z.dtype != torch.float64:
        said["dtype"] = str(z.dtype).removeprefix("torch.")
    if z.requires_grad:
        weights = torch.tensor(operations.upstream(z.numel()), dtype=z.dtype).reshape(z.shape)
        z.backward(weights)
        said["fn"] = re.search(r"(\w+)\(|(\w+)", z.grad_fn.name())[0] if z.grad_fn else None
        said["gradients"] = {
            name: None if x.grad is None else numbers(x.grad) for name, x in leaves.items()
        }
    return said


if __name__ == "__main__":
    torch.set_num_threads(1)
    warnings.simplefilter("error")
    lines = []
    for case in operations.operations():
        stored = {"code": case["code"], **case["inputs"], **answer(case)}
        lines.append(json.dumps(stored))
    head = '{"torch": ' + json.dumps(torch.__version__.split("+")[0]) + ', "cases": [\n'
    Path(__file__).with_name("operations.json").write_text(
        head + ",\n".join(lines) + "\n]}\n", encoding="utf-8"
    )
    print(len(lines), "cases")
