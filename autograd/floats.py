"""Numbers, quickly: arithmetic and backward() on floats, written out.

Nothing in this file has to be. Without it the engine computes the same numbers, to the last digit,
and takes several times as long (tests/engine/test_floats.py). What is saved is calls of functions,
questions whose answer is known, and most of the walk's heap.
"""

from heapq import heappop, heappush

from . import variable
from .backward import SPENT, accumulate, again, downstream, forget, join, send, silent
from .changes import check_unchanged, zero_
from .functions import first, second
from .history import history
from .rules import RULES, Rule
from .state import SLOTS, last_change, orders
from .variable import BY_RULE, Number, Variable
from .views import View, set_data, view

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

OPERATORS = {"add": "add", "sub": "sub", "mul": "mul", "div": "truediv", "pow": "pow"}

# The methods for + - * / ** are made from one text, as the standard library makes those of a data
# class. An operator and constant derivatives are put into the text, so nothing is asked when it
# runs. `left` is x ∘ y; `right` is that where x is no Variable. What is not recorded gets no number
# of its own for `order`, since it has no place in a backward pass.
_TEXT = """
def methods(rule, value, to_left, to_right):
    def left(x, y):
        a = x.{value}
        {check_a}
        kind = y.__class__
        if kind is float:
            {of_x_and_float}
        if kind is {kind}:
            b = y.value
            {check_b}
            {of_x_and_y}
        return left(x, float(y)) if kind is int else record(rule, x, y)

    def right(y, x):
        b = y.{value}
        {check_b}
        if x.__class__ is float:
            {of_float_and_y}
        return right(y, float(x)) if x.__class__ is int else record(rule, x, y)

    return left, right
"""
_NODE = """\
z = {new}
{fields}
z.value = {value}
if ({wanted}) and recording:
    z.requires_grad = True
    z.order = next(orders)
    z.rule = rule
    z.left = x
    z.right = y
    z.to_left = {to_left}
    z.to_right = {to_right}
else:
    z.requires_grad = False
    z.rule = None
    z.order = {origin}.order
return z"""


def arithmetic(name: str, view: bool = False) -> "tuple[Callable[..., Any], Callable[..., Any]]":
    """The methods of a Number, or of a `view`, for self ∘ y, and for x ∘ self with a plain x."""
    rule = RULES[name]
    made: dict[str, Any] = {}
    exec(source(rule, view), variable.scope, made)
    left, right = made["methods"](rule, rule.value, *rule.partials)
    return left, right


def source(rule: Rule, view: bool = False) -> str:
    """The text of these methods, and of the function that makes them.

    Where a value is not known to be a float by the class of its Variable, they ask.
    """
    check = "" if SLOTS and not view else "if {0}.__class__ is not float: return record(rule, x, y)"
    return _TEXT.format(
        value="storage[0]" if view else "value",
        kind="Number" if SLOTS else "Variable",
        check_a=check.format("a"),
        check_b=check.format("b"),
        of_x_and_float=_node(rule, "a", "y", "x"),
        of_x_and_y=_node(rule, "a", "b", "xy"),
        of_float_and_y=_node(rule, "x", "b", "y"),
    )


def _later(kind: "type[Variable]", name: str) -> None:
    """Give a class the methods of an operator, which are made when one of them is first called."""
    names, slots = (f"__{OPERATORS[name]}__", f"__r{OPERATORS[name]}__", name), (0, 1, 0)

    def first_call(slot: int) -> "Callable[..., Any]":
        def method(x: Variable, y: "Any") -> "Any":
            made = arithmetic(name, view=kind is View)
            for each, which in zip(names, slots):
                setattr(kind, each, made[which])
            return made[slot](x, y)

        return method

    for each, which in zip(names, slots):
        setattr(kind, each, first_call(which))


def _node(rule: Rule, a: str, b: str, variables: str) -> str:
    """The lines that make the Variable a ∘ b, of which "x", "y", or both ("xy") are Variables."""
    operator = {"add": "+", "sub": "-", "mul": "*"}.get(rule.name)
    derivatives = []
    for x, partial, name in zip("xy", rule.partials, ("to_left", "to_right")):
        if partial.__class__ is float:
            found = repr(partial)
        elif rule.partials == (second, first):
            found = b if x == "x" else a  # of a product, the derivative for one is the other
        else:
            found = f"{name}({a}, {b}, z.value)"
        wanted = found if variables == x else f"{found} if {x}.requires_grad else None"
        derivatives.append(wanted if x in variables else "None")
    lines = _NODE.format(
        new="Number()" if SLOTS else "bare(Variable)",
        fields="z.grad = z.storage = z.upstream = None" if SLOTS else "",
        value=f"{a} {operator} {b}" if operator else f"value({a}, {b})",
        wanted=" or ".join([f"{x}.requires_grad" for x in variables]),
        to_left=derivatives[0],
        to_right=derivatives[1],
        origin=variables[0],
    )
    return lines.replace("\n", "\n" + 12 * " ")  # as deep as it stands in _TEXT


def backward(
    self: Variable,
    gradient: "Any" = None,
    retain_graph: "bool | None" = None,
    create_graph: bool = False,
) -> None:
    """As Variable.backward, from one number, where most of what comes before is numbers too."""
    if (
        create_graph
        or variable.watched
        or gradient is not None
        or self.rule is None
        or not (SLOTS or self.value.__class__ is float)
    ):
        walked(self, gradient, retain_graph, create_graph)
        return
    # Of the nodes that wait, two are kept outside the heap, the later one `ahead`, so that a short
    # program needs none.
    node = self
    upstream: Any = 1.0
    afterwards = None if retain_graph else SPENT
    if node.upstream is SPENT:
        again(node)
    waiting: Any = ()  # a heap, once there are more
    leaves: list[Variable] = []
    ahead: Variable | None = None
    behind: Variable | None = None
    try:
        while True:
            node.upstream = afterwards
            factor = node.to_left
            if factor is BY_RULE:
                waiting = waiting or []
                send(node, upstream, silent(downstream, upstream), waiting, leaves)
            elif factor is not None:
                x = node.left
                arrived = x.upstream
                if arrived is None:
                    x.upstream = upstream * factor
                    if x.rule is None:
                        leaves.append(x)
                    elif ahead is None:
                        ahead = x
                    else:
                        if x.order < ahead.order:
                            ahead, x = x, ahead
                        if behind is None:
                            behind = x
                        else:
                            waiting = waiting or []
                            heappush(waiting, (x.order, x))
                elif arrived is SPENT:
                    waiting = waiting or []
                    join(x, upstream * factor, waiting, leaves)
                else:
                    x.upstream = arrived + upstream * factor
            factor = node.to_right
            if factor is not None:
                x = node.right
                arrived = x.upstream
                if arrived is None:
                    x.upstream = upstream * factor
                    if x.rule is None:
                        leaves.append(x)
                    elif ahead is None:
                        ahead = x
                    else:
                        if x.order < ahead.order:
                            ahead, x = x, ahead
                        if behind is None:
                            behind = x
                        else:
                            waiting = waiting or []
                            heappush(waiting, (x.order, x))
                elif arrived is SPENT:
                    waiting = waiting or []
                    join(x, upstream * factor, waiting, leaves)
                else:
                    x.upstream = arrived + upstream * factor
            if ahead is not None and not (waiting and waiting[0][0] < ahead.order):
                node = ahead
                ahead = behind
                behind = None
            elif waiting:
                node = heappop(waiting)[1]
            else:
                break
            upstream = node.upstream
        if node.order > last_change[0]:  # the oldest node, so there may be more
            _check(self)
    except BaseException:
        leaves += [x for x in (ahead, behind) if x is not None]
        forget(node, waiting, leaves)
        raise
    for x in leaves:
        upstream = x.upstream
        x.upstream = None
        grad: Any = x.grad
        if grad.__class__ is not Number or grad.storage is not None or grad.requires_grad:
            accumulate(x, upstream)
        else:
            grad.value += upstream
            grad.changed = last_change[0] = next(orders)


def _check(result: Variable) -> None:
    """Refuse a pass that went by a value which was changed in place since it was used."""
    for node in reversed(history(result)):
        if node.rule is not None:
            check_unchanged(node)


walked = Variable.backward
_kind = Number if SLOTS else Variable
_kind.backward = backward
if SLOTS:  # where a number has a class of its own

    def _set_data(x: Variable, new: "Any") -> None:
        """As set_data, of a number."""
        if new.__class__ is Number:
            x.storage = None
            x.changed = last_change[0] = next(orders)
            x.value = new.value
        else:
            set_data(x, new)

    def _zero_(x: Variable) -> Variable:
        """As zero_, of a number."""
        if x.requires_grad or x.storage is not None:
            return zero_(x)
        x.value = 0.0
        x.changed = last_change[0] = next(orders)
        return x

    Number.data = property(view, _set_data)
    Number.zero_ = _zero_
    backward.__doc__, _zero_.__doc__ = walked.__doc__, zero_.__doc__  # for who asks a Number
for _name in OPERATORS:
    _later(_kind, _name)
    if SLOTS and _name in ("add", "sub"):  # each step of a training asks for them
        _later(View, _name)
