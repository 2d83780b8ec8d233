"""`.data` and `detach()`: the same value without its history."""

from .state import SLOTS, last_change, orders
from .values import operand
from .variable import Variable, bare, leaf, settle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

if SLOTS:
    from _weakref import ref  # weakref itself imports as much again as the engine does


class View(Variable):
    """What shares its storage with the Variable whose .data it is.

    A change of it in place shows in its owner, until the owner is given other data.
    """

    __slots__ = ("held",)
    if SLOTS:
        __init__ = object.__init__

        def __reduce__(self) -> "tuple[Any, ...]":
            """Pickled or copied, it is a leaf of its own."""
            return leaf, (self.value,)

    held: "Any"  # the owner, or a weak reference to it

    @property
    def owner(self) -> "Variable | None":
        """The Variable whose .data it is, for as long as that has no other data."""
        owner = self.held if isinstance(self.held, Variable) else self.held()
        return owner if owner is not None and owner.storage is self.storage else None

    @property
    def value(self) -> "Any":
        """The shared value."""
        return self.storage[0]  # type: ignore[index]

    @value.setter
    def value(self, new: "Any") -> None:
        owner = self.owner if self.storage else None
        if self.storage:
            self.storage[0] = new
        else:
            self.storage = [new]
        if owner is not None:
            owner.value = new


def view(x: Variable, always: bool = False) -> "Any":
    """The same value without its history: a change of it in place shows here too.

    It is the Variable itself where that requires no gradient, unless a new one is `always` wanted.

    >>> w = Variable(1.0, requires_grad=True)
    >>> w.data = w.data - 0.25
    >>> w
    tensor(0.7500, requires_grad=True)
    """
    if not (x.requires_grad or always):
        return x
    storage = x.storage
    if storage is None:
        storage = x.storage = [x.value]
    if SLOTS:
        z = View()
        z.grad = z.rule = z.upstream = None
        z.held = x if x.rule is None else ref(x)  # it must not keep a graph alive
    else:  # in MicroPython
        z = bare(View)
        z.held = x
    z.requires_grad = False
    z.storage = storage
    z.order = x.order
    return z


def set_data(x: Variable, new: "Any") -> None:
    """Give it another value, which is not recorded."""
    x.storage = None
    x.changed = last_change[0] = next(orders)
    x.value = new.value if isinstance(new, Variable) else operand(new, "data")
    settle(x)


def detach(x: Variable) -> Variable:
    """A leaf with the same value, which it shares as `.data` does."""
    z: Variable = view(x, always=True)
    return z


Variable.data = property(view, set_data)  # with no call around it: each step asks for it
Variable.detach = detach
