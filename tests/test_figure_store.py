"""The figure of the gradient store: what each .grad holds after any presses."""

import itertools

import pytest
from test_figures import numbers, words

import figures
from figures import store


def pressed(letters):
    """Return the state after pressing these buttons, one after the other, from nothing."""
    state = dict(store.STATE, presses="", at=0)
    names = {letter: name for name, letter in store.LETTERS.items()}
    for letter in letters:
        state = store.press(state, names[letter])
    return state


@pytest.mark.parametrize(
    ("letters", "w1", "w2"),
    [
        ("", None, None),
        ("b", "-8", "-12"),
        ("bb", "-8", "-12"),
        ("bfb", "-16", "-24"),
        ("rb", "-16", "-24"),
        ("rrb", "-24", "-36"),
        ("rbb", "-16", "-24"),
        ("bz", "0", "0"),
        ("z", None, None),
        ("db", None, "-12"),
        ("dbz", None, "-12"),
        ("dbdb", "-8", "-24"),
        ("bzdb", "0", "-12"),
        (store.DEMONSTRATION, "0", "-12"),
    ],
)
def test_what_the_store_holds(letters, w1, w2):
    shown = numbers(store, **pressed(letters))
    assert (shown.get("grad:w1"), shown.get("grad:w2")) == (w1, w2)
    assert not {"grad:h", "grad:x", "grad:loss"} & set(shown)


@pytest.mark.parametrize(
    ("letters", "type_"),
    [("bb", "RuntimeError: a second"), ("rbb", "RuntimeError"), ("z", "AttributeError"),
     ("dbz", "AttributeError"), ("dbb", "RuntimeError")],
)  # fmt: skip
def test_an_error_is_shown(letters, type_):
    assert type_ in store.draw(pressed(letters)) and "An error" in words(store, **pressed(letters))
    assert "Error" not in store.draw(pressed(letters[:-1]))


def test_the_words_say_what_was_added():
    shown = numbers(store, **pressed("bfb"))
    assert (shown["sent:w1"], shown["sent:w2"]) == ("-8", "-12")
    assert "the cut" in words(store, **pressed("db")) and "kept" in words(store, **pressed("r"))


def test_all_short_programs_are_drawn():
    for letters in itertools.product("bzfdr", repeat=4):
        state = pressed(letters)
        assert state == {"presses": "".join(letters), "at": 4}
        numbers(store, **state)


def test_back_and_a_new_press_replace_what_was_taken_back():
    state = store.press(store.press(pressed("bfb"), "back"), "zero")
    assert state == {"presses": "bfz", "at": 3}
    assert figures.respond(store, state, {"at": 0}, "reset") == dict(store.STATE, at=0)


def test_a_program_is_bounded():
    state = pressed("f" * (store.LONGEST + 3))
    assert state["at"] == len(state["presses"]) == store.LONGEST
    assert "full" in words(store, **state)


def test_what_is_no_press_is_ignored():
    state = figures.clean(store, {"presses": "b<q>fb", "at": 3})
    assert numbers(store, **state)["grad:w1"] == "-16"
    assert store.press(state, "back")["at"] == 2
