"""The HTML of a live figure, written once for the built page and the notebook.

This much of it is a contract, kept for whoever drives a figure from outside and held by
``tests/test_page_site.py``:

``.live-figure[data-figure=NAME][data-state=static|loading|live|failed]``
    One figure. ``static``: only the drawing, no Python yet; ``loading``: Python is starting, or
    the kernel is busy; ``live``: Python has drawn it; ``failed``: a sentence says why, and the
    button ``retry`` tries again. In a page it also has ``data-id``: NAME for the first figure
    of that name, NAME-2 for the second and so on. ``#ID?key=value&...`` is its address.
``input[name=KEY]``, ``select[name=KEY]``
    A control, KEY being its key in the state (``x``, ``w``, ``lr``, ...), with a label. A slider
    is an ``input[type=range]`` and an ``input[type=number]`` of the same name (with
    ``data-scale=log`` the value of the range is the base-10 logarithm of KEY); a field in the
    drawing itself is a control too, KEY:NAME one for a number of a text such as ``x=2,w=1``.
    Setting a value and dispatching ``input`` is a reader's move.
``button[name=KEY]``
    ``back``, ``step``, ``play``, ``reset`` and whatever else a figure offers; below the drawing
    ``retry``, ``copy-link``, ``download-svg`` (where the drawing has a picture) and
    ``full-screen`` (where the browser can). What cannot be had is ``hidden``.
``.lf-drawing [data-value=KEY]``
    A number that is shown; its text is the number alone, with an ASCII minus, or ``inf``,
    ``-inf``, ``nan``. KEY is ``loss``, ``value:y_hat``, ``grad:w``, ``local:s:y_hat``, ...
``.lf-drawing [data-press=WHAT]``
    Something in the drawing that can be pressed by click, Enter or Space.

Attributes that the front end reads besides: ``data-initial`` (the state that Reset returns to),
``data-beat`` (milliseconds between two beats of Play), ``data-model`` (the widget's id, for
controls elsewhere in the page that are linked to it), ``data-copy`` (a button in the drawing that
copies the ``pre`` beside it).
"""

import json
from html import escape
from itertools import groupby
from math import log10

import figures


def figure_html(name, state=None, model_id=None):
    """Return the whole figure `name` in `state` as HTML that stands without any script."""
    module = figures.load(name)
    state = figures.clean(module, state or {})
    return (
        f'<figure class="live-figure" data-figure="{name}" data-state="static"'
        f' data-initial="{escape(json.dumps(state))}" data-beat="{module.BEAT}"'
        + (f' data-model="{escape(model_id)}"' if model_id else "")
        + f' aria-label="{escape(module.TITLE)}">'
        f'<form class="lf-controls" autocomplete="off"><fieldset disabled>'
        f"{_controls(module.CONTROLS, state)}</fieldset></form>"
        f'<div class="lf-drawing">{module.draw(state)}</div>{FOOT}</figure>'
    )


FOOT = (
    '<div class="lf-foot"><span class="lf-status">Static drawing</span>'
    '<button type="button" name="retry" hidden>Try again</button>'
    '<button type="button" name="copy-link" hidden>Copy link</button>'
    '<button type="button" name="download-svg" hidden>Download SVG</button>'
    '<button type="button" name="full-screen" hidden>Full screen</button></div>'
    "<noscript><p>With JavaScript on, this drawing can be changed and computes anew.</p></noscript>"
)


def _controls(controls, state):
    """Return the controls in their order; neighbors of one kind or group stand together."""
    shown = [control for control in controls if control.kind != "hidden"]
    return "".join(
        _together(kind, group, "".join(_CONTROL[kind](control, state) for control in members))
        for (kind, group), members in groupby(shown, lambda c: (c.kind, c.group))
    )


def _together(kind, group, html):
    html = f'<div class="lf-row lf-{kind}-row">{html}</div>'
    if group:
        return f"<details><summary>{escape(group)}</summary>{html}</details>"
    return html


def _slider(control, state):
    key, label, value = control.key, escape(control.label), number(state[control.key])
    step = f'step="{number(control.step)}" value="{value}"'
    slider = f"{_range(control.low, control.high)} {step}"
    if control.log:
        step = f'step="any" value="{value}"'
        low, high, at = (log10(x) for x in (control.low, control.high, state[key]))
        slider = (
            f'data-scale="log" {_range(low, high)} step="{number(control.step)}"'
            f' value="{number(round(at, 6))}" aria-valuetext="{value}"'
        )
    scrub = " lf-scrub" if control.scrub else ""
    return (
        f'<div class="lf-slider{scrub}"><label><span>{label}</span>'
        f'<input type="range" name="{key}" {slider}></label>'
        f'<input type="number" name="{key}" {_range(*control.limits)} {step}'
        f' aria-label="{label}, as a number"></div>'
    )


def _range(low, high):
    return f'min="{number(low)}" max="{number(high)}"'


def _choice(control, state):
    options = "".join(
        f'<option value="{escape(str(value))}"{" selected" * (value == state[control.key])}>'
        f"{escape(text)}</option>"
        for value, text in control.options
    )
    return (
        f'<label class="lf-choice"><span>{escape(control.label)}</span>'
        f'<select name="{control.key}">{options}</select></label>'
    )


def _switch(control, state):
    return (
        f'<label class="lf-switch"><input type="checkbox" name="{control.key}"'
        f"{' checked' * state[control.key]}><span>{escape(control.label)}</span></label>"
    )


def _button(control, state):
    pressed = ' aria-pressed="false"' if control.key == "play" else ""
    return f'<button type="button" name="{control.key}"{pressed}>{escape(control.label)}</button>'


_CONTROL = {"slider": _slider, "choice": _choice, "switch": _switch, "button": _button}


def number(value):
    """Return a number as JavaScript writes it: 2, not 2.0.

    >>> number(2.0), number(-0.5), number(1e-05)
    ('2', '-0.5', '1e-05')
    """
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text
