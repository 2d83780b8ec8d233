"""The examples in the docstrings of all our modules."""

import doctest
import importlib
import pkgutil

import pytest

import autograd
import figures
import live

MODULES = [
    module.name
    for package in (autograd, figures, live)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
]


@pytest.mark.parametrize("name", ["autograd", *MODULES])
def test_the_examples_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    modules = map(importlib.import_module, MODULES)
    assert sum(doctest.testmod(module).attempted for module in modules) > 30
