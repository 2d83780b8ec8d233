"""A chapter as a notebook in a real JupyterLab: its figures are live, its kernel answers."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from browser import shown, slide
from playwright.sync_api import expect

ROOT = Path(__file__).parents[1]
TOKEN = "for-this-test-only"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab, as `make lab` starts it, on a copy of the chapters."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "chapters", home / "chapters")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {
        name: str(home / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    }
    options = {
        "ServerApp.root_dir": home / "chapters",
        "ServerApp.port": port,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.allow_root": True,
        "IdentityProvider.token": TOKEN,
        "LabApp.app_settings_dir": ROOT / "scripts" / "lab",
        "LabApp.workspaces_dir": home / "workspaces",
        "LabApp.user_settings_dir": home / "settings",
    }
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser"]
            + [f"--{name}={value}" for name, value in options.items()],
            env={**os.environ, **folders},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/api/status?token={TOKEN}", server, home / "log")
        yield address
    finally:
        server.terminate()
        server.wait(30)


def wait_for(url, server, log):
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5) as status:
                return json.load(status)
        except OSError:
            time.sleep(0.2)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def notebook(lab, chromium):
    """The chapter on the chain, opened as a notebook and run from its first cell to its last."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.goto(f"{lab}/lab/tree/03-a-chain-of-gates.md?token={TOKEN}")
    expect(page.locator(".jp-Notebook")).to_be_visible(timeout=60_000)
    # What is run before the kernel is there is not run at all.
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells$")).click()
    at(page, ALONE, patience=300)
    yield page
    context.close()


ALONE = ".jp-OutputArea:not(:has(.widget-slider)) .live-figure"
LINKED = ".jp-OutputArea:has(.widget-slider) .live-figure"


def at(page, where, patience=50):
    """Scroll to a figure of the notebook and return it; cells far away are not in the DOM."""
    found = page.locator(where).first
    panel = page.locator(".jp-WindowedPanel-outer").first
    for _ in range(patience):
        if found.is_visible():
            break
        error = page.locator(".jp-OutputArea-output[data-mime-type$='.error']")
        assert not error.count(), error.first.inner_text()
        panel.evaluate(
            """panel => {
              const end = panel.scrollTop + panel.clientHeight > panel.scrollHeight - 9;
              panel.scrollTop = end ? 0 : panel.scrollTop + 400 }"""
        )
        page.wait_for_timeout(200)
    found.scroll_into_view_if_needed(timeout=1000)
    expect(found).to_have_attribute("data-state", "live", timeout=30_000)
    return found


def test_the_kernel_answers_a_slider(notebook):
    chain = at(notebook, ALONE)
    expect(chain.locator(".lf-status")).to_have_text("Live: computed by the kernel")
    expect(shown(chain, "grad:w")).to_have_text("-8")
    slide(chain, "w", 2)
    expect(shown(chain, "grad:w")).to_have_text("0")
    expect(chain.locator("button[name=copy-link]")).to_be_hidden()


def test_keys_go_to_the_figure_not_to_the_notebook(notebook):
    chain = at(notebook, ALONE)
    words = chain.locator(".lf-words")
    last = words.text_content()
    chain.locator(".lf-drawing").focus()
    notebook.keyboard.press("ArrowLeft")
    expect(words).not_to_have_text(last)
    chain.locator("button[name=step]").press("Enter")
    expect(words).to_have_text(last)


def test_a_figure_fills_the_screen_and_is_saved_from_a_notebook(notebook):
    chain = at(notebook, ALONE)
    button = chain.locator("button[name=full-screen]")
    button.press("Enter")
    expect(button).to_have_text("Leave full screen")
    assert chain.bounding_box() == {"x": 0, "y": 0, **notebook.viewport_size}
    button.press("Enter")
    expect(button).to_have_text("Full screen")
    with notebook.expect_download() as download:
        chain.locator("button[name=download-svg]").press("Enter")
    assert download.value.suggested_filename == "chain.svg"


def test_play_runs_in_the_kernel(notebook):
    chain = at(notebook, ALONE)
    play, words = chain.locator("button[name=play]"), chain.locator(".lf-words")
    play.click()
    expect(words).to_contain_text("inputs are set")
    expect(words).to_contain_text("Forward")
    play.click()
    expect(play).to_have_text("Play")
    chain.locator("button[name=reset]").click()
    expect(shown(chain, "grad:w")).to_have_text("-8")


def test_a_plain_slider_is_linked_to_a_figure(notebook):
    linked = at(notebook, LINKED)
    expect(shown(linked, "grad:w")).to_have_text("-36")
    plain = notebook.locator(".widget-slider .noUi-handle").last
    plain.focus()
    notebook.keyboard.press("ArrowRight")
    expect(shown(linked, "value:w")).to_have_text("0.1")
    slide(linked, "w", 3)
    expect(notebook.locator(".widget-slider .widget-readout").last).to_have_text("3.00")


def test_a_kernel_that_is_gone_is_told(notebook):
    """The last test: the kernel is not started again."""
    chain = at(notebook, ALONE)
    status = chain.locator(".lf-status")
    notebook.get_by_role("menuitem", name="Kernel", exact=True).click()
    notebook.get_by_role("menuitem", name=re.compile("^Shut Down Kernel$")).click()
    slide(chain, "w", 3)
    expect(status).to_have_text("Waiting for the kernel …")
    expect(chain).to_have_attribute("data-state", "loading")
    expect(shown(chain, "grad:w")).to_have_text("-8")
