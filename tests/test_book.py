"""The built book, read without a browser, and small books that try its build."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from contents import PAGES
from fontTools.ttLib import TTFont

from live.book.dependencies import dependencies, files_named
from live.book.fonts import in_formulas

ROOT = Path(__file__).parents[1]

# --- The book ----------------------------------------------------------------------------------


@pytest.fixture(params=PAGES)
def chapter(request: pytest.FixtureRequest, site: Path) -> tuple[str, str]:
    """The text of a chapter and its page."""
    text = (ROOT / f"{request.param}.md").read_text(encoding="utf-8")
    return text, (site / f"{request.param}.html").read_text(encoding="utf-8")


def pages(site: Path) -> dict[Path, str]:
    paths = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    return {path: path.read_text(encoding="utf-8") for path in paths}


def test_every_chapter_is_in_the_contents() -> None:
    on_disk = {
        path.relative_to(ROOT).with_suffix("").as_posix()
        for folder in ("chapters", "reference")
        for path in (ROOT / folder).glob("*.md")
    }
    assert on_disk == set(PAGES) - {"index"}


def test_each_figure_is_drawn_in_the_page(chapter: tuple[str, str]) -> None:
    text, page = chapter
    named = re.findall(r'\bfigure\(\s*"(\w+)"', text)
    figures = re.findall(r"<figure class=\"live-figure\".*?</figure>", page, flags=re.S)
    drawn = [re.search(r' data-figure="(\w+)"', figure).group(1) for figure in figures]  # type: ignore[union-attr]
    assert drawn == named
    for figure in figures:
        drawing = figure.split('<div class="lf-drawing">')[1]
        if "lf-exercise" not in drawing:  # which has a field instead
            assert "<svg" in drawing or "<table" in drawing
            assert "data-value=" in drawing


def test_scripts_of_figures_stand_where_there_are_figures(chapter: tuple[str, str]) -> None:
    _, page = chapter
    has_figures = 'class="live-figure"' in page
    assert bool(re.search(r'<script [^>]*src="[^"]*host\.js\?v=', page)) == has_figures
    assert not re.search(r'<script [^>]*src="[^"]*engine\.js', page)


def test_the_host_is_told_of_the_engine(chapter: tuple[str, str]) -> None:
    _, page = chapter
    told = r'<script src="[^"]*host\.js[^"]*" data-engine="[^"]*engine\.js\?v=\w+">'
    early = bool(re.search(told, page[: page.find("stylesheet")]))
    assert early == ('class="live-figure"' in page)


def test_the_engine_the_figures_and_the_host_are_small(site: Path) -> None:
    names = ("engine.js", "host.js", "figure.css")
    assert sum(len(gzip.compress((site / "_static" / name).read_bytes())) for name in names) < 320e3


def test_the_widgets_state_is_not_in_the_page(chapter: tuple[str, str]) -> None:
    assert "application/vnd.jupyter.widget" not in chapter[1]


def test_the_executed_notebook_and_the_source_are_offered(
    chapter: tuple[str, str], site: Path, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.params["chapter"]
    up = "../" * name.count("/")
    is_notebook = "{code-cell}" in chapter[0]
    for suffix in ("ipynb", "md") if is_notebook else ("md",):
        assert f'href="{up}_sources/{name}.{suffix}"' in chapter[1]
    assert (site / "_sources" / f"{name}.md").read_text(encoding="utf-8") == chapter[0]
    if not is_notebook:
        return
    notebook = nbformat.read(site / "_sources" / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code and all(cell.execution_count for cell in code)
    assert any(cell.outputs for cell in code)

    # Where no widget runs, the drawings have their style; the page has it from a file.
    shown = [
        output.get("data", {}).get("text/html", "") for cell in code for output in cell.outputs
    ]
    drawings = [html for html in shown if 'class="live-figure"' in html]
    styles = [html.count("<style>") for html in drawings]
    assert styles == [1] * bool(drawings) + [0] * (len(drawings) - 1)
    assert not drawings or ".lf-node rect" in drawings[0]
    assert ".lf-node rect" not in chapter[1].split("<article")[1]


# What a browser fetches by itself. A link that a reader may follow is no part of it.
FETCHED = [
    re.compile(pattern)
    for pattern in (
        r"""<(?:script|img|source|iframe|video|audio|embed)\b[^>]*?\s(?:src|srcset)=["']?([^"'\s>]+)""",
        r"""<object\b[^>]*?\sdata=["']?([^"'\s>]+)""",
        r"""<link\b(?![^>]*rel=["']?(?:next|prev|search|index|canonical))[^>]*?\shref=["']?([^"'\s>]+)""",
        r"""url\(\s*["']?([^"')\s]+)""",
        r"""@import\s*["']([^"']+)""",
        r"""\b(?:import|fetch|importScripts|Worker|EventSource|WebSocket)\(\s*["'`]([^"'`]+)""",
        r"""\b(?:import|from)\s*["'](https?:[^"']+)""",
        r"""\.src\s*=\s*["'`]([^"'`]+)""",
    )
]


def fetched(text: str) -> list[str]:
    """Return the addresses that a page, a style sheet or a script has the browser fetch."""
    return [unescape(found) for pattern in FETCHED for found in pattern.findall(text)]


@pytest.mark.parametrize(
    "text",
    [
        '<script async src="https://cdn.example/x.js"></script>',
        '<script src="//cdn.example/x.js"></script>',
        "<img alt='' src='http://cdn.example/x.png'>",
        '<link rel="stylesheet" href="https://cdn.example/x.css">',
        "p { background: url(https://cdn.example/x.png) }",
        '@import "https://cdn.example/x.css";',
        'const x = await import("https://cdn.example/x.js")',
        "fetch('https://cdn.example/x.json')",
        'import x from "https://cdn.example/x.js"',
        'script.src = "https://cdn.example/x.js"',
    ],
)
def test_a_planted_foreign_address_is_found(text: str) -> None:
    assert [address for address in fetched(text) if foreign(address)]


def foreign(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data", "blob")


def test_nothing_is_fetched_from_another_origin(site: Path) -> None:
    found = [
        f"{path.relative_to(site)}: {address}"
        for path in site.rglob("*")
        if path.suffix in (".html", ".css", ".js", ".svg", ".json")
        for address in fetched(path.read_text(encoding="utf-8"))
        if foreign(address)
    ]
    assert found == []


def test_everything_that_is_fetched_is_there(site: Path) -> None:
    missing = [
        f"{path.relative_to(site)}: {address}"
        for path in [*pages(site), *site.rglob("*.css")]
        for address in fetched(path.read_text(encoding="utf-8"))
        if not foreign(address) and not address.startswith(("data:", "#", "%23"))
        if not (path.parent / unquote(urlsplit(address).path)).is_file()
    ]
    assert missing == []


def test_the_theme_says_nothing_to_the_console(site: Path) -> None:
    ours = {"host.js", "engine.js"}
    talking = [
        path.name
        for path in site.rglob("*.js")
        if path.name not in ours and re.search(r"\bconsole\.\w", path.read_text(encoding="utf-8"))
    ]
    assert talking == []


def test_the_font_has_every_character_of_the_formulas(site: Path) -> None:
    font = TTFont(BytesIO((site / "_static" / "STIXTwoMath.woff2").read_bytes()))
    assert "MATH" in font
    formulas = in_formulas("".join(pages(site).values()))
    assert "∂" in formulas and "=" in formulas
    assert {c for c in formulas if not c.isspace()} - set(map(chr, font.getBestCmap())) <= INVISIBLE


INVISIBLE = set("\u2061\u2062\u2063\u2064\u200b")  # operators that are meant, not drawn


def test_the_icon_font_has_every_icon_of_the_pages(site: Path) -> None:
    font = TTFont(site / "_static/vendor/fontawesome/webfonts/fa-solid-900.woff2")
    css = (site / "_static/styles/pydata-sphinx-theme.css").read_text(encoding="utf-8")
    names = set(
        re.findall(r'class="[^"]*\bfa-(?!solid|lg)([a-z-]+)', "".join(pages(site).values()))
    )
    assert {"bars", "download"} <= names
    for name in names:
        rule = re.search(rf'\.fa-{name}:before[^{{]*{{content:"\\(\w+)"', css)
        assert rule and int(rule.group(1), 16) in font.getBestCmap(), name


def test_the_lock_files_name_no_address() -> None:
    python = "".join(path.read_text() for path in (ROOT / "requirements").iterdir())
    assert not re.search(r"://|--hash|--index", python)
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


# --- Small books -------------------------------------------------------------------------------

HEAD = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3}
---

"""
TITLE = "# A title\n\n"


class Book:
    """A small book in a folder of its own, built as the real one is."""

    def __init__(self, folder: Path, **chapters: str) -> None:
        self.folder = folder
        self.environment = dict(os.environ)
        for name in ("_config.yml", "references.bib"):
            shutil.copy(ROOT / name, folder)
        self.contents(*chapters)
        for chapter, text in {"index": "# The book", **chapters}.items():
            self.write(chapter, text)

    def contents(self, *names: str, numbered: bool = False) -> None:
        """Write the contents; numbered, each chapter is a part of its own."""
        files = [{"file": name} for name in names]
        parts = [{"chapters": [file], "numbered": 2} for file in files] if numbered else []
        chapters = {"parts": parts} if numbered else {"chapters": files}
        contents = {"format": "jb-book", "root": "index", **chapters}
        (self.folder / "_toc.yml").write_text(json.dumps(contents))

    def write(self, name: str, text: str) -> None:
        if not text.startswith("# "):
            text = HEAD * ("{code-cell}" in text) + TITLE + text  # else there is nothing to run
        (self.folder / f"{name}.md").write_text(text, encoding="utf-8")

    def try_to_build(self) -> subprocess.CompletedProcess[str]:
        """Build with the options that the Makefile gives."""
        [call] = re.findall(r"@python (scripts/\S+) (build .*)", (ROOT / "Makefile").read_text())
        return subprocess.run(
            [sys.executable, ROOT / call[0], *call[1].split()],
            cwd=self.folder,
            env=self.environment,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def build(self) -> None:
        done = self.try_to_build()
        assert done.returncode == 0, done.stdout

    def page(self, name: str) -> str:
        return (self.folder / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8")


def test_formulas(tmp_path: Path) -> None:
    text = (
        "# Formulas in $x^2$\n\n"
        "Inline $\\frac{\\partial s}{\\partial w}$.\n\n"
        "$$\nw = 2\n$$ (eq-first)\n\n"
        "$$\n\\hat y = 3\n$$ (eq-second)\n\n"
        "$$\na &= b \\\\\nc &= d\n$$\n\n"
        "\\begin{align}\ne &= f \\\\\ng &= h\n\\end{align}\n\n"
        "See {eq}`eq-second`, $u$, $v$.\n"
    )
    book = Book(tmp_path, formulas=text)
    book.build()
    page = book.page("formulas")
    article = page.split("<article")[1].split("</article")[0]
    assert article.count("<math") == 8
    assert "See(2),u,v." in re.sub(r"\s*<[^>]*>", "", article)
    assert "<mfrac" in article and "$" not in re.sub("<[^>]*>", "", article)
    assert re.findall(r'<span class="eqno">\((\d)\)', article) == ["1", "2", "3"]
    assert 'href="#equation-eq-second">(2)</a>' in article
    assert article.count("<mtable") == 2 and "tml-eqn" not in article
    assert "<math" in book.page("index")  # the title, in the contents
    assert "MathJax" not in page


FAULTS = {
    "formula": ("$$\n\\frac{1\n$$\n\n```{code-cell}\n1\n```", r":9: WARNING: .*\\frac\{1"),
    "inline": ("Text with $\\nonsense$.", r":3: WARNING: .*\\nonsense"),
    "error": ("```{code-cell}\n1 / 0\n```", "WARNING: Executing notebook failed"),
    "stderr": ("```{code-cell}\nimport warnings; warnings.warn('old')\n```", "WARNING: stderr"),
    "link": ("[text](missing.md)", ":3: WARNING: .*missing"),
    "label": ("{eq}`missing`", ":3: WARNING: .*missing"),
    "unlinked": (
        "```{code-cell}\nimport ipywidgets\nipywidgets.FloatSlider()\n```",
        r":\d+: WARNING: .*linked to one figure, not to 0",
    ),
    "widget": (
        "```{code-cell}\nimport ipywidgets\nipywidgets.Text()\n```",
        r":\d+: WARNING: .*cannot show this widget",
    ),
}


def test_a_fault_fails_the_build_until_it_is_repaired(tmp_path: Path) -> None:
    book = Book(tmp_path, good="Text.", **{name: fault for name, (fault, _) in FAULTS.items()})
    for _ in range(2):
        done = book.try_to_build()
        assert done.returncode != 0
        for name, (_, said) in FAULTS.items():
            assert re.search(rf"{name}\.md.*{said}", done.stdout), f"{name}: {done.stdout}"
    for name in FAULTS:
        book.write(name, "Text.\n")
    book.build()


def test_a_linked_slider_is_in_the_page(tmp_path: Path) -> None:
    cell = """```{code-cell}
import ipywidgets
from live import figure
shown = figure("chain")
slider = ipywidgets.FloatSlider(description="w & w", min=-1, max=3, step=0.5, value=2)
ipywidgets.jslink((slider, "value"), (shown, "w"))
ipywidgets.VBox([slider, shown])
```
"""
    book = Book(tmp_path, chapter=cell)
    book.build()
    page = book.page("chapter")
    [slider] = re.findall(r'<div class="lf-linked">.*?</div>', page)
    [model] = re.findall(r'<figure class="live-figure"[^>]* data-model="(\w+)"', page)
    assert f'data-link="{model}:w"' in slider
    assert ' min="-1.0" max="3.0" step="0.5" value="2.0"' in slider
    ident = re.search(r' id="([^"]+)"', slider)
    assert ident and f'<label for="{ident.group(1)}">w &amp; w</label>' in slider
    assert page.index("lf-vbox") < page.index("lf-linked") < page.index("live-figure")


SHOWN = """(section)=
## A section

```{code-cell}
---
tags: [remove-input]
mystnb:
  figure:
    name: fig-one
    caption: A figure.
---
from live import figure
figure("chain")
```

```{math}
:label: one

w = 2
```

```{glossary}
word
  What it means.
```
"""
NAMES = """See {ref}`section`, {numref}`section`, {numref}`fig-one`,
{numref}`Chapter %s <section>`, {eq}`one`, {term}`word`, {cite:p}`olah2015calculus`.

```{bibliography}
```
"""


def test_what_a_page_says_of_others_is_kept_up(tmp_path: Path) -> None:
    """Numbers go on from part to part, and names change where they are named, without a run."""
    book = Book(tmp_path, shown=SHOWN, names=NAMES, plain="## Nothing")
    book.contents("shown", "names", "plain", numbered=True)

    def said() -> tuple[str, list[str]]:
        """Build, and return the number of the last chapter and what the references say."""
        book.build()
        article = book.page("names").split("<article")[1].split('class="docutils container"')[0]
        texts = re.findall(r'<a class="reference internal" href="[^"]*".*?</a>', article)
        number = re.search(r"<h1>.*?>([\d.]+) ?</span>", book.page("plain"))
        assert number
        return number[1], [re.sub("<[^>]*>", "", text) for text in texts]

    references = ["A section", "Section 1.1", "Figure 1.1", "Chapter 1.1", "(1.1)", "word"]
    assert said() == ("3.", [*references, "Olah, 2015"])
    # What no other page names changes no other page.
    written = tmp_path / "_build" / "html" / "names.html"
    before = written.stat().st_mtime_ns
    book.write("plain", "## Nothing\n\nBut this sentence.")
    assert said() == ("3.", [*references, "Olah, 2015"])
    assert "But this sentence" in book.page("plain") and written.stat().st_mtime_ns == before
    # One more section before it, another title, another year; the word has moved to another page.
    words, shown = SHOWN.split("```{glossary}")[::-1]
    book.write("shown", "## First\n\n" + shown.replace("A section", "Renamed"))
    book.write("plain", "```{glossary}" + words)
    sources = tmp_path / "references.bib"
    sources.write_text(sources.read_text(encoding="utf-8").replace("{2015}", "{1915}"), "utf-8")
    renamed = ["Renamed", "Section 1.2", "Figure 1.1", "Chapter 1.2", "(1.1)", "word"]
    assert said() == ("3.", [*renamed, "Olah, 1915"])
    assert 'href="plain.html#term-word"' in book.page("names")
    book.contents("names", "shown", "plain", numbered=True)
    assert said()[1][1:5] == ["Section 2.2", "Figure 2.1", "Chapter 2.2", "(2.1)"]


# --- Running again -----------------------------------------------------------------------------


def recorded(name: str, code: str) -> str:
    """Return a chapter that runs `code` and notes in a file that it was run."""
    note = f'open("{name}.runs", "a").write("x")'
    return (
        f"```{{code-cell}}\n:tags: [remove-output]\n{note}\n```\n\n```{{code-cell}}\n{code}\n```\n"
    )


def test_what_depends_on_a_change_is_run_again_and_nothing_else(tmp_path: Path) -> None:
    for package in ("autograd", "figures", "live"):
        ignored = shutil.ignore_patterns("__pycache__", "frontend")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    for same in ("node_modules", "requirements", "package-lock.json"):
        (tmp_path / same).symlink_to(ROOT / same)
    book = Book(
        tmp_path,
        gate=recorded("gate", 'from live import figure\nfigure("gate")'),
        engine=recorded("engine", "from autograd import Variable\nVariable(1.0)"),
        table=recorded("table", 'open("table.csv").read()'),
    )
    book.environment["PYTHONPATH"] = str(tmp_path)  # the copies, not the book's own packages
    (tmp_path / "table.csv").write_text("1")
    (tmp_path / "_config.yml").write_text(
        (tmp_path / "_config.yml")
        .read_text()
        .replace("exclude_patterns: [", "exclude_patterns: [live, ")
    )

    def run_by(*changed: str) -> set[str]:
        """Build after a change to some files and return the names of the chapters that were run."""
        for path in map(tmp_path.joinpath, changed):
            path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        notes = [tmp_path / f"{name}.runs" for name in ("gate", "engine", "table")]
        for note in notes:
            note.unlink(missing_ok=True)
        book.build()
        return {note.stem for note in notes if note.exists()}

    assert run_by() == {"gate", "engine", "table"}
    assert run_by("figures/parts/controls.py", "table.csv") == {"gate", "table"}
    assert run_by("autograd/__init__.py") == {"gate", "engine"}
    assert run_by("live/static/figure.js", "table.md") == {"gate", "table"}

    # Another front end reaches all pages, and no chapter is run for it, nor for another's figure.
    before = re.findall(r"host\.js\?v=\w+", book.page("gate"))
    assert run_by("live/static/host.js", "figures/chain.py") == set()
    assert before and re.findall(r"host\.js\?v=\w+", book.page("gate")) != before

    # Another extension may make anything of any chapter.
    assert run_by("live/book/mathml.py") == {"gate", "engine", "table"}

    # A new title stands in the margin of all pages, and what is gone leaves nothing behind.
    book.write("table", "# Another title\n")
    (tmp_path / "engine.md").unlink()
    book.contents("gate", "table")
    built = tmp_path / "_build" / "html"
    assert list(built.rglob("engine.*"))
    assert run_by() <= {"gate"}
    assert "Another title" in book.page("gate")
    assert list(built.rglob("engine.*")) == [built / "_static" / "engine.js"]


@pytest.mark.parametrize(
    ("code", "needs"),
    [
        ("import autograd as torch", "autograd/__init__.py autograd/variable.py"),
        ("from autograd.graph import graph", "autograd/__init__.py autograd/graph.py"),
        (
            "def f():\n    from figures.parts import controls",
            "figures/__init__.py figures/parts/controls.py",
        ),
        ("%config X.y = 1\nfigure('chain')", "figures/chain.py"),
        ("import live\nlive.figure('chain', w=2)", "figures/chain.py live/widget.py"),
        ("figure(name)", "figures/chain.py figures/gate.py figures/training.py"),
        ("from live import figure", "live/static/figure.js live/static/figure.css live/markup.py"),
        ('figure("exercise", key="3-1")', "figures/exercise.py figures/exercises/chapter_03.py"),
        ('check("2-1", 15)', "figures/exercises/chapter_02.py"),
        ("all_exercises()", "figures/exercises/chapter_01.py figures/exercises/chapter_08.py"),
        (
            "import published",
            "reference/published.py tests/reference/tables.json autograd/graph.py",
        ),
    ],
)
def test_dependencies(code: str, needs: str) -> None:
    folder = ROOT / "reference"  # of the notebook
    found = {path.relative_to(ROOT).as_posix() for path in dependencies([code], ROOT, folder)}
    assert set(needs.split()) <= found


@pytest.mark.parametrize("code", ["import math, numpy", "plt.figure(3)", "1 +", "!ls autograd"])
def test_no_dependencies(code: str) -> None:
    assert dependencies([code], ROOT) == set()


def test_a_style_of_drawing_is_needed() -> None:
    assert files_named(['plt.style.use("live.print")'], ROOT) == {ROOT / "live/print.mplstyle"}


def test_a_figure_needs_no_other() -> None:
    found = {path.relative_to(ROOT).as_posix() for path in dependencies(['figure("gate")'], ROOT)}
    assert "figures/gate.py" in found and "figures/chain.py" not in found


def test_an_exercise_needs_those_of_no_other_chapter() -> None:
    code = 'figure("exercise", key="2-1")'
    found = {path.name for path in dependencies([code], ROOT) if "exercises" in path.parts}
    assert found == {"__init__.py", "kinds.py", "chapter_02.py"}
