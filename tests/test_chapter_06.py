"""Chapter 6: what it says that PyTorch prints, against PyTorch and against our engine."""

import doctest
import re
from pathlib import Path

import pytest
import sessions

CHAPTER = Path(__file__).parents[1] / "chapters" / "06-from-variable-to-tensor.md"
BLOCKS = sessions.blocks(CHAPTER)
OURS = [text for caption, text in BLOCKS if "this book's engine" in caption]


def test_the_blocks_are_found():
    text = CHAPTER.read_text(encoding="utf-8")
    assert len(BLOCKS) == text.count("PyTorch alone") + len(OURS)
    assert len(OURS) > 4


def test_pytorch_prints_the_blocks():
    pytest.importorskip("torch", reason="PyTorch is a reference here, not a requirement")
    session = "\n".join([text for _, text in BLOCKS])
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert sessions.failures(session, {}, flags) == ""


def ours(blocks):
    """Return what our engine prints otherwise than the blocks; errors agree in their type."""
    session = "\n".join(blocks).replace(">>> import torch\n", ">>> import autograd as torch\n")
    session = session.replace(">>> from torch.autograd import", ">>> from autograd import")
    flags = doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
    return sessions.failures(session, {}, flags)


def test_our_engine_prints_the_same():
    assert ours(OURS) == ""


@pytest.mark.parametrize("at", range(len(OURS)))
def test_a_wrong_number_would_be_found(at):
    wrong = re.sub(r"tensor\((\[ ?)?-?\d(?=.*\)$)", r"tensor(\g<1>7", OURS[at], flags=re.MULTILINE)
    assert wrong != OURS[at]
    assert ours([*OURS[:at], wrong, *OURS[at + 1 :]]) != ""
