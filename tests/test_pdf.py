"""The book on paper: a few pages, printed as `make pdf` prints all of them."""

import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

ROOT = Path(__file__).parents[1]
NAMES = ("index", "chapters/03-a-chain-of-gates")


@pytest.fixture(scope="module")
def book(site: Path, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    file = tmp_path_factory.mktemp("pdf") / "book.pdf"
    script = ROOT / "scripts" / "pdf.py"
    subprocess.run([sys.executable, script, "--output", file, *NAMES], check=True)
    return PdfReader(file)


def words(book: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in book.pages).split())


def test_figures_and_what_is_folded_are_printed(book: PdfReader) -> None:
    text = words(book)
    assert "raising w a little makes the loss smaller" in text, "the figure's sentence"
    assert "Copy link" not in text.split("Why gradients")[0], "buttons are of no use on paper"
    assert text.count("Solution") == 5, "as many as there are exercises"
    assert text.count("-8") > 5


def test_the_outline_has_pages_and_their_sections(book: PdfReader) -> None:
    first, second = (entry for entry in book.outline if not isinstance(entry, list))
    assert (first.title, second.title) == ("Back-propagation, live", "3. A chain of gates")
    sections = [entry.title for entry in flat(book.outline)]
    assert "3.4. Step through it" in sections


def flat(entries: list) -> list:
    return [e for entry in entries for e in (flat(entry) if isinstance(entry, list) else [entry])]


def test_links_stay_within_the_book_or_lead_to_the_web(book: PdfReader) -> None:
    links = [link.get_object() for page in book.pages for link in page.get("/Annots", [])]
    addresses = [link["/A"].get("/URI") for link in links if "/A" in link]
    assert all(address.startswith("http") for address in addresses if address)
    starts = [entry for entry in book.outline if not isinstance(entry, list)]
    chapter = book.get_destination_page_number(starts[1])
    targets = [link["/Dest"][0] for link in links if isinstance(link.get("/Dest"), list)]
    assert chapter and {chapter, book.pages[chapter].indirect_reference} & set(targets)
