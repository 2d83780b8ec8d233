"""Every operation that PyTorch was asked about, held against differences and forward mode.

The table of operations, and of what is put in, is that of the stored answers.
"""

import json
from pathlib import Path

import numpy as np
import operations
import pytest

import autograd
from autograd import Variable, gradcheck, gradgradcheck, jvp, vjp

STORED = Path(__file__).parents[1] / "reference" / "operations.json"
ANSWERS = json.loads(STORED.read_text(encoding="utf-8"))["cases"]


def is_finite(stored):
    """Whether numbers in nested lists are all that and not too large to take differences."""
    return all(abs(x) < 100.0 for x in operations.flat(stored) if isinstance(x, float))


CASES = [
    case
    for case, answer in zip(operations.operations(), ANSWERS, strict=True)
    if case["dtype"] == "float64"
    and "gradients" in answer
    and all(
        map(is_finite, [*case["inputs"].values(), answer["value"], *answer["gradients"].values()])
    )
]


CODES = list(dict.fromkeys(case["code"] for case in CASES))


def cases(code):
    """Yield the function that the text is of its inputs of floats, and these."""
    for case in CASES:
        if case["code"] == code:
            inputs = operations.arrays(case, np.array)
            floats = {name: x for name, x in inputs.items() if x.dtype.kind == "f"}

            def function(*xs, inputs=inputs, floats=floats):
                names = {**inputs, **dict(zip(floats, xs, strict=True))}
                return eval(code, {"torch": autograd, "F": autograd, **names})

            yield function, list(floats.values())


def apart(x):
    """Return numbers near those of x of which no two are equal, and none is at a kink."""
    rng = np.random.default_rng(1)
    return np.array(x + rng.uniform(0.01, 0.02, x.shape) * rng.choice([-1, 1], x.shape))


@pytest.mark.parametrize("code", CODES)
def test_differences(code):
    """Of the values, and of the gradients."""
    if ".detach()" in code:
        return  # differences see what it leaves out
    for function, inputs in cases(code):
        variables = [Variable(apart(x), requires_grad=True) for x in inputs]
        assert gradcheck(function, variables)
        assert gradgradcheck(function, variables)


@pytest.mark.parametrize("code", CODES)
def test_forward_and_reverse_mode_agree(code):
    """For any u and v, u · (Jv) = (uᵀJ) · v."""
    rng = np.random.default_rng(2)
    for function, inputs in cases(code):
        v = [rng.normal(size=x.shape) for x in inputs]
        z, forward = jvp(function, inputs, v)
        assert z.shape == forward.shape
        u = rng.normal(size=z.shape)
        reverse = vjp(function, inputs, u)[1]
        expected = sum((x.value * y).sum() for x, y in zip(reverse, v, strict=True))
        np.testing.assert_allclose((u * forward.value).sum(), expected, rtol=1e-10, atol=1e-10)
