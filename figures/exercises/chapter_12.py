"""Chapter 12, vectors and matrices: |Wx|², 4x, softmax minus one-hot, sums over rows."""

from autograd import Variable, exp, log
from autograd.history import gradients
from figures.exercises.kinds import Expression, Number, Pick

W = ((0.1, 0.5), (-0.3, 0.8))
X = (0.2, 0.4)


def squared_length():
    """Return q = Wx, and the gradients of |Wx|² for W and for x."""
    w = [[Variable(n, requires_grad=True) for n in row] for row in W]
    x = [Variable(n, requires_grad=True) for n in X]
    q = [row[0] * x[0] + row[1] * x[1] for row in w]
    grads = [g.item() for g in gradients([q[0] ** 2 + q[1] ** 2], w[0] + w[1] + x)]
    return [one.item() for one in q], [grads[:2], grads[2:4]], grads[4:]


Q, OF_W, OF_X = squared_length()
SCORES = (3.2, 5.1, -1.7)  # of cat, car and frog; it is a cat


def cross_entropy():
    """Return the probabilities, the loss, and its gradients for the scores."""
    scores = [Variable(s, requires_grad=True) for s in SCORES]
    e = [exp(s) for s in scores]
    p = [one / (e[0] + e[1] + e[2]) for one in e]
    loss = -log(p[0])
    grads = gradients([loss], scores)
    return [one.item() for one in p], loss.item(), [g.item() for g in grads]


P, LOSS, OF_SCORES = cross_entropy()
ARRIVED = ((1.0, -2.0), (3.0, 0.5), (-2.0, 1.5))


def of_bias(column=0):
    """Return what flows back to a bias that was added to every row."""
    b = Variable(0.0, requires_grad=True)
    total = 0.0
    for row in ARRIVED:
        total = total + b * row[column]
    total.backward()
    return b.grad.item()


EXERCISES = (
    Number(
        "12-1",
        "gradient of w₁₂:",
        lambda: OF_W[0][1],
        (
            (lambda: OF_W[0][1] / 2, "The factor 2 of the square is missing."),
            (lambda: OF_W[1][0], "That is the gradient of w₂₁: row and column are exchanged."),
            (lambda: OF_W[1][1], "That is the gradient of w₂₂: w₁₂ made q₁, not q₂."),
            (lambda: 2 * Q[0] * W[0][1], "w₁₂ is multiplied by x₂. Its own value plays no part."),
        ),
        "2 q₁ arrives at q₁, and w₁₂ was multiplied by x₂.",
    ),
    Number(
        "12-2",
        "gradient of x₁:",
        lambda: OF_X[0],
        (
            (
                lambda: 2 * (W[0][0] * Q[0] + W[0][1] * Q[1]),
                "That is row 1 of W. x₁ is multiplied by column 1: W has to be transposed.",
            ),
            (lambda: OF_X[1], "That is the gradient of x₂."),
            (lambda: OF_X[0] / 2, "The factor 2 of the square is missing."),
            (lambda: 2 * W[0][0] * Q[0], "x₁ has a part in q₂ as well: two paths, and they add."),
        ),
        "x₁ has a part in both: 0.1 · 0.44 + (-0.3) · 0.52.",
    ),
    Expression(
        "12-3",
        "gradient of one entry x:",
        ("x",),
        lambda x: 4.0 * x,
        (
            (lambda x: 2.0 * x, "That is the gradient of x·x. Here it is 2 x·x."),
            (lambda x: 2.0 * x * x, "That is the part of this entry in the value itself."),
            (lambda x: x, "Both factors of x·x are x: two paths, and a factor 2 besides."),
            (lambda x: 4.0 + 0.0 * x, "It depends on x: the slope of a square is not constant."),
        ),
        "At 0, 1, 2, 3 that is [0, 4, 8, 12].",
        shown="4*x",
    ),
    Number(
        "12-4",
        "gradient of the cat's score:",
        lambda: OF_SCORES[0],
        (
            (lambda: P[0], "That is the probability. Subtract the 1 of the right class."),
            (lambda: -OF_SCORES[0], "The sign: the score of the right class should rise."),
            (lambda: OF_SCORES[1], "That is the gradient of the car's score."),
            (lambda: LOSS, "That is the loss."),
            (lambda: -1 / P[0], "That has arrived at p. It still has to go through the softmax."),
        ),
        "p - 1: what is missing to certainty.",
    ),
    Number(
        "12-5",
        "gradient of the first bias:",
        lambda: of_bias(0),
        (
            (lambda: of_bias(0) / 3, "That is the mean. The rows are added."),
            (lambda: sum(ARRIVED[0]), "That adds along a row. One bias belongs to one column."),
            (lambda: of_bias(1), "That is the gradient of the second bias."),
            (lambda: ARRIVED[2][0], "You overwrote instead of adding: only the last row is left."),
        ),
        "It was used in three rows, and what comes back from them is added.",
    ),
    Pick(
        "12-6",
        "The gradient of W is",
        "xt",
        (
            ("xg", "X G", "(32, 3) times (32, 5): the shapes do not fit."),
            ("xt", "Xᵀ G", "(3, 32) times (32, 5) is (3, 5), the shape of W."),
            (
                "gt",
                "Gᵀ X",
                "(5, 32) times (32, 3) is (5, 3): the right numbers, transposed. A gradient has "
                "the shape of what it belongs to.",
            ),
            ("gw", "G Wᵀ", "(32, 5) times (5, 3) is (32, 3): that is the gradient of X."),
        ),
    ),
)
