"""Plain ipywidgets in the page: sliders that are linked to a figure, and boxes of them.

In a notebook the widget view is shown. The built page has no widget manager; what it can show
of a view is decided here, from the widgets' state that MyST-NB keeps with the notebook. Anything
else is a warning, so that a chapter cannot show a reader of the page a dead widget.
"""

from collections.abc import Iterator
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import (
    WIDGET_STATE_MIMETYPE,
    WIDGET_VIEW_MIMETYPE,
    MimeData,
    NbElementRenderer,
)
from sphinx.application import Sphinx

REFERENCE = "IPY_MODEL_"


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", drop_state)


def drop_state(app: Sphinx, doctree: nodes.document) -> None:
    """Take the widgets' state out of the page: nothing there reads it."""
    scripts = app.env.nb_metadata[app.env.docname].get("js_files", {})  # type: ignore[attr-defined]
    scripts.pop("ipywidgets_state", None)


class WidgetView:
    """A MimeRenderPlugin of MyST-NB's, named in the entry points of pyproject.toml."""

    mime_priority_overrides: ClassVar = [("html", "text/html", 1)]  # a figure's own drawing first

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        metadata = renderer.renderer.nb_client.nb_metadata
        widgets = metadata.get("widgets", {}).get(WIDGET_STATE_MIMETYPE, {}).get("state", {})
        if data.mime_type != WIDGET_VIEW_MIMETYPE or not widgets:
            return None  # not a widget, or of a notebook that failed, which is said elsewhere
        view: Any = data.content
        try:
            html = View(widgets).html(view["model_id"])
        except NotImplementedError as error:
            renderer.logger.warning(str(error), subtype="widget", line=data.line)
            return []
        return [nodes.raw(text=html, format="html")]


class View:
    """The HTML of a widget, from the state of all widgets of a notebook."""

    def __init__(self, widgets: dict[str, Any]) -> None:
        self.widgets = widgets

    def html(self, model_id: str) -> str:
        widget = self.widgets.get(model_id)
        if widget is None:
            raise NotImplementedError("this output's widget has no state: was it closed?")
        state, kind = widget["state"], widget["model_name"]
        if kind in ("VBoxModel", "HBoxModel"):
            children = (self.html(referred(child)) for child in state["children"])
            return f'<div class="lf-{kind[:4].lower()}">{"".join(children)}</div>'
        if kind in ("FloatSliderModel", "IntSliderModel"):
            return self.slider(model_id, state)
        if state.get("_html", "").startswith('<figure class="live-figure"'):
            return named(state["_html"], model_id)
        raise NotImplementedError(
            f"the page cannot show this widget ({kind}); it can show figures, FloatSlider and"
            " IntSlider linked to a figure, and boxes of these"
        )

    def slider(self, model_id: str, state: dict[str, Any]) -> str:
        targets = list(self.targets(model_id))
        if len(targets) != 1:
            raise NotImplementedError(
                f"the page can show a slider that is linked to one figure, not to {len(targets)};"
                ' use ipywidgets.jslink((slider, "value"), (figure, "x"))'
            )
        limits = "".join(f' {key}="{state[key]}"' for key in ("min", "max", "step", "value"))
        ident = f"link-{model_id}"
        return (
            f'<div class="lf-linked"><label for="{ident}">{escape(state["description"])}</label>'
            f'<input id="{ident}" type="range" data-link="{targets[0]}"{limits} disabled></div>'
        )

    def targets(self, model_id: str) -> Iterator[str]:
        """Yield "MODEL-ID:TRAIT" for whatever the slider's value is linked to in the browser."""
        for widget in self.widgets.values():
            if widget["model_name"] in ("LinkModel", "DirectionalLinkModel"):
                ends = [tuple(widget["state"][end]) for end in ("source", "target")]
                if (REFERENCE + model_id, "value") in ends:
                    ends.remove((REFERENCE + model_id, "value"))
                    yield f"{referred(ends[0][0])}:{ends[0][1]}"


def referred(reference: str) -> str:
    return reference.removeprefix(REFERENCE)


def named(html: str, model_id: str) -> str:
    """Return a figure's markup, which does not know its model, with the model's name."""
    return html.replace(" data-figure=", f' data-model="{escape(model_id)}" data-figure=', 1)
