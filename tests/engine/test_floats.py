"""What floats.py writes out is what the rest of the engine computes, to the last digit."""

import os
import subprocess
import sys
from pathlib import Path

import graphs
import numpy as np
import test_pytorch_reference as reference

from autograd import Variable
from autograd.variable import Number

ROOT = Path(__file__).parents[2]
# No floats.py: its place is taken by a module that is empty.
WITHOUT = "import sys, types; sys.modules['autograd.floats'] = types.ModuleType('floats'); "


def without(code):
    """Run a program without floats.py; return what it prints."""
    folders = [ROOT, *(ROOT / "tests" / name for name in ("", "engine", "reference"))]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT + code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def leaf(x):
    return Variable(x if isinstance(x, float) else np.array(x), requires_grad=True)


def answers():
    """Yield value and gradients of random graphs, all their digits."""
    for seed in graphs.STORED:
        graph = graphs.graph(seed)
        total, values = graphs.execute(graph, leaf, reference.MODULES)
        total.backward()
        grads = [values[name].grad for name in graph["leaves"]]
        yield repr((total.tolist(), [grad if grad is None else grad.tolist() for grad in grads]))


def test_the_engine_does_without_it():
    """All that is checked of numbers holds: values, gradients, errors, changes in place."""
    code = "import autograd, scalar_checks; scalar_checks.run_all(); print(autograd.floats)"
    assert "<module 'floats'>" in without(code)


def test_it_changes_no_digit():
    code = "import test_floats; print(*test_floats.answers(), sep='\\n')"
    assert without(code).splitlines() == list(answers())


def test_what_is_known_to_be_a_number_is_one():
    """A Number holds a float, whatever happens to it."""
    array = np.array([1.0, 2.0])
    w = Variable(3.0, requires_grad=True)
    (w * w).backward()
    assert w.__class__ is w.grad.__class__ is Number
    w.data = array
    assert w.__class__ is Variable and (w * w).tolist() == [1.0, 4.0]
    (w * w).sum().backward()  # the gradient was a number
    assert w.grad.__class__ is Variable and (w.grad - 1.0).tolist() == [7.0, 9.0]
    w.data = 2.0
    assert w.__class__ is Number and (w * w).item() == 4.0
    w.data = Variable(array)
    assert w.__class__ is Variable and (1.0 - w).tolist() == [0.0, -1.0]
