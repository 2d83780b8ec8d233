"""The page of differences from PyTorch: that PyTorch says what it shows, and that ours does not."""

import doctest
from pathlib import Path

import numpy as np
import pytest
import sessions

import autograd

PAGE = Path(__file__).parents[1] / "reference" / "differences.md"
BLOCKS = [text for _, text in sessions.blocks(PAGE)]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def test_pytorch_says_so():
    torch = pytest.importorskip("torch", reason="PyTorch is a reference here, not a requirement")
    assert sessions.failures("\n".join(BLOCKS), {"torch": torch, "np": np}, FLAGS) == ""


def test_ours_says_otherwise():
    """In each block: where the two agree, nothing is to be told."""
    names = {"torch": autograd, "np": np}
    agree = [text for text in BLOCKS if not sessions.failures(text, names, FLAGS)]
    assert agree == []


def test_every_difference_is_shown():
    """Each section but the last has a cell that is run."""
    *sections, last = PAGE.read_text(encoding="utf-8").split("\n### ")[1:]
    without = [text.partition("\n")[0] for text in [*sections, last] if "{code-cell}" not in text]
    assert without == []
