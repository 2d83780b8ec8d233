"""Formulas become MathML while the book is built, so that a page needs no script to show them.

Temml (JavaScript) converts them: one run of Node for each document. A formula that it cannot
read is a warning with document and line, hence an error in a build with ``-W``.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from live.book.node import ask

CONVERTER = Path(__file__).with_name("math.mjs")
logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    app.add_transform(Convert)
    app.add_post_transform(KeepPunctuation)
    app.add_html_math_renderer(
        "mathml", inline_renderers=(visit_inline, None), block_renderers=(visit_block, None)
    )


class Convert(SphinxTransform):
    """Give each formula of a document its MathML, before titles are copied into the contents."""

    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        formulas = [
            node for kind in (nodes.math, nodes.math_block) for node in self.document.findall(kind)
        ]
        answers = convert(tuple(source(node) for node in formulas))
        for node, answer in zip(formulas, answers, strict=True):
            node["mathml"] = answer.get("mathml", "")
            if "error" in answer:
                tex = " ".join(node.astext().split())
                logger.warning("%s %s", answer["error"], tex, location=node)


class KeepPunctuation(SphinxPostTransform):
    """Put the comma after a formula into its span: a browser would begin a line with it."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(nodes.math)):
            at = node.parent.index(node) + 1
            following = node.parent[at : at + 1]
            if following and isinstance(following[0], nodes.Text):
                text = following[0].astext()
                node["after"] = text[: len(text) - len(text.lstrip(",.;:!?)"))]
                # By its place: of two texts that are equal, `replace` would take the first.
                node.parent[at] = nodes.Text(text[len(node["after"]) :])


def source(node: nodes.Element) -> tuple[str, bool]:
    """Return the TeX of a formula and whether it is displayed.

    As with MathJax, lines ended by ``\\\\`` need no environment of their own to be aligned. An
    environment of AMS-LaTeX gives no number: that stands beside the formula, as for all others.
    """
    tex = node.astext()
    if isinstance(node, nodes.math):
        return tex, False
    if node.get("nowrap"):
        tex = re.sub(
            r"^\\begin\{(\w+)\}(.*)\\end\{\1\}$", r"\\begin{\1*}\2\\end{\1*}", tex, flags=re.S
        )
    elif r"\\" in tex:
        tex = r"\begin{aligned}" + tex + r"\end{aligned}"
    return tex, True


@cache
def convert(formulas: tuple[tuple[str, bool], ...]) -> list[dict[str, str]]:
    """Return for each (TeX, displayed) its {"mathml": ...} or {"error": ...}."""
    if not formulas:
        return []
    asked = [{"tex": tex, "display": display} for tex, display in formulas]
    answers: list[dict[str, str]] = json.loads(ask(CONVERTER, asked))
    for answer in answers:
        if "mathml" in answer:
            answer["mathml"] = with_accents(answer["mathml"])
    return answers


def with_accents(mathml: str) -> str:
    """Say of each hat, bar, dot and brace how it is set: Firefox warns where it has to infer it.

    A brace is set close. A hat is not: Chromium would put it onto the letter, and Firefox sets
    both alike.

    >>> with_accents('<mover><mi>y</mi><mo class="wbk-sml-acc">^</mo></mover>')
    '<mover accent="false"><mi>y</mi><mo class="wbk-sml-acc">^</mo></mover>'
    """
    formula = ElementTree.fromstring(mathml)
    for over in formula.iter("mover"):
        if over[1].get("class", "").endswith("-acc"):
            over.set("accent", "false")
    for under in formula.iter("munder"):
        if under[1].text == "\N{BOTTOM CURLY BRACKET}":
            under.set("accentunder", "true")
    return ElementTree.tostring(formula, encoding="unicode", short_empty_elements=False)


def markup(node: nodes.Element) -> str:
    """Return a formula's MathML; one made after parsing (by another extension) comes here."""
    if "mathml" not in node:
        [answer] = convert((source(node),))
        node["mathml"] = answer["mathml"]
    mathml: str = node["mathml"]
    return mathml


def visit_inline(writer: Any, node: nodes.math) -> None:
    writer.body.append(writer.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    writer.body.append(markup(node) + node.get("after", "") + "</span>")
    raise nodes.SkipNode


def visit_block(writer: Any, node: nodes.math_block) -> None:
    writer.body.append(writer.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node.get("number"):
        writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
        writer.add_permalink_ref(node, "Link to this equation")
        writer.body.append("</span>")
    # The second class is the theme's for what its script makes a stop of Tab where it scrolls
    scrolls = "formula pst-scrollable-table-container"
    writer.body.append(f'<div class="{scrolls}">{markup(node)}</div></div>\n')
    raise nodes.SkipNode
