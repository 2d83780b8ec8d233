"""The figures of a page in a real browser: how they answer, and what happens when they cannot."""

import re

import pytest
from browser import SPY, figure, shown, slide, state
from playwright.sync_api import expect

import figures
from live.markup import figure_html


@pytest.fixture
def chain(bare):
    """The address of a page with the chain figure."""
    return bare.page(figure_html("chain"), "chain")


# --- Answers -----------------------------------------------------------------------------------


def test_a_slider_move_is_answered(reader, chain):
    chain_figure = figure(reader.open(chain), "chain")
    expect(shown(chain_figure, "grad:w")).to_have_text("-8")
    slide(chain_figure, "w", 2)
    expect(shown(chain_figure, "grad:w")).to_have_text("0")
    assert state(chain_figure)["w"] == "2"


DRAWN = """
window.drawn = [];
new MutationObserver(() => drawn.push(document.querySelector("[data-value='value:w']").textContent))
  .observe(document.querySelector(".lf-drawing"), {subtree: true, characterData: true});
"""


def test_one_request_is_in_flight_and_the_latest_state_wins(reader, chain):
    page = reader.open(chain)
    chain_figure = figure(page, "chain")
    page.evaluate(DRAWN)
    chain_figure.locator("input[type=range][name=w]").evaluate(
        """slider => { for (let w = -50; w <= 30; w++) {
             slider.value = w / 10;
             slider.dispatchEvent(new Event("input", {bubbles: true})); } }"""
    )
    expect(shown(chain_figure, "value:w")).to_have_text("3")
    assert page.evaluate("drawn") == ["-5", "3"]


# Do what a reader does next, and see what the page shows before any message can come.
AT_ONCE = """
async (figure, next) => {
  const slider = figure.querySelector("input[type=range][name=w]");
  if (next === "step") figure.querySelector("button[name=step]").click();
  else {
    slider.value = next;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
  }
  for (let turn = 0; turn < 20; turn++) await null;
  return [...figure.querySelectorAll(".lf-number")].map((number) => number.textContent);
}
"""


@pytest.mark.parametrize(
    "moves",
    [
        [1.1, 1.2],
        [1.2, 1.4, 1.6],  # as far again
        [1.2, 1.4, 1.5],  # a step less
        [-5, -4.9],  # a step, after a jump
        [2, -3, 2],  # back to where it was
    ],
)
def test_the_next_move_of_a_drag_is_there_at_once(reader, chain, moves):
    page = reader.open(chain, SPY)
    chain_figure = figure(page, "chain")
    *before, last = moves
    for w in before:
        slide(chain_figure, "w", w)
        expect(shown(chain_figure, "value:w")).to_have_text(str(w))
    page.wait_for_function("w => answered.some(({ state }) => state.w === w)", arg=last)
    slow = figure(reader.open(f"{chain}#chain?w={last}"), "chain")
    expect(shown(slow, "value:w")).to_have_text(str(last))
    assert chain_figure.evaluate(AT_ONCE, last) == slow.locator(".lf-number").all_text_contents()


def test_the_next_press_is_there_at_once(reader, chain):
    page = reader.open(chain, SPY)
    chain_figure = figure(page, "chain")
    chain_figure.locator("button[name=reset]").click()
    chain_figure.locator("button[name=back]").click()
    expect(chain_figure.locator(".lf-words")).to_contain_text("Backward through ŷ")
    chain_figure.locator("button[name=back]").click()
    step = chain_figure.locator(".lf-number").count()
    page.wait_for_function(
        "answered.some(({ state, press }) => press === 'step' && state.step === 8)"
    )
    assert len(chain_figure.evaluate(AT_ONCE, "step")) > step


def test_what_was_foreseen_and_is_lost_is_asked_again(reader, chain):
    page = reader.open(chain, SPY)
    chain_figure = figure(page, "chain")
    slide(chain_figure, "w", 1.1)
    expect(shown(chain_figure, "value:w")).to_have_text("1.1")
    page.wait_for_function("answered.at(-1).state.w === 1.2")
    chain_figure.evaluate(
        """figure => {
             window.states = [];
             new MutationObserver(() => states.push(figure.dataset.state))
               .observe(figure, {attributeFilter: ["data-state"]});
             window.trouble = 1; }"""
    )
    slide(chain_figure, "w", 1.2)  # is there; it is 1.3, asked ahead, that is lost
    page.wait_for_function("trouble < 1")
    slide(chain_figure, "w", 1.3)
    expect(shown(chain_figure, "value:w")).to_have_text("1.3")
    assert page.evaluate("states") == ["loading", "live"]
    assert page.evaluate("workers.length") == 2


def test_every_press_counts(reader, chain):
    page = reader.open(chain)
    chain_figure = figure(page, "chain")
    chain_figure.locator("button[name=back]").evaluate(
        "back => { for (let i = 0; i < 10; i++) back.click() }"
    )
    expect(chain_figure.locator(".lf-words")).to_contain_text("inputs are set")
    slide(chain_figure, "w", 3)
    expect(shown(chain_figure, "value:w")).to_have_text("3")
    expect(chain_figure.locator("[data-value='value:y_hat']")).to_have_count(0)


def test_what_is_moved_after_a_press_holds(reader, chain):
    page = reader.open(chain)
    chain_figure = figure(page, "chain")
    chain_figure.evaluate(
        """figure => {
             const move = (key, value) => {
               const slider = figure.querySelector(`input[type=range][name=${key}]`);
               slider.value = value;
               slider.dispatchEvent(new Event("input", {bubbles: true}));
             };
             move("x", 3); // is being answered when the next two come
             figure.querySelector("button[name=reset]").click();
             move("w", 2); }"""
    )
    expect(shown(chain_figure, "value:w")).to_have_text("2")
    expect(shown(chain_figure, "value:x")).to_have_text("2")
    assert state(chain_figure)["x"] == state(chain_figure)["w"] == "2"


SEEN = """
window.seen = [];
new MutationObserver(() => {
  const now = document.querySelector("[data-value=updates]").textContent;
  if (now !== seen.at(-1)) seen.push(now);
}).observe(document.querySelector(".lf-drawing"),
  {subtree: true, childList: true, characterData: true});
"""


def test_a_drawing_that_takes_long_is_seen_to_come(reader, bare):
    page = reader.open(bare.page(figure_html("network", {"updates": 20}), "network"))
    network = figure(page, "network")
    page.evaluate(SEEN)
    page.wait_for_timeout(300)
    assert page.evaluate("seen") == [], "what the page came with is right as it is"
    slide(network, "depth", 1)
    page.wait_for_function("seen.at(-1) === '20'")
    assert page.evaluate("seen") == ["0", "5", "10", "15", "20"]


# Move a slider on as soon as its last move is drawn.
DRAG = """
(figure) => new Promise((resolve) => {
  const slider = figure.querySelector("input[type=range][name=lr]");
  const move = () => {
    if (slider.value === slider.max) return resolve(answered.map(({ early }) => early));
    slider.stepUp(10);
    slider.dispatchEvent(new Event("input", {bubbles: true}));
  };
  const shown = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(move).observe(figure.querySelector(".lf-drawing"), shown);
  slider.value = -1.9;
  move();
})
"""


def test_what_takes_long_waits_for_the_end_of_a_drag(reader, bare):
    page = reader.open(bare.page(figure_html("network", {"updates": 20}), "network"), SPY)
    network = figure(page, "network")
    page.evaluate("answered.length = 0")
    assert network.evaluate(DRAG) == ["sketch"] * 15
    page.evaluate(SEEN)
    page.wait_for_function("seen.at(-1) === '20'")


def test_what_was_shown_once_is_there_at_once(reader, bare):
    """What was passed on the way, and what a button had led to, whoever asks for it."""
    page = reader.open(bare.page(figure_html("network", {"updates": 20}), "network"), SPY)
    network = figure(page, "network")
    page.evaluate(SEEN)
    slide(network, "depth", 1)
    page.wait_for_function("seen.at(-1) === '20'")
    network.locator("button[name=step]").click()
    expect(shown(network, "updates")).to_have_text("25")
    asked = page.evaluate("answered.length")
    for updates in (10, 25, 0):
        slide(network, "updates", updates)
        expect(shown(network, "updates")).to_have_text(str(updates))
    assert page.evaluate("answered.length") == asked


def test_two_figures_of_one_name_are_two(reader, bare):
    page = reader.open(bare.page(figure_html("chain") * 2, "two"))
    first, second = figure(page, "chain"), figure(page, "chain-2")
    slide(second, "w", 2)
    expect(shown(second, "grad:w")).to_have_text("0")
    expect(shown(first, "grad:w")).to_have_text("-8")


def test_python_starts_when_a_figure_comes_near(reader, bare):
    far = '<div style="height: 9000px"></div>' + figure_html("chain")
    page = reader.open(bare.page(far, "far"), SPY)
    page.wait_for_timeout(300)
    found = page.locator(".live-figure")
    expect(found).to_have_attribute("data-state", "static")
    assert page.evaluate("workers.length") == 0
    page.mouse.wheel(0, 8000)
    expect(found).to_have_attribute("data-state", "live")


TOLD = 'data-engine="engine.js?v=abc"'


def test_python_starts_at_once_where_the_page_says_where_it_is(reader, bare):
    far = '<div style="height: 9000px"></div>' + figure_html("chain")
    page = reader.open(bare.page(far, "told", TOLD), SPY)
    page.wait_for_function("workers.length === 1")
    assert page.evaluate("scrollY") == 0
    slide(figure(page, "chain"), "w", 2)
    expect(shown(figure(page, "chain"), "grad:w")).to_have_text("0")
    assert {url for url in reader.asked if "engine.js" in url} == {
        f"{bare.address}/engine.js?v=abc"
    }
    assert page.evaluate("workers.length") == 1


def test_a_moved_slider_starts_python_too(reader, bare):
    far = '<div style="height: 9000px"></div>' + figure_html("chain")
    page = reader.open(bare.page(far, "far"))
    page.locator("input[type=range][name=w]").evaluate(
        "w => { w.value = 2; w.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    expect(page.locator(".lf-drawing [data-value='grad:w']").first).to_have_text("0")


def test_a_move_before_python_is_there_is_kept(reader, chain):
    page = reader.open(chain, SPY + "trouble = 1")  # the first request is lost
    slide(page.locator(".live-figure"), "w", 2)
    expect(page.locator(".live-figure")).to_have_attribute("data-state", "loading")
    assert state(page.locator(".live-figure"))["w"] == "2"
    expect(shown(figure(page, "chain"), "grad:w")).to_have_text("0")


def test_turning_live_moves_nothing(reader, chain):
    page = reader.open(chain, SPY + "trouble = 1")
    before = page.locator(".live-figure").bounding_box()
    assert figure(page, "chain").bounding_box() == before


def test_a_control_elsewhere_can_be_linked(reader, bare):
    body = figure_html("chain", model_id="abc") + (
        '<label>w <input type="range" min="-5" max="5" step="0.1" data-link="abc:w"></label>'
    )
    page = reader.open(bare.page(body, "linked"))
    chain_figure, linked = figure(page, "chain"), page.locator("[data-link]")
    expect(linked).to_have_value("1")
    linked.fill("2")
    expect(shown(chain_figure, "grad:w")).to_have_text("0")
    assert state(chain_figure)["w"] == "2"
    slide(chain_figure, "w", -3)
    expect(linked).to_have_value("-3")


# --- Number fields -----------------------------------------------------------------------------


def test_a_number_field_and_its_slider_go_together(reader, chain):
    chain_figure = figure(reader.open(chain), "chain")
    field = chain_figure.locator("input[type=number][name=w]")
    field.fill("2.5")
    expect(shown(chain_figure, "value:w")).to_have_text("2.5")
    expect(chain_figure.locator("input[type=range][name=w]")).to_have_value("2.5")
    slide(chain_figure, "w", -1)
    expect(field).to_have_value("-1")


@pytest.mark.parametrize(
    ("typed", "while_typing", "committed"),
    [
        ("", "1", "1"),
        ("-", "1", "1"),
        ("99", "1", "5"),
        ("-1e9", "-1", "-5"),
        ("0.25", "0.25", "0.25"),
    ],
)
def test_what_is_typed(reader, chain, typed, while_typing, committed):
    chain_figure = figure(reader.open(chain), "chain")
    field = chain_figure.locator("input[type=number][name=w]")
    field.select_text()
    field.press("Delete")
    field.press_sequentially(typed[:-1])  # "9" is out of range as "99" is
    field.press_sequentially(typed[-1:])
    expect(shown(chain_figure, "value:w")).to_have_text(while_typing)
    field.press("Enter")
    expect(shown(chain_figure, "value:w")).to_have_text(committed)
    expect(field).to_have_value(committed)


def test_a_large_number_is_written_so_that_it_fits_its_field(reader, bare):
    training = figure(reader.open(bare.page(figure_html("training"), "training")), "training")
    field = training.locator("input[type=number][name=lr]")
    for typed, text in (("1000000000000", "1e12"), ("2.5e9", "2.5e9"), ("123456", "123456")):
        field.fill(typed)
        field.press("Enter")
        expect(field).to_have_value(text)
    expect(shown(training, "lr")).to_have_text("123456")


# --- Keyboard and Play -------------------------------------------------------------------------


def focused(page):
    return page.evaluate(
        "document.activeElement.getAttribute('name') ?? document.activeElement.className"
    )


def test_all_of_it_by_keyboard(reader, chain):
    page = reader.open(chain)
    chain_figure = figure(page, "chain")
    reached = []
    while not reached or reached[-1] != "copy-link":
        page.keyboard.press("Tab")
        reached.append(focused(page))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", (
            f"{reached[-1]} does not show that it has the focus"
        )
    assert list(dict.fromkeys(reached[:12])) == [
        "x", "y", "w", "leaf", "back", "step", "play", "reset", "lf-drawing"
    ]  # fmt: skip
    chain_figure.locator("input[type=range][name=w]").focus()
    page.keyboard.press("ArrowRight")
    expect(shown(chain_figure, "value:w")).to_have_text("1.1")


def test_arrow_keys_in_the_drawing_step(reader, chain):
    page = reader.open(chain)
    chain_figure = figure(page, "chain")
    words = chain_figure.locator(".lf-words")
    last = words.text_content()
    chain_figure.locator(".lf-drawing").focus()
    page.keyboard.press("ArrowLeft")
    expect(words).not_to_have_text(last)
    page.keyboard.press("ArrowRight")
    expect(words).to_have_text(last)
    page.keyboard.press("Space")
    expect(chain_figure.locator("button[name=play]")).to_have_attribute("aria-pressed", "true")


def test_who_steps_by_a_button_goes_on_with_the_arrows(reader, chain):
    page = reader.open(chain)
    chain_figure = figure(page, "chain")
    chain_figure.locator("button[name=back]").click()
    expect(chain_figure.locator(".lf-words")).to_contain_text("Backward through ŷ")
    page.keyboard.press("ArrowLeft")
    expect(chain_figure.locator(".lf-words")).to_contain_text("local 1 ")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(chain_figure.locator(".lf-words")).to_contain_text("The prediction is 2")
    chain_figure.locator("select").focus()  # which takes the arrows itself
    page.keyboard.press("ArrowLeft")
    expect(chain_figure.locator(".lf-words")).to_contain_text("The prediction is 2")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_what_can_be_pressed_in_a_drawing_keeps_the_focus(reader, chain, key):
    page = reader.open(chain)
    chain_figure = figure(page, "chain")
    chain_figure.locator("[data-press='leaf:x']").focus()
    page.keyboard.press(key)
    expect(chain_figure.locator("select[name=leaf]")).to_have_value("x")
    assert page.evaluate("document.activeElement.dataset.press") == "leaf:x"


def test_a_field_in_the_drawing_is_typed_into_and_left(reader, bare):
    page = reader.open(bare.page(figure_html("gate", {"predict": True}), "gate"))
    gate = figure(page, "gate")
    gate.locator(".lf-drawing input").first.focus()
    box = focused(page)
    page.keyboard.type("1")  # wrong
    expect(gate.locator(f"input[name={box}]")).to_have_attribute("aria-invalid", "true")
    expect(gate.locator(f"input[name={box}]")).to_have_css("border-top-style", "dashed")
    assert focused(page) == box
    page.keyboard.press("ArrowLeft")  # moves in the text, not in time
    page.keyboard.press("Delete")
    page.keyboard.type("3")  # the local gradient of x is y
    expect(gate.locator(f"input[name={box}]")).to_have_count(0)
    assert focused(page) not in (box, None) and focused(page) in figures.load("gate").BOXES


def test_play_goes_to_the_end_and_stops(reader, chain):
    page = reader.open(chain)
    page.clock.install()
    chain_figure = figure(page, "chain")
    play = chain_figure.locator("button[name=play]")
    last = chain_figure.locator(".lf-words").text_content()
    play.click()
    expect(play).to_have_text("Pause")
    expect(play).to_have_attribute("aria-pressed", "true")
    expect(chain_figure.locator(".lf-words")).not_to_have_text(last)  # Play at the end rewinds
    chain = figures.load("chain")
    for _ in range(chain.LAST + 1):
        page.clock.run_for(chain.BEAT)
        page.evaluate("new Promise(done => requestIdleCallback(done, {timeout: 5000}))")
    expect(chain_figure.locator(".lf-words")).to_have_text(last)
    expect(play).to_have_text("Play")
    expect(play).to_have_attribute("aria-pressed", "false")


def test_play_pauses_and_ends_with_its_figure(reader, chain):
    page = reader.open(chain, SPY)
    chain_figure = figure(page, "chain")
    play, words = chain_figure.locator("button[name=play]"), chain_figure.locator(".lf-words")
    play.click()
    play.click()
    expect(play).to_have_text("Play")
    resting = words.text_content()
    page.wait_for_timeout(2 * figures.load("chain").BEAT)
    expect(words).to_have_text(resting)
    play.click()
    expect(words).not_to_have_text(resting)
    chain_figure.evaluate("figure => figure.remove()")
    posts = page.evaluate("posts")
    page.wait_for_timeout(2 * figures.load("chain").BEAT)
    assert page.evaluate("posts") == posts


def test_reduced_motion_is_respected(reader, chain):
    def moving(**options):
        page = reader.open(chain, **options)
        figure(page, "chain").locator("button[name=back]").click()
        expect(page.locator(".lf-words")).to_contain_text("Backward")
        return page.evaluate("document.getAnimations().length")

    assert moving() > 0
    assert moving(reduced_motion="reduce") == 0


def test_a_slider_is_followed_at_once_and_a_step_is_seen(reader, bare):
    rate = figure(reader.open(bare.page(figure_html("rate"), "rate")), "rate")
    dot = rate.locator(".lf-moving").first

    def seconds():
        return dot.evaluate("dot => getComputedStyle(dot).transitionDuration")

    slide(rate, "lr", 0.02)
    expect(shown(rate, "factor")).to_have_text("0.5161")
    assert seconds() == "0s"
    rate.locator("button[name=back]").click()
    expect(rate.locator(".lf-pressed")).to_have_count(1)
    assert seconds() == "0.2s"


def test_nothing_moves_until_the_figure_is_live(reader, chain):
    page = reader.open(f"{chain}#chain?step=9", SPY + "trouble = 1")  # the first request is lost
    found = page.locator(".live-figure")
    expect(found).to_have_attribute("data-state", "loading")
    assert page.evaluate("document.getAnimations().length") == 0
    expect(found).to_have_attribute("data-state", "live")
    assert page.evaluate("document.getAnimations().length") > 0


# --- The address -------------------------------------------------------------------------------


def test_an_address_restores_a_state(reader, chain):
    chain_figure = figure(reader.open(f"{chain}#chain?x=3&y=4&w=2&leaf=x&step=10"), "chain")
    expect(shown(chain_figure, "loss")).to_have_text("4")
    assert state(chain_figure) == {"x": "3", "y": "4", "w": "2", "leaf": "x"}


@pytest.mark.parametrize(
    "garbage",
    [
        "chain?w=99", "chain?w=abc&step=-5&leaf=q", "chain?__proto__=1&constructor=2", "chain?",
        "chain?%E0%A4%A=%", "nope?w=2", "chain-2?w=2", "?", "chain?w=NaN&x=99&y=%00&w=1e999",
        "chain?w=<img src=x onerror=alert(1)>", "chain?" + "w=1&" * 3000,
    ],
)  # fmt: skip
def test_garbage_in_an_address_is_ignored(reader, chain, garbage):
    chain_figure = figure(reader.open(f"{chain}#{garbage}"), "chain")
    w, x = ("5" if "w=99" in garbage else "1"), ("5" if "x=99" in garbage else "2")
    assert state(chain_figure) == {"x": x, "y": "4", "w": w, "leaf": "w"}
    slide(chain_figure, "w", 2)
    expect(shown(chain_figure, "value:w")).to_have_text("2")


def test_the_address_follows_and_back_restores(reader, chain):
    page = reader.open(chain)
    chain_figure = figure(page, "chain")
    assert page.url == chain, "the address moves with the reader only"
    slide(chain_figure, "w", 2)
    page.wait_for_url(re.compile(r"#chain\?x=2&y=4&w=2&"))
    page.evaluate("location.hash = '#chain?w=-1&x=1'")
    expect(shown(chain_figure, "value:w")).to_have_text("-1")
    assert state(chain_figure)["x"] == "1"
    page.go_back()
    expect(shown(chain_figure, "value:w")).to_have_text("2")
    assert state(chain_figure)["x"] == "2"


def test_a_move_just_before_a_reload_is_kept(reader, chain):
    page = reader.open(chain)
    for w in (2, -1):  # the second time the address has something else
        slide(figure(page, "chain"), "w", w)
        page.reload()
        expect(shown(figure(page, "chain"), "value:w")).to_have_text(str(w))
        assert f"&w={w}&" in page.url


def test_a_move_just_before_leaving_is_kept_for_who_comes_back(reader, chain, bare):
    page = reader.open(chain)
    other = bare.page("Another page", "other")
    slide(figure(page, "chain"), "w", 2)
    page.goto(other)
    page.go_back()
    expect(shown(figure(page, "chain"), "value:w")).to_have_text("2")
    slide(figure(page, "chain"), "w", 3)
    page.wait_for_url(re.compile("&w=3&"))
    page.reload()
    expect(shown(figure(page, "chain"), "value:w")).to_have_text("3")
    slide(figure(page, "chain"), "w", 4)
    page.goto(other)
    page.goto(chain)  # by a link, say: that asks for the figure as it is
    page.reload()
    expect(shown(figure(page, "chain"), "value:w")).to_have_text("1")


def test_a_link_can_be_copied(reader, chain):
    page = reader.open(chain, permissions=["clipboard-read", "clipboard-write"])
    chain_figure = figure(page, "chain")
    slide(chain_figure, "w", 2)
    expect(shown(chain_figure, "grad:w")).to_have_text("0")
    chain_figure.locator("button[name=copy-link]").click()
    expect(chain_figure.get_by_role("status").last).to_have_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    expect(shown(figure(reader.open(link), "chain"), "grad:w")).to_have_text("0")


def test_without_a_clipboard_the_link_can_be_selected(reader, chain):
    page = reader.open(chain, "delete Navigator.prototype.clipboard")
    chain_figure = figure(page, "chain")
    slide(chain_figure, "w", 2)
    chain_figure.locator("button[name=copy-link]").click()
    link = chain_figure.get_by_label("Link to what is shown")
    expect(link).to_have_value(page.url)
    assert "w=2" in page.url
    assert page.evaluate("document.getSelection().toString()") == page.url


# --- Faults ------------------------------------------------------------------------------------


def test_a_worker_that_dies_is_replaced(reader, chain):
    page = reader.open(chain, SPY)
    chain_figure = figure(page, "chain")
    slide(chain_figure, "x", 3)
    expect(shown(chain_figure, "value:x")).to_have_text("3")
    page.evaluate("workers.at(-1).terminate()")
    slide(chain_figure, "w", 2)
    expect(shown(chain_figure, "value:w")).to_have_text("2")
    expect(shown(chain_figure, "value:x")).to_have_text("3")
    assert page.evaluate("workers.length") == 2


def test_a_worker_killed_while_dragging_loses_no_move(reader, chain):
    page = reader.open(chain, SPY)
    chain_figure = figure(page, "chain")
    slide(chain_figure, "x", 3)
    chain_figure.locator("input[type=range][name=w]").evaluate(
        """async (slider) => { for (let move = 0; move <= 80; move++) {
             slider.value = -5 + move / 10;
             slider.dispatchEvent(new Event("input", {bubbles: true}));
             if (move === 40) workers[0].terminate();
             await new Promise(requestAnimationFrame); } }"""
    )
    expect(shown(chain_figure, "value:w")).to_have_text("3")
    expect(shown(chain_figure, "value:x")).to_have_text("3")
    assert state(chain_figure)["w"] == "3"
    assert page.evaluate("workers.length") == 2


def test_a_worker_that_fails_is_replaced_at_once(reader, chain):
    page = reader.open(chain, SPY)
    chain_figure = figure(page, "chain")
    page.evaluate("workers.at(-1).dispatchEvent(new ErrorEvent('error', {message: 'no memory'}))")
    slide(chain_figure, "w", 2)
    expect(shown(chain_figure, "value:w")).to_have_text("2", timeout=1500)


def test_a_drawing_that_takes_too_long_is_begun_again(reader, chain):
    page = reader.open(chain, SPY)
    chain_figure = figure(page, "chain")
    page.evaluate("trouble = 1")
    slide(chain_figure, "w", 2)
    slide(chain_figure, "x", 3)
    expect(shown(chain_figure, "value:w")).to_have_text("2")
    expect(shown(chain_figure, "value:x")).to_have_text("3")
    expect(chain_figure).to_have_attribute("data-state", "live")
    assert page.evaluate("workers.length") == 2


def test_an_answer_goes_to_who_asked(reader, bare):
    page = reader.open(bare.page(figure_html("chain") * 2, "asked"), SPY)
    first, second = figure(page, "chain"), figure(page, "chain-2")
    page.evaluate("trouble = 1")
    slide(first, "w", 2)  # is lost
    slide(second, "w", 3)
    expect(shown(second, "value:w")).to_have_text("3")
    assert shown(first, "value:w").text_content() == "1"
    expect(shown(first, "value:w")).to_have_text("2")
    expect(shown(second, "value:w")).to_have_text("3")


def test_a_figure_that_fails_twice_says_so_and_can_try_again(reader, bare):
    page = reader.open(bare.page(figure_html("chain") * 2, "two"), SPY)
    chain_figure, other = figure(page, "chain"), figure(page, "chain-2")
    retry = chain_figure.locator("button[name=retry]")
    expect(retry).to_be_hidden()
    page.evaluate("trouble = true")
    slide(chain_figure, "w", 2)
    expect(chain_figure).to_have_attribute("data-state", "failed")
    expect(chain_figure.get_by_role("alert")).to_have_text(re.compile("no answer within 2 seconds"))
    expect(shown(chain_figure, "grad:w")).to_have_text("-8")  # the last drawing is kept
    assert state(chain_figure)["w"] == "2"  # and so is what the reader wants
    page.evaluate("trouble = 0")
    slide(other, "w", 3)
    expect(shown(other, "value:w")).to_have_text("3")
    retry.click()
    expect(shown(chain_figure, "grad:w")).to_have_text("0")
    expect(chain_figure).to_have_attribute("data-state", "live")
    expect(retry).to_be_hidden()


def failed(page):
    """Wait until the page's first figure has failed and return its sentence."""
    found = page.locator(".live-figure").first
    expect(found).to_have_attribute("data-state", "failed")
    expect(found.locator("[data-value='grad:w']").first).to_have_text("-8")
    return found.get_by_role("alert").text_content()


def test_an_error_of_python_is_shown_in_place(reader, bare):
    wrong = figure_html("chain").replace('data-figure="chain"', 'data-figure="nope"')
    page = reader.open(bare.page(wrong + figure_html("chain"), "wrong"))
    figure(page, "chain")  # it ends nothing else
    assert "there is no figure 'nope'" in failed(page)


def test_a_missing_engine_is_told_and_tried_again(reader, chain):
    reader.expected = "Failed to load resource"  # the browser's own word on the missing file
    page = reader.open("about:blank")
    page.route("**/engine.js*", lambda route: route.fulfill(status=404))
    page.goto(chain)
    assert "engine.js could not be loaded" in failed(page)
    page.unroute("**/engine.js*")
    page.get_by_role("button", name="Try again").click()
    figure(page, "chain")


def test_a_truncated_engine_is_told(reader, chain):
    page = reader.open("about:blank")
    page.route("**/engine.js*", lambda route: route.fulfill(body=route.fetch().text()[:99_999]))
    page.goto(chain)
    assert "engine.js could not be loaded" in failed(page)


@pytest.mark.parametrize(
    ("policy", "reason"),
    [("worker-src 'none'", "worker"), ("script-src 'self'", "WebAssembly")],
)
def test_a_policy_that_blocks_python_is_told(reader, chain, policy, reason):
    reader.expected = "Content Security Policy"  # the browser says what the policy blocked
    page = reader.open("about:blank")

    def refuse(route):
        response = route.fetch()
        headers = {**response.headers, "Content-Security-Policy": policy}
        route.fulfill(response=response, headers=headers)

    page.route("**/*", refuse)
    page.goto(chain)
    assert reason in failed(page)


@pytest.mark.parametrize("lacking", ["WebAssembly", "DecompressionStream", "Worker"])
def test_a_browser_that_lacks_something_is_told(reader, chain, lacking):
    page = reader.open(chain, f"delete window.{lacking}")
    if lacking == "DecompressionStream":  # the worker has its own
        figure(page, "chain")
    else:
        assert lacking in failed(page)
