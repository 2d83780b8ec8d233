"""A small classifier of points in the plane, and its training, update by update.

It runs as far as it was ever asked to, and remembers its weights every `PIECE` updates: what lies
behind is there at once, what lies ahead costs its updates.
"""

import math

from autograd import Variable, no_grad, relu, sigmoid, tanh
from autograd.backward import local
from autograd.history import history
from autograd.lists import ListArray
from autograd.losses import binary_cross_entropy_with_logits
from autograd.nn import MLP, Generator
from autograd.optim import SGD

WIDTH = 8  # neurons in each hidden layer
PIECE = 5  # updates
FLAT = 0.05  # of the largest local gradient that an activation can have

ACTIVATIONS = {"tanh": (tanh, 1.0), "sigmoid": (sigmoid, 0.25), "relu": (relu, 1.0)}


class Beginning:
    """A network before its first update, on points (x, y, class 0 or 1)."""

    def __init__(self, points, depth, activation, init, seed):
        self.points = points
        self.activation = activation
        self.seed = seed
        self._network = ([2] + [WIDTH] * depth + [1], ACTIVATIONS[activation][0], init)
        self._model = self.network()
        self._batch = 0  # of the latest glance
        self._outputs = None
        self._gradients = None, None

    def network(self):
        """Return the network, made anew and the same each time."""
        sizes, function, init = self._network
        return MLP(sizes, function, init=init, dtype=list, generator=Generator(self.seed))

    def samples(self, update, batch):
        """Return which points an update is made from, by their numbers."""
        count = len(self.points)
        if batch >= count:
            return range(count)
        draw = Generator(1000 * self.seed + update).uniform
        return [int(draw(0, count)) for _ in range(batch)]

    def loss(self, chosen, outputs):
        """Return the loss of the points with these numbers, by what a network says of them."""
        target = ListArray([[float(self.points[i][2])] for i in chosen])
        return binary_cross_entropy_with_logits(outputs, target)

    def places(self, chosen):
        """Return where the points with these numbers are."""
        return ListArray([list(self.points[i][:2]) for i in chosen])

    def outputs(self, model, places):
        """Return what a model says of `places` and then of the points: above 0 for class 1."""
        with no_grad():
            everywhere = places + self.places(range(len(self.points))).tolist()
            return model(ListArray(everywhere)).value.numbers

    def glance(self, batch, places):
        """Return (loss, outputs, sizes, flat) before the first update, or None for some of them.

        `outputs` are for `places` and the points, the others as those of a Run. At the first glance
        only the loss is known; the rest takes its time, and is worth it when it is asked for again:
        the learning rate makes no difference yet, the size of the batch none to `outputs`.
        """
        chosen = self.samples(0, batch)
        again = self._batch
        self._batch = batch
        with no_grad():
            if not again:
                return self.loss(chosen, self._model(self.places(chosen))).item(), None, None, None
            if not self._outputs:
                self._outputs = self.outputs(self._model, places)
            said = self._outputs[len(places) :]
            outputs = Variable(ListArray([[said[i]] for i in chosen]))
            loss = self.loss(chosen, outputs).item()
        if again != batch:
            self._gradients = None, None
        elif not self._gradients[0]:
            run = Run(self, 0.0, batch)
            run.go(0)
            self._gradients = run.sizes(), run.flat()
        return (loss, self._outputs) + self._gradients


class Run:
    """The training of a network from its beginning, with a learning rate and a size of batch."""

    def __init__(self, beginning, lr, batch):
        self.beginning = beginning
        self.points = beginning.points
        self.lr = lr
        self.batch = batch
        self.at = 0  # updates that the weights have had
        self.losses = []  # before each update
        self.begun = False

    def nearer(self, updates):
        """Return how many of these updates can be shown by now, and work on the rest of them."""
        known = len(self.losses) - 1
        if updates <= known:
            return updates
        if self.begun:
            self.go(min(updates, known - known % PIECE + PIECE))
            return self.at
        self.go(0)
        return 0

    def go(self, updates):
        """Bring the weights to where they are after so many updates."""
        if not self.begun:
            self.begun = True
            self.model = self.beginning.network()
            self.sgd = SGD(self.model.parameters(), self.lr)
            self.kept = [self._weights()]
            self._differentiate()
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
        beginning = self.beginning
        chosen = beginning.samples(self.at, self.batch)
        self.sgd.zero_grad()
        self.loss = beginning.loss(chosen, self.model(beginning.places(chosen)))
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
        least = FLAT * ACTIVATIONS[self.beginning.activation][1]
        found = []
        for node in history(self.loss):
            if node.rule and node.rule.name == self.beginning.activation:
                flat = [abs(slope) <= least for slope in local(node, 0).numbers]
                still = sum([all(flat[i::WIDTH]) for i in range(WIDTH)])
                found.append((sum(flat) / len(flat), still))
        return found

    def outputs(self, places):
        """Return what the model says, by now, of `places` and of the points."""
        return self.beginning.outputs(self.model, places)
