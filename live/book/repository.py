"""What the address of the book's repository makes possible; without it, nothing of it is offered.

The one address is ``repository_url`` in ``_config.yml``. With it, a page offers to be edited, and
its notebook to be opened in Colab and in Binder's JupyterLab. Both read the branch ``notebooks``,
which has what `scripts/notebooks.py` collects: the executed notebooks, and a wheel of the modules
that they import.
"""

import re
from importlib.metadata import version
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

BRANCH = "notebooks"
WHEEL = f"backprop_book-{version('backprop-book')}-py3-none-any.whl"


def setup(app: Sphinx) -> None:
    app.connect("config-inited", offer_edits)
    app.connect("html-page-context", offer_launches, priority=900)  # after the theme's buttons


def repository(config: Config) -> str:
    """Return "owner/name" of the repository, or "" if none is set."""
    return owner_and_name(config.html_theme_options.get("repository_url") or "")


def owner_and_name(url: str) -> str:
    """Return what is read off the repository's address.

    >>> owner_and_name("https://github.com/someone/a-book")
    'someone/a-book'
    """
    found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(\.git|/)?", url)
    if url and not found:
        raise ExtensionError(
            f"repository_url: {url} in _config.yml: it has to be https://github.com/OWNER/NAME"
        )
    return found[1] if found else ""


def wheel_address(config: Config) -> str:
    """Return where `pip` finds the modules of the book, or "" if no repository is set."""
    named = repository(config)
    return f"https://raw.githubusercontent.com/{named}/{BRANCH}/{WHEEL}" if named else ""


def offer_edits(app: Sphinx, config: Config) -> None:
    if repository(config):
        config.html_theme_options |= {"use_edit_page_button": True, "use_issues_button": True}


def offer_launches(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    named = repository(app.config)
    if not named or "ipynb_source" not in context or pagename.startswith("reference/"):
        return  # the reference part reads files of the repository
    path = context["ipynb_source"]
    places = {
        "Colab": f"https://colab.research.google.com/github/{named}/blob/{BRANCH}/{path}",
        "JupyterLab, by Binder": f"https://mybinder.org/v2/gh/{named}/{BRANCH}?labpath={path}",
    }
    context["header_buttons"].append(
        {
            "type": "group",
            "tooltip": "Open this notebook elsewhere",
            "icon": "fas fa-rocket",
            "label": "launch-buttons",
            "buttons": [
                {"type": "link", "text": text, "tooltip": f"Open in {text}", "url": url}
                for text, url in places.items()
            ],
        }
    )
