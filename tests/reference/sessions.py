"""Sessions in which PyTorch and our module are asked the same: of sessions.txt, and of pages."""

import doctest
import re
import warnings
from pathlib import Path

FILE = Path(__file__).with_suffix(".txt")
SESSIONS = dict(re.findall(r"^--- (.+)\n((?:(?!---).*\n)*)", FILE.read_text("utf-8"), re.MULTILINE))
BLOCK = re.compile(r"^```\{code-block\} pycon\n:caption: (.+)\n\n((?:.*\n)*?)```$", re.MULTILINE)


def blocks(page):
    """Return the caption and the text of each session in a page of the book."""
    text = page.read_text(encoding="utf-8")
    found = BLOCK.findall(text)
    assert found and len(found) == text.count("```{code-block} pycon")
    return found


def failures(session, names, flags=doctest.IGNORE_EXCEPTION_DETAIL):
    """Return, as a text, where a session says otherwise than it is written; add to the names."""
    test = doctest.DocTestParser().get_doctest(session, names, "session", None, 0)
    assert test.examples
    said = []
    with warnings.catch_warnings(action="ignore"):
        runner = doctest.DocTestRunner(optionflags=flags)
        runner.run(test, out=said.append, clear_globs=False)
    names.update(test.globs)
    return "".join(said)
