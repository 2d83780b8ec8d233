"""What the book consists of: its pages and its figures."""

import re
from pathlib import Path

import figures

ROOT = Path(__file__).parents[1]
# Names of pages, without a suffix, in the order of the contents
PAGES = ["index", *re.findall(r"file: (\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))]
SEARCH = "search.html?q=gradient"
# Addresses below the site's root of all that a reader may see
ADDRESSES = [*(f"{page}.html" for page in PAGES), SEARCH, "404.html", "offline.html"]
# The figures that stand in a page by themselves; an exercise has tests of its own
FIGURES = [name for name in figures.names() if name != "exercise"]
