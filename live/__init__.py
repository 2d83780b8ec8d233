"""How a drawing becomes live: in a notebook as a widget, in the built page by a small host."""

__all__ = ["check", "figure"]


def figure(name, **state):
    """Return the live figure `name` as a widget, its initial state changed by `state`.

    An unknown name is a ``ValueError`` that lists the figures; a key or a value that the figure
    does not know is a ``TraitError`` that says what it allows.
    """
    from live.widget import make  # late: the page and the book's build need no ipywidgets

    return make(name, state)


def check(key, answer):
    """Say whether `answer` to the exercise `key` is right, and if it is a known mistake, which.

    An unknown key is a ``ValueError`` that lists the exercises.
    """
    from textwrap import fill

    from figures import exercises

    right, said = exercises.check(key, answer)
    print(fill("✓ Right. " + said if right else "✗ " + (said or "Not yet."), 76))
