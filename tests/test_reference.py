"""What the reference part of the book claims: of the source, and of the speed."""

import importlib
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BENCHMARKS = ROOT / "benchmarks"
sys.path.append(str(BENCHMARKS))

contenders = importlib.import_module("contenders")
engine = importlib.import_module("engine")

# --- How fast the engine is ---------------------------------------------------------------------

TABLE = (BENCHMARKS / "engine.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("task", [task for task, *_ in engine.TASKS])
def test_ours_does_the_work_of_the_others(task):
    found = [
        contenders.check(*getattr(contenders, f"{task}_{name}")()()) for name in ("ours", "numpy")
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_the_tables_rows_are_those_that_are_measured():
    titles = [title for _, title, _ in engine.TASKS]
    first = TABLE.split("\n\n")[0]
    assert re.findall(r"^\| (\w.*?) \|", first, re.M) == ["work", *titles]


def test_the_readme_shows_the_table():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"<!-- speed -->\n\n{TABLE.split(chr(10) * 2)[0]}\n\n<!-- /speed -->" in readme


def test_how_a_ratio_is_said():
    assert engine.said(14.96) == "15 × faster"
    assert engine.said(1 / 1.15) == "1.15 × its time"
    assert engine.said(1) == "faster"
    assert engine.said(None) == ""
