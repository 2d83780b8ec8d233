"""A small classifier of points in the plane, and its training, update by update.

It runs as far as it was ever asked to, and remembers its weights every `PIECE` updates: what lies
behind is there at once, what lies ahead costs its updates.
"""

import math

from autograd import no_grad, relu, sigmoid, tanh
from autograd.backward import history, local
from autograd.lists import ListArray
from autograd.losses import binary_cross_entropy_with_logits
from autograd.nn import MLP, Generator
from autograd.optim import SGD

WIDTH = 8  # neurons in each hidden layer
PIECE = 5  # updates
FLAT = 0.05  # of the largest local gradient that an activation can have

ACTIVATIONS = {"tanh": (tanh, 1.0), "sigmoid": (sigmoid, 0.25), "relu": (relu, 1.0)}


class Run:
    """The training of one network on points (x, y, class 0 or 1)."""

    def __init__(self, points, depth, activation, init, lr, batch, seed):
        self.points = points
        self.depth = depth
        self.activation = activation
        self.batch = batch
        self.seed = seed
        sizes = [2] + [WIDTH] * depth + [1]
        function = ACTIVATIONS[activation][0]
        self.model = MLP(sizes, function, init=init, dtype=list, generator=Generator(seed))
        self.sgd = SGD(self.model.parameters(), lr)
        self.at = 0  # updates that the weights have had
        self.kept = [self._weights()]
        self.losses = []  # before each update
        self.begun = False
        self._differentiate()

    def nearer(self, updates):
        """Return how many of these updates can be shown by now, and work on the rest of them."""
        known = len(self.losses) - 1
        if updates <= known:
            return updates
        if not self.begun:
            self.begun = True
            return 0
        self.go(min(updates, known - known % PIECE + PIECE))
        return self.at

    def go(self, updates):
        """Bring the weights to where they are after so many updates."""
        if updates == self.at:
            return
        piece = min(updates // PIECE, len(self.kept) - 1)
        if not piece * PIECE <= self.at < updates:
            for parameter, numbers in zip(self.sgd.params, self.kept[piece]):
                parameter.data = ListArray(numbers, parameter.shape)
            self.at = piece * PIECE
            self._differentiate()
        while self.at < updates:
            self.sgd.step()
            self.at += 1
            if self.at == len(self.kept) * PIECE:
                self.kept.append(self._weights())
            self._differentiate()

    def _weights(self):
        return [x.value.numbers for x in self.sgd.params]  # which an update replaces

    def _differentiate(self):
        """Forward and backward, for the samples that the next update will be made from."""
        draw = Generator(1000 * self.seed + self.at).uniform
        if self.batch < len(self.points):
            chosen = [self.points[int(draw(0, len(self.points)))] for _ in range(self.batch)]
        else:
            chosen = self.points
        x = ListArray([[point[0], point[1]] for point in chosen])
        target = ListArray([[float(point[2])] for point in chosen])
        self.sgd.zero_grad()
        self.loss = binary_cross_entropy_with_logits(self.model(x), target)
        self.loss.backward()
        if self.at == len(self.losses):
            self.losses.append(self.loss.item())

    def sizes(self):
        """Return how large the gradient of each layer's weights is: the root of its mean square."""
        sizes = []
        for layer in self.model.layers:
            numbers = layer.weight.grad.value.numbers
            sizes.append(math.sqrt(sum([g * g for g in numbers]) / len(numbers)))
        return sizes

    def flat(self):
        """Return for each hidden layer where its activation is flat, so that little comes back.

        As pairs: for which share of its neurons and samples; how many neurons for every sample.
        """
        least = FLAT * ACTIVATIONS[self.activation][1]
        found = []
        for node in history(self.loss):
            if node.rule and node.rule.name == self.activation:
                flat = [abs(slope) <= least for slope in local(node, 0).numbers]
                still = sum([all(flat[i::WIDTH]) for i in range(WIDTH)])
                found.append((sum(flat) / len(flat), still))
        return found

    def outputs(self, places):
        """Return what the model says of each place: above 0 for class 1, below for class 0."""
        with no_grad():
            return self.model(ListArray(places)).value.numbers
