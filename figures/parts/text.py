"""Numbers and text as the drawings show them."""

from autograd.printing import show


def escape(text):
    """Return `text` with the characters that HTML reserves written as entities."""
    return (
        str(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
    )


def words(sentence):
    """Return the figure's sentence, which screen readers speak when it changes."""
    return '<p class="lf-words" role="status" aria-live="polite">%s</p>' % sentence


def out(key, value, kind="value"):
    """Return a number inside a sentence: its `key` for whoever reads the page, its color."""
    return '<span class="lf-%s" data-value="%s">%s</span>' % (kind, key, show(value))


def equation(left, key, value, kind="value"):
    """Return "left = number", which no line break divides."""
    return '<span class="lf-nobreak">%s = %s</span>' % (left, out(key, value, kind))


def factor(value, kind):
    """Return a number in its color, a negative one in parentheses."""
    shown = '<span class="lf-%s">%s</span>' % (kind, show(value))
    return "(%s)" % shown if value < 0 else shown


WAIT = '<span class="lf-wait">?</span>'
