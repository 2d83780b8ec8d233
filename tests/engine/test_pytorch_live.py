"""Our module against PyTorch, where it is installed: operations, graphs, texts, sessions.

PyTorch is a reference here, not a requirement; tests/reference/ has some of its answers stored.
"""

import warnings

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is a reference here, not a requirement")

import make_graphs
import make_operations
import make_sessions
import make_texts
import sessions
import test_pytorch_reference as reference

SEEDS = range(1000, 2200)  # none of the stored
PART = 100


@pytest.mark.parametrize("first", SEEDS[::PART])
def test_graphs(first):
    for seed in range(first, first + PART):
        graph = reference.graphs.graph(seed)
        value, gradients = make_graphs.answer(graph)
        number = np.array if seed % 4 < 2 else float
        reference.compare(graph, number, value, gradients)


def test_operations():
    with warnings.catch_warnings(action="error"):
        for case in reference.CASES:
            reference.check(case, make_operations.answer(case), np.array)


def test_texts():
    for case in reference.TEXTS:
        text = reference.texts.text(case, reference.leaf)
        assert text == reference.texts.text(case, make_texts.leaf)


@pytest.mark.parametrize("title", sessions.SESSIONS)
def test_sessions(title):
    assert sessions.failures(sessions.SESSIONS[title], dict(make_sessions.NAMES)) == ""
