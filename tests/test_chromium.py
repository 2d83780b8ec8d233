"""Where the browser's tests get their browser from."""

import subprocess
from types import SimpleNamespace
from typing import cast

import chromium
import pytest
from playwright.sync_api import Playwright

PLAYWRIGHT = cast(Playwright, SimpleNamespace(chromium=SimpleNamespace(executable_path="absent")))


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """A machine without a browser, on which every attempt to install one is noted and fails."""
    attempts: list[tuple[str, ...]] = []

    def run(*command: str) -> None:
        attempts.append(command)
        raise subprocess.CalledProcessError(1, command, stderr="no such host")

    monkeypatch.setattr(chromium, "run", run)
    monkeypatch.setattr(chromium, "system", lambda: iter(()))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name: name)
    return attempts


def test_every_way_is_tried_and_none_is_said(bare: list[tuple[str, ...]]) -> None:
    with pytest.raises(RuntimeError, match="no such host"):
        chromium.executable(PLAYWRIGHT)
    assert [command[:2][-1] for command in bare] == ["-m", "update"]


def test_what_the_system_has_comes_first(
    bare: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "system", lambda: iter(["/usr/bin/chromium"]))
    assert chromium.executable(PLAYWRIGHT) == "/usr/bin/chromium"
    assert bare == []


def test_without_windows_it_is_quicker_and_one_with_windows_will_do(
    bare: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert chromium.windowless(PLAYWRIGHT) == "chromium-headless-shell"
    assert bare == []
    monkeypatch.setattr(chromium, "system", lambda: iter(["/usr/bin/chromium"]))
    monkeypatch.setattr("shutil.which", {"apt-get": "apt-get"}.get)
    assert chromium.windowless(PLAYWRIGHT) == "/usr/bin/chromium"
    assert bare == [("apt-get", "update")]
