"""The fonts that a page loads, cut down to the characters that the book shows.

The font for mathematics has 4,600 glyphs in 400 KB and the theme's icons 150 KB; the book
needs a tenth of the one and three dozen of the other. What it needs is read off the built pages.
"""

import os
import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pydata_sphinx_theme
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
MATH = (
    ROOT / "node_modules/@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2",
    "STIXTwoMath.woff2",  # as Temml's style sheet calls it
)
ICONS = "vendor/fontawesome/webfonts/fa-solid-900.woff2"

# Besides what stands in the built pages, what a figure may draw when it is live.
ALWAYS = [
    *range(0x20, 0x7F),  # ASCII
    *range(0x391, 0x3CA),  # Greek
    *range(0x1D434, 0x1D468),  # italic letters: a one-letter <mi> is shown as one of these
    *range(0x1D6E2, 0x1D71C),  # italic Greek
    *map(ord, "\u210e−×·÷±≈≠≤≥→∞∂∑∏√′…"),  # \u210e is the italic h
]


def setup(app: Sphinx) -> None:
    app.connect("build-finished", cut_all)


def cut_all(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    static, cache = Path(app.outdir) / "_static", ROOT / "_build" / "fonts"
    pages = "".join(page.read_text(encoding="utf-8") for page in Path(app.outdir).rglob("*.html"))

    source, target = MATH
    font = cut(source, {*ALWAYS, *map(ord, in_formulas(pages))}, cache)
    (static / target).write_bytes(font)
    (static / "mathematics.js").write_text(carrying(font), encoding="utf-8")
    icons = icon_characters(pages, (THEME / "styles/pydata-sphinx-theme.css").read_text())
    (static / ICONS).write_bytes(cut(THEME / ICONS, icons, cache))


def carrying(font: bytes) -> str:
    """Return a script with the mathematics' font in it, which is there before anything is painted.

    A font that a style sheet names, even by its content, comes after the first paint, and what
    stands below each formula moves. It remains for readers without JavaScript.
    """
    content = f'atob("{b64encode(font).decode()}")'
    bytes_ = f"Uint8Array.from({content}, (letter) => letter.charCodeAt(0))"
    return f'document.fonts.add(new FontFace("STIX2", {bytes_}));\n'


def in_formulas(html: str) -> set[str]:
    """Return the characters in a page's formulas.

    >>> sorted(in_formulas("a <math><mi>y</mi><mo>∂</mo></math> b"))
    ['y', '∂']
    """
    return set(
        "".join(
            re.sub("<[^>]*>", "", formula) for formula in re.findall(r"<math.*?</math>", html, re.S)
        )
    )


def icon_characters(html: str, css: str) -> set[int]:
    """Return the characters of the icons that pages name, and of those that the theme's CSS uses.

    >>> css = '.fa-bars:before,.fa-x:before{content:"\\\\f0c9"}.fa-sun:before{content:"\\\\f185"}'
    >>> [hex(code) for code in icon_characters('<i class="fas fa-bars">', css)]
    ['0xf0c9']
    """
    named = {f".{name}:before" for name in re.findall(r"fa-[a-z0-9-]+", html)}
    rules = re.findall(r'(?<![^{}])([^{}]*)\{content:"\\(f[0-9a-f]+)"', css)
    wanted = [code for selectors, code in rules if named.intersection(selectors.split(","))]
    return {int(code, 16) for code in wanted} | {ord(c) for c in css if "\ue000" <= c <= "\uf8ff"}


def cut(source: Path, characters: Iterable[int], cache: Path) -> bytes:
    """Return the font `source` with `characters` only, from `cache` if it was asked for before."""
    wanted = sorted(characters)
    made = cache / sha256(source.read_bytes() + repr(wanted).encode()).hexdigest()
    if not made.is_file():
        font = TTFont(source)
        options = Options(hinting=False)
        options.layout_features += ["ss01", "ss04"]  # Temml's script letters and primes
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(buffer := BytesIO())
        cache.mkdir(parents=True, exist_ok=True)
        part = made.with_suffix(f".{os.getpid()}")  # the tests build books side by side
        part.write_bytes(buffer.getvalue())
        part.replace(made)
    return made.read_bytes()
