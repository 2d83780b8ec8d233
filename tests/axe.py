"""What axe-core finds wrong with a page: all of its default rules, in both themes and two widths.

The theme changes nothing but colors, so of the second one only these are asked about.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from browser import rest
from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 390)
COLORS = {"runOnly": ["color-contrast", "link-in-text-block"]}
THEMES = ("light", "dark")

RUN = """
options => axe.run(document, {resultTypes: ["violations"], preload: false, ...options})
  .then(({violations}) => violations.flatMap(({id, help, nodes}) =>
    nodes.map(({target}) => `${id} at ${target.flat().join(" ")}: ${help}`)))
"""

# The theme looks 0.3 s after a change of the width which parts can be scrolled now.
SETTLED = "() => new Promise((done) => setTimeout(done, 350))"

# The signs of links to headings are seen only while the pointer is over these.
SIGNS = """
const sheet = new CSSStyleSheet();
sheet.replaceSync("a.headerlink { visibility: visible !important }");
document.adoptedStyleSheets.push(sheet);
"""


def violations(
    page: Page, widths: Iterable[int] = WIDTHS, themes: Sequence[str] = THEMES
) -> list[str]:
    """Return "theme, width: rule at selector: help" for each element that breaks a rule."""
    rest(page)  # the theme's scripts make what scrolls reachable by keyboard
    for script in (SCRIPT.read_text(encoding="utf-8"), SIGNS):
        page.evaluate(script)
    found = []
    for width in widths:
        size = page.viewport_size
        if size is None or size["width"] != width:
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(SETTLED)
        for theme in themes:
            options = {} if theme == themes[0] else COLORS
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            found += [f"{theme}, {width} wide: {one}" for one in page.evaluate(RUN, options)]
    return found
