"""The lecture's program prints on our module what it prints in PyTorch, to the last digit."""

import contextlib
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from variants import PROGRAM, VARIANTS, program

from figures import training

REFERENCE = Path(__file__).parent / "reference"
STORED = json.loads((REFERENCE / "lecture_logs.json").read_text(encoding="utf-8"))["runs"]
IMPORTS = {
    "import torch\n": "import autograd as torch\n",
    "from torch.autograd import Variable\n": "from autograd import Variable\n",
}


def on_our_module(text):
    """Return the program with its import lines, and nothing else, changed."""
    for old, new in IMPORTS.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def printed(text):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(text, {})
    return out.getvalue().splitlines()


def name(variant):
    return "lr={lr} x={x} y={y} w={w} epochs={epochs}".format(**variant)


def test_all_variants_are_stored():
    assert [run["variant"] for run in STORED] == VARIANTS


@pytest.mark.parametrize("run", STORED, ids=lambda run: name(run["variant"]))
def test_the_program_prints_what_pytorch_prints(run):
    assert printed(on_our_module(program(**run["variant"]))) == run["log"]


def test_the_lecture_itself():
    log = printed(on_our_module(PROGRAM))
    assert len(log) == 42
    assert log[:5] == [
        "Predict (before training 4 tensor(4.)",
        "\tgrad:  1.0 2.0 tensor(-2.)",
        "\tgrad:  2.0 4.0 tensor(-7.8400)",
        "\tgrad:  3.0 6.0 tensor(-16.2288)",
        "progress: 0 tensor(7.3159)",
    ]
    assert log[-1] == "predict (after training) 4 tensor(7.8049)"


def test_the_variants_leave_the_floats():
    text = "\n".join(line for run in STORED for line in run["log"])
    assert {"tensor(inf)", "tensor(-inf)", "tensor(nan)"} <= set(
        re.findall(r"tensor\([^)]*\)", text)
    )


def test_live_against_pytorch():
    pytest.importorskip("torch", reason="PyTorch is a reference here, not a requirement")
    for variant in VARIANTS:
        text = program(**variant)
        assert printed(on_our_module(text)) == printed(text), name(variant)


def test_the_chapter_runs_this_program():
    chapter = Path(__file__).parents[1] / "chapters" / "07-the-training-loop.md"
    text = chapter.read_text(encoding="utf-8")
    cells = re.findall(r"```\{code-cell\} ipython3\n(.*?)```", text, re.DOTALL)
    lines = [line for cell in cells for line in cell.splitlines() if line]
    for line in on_our_module(PROGRAM).splitlines():
        assert not line or line in lines


def test_the_figure_prints_the_same_log():
    drawing = ElementTree.fromstring(f"<root>{training.draw(training.STATE)}</root>")
    log = "".join(drawing.find(".//pre").itertext())
    assert log.splitlines() == printed(on_our_module(PROGRAM))
