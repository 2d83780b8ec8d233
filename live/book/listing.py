"""The book's pages, listed for programs: ``llms.txt``, and ``sitemap.xml`` with ``robots.txt``.

Titles and descriptions are read off the built pages. The latter two need absolute addresses, so
they are there only where the book's address is known.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path

from sphinx import addnodes
from sphinx.application import Sphinx

from live.book.metadata import address


def setup(app: Sphinx) -> None:
    app.connect("build-finished", list_pages)


def list_pages(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    files = {"llms.txt": for_readers(app), "sitemap.xml": "", "robots.txt": ""}
    base = app.config.html_baseurl
    if base:
        files["sitemap.xml"] = sitemap(app)
        files["robots.txt"] = f"User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n"
    for name, text in files.items():
        path = Path(app.outdir, name)
        if text:
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)


def for_readers(app: Sphinx) -> str:
    """Return the contents in the form of https://llmstxt.org."""
    root = app.config.root_doc
    title, description = said(app, root)
    base = app.config.html_baseurl
    lines = [
        f"# {title}",
        f"> {description}",
        f"Begin at [the first page]({address(app, root)}). "
        f"What `{base}PAGE.html` was made of, in Markdown, is `{base}_sources/PAGE.md`.",
    ]
    for part in app.env.tocs[root].findall(addnodes.toctree):
        pages = [page for first in part["includefiles"] for page in below(app, first)]
        lines += [f"## {part.get('caption') or 'Pages'}", "\n".join(entry(app, p) for p in pages)]
    return "\n\n".join(lines) + "\n"


def entry(app: Sphinx, pagename: str) -> str:
    title, description = said(app, pagename)
    return f"- [{title}]({address(app, pagename)}): {description}"


def said(app: Sphinx, pagename: str) -> tuple[str, str]:
    """Return the title and the description that a built page gives."""
    page = Path(app.outdir, f"{pagename}.html").read_text(encoding="utf-8")
    found = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
    return unescape(found["title"]), unescape(found["description"])


def sitemap(app: Sphinx) -> str:
    places = "".join(
        f"<url><loc>{escape(address(app, page))}</loc></url>\n"
        for page in below(app, app.config.root_doc)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n'
    )


def below(app: Sphinx, pagename: str) -> Iterator[str]:
    """Yield a page and all that stand below it in the contents, in their order."""
    yield pagename
    for page in app.env.toctree_includes.get(pagename, []):
        yield from below(app, page)
