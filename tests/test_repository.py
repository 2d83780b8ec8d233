"""What the book offers when the address of its repository is known, and where that leads."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from contents import PAGES, ROOT
from sphinx.errors import ExtensionError
from test_book import Book

from live.book.repository import WHEEL, owner_and_name

URL = "https://github.com/someone/a-book"
CHAPTER = "```{code-cell}\n1 + 1\n```\n"


@pytest.mark.parametrize("end", ["", "/", ".git"])
def test_owner_and_name(end: str) -> None:
    assert owner_and_name(URL + end) == "someone/a-book"


@pytest.mark.parametrize("url", ["github.com/someone/a-book", "https://github.com/someone", "x"])
def test_an_address_that_leads_nowhere_is_refused(url: str) -> None:
    with pytest.raises(ExtensionError, match=r"has to be .*OWNER/NAME"):
        owner_and_name(url)


def test_the_address_brings_the_buttons(tmp_path: Path) -> None:
    book = Book(tmp_path, chapter=CHAPTER)
    config = tmp_path / "_config.yml"
    told = config.read_text(encoding="utf-8").replace('_url: ""', f"_url: {URL}")
    config.write_text(told, encoding="utf-8")
    book.build()
    page = book.page("chapter")
    raw = f"https://raw.githubusercontent.com/someone/a-book/notebooks/{WHEEL}"
    for link in (
        f"{URL}/edit/main/chapter.md",
        f"{URL}/issues/new?",
        "https://colab.research.google.com/github/someone/a-book/blob/notebooks/chapter.ipynb",
        "https://mybinder.org/v2/gh/someone/a-book/notebooks?labpath=chapter.ipynb",
    ):
        assert f'href="{link}' in page
    offered = tmp_path / "_build" / "html" / "_sources" / "chapter.ipynb"
    first = nbformat.read(offered, as_version=4).cells[0]
    assert first.cell_type == "code" and f"backprop-book[notebook] @ {raw}" in first.source


def test_without_it_nothing_is_offered(site: Path) -> None:
    for name in PAGES:
        page = (site / f"{name}.html").read_text(encoding="utf-8")
        for place in ("colab.research", "mybinder", "/edit/", "issues/new"):
            assert place not in page
    first = nbformat.read(site / "_sources" / "index.ipynb", as_version=4).cells[0]
    assert first.cell_type == "markdown" and "make lab" in first.source


def test_the_wheel_has_what_the_notebooks_import(site: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "notebooks.py"], check=True)
    made = ROOT / "_build" / "notebooks"
    assert (made / "chapters" / "03-a-chain-of-gates.ipynb").is_file()
    assert (made / "requirements.txt").read_text() == f"./{WHEEL}[notebook]\n"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--target", tmp_path, made / WHEEL], check=True)
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import autograd, figures, live\n"
        "print(autograd.__file__, figures.__file__, live.__file__)\n"
        "print(live.figure('chain', w=2)._esm[:60])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout.count(str(tmp_path)) == 3
