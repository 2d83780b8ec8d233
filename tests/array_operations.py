"""Every operation that is not elementwise, with arrays at which its derivative is not 0."""

import numpy as np

import autograd
from autograd import nn

rng = np.random.default_rng(3)


def array(*shape):
    """Return an array of different numbers between 0.3 and 1.7, in no order."""
    numbers = np.linspace(0.3, 1.7, int(np.prod(shape)))
    return rng.permutation(numbers).reshape(shape)


MASK = np.array([True, False, True])
ZEROS = np.array([[0.0, 1.2, 0.5], [0.0, 0.0, 0.7], [1.1, 0.0, 2.0]])

# name: a function of Variables, and its arrays
CASES = {
    **{
        f"{name} {case}": (lambda x, name=name, more=more: getattr(x, name)(*more), array(2, 3))
        for name in ("sum", "mean", "prod", "amax", "amin", "logsumexp")
        for case, more in (
            ("of all", ()),
            ("of the first axis", (0,)),
            ("of the last axis, kept", (-1, True)),
            ("of two axes", ((0, 1),)),
        )
    },
    "prod with zeros": (lambda x: x.prod(1), ZEROS),
    "prod with a zero, of all": (lambda x: x.prod(), np.array([[2.0, 0.0], [3.0, 0.5]])),
    "prod of two of three axes": (lambda x: x.prod((0, 2)), array(2, 2, 3)),
    "max of all": (lambda x: x.max(), array(2, 3)),
    "max of an axis": (lambda x: x.max(0).values, array(2, 3)),
    "min of all": (lambda x: x.min(), array(2, 3)),
    "min of an axis, kept": (lambda x: x.min(-1, True).values, array(2, 3)),
    "softmax": (lambda x: x.softmax(1), array(2, 3)),
    "softmax of the first axis": (lambda x: x.softmax(0), array(2, 3)),
    "log_softmax": (lambda x: x.log_softmax(-1), array(2, 3)),
    "dot": (lambda x, y: x.dot(y), array(3), array(3)),
    "matrix by column": (lambda x, y: x @ y, array(2, 3), array(3)),
    "row by matrix": (lambda x, y: x @ y, array(3), array(3, 2)),
    "matrix by matrix": (lambda x, y: x @ y, array(2, 3), array(3, 2)),
    "batch by matrix": (lambda x, y: x @ y, array(2, 2, 3), array(3, 2)),
    "batch by batch": (lambda x, y: x @ y, array(2, 1, 2, 3), array(3, 3, 2)),
    "batch by column": (lambda x, y: x @ y, array(2, 2, 3), array(3)),
    "addmm": (lambda b, x, y: autograd.addmm(b, x, y), array(2), array(2, 3), array(3, 2)),
    "reshape": (lambda x: x.reshape(3, -1), array(2, 3)),
    "expand": (lambda x: x.expand(2, -1, 3), array(2, 1)),
    "T": (lambda x: x.T, array(2, 3)),
    "permute": (lambda x: x.permute(2, 0, 1), array(2, 3, 2)),
    "transpose": (lambda x: x.transpose(0, -1), array(2, 3, 2)),
    "an integer": (lambda x: x[1], array(2, 3)),
    "a slice": (lambda x: x[:, 1:], array(2, 3)),
    "a new axis": (lambda x: x[:, None], array(2, 3)),
    "a mask": (lambda x: x[:, MASK], array(2, 3)),
    "an array of integers": (lambda x: x[[0, 0, 1], [1, 1, 2]], array(2, 3)),
    "cat": (lambda x, y: autograd.cat([x, y], 1), array(2, 3), array(2, 1)),
    "stack": (lambda x, y: autograd.stack([x, y], -1), array(2, 3), array(2, 3)),
    "linear": (
        lambda x, w: autograd.variable.record(nn.LINEAR, x, w),
        array(2, 3),
        array(2, 3),
    ),
    "cross_entropy": (
        lambda x: autograd.cross_entropy(x, np.array([2, 0]), reduction="none"),
        array(2, 3),
    ),
    "cross_entropy of one": (
        lambda x: autograd.cross_entropy(x, 1, reduction="none"),
        array(3),
    ),
    "cross_entropy of more axes": (
        lambda x: autograd.cross_entropy(x, np.array([[0, 2], [1, 1]]), reduction="none"),
        array(2, 3, 2),
    ),
}
