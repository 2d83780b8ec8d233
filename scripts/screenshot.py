"""Takes the README's picture: the landing page's figure, live, after a reader moved a slider."""

import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from browser import FLAGS, figure, slide  # noqa: E402
from chromium import executable  # noqa: E402

PICTURE = ROOT / "docs" / "screenshot.png"

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=executable(playwright), args=FLAGS)
    page = browser.new_page(viewport={"width": 1100, "height": 850}, reduced_motion="reduce")
    page.goto((ROOT / "_build" / "html" / "index.html").as_uri())
    chain = figure(page, "chain")
    slide(chain, "w", 1.5)
    expect(chain.locator("[data-value='grad:w']").first).to_have_text("-4")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    PICTURE.parent.mkdir(exist_ok=True)
    page.screenshot(path=PICTURE)
    browser.close()
