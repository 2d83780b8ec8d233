"""A number, or an array of numbers, that remembers how it was computed.

An operation on Variables gives a Variable that keeps the operation's `rule` and its `inputs`: these
are the graph, which backward.py walks. At a node z = f(x, y),

    upstream     d result / d z, what arrives there
    local        dz / dx, the rule's partial derivative
    downstream   upstream × local, what the node sends on to x
"""

from . import changes, hooks, methods
from .functions import clamp
from .rules import RULES, Rule
from .state import SLOTS, extra, keep, orders
from .values import evaluate, is_part, load_arrays, operand, operate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

bare: "Any" = object.__new__  # a Variable without __init__; its maker fills it in
scope = globals()  # for the methods that floats.py makes
_FIELDS = (
    "changed grad left more order requires_grad right rule storage to_left to_right upstream value "
    "__weakref__"
)
BY_RULE = object()  # marks a node whose gradients are passed on by its rule, not by two numbers

recording = True  # False inside no_grad()
watched = False  # True once there has been a hook, or a retain_grad()


def _method(name: str) -> "Callable[..., Any]":
    """The method for the operation `name` on self and, if it takes two inputs, on another."""
    rule = RULES[name]
    if len(rule.partials) == 1:
        return lambda x: record(rule, x)
    return lambda x, other: record(rule, x, other)


def _reflected(name: str) -> "Callable[..., Any]":
    """The method for the operation on another and self, where the other is no Variable."""
    rule = RULES[name]
    return lambda x, other: record(rule, other, x)


def _of_arrays(name: str) -> "Callable[..., Any]":
    """The method for an operation that is not elementwise; see operations.py."""
    return lambda x, *arguments, **named: operate(name, x, *arguments, **named)


class Variable:
    """A number or an array, with the gradient of a result with respect to it.

    `data` is a number (kept as a Python float), a NumPy array or a Variable. With `requires_grad`,
    operations on it are recorded, and `backward()` of a result adds d result / d self to `.grad`.

    >>> w = Variable(1.0, requires_grad=True, name="w")
    >>> loss = (2.0 * w - 4.0) ** 2
    >>> loss.backward()
    >>> loss.item(), w.grad
    (4.0, tensor(-8.))
    """

    __slots__ = tuple(_FIELDS.split())
    __array_ufunc__ = None  # array * variable is left to the Variable

    value: "Any"  # a float or a NumPy array
    grad: "Variable | None"  # in a leaf, once a gradient has arrived
    requires_grad: bool
    rule: "Rule | None"  # None in a leaf
    left: "Any"  # of arithmetic the left operand, of other rules the tuple of all inputs
    right: "Any"
    order: int  # when it was made; see orders
    upstream: "Any"  # what has arrived in a backward pass; else None, or SPENT after one
    storage: "list[Any] | None"  # [value], where it is shared with what .data gave

    to_left: "Any"  # BY_RULE; or, from floats.py, the local derivative for `left` if it is wanted
    to_right: "Any"  # likewise, or None

    changed: int  # if its value was ever changed in place, when it last was; as `order`
    more: "dict[str, Any]"  # what few have: see `keep`

    backward: "Callable[..., None]"  # of backward.py
    data: "Any"  # of views.py
    detach: "Any"  # likewise

    def __init__(self, data: "Any", requires_grad: bool = False, name: "str | None" = None) -> None:
        self.value = data.value if isinstance(data, Variable) else operand(data, "Variable")
        self.requires_grad = False
        self.grad = self.rule = self.storage = self.upstream = None
        if name is not None:
            self.name = name
        self.order = next(orders)
        settle(self)
        if requires_grad:
            self.requires_grad_()

    @property
    def name(self) -> "str | None":
        """What it is called in graphs, if anything."""
        name: str | None = extra(self, "name")
        return name

    @name.setter
    def name(self, name: "str | None") -> None:
        keep(self, "name", name)

    @property
    def inputs(self) -> "tuple[Any, ...]":
        """What it was computed from, Variables and constants; () for a leaf."""
        if self.rule is None:
            return ()
        return (self.left, self.right) if self.rule.arithmetic else self.left

    @property
    def is_leaf(self) -> bool:
        """Was it made by the reader rather than by a recorded operation?"""
        return self.rule is None

    def requires_grad_(self, requires_grad: bool = True) -> "Variable":
        """Have operations on it recorded, or no more.

        Raises RuntimeError where its numbers are integers, or where it is itself the result of a
        recorded operation.
        """
        if requires_grad and getattr(getattr(self.value, "dtype", None), "kind", "f") != "f":
            raise RuntimeError(
                f"only floating-point numbers can require gradients, not {self.value.dtype}; "
                "convert the array with .astype(float)"
            )
        if self.rule is not None and not requires_grad:
            raise RuntimeError(
                "what was computed from a Variable that requires a gradient requires one too; "
                "x.detach() has the same value and requires none"
            )
        self.requires_grad = bool(requires_grad)
        return self

    # Operations

    __add__ = add = _method("add")
    __sub__ = sub = _method("sub")
    __mul__ = mul = _method("mul")
    __truediv__ = div = _method("div")
    __pow__ = pow = _method("pow")
    __radd__, __rsub__, __rmul__ = _reflected("add"), _reflected("sub"), _reflected("mul")
    __rtruediv__, __rpow__ = _reflected("div"), _reflected("pow")
    __neg__ = neg = _method("neg")
    __abs__ = abs = _method("abs")
    sign, exp, log, sqrt = _method("sign"), _method("exp"), _method("log"), _method("sqrt")
    sin, cos, tan, tanh = _method("sin"), _method("cos"), _method("tan"), _method("tanh")
    sigmoid, relu, clamp = _method("sigmoid"), _method("relu"), clamp
    maximum, minimum = _method("maximum"), _method("minimum")

    def where(self, condition: "Any", other: "Any") -> "Variable":
        """self where the condition holds, else the other; that one gets the gradient."""
        return record(RULES["where"], condition, self, other)

    def apply(self, rule: Rule, *inputs: "Any") -> "Variable":
        """Apply a rule of the table to inputs, of which at least one is a Variable."""
        return record(rule, *inputs)

    def __pos__(self) -> "Variable":
        return self

    def __hash__(self) -> int:
        return id(self)

    # Of arrays

    sum, mean, prod = _of_arrays("sum"), _of_arrays("mean"), _of_arrays("prod")
    max, min = _of_arrays("max"), _of_arrays("min")
    amax, amin, logsumexp = _of_arrays("amax"), _of_arrays("amin"), _of_arrays("logsumexp")
    softmax, log_softmax = _of_arrays("softmax"), _of_arrays("log_softmax")
    __matmul__ = matmul = _of_arrays("matmul")
    __rmatmul__ = _of_arrays("rmatmul")
    dot, reshape, permute = _of_arrays("dot"), _of_arrays("reshape"), _of_arrays("permute")
    expand = broadcast_to = _of_arrays("broadcast_to")
    transpose = _of_arrays("transpose")

    # What is written elsewhere

    shape, T = property(methods.shape), property(methods.transposed)
    item, tolist, numpy = methods.item, methods.tolist, methods.numpy
    __getitem__, __len__, __iter__ = methods.elements, methods.length, methods.parts
    __repr__, __format__ = methods.text, methods.formatted
    _repr_mimebundle_ = methods.bundle
    if SLOTS:
        __float__, __int__, __array__ = methods.as_float, methods.as_int, methods.as_array
    __bool__ = methods.as_bool
    __lt__, __le__ = methods.comparison("lt"), methods.comparison("le")
    __gt__, __ge__ = methods.comparison("gt"), methods.comparison("ge")
    __eq__, __ne__ = methods.comparison("eq"), methods.comparison("ne")
    __and__, __or__ = methods.logic(lambda x, y: x & y), methods.logic(lambda x, y: x | y)
    __xor__ = methods.logic(lambda x, y: x ^ y)
    __invert__ = methods.logic(lambda x: not x if x.__class__ is bool else ~x)

    zero_, fill_, copy_ = changes.zero_, changes.fill_, changes.copy_
    add_, __iadd__ = changes.in_place("add")
    sub_, __isub__ = changes.in_place("sub")
    mul_, __imul__ = changes.in_place("mul")
    div_, __itruediv__ = changes.in_place("div")
    __setitem__ = changes.set_elements

    retain_grad, register_hook = hooks.retain_grad, hooks.register_hook


class Number(Variable):
    """In CPython, the class of a Variable that is known to hold a float; see floats.py.

    It is made without arguments, by no code in Python, which is quicker than object.__new__.
    """

    __slots__ = ()
    if SLOTS:
        __init__ = object.__init__


if not SLOTS:
    for _field in ("grad", "rule", "storage", "to_left", "to_right", "upstream"):
        setattr(Variable, _field, None)


def settle(x: Variable) -> None:
    """Give a Variable the class for what it holds."""
    if SLOTS and x.__class__ in (Number, Variable):
        x.__class__ = Number if x.value.__class__ is float else Variable


# Recording


def operands(rule: Rule, inputs: "tuple[Any, ...]") -> "tuple[Any, ...]":
    return tuple([x if isinstance(x, Variable) else operand(x, rule.name) for x in inputs])


def values_of(inputs: "tuple[Any, ...]") -> "list[Any]":
    """The floats and arrays that Variables and constants hold."""
    return [x.value if isinstance(x, Variable) else x for x in inputs]


def record(rule: Rule, *inputs: "Any") -> Variable:
    """Apply a rule to Variables, numbers and arrays; remember it where a gradient is wanted."""
    values = []
    for x in inputs:
        if isinstance(x, Variable):
            values.append(x.value)
        else:
            inputs = operands(rule, inputs)
            values = values_of(inputs)
            break
    return result(rule, evaluate(rule, values), inputs)


def result(rule: Rule, value: "Any", inputs: "tuple[Any, ...]") -> Variable:
    """The Variable that a rule made of its inputs."""
    z = leaf(value)
    if recording:
        for x in inputs:
            if isinstance(x, Variable) and x.requires_grad:
                z.requires_grad = True
                z.rule = rule
                z.to_left, z.to_right = BY_RULE, None
                if rule.arithmetic:
                    z.left, z.right = inputs
                else:
                    z.left = inputs
                break
    if rule.pulls and inputs and is_part(value, inputs[0]):
        keep(z, "viewed", inputs[0])
    return z


def leaf(value: "Any") -> Variable:
    """A Variable without history, of a value that is known to be a float or an array."""
    if SLOTS:
        z: Variable = Number() if value.__class__ is float else bare(Variable)
        z.grad = z.rule = z.storage = z.upstream = None
    else:  # in MicroPython
        z = bare(Variable)
    z.value = value
    z.requires_grad = False
    z.order = next(orders)
    return z


def tensor(data: "Any", requires_grad: bool = False) -> Variable:
    """A Variable of a number, or of a copy of an array or of numbers in nested lists.

    As in PyTorch, floats in lists become 32-bit floats; integers stay such, except for a single
    number, which is always a float.

    >>> tensor([1.0, 2.0], requires_grad=True)
    tensor([1., 2.], requires_grad=True)
    """
    if isinstance(data, Variable):
        data = data.value
    if isinstance(data, (list, tuple, range)) or hasattr(data, "__array_namespace__"):
        data = load_arrays().copied(data)
    return Variable(data, requires_grad)
