"""The built page's figures, in headless Chromium on localhost, each load with an empty cache.

    python benchmarks/page.py [--runs 5]

prints, against their budgets: when the first figure is live, after the first contentful paint; when
a slider's move is first answered by Python, after that and after navigation; how long a move takes
from its ``input`` event until the numbers in the page have changed, while dragging, when much of
what is drawn was foreseen, and while jumping about, when nothing was; how fast the network of
chapter 13 trains; and the bytes that all of it weighs.

Whatever else the machine does shows in the numbers. So the same is measured, in the same run, of a
page that has nothing but MicroPython and one slider: how many times as long a figure takes says
more than milliseconds do.
"""

import argparse
import gzip
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))

from browser import FLAGS, Reader, figure, pages_with_figures, served  # noqa: E402
from chromium import executable  # noqa: E402

MOVES = 100
JUMP = 37  # hundredths of a slider, so that each is visited once and none after its neighbor
BUDGET = {"live": 120, "paint": 250, "navigation": 900, "move": 10, "bytes": 320_000}
SINCE = {
    "live": "live after first paint",
    "paint": "answers after first paint",
    "navigation": "answers after navigation",
}

# Note when a figure becomes live. From the first paint on, move the first slider of the first one
# until the drawing follows; of a figure without sliders, press its first button.
FIRST_ANSWER = """
window.live = NaN;
new MutationObserver((_, observer) => {
  if (!document.querySelector(".live-figure[data-state=live]")) return;
  observer.disconnect();
  live = performance.now();
}).observe(document, { subtree: true, attributeFilter: ["data-state"] });
window.answered = new Promise((resolve) => {
  new PerformanceObserver((list, observer) => {
    const paint = list.getEntriesByName("first-contentful-paint")[0];
    if (!paint) return;
    observer.disconnect();
    const figure = document.querySelector(".live-figure");
    const slider = figure.querySelector("input[type=range]");
    const timer = setInterval(() => {
      if (!slider) return figure.querySelector("form button").click();
      slider.value = Number(slider.value) > Number(slider.min) ? slider.min : slider.max;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    }, 5);
    const number = figure.querySelector(".lf-drawing");
    const before = number.textContent;
    new MutationObserver((_, changes) => {
      if (number.textContent === before) return;
      changes.disconnect();
      clearInterval(timer);
      const now = performance.now();
      resolve({ live: live - paint.startTime, paint: now - paint.startTime, navigation: now });
    }).observe(number, { subtree: true, childList: true, characterData: true });
  }).observe({ type: "paint", buffered: true });
});
"""

# Move each slider from one end to the other and back to where it was, or with a stride jump through
# it, one move a frame, each once the last is answered; of a figure without sliders, press its first
# button and Reset in turn. It is begun when nothing has moved for a while: a training has ended.
DRAG = """
async (figure, stride) => {
  const drawing = figure.querySelector(".lf-drawing");
  const times = [];
  const time = async (move) => {
    const changed = new Promise((resolve) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        resolve(performance.now());
      });
      observer.observe(drawing, {
        subtree: true, childList: true, characterData: true, attributes: true });
      setTimeout(resolve, 500, NaN); // this move changes nothing that is drawn
    });
    const begun = performance.now();
    move();
    times.push((await changed) - begun);
    await new Promise(requestAnimationFrame);
  };
  const still = () => new Promise((resolve) => {
    let timer = setTimeout(resolve, 500);
    new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(resolve, 500);
    }).observe(drawing, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  const sliders = figure.querySelectorAll("input[type=range]");
  for (const slider of sliders) {
    await still();
    const [low, high, first] = [slider.min, slider.max, slider.value].map(Number);
    for (let move = 0; move <= MOVES; move++) {
      const value = slider.value;
      const at = ((move * stride) % MOVES) / (MOVES - 1);
      slider.value = move === MOVES ? first : low + (high - low) * at;
      if (slider.value === value) continue;
      await time(() => slider.dispatchEvent(new Event("input", { bubbles: true })));
    }
  }
  for (let move = 0; move < MOVES && !sliders.length; move++) {
    const button = figure.querySelector(move % 2 ? "button[name=reset]" : "form button");
    await time(() => button.click());
  }
  return times.filter((time) => time === time);
}
""".replace("MOVES", str(MOVES))

# Play a training from its start, and say how it goes: updates and drawings a second, and the
# longest task of the page's own thread in milliseconds, 0 where none takes 50.
PLAY = """
async (figure) => {
  const seen = [];
  const tasks = [0];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  }).observe({ type: "longtask" });
  const drawing = figure.querySelector(".lf-drawing");
  new MutationObserver(() => {
    const updates = Number(drawing.querySelector("[data-value=updates]").textContent);
    if (updates !== seen.at(-1)?.updates) seen.push({ updates, time: performance.now() });
  }).observe(drawing, { subtree: true, childList: true, characterData: true });
  figure.querySelector("button[name=play]").click();
  await new Promise((done) => setTimeout(done, 4000));
  const [first, last] = [seen[0], seen.at(-1)];
  const seconds = (last.time - first.time) / 1000;
  return [
    (last.updates - first.updates) / seconds,
    (seen.length - 1) / seconds,
    Math.max(...tasks),
  ];
}
"""

# What a figure is compared with. It answers in the page's own thread, without a worker.
BARE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare</title>
<link rel="icon" href="data:,">
<p>Nothing but MicroPython.</p>
<figure class="live-figure" data-id="bare" data-state="live">
<input type="range" min="-5" max="5" step="0.1" value="1"><span class="lf-drawing">-8</span>
</figure>
<script type="module">
import { loadMicroPython } from "./micropython.mjs";
const python = await loadMicroPython();
python.runPython("def answer(w):\\n    return 2 * (2 * w - 4) * 2");
const answer = python.globals.get("answer");
document.querySelector("input").oninput = (event) => {
  document.querySelector("span").textContent = answer(Number(event.target.value));
};
</script>
"""
MICROPYTHON = ROOT / "node_modules" / "@micropython" / "micropython-webassembly-pyscript"


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def line(
    what: str, value: float, unit: str, budget: float | None = None, bare: float | None = None
) -> None:
    note = "" if budget is None else f"   budget {budget:g}{'' if value < budget else ', OVER'}"
    times = "" if bare is None else f"   {value / bare:5.1f} x bare"
    print(f"  {what:<46}{value:>9.1f} {unit}{times}{note}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    site = ROOT / "_build" / "html"
    with (
        sync_playwright() as playwright,
        served(site) as address,
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as alone,
    ):
        for file in MICROPYTHON.glob("micropython.*"):
            shutil.copy(file, folder)
        Path(folder, "index.html").write_text(BARE, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=executable(playwright), args=FLAGS)
        pages = pages_with_figures(site)

        print(f"First answer, medians of {runs} cold loads")
        bare = first_answers(browser, f"{alone}/index.html", runs)
        del bare["live"]  # as it always is
        for since, value in bare.items():
            line(f"bare {SINCE[since]}", value, "ms")
        for path in ("index.html", *sorted(set(pages.values()))):
            print(f"  {path}")
            for since, value in first_answers(browser, f"{address}/{path}", runs).items():
                line(f"  {SINCE[since]}", value, "ms", BUDGET[since], bare.get(since))

        print(f"From input event to changed numbers, 95th percentile of {MOVES} moves a slider")
        move = p95(ask(browser, f"{alone}/index.html", "bare", DRAG))
        line("bare", move, "ms")
        for name, path in pages.items():
            if name == "exercise":
                continue  # it has nothing to drag
            times = ask(browser, f"{address}/{path}", name, DRAG)
            line(f"{name}, dragged", p95(times), "ms", BUDGET["move"], move)
            times = ask(browser, f"{address}/{path}", name, DRAG, JUMP)
            line(f"{name}, jumping", p95(times), "ms", bare=move)

        print("A network in training: chapter 13's, 2-8-8-1, 16 samples in a batch")
        where = f"{address}/{pages['network']}"
        updates, drawings, longest = ask(browser, where, "network", PLAY)
        print(f"  {updates:.1f} updates a second (wanted: 30)")
        print(f"  {drawings:.1f} drawings a second (wanted: 5)")
        print(f"  {longest:.0f} ms for the page's longest task (wanted: at most 50)")
        browser.close()
    print("Engine, figures and host, gzipped")
    names = ("engine.js", "host.js", "figure.css")
    sizes = {name: len(gzip.compress((site / "_static" / name).read_bytes())) for name in names}
    for name, size in sizes.items():
        line(name, size / 1000, "kB")
    line("together", sum(sizes.values()) / 1000, "kB", BUDGET["bytes"] / 1000)


def ask(browser: Browser, address: str, name: str, script: str, given: int = 1) -> list[float]:
    """Return what `script` finds of a figure in a page at rest, which is then closed."""
    reader = Reader(browser)
    page = reader.open(address)
    page.wait_for_load_state("networkidle")
    found: list[float] = figure(page, name).evaluate(script, given)
    reader.close()
    return found


def first_answers(browser: Browser, address: str, runs: int) -> dict[str, float]:
    """Return the medians over some loads, each with an empty cache: {since when: ms}."""
    loads: list[dict[str, float]] = []
    for _ in range(runs):
        reader = Reader(browser)
        loads.append(reader.open(address, FIRST_ANSWER).evaluate("answered"))
        reader.close()
    return {since: statistics.median(load[since] for load in loads) for since in loads[0]}


if __name__ == "__main__":
    main()
