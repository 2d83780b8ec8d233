"""The figures' front end and the book's look, on the pages that need them.

``host.js`` stands on pages with a figure only, and is told there where ``engine.js`` is. All
addresses are relative, so that the book works under any path and by file://.
"""

import subprocess
import zlib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from live.book.node import node_command

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "node_modules"
BUNDLE = ROOT / "live" / "static"
THEME = Path(__file__).with_name("theme")
COPIED = [
    MODULES / "temml" / "dist" / "Temml-STIX2.css",
    THEME / "book.css",
    *(BUNDLE / f"{name}.js" for name in ("late", "reading", "offline")),
    *(BUNDLE / name for name in ("figure.css", "host.js", "engine.js")),
]
FIGURE = 'class="live-figure"'
LOCKED = [ROOT / "requirements" / "lock.txt", ROOT / "package-lock.json"]


def setup(app: Sphinx) -> None:
    # Not given by anyone, but computed. Another bundle or theme: all pages are written again, and
    # none is run. Another extension or another version of what it uses: all are run.
    app.add_config_value("live_pages", "", "html")
    app.add_config_value("live_builder", "", "env")
    app.connect("config-inited", find)
    app.connect("html-page-context", add_to_page)
    app.connect("build-finished", silence)
    for sheet in ("Temml-STIX2.css", "figure.css", "book.css"):
        app.add_css_file(sheet)
    for script in ("late.js", "reading.js"):
        app.add_js_file(script, loading_method="defer")


def find(app: Sphinx, config: Config) -> None:
    missing = [path.name for path in COPIED if not path.is_file()]
    if missing:
        raise ExtensionError(f"{', '.join(missing)}: not there. `make book` makes them first.")
    config.html_static_path += [str(path) for path in COPIED]
    config.templates_path.insert(0, str(THEME))
    config.html_favicon = str(THEME / "favicon.svg")
    config.live_pages = digest(*COPIED, *sorted(THEME.iterdir()))
    config.live_builder = digest(*sorted(THEME.parent.glob("*.*")), *LOCKED)


def add_to_page(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    body = context.get("body", "")
    if "sd-tab-set" not in body:  # then sphinx-design's script would find nothing to do
        scripts = context["script_files"]
        scripts[:] = [script for script in scripts if "design-tabs.js" not in str(script.filename)]
    if FIGURE in body:
        host, engine = (
            context["pathto"](f"_static/{path.name}", True) + f"?v={digest(path)}"
            for path in COPIED[-2:]
        )
        # At the very top: on a wide screen, Python starts while the page is still being read. The
        # host is not async, since Chromium has an async script wait for the first paint.
        context["metatags"] += f'<script src="{host}" data-engine="{engine}"></script>\n'


def digest(*paths: Path) -> str:
    return f"{zlib.crc32(b''.join(path.read_bytes() for path in paths)):08x}"


def silence(app: Sphinx, exception: Exception | None) -> None:
    """Take out of the theme's scripts what they tell the reader's console on every page."""
    static = Path(app.outdir) / "_static"
    ours = {path.name for path in COPIED}
    talking = [
        path
        for path in static.rglob("*.js")
        if path.name not in ours and b"console." in path.read_bytes()
    ]
    if talking and not exception:
        esbuild = MODULES / "esbuild" / "bin" / "esbuild"
        options = [
            "--drop:console",
            "--allow-overwrite",
            f"--outdir={static}",
            f"--outbase={static}",
        ]
        subprocess.run(
            [node_command(), esbuild, *talking, *options, "--log-level=warning"], check=True
        )
