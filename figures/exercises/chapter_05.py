"""Chapter 5, build an autograd: two rules, a planted bug, arrays, and backward twice."""

from autograd import Variable, graph
from autograd.rules import RULES
from figures.exercises.kinds import Expression, Number, Pick
from figures.parts.model import DATA, mean_loss, value_and_slope


def slope_of_mean(w):
    return value_and_slope(lambda w: mean_loss(DATA, w), w)[1]


def slope_of_tanh(z):
    """Return the derivative of tanh where its value is z, by the engine's own rule."""
    return RULES["tanh"].partials[0](0.0, z)  # the rule looks at z alone


def slope_of_quotient(a, b):
    """Return the local gradient of a / b for b, as the engine records it."""
    quotient = graph(Variable(a, requires_grad=True) / Variable(b, requires_grad=True))
    return quotient.edges[1].local


def naive(passes):
    """Return w.grad after so many passes of the chapter's engine, whose nodes all keep theirs."""
    w = Variable(1.0, requires_grad=True, name="w")
    s = 2.0 * w - 4.0
    recorded = graph(s * s)
    kept = {node.index: 0.0 for node in recorded.nodes}
    for _ in range(passes):
        kept[recorded.result.index] = 1.0
        for node in recorded.backward_order:
            for edge in node.inputs:
                kept[edge.source.index] += kept[node.index] * edge.local
    return kept[recorded.node("w").index]


EXERCISES = (
    Expression(
        "5-1",
        "local gradient =",
        ("z",),
        lambda z: slope_of_tanh(z),
        (
            (lambda z: 1 - z, "Nearly: z is to be squared."),
            (lambda z: z * z - 1, "The sign: tanh rises everywhere."),
            (lambda z: z * (1 - z), "That is the rule of the sigmoid."),
            (lambda z: 1.0, "That is only so at zero, where tanh is steepest."),
        ),
        "1 - tanh²(x), and tanh(x) is z, which the node has stored.",
        shown="1 - z**2",
    ),
    Expression(
        "5-2",
        "local gradient for b =",
        ("a", "b"),
        slope_of_quotient,
        (
            (
                lambda a, b: -slope_of_quotient(a, b),
                "The sign: a larger b makes the quotient smaller.",
            ),
            (lambda a, b: 1 / b, "That is the one for a."),
            (
                lambda a, b: -1 / (b * b),
                "The factor a is missing: it stands before the power of b.",
            ),
            (lambda a, b: -a / b, "Nearly: the power of b goes down by one, from -1 to -2."),
            (lambda a, b: a, "That is the rule of the product. Here b stands below the line."),
        ),
        "The power of b gives -1/b², and a is a factor before it.",
        shown="-a / b**2",
    ),
    Pick(
        "5-3",
        "Which line is wrong?",
        "accumulate",
        (
            ("seed", "result.grad = 1.0", "No: the result does answer to itself at rate 1."),
            (
                "order",
                "for n in reversed(order(result)):",
                "No: from the result to the leaves is right.",
            ),
            (
                "product",
                "... = n.grad * local",
                "No: downstream is upstream times local.",
            ),
            (
                "accumulate",
                "parent.grad = ...",
                "It overwrites: a node that is used twice keeps only what came last. Write +=.",
            ),
        ),
    ),
    Number(
        "4-3",
        "dloss/dw =",
        lambda: slope_of_mean(0.5),
        (
            (lambda: 3 * slope_of_mean(0.5), "The mean hands each sample a third of the gradient."),
            (lambda: slope_of_mean(1.0), "That is at w = 1, as in the cell above."),
            (lambda: -slope_of_mean(0.5), "The sign: x·w - y, in this order."),
            (lambda: slope_of_mean(0.5) / 2, "The square's local gradient is 2s."),
        ),
        "The sum of 2·s·x over the samples, divided by three.",
    ),
    Number(
        "5-4",
        "w.grad =",
        lambda: naive(2),
        (
            (
                lambda: 2 * naive(1),
                "So it is in the package, where only leaves keep theirs. Here s and x·w do, too.",
            ),
            (lambda: naive(1), "That is after one pass. Nothing has set the gradients back to 0."),
            (
                lambda: 3 * naive(1),
                "Nearly: s sends on twice as much as before, but x·w adds that to what it had.",
            ),
            (lambda: -naive(2), "The size is right, the sign is not."),
        ),
        "s holds -8 by then, x·w -12, and w gets 2 · (-12) on top of its -8.",
    ),
)
