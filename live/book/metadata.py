"""What a page says of itself to a search engine, and where somebody shares it.

Its title and a description: its own (``myst: html_meta: description:`` in its header), or the start
of its prose. Links between sites are absolute, so they stand there only where the book's address is
known, as by ``BOOK_ADDRESS=https://someone.github.io/book make book``.
"""

import os
import re
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.errors import ExtensionError

PICTURE = Path(__file__).parents[2] / "docs" / "screenshot.png"
LONGEST = 160  # characters of a description; search engines show no more


def setup(app: Sphinx) -> None:
    app.connect("config-inited", locate)
    app.connect("html-page-context", describe)


def locate(app: Sphinx, config: Config) -> None:
    """Take the book's address from the environment. With another one, all pages are written."""
    given = os.environ.get("BOOK_ADDRESS") or config.html_baseurl
    if given and not given.startswith(("http://", "https://")):
        raise ExtensionError(f"BOOK_ADDRESS={given}: an address starts with https://")
    config.html_baseurl = given and given.rstrip("/") + "/"
    if given:
        config.html_static_path.append(str(PICTURE))


def describe(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    if doctree is None:  # the search page, for one
        text = f"{context.get('title', pagename.title())}: {app.config.html_title}"
        context["metatags"] = context.get("metatags", "") + tag("name", "description", text)
        return
    home = pagename == app.config.root_doc
    own = own_description(doctree)
    text = own or start(app, doctree)
    tags = {
        "og:type": "website" if home else "article",
        "og:site_name": app.config.html_title,
        "og:title": app.config.html_title if home else Markup(context["title"]).striptags(),
        "og:description": text,
    }
    if app.config.html_baseurl:
        context["pageurl"] = tags["og:url"] = address(app, pagename)  # the theme links to it
        tags["og:image"] = f"{app.config.html_baseurl}_static/{PICTURE.name}"
        tags["twitter:card"] = "summary_large_image"
    if not own:  # which Sphinx writes
        context["metatags"] += tag("name", "description", text)
    for name, content in tags.items():
        context["metatags"] += tag("property" if name.startswith("og:") else "name", name, content)


def own_description(doctree: nodes.document) -> str:
    """Return the description that a page gives of itself, if it does."""
    given = [meta for meta in doctree.findall(nodes.meta) if meta.get("name") == "description"]
    return str(given[0]["content"]) if given else ""


def start(app: Sphinx, doctree: nodes.document) -> str:
    """Return the start of a page's first paragraph, as plain text."""
    assert isinstance(app.builder, StandaloneHTMLBuilder)
    for paragraph in doctree.findall(nodes.paragraph):
        text = Markup(app.builder.render_partial(paragraph)["fragment"]).striptags()
        if text:
            return cut(text)
    return ""


def cut(text: str) -> str:
    """Return the start of a text that is too long: whole sentences, if there is room for any.

    >>> cut("Back-propagation " * 4 + "is this. And this is not " + "needed, " * 20)
    'Back-propagation Back-propagation Back-propagation Back-propagation is this.'
    >>> cut("One, " * 40)[-15:]
    ' One, One, One…'
    """
    if len(text) <= LONGEST:
        return text
    short = shorten(text, LONGEST, placeholder="…", break_on_hyphens=False)
    whole = re.match(r".{70,}[.?!](?= )", short)
    return whole[0] if whole else re.sub(r"[,;:–]?…$", "…", short)


def address(app: Sphinx, pagename: str) -> str:
    """Return the address of a page: absolute where the book's is known, relative elsewhere."""
    base: str = app.config.html_baseurl
    home = base and pagename == app.config.root_doc
    return base + ("" if home else app.builder.get_target_uri(pagename))


def tag(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(content)}">\n'
