"""How a drawing becomes live: in a notebook as a widget, in the built page by a small host."""

__all__ = ["figure"]


def figure(name, **state):
    """Return the live figure `name` as a widget, its initial state changed by `state`.

    An unknown name is a ``ValueError`` that lists the figures; a key or a value that the figure
    does not know is a ``TraitError`` that says what it allows.
    """
    from live.widget import make  # late: the page and the book's build need no ipywidgets

    return make(name, state)
