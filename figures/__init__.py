"""The live figures: one module each, a pure function from a small state to a drawing.

A figure module has

    TITLE              one short line
    STATE              its initial state: a flat dict of JSON values
    CONTROLS           what the reader may turn (see ``figures.parts.controls``)
    draw(state)        HTML: an SVG, MathML for the equation, one sentence in words
    press(state, what) the new state after a button or an element of the drawing was pressed
    tick(state)        the new state after one beat of Play; an equal state means the end
    BEAT               milliseconds between two beats; 0 if it cannot play
    settle(state)      only where keys depend on one another: the state with them in accord

and, where a drawing can take long,

    on_the_way(state)  a state before `state` that can be drawn by now, or in the end `state`; each
                       call does some of the work (the page shows how it goes on, and stays awake)
    sketch(state)      what can be drawn of it at once, while a reader moves; None if no less than
                       `draw` will do

It imports nothing but ``autograd``, ``figures.parts`` and ``math``: the same file runs in
CPython and, inside the page, in MicroPython. To add a figure, add a module here; nothing else
has to be told of it.
"""

import os


def modules(file):
    """Return the names of the modules beside `file`, sorted: .py, in the page .mpy."""
    here = file.rsplit("/", 1)[0].rsplit("\\", 1)[0]
    parts = [name.rsplit(".", 1) for name in os.listdir(here)]
    return sorted([part[0] for part in parts if part[-1] in ("py", "mpy")])


def names():
    """Return the names of all figures, sorted: the modules of this folder."""
    return [name for name in modules(__file__) if name[0] != "_"]


def load(name):
    """Return the figure module called `name`; an unknown name is a ValueError that lists all."""
    if name not in _loaded:
        known = names()
        if name not in known:
            known = ", ".join(known)
            raise ValueError("there is no figure %r; the figures are: %s" % (name, known))
        _loaded[name] = __import__("figures." + name, None, None, ["draw"])
    return _loaded[name]


_loaded = {}


def settings(module):
    """Return {key: control} for every key of the state of the figure `module`."""
    return {
        control.key: control
        for control in module.CONTROLS
        if control.kind != "button" and control.key in module.STATE
    }


def clean(module, raw):
    """Return a full state of the figure `module` from `raw`, whatever `raw` holds.

    Keys that the figure knows and values that make sense (text included, as it comes from an
    address) are taken, numbers brought into the range of their control; the rest is ignored.
    """
    state = dict(module.STATE)
    for key, control in settings(module).items():
        value = control.read(raw[key]) if key in raw else None
        if value is not None:
            state[key] = value
    return module.settle(state) if hasattr(module, "settle") else state


def respond(module, state, initial, what=None):
    """Return the state that follows `state` when `what` was pressed (None: nothing was)."""
    if what is None:
        return state
    if what == "reset":
        return clean(module, initial)
    if what == "tick":
        return module.tick(state)
    return module.press(state, what)


def on_the_way(module, state):
    """Return a state on the way to `state` that the figure `module` can draw quickly."""
    return module.on_the_way(state) if hasattr(module, "on_the_way") else state


def sketch(module, state):
    """Return what the figure `module` can draw of `state` at once, where it draws slowly."""
    return module.sketch(state) if hasattr(module, "sketch") else None
