"""A computational graph as SVG: boxes with value and gradient, edges with local derivatives.

The graph flows down the page: inputs above, the result below; gradients travel back up. Boxes
keep their places while numbers change, so the eye can stay on one of them. Who does not see it
hears a list: what stands on each box, its value, its gradient.
"""

from figures.parts.text import show

WIDE, HIGH = 112, 58  # one box
NUMBER = 54  # how wide a number in it may be
LEGEND = (
    '<p class="lf-legend"><span class="lf-value">value</span>'
    '<span class="lf-upstream">upstream</span><span class="lf-local">local</span>'
    '<span class="lf-downstream">gradient</span></p>'
)


def draw(
    walk,
    graph,
    places,
    captions,
    size,
    partial,
    kinds=None,
    extra="",
    press=None,
    gradient="gradient",
    missing=None,
    pressed=None,
    widths=None,
    routes=None,
):
    """Return the SVG of `graph` as far as `walk` has come.

    places    {node name: (x, y) of the box's middle}; nodes without a place are not drawn
    captions  {node name: what stands on the box}
    size      (width, height) of the drawing; it is shown at most at this size
    partial   function (edge) -> how its local derivative is written, "∂s/∂y"; None where the edge
              shows the number alone, as a factor
    kinds     {node name: the kind of its gradient} where that is not "downstream"
    extra     SVG that the figure adds
    press     what pressing an input does, in words; its box then is pressed as "leaf:NAME"
    gradient  what stands below the second number of a box, and its key where that is no "grad"
    missing   what stands in the place of a gradient that is not there: nothing, for it will come
    pressed   the names of the nodes that are pressed instead of the inputs, as "node:NAME"
    widths    {node name: how wide its box is} where that is not `WIDE`
    routes    {(name of an edge's target, slot): (d of its path, place of its label)}; without them
              edges are straight
    """
    widths = widths or {}
    known, crossed = set(walk.known), set(walk.crossed)
    parts = [
        '<svg class="lf-graph" viewBox="0 0 %d %d" width="%d" role="list" aria-label="Graph">'
        % (size[0], size[1], size[0])
    ]
    parts += [
        _edge(edge, walk, known, crossed, places, partial, routes or {})
        for edge in graph.edges
        if edge.source.name in places
    ]
    for node in graph.nodes:
        if node.name in places:
            kind = (kinds or {}).get(node.name, "downstream")
            wide = widths.get(node.name, WIDE)
            does = ""
            if press and (node.name in pressed if pressed else not node.inputs):
                does = 'data-press="%s:%s" aria-description="%s"' % (
                    "node" if pressed else "leaf", node.name, press
                )  # fmt: skip
            parts.append(
                _box(node, walk, places, captions[node.name], kind, does, gradient, missing, wide)
            )
    parts += [extra, "</svg>"]
    return "".join(parts)


def _box(node, walk, places, caption, kind, does, gradient, missing, wide):
    """Return one node: its caption, and below it its value and what has arrived of its gradient.

    `does` has the attributes of a box that can be pressed.
    """
    x, y = places[node.name]
    now = walk.now
    active = now is node or (walk.phase == "backward" and now.source is node)
    value = arrived = ""
    first = second = "not yet known"
    if node.name in walk.valued:
        first = show(node.value)
        value = _number(x - 28, y + 9, "value", "value:" + node.name, first)
    found = walk.gradient(node)
    if found is not None:
        second = show(found)
        landing = kind + " lf-landing" if walk.phase == "backward" and active else kind
        key = "grad" if "grad" in gradient else gradient
        arrived = _number(x + 28, y + 9, landing, "%s:%s" % (key, node.name), second)
    elif missing or does:
        second = missing or second
        arrived = '<text class="lf-%s" x="%d" y="%d">%s</text>' % (
            "small" if missing else "said", x + 28, y + 9, second
        )  # fmt: skip
    # A button is named by what stands on it, so the texts are in the order of reading
    role = does or 'role="img" aria-label="%s: value %s, %s %s"' % (
        caption, first, gradient, second
    )  # fmt: skip
    return (
        '<g role="listitem"><g class="lf-node lf-%s%s" %s>'
        '<rect x="%d" y="%d" width="%d" height="%d" rx="8"/>'
        '<text class="lf-caption" x="%d" y="%d">%s</text>'
        '<text class="lf-small" x="%d" y="%d">value</text>%s'
        '<text class="lf-small" x="%d" y="%d">%s</text>%s</g></g>'
        % (
            "operation" if node.inputs else "input",
            " lf-active" if active else " lf-lit" if node in walk.lit else "", role,
            x - wide // 2, y - HIGH // 2, wide, HIGH,
            x, y - 11, caption,
            x - 28, y + 23, value, x + 28, y + 23, gradient, arrived,
        )
    )  # fmt: skip


def _number(x, y, kind, key, text):
    fit = " lf-longer" if len(text) > 7 else " lf-long" if len(text) > 5 else ""
    # Two of the longest would meet in the middle of their box: they are set narrower.
    narrow = ' textLength="%d" lengthAdjust="spacingAndGlyphs"' % NUMBER if len(text) > 8 else ""
    return '<text class="lf-number lf-%s%s" x="%d" y="%d"%s data-value="%s">%s</text>' % (
        kind, fit, x, y, narrow, key, text
    )  # fmt: skip


def _edge(edge, walk, known, crossed, places, partial, routes):
    """Return one edge; once it is known, with its local derivative; with what travels on it now."""
    x1, y1 = places[edge.source.name]
    x2, y2 = places[edge.target.name]
    sent = ""
    if walk.now is edge:
        # It sets out behind the one box and ends behind the other, number to number
        sent = (
            '<text class="lf-sent" opacity="0" x="%d" y="%d" style="--dx:%dpx;--dy:%dpx">%s</text>'
            % (x1 + 28, y1 + 9, x2 - x1, y2 - y1, walk.sent)
        )
    y1 += HIGH // 2
    y2 -= HIGH // 2
    x2 += (x1 - x2) // 4  # edges arrive side by side, each from its own direction
    twins = len([twin for twin in edge.target.inputs if twin.source is edge.source]) > 1
    if twins:
        # Used twice by one operation: two edges side by side, which lean towards where they go
        x1 += (15 if edge.slot else -15) + (0 if x1 == x2 else 30 if x1 < x2 else -30)
        x2 += 30 if edge.slot else -30
    route = routes.get((edge.target.name, edge.slot))
    line = '<line x1="%d" y1="%d" x2="%d" y2="%d"/>' % (x1, y1, x2, y2)
    if route:
        line = '<path d="%s"/>' % route[0]
    label = ""
    if edge in known:
        if route:
            x, y = route[1]
        elif partial:
            x, y = (7 * x1 + 3 * x2) // 10, (y1 + y2) // 2 + 4
        else:
            x, y = (6 * x1 + 4 * x2) // 10, (6 * y1 + 4 * y2) // 10 + 4
        found = show(edge.local)
        # Two of the longest would meet, side by side: they are set narrower.
        narrow = ' textLength="38" lengthAdjust="spacingAndGlyphs"' * (twins and len(found) > 4)
        label = (
            '<text class="lf-partial%s" x="%d" y="%d"%s>%s'
            '<tspan class="lf-local" data-value="local:%s:%s%s">%s</tspan></text>'
            % (
                "" if partial else " lf-factor", x, y, narrow,
                partial(edge) + " = " if partial else "×",
                edge.target.name, edge.source.name, ":2" if twins and edge.slot else "",
                found,
            )
        )  # fmt: skip
    return (
        '<g class="lf-edge%s%s%s%s" aria-hidden="true">%s%s%s</g>'
        % (
            " lf-reached" if edge.target.name in walk.valued else "",
            " lf-crossed" if edge in crossed else "",
            " lf-active" if walk.now is edge else "",
            " lf-lit" if edge in walk.lit else "",
            line, label, sent,
        )
    )  # fmt: skip
