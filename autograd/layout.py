"""Where the nodes and edges of a graph stand on a page: in rows, inputs above, the result below.

Sugiyama's way. Each node gets a row below all of its inputs; between two rows of nodes is one for
labels. Where an edge crosses a row, at its label or elsewhere, it takes a cell of that row as a
node does; so it meets no node and no label but its own. The cells of each row are ordered such that
few edges cross, then moved to where edges are short and straight. Places depend on sizes and edges
alone: while numbers change, everything stays where it is.

Source: K. Sugiyama, S. Tagawa, M. Toda, Methods for visual understanding of hierarchical system
structures, IEEE Transactions on Systems, Man, and Cybernetics 11 (1981), 109-125.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Point = tuple[float, float]
    Edge = tuple[int, int, "Point | None"]

APART = 14.0  # between what stands side by side
GAP = 8.0  # between a row and the next, at least
ARROW = 7.0  # more of it above nodes, for the heads of arrows
INSET = 10.0  # how far from a node's corners edges begin and end, at least
MARGIN = 2.0
_SWEEPS = 4
# Passes over the rows, down (+1) or up, and where each row looks: at the one above (0), below (1).
_PASSES = ((1, (0,)), (-1, (1,))) * 3 + ((1, (0, 1)), (-1, (0, 1))) * 3


class Layout:
    """Places for nodes of given sizes and for the edges between them.

    sizes  (width, height) of each node, in pixels
    edges  (source, target, label): two indices into `sizes`, and the label's (width, height) or
           None. Edges arrive at a node from left to right in this order, where nothing is lost
           by it.
    within leaves move up out of rows that are wider than this

    places         (x, y) of the middle of each node
    labels         for each edge (x, y) of the middle of its label, or None
    routes         for each edge the points it passes, from the lower side of its source, through
                   the middle of its label, to the upper side of its target: see `path`
    width, height  of the whole

    Raises ValueError where edges go round in a circle.

    >>> plan = Layout([(60, 40), (60, 40), (60, 40)], [(0, 2, (20, 12)), (1, 2, (20, 12))])
    >>> plan.places, plan.labels
    ([(32.0, 22.0), (106.0, 22.0), (69.0, 97.0)], [(50.5, 56.0), (87.5, 56.0)])
    >>> plan.routes[0]
    [(50.5, 42.0), (50.5, 77.0)]
    """

    def __init__(
        self, sizes: "Iterable[Point]", edges: "Iterable[Edge]", within: float = 380.0
    ) -> None:
        sizes = list(sizes)
        edges = list(edges)
        nodes = len(sizes)
        height = _heights(nodes, edges)
        _narrow(height, sizes, edges, within)
        row = [max(height) - h for h in height]
        rows: list[list[int]] = [[] for _ in range(max(height + [0]) + 1)]
        for node in range(nodes):
            rows[row[node]].append(node)
        chains, titles = _chains(sizes, edges, row, rows)
        above: list[list[int]] = [[] for _ in sizes]
        below: list[list[int]] = [[] for _ in sizes]
        for chain in chains:
            for i in range(1, len(chain)):
                above[chain[i]].append(chain[i - 1])
                below[chain[i - 1]].append(chain[i])
        rows = _untangle(rows, above, below, [chain[1:-1] for chain in chains])
        x = _columns(rows, above, below, sizes, nodes)
        for chain in chains:
            _straighten(chain, rows, row, x, sizes)

        left = min([x[c] - sizes[c][0] / 2 for c in range(len(x))] + [0.0]) if x else 0.0
        x = [round(place - left + MARGIN, 1) for place in x]
        self.width = max([x[c] + sizes[c][0] / 2 for c in range(len(x))] + [0.0]) + MARGIN
        tops, bottoms = _levels(rows, below, x, sizes, nodes)
        self.height = bottoms[-1] + MARGIN

        def middle(cell: int) -> "Point":
            return x[cell], (tops[row[cell]] + bottoms[row[cell]]) / 2

        self.places: list[Point] = [middle(node) for node in range(nodes)]
        self.labels: list[Point | None] = [t if t is None else middle(t) for t in titles]
        starts = _ports(nodes, chains, 0, 1, x, sizes)
        ends = _ports(nodes, chains, -1, -2, x, sizes)
        self.routes: list[list[Point]] = []
        for edge, chain in enumerate(chains):
            source, target = chain[0], chain[-1]
            points = [(starts[edge], self.places[source][1] + sizes[source][1] / 2)]
            points.append((starts[edge], bottoms[row[source]]))
            for cell in chain[1:-1]:
                points.append((x[cell], tops[row[cell]]))
                points.append((x[cell], bottoms[row[cell]]))
            points.append((ends[edge], tops[row[target]]))
            points.append((ends[edge], self.places[target][1] - sizes[target][1] / 2))
            self.routes.append(_without_idle(points))


def path(route: "list[Point]", hole: "Point | None" = None) -> str:
    """The `d` of an SVG path along a route, interrupted between two heights: at its label.

    Sideways it moves along curves that begin and end upright, which keep clear of all boxes.

    >>> path([(10, 0), (10, 20), (30, 40)], hole=(5, 15))
    'M10 0V5M10 15V20C10 30 30 30 30 40'
    """
    x, y = route[0]
    parts = ["M%g %g" % (x, y)]
    for x2, y2 in route[1:]:
        if x2 == x:
            if hole and y <= hole[0] and hole[1] <= y2:
                parts.append("V%gM%g %g" % (hole[0], x, hole[1]))
            parts.append("V%g" % y2)
        else:
            half = (y + y2) / 2
            parts.append("C%g %g %g %g %g %g" % (x, half, x2, half, x2, y2))
        x, y = x2, y2
    return "".join(parts)


def _without_idle(points: "list[Point]") -> "list[Point]":
    """The points without those where an upright line merely goes on."""
    kept = [points[0]]
    for i, point in enumerate(points[1:], 1):
        if point == kept[-1]:
            continue
        if i + 1 < len(points) and kept[-1][0] == point[0] == points[i + 1][0]:
            continue
        kept.append(point)
    return kept


# Rows


def _heights(nodes: int, edges: "list[Edge]") -> "list[int]":
    """How many rows each node is above the lowest; rows of labels, the odd ones, count.

    Just above the highest that uses it, or more if that makes edges shorter.
    """
    sources: list[list[int]] = [[] for _ in range(nodes)]
    uses = [0] * nodes
    for source, target, _ in edges:
        sources[target].append(source)
        uses[source] += 1
    waiting = list(uses)
    height = [0] * nodes
    order = [node for node in range(nodes) if not uses[node]]
    for node in order:  # which grows meanwhile
        for source in sources[node]:
            height[source] = max(height[source], height[node] + 2)
            waiting[source] -= 1
            if not waiting[source]:
                order.append(source)
    if len(order) < nodes:
        raise ValueError("edges that go round in a circle have no layout; a graph must have none")
    # A leaf that is used once goes where its user goes.
    anchors = [[s for s in sources[node] if sources[s] or uses[s] > 1] for node in range(nodes)]
    moved = True
    while moved:
        moved = False
        for node in order:
            if len(anchors[node]) > uses[node]:
                highest = min([height[source] for source in anchors[node]]) - 2
                if highest > height[node]:
                    height[node] = highest
                    moved = True
    for node in order:
        for source in sources[node]:
            if source not in anchors[node]:
                height[source] = height[node] + 2
    return height


def _narrow(height: "list[int]", sizes: "list[Point]", edges: "list[Edge]", within: float) -> None:
    """Lift leaves out of rows that are too wide, every second one first."""
    inner = {target for _, target, _ in edges}
    level = 0
    while level <= max(height + [0]):
        cells = [node for node in range(len(height)) if height[node] == level]
        passing = [1 for source, target, _ in edges if height[source] > level > height[target]]
        width = sum([sizes[node][0] + APART for node in cells]) + APART * len(passing)
        leaves = [node for node in cells if node not in inner]
        for leaf in (leaves[::2] + leaves[1::2])[: len(cells) - 1]:
            if width - APART > within:
                width -= sizes[leaf][0]
                height[leaf] += 2
        level += 2


def _chains(
    sizes: "list[Point]", edges: "list[Edge]", row: "list[int]", rows: "list[list[int]]"
) -> "tuple[list[list[int]], list[int | None]]":
    """For each edge the cells it passes, ends included, and the cell of its label, if it has one.

    The new cells are added to sizes, row and rows. A label goes to the narrowest row.
    """
    taken = [sum([sizes[node][0] + APART for node in cells]) for cells in rows]
    chains: list[list[int]] = [[] for _ in edges]
    titles: list[int | None] = [None] * len(edges)
    length = [row[target] - row[source] for source, target, _ in edges]
    for edge in sorted(range(len(edges)), key=lambda edge: (length[edge], edge)):
        source, target, label = edges[edge]
        first, last = row[source] + 1, row[target] - 1
        titled = min(range(last, first - 1, -2), key=lambda r: taken[r]) if label else -1
        chain = [source]
        for r in range(first, last + 1):
            size = label if label and r == titled else (0.0, 0.0)
            if r == titled:
                titles[edge] = len(sizes)
            chain.append(len(sizes))
            rows[r].append(len(sizes))
            row.append(r)
            sizes.append(size)
            taken[r] += size[0] + APART
        chain.append(target)
        chains[edge] = chain
    return chains, titles


# The order in each row


def _untangle(
    rows: "list[list[int]]",
    above: "list[list[int]]",
    below: "list[list[int]]",
    chains: "list[list[int]]",
) -> "list[list[int]]":
    """The rows, ordered such that few edges cross: the best of some attempts."""
    position = [0] * len(above)
    best: list[list[int]] = []
    fewest = -1
    for left_first in (True, False):
        rows = _first_order(rows, above, below, left_first)
        for cells in rows:
            _number(cells, position)
        for sweep in range(_SWEEPS):
            if sweep:
                downwards = sweep % 2 == 1
                beside = above if downwards else below
                for cells in rows if downwards else reversed(rows):
                    # A key for each cell that no other has: MicroPython's sort is not stable.
                    keys = [
                        (_mean(beside[cell] or [cell], position), i, cell)
                        for i, cell in enumerate(cells)
                    ]
                    cells[:] = [key[2] for key in sorted(keys)]
                    _number(cells, position)
                for ties in (0, 1, 0):
                    for _ in range(4):
                        if not _swap(rows, position, above, below, ties):
                            break
            crossings = _crossings(rows, position, below)
            if fewest < 0 or crossings < fewest:
                best, fewest = [list(cells) for cells in rows], crossings
            if not fewest:
                return best
    # What swaps of neighbors do not find: a long edge that had better go around all others.
    for chain in [chain for chain in chains if len(chain) > 1]:
        for left in (True, False):
            rows = []
            for cells in best:
                inside = [cell for cell in cells if cell not in chain]
                aside = [cell for cell in cells if cell in chain]
                rows.append(aside + inside if left else inside + aside)
                _number(rows[-1], position)
            crossings = _crossings(rows, position, below)
            if crossings < fewest:
                best, fewest = rows, crossings
    return best


def _first_order(
    rows: "list[list[int]]", above: "list[list[int]]", below: "list[list[int]]", left_first: bool
) -> "list[list[int]]":
    """Each row in the order in which its cells are met on the way up from the result."""
    ordered: list[list[int]] = [[] for _ in rows]
    row = {cell: r for r, cells in enumerate(rows) for cell in cells}
    stack = [cell for cell in range(len(above)) if not below[cell]]
    stack.reverse()
    seen = set()
    while stack:
        cell = stack.pop()
        if cell not in seen:
            seen.add(cell)
            ordered[row[cell]].append(cell)
            stack.extend(reversed(above[cell]) if left_first else above[cell])
    return ordered


def _number(cells: "list[int]", position: "list[int]") -> None:
    for i, cell in enumerate(cells):
        position[cell] = i


def _mean(cells: "list[int]", position: "list[int]") -> float:
    return sum([position[cell] for cell in cells]) / len(cells)


def _crossings(rows: "list[list[int]]", position: "list[int]", below: "list[list[int]]") -> int:
    """How many pairs of edges cross."""
    total = 0
    for cells in rows:
        ends: list[int] = []  # where the edges so far arrive, in order
        for cell in cells:
            arrivals = sorted([position[lower] for lower in below[cell]])
            for end in arrivals:
                i = len(ends)
                while i and ends[i - 1] > end:
                    i -= 1
                total += len(ends) - i
                ends.insert(i, end)
    return total


def _swap(
    rows: "list[list[int]]",
    position: "list[int]",
    above: "list[list[int]]",
    below: "list[list[int]]",
    ties: int,
) -> bool:
    """Exchange neighbors where fewer edges cross then; whether there were any."""
    swapped = False
    for cells in rows:
        for i in range(len(cells) - 1):
            a, b = cells[i], cells[i + 1]
            saved = 0
            for beside in (above, below):
                for p in beside[a]:
                    for q in beside[b]:
                        saved += (position[p] > position[q]) - (position[p] < position[q])
            if saved + ties > 0:
                cells[i], cells[i + 1] = b, a
                position[a], position[b] = i + 1, i
                swapped = swapped or saved > 0
    return swapped


# Places along the rows


def _columns(
    rows: "list[list[int]]",
    above: "list[list[int]]",
    below: "list[list[int]]",
    sizes: "list[Point]",
    nodes: int,
) -> "list[float]":
    """x of the middle of each cell: as near to the cells it is joined to as the others let it."""
    x = [0.0] * len(sizes)
    gaps = [_gaps(cells, sizes) for cells in rows]
    sides = (above, below)
    downwards = list(range(len(rows)))
    for r in downwards:
        same = [0.0] * len(rows[r])
        for cell, place in zip(rows[r], _settle(same, [1.0] * len(same), gaps[r])):
            x[cell] = place
    # At first each row looks at the one before it only, which brings far ones into line.
    for step, looks in _PASSES:
        for r in downwards[::step]:
            wanted, weights = [], []
            for cell in rows[r]:
                pull, weight = 1e-3 * x[cell], 1e-3
                for look in looks:
                    for other in sides[look][cell]:
                        # What joins two places of one edge is to be upright before all else.
                        strength = 1.0 if cell < nodes or other < nodes else 8.0
                        pull += strength * x[other]
                        weight += strength
                wanted.append(pull / weight)
                weights.append(weight)
            for cell, place in zip(rows[r], _settle(wanted, weights, gaps[r])):
                x[cell] = place
    return x


def _gaps(cells: "list[int]", sizes: "list[Point]") -> "list[float]":
    """How far the middle of each cell has to be from that of the cell before it."""
    halves = [sizes[cell][0] / 2 for cell in cells]
    return [0.0] + [halves[i - 1] + APART + halves[i] for i in range(1, len(cells))]


def _settle(wanted: "list[float]", weights: "list[float]", apart: "list[float]") -> "list[float]":
    """The places next to those wanted (weighted least squares) that keep apart.

    Cells that would come too near to each other form a block, which stands where its cells want to
    be on average.
    """
    blocks: list[list[float]] = []  # sum of weight × place, weight, number of cells
    offset = 0.0
    for place, weight, gap in zip(wanted, weights, apart):
        offset += gap
        block = [weight * (place - offset), weight, 1]
        while blocks and blocks[-1][0] * block[1] >= block[0] * blocks[-1][1]:
            before = blocks.pop()
            block = [before[i] + block[i] for i in range(3)]
        blocks.append(block)
    places: list[float] = []
    offset = 0.0
    for pull, weight, cells in blocks:
        for _ in range(int(cells)):
            offset += apart[len(places)]
            places.append(pull / weight + offset)
    return places


def _straighten(
    chain: "list[int]",
    rows: "list[list[int]]",
    row: "list[int]",
    x: "list[float]",
    sizes: "list[Point]",
) -> None:
    """Put the cells of one edge one below the other, as far as their neighbors leave room."""
    cells = chain[1:-1]
    while cells:
        low, high = _room(cells[0], rows[row[cells[0]]], x, sizes)
        run = 1
        while run < len(cells):
            narrower = _meet(low, high, *_room(cells[run], rows[row[cells[run]]], x, sizes))
            if narrower[0] > narrower[1]:
                break
            low, high = narrower
            run += 1
        for end in (chain[0], chain[-1]):  # if there is a choice, in line with the ends too
            reach = _reach(sizes[end])
            narrower = _meet(low, high, x[end] - reach, x[end] + reach)
            if narrower[0] <= narrower[1]:
                low, high = narrower
        place = sum([x[cell] for cell in cells[:run]]) / run
        for cell in cells[:run]:
            x[cell] = min(max(place, low), high)
        cells = cells[run:]


def _meet(low: float, high: float, low2: float, high2: float) -> "tuple[float, float]":
    return max(low, low2), min(high, high2)


def _room(
    cell: int, cells: "list[int]", x: "list[float]", sizes: "list[Point]"
) -> "tuple[float, float]":
    """Between which x a cell may be moved; its own is always among them."""
    i = cells.index(cell)
    low, high = -1e9, 1e9
    if i:
        low = x[cells[i - 1]] + _gaps(cells[i - 1 : i + 1], sizes)[1]
    if i + 1 < len(cells):
        high = x[cells[i + 1]] - _gaps(cells[i : i + 2], sizes)[1]
    return min(low, x[cell]), max(high, x[cell])


def _reach(size: "Point") -> float:
    """How far from the middle of a node's side an edge may begin or end."""
    return max(size[0] / 2 - INSET, size[0] / 4)


def _ports(
    nodes: int,
    chains: "list[list[int]]",
    end: int,
    beside: int,
    x: "list[float]",
    sizes: "list[Point]",
) -> "list[float]":
    """Where along the side of its node each edge begins or ends: near its next cell, and apart."""
    ports = [0.0] * len(chains)
    of: list[list[int]] = [[] for _ in range(nodes)]
    for edge, chain in enumerate(chains):
        of[chain[end]].append(edge)
    for node in range(nodes):
        edges = sorted(of[node], key=lambda edge: x[chains[edge][beside]])
        if edges:
            reach = _reach(sizes[node])
            apart = [0.0] + [min(APART, 2 * reach / len(edges))] * (len(edges) - 1)
            wanted = [x[chains[edge][beside]] for edge in edges]
            low, high = x[node] - reach, x[node] + reach - sum(apart)
            offset = 0.0
            for i, place in enumerate(_settle(wanted, [1.0] * len(edges), apart)):
                offset += apart[i]
                ports[edges[i]] = round(min(max(place - offset, low), high) + offset, 1)
    return ports


# Places down the page


def _levels(
    rows: "list[list[int]]",
    below: "list[list[int]]",
    x: "list[float]",
    sizes: "list[Point]",
    nodes: int,
) -> "tuple[list[float], list[float]]":
    """Upper and lower end of each row. Where an edge goes far to the side, there is more room."""
    tops: list[float] = []
    bottoms: list[float] = []
    y = MARGIN
    for r, cells in enumerate(rows):
        tops.append(y)
        y += max([sizes[cell][1] for cell in cells] + [0.0])
        bottoms.append(y)
        farthest = 0.0
        for cell in cells:
            for lower in below[cell]:
                aside = abs(x[cell] - x[lower])
                for end in (cell, lower):
                    if end < nodes:
                        aside -= _reach(sizes[end])
                farthest = max(farthest, aside)
        y += GAP + ARROW * (r % 2) + round(0.12 * farthest, 1)
    return tops, bottoms
