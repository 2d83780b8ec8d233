"""What a reader may turn. Plain descriptions: `live.markup` makes the HTML of them.

Each control but a button bears the key of the state that it turns, and reads a value for that key
from whatever an address, a form or a program offers: `read` returns None for what makes no sense.
"""

import math


class Slider:
    """A number between `low` and `high`, in steps of `step`, with a number field beside it.

    The field takes more than the slider where `limits` says so. Sliders of one `group` fold away
    together; a `scrub` slider is a position in time. A whole `step` makes whole numbers. With
    `log` the slider moves evenly through the powers of ten, and `step` is a step of the exponent.
    """

    kind = "slider"

    def __init__(
        self, key, label, low, high, step, limits=None, group=None, scrub=False, log=False
    ):
        self.key = key
        self.label = label
        self.low = low
        self.high = high
        self.step = step
        self.limits = limits or (low, high)
        self.group = group
        self.scrub = scrub
        self.log = log

    def read(self, raw):
        return number(raw, self.limits[0], self.limits[1], isinstance(self.step, int))


class Hidden(Slider):
    """A whole number of the state that has no control of its own: the buttons move it."""

    kind = "hidden"

    def __init__(self, key, low, high):
        Slider.__init__(self, key, key, low, high, 1)


class Entry:
    """A short text that the reader types into a field which the drawing itself shows.

    A letter that is not ASCII is read as a question mark: left out, it would change the meaning.
    """

    kind = "hidden"
    group = None

    def __init__(self, key, longest=20):
        self.key = key
        self.longest = longest

    def read(self, raw):
        if not isinstance(raw, str):
            return None
        return "".join([letter if " " <= letter <= "~" else "?" for letter in raw[: self.longest]])


class Choice:
    """One of a few: `options` are (value, text). Where it is `hidden`, a chapter chooses."""

    kind = "choice"
    group = None

    def __init__(self, key, label, options, hidden=False):
        if hidden:
            self.kind = "hidden"
        self.key = key
        self.label = label
        self.options = options

    def read(self, raw):
        return raw if raw in [value for value, text in self.options] else None


class Switch:
    """On or off. Those of one `group` fold away together."""

    kind = "switch"

    def __init__(self, key, label, group=None):
        self.key = key
        self.label = label
        self.group = group

    def read(self, raw):
        if raw in (True, 1, "true", "True", "1"):
            return True
        if raw in (False, 0, "false", "False", "0"):
            return False
        return None


class Button:
    """Something to press: `key` is what the figure's `press` is told."""

    kind = "button"
    group = None

    def __init__(self, key, label):
        self.key = key
        self.label = label


def number(raw, low, high, whole):
    """Return `raw` as a finite number within `low` and `high`, or None if it is none."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        return None
    if isinstance(raw, str) and len(raw) > 40:
        return None
    try:
        value = float(raw)
    except (ValueError, OverflowError):
        return None
    if value != value or value in (math.inf, -math.inf):
        return None
    value = min(max(value, low), high)
    return round(value) if whole else float(value)
