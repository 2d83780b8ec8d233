"""Chapter 9, your own formula: precedence, shared parts, CS231n's neuron and its two sigmas."""

from autograd import Variable, graph
from figures.exercises.kinds import Expression, Number
from figures.formula import PRESETS
from figures.parts.formula import lines, read, run


def record(text, values):
    """Return the graph that autograd records for a formula; `values` is as the figure has it."""
    found = {}
    for pair in values.split(","):
        name, _, value = pair.partition("=")
        found[name] = Variable(float(value), requires_grad=True, name=name)
    made, result = lines(read(text))
    return graph(run(made, found)[result])


def preset(key):
    return record(PRESETS[key][1], PRESETS[key][2])


def slope(key, leaf):
    return preset(key).node(leaf).grad


def part(leaf, use):
    """Return what one use of an input contributes in the expression with two sigmas."""
    return preset("sigmas").node(leaf).outputs[use].downstream


def minus(x):
    return record("-x**2", "x=%d" % x).node("x").grad


def boxes(text):
    return float(len(lines(read(text))[0]))


EXERCISES = (
    Number(
        "9-1",
        "∂f/∂x =",
        lambda: minus(3),
        (
            (
                lambda: -minus(3),
                "That is for (-x)**2. The power comes first, and then the minus.",
            ),
            (lambda: minus(3) / 2, "The exponent comes down as a factor: the 2 is missing."),
            (
                lambda: 3 * minus(3) / 2,
                "That is f itself, and wanted is how fast it changes.",
            ),
        ),
        "The power sends 2x, and the minus turns its sign.",
    ),
    Number(
        "9-2",
        "operations:",
        lambda: boxes("x*x + sin(x*x) - exp(x*x)"),
        (
            (
                lambda: 7.0,
                "So many stand there. But x*x stands there three times and is computed once.",
            ),
            (
                lambda: boxes("x*x + sin(x*x) - exp(x*x)") + 1,
                "Count the operations only: x is an input.",
            ),
            (lambda: 3.0, "The sum and the difference are operations, too."),
        ),
        "x·x once, its sine, its exp, the sum and the difference.",
    ),
    Number(
        "9-3",
        "∂f/∂w0 =",
        lambda: slope("neuron", "w0"),
        (
            (
                lambda: -slope("neuron", "w0"),
                "The size is right. The product multiplies what arrives by x0, which is negative.",
            ),
            (
                lambda: slope("neuron", "x0"),
                "That is ∂f/∂x0. The product sends to each factor the value of the other.",
            ),
            (
                lambda: -preset("neuron").result.value,
                "That is f · x0. The slope of the sigmoid is not f but f · (1 - f).",
            ),
            (
                lambda: -1.0,
                "That is the local gradient of the product. What arrives there is not 1.",
            ),
        ),
        "f · (1 - f) arrives at the sum, and x0 = -1 is the other factor.",
    ),
    Expression(
        "9-4",
        "dσ/dz =",
        ("s",),
        lambda s: s * (1 - s),
        (
            (
                lambda s: 1 - s,
                "A factor is missing: it is s² · e^-z. What is e^-z in s?",
            ),
            (lambda s: s * (s - 1), "The sign: the sigmoid rises everywhere."),
            (lambda s: 1 - s**2, "That is the derivative of the tanh, from its value."),
            (
                lambda s: s**2,
                "A factor is missing: e^-z, which is 1/s - 1.",
            ),
            (lambda s: s, "That holds for exp, which is its own derivative."),
        ),
        "s² · e^-z, and e^-z = 1/s - 1.",
        shown="s * (1 - s)",
    ),
    Number(
        "9-5",
        "∂f/∂x =",
        lambda: slope("sigmas", "x"),
        (
            (
                lambda: part("x", 0),
                "That is the use in the numerator alone. x stands there two more times.",
            ),
            (
                lambda: part("x", 0) + part("x", 1),
                "The x in the square is missing: three uses, three contributions.",
            ),
            (
                lambda: part("x", 0) + part("x", 2),
                "The x in the sigmoid is missing: three uses, three contributions.",
            ),
            (
                lambda: part("x", 0) - part("x", 1) - part("x", 2),
                "A larger denominator makes f smaller: its local gradient has a minus.",
            ),
            (lambda: slope("sigmas", "y"), "That is ∂f/∂y."),
        ),
        "Three uses: the numerator, the sigmoid below, the square below.",
    ),
    Number(
        "9-6",
        "∂f/∂y =",
        lambda: slope("sigmas", "y"),
        (
            (
                lambda: part("y", 0),
                "That is the use in the numerator alone. y stands in the square, too.",
            ),
            (
                lambda: part("y", 1),
                "That is the use in the square alone. y stands in the numerator, too.",
            ),
            (
                lambda: part("y", 0) - part("y", 1),
                "A larger denominator makes f smaller: its local gradient has a minus.",
            ),
            (lambda: slope("sigmas", "x"), "That is ∂f/∂x."),
        ),
        "Two uses: the sigmoid above and the square below.",
    ),
)
