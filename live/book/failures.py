"""A failed build stays failed until it is repaired.

Sphinx warns of a document while it reads and writes it, and then holds it for up to date: a
second build would succeed without a word. So what gave a warning is forgotten, and made again.
"""

import logging
from pathlib import Path

from docutils import nodes
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.util.logging import NAMESPACE, get_node_location


class Warned(logging.Handler):
    """Collects the documents that warnings are about; None stands for one about no document."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__(logging.WARNING)
        self.app = app
        self.documents: set[str | None] = set()

    def emit(self, record: logging.LogRecord) -> None:
        location = getattr(record, "location", None)
        if isinstance(location, tuple):
            location = location[0]
        elif isinstance(location, nodes.Node):
            location = get_node_location(location)
        name = (location or "").split(":")[0]
        found = self.app.env.found_docs
        self.documents.add(name if name in found else self.app.env.path2doc(name or "?"))

    def forget(self, app: Sphinx, exception: Exception | None) -> None:
        """Have the documents with warnings read again by the next build."""
        if not app._warncount:
            return
        known = {name for name in self.documents if name in app.env.found_docs}
        if known != self.documents:
            (Path(app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)  # all documents
        for name in known:
            (Path(app.doctreedir) / f"{name}.doctree").unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    warned = Warned(app)
    logging.getLogger(NAMESPACE).addHandler(warned)
    app.connect("build-finished", warned.forget, priority=900)
