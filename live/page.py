"""Python's end of a live figure: a request comes in, a drawing goes out.

The worker in the page calls `answer`, the notebook's widget `reply`. Runs in MicroPython too.
"""

import json

import figures


def reply(request, patient=False):
    """Return the drawing that `request` asks for, and the state it shows.

    Of a drawing that takes long, whoever is not `patient` gets one on the way to it, with `more`:
    there is more to ask for.

    request   figure   its name
              state    the raw state: whatever an address or a form offers
              initial  what "reset" returns to
              press    what was pressed: a button's or an element's name, "tick", or None
              drawn    whether its drawing is there: then none on the way to it is made
    """
    press = request.get("press")
    try:
        module = figures.load(request["figure"])
        state = figures.clean(module, request.get("state", {}))
        state = figures.respond(module, state, request.get("initial", {}), press)
        shown = state if patient else figures.on_the_way(module, state)
        answer = {"state": state, "press": press}
        if shown != state:
            answer["more"] = True
        if shown == state or not request.get("drawn"):
            answer["html"] = module.draw(shown)
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
