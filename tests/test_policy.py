"""The book under the Content-Security-Policy of the README: as live as without, as quiet."""

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Handler, Reader, figure, pages_with_figures, served, shown, slide
from playwright.sync_api import expect

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def policy() -> str:
    """Return the policy that the README gives, in one line."""
    [given] = re.findall(r"\n    Content-Security-Policy:(.*?)\n\n", README, re.DOTALL)
    return " ".join(given.split())


class Strict(Handler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", policy())
        super().end_headers()


@pytest.fixture(scope="module")
def strict(site: Path) -> Iterator[str]:
    with served(site, Strict) as address:
        yield address


def test_the_readme_names_what_stands_in_the_pages_and_no_more(site: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    scripts = {
        text
        for page in pages
        for attributes, text in re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
        if "src=" not in attributes and "application/json" not in attributes
    }
    handlers = {text for page in pages for text in re.findall(r'\son[a-z]+="([^"]*)"', page)}
    hashes = {
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in scripts | handlers
    }
    assert set(re.findall(r"'sha256-[^']*'", policy())) == hashes
    assert len(pages) > 20 and "'unsafe-inline'" not in policy().split("style-src")[0]


def test_figures_are_live_and_nothing_is_refused(reader: Reader, strict: str, site: Path) -> None:
    page = reader.open("about:blank")
    for name, path in pages_with_figures(site).items():
        page.goto(f"{strict}/{path}")
        if name != "exercise":
            figure(page, name)
    page.goto(f"{strict}/index.html")
    chain = figure(page, "chain")
    slide(chain, "w", 2)
    expect(shown(chain, "grad:w")).to_have_text("0")
    with page.expect_download():
        chain.locator("button[name=download-svg]").click()
    chain.locator("button[name=full-screen]").click()
    expect(chain.locator("button[name=full-screen]")).to_have_text("Leave full screen")
    page.goto(f"{strict}/search.html?q=gradient")
    expect(page.locator("#search-results li a").first).to_be_visible()
    for button in page.locator("[onclick*=FullScreen]").all():
        button.click()


def test_the_policy_does_refuse(reader: Reader, strict: str) -> None:
    reader.expected = "Content Security Policy"
    page = reader.open(f"{strict}/index.html")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'bad = 1'}))"
    )
    assert page.evaluate("typeof bad") == "undefined"
