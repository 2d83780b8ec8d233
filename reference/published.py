"""Published numbers of back-propagation, computed by the engine beside what was printed.

``tests/reference/tables.json`` says what was printed where, and what is right, which was worked
out without the engine. ``tests/test_tables.py`` holds both; the pages of this folder show them.
"""

import json
from functools import cache
from pathlib import Path

from IPython.display import Markdown

import autograd
from autograd import Tensor, Variable, graph

TABLES = json.loads(
    (Path(__file__).parents[1] / "tests" / "reference" / "tables.json").read_text(encoding="utf-8")
)
BY_NAME = {entry["name"]: entry for entry in TABLES}
GRAPHS = [entry for entry in TABLES if "output" in entry]
FUNCTIONS = {
    name: getattr(autograd, name) for name in ("exp", "log", "sin", "tanh", "sigmoid", "relu")
} | {"max": autograd.maximum}

# --- A graph ------------------------------------------------------------------------------------


def evaluate(entry, number=float):
    """Return a result of the entry's expressions, and its names: {name: Variable}."""
    names = {
        name: Variable(number(value), requires_grad=True, name=name)
        for name, value in entry["inputs"].items()
    }
    for line in entry["expression"]:
        name, expression = line.split(" = ")
        names[name] = eval(expression, {"__builtins__": {}, **FUNCTIONS}, names)
        names[name].name = name
    return names[entry["output"]], names


# --- Mazur's network, trained -------------------------------------------------------------------

MAZUR = "Mazur 2-2-2 network, one update (lr 0.5) and 10,000 rounds"
FORWARD = next(
    entry for entry in GRAPHS if entry["name"].startswith("Mazur 2-2-2 network, forward")
)
WEIGHTS = tuple(f"w{i}" for i in range(1, 9))


@cache
def mazur(rounds, trained=WEIGHTS, too_early=False):
    """Train; return the inputs by name, and the numbers of one more forward pass by name.

    With `too_early`, the hidden layer's gradients see the output weights as already updated.
    """
    if rounds == 0:
        inputs = dict(FORWARD["inputs"])
    elif rounds > 9_999:  # which is asked for, too: one more round is all that is to do
        inputs = trained_on(mazur(rounds - 1, trained, too_early)[0], 1, trained, too_early)
    else:
        inputs = trained_on(FORWARD["inputs"], rounds, trained, too_early)
    names = evaluate({**FORWARD, "inputs": inputs})[1]
    return inputs, {name: variable.item() for name, variable in names.items()}


def trained_on(inputs, rounds, trained, too_early):
    inputs, lr = dict(inputs), BY_NAME[MAZUR]["inputs"]["lr"]
    code = [compile(line, "tables.json", "exec") for line in FORWARD["expression"]]
    for _ in range(rounds):
        names = {
            name: Variable(value, requires_grad=name in trained) for name, value in inputs.items()
        }
        for line in code:
            exec(line, {"sigmoid": autograd.sigmoid}, names)
        names["E"].backward()
        for name in trained:
            if not too_early or name in WEIGHTS[4:]:
                inputs[name] -= lr * names[name].grad.item()
        if too_early:
            errors = {
                k: (names[f"o{k}"] - names[f"t{k}"]) * names[f"o{k}"] * (1 - names[f"o{k}"])
                for k in (1, 2)
            }
            slopes = {h: (names[h] * (1 - names[h])).item() for h in ("h1", "h2")}
            pairs = {"h1": ("w5", "w7"), "h2": ("w6", "w8")}
            hidden = {
                h: slopes[h]
                * sum(errors[k].item() * inputs[w] for k, w in zip((1, 2), ws, strict=True))
                for h, ws in pairs.items()
            }
            for i, name in enumerate(WEIGHTS[:4]):
                gradient = hidden["h1" if i < 2 else "h2"] * inputs["i1" if i % 2 == 0 else "i2"]
                inputs[name] -= lr * gradient
    return inputs


# --- The lecture's loop -------------------------------------------------------------------------

LOG_64 = "lecture training log, float64 (manual gradient, slide 30 right panel)"
LOG_32 = "lecture training log, float32 (PyTorch autograd, slide 30 left panel)"


def lecture(entry, start=float, zero=True):
    """Run the lecture's loop on an entry's inputs; return its rows, w and the prediction for 4."""
    inputs = entry["inputs"]
    w = Variable(start(float(inputs["w"])), requires_grad=True)
    rows = []
    for epoch in range(inputs["epochs"]):
        grads = []
        for x, y in zip(inputs["x"], inputs["y"], strict=True):
            loss = (x * w - y) * (x * w - y)
            loss.backward()
            grads.append(w.grad.item())
            w.data = w.data - inputs["lr"] * w.grad.data
            if zero:
                w.grad.data.zero_()
        after = (x * w.item() - y) ** 2
        row = {"epoch": epoch, "grads": grads, "loss_before_update": loss.item()}
        rows.append({**row, "loss_after_update": after, "w": w.item()})
    return {"rows": rows, "w": w.item(), "predict_4": (4 * w).item()}


def in_32_bits(w):
    return Tensor([w])


# --- What was printed, and what is computed -----------------------------------------------------


class Line:
    """A published number: its key in the table, its name, what was printed, what we compute."""

    def __init__(self, key, name, printed, ours, mistake="", mistaken=None):
        self.key = key
        self.name = name
        self.printed = printed
        self.ours = ours
        self.mistake = mistake  # by which one gets what was printed
        self.mistaken = mistaken

    @property
    def agrees(self):
        return agree(self.ours, self.printed)


def agree(ours, printed):
    """Whether a number is, to the digits that were printed, what was printed.

    >>> agree(0.73105858, "0.73"), agree(0.015449, "0.016"), agree(-2.0, "-2")
    (True, False, True)
    """
    digits = len(printed.partition(".")[2])
    return abs(ours - float(printed)) <= 0.5 * 10.0**-digits + 1e-12 * abs(ours)


def lines(entry):
    """Return the published numbers of an entry."""
    special = {MAZUR: lines_of_mazur, LOG_64: lines_of_log_64, LOG_32: lines_of_log_32}
    return special.get(entry["name"], lines_of_graph)(entry)


def lines_of_graph(entry):
    result, names = evaluate(entry)
    g = graph(result)
    found = []
    for key, printed in entry["published"].items():
        kind, _, name = key.rpartition(":")
        if kind == "d":
            found.append(Line(key, f"∂{entry['output']}/∂{name}", printed, g.node(name).grad))
        else:
            mistake = ROUNDED if (entry["name"], name) == (SOFTMAX, "p0") else ("", None)
            found.append(Line(key, name, printed, names[name].item(), *mistake))
    return found


SOFTMAX = "CS231n SVM-vs-softmax figure"
E0, E1, E2 = (float(BY_NAME[SOFTMAX]["published"][name]) for name in ("e0", "e1", "e2"))
ROUNDED = ("rounded on the way", E0 / (E0 + E1 + E2))


def lines_of_mazur(entry):
    published = entry["published"]
    inputs, once = mazur(1)
    end = mazur(10_000)[1]
    early = "updated too early"
    wrong, wrong_end = mazur(1, too_early=True)[1], mazur(10_000, too_early=True)[1]
    first, later = (part.split()[0] for part in published["E_after_10000"].split(" / "))
    short = ("one update short", mazur(9_999)[1]["E"])
    rows = [
        ("E_before", "E before", mazur(0)[1]["E"]),
        ("E_after_one", "E after one update", once["E"], early, wrong["E"]),
        ("o1_10000", "o1 after 10,000", end["o1"], early, wrong_end["o1"]),
        ("o2_10000", "o2 after 10,000", end["o2"], early, wrong_end["o2"]),
    ]
    key = "E_after_10000"
    return [
        *(Line(name, f"{name}, updated once", published[name], inputs[name]) for name in WEIGHTS),
        *(Line(key, name, published[key], *more) for key, name, *more in rows),
        Line(key, "E after 10,000, at first", first, end["E"], early, wrong_end["E"]),
        Line(key, "E after 10,000, later", later, end["E"], *short),
    ]


def lines_of_log_64(entry):
    found = lecture(entry)
    rows = found["rows"]
    return [
        *log(entry, "grads_epoch0", "gradient, epoch 0, sample {}", rows[0]["grads"], 1),
        *log(entry, "progress", "progress {}", [row["loss_after_update"] for row in rows]),
        *log(entry, "last_grads", "gradient, epoch 9, sample {}", rows[-1]["grads"], 1),
        Line("predict", "prediction for 4", entry["published"]["predict"], found["predict_4"]),
    ]


def lines_of_log_32(entry):
    rows = lecture(entry, in_32_bits)["rows"]
    before = [row["loss_before_update"] for row in rows]
    return [
        *log(entry, "grads_epoch0", "gradient, epoch 0, sample {}", rows[0]["grads"], 1),
        *log(entry, "progress", "progress {}", before[: len(entry["published"]["progress"])]),
        *log(entry, "grads_epoch8", "gradient, epoch 8, sample {}", rows[8]["grads"], 1),
    ]


def log(entry, key, name, ours, first=0):
    numbers = zip(entry["published"][key], ours, strict=True)
    return [Line(key, name.format(i), *pair) for i, pair in enumerate(numbers, first)]


# --- As Markdown --------------------------------------------------------------------------------

HEAD = "| number | printed | computed | |\n|---|--:|--:|---|\n"
CROSS = "{ref}`✗ <errata>`"


def total():
    """Say how many numbers there are, and how many agree."""
    examples = [entry for entry in TABLES if entry["published"]]
    found = [line for entry in examples for line in lines(entry)]
    wrong = [line for line in found if not line.agrees]
    return Markdown(
        f"These are {len(found)} printed numbers, of {len(examples)} examples."
        f" All but {len(wrong)} agree."
    )


def published(*places):
    """Show the entries whose source has one of `places` in it."""
    chosen = [entry for entry in TABLES if any(place in entry["source"] for place in places)]
    assert chosen, places
    return Markdown("\n\n".join(map(shown, chosen)))


def shown(entry):
    """Return an entry as Markdown: what is given, where it stands, what was printed."""
    given = [f"`{name} = {value}`" for name, value in entry["inputs"].items() if name != "order"]
    if "output" in entry:
        given += [f"`{line}`" for line in entry["expression"]]
    kind = entry["source_kind"]
    seen = "; quoted from memory" if kind.startswith("recalled") else ""
    seen = seen or "; in part quoted from memory" * ("recalled" in kind)
    table = "".join(
        f"| {line.name} | {line.printed} | {digits(line)} | {'✓' if line.agrees else CROSS} |\n"
        for line in lines(entry)
    )
    return (
        f"**{escaped(entry['name'][0].upper() + entry['name'][1:])}.** {', '.join(given)}"
        f" ({escaped(entry['source'])}{seen})\n\n{HEAD}{table or alone(entry)}"
    )


def alone(entry):
    """Return the rows for an entry of which nothing was printed: the result, the gradients."""
    result, _ = evaluate(entry)
    g = graph(result)
    rows = [(entry["output"], result.item())]
    rows += [(f"∂{entry['output']}/∂{name}", g.node(name).grad) for name in entry["inputs"]]
    return "".join(f"| {name} | – | {value:g} | |\n" for name, value in rows)


def errata(mistake):
    """Show the published numbers that are wrong, and that one gets by `mistake`."""
    found = [line for entry in TABLES if entry["published"] for line in lines(entry)]
    chosen = [line for line in found if not line.agrees and line.mistake == mistake]
    assert chosen, mistake
    rows = "".join(
        f"| {line.name} | {line.printed} | {digits(line)} | {digits(line, line.mistaken)} |\n"
        for line in chosen
    )
    return Markdown("| number | printed | right | mistaken |\n|---|--:|--:|--:|\n" + rows)


def digits(line, value=None):
    """Return what we compute, or another value, with two digits more than were printed."""
    value = line.ours if value is None else value
    decimals = len(line.printed.partition(".")[2])
    return repr(value) if decimals > 12 else f"{value:.{decimals + 2}f}".rstrip("0").rstrip(".")


def escaped(text):
    r"""Return plain text as Markdown that shows it.

    >>> print(escaped("x*y [1]"))
    x\*y \[1\]
    """
    return "".join("\\" + c if c in "\\`*_{}[]#|<>~$^" else c for c in text)
