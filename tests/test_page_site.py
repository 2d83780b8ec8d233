"""The built book in a real browser: every figure of it, wherever and however it is opened."""

import math
import re
import statistics
from urllib.parse import urlencode

import pytest
from browser import (
    SPY,
    SUB_PATH,
    figure,
    pages_with_figures,
    rest,
    shown,
    slide,
)
from contents import FIGURES
from playwright.sync_api import expect
from test_micropython import differences

import figures
from live.markup import figure_html, number

MOVES = 100
NUMBER = re.compile(r"-?(\d+\.?\d*(e[+-]\d+)?|inf)|nan")
SLIDERS = {
    name: [control for control in figures.load(name).CONTROLS if control.kind == "slider"]
    for name in FIGURES
}
WITHOUT_SLIDERS = {  # and a state of each
    "store": {"presses": "bb", "at": "2"},
    "formula": {"f": "x**2", "at": "x=3"},
}
FEW = {"network": {"updates": 5}}  # for a figure that takes a while for all of them
each_figure = pytest.mark.parametrize("name", FIGURES)


@pytest.fixture(scope="module")
def pages(site):
    """{name of a figure: path of the page that has it}."""
    found = pages_with_figures(site)
    assert set(found) == set(figures.names()), "a figure without a chapter"
    return found


@pytest.fixture(params=["http", "sub-path", "file"])
def home(request, site, server):
    """Where the book may be opened from."""
    return {"http": server + "/", "sub-path": server + SUB_PATH, "file": site.as_uri() + "/"}[
        request.param
    ]


# --- Everywhere --------------------------------------------------------------------------------


def test_the_first_figure_of_the_landing_page_is_live(reader, home):
    page = reader.open(f"{home}index.html", viewport={"width": 1280, "height": 800})
    chain = page.locator(".live-figure").first
    assert chain.bounding_box()["y"] < 800, "it is not in the first screen"
    expect(chain).to_have_attribute("data-state", "live")
    expect(shown(chain, "grad:w")).to_have_text("-8")
    slide(chain, "w", 2)
    expect(shown(chain, "grad:w")).to_have_text("0")


# A browser tells of no paint before `paint()`, and the page waits longer for one than its second.
UNSEEN = """
const { observe } = PerformanceObserver.prototype;
const observed = new Promise((resolve) => (window.paint = resolve));
PerformanceObserver.prototype.observe = function (...how) {
  observed.then(() => observe.apply(this, how));
};
const later = window.setTimeout;
window.setTimeout = (work, ms, ...rest) => (ms === 1000 ? 0 : later(work, ms, ...rest));
"""


@pytest.mark.parametrize(("width", "early"), [(1280, True), (390, False)])
def test_only_a_wide_page_fetches_python_before_it_is_seen(reader, server, width, early):
    viewport = {"width": width, "height": 800}
    page = reader.open(f"{server}/index.html", UNSEEN, viewport=viewport)
    if not early:
        page.locator(".live-figure").first.scroll_into_view_if_needed()
        rest(page)
        assert not any("engine.js" in url for url in reader.asked)
        page.evaluate("paint()")
    figure(page, "chain")
    assert sum("engine.js" in url for url in reader.asked) == 1


def test_a_figure_is_live_at_its_address_everywhere(reader, home, pages):
    expect_live_at_its_address(reader, home, pages, "chain")


@each_figure
def test_every_figure_is_live_at_its_address_and_follows(reader, server, pages, name, capsys):
    found = expect_live_at_its_address(reader, f"{server}/", pages, name)
    if SLIDERS[name]:
        times = expect_a_drag_to_be_answered_move_by_move(found, name)
        p95 = statistics.quantiles(times, n=20)[-1]
        with capsys.disabled():
            print(
                f"\n{name}: {statistics.median(times):.1f} ms a move, 95th percentile {p95:.1f} ms"
            )


def expect_live_at_its_address(reader, home, pages, name):
    """The theme's own scripts read the address, too: they must bear ours."""
    slider = next(iter(SLIDERS[name]), None)
    few = FEW.get(name, {})
    changes = {slider.key: slider.high, **few} if slider else WITHOUT_SLIDERS[name]
    page = reader.open(f"{home}{pages[name]}#{name}?{urlencode(changes)}")
    found = page.locator(f".live-figure[data-id={name}]")
    expect(found).to_be_in_viewport()
    expect(found).to_have_attribute("data-state", "live")
    expect_drawn(found, name, changes)
    if slider:
        open_group(found, slider)
        slide(found, slider.key, slider.low)
        expect_drawn(found, name, {slider.key: slider.low, **few})
    return found


def test_a_plain_slider_is_linked_in_the_page_too(reader, home, pages):
    page = reader.open(f"{home}{pages['chain']}")
    linked = page.locator(".lf-linked input")
    linked.scroll_into_view_if_needed()
    model, _ = linked.get_attribute("data-link").split(":")
    found = page.locator(f".live-figure[data-model='{model}']")
    expect(found).to_have_attribute("data-state", "live")
    linked.fill("2")
    expect(shown(found, "value:w")).to_have_text("2")
    slide(found, "w", -1)
    expect(linked).to_have_value("-1")


def test_without_javascript_the_drawing_stands(reader, home, pages):
    page = reader.open(f"{home}index.html", java_script_enabled=False)
    chain = page.locator(".live-figure").first
    expect(chain).to_have_attribute("data-state", "static")
    expect(shown(chain, "grad:w")).to_have_text("-8")
    expect(chain.locator("input[type=range][name=w]")).to_be_disabled()
    expect(chain.locator("noscript p")).to_be_visible()


def test_a_killed_worker_is_replaced_in_the_book(reader, server):
    page = reader.open(f"{server}/index.html", SPY)
    chain = figure(page, "chain")
    slide(chain, "x", 3)
    expect(shown(chain, "value:x")).to_have_text("3")
    page.evaluate("workers[0].terminate()")
    slide(chain, "w", 2)
    expect(shown(chain, "value:w")).to_have_text("2")
    expect(shown(chain, "value:x")).to_have_text("3")


# --- What a figure shows -----------------------------------------------------------------------


def drawn(found):
    """Return all numbers of a drawing: [(key, text)]."""
    return found.evaluate(
        """figure => [...figure.querySelectorAll(".lf-drawing [data-value]")].map(
            (element) => [element.dataset.value, element.textContent])"""
    )


def expect_drawn(found, name, changes):
    """Wait until `found` shows what CPython draws for its initial state with `changes`."""
    module = figures.load(name)
    initial = found.evaluate("figure => JSON.parse(figure.dataset.initial)")
    state = figures.clean(module, {**initial, **changes})
    ours = re.findall(r'data-value="([^"]+)"[^>]*>([^<]*)<', module.draw(state))
    assert ours
    for _ in range(2000 if hasattr(module, "on_the_way") else 200):  # what trains takes its time
        theirs = [tuple(pair) for pair in drawn(found)]
        different = differences(str(ours), str(theirs))
        if not different:
            return
        found.page.wait_for_timeout(10)
    raise AssertionError(f"{name} with {changes}: {different}\n{ours}\n{theirs}")


@each_figure
def test_every_control_is_answered_as_cpython_would(reader, bare, name):
    address = bare.page(figure_html(name, FEW.get(name, {})), name)
    page = reader.open(address, HEAR)
    found = figure(page, name)
    expect_changes_in_place_to_be_as_if_drawn_anew(found, name)
    reset = found.locator("button[name=reset]")
    for control in figures.load(name).CONTROLS:
        if reset.count():
            reset.click()
        else:
            page.goto(address)
            figure(page, name)
        expect_drawn(found, name, {})
        open_group(found, control)
        if control.kind == "slider":
            for value in (control.low, control.high):
                slide(found, control.key, value)
                expect_drawn(found, name, {control.key: value})
        elif control.kind == "choice":
            for value, _ in control.options:
                if reset.count():
                    reset.click()
                found.locator(f"select[name={control.key}]").select_option(str(value))
                expect_drawn(found, name, {control.key: value})
        elif control.kind == "switch":
            box = found.locator(f"input[name={control.key}]")
            box.click()
            expect_drawn(found, name, {control.key: box.is_checked()})
        elif control.kind == "button" and control.key != "play":
            found.locator(f"button[name={control.key}]").click()
            module = figures.load(name)
            initial = found.evaluate("figure => JSON.parse(figure.dataset.initial)")
            start = figures.clean(module, initial)
            expect_drawn(found, name, figures.respond(module, start, start, control.key))


def open_group(found, control):
    if getattr(control, "group", None):
        summary = found.locator("summary", has_text=control.group)
        if summary.locator("xpath=..").get_attribute("open") is None:
            summary.click()


@each_figure
def test_a_figure_in_its_chapter(reader, server, pages, name):
    page = reader.open(f"{server}/{pages[name]}", reduced_motion="reduce")
    found = page.locator(f".live-figure[data-figure={name}]").first
    assert found.get_attribute("data-state") in ("static", "loading", "live")
    found = figure(page, name)
    expect_the_contract(found, name)
    expect_contrast_in_both_themes(page, found)
    expect_to_obey_arrow_keys(found, name)
    expect_to_fit_and_to_be_large_enough_to_hit(page, found)


def expect_the_contract(found, name):
    """What live/markup.py promises to whoever drives a figure from outside."""
    for control in figures.load(name).CONTROLS:
        if control.kind == "hidden":
            continue
        open_group(found, control)
        named = found.locator(f".lf-controls [name='{control.key}']")
        expect(named).to_have_count(2 if control.kind == "slider" else 1)
        for element in named.all():
            expect(element).to_be_enabled()
            label = element.evaluate(
                "e => e.getAttribute('aria-label') ?? (e.labels?.[0] ?? e).innerText"
            )
            assert control.label in label, control.key
        if control.kind == "slider":
            limits = [named.first.get_attribute(which) for which in ("min", "max", "step")]
            ends = [control.low, control.high]
            if control.log:
                ends = [math.log10(end) for end in ends]
            assert limits == [number(n) for n in (*ends, control.step)]
    for button in (
        "copy-link",
        "full-screen",
        *["download-svg"] * (found.locator("svg").count() > 0),
    ):
        expect(found.locator(f"button[name={button}]")).to_be_visible()
    for key, text in drawn(found):
        assert key and NUMBER.fullmatch(text), (key, text)
    for pressable in found.locator("[data-press]").all():
        assert pressable.get_attribute("role") == "button"
        assert pressable.get_attribute("tabindex") == "0"


def expect_to_obey_arrow_keys(found, name):
    for control in figures.load(name).CONTROLS:
        if control.kind != "slider":
            continue
        open_group(found, control)
        slider = found.locator(f"input[type=range][name={control.key}]")
        before = float(slider.input_value())
        high = float(slider.get_attribute("max"))
        key = "ArrowLeft" if before == high else "ArrowRight"
        slider.press(key)
        moved = float(slider.input_value())
        assert abs(moved - before) == pytest.approx(control.step)
        shown = float(f"{10**moved:.3g}") if control.log else moved if moved % 1 else int(moved)
        expect(found.locator(f"input[type=number][name={control.key}]")).to_have_value(
            number(shown)
        )


DRAG = """
async ([figure, key, moves]) => {
  const drawing = figure.querySelector(".lf-drawing");
  const slider = figure.querySelector(`input[type=range][name=${key}]`);
  const times = [];
  for (let move = 0; move < moves; move++) {
    const value = slider.value;
    slider.value = Number(slider.min) + (slider.max - slider.min) * move / (moves - 1);
    if (slider.value === value) continue; // it has fewer steps than that
    const changed = new Promise((resolve, reject) => {
      new MutationObserver((_, observer) => {
        observer.disconnect();
        resolve(performance.now());
      }).observe(drawing, {subtree: true, childList: true, characterData: true, attributes: true});
      setTimeout(() => {
        if (figure.dataset.state !== "failed") return resolve(performance.now());
        reject(new Error(figure.querySelector(".lf-status").textContent));
      }, 6000);  // an evaluation would wait without end for what never comes
    });
    const begun = performance.now();
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    times.push((await changed) - begun);
    await new Promise((next) => { requestAnimationFrame(next); setTimeout(next, 1000); });
  }
  return times;
}
"""


def expect_a_drag_to_be_answered_move_by_move(found, name):
    """Return how long the moves took: none is asserted here, where other work may be under way."""
    control = SLIDERS[name][0]
    times = found.page.evaluate(DRAG, [found.element_handle(), control.key, MOVES])
    low, high = [math.log10(end) if control.log else end for end in (control.low, control.high)]
    assert len(times) >= min(MOVES, round((high - low) / control.step)) - 1
    expect_drawn(found, name, {control.key: control.high, **FEW.get(name, {})})
    return times


# Move a slider to and fro and compare what stands there with fresh drawings of what was answered.
FRESH = """
async ([figure, key]) => {
  const drawing = figure.querySelector(".lf-drawing");
  const [slider, field] = figure.querySelectorAll(`input[name=${key}]`);
  const [low, high] = [slider.min, slider.max].map(Number);
  const isFresh = ({html}) => {
    const fresh = drawing.cloneNode();
    fresh.innerHTML = html.replaceAll(" data-press=", ' tabindex="0" role="button" data-press=');
    return fresh.isEqualNode(drawing);
  };
  const right = () =>
    answers.some((one) => one.state?.[key] === Number(field.value) && isFresh(one));
  const wrong = [];
  for (const part of [0, 0.3, 0.31, 1, 0.62, 0]) {
    slider.value = low + part * (high - low);
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    const end = performance.now() + 5000;
    while (!right() && performance.now() < end) await new Promise((next) => setTimeout(next, 10));
    if (!right()) wrong.push([part, drawing.innerHTML]);
  }
  return wrong;
}
"""
HEAR = """
window.answers = [];
window.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({data}) => {
      if (!data.html) return;
      answers.push({...JSON.parse(data.answer), html: data.html});
    });
  }
};
"""


def expect_changes_in_place_to_be_as_if_drawn_anew(found, name):
    for control in SLIDERS[name]:
        if control.key != "updates":  # the network's drawings on the way are answers of their own
            assert found.page.evaluate(FRESH, [found.element_handle(), control.key]) == []


def test_numbers_are_changed_in_place(reader, bare):
    page = reader.open(bare.page(figure_html("chain"), "chain"))
    found = figure(page, "chain")
    slide(found, "w", 2)
    expect(shown(found, "value:w")).to_have_text("2")
    found.locator(".lf-drawing").evaluate(
        """drawing => {
          window.kinds = new Set();
          new MutationObserver((records) => { for (const {type} of records) kinds.add(type) })
            .observe(drawing, {subtree: true, childList: true, characterData: true,
              attributes: true}) }"""
    )
    slide(found, "w", 3)
    expect(shown(found, "value:w")).to_have_text("3")
    assert set(page.evaluate("[...kinds]")) <= {"characterData", "attributes"}


# --- How it looks ------------------------------------------------------------------------------


def expect_to_fit_and_to_be_large_enough_to_hit(page, found):
    found.evaluate("figure => figure.querySelectorAll('details').forEach((d) => (d.open = true))")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        expect_to_fit(page, found, width)


def expect_to_fit(page, found, width):
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    inner = found.evaluate("figure => [figure.scrollWidth, figure.clientWidth]")
    assert inner[0] <= inner[1]
    small = found.evaluate(
        """figure => [...figure.querySelectorAll("button, select, summary, input, [data-press]")]
          .filter((element) => {
            const box = (element.closest(".lf-switch") ?? element).getBoundingClientRect();
            return box.width && (box.width < 24 || box.height < 24);
          }).map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert small == []


def expect_contrast_in_both_themes(page, found):
    """Each text of a figure against the ground it stands on: 4.5 to 1, WCAG's level AA."""
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        assert found.evaluate(FAINT) == [], theme


FAINT = """
figure => {
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const c = part / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const {backgroundColor} = getComputedStyle(at);
      if (!/, 0\\)$|transparent/.test(backgroundColor)) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const texts = [...figure.querySelectorAll("*")].filter((element) =>
    element.checkVisibility() && [...element.childNodes].some(
      (node) => node.nodeType === 3 && node.data.trim()));
  return texts.flatMap((element) => {
    const style = getComputedStyle(element);
    const ink = element instanceof SVGElement ? style.fill : style.color;
    const [low, high] = [light(ink), light(ground(element))].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    return ratio < 4.5 ? [`${element.textContent.trim()}: ${ratio.toFixed(2)}`] : [];
  });
}
"""
