"""Store how PyTorch trains a small network, in training.json.

Needs PyTorch: pip install torch==2.13.0, then python tests/reference/make_training.py
"""

import json
from itertools import pairwise
from pathlib import Path

import torch

SIZES = [2, 4, 3, 1]
STEPS = 20
OPTIMIZERS = {
    "SGD": ("SGD", {"lr": 0.2}),
    "SGD with momentum": ("SGD", {"lr": 0.05, "momentum": 0.9}),
    "Adam": ("Adam", {"lr": 0.02}),
    "Adam with other constants": ("Adam", {"lr": 0.05, "betas": [0.8, 0.95], "eps": 0.01}),
    "the defaults of SGD": ("SGD", {}),
    "the defaults of Adam": ("Adam", {}),
}


class MLP(torch.nn.Module):
    """Linear layers with tanh between them."""

    def __init__(self):
        super().__init__()
        pairs = pairwise(SIZES)
        self.layers = torch.nn.ModuleList([torch.nn.Linear(n, m) for n, m in pairs])

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(layer(x))
        return self.layers[-1](x)


def numbers(model):
    return {name: x.tolist() for name, x in model.named_parameters()}


def trained(start, x, y, optimizer, settings):
    """Return the loss before each step, and the parameters after the last."""
    model = MLP()
    model.load_state_dict(start)
    optimizer = getattr(torch.optim, optimizer)(model.parameters(), **settings)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "parameters": numbers(model)}


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(4)
    x = torch.rand(6, 2) * 2 - 1
    y = torch.sign(x[:, :1] * x[:, 1:])
    model = MLP()
    stored = {
        "torch": torch.__version__.partition("+")[0],
        "sizes": SIZES,
        "x": x.tolist(),
        "y": y.tolist(),
        "start": numbers(model),
        "runs": {
            name: {
                "optimizer": optimizer,
                "settings": settings,
                **trained(model.state_dict(), x, y, optimizer, settings),
            }
            for name, (optimizer, settings) in OPTIMIZERS.items()
        },
    }
    path = Path(__file__).with_name("training.json")
    path.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
