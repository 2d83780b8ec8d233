"""Jupyter Book's command, without a grammar of addresses that takes two seconds to load.

jsonschema asks for it wherever it is installed, as JupyterLab's server has it, and does without it
where it is not. No notebook needs it.
"""

import sys

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

from jupyter_book.cli.main import main  # noqa: E402

sys.argv[0] = "jupyter-book"
main()
