"""Each page offers its notebook as it was executed, beside its source.

Its first cell says how to get what it imports, or gets it. The theme has the button, but fills it
only where a button to launch the notebook elsewhere is configured. The drawings in it bring their
style sheet along, for whoever reads it where widgets do not run.
"""

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from live.book.assets import BUNDLE
from live.book.repository import wheel_address

# Without the address of a repository there is nothing that a cell could install.
EXPLAIN = """\
This notebook is a page of the book *{title}*. It imports the book's own modules, `autograd`,
`figures` and `live`. In a copy of the book's repository, `make lab` installs them and all else that
it needs, and opens the book in JupyterLab."""
INSTALL = """\
# This notebook imports modules of the book. Where they are missing, this installs them.
from importlib.util import find_spec

if not all(map(find_spec, ("live", "matplotlib", "myst_nb"))):
    %pip install --quiet "backprop-book[notebook] @ {address}"
"""


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", offer)  # before the theme makes its buttons


def offer(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    path = Path(app.outdir).parent / "jupyter_execute" / f"{pagename}.ipynb"
    if "kernelspec" in app.env.metadata.get(pagename, {}) and path.is_file():
        notebook = json.loads(path.read_text(encoding="utf-8"))
        add_style(notebook)
        notebook["cells"].insert(0, first_cell(app.config))
        offered = Path(app.outdir) / "_sources" / f"{pagename}.ipynb"
        offered.parent.mkdir(parents=True, exist_ok=True)
        offered.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")
        context["ipynb_source"] = f"{pagename}.ipynb"


def first_cell(config: Config) -> dict[str, Any]:
    """Return the cell that installs what the notebook imports, or says how."""
    address = wheel_address(config)
    cell = {"id": "what-it-imports", "metadata": {}}
    if not address:
        return {**cell, "cell_type": "markdown", "source": EXPLAIN.format(title=config.project)}
    code: dict[str, Any] = {"cell_type": "code", "execution_count": None, "outputs": []}
    return {**cell, **code, "source": INSTALL.format(address=address)}


def add_style(notebook: dict[str, Any]) -> None:
    """Put the figures' style sheet before the first static drawing; it serves all of them."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            html = "".join(output.get("data", {}).get("text/html", []))
            if 'class="live-figure"' in html:
                style = (BUNDLE / "figure.css").read_text(encoding="utf-8")
                output["data"]["text/html"] = f"<style>{style}</style>{html}"
                return
