"""Prints the built book as one PDF: its pages in the order of the contents.

    python scripts/pdf.py [--output _build/book.pdf] [chapters/03-a-chain-of-gates ...]

Each page is printed by Chromium, with what its figures show; a link to another page of the book
leads to that page in the PDF. With names of pages only those are printed.
"""

import argparse
import io
import sys
from pathlib import Path
from urllib.parse import urldefrag

from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, Fit

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from browser import FLAGS  # noqa: E402
from chromium import executable  # noqa: E402
from contents import PAGES  # noqa: E402

FOOTER = """<div style="width: 100%; font: 8px sans-serif; color: #555; text-align: center">
<span class="title"></span> · <span class="pageNumber"></span></div>"""
PAPER = {
    "format": "A4",
    "scale": 0.8,
    "margin": {"top": "18mm", "bottom": "20mm", "left": "18mm", "right": "18mm"},
    "print_background": True,
    "display_header_footer": True,
    "header_template": "<span></span>",
    "footer_template": FOOTER,
    "outline": True,
    "tagged": True,
}


def printed(page: Page, address: str) -> PdfReader:
    """Return one page of the site on paper, once its fonts and its figures' drawings are there."""
    page.goto(address)
    page.evaluate("document.fonts.ready")
    return PdfReader(io.BytesIO(page.pdf(**PAPER)))


def bind(site: Path, names: list[str], book: Path) -> None:
    """Print the pages called `names` of the built `site` into the file `book`."""
    writer = PdfWriter()
    starts = {}  # {address of a page of the site: number of its first sheet}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(playwright), args=FLAGS)
        page = browser.new_page(color_scheme="light")
        for name in names:
            address = (site / f"{name}.html").as_uri()
            starts[address] = len(writer.pages)
            reader = printed(page, address)
            writer.append(reader, outline_item=page.title().partition(" — ")[0])
        writer.add_metadata({"/Title": page.title().partition(" — ")[2]})
        browser.close()
    for number, sheet in enumerate(writer.pages):
        relink(writer, number, sheet.get("/Annots", ArrayObject()), starts, site.as_uri())
    writer.write(book)


def relink(
    writer: PdfWriter, number: int, links: ArrayObject, starts: dict[str, int], site: str
) -> None:
    """Let the `links` of a sheet that lead to the site's files lead to sheets, or nowhere."""
    for i in reversed(range(len(links))):
        link = links[i].get_object()
        address = link.get("/A", {}).get("/URI", "")
        if not address.startswith(site):
            continue
        del links[i]
        target = starts.get(urldefrag(address).url)
        if target is not None:
            to = Link(rect=link["/Rect"], target_page_index=target, fit=Fit.fit())
            writer.add_annotation(number, to)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / "_build" / "book.pdf")
    parser.add_argument("pages", nargs="*", default=PAGES)
    given = parser.parse_args()
    bind(ROOT / "_build" / "html", given.pages, given.output)
    print(f"The book is printed: {given.output}")


if __name__ == "__main__":
    main()
