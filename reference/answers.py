"""The answers to the exercises, taken from the exercises themselves."""

import re
from pathlib import Path

from IPython.display import Markdown
from published import escaped

QUESTION = re.compile(
    r"^`{3,}\{exercise\} *(?P<title>.*)\n:label: (?P<label>\S+)"
    r'|figure\("exercise", key="(?P<key>[^"]+)"\)',
    re.M,
)


def answers(exercises, chapters):
    """Show the answer to each of `exercises`, folded, chapter by chapter, for all `chapters`."""
    parts = []
    for path in sorted(Path().glob(chapters)):
        text = path.read_text(encoding="utf-8")
        chapter = first(text)
        parts += [f"**{{numref}}`Chapter %s <{chapter}>`: {{ref}}`{chapter}`**", ""]
        for title, label, key in asked(text):
            parts += [f":::{{dropdown}} {key}: {title}", answer(exercises[key]), ""]
            parts += [f"{{ref}}`The question, and a worked solution <{label}>`", ":::", ""]
    return Markdown("\n".join(parts))


def first(text):
    """Return the label of a chapter, which stands above its title."""
    return re.search(r"^\((\S+)\)=\n# ", text, re.M).group(1)


def asked(text):
    """Yield (title, label, key) of what a chapter asks, in its order."""
    title = label = ""
    for found in QUESTION.finditer(text):
        if found["key"]:
            yield title, label, found["key"]
        else:
            title, label = found["title"], found["label"]


def answer(exercise):
    """Return the answer to an exercise, and why it is right, as Markdown."""
    if exercise.kind == "number":
        digits = 9 if exercise.tolerance < 1e-6 else 6
        given, why = f"**{exercise.answer():.{digits}g}**", exercise.right
    elif exercise.kind == "expression":
        given, why = f"`{exercise.shown}`", exercise.right
    else:
        options = {value: (f"**{escaped(text)}**", said) for value, text, said in exercise.options}
        given, why = options[exercise.answer]
    return f"{escaped(exercise.ask)} {given}\n\n{escaped(why)}"
