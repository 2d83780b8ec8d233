"""The built book for those who do not see it or do not use a mouse; test_site.py asks axe."""

import pytest
from browser import Reader, figure, rest
from playwright.sync_api import Page, Route, expect


def opened(reader: Reader, address: str, width: int = 1280) -> Page:
    """Open a page and wait until its figures are live."""
    size = {"width": width, "height": 800}
    page = reader.open(address, reduced_motion="reduce", viewport=size)
    for shown in page.locator(".live-figure").all():
        figure(page, shown.get_attribute("data-id") or "")
    return page


# --- By keyboard -------------------------------------------------------------------------------

# All that can be pressed, turned or followed, in the order of the page.
STOPS = """
() => {
  const stops = [...document.querySelectorAll("a, button, input, select, summary, [tabindex]")]
    .filter((one) => one.tabIndex >= 0 && !one.disabled
      && one.checkVisibility({ visibilityProperty: true }));
  window.said = (one) => `${stops.indexOf(one)} ${one.tagName} ${one.textContent.trim()}`;
  return stops.map(said);
}
"""

# What changes has changed at once.
STILL = """
const sheet = new CSSStyleSheet();
sheet.replaceSync("*, ::before, ::after { transition: none !important }");
document.adoptedStyleSheets.push(sheet);
"""

# Where the focus is; and whether it is seen: marked, in the window, and under nothing else.
FOCUS = """
() => {
  const one = document.activeElement;
  const { outlineStyle, boxShadow } = getComputedStyle(one);
  const boxes = [...one.getClientRects()];
  const seen = boxes.some(({ x, y, width, height }) => {
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    return one.contains(top) || top?.contains(one);
  });
  return [said(one), seen && (outlineStyle !== "none" || boxShadow !== "none")];
}
"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["index.html", "chapters/03-a-chain-of-gates.html"])
def test_tab_reaches_everything_in_order(
    reader: Reader, server: str, path: str, width: int
) -> None:
    page = opened(reader, f"{server}/{path}", width)
    page.evaluate(STILL)
    page.evaluate("scrollTo(0, 0)")
    stops = page.evaluate(STOPS)
    assert "Skip to main content" in page.locator("a").first.inner_text()
    reached, hidden = [], []
    for _ in stops:
        page.keyboard.press("Tab")
        said, seen = page.evaluate(FOCUS)
        reached.append(said)
        if not seen:
            hidden.append(said)
    assert reached == stops
    assert hidden == []


def test_the_menu_of_a_phone_opens_and_closes(reader: Reader, server: str) -> None:
    page = opened(reader, f"{server}/index.html", 390)
    button = page.get_by_role("button", name="Toggle primary sidebar")
    button.press("Enter")
    chapter = page.get_by_role("dialog").get_by_role("link", name="1. Why gradients")
    expect(chapter).to_be_visible()
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('dialog[open]').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(chapter).to_be_hidden()


def test_the_search_opens_and_closes(reader: Reader, server: str) -> None:
    page = opened(reader, f"{server}/index.html", 1280)
    button = page.get_by_role("button", name="Search Ctrl + K")
    button.press("Enter")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Control+k")
    expect(field).to_be_focused()


@pytest.mark.parametrize("key", ["Enter", "Control+k"])
def test_what_is_pressed_before_its_script_is_there_is_done(
    reader: Reader, server: str, key: str
) -> None:
    """The theme's scripts come late (see live/frontend/late.js): here, after the key."""
    held: list[Route] = []
    free: list[bool] = []
    # without a service worker: what it fetches could not be held
    page = reader.open("about:blank", "delete Navigator.prototype.serviceWorker")
    page.route(
        "**/_static/scripts/*", lambda route: route.continue_() if free else held.append(route)
    )
    page.goto(f"{server}/index.html")
    page.get_by_role("button", name="Search Ctrl + K").press(key)
    page.wait_for_function("!document.querySelector('[data-src]')")  # they are asked for
    assert page.get_by_role("searchbox").count() == 0
    free.append(True)
    for route in held:
        route.continue_()
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_no_press_waits_for_a_script_that_does_not_come(reader: Reader, server: str) -> None:
    reader.expected = "ERR_FAILED"  # the browser tells of it
    page = reader.open("about:blank", "delete Navigator.prototype.serviceWorker")
    page.route("**/scripts/pydata-sphinx-theme.js*", lambda route: route.abort())  # the last
    page.goto(f"{server}/index.html")
    rest(page)


# --- Said ----------------------------------------------------------------------------------------


GRAPH = """
- list "Graph":
  - listitem:
    - button "x value 2 gradient -4"
  - listitem:
    - button "w value 1 gradient -8"
  - listitem:
    - button "y value 4 gradient 4"
  - listitem:
    - 'img "ŷ = x · w: value 2, gradient -4"'
  - listitem:
    - 'img "s = ŷ - y: value -2, gradient -4"'
  - listitem:
    - 'img "loss = s²: value 4, gradient 1"'
"""


def test_a_graph_is_said_as_a_list(reader: Reader, server: str) -> None:
    page = opened(reader, f"{server}/index.html")
    graph = page.locator(".lf-graph").first
    expect(graph).to_match_aria_snapshot(GRAPH)
    expect(graph.locator("[data-press]").first).to_have_attribute(
        "aria-description", "Show its chain rule"
    )


def test_chromium_tells_the_list_and_what_is_still_to_come(reader: Reader, server: str) -> None:
    """As a screen reader is told it: the roles that stand in the tree, not those in the HTML."""
    page = opened(reader, f"{server}/index.html#chain?step=1&w=2")
    chain = figure(page, "chain")
    expect(chain.locator("[data-value='value:y_hat']").first).to_have_text("4")
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    children = {node["nodeId"]: node["childIds"] for node in nodes}
    said = {
        node["nodeId"]: (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if "role" in node
    }
    [graph] = [ident for ident, one in said.items() if one == ("list", "Graph")]
    items = [ident for ident in children[graph] if said[ident][0] == "listitem"]
    assert [said[children[item][0]] for item in items] == [
        ("button", "x value 2 gradient not yet known"),
        ("button", "w value 2 gradient not yet known"),
        ("button", "y value 4 gradient not yet known"),
        ("image", "ŷ = x · w: value 4, gradient not yet known"),
        ("image", "s = ŷ - y: value not yet known, gradient not yet known"),
        ("image", "loss = s²: value not yet known, gradient not yet known"),
    ]
