"""The lecture's training loop: forward, backward, update, zero; three samples, ten epochs."""

from autograd.printing import number
from figures.parts import steps
from figures.parts.axes import Frame, top
from figures.parts.controls import Slider, Switch
from figures.parts.last import Last
from figures.parts.model import (
    EPOCHS,
    factors,
    forward,
    line,
    loss,
    mean_loss,
    train,
)  # fmt: skip
from figures.parts.text import out, show, words

TITLE = "The training loop: w on its way down"
SAMPLES = 3
LAST = EPOCHS * SAMPLES
STATE = {
    "lr": 0.01, "w0": 1.0,
    "x1": 1.0, "y1": 2.0, "x2": 2.0, "y2": 4.0, "x3": 3.0, "y3": 6.0,
    "zero": True, "subtract": True, "after": False, "updates": LAST,
}  # fmt: skip
CONTROLS = (
    Slider("lr", "learning rate lr", 0, 0.6, 0.001, limits=(0, 1e15)),
    Slider("w0", "first w", -1, 5, 0.1),
)
CONTROLS += tuple(
    [
        Slider(axis + n, "sample %s: %s" % (n, axis), -most, most, 0.1, group="Change the data")
        for n in "123"
        for axis, most in (("x", 5), ("y", 10))
    ]
)
BREAK = "Break the loop"
CONTROLS += (
    Switch("zero", "zero the gradient after each update", BREAK),
    Switch("subtract", "subtract the gradient (off: add it)", BREAK),
    Switch("after", "progress shows the loss after the update", BREAK),
)
CONTROLS += steps.BUTTONS + (Slider("updates", "updates done", 0, LAST, 1, scrub=True),)
BEAT = 350


def data(state):
    """Return the three samples (x, y)."""
    return tuple([(state["x" + n], state["y" + n]) for n in "123"])


LINES = [Last(line) for _ in range(SAMPLES)]  # one that is dragged leaves the others alone


def lines(samples):
    """Return (steepness, goal) of each sample."""
    return [last(x, y) for last, (x, y) in zip(LINES, samples)]


# Stepping and scrubbing need not train again.
last_run = Last(train)


def draw(state):
    samples = data(state)
    updates = last_run(samples, state["lr"], state["w0"], state["zero"], state["subtract"])
    done = updates[: state["updates"]]
    w = done[-1].after if done else state["w0"]
    if state["zero"] and state["subtract"]:
        kind, verdict = _verdict(lines(samples), state["lr"])
    else:
        kind, verdict = _outcome(samples, state["w0"], updates[-1].after)
    return (
        '<div class="lf-progress"><progress max="%d" value="%d" aria-label="updates done">'
        "</progress><span>%s</span></div>"
        '<div class="lf-charts">%s%s%s</div>%s<div class="lf-split lf-top">'
        '<div class="lf-log" tabindex="0" role="log" aria-live="off" aria-label="The printed log">'
        '<pre>%s</pre></div><div class="lf-beside">%s<p class="lf-verdict lf-%s">%s</p></div></div>'
        % (
            LAST, len(done), _where(done, w),
            _parabola(samples, state["w0"], done), _line(samples, done, w), _curve(updates, done),
            LEGEND, _log(samples, state["w0"], done, state["after"]), words(_words(done, state)),
            kind, verdict,
        )
    )  # fmt: skip


def press(state, what):
    return steps.press(state, what, "updates", LAST)


def tick(state):
    return press(state, "step")


LEGEND = (
    '<p class="lf-legend"><span class="lf-value">w and what follows from it</span>'
    '<span class="lf-downstream">gradients, and where they have led w</span>'
    '<span class="lf-ink">the data</span></p>'
)


def _where(done, w):
    """Return where the run stands: epoch, sample, w, and the loss of the last sample."""
    if not done:
        return "before training · w = %s" % out("w", w)
    return "epoch %s of %d · sample %s of %d · w = %s · loss %s" % (
        out("epoch", (len(done) - 1) // SAMPLES + 1),
        EPOCHS,
        out("sample", (len(done) - 1) % SAMPLES + 1),
        SAMPLES,
        out("w", w),
        out("loss", done[-1].loss),
    )


def _parabola(samples, w0, done):
    """Return w on the parabola of the mean loss, and where it has been."""
    frame, curve, (a, b, c) = parabola_of_last(samples)
    visited = [(w, (a * w + b) * w + c) for w in [w0] + [update.after for update in done]]
    places = frame.places(visited)
    inside = (
        curve
        + frame.line(places, "downstream lf-thin")
        + frame.dots(places, "downstream")
        + frame.dot(places[-1], "value")
    )
    w = visited[-1][0]
    said = "The mean loss against w, a parabola; w is %s, the mean loss there %s."
    return frame.draw(inside, "w", "mean loss", said % (show(w), show(mean_loss(samples, w))))


def parabola(samples):
    """Return the frame for the mean loss against w, its parabola drawn, and as (a, b, c)."""
    low, high = CONTROLS[1].low, CONTROLS[1].high
    end = top([mean_loss(samples, low), mean_loss(samples, high)])
    frame = frame_of_parabola((low, high), (-0.04 * end, end))
    below, c, above = [mean_loss(samples, w) for w in (-1.0, 0.0, 1.0)]
    drawn = frame.parabola(lambda w: mean_loss(samples, w), "faint")
    return frame, drawn, ((above + below) / 2 - c, (above - below) / 2, c)


frame_of_parabola = Last(Frame)
parabola_of_last = Last(parabola)


DATA_FRAME = Frame((-5.0, 5.0), (-10.0, 10.0))


def _line(samples, done, w):
    """Return the data and the line y = w x, the sample that was used last marked."""
    frame = DATA_FRAME
    inside = frame.line(frame.places([(x, forward(x, w)) for x in (-5.0, 5.0)]), "value")
    if done:
        last = done[-1]
        miss = frame.places([(last.x, last.y), (last.x, forward(last.x, w))])
        inside += frame.line(miss, "ink lf-thin") + frame.dot(miss[0], "value")
    inside += frame.dots(frame.places(samples), "ink")
    return frame.draw(inside, "x", "y", "The data and the line y = %s x." % show(w), cross=True)


frame_of_curve = Last(Frame)


def _curve(updates, done):
    """Return the loss of each sample before its update; each epoch's last one is dotted."""
    losses = [update.loss for update in updates]
    end = top(losses)
    frame = frame_of_curve((0, LAST + 1), (-0.04 * end, 1.04 * end))
    places = frame.places(enumerate(losses, 1))
    shown = places[: len(done)]
    inside = (
        frame.line(places[max(0, len(done) - 1) :], "faint")
        + frame.line(shown, "value")
        + frame.dots(shown[SAMPLES - 1 :: SAMPLES], "value")
        + frame.dot(shown[-1] if shown else None, "value")
    )
    said = "The loss of each sample before its update, %d of %d updates." % (len(done), LAST)
    return frame.draw(inside, "updates", "loss", said)


def _tensor(key, kind="value"):
    """Return how a number is printed by the lecture's program, tensor(-7.8400), as a template."""
    return 'tensor(<span class="lf-%s" data-value="log:%s">%%s</span>)' % (kind, key)


# Templates are cheap in MicroPython, made once: of an update's line what follows its sample.
GRADS = [_tensor("grad:%d:%d" % (i // SAMPLES, i % SAMPLES), "downstream") for i in range(LAST)]
PROGRESS = ["progress: %d " % i + _tensor("progress:%d" % i) for i in range(EPOCHS)]
BEFORE = "Predict (before training 4 " + _tensor("before")
AFTER = "predict (after training) 4 " + _tensor("after")


def _float(value):
    """Return a number of the data as Python prints it: 1.0."""
    text = show(value)
    return text if "." in text or "e" in text else text + ".0"


def _log(samples, w0, done, after):
    """Return what the lecture's program has printed so far."""
    lines = [BEFORE % number(forward(4, w0))]
    given = ["\tgrad:  %s %s " % (_float(x), _float(y)) for x, y in samples]
    for i, update in enumerate(done):
        lines.append(given[i % SAMPLES] + GRADS[i] % number(update.grad))
        if i % SAMPLES == SAMPLES - 1:
            shown = loss(update.x, update.y, update.after) if after else update.loss
            lines.append(PROGRESS[i // SAMPLES] % number(shown))
    if len(done) == LAST:
        lines.append(AFTER % number(forward(4, done[-1].after)))
    return "\n".join(lines)


def _words(done, state):
    """Return what the last update did, and why w moved the way it did."""
    if not done:
        return "Nothing is learned yet: w is the first guess. Press Step for one update, or Play."
    last = done[-1]
    if last.after != last.after:
        return "w is no number any more: the steps have left what a float can hold."
    if last.grad == 0:
        way = "The gradient is zero, so w stays"
    elif not state["lr"]:
        way = "There is no step"
    elif last.after == last.before:
        way = "The step is too small to be seen"
    else:
        way = "The gradient is %s, so %s it %s w" % (
            "negative" if last.grad < 0 else "positive",
            "subtracting" if state["subtract"] else "adding",
            "raises" if (last.grad < 0) == state["subtract"] else "lowers",
        )
    if not state["zero"]:
        way = "Nothing was zeroed, so each gradient holds all before it. " + way
    return "%s: %s %s %s × %s = %s." % (
        way,
        out("before", last.before),
        "-" if state["subtract"] else "+",
        out("lr", state["lr"]),
        ("(%s)" if last.grad < 0 else "%s") % out("grad", last.grad, "downstream"),
        out("w", last.after),
    )


def _outcome(samples, w0, w):
    """Return (class, sentence) for a broken loop: no factor tells its end, so look at it."""
    first, last = mean_loss(samples, w0), mean_loss(samples, w)
    shown = "after %d epochs the mean loss is %s, at first it was %s." % (
        EPOCHS,
        out("mean", last),
        out("mean:first", first),
    )
    if last < first:
        return "slow", "Broken, and yet the loss fell: " + shown
    return "bad", "Broken, and no better for it: " + shown


def _verdict(known, lr):
    """Return (class, sentence): where this learning rate leads, judged by its factors alone."""
    of_updates = factors(known, lr)
    shrink = of_updates[0] * of_updates[1] * of_updates[2]
    shown = out("factor", shrink)
    if not abs(shrink) < 1:
        if shrink == 1:
            return "bad", "Stuck: each epoch leaves w where it was (factor %s)." % shown
        return "bad", "Diverges: each epoch multiplies the distance to the goal by %s." % shown
    goals = [goal for steep, goal in known if goal is not None]
    if max(goals) - min(goals) > 1e-9 * (1 + abs(goals[0])):
        text = (
            "No one w fits all samples. w settles into a round: each epoch multiplies its distance"
        )
        return "slow", text + " from it by %s." % shown
    if shrink > 0.9 and max([abs(one) for one in of_updates]) > 1:
        kind, text = "slow", "Barely converges, with updates that overshoot"
    elif shrink > 0.9:
        kind, text = "slow", "Crawls"
    elif shrink < 0:
        kind, text = "good", "Converges, changing sides from epoch to epoch"
    else:
        kind, text = "good", "Converges"
    return kind, "%s: each epoch multiplies the distance to the goal by %s." % (text, shown)
