"""Chapter 4, branches add: a bias, a number used twice, Olah's graph, the diamond, an order.

4-2 and 4-4 are the lecture's; 4-1 stands in chapter 3, 4-3 and 4-5 are done in chapters 5 and 6.
"""

from autograd import Variable, graph
from figures.branches import EXAMPLES, gradient
from figures.exercises.kinds import Expression, Number, Pick


def right(example, leaf):
    """Return the gradient of `leaf` in an example of the chapter's figure."""
    return wrong(example, leaf, "add", "topological")


def wrong(example, leaf, rule="add", order="topological"):
    """Return what a backward pass that works by `rule` and `order` takes for it."""
    return gradient(EXAMPLES[example].record(leaf, 0.0), leaf, rule, order)


def paths(example, leaf, *through):
    """Return the sum over those paths of `leaf` that lead through one of the nodes `through`."""
    found = EXAMPLES[example].record(leaf, 0.0).paths(leaf)
    return sum([path.product for path in found if path.edges[0].target.name in through])


def reuse(a, rule="add", order="topological"):
    """Return dc/da of b = a + 1, c = b·b + b at any `a`."""
    example = EXAMPLES["reuse"]
    return gradient(example.record("a", a - example.leaves[0][1]), "a", rule, order)


def f_first(leaf):
    """Return what recursion over a list takes for it in the diamond if it visits f before e."""
    a, b = [
        Variable(value, requires_grad=True, name=name) for name, value in EXAMPLES["diamond"].leaves
    ]
    c, d = a + b, a * b
    e, f = c + d, c * d
    return gradient(graph(f + e), leaf, "add", "list")


EXERCISES = (
    Number(
        "4-2",
        "∂loss/∂b =",
        lambda: right("bias", "b"),
        (
            (
                lambda: right("bias", "b") / 2,
                "That is s, or the local gradient of the addition. Wanted is 2s times 1.",
            ),
            (
                lambda: -right("bias", "b"),
                "The size is right, the sign is not: the prediction is too high now.",
            ),
            (
                lambda: right("bias", "b") * 2.0,
                "An addition does not multiply by its inputs: its local gradients are 1.",
            ),
            (
                lambda: 0.0,
                "It would be 0 if b led nowhere. But it is added to the prediction.",
            ),
        ),
        "2s · 1 · 1 with s = 1: an addition hands on what arrives.",
    ),
    Number(
        "4-4",
        "∂loss/∂w₂ =",
        lambda: right("quadratic", "w2"),
        (
            (
                lambda: right("quadratic", "w1"),
                "That is the gradient of w₁. The other factor of w₂ is x², not x.",
            ),
            (
                lambda: right("quadratic", "b"),
                "That is what arrives at q. The product multiplies it by its other factor, x².",
            ),
            (
                lambda: 2.0**2,
                "That is the local gradient, x². Multiply it by what arrives, 2s.",
            ),
        ),
        "2s · x² = 6 · 4: one path, and one product.",
    ),
    Number(
        "4-6",
        "∂loss/∂x =",
        lambda: right("quadratic", "x"),
        (
            (
                lambda: wrong("quadratic", "x", "set"),
                "You overwrote instead of adding: that is the path through x² alone.",
            ),
            (
                lambda: wrong("quadratic", "x", "set", "list"),
                "You overwrote instead of adding: that is the path through x·w₁ alone.",
            ),
            (
                lambda: paths("quadratic", "x", "u") * paths("quadratic", "x", "p"),
                "Along a path the gradients multiply, but the two paths add.",
            ),
            (
                lambda: right("quadratic", "x") / right("quadratic", "y_hat"),
                "That is ∂ŷ/∂x. What arrives from the loss, 2s, is missing.",
            ),
            (
                lambda: paths("quadratic", "x", "u") / 2.0 + paths("quadratic", "x", "p"),
                "The local gradient of x² is 2x; the 2 is missing.",
            ),
        ),
        "24 through x² and 6 through x·w₁.",
    ),
    Number(
        "4-7",
        "∂e/∂a =",
        lambda: right("olah", "a"),
        (
            (
                lambda: right("olah", "b"),
                "That is ∂e/∂b. Only one path leads from a to e.",
            ),
            (
                lambda: right("olah", "d"),
                "That is c, which the product sends to d. To c it sends d.",
            ),
            (
                lambda: 1.0,
                "That is ∂c/∂a. The product further on multiplies it by d.",
            ),
        ),
        "1 · d = 2, along the one path a → c → e.",
    ),
    Number(
        "4-8",
        "∂e/∂b =",
        lambda: right("olah", "b"),
        (
            (
                lambda: wrong("olah", "b", "set"),
                "You overwrote instead of adding: that is the path through c alone.",
            ),
            (
                lambda: wrong("olah", "b", "set", "list"),
                "You overwrote instead of adding: that is the path through d alone.",
            ),
            (
                lambda: paths("olah", "b", "c") * paths("olah", "b", "d"),
                "Along a path the gradients multiply, but the two paths add.",
            ),
        ),
        "2 through c and 3 through d.",
    ),
    Number(
        "4-9",
        "∂y/∂a =",
        lambda: right("diamond", "a"),
        (
            (
                lambda: wrong("diamond", "a", "add", "list"),
                "That is what recursion gives: c and d sent on too early, then again.",
            ),
            (
                lambda: f_first("a"),
                "That is what recursion gives, f first: c and d sent on too early, then again.",
            ),
            (
                lambda: paths("diamond", "a", "c"),
                "These are the paths through c. As many lead through d.",
            ),
            (
                lambda: paths("diamond", "a", "d"),
                "These are the paths through d. As many lead through c.",
            ),
            (lambda: right("diamond", "b"), "That is ∂y/∂b."),
            (
                lambda: wrong("diamond", "a", "set"),
                "You overwrote instead of adding: four paths lead from a to y.",
            ),
        ),
        "1 + 6 through c and 3 + 15 through d; or (1 + d)·1 + (1 + c)·b.",
    ),
    Number(
        "4-10",
        "∂y/∂b =",
        lambda: right("diamond", "b"),
        (
            (
                lambda: wrong("diamond", "b", "add", "list"),
                "That is what recursion gives: c and d sent on too early, then again.",
            ),
            (
                lambda: f_first("b"),
                "That is what recursion gives, f first: c and d sent on too early, then again.",
            ),
            (
                lambda: paths("diamond", "b", "c"),
                "These are the paths through c. As many lead through d.",
            ),
            (
                lambda: paths("diamond", "b", "d"),
                "These are the paths through d. As many lead through c.",
            ),
            (lambda: right("diamond", "a"), "That is ∂y/∂a."),
            (
                lambda: wrong("diamond", "b", "set"),
                "You overwrote instead of adding: four paths lead from b to y.",
            ),
        ),
        "7 arrives at c, 6 at d; 7 · 1 + 6 · a = 19.",
    ),
    Pick(
        "4-11",
        "Which order gives a wrong gradient?",
        "early",
        (
            ("left", "y, e, f, c, d, a, b", "This one is fine: each stands after all its users."),
            ("right", "y, f, e, d, c, b, a", "This one is fine: each stands after all its users."),
            ("early", "y, e, c, d, f, a, b", "c and d have sent before f had sent to them."),
        ),
    ),
    Expression(
        "4-12",
        "dc/da =",
        ("a",),
        reuse,
        (
            (
                lambda a: reuse(a, "add", "set"),
                "Twice too much: b was asked to send twice, as in the recursion over a set.",
            ),
            (
                lambda a: reuse(a, "add", "list"),
                "Three times too much: b was asked to send once for each use.",
            ),
            (
                lambda a: reuse(a, "set"),
                "You overwrote instead of adding: that is one path of three.",
            ),
            (lambda a: 2 * (a + 1), "That is for b·b. The b that is added leads to c as well."),
            (lambda a: (a + 1) + 1, "b·b uses b twice: two paths, each with the factor b."),
        ),
        "2b + 1 with b = a + 1.",
        shown="2*a + 3",
    ),
)
