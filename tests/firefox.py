"""Firefox for the tests, driven by Mozilla's client: Playwright drives only its own build."""

import gc
import shutil
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chromium
from marionette_driver.marionette import Marionette

NAMES = ("firefox-esr", "firefox")
# What pages wrote into the console, by calls and by mistakes. Not what Firefox says of itself: that
# half a formula, painted while the page is still arriving, lacks a child; that a service worker,
# lost under a heavy load, did not answer, after which it asks the network.
SAID = """
const calls = Cc["@mozilla.org/consoleAPI-storage;1"].getService(Ci.nsIConsoleAPIStorage);
return [
  ...Services.console.getMessageArray().map((message) => String(message.message)),
  ...calls.getEvents().map((call) => `${call.filename}: ${call.arguments.join(" ")}`),
]
  .filter((message) => /(http:\\/\\/127\\.0\\.0\\.1|file:\\/\\/\\/.*_build)/.test(message))
  .filter((message) => !/Incorrect number of children|an unexpected error/.test(message));
"""


def executable() -> str | None:
    """Return the path of a Firefox, installed from Debian if that is where we are, or None."""
    if found := installed():
        return found
    try:
        chromium.apt("firefox-esr")
    except subprocess.CalledProcessError:
        return None
    return installed()


def installed() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def started(path: str, log: Path) -> Iterator[Marionette]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it does not close what it knocks with
        firefox = Marionette(bin=path, port=0, headless=True, gecko_log=str(log))
        firefox.start_session()
        gc.collect()
    firefox.timeout.script = 60
    try:
        yield firefox
    finally:
        firefox.quit()
        firefox.cleanup()


def said(firefox: Marionette) -> list[str]:
    with firefox.using_context("chrome"):
        messages: list[str] = firefox.execute_script(SAID)
    return messages


def forget(firefox: Marionette) -> None:
    """Clear the console."""
    with firefox.using_context("chrome"):
        firefox.execute_script(
            "Services.console.reset();"
            'Cc["@mozilla.org/consoleAPI-storage;1"]'
            ".getService(Ci.nsIConsoleAPIStorage).clearEvents();"
        )


def until(holds: Callable[[], Any], seconds: float = 20) -> Any:
    """Return what `holds` gives as soon as it is true, and fail if it never is."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, f"not within {seconds} seconds"
        time.sleep(0.03)
    return found
