"""What may befall a page: many figures, forbidden storage, two tabs, odd clocks, wild readers."""

import os

import pytest
from browser import SPY, figure, pages_with_figures, shown, slide
from contents import FIGURES
from playwright.sync_api import expect

from live.markup import figure_html

MANY = 100
MOVES = int(os.environ.get("MOVES", 400))  # more before a release: 10,000 for each figure


def test_a_hundred_figures_share_one_python(reader, bare):
    names = [FIGURES[i % len(FIGURES)] for i in range(MANY)]
    names = [name for name in names if name != "network"]  # its trainings would take turns
    page = reader.open(bare.page("".join(map(figure_html, names)), "many"), SPY)
    found = page.locator(".live-figure")
    expect(found).to_have_count(len(names))
    for at in range(0, len(names), 4):
        found.nth(at).scroll_into_view_if_needed()
        expect(found.nth(at)).to_have_attribute("data-state", "live")
    last = figure(page, f"chain-{names.count('chain')}")
    slide(last, "w", 2)
    expect(shown(last, "grad:w")).to_have_text("0")
    expect(page.locator(".live-figure[data-state=failed]")).to_have_count(0)
    assert page.evaluate("workers.length") == 1


STORAGES = {
    "forbidden": """for (const name of ["localStorage", "sessionStorage"])
      Object.defineProperty(window, name, {configurable: true, get() { throw new Error("no") }})""",
    "full": "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceeded') }",
}


@pytest.mark.parametrize("storage", STORAGES)
def test_a_chapter_needs_no_storage(reader, site, server, storage):
    page = reader.open(f"{server}/{pages_with_figures(site)['gate']}", STORAGES[storage])
    gate = figure(page, "gate")
    slide(gate, "x", 3)
    expect(shown(gate, "value:x")).to_have_text("3")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_two_tabs_go_their_own_ways(reader, bare):
    address = bare.page(figure_html("chain"), "tabs")
    first = reader.open(address)
    second = first.context.new_page()
    second.goto(address)
    for page, w, slope in ((first, 2, "0"), (second, 3, "8")):
        slide(figure(page, "chain"), "w", w)
        expect(shown(figure(page, "chain"), "grad:w")).to_have_text(slope)
    expect(shown(figure(first, "chain"), "grad:w")).to_have_text("0")


@pytest.mark.parametrize("away", ["an hour later", "an hour before"])
def test_a_page_that_was_left_goes_on(reader, bare, away):
    page = reader.open(bare.page(figure_html("chain"), "left"))
    chain = figure(page, "chain")
    slide(chain, "w", 2)
    expect(shown(chain, "grad:w")).to_have_text("0")
    page.clock.install()
    if away == "an hour later":
        page.clock.fast_forward("01:00:00")
    else:
        page.clock.set_system_time(page.evaluate("Date.now()") - 3_600_000)
    slide(chain, "w", 3)
    expect(shown(chain, "grad:w")).to_have_text("8")
    expect(chain).to_have_attribute("data-state", "live")


# Move whatever can be moved, press what can be pressed, and go to addresses that nobody wrote,
# without waiting for answers.
WILD = """
async ([figure, moves]) => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const one = (list) => list[Math.floor(random() * list.length)];
  const can = "input, select, button:not(.lf-foot *), [data-press], summary";
  const keys = Object.keys(JSON.parse(figure.dataset.initial));
  const values = ["", "-1", "0", "3", "1e9", "nan", "true", "w=1,x=2", "%E0%A4%A", "<b>"];
  for (let move = 0; move < moves; move++) {
    if (random() < 0.05) {
      const query = Array.from({length: 3}, () => `${one(keys)}=${one(values)}`);
      location.hash = `#${figure.dataset.id}?${query.join("&")}`;
    }
    const control = one([...figure.querySelectorAll(can)].filter((found) => !found.hidden));
    if (control instanceof HTMLSelectElement) {
      control.value = one([...control.options]).value;
    } else if (control.type === "range") {
      control.value = Number(control.min) + random() * (control.max - control.min);
    } else if (control instanceof HTMLInputElement && control.type !== "checkbox") {
      const typed = ["", "-1", "0", "1e9", "2.5"];
      control.value = one(control.type === "number" ? typed : [...typed, "x*w", "(", "x1=2"]);
    } else {
      control.dispatchEvent(new MouseEvent("click", {bubbles: true}));
    }
    for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, {bubbles: true}));
    if (move % 10 === 0) await new Promise((next) => setTimeout(next, 20));
  }
}
"""


@pytest.mark.parametrize("name", FIGURES)
def test_a_wild_reader_breaks_nothing(reader, bare, name):
    page = reader.open(bare.page(figure_html(name), f"wild-{name}"), SPY)
    found = figure(page, name)
    page.evaluate(WILD, [found.element_handle(), MOVES])
    play = found.locator("button[name=play]")
    if play.count() and play.get_attribute("aria-pressed") == "true":
        play.click()
    expect(found).to_have_attribute("data-state", "live")
    assert page.evaluate("workers.length") == 1
    assert page.evaluate("posts") > 2
