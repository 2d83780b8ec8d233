"""Readers for the browser tests: pages opened in Chromium, watched, served or by file://."""

import functools
import http.server
import math
import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Below the address bar, two hidden pages of its own for each window: more work than a figure.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]
SUB_PATH = "/some/project/"

# What a worker does, for the tests to see and to spoil. `trouble` takes requests away: its number
# of them, all for true.
SPY = """
window.workers = [];
window.posts = 0;
window.answered = []; // requests, in their order
window.trouble = 0;
window.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    workers.push(this);
    this.asked = [];
    this.addEventListener("message", ({ data }) => {
      if ("answer" in data) answered.push(JSON.parse(this.asked.shift()));
    });
  }
  postMessage(message) {
    posts += 1;
    if (trouble === true || trouble-- > 0) return;
    this.asked.push(message);
    super.postMessage(message);
  }
};
"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, and the same once more under `SUB_PATH`."""

    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.replace(SUB_PATH, "/", 1))

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    """When it is stopped, nobody answers any more, on no connection that was left open either."""

    def __init__(self, *given: Any) -> None:
        self.connections: set[Any] = set()
        super().__init__(*given)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a page was closed while it loaded
            super().handle_error(request, client_address)

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self.connections):
            with suppress(OSError):  # it has just been closed
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def served(folder: Path, handler: type[Handler] = Handler) -> Iterator[str]:
    """Serve `folder` and give its address, without a slash at the end."""
    handle = functools.partial(handler, directory=folder)
    with Server(("127.0.0.1", 0), handle) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Bare:
    """Pages of figures and nothing else, in `folder`, which is served at `address`."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address

    def page(self, body: str, name: str = "page", told: str = "") -> str:
        """Write a page around `body` and return its address; its host is `told` by attributes."""
        (self.folder / f"{name}.html").write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<link rel="icon" href="data:,"><link rel="stylesheet" href="figure.css">'
            f'<script src="host.js" async {told}></script><body>{body}</body></html>',
            encoding="utf-8",
        )
        return f"{self.address}/{name}.html"


class Reader:
    """Opens pages, and notes what they must not do: speak in the console, ask other origins."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.said: list[str] = []
        self.asked: list[str] = []
        self.expected = "(?!)"  # a pattern for what a page is right to say: a test gives a reason

    def open(self, address: str, script: str = "", **options: Any) -> Page:
        """Open `address` in a context of its own, after `script` has run in it."""
        context = self.browser.new_context(**options)
        self.contexts.append(context)
        page = context.new_page()
        page.add_init_script(script)
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(f"uncaught: {error}"))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(address)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        said = [text for text in self.said if not re.search(self.expected, text)]
        assert not said, f"the page said: {said}"
        asked = [url for url in self.asked if not HOME.match(url)]
        assert not asked, f"the page asked: {asked}"


# How much the page jumps, kept from its beginning on: what came before an observer may be lost.
SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) shifts += shift.value;
}).observe({ type: "layout-shift", buffered: true });
"""

HOME = re.compile(r"http://127\.0\.0\.1:|(file|data|blob):")


def figure(page: Page, ident: str) -> Locator:
    """Return the figure with this ``data-id`` once it is live."""
    found = page.locator(f".live-figure[data-id='{ident}']")
    found.scroll_into_view_if_needed()
    expect(found).to_have_attribute("data-state", "live")
    return found


def rest(page: Page) -> None:
    """Wait until a page of the book has done what can wait (see live/frontend/late.js)."""
    page.locator("html[data-late=done]").wait_for(state="attached")


def shown(figure: Locator, key: str) -> Locator:
    """Return the first number of a drawing that shows `key`."""
    return figure.locator(f".lf-drawing [data-value='{key}']").first


def slide(figure: Locator, key: str, value: float) -> None:
    """Move a slider as a reader does: its value changes and it says `input`."""
    slider = figure.locator(f"input[type=range][name={key}]")
    log = slider.get_attribute("data-scale") == "log"
    slider.fill(str(round(math.log10(value), 6) if log else value))


def state(figure: Locator) -> dict[str, str]:
    """Return what the controls of a figure say."""
    pairs: dict[str, str] = figure.evaluate(
        """figure => Object.fromEntries(
            [...figure.querySelectorAll("input[type=number], select, input[type=checkbox]")].map(
                (control) => [control.name, control.type === "checkbox"
                    ? String(control.checked) : control.value]))"""
    )
    return pairs


def pages_with_figures(site: Path) -> dict[str, str]:
    """Return {name: path of the page that shows it first} for the figures of the built book."""
    found: dict[str, str] = {}
    for path in sorted(site.glob("chapters/*.html")):
        for name in re.findall(r'data-figure="(\w+)"', path.read_text(encoding="utf-8")):
            found.setdefault(name, path.relative_to(site).as_posix())
    return found
