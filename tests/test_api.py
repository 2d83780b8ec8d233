"""The page that describes the engine: it has all that is public, and each thing once."""

import re
from pathlib import Path
from types import FunctionType

import pytest

import autograd
from autograd import Variable, nn, optim
from live.book import api

PAGE = Path(__file__).parents[1] / "reference" / "autograd.md"
BLOCKS = re.findall(r"```\{api\}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
LINES = "".join(BLOCKS).splitlines()
NAMES = [line.partition("(")[0] for line in LINES]


def own(module):
    """Yield the public names of a module that it defines itself."""
    for name, thing in vars(module).items():
        if callable(thing) and thing.__module__ == module.__name__ and name[0] != "_":
            yield f"{module.__name__.removeprefix('autograd.')}.{name}"


def test_all_is_described_once():
    methods = {
        f"Variable.{name}"
        for name, thing in vars(Variable).items()
        if name[0] != "_" and getattr(autograd, name, None) is not thing
        if isinstance(thing, (FunctionType, property)) and thing.__doc__
    } - {"Variable.apply"}  # by which functions find the class
    wanted = {*autograd.__all__, *own(nn), *own(optim), *methods}
    assert len(NAMES) == len(set(NAMES))
    assert wanted <= set(NAMES), wanted - set(NAMES)


@pytest.mark.parametrize("line", LINES)
def test_each_is_described(line):
    text = api.described(line)
    head, *_, body = re.split(r"\n:module: .*\n\n", text)
    assert re.match(r":::\{py:(class|function|method|property)\} [\w.]+(\(.*\))?$", head)
    assert len(body) > 20


def test_inputs():
    assert "} exp(x)\n" in api.described("exp(x)")
    assert "} clamp(x, min=None, max=None)\n" in api.described("clamp")
    assert "{py:class} Linear(in_features, out_features, bias=True," in api.described("nn.Linear")
    assert "{py:method} Variable.backward(gradient=None," in api.described("Variable.backward")
    assert "{py:property} Variable.shape\n" in api.described("Variable.shape")
    assert "(sizes, activation=tanh, bias=True," in api.described("nn.MLP")


def test_methods():
    assert "eˣ. Also a method.\n" in api.described("exp(x)")
    assert "Also a method" in api.described("clamp") and "Also a method" in api.described("matmul")
    for name in ("where(condition, x, y)", "softplus(x)", "cat"):  # softplus(x) and cat are none
        assert "Also a method" not in api.described(name)


def test_markdown():
    text = api.markdown("Of x:\n\n    z = x\n\n>>> z\n1")
    assert text == "Of x:\n\n```text\nz = x\n```\n\n```pycon\n>>> z\n1\n```"
