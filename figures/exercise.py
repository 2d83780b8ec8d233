"""An exercise of the book: a field or a choice, a check, a word on what went wrong."""

from figures.exercises import all_exercises, check
from figures.parts.controls import Choice, Entry
from figures.parts.text import escape

TITLE = "Exercise"
STATE = {"key": "3-1", "answer": "", "checked": ""}
CONTROLS = (
    Choice("key", "exercise", tuple([(key, key) for key in all_exercises()]), hidden=True),
    Entry("answer", 200),
    Entry("checked", 200),  # what was last checked: until then nothing is said
)
BEAT = 0  # there is nothing to play


def draw(state):
    exercise = all_exercises()[state["key"]]
    checked = state["checked"].strip() and state["checked"] == state["answer"]
    right, said = check(state["key"], state["answer"]) if checked else (False, "")
    mark = ("right" if right else "wrong") if checked else "open"
    ask = _options if exercise.kind == "pick" else _field
    return (
        '<div class="lf-exercise lf-%s" data-exercise="%s"%s>%s'
        '<p class="lf-words lf-verdict" role="status" aria-live="polite">%s</p></div>'
        % (
            mark,
            state["key"],
            ' data-solved="true"' if right else "",
            ask(exercise, state),
            _verdict(checked, right, said),
        )
    )


def press(state, what):
    return dict(state, checked=state["answer"]) if what == "check" else state


def tick(state):
    return state


CHECK = '<button type="button" class="lf-check" data-press="check">Check</button>'


def _field(exercise, state):
    """Return the label, the field and the button."""
    mode = "decimal" if exercise.kind == "number" else "text"
    return (
        '<div class="lf-ask"><label>%s <input class="lf-entry" name="answer" value="%s" '
        'inputmode="%s" maxlength="200" autocomplete="off" spellcheck="false"/></label>%s</div>'
        % (escape(exercise.ask), escape(state["answer"]), mode, CHECK)
    )


def _options(exercise, state):
    """Return one radio button for each option, and the button."""
    options = [
        '<label><input type="radio" name="answer" value="%s"%s/> %s</label>'
        % (value, ' checked=""' if value == state["answer"] else "", escape(text))
        for value, text, _ in exercise.options
    ]
    return '<fieldset class="lf-pick"><legend>%s</legend>%s</fieldset>%s' % (
        escape(exercise.ask),
        "".join(options),
        CHECK,
    )


def _verdict(checked, right, said):
    if not checked:
        return "Answer, then press Check or Enter."
    if right:
        return "✓ Right. " + escape(said)
    return "✗ " + (escape(said) or "Not yet. Open the hint below, and try again.")
