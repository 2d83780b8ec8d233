"""Each page offers its notebook as it was executed, beside its source.

The theme has the button, but fills it only where a button to launch the notebook elsewhere is
configured. The drawings in it bring their style sheet along, for whoever reads it where widgets do
not run.
"""

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from live.book.assets import BUNDLE


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", offer)  # before the theme makes its buttons


def offer(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    path = Path(app.outdir).parent / "jupyter_execute" / f"{pagename}.ipynb"
    if "kernelspec" in app.env.metadata.get(pagename, {}) and path.is_file():
        notebook = json.loads(path.read_text(encoding="utf-8"))
        add_style(notebook)
        offered = Path(app.outdir) / "_sources" / f"{pagename}.ipynb"
        offered.parent.mkdir(parents=True, exist_ok=True)
        offered.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")
        context["ipynb_source"] = f"{pagename}.ipynb"


def add_style(notebook: dict[str, Any]) -> None:
    """Put the figures' style sheet before the first static drawing; it serves all of them."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            html = "".join(output.get("data", {}).get("text/html", []))
            if 'class="live-figure"' in html:
                style = (BUNDLE / "figure.css").read_text(encoding="utf-8")
                output["data"]["text/html"] = f"<style>{style}</style>{html}"
                return
