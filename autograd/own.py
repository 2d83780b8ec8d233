"""Rules of one's own: an operation from its value and its derivatives.

>>> from autograd import Variable, register
>>> cube = register("cube", lambda x: x**3, lambda x, z: 3 * x**2)
>>> x = Variable(2.0, requires_grad=True)
>>> z = cube(x)
>>> z.backward()
>>> z, x.grad
(tensor(8., grad_fn=<CubeBackward0>), tensor(12.))
"""

from .functions import lift
from .rules import Rule
from .variable import Variable, result

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def register(name: str, value: "Callable[..., Any]", *partials: "Any") -> "Callable[..., Any]":
    """A function of numbers, arrays and Variables, z = f(x, y, ...), elementwise.

    `value(x, y, ...)` computes z. For each input follows dz/d input: a number where it is constant,
    else a function of (x, y, ..., z). All of them are written in + - * / ** and the functions of
    this package, such as autograd.exp and autograd.where (math's take numbers only), so that they
    serve arrays too, and Variables, for derivatives of the derivatives. Where floats divide by 0,
    overflow or have no real result, they give infinity or nan.

    Whether a derivative is right, `gradcheck` tells. Raises TypeError where one of the functions
    cannot be used, with what is wrong with it.

    >>> norm = register(
    ...     "norm",
    ...     lambda x, y: (x * x + y * y) ** 0.5,
    ...     lambda x, y, z: x / z,
    ...     lambda x, y, z: y / z,
    ... )
    >>> norm(3, 4), norm(Variable(0.0, requires_grad=True), 0.0)
    (5.0, tensor(0., grad_fn=<NormBackward0>))
    """
    if not isinstance(name, str) or not name or not callable(value) or not partials:
        raise TypeError(
            "register takes a name, the function for the value and, for each of its inputs, the "
            'derivative: register("cube", lambda x: x**3, lambda x, z: 3 * x**2)'
        )
    derivatives: list[Any] = []
    for slot, partial in enumerate(partials):
        if callable(partial):
            derivatives.append(_careful("derivative %d of %s" % (slot + 1, name), partial))
        elif isinstance(partial, (int, float)):
            derivatives.append(float(partial))
        else:
            raise TypeError(
                f"register: derivative {slot + 1} of {name} must be a function or a number, "
                f"not {partial!r}"
            )
    rule = Rule(name, _careful("the value of " + name, value), *derivatives)
    _try(rule)

    def operation(*inputs: "Any") -> "Any":
        return lift(rule, rule.value, inputs)

    return operation


def _careful(what: str, function: "Callable[..., Any]") -> "Callable[..., Any]":
    """The function, with floats and what IEEE 754 says for floats, and with clear errors.

    Where Python raises or turns to complex numbers, it is asked with Variables, which do neither.
    """

    def careful(*inputs: "Any") -> "Any":
        numbers = all([isinstance(x, (float, bool)) for x in inputs])
        try:
            try:
                z = function(*inputs)
            except (ArithmeticError, ValueError):
                if not numbers:
                    raise
                z = None
            if numbers and z.__class__ is not float:
                z = function(*[Variable(x) for x in inputs])
                z = float(z.item() if isinstance(z, Variable) else z)
        except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
            raise TypeError(
                f"{what} fails at {', '.join([repr(x) for x in inputs])}: {error}; it is to be a "
                "function of all inputs (a derivative also of the result), written in + - * / ** "
                "and autograd's functions: autograd.exp for math.exp, autograd.where for if"
            ) from error
        return z

    return careful


def _try(rule: Rule) -> None:
    """Raise TypeError if a rule's functions cannot be used, or lose what Variables remember."""
    xs = [Variable(0.5, requires_grad=True) for _ in rule.partials]
    z = result(rule, rule.value(*[0.5 for _ in xs]), tuple(xs))
    functions = [("the value", rule.value, xs)]
    for slot, partial in enumerate(rule.partials):
        if callable(partial):
            functions.append(("derivative %d" % (slot + 1), partial, xs + [z]))
    for what, function, inputs in functions:
        at = [x.item() for x in inputs]
        moved = [function(*[x + 0.01 * (i == j) for j, x in enumerate(at)]) for i in range(len(at))]
        found = function(*inputs)
        kept = isinstance(found, Variable) and found.requires_grad
        if not kept and any([x != function(*at) for x in moved]):
            raise TypeError(
                f"{what} of {rule.name} makes {found!r} of Variables, and forgets how; "
                "write it with autograd's functions: autograd.exp for math.exp"
            )
