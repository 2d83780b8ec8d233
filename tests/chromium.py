"""A browser for the tests: the system's, or Playwright's own, or Debian's package."""

import fcntl
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Playwright

SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", SHELL)
PLACES = {
    "Darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    )
}


def executable(playwright: Playwright) -> str:
    """Return the path of a Chromium or Chrome, installed if need be.

    Where none can be had, this raises, and the tests that asked for it fail: a test that only
    runs where a browser happens to be would prove nothing.
    """
    tried = []
    for way in (system, lambda: playwrights(playwright), debian):
        try:
            return next(way())
        except StopIteration:
            continue
        except subprocess.CalledProcessError as error:
            tried.append(f"{' '.join(error.cmd)}:\n{error.stderr or error.stdout}")
    raise RuntimeError(
        "The browser's tests need Chromium or Chrome. None is installed, and none could be: "
        + "\n".join(tried or ["install one and run the tests again"])
    )


def windowless(playwright: Playwright) -> str:
    """Return the path of a Chromium that was built without windows, if need be of any.

    It is the same engine, and has no browser around each page to start and to draw: the tests
    take three quarters of the time.
    """
    if found := shutil.which(SHELL):
        return found
    with suppress(subprocess.CalledProcessError):  # there may be no network
        apt(SHELL, "fonts-dejavu-core")
    return shutil.which(SHELL) or executable(playwright)


def system() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    yield from (place for place in PLACES.get(platform.system(), ()) if Path(place).exists())


def playwrights(playwright: Playwright) -> Iterator[str]:
    path = playwright.chromium.executable_path
    if not Path(path).exists():
        run(sys.executable, "-m", "playwright", "install", "chromium")
    yield path


def debian() -> Iterator[str]:
    apt("chromium", "fonts-dejavu-core")
    yield from system()


def apt(*packages: str) -> None:
    """Install packages of Debian, where that is where we are and we may."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        run("apt-get", "update")
        run("apt-get", "install", "--yes", "--no-install-recommends", *packages)


def run(*command: str) -> None:
    """Run what installs something, one at a time: several processes may run tests."""
    with (Path(tempfile.gettempdir()) / f"backprop-book-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
