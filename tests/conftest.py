"""What several tests share: the built book and a browser to read it with."""

import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import FLAGS, Bare, Reader, served
from chromium import windowless
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright

import autograd
from live.widget import STATIC

ROOT = Path(__file__).parents[1]

# How long an example takes depends on what else the machine does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
expect.set_options(timeout=20_000)  # milliseconds: what a test waits for comes sooner or later


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put last what reads the built book: one process builds it while others run the rest."""
    items.sort(key=lambda item: "site" in getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True)
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the hooks of other tests, since the engine walks numbers faster before the first."""
    monkeypatch.setattr(autograd.variable, "watched", False)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Path:
    """The folder of the built book, made by the command that everyone uses, once in a run."""
    note = tmp_path_factory.getbasetemp().parent / f"site-{testrun_uid}"
    with note.open("a+") as built:
        fcntl.flock(built, fcntl.LOCK_EX)  # several processes may run tests
        if not note.stat().st_size:
            made = subprocess.run(
                ["make", "book"],
                cwd=ROOT,
                encoding="utf-8",
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            assert made.returncode == 0, made.stdout
            built.write("built")
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """The address at which the built book is served."""
    with served(site) as address:
        yield address


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:
    """A folder with the front end and pages of figures and nothing else; its address."""
    folder = tmp_path_factory.mktemp("bare")
    for file in STATIC.iterdir():
        shutil.copy(file, folder)
    with served(folder) as address:
        yield Bare(folder, address)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=windowless(playwright), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def reader(chromium: Browser) -> Iterator[Reader]:
    """Opens pages; what they tell the console or ask of other origins fails the test."""
    reader = Reader(chromium)
    yield reader
    reader.close()
