"""Python's end of a live figure: a request comes in, a drawing goes out.

The worker in the page calls `answer`, the notebook's widget `reply`. Runs in MicroPython too.
"""

import json

import figures


def reply(request, patient=False):
    """Return the drawing that `request` asks for, and the state it shows.

    Of a drawing that takes long, whoever is not `patient` gets a sketch or one on the way to it,
    with `more`: there is more to ask for. In `more` stands by what the state drawn differs.

    request   figure   its name
              state    the raw state: whatever an address or a form offers
              initial  what "reset" returns to
              press    what was pressed: a button's or an element's name, "tick", or None
              early    what will do till then: "none", its drawing is there; "sketch", it has
                       to be quick; else a drawing on the way
    """
    press = request.get("press")
    try:
        module = figures.load(request["figure"])
        state = figures.clean(module, request.get("state", {}))
        state = figures.respond(module, state, request.get("initial", {}), press)
        answer = {"state": state, "press": press}
        early = request.get("early")
        sketch = figures.sketch(module, state) if early == "sketch" and not patient else None
        shown = state if patient or sketch else figures.on_the_way(module, state)
        if sketch or shown != state:
            answer["more"] = {key: shown[key] for key in shown if shown[key] != state[key]}
        if sketch or shown == state or early != "none":
            answer["html"] = sketch or module.draw(shown)
        return answer
    except Exception as error:  # a drawing that fails is shown in its place, it ends nothing else
        return {"error": "%s: %s" % (type(error).__name__, error), "press": press}


def answering(send):
    """Return a function that answers a request in JSON: by `send` of `reply` in JSON, and the HTML.

    The HTML goes by itself: to put it into the JSON would take a quarter as long as to draw it.
    """

    def answer(text):
        answered = reply(json.loads(text))
        html = answered.pop("html", None)
        send(json.dumps(answered), html)

    return answer
