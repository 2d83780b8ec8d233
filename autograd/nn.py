"""Networks: layers, the numbers they start from, and what collects their parameters.

The names, shapes and formulas are those of torch.nn; MLP is what is built there by hand.

>>> from autograd import nn, optim
>>> model = nn.MLP([2, 8, 1], dtype=list, generator=nn.Generator(1))
>>> sgd = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
>>> for step in range(200):
...     sgd.zero_grad()
...     errors = model([[0, 0], [0, 1], [1, 0], [1, 1]]) - nn.ListArray([[0], [1], [1], [0]])
...     loss = (errors * errors).mean()
...     loss.backward()
...     sgd.step()
>>> loss.item() < 1e-4
True

A network's numbers are NumPy arrays (`dtype` "float32" or "float64") or, with `dtype=list`,
ListArrays, which do without NumPy: MicroPython has none, and the network of a figure trains there.

An operation on two Variables takes MicroPython 14 us, a product and a sum of floats 0.5 us, so a
node must stand for many of them. Training steps in a second, of 2-8-8-1 with tanh, SGD and a batch
of 16, in Node, measured in turns on two busy cores:

    a node for each product and each sum of two floats     15
    a node for each neuron and each sample                 38
    a node for each product of matrices, as it is here    170
"""

from math import sqrt

from .functions import tanh
from .lists import ListArray
from .rules import Rule
from .variable import Variable, leaf, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

_BITS = (1 << 64) - 1


class Generator:
    """Random numbers that are the same in every Python: SplitMix64 (Steele, Lea, Flood 2014).

    >>> generator = Generator(0)
    >>> generator.uniform(0.0, 1.0), generator.uniform(-1.0, 1.0)
    (0.8833108082136426, -0.13694400590298006)
    """

    def __init__(self, seed: int = 0) -> None:
        self.manual_seed(seed)

    def manual_seed(self, seed: int) -> "Generator":
        """Start again from a seed, any whole number."""
        self.state = seed & _BITS
        return self

    def uniform(self, low: float, high: float) -> float:
        """A number from `low` up to, not including, `high`."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & _BITS
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & _BITS
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & _BITS
        return low + (high - low) * (((z ^ (z >> 31)) >> 11) / 9007199254740992)


default_generator = Generator()


def manual_seed(seed: int) -> Generator:
    """Repeat the numbers from which layers without a generator of their own start."""
    return default_generator.manual_seed(seed)


# The weights of a layer of n inputs and m outputs start between -a and a. With the first of these
# the biases do as well; else they start at 0.
INITS = {
    "default": lambda n, m: 1.0 / sqrt(n),
    "zeros": lambda n, m: 0.0,
    "small": lambda n, m: 0.1 / sqrt(n),
    "large": lambda n, m: 10.0 / sqrt(n),
    "xavier": lambda n, m: sqrt(6.0 / (n + m)),  # keeps the size of tanh's values and gradients
    "he": lambda n, m: sqrt(6.0 / n),  # keeps the size of relu's
}


class Module:
    """What has parameters: a layer, or a network of such. A subclass says what `forward` does.

    Its parameters are the leaves that require a gradient among its attributes, and those of the
    modules among its attributes, alone or in lists.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.w = Variable(1.0, requires_grad=True)
    ...
    ...     def forward(self, x):
    ...         return x * self.w
    >>> line = Line()
    >>> line(3.0), dict(line.named_parameters())
    (tensor(3., grad_fn=<MulBackward0>), {'w': tensor(1., requires_grad=True)})
    """

    _attributes: "tuple[str, ...]" = ()  # in the order in which they were set

    def __setattr__(self, name: str, value: "Any") -> None:
        if name not in self._attributes:
            super().__setattr__("_attributes", self._attributes + (name,))
        super().__setattr__(name, value)

    def forward(self, *inputs: "Any") -> "Any":
        raise NotImplementedError(
            f"{self.__class__.__name__} has no forward: define forward(self, x), which returns "
            "what the module makes of its inputs"
        )

    def __call__(self, *inputs: "Any") -> "Any":
        return self.forward(*inputs)

    def named_parameters(self) -> "Iterator[tuple[str, Variable]]":
        """Each parameter once, with its name: "layers.0.weight"."""
        seen: set[int] = set()
        stack: list[tuple[str, Any]] = [("", self)]
        while stack:
            name, part = stack.pop()
            if isinstance(part, Variable):
                if part.requires_grad and part.is_leaf and id(part) not in seen:
                    seen.add(id(part))
                    yield name, part
                continue
            inside: list[tuple[str, Any]] = []
            if isinstance(part, Module):
                inside = [(key, getattr(part, key)) for key in part._attributes]
            elif isinstance(part, (list, tuple)):
                inside = [(str(i), x) for i, x in enumerate(part)]
            for key, x in reversed(inside):
                stack.append((name + "." + key if name else key, x))

    def parameters(self) -> "Iterator[Variable]":
        """Each parameter once."""
        return (parameter for _, parameter in self.named_parameters())

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters: each `.grad` becomes None, as in PyTorch."""
        for parameter in self.parameters():
            parameter.grad = None


def _rows(x: "Any") -> "Any":
    return x.reshape((-1, x.shape[-1]))


# x Wᵀ, for each row of x. The same for NumPy arrays and ListArrays.
LINEAR = Rule(
    "linear",
    lambda x, weight: (_rows(x) @ weight.T).reshape(x.shape[:-1] + weight.shape[:1]),
    pulls=(
        lambda upstream, x, weight, z: (_rows(upstream) @ weight).reshape(x.shape),
        lambda upstream, x, weight, z: _rows(upstream).T @ _rows(x),
    ),
    saves=((1,), (0,)),
)


class Linear(Module):
    """A layer: z = x Wᵀ + b, for each row of x.

    The shapes are (..., in_features) of x, which may be nested lists of numbers, and (...,
    out_features) of z; (out_features, in_features) of `weight` and (out_features,) of `bias`.
    `init` is a key of INITS; what is drawn for it is drawn from `generator`.

    Raises ValueError where the layer cannot be made, RuntimeError where x does not fit.

    >>> layer = Linear(3, 2, init="zeros", dtype="float64")
    >>> layer([[1, 2, 3]]).tolist(), layer.weight.shape, layer.bias.shape
    ([[0.0, 0.0]], (2, 3), (2,))
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        init: str = "default",
        dtype: "Any" = "float32",
        generator: "Generator | None" = None,
    ) -> None:
        for size in (in_features, out_features):
            if not isinstance(size, int) or size < 1:
                raise ValueError(f"Linear: a layer has 1 or more inputs and outputs, not {size!r}")
        if init not in INITS:
            raise ValueError(f"Linear: init is one of {', '.join(sorted(INITS))}, not {init!r}")
        self.in_features, self.out_features = in_features, out_features
        bound = INITS[init](in_features, out_features)
        draw = (generator or default_generator).uniform
        numbers = [draw(-bound, bound) for _ in range(out_features * in_features)]
        self.weight = _parameter(ListArray(numbers, (out_features, in_features)), dtype)
        self.bias: Variable | None = None
        if bias:
            if init != "default":
                bound = 0.0
            numbers = [draw(-bound, bound) for _ in range(out_features)]
            self.bias = _parameter(ListArray(numbers, (out_features,)), dtype)

    def forward(self, x: "Any") -> Variable:
        value = x.value if isinstance(x, Variable) else x
        lists = isinstance(self.weight.value, ListArray)
        if getattr(value, "shape", ()) and isinstance(value, ListArray) != lists:
            raise TypeError(
                f"{self!r}: NumPy arrays and ListArrays do not mix; make the layer with dtype=list "
                "for ListArrays, else without"
            )
        if value is x:
            x = _like(self.weight.value, x)
        if x.shape[-1:] != (self.in_features,):
            raise RuntimeError(
                f"{self!r}: x has the shape {x.shape}, and its last axis must be in_features long"
            )
        z = record(LINEAR, x, self.weight)
        return z if self.bias is None else z + self.bias

    def __repr__(self) -> str:
        return (
            f"Linear(in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None})"
        )


def _parameter(numbers: ListArray, dtype: "Any") -> Variable:
    """A leaf that requires a gradient, of an array of that dtype."""
    if dtype is list:
        return Variable(numbers, requires_grad=True)
    from numpy import array

    return Variable(array(numbers.tolist(), dtype), requires_grad=True)


def _like(weight: "Any", x: "Any") -> Variable:
    """Numbers in nested lists, or an array, as a Variable of the same kind as a weight."""
    if isinstance(weight, ListArray):
        return leaf(x if isinstance(x, ListArray) else ListArray(x))
    from numpy import asarray

    return leaf(asarray(x, weight.dtype))


class MLP(Module):
    """A multilayer perceptron: layers one after the other, an activation after each but the last.

    `sizes` are the numbers of inputs, of neurons in each hidden layer and of outputs; `activation`
    is a function of a Variable. The rest is as in Linear.

    >>> [name for name, _ in MLP([2, 8, 1]).named_parameters()]
    ['layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias']
    """

    def __init__(
        self,
        sizes: "Sequence[int]",
        activation: "Callable[[Any], Any]" = tanh,
        bias: bool = True,
        init: str = "default",
        dtype: "Any" = "float32",
        generator: "Generator | None" = None,
    ) -> None:
        if len(sizes) < 2:
            raise ValueError(f"MLP: sizes are of inputs and outputs at least, not {sizes!r}")
        if not callable(activation):
            raise TypeError(f"MLP: activation is a function, as autograd.tanh, not {activation!r}")
        self.activation = activation
        self.layers = [
            Linear(n, m, bias, init, dtype, generator)
            for n, m in zip(sizes[:-1], sizes[1:])  # noqa: RUF007
        ]

    def forward(self, x: "Any") -> Variable:
        for layer in self.layers[:-1]:
            x = self.activation(layer(x))
        z: Variable = self.layers[-1](x)
        return z
