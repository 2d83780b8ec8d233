"""Optimizers: what a training step does with the gradients. As in torch.optim, to the formula.

>>> from autograd import Variable, optim
>>> w = Variable(1.0, requires_grad=True)
>>> sgd = optim.SGD([w], lr=0.01)
>>> for x, y in ((1.0, 2.0), (2.0, 4.0), (3.0, 6.0)):
...     sgd.zero_grad()
...     loss = (x * w - y) ** 2
...     loss.backward()
...     sgd.step()
>>> w
tensor(1.2607, requires_grad=True)

The formulas are written once, and serve numbers, NumPy arrays and ListArrays.
"""

from .modes import no_grad
from .variable import Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class Optimizer:
    """What optimizers share. A subclass says in `update` how a parameter changes.

    `lr`, the learning rate, may be changed between steps. Raises TypeError where a parameter is no
    Variable, ValueError where it is no leaf that requires a gradient, or where there is none.
    """

    def __init__(self, params: "Iterable[Variable]", lr: float) -> None:
        if isinstance(params, Variable):
            raise TypeError("an optimizer takes a list of parameters; write [w] for only one")
        self.params = list(params)
        if not self.params:
            raise ValueError("the list of parameters is empty: the optimizer has nothing to do")
        for x in self.params:
            if not isinstance(x, Variable):
                raise TypeError(f"an optimizer changes Variables, not {x!r}")
            if not x.is_leaf or not x.requires_grad:
                raise ValueError(
                    "an optimizer changes leaves made with requires_grad=True, not "
                    f"{x.name or repr(x)}"
                )
        _check("lr", lr, lr >= 0.0)
        self.lr = lr
        # What `update` keeps of a parameter from step to step; empty before the first.
        self.state: list[dict[str, Any]] = [{} for _ in self.params]

    def zero_grad(self) -> None:
        """Forget the gradients: each `.grad` becomes None, as in PyTorch."""
        for x in self.params:
            x.grad = None

    def step(self) -> None:
        """Change each parameter that has a gradient, in place: its graphs are of no more use."""
        with no_grad():
            for x, state in zip(self.params, self.state):
                if x.grad is not None:
                    x.copy_(self.update(x.value, x.grad.value, state))

    def update(self, x: "Any", grad: "Any", state: "dict[str, Any]") -> "Any":
        """The new value of a parameter; x and grad are floats or arrays, and stay as they are."""
        raise NotImplementedError("a subclass of Optimizer says how a parameter changes")


def _check(name: str, value: "Any", holds: bool) -> None:
    if not holds:
        raise ValueError(f"{name} is {value!r}; lr and eps are 0 or more, the others in 0 to 1")


class SGD(Optimizer):
    """Gradient descent, a step against the gradient g; with momentum m, along a velocity v.

        v ← m v + g        with v = 0 before the first step
        x ← x - lr v

    It is called stochastic where g is taken from some of the data only.
    """

    def __init__(
        self, params: "Iterable[Variable]", lr: float = 1e-3, momentum: float = 0.0
    ) -> None:
        super().__init__(params, lr)
        _check("momentum", momentum, momentum >= 0.0)
        self.momentum = momentum

    def update(self, x: "Any", grad: "Any", state: "dict[str, Any]") -> "Any":
        if self.momentum:
            grad = state["v"] = self.momentum * state.get("v", 0.0) + grad
        return x - self.lr * grad


class Adam(Optimizer):
    """Steps of about lr in each number, whatever the size of its gradient g (Kingma, Ba 2014).

        m ← β₁ m + (1 - β₁) g        the gradient's running mean
        v ← β₂ v + (1 - β₂) g²       and that of its square, both 0 at first
        x ← x - lr m̂ / (√v̂ + eps)    with m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ)

    at step t = 1, 2, ...
    """

    def __init__(
        self,
        params: "Iterable[Variable]",
        lr: float = 1e-3,
        betas: "tuple[float, float]" = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        super().__init__(params, lr)
        for beta in betas:
            _check("betas", betas, 0.0 <= beta < 1.0)
        _check("eps", eps, eps >= 0.0)
        self.betas, self.eps = betas, eps

    def update(self, x: "Any", grad: "Any", state: "dict[str, Any]") -> "Any":
        b1, b2 = self.betas
        t = state["t"] = state.get("t", 0) + 1
        m = state["m"] = b1 * state.get("m", 0.0) + (1.0 - b1) * grad
        v = state["v"] = b2 * state.get("v", 0.0) + (1.0 - b2) * grad * grad
        root = (v / (1.0 - b2**t)) ** 0.5
        return x - (self.lr / (1.0 - b1**t)) * m / (root + self.eps)
