"""Formulas as a reader types them: read to a tree and computed, never run as code.

    x*w + b        -2^2 is -4        2**-1        max(x, 0)        exp(-x)

Names, numbers, + - * /, ** (or ^), unary minus, parentheses and the functions of `ONE` and `TWO`,
with Python's precedence. It can come from a link, so its length, depth and names are bounded.

A tree is a number (float), a name (str) or a tuple (operation, tree, ...), the operation being an
operator, "neg" or a function's name.
"""

import math

from autograd import (
    Variable,
    cos,
    exp,
    log,
    maximum,
    minimum,
    relu,
    sigmoid,
    sin,
    sqrt,
    tan,
    tanh,
)  # fmt: skip

LONGEST = 200  # characters
DEEPEST = 20  # parentheses, signs and powers inside one another
MOST_NAMES = 12
LONGEST_NAME = 12
DIGITS = "0123456789"
DOTTED = DIGITS + "."
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
WORD = LETTERS + DIGITS

ONE = {
    "exp": exp, "log": log, "sqrt": sqrt, "sin": sin, "cos": cos, "tan": tan,
    "tanh": tanh, "sigmoid": sigmoid, "relu": relu, "abs": abs,
}  # fmt: skip
TWO = {"max": maximum, "min": minimum}
OPERATIONS = {
    "neg": lambda x: -x,
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "**": lambda x, y: x**y,
}
OPERATIONS.update(ONE)
OPERATIONS.update(TWO)


class FormulaError(ValueError):
    """What cannot be read: in `column`, counted from 1, stands or lacks what `text` says."""

    def __init__(self, column, text):
        super().__init__("column %d: %s" % (column, text))
        self.column = column
        self.text = text


def read(text):
    """Return the tree of a formula; raises FormulaError where it is none.

    >>> read("x*w - 4")
    ('-', ('*', 'x', 'w'), 4.0)
    >>> read("-x^2 + max(x, 1)")
    ('+', ('neg', ('**', 'x', 2.0)), ('max', 'x', 1.0))
    """
    if len(text) > LONGEST:
        raise FormulaError(LONGEST + 1, "a formula has at most %d characters" % LONGEST)
    reader = _Reader(_tokens(text))
    tree = reader.sum(0)
    if reader.kind != "end":
        raise reader.expected("an operator, as *, or the end")
    if len(names(tree)) > MOST_NAMES:
        raise FormulaError(1, "a formula has at most %d different names" % MOST_NAMES)
    return tree


def names(tree):
    """Return the names in a tree, in the order in which they stand there first.

    >>> names(read("w * x + b - w"))
    ['w', 'x', 'b']
    """
    found = []
    waiting = [tree]
    while waiting:
        tree = waiting.pop()
        if isinstance(tree, str) and tree not in found:
            found.append(tree)
        elif isinstance(tree, tuple):
            waiting.extend(reversed(tree[1:]))
    return found


def lines(tree):
    """Return a tree as single operations, [(name, operation, operands)], and what it comes to.

    Operands and result are names or numbers. What the formula says twice is computed once, and what
    it says of numbers alone is a number. The new names are v1, v2, ..., or vv1, ... if it has a v1.

    >>> lines(read("(a + b) * (a + b) ** -1"))[0]
    [('v1', '+', ['a', 'b']), ('v2', '**', ['v1', -1.0]), ('v3', '*', ['v1', 'v2'])]
    """
    taken = names(tree)
    letter = "v"
    while any([name[: len(letter)] == letter and name[len(letter) :].isdigit() for name in taken]):
        letter += "v"
    made = []
    known = {}  # {what is computed, as text: the name of what it comes to}
    waiting = [(tree, False)]  # with: are its operands computed?
    results = []
    while waiting:
        tree, ready = waiting.pop()
        if not isinstance(tree, tuple):
            results.append(tree)
        elif not ready:
            waiting.append((tree, True))
            waiting.extend([(operand, False) for operand in reversed(tree[1:])])
        else:
            count = len(tree) - 1
            operands = results[-count:]
            said = " ".join([tree[0]] + [str(operand) for operand in operands])
            if not any([isinstance(operand, str) for operand in operands]):
                known[said] = OPERATIONS[tree[0]](*[Variable(number) for number in operands]).item()
            elif said not in known:
                known[said] = "%s%d" % (letter, len(made) + 1)
                made.append((known[said], tree[0], operands))
            results[-count:] = [known[said]]
    return made, results[0]


def run(made, values):
    """Return {name: Variable} of what the lines `made` compute, and of the Variables `values`."""
    found = dict(values)
    for name, operation, operands in made:
        operands = [found[one] if isinstance(one, str) else one for one in operands]
        found[name] = OPERATIONS[operation](*operands)
    return found


def compute(tree, values):
    """Return what a tree comes to, a Variable; `values` gives each name a number or a Variable.

    >>> compute(read("x^2 / 0"), {"x": 3.0})
    tensor(inf)
    """
    made, result = lines(tree)
    values = {
        name: value if isinstance(value, Variable) else Variable(value)
        for name, value in values.items()
    }
    return run(made, values)[result] if isinstance(result, str) else Variable(result)


def _tokens(text):
    """Return the formula's [(column, kind, text or number)], the last of kind "end"."""
    tokens = []
    at = 0
    while at < len(text):
        letter = text[at]
        start = at
        at += 1
        if letter in " \t":
            continue
        if letter in LETTERS:
            while at < len(text) and text[at] in WORD:
                at += 1
            if at - start > LONGEST_NAME:
                column = start + LONGEST_NAME + 1
                raise FormulaError(column, "a name has at most %d letters" % LONGEST_NAME)
            tokens.append((start + 1, "name", text[start:at]))
        elif letter in DOTTED:
            at = _number_end(text, start)
            # Not left to float(), which in MicroPython takes a dot alone for 0
            mantissa = text[start:at].lower().split("e")[0]
            if mantissa == "." or mantissa.count(".") > 1:
                raise FormulaError(start + 1, "'%s' is no number" % text[start:at])
            number = float(text[start:at])
            if number == math.inf:
                raise FormulaError(start + 1, "%s is too large a number" % text[start:at])
            tokens.append((start + 1, "number", number))
        elif text[start : start + 2] == "**":
            at += 1
            tokens.append((start + 1, "**", "**"))
        elif letter == "^":
            tokens.append((start + 1, "**", "^"))
        elif letter in "+-*/(),":
            tokens.append((start + 1, letter, letter))
        else:
            raise FormulaError(start + 1, "'%s' has no meaning here" % letter)
    tokens.append((len(text) + 1, "end", "the end"))
    return tokens


def _number_end(text, at):
    """Return where the number that begins at `at` ends: 12, 1.5, .5, 1e-3."""
    while at < len(text) and text[at] in DOTTED:
        at += 1
    if at < len(text) and text[at] in "eE":
        sign = at + 1 < len(text) and text[at + 1] in "+-"
        after = at + 2 if sign else at + 1
        if after < len(text) and text[after] in DIGITS:
            at = after
            while at < len(text) and text[at] in DIGITS:
                at += 1
    return at


class _Reader:
    """Reads tokens by recursive descent; `depth` counts how far inside it is."""

    def __init__(self, tokens):
        self.tokens = tokens
        self.at = 0
        self.kind = tokens[0][1]  # of the token that is next

    def take(self):
        """Return the text or number of the token that is next, and go on."""
        self.at += 1
        self.kind = self.tokens[self.at][1]
        return self.tokens[self.at - 1][2]

    def expected(self, what):
        column, kind, text = self.tokens[self.at]
        if kind == "number":
            text = "%.12g" % text
        found = "the formula ends" if kind == "end" else "%s stands here" % text
        return FormulaError(column, "%s where %s was expected" % (found, what))

    def sum(self, depth):
        tree = self.product(depth)
        while self.kind in ("+", "-"):
            tree = (self.take(), tree, self.product(depth))
        return tree

    def product(self, depth):
        tree = self.factor(depth)
        while self.kind in ("*", "/"):
            tree = (self.take(), tree, self.factor(depth))
        return tree

    def factor(self, depth):
        """Read what may have signs before it; -2^2 is -(2^2)."""
        if depth > DEEPEST:
            column = self.tokens[self.at][0]
            raise FormulaError(column, "more than %d levels inside one another" % DEEPEST)
        if self.kind == "-":
            self.take()
            return ("neg", self.factor(depth + 1))
        if self.kind == "+":
            self.take()
            return self.factor(depth + 1)
        base = self.atom(depth)
        if self.kind != "**":
            return base
        self.take()
        return ("**", base, self.factor(depth + 1))

    def atom(self, depth):
        kind = self.kind
        if kind == "number":
            return self.take()
        if kind == "(":
            self.take()
            tree = self.sum(depth + 1)
            self.close(")")
            return tree
        if kind != "name":
            raise self.expected("a number, a name or a parenthesis")
        column = self.tokens[self.at][0]
        name = self.take()
        if self.kind != "(":
            if name in ONE or name in TWO:
                raise self.expected("the parenthesis of %s(" % name)
            return name
        if name not in ONE and name not in TWO:
            known = ", ".join(sorted(list(ONE) + list(TWO)))
            raise FormulaError(column, "no function %s; the functions are %s" % (name, known))
        self.take()
        tree = [name, self.sum(depth + 1)]
        if name in TWO:
            self.close(",")
            tree.append(self.sum(depth + 1))
        self.close(")")
        return tuple(tree)

    def close(self, kind):
        if self.kind != kind:
            raise self.expected(kind)
        self.take()
