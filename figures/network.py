"""A network of layers learns to tell two kinds of points apart, while one watches."""

import math

from autograd.nn import Generator
from figures.parts import steps
from figures.parts.axes import Frame, top
from figures.parts.controls import Choice, Entry, Slider
from figures.parts.last import Last
from figures.parts.network import PIECE, WIDTH, Beginning, Run
from figures.parts.text import WAIT, out, show, words

TITLE = "A network in training: what it says of the plane, its loss, its gradients layer by layer"
LAST = 200
LONGEST = 90  # letters of edits
STATE = {
    "data": "circles", "depth": 2, "activation": "tanh", "init": "xavier",
    "lr": 1.0, "batch": 16, "seed": 1, "hand": "look", "edits": "", "updates": LAST,
}  # fmt: skip
CONTROLS = (
    Choice(
        "data",
        "points",
        (
            ("blobs", "two heaps"),
            ("circles", "a ring"),
            ("xor", "a chessboard"),
            ("spiral", "two spirals"),
        ),
    ),
    Choice("activation", "activation", [(name, name) for name in ("tanh", "sigmoid", "relu")]),
    Choice(
        "init",
        "first weights",
        (
            ("xavier", "as Glorot and Bengio"),
            ("he", "as He and others"),
            ("small", "small"),
            ("large", "large"),
            ("zeros", "all zero"),
        ),
    ),
    Slider("depth", "hidden layers", 1, 6, 1),
    Slider("lr", "learning rate lr", 0.01, 10.0, 0.02, log=True),
    Slider("batch", "samples in a batch", 1, 60, 1, group="Batch and seed"),
    Slider("seed", "seed", 1, 20, 1, group="Batch and seed"),
    Choice(
        "hand",
        "a press on the plane",
        (
            ("look", "does nothing"),
            ("one", "adds a dot"),
            ("zero", "adds a ring"),
            ("take", "takes points away"),
        ),
    ),
    Entry("edits", LONGEST),
)  # fmt: skip
CONTROLS += steps.BUTTONS + (Slider("updates", "updates done", 0, LAST, PIECE, scrub=True),)
BEAT = 100

SIDE = 3.0  # the plane goes from -3 to 3 both ways
CELLS = 12
CELL = 2 * SIDE / CELLS
LETTERS = "abcdefghijkl"
MARKS = {"one": "1", "zero": "0", "take": "x"}
SAMPLES = 60
LEVELS = 8  # shades of what the network says
PLANE = Frame((-SIDE, SIDE), (-SIDE, SIDE), 216, 218)
CENTERS = [-SIDE + CELL * (i + 0.5) for i in range(CELLS)]
GRID = [[x, y] for y in CENTERS for x in CENTERS]
LOWEST, HIGHEST = -8, 2  # powers of ten for the size of a gradient
SIZES = [
    Frame(
        (0.5, layers + 0.5),
        (LOWEST, HIGHEST),
        216,
        218,
        [(i, str(i)) for i in range(1, layers + 1)],
    )
    for layers in range(2, 8)
]


# --- The points ----------------------------------------------------------------------------------


def blobs(i, draw):
    sign = 1 if i % 2 else -1
    return sign * 1.1 + draw(-0.9, 0.9) + draw(-0.6, 0.6), sign * 0.8 + draw(-1.5, 1.5)


def circles(i, draw):
    far = draw(0.0, 1.1) if i % 2 else draw(1.8, 2.8)
    turn = draw(0.0, 2 * math.pi)
    return far * math.cos(turn), far * math.sin(turn)


def xor(i, draw):
    x, y = draw(0.2, 2.7), draw(0.2, 2.7)
    if i % 4 > 1:
        x, y = -x, -y
    return (x, y) if i % 2 else (x, -y)


def spiral(i, draw):
    along = (i // 2 + 1) / (SAMPLES / 2)
    turn = 4.2 * along + (math.pi if i % 2 else 0.0)
    return 2.7 * along * math.cos(turn), 2.7 * along * math.sin(turn)


PRESETS = {"blobs": blobs, "circles": circles, "xor": xor, "spiral": spiral}


def points_of(data, edits):
    """Return the points (x, y, class): those of a preset, as the reader has edited them.

    An edit is three letters, what was done, column and row: "1cf" adds a point of class 1 there.
    """
    draw = Generator(5).uniform
    points = [PRESETS[data](i, draw) + (i % 2,) for i in range(SAMPLES)]
    for at in range(0, len(edits) - 2, 3):
        what, column, row = edits[at : at + 3]
        if column not in LETTERS or row not in LETTERS:
            continue
        x, y = CENTERS[LETTERS.index(column)], CENTERS[LETTERS.index(row)]
        if what in "01":
            points.append((x, y, int(what)))
        elif what == "x":
            left = [p for p in points if abs(p[0] - x) > CELL / 2 or abs(p[1] - y) > CELL / 2]
            points = left or points
    return points


# --- The training --------------------------------------------------------------------------------

points = Last(points_of)
beginning = Last(lambda data, edits, *settings: Beginning(points(data, edits), *settings), 4)
training = Last(lambda lr, batch, *settings: Run(beginning(*settings), lr, batch), 4)


def run_of(state):
    keys = ("lr", "batch", "data", "edits", "depth", "activation", "init", "seed")
    return training(*[state[key] for key in keys])


def on_the_way(state):
    return dict(state, updates=run_of(state).nearer(state["updates"]))


def sketch(state):
    run = run_of(state)
    if run.begun:
        return None
    loss, outputs, sizes, flat = run.beginning.glance(state["batch"], GRID)
    return _drawing(dict(state, updates=0), run.points, [loss], outputs, sizes, flat)


def press(state, what):
    if what[:3] == "at:":
        if len(what) == 5 and state["hand"] in MARKS:
            edits = state["edits"] + MARKS[state["hand"]] + what[3:]
            return dict(state, edits=edits) if len(edits) <= LONGEST else state
        return state
    if what == "undo":
        return dict(state, edits="")
    if what in ("step", "back"):
        by = PIECE if what == "step" else -PIECE
        return dict(state, updates=min(max(state["updates"] + by, 0), LAST))
    return steps.press(state, what, "updates", LAST)


def tick(state):
    return press(state, "step")


# --- The drawing ---------------------------------------------------------------------------------


def draw(state):
    run = run_of(state)
    done = state["updates"]
    run.go(done)
    losses = run.losses[: done + 1]
    return _drawing(state, run.points, losses, run.outputs(GRID), run.sizes(), run.flat())


def _drawing(state, points, losses, outputs, sizes, flat):
    """Return the drawing; where `outputs`, `sizes` or `flat` is None it shows the rest of it."""
    done = state["updates"]
    right, said, kind, verdict = WAIT, UNLEARNED, "wait", "?"
    if outputs:
        sides = [(z > 0) == (point[2] == 1) for z, point in zip(outputs[len(GRID) :], points)]
        right = out("right", sum(sides))
    if sizes:
        said = _words(sizes, done)
        kind, verdict = _verdict(sizes, flat, losses, state["activation"])
    return (
        '<div class="lf-progress"><progress max="%d" value="%d" aria-label="updates done">'
        "</progress><span>%s updates · loss %s · %s of %s points on their side</span></div>"
        '<div class="lf-charts">%s%s%s</div>%s<div class="lf-split lf-top">%s'
        '<div class="lf-beside">%s<p class="lf-verdict lf-%s">%s</p></div></div>'
        % (
            LAST, done, out("updates", done), out("loss", losses[-1]),
            right, out("points", len(points)),
            _plane(points, outputs, state["hand"] != "look"), _curve(losses),
            _sizes(sizes, state["depth"]), LEGEND % _undo(state["edits"]),
            _table(sizes, flat, state), words(said), kind, verdict,
        )
    )  # fmt: skip


LEGEND = (
    '<p class="lf-legend"><span class="lf-value">the more of it, the surer the network that a dot'
    ' is there</span><span class="lf-downstream">gradients</span>'
    '<span class="lf-ink">the points: dots and rings</span>%s</p>'
)
UNLEARNED = "Nothing is learned yet."


def _undo(edits):
    """Return the button that takes back the edits, and says so when there is room for no more."""
    full = "No more edits: " if len(edits) == LONGEST else ""
    return edits and '<button type="button" data-press="undo">%sPoints as they were</button>' % full


def _plane_of(points, outputs, hand):
    """Return the points, the shade that the network gives to each cell, and its boundary."""
    at = [PLANE.x(-SIDE + CELL * i) for i in range(CELLS + 1)]
    up = [PLANE.y(-SIDE + CELL * i) for i in range(CELLS + 1)]
    inside = _says(outputs, at, up) + PLANE.line(_boundary(outputs), "value") if outputs else ""
    inside += PLANE.dots(PLANE.places([point[:2] for point in points]), "ink")
    rings = [point[:2] for point in points if point[2] == 0]
    inside += PLANE.dots(PLANE.places(rings), "hole")
    if hand:
        inside += "".join(
            [
                '<rect class="lf-cell" data-press="at:%s%s" aria-label="column %s, row %s" x="%d"'
                ' y="%d" width="%d" height="%d"/>'
                % (
                    LETTERS[column], LETTERS[row], LETTERS[column], LETTERS[row], at[column],
                    up[row + 1], at[column + 1] - at[column], up[row] - up[row + 1],
                )
                for row in range(CELLS)
                for column in range(CELLS)
            ]
        )  # fmt: skip
    said = "The points, and where the network expects dots."
    return PLANE.draw(inside, "x₁", "x₂", said, role="group" if hand else "img")


_plane = Last(_plane_of)  # which a drag of the learning rate begins from again and again


def _says(outputs, at, up):
    """Return the shade that the network gives to each cell; its sides are at these places."""
    shades = [[] for _ in range(LEVELS)]
    for i in range(CELLS * CELLS):
        p = 1.0 / (1.0 + math.exp(-min(max(outputs[i], -30.0), 30.0)))
        column, row = i % CELLS, i // CELLS
        level = int(p * LEVELS) if p == p else 0
        if level:
            shades[min(level, LEVELS - 1)].append("M%d %dv%dh%dv%d" % (
                at[column], up[row], up[row + 1] - up[row], at[column + 1] - at[column],
                up[row] - up[row + 1],
            ))  # fmt: skip
    return "".join(
        [
            '<path class="lf-shade" fill-opacity="%s" d="%s"/>'
            % (show(0.09 * level), "".join(cells))
            for level, cells in enumerate(shades)
            if level
        ]
    )


def _boundary(outputs):
    """Return the line on which the output is 0, between the centers of the cells: its places.

    In each square of four centers it runs from side to side; None stands between two pieces.
    """
    places = []
    for i in range(CELLS * (CELLS - 1)):
        if i % CELLS == CELLS - 1:
            continue
        corners = (i, i + 1, i + CELLS + 1, i + CELLS)
        signs = [outputs[k] > 0 for k in corners]
        if signs[0] == signs[1] == signs[2] == signs[3]:
            continue
        cut = []
        for k in range(4):
            if signs[k] != signs[k - 3]:
                one, two = corners[k], corners[k - 3]
                part = outputs[one] / (outputs[one] - outputs[two])
                (x, y), (to_x, to_y) = GRID[one], GRID[two]
                cut.append((x + part * (to_x - x), y + part * (to_y - y)))
        for k in range(0, len(cut), 2):
            places += PLANE.places(cut[k : k + 2]) + [None]
    return places


def _curve(losses):
    """Return the loss of each batch before its update."""
    end = top(losses)
    frame = Frame((0, 1.04 * LAST), (-0.04 * end, 1.04 * end), 216, 218)
    places = frame.places(enumerate(losses))
    inside = frame.line(places, "value lf-fine") + frame.dot(places[-1], "value")
    return frame.draw(inside, "updates", "loss", "The loss of each batch before its update.")


def _sizes(sizes, depth):
    """Return the size of the gradient, layer by layer, in powers of ten."""
    frame = SIZES[depth - 1]
    places = frame.places([(i, _power(size)) for i, size in enumerate(sizes or [], 1)])
    inside = frame.line(places, "downstream") + frame.dots(places, "downstream lf-large")
    said = "The size of the gradient in each layer, as a power of ten."
    return frame.draw(inside, "layer", "log₁₀ of the gradient's size", said)


def _power(size):
    """Return the power of ten that a size is, -inf for none at all."""
    return math.log10(size) if size > 0 else size - math.inf


def _table(sizes, flat, state):
    rows = []
    for layer in range(1, state["depth"] + 2):
        size = step = share = still = WAIT
        if sizes:
            size = out("size:%d" % layer, sizes[layer - 1], "downstream")
            step = '<span class="lf-downstream" data-value="step:%d">%.3g</span>' % (
                layer,
                state["lr"] * sizes[layer - 1],
            )
        if layer > state["depth"]:
            cells = '<td class="lf-wait">output</td><td></td>'
        else:
            if flat:
                share = out("flat:%d" % layer, float(round(100 * flat[layer - 1][0])), "local")
                still = out("dead:%d" % layer, flat[layer - 1][1], "local")
            cells = "<td>%s %%</td><td>%s of %d</td>" % (share, still, WIDTH)
        rows.append("<tr><th>%d</th><td>%s</td><td>%s</td>%s</tr>" % (layer, size, step, cells))
    return (
        '<table class="lf-table lf-layers"><thead><tr><th>layer</th><th>gradient</th><th>step</th>'
        "<th>flat</th><th>dead</th></tr></thead><tbody>%s</tbody></table>" % "".join(rows)
    )


def _ratio(sizes):
    """Return how many times as large the first layer's gradient is as the last one's."""
    return sizes[0] / sizes[-1] if sizes[-1] else math.nan


def _words(sizes, done):
    """Return how the gradient has changed on its way back."""
    if not done:
        return UNLEARNED + " " + _change(sizes)
    return _change(sizes)


def _change(sizes):
    ratio = _ratio(sizes)
    if ratio != ratio:
        return "No gradient comes back from the output: there is nothing to learn from."
    said = "On its way from the last layer to the first the gradient has become %s times as %s."
    if ratio < 1:
        return said % (out("ratio", 1 / ratio if ratio else math.inf, "downstream"), "small")
    return said % (out("ratio", ratio, "downstream"), "large")


def _verdict(sizes, flat, losses, activation):
    """Return (class, sentence): what is wrong with this network, if anything is."""
    ratio = _ratio(sizes)
    dead = [still for _, still in flat]
    if losses[-1] - losses[-1] != 0 or max(sizes) > 100:
        return "bad", "Exploding: the numbers grow beyond all use."
    if max(dead) == WIDTH:
        layer = dead.index(WIDTH) + 1
        return "bad", "Dead: in layer %d no neuron lets a gradient through." % layer
    if not ratio >= 0.001:
        return "bad", "Vanishing: almost nothing arrives at the first layer."
    if activation == "relu" and 2 * max(dead) >= WIDTH:
        layer = dead.index(max(dead)) + 1
        return "slow", "Half dead: much of layer %d takes no part in learning." % layer
    if activation != "relu" and max(flat)[0] > 0.5:
        layer = flat.index(max(flat)) + 1
        return "slow", "Saturated: layer %d mostly works where its activation is flat." % layer
    if ratio < 0.03:
        return "slow", "Fading: little arrives at the first layer."
    if ratio > 30:
        return "slow", "Swelling: the gradient grows on its way back."
    return "good", "Sound: the gradient arrives."
