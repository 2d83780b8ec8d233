"""Turning pages by key, and going on where one has been reading."""

import pytest
from browser import Reader, figure
from playwright.sync_api import Page, expect

FIRST, SECOND = "chapters/02-the-gate.html", "chapters/03-a-chain-of-gates.html"


def expect_at(page: Page, address: str) -> None:
    page.wait_for_url(f"**/{address}")


def test_the_arrow_keys_turn_the_pages(reader: Reader, server: str) -> None:
    page = reader.open(f"{server}/{FIRST}")
    page.keyboard.press("ArrowRight")
    expect_at(page, SECOND)
    page.keyboard.press("ArrowLeft")
    expect_at(page, FIRST)
    for key in ("Shift+ArrowRight", "Alt+ArrowUp", "Control+ArrowRight"):
        page.keyboard.press(key)
    assert page.url.endswith(FIRST)
    page.goto(f"{server}/index.html")
    page.keyboard.press("ArrowLeft")  # there is no page before it
    page.keyboard.press("ArrowRight")
    expect_at(page, "chapters/01-why-gradients.html")


@pytest.mark.parametrize(
    "taker", [".live-figure input[type=range]", ".lf-drawing", "pre", ".theme-switch-button"]
)
def test_what_has_the_focus_keeps_its_keys(reader: Reader, server: str, taker: str) -> None:
    page = reader.open(f"{server}/{SECOND}", viewport={"width": 1280, "height": 800})
    figure(page, "chain")
    page.locator(taker).first.evaluate("(taker) => ((taker.tabIndex = 0), taker.focus())")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => new Promise((done) => setTimeout(done, 300, true))")
    assert page.url.split("#")[0].endswith(SECOND)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_page_leads_back_to_the_place(reader: Reader, server: str, width: int) -> None:
    page = reader.open(f"{server}/index.html", viewport={"width": width, "height": 800})
    assert page.locator("a.go-on").count() == 0
    page.goto(f"{server}/{FIRST}")
    page.locator("h2").nth(2).evaluate("(heading) => heading.scrollIntoView()")
    section, title = (
        page.locator("h2")
        .nth(2)
        .evaluate("(heading) => [heading.parentElement.id, heading.textContent]")
    )
    page.goto(f"{server}/index.html")
    link = page.locator("a.go-on")
    expect(link).to_have_text(f"Go on with {title.rstrip('#')}")
    bar = page.locator(".header-article-items__end").bounding_box()
    box = link.bounding_box()
    assert bar and box and box["x"] + box["width"] <= bar["x"]
    link.click()
    expect_at(page, f"{FIRST}#{section}")


def test_a_place_that_is_none_is_not_offered(reader: Reader, server: str) -> None:
    for kept in (
        '{"place": "https://elsewhere.example/", "title": "x"}',
        "[",
        "null",
        '{"place": 3}',
    ):
        script = f"localStorage.setItem('backprop-book.place', {kept!r})"
        page = reader.open(f"{server}/index.html", script)
        figure(page, "chain")
        assert page.locator("a.go-on").count() == 0
