"""The graph of a Variable to look at: as SVG, as DOT text, and in a notebook.

>>> from autograd import Variable, to_dot, to_svg
>>> w = Variable(3.0, requires_grad=True, name="w")
>>> loss = w * w
>>> print(to_dot(loss))
digraph {
  node [shape=box]
  0 [label="w\\nvalue 3\\ngradient 6"]
  1 [label="mul\\nvalue 9\\ngradient 1"]
  0 -> 1 [label="3"]
  0 -> 1 [label="3"]
}
>>> to_svg(loss).count("<path")
4
"""

from html import escape

from .graph import graph
from .layout import ARROW, Layout, path
from .printing import show
from .variable import Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .graph import Edge, Graph, Node

SMALL = 25  # a notebook shows graphs of up to so many nodes
_WITHIN = 520.0  # pixels, about what a page of text has
_SHORT = 3  # of an array with more numbers the shape is shown

# One letter's width, by its size: wide enough for the sans-serif fonts of all systems.
_LETTER = 0.62
_CAPTION, _NUMBER, _WORD = 13, 13, 10  # sizes of type

# Colors that are dark on light and light on dark: they are mixed with the text's own.
_STYLE = """
.autograd-graph{display:block;max-width:100%;height:auto;font-family:system-ui,sans-serif;
font-variant-numeric:tabular-nums;text-anchor:middle}
.autograd-graph:root{color-scheme:light dark;color:CanvasText}
.autograd-graph text{fill:currentColor;stroke:none}
.autograd-graph :is(rect,path){fill:none;stroke:currentColor}
.autograd-graph rect{stroke-opacity:.45}
.autograd-graph .leaf rect{fill:currentColor;fill-opacity:.06}
.autograd-graph path{stroke-opacity:.6}
.autograd-graph .head{fill:currentColor;stroke:none;opacity:.75}
.autograd-graph .name{font-weight:650}
.autograd-graph .word{opacity:.75}
.autograd-graph .value{fill:#2f7fd6;fill:color-mix(in oklab,#1a6fd0 70%,currentColor)}
.autograd-graph .gradient{fill:#d0407f;fill:color-mix(in oklab,#d81b78 70%,currentColor)}
.autograd-graph .local{fill:#16877a;fill:color-mix(in oklab,#0a8a78 70%,currentColor)}
""".replace("\n", "")


def to_dot(result: Variable) -> str:
    """The graph of a result in the DOT language, which Graphviz draws: `dot -Tsvg`.

    On a node stand name, operation, value and gradient; on an edge its local derivative.
    """
    g = graph(result)
    lines = ["digraph {", "  node [shape=box]"]
    for node in g.nodes:
        said = [_caption(node), "value " + number(node.value)]
        if node.op != "constant":
            said.append("gradient " + number(node.grad))
        lines.append('  %d [label="%s"]' % (node.index, "\\n".join(map(_quoted, said))))
    for edge in g.edges:
        label = ' [label="%s"]' % _local(edge) if _local(edge) else ""
        lines.append("  %d -> %d%s" % (edge.source.index, edge.target.index, label))
    return "\n".join(lines + ["}"])


def to_svg(result: Variable) -> str:
    """The graph of a result as SVG, inputs above: to be written to a file or put into a page.

    On a node stand name, operation, value and gradient, d result / d node; on an edge its local
    derivative. Of an array with more than three numbers the shape is shown; the gradient of a
    result that is an array is that of its sum. Above a few hundred nodes it takes seconds: such a
    graph is better left to `to_dot`.
    """
    g = graph(result)
    said = {node: [number(node.value), number(node.grad)] for node in g.nodes}
    sizes = [_size(node, said[node]) for node in g.nodes]
    locals_ = [_local(edge) for edge in g.edges]
    plan = Layout(
        sizes,
        [
            (edge.source.index, edge.target.index, (_wide(text, _NUMBER) + 6, 17) if text else None)
            for edge, text in zip(g.edges, locals_)
        ],
        _WITHIN,
    )
    legend = "on the edges: local derivatives"
    width = max(plan.width, _wide(legend, _WORD) + 2)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" class="autograd-graph" role="img"'
        ' viewBox="%g 0 %g %g" width="%g" height="%g">'
        % ((plan.width - width) / 2, width, plan.height + 20, width, plan.height + 20),
        "<title>%s</title><desc>%s</desc><style>%s</style>"
        % (escape(_title(g)), escape(_description(g, said)), _STYLE),
    ]
    for route, middle, text in zip(plan.routes, plan.labels, locals_):
        x, y = route[-1]
        shaft = route[:-1] + [(x, y - ARROW + 1)]
        hole = (middle[1] - 8, middle[1] + 8) if middle else None
        parts.append('<path d="%s"/>' % path(shaft, hole))
        parts.append('<path class="head" d="M%g %gl-3.5-%gh7z"/>' % (x, y, ARROW))
        if middle:
            parts.append(_text("local", middle[0], middle[1] + 4.5, text))
    for node, (x, y), (w, h) in zip(g.nodes, plan.places, sizes):
        parts.append(_box(node, said[node], x, y, w, h))
    parts.append(_text("local", plan.width / 2, plan.height + 13, legend, _WORD))
    return "".join(parts) + "</svg>"


def _size(node: "Node", said: "list[str]") -> "tuple[float, float]":
    """Width and height of a node's box, of which constants need less."""
    if node.op == "constant":
        return _wide(said[0], _NUMBER) + 16, 26
    columns = _columns(said)
    return max(_wide(_caption(node), _CAPTION) + 16, columns[0] + columns[1]), 54


def _columns(said: "list[str]") -> "tuple[float, float]":
    """The widths of value and gradient."""
    value, gradient = [_wide(text, _NUMBER) + 12 for text in said]
    return max(value, _wide("value", _WORD) + 12), max(gradient, _wide("gradient", _WORD) + 12)


def _box(node: "Node", said: "list[str]", x: float, y: float, w: float, h: float) -> str:
    """One node. A constant has its value alone."""
    kind = "operation" if node.inputs else "leaf"
    box = '<g class="%s"><rect x="%g" y="%g" width="%g" height="%g" rx="7"/>' % (
        kind, x - w / 2, y - h / 2, w, h,
    )  # fmt: skip
    if node.op == "constant":
        return box + _text("value", x, y + 4.5, said[0]) + "</g>"
    columns = _columns(said)
    middle = x + (columns[0] - columns[1]) / 2
    first, second = middle - columns[0] / 2, middle + columns[1] / 2
    name, op = _names(node)
    caption = '<tspan class="name">%s</tspan> ' % escape(name) if name else ""
    return (
        box
        + '<text x="%g" y="%g" font-size="13">%s%s</text>' % (x, y - 10, caption, op)
        + _text("value", first, y + 8, said[0])
        + _text("gradient", second, y + 8, said[1])
        + _text("word", first, y + 20, "value", _WORD)
        + _text("word", second, y + 20, "gradient", _WORD)
        + "</g>"
    )


def _text(kind: str, x: float, y: float, text: str, size: int = _NUMBER) -> str:
    return '<text class="%s" x="%g" y="%g" font-size="%d">%s</text>' % (kind, x, y, size, text)


def _wide(text: str, size: float) -> float:
    """About how wide a text is."""
    return round(_LETTER * size * len(text))


def _names(node: "Node") -> "tuple[str, str]":
    """A node's name and its operation, either of which may be empty."""
    return node.name or "", node.op if node.inputs or not node.name else ""


def _caption(node: "Node") -> str:
    return " ".join([part for part in _names(node) if part])


def _local(edge: "Edge") -> str:
    """What stands on an edge: nothing where there is no derivative, or none that matters."""
    hidden = edge.local is None or edge.source.op == "constant"
    return "" if hidden else number(edge.local)


def number(value: "Any") -> str:
    """A number as the figures show it; a short array with its numbers, others as their shape.

    >>> number(-7.84)
    '-7.84'
    """
    if not getattr(value, "shape", ()):
        return show(float(value))
    if value.size <= _SHORT and len(value.shape) == 1:
        return "[%s]" % ", ".join(map(show, value.tolist()))
    return str(tuple(value.shape))


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _title(g: "Graph") -> str:
    return "Graph of %s: %d nodes, %d edges" % (
        g.result.name or "a result of " + g.result.op, len(g.nodes), len(g.edges),
    )  # fmt: skip


def _description(g: "Graph", said: "dict[Node, list[str]]") -> str:
    """The nodes in words."""
    sentences = []
    for node in g.nodes:
        if node.op != "constant":
            sentences.append("%s: value %s, gradient %s." % (_caption(node), *said[node]))
    return " ".join(sentences)


def bundle(variable: Variable) -> "dict[str, str]":
    """What a notebook shows of a Variable: its text, and below it its graph if that is small.

    Both as HTML rather than as an image, so that the colors are those of the page.
    """
    shown = {"text/plain": repr(variable)}
    if variable.rule and _is_small(variable):
        shown["text/html"] = "<pre>%s</pre>%s" % (escape(repr(variable)), to_svg(variable))
    return shown


def _is_small(result: Variable) -> bool:
    """Has its graph up to SMALL nodes? Asked without looking at more."""
    seen = {id(result)}
    constants = 0
    stack = [result]
    while stack:
        for x in stack.pop().inputs:
            if not isinstance(x, Variable):
                constants += 1
            elif id(x) not in seen:
                seen.add(id(x))
                stack.append(x)
        if len(seen) + constants > SMALL:
            return False
    return True
