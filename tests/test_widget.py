"""A figure as a widget, without a front end: its traits, its answers, what it tells whom."""

import json
from html.parser import HTMLParser

import ipywidgets  # type: ignore[import-untyped]
import pytest
from traitlets import TraitError

import figures
from live import figure, widget
from live.markup import figure_html


@pytest.fixture
def sent(monkeypatch):
    """What widgets send to their front ends: a list of {trait: value}."""
    messages = []

    def send(self, message, buffers=None):
        if self.comm and message["method"] == "update":
            messages.append(message["state"])

    monkeypatch.setattr(widget.Figure, "_send", send)
    return messages


@pytest.mark.parametrize("name", figures.names())
def test_the_traits_are_the_state(name):
    module = figures.load(name)
    made = figure(name)
    assert made.state == module.STATE
    assert set(module.STATE) <= set(made.keys)
    assert eval(repr(made), {"figure": figure}).state == made.state


def test_a_figure_starts_as_it_is_told():
    assert figure("chain", x=1, w=0.5).state["w"] == 0.5
    assert 'value="0.5"' in figure("chain", w=0.5)._html


def test_moving_a_trait_sends_state_and_drawing_together(sent):
    chain = figure("chain")
    chain.w = 2.5
    (message,) = sent
    assert message["w"] == 2.5
    assert message["_answer"]["state"]["w"] == 2.5
    assert message["_answer"]["html"] == figures.load("chain").draw(chain.state)


def test_several_traits_at_once_are_one_drawing(sent):
    chain = figure("chain")
    with chain.hold_trait_notifications():
        chain.x, chain.w = 1, 3
    assert [message["_answer"]["n"] for message in sent if "_answer" in message] == [1]


def test_traits_can_be_observed_and_linked():
    seen = []
    chain, other = figure("chain"), figure("chain")
    chain.observe(lambda change: seen.append(change["new"]), "w")
    slider = ipywidgets.FloatSlider(min=-5, max=5)
    ipywidgets.link((slider, "value"), (chain, "w"))
    ipywidgets.jslink((chain, "w"), (other, "w"))  # takes only traits that are synced
    slider.value = 2.5
    assert seen[-1] == chain.w == 2.5
    chain.w = -1
    assert slider.value == -1


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        ({"w": 99}, "w is a number from -5 to 5, not 99"),
        ({"w": "2"}, "w is a number from -5 to 5, not '2'"),
        ({"w": float("nan")}, "w is a number from -5 to 5, not nan"),
        ({"w": True}, "w is a number from -5 to 5, not True"),
        ({"step": 2.5}, "step is a whole number from 0 to 10, not 2.5"),
        ({"leaf": "z"}, "leaf is one of 'w', 'x', 'y', not 'z'"),
        ({"q": 1}, "the figure 'chain' has no 'q'; its state is: x, y, w, leaf, step"),
    ],
)
def test_what_is_not_allowed_is_said(setting, error):
    with pytest.raises(TraitError) as raised:
        figure("chain", **setting)
    assert str(raised.value) == error


def test_an_unknown_figure_is_told_with_the_known():
    with pytest.raises(ValueError, match=", ".join(figures.names())):
        figure("nope")


def test_numbers_of_numpy_are_numbers():
    numpy = pytest.importorskip("numpy")
    assert figure("chain", w=numpy.float32(0.5), step=numpy.int64(3)).state["step"] == 3


def test_a_press_moves_the_state_and_answers_once(sent):
    chain = figure("chain")
    seen = []
    chain.observe(lambda change: seen.append(change["new"]), "step")
    chain._handle_custom_msg({"press": "back"}, [])
    last = figures.load("chain").LAST
    assert seen == [last - 1]
    (message,) = sent
    assert message["step"] == last - 1
    assert message["_answer"]["press"] == "back"


def test_a_tick_at_the_end_is_answered_too(sent):
    chain = figure("chain")
    chain._handle_custom_msg({"press": "tick"}, [])
    assert [list(message) for message in sent] == [["_answer"]]


def test_reset_returns_to_what_the_cell_said():
    chain = figure("chain", w=2)
    chain.w = 3
    chain.press("reset")
    assert chain.w == 2


def test_a_front_end_that_goes_too_far_is_brought_back(sent):
    chain = figure("chain", w=5)
    chain.set_state({"w": 99, "leaf": "nonsense", "x": "1.5"})
    assert (chain.w, chain.leaf, chain.x) == (5, "w", 1.5)
    back = {key: value for message in sent for key, value in message.items()}
    assert (back["w"], back["leaf"], back["x"]) == (5, "w", 1.5)


def test_an_error_is_an_answer(monkeypatch, sent):
    chain = figure("chain")
    monkeypatch.setattr(chain.module, "draw", lambda state: 1 / 0)
    chain.w = 2
    assert sent[-1]["_answer"]["error"] == "ZeroDivisionError: division by zero"
    monkeypatch.undo()
    chain.w = 3
    assert "error" not in chain._answer and chain._answer["state"]["w"] == 3


def test_the_static_drawing_stands_beside_the_widget():
    chain = figure("chain")
    chain.w = 2
    data, _ = chain._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == chain.model_id
    assert f'data-model="{chain.model_id}"' in data["text/html"]
    assert figures.load("chain").draw(chain.state) in data["text/html"]
    assert data["text/plain"] == repr(chain)


def test_a_front_end_that_is_not_bundled_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(widget, "STATIC", tmp_path)
    with pytest.raises(FileNotFoundError, match="run `make bundle`"):
        widget.bundled("figure.js")


# --- The markup --------------------------------------------------------------------------------


class Markup(HTMLParser):
    """Reads HTML: its elements as (tag, attributes), every one of them closed in its order."""

    VOID = ("input", "br", "hr", "img")

    def __init__(self, html):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", figures.names())
def test_the_markup_has_every_control_with_its_value(name):
    module = figures.load(name)
    elements = Markup(figure_html(name)).elements
    _, root = elements[0]
    assert root["data-figure"] == name and root["data-state"] == "static"
    assert json.loads(root["data-initial"]) == module.STATE
    named = [attributes for tag, attributes in elements if "name" in attributes]
    for control in module.CONTROLS:
        of_its_name = [attributes for attributes in named if attributes["name"] == control.key]
        kinds = [attributes.get("type") for attributes in of_its_name]
        if control.kind == "slider":
            assert kinds == ["range", "number"]
            for attributes in of_its_name:
                value = float(attributes["value"])
                if attributes.get("data-scale") == "log":
                    value = round(10**value, 9)
                assert value == module.STATE[control.key]
        elif control.kind != "hidden":
            assert kinds == [
                {"switch": "checkbox", "button": "button", "choice": None}[control.kind]
            ]


def test_the_markup_escapes_and_names(monkeypatch):
    chain = figures.load("chain")
    monkeypatch.setattr(chain, "TITLE", 'a "<b>" & c')
    elements = Markup(figure_html("chain", model_id='"x"')).elements
    assert elements[0][1]["aria-label"] == 'a "<b>" & c'
    assert elements[0][1]["data-model"] == '"x"'
