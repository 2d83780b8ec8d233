"""The Sphinx extension that makes the built book: ``extensions: [..., live.book]``.

accessible    what other extensions write can be understood by a screen reader, too
api           the engine, described by its docstrings
assets        the figures' front end and the book's look, on the pages that need them
dependencies  which chapters run again when a file of ours changes
downloads     each page offers its notebook as it was executed
failures      a failed build stays failed until it is repaired
fonts         the fonts that a page loads hold only the characters that the book shows
listing       the pages, listed for programs: llms.txt, sitemap.xml, robots.txt
mathml        formulas become MathML while the book is built
metadata      each page describes itself, for who searches or shares it
missing       the page that a host shows where there is none
offline       the book can be read with the network off
policy        no scripts in the pages but those that a strict policy allows by name
repository    what the address of the book's repository makes possible: edits, Colab, Binder
styles        one style sheet for all pages, with what they use
widgets       plain ipywidgets that are linked to a figure work in the page, too
"""

from importlib import import_module
from typing import Any

from sphinx.application import Sphinx

PARTS = (
    "accessible api assets dependencies downloads failures fonts listing mathml metadata missing "
    "offline policy repository styles widgets"
)


def setup(app: Sphinx) -> dict[str, Any]:
    for part in PARTS.split():
        import_module(f"live.book.{part}").setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
