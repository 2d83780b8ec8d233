"""The built book in Firefox: as live and as quiet as in Chromium, which the other tests use."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import SUB_PATH, served
from contents import ADDRESSES, SEARCH
from test_policy import Strict

pytest.importorskip("marionette_driver", reason="it is not installed on this system")

from firefox import executable, forget, said, started, until
from marionette_driver.by import By
from marionette_driver.keys import Keys
from marionette_driver.marionette import Marionette

# Scrolls to each figure and moves its first slider to an end: what does not live, or not follow.
FAULTS = """
const [done] = arguments;
const within = async (seconds, holds) => {
  const end = performance.now() + 1000 * seconds;
  while (!holds() && performance.now() < end) await new Promise((go) => setTimeout(go, 20));
  return holds();
};
(async () => {
  const faults = [];
  for (const figure of document.querySelectorAll(".live-figure")) {
    figure.scrollIntoView();
    const { dataset } = figure;
    if (!(await within(20, () => dataset.state === "live"))) {
      faults.push(`${dataset.id}: ${figure.querySelector(".lf-status").textContent}`);
      continue;
    }
    const slider = figure.querySelector("input[type=range]");
    const drawing = figure.querySelector(".lf-drawing");
    const before = drawing.innerHTML;
    if (!slider) continue;
    slider.value = slider.value === slider.max ? slider.min : slider.max;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    if (!(await within(20, () => drawing.innerHTML !== before))) {
      faults.push(`${dataset.id} does not follow ${slider.name}`);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) faults.push("it scrolls sideways");
  done(faults);
})();
"""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marionette]:
    path = executable()
    if path is None:
        pytest.skip("no Firefox is installed, and none could be")
    with started(path, tmp_path_factory.mktemp("firefox") / "log") as running:
        yield running


def rest(firefox: Marionette) -> None:
    """Wait until all of a page is there: of a script that it is left without, Firefox tells."""
    until(lambda: firefox.execute_script("return document.documentElement.dataset.late"))


@pytest.fixture(autouse=True)
def quiet(firefox: Marionette) -> Iterator[None]:
    forget(firefox)
    yield
    rest(firefox)
    assert said(firefox) == []


def near(firefox: Marionette, selector: str) -> Any:
    """Scroll to an element, so that the figure that it is in becomes live."""
    found = firefox.find_element(By.CSS_SELECTOR, selector)
    firefox.execute_script("arguments[0].scrollIntoView()", [found])
    return found


def text(firefox: Marionette, selector: str) -> str:
    found: str = firefox.find_element(By.CSS_SELECTOR, selector).text
    return found


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_figure_lives_and_follows(firefox: Marionette, server: str, address: str) -> None:
    firefox.set_window_rect(width=500, height=900)  # no window of it is narrower
    firefox.navigate(f"{server}/{address}")
    assert firefox.execute_async_script(FAULTS) == []


@pytest.mark.parametrize("place", ["file", "sub-path", "policy"])
def test_the_chain_is_as_live_everywhere(
    firefox: Marionette, server: str, site: Path, place: str
) -> None:
    with served(site, Strict) as strict:
        roots = {"file": site.as_uri() + "/", "sub-path": server + SUB_PATH, "policy": f"{strict}/"}
        firefox.navigate(roots[place] + "index.html")
        until(lambda: text(firefox, ".lf-status").startswith("Live"))
        assert text(firefox, "[data-value='grad:w']") == "-8"
        firefox.find_element(By.CSS_SELECTOR, "input[name=w][type=range]").send_keys(
            Keys.ARROW_RIGHT * 10
        )
        until(lambda: text(firefox, "[data-value='grad:w']") == "0")
        assert text(firefox, "[data-value='value:w']") == "2"


def test_an_answer_is_checked_and_kept(firefox: Marionette, server: str) -> None:
    def verdict() -> str:
        return text(firefox, "[data-exercise='3-1'] .lf-verdict")

    firefox.navigate(f"{server}/chapters/03-a-chain-of-gates.html")
    field = near(firefox, "[data-exercise='3-1'] input")
    until(lambda: "Answer" in verdict())
    field.send_keys("-2" + Keys.ENTER)
    until(lambda: "Right" in verdict())
    rest(firefox)
    firefox.refresh()
    near(firefox, "[data-exercise='3-1']")
    until(lambda: "Right" in verdict())
    assert text(firefox, ".exercise-tally").startswith("1 of")


def test_the_search_finds_from_a_file(firefox: Marionette, site: Path) -> None:
    firefox.navigate(f"{site.as_uri()}/{SEARCH}")
    until(lambda: firefox.find_elements(By.CSS_SELECTOR, "#search-results li a"))


def test_it_plays_fills_the_screen_and_is_kept_by_a_reload(
    firefox: Marionette, server: str
) -> None:
    def press(name: str) -> None:
        near(firefox, f"[data-id=chain] button[name={name}]").click()

    def filling() -> Any:
        return firefox.execute_script("return document.fullscreenElement?.dataset.id === 'chain'")

    firefox.navigate(f"{server}/chapters/03-a-chain-of-gates.html")
    near(firefox, "[data-id=chain]")
    until(lambda: text(firefox, "[data-id=chain] .lf-status").startswith("Live"))
    end = text(firefox, "[data-id=chain] .lf-words")
    press("back")
    until(lambda: text(firefox, "[data-id=chain] .lf-words") != end)
    press("play")
    until(lambda: text(firefox, "[data-id=chain] button[name=play]") == "Pause")
    until(lambda: text(firefox, "[data-id=chain] button[name=play]") == "Play")
    assert text(firefox, "[data-id=chain] .lf-words") == end
    press("full-screen")
    until(filling)
    until(lambda: text(firefox, "[data-id=chain] button[name=full-screen]").startswith("Leave"))
    press("full-screen")
    until(lambda: not filling())
    near(firefox, "[data-id=chain] input[name=w][type=range]").send_keys(Keys.ARROW_RIGHT)
    rest(firefox)
    firefox.refresh()
    until(lambda: text(firefox, "[data-id=chain] [data-value='value:w']") == "1.1")


def test_what_was_opened_is_read_without_a_server(firefox: Marionette, site: Path) -> None:
    def said_of_keeping() -> str:
        status = "return document.querySelector('.keep-offline [role=status]').textContent"
        kept: str = firefox.execute_script(status)
        return kept

    with served(site) as address:
        firefox.navigate(f"{address}/chapters/03-a-chain-of-gates.html")
        until(lambda: said_of_keeping().startswith("It takes"))
        rest(firefox)
    firefox.navigate(f"{address}/chapters/03-a-chain-of-gates.html?again")
    near(firefox, "[data-id=chain]")
    until(lambda: text(firefox, "[data-id=chain] .lf-status").startswith("Live"))
    rest(firefox)
    firefox.navigate(f"{address}/chapters/02-the-gate.html")
    assert firefox.title.startswith("This page has not been kept")
