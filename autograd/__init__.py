"""A small reverse-mode autograd."""

from .graph import graph
from .rules import cos, exp, log, sin, sqrt, tanh
from .variable import Variable, maximum, minimum, relu, sigmoid

__all__ = [
    "Variable",
    "cos",
    "exp",
    "graph",
    "log",
    "maximum",
    "minimum",
    "relu",
    "sigmoid",
    "sin",
    "sqrt",
    "tanh",
]
