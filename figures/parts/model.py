"""The lecture's model, its loss, and its loop: forward, backward, update, zero."""

from collections import namedtuple

from autograd import Variable

DATA = ((1.0, 2.0), (2.0, 4.0), (3.0, 6.0))  # the lecture's samples (x, y)
EPOCHS = 10


def forward(x, w):
    return x * w


def loss(x, y, w):
    s = forward(x, w) - y
    return s * s


# What one pass of the loop's body did: its sample, loss and gradient, w before and after.
Update = namedtuple("Update", ("x", "y", "loss", "grad", "before", "after"))


def train(samples, lr, w0, zero=True, subtract=True):
    """Run the lecture's loop on the samples; return its updates in order.

    Without `zero` it forgets to zero the gradient, without `subtract` it adds it to the weight.
    """
    w = Variable(w0, requires_grad=True)
    before = w0
    if not subtract:
        lr = -lr
    updates = []
    for _ in range(EPOCHS):
        for x, y in samples:
            l = loss(x, y, w)  # noqa: E741 - the lecture's name
            l.backward()
            grad = w.grad.item()
            after = before - lr * grad
            updates.append(Update(x, y, l.item(), grad, before, after))
            w.data = before = after
            if zero:
                w.grad = None
    return updates


def train_batch(samples, lr, w0):
    """Run the loop with one update an epoch, by the mean loss; return the EPOCHS values of w."""
    w = Variable(w0, requires_grad=True)
    path = []
    for _ in range(EPOCHS):
        mean_loss(samples, w).backward()
        w.data = w.item() - lr * w.grad.item()
        w.grad = None
        path.append(w.item())
    return path


def mean_loss(samples, w):
    """Return the mean loss over the three samples at `w` (a float or a Variable)."""
    losses = [loss(x, y, w) for x, y in samples]
    return (losses[0] + losses[1] + losses[2]) / 3


def value_and_slope(function, at):
    """Return function(w) and its derivative at w = `at`."""
    w = Variable(at, requires_grad=True)
    result = function(w)
    result.backward()
    return result.item(), w.grad.item()


def line(x, y):
    """Return (steepness, goal) of a sample: its gradient is a straight line in w.

    The steepness is the difference of the gradients at w = 1 and w = 0; the goal is the w at which
    the gradient is 0, or None where the gradient does not depend on w.
    """
    _, at_0 = value_and_slope(lambda w: loss(x, y, w), 0.0)
    _, at_1 = value_and_slope(lambda w: loss(x, y, w), 1.0)
    steep = at_1 - at_0
    return steep, -at_0 / steep if steep else None


def factors(known, lr):
    """Return by what each update of an epoch multiplies the distance of w from its goal."""
    return [1 - lr * steep for steep, goal in known]
