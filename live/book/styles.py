"""One style sheet for all pages: what they use of the dozen that theme and extensions bring.

Nothing of a page is painted before its style sheets are there. Bootstrap and others come along
whole, 100 KB by gzip, of which the book uses a quarter. What is named neither in a page nor in a
script that one loads is left out. Our own sheets stay whole: a figure draws what no page has yet.
"""

import posixpath
import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from live.book.assets import COPIED, digest
from live.book.node import ask
from live.book.offline import loaded

SHEET = "styles.css"
THEME = ("styles/theme.css", "styles/pydata-sphinx-theme.css")  # no extension of Sphinx adds these
ADDRESS = re.compile(
    r"""@import (?:url\()?"(?P<sheet>[^"]+)"\)?;"""
    r"""|(?P<before>\burl\(["']?)(?!data:)(?P<file>[^"')]+)"""
)
LINK = re.compile(rf"(?<=/{re.escape(SHEET)}\?v=)\w*")


def setup(app: Sphinx) -> None:
    app.connect("build-finished", write, priority=900)  # after what makes pages and scripts


def write(app: Sphinx, exception: Exception | None) -> None:
    if exception or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    site = Path(app.outdir)
    static = site / "_static"
    added = [str(sheet.filename).removeprefix("_static/") for sheet in app.builder._css_files]
    own = [name for name in added if name in {path.name for path in COPIED}]
    others = [*THEME, *(name for name in added if name not in own)]
    pages = [path for path in site.rglob("*.html") if static not in path.parents]
    text = used(
        "".join(read(static, name) for name in others),
        "".join(read(static, name) for name in own),
        [*pages, *scripts(pages)],
    )
    (static / SHEET).write_text(text, encoding="utf-8")
    version = digest(static / SHEET)
    for page in pages:
        before = page.read_text(encoding="utf-8")
        after = LINK.sub(version, before)
        if after != before:
            page.write_text(after, encoding="utf-8")


def read(static: Path, name: str) -> str:
    """Return a sheet with what it imports, its addresses as they are from the folder `static`."""
    folder = posixpath.dirname(name)

    def put(found: re.Match[str]) -> str:
        address = posixpath.normpath(posixpath.join(folder, found["sheet"] or found["file"]))
        return read(static, address) if found["sheet"] else found["before"] + address

    return ADDRESS.sub(put, (static / name).read_text(encoding="utf-8"))


def scripts(pages: list[Path]) -> set[Path]:
    """Return the scripts that pages load."""
    return {
        path.resolve()
        for page in pages
        for address in loaded(page)
        if (path := page.parent / address.partition("?")[0]).suffix == ".js" and path.is_file()
    }


def used(others: str, own: str, named: list[Path]) -> str:
    """Return `others` without what none of the files names, and `own`; both without blanks."""
    asked = {"others": others, "own": own, "named": [str(path) for path in named]}
    return ask(Path(__file__).with_suffix(".mjs"), asked)
