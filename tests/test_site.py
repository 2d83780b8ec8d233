"""The pages of the built book in a real browser: what the theme and the build make of them."""

from pathlib import Path

import pytest
from axe import violations
from browser import SHIFTS, SUB_PATH, Reader, figure, rest
from contents import ADDRESSES, SEARCH
from playwright.sync_api import Page, expect

# Which theme a page has before the theme's own script, which comes after the first paint.
EARLY = """document.addEventListener(
  "readystatechange", () => (window.early ??= document.documentElement.dataset.theme));"""

# What does not fit into its exercise or its folded part, once all are unfolded.
CUT = """() => {
  for (const folded of document.querySelectorAll("article details")) folded.open = true;
  return [...document.querySelectorAll(".sd-dropdown, [data-figure=exercise] .lf-drawing")]
    .filter((part) => part.scrollWidth > part.clientWidth)
    .map((part) => part.textContent.trim().slice(0, 60));
}"""


# Drawings that do not say what they are, of which axe takes some for ornament
SILENT = ".lf-drawing svg:not([aria-label], [aria-hidden=true], svg svg)"

PARTS = 4  # of the pages, for the processes that run tests to share


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(
    ("place", "scheme", "width"),
    [("server", "light", 390), ("sub-path", "dark", 1280), ("file", "dark", 390)],
)
def test_pages_are_quiet_still_fit_follow_the_system_and_break_no_rule(
    reader: Reader, site: Path, server: str, place: str, scheme: str, width: int, part: int
) -> None:
    root = {"server": f"{server}/", "sub-path": server + SUB_PATH, "file": f"{site.as_uri()}/"}
    size = {"width": width, "height": 800}
    page = reader.open("about:blank", EARLY + SHIFTS, color_scheme=scheme, viewport=size)
    for address in ADDRESSES[part::PARTS]:
        page.goto(root[place] + address)
        assert page.evaluate("[early, document.documentElement.dataset.theme]") == [scheme] * 2
        assert page.evaluate("document.fonts.ready.then(() => document.fonts.status)") == "loaded"
        for shown in page.locator(".live-figure").all():
            figure(page, shown.get_attribute("data-id") or "")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert page.evaluate("shifts") <= 0.02, address
        assert page.locator(SILENT).count() == 0, address
        if place != "file":  # whose pages are those of the server
            page.emulate_media(reduced_motion="reduce")
            assert violations(page, [width], [scheme]) == [], address  # the rest: make audit
            page.emulate_media(reduced_motion="null")
        assert page.evaluate(CUT) == [], address


def test_the_chosen_theme_is_kept(reader: Reader, server: str) -> None:
    page = reader.open(f"{server}/index.html", color_scheme="light")
    light = background(page)
    switch = page.get_by_role("button", name="Color mode")
    modes: list[str] = []
    while "dark" not in modes:
        assert len(modes) < 3, modes
        switch.click()
        modes.append(page.evaluate("document.documentElement.dataset.mode"))
    dark = background(page)
    page.reload()
    assert background(page) == dark != light


def background(page: Page) -> str:
    color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return color


def test_search_finds_a_chapter(reader: Reader, server: str) -> None:
    page = reader.open(f"{server}/{SEARCH}")
    expect(page.locator("#search-results li a").first).to_be_visible()
    sign, field = (page.locator(f".bd-search-container form {part}") for part in ("i", "input"))
    before, after = sign.bounding_box(), field.bounding_box()
    assert before and after and before["x"] + before["width"] <= after["x"]


def test_a_hint_leaves_its_neighbors_to_be_pressed(reader: Reader, server: str) -> None:
    page = reader.open(f"{server}/index.html", viewport={"width": 390, "height": 800})
    rest(page)
    page.locator(".secondary-toggle").hover()
    expect(page.locator(".tooltip.show")).to_be_visible()
    assert page.locator(".pst-navbar-icon.search-button").evaluate(
        """button => {
          const { x, y, width, height } = button.getBoundingClientRect();
          return button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        }"""
    )


def test_formulas_use_their_font(reader: Reader, site: Path, server: str) -> None:
    page = reader.open(f"{server}/chapters/03-a-chain-of-gates.html")
    page.evaluate("document.fonts.ready")
    assert page.evaluate(
        "[...document.fonts].some((f) => f.family === 'STIX2' && f.status === 'loaded')"
    )
    fraction = page.locator("div.math mfrac").first
    parts = [fraction.locator("xpath=*").nth(place).bounding_box() for place in (0, 1)]
    assert parts[0] and parts[1] and parts[0]["y"] + parts[0]["height"] <= parts[1]["y"] + 1


def test_without_scripts_the_page_can_be_read(reader: Reader, site: Path, server: str) -> None:
    page = reader.open("about:blank", java_script_enabled=False)
    for address in ADDRESSES:
        if address != SEARCH:
            page.goto(f"{server}/{address}")
            expect(page.locator("article h1").first).to_be_visible()
            for drawing in page.locator(".lf-drawing svg").all():
                expect(drawing).to_be_visible()
            for button in page.locator(".pst-js-only").all():
                expect(button).to_be_hidden()
