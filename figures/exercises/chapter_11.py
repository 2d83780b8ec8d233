"""Chapter 11, forward or reverse: tangents, adjoints, and what each of them costs."""

from math import cos, pi

from figures import cost, modes
from figures.exercises.kinds import Expression, Number


def derivative(leaf):
    """Return d y / d leaf of ln(x1) + x1 x2 - sin(x2) at (2, 5)."""
    return modes.record(2.0, 5.0).node(leaf).grad


def of_product(i):
    """Return the derivative of Speelpenning's product of 1 .. 5 by its i-th factor."""
    return cost.count(5)[0]["reverse"][i - 1]


def operations(way, n):
    return float(cost.count(n)[1][way])


EXERCISES = (
    Number(
        "11-1",
        "∂y/∂x₁ =",
        lambda: derivative("x1"),
        (
            (lambda: 5.0, "That is the way through the product. Another one leads through ln x₁."),
            (lambda: 0.5, "That is the way through ln x₁. Another one leads through the product."),
            (lambda: 2.5, "Along a path multiply; across paths add."),
            (lambda: derivative("x2"), "That is ∂y/∂x₂: there the tangent of x₂ is 1."),
        ),
        "0.5 + 5: the tangents of the logarithm and of the product.",
    ),
    Number(
        "11-2",
        "∂y/∂x₂ =",
        lambda: derivative("x2"),
        (
            (lambda: 2.0, "That is what the product sends. The sine sends something, too."),
            (lambda: 2.0 + cos(5.0), "The sine is subtracted: its adjoint is -1."),
            (
                lambda: -cos(5.0),
                "So it stands when only the sine has sent. The product sends, too.",
            ),
            (lambda: 2.0 - cos(5.0 * pi / 180), "The 5 is in radians, not in degrees."),
        ),
        "2 - cos 5. The product has sent 2, the sine -1 × cos 5.",
    ),
    Number(
        "11-3",
        "∂f/∂x₃ =",
        lambda: of_product(3),
        (
            (lambda: of_product(1), "That is the product itself. Leave x₃ out of it."),
            (lambda: of_product(1) / 6, "That is the adjoint of x₁x₂x₃. Go one step on."),
            (lambda: 6.0, "That is x₁x₂x₃. All factors but x₃ are needed."),
            (lambda: 2.0, "That is x₁x₂, with which x₃ is multiplied. What comes after it?"),
        ),
        "1 · 2 · 4 · 5, all factors but x₃.",
    ),
    Number(
        "11-4",
        "Forward mode needs",
        lambda: operations("forward", 10),
        (
            (
                lambda: operations("forward", 10) / 10,
                "That is one run. How many inputs has the product?",
            ),
            (lambda: 10.0 * 18, "You have forgotten the products themselves: 9 in each run."),
            (lambda: operations("difference", 10), "That is for differences, which only multiply."),
        ),
        "10 runs with 9 values and 18 factors each. Reverse mode needs 27 in all.",
    ),
    Number(
        "11-5",
        "The fewest runs are",
        lambda: 3.0,
        (
            (
                lambda: 200.0,
                "That is forward mode, one run for each input. Reverse is better here.",
            ),
            (lambda: 1.0, "A run back begins at one output, and there are several."),
            (lambda: 600.0, "One run gives a whole row of the table, or a whole column."),
        ),
        "One run back for each output; the way there is gone once.",
    ),
    Expression(
        "11-6",
        "the part with ε is",
        ("a", "b"),
        lambda a, b: 3.0 * a * a * b,
        (
            (
                lambda a, b: 3.0 * a * a,
                "That is the derivative; it still has to meet the tangent b.",
            ),
            (lambda a, b: b * b * b, "ε³ is 0. Which terms have ε only once?"),
            (lambda a, b: a * a * b, "There are three such terms."),
            (lambda a, b: 2.0 * a * b, "That is the square's. Multiply once more by a + bε."),
        ),
        "3a² is the derivative of the cube, b the tangent that came in.",
        shown="3*a**2*b",
    ),
)
