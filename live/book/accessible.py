"""What other extensions write into a page, set right for those who do not see it."""

from typing import Any

from sphinx.application import Sphinx

RIGHT = {
    # Of MyST-NB: the label would hide the words that are shown, "Show code cell source".
    '<summary aria-label="Toggle hidden content">': "<summary>",
    # Of docutils: the role was given up; an entry is an item of the list around it.
    ' role="doc-biblioentry"': ' role="listitem"',
    # Of docutils: an empty corner of a table is the header of nothing.
    '<th class="head"><p></p></th>': '<td class="head"></td>',
}


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", set_right)


def set_right(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    if "body" in context:
        for written, right in RIGHT.items():
            context["body"] = context["body"].replace(written, right)
