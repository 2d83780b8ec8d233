"""The page that a host shows for an address where there is none: ``404.html``.

It is shown under the address that was asked for, at any depth, so a relative link in it leads
nowhere. Where the book's address is known, its links begin with the path in that address; elsewhere
they are relative, which is right for addresses without a folder.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sphinx.application import Sphinx

RELATIVE = re.compile(
    r'(\s(?:href|src|action|data-(?:src|content_root))=")(?![/#]|[a-z]+:)(?:\./)?'
)


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", collect)
    app.connect("html-page-context", hide)
    app.connect("build-finished", anchor)


def collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    yield "404", {"title": "There is no such page"}, "404.html"


def hide(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Give the page no address of its own."""
    if pagename == "404":
        context["pageurl"] = None


def anchor(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html" or not app.config.html_baseurl:
        return
    page = Path(app.outdir, "404.html")
    text = page.read_text(encoding="utf-8")
    absolute = RELATIVE.sub(rf"\g<1>{urlsplit(app.config.html_baseurl).path}", text)
    if absolute != text:  # and not from a build before
        page.write_text(absolute, encoding="utf-8")
