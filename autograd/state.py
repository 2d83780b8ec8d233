"""What the engine's modules share: the order of Variables, and a place for what few have."""

import sys
from itertools import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .variable import Variable

# MicroPython has no slots: what is None at first stands in the class there, which halves the time
# that an operation takes.
SLOTS = sys.implementation.name != "micropython"

# Each Variable gets a number smaller than all before it. A heap of them yields the latest first,
# which is an order for the backward pass: nothing is an input of what was made before it.
orders = count(-1, -1)
last_change = [0]  # the number that went to the latest change in place

_NOTHING: "dict[str, Any]" = {}


def keep(x: "Variable", what: str, value: "Any") -> "Any":
    """Keep something that few have, and return it.

    That is its name, its hooks, whether it retains_grad, and what is viewed: the Variable of whose
    array its own is a part.
    """
    if not hasattr(x, "more"):
        x.more = {}
    x.more[what] = value
    return value


def extra(x: "Variable", what: str) -> "Any":
    """What `keep` has kept under that name, or None."""
    return getattr(x, "more", _NOTHING).get(what)
