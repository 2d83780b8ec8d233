"""The kinds of exercises: a number, a choice, an expression.

Each has a `key` ("3-1": chapter and number; those of the lecture keep its numbers, 4-1 to 4-5), an
`ask` (what stands before the field), and a `check(text)` that returns (right, what to say). A wrong
answer that is a known mistake is told what went wrong; `mistakes` are pairs of such an answer and
what to say to it.
"""

from autograd import Variable
from figures.parts import formula


class Number:
    """A number, right within `tolerance` of the answer's size; 56/3 will do for 18.67.

    An answer smaller than `least` is taken for that size: its last digits will not matter.

    The answer and the mistakes are functions that compute it, by the engine wherever it can.
    """

    kind = "number"

    def __init__(self, key, ask, answer, mistakes=(), right="", tolerance=0.001, least=0.1):
        self.key = key
        self.ask = ask
        self.answer = answer
        self.mistakes = mistakes
        self.right = right
        self.tolerance = tolerance
        self.least = least

    def check(self, text):
        try:
            tree = formula.read(text.replace(",", "."))
            if formula.names(tree):
                return False, "The answer is a number, and %s is not." % formula.names(tree)[0]
            given = formula.compute(tree, {}).item()
        except formula.FormulaError as error:
            return False, "This cannot be read as a number: %s." % error
        if self.close(given, self.answer()):
            return True, self.right
        for mistake, said in self.mistakes:
            if self.close(given, mistake()):
                return False, said
        return False, ""

    def close(self, given, wanted):
        return abs(given - wanted) <= self.tolerance * max(abs(wanted), self.least)


class Pick:
    """One of several: `options` are (value, text, what to say when it is picked)."""

    kind = "pick"

    def __init__(self, key, ask, answer, options):
        self.key = key
        self.ask = ask
        self.answer = answer
        self.options = options

    def check(self, text):
        for value, _, said in self.options:
            if text == value:
                return value == self.answer, said
        return False, "Pick one of: %s." % ", ".join([option[0] for option in self.options])


class Expression:
    """A formula in given `names`, right if it agrees with the answer at several places.

    It may differ by `tolerance` of the answer's size, for the sake of rounded numbers in it. The
    answer and the mistakes are functions of the names, in their order; `shown` is the answer as a
    reader would type it.
    """

    kind = "expression"
    # Places without pattern, so that two formulas that differ, differ there
    PLACES = ((0.7, 1.9, -1.3, 2.3), (-1.1, 0.6, 1.7, -0.4), (2.2, -0.8, 0.5, 1.2))

    def __init__(self, key, ask, names, answer, mistakes=(), right="", tolerance=1e-9, shown=""):
        self.key = key
        self.ask = ask
        self.names = names
        self.tolerance = tolerance
        self.answer = answer
        self.mistakes = mistakes
        self.right = right
        self.shown = shown

    def check(self, text):
        try:
            tree = formula.read(text)
        except formula.FormulaError as error:
            return False, "This cannot be read as a formula: %s." % error
        for name in formula.names(tree):
            if name not in self.names:
                known = ", ".join(self.names)
                return False, "%s is not known here; the formula may use %s." % (name, known)
        if self.agrees(tree, self.answer):
            return True, self.right
        for mistake, said in self.mistakes:
            if self.agrees(tree, mistake):
                return False, said
        return False, ""

    def agrees(self, tree, function):
        for place in self.PLACES:
            place = place[: len(self.names)]
            given = formula.compute(tree, dict(zip(self.names, place))).item()
            wanted = Variable(function(*place)).item()
            if not abs(given - wanted) <= self.tolerance * max(1.0, abs(wanted)):
                return False
        return True
