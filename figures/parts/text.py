"""Numbers and text as the drawings show them."""

import math


def show(value):
    """Return a number as text: four decimals without idle zeros, an exponent when that is shorter.

    >>> show(-7.84), show(2.0), show(-0.0), show(1e9), show(float("nan"))
    ('-7.84', '2', '0', '1.000e+09', 'nan')
    """
    if value != value:
        return "nan"
    if value in (math.inf, -math.inf):
        return "inf" if value > 0 else "-inf"
    size = abs(value)
    if size >= 1e6 or 0 < size < 5e-5:
        return "%.3e" % value
    if value == int(value):
        return "%d" % value
    return ("%.4f" % value).rstrip("0").rstrip(".")


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
