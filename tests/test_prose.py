"""No number in the prose of the book is typed without something that runs behind it."""

from pathlib import Path

import pytest
from contents import PAGES
from prose import faults

ROOT = Path(__file__).parents[1]

HEAD = """---
kernelspec: {name: python3}
---

# A title

```{code-cell} ipython3
x, lr = 2.0, 0.01
assert round(2 * x * (x - 4), 2) == -8
```

"""


@pytest.mark.parametrize("page", PAGES)
def test_numbers_in_prose_are_computed(page: str) -> None:
    assert faults(ROOT / f"{page}.md") == []


def of(text: str, folder: Path, name: str = "page") -> list[str]:
    page = folder / f"{name}.md"
    page.write_text(HEAD + text, encoding="utf-8")
    return [fault.split(": ", 1)[1] for fault in faults(page)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The loss is 7.3.", "7.3 is typed"),
        ("It is -2.", "-2 is typed"),
        ("There are 10,000 weights.", "10,000 is typed"),
        ("The gradient is $-9$.", "-9 is typed"),
        ("The gradient is $w = -9$.", "-9 is typed"),
        ("$$\nw = 2 - 0.739312^k\n$$", "0.739312 is typed"),
        ("```{math}\n:label: x-1\n\nw = 7\n```", "7 is typed"),
        ("```{exercise} Title\n:label: exercise-7\n\nIs it 7?\n```", "7 is typed"),
        (":::{dropdown} Solution\nIt is 7.\n:::", "7 is typed"),
        ("| a | b |\n|---|---|\n| 3 | x |", "3 is typed"),
        ("```{code-cell}\n---\nmystnb:\n  figure:\n    caption: All 7.\n---\n```", "7 is typed"),
        ("It is $2 \\cdot (2 - 4) = -3$.", r"2 \cdot (2 - 4) is not -3"),
        ("It is $28/3 \\approx 9.34$.", r"28/3 is not 9.34"),
        ("As chapter 1 says.", "refer to 1 by a label"),
        ("% given 7: an issue\n\nNothing.", "7 is given, and not needed"),
    ],
)
def test_a_planted_number_is_found(text: str, said: str, tmp_path: Path) -> None:
    assert said in of(text, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "With x = 2 and a learning rate of 0.01 the gradient is -8.",
        "A sum of `7`, {glue:text}`seven:.2f`, and [seven](page-7.md#at-7).",
        "(at-7)=\n## Section\n\nSince 2018, exercise 4-1, 32-bit floats, 64 bits, from 0 to 1.",
        "$$\n(1 - 18\\,\\mathit{lr})^3 = 7x^2\n$$",
        "It is $2 \\cdot 2 \\cdot (2.04 - 4) = -7.84$, so -7.84 it is.",
        "It is $(-2 - 8 - 18)/3 = -28/3 \\approx -9.3333$.",
        "It is $\\tfrac13(2 + 8 + 18)\\,e = \\tfrac{28}{3}\\,e$.",
        "% given 64, 68: numbers of issues\n\nSee 64 and 68.",
        "1. First\n2. Second\n\n    and 2",
        "```python\nx = 7\n```\n\nIt is 7.",
    ],
)
def test_these_are_allowed(text: str, tmp_path: Path) -> None:
    assert of(text, tmp_path) == []


def test_what_a_section_knows_ends_with_it(tmp_path: Path) -> None:
    text = "$3 + 4 = 7$ and 7.\n\n## Next\n\n7 again."
    assert of(text, tmp_path) == ["7 is typed"]
    exercise = "```{exercise} One\n:label: exercise-3-1\n\nWhat?\n```\n\n"
    cell = '```{code-cell}\nfigure("exercise", key="3-1")\n```\n\n'
    solution = ":::{dropdown} Solution\nIt is -2.\n:::\n"
    assert of(exercise + cell + solution, tmp_path) == []
    assert of(exercise + solution, tmp_path) == ["-2 is typed"]


def test_the_exercises_of_the_chapter_count_as_code(tmp_path: Path) -> None:
    text = "An output of 0.707 is typed, and a number such as 123.5."
    assert of(text, tmp_path, "03-some-chapter") == ["0.707 is typed", "123.5 is typed"]
    assert of("With x = 3, y = 6", tmp_path) != of("With x = 3, y = 6", tmp_path, "07-some")
