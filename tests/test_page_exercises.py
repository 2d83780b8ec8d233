"""The exercises in the page: typing, checking, and what the browser remembers of it."""

import json

import pytest
from browser import figure, served
from playwright.sync_api import expect

CHAPTER = "chapters/03-a-chain-of-gates.html"


@pytest.fixture(scope="module")
def address(site):
    with served(site) as address:
        yield f"{address}/{CHAPTER}"


def exercise(page, number):
    """The page's exercise `number`, live."""
    return figure(page, "exercise" if number == 1 else f"exercise-{number}")


def verdict(found):
    return found.locator(".lf-words")


def answer(found, text):
    field = found.locator("input[name=answer]")
    field.fill(text)
    field.press("Enter")


def test_a_mistake_is_told_and_a_right_answer_counts(reader, address):
    page = reader.open(address)
    first = exercise(page, 1)
    tally = page.locator(".exercise-tally")
    expect(tally).to_contain_text("0 of 5 questions of this chapter answered")
    answer(first, "2")
    expect(verdict(first)).to_contain_text("the sign is not")
    expect(tally).to_contain_text("0 of 5")
    first.locator("input[name=answer]").fill("-2")
    expect(verdict(first)).to_contain_text("press Check")
    first.locator("[data-press=check]").click()
    expect(verdict(first)).to_contain_text("✓ Right")
    expect(tally).to_contain_text("1 of 5")


def test_progress_is_kept_cleared_and_not_lost_to_a_bad_entry(reader, address):
    page = reader.open(address)
    answer(exercise(page, 1), "-2")
    tally = page.locator(".exercise-tally")
    expect(tally).to_contain_text("1 of 5")
    answer(exercise(page, 1), "nonsense")
    expect(verdict(exercise(page, 1))).to_contain_text("nonsense is not")
    page.reload()
    expect(exercise(page, 1).locator("input[name=answer]")).to_have_value("nonsense")
    expect(tally).to_contain_text("1 of 5")
    page.goto(address)
    expect(tally).to_contain_text("1 of 5")
    expect(exercise(page, 1).locator("input[name=answer]")).to_have_value("-2")
    expect(verdict(exercise(page, 1))).to_contain_text("✓ Right")
    answer(exercise(page, 4), "y/x")
    expect(tally).to_contain_text("2 of 5")
    tally.get_by_role("button", name="Clear").click()
    expect(tally).to_contain_text("0 of 5")
    expect(exercise(page, 1).locator("input[name=answer]")).to_have_value("")
    page.reload()
    expect(tally).to_contain_text("0 of 5")


@pytest.mark.parametrize("stored", ["{", "[1]", '{"3-1": 5}', '{"99-9": "x"}', "null"])
def test_what_is_stored_may_be_garbage(reader, address, stored):
    script = f"localStorage.setItem('backprop-book.solved', {json.dumps(stored)})"
    page = reader.open(address, f"if (!localStorage.length) {script}")
    tally = page.locator(".exercise-tally")
    expect(tally).to_contain_text("0 of 5")
    answer(exercise(page, 1), "-2")
    expect(tally).to_contain_text("1 of 5")


def test_without_storage_it_lasts_as_long_as_the_page(reader, address):
    reader.expected = "uncaught: no"  # the theme keeps its mode there, and does not expect it
    forbid = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})"
    page = reader.open(address, forbid)
    answer(exercise(page, 1), "-2")
    expect(page.locator(".exercise-tally")).to_contain_text("1 of 5")


def test_two_tabs_add_up(reader, address):
    page = reader.open(address)
    other = page.context.new_page()
    other.goto(address)
    answer(exercise(page, 1), "-2")
    expect(other.locator(".exercise-tally")).to_contain_text("1 of 5")
    answer(exercise(other, 3), "-8")
    expect(page.locator(".exercise-tally")).to_contain_text("2 of 5")
