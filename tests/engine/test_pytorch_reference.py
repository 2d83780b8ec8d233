"""Our module against PyTorch, by its stored answers: operations, graphs, texts, sessions."""

import builtins
import json
import re
from collections import Counter
from pathlib import Path

import graphs
import numpy as np
import operations
import pytest
import sessions
import texts

import autograd
from autograd import Variable, nn, optim

REFERENCE = Path(__file__).parents[1] / "reference"


def stored(name):
    return json.loads((REFERENCE / name).read_text(encoding="utf-8"))


# --- Operations ---------------------------------------------------------------------------------

ANSWERS = stored("operations.json")["cases"]
CASES = operations.operations()

# At these points PyTorch deviates from the table of derivatives, or from C's pow: the code, and the
# x at which the answers need not agree.
APART = {
    ("abs(x)", "nan"),  # PyTorch's gradient is 0; ours is nan, since |x| has none there
    ("x **0.5", "-inf"),  # PyTorch takes the square root, nan; C's pow is inf
    ("x **0.5", "-0.0"),  # and its gradient is then -inf, where C's pow is inf
    ("F.softplus(x)", "25.0"),  # PyTorch takes x itself above 20; ours is log(1 + eˣ) there too
}
LOSSES = ("F.mse_loss", "F.cross_entropy", "F.binary")  # of several operations each, in our module
CLOSE = {"float64": {"rtol": 1e-12, "atol": 1e-14}, "float32": {"rtol": 1e-6, "atol": 1e-6}}


def number_or_array(x, dtype):
    """A number without axes as a Python float or bool, but for 32-bit floats."""
    plain = isinstance(x, (float, bool)) and dtype in ("float64", "bool")
    return x if plain else np.array(x, dtype)


def shape_of(x):
    return tuple(x["empty"]) if isinstance(x, dict) else np.shape(x)


def check(case, answer, array):
    """Assert that our module gives the stored value and gradients, of the same types."""
    inputs = {
        name: Variable(x, requires_grad=np.asarray(x).dtype.kind == "f")
        for name, x in operations.arrays(case, array).items()
    }
    names = {"torch": autograd, "F": autograd, **inputs}
    if "raises" in answer:
        with pytest.raises(getattr(builtins, answer["raises"])):
            eval(case["code"], names)
        return
    z = eval(case["code"], names)
    equal(z, answer["value"], answer.get("dtype", "float64"), case)
    assert z.requires_grad == ("gradients" in answer)
    if z.requires_grad:
        size = np.size(z.value)
        z.backward(np.array(operations.upstream(size)).reshape(z.shape))
        same = any(z is x for x in inputs.values())  # where nothing changes, nothing is recorded
        if not (same or case["code"].startswith(LOSSES) or answer["fn"] == "CloneBackward0"):
            assert re.findall(r"grad_fn=<(\w+)>", repr(z)) == [answer["fn"]]
        for name, gradient in answer["gradients"].items():
            equal(inputs[name].grad, gradient, case["dtype"], case)


def equal(ours, theirs, dtype, case):
    """Assert that a Variable holds the numbers that PyTorch gave, in an array of that dtype."""
    if theirs is None or ours is None:
        assert ours is theirs
        return
    assert ours.shape == shape_of(theirs)
    assert str(getattr(ours.value, "dtype", dtype)) == dtype
    if 0 in ours.shape:
        return
    found, expected = np.array(ours.value, float), np.array(theirs, float)
    if found.ndim:
        for place, x in enumerate(operations.flat(case["inputs"].get("x", []))):
            if (case["code"], repr(x)) in APART:
                found.flat[place] = expected.flat[place] = 0.0
    np.testing.assert_allclose(found, expected, **CLOSE[case["dtype"]])


def test_all_is_stored():
    for case, answer in zip(CASES, ANSWERS, strict=True):
        stored = {name: answer[name] for name in case["inputs"]}
        assert repr((answer["code"], stored)) == repr((case["code"], case["inputs"]))


@pytest.mark.parametrize("code", dict.fromkeys(case["code"] for case in CASES))
def test_operations(code):
    for case, answer in zip(CASES, ANSWERS, strict=True):
        if case["code"] == code:
            check(case, answer, np.array)
            if any(isinstance(x, float) for x in case["inputs"].values()):
                check(case, answer, number_or_array)


# --- Random graphs ------------------------------------------------------------------------------

GRAPHS = stored("graphs.json")["graphs"]
MODULES = {"torch": autograd, "F": autograd}


def compare(graph, number, value, gradients):
    """Assert that our module gives a graph this value, and these gradients of some of its values.

    The leaves that have no axes are made by `number`. First without retain_grad() and then with it,
    since the engine has a faster way to the leaves alone.
    """

    def leaf(x):
        return Variable(number(x) if isinstance(x, float) else np.array(x), requires_grad=True)

    for names in (list(graph["leaves"]), graphs.kept(graph)):
        total, values = graphs.execute(graph, leaf, MODULES)
        if len(names) > len(graph["leaves"]):
            for name in names:
                values[name].retain_grad()
        total.backward()
        assert total.item() == pytest.approx(value, rel=1e-11)
        for name in names:
            found, gradient = values[name].grad, gradients[name]
            assert (found is None) == (gradient is None), name
            if found is not None:
                np.testing.assert_allclose(found.value, gradient, 1e-9, 1e-12, err_msg=name)


def test_graphs_are_stored():
    for seed, stored in zip(graphs.STORED, GRAPHS, strict=True):
        assert graphs.graph(seed) == {key: stored[key] for key in ("leaves", "steps", "total")}


def test_graphs_share_values_and_have_all_operations():
    sizes = []
    programs = [[*graph["steps"], graph["total"]] for graph in GRAPHS]
    for program in programs:
        expressions = [line.split(" = ")[-1] for line in program]
        sizes.append(sum(map(graphs.size, expressions)))
        uses = Counter(name for line in expressions for name in re.findall(r"v\d+", line))
        assert len(program) < 5 or max(uses.values()) > 1
    assert graphs.LONGEST - 10 < max(sizes) <= graphs.LONGEST
    text = "\n".join(line for program in programs for line in program)
    for template in [*graphs.ELEMENTWISE, *graphs.ARRAYS]:
        pattern = re.escape(graphs.rename(template, {}))
        assert re.search(re.sub(r"\b[abr]\b(?!s)", r"v\\d+", pattern), text), template


@pytest.mark.parametrize("number", [float, np.array], ids=["numbers", "arrays"])
@pytest.mark.parametrize("seed", graphs.STORED)
def test_graphs(seed, number):
    stored = GRAPHS[seed]
    compare(stored, number, stored["value"], stored["gradients"])


# --- Texts --------------------------------------------------------------------------------------

TEXTS = texts.texts()
PRINTED = stored("texts.json")["texts"]


def leaf(numbers, dtype, requires_grad):
    return Variable(operations.made(numbers, dtype, np.array), requires_grad)


def test_texts():
    for case, printed in zip(TEXTS, PRINTED, strict=True):
        assert texts.text(case, leaf) == printed


def test_a_number_prints_as_a_tensor_without_its_dtype():
    for case, printed in zip(TEXTS, PRINTED, strict=True):
        if isinstance(case["numbers"], float) and case["dtype"] == "float64":
            x = Variable(case["numbers"], requires_grad=case["origin"] != "data")
            assert repr(texts.ORIGINS[case["origin"]](x)) == printed.replace(
                ", dtype=torch.float64", ""
            )


# --- Sessions -----------------------------------------------------------------------------------

NAMES = {**vars(autograd), "nn": nn, "optim": optim, "torch": autograd, "F": autograd, "np": np}
for later in ("grad", "vjp", "jvp", "jacobian", "hessian"):
    NAMES[later] = getattr(autograd, later)


@pytest.mark.parametrize("title", sessions.SESSIONS)
def test_sessions(title):
    assert sessions.failures(sessions.SESSIONS[title], dict(NAMES)) == ""


def test_wrong_answers_in_a_session_would_be_found():
    for session in sessions.SESSIONS.values():
        wrong = re.sub(r"^(?=[^.>T \n])", "7", session, flags=re.MULTILINE)
        assert wrong != session and sessions.failures(wrong, dict(NAMES))
