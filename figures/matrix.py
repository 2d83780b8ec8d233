"""A product of matrices, number by number: which made which, and what flows back to each."""

from autograd import Variable
from autograd.history import gradients
from figures.parts.controls import Button, Choice, Slider
from figures.parts.last import Last
from figures.parts.text import out, show, words

TITLE = "A layer for two samples: Z = X W + b, cell by cell"
ROWS, INNER, COLUMNS = 2, 3, 2
FIRST = {
    "x11": 1.0, "x12": 2.0, "x13": -1.0, "x21": 2.0, "x22": 1.0, "x23": 3.0,
    "w11": 0.5, "w12": -1.0, "w21": 1.0, "w22": 0.5, "w31": -0.5, "w32": 1.0,
    "b1": 0.5, "b2": -0.5,
}  # fmt: skip
Z = [("z%d%d" % (i + 1, j + 1)) for i in range(ROWS) for j in range(COLUMNS)]
CELLS = sorted(FIRST) + Z
STATE = dict(FIRST, cell="w21")


def name(cell):
    """Return the name of a cell as it is written: x₁₂."""
    return cell[0] + "".join(["₀₁₂₃"[int(digit)] for digit in cell[1:]])


CONTROLS: "tuple[object, ...]" = tuple(
    [
        Slider(key, name(key), -5, 5, 0.5, group="Change " + matrix)
        for matrix in ("X", "W", "b")
        for key in sorted(FIRST)
        if key[0] == matrix.lower()
    ]
)
CONTROLS += (
    Choice("cell", "cell", [(cell, cell) for cell in CELLS], hidden=True),
    Button("reset", "Reset"),
)
BEAT = 0


def compute(*numbers):
    """Return {cell: value} and {cell: gradient}; the loss is the sum of the squares of Z."""
    keys = sorted(FIRST)
    of = {key: Variable(n, requires_grad=True) for key, n in zip(keys, numbers)}
    loss = None
    for z in Z:
        i, j = z[1], z[2]
        total = of["b" + j]
        for k in range(1, INNER + 1):
            total = total + of["x%s%d" % (i, k)] * of["w%d%s" % (k, j)]
        of[z] = total
        loss = total * total if loss is None else loss + total * total
    grads = gradients([loss], [of[cell] for cell in CELLS])
    values = {cell: of[cell].item() for cell in CELLS}
    values["loss"] = loss.item()
    return values, {cell: grad.item() for cell, grad in zip(CELLS, grads)}


last_computed = Last(compute)


def forward_terms(cell):
    """Return the pairs of cells whose products made a cell of Z."""
    return [("x%s%d" % (cell[1], k), "w%d%s" % (k, cell[2])) for k in range(1, INNER + 1)]


def backward_terms(cell):
    """Return pairs (other factor, cell of Z): the products that flow back to a cell."""
    if cell[0] == "w":
        return [("x%d%s" % (i, cell[1]), "z%d%s" % (i, cell[2])) for i in range(1, ROWS + 1)]
    if cell[0] == "x":
        return [("w%s%d" % (cell[2], j), "z%s%d" % (cell[1], j)) for j in range(1, COLUMNS + 1)]
    return [(None, "z%d%s" % (i, cell[1])) for i in range(1, ROWS + 1)]


def draw(state):
    values, grads = last_computed(*[state[key] for key in sorted(FIRST)])
    cell = state["cell"]
    if cell[0] == "z":
        made = [one for pair in forward_terms(cell) for one in pair] + ["b" + cell[2]]
        back = [cell]
    else:
        pairs = backward_terms(cell)
        made = [other for other, _ in pairs if other]
        back = [z for _, z in pairs]
    rows = []
    for k in range(1, INNER + 1):
        rows.append([""] * INNER + ["W" if k == 2 else ""] + ["w%d%d" % (k, j) for j in (1, 2)])
    rows.append([""] * INNER + ["b", "b1", "b2"])
    for i in range(1, ROWS + 1):
        row = ["x%d%d" % (i, k) for k in range(1, INNER + 1)]
        rows.append(row + ["X Z" if i == 1 else ""] + ["z%d%d" % (i, j) for j in (1, 2)])
    body = "".join(
        [
            "<tr>%s</tr>" % "".join([_td(one, cell, made, back, values, grads) for one in row])
            for row in rows
        ]
    )
    return (
        '<div class="lf-split"><table class="lf-matrix"><tbody>%s</tbody></table>'
        '<div class="lf-beside">%s<p class="lf-product">loss = sum of all z² = %s</p>%s</div></div>'
        % (body, LEGEND, out("loss", values["loss"]), words(_words(cell, values, grads)))
    )


LEGEND = (
    '<p class="lf-legend"><span class="lf-value">above: the value</span>'
    '<span class="lf-downstream">below: its gradient</span></p>'
)


def _td(cell, pressed, made, back, values, grads):
    """Return one field of the table: a cell to press, a name, or nothing."""
    if cell not in grads:
        return "<th>%s</th>" % cell if cell else "<td></td>"
    marks = ""
    if cell in made:
        marks += " lf-made"
    if cell in back:
        marks += " lf-back"
    if cell == pressed:
        marks += " lf-pressed"
    return (
        '<td><div class="lf-box%s" data-press="%s"><i>%s: </i>%s<i> gradient </i>%s</div></td>'
        % (
            marks,
            cell,
            cell,
            out("value:" + cell, values[cell]),
            out("grad:" + cell, grads[cell], "downstream"),
        )
    )


def _factor(text):
    return "(%s)" % text if text[0] == "-" else text


def _words(cell, values, grads):
    """Return where the number comes from, and what flows back to it."""
    grad = out("grad:" + cell, grads[cell], "downstream")
    if cell[0] == "z":
        terms = [
            "%s × %s" % (_factor(show(values[x])), _factor(show(values[w])))
            for x, w in forward_terms(cell)
        ]
        terms.append(_factor(show(values["b" + cell[2]])))
        return (
            "%s is row %s of X times column %s of W, plus %s: %s = %s. The loss has its square, so"
            " twice that, %s, flows back to it."
            % (
                name(cell), cell[1], cell[2], name("b" + cell[2]), " + ".join(terms),
                out("value:" + cell, values[cell]), grad,
            )
        )  # fmt: skip
    terms = [
        ("%s × %s" % (_factor(show(values[other])), _factor(show(grads[z]))))
        if other
        else _factor(show(grads[z]))
        for other, z in backward_terms(cell)
    ]
    why = {
        "w": "%s is used once for each sample, each time beside a number of column %s of X"
        % (name(cell), cell[1]),
        "x": "%s is used once for each column of W, beside a number of its row %s"
        % (name(cell), cell[-1]),
        "b": "%s is added in every row" % name(cell),
    }[cell[0]]
    return "%s. What flows back to it is added: %s = %s." % (why, " + ".join(terms), grad)


def press(state, what):
    return dict(state, cell=what) if what in CELLS else state


def tick(state):
    return state
