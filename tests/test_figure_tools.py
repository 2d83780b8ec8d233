"""What can be done with a figure as a whole: it fills the screen, its drawing is saved."""

from xml.etree import ElementTree

import pytest
from browser import figure, shown, slide
from contents import FIGURES
from playwright.sync_api import expect

import figures
from live.markup import figure_html

SVG = "{http://www.w3.org/2000/svg}"
PICTURED = [name for name in FIGURES if "<svg" in figure_html(name)]
each_theme = pytest.mark.parametrize("theme", ["light", "dark"])


@pytest.fixture
def chain(bare):
    """The address of a page with the chain figure."""
    return bare.page(figure_html("chain"), "chain")


# --- Full screen -------------------------------------------------------------------------------


FILLS = """
figure => {
  const {x, y, width, height} = figure.getBoundingClientRect();
  return figure.matches(":fullscreen") && [x, y, width, height].join()
    === [0, 0, innerWidth, innerHeight].join();
}
"""


@each_theme
def test_a_figure_fills_the_screen_and_comes_back(reader, chain, theme):
    size = {"width": 1920, "height": 1080}
    page = reader.open(chain, viewport=size, color_scheme=theme)
    found = figure(page, "chain")
    button = found.locator("button[name=full-screen]")
    box = found.locator(".lf-node rect").first
    before, ground = box.bounding_box(), background(found)
    button.press("Enter")
    expect(button).to_have_text("Leave full screen")
    expect(button).to_be_focused()
    assert found.evaluate(FILLS)
    assert box.bounding_box()["width"] > 1.5 * before["width"]
    assert background(found) == ground
    for control in found.locator("input, select, button:visible").all():
        expect(control).to_be_in_viewport(ratio=1)
    slide(found, "w", 2)
    expect(shown(found, "grad:w")).to_have_text("0")
    button.press("Enter")
    expect(button).to_have_text("Full screen")
    assert box.bounding_box() == before


def background(found):
    return found.evaluate("figure => getComputedStyle(figure).backgroundColor")


def test_what_ends_the_full_screen_by_itself_is_noticed(reader, chain):
    page = reader.open(chain)
    found = figure(page, "chain")
    button = found.locator("button[name=full-screen]")
    button.click()
    expect(button).to_have_text("Leave full screen")
    page.evaluate("document.exitFullscreen()")  # as the browser does at Escape
    expect(button).to_have_text("Full screen")
    button.click()
    expect(button).to_have_text("Leave full screen")
    assert found.evaluate(FILLS)


@pytest.mark.parametrize("name", ["cost", "formula", "training"])
@pytest.mark.parametrize("width", [1280, 390])
def test_whatever_the_screen_all_of_a_figure_is_within_reach(reader, bare, name, width):
    """Below the controls, what is too high scrolls, by keyboard too; nothing is cut off."""
    size = {"width": width, "height": 720}
    page = reader.open(bare.page(figure_html(name), name), viewport=size)
    found = figure(page, name)
    found.locator("button[name=full-screen]").click()
    expect(found.locator("button[name=full-screen]")).to_have_text("Leave full screen")
    assert found.evaluate(FILLS)
    assert found.evaluate("figure => figure.scrollWidth <= figure.clientWidth")
    drawing = found.locator(".lf-drawing")
    high, room = drawing.evaluate("drawing => [drawing.scrollHeight, drawing.clientHeight]")
    if high > room:
        drawing.focus()
        page.keyboard.press("End")
        page.wait_for_function("drawing => drawing.scrollTop > 0", arg=drawing.element_handle())
    if width == 390:  # all of the figure scrolls
        assert high == room
        found.evaluate("figure => figure.scrollTo(0, figure.scrollHeight)")
    expect(found.locator("button[name=full-screen]")).to_be_in_viewport(ratio=1)


def test_where_nothing_can_fill_the_screen_nothing_offers_it(reader, chain):
    script = "Object.defineProperty(Document.prototype, 'fullscreenEnabled', {get: () => false})"
    found = figure(reader.open(chain, script), "chain")
    expect(found.locator("button[name=full-screen]")).to_be_hidden()
    expect(found.locator("button[name=download-svg]")).to_be_visible()


# --- Download ----------------------------------------------------------------------------------

# Of each text that is seen: what it says, where, how large, in what color.
TEXTS = """
([root, dx, dy]) => [...root.querySelectorAll("svg text")]
  .filter((one) => getComputedStyle(one).opacity !== "0" && !one.ariaHidden)
  .map((one) => {
    const {x, y, width, height} = one.getBoundingClientRect();
    const {fontSize, fill} = getComputedStyle(one);
    return [one.textContent, Math.round(x + width / 2 - dx), Math.round(y + height / 2 - dy),
      fontSize, fill];
  })
"""


def saved(page, found, folder):
    """Press the button and return the file that the browser saves."""
    with page.expect_download() as download:
        found.locator("button[name=download-svg]").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.mark.parametrize(
    ("name", "theme"),
    [*((name, "light") for name in PICTURED), ("chain", "dark"), ("rate", "dark")],
)
def test_a_saved_drawing_looks_as_in_the_page(reader, bare, tmp_path, name, theme):
    state = {"updates": 5} if name == "network" else {}
    address = bare.page(figure_html(name, state), name)
    page = reader.open(address, color_scheme=theme, reduced_motion="reduce")
    found = figure(page, name)
    path = saved(page, found, tmp_path)
    assert path.name == f"{name}.svg"

    root = ElementTree.parse(path).getroot()
    assert root.tag == SVG + "svg" and root.get("viewBox") == (
        f"0 0 {root.get('width')} {root.get('height')}"
    )
    assert root.find(SVG + "title").text == figures.load(name).TITLE
    assert root.find(SVG + "rect").get("fill") == background(found)
    for element in root.iter():
        assert element.tag.startswith(SVG)
        assert not {"class", "style", "href", "tabindex", "data-press"} & set(element.keys())
        assert "var(" not in str(element.attrib)

    drawing = found.locator(".lf-drawing")
    x, y = (min(box[side] for box in boxes(drawing)) for side in "xy")
    ours = drawing.evaluate(f"drawing => ({TEXTS})([drawing, {x} - 16, {y} - 16])")
    alone = reader.open(path.as_uri(), color_scheme=theme)
    theirs = alone.evaluate(f"({TEXTS})([document, 0, 0])")
    assert len(ours) == len(theirs) > 0
    for one, other in zip(ours, theirs, strict=True):
        assert one[0] == other[0] and one[3:] == other[3:]
        assert other[1:3] == pytest.approx(one[1:3], abs=2), one[0]


def boxes(drawing):
    return [picture.bounding_box() for picture in drawing.locator("svg:not(svg svg)").all()]


def test_a_drawing_is_saved_as_it_stands(reader, chain, bare, tmp_path):
    page = reader.open((bare.folder / chain.rpartition("/")[2]).as_uri())  # from a file as well
    found = figure(page, "chain")
    slide(found, "w", 3)
    expect(shown(found, "grad:w")).to_have_text("8")
    root = ElementTree.parse(saved(page, found, tmp_path)).getroot()
    assert "".join(root.find(SVG + "desc").itertext()) == found.locator(".lf-words").text_content()
    boxes = [one for one in root.iter() if one.get("role") == "listitem"]
    said = [" ".join(text.text for text in box.iter(SVG + "text")) for box in boxes]
    assert said[:2] == ["x value 2 gradient 12", "w value 3 gradient 8"]
    assert "button" not in {one.get("role") for one in root.iter()}


@pytest.mark.parametrize("name", ["matrix", "exercise"])
def test_where_there_is_no_picture_there_is_no_button(reader, bare, name):
    found = figure(reader.open(bare.page(figure_html(name), name)), name)
    expect(found.locator("button[name=download-svg]")).to_be_hidden()
