"""Small pieces of MathML. All browsers draw it without a script."""

from figures.parts.text import show


def math(*rows):
    """Return a displayed equation: rows of (left, right), aligned at the equals sign."""
    lines = [
        "<mtr><mtd>%s</mtd><mtd>%s<mo>=</mo>%s</mtd></mtr>" % (left, STRUT, right)
        for left, right in rows
    ]
    return (
        '<math display="block" class="lf-math"><mtable displaystyle="true">%s</mtable></math>'
        % "".join(lines)
    )


# As high as parentheses: a row keeps its height when a number in it turns negative.
STRUT = '<mspace height="0.8em" depth="0.25em"/>'


def name(text):
    """Return a name: one letter is italic, a word upright, a trailing _hat puts a hat on it."""
    if text.endswith("_hat"):
        return '<mover accent="false">%s<mo>ˆ</mo></mover>' % name(text[:-4])
    return "<mi>%s</mi>" % text


def partial(top, bottom):
    """Return the partial derivative of the name `top` with respect to the name `bottom`."""
    return "<mfrac><mrow><mo>∂</mo>%s</mrow><mrow><mo>∂</mo>%s</mrow></mfrac>" % (
        name(top),
        name(bottom),
    )


def number(value, kind, key):
    """Return a number in the color of its `kind`, with the `key` it is read by."""
    return '<mn class="lf-%s" data-value="%s">%s</mn>' % (kind, key, show(value))


def factor(value, kind, key):
    """Return a number within a product: a negative one stands in parentheses."""
    shown = number(value, kind, key)
    return "<mrow><mo>(</mo>%s<mo>)</mo></mrow>" % shown if show(value)[0] == "-" else shown


def product(factors):
    """Return the factors with dots between them."""
    return "<mo>·</mo>".join(factors)


UNKNOWN = '<mi class="lf-wait">?</mi>'
