"""A live figure as an ipywidget: its state are traits, the kernel draws."""

from functools import cache
from pathlib import Path

import anywidget
import traitlets

import figures
from live.markup import figure_html
from live.page import reply

STATIC = Path(__file__).parent / "static"


def bundled(name):
    """Return a file of the bundled front end; if there is none yet, say how to make it."""
    try:
        return (STATIC / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(
            f"live/static/{name} is not there yet: the figures' front end has to be bundled"
            " once. In the book's folder run `make bundle`."
        ) from None


class Setting(traitlets.TraitType):
    """One key of a figure's state. What its control does not allow is a TraitError."""

    def __init__(self, control, default):
        super().__init__(default_value=default)
        self.control = control
        self.tag(sync=True, from_json=self._from_front_end)

    def validate(self, figure, value):
        if hasattr(value, "item"):
            value = value.item()  # a number of NumPy's
        read = self.control.read(value)
        if read is None or read != value:
            raise traitlets.TraitError(f"{self.name} is {self._allowed()}, not {value!r}")
        return read

    def _from_front_end(self, value, figure):
        """A linked slider may go further than the figure does: its value is brought into range."""
        read = self.control.read(value)
        return getattr(figure, self.name) if read is None else read

    def _allowed(self):
        control = self.control
        if hasattr(control, "options"):
            return "one of " + ", ".join(repr(value) for value, _ in control.options)
        if hasattr(control, "limits"):
            kind = "a whole number" if isinstance(control.step, int) else "a number"
            return "{} from {} to {}".format(kind, *control.limits)
        return "True or False" if control.kind == "switch" else "a short text"


class Figure(anywidget.AnyWidget):
    """What all figures share; `figure_class` adds the traits of one figure."""

    _html = traitlets.Unicode().tag(sync=True)
    _answer = traitlets.Dict().tag(sync=True)

    module = None
    name = ""

    def __init__(self, **state):
        known = list(self.module.STATE)
        for key in state:
            if key not in known:
                raise traitlets.TraitError(
                    f"the figure {self.name!r} has no {key!r}; its state is: {', '.join(known)}"
                )
        super().__init__(**state)
        self._count = 0
        self.observe(self._moved, known)
        self.on_msg(lambda _, content, buffers: self.press(content.get("press")))

    def open(self):
        """Draw for the first time, just before the front end is told of the widget."""
        self._initial = self.state
        self._html = figure_html(self.name, self._initial)
        super().open()

    @property
    def state(self):
        """The figure's state: a dict of JSON values."""
        return {key: getattr(self, key) for key in self.module.STATE}

    def press(self, what):
        """Do what a press of `what` does: a button's name, or None to draw once more."""
        answer = self._reply(what)
        with self.hold_sync(), self.hold_trait_notifications():
            self._answer = answer
            for key, value in answer.get("state", {}).items():
                setattr(self, key, value)

    def _reply(self, press=None):
        self._count += 1
        request = {
            "figure": self.name,
            "state": self.state,
            "initial": self._initial,
            "press": press,
        }
        return {"n": self._count, **reply(request, patient=True)}

    def _moved(self, change):
        if self._answer.get("state") != self.state:
            self._answer = self._reply()

    def notify_change(self, change):
        with self.hold_sync():  # a key and the drawing that follows from it travel together
            super().notify_change(change)

    def set_state(self, sync_data):
        """Take what a front end sends; what had to be brought into range is sent back."""
        super().set_state(sync_data)
        self.send_state(
            [
                key
                for key, value in sync_data.items()
                if key in self.module.STATE and getattr(self, key) != value
            ]
        )

    def __repr__(self):
        settings = ", ".join(f"{key}={value!r}" for key, value in self.state.items())
        return f"figure({self.name!r}, {settings})"

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        data["text/html"] = figure_html(self.name, self.state, self.model_id)
        return data, metadata


@cache
def figure_class(name):
    """Return the widget class of the figure `name`, with one trait for each key of its state."""
    module = figures.load(name)
    settings = figures.settings(module)
    traits = {key: Setting(settings[key], default) for key, default in module.STATE.items()}
    body = {
        "module": module,
        "name": name,
        "_esm": bundled("figure.js"),
        "_css": bundled("figure.css"),
        "__doc__": f"{module.TITLE}. Traits: {', '.join(traits)}.",
        "__module__": __name__,
        **traits,
    }
    return type(name.title() + "Figure", (Figure,), body)


def make(name, state):
    return figure_class(name)(**state)
