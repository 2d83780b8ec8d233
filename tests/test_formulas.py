"""Formulas that readers type: read as Python reads them, or refused with a reason."""

import ast
import keyword
import math
import random
import re
import warnings

import pytest
from micropython import MicroPython

from autograd import Variable
from figures.parts import formula


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-2^2", -4),
        ("2**-1", 0.5),
        ("-2**-2", -0.25),
        ("2 ^ -1 ** 2", 0.5),
        ("2^3^2", 512),
        ("--2", 2),
        ("1 - 2 - 3", -4),
        ("8 / 4 / 2", 1),
        ("max(1, 2) + min(3, 4)", 5),
        ("relu(-1) + abs(-2)", 2),
        (".5 + 1e-1 + 2.", 2.6),
        ("+3", 3),
        ("tan(0) + cos(0) + sin(0) + sqrt(4) + log(1) + exp(0) + tanh(0) + sigmoid(0)", 4.5),
    ],
)
def test_formulas_mean_what_they_do_in_python(text, value):
    assert formula.compute(formula.read(text), {}).item() == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", 1, "the formula ends where a number"),
        ("1 +", 4, "ends where"),
        ("1 2", 3, "stands here where an operator"),
        ("(1", 3, "ends where )"),
        ("1)", 2, "an operator, as *, or the end"),
        ("x $ y", 3, "no meaning"),
        ("1.2.3", 1, "no number"),
        ("x*.", 3, "'.' is no number"),
        (".e5", 1, "'.e5' is no number"),
        ("f(x)", 1, "no function f; the functions are"),
        ("exp", 4, "parenthesis of exp("),
        ("max(1)", 6, "where , was expected"),
        ("exp(1, 2)", 6, "where ) was expected"),
        ("(" * 60 + "1" + ")" * 60, 22, "levels"),
        ("1" * 201, 201, "at most 200 characters"),
        ("2*abcdefghijklm", 15, "at most 12 letters"),
        ("1 + 1e999", 5, "1e999 is too large a number"),
        ("x = 2", 3, "'=' has no meaning here"),
        ("x" + "**-x" * 30, 44, "more than 20 levels"),
        ("+".join("abcdefghijklm"), 1, "12 different names"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_column(text, column, said):
    with pytest.raises(formula.FormulaError, match="column") as error:
        formula.read(text)
    assert error.value.column == column and said in str(error.value)


@pytest.mark.parametrize(
    ("text", "lines", "result"),
    [
        ("x", [], "x"),
        ("2 ^ 3", [], 8.0),
        ("(a + b)*(a + b)", [("v1", "+", ["a", "b"]), ("v2", "*", ["v1", "v1"])], "v2"),
        ("v1*exp(0)", [("vv1", "*", ["v1", 1.0])], "vv1"),
        ("v1*vv2", [("vvv1", "*", ["v1", "vv2"])], "vvv1"),
        ("x*0 + x*-0", [("v1", "*", ["x", 0.0]), ("v2", "*", ["x", -0.0]),
                        ("v3", "+", ["v1", "v2"])], "v3"),
    ],
)  # fmt: skip
def test_what_is_said_twice_is_computed_once(text, lines, result):
    assert formula.lines(formula.read(text)) == (lines, result)


# --- Generated strings --------------------------------------------------------------------------

ONE = {
    **{name: getattr(math, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "tanh")},
    "abs": math.fabs,  # which takes no complex number
    "relu": lambda x: max(x, 0.0),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
}
TWO = {"max": max, "min": min}
NAMES = {"x": 1.75, "y": -0.625, "w0": 2.5}
SIGNS = ("+", "-", "*", "/", "**", "^", " + ", " - ", " * ", " / ")
LETTERS = "xyw0123456789.+-*/^() ,eaxpmlogsint$_=[]'\"\\\t\n\u00e9"


def generated(rng, depth=0):
    """Return a formula that Python can read but for `^`."""
    if depth > 2 or rng.random() < 0.2:
        return rng.choice(["x", "y", "w0", "2", "0.5", "3.25", "1e-1", ".5", "3.", "0", "10"])
    kind = rng.random()
    if kind < 0.1:
        return rng.choice("+--") + generated(rng, depth + 1)
    if kind < 0.25:
        return f"({generated(rng, depth + 1)})"
    if kind < 0.4:
        return f"{rng.choice(list(ONE))}({generated(rng, depth + 1)})"
    both = generated(rng, depth + 1), generated(rng, depth + 1)
    if kind < 0.5:
        return "{}({},{})".format(rng.choice(list(TWO)), *both)
    return rng.choice(SIGNS).join(both)


def spoiled(rng):
    """Return a formula with a letter or two missing, too many, or changed."""
    text = generated(rng)
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(("", rng.choice(LETTERS))) + text[at + rng.randrange(2) :]
    return text


def hostile(rng):
    """Return something long, deep, or both."""
    part = rng.choice(
        ("(", "-", "x**", "exp(", "x+", "((x)", "x*(", "max(x,", "9**", "1e9", ")", "^")
    )
    return part * rng.randrange(300) + rng.choice(("", "x", ")" * rng.randrange(60)))


def noise(rng):
    return "".join([rng.choice(LETTERS) for _ in range(rng.randrange(25))])


def strings(count, seed):
    """Return `count` strings: half of them formulas, the others less and less so."""
    rng = random.Random(seed)
    makers = (generated,) * 50 + (spoiled,) * 29 + (noise,) * 20 + (hostile,)
    return [makers[i % len(makers)](rng) for i in range(count)]


class Python:
    """What Python itself makes of a text, with all numbers as floats and any name known."""

    def __init__(self, text, slip=0.0):
        self.value = None  # None too where it has no result, or one that is no float
        self.parsed = True
        try:
            tree = ast.parse(text.strip(" \t").replace("^", "**"), mode="eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            self.parsed = False
            return
        names = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and type(node.value) is int:
                node.value = float(node.value)
            if isinstance(node, ast.Name):
                names[node.id] = NAMES.get(node.id, 1.5)

        def slipped(function):
            return lambda *given: function(*given) * (1 + slip)

        names |= {name: slipped(function) for name, function in {**ONE, **TWO}.items()}
        try:
            value = eval(compile(tree, "", "eval"), {"__builtins__": {}}, names)
            self.value = value if isinstance(value, float) and math.isfinite(value) else None
        except (ArithmeticError, ValueError, TypeError, NameError, AttributeError, RecursionError):
            pass


# Python has more words, numbers and brackets than a formula; and 007 is an error in it.
MORE = re.compile(
    r"[_\[\]'\"=\\\n\u00e9]|,\s*\)|0[xXbBoO]|\b0\d|,|#|//|\b("
    + "|".join(keyword.kwlist)
    + r")\b|\d[a-z]"
)
REFUSED = ("levels", "at most", "too large")

# What is found of a text, in both interpreters: its value, or where and why it is refused.
FIND = """
from autograd import Variable
from figures.parts import formula

def find(text, known):
    try:
        tree = formula.read(text)
    except formula.FormulaError as error:
        return ("%d %s" % (error.column, error.text)).replace("\\n", "|")
    values = {name: known.get(name, 1.5) for name in formula.names(tree)}
    return "= %.15g" % formula.compute(tree, values).item()
"""


def close(a, b):
    return a == b or abs(a - b) <= 1e-9 * max(abs(a), abs(b)) or (a != a and b != b)


def unstable(text, value):
    """Whether a slip in the last digits of its functions changes what Python finds."""
    return not close(value, Python(text, 1e-14).value or 0.0)


@pytest.mark.parametrize("seed", range(10))
def test_a_hundred_thousand_strings(seed):
    """Each is read as Python reads it, or refused for a reason, in both interpreters alike."""
    texts = strings(10_000, seed)
    space = {}
    exec(FIND, space)
    ours = [space["find"](text, NAMES) for text in texts]
    read = compared = refused = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Python, on what it is given to read
        for text, found in zip(texts, ours, strict=True):
            if found[0] != "=":
                refused += 1
                column = int(found.split()[0])
                assert 1 <= column <= len(text) + 1, text
                if not (MORE.search(text) or any(word in found for word in REFUSED)):
                    assert Python(text).value is None, (text, found)
                continue
            read += 1
            python = Python(text)
            assert python.parsed or MORE.search(text), text
            if python.value is None or MORE.search(text.replace(",", "")):
                continue
            if close(float(found[2:]), python.value):
                compared += 1
            else:
                assert unstable(text, python.value), (text, found, python.value)
    assert read > 5500 and refused > 2500 and compared > 4000, (read, refused, compared)

    with MicroPython() as python:
        python.run(FIND)
        theirs = []
        for start in range(0, len(texts), 1000):
            code = "known = %r\nfor text in %r:\n    print(find(text, known))"
            theirs += python.run(code % (NAMES, texts[start : start + 1000])).splitlines()
    for text, one, other in zip(texts, ours, theirs, strict=True):
        if one[0] != "=" or other[0] != "=":
            assert one == other, text
        elif not close(float(one[2:]), float(other[2:])):
            value = Python(text).value
            assert value is None or unstable(text, value), text


def test_the_comparison_sees_a_wrong_reading():
    """Python is no echo of the parser: it knows what another precedence would give."""
    assert Python("-2^2").value == -4 and Python("2^3^2").value == 512
    assert Python("2*-x").value == -3.5 and Python("8/4/2").value == 1
    assert not Python("x y").parsed and Python("1/0").value is None
    assert unstable("tan(exp(60))", Python("tan(exp(60))").value)


def test_a_formula_of_variables_has_gradients():
    x = Variable(3.0, requires_grad=True)
    formula.compute(formula.read("x^2 * y"), {"x": x, "y": 2.0}).backward()
    assert x.grad.item() == 12
