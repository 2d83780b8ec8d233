"""What the built book tells search engines, hosts and programs, with its address and without."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from contents import PAGES
from test_book import ROOT, Book, fetched, foreign, pages

ADDRESS = "https://someone.example/some/book/"

TEXTS = {
    "index": "# The book\n\nIt is *small* & [short](plain.md), see {ref}`section`.\n\nMore.",
    "plain": """(section)=
## A section

:::{admonition} In this chapter
You will meet $\\hat y$ and "quotes" & more, and so many words that they do not fit into one hundred
and sixty characters, which is all that a search engine shows of what a page says of itself.
:::

Something else.
""",
    "own": """---
myst:
  html_meta:
    description: What the page says of itself.
---

# Its `own`

What it begins with.
""",
}
DESCRIPTIONS = {
    "index": "It is small & short, see A section.",
    "plain": "You will meet yˆ and “quotes” & more, and so many words that they do not fit into "
    "one hundred and sixty characters, which is all that a search engine shows of…",
    "own": "What the page says of itself.",
}


@dataclass
class Built:
    """A copy of a built book."""

    folder: Path
    written: list[float]  # when each page was

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def tags(self, page: str) -> dict[str, str]:
        return tags(self.text(f"{page}.html"))


def tags(page: str) -> dict[str, str]:
    """Return what the tags in the head of a page say, by name. None is there twice."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<meta [^>]*>", page.split("<body")[0]):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        name = attributes.get("name") or attributes.get("property")
        if name and name != "viewport":  # which the theme repeats
            assert name not in found, name
            found[name] = unescape(attributes["content"])
    return found


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    """A small book built without an address, with one, with the same again, and without."""
    book = Book(tmp_path_factory.mktemp("book"), plain=TEXTS["plain"], own="")
    for name in ("index", "own"):
        (book.folder / f"{name}.md").write_text(TEXTS[name], encoding="utf-8")
    built = {}
    for state, address in {"local": "", "public": ADDRESS, "same": ADDRESS[:-1], "end": ""}.items():
        book.environment = {**os.environ, "BOOK_ADDRESS": address}
        book.build()
        copy = tmp_path_factory.mktemp(state)
        shutil.copytree(book.folder / "_build" / "html", copy, dirs_exist_ok=True)
        built[state] = Built(copy, [path.stat().st_mtime for path in sorted(copy.glob("*.html"))])
    return built


@pytest.fixture(params=["local", "public"])
def built(request: pytest.FixtureRequest, book: dict[str, Built]) -> Built:
    return book[request.param]


@pytest.mark.parametrize("page", DESCRIPTIONS)
def test_a_page_describes_itself(page: str, built: Built) -> None:
    title = {"index": "Back-propagation, live", "plain": "A title", "own": "Its own"}[page]
    found = built.tags(page)
    assert found["description"] == found["og:description"] == DESCRIPTIONS[page]
    assert found["og:title"] == title
    assert found["og:type"] == ("website" if page == "index" else "article")


def test_addresses_are_absolute_or_absent(book: dict[str, Built]) -> None:
    for page, below in {"index": "", "plain": "plain.html"}.items():
        public = book["public"].tags(page)
        assert public["og:url"] == ADDRESS + below
        assert f'<link rel="canonical" href="{ADDRESS}{below}"' in book["public"].text(
            f"{page}.html"
        )
        picture = public["og:image"].removeprefix(ADDRESS)
        assert (book["public"].folder / picture).read_bytes()[1:4] == b"PNG"
        assert public["twitter:card"] == "summary_large_image"
        for state in ("local", "end"):
            assert not {"og:url", "og:image", "twitter:card"} & book[state].tags(page).keys()
            assert "canonical" not in book[state].text(f"{page}.html")


def test_no_page_asks_another_origin(book: dict[str, Built]) -> None:
    found = [link for page in pages(book["public"].folder).values() for link in fetched(page)]
    assert found and not any(map(foreign, found))


def test_the_sitemap_is_there_where_the_address_is_known(book: dict[str, Built]) -> None:
    places = re.findall(r"<url><loc>(.*)</loc></url>", book["public"].text("sitemap.xml"))
    assert places == [ADDRESS, f"{ADDRESS}plain.html", f"{ADDRESS}own.html"]
    assert f"\nSitemap: {ADDRESS}sitemap.xml\n" in book["public"].text("robots.txt")
    for state in ("local", "end"):
        for name in ("sitemap.xml", "robots.txt"):
            assert not (book[state].folder / name).exists()


def test_all_pages_are_listed_for_programs(book: dict[str, Built]) -> None:
    for state, base, home in (("local", "", "index.html"), ("public", ADDRESS, ADDRESS)):
        listed = book[state].text("llms.txt")
        assert listed.startswith(f"# Back-propagation, live\n\n> {DESCRIPTIONS['index']}\n\n")
        assert f"]({home})" in listed
        assert re.findall("^- .*", listed, re.M) == [
            f"- [A title]({base}plain.html): {DESCRIPTIONS['plain']}",
            f"- [Its own]({base}own.html): {DESCRIPTIONS['own']}",
        ]


def links(page: str) -> Iterator[str]:
    """Yield all addresses in a page, those within it aside."""
    found = fetched(page) + re.findall(
        r'\s(?:href|action|(?:data-)?src|data-content_root)="([^"]*)"', page
    )
    yield from (link for link in found if not link.startswith(("#", "data:")))


def test_the_page_for_a_missing_one_leads_back_from_any_depth(book: dict[str, Built]) -> None:
    path = urlsplit(ADDRESS).path
    for state, base in (("local", ""), ("public", path), ("same", path)):
        page = book[state].text("404.html")
        found = list(links(page))
        for way in ("index.html", "search.html", "plain.html"):
            assert f'href="{base}{way}"' in page
        assert f'action="{base}search.html"' in page
        for link in found:
            assert link.startswith(base)
            assert (book[state].folder / urlsplit(link.removeprefix(base)).path).exists(), link
        assert "canonical" not in page and "og:url" not in page


def test_nothing_is_written_again_for_the_same_address(book: dict[str, Built]) -> None:
    assert book["same"].written == book["public"].written > book["local"].written


def test_an_address_without_a_scheme_is_refused(tmp_path: Path) -> None:
    book = Book(tmp_path, plain="Text.")
    book.environment["BOOK_ADDRESS"] = "someone.example/book"
    done = book.try_to_build()
    assert done.returncode != 0 and "starts with https://" in done.stdout


def test_each_page_of_the_book_has_a_description_of_its_own(site: Path) -> None:
    found = {page: tags((site / f"{page}.html").read_text("utf-8")) for page in PAGES}
    for page, said in found.items():
        assert 50 <= len(said["description"]) <= 160, page
    for name in ("description", "og:title"):
        assert len({said[name] for said in found.values()}) == len(found)
    listed = (site / "llms.txt").read_text(encoding="utf-8")
    assert all(f"]({page}.html)" in listed for page in PAGES)
    others = {"404": "There is no such page", "search": "Search"}
    for page, title in others.items():
        description = tags((site / f"{page}.html").read_text("utf-8"))["description"]
        assert description == f"{title}: Back-propagation, live"
    assert {path.stem for path in pages(site)} >= others.keys()
    assert re.findall("^## (.*)", listed, re.M) == re.findall(
        "caption: (.*)", (ROOT / "_toc.yml").read_text(encoding="utf-8")
    )
