"""The graph of a Variable as DOT, as SVG and in a notebook."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

import autograd
from autograd import Variable, display, exp, graph, relu, to_dot, to_svg
from autograd.printing import show

SVG = "{http://www.w3.org/2000/svg}"


def lecture():
    w = Variable(1.0, requires_grad=True, name="w")
    y_hat = Variable(2.0, name="x") * w
    y_hat.name = "y_hat"
    loss = (y_hat - Variable(4.0, name="y")) ** 2
    loss.name = "loss"
    return loss


def neuron():
    w0, x0, w1, x1, w2 = (
        Variable(value, requires_grad=True, name=name)
        for value, name in zip((2, -1, -3, -2, -3), ("w0", "x0", "w1", "x1", "w2"), strict=True)
    )
    return 1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))


def arrays():
    x = Variable(np.ones((4, 3)), name="X")
    w = Variable(np.ones((3, 2)), requires_grad=True, name="W")
    b = Variable(np.array([0.5, -1.0]), requires_grad=True, name="b")
    return (relu(x @ w + b) ** 2).mean()


def texts(svg, kind):
    """Return what is written in an SVG in the color of `kind`, in its order."""
    return [
        text.text
        for text in ElementTree.fromstring(svg).iter(SVG + "text")
        if kind == (text.get("class") or "")
    ]


def test_dot():
    assert to_dot(lecture()).splitlines() == [
        "digraph {",
        "  node [shape=box]",
        r'  0 [label="w\nvalue 1\ngradient -8"]',
        r'  1 [label="x\nvalue 2\ngradient -4"]',
        r'  2 [label="y_hat mul\nvalue 2\ngradient -4"]',
        r'  3 [label="y\nvalue 4\ngradient 4"]',
        r'  4 [label="sub\nvalue -2\ngradient -4"]',
        r'  5 [label="constant\nvalue 2"]',
        r'  6 [label="loss pow\nvalue 4\ngradient 1"]',
        '  1 -> 2 [label="1"]',
        '  0 -> 2 [label="2"]',
        '  2 -> 4 [label="1"]',
        '  3 -> 4 [label="-1"]',
        '  4 -> 6 [label="-4"]',
        "  5 -> 6",
        "}",
    ]


def test_dot_of_arrays():
    """A short array is written out, of others the shape; no label where no number is local."""
    assert to_dot(arrays()).splitlines()[2:6] + to_dot(arrays()).splitlines()[11:] == [
        r'  0 [label="X\nvalue (4, 3)\ngradient (4, 3)"]',
        r'  1 [label="W\nvalue (3, 2)\ngradient (3, 2)"]',
        r'  2 [label="b\nvalue [0.5, -1]\ngradient [3.5, 2]"]',
        r'  3 [label="matmul\nvalue (4, 2)\ngradient (4, 2)"]',
        "  0 -> 3",
        "  1 -> 3",
        '  3 -> 4 [label="1"]',
        '  2 -> 4 [label="1"]',
        '  4 -> 5 [label="(4, 2)"]',
        '  5 -> 7 [label="(4, 2)"]',
        "  6 -> 7",
        "  7 -> 8",
        "}",
    ]


def test_odd_names():
    """What the two languages reserve is written such that they read the name."""
    name = 'a<b&"c"\\n'
    result = Variable(2.0, requires_grad=True, name=name) * 3
    assert r'"a<b&\"c\"\\n\nvalue 2\ngradient 3"' in to_dot(result)
    root = ElementTree.fromstring(to_svg(result))
    assert name in [tspan.text for tspan in root.iter(SVG + "tspan")]
    assert name in root.findtext(SVG + "desc", "")


@pytest.mark.parametrize("make", [lecture, neuron, arrays])
def test_svg_shows_what_the_graph_has(make):
    result = make()
    g = graph(result)
    shown = [node for node in g.nodes if node.op != "constant"]
    svg = to_svg(result)
    assert texts(svg, "value") == [display.number(node.value) for node in g.nodes]
    assert texts(svg, "gradient") == [display.number(node.grad) for node in shown]
    labels = [display.number(e.local) for e in g.edges if e.source in shown and e.local is not None]
    assert texts(svg, "local") == [*labels, "on the edges: local derivatives"]
    assert texts(svg, "word") == ["value", "gradient"] * len(shown)
    heads = [path for path in ElementTree.fromstring(svg).iter(SVG + "path") if path.get("class")]
    assert len(heads) == len(g.edges)


def test_svg_says_in_words_what_it_shows():
    root = ElementTree.fromstring(to_svg(lecture()))
    assert root.get("role") == "img"
    assert root.findtext(SVG + "title") == "Graph of loss: 7 nodes, 6 edges"
    description = root.findtext(SVG + "desc", "")
    assert "w: value 1, gradient -8." in description
    assert "loss pow: value 4, gradient 1." in description
    unnamed = ElementTree.fromstring(to_svg(neuron()))
    assert unnamed.findtext(SVG + "title") == "Graph of a result of div: 15 nodes, 14 edges"


def test_a_leaf_has_a_picture_too():
    svg = to_svg(Variable(2.0, requires_grad=True))
    assert texts(svg, "value") == ["2"] and "leaf: value 2, gradient 1." in svg


def test_short_numbers_do_not_move_anything():
    """The places are those of the sizes of the boxes, and these of the lengths of the numbers."""
    w = Variable(1.0, requires_grad=True, name="w")
    one, other = (to_svg((w * x - y) ** 2) for x, y in ((2.0, 4.0), (3.0, 5.0)))
    assert one != other and re.findall(r'rect x="[^>]+"', one) == re.findall(
        r'rect x="[^>]+"', other
    )


def test_numbers():
    for value in (-7.84, 1e9, float("nan"), float("-inf"), True, 3):
        assert display.number(value) == show(value)
    assert display.number(np.array(2.5)) == "2.5"
    assert display.number(np.array([True, False])) == "[1, 0]"
    assert display.number(np.zeros((0,))) == "[]"
    assert display.number(np.zeros(4)) == "(4,)"
    assert display.number(np.zeros((1, 2))) == "(1, 2)"


def test_a_notebook_shows_the_graph():
    """IPython's own formatters ask for it; graphs that are large, or none, are text only."""
    formatter = DisplayFormatter()
    loss = lecture()
    shown, _ = formatter.format(loss)
    text = "tensor(4., grad_fn=<PowBackward0>)"
    written = text.replace("<", "&lt;").replace(">", "&gt;")
    assert shown == {"text/plain": text, "text/html": f"<pre>{written}</pre>{to_svg(loss)}"}
    w = Variable(1.0, requires_grad=True)
    for plain in (w, Variable(2.0) * 3, w.detach() + 1):
        assert formatter.format(plain)[0] == {"text/plain": repr(plain)}


def test_a_large_graph_is_shown_as_text():
    w = Variable(1.0, requires_grad=True)
    result = w
    for nodes in range(2, display.SMALL + 4):
        result = result * w
        assert len(graph(result).nodes) == nodes
        assert ("text/html" in display.bundle(result)) == (nodes <= display.SMALL)
    result = w + 1.0
    for _ in range(display.SMALL):
        result = result + 1.0  # constants count
    assert "text/html" not in display.bundle(result)


def test_drawing_changes_nothing():
    loss = lecture()
    before = repr(loss)
    to_svg(loss), to_dot(loss), display.bundle(loss)
    w = graph(loss).node("w").variable
    assert w and w.grad is None and repr(loss) == before
    loss.backward()
    assert w.grad.item() == -8.0
    assert "gradient -8" in to_dot(loss)  # what is left of the graph can still be drawn


def test_it_is_loaded_when_it_is_asked_for():
    code = (
        "import sys, autograd\n"
        "loaded = lambda: 'autograd.display' in sys.modules or 'autograd.layout' in sys.modules\n"
        "w = autograd.Variable(2.0, requires_grad=True)\n"
        "(w * w).backward()\n"
        "assert not loaded()\n"
        "autograd.to_svg(w * w), (w * w)._repr_mimebundle_(include=None, exclude=None)\n"
        "assert loaded() and 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert {"to_dot", "to_svg"} <= set(autograd.__all__)
