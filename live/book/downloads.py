"""Each page offers its notebook as it was executed, beside its source.

The theme has the button, but fills it only where a button to launch the notebook elsewhere is
configured.
"""

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", offer)  # before the theme makes its buttons


def offer(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    notebook = Path(app.outdir).parent / "jupyter_execute" / f"{pagename}.ipynb"
    if "kernelspec" in app.env.metadata.get(pagename, {}) and notebook.is_file():
        offered = Path(app.outdir) / "_sources" / f"{pagename}.ipynb"
        offered.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(notebook, offered)
        context["ipynb_source"] = f"{pagename}.ipynb"
