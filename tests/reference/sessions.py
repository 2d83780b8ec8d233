"""The sessions of sessions.txt, to be had with PyTorch or with our module."""

import doctest
import re
import warnings
from pathlib import Path

FILE = Path(__file__).with_suffix(".txt")
SESSIONS = dict(re.findall(r"^--- (.+)\n((?:(?!---).*\n)*)", FILE.read_text("utf-8"), re.MULTILINE))
FLAGS = doctest.IGNORE_EXCEPTION_DETAIL


def failures(session, names):
    """Return, as a text, where a session with these names says otherwise than it is written."""
    test = doctest.DocTestParser().get_doctest(session, dict(names), "session", str(FILE), 0)
    said = []
    with warnings.catch_warnings(action="ignore"):
        doctest.DocTestRunner(optionflags=FLAGS).run(test, out=said.append)
    return "".join(said)
