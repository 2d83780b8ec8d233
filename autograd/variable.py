"""A number, or an array of numbers, that remembers how it was computed.

An operation on Variables gives a Variable that keeps the operation's `rule` and its `inputs`: these
are the graph. `backward` walks it from the result to the leaves. At a node z = f(x, y),

    upstream     d result / d z, what arrives there
    local        dz / dx, the rule's partial derivative
    downstream   upstream × local, what the node sends on to x
"""

import operator
import sys
from heapq import heappop, heappush
from itertools import count

from .rules import RULES, Rule, clamp, first, second

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

_new = object.__new__  # in MicroPython, a Variable without its __init__; its maker fills it in
_arrays: "Any" = None  # the module for arrays, once there has been one
_operations: "Any" = None  # the module for what is not elementwise, likewise
_OF_ONE = ("sum", "mean", "prod", "max", "min")  # of one number this number

# Each Variable gets a number smaller than all before it. A heap of them yields the latest first,
# which is an order for the backward pass: nothing is an input of what was made before it.
_orders = count(-1, -1)
_last_change = 0  # the number that went to the latest change in place

# MicroPython has no slots: what is None at first stands in the class there, which halves the time
# that an operation takes.
_SLOTS = sys.implementation.name != "micropython"
_FIELDS = "grad left order requires_grad right rule storage upstream value __dict__ __weakref__"
SPENT = object()  # marks what a backward pass went through

_recording = True  # False inside no_grad()
_watched = False  # True once there has been a hook, or a retain_grad()


class no_grad:
    """Inside `with no_grad():`, or in a function after @no_grad(), no operation is recorded.

    >>> w = Variable(1.0, requires_grad=True)
    >>> with no_grad():
    ...     w -= 0.25
    >>> w
    tensor(0.7500, requires_grad=True)
    """

    records = False

    def __enter__(self) -> None:
        global _recording
        self.before = _recording
        _recording = self.records

    def __exit__(self, *error: object) -> None:
        global _recording
        _recording = self.before

    def __call__(self, function: "Callable[..., Any]") -> "Callable[..., Any]":
        def inside(*inputs: "Any", **options: "Any") -> "Any":
            with self.__class__():
                return function(*inputs, **options)

        return inside


class enable_grad(no_grad):
    """Inside `with enable_grad():` operations are recorded, even inside no_grad()."""

    records = True


def _arithmetic(name: str) -> "tuple[Callable[..., Any], Callable[..., Any]]":
    """The methods for self ∘ y and, where the left operand is no Variable, for x ∘ self.

    Two floats are the case that has to be fast, so it is written out; all else goes to `record`.
    """
    rule = RULES[name]
    value, new, slots = rule.value, _new, _SLOTS
    adds, subtracts, multiplies = name == "add", name == "sub", name == "mul"

    def left(x: "Variable", y: "Any") -> "Variable":
        a = x.value
        if y.__class__ is float:
            b = y
            recorded = x.requires_grad
        elif y.__class__ is int:
            return left(x, float(y))
        else:
            try:
                b = y.value
                recorded = y.requires_grad or x.requires_grad
            except AttributeError:
                return record(rule, x, y)
        if a.__class__ is not float or b.__class__ is not float:
            return record(rule, x, y)
        z = FastVariable() if slots else new(Variable)
        z.value = a * b if multiplies else a - b if subtracts else a + b if adds else value(a, b)
        if slots:
            z.grad = z.storage = z.upstream = None
        if recorded and _recording:
            z.requires_grad = True
            z.order = next(_orders)
            z.rule = rule
            z.left = x
            z.right = y
        else:
            z.requires_grad = False
            z.order = x.order  # it has no place in a backward pass
            if slots:
                z.rule = None
        return z

    def right(y: "Variable", x: "Any") -> "Variable":
        b = y.value
        if x.__class__ is not float or b.__class__ is not float:
            return right(y, float(x)) if x.__class__ is int else record(rule, x, y)
        z = FastVariable() if slots else new(Variable)
        z.value = x * b if multiplies else x - b if subtracts else x + b if adds else value(x, b)
        if slots:
            z.grad = z.storage = z.upstream = None
        if y.requires_grad and _recording:
            z.requires_grad = True
            z.order = next(_orders)
            z.rule = rule
            z.left = x
            z.right = y
        else:
            z.requires_grad = False
            z.order = y.order
            if slots:
                z.rule = None
        return z

    return left, right


def _method(name: str) -> "Callable[..., Any]":
    """The method for the operation `name` on self and, if it takes two inputs, on another."""
    rule = RULES[name]
    if len(rule.partials) == 1:
        return lambda x: record(rule, x)
    return lambda x, other: record(rule, x, other)


def _in_place(name: str) -> "tuple[Callable[..., Any], Callable[..., Any]]":
    """The method that puts self ∘ y into self, and the one for the operator, as in self += y.

    The operator gives a new Variable instead where the operation has to be recorded.
    """
    rule = RULES[name]

    def method(x: "Variable", y: "Any") -> "Variable":
        _refuse(x, y, f"{name}_")
        return _put(x, _evaluate(rule, _operands(rule, (x, y))))

    def operator(x: "Variable", y: "Any") -> "Variable":
        records = _recording and (x.rule is not None or getattr(y, "requires_grad", False))
        return record(rule, x, y) if records else method(x, y)

    return method, operator


def _comparison(name: str) -> "Callable[[Any, Any], Any]":
    """The method for a comparison, elementwise, of the values alone: it has no derivative."""
    rule = Rule(name, getattr(operator, name))

    def compare(x: "Variable", y: "Any") -> "Any":
        try:
            return leaf(_evaluate(rule, _operands(rule, (x, y))))
        except TypeError:
            return NotImplemented

    return compare


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
    order: int  # when it was made; see _orders
    upstream: "Any"  # what has arrived in a backward pass; else None, or SPENT after one
    storage: "list[Any] | None"  # [value], where it is shared with what .data gave

    # What few have
    name: "str | None" = None
    changed: "int | None" = None  # when its value was last changed in place; as `order`
    hooks: "tuple[Hook, ...]" = ()
    retains_grad: bool = False
    viewed: "Variable | None" = None  # where its array is part of another's

    def __init__(self, data: "Any", requires_grad: bool = False, name: "str | None" = None) -> None:
        self.value = data.value if isinstance(data, Variable) else operand(data, "Variable")
        self.requires_grad = False
        self.grad = self.rule = self.storage = self.upstream = None
        if name is not None:
            self.name = name
        self.order = next(_orders)
        if requires_grad:
            self.requires_grad_()
        if _SLOTS and self.__class__ is Variable:
            self.__class__ = FastVariable

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

    @property
    def data(self) -> "Variable":
        """The same value without its history: a change of it in place shows here too.

        >>> w = Variable(1.0, requires_grad=True)
        >>> w.data = w.data - 0.25
        >>> w
        tensor(0.7500, requires_grad=True)
        """
        return self.detach() if self.requires_grad else self

    @data.setter
    def data(self, new: "Any") -> None:
        self.storage = None
        if new.__class__ is not float:
            new = new.value if isinstance(new, Variable) else operand(new, "data")
        self.value = new

    def detach(self) -> "Variable":
        """A leaf with the same value, which it shares as `.data` does."""
        if self.storage is None:
            self.storage = [self.value]
        view: View = View() if _SLOTS else _new(View)
        view.held = self
        if self.rule is not None and _SLOTS:  # it must not keep a graph alive
            from weakref import ref

            view.held = ref(self)
        view.storage = self.storage
        view.order = self.order
        return view

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

    def retain_grad(self) -> None:
        """Have a later backward() keep the gradient of a result in its .grad, as in a leaf.

        >>> w = Variable(3.0, requires_grad=True)
        >>> s = w * w
        >>> s.retain_grad()
        >>> (2.0 * s).backward()
        >>> s.grad
        tensor(2.)
        """
        self._watch("retain_grad()")
        self.retains_grad = self.rule is not None

    def register_hook(self, function: "Callable[[Variable], Any]") -> "Hook":
        """Have backward() call `function` with the gradient, once all of it has arrived here.

        If that returns anything but None, it takes the place of the gradient. The `remove()` of
        what register_hook returns ends it.

        >>> w = Variable(3.0, requires_grad=True)
        >>> hook = w.register_hook(lambda gradient: 10.0 * gradient)
        >>> (w * w).backward()
        >>> w.grad
        tensor(60.)
        """
        self._watch("register_hook()")
        hook = Hook(self, function)
        self.hooks += (hook,)
        return hook

    def _watch(self, operation: str) -> None:
        global _watched
        if not self.requires_grad:
            raise RuntimeError(
                f"{operation} of a Variable that depends on nothing that requires a gradient: "
                "none will arrive; make one with Variable(..., requires_grad=True)"
            )
        _watched = True

    def numpy(self) -> "Any":
        """The NumPy array, which is shared; a number gives an array of no axes."""
        if self.requires_grad:
            raise RuntimeError(
                "numpy() of a Variable that requires a gradient: NumPy would not record what is "
                "done to the array; write x.detach().numpy()"
            )
        return _load_arrays().np.asarray(self.value)

    # Changes in place

    def zero_(self) -> "Variable":
        """Set every number to 0, in place.

        >>> w = Variable(3.0, requires_grad=True)
        >>> (w * w).backward()
        >>> w.grad.data.zero_(), w.grad
        (tensor(0.), tensor(0.))
        """
        global _last_change
        if self.requires_grad:
            _refuse(self, 0.0, "zero_")
        if self.value.__class__ is not float or self.storage is not None:
            return _put(self, 0.0)
        self.value = 0.0
        self.changed = _last_change = next(_orders)
        return self

    def fill_(self, number: "Any") -> "Variable":
        """Set every number to one, in place."""
        if self.requires_grad:
            _refuse(self, number, "fill_")
        return _put(self, number)

    def copy_(self, other: "Any") -> "Variable":
        """Set the numbers to those of another Variable or array, broadcast to this shape."""
        _refuse(self, other, "copy_")
        return _put(self, other)

    add_, __iadd__ = _in_place("add")
    sub_, __isub__ = _in_place("sub")
    mul_, __imul__ = _in_place("mul")
    div_, __itruediv__ = _in_place("div")

    def __setitem__(self, key: "Any", other: "Any") -> None:
        """Set elements, by integers, slices, masks or integer arrays as in NumPy, in place."""
        _refuse(self, other, "x[...] = ")
        if not self.shape:
            raise IndexError("this Variable is one number and has no elements; use x.fill_()")
        engine(self.value).assign(self.value, other, key)
        _mark(self)

    def backward(
        self,
        gradient: "Any" = None,
        retain_graph: "bool | None" = None,
        create_graph: bool = False,
    ) -> None:
        """Add d self / d leaf to the `.grad` of each leaf that requires it.

        Visits every node after all nodes that use it, the latest first, and adds up what arrives:

            downstream = upstream × local

        `gradient`, of self's shape, is what arrives at self; it may be left out where self is one
        number: then it is 1. With `create_graph` the pass itself is recorded, so that gradients can
        be differentiated. `retain_graph`, which is as `create_graph` unless given, allows another
        pass.

        Raises RuntimeError where self was not computed from a leaf with `requires_grad`; for a
        second pass through a graph that was not retained; and where a value that a derivative
        needs has been changed in place.

        >>> x = Variable(3.0, requires_grad=True)
        >>> (x * x + x).backward()
        >>> x.grad
        tensor(7.)
        """
        value = self.value
        special = create_graph or _watched or gradient is not None or self.rule is None
        if value.__class__ is float and not special:
            return _walk_numbers(self, None if retain_graph else SPENT)
        for x, arrived in _pass([(self, gradient)], retain_graph, create_graph):
            _accumulate(x, arrived)
        return None

    # Operations

    __add__, __radd__ = _arithmetic("add")
    __sub__, __rsub__ = _arithmetic("sub")
    __mul__, __rmul__ = _arithmetic("mul")
    __truediv__, __rtruediv__ = _arithmetic("div")
    __pow__, __rpow__ = _arithmetic("pow")
    pow = __pow__
    __neg__ = neg = _method("neg")
    __abs__ = abs = _method("abs")
    sign, exp, log, sqrt = _method("sign"), _method("exp"), _method("log"), _method("sqrt")
    sin, cos, tan, tanh = _method("sin"), _method("cos"), _method("tan"), _method("tanh")
    sigmoid, relu, clamp = _method("sigmoid"), _method("relu"), clamp
    maximum, minimum = _method("maximum"), _method("minimum")
    __lt__, __le__, __eq__ = _comparison("lt"), _comparison("le"), _comparison("eq")
    __gt__, __ge__, __ne__ = _comparison("gt"), _comparison("ge"), _comparison("ne")

    def __hash__(self) -> int:
        return id(self)

    def where(self, condition: "Any", other: "Any") -> "Variable":
        """self where the condition holds, else the other; that one gets the gradient."""
        return record(RULES["where"], condition, self, other)

    def apply(self, rule: Rule, *inputs: "Any") -> "Variable":
        """Apply a rule of the table to inputs, of which at least one is a Variable."""
        return record(rule, *inputs)

    # Of arrays

    sum, mean, prod = _of_arrays("sum"), _of_arrays("mean"), _of_arrays("prod")
    max, min = _of_arrays("max"), _of_arrays("min")
    amax, amin, logsumexp = _of_arrays("amax"), _of_arrays("amin"), _of_arrays("logsumexp")
    softmax, log_softmax = _of_arrays("softmax"), _of_arrays("log_softmax")
    __matmul__ = matmul = _of_arrays("matmul")
    dot, reshape, permute = _of_arrays("dot"), _of_arrays("reshape"), _of_arrays("permute")
    expand = broadcast_to = _of_arrays("broadcast_to")
    transpose = _of_arrays("transpose")

    def __rmatmul__(self, other: "Any") -> "Variable":
        z: Variable = operate("rmatmul", self, other)
        return z

    @property
    def T(self) -> "Variable":
        """The transpose of a matrix; of other arrays the axes in reverse order."""
        z: Variable = self.permute(tuple(range(len(self.shape)))[::-1])
        return z

    # Elements

    @property
    def shape(self) -> "tuple[int, ...]":
        """The length of each axis; () for a number."""
        return tuple(getattr(self.value, "shape", ()))

    def __getitem__(self, key: "Any") -> "Variable":
        """Elements by integers, slices, masks or integer arrays, as in NumPy."""
        parts = key if isinstance(key, tuple) else (key,)
        if not self.shape and any([part is not None and part is not Ellipsis for part in parts]):
            raise IndexError("this Variable is one number and has no elements; use .item()")
        z: Variable = operate("index", self, key)
        return z

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("this Variable is one number and has no length")
        return self.shape[0]

    def __iter__(self) -> "Iterator[Variable]":
        return (self[i] for i in range(len(self)))

    def item(self) -> "Any":
        """The one number it holds, as Python has it. Raises RuntimeError if it holds more."""
        value = self.value
        if value.__class__ is float or value.__class__ is bool:
            return value
        if value.size != 1:
            raise RuntimeError(
                f"item() is for one number, and this holds {value.size} (its shape is "
                f"{value.shape}); index it first, or use .tolist()"
            )
        return value.item()

    def tolist(self) -> "Any":
        """The number, or the numbers in nested lists."""
        return self.value.tolist() if self.shape else self.item()

    if sys.implementation.name != "micropython":  # whose 2.0 * x would take float(x), if it could

        def __float__(self) -> float:
            return float(self.item())

    def __bool__(self) -> bool:
        return bool(self.item())

    def __format__(self, form: str) -> str:
        return format(self.item(), form) if form else repr(self)

    def __repr__(self) -> str:
        from .printing import text

        return text(self)

    def _repr_mimebundle_(self, **asked: "Any") -> "dict[str, str]":
        from .display import bundle

        return bundle(self)


if not _SLOTS:
    for _field in ("grad", "rule", "storage", "upstream"):
        setattr(Variable, _field, None)


class FastVariable(Variable):
    """The class of all Variables in CPython: it is made without arguments, by no code in Python.

    That is quicker than object.__new__. There are no others, since CPython is quickest where what
    it sees in one place is always of one class.
    """

    __slots__ = ()
    if _SLOTS:
        __init__ = object.__init__


class View(FastVariable):
    """What shares its storage with the Variable whose .data it is.

    A change of it in place shows in its owner, until the owner is given other data.
    """

    __slots__ = ("held",)
    requires_grad = False
    grad = rule = upstream = None

    held: "Any"  # the owner, or a weak reference to it

    @property
    def owner(self) -> "Variable | None":
        """The Variable whose .data it is, for as long as that has no other data."""
        owner = self.held if isinstance(self.held, Variable) else self.held()
        return owner if owner is not None and owner.storage is self.storage else None

    @property
    def value(self) -> "Any":
        """The shared value."""
        return self.storage[0] if self.storage else None

    @value.setter
    def value(self, new: "Any") -> None:
        owner = self.owner if self.storage else None
        if self.storage:
            self.storage[0] = new
        else:
            self.storage = [new]
        if owner is not None:
            owner.value = new


class Hook:
    """A function that a backward pass calls, until `remove()`; see Variable.register_hook."""

    def __init__(self, x: Variable, function: "Callable[[Variable], Any]") -> None:
        self.x, self.function = x, function

    def remove(self) -> None:
        """Call the function no more."""
        self.x.hooks = tuple([hook for hook in self.x.hooks if hook is not self])


# Changes in place


def _refuse(x: Variable, y: "Any", operation: str) -> None:
    """Raise RuntimeError where a change in place would have to be recorded."""
    if not _recording or not (x.requires_grad or getattr(y, "requires_grad", False)):
        return
    if x.requires_grad and x.rule is None:
        raise RuntimeError(
            f"{operation}: a leaf that requires a gradient cannot be changed in place, since that "
            "would have to be differentiated; to change its value, change x.data, as in "
            "x.data.zero_(), or do it inside `with no_grad():`"
        )
    raise RuntimeError(
        f"{operation}: a change in place is not differentiated; compute a new Variable instead, as "
        "in z = x + y, or change x.data"
    )


def _put(x: Variable, new: "Any") -> Variable:
    """Change the value of `x` in place, for all that share it."""
    if isinstance(new, Variable):
        new = new.value
    value = x.value
    if value.__class__ is not float:
        engine(value).assign(value, new)
    elif new.__class__ is float:
        x.value = new
        if x.storage is not None:
            x.storage[0] = new
    else:
        new = operand(new, "a change in place")
        if getattr(new, "shape", ()):
            raise RuntimeError(
                f"a number cannot take the place of numbers of the shape {new.shape}, in place"
            )
        return _put(x, float(new))
    _mark(x)
    return x


def _mark(x: "Variable | None") -> None:
    """Note that the value of `x`, and of what shares it, is no longer what operations have seen."""
    global _last_change
    _last_change = next(_orders)
    while x is not None:
        x.changed = _last_change
        x = x.owner if isinstance(x, View) else x.viewed


def _changed_since(x: "Variable | None", order: int) -> bool:
    """Whether the value of `x`, or what it shares it with, was changed after that."""
    while x is not None:
        if x.changed is not None and x.changed < order:
            return True
        x = x.owner if isinstance(x, View) else x.viewed
    return False


# Recording


def operand(x: "Any", operation: str) -> "Any":
    """`x`, which is no Variable, as a float or an array; raises TypeError if it is neither."""
    if isinstance(x, (int, float, bool)):
        return float(x)
    if hasattr(x, "engine"):  # a ListArray
        return x
    if hasattr(x, "__array_namespace__"):
        return _load_arrays().operand(x)
    raise TypeError(
        f"{operation} takes numbers, NumPy arrays and Variables, not {x!r}; "
        "a list of numbers becomes a Variable by Tensor([...])"
    )


def _operands(rule: Rule, inputs: "tuple[Any, ...]") -> "tuple[Any, ...]":
    return tuple([x if isinstance(x, Variable) else operand(x, rule.name) for x in inputs])


def values_of(inputs: "tuple[Any, ...]") -> "list[Any]":
    """The floats and arrays that Variables and constants hold."""
    return [x.value if isinstance(x, Variable) else x for x in inputs]


def _evaluate(rule: Rule, inputs: "tuple[Any, ...]") -> "Any":
    values = values_of(inputs)
    for value in values:
        if value.__class__ is not float and value.__class__ is not bool:
            return engine(value).compute(rule, values)
    if rule.pulls:
        return _load_arrays().compute(rule, values)
    return rule.value(*map(float, values))


def record(rule: Rule, *inputs: "Any") -> Variable:
    """Apply a rule to Variables, numbers and arrays; remember it where a gradient is wanted."""
    for x in inputs:
        if not isinstance(x, Variable):
            inputs = _operands(rule, inputs)
            break
    return result(rule, _evaluate(rule, inputs), inputs)


def result(rule: Rule, value: "Any", inputs: "tuple[Any, ...]") -> Variable:
    """The Variable that a rule made of its inputs."""
    z = leaf(value)
    if _recording:
        for x in inputs:
            if isinstance(x, Variable) and x.requires_grad:
                z.requires_grad = True
                z.rule = rule
                if rule.arithmetic:
                    z.left, z.right = inputs
                else:
                    z.left = inputs
                break
    if inputs and _arrays is not None and _arrays.is_view(value, inputs[0]):
        z.viewed = inputs[0]
    return z


def leaf(value: "Any") -> Variable:
    """A Variable without history, of a value that is known to be a float or an array."""
    z = FastVariable() if _SLOTS else _new(Variable)
    z.value = value
    z.requires_grad = False
    if _SLOTS:
        z.grad = z.rule = z.storage = z.upstream = None
    z.order = next(_orders)
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
        data = _load_arrays().copied(data)
    return Variable(data, requires_grad)


def _load_arrays() -> "Any":
    """The module for arrays. It needs NumPy, so it is imported for the first array, not before."""
    global _arrays
    if _arrays is None:
        from . import arrays as _arrays
    return _arrays


def engine(value: "Any") -> "Any":
    """The module for a value that is no float: `lists` for a ListArray, `arrays` for NumPy's."""
    return getattr(value, "engine", _arrays)


def operate(name: str, x: "Any", *arguments: "Any", **named: "Any") -> "Any":
    """An operation that is not elementwise, by the module for what x holds."""
    global _operations
    value = x.value
    if value.__class__ is float and not arguments and not named and name in _OF_ONE:
        return x
    if hasattr(value, "engine"):
        return value.engine.operate(name, x, *arguments, **named)
    if _operations is None:
        from . import operations as _operations
    return getattr(_operations, name)(x, *arguments, **named)


# The backward pass


def gradients(
    outputs: "Sequence[Variable]",
    inputs: "Sequence[Variable]",
    upstreams: "Sequence[Any] | None" = None,
    create_graph: bool = False,
    retain_graph: "bool | None" = None,
    allow_unused: bool = False,
) -> "list[Variable | None]":
    """The gradient for each input, a leaf or not, of what arrives at the outputs. No .grad changes.

    `upstreams` has one number, array or Variable for each output, of its shape; None is 1, for an
    output of one number. `create_graph` and `retain_graph` are those of Variable.backward, and so
    are the errors. An input that no output depends on raises RuntimeError; its gradient is None
    with `allow_unused`.

    >>> x = Variable(3.0, requires_grad=True)
    >>> (slope,) = gradients([x**3.0], [x], create_graph=True)
    >>> slope, gradients([slope], [x])
    (tensor(27., grad_fn=<MulBackward0>), [tensor(18.)])
    """
    pairs = list(zip(outputs, upstreams or [None] * len(outputs)))
    found: dict[int, Variable] = {}
    for x, arrived in _pass(pairs, retain_graph, create_graph, inputs):
        found[id(x)] = arrived if isinstance(arrived, Variable) else leaf(arrived * 1.0)
    for i, x in enumerate(inputs):
        if id(x) not in found and not allow_unused:
            raise RuntimeError(
                f"input {x.name or i} plays no part in the outputs, or does not require a gradient;"
                " with allow_unused=True its gradient is None"
            )
    return [found.get(id(x)) for x in inputs]


def _pass(
    pairs: "list[tuple[Variable, Any]]",
    retain_graph: "bool | None",
    create_graph: bool,
    wanted: "Sequence[Variable] | None" = None,
) -> "list[tuple[Variable, Any]]":
    """`walk` from results with the gradients given for them; recorded, if that is asked for."""
    starts = [(z, _start(z, gradient, create_graph)) for z, gradient in pairs]
    retain = create_graph if retain_graph is None else retain_graph
    if create_graph:
        with enable_grad():
            return walk(starts, retain, wanted)
    run = silent(walk, pairs[0][0].value if pairs else 0.0)
    arrived: list[tuple[Variable, Any]] = run(starts, retain, wanted)
    return arrived


def _start(result: Variable, gradient: "Any", create_graph: bool) -> "Any":
    """What arrives at a result: a float or an array or, to be recorded, a Variable."""
    if not result.requires_grad:
        raise RuntimeError(
            "backward() of a Variable that depends on nothing that requires a gradient; make "
            "one with Variable(..., requires_grad=True) and compute the result from it"
        )
    if result.value.__class__ is not float:
        start = engine(result.value).start(result, gradient)
    else:
        given = Variable(1.0 if gradient is None else gradient)
        start = given.item()
        if given.shape:
            raise RuntimeError(
                f"a gradient has the shape {given.shape} and its result is one number; they must "
                "have the same shape"
            )
    if not create_graph:
        return start
    return gradient if isinstance(gradient, Variable) else leaf(start)


def _accumulate(x: Variable, arrived: "Any") -> None:
    """Add what arrived at a leaf to its .grad, in place unless that has a history."""
    grad = x.grad
    if grad is None:
        x.grad = arrived if isinstance(arrived, Variable) else leaf(arrived)
    elif isinstance(arrived, Variable):
        x.grad = grad + arrived
    elif grad.requires_grad:
        x.grad = leaf(grad.value + arrived)
    else:
        grad.value += arrived
        if grad.storage is not None:
            grad.storage[0] = grad.value
        _mark(grad)


def walk(
    starts: "Sequence[tuple[Variable, Any]]",
    retain_graph: bool,
    wanted: "Sequence[Variable] | None" = None,
) -> "list[tuple[Variable, Any]]":
    """Visit results and all they were computed from, the latest first; see Variable.backward.

    `starts` has each result with what arrives at it, and the same is returned for the leaves or for
    the nodes that are `wanted`, through whose users alone the walk then goes. What arrives is a
    float or an array; or Variables, for a pass that is recorded.
    """
    arrived: list[tuple[Variable, Any]] = []
    waiting: list[tuple[int, Variable]] = []
    leaves: list[Variable] = []
    afterwards = None if retain_graph else SPENT
    node: Variable | None = None
    goals = [id(x) for x in wanted or () if x.requires_grad]
    needed = None if wanted is None else _users(goals, [result for result, _ in starts])
    try:
        for result, upstream in starts:
            if needed is None or id(result) in needed:
                _join(result, upstream, waiting, leaves)
        while waiting:
            node = heappop(waiting)[1]
            upstream = node.upstream
            if _watched:
                upstream = _called(node, upstream, needed is None)
            inputs = node.inputs
            if needed is not None and id(node) in goals:
                arrived.append((node, upstream))
                if not any([id(x) in needed for x in inputs]):
                    node.upstream = None
                    continue
            if node.order > _last_change:
                check_unchanged(node)
            node.upstream = afterwards
            for slot, x in enumerate(inputs):
                wants = isinstance(x, Variable) and x.requires_grad
                if wants and (needed is None or id(x) in needed):
                    _join(x, downstream(node, slot, upstream), waiting, leaves)
    except BaseException:
        _forget(node, waiting, leaves)
        raise
    for x in leaves:
        upstream, x.upstream = x.upstream, None
        arrived.append((x, _called(x, upstream, True) if _watched else upstream))
    return arrived


def _forget(
    node: "Variable | None", waiting: "list[tuple[int, Variable]]", leaves: "list[Variable]"
) -> None:
    """Leave nothing of a pass that has failed at a node."""
    for x in leaves + [x for _, x in waiting]:
        x.upstream = None
    if node is not None:
        node.upstream = None


def _walk_numbers(node: Variable, afterwards: "Any") -> None:
    """As `walk`, from one number, with 1.0; what arrives at the leaves is added to their .grad.

    The case that has to be fast is written out: arithmetic on floats. Of the nodes that wait, one
    is kept `ahead` of the heap, which a chain does not need at all.
    """
    global _last_change
    upstream: Any = 1.0
    if node.upstream is SPENT:
        _again(node)
    waiting: list[tuple[int, Variable]] = []
    leaves: list[Variable] = []
    ahead: Variable | None = None
    try:
        while True:
            rule: Any = node.rule
            if node.order > _last_change:
                check_unchanged(node)
            node.upstream = afterwards
            if rule.arithmetic and upstream.__class__ is float:
                x = node.left
                y = node.right
                to_x, to_y = rule.partials
                a = x if x.__class__ is float else x.value
                b = y if y.__class__ is float else y.value
                if a is not x and x.requires_grad:
                    if to_x.__class__ is not float:
                        to_x = b if to_x is second else to_x(a, b, node.value)
                    sent = upstream * to_x
                    if x.upstream.__class__ is float:
                        x.upstream += sent
                    elif x.upstream is not None:
                        _join(x, sent, waiting, leaves)
                    else:
                        x.upstream = sent
                        if x.rule is None:
                            leaves.append(x)
                        elif ahead is None:
                            ahead = x
                        elif x.order > ahead.order:
                            heappush(waiting, (x.order, x))
                        else:
                            heappush(waiting, (ahead.order, ahead))
                            ahead = x
                if b is not y and y.requires_grad:
                    if to_y.__class__ is not float:
                        to_y = a if to_y is first else to_y(a, b, node.value)
                    sent = upstream * to_y
                    if y.upstream.__class__ is float:
                        y.upstream += sent
                    elif y.upstream is not None:
                        _join(y, sent, waiting, leaves)
                    else:
                        y.upstream = sent
                        if y.rule is None:
                            leaves.append(y)
                        elif ahead is None:
                            ahead = y
                        elif y.order > ahead.order:
                            heappush(waiting, (y.order, y))
                        else:
                            heappush(waiting, (ahead.order, ahead))
                            ahead = y
            else:
                send = silent(downstream, upstream)
                for slot, x in enumerate(node.inputs):
                    if isinstance(x, Variable) and x.requires_grad:
                        _join(x, send(node, slot, upstream), waiting, leaves)
            if waiting and (ahead is None or waiting[0][0] < ahead.order):
                node = heappop(waiting)[1]
            elif ahead is not None:
                node = ahead
                ahead = None
            else:
                break
            upstream = node.upstream
    except BaseException:
        if ahead is not None:
            leaves.append(ahead)
        _forget(node, waiting, leaves)
        raise
    for x in leaves:
        upstream = x.upstream
        x.upstream = None
        grad = x.grad
        if grad is None or grad.storage is not None or grad.requires_grad:
            _accumulate(x, upstream)
        else:
            grad.value += upstream
            grad.changed = _last_change = next(_orders)


def _called(node: Variable, upstream: "Any", retains: bool) -> "Any":
    """What the hooks of a node make of what arrived; kept where retain_grad() asked for it."""
    recorded = isinstance(upstream, Variable)
    for hook in node.hooks:
        new = hook.function(upstream if recorded else leaf(upstream))
        if new is not None:
            upstream = _start(node, new, recorded)
    if node.retains_grad and retains:
        _accumulate(node, upstream * 1.0)
    return upstream


def _users(goals: "list[int]", results: "list[Variable]") -> "set[int]":
    """The ids `goals`, and those of all nodes of a graph that were computed from these."""
    found = set(goals)
    for node in history(*results):
        if any([id(x) in found for x in node.inputs]):
            found.add(id(node))
    return found


def history(*results: Variable) -> "list[Variable]":
    """Results and every Variable they were computed from, in the order in which they were made."""
    stack = list(results)
    seen = {id(result): result for result in results}
    while stack:
        for x in stack.pop().inputs:
            if isinstance(x, Variable) and id(x) not in seen:
                seen[id(x)] = x
                stack.append(x)
    return sorted(seen.values(), key=lambda x: -x.order)


def _join(
    x: Variable, sent: "Any", waiting: "list[tuple[int, Variable]]", leaves: "list[Variable]"
) -> None:
    """Add what a node sends to what others have sent to `x`; the first has it wait for its turn."""
    if x.upstream is SPENT:
        _again(x)
    if x.upstream is not None:
        x.upstream = x.upstream + sent
    else:
        x.upstream = sent
        if x.rule is None:
            leaves.append(x)
        else:
            heappush(waiting, (x.order, x))


def _again(node: Variable) -> None:
    """Let a second backward pass through a node, unless it would need values of the first."""
    if node.rule and node.rule.saves_any:
        raise RuntimeError(
            f"a second backward() through the same graph (at {node.rule.name}): compute the result "
            "anew before it, or write backward(retain_graph=True) the first time"
        )
    node.upstream = None


def check_unchanged(node: Variable) -> None:
    """Refuse to differentiate with values that are not those of the forward pass."""
    rule, inputs = node.rule, node.inputs
    assert rule
    for i, changed in enumerate(list(inputs) + [node]):
        if not isinstance(changed, Variable) or not _changed_since(changed, node.order):
            continue
        for slot, x in enumerate(inputs):
            if isinstance(x, Variable) and x.requires_grad and rule.looks_at(slot, i):
                what = "its result" if changed is node else "an input"
                raise RuntimeError(
                    f"the derivative of {rule.name} needs {changed.name or what} as it was, but it "
                    "was changed in place; call backward() before the change, or compute a new "
                    "Variable instead of changing this one"
                )


def local(node: Variable, slot: int) -> "Any":
    """d node / d input, through one slot; None where the rule is not elementwise."""
    rule = node.rule
    assert rule
    if rule.pulls:
        return None
    partial = rule.partials[slot]
    if partial.__class__ is float:
        return partial
    values = values_of(node.inputs)
    values.append(node.value)
    if hasattr(node.value, "engine"):
        return node.value.engine.each(rule.name, partial, *values)
    found = partial(*values)
    return float(found) if found.__class__ is bool else found


def downstream(node: Variable, slot: int, upstream: "Any") -> "Any":
    """What a node sends on to one input: upstream × local."""
    rule = node.rule
    assert rule
    if isinstance(upstream, Variable):
        return _recorded(node, rule, slot, upstream)
    if upstream.__class__ is not float:
        return engine(upstream).downstream(node, rule, slot, upstream)
    if rule.pulls:
        return rule.pulls[slot](upstream, *values_of(node.inputs), node.value)
    factor = local(node, slot)
    return 0.0 if rule.choice and not factor else upstream * factor


def _recorded(node: Variable, rule: Rule, slot: int, upstream: Variable) -> Variable:
    """As `downstream`, computed by operations on Variables, to be differentiated in its turn."""
    x = node.inputs[slot]
    if rule.pulls:
        sent: Variable = engine(x.value).pull(node, rule, slot, upstream)
    else:
        factor = rule.partials[slot]
        if factor.__class__ is not float:
            arguments = list(node.inputs)
            arguments.append(node)
            factor = factor(*arguments)
        sent = upstream * factor
        if rule.choice:
            sent = record(RULES["where"], factor, sent, 0.0)
    return sent if sent.value.__class__ is float else engine(sent.value).reduced(sent, x.value)


def silent(function: "Callable[..., Any]", value: "Any") -> "Callable[..., Any]":
    """`function` without NumPy's warnings of infinities and nan, if `value` is an array."""
    return function if value.__class__ is float else engine(value).ieee(function)
