"""Numbers in the prose of a page, and whether something that runs stands behind each.

A number that is typed into prose stays as it is while the code beside it changes. So a number may
stand in prose only

- in code, in a role (such as ``{glue:text}``), in a label or an address;
- as 0 or 1, as a year, in a name (4-1, 64 bits), or as a whole number in a formula with letters;
- where the code of the page, or of its chapter's exercises, has the same number: as an input, or in
  an ``assert`` that holds it to what was computed;
- in a formula with several sides that are numbers, as ``2 \\cdot (1 - 2) = -2``: it is computed
  here, and its numbers are known from there on in the same section;
- where it is the answer, computed, of an exercise in the section;
- or where a comment in the same section says why: ``% given 64, 68: numbers of issues on GitHub``.

`faults` returns all others. An exercise with its hint and solution is a section of its own.
"""

import ast
import operator
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from figures.exercises import all_exercises

EXERCISES = Path(__file__).parents[1] / "figures" / "exercises"
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
GIVEN = re.compile(r"% given ([-\d., ]+): \S")


def faults(page: Path) -> list[str]:
    """Return what is wrong with the numbers in the prose of `page`: "line 12: 7.5 is typed"."""
    sections, code = read(page.read_text(encoding="utf-8"))
    exercises = EXERCISES / f"chapter_{page.name[:2]}.py"
    if exercises.is_file():
        code.append(exercises.read_text(encoding="utf-8"))
    known = {number for cell in code for number in numbers_in(cell)}
    return [fault for section in sections for fault in section.faults(known)]


def value(number: str) -> float:
    return float(number.replace(",", ""))


# --- What is prose, and what is code -------------------------------------------------------------

PROSE = ("admonition", "dropdown", "exercise", "glossary", "list-table", "math", "note", "tip")


def read(text: str) -> tuple[list["Section"], list[str]]:
    """Return the sections of a page, and the code in it. Lines that are no prose are empty."""
    sections = [Section(1)]
    code: list[str] = []
    open_fences: list[tuple[str, str]] = []
    header = text.startswith("---\n")
    for number, line in enumerate(text.splitlines(), 1):
        fence, name = open_fences[-1] if open_fences else ("", "")
        opened = re.match(r" *(`{3,}|:{3,}) *(?:\{([\w:-]+)\}|\w+)", line)
        if header:
            header = number == 1 or line != "---"
            line = ""
        elif fence and line.strip() == fence:
            open_fences.pop()
            line = "$$" if name == "math" else ""
        elif fence and name not in PROSE:
            code[-1] += line + "\n"
            sections[-1].keys += re.findall(r'figure\("exercise", key="([\d-]+)"\)', line)
            line = "".join(re.findall(r"^ +caption: (.*)", line))
        elif opened:
            name = opened[2] or "code"
            open_fences.append((opened[1], name))
            if name not in PROSE:
                code.append("")
            elif name == "exercise":
                sections.append(Section(number))
            line = "$$" if name == "math" else line[opened.end() :] if name in PROSE else ""
        elif line.startswith("#"):
            sections.append(Section(number))
        sections[-1].lines.append(line)
    return sections, code


def numbers_in(code: str) -> Iterator[float]:
    """Yield the numbers in Python code, or in a session of Python with what it printed."""
    code = re.sub(r"\A---\n.*?\n---\n", "", code, flags=re.S)  # the options of a cell
    try:
        tree = ast.parse(TransformerManager().transform_cell(code))
    except SyntaxError:
        yield from map(value, NUMBER.findall(code))
        return
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=int() | float() as number):
                yield float(number)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                yield -float(number)


# --- The numbers of a section --------------------------------------------------------------------

HIDDEN = [
    re.compile(pattern, re.M)
    for pattern in (
        r"^\(\S+\)=$",  # a label
        r"^[ \t]*:[\w-]+:.*$",  # an option of a directive
        r"\{[\w:]+\}`[^`]*`",  # a role
        r"`[^`]+`",  # code
        r"\]\([^)]*\)",  # the target of a link
        r"^[ \t]*\d+\.(?= )",  # the number of an item
        r"\\\\\[[^]]*\]",  # the height of a line in a formula
        r"(?<![\w.$])\d+(?:-\w+| bits\b)+",  # a name
        r"(?<![\w.,])(?:19|20)\d\d(?!\w|[.,]\d)",  # a year
    )
]


class Section:
    """A part of a page, by which what is known is bounded."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.lines: list[str] = []
        self.keys: list[str] = []  # of exercises

    def faults(self, known: set[float]) -> list[str]:
        exercises = [all_exercises()[key] for key in self.keys]
        answers = {float(one.answer()) for one in exercises if one.kind == "number"}
        self.known = {-1.0, 0.0, 1.0} | known | answers
        self.given: set[float] = set()
        self.used: set[float] = set()
        self.found: list[str] = []
        for line in self.lines:
            if match := GIVEN.match(line):
                self.given |= set(map(value, NUMBER.findall(match[1])))
        text = "\n".join("" if line.startswith("%") else line for line in self.lines)
        for pattern in HIDDEN:
            text = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
        for part in re.finditer(r"(\$\$?)(?P<formula>.+?)\1|[^$]+", text, re.S):
            self.at = self.line + text.count("\n", 0, part.start())
            if part["formula"]:
                for statement in re.split(END, part["formula"]):
                    self.formula(statement)
            else:
                self.words(part[0])
        for number in self.given - self.used:
            self.found.append(f"line {self.line}: {number:g} is given, and not needed")
        return self.found

    def words(self, text: str) -> None:
        for match in NUMBER.finditer(text):
            line = self.at + text.count("\n", 0, match.start())
            if re.search(r"\b([Cc]hapters?|[Ss]ections?)\s+$", text[: match.start()]):
                self.found.append(f"line {line}: refer to {match[0]} by a label")
            else:
                self.number(match[0], line)

    def number(self, number: str, line: int) -> None:
        if value(number) in self.known:
            return
        if value(number) in self.given:
            self.used.add(value(number))
        else:
            self.found.append(f"line {line}: {number} is typed")

    def formula(self, statement: str) -> None:
        """Check a chain of sides with = or ≈ between them."""
        sides = re.split(EQUAL, statement)
        computed = [(side, compute(side)) for side in sides]
        numbers = [(side, number) for side, number in computed if number is not None]
        for one, other in pairwise(numbers):
            if not agree(one, other):
                self.found.append(f"line {self.at}: {one[0].strip()} is not {other[0].strip()}")
        if len(numbers) > 1:
            for side, number in numbers:
                literals = list(map(value, NUMBER.findall(plain(side))))
                self.known |= {number, *literals, *map(abs, literals)}
        for side, result in computed:
            whole = re.fullmatch(rf"\s*({NUMBER.pattern})\s*", plain(side))
            if whole:
                self.number(whole[1], self.at)
                continue
            for found in NUMBER.findall(plain(side)):
                unsigned = found.lstrip("-")
                if result is not None or "." in unsigned:
                    self.number(unsigned, self.at)


# --- Formulas ------------------------------------------------------------------------------------

END = r"\\\\|\\q?quad|\\text\{[^}]*\}|,(?!\d{3})|\\[lc]?dots|[<>]|\\(?:leq?|geq?|neq?|to|lim)\b"
EQUAL = r"=|\\approx|\\leftarrow"
TEX = (
    (r"\\(?:left|right|[,;!: ])|&|~", ""),
    (r"\\[dt]?frac(\d)(\d)", r"((\1)/(\2))"),
    (r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))"),
    (r"\\sqrt\{([^{}]*)\}", r"((\1)**0.5)"),
    (r"\\(?:cdot|times)(?![a-z])", "*"),
    (r"\^", "**"),
    (r"\{", "("),
    (r"\}", ")"),
    (r"(?<=\d),(?=\d{3})", ""),
    (r"(?<=[\d)])\s*(?=\()", "*"),
)


def plain(tex: str) -> str:
    for pattern, replacement in TEX:
        tex = re.sub(pattern, replacement, tex)
    return tex.strip()


OPERATIONS: dict[type, Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def compute(tex: str) -> float | None:
    """Return the value of a formula without letters in it.

    >>> compute(r"6 \\cdot (3.5 - 6)"), compute(r"\\tfrac{28}{3}(1 + 2^3)"), compute("2 s")
    (-15.0, 84.0, None)
    """

    def walk(node: ast.AST) -> float:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.UnaryOp(op=op, operand=operand):
                return OPERATIONS[type(op)](walk(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return OPERATIONS[type(op)](walk(left), walk(right))
        raise ValueError

    try:
        return walk(ast.parse(plain(tex), mode="eval").body)
    except (SyntaxError, ValueError, KeyError):
        return None


def agree(one: tuple[str, float], other: tuple[str, float]) -> bool:
    """Whether two sides are equal, to the digits of the one that is shown with fewer."""
    shown = [re.fullmatch(r"-?\d+\.(\d+)", plain(side)) for side, _ in (one, other)]
    digits = min((len(match[1]) for match in shown if match), default=9)
    return abs(one[1] - other[1]) <= 0.5 * 10.0**-digits + 1e-9 * abs(one[1])
