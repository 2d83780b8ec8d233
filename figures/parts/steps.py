"""Back, Step, Play and Reset for a figure whose state has a whole number that moves."""

from figures.parts.controls import Button

BUTTONS = (
    Button("back", "Back"),
    Button("step", "Step"),
    Button("play", "Play"),
    Button("reset", "Reset"),
)


def press(state, what, key, last):
    """Return `state` with its `key` moved by a button; Play at the end starts from 0."""
    at = state[key]
    if what == "step":
        at = min(at + 1, last)
    elif what == "back":
        at = max(at - 1, 0)
    elif what == "play" and at >= last:
        at = 0
    return dict(state, **{key: at})
