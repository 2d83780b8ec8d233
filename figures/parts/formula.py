"""Formulas as a reader types them: read to a tree and computed, never run as code.

    x*w + b        -2^2 is -4        2**-1        max(x, 0)        exp(-x)

Names, numbers, + - * /, ** (or ^), unary minus, parentheses and the functions of `ONE` and `TWO`,
with Python's precedence. It can come from a link, so its length, depth and names are bounded.

A tree is a number (float), a name (str) or a tuple (operation, tree, ...), the operation being an
operator, "neg" or a function's name.
"""

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
    tanh,
)  # fmt: skip

LONGEST = 200  # characters
DEEPEST = 20  # parentheses, signs and powers inside one another
MOST_NAMES = 12
DIGITS = "0123456789"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

ONE = {
    "exp": exp, "log": log, "sqrt": sqrt, "sin": sin, "cos": cos, "tanh": tanh,
    "sigmoid": sigmoid, "relu": relu, "abs": abs,
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
        raise reader.expected("an operator or the end")
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


def compute(tree, values):
    """Return what a tree comes to, a Variable; `values` gives each name a number or a Variable.

    >>> compute(read("x^2 / 0"), {"x": 3.0})
    tensor(inf)
    """
    waiting = [(tree, False)]  # with: are its operands computed?
    results = []
    while waiting:
        tree, ready = waiting.pop()
        if ready:
            count = len(tree) - 1
            operands = results[-count:]
            results[-count:] = [OPERATIONS[tree[0]](*operands)]
        elif isinstance(tree, tuple):
            waiting.append((tree, True))
            waiting.extend([(operand, False) for operand in reversed(tree[1:])])
        else:
            value = values[tree] if isinstance(tree, str) else tree
            results.append(value if isinstance(value, Variable) else Variable(value))
    return results[0]


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
            while at < len(text) and text[at] in LETTERS + DIGITS:
                at += 1
            tokens.append((start + 1, "name", text[start:at]))
        elif letter in DIGITS + ".":
            at = _number_end(text, start)
            try:
                tokens.append((start + 1, "number", float(text[start:at])))
            except ValueError:
                raise FormulaError(start + 1, "%r is no number" % text[start:at]) from None
        elif text[start : start + 2] == "**":
            at += 1
            tokens.append((start + 1, "**", "**"))
        elif letter == "^":
            tokens.append((start + 1, "**", "^"))
        elif letter in "+-*/(),":
            tokens.append((start + 1, letter, letter))
        else:
            raise FormulaError(start + 1, "%r has no meaning here" % letter)
    tokens.append((len(text) + 1, "end", "the end"))
    return tokens


def _number_end(text, at):
    """Return where the number that begins at `at` ends: 12, 1.5, .5, 1e-3."""
    while at < len(text) and text[at] in DIGITS + ".":
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

    @property
    def kind(self):
        return self.tokens[self.at][1]

    def take(self):
        """Return the text or number of the token that is next, and go on."""
        self.at += 1
        return self.tokens[self.at - 1][2]

    def expected(self, what):
        column, kind, text = self.tokens[self.at]
        found = "the formula ends" if kind == "end" else "%s stands here" % (text,)
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
