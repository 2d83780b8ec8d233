"""Write PyTorch's answers into sessions.txt, below what it is asked.

Needs PyTorch: pip install torch==2.13.0, then python tests/reference/make_sessions.py
"""

import doctest
import io
import warnings
from contextlib import redirect_stdout

import numpy as np
import sessions
import torch
import torch.nn.functional
from torch.autograd import functional

NAMES = {
    "torch": torch,
    "np": np,
    "F": torch.nn.functional,
    "nn": torch.nn,
    "optim": torch.optim,
    "Variable": torch.autograd.Variable,
    "grad": torch.autograd.grad,
    **{name: getattr(functional, name) for name in ("vjp", "jvp", "jacobian", "hessian")},
}


def answer(source, names):
    """Return what a statement prints, or the error that it raises as a session shows it."""
    out = io.StringIO()
    with redirect_stdout(out), warnings.catch_warnings(action="ignore"):
        try:
            exec(compile(source, "session", "single"), names)
        except Exception as error:
            message = str(error).partition("\n")[0]
            return (
                f"Traceback (most recent call last):\n    ...\n{type(error).__name__}: {message}\n"
            )
    return out.getvalue().replace("\n\n", "\n<BLANKLINE>\n")


def answered(text):
    """Return a session with PyTorch's answers in the place of those that it has."""
    names = dict(NAMES)
    lines = []
    for part in doctest.DocTestParser().parse(text):
        if isinstance(part, doctest.Example):
            first, *more = part.source.splitlines()
            lines += [f">>> {first}\n", *(f"... {line}".rstrip() + "\n" for line in more)]
            lines.append(answer(part.source, names))
        else:
            lines.append(part)
    return "".join(lines)


if __name__ == "__main__":
    head, *parts = sessions.FILE.read_text(encoding="utf-8").split("\n---")
    text = "\n---".join([head, *map(answered, parts)])
    sessions.FILE.write_text(text, encoding="utf-8")
