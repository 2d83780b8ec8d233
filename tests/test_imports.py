"""The import arrows: the book's pages -> figures -> autograd, live -> figures, tests -> all."""

import sys
from pathlib import Path

import pytest

from live.book.dependencies import imported, parsed

ROOT = Path(__file__).parents[1]
OURS = {"autograd", "figures", "live", "tests", "benchmarks", "chapters", "reference"}

# For each package: those of ours that it may import, and those of others.
MAY_IMPORT = {
    "autograd": ({"autograd"}, {"numpy"}),
    "figures": ({"autograd", "figures"}, set()),
    "reference": ({"autograd", "figures", "published"}, {"IPython"}),
    "live": ({"figures", "live"}, {"anywidget", "traitlets"}),
    "live/book": (
        {"autograd", "live"},  # the API's page describes the engine
        {
            "IPython",
            "docutils",
            "fontTools",
            "markupsafe",
            "myst_nb",
            "pydata_sphinx_theme",
            "sphinx",
        },
    ),
}


def forbidden(root: Path, name: str, ours: set[str], others: set[str]) -> list[str]:
    """Return "FILE imports MODULE" for each import in `name` that is not allowed there."""
    folder = root / name
    return [
        f"{path.name} imports {module}"
        for path in sorted(folder.rglob("*.py"))
        if not any(path.is_relative_to(root / below) for below in below_of(name))
        for module in imported(parsed(path.read_text(encoding="utf-8")), dotted(path.parent, root))
        if (package := module.split(".")[0]) not in ours | others
        and (package in OURS or package not in sys.stdlib_module_names)
    ]


def below_of(name: str) -> list[str]:
    """Return the packages inside `name` that have rules of their own."""
    return [other for other in MAY_IMPORT if other.startswith(name + "/")]


def dotted(folder: Path, root: Path) -> str:
    return ".".join(folder.relative_to(root).parts)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_import_against_the_arrows(package: str) -> None:
    assert list((ROOT / package).rglob("*.py"))
    assert forbidden(ROOT, package, *MAY_IMPORT[package]) == []


@pytest.mark.parametrize(
    "line",
    [
        "import live",
        "from live.widget import make",
        "import numpy as np",
        "def late():\n    import ipywidgets",
        "from figures.parts import svg, live\nimport live.page",
        "from tests import browser",
        "from .. import live",
    ],
)
def test_a_planted_import_is_found(tmp_path: Path, line: str) -> None:
    planted = tmp_path / "figures" / "planted.py"
    planted.parent.mkdir()
    planted.write_text(line)
    assert forbidden(tmp_path, "figures", *MAY_IMPORT["figures"])
    planted.write_text("import math\nfrom autograd import Variable\nfrom .parts import svg")
    assert forbidden(tmp_path, "figures", *MAY_IMPORT["figures"]) == []
