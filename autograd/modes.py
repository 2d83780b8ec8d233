"""Whether operations are recorded: `no_grad` and `enable_grad`."""

from . import variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class no_grad:
    """Inside `with no_grad():`, or in a function after @no_grad(), no operation is recorded.

    >>> w = variable.Variable(1.0, requires_grad=True)
    >>> with no_grad():
    ...     w -= 0.25
    >>> w
    tensor(0.7500, requires_grad=True)
    """

    records = False

    def __new__(cls, function: "Callable[..., Any] | None" = None) -> "Any":
        """A manager of that context; after @no_grad without parentheses, the function in it."""
        made = object.__new__(cls)
        return made if function is None else made(function)

    def __enter__(self) -> None:
        self.before = variable.recording
        variable.recording = self.records

    def __exit__(self, *error: object) -> None:
        variable.recording = self.before

    def __call__(self, function: "Callable[..., Any]") -> "Callable[..., Any]":
        from functools import wraps

        @wraps(function)
        def inside(*inputs: "Any", **options: "Any") -> "Any":
            with self.__class__():
                return function(*inputs, **options)

        return inside


class enable_grad(no_grad):
    """Inside `with enable_grad():` operations are recorded, even inside no_grad()."""

    records = True
