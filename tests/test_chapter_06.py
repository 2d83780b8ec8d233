"""Chapter 6: what it says that PyTorch prints, against PyTorch and against our engine."""

import doctest
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

import autograd

CHAPTER = Path(__file__).parents[1] / "chapters" / "06-from-variable-to-tensor.md"
BLOCK = re.compile(r"^```\{code-block\} pycon\n:caption: (.+)\n\n((?:.*\n)*?)```$", re.MULTILINE)
BLOCKS = BLOCK.findall(CHAPTER.read_text(encoding="utf-8"))
OURS = [text for caption, text in BLOCKS if "this book's engine" in caption]
IN_OWN_WORDS = [text for caption, text in BLOCKS if "its own words" in caption]


def tensor(data, requires_grad=False):
    """Our Variable, made as torch.tensor makes a tensor."""
    if isinstance(data, list):
        data = autograd.Tensor(data)
    return autograd.Variable(data, requires_grad=requires_grad)


def failures(blocks, namespace, flags):
    """Return what a session printed that is not what the blocks say."""
    parsed = doctest.DocTestParser().get_doctest("\n".join(blocks), namespace, "6", None, 0)
    assert len(parsed.examples) >= 2 * len(blocks)
    said = []
    doctest.DocTestRunner(optionflags=flags).run(parsed, out=said.append)
    return "".join(said)


def test_the_blocks_are_found():
    text = CHAPTER.read_text(encoding="utf-8")
    assert (
        len(BLOCKS)
        == text.count("```{code-block} pycon")
        == text.count("PyTorch alone") + len(OURS)
    )
    assert len(OURS) > 4 and IN_OWN_WORDS


def test_pytorch_prints_the_blocks():
    pytest.importorskip("torch", reason="PyTorch is a reference here, not a requirement")
    blocks = [text for _, text in BLOCKS]
    assert failures(blocks, {}, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE) == ""


def ours(block):
    """Return what our engine prints otherwise than a block; errors agree in their type."""
    start = block.replace(">>> import torch\n", "")
    start = start.replace(
        ">>> from torch.autograd import Variable\n", ">>> from autograd import Variable\n"
    )
    flags = doctest.NORMALIZE_WHITESPACE
    if block in IN_OWN_WORDS:
        flags |= doctest.IGNORE_EXCEPTION_DETAIL
    torch = SimpleNamespace(tensor=tensor, Tensor=autograd.Tensor)
    return failures([start], {"torch": torch}, flags)


@pytest.mark.parametrize("block", OURS, ids=lambda block: block.split("\n")[0][4:30])
def test_our_engine_prints_the_same(block):
    assert ours(block) == ""


def test_a_wrong_number_would_be_found():
    for block in OURS:
        wrong = re.sub(r"tensor\((\[ ?)?-?\d", r"tensor(\g<1>7", block)
        assert wrong != block
        assert ours(wrong) != ""
