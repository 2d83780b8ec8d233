"""Looks at every page of the built book as a visitor's browser does, and prints one table.

    python scripts/audit.py [--lighthouse] [--write] [PAGE ...]

For each page: what axe-core finds wrong, what the first visit weighs with each file gzipped, how
much the page jumps (the sum of its layout shifts while it is scrolled through, the worse of two
widths), its first contentful paint, and how often it asks another origin or speaks in the console.
With --lighthouse also Lighthouse's scores, in percent: it is installed below _build, and takes ten
to twenty seconds a page and form factor. PAGE is part of a page's path; without any, all are looked
at, and --write puts the worst of each measure into the README.
"""

import argparse
import functools
import gzip
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import readme
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from axe import violations  # noqa: E402
from browser import FLAGS, HOME, SHIFTS, Handler, Reader, figure, served  # noqa: E402
from chromium import executable  # noqa: E402

from live.book.node import node_command  # noqa: E402

SITE = ROOT / "_build" / "html"
LOCKED = ROOT / "benchmarks" / "lighthouse"
LIGHTHOUSE = ROOT / "_build" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SIZES = ({"width": 390, "height": 844}, {"width": 1280, "height": 800})
COMPRESSED = (".woff2", ".png", ".jpg")

PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


@functools.cache
def packed(path: Path) -> bytes:
    """Return what a web host sends of a file."""
    content = path.read_bytes()
    return content if path.suffix in COMPRESSED else gzip.compress(content)


class Host(Handler):
    """Serves as a web host does: compressed, and to be kept."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        body = packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        if path.suffix not in COMPRESSED:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "max-age=31536000")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@dataclass
class Found:
    """What was found of one page."""

    axe: list[str] = field(default_factory=list)
    kilobytes: float = 0
    shifts: float = 0
    paint: float = 0
    others: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    scores: dict[str, list[int]] = field(default_factory=dict)  # of each form factor

    def row(self) -> list[str]:
        """Return its columns in the table."""
        numbers = [
            f"{len(self.axe)}", f"{self.kilobytes:.0f}", f"{self.shifts:.3f}", f"{self.paint:.0f}",
            f"{len(self.others)}", f"{len(self.said)}",
        ]  # fmt: skip
        return numbers + ["/".join(map(str, scores)) for scores in self.scores.values()]


COLUMNS = ["axe", "kB", "shifts", "FCP", "others", "console"]


def visit(browser: Browser, address: str, size: dict[str, int], found: Found) -> Page:
    """Open a page as a first visitor does, scroll through it, and note what it does."""
    reader = Reader(browser)
    page = reader.open(address, SHIFTS, viewport=size)
    page.wait_for_load_state("networkidle")
    for shown in page.locator(".live-figure").all():
        figure(page, shown.get_attribute("data-id") or "")
    page.wait_for_load_state("networkidle")
    home = [url for url in reader.asked if url.startswith("http") and HOME.match(url)]
    paths = {SITE / urlsplit(url).path.lstrip("/") for url in home}
    found.others |= {url for url in reader.asked if not HOME.match(url)}
    found.said += reader.said
    found.kilobytes = max(found.kilobytes, sum(len(packed(path)) for path in paths) / 1000)
    found.shifts = max(found.shifts, page.evaluate("shifts"))
    found.paint = max(found.paint, page.evaluate(PAINT))
    return page


def look(browser: Browser, address: str) -> Found:
    found = Found()
    for size in SIZES:
        page = visit(browser, address, size, found)
        if size is SIZES[-1]:
            found.axe = violations(page)
        page.context.close()
    return found


def install_lighthouse() -> None:
    LIGHTHOUSE.mkdir(parents=True, exist_ok=True)
    for file in LOCKED.iterdir():
        shutil.copy(file, LIGHTHOUSE)
    subprocess.run(["npm", "ci", "--silent", "--ignore-scripts"], cwd=LIGHTHOUSE, check=True)


def lighthouse(address: str, chromium: str) -> dict[str, list[int]]:
    """Return {form factor: its scores in percent, in the order of `CATEGORIES`}."""
    command = [
        node_command(),
        LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js",
        address,
        "--quiet",
        "--output=json",
        "--no-enable-error-reporting",
        f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
        f"--only-categories={','.join(CATEGORIES)}",
    ]
    scores = {}
    for form, options in {"mobile": [], "desktop": ["--preset=desktop"]}.items():
        done = subprocess.run(
            [*command, *options],
            capture_output=True,
            check=True,
            env={**os.environ, "CHROME_PATH": chromium},
        )
        categories = json.loads(done.stdout)["categories"]
        scores[form] = [round(100 * categories[name]["score"]) for name in CATEGORIES]
    return scores


def pages(parts: list[str]) -> list[str]:
    """Return the paths of the pages that have one of `parts` in their path, or of all."""
    found = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
    ours = [path for path in found if not path.startswith("_")]  # the theme leaves some in _static
    return [path for path in ours if not parts or any(part in path for part in parts)]


def summary(found: dict[str, Found]) -> list[str]:
    """Return the README's table: the worst of each measure."""

    def worst(what: str, wanted: str, values: dict[str, float], form: str, low: bool) -> str:
        path = (min if low else max)(values, key=lambda path: values[path])
        return f"| {what} | {wanted} | {format(values[path], form)} | `{path}` |"

    measures = [
        ("violations that axe-core finds", "0", "d", lambda one: len(one.axe)),
        ("first visit, gzipped, kB", "< 700", ".0f", lambda one: one.kilobytes),
        ("sum of layout shifts", "≤ 0.02", ".3f", lambda one: one.shifts),
        ("requests to other origins", "0", "d", lambda one: len(one.others)),
        ("messages in the console", "0", "d", lambda one: len(one.said)),
    ]
    lines = ["| of all pages | wanted | the worst | on |", "|---|--:|--:|---|"]
    for what, wanted, form, measure in measures:
        values = {path: measure(one) for path, one in found.items()}
        lines.append(worst(what, wanted, values, form, low=False))
    for form in next(iter(found.values())).scores:
        for i, name in enumerate(CATEGORIES):
            values = {path: one.scores[form][i] for path, one in found.items()}
            wanted = "≥ 95" if name == "performance" else "100"
            lines.append(worst(f"Lighthouse, {form}: {name}", wanted, values, "d", low=True))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lighthouse", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("page", nargs="*")
    given = parser.parse_args()
    if given.lighthouse:
        install_lighthouse()
    forms = ["mobile", "desktop"] if given.lighthouse else []
    found: dict[str, Found] = {}
    print(f"{'':<40}" + "".join(f"{name:>9}" for name in COLUMNS + forms))
    with sync_playwright() as playwright, served(SITE, Host) as home:
        chromium = executable(playwright)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for path in pages(given.page):
            one = found[path] = look(browser, f"{home}/{path}")
            if given.lighthouse:
                one.scores = lighthouse(f"{home}/{path}", chromium)
            print(f"{path:<40}" + "".join(f"{text:>9}" for text in one.row()), flush=True)
            for fault in [*one.axe, *one.others, *one.said]:
                print(f"    {fault}")
        browser.close()
    lines = summary(found)
    print("\n".join(["", *lines]))
    if given.write:
        readme.put("audit", lines)


if __name__ == "__main__":
    main()
