"""The backward pass: from a result back to the leaves, each node after all that use it.

At a node z = f(x, y), what arrives is d result / dz, `upstream`; what goes on to x is

    downstream = upstream × dz/dx

and at each Variable what arrives from all that use it is added up. Numbers that order Variables by
when they were made give the order: nothing is an input of what was made before it. There is no
recursion, so a graph may be as deep as memory allows.
"""

from heapq import heappop, heappush

from . import hooks, variable
from .changes import check_unchanged, mark
from .modes import enable_grad
from .rules import RULES
from .state import last_change
from .values import engine
from .variable import Variable, leaf, record, settle, values_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

SPENT = object()  # marks what a backward pass went through


def start(
    pairs: "list[tuple[Variable, Any]]",
    retain_graph: "bool | None",
    create_graph: bool,
    needed: "set[int] | None" = None,
    goals: "Sequence[int]" = (),
) -> "list[tuple[Variable, Any]]":
    """`walk` from results with the gradients given for them; recorded, if that is asked for."""
    if hooks.calling:
        raise RuntimeError(
            "a hook cannot begin a backward pass, since one is under way: keep what the hook is "
            "given, and call backward() or grad() after the pass"
        )
    starts = [(z, seed(z, gradient, create_graph)) for z, gradient in pairs]
    retain = create_graph if retain_graph is None else retain_graph
    if create_graph:
        with enable_grad():
            return walk(starts, retain, needed, goals, recorded=True)
    run = silent(walk, pairs[0][0].value if pairs else 0.0)
    arrived: list[tuple[Variable, Any]] = run(starts, retain, needed, goals)
    return arrived


def seed(result: Variable, gradient: "Any", create_graph: bool) -> "Any":
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
        if given.shape:
            raise RuntimeError(
                f"a gradient has the shape {given.shape} and its result is one number; they must "
                "have the same shape"
            )
        start = given.item()
    if not create_graph:
        return start
    return gradient if isinstance(gradient, Variable) else leaf(start)


def accumulate(x: Variable, arrived: "Any") -> None:
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
        settle(grad)
        mark(grad)


def walk(
    starts: "Sequence[tuple[Variable, Any]]",
    retain_graph: bool,
    needed: "set[int] | None" = None,
    goals: "Sequence[int]" = (),
    recorded: bool = False,
) -> "list[tuple[Variable, Any]]":
    """Visit results and all they were computed from, the latest first; see Variable.backward.

    `starts` has each result with what arrives at it, and the same is returned for the leaves; or,
    for a walk through those alone whose ids are `needed`, for the nodes that are its `goals`. What
    arrives is a float or an array; or a Variable, in a pass that is `recorded`.
    """
    arrived: list[tuple[Variable, Any]] = []
    waiting: list[tuple[int, Variable]] = []
    leaves: list[Variable] = []
    afterwards = None if retain_graph else SPENT
    how = _recorded if recorded else downstream
    node: Variable | None = None
    try:
        for result, upstream in starts:
            if needed is None or id(result) in needed:
                join(result, upstream, waiting, leaves)
        while waiting:
            node = heappop(waiting)[1]
            upstream = node.upstream
            if variable.watched:
                upstream = hooks.called(node, upstream, needed is None)
            if needed is not None and id(node) in goals:
                arrived.append((node, upstream))
                if not any([id(x) in needed for x in node.inputs]):
                    node.upstream = None
                    continue
            if node.order > last_change[0]:
                check_unchanged(node)
            node.upstream = afterwards
            send(node, upstream, how, waiting, leaves, needed)
    except BaseException:
        forget(node, waiting, leaves)
        raise
    for x in leaves:
        upstream, x.upstream = x.upstream, None
        arrived.append((x, hooks.called(x, upstream, True) if variable.watched else upstream))
    return arrived


def forget(
    node: "Variable | None", waiting: "list[tuple[int, Variable]]", leaves: "list[Variable]"
) -> None:
    """Leave nothing of a pass that has failed at a node."""
    for x in leaves + [x for _, x in waiting]:
        x.upstream = None
    if node is not None:
        node.upstream = None


def backward(
    self: Variable,
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
    for x, arrived in start([(self, gradient)], retain_graph, create_graph):
        accumulate(x, arrived)


def send(
    node: Variable,
    upstream: "Any",
    how: "Callable[..., Any]",
    waiting: "list[tuple[int, Variable]]",
    leaves: "list[Variable]",
    needed: "set[int] | None" = None,
) -> None:
    """Send on to each input that wants it, or is `needed`, what `how` makes of the upstream."""
    values = values_of(node.inputs)
    values.append(node.value)
    for slot, x in enumerate(node.inputs):
        wants = isinstance(x, Variable) and x.requires_grad
        if wants and (needed is None or id(x) in needed):
            join(x, how(node, x, slot, upstream, values), waiting, leaves)


def join(
    x: Variable, sent: "Any", waiting: "list[tuple[int, Variable]]", leaves: "list[Variable]"
) -> None:
    """Add what a node sends to what others have sent to `x`; the first has it wait for its turn."""
    if x.upstream is SPENT:
        again(x)
    if x.upstream is not None:
        x.upstream = x.upstream + sent
    else:
        x.upstream = sent
        if x.rule is None:
            leaves.append(x)
        else:
            heappush(waiting, (x.order, x))


def again(node: Variable) -> None:
    """Let a second backward pass through a node, unless it would need values of the first."""
    if node.rule and node.rule.saves_any:
        raise RuntimeError(
            f"a second backward() through the same graph (at {node.rule.name}): compute the result "
            "anew before it, or write backward(retain_graph=True) the first time"
        )
    node.upstream = None


def local(node: Variable, slot: int, values: "list[Any] | None" = None) -> "Any":
    """d node / d input, through one slot; None where the rule is not elementwise.

    `values` are those of its inputs and, last, its own, where they are at hand.
    """
    rule = node.rule
    assert rule
    if rule.pulls:
        return None
    partial = rule.partials[slot]
    if partial.__class__ is float:
        return partial
    if values is None:
        values = values_of(node.inputs)
        values.append(node.value)
    if hasattr(node.value, "engine"):
        return node.value.engine.each(rule.name, partial, *values)
    found = partial(*values)
    return float(found) if found.__class__ is bool else found


def downstream(node: Variable, x: "Any", slot: int, upstream: "Any", values: "list[Any]") -> "Any":
    """What a node sends on to x, its input in that slot: upstream × local; `values` as there."""
    rule = node.rule
    assert rule
    if upstream.__class__ is not float:
        return engine(upstream).downstream(rule, x, slot, upstream, values)
    if rule.pulls:
        return rule.pulls[slot](upstream, *values)
    factor = local(node, slot, values)
    return 0.0 if rule.choice and not factor else upstream * factor


def _recorded(
    node: Variable, x: Variable, slot: int, upstream: Variable, values: "list[Any]"
) -> Variable:
    """As `downstream`, computed by operations on Variables, to be differentiated in its turn."""
    rule = node.rule
    assert rule
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


Variable.backward = backward
