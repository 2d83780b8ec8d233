"""The book can be read with the network off: its service worker, and the page for what is not kept.

``service-worker.js`` stands at the root of the site and so sees to all of it, under whatever path.
Here it is told which files the book consists of: its pages and what these load. Each comes with a
hash of its content, so a build that changed nothing writes the same worker, and any other makes
browsers take the new one and fetch what has changed.
"""

import json
import posixpath
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from live.book.assets import BUNDLE, digest
from live.book.fonts import ICONS
from live.book.missing import RELATIVE

WORKER = "service-worker.js"
PAGE = "offline"
LOADED = {  # by a page or a style sheet, as it is read
    ".html": re.compile(
        r'<(?:script|img)\b[^>]*?\ssrc="([^"]+)'
        r'|<link\b(?=[^>]*\srel="(?:stylesheet|icon)")[^>]*?\shref="([^"]+)'
        r'|\sdata-(?:engine|src)="([^"]+)'
    ),
    ".css": re.compile(r"""\burl\(\s*([^"')]+)|(?:\burl\(|@import)\s*(?:"([^"]*)"|'([^']*)')"""),
}
NEEDLESS = re.compile(rf"\.ttf$|/webfonts/(?!{Path(ICONS).name}$)")  # older, or of no icon here


def setup(app: Sphinx) -> None:
    app.add_js_file("offline.js", loading_method="defer")
    app.connect("html-collect-pages", collect)
    app.connect("build-finished", write, priority=950)  # after all that changes a file


def collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    yield PAGE, {"title": "This page has not been kept"}, f"{PAGE}.html"


def write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    book = {"files": files(site), "missing": f"{PAGE}.html", "relative": RELATIVE.pattern}
    code = (BUNDLE / WORKER).read_text(encoding="utf-8")
    text = f"const BOOK = {json.dumps(book, separators=(',', ':'))};\n{code}"
    path = site / WORKER
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def files(site: Path) -> dict[str, tuple[str, int, str, list[int]]]:
    """Return {path: (hash, size, query of its address, what it loads)}, the last by its place here.

    Of the pages and all that they load, directly or not.
    """
    pages = (path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    queries = {path: "" for path in sorted(pages) if not path.startswith("_")}
    loads: dict[str, set[str]] = {}
    for path in (reading := list(queries)):
        loads[path] = set()
        for address in loaded(site / path):
            name, _, query = address.partition("?")
            found = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            if NEEDLESS.search(found) or not (site / found).is_file():
                continue
            loads[path].add(found)
            if found not in queries:
                reading.append(found)
                queries[found] = query and f"?{query}"
    places = {path: place for place, path in enumerate(queries)}
    return {
        path: (
            digest(site / path),
            (site / path).stat().st_size,
            query,
            sorted(places[found] for found in loads[path]),
        )
        for path, query in queries.items()
    }


def loaded(path: Path) -> Iterator[str]:
    """Yield the addresses of what a page or a style sheet loads, as they are written there."""
    pattern = LOADED.get(path.suffix)
    if pattern:
        for groups in pattern.findall(path.read_text(encoding="utf-8")):
            address = unescape("".join(groups)).partition("#")[0]
            if address and ":" not in address:
                yield address
