"""What the pages need of a strict Content-Security-Policy: no script in a page but two of ours.

The theme writes two scripts into each page, one that differs from page to page; they set what only
a version switcher and a search while typing would read, and the book has neither. What is left to
be allowed is named in the README by its hash, and `tests/test_policy.py` holds it to that.
"""

from typing import Any

from sphinx.application import Sphinx

NEEDLESS = ("DOCUMENTATION_OPTIONS.pagename = ", "DOCUMENTATION_OPTIONS.search_as_you_type = false")


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", leave_out, priority=900)  # after the theme


def leave_out(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    scripts = context["script_files"]
    scripts[:] = [
        script
        for script in scripts
        if not getattr(script, "attributes", {}).get("body", "").startswith(NEEDLESS)
    ]
