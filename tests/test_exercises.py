"""The exercises: every right answer is right, every known mistake is told what went wrong."""

import contextlib
import io

import pytest
from micropython import MicroPython

import figures
from figures import exercise, exercises
from figures.exercises.kinds import Expression, Number, Pick
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
