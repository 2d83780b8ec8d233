"""A number, or an array of numbers, that remembers how it was computed.

An operation on Variables gives a Variable that keeps the operation's `rule` and its `inputs`: these
are the graph, which backward.py walks. At a node z = f(x, y),

    upstream     d result / d z, what arrives there
    local        dz / dx, the rule's partial derivative
    downstream   upstream × local, what the node sends on to x
"""

import operator
import sys
from itertools import count

from .rules import RULES, Rule, clamp, first, second

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

bare: "Any" = object.__new__  # in MicroPython, a Variable without __init__; its maker fills it in
_arrays: "Any" = None  # the module for arrays, once there has been one
_operations: "Any" = None  # the module for what is not elementwise, likewise
_OF_ONE = ("sum", "mean", "prod", "max", "min")  # of one number this number

# Each Variable gets a number smaller than all before it. A heap of them yields the latest first,
# which is an order for the backward pass: nothing is an input of what was made before it.
orders = count(-1, -1)
last_change = [0]  # the number that went to the latest change in place

# MicroPython has no slots: what is None at first stands in the class there, which halves the time
# that an operation takes.
SLOTS = sys.implementation.name != "micropython"
_FIELDS = (
    "changed grad left more order requires_grad right rule storage to_left to_right upstream value "
    "__weakref__"
)
if SLOTS:
    from _weakref import ref  # weakref itself imports as much again as this module does

_NOTHING: "dict[str, Any]" = {}
BY_RULE = object()  # marks a node whose gradients are passed on by its rule, not by two numbers

recording = True  # False inside no_grad()
watched = False  # True once there has been a hook, or a retain_grad()


class no_grad:
    """Inside `with no_grad():`, or in a function after @no_grad(), no operation is recorded.

    >>> w = Variable(1.0, requires_grad=True)
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
        global recording
        self.before = recording
        recording = self.records

    def __exit__(self, *error: object) -> None:
        global recording
        recording = self.before

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


def _arithmetic(name: str) -> "tuple[Callable[..., Any], Callable[..., Any]]":
    """The methods for self ∘ y and, where the left operand is no Variable, for x ∘ self.

    Two floats are the case that has to be fast, so it is written out; all else goes to `record`.
    """
    rule = RULES[name]
    to_left, to_right = rule.partials  # of a product, the derivative for one is the other
    adds, subtracts = name == "add", name == "sub"
    multiplies = rule.partials == (second, first)

    def left(x: "Variable", y: "Any") -> "Variable":
        a = x.value
        if a.__class__ is not float:
            return record(rule, x, y)
        if y.__class__ is float:
            if SLOTS:
                z: Variable = FastVariable()
                z.grad = z.storage = z.upstream = z.to_right = None
            else:  # in MicroPython
                z = bare(Variable)
            z.value = (
                a * y if multiplies else a - y if subtracts else a + y if adds else rule.value(a, y)
            )
            if recording and x.requires_grad:
                z.requires_grad = True
                z.order = next(orders)
                z.rule = rule
                z.left = x
                z.right = y
                z.to_left = y if multiplies else to_left
            else:
                z.requires_grad = False
                z.rule = None
                z.order = x.order
            return z
        try:
            b = y.value
            wanted = y.requires_grad
        except AttributeError:
            return left(x, float(y)) if y.__class__ is int else record(rule, x, y)
        if b.__class__ is not float:
            return record(rule, x, y)
        if SLOTS:
            z = FastVariable()
            z.grad = z.storage = z.upstream = None
        else:  # in MicroPython
            z = bare(Variable)
        z.value = (
            a * b if multiplies else a - b if subtracts else a + b if adds else rule.value(a, b)
        )
        if recording and (wanted or x.requires_grad):
            z.requires_grad = True
            z.order = next(orders)
            z.rule = rule
            z.left = x
            z.right = y
            z.to_left = (b if multiplies else to_left) if x.requires_grad else None
            z.to_right = (a if multiplies else to_right) if wanted else None
        else:
            z.requires_grad = False
            z.rule = None
            z.order = x.order  # it has no place in a backward pass
        return z

    def right(y: "Variable", x: "Any") -> "Variable":
        b = y.value
        if x.__class__ is not float or b.__class__ is not float:
            return right(y, float(x)) if x.__class__ is int else record(rule, x, y)
        if SLOTS:
            z: Variable = FastVariable()
            z.grad = z.storage = z.upstream = z.to_left = None
        else:  # in MicroPython
            z = bare(Variable)
        z.value = (
            x * b if multiplies else x - b if subtracts else x + b if adds else rule.value(x, b)
        )
        if recording and y.requires_grad:
            z.requires_grad = True
            z.order = next(orders)
            z.rule = rule
            z.left = x
            z.right = y
            z.to_right = x if multiplies else to_right
        else:
            z.requires_grad = False
            z.rule = None
            z.order = y.order
        return z

    return _own(left), _own(right)


def _own(function: "Any") -> "Any":
    """The function with code of its own: it is with the code that CPython keeps what it has met."""
    if not SLOTS:
        return function
    code = function.__code__.replace()
    return function.__class__(code, globals(), function.__name__, None, function.__closure__)


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
        changes.refuse(x, y, f"{name}_")
        return changes.put(x, _evaluate(rule, values_of(_operands(rule, (x, y)))))

    def operator(x: "Variable", y: "Any") -> "Variable":
        records = recording and (x.rule is not None or getattr(y, "requires_grad", False))
        return record(rule, x, y) if records else method(x, y)

    return method, operator


def _comparison(name: str) -> "Callable[[Any, Any], Any]":
    """The method for a comparison, elementwise, of the values alone: it has no derivative."""
    rule = Rule(name, getattr(operator, name))

    def compare(x: "Variable", y: "Any") -> "Any":
        try:
            return leaf(_evaluate(rule, values_of(_operands(rule, (x, y)))))
        except TypeError:
            return NotImplemented

    return compare


def _logic(combine: "Callable[..., Any]") -> "Callable[..., Any]":
    """The method that combines what is True or False, as comparisons give it."""

    def method(*inputs: "Any") -> "Variable":
        z = combine(*values_of(inputs))
        return leaf(bool(z) if z.__class__ is int else z)  # an integer in MicroPython

    return method


def _of_arrays(name: str) -> "Callable[..., Any]":
    """The method for an operation that is not elementwise; see operations.py."""
    return lambda x, *arguments, **named: operate(name, x, *arguments, **named)


def _view(x: "Variable", always: bool = False) -> "Variable":
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
        z: View = View()
        z.grad = z.rule = z.upstream = None
        z.held = x if x.rule is None else ref(x)  # it must not keep a graph alive
    else:  # in MicroPython
        z = bare(View)
        z.held = x
    z.requires_grad = False
    z.storage = storage
    z.order = x.order
    return z


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

    to_left: "Any"  # the local derivative for `left`, or the function for it; None: not wanted
    to_right: "Any"

    changed: int  # if its value was ever changed in place, when it last was; as `order`
    more: "dict[str, Any]"  # what few have: see `keep`

    backward: "Callable[..., None]"  # the function of backward.py

    def __init__(self, data: "Any", requires_grad: bool = False, name: "str | None" = None) -> None:
        self.value = data.value if isinstance(data, Variable) else operand(data, "Variable")
        self.requires_grad = False
        self.grad = self.rule = self.storage = self.upstream = None
        if name is not None:
            self.name = name
        self.order = next(orders)
        if requires_grad:
            self.requires_grad_()
        if SLOTS and self.__class__ is Variable:
            self.__class__ = FastVariable

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

    def _set_data(self, new: "Any") -> None:
        self.storage = None
        self.changed = last_change[0] = next(orders)
        if new.__class__ is FastVariable:
            new = new.value
        elif new.__class__ is not float:
            new = new.value if isinstance(new, Variable) else operand(new, "data")
        self.value = new

    data = property(_view, _set_data)  # with no call around it: each training step asks for it

    def detach(self) -> "Variable":
        """A leaf with the same value, which it shares as `.data` does."""
        return _view(self, always=True)

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
        keep(self, "retains_grad", self.rule is not None)

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
        return Hook(keep(self, "hooks", extra(self, "hooks") or {}), function)

    def _watch(self, operation: str) -> None:
        global watched
        if not self.requires_grad:
            raise RuntimeError(
                f"{operation} of a Variable that depends on nothing that requires a gradient: "
                "none will arrive; make one with Variable(..., requires_grad=True)"
            )
        watched = True

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
        if self.requires_grad:
            changes.refuse(self, 0.0, "zero_")
        if self.value.__class__ is not float or self.storage is not None:
            return changes.put(self, 0.0)
        self.value = 0.0
        self.changed = last_change[0] = next(orders)
        return self

    def fill_(self, number: "Any") -> "Variable":
        """Set every number to one, in place."""
        if self.requires_grad:
            changes.refuse(self, number, "fill_")
        return changes.put(self, number)

    def copy_(self, other: "Any") -> "Variable":
        """Set the numbers to those of another Variable or array, broadcast to this shape."""
        changes.refuse(self, other, "copy_")
        return changes.put(self, other)

    add_, __iadd__ = _in_place("add")
    sub_, __isub__ = _in_place("sub")
    mul_, __imul__ = _in_place("mul")
    div_, __itruediv__ = _in_place("div")

    def __setitem__(self, key: "Any", other: "Any") -> None:
        """Set elements, by integers, slices, masks or integer arrays as in NumPy, in place."""
        if key is Ellipsis and not self.shape:
            self.copy_(other)
            return
        changes.refuse(self, other, "x[...] = y")
        if not self.shape:
            raise IndexError("this Variable is one number and has no elements; use x.fill_()")
        engine(self.value).assign(self.value, other, key)
        changes.mark(self)

    # Operations

    __add__, __radd__ = _arithmetic("add")
    __sub__, __rsub__ = _arithmetic("sub")
    __mul__, __rmul__ = _arithmetic("mul")
    __truediv__, __rtruediv__ = _arithmetic("div")
    __pow__, __rpow__ = _arithmetic("pow")
    add, sub, mul, div, pow = __add__, __sub__, __mul__, __truediv__, __pow__
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

    def __pos__(self) -> "Variable":
        return self

    __and__, __or__ = _logic(lambda x, y: x & y), _logic(lambda x, y: x | y)
    __xor__ = _logic(lambda x, y: x ^ y)
    __invert__ = _logic(lambda x: not x if x.__class__ is bool else ~x)

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

        def __int__(self) -> int:
            return int(self.item())

        def __array__(self, dtype: "Any" = None, copy: "bool | None" = None) -> "Any":
            return _load_arrays().np.array(self.numpy(), dtype, copy=copy)

    def __bool__(self) -> bool:
        return bool(self.item())

    def __format__(self, form: str) -> str:
        return format(self.item(), form) if form or not self.shape else repr(self)

    def __repr__(self) -> str:
        from .printing import text

        return text(self)

    def _repr_mimebundle_(self, **asked: "Any") -> "dict[str, str]":
        from .display import bundle

        return bundle(self)


if not SLOTS:
    for _field in ("grad", "rule", "storage", "to_left", "to_right", "upstream"):
        setattr(Variable, _field, None)


class FastVariable(Variable):
    """The class of all Variables in CPython: it is made without arguments, by no code in Python.

    That is quicker than object.__new__. There are no others, since CPython is quickest where what
    it sees in one place is always of one class.
    """

    __slots__ = ()
    if SLOTS:
        __init__ = object.__init__


class View(FastVariable):
    """What shares its storage with the Variable whose .data it is.

    A change of it in place shows in its owner, until the owner is given other data.
    """

    __slots__ = ("held",)

    held: "Any"  # the owner, or a weak reference to it

    # With code of their own: each step of a training asks for them.
    __add__, __radd__ = _arithmetic("add")
    __sub__, __rsub__ = _arithmetic("sub")

    def __reduce__(self) -> "tuple[Any, ...]":
        """Pickled or copied, it is a leaf of its own."""
        return leaf, (self.value,)

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


class Hook:
    """Ends by `remove()` that a backward pass calls a function; see Variable.register_hook.

    It holds the functions of a Variable, and not the Variable, whose graph is freed when dropped.
    """

    def __init__(self, hooks: "dict[int, Any]", function: "Callable[[Variable], Any]") -> None:
        self.hooks, self.key = hooks, next(orders)
        hooks[self.key] = function

    def remove(self) -> None:
        """Call the function no more."""
        self.hooks.pop(self.key, None)


# What few have


def keep(x: Variable, what: str, value: "Any") -> "Any":
    """Keep something that few have, and return it.

    That is its name, its hooks, whether it retains_grad, and what is viewed: the Variable of whose
    array its own is a part.
    """
    if not hasattr(x, "more"):
        x.more = {}
    x.more[what] = value
    return value


def extra(x: Variable, what: str) -> "Any":
    """What `keep` has kept under that name, or None."""
    return getattr(x, "more", _NOTHING).get(what)


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


def _evaluate(rule: Rule, values: "list[Any]") -> "Any":
    for value in values:
        if value.__class__ is not float and value.__class__ is not bool:
            return engine(value).compute(rule, values)
    if rule.pulls:
        return _load_arrays().compute(rule, values)
    return rule.value(*map(float, values))


def record(rule: Rule, *inputs: "Any") -> Variable:
    """Apply a rule to Variables, numbers and arrays; remember it where a gradient is wanted."""
    values = []
    for x in inputs:
        if isinstance(x, Variable):
            values.append(x.value)
        else:
            inputs = _operands(rule, inputs)
            values = values_of(inputs)
            break
    return result(rule, _evaluate(rule, values), inputs)


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
    if rule.pulls and inputs and _arrays is not None and _arrays.is_view(value, inputs[0]):
        keep(z, "viewed", inputs[0])
    return z


def leaf(value: "Any") -> Variable:
    """A Variable without history, of a value that is known to be a float or an array."""
    z: Variable = FastVariable() if SLOTS else bare(Variable)
    z.value = value
    z.requires_grad = False
    if SLOTS:
        z.grad = z.rule = z.storage = z.upstream = None
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


from . import backward, changes  # noqa: E402, F401 - which need Variables, and give them backward()
