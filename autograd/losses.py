"""Losses: how far predictions are from what they should be, as one number to make small.

As in PyTorch, `reduction` is "mean", "sum", or "none" for a loss of each element or sample.

>>> w = Variable(3.0, requires_grad=True)
>>> mse_loss(2.0 * w, 4.0), binary_cross_entropy_with_logits(w, 1.0).item()
(tensor(4., grad_fn=<MulBackward0>), 0.04858735157374206)
"""

from .functions import bce
from .values import operand
from .variable import Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def mse_loss(input: "Any", target: "Any", reduction: str = "mean") -> "Any":
    """The squared error (input - target)². Raises ValueError where the shapes differ."""
    _same_shape("mse_loss", input, target)
    error = input - target
    return _reduce("mse_loss", error * error, reduction)


def binary_cross_entropy_with_logits(input: "Any", target: "Any", reduction: str = "mean") -> "Any":
    """-log p for a target of 1, -log(1 - p) for 0, where p = sigmoid(input).

    It is computed from the input, without p, so it is exact and finite where p is close to 0 or 1.
    Targets in between weight the two. Raises ValueError where the shapes differ.
    """
    _same_shape("binary_cross_entropy_with_logits", input, target)
    return _reduce("binary_cross_entropy_with_logits", bce(input, target), reduction)


def cross_entropy(input: "Any", target: "Any", reduction: str = "mean") -> "Any":
    """-log p of the right class, where p = softmax(input): log Σ eˣ - x[target].

    `input` has the shape (N, C) or (N, C, ...), C numbers for each of N samples, or (C,); `target`
    the class of each sample, integers from 0 to C - 1 of the shape (N,), (N, ...) or (); or, in the
    shape of `input`, a probability for each class.

    Raises ValueError where the shapes do not fit, IndexError where there is no such class.

    >>> from autograd import Tensor
    >>> cross_entropy(Tensor([[2.0, 0.0], [0.0, 0.0]]), [0, 1], reduction="none")
    tensor([0.1269, 0.6931])
    """
    from .operations import nll_of_softmax

    return _reduce("cross_entropy", nll_of_softmax(input, target), reduction)


def _same_shape(name: str, input: "Any", target: "Any") -> None:
    given = [x if isinstance(x, Variable) else operand(x, name) for x in (input, target)]
    shapes = [tuple(getattr(x, "shape", ())) for x in given]
    if shapes[0] != shapes[1]:
        raise ValueError(
            f"{name}: the input has the shape {shapes[0]} and the target {shapes[1]}; they must be "
            "equal: reshape one of them"
        )


def _reduce(name: str, losses: "Any", reduction: str) -> "Any":
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f'{name}: reduction is "mean", "sum" or "none", not {reduction!r}')
    if reduction == "none" or losses.__class__ is float:
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()
