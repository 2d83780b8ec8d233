"""A number (or an array) that remembers how it was computed."""

from .rules import RULES, _function


class Variable:
    """A number that remembers how it was computed, so that it can be differentiated."""

    __slots__ = ("grad", "inputs", "name", "requires_grad", "rule", "value")

    def __init__(self, data, requires_grad=False, name=None):
        if data.__class__ is Variable:
            data = data.value
        self.value = float(data)
        self.requires_grad = requires_grad
        self.name = name
        self.rule, self.inputs, self.grad = None, (), None

    @property
    def data(self):
        """The same number without its history."""
        return self if self.rule is None and not self.requires_grad else Variable(self.value)

    @data.setter
    def data(self, new):
        self.value = new.value if new.__class__ is Variable else float(new)

    def item(self):
        """The Python number."""
        return self.value

    def zero_(self):
        """Set to zero in place."""
        self.value = 0.0
        return self

    def backward(self):
        """Add d self / d leaf to the .grad of every leaf that requires a gradient."""
        for node, gradient in pull(self)[1]:
            if node.rule is None and node.requires_grad:
                if node.grad is None:
                    node.grad = Variable(0.0)
                node.grad.value += gradient

    def __repr__(self):
        from .printing import text

        return text(self)


def pull(result, gradient=1.0):
    """All nodes in forward order, and (node, d result / d node) in backward order."""
    order, stack, seen = [], [result], set()
    while stack:
        node = stack.pop()
        if node is None:
            order.append(stack.pop())
        elif id(node) not in seen:
            seen.add(id(node))
            stack.extend((node, None))
            stack.extend(x for x in reversed(node.inputs) if x.__class__ is Variable)
    gradients = {id(node): 0.0 for node in order}
    gradients[id(result)] = gradient
    backward = []
    for node in reversed(order):
        upstream = gradients[id(node)]
        backward.append((node, upstream))
        for x, local in zip(node.inputs, locals_of(node)):
            if x.__class__ is Variable:
                gradients[id(x)] += upstream * local
    return order, backward


def locals_of(node):
    """The local derivative of a node with respect to each of its inputs."""
    if node.rule is None:
        return ()
    values = [x.value if x.__class__ is Variable else x for x in node.inputs]
    return [partial(*values, node.value) for partial in node.rule.partials]


def record(rule, *inputs):
    """Apply a rule to Variables and numbers, remembering it."""
    inputs = tuple(x if x.__class__ is Variable else float(x) for x in inputs)
    result = Variable(rule.value(*[x.value if x.__class__ is Variable else x for x in inputs]))
    result.requires_grad = any(x.requires_grad for x in inputs if x.__class__ is Variable)
    result.rule, result.inputs = rule, inputs
    return result


def _binary(name):
    rule = RULES[name]
    return (lambda x, y: record(rule, x, y)), (lambda x, y: record(rule, y, x))


def _unary(name):
    rule = RULES[name]
    return lambda x: record(rule, x)


for _name in ("add", "sub", "mul", "div", "pow"):
    _left, _right = _binary(_name)
    _python = "truediv" if _name == "div" else _name
    setattr(Variable, "__%s__" % _python, _left)
    setattr(Variable, "__r%s__" % _python, _right)
for _name in ("neg", "abs", "exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu"):
    setattr(Variable, _name, _unary(_name))
Variable.__neg__, Variable.__abs__ = Variable.neg, Variable.abs
maximum, _ = _binary("maximum")
minimum, _ = _binary("minimum")
relu = _function("relu", RULES["relu"].value)
sigmoid = _function("sigmoid", RULES["sigmoid"].value)
