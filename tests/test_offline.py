"""The book with the network off: what was opened once, or all of it for whoever wants that."""

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from axe import violations
from browser import SUB_PATH, Handler, Reader, figure, served, shown, slide
from contents import PAGES, SEARCH
from playwright.sync_api import Page, expect
from test_book import fetched
from test_policy import Strict

from live.book import offline
from live.widget import STATIC

OPENED, OTHER = "chapters/03-a-chain-of-gates.html", "chapters/02-the-gate.html"
MISSING = "This page has not been kept"
KEPT = re.compile(r"Kept: the book can be read offline \(\d+\.\d MB\)\.")

# All that is kept: {name of the cache: addresses}.
STORES = """
async () => Object.fromEntries(await Promise.all((await caches.keys()).map(async (name) =>
  [name, (await (await caches.open(name)).keys()).map(({ url }) => url)])))
"""


def settle(page: Page) -> None:
    """Wait until the worker has kept the page, and says what it would take to keep all."""
    expect(page.locator(".keep-offline [role=status]")).to_have_text(
        re.compile(r"^It takes \d+\.\d MB\.$|^Kept: ")
    )


def keep(page: Page) -> None:
    """Wish for the whole book, by keyboard."""
    settle(page)
    page.get_by_label("Keep this book offline").press("Space")


def expect_to_compute(page: Page) -> None:
    chain = figure(page, "chain")
    slide(chain, "w", 2)
    expect(shown(chain, "grad:w")).to_have_text("0")


def stored(page: Page) -> list[str]:
    """Return the addresses that the book's files are kept under, without the book's own."""
    stores: dict[str, list[str]] = page.evaluate(STORES)
    [(name, urls)] = [item for item in stores.items() if item[0].startswith("backprop-book ")]
    return [url.removeprefix(name.split()[1]) for url in urls]


# --- The book ------------------------------------------------------------------------------------


class Host(Strict):
    """Has the policy of the README, and lets no browser keep anything that no worker keeps."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


@pytest.fixture(scope="module")
def host(site: Path) -> Iterator[str]:
    with served(site, Host) as address:
        yield address


@pytest.mark.parametrize("home", ["/", SUB_PATH])
def test_what_was_opened_once_reads_and_computes(reader: Reader, host: str, home: str) -> None:
    page = reader.open(f"{host}{home}{OPENED}")
    settle(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A chain of gates")
    expect_to_compute(page)
    for picture in page.locator("article img").all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("one => one.naturalWidth > 0", arg=picture.element_handle())
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.status)") == "loaded"

    # The way on leads to a page that says what there is instead, under the address that was meant.
    page.locator(".next-prev a, a.right-next").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(MISSING)
    assert page.url.startswith(f"{host}{home}chapters/04")
    expect(page.locator(".kept-pages a")).to_have_text("3. A chain of gates")
    assert page.locator(".kept-pages a").evaluate("one => one.href") == f"{host}{home}{OPENED}"
    page.locator(".kept-pages a").click()
    expect_to_compute(page)
    page.go_back()
    expect(page.locator(".kept-pages a")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Branches add")


# What was said while the book was being kept.
HEAR = """addEventListener("DOMContentLoaded", () => {
  window.heard = [];
  const status = document.querySelector(".keep-offline [role=status]");
  new MutationObserver(() => heard.push(status.textContent)).observe(status, { childList: true });
})"""


def test_the_whole_book_is_kept_and_dropped(reader: Reader, host: str) -> None:
    page = reader.open(f"{host}/{OPENED}", HEAR)
    keep(page)
    status = page.locator(".keep-offline [role=status]")
    expect(status).to_have_text(KEPT)
    counts = [re.fullmatch(r"Keeping (\d+) of (\d+) …", said) for said in page.evaluate("heard")]
    numbers = [(int(count[1]), int(count[2])) for count in counts if count]
    assert len(numbers) > 10 and numbers == sorted(numbers)
    assert len(stored(page)) == numbers[-1][1] + 1  # and the wish

    page.context.set_offline(True)
    for path in (OTHER, "chapters/07-the-training-loop.html", "reference/notation.html"):
        page.goto(f"{host}/{path}")
        expect(status).to_have_text(KEPT)
        for found in page.locator(".live-figure").all():
            figure(page, found.get_attribute("data-id") or "")
    page.goto(f"{host}/{SEARCH}")
    page.locator("#search-results li a").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(MISSING)

    wish = page.get_by_label("Keep this book offline")
    expect(wish).to_be_checked()
    wish.press("Space")
    expect(status).to_contain_text("It takes")
    page.goto(f"{host}/reference/notation.html")
    expect(page.get_by_role("heading", level=1)).to_have_text(MISSING)
    expect(wish).not_to_be_checked()


def test_all_that_a_page_fetches_is_of_the_book(site: Path) -> None:
    book = offline.files(site)
    assert {f"{page}.html" for page in PAGES} < book.keys()
    for path in [path for path in book if path.endswith((".html", ".css"))]:
        for address in fetched((site / path).read_text(encoding="utf-8")):
            found = (site / path).parent.joinpath(address.split("?")[0]).resolve()
            if (
                ":" not in address
                and found.is_file()
                and not offline.NEEDLESS.search(found.as_posix())
            ):
                assert found.relative_to(site).as_posix() in book, f"{path}: {address}"


def test_nothing_is_loaded_twice(reader: Reader, site: Path) -> None:
    """What a first visit has loaded, the worker takes from the browser."""
    asked: list[str] = []

    class Lasting(Handler):
        """Sends the headers that the README asks for, and notes what is asked."""

        def do_GET(self) -> None:
            asked.append(self.path)
            super().do_GET()

        def end_headers(self) -> None:
            lasting = "?v=" in self.path or "_images/" in self.path
            age = "max-age=31536000, immutable" if lasting else "no-cache"
            self.send_header("Cache-Control", age)
            super().end_headers()

    with served(site, Lasting) as address:
        page = reader.open(f"{address}/{OPENED}")
        settle(page)
        loaded = [path for path in asked if path != "/_static/favicon.svg"]  # as icon, as picture
        assert len(loaded) > 20 and sorted(loaded) == sorted(set(loaded))
        asked.clear()
        page.reload()
        figure(page, "chain")
        assert not [path for path in asked if "?v=" in path]
        page.context.close()


def test_a_phone_keeps_the_book_from_its_menu(reader: Reader, server: str) -> None:
    """And without room for it, that is said, by a page that breaks no rule."""
    page = reader.open(f"{server}/{OTHER}", viewport={"width": 390, "height": 800})
    settle(page)
    limit(page, 1_500_000)
    page.get_by_role("button", name="Toggle primary sidebar").click()
    wish = page.get_by_role("dialog").get_by_label("Keep this book offline")
    expect(wish).to_be_visible()
    wish.check()
    status = page.get_by_role("dialog").get_by_role("status")
    said = re.compile(r"^There is no room for all of it: \d+ of \d+ files are kept\.$")
    expect(status).to_have_text(said)
    again = page.get_by_role("button", name="Try again")
    again.scroll_into_view_if_needed()
    page.mouse.move(380, 790)  # away from the links, whose color under the pointer is the theme's
    assert violations(page) == []
    limit(page, 100_000_000)
    again.click()
    expect(status).to_have_text(KEPT)
    expect(again).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def limit(page: Page, size: int) -> None:
    """Give the pages of this origin `size` bytes of storage."""
    session = page.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": size})


NONE = {
    "absent": "delete Navigator.prototype.serviceWorker",
    "forbidden": "ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error())",
}


@pytest.mark.parametrize("place", ["file", *NONE])
def test_where_there_can_be_no_worker_there_is_no_offer(
    reader: Reader, site: Path, server: str, place: str
) -> None:
    home = site.as_uri() if place == "file" else server
    page = reader.open(f"{home}/{OTHER}", NONE.get(place, ""))
    figure(page, "gate")
    expect(page.locator(".keep-offline")).to_be_hidden()
    assert place == "file" or page.evaluate("caches.keys()") == []


# --- A small book --------------------------------------------------------------------------------


class Small:
    """A book of a few files, and what its host does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.moves = False  # an address without .html takes the place of one with it
        self.answers = Event()  # until it is cleared
        self.answers.set()
        (folder / "_static").mkdir()
        shutil.copy(STATIC / "offline.js", folder / "_static")
        (folder / "style.css").write_text("p { color: navy }")
        (folder / "_images").mkdir()
        for name in ("one", "two"):
            (folder / "_images" / f"{name}.svg").write_text(
                '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
            )
        self.page("offline", f"<h1>{MISSING}</h1>")
        for name in ("index", "a", "b"):
            self.page(name, f"<h1>{name}</h1>")

    def page(self, name: str, body: str, version: int = 1) -> None:
        (self.folder / f"{name}.html").write_text(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title>'
            '<link rel="icon" href="data:,">'
            f'<link href="style.css?v={version}" rel="stylesheet">'
            f'<body>{body}<div class="keep-offline" hidden><label><input type="checkbox">'
            'Keep this book offline</label><p role="status"></p>'
            "<button hidden>Try again</button></div>"
            '<script src="_static/offline.js?v=1"></script></body></html>',
            encoding="utf-8",
        )

    def build(self) -> bytes:
        app = SimpleNamespace(builder=SimpleNamespace(format="html"), outdir=self.folder)
        offline.write(app, None)  # type: ignore[arg-type]
        return (self.folder / offline.WORKER).read_bytes()

    @contextmanager
    def served(self) -> Iterator[str]:
        book = self

        class Slow(Handler):
            def do_GET(self) -> None:
                book.asked.append(self.path)
                book.answers.wait(20)
                if book.moves and self.path.endswith(".html"):
                    self.send_response(308)
                    self.send_header("Location", self.path.removesuffix(".html"))
                    self.send_header("Content-Length", "0")
                    return self.end_headers()
                super().do_GET()

            def end_headers(self) -> None:
                self.send_header("Cache-Control", "no-store")
                super().end_headers()

            def translate_path(self, path: str) -> str:
                found = super().translate_path(path)
                return f"{found}.html" if Path(f"{found}.html").is_file() else found

        with served(self.folder, Slow) as address:
            try:
                yield address
            finally:
                self.answers.set()


# What stands under the addresses of a small book, with the network off.
SHOWN = {"index.html": "index", "": "index", "a?from=mail#x": "changed", "b.html": MISSING}


def names(urls: Iterable[str]) -> set[str]:
    return {url.split("?")[0] for url in urls}


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path)


def test_the_worker_is_new_when_the_book_is(small: Small) -> None:
    first = small.build()
    assert small.build() == first
    (small.folder / "style.css").write_text("p { color: navy; }")
    second = small.build()
    assert second != first
    small.page("c", "More")
    assert small.build() not in (first, second)


def test_a_new_build_takes_over(reader: Reader, small: Small) -> None:
    """What was kept is fetched anew if it has changed; what is gone is dropped."""
    small.page("a", '<h1>a</h1><img src="_images/one.svg" alt="">')
    small.build()
    with small.served() as address:
        page = reader.open(f"{address}/a.html")
        settle(page)
        page.evaluate("caches.open('of another app').then((one) => one.put('/a', new Response()))")
        page.goto(f"{address}/index.html")
        settle(page)
        before = stored(page)
        same = {"_static/offline.js", "index.html", "offline.html"}
        assert names(before) == {"_images/one.svg", "a.html", "style.css", *same}

        small.page("a", '<h1>changed</h1><img src="_images/two.svg" alt="">', version=2)
        (small.folder / "_images" / "one.svg").unlink()
        (small.folder / "style.css").write_text("p { color: green }")
        small.build()
        small.asked.clear()
        page.goto(f"{address}/index.html")
        for _ in range(200):
            after = stored(page)
            if names(after) == {"_images/two.svg", "a.html", "style.css", *same}:
                break
            page.wait_for_timeout(50)
        assert len(after) == len(same) + 3
        assert names(set(before) & set(after)) == same
        assert "/a.html" in small.asked and "/offline.html" not in small.asked
        assert "of another app" in page.evaluate("caches.keys()")

        page.context.set_offline(True)
        for name, heading in SHOWN.items():
            page.goto(f"{address}/{name}")
            expect(page.get_by_role("heading")).to_have_text(heading)


def test_what_cannot_be_fetched_is_told_and_tried_again(reader: Reader, small: Small) -> None:
    small.build()
    (small.folder / "b.html").rename(small.folder / "away")
    with small.served() as address:
        page = reader.open(f"{address}/index.html")
        keep(page)
        status = page.get_by_role("status")
        expect(status).to_have_text("1 of 6 files could not be fetched.")
        expect(page.get_by_role("heading")).to_have_text("index")
        (small.folder / "away").rename(small.folder / "b.html")
        page.get_by_role("button", name="Try again").click()
        expect(status).to_have_text(KEPT)
        expect(page.get_by_label("Keep this book offline")).to_be_focused()


def test_the_network_comes_first_for_a_page_but_not_for_long(reader: Reader, small: Small) -> None:
    small.page("index", '<h1>first</h1><img src="_images/one.svg" alt="">')
    small.build()
    with small.served() as address:
        page = reader.open(f"{address}/index.html")
        settle(page)
        small.page("index", '<h1>newer</h1><img src="_images/one.svg" alt="">')
        small.asked.clear()
        page.reload()
        expect(page.get_by_role("heading")).to_have_text("newer")
        settle(page)
        assert set(small.asked) - {"/service-worker.js"} == {"/index.html"}
        small.answers.clear()
        page.reload(timeout=10_000)
        expect(page.get_by_role("heading")).to_have_text("newer")


def test_a_host_may_take_the_suffix_off(reader: Reader, small: Small) -> None:
    """A browser takes no answer that was led elsewhere for a page that was asked for."""
    small.build()
    small.moves = True
    with small.served() as address:
        page = reader.open(f"{address}/")
        keep(page)
        expect(page.get_by_role("status")).to_have_text(KEPT)
        page.goto(f"{address}/a.html")
        assert page.url == f"{address}/a"
        page.context.set_offline(True)
        for path in ("a", "a.html", "b.html"):
            page.goto(f"{address}/{path}")
            expect(page.get_by_role("heading")).to_have_text(path[0])
