"""What the engine must do with numbers: plain assertions that CPython and MicroPython both run.

A check is a function whose name begins with "check_". `CASES` has for every rule some points, with
the closed form of its value and derivatives there, written out independently of the rules.
"""

import math
import sys

import autograd
from autograd import Variable, graph
from autograd.history import gradients
from autograd.rules import Rule
from autograd.variable import record

inf, nan = math.inf, math.nan
DEPTH = 100_000 if sys.implementation.name == "cpython" else 2_000


def sech2(x):
    return 1 / math.cosh(x) ** 2


def logistic(x):
    return 1 / (1 + math.exp(-x))


# name: ((inputs, value, derivatives), ...)
CASES = {
    "add": (((2.0, 3.0), 5.0, (1.0, 1.0)), ((-0.5, 0.25), -0.25, (1.0, 1.0))),
    "sub": (((2.0, 3.0), -1.0, (1.0, -1.0)), ((-0.5, 0.25), -0.75, (1.0, -1.0))),
    "mul": (((2.0, 3.0), 6.0, (3.0, 2.0)), ((-0.5, 0.0), -0.0, (0.0, -0.5))),
    "div": (
        ((2.0, 4.0), 0.5, (0.25, -0.125)),
        ((-3.0, -0.5), 6.0, (-2.0, 12.0)),
        ((1.0, 0.0), inf, (inf, -inf)),
        ((-1.0, 0.0), -inf, (inf, inf)),
        ((1.0, -0.0), -inf, (-inf, -inf)),
        ((0.0, 0.0), nan, (inf, nan)),
    ),
    "pow": (
        ((2.0, 3.0), 8.0, (12.0, 8.0 * math.log(2.0))),
        ((4.0, 0.5), 2.0, (0.25, 2.0 * math.log(4.0))),
        ((-2.0, 3.0), -8.0, (12.0, nan)),
        ((-2.0, 0.5), nan, (nan, nan)),
        ((0.0, 2.0), 0.0, (0.0, 0.0)),
        ((0.0, 1.0), 0.0, (1.0, 0.0)),
        ((0.0, 0.0), 1.0, (0.0, 0.0)),
        ((3.0, 0.0), 1.0, (0.0, math.log(3.0))),
        ((0.0, -1.0), inf, (-inf, -inf)),
        ((-0.0, -1.0), -inf, (-inf, inf)),
        ((-0.0, -1.5), inf, (-inf, -inf)),
        ((10.0, 400.0), inf, (inf, inf)),
        ((-10.0, 401.0), -inf, (inf, nan)),
        ((inf, 2.0), inf, (inf, inf)),
    ),
    "neg": (((2.0,), -2.0, (-1.0,)),),
    "abs": (((2.0,), 2.0, (1.0,)), ((-3.0,), 3.0, (-1.0,)), ((0.0,), 0.0, (0.0,))),
    "sign": (((2.0,), 1.0, (0.0,)), ((-2.0,), -1.0, (0.0,)), ((0.0,), 0.0, (0.0,))),
    "exp": (
        ((0.0,), 1.0, (1.0,)),
        ((-1.5,), math.exp(-1.5), (math.exp(-1.5),)),
        ((1000.0,), inf, (inf,)),
        ((-1000.0,), 0.0, (0.0,)),
        ((-inf,), 0.0, (0.0,)),
    ),
    "log": (
        ((2.0,), math.log(2.0), (0.5,)),
        ((0.0,), -inf, (inf,)),
        ((-0.0,), -inf, (-inf,)),
        ((-1.0,), nan, (-1.0,)),
        ((inf,), inf, (0.0,)),
    ),
    "sqrt": (((4.0,), 2.0, (0.25,)), ((0.0,), 0.0, (inf,)), ((-1.0,), nan, (nan,))),
    "sin": (
        ((0.0,), 0.0, (1.0,)),
        ((1.0,), math.sin(1.0), (math.cos(1.0),)),
        ((inf,), nan, (nan,)),
    ),
    "cos": (
        ((0.0,), 1.0, (0.0,)),
        ((1.0,), math.cos(1.0), (-math.sin(1.0),)),
        ((inf,), nan, (nan,)),
    ),
    "tanh": (
        ((0.0,), 0.0, (1.0,)),
        ((0.7,), math.tanh(0.7), (sech2(0.7),)),
        ((-inf,), -1.0, (0.0,)),
    ),
    "sigmoid": (
        ((0.0,), 0.5, (0.25,)),
        ((-1.3,), logistic(-1.3), (logistic(-1.3) * logistic(1.3),)),
        ((1000.0,), 1.0, (0.0,)),
        ((-1000.0,), 0.0, (0.0,)),
    ),
    "tan": (
        ((0.0,), 0.0, (1.0,)),
        ((1.3,), math.tan(1.3), (1 / math.cos(1.3) ** 2,)),
        ((inf,), nan, (nan,)),
    ),
    "softplus": (
        ((0.0,), math.log(2.0), (0.5,)),
        ((-1.3,), math.log(1 + math.exp(-1.3)), (logistic(-1.3),)),
        ((-40.0,), math.exp(-40.0), (math.exp(-40.0),)),
        ((800.0,), 800.0, (1.0,)),
        ((-800.0,), 0.0, (0.0,)),
        ((-inf,), 0.0, (0.0,)),
    ),
    "binary_cross_entropy_with_logits": (
        ((0.0, 1.0), math.log(2.0), (-0.5, 0.0)),
        ((-1.3, 0.0), -math.log(logistic(1.3)), (logistic(-1.3), 1.3)),
        (
            (0.7, 0.25),
            -0.25 * math.log(logistic(0.7)) - 0.75 * math.log(logistic(-0.7)),
            (logistic(0.7) - 0.25, -0.7),
        ),
        ((40.0, 1.0), math.exp(-40.0), (0.0, -40.0)),
        ((-40.0, 0.0), math.exp(-40.0), (math.exp(-40.0), 40.0)),
        ((800.0, 0.0), 800.0, (1.0, -800.0)),
        ((-800.0, 1.0), 800.0, (-1.0, 800.0)),
        ((inf, 0.0), inf, (1.0, -inf)),
    ),
    # The kinks, where PyTorch's choices are taken
    "relu": (
        ((2.0,), 2.0, (1.0,)),
        ((-2.0,), 0.0, (0.0,)),
        ((0.0,), 0.0, (0.0,)),
        ((nan,), nan, (1.0,)),
    ),
    "maximum": (
        ((2.0, 3.0), 3.0, (0.0, 1.0)),
        ((3.0, 2.0), 3.0, (1.0, 0.0)),
        ((2.0, 2.0), 2.0, (0.5, 0.5)),
        ((nan, 2.0), nan, (1.0, 1.0)),
        ((2.0, nan), nan, (1.0, 1.0)),
    ),
    "minimum": (
        ((2.0, 3.0), 2.0, (1.0, 0.0)),
        ((3.0, 2.0), 2.0, (0.0, 1.0)),
        ((2.0, 2.0), 2.0, (0.5, 0.5)),
        ((nan, 2.0), nan, (1.0, 1.0)),
        ((2.0, nan), nan, (1.0, 1.0)),
    ),
    "clamp": (
        ((0.5, 0.0, 1.0), 0.5, (1.0, 0.0, 0.0)),
        ((2.0, 0.0, 1.0), 1.0, (0.0, 0.0, 1.0)),
        ((-1.0, 0.0, 1.0), 0.0, (0.0, 1.0, 0.0)),
        ((0.0, 0.0, 1.0), 0.0, (1.0, 0.0, 0.0)),
        ((1.0, 0.0, 1.0), 1.0, (1.0, 0.0, 0.0)),
        ((0.5, 1.0, 0.0), 0.0, (0.0, 0.0, 1.0)),
        ((2.0, 1.0, 0.0), 0.0, (0.0, 0.0, 1.0)),
        ((0.0, 1.0, 1.0), 1.0, (0.0, 0.0, 0.0)),
        ((nan, 0.0, 1.0), nan, (0.0, 0.0, 0.0)),
        ((0.5, nan, 1.0), nan, (0.0, 0.0, 0.0)),
        ((0.5, 0.0, nan), nan, (0.0, 0.0, 0.0)),
    ),
    "where": (((1.0, 2.0, 3.0), 2.0, (0.0, 1.0, 0.0)), ((0.0, 2.0, 3.0), 3.0, (0.0, 0.0, 1.0))),
}


def same(a, b):
    """Whether two floats are equal, but for rounding and for the sign of a zero; nan equals nan."""
    if a != a or b != b:
        return a != a and b != b
    return a == b or abs(a - b) <= 1e-12 * max(abs(a), abs(b))


def apply(name, inputs):
    """Return the rule's operation on `inputs`, written as its user would write it."""
    x, y = inputs[0], inputs[-1]
    if name == "add":
        return x + y
    if name == "sub":
        return x - y
    if name == "mul":
        return x * y
    if name == "div":
        return x / y
    if name == "pow":
        return x**y
    if name == "neg":
        return -x
    if name == "abs":
        return abs(x)
    if name == "sign":
        return x.sign()
    if name == "binary_cross_entropy_with_logits":
        return autograd.binary_cross_entropy_with_logits(x, y, "none")
    return getattr(autograd, name)(*inputs)


def wrong_cases(name):
    """Return the cases in which a rule gives another value or derivative than it should."""
    wrong = []
    for inputs, value, derivatives in CASES[name]:
        for upstream in (1.0, -2.5):
            variables = [Variable(x, requires_grad=True) for x in inputs]
            z = apply(name, variables)
            z.backward(upstream)
            got = [x.grad.item() for x in variables]
            want = [upstream * derivative for derivative in derivatives]
            if not same(z.item(), value) or not all(map(same, got, want)):
                wrong.append((inputs, z.item(), value, got, want))
    return wrong


def message(error, function):
    """Return what the error says that `function` raises."""
    try:
        function()
    except error as raised:
        return str(raised.args[0])
    raise AssertionError("nothing was raised")


def check_every_rule_has_its_closed_forms():
    for name in CASES:
        assert not wrong_cases(name), (name, wrong_cases(name))


def check_rules_against_central_differences():
    h = 1e-6
    for name in CASES:
        for inputs in ((0.7, 1.3, -0.6), (1.9, 0.4, 2.2)):
            inputs = inputs[: len(CASES[name][0][0])]
            variables = [Variable(x, requires_grad=True) for x in inputs]
            apply(name, variables).backward()
            for i, x in enumerate(inputs):
                if name == "where" and i == 0:
                    continue
                ends = []
                for shifted in (x - h, x + h):
                    moved = list(inputs)
                    moved[i] = shifted
                    ends.append(apply(name, [Variable(a) for a in moved]).item())
                slope = (ends[1] - ends[0]) / (2 * h)
                assert abs(slope - variables[i].grad.item()) < 1e-8 * max(1.0, abs(slope)), name


def check_numbers_on_either_side():
    for name in ("add", "sub", "mul", "div", "pow", "maximum", "minimum"):
        for x, y in ((3.0, 2.0), (2, 5), (3.0, True)):
            for left in (True, False):
                w = Variable(x if left else y, requires_grad=True)
                z = apply(name, (w, y) if left else (x, w))
                z.backward()
                both = [Variable(x, requires_grad=True), Variable(y, requires_grad=True)]
                whole = apply(name, both)
                whole.backward()
                assert z.item() == whole.item()
                assert w.grad.item() == both[0 if left else 1].grad.item()
                other = z.inputs[1 if left else 0]
                assert isinstance(other, float)


def check_functions_of_plain_numbers():
    assert autograd.exp(0) == 1.0
    assert autograd.maximum(2, 3) == 3.0
    assert autograd.relu(-1.5) == 0.0
    assert autograd.sigmoid(0) == 0.5
    assert autograd.where(True, 1, 2) == 1.0
    assert autograd.clamp(3, max=2) == 2.0 and autograd.abs(-2) == 2.0 and autograd.neg(2) == -2.0
    assert "exp" in message(TypeError, lambda: autograd.exp("1"))
    assert "maximum" in message(TypeError, lambda: autograd.maximum(1.0, "2"))


def check_choices_as_methods():
    x = Variable(2.0, requires_grad=True)
    z = x.clamp(min=3.0) + x.clamp(0.0) + x.where(x > 3.0, 7.0)
    z.backward()
    assert z.item() == 12.0 and x.grad.item() == 1.0


def check_rules_of_ones_own():
    cube = autograd.register("cube", lambda x: x**3, lambda x, z: 3 * x**2)
    assert cube(2) == 8.0 and cube(-0.5) == -0.125
    assert cube(1e200) == inf and cube(-1e200) == -inf  # where Python raises OverflowError
    x = Variable(2.0, requires_grad=True)
    z = cube(x) * x
    assert z.inputs[0].rule.name == "cube"
    z.backward(create_graph=True)
    slope = x.grad
    assert z.item() == 16.0 and slope.item() == 32.0
    x.grad = None
    slope.backward()
    assert x.grad.item() == 48.0

    half = autograd.register(
        "half", lambda x, y: x / y, lambda x, y, z: 1 / y, lambda x, y, z: -z / y
    )
    x, y = Variable(1.0, requires_grad=True), Variable(0.0, requires_grad=True)
    z = half(x, y)  # where Python raises ZeroDivisionError
    z.backward()
    assert z.item() == inf and x.grad.item() == inf and y.grad.item() == -inf
    root = autograd.register("root", lambda x: x**0.5, lambda x, z: 0.5 / z)
    assert root(4.0) == 2.0 and root(-1.0) != root(-1.0)  # where Python has a complex number
    linear = autograd.register("linear", lambda x: 3 * x, 3)
    x = Variable(2.0, requires_grad=True)
    linear(x).backward()
    assert x.grad.item() == 3.0 and x.grad.item().__class__ is float


def check_operators_by_name():
    x, y = Variable(3.0, requires_grad=True), Variable(2.0)
    for name, z in (("add", x + y), ("sub", x - y), ("mul", x * y), ("div", x / y), ("pow", x**y)):
        for same in (getattr(x, name)(y), getattr(autograd, name)(x, y)):
            assert same.item() == z.item() and same.rule is z.rule
        assert getattr(autograd, name)(3.0, 2.0) == z.item()
    assert autograd.div(1.0, 0.0) == inf and +x is x


def check_true_and_false():
    x = Variable(3.0)
    low, high = x > 1.0, x > 5.0
    assert (low & low).item() is True and (low & high).item() is False
    assert (low | high).item() is True and (low ^ low).item() is False
    assert (~low).item() is False and (~high).item() is True
    assert (low & True).item() is True


def check_decorators():
    w = Variable(1.0, requires_grad=True)

    @autograd.no_grad
    def without(x):
        return 2.0 * x

    @autograd.no_grad()
    def within(x):
        with autograd.enable_grad():
            return 2.0 * x

    assert not without(w).requires_grad and within(w).requires_grad
    if sys.implementation.name == "cpython":
        assert without.__name__ == "without" and within.__name__ == "within"


def check_new_data_is_a_change():
    """A graph from before is refused, rather than differentiated at another point."""
    w = Variable(1.0, requires_grad=True)
    for looks_at_it, function in ((True, lambda: w * w), (True, w.sin), (False, w.exp)):
        loss = function()
        w.data = w.data + 0.0
        if looks_at_it:
            assert "in place" in message(RuntimeError, loss.backward)
        else:
            loss.backward()
        function().backward()


def check_a_pass_that_fails_leaves_nothing():
    def fails(x, z):
        raise KeyError("as it should")

    w = Variable(2.0, requires_grad=True)
    early = w * 3.0
    bad = record(Rule("bad", lambda x: x, fails), w)
    message(KeyError, (bad * (early * 5.0)).backward)  # with early waiting for its turn
    assert w.grad is None and w.upstream is None and early.upstream is None
    early.backward()
    assert w.grad.item() == 3.0


def check_a_second_pass_is_refused_on_either_side():
    w = Variable(2.0, requires_grad=True)
    for use in (lambda y: y - 1.0, lambda y: 1.0 - y):
        y = w * w
        y.backward()
        assert "second backward" in message(RuntimeError, use(y).backward)


def check_hooks_are_called_in_turn():
    said = []
    for _ in range(20):  # MicroPython's dictionaries have an order of their own
        w = Variable(3.0, requires_grad=True)
        for i in range(4):
            w.register_hook(lambda gradient, i=i: said.append(i))
        (w * 2.0).backward()
    assert said == [0, 1, 2, 3] * 20


def check_a_hook_begins_no_pass():
    w = Variable(3.0, requires_grad=True)
    z = w * 2.0
    hook = z.register_hook(lambda gradient: (w * w).backward())
    assert "hook cannot begin" in message(RuntimeError, (z * w).backward)
    hook.remove()
    hook.remove()
    (z * w).backward()
    assert w.grad.item() == 12.0
    z = w * 2.0
    z.register_hook(lambda gradient: (w * 5.0).detach())  # to compute is allowed
    z.backward()
    assert w.grad.item() == 12.0 + 2.0 * 15.0


def check_one_number_takes_the_place_of_another():
    x = Variable(1.0)
    x[...] = 3
    assert x.item() == 3.0


def check_a_rule_that_cannot_be_used():
    def said(*given):
        return message(TypeError, lambda: autograd.register(*given))

    def square(x):
        return x * x

    assert "a name" in said(square, square, 1.0) and "a name" in said("square", square)
    assert "derivative 1 of square must be" in said("square", square, "2x")
    assert "derivative 1 of square fails" in said("square", square, lambda x: 2 * x)
    assert "the value of square fails" in said(
        "square", square, lambda x, y, z: y, lambda x, y, z: x
    )
    assert "the value of none fails" in said("none", lambda x: None, 1.0)
    square = autograd.register("square", square, lambda x, z: 2 * x)
    assert "square takes 1 input, not 2" in message(TypeError, lambda: square(1.0, 2.0))
    assert "square takes numbers" in message(TypeError, lambda: square("2"))


def check_a_number_stays_a_float():
    for number in (2, 2.0, True):
        assert Variable(number).item().__class__ is float
    w = Variable(3, requires_grad=True)  # an integer of the reader's is meant as a number
    (w * w).backward()
    assert w.grad.item().__class__ is float
    assert w.shape == () and w.is_leaf and not (w * w).is_leaf


def check_fan_out_adds():
    x = Variable(3.0, requires_grad=True)
    (x * x + x).backward()
    assert x.grad.item() == 7.0
    a = Variable(3.0, requires_grad=True)
    b = a + 1
    c = b * b + b
    c.backward()
    assert a.grad.item() == 9.0  # a recursion over a list of children gives 18
    a = Variable(2.0, requires_grad=True)
    b = a + a
    c = b + b
    c.backward()
    assert a.grad.item() == 4.0


def check_a_wide_fan_out():
    x = Variable(0.5, requires_grad=True)
    total = Variable(0.0)
    for _ in range(DEPTH):
        total = total + x
    total.backward()
    assert x.grad.item() == DEPTH


def check_a_deep_chain():
    x = Variable(1.0, requires_grad=True)
    z = x
    for _ in range(DEPTH):
        z = z * 1.0 + 0.0
    z.backward()
    assert x.grad.item() == 1.0


def check_paths_that_meet_again():
    # 2^20 paths, but only 20 joins
    x = Variable(1.0, requires_grad=True)
    z = x
    for _ in range(20):
        z = z + z
    z.backward()
    assert x.grad.item() == 2.0**20


def check_gradients_accumulate_in_leaves_only():
    x, y, w = Variable(2.0), Variable(4.0), Variable(1.0, requires_grad=True)
    s = x * w - y
    (s * s).backward()
    assert w.grad.item() == -8.0
    assert x.grad is None and y.grad is None and s.grad is None
    ((x * w - y) ** 2).backward()
    assert w.grad.item() == -16.0
    w.grad = None
    ((x * w - y) ** 2).backward()
    assert w.grad.item() == -8.0
    w.backward()
    assert w.grad.item() == -7.0


def check_only_what_needs_a_gradient_is_recorded():
    x, w = Variable(2.0), Variable(1.0, requires_grad=True)
    z = x * x
    assert not z.requires_grad and z.inputs == ()
    assert (z * w).requires_grad and (w * z).requires_grad
    z.requires_grad = True
    (z * z).backward()
    assert z.grad.item() == 8.0


def check_backward_starts_with_the_given_gradient():
    x = Variable(3.0, requires_grad=True)
    (x * x).backward(2)
    assert x.grad.item() == 12.0
    (x * x).backward(Variable(-2.0))
    assert x.grad.item() == 0.0


def check_derivatives_of_derivatives():
    x = Variable(3.0, requires_grad=True)
    z = x**4.0
    for want in (108.0, 108.0, 72.0, 24.0, 0.0):
        (z,) = gradients([z], [x], create_graph=True)
        assert z.item() == want
    for function, first, second in (
        (lambda x: x.tanh(), lambda x, z: 1 - z * z, lambda x, z: -2 * z * (1 - z * z)),
        (lambda x: x.exp() * x, lambda x, z: z + z / x, lambda x, z: z + 2 * z / x),
        (lambda x: 1.0 / x, lambda x, z: -z * z, lambda x, z: 2 * z * z * z),
        (lambda x: x.relu() * x, lambda x, z: 2 * x, lambda x, z: 2.0),
        (lambda x: x**x, lambda x, z: z * (1 + math.log(x)), power_of_itself),
    ):
        for at in (0.5, 1.7):
            x = Variable(at, requires_grad=True)
            z = function(x)
            (slope,) = gradients([z], [x], create_graph=True)
            assert same(slope.item(), first(at, z.item()))
            assert same(gradients([slope], [x])[0].item(), second(at, z.item()))
            assert x.grad is None


def power_of_itself(x, z):
    return z * ((1 + math.log(x)) ** 2 + 1 / x)


def check_create_graph_fills_grad():
    x = Variable(3.0, requires_grad=True)
    z = x * x * x
    z.backward(create_graph=True)
    first = x.grad
    assert first.item() == 27.0 and first.requires_grad and not first.is_leaf
    first.backward(retain_graph=True)  # adds d 3x² / dx
    assert x.grad.item() == 27.0 + 18.0 and first.item() == 27.0
    z.backward()  # create_graph retained it
    assert x.grad.item() == 27.0 + 18.0 + 27.0
    x.backward(Variable(1.0), create_graph=True)
    assert x.grad.item() == 73.0
    x.grad = None
    z = x * x * x
    with autograd.no_grad():
        z.backward(create_graph=True)
    x.grad.backward()
    assert x.grad.item() == 45.0 and gradients([], [x], allow_unused=True) == [None]


def check_gradients_of_chosen_nodes():
    x, w = Variable(2.0, name="x"), Variable(1.0, requires_grad=True)
    y = x * w
    z = (y - 4.0) * (y - 4.0)
    of_w, of_y = gradients([z], [w, y], retain_graph=True)
    assert of_w.item() == -8.0 and of_y.item() == -4.0 and of_w.is_leaf
    assert w.grad is None and y.grad is None
    (of_w,) = gradients([z, y], [w], [2.0, Variable(10.0)])
    assert of_w.item() == 4.0
    said = message(RuntimeError, lambda: gradients([y], [w]))
    assert "second backward()" in said
    assert "input x" in message(RuntimeError, lambda: gradients([w * 1.0], [x]))
    assert gradients([w * 1.0], [x, w], allow_unused=True)[0] is None
    assert "requires_grad=True" in message(RuntimeError, lambda: gradients([x], [w]))
    assert gradients([w], [w])[0].item() == 1.0


def check_no_grad():
    w = Variable(3.0, requires_grad=True)

    @autograd.no_grad()
    def square(x, offset=0.0):
        return x * x + offset

    with autograd.no_grad():
        for z in (w * 2.0, 2.0 * w, w * w, w.exp(), autograd.maximum(w, 1.0)):
            assert not z.requires_grad and z.is_leaf and z.inputs == ()
        with autograd.no_grad():
            pass
        assert not (w * w).requires_grad
    assert not square(w, offset=1.0).requires_grad and square(w).item() == 9.0
    assert (w * w).requires_grad and (2.0 * w).requires_grad and w.exp().requires_grad

    def fails():
        with autograd.no_grad():
            raise ValueError("as it should")

    message(ValueError, fails)
    assert (w * w).requires_grad
    with autograd.no_grad():
        w -= 1.0
        w += 2
    assert w.item() == 4.0 and w.requires_grad and w.is_leaf
    (w * w).backward()
    assert w.grad.item() == 8.0


def check_requires_grad_():
    x = Variable(2.0)
    assert x.requires_grad_() is x and x.requires_grad
    z = x * x
    assert "detach()" in message(RuntimeError, lambda: z.requires_grad_(False))
    z.requires_grad_().backward()
    assert x.grad.item() == 4.0
    assert not x.requires_grad_(False).requires_grad
    assert not (x * x).requires_grad
    y = z.detach()
    assert y.requires_grad_().is_leaf
    (y * y).backward()
    assert y.grad.item() == 8.0 and x.grad.item() == 4.0


def check_tensor():
    assert repr(autograd.tensor(2.5)) == "tensor(2.5000)"
    assert repr(autograd.tensor(2, requires_grad=True)) == "tensor(2., requires_grad=True)"
    assert autograd.tensor(Variable(3.0, requires_grad=True)).requires_grad is False
    assert "Variable" in message(TypeError, lambda: autograd.tensor("2"))


def check_retain_grad():
    w = Variable(3.0, requires_grad=True)
    s = w * w
    t = s + 1.0
    s.retain_grad()
    (t * t).backward(retain_graph=True)
    assert s.grad.item() == 20.0 and t.grad is None and w.grad.item() == 120.0
    kept = s.grad
    t.backward(2.0)
    assert s.grad.item() == 22.0
    assert kept is s.grad
    w.retain_grad()  # a leaf keeps it anyway
    (2.0 * w).backward()
    assert w.grad.item() == 134.0
    assert "requires_grad=True" in message(RuntimeError, Variable(1.0).retain_grad)


def check_hooks():
    w, v = Variable(3.0, requires_grad=True), Variable(2.0, requires_grad=True)
    seen = []
    s = w * v
    first = s.register_hook(lambda gradient: seen.append(gradient.item()))
    second = s.register_hook(lambda gradient: gradient * 10.0)
    s.retain_grad()
    (s * s + s).backward()  # each node's hooks are called once, with all that arrives there
    assert seen == [13.0] and s.grad.item() == 130.0
    assert w.grad.item() == 260.0 and v.grad.item() == 390.0
    second.remove()
    second.remove()
    s = w * v
    first.remove()
    last = w.register_hook(lambda gradient: 1.0)
    (w * v + w).backward()
    assert w.grad.item() == 261.0 and v.grad.item() == 393.0 and seen == [13.0]
    (slope,) = gradients([w * w], [w])
    assert slope.item() == 1.0 and w.grad.item() == 261.0
    last.remove()
    w.register_hook(lambda gradient: gradient * gradient)
    (slope,) = gradients([w * w], [w], create_graph=True)
    assert slope.item() == 36.0 and gradients([slope], [w])[0].item() == 24.0 * 24.0
    fails = v.register_hook(lambda gradient: 1 / 0)
    message(ZeroDivisionError, (w * v).backward)
    fails.remove()
    v.grad = None
    (w * v).backward()
    assert v.grad.item() == 3.0
    assert "requires_grad" in message(RuntimeError, lambda: Variable(1.0).register_hook(print))


def check_changes_in_place():
    x = Variable(6.0)
    same_x = x
    for change, value in (
        (lambda: x.add_(2.0), 8.0),
        (lambda: x.sub_(Variable(5.0)), 3.0),
        (lambda: x.mul_(4), 12.0),
        (lambda: x.div_(8.0), 1.5),
        (lambda: x.fill_(7), 7.0),
        (lambda: x.copy_(Variable(5.5)), 5.5),
        (lambda: x.zero_(), 0.0),
    ):
        assert change() is x and x.item() == value and x.item().__class__ is float
    x += 6.0
    x -= Variable(1.0)
    assert x is same_x and x.item() == 5.0
    shared = x.detach()
    x += 1
    assert shared.item() == 6.0
    shared.div_(2.0)
    assert x.item() == 3.0

    w = Variable(2.0, requires_grad=True)
    total = Variable(1.0)
    before = total
    total += w * 3.0  # what has to be recorded is computed anew
    assert total is not before and before.item() == 1.0
    total *= total
    total.backward()
    assert total.item() == 49.0 and w.grad.item() == 42.0

    def plus():
        nonlocal w
        w += 1.0

    assert "no_grad" in message(RuntimeError, plus)
    for change in (w.zero_, lambda: w.add_(1.0), lambda: w.fill_(1.0), lambda: w.copy_(1.0)):
        assert "x.data" in message(RuntimeError, change)
    assert "z = x + y" in message(RuntimeError, lambda: (w * w).add_(1.0))
    assert "z = x + y" in message(RuntimeError, lambda: before.copy_(w))
    assert "copy_" in message(RuntimeError, lambda: before.copy_(w))
    assert "add" in message(TypeError, lambda: before.add_("1"))
    assert "in place" in message(TypeError, lambda: before.fill_("1"))
    assert w.item() == 2.0 and before.item() == 1.0


def check_damage_is_noticed():
    x = Variable(2.0, name="x")
    w = Variable(3.0, requires_grad=True, name="w")
    with autograd.no_grad():
        z = None
    for change in (
        lambda: x.add_(1.0),
        lambda: x.detach().fill_(5.0),
        lambda: x.data.detach().mul_(2.0),
    ):
        z = x * w
        change()
        said = message(RuntimeError, z.backward)
        assert "mul" in said and "needs x" in said
    z = w * w
    w.data.zero_()  # PyTorch lets this pass, and gives a wrong gradient
    assert "needs w" in message(RuntimeError, z.backward)
    w.data = 3.0
    kept = w.detach()
    z = kept * w
    with autograd.no_grad():
        w += 1.0
    assert "in place" in message(RuntimeError, z.backward)
    z = w.exp()
    with autograd.no_grad():
        z.zero_()
    assert "its result" in message(RuntimeError, z.backward)
    z = w.exp()
    kept = z.detach()
    kept.zero_()
    assert z.item() == 0.0 and "its result" in message(RuntimeError, z.backward)
    w.grad = None
    z = w * 2.0
    w.data.fill_(10.0)  # it is not needed
    z.backward()
    assert w.grad.item() == 2.0
    z = w * w.grad
    (w * 3.0).backward()  # adds to w.grad in place
    assert "mul" in message(RuntimeError, z.backward)
    z = w * w
    y = z * 2.0
    with autograd.no_grad():
        z.fill_(1.0)
    y.backward()  # the order of the pass is not disturbed
    assert w.grad.item() == 5.0 + 40.0


def check_data_shares_the_number():
    w = Variable(3.0, requires_grad=True)
    (w * w).backward()
    kept, shared = w.grad, w.grad.data
    shared.zero_()
    assert w.grad.item() == 0.0 and kept.item() == 0.0
    (w * w).backward()  # adds to the same Variable, as PyTorch does
    assert kept.item() == shared.item() == 6.0
    detached = w.grad.detach()
    (w * w).backward()
    assert detached.item() == 12.0

    first, second = w.data, w.data.detach()
    first.zero_()
    assert w.item() == second.item() == 0.0
    assert not first.requires_grad and first.inputs == ()

    w.data = first + 5.0  # gives w other data; what was taken before stays
    first.zero_()
    assert w.item() == 5.0 and second.item() == 0.0
    second.data = 7.0
    assert first.item() == 0.0 and second.item() == 7.0
    w.data -= 2.0
    assert w.item() == 3.0
    h = w * 2.0
    h.data.zero_()
    assert h.item() == 0.0


def check_the_update_may_come_before_the_next_backward():
    w = Variable(1.0, requires_grad=True)
    for _ in range(3):
        loss = (2.0 * w - 4.0) ** 2
        loss.backward()
        w.data = w.data - 0.01 * w.grad.data
        w.grad.data.zero_()
    assert abs(w.item() - (2 - 0.92**3)) < 1e-12


def check_the_second_backward():
    x = Variable(3.0, requires_grad=True, name="x")
    z = x * x
    z.backward(retain_graph=True)
    z.backward()
    assert x.grad.item() == 12.0
    said = message(RuntimeError, z.backward)
    assert "second backward()" in said and "mul" in said and "retain_graph" in said
    assert "mul" in message(RuntimeError, (z + 1.0).backward)
    assert x.grad.item() == 12.0
    y = x + 1.0  # needs no value of the first pass; PyTorch lets it through as well
    y.backward()
    y.backward()
    assert x.grad.item() == 14.0
    (x * x).backward()  # and an error leaves nothing behind
    assert x.grad.item() == 20.0


def check_a_change_in_place_is_noticed():
    x, w = Variable(2.0, name="x"), Variable(3.0, requires_grad=True)
    z = x * w
    x.zero_()
    said = message(RuntimeError, z.backward)
    assert "mul" in said and "x" in said and "in place" in said
    assert w.grad is None
    z = x + w  # needs neither
    x.zero_()
    z.backward()
    assert w.grad.item() == 1.0
    z = x * w
    z.backward()
    assert w.grad.item() == 1.0
    z = x * w  # only x is needed for dw; x does not ask for a gradient
    w.data.zero_()
    z.backward()
    assert "x.data.zero_()" in message(RuntimeError, w.zero_)


def check_errors_say_what_to_do():
    x = Variable(2.0)
    assert "requires_grad=True" in message(RuntimeError, x.backward)
    assert "mul" in message(TypeError, lambda: x * "2")
    assert "Tensor" in message(TypeError, lambda: [1.0] - x)
    assert "Variable" in message(TypeError, lambda: Variable("2"))
    assert "clamp" in message(RuntimeError, x.clamp)
    assert "data" in message(TypeError, lambda: setattr(x, "data", "2"))
    assert ".item()" in message(IndexError, lambda: x[0])
    assert "length" in message(TypeError, lambda: len(x))
    assert "loss" in message(KeyError, lambda: graph(x).node("loss"))
    assert "make one of them a Variable" in message(TypeError, lambda: graph(3.0))


def check_comparisons():
    x, y = Variable(2.0, requires_grad=True), Variable(3.0)
    assert (x < y).item() is True and (x > y).item() is False
    assert x <= 2 and x >= 2.0 and x == 2 and x != y
    assert not (x < y).requires_grad
    assert (x == None) is False  # noqa: E711 - what is asked is ==
    assert len({x, y, x}) == 2


def check_infinite_upstream_of_a_choice():
    for choose in (lambda x: autograd.relu(x), lambda x: autograd.maximum(x, 0.0)):
        x = Variable(-1.0, requires_grad=True)
        choose(x).backward(inf)
        assert x.grad.item() == 0.0


def check_printing():
    w = Variable(1.0, requires_grad=True, name="w")
    for number, text in (
        (-8.0, "tensor(-8.)"),
        (-7.84, "tensor(-7.8400)"),
        (0.0, "tensor(0.)"),
        (1e-5, "tensor(1.0000e-05)"),
        (192060000.5, "tensor(1.9206e+08)"),
        (1e8, "tensor(100000000.)"),
        (inf, "tensor(inf)"),
        (-inf, "tensor(-inf)"),
        (nan, "tensor(nan)"),
    ):
        assert repr(Variable(number)) == text
    assert repr(w) == "tensor(1., requires_grad=True)"
    assert repr(w * 2) == "tensor(2., grad_fn=<MulBackward0>)"
    assert repr(1 - w) == "tensor(0., grad_fn=<RsubBackward1>)"
    assert repr(w**w) == "tensor(1., grad_fn=<PowBackward1>)"
    assert repr(w > 0) == "tensor(True)"
    assert str(w.data) == "tensor(1.)"


def check_the_graph_can_be_asked():
    x = Variable(2.0, name="x")
    w = Variable(1.0, requires_grad=True, name="w")
    y_hat = x * w
    y_hat.name = "y_hat"
    loss = (y_hat - 4.0) ** 2
    loss.name = "loss"
    for _ in range(2):  # before backward() and after it
        g = graph(loss)
        assert [n.op for n in g.nodes] == [
            "leaf",
            "leaf",
            "mul",
            "constant",
            "sub",
            "constant",
            "pow",
        ]
        assert [n.index for n in g.nodes] == list(range(7))
        assert [n.name for n in g.nodes] == ["x", "w", "y_hat", None, None, None, "loss"]
        assert [n.value for n in g.nodes] == [2.0, 1.0, 2.0, 4.0, -2.0, 2.0, 4.0]
        assert [n.grad for n in g.nodes[:5]] == [-4.0, -8.0, -4.0, 4.0, -4.0]
        assert [n.requires_grad for n in g.nodes[:4]] == [False, True, True, False]
        assert g.nodes[3].variable is None and g.nodes[1].variable is w
        assert g.result is g.node("loss") is g.node(loss) is g.nodes[-1]
        assert g.backward_order[0] is g.result and len(g.backward_order) == 7
        assert [(e.source.index, e.target.index, e.slot) for e in g.edges] == [
            (0, 2, 0),
            (1, 2, 1),
            (2, 4, 0),
            (3, 4, 1),
            (4, 6, 0),
            (5, 6, 1),
        ]
        assert [e.local for e in g.edges[:5]] == [1.0, 2.0, 1.0, -1.0, -4.0]
        for edge in g.edges:
            assert same(edge.downstream, edge.target.grad * edge.local)
            assert edge in edge.source.outputs and edge in edge.target.inputs
        (path,) = g.paths("w")
        assert [e.target.op for e in path.edges] == ["mul", "sub", "pow"]
        assert path.product == -8.0
        if w.grad is None:
            loss.backward()
    assert w.grad.item() == -8.0
    assert graph(loss, -0.5).node(w).grad == 4.0


def check_gradients_are_sums_over_paths():
    a = Variable(2.0, requires_grad=True, name="a")
    b = Variable(3.0, requires_grad=True, name="b")
    c, d = a + b, a * b
    y = (c + d) + c * d
    y.backward()
    g = graph(y)
    for leaf, gradient, paths in (("a", 25.0, 4), ("b", 19.0, 4)):
        assert sum([path.product for path in g.paths(leaf)]) == gradient == g.node(leaf).grad
        assert len(g.paths(leaf)) == paths
    assert a.grad.item() == 25.0 and b.grad.item() == 19.0
    order = [node.index for node in g.backward_order]
    for edge in g.edges:
        assert order.index(edge.target.index) < order.index(edge.source.index)


CHECKS = [check for name, check in sorted(globals().items()) if name.startswith("check_")]


def run_all():
    """Run every check; print how many there were."""
    for check in CHECKS:
        check()
    print(len(CHECKS), "checks")
