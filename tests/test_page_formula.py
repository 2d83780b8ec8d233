"""The reader's own formula in the built page: typed, dragged, sent as a link, copied."""

from urllib.parse import quote

import pytest
from browser import figure, served, shown
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def address(site):
    with served(site) as address:
        yield f"{address}/chapters/09-your-own-formula.html"


def typed(found):
    return found.locator("input[name=typed]")


def test_a_formula_is_typed_letter_by_letter(reader, address):
    page = reader.open(address)
    found = figure(page, "formula")
    typed(found).fill("x*w")
    expect(shown(found, "value:f")).to_have_text("1")
    page.keyboard.type(" + (")
    expect(found.locator(".lf-bad")).to_have_text(
        "Column 8: the formula ends where a number, a name or a parenthesis was expected."
    )
    expect(shown(found, "value:f")).to_have_text("1")  # the last good drawing
    page.keyboard.type("b)")
    expect(shown(found, "value:f")).to_have_text("2")
    expect(typed(found)).to_have_value("x*w + (b)")
    expect(found.locator("select[name=preset]")).to_have_value("own")


def test_a_slider_in_the_drawing_and_its_ends(reader, address):
    page = reader.open(f"{address}#formula?f={quote('x**2')}&at=x=3")
    found = figure(page, "formula")
    expect(shown(found, "grad:x")).to_have_text("6")
    slider = found.locator("input[type=range][name='at:x']")
    slider.fill("-2")
    expect(shown(found, "grad:x")).to_have_text("-4")
    number = found.locator("input[type=number][name='at:x']")
    expect(number).to_have_value("-2")
    high = found.locator("input[name='high:x']")
    high.fill("40")
    expect(slider).to_have_attribute("max", "40")
    number.fill("33")
    expect(shown(found, "grad:x")).to_have_text("66")
    number.fill("99")
    number.press("Tab")
    expect(number).to_have_value("40")
    page.wait_for_function("location.hash.includes('f=x**2&at=x=40&low=&high=x=40')")


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('rm')",
        "<img src=x onerror=alert(1)>",
        "(" * 5000,
        "9**" * 60 + "x",
        "\\u0000%00\\n",
        "x+" * 99 + "x",
    ],
)
def test_a_hostile_link_is_refused_and_harms_nothing(reader, address, text):
    page = reader.open(f"{address}#formula?f={quote(text)}&at={quote('<b>=1,w0=1e999')}&step=-1")
    found = figure(page, "formula")
    expect(found.locator(".lf-bad")).to_contain_text("Column ")
    expect(found.locator(".lf-drawing img")).to_have_count(0)
    typed(found).fill("a*b")
    expect(shown(found, "value:a")).to_have_text("1")


def test_the_program_can_be_copied(reader, address):
    page = reader.open(address, permissions=["clipboard-read", "clipboard-write"])
    found = figure(page, "formula")
    found.locator("input[name=python]").check()
    found.locator("[data-copy]").click()
    expect(found.locator("[data-copy]")).to_have_text("Copied")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("from autograd import Variable, exp\n") and "f.backward()" in text


def test_the_longest_numbers_of_a_box_do_not_meet(reader, address):
    at = quote("w0=3.2,x0=-1,w1=-3,x1=1.5,w2=-3")
    found = figure(reader.open(f"{address}#formula?at={at}"), "formula")
    expect(shown(found, "value:v6")).to_have_text("44355.8551")
    expect(shown(found, "grad:v6")).to_have_text("-5.083e-10")
    value, gradient = (shown(found, f"{key}:v6").bounding_box() for key in ("value", "grad"))
    assert value["x"] + value["width"] < gradient["x"]
