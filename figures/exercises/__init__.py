"""The exercises of the book: what is asked, what is right, and which mistakes are known.

One module a chapter, ``chapter_03.py`` with its `EXERCISES`; the chapter says the question in full
and shows its exercise by ``figure("exercise", key="3-1")``. To add one, add it to that tuple.
"""

from figures import modules


def chapters():
    """Return {number of a chapter: its module} for all that have exercises."""
    names = [name for name in modules(__file__) if name[:8] == "chapter_"]
    return {int(name[8:]): _module(name) for name in names}


def _module(name):
    return __import__("figures.exercises." + name, None, None, ["EXERCISES"])


def all_exercises():
    """Return {key: exercise}, in the book's order."""
    if not _known:
        for module in chapters().values():
            for exercise in module.EXERCISES:
                _known[exercise.key] = exercise
    return _known


_known = {}


def check(key, answer):
    """Return (right, what to say) for an answer, as text or as a number, to the exercise `key`.

    An unknown key is a ValueError that lists the exercises.
    """
    known = all_exercises()
    if key not in known:
        listed = ", ".join(known)
        raise ValueError("there is no exercise %r; the exercises are: %s" % (key, listed))
    text = answer if isinstance(answer, str) else "%.12g" % answer
    return known[key].check(text.strip())
