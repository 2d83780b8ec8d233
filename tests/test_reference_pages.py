"""The apparatus of the book, in the built pages: references, numbers, tables, answers."""

import html
import re
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from published import TABLES, lines

from figures.exercises import all_exercises

ROOT = Path(__file__).parents[1]


@cache
def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def article(site: Path, page: str) -> str:
    """The text of a page's article, with its markup."""
    return read(site / f"{page}.html").split("<article", 1)[1].split("</article", 1)[0]


def words(markup: str) -> str:
    """What a reader sees of some markup."""
    text = re.sub(r"<annotation.*?</annotation>", "", markup, flags=re.S)
    return " ".join(html.unescape(re.sub("<[^>]*>", "", text)).split())


@cache
def ids(path: Path) -> frozenset[str]:
    return frozenset(re.findall(r'\bid="([^"]+)"', read(path)))


def links(markup: str) -> list[tuple[str, str]]:
    """(address, text) of the links in some markup."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', markup, re.S)
    return [(html.unescape(address), words(text)) for address, text in found]


def leads_somewhere(path: Path, address: str) -> bool:
    file, _, fragment = unquote(address).partition("#")
    target = (path.parent / file).resolve() if file else path
    return target.is_file() and (not fragment or "?" in fragment or fragment in ids(target))


def test_every_link_within_the_book_leads_somewhere(site: Path) -> None:
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    dead = [
        f"{path.relative_to(site)}: {address}"
        for path in pages
        if "<article" in read(path)
        for address, _ in links(read(path).split("<article", 1)[1])
        if not re.match(r"\w+:", address) and not leads_somewhere(path, address)
    ]
    assert dead == []


def test_a_dead_link_would_be_found(site: Path) -> None:
    page = site / "reference" / "glossary.html"
    assert leads_somewhere(page, "../chapters/02-the-gate.html#the-gate")
    assert leads_somewhere(page, "#term-leaf")
    assert not leads_somewhere(page, "../chapters/02-the-gate.html#missing")
    assert not leads_somewhere(page, "../chapters/missing.html")


# --- Numbers of chapters, sections, equations, figures --------------------------------------------

CHAPTERS = sorted(path.stem for path in (ROOT / "chapters").glob("*.md"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_chapters_sections_equations_and_figures_are_numbered(site: Path, chapter: str) -> None:
    number = int(chapter[:2])
    page = article(site, f"chapters/{chapter}")
    assert re.search(rf'<h1><span class="section-number">{number}\. </span>', page)
    sections = re.findall(r'<h2><span class="section-number">([\d.]+)\. </span>', page)
    assert sections == [f"{number}.{i}" for i in range(1, 1 + page.count("<h2>"))]
    equations = re.findall(r'<span class="eqno">\(([\d.]+)\)', page)
    assert equations == [f"{number}.{i}" for i in range(1, 1 + len(equations))]
    figures = re.findall(r'<span class="caption-number">Figure ([\d.]+) </span>', page)
    assert figures == [f"{number}.{i}" for i in range(1, 1 + len(figures))]
    assert figures, "no figure of this chapter has a number"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_section_can_be_referred_to(chapter: str) -> None:
    text = read(ROOT / "chapters" / f"{chapter}.md")
    text = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.M | re.S)
    bare = re.findall(r"(?<!\)=\n)^##? (.*)$", text, re.M)
    assert set(bare) <= {"Summary", "Exercises"}


# --- The glossary --------------------------------------------------------------------------------


def test_the_glossary(site: Path) -> None:
    """Each word is linked to the section that has it, or to another word that is."""
    page = article(site, "reference/glossary")
    entries = re.findall(r"<dt id=.*?</dt>\s*<dd>.*?</dd>", page, re.S)
    assert 40 <= len(entries) <= 80
    names = [re.sub("#$", "", words(entry.split("</dt>")[0])) for entry in entries]
    assert names == sorted(names, key=str.lower)
    for entry in entries:
        other = [address for address, text in links(entry) if text != "#"]
        assert any("chapters/" in address or "#term-" in address for address in other), entry


def test_a_word_of_a_chapter_leads_to_the_glossary(site: Path) -> None:
    found = [
        address
        for chapter in CHAPTERS
        for address, _ in links(article(site, f"chapters/{chapter}"))
        if "glossary.html#term-" in address
    ]
    assert found


# --- Sources ------------------------------------------------------------------------------------

KEYS = re.findall(r"^@\w+\{(\S+),$", read(ROOT / "references.bib"), re.M)


def test_the_sources(site: Path) -> None:
    assert len(KEYS) == len(set(KEYS)) >= 30
    assert article(site, "reference/bibliography").count('class="citation"') == len(KEYS)
    for entry in read(ROOT / "references.bib").split("\n@")[1:]:
        assert re.search(r"^  title = ", entry, re.M) and re.search(r"^  year = ", entry, re.M)
        assert re.search(r"^  (doi|url|school|volume) = ", entry, re.M), entry


def test_the_source_of_every_published_number_is_cited() -> None:
    """Each part of the page of published numbers cites its sources."""
    parts = read(ROOT / "reference" / "published-numbers.md").split("\n## ")[1:]
    assert len(parts) == 8
    for part in parts:
        cited = re.findall(r"\{cite:\w\}`([^`]+)`", part)
        assert cited and set(",".join(cited).split(",")) <= set(KEYS)


# --- Published numbers, and errata --------------------------------------------------------------


def rows(markup: str) -> list[list[str]]:
    """The rows of the tables in some markup, as text, without the heads."""
    body = re.findall(r"<tr[^>]*>\s*(<td.*?)</tr>", markup, re.S)
    return [[words(cell) for cell in re.findall(r"<td.*?</td>", row, re.S)] for row in body]


def test_every_published_number_is_shown_beside_what_is_computed(site: Path) -> None:
    page = article(site, "reference/published-numbers")
    found = Counter(tuple(row[:2]) for row in rows(page))
    examples = [entry for entry in TABLES if entry["published"]]
    expected = [line for entry in examples for line in lines(entry)]
    assert len(expected) > 200
    assert Counter((line.name, line.printed) for line in expected) <= found
    verdicts = Counter(row[3] for row in rows(page) if row[1] != "–")
    wrong = sum(not line.agrees for line in expected)
    assert verdicts == {"✓": len(expected) - wrong, "✗": wrong}
    assert f"These are {len(expected)} printed numbers, of {len(examples)} examples" in words(page)
    for _, printed, computed, mark in rows(page):
        if mark == "✓":
            assert abs(float(printed) - float(computed)) <= 0.51 * 10.0 ** -len(
                printed.partition(".")[2]
            ) + 1e-12 * abs(float(computed))


def test_every_example_of_a_source_is_shown_once(site: Path) -> None:
    page = words(article(site, "reference/published-numbers"))
    for entry in TABLES:
        title = entry["name"][0].upper() + entry["name"][1:] + "."
        derived = entry["source"].startswith("derived")
        assert page.count(title) == (0 if derived else 1), title


def test_every_erratum_is_shown_and_explained(site: Path) -> None:
    found = rows(article(site, "reference/errata"))
    wrong = [
        line for entry in TABLES if entry["published"] for line in lines(entry) if not line.agrees
    ]
    assert sorted(row[:2] for row in found) == sorted([line.name, line.printed] for line in wrong)
    for (_, printed, right, mistaken), line in zip(
        sorted(found), sorted(wrong, key=lambda line: line.name), strict=True
    ):
        digits = len(printed.partition(".")[2])
        assert f"{float(right):.{digits}f}" != printed == f"{float(mistaken):.{digits}f}", line.name


# --- Answers ------------------------------------------------------------------------------------


def test_every_exercise_is_answered(site: Path) -> None:
    page = article(site, "reference/answers")
    folded = re.findall(r"<details.*?</details>", page, re.S)
    keys = [words(one.split("</summary>")[0]).split(":")[0] for one in folded]
    assert keys == list(all_exercises())
    for key, one in zip(keys, folded, strict=True):
        exercise = all_exercises()[key]
        shown = words(one).translate({0x2026: "...", 0x2019: "'"})  # typographer's marks
        if exercise.kind == "number":
            match = re.search(re.escape(exercise.ask) + r" (-?\d[\d.e+-]*)", shown)
            assert match, shown
            assert exercise.check(match[1])[0]
        elif exercise.kind == "expression":
            assert f"{exercise.ask} {exercise.shown}" in shown
        else:
            right = {value: text for value, text, _ in exercise.options}[exercise.answer]
            assert f"{exercise.ask} {right}" in shown
        [address] = [address for address, _ in links(one) if "chapters/" in address]
        chapter = re.sub(r"^\.\./|\.html#.*", "", address)
        assert f'data-exercise="{key}"' in article(site, chapter)


def test_answers_are_folded(site: Path) -> None:
    assert "<details" in article(site, "reference/answers")
    assert not re.search(r"<details[^>]* open", article(site, "reference/answers"))


# --- The map from the lecture to the sections -----------------------------------------------------

# What the lecture has, from its first line to its last
LECTURE = """
How do we compute the gradient in a complicated network?
computational graph and chain rule
Chain rule
A gate
from the function
Given
15 and 10
Example
three local gradients
=2sx
(exercise 4-1)
w=1: −2
Exercise 4-2
Exercise 4-3
Exercise 4-4
Exercise 4-5
Variable, requires_grad
backward(), .grad.data
zero_()
Three samples
forward, loss, the loop of ten epochs
gradients −2, −7.84, −16.2288
from 7.3159 to 0.0319
from 4 to 7.8049
""".strip().splitlines()


def test_each_part_of_the_lecture_is_on_the_map(site: Path) -> None:
    page = article(site, "reference/lecture-map")
    left = [row[0] for row in rows(page)]
    for part in LECTURE:
        assert sum(part in text for text in left) == 1, part


def test_each_row_of_the_map_is_linked_to_a_section(site: Path) -> None:
    path = site / "reference" / "lecture-map.html"
    body = re.findall(r"<tr[^>]*>\s*(<td.*?)</tr>", article(site, "reference/lecture-map"), re.S)
    assert len(body) >= 20
    for row in body:
        addresses = [address for address, _ in links(row.split("</td>")[1])]
        assert addresses, words(row)
        for address in addresses:
            assert re.match(r"\.\./chapters/\d\d-[\w-]+\.html#[\w-]+$", address), address
            assert leads_somewhere(path, address)


# --- The order of the book ------------------------------------------------------------------------


def test_the_parts_of_the_book(site: Path) -> None:
    captions = re.findall(r'class="caption-text">(.*?)</span>', read(site / "index.html"))
    parts = [words(caption) for caption in captions]
    assert parts in (["The lecture", *more, "Reference"] for more in ([], ["Beyond the lecture"]))
