"""Our module against PyTorch: what it answered is stored, and asked again where it is installed."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Variable

REFERENCE = Path(__file__).parent / "reference"
sys.path.insert(0, str(REFERENCE))
import cases  # noqa: E402 - shared with the script beside it

STORED = json.loads((REFERENCE / "torch_outputs.json").read_text(encoding="utf-8"))
OPERATIONS = cases.operations()
TEXTS = cases.texts()


def equal(ours, theirs, apart=()):
    """Assert that nested lists of numbers agree to 1e-12, leaving out the places `apart`."""
    ours, theirs = np.array(ours, float), np.array(theirs, float)
    assert ours.shape == theirs.shape
    for place in apart:
        ours.flat[place] = theirs.flat[place] = 0.0
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=0)


def apart(case):
    """Return the places at which this case need not agree."""
    places = enumerate(np.ravel(case["x"]).tolist())
    apart = {(expression, repr(x)) for expression, x in cases.APART}
    return [i for i, x in places if (case["expression"], repr(x)) in apart]


def test_all_is_stored():
    assert len(STORED["operations"]) == len(OPERATIONS)
    assert len(STORED["texts"]) == len(TEXTS)


@pytest.mark.parametrize("expression", sorted({case["expression"] for case in OPERATIONS}))
def test_operations(expression):
    for case, stored in zip(OPERATIONS, STORED["operations"], strict=True):
        if case["expression"] == expression:
            inputs = {
                name: Variable(np.array(case[name], float), requires_grad=True)
                for name in "xy"
                if name in case
            }
            z = eval(expression, {"m": autograd, **inputs})
            z.backward(np.full(z.shape, -2.0))
            equal(z.tolist(), stored["value"], apart(case))
            for name, x in inputs.items():
                equal(x.grad.tolist(), stored["gradients"][name], apart(case))
            assert origin(repr(z)) == origin(stored["text"])


def origin(text):
    """Return the operation that a text names."""
    found = re.search(r"grad_fn=<\w+>", text)
    assert found
    return found[0]


@pytest.mark.parametrize("kind", [float, np.array])
def test_programs(kind):
    for seed, stored in enumerate(STORED["programs"]):
        program = cases.program(seed)
        leaves = [Variable(kind(x), requires_grad=True) for x in program["leaves"]]
        result = cases.execute(autograd, program["steps"], leaves)
        result.backward()
        assert result.item() == pytest.approx(stored["value"], rel=1e-10)
        for x, gradient in zip(leaves, stored["gradients"], strict=True):
            assert (x.grad is None) == (gradient is None)
            if gradient is not None:
                assert x.grad.item() == pytest.approx(gradient, rel=1e-9, abs=1e-14)


def text(case):
    x = Variable(np.array(case["numbers"], case["dtype"]), requires_grad=case["origin"] != "data")
    return repr(cases.ORIGINS[case["origin"]](x))


def test_texts():
    for case, stored in zip(TEXTS, STORED["texts"], strict=True):
        assert text(case) == stored


def test_a_number_prints_as_a_tensor_without_its_dtype():
    for case, stored in zip(TEXTS, STORED["texts"], strict=True):
        if np.ndim(case["numbers"]) == 0 and case["dtype"] == "float64":
            x = Variable(case["numbers"], requires_grad=case["origin"] != "data")
            assert repr(cases.ORIGINS[case["origin"]](x)) == stored.replace(
                ", dtype=torch.float64", ""
            )


def test_live():
    pytest.importorskip("torch", reason="PyTorch is a reference here, not a requirement")
    import torch_outputs

    for case in TEXTS:
        assert text(case) == torch_outputs.text(case)
    for seed in range(1000, 1400):
        program = cases.program(seed, longest=200)
        leaves = [Variable(x, requires_grad=True) for x in program["leaves"]]
        cases.execute(autograd, program["steps"], leaves).backward()
        theirs = [torch_outputs.tensor(x, requires_grad=True) for x in program["leaves"]]
        cases.execute(torch_outputs.torch, program["steps"], theirs).backward()
        for x, y in zip(leaves, theirs, strict=True):
            assert (x.grad is None) == (y.grad is None)
            if x.grad is not None:
                assert x.grad.item() == pytest.approx(y.grad.item(), rel=1e-8, abs=1e-12)
