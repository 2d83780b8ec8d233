"""The book's style sheet has all that its pages use, and nothing else of what others bring."""

import re
from pathlib import Path

import pytest

from live.book.assets import digest
from live.book.styles import read, scripts, used


@pytest.fixture
def static(tmp_path: Path) -> Path:
    (tmp_path / "styles").mkdir()
    (tmp_path / "basic.css").write_text("li { background: url(file.png) }")
    (tmp_path / "styles" / "theme.css").write_text(
        '@import "../basic.css"; p { background: url("../fonts/a.woff2") url(data:x,y) }'
    )
    return tmp_path


def test_a_sheet_is_read_with_what_it_imports_and_its_addresses_hold(static: Path) -> None:
    assert read(static, "styles/theme.css") == (
        'li { background: url(file.png) } p { background: url("fonts/a.woff2") url(data:x,y) }'
    )


PAGE = """<!doctype html><p class="here" id="it">absent</p>
<script src="some.js?v=1"></script><script src="lost.js"></script>"""
SCRIPT = "document.body.classList.add('later'); document.body.dataset.mode = 'dark'"


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        (".here{color:red}", True),
        ("#it:hover .later{color:red}", True),  # by a script, in a state
        ("[data-mode=dark] p{color:red}", True),  # an attribute that is set under another name
        (".absent{color:red}", False),  # text names nothing
        (".here .absent{color:red}", False),
        ("table{color:red}", False),
        ("@media print{.absent{color:red}}", False),
        ("@keyframes never{to{color:red}}", False),
    ],
)
def test_what_nothing_names_is_left_out(tmp_path: Path, rule: str, kept: bool) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    (tmp_path / "some.js").write_text(SCRIPT)
    own = ".lf-drawn-later{color:navy}"
    assert scripts([page]) == {tmp_path / "some.js"}
    assert used(rule, own, [page, *scripts([page])]).strip() == rule * kept + own


def test_every_page_has_one_sheet_and_its_version(site: Path) -> None:
    css = site / "_static" / "styles.css"
    pages = [path for path in site.rglob("*.html") if css.parent not in path.parents]
    assert site / "index.html" in pages
    for page in pages:
        sheets = re.findall('<link rel="stylesheet" href="([^"]*)"', page.read_text())
        assert [sheet.rpartition("/")[2] for sheet in sheets] == [f"styles.css?v={digest(css)}"]


def test_the_sheet_is_small_and_knows_the_theme(site: Path) -> None:
    css = (site / "_static" / "styles.css").read_text(encoding="utf-8")
    assert len(css) < 200_000
    for selector in ("[data-theme=dark]", ".bd-sidebar-primary", "a.headerlink", ".highlight"):
        assert selector in css
