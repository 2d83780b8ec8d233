"""The graph of a Variable as SVG, as a browser shows it."""

import pytest
from test_display import arrays, lecture, neuron

from autograd import to_svg


def luminance(color):
    """Return the relative luminance of a color (WCAG 2)."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


COLOR = """kind => {
  const canvas = document.createElement('canvas').getContext('2d');
  canvas.fillStyle = getComputedStyle(document.querySelector('text.' + kind)).fill;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map(part => part / 255);
}"""

SPILLS = """() => [...document.querySelectorAll('g')].filter(group => {
  const box = group.querySelector('rect').getBBox();
  return [...group.querySelectorAll('text')].some(text => {
    const wide = text.getBBox();
    return wide.x < box.x + 2 || wide.x + wide.width > box.x + box.width - 2
      || wide.y < box.y - 1 || wide.y + wide.height > box.y + box.height + 1;
  });
}).length"""


@pytest.mark.parametrize(("ink", "paper"), [("#1b1f24", "#ffffff"), ("#e6e9ed", "#111111")])
def test_it_is_legible_in_light_and_dark(chromium, ink, paper):
    page = chromium.new_page()
    body = f'<body style="color: {ink}; background: {paper}">'
    page.set_content(body + to_svg(neuron()))
    ground = luminance([int(paper[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    colors = {kind: page.evaluate(COLOR, kind) for kind in ("value", "gradient", "local")}
    for color in colors.values():
        dark, light = sorted((luminance(color), ground))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colors
    page.close()


@pytest.mark.parametrize("make", [lecture, neuron, arrays])
def test_the_text_fits_its_boxes(chromium, make):
    page = chromium.new_page()
    page.set_content(to_svg(make()))
    assert page.evaluate("document.querySelectorAll('g rect').length") > 5
    assert page.evaluate(SPILLS) == 0
    page.close()
