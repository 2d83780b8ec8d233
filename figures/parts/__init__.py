"""What the figures share: controls, numbers and SVG, graphs, axes, equations, steps."""
