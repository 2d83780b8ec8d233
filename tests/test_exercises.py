"""The exercises: every right answer is right, every known mistake is told what went wrong."""

import contextlib
import io
import random

import pytest
from micropython import MicroPython

import figures
from figures import exercise, exercises
from figures.exercises.kinds import Expression, Number, Pick
from figures.parts import formula
from live import check, page

EXERCISES = exercises.all_exercises()
each_exercise = pytest.mark.parametrize("key", EXERCISES)


def answers(one):
    """Yield (answer as text, whether it is right, what is said) for all that an exercise knows."""
    if isinstance(one, Pick):
        for value, _, said in one.options:
            yield value, value == one.answer, said
    elif isinstance(one, Number):
        yield repr(one.answer()), True, one.right
        for mistake, said in one.mistakes:
            yield repr(mistake()), False, said


@each_exercise
def test_an_exercise_is_whole(key):
    one = EXERCISES[key]
    chapter, number = key.split("-")
    assert chapter.isdecimal() and number.isdecimal() and one.ask
    if isinstance(one, Pick):
        values = [value for value, _, _ in one.options]
        assert one.answer in values and len(set(values)) == len(values) > 1
        assert all(said for _, _, said in one.options)
    else:
        assert one.mistakes and one.right, (
            "no mistake is known, or nothing is said to the right one"
        )


@each_exercise
def test_answers_get_what_is_said_to_them(key):
    for answer, right, said in answers(EXERCISES[key]):
        assert exercises.check(key, answer) == (right, said), answer


each_expression = pytest.mark.parametrize(
    "key", [key for key, one in EXERCISES.items() if isinstance(one, Expression)]
)


@each_expression
def test_the_answer_that_is_shown_is_right(key):
    assert exercises.check(key, EXERCISES[key].shown) == (True, EXERCISES[key].right)


@each_expression
def test_the_functions_of_an_expression_differ(key):
    """Each mistake differs from the answer, and from each other one, at the places tried."""
    one = EXERCISES[key]
    seen = set()
    for function in (one.answer, *(mistake for mistake, _ in one.mistakes)):
        seen.add(tuple(round(function(*place[: len(one.names)]), 9) for place in one.PLACES))
    assert len(seen) == 1 + len(one.mistakes)


@pytest.mark.parametrize(
    ("key", "answer", "right", "said"),
    [
        ("4-1", "-8", True, "2s"),
        ("4-4", "12", False, "That is the gradient of w₁"),
        ("4-6", "24", False, "You overwrote instead of adding"),
        ("4-9", "46", False, "recursion gives, f first"),
        ("4-10", "35", False, "recursion gives, f first"),
        ("1-6", "1000", False, "nothing nudged"),
        ("8-1", "0.107", True, "28/3"),
        ("8-2", "0.214", True, "28/3"),
        ("8-3", "0.204", True, "three factors"),
        ("8-5", "0.333", True, "steepness"),
        ("3-1", "-4/2", True, "2s"),
        ("3-1", " -2.0 ", True, "2s"),
        ("3-1", "-2,0", True, "2s"),
        ("3-1", "17", False, ""),
        ("3-1", "w", False, "w is not"),
        ("3-1", "1+", False, "cannot be read"),
        ("3-1", "1/0", False, ""),
        ("3-3", "y * x^-1", True, "factor"),
        ("3-3", "x/y", False, "Upside down"),
        ("3-3", "0", False, "has to be zero"),
        ("3-3", "y / x + 0.001", False, ""),
        ("3-3", "q", False, "q is not known"),
        ("3-3", "y /", False, "cannot be read"),
        ("3-3", "log(0 - x) / 0", False, ""),
    ],
)
def test_some_answers(key, answer, right, said):
    assert exercises.check(key, answer)[0] is right
    assert said in exercises.check(key, answer)[1]


def test_an_unknown_exercise_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match=r"no exercise '99-1'; the exercises are: .*3-1"):
        exercises.check("99-1", 0)


def test_check_speaks_in_a_notebook():
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        check("3-1", -2)
        check("3-1", 2.0)
        check("3-1", 12345)
    right, known, unknown = said.getvalue().splitlines()
    assert right.startswith("✓ Right. ") and known.startswith("✗ The size")
    assert unknown == "✗ Not yet."


def test_nothing_is_said_before_a_check_and_after_a_change():
    typed = dict(exercise.STATE, key="3-1", answer="-2")
    assert "✓" not in exercise.draw(typed) and "data-solved" not in exercise.draw(typed)
    checked = exercise.press(typed, "check")
    assert "✓" in exercise.draw(checked) and "data-solved" in exercise.draw(checked)
    assert "✓" not in exercise.draw(dict(checked, answer="-2.5"))


def test_what_is_typed_is_shown_as_text():
    state = figures.clean(exercise, {"answer": '"><script>', "checked": '"><script>'})
    assert "<script" not in exercise.draw(state)


# Formulas


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-2^2", -4),
        ("2**-1", 0.5),
        ("2^3^2", 512),
        ("--2", 2),
        ("1 - 2 - 3", -4),
        ("8 / 4 / 2", 1),
        ("max(1, 2) + min(3, 4)", 5),
        ("relu(-1) + abs(-2)", 2),
        (".5 + 1e-1 + 2.", 2.6),
        ("+3", 3),
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
        ("1)", 2, "operator or the end"),
        ("x $ y", 3, "no meaning"),
        ("1.2.3", 1, "no number"),
        ("f(x)", 1, "no function f; the functions are"),
        ("exp", 4, "parenthesis of exp("),
        ("max(1)", 6, "where , was expected"),
        ("exp(1, 2)", 6, "where ) was expected"),
        ("(" * 60 + "1" + ")" * 60, 22, "levels"),
        ("1" * 201, 201, "at most 200 characters"),
        ("+".join("abcdefghijklm"), 1, "12 different names"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_column(text, column, said):
    with pytest.raises(formula.FormulaError, match="column") as error:
        formula.read(text)
    assert error.value.column == column and said in str(error.value)


def random_formula(rng, depth=0):
    """Return a formula that Python, too, can read."""
    if depth > 4 or rng.random() < 0.2:
        return rng.choice(["x", "y", "2", "0.5", "3.25"])
    kind = rng.randrange(4)
    inside = [random_formula(rng, depth + 1) for _ in range(2)]
    if kind == 0:
        return f"-{inside[0]}"
    if kind == 1:
        return f"({inside[0]})"
    if kind == 2:
        return f"max({inside[0]}, {inside[1]})"
    return f"{inside[0]} {rng.choice('+-*/')} {inside[1]}"


def test_random_formulas_mean_what_they_do_in_python():
    rng = random.Random(0)
    values = {"x": 1.75, "y": -0.625}
    compared = 0
    for _ in range(2000):
        text = random_formula(rng)
        try:
            wanted = eval(text, {"max": max}, values)
        except ZeroDivisionError:
            continue
        found = formula.compute(formula.read(text), values).item()
        assert found == pytest.approx(wanted, rel=1e-12), text
        compared += 1
    assert compared > 1900


def test_random_text_is_read_or_refused():
    rng = random.Random(1)
    for _ in range(5000):
        text = "".join(rng.choice("x1.+-*/^() ,maxexp$\t") for _ in range(rng.randrange(30)))
        with contextlib.suppress(formula.FormulaError):
            formula.compute(
                formula.read(text), dict.fromkeys(formula.names(formula.read(text)), 1.5)
            )


DEEP = "(" * formula.DEEPEST + "1" + ")" * formula.DEEPEST


def test_micropython_says_the_same():
    requests = [
        {"figure": "exercise", "state": {"key": key, "answer": answer}, "press": "check"}
        for key, one in EXERCISES.items()
        for answer in [
            *(answer for answer, _, _ in answers(one)),
            "",
            "1+",
            "(" * 45 + "1" + ")" * 45,
        ]
    ]
    with MicroPython() as python:
        for request in requests:
            assert python.answer(request)["html"] == page.reply(request)["html"], request
