"""The directive that describes the engine by its docstrings, so that they are written once.

    ```{api}
    exp(x)
    Variable.backward
    nn.Linear
    ```

A line names an object of `autograd`, or of a module in it; in parentheses stand its inputs, where
Python does not know them. Docstrings are Markdown whose examples and indented lines are blocks.
"""

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import autograd

SOURCES = sorted(Path(autograd.__file__ or "").parent.glob("*.py"))


def setup(app: Sphinx) -> None:
    app.add_directive("api", Api)


class Api(SphinxDirective):
    has_content = True

    def run(self) -> list[nodes.Node]:
        for path in SOURCES:
            self.env.note_dependency(str(path))
        found = nodes.Element()
        text = "\n".join(described(line) for line in self.content)
        self.state.nested_parse(StringList(text.splitlines(), "api"), self.content_offset, found)
        return found.children


def described(line: str) -> str:
    """Return the description of the object that a line of the directive names, as MyST."""
    path, _, inputs = line.partition("(")
    *owners, name = path.split(".")
    owner, module = autograd, "autograd"
    for part in owners:
        if part.islower():
            owner, module = import_module(f"autograd.{part}"), f"autograd.{part}"
        else:
            owner, name = getattr(owner, part), f"{part}.{name}"
    thing = getattr(owner, path.split(".")[-1])
    first, *more = markdown(inspect.getdoc(thing) or "").split("\n\n")
    method = owner is autograd and getattr(autograd.Variable, name, None)
    if method and not (method.__doc__ and method is not thing):  # which has an entry of its own
        first += " Also a method."
    text = "\n\n".join([first, *more])
    kind = kind_of(thing, owner)
    if kind != "property":
        name += f"({inputs}" if inputs else signature(thing, kind == "method")
    return f":::{{py:{kind}}} {name}\n:module: {module}\n\n{text}\n:::\n"


def kind_of(thing: Any, owner: Any) -> str:
    """Return how Sphinx calls such an object."""
    if inspect.isclass(thing):
        return "class"
    if isinstance(thing, property):
        return "property"
    return "method" if inspect.isclass(owner) else "function"


def signature(thing: Any, of_self: bool) -> str:
    """Return the inputs of a function, method or class, without types; functions by their names."""
    inputs = []
    for one in inspect.signature(thing).parameters.values():
        default = Name(one.default.__name__) if inspect.isfunction(one.default) else one.default
        inputs.append(one.replace(annotation=inspect.Parameter.empty, default=default))
    return str(inspect.Signature(inputs[of_self:]))


class Name(str):
    """What is shown without quotes."""

    __repr__ = str.__str__


def markdown(docstring: str) -> str:
    """Return a docstring as Markdown, with fences around its examples and indented lines."""
    blocks = re.split(r"\n\n+", docstring)
    for i, block in enumerate(blocks):
        if block.startswith(">>>"):
            blocks[i] = f"```pycon\n{block}\n```"
        elif block.startswith("    "):
            blocks[i] = f"```text\n{inspect.cleandoc(block)}\n```"
    return "\n\n".join(blocks)
