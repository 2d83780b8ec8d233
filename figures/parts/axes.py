"""Axes: from numbers to places in a small SVG chart.

Places are whole tenths of a unit, so that they need no float formatting, which is dear in
MicroPython. What lies outside the frame is cut off by the inner <svg>.
"""

import math

from figures.parts.text import show

FAR = 100000  # tenths; numbers beyond the frame are drawn this far out, infinite ones too


class Frame:
    """A chart of `width` x `height` units that shows x and y between the given (low, high).

    `x_marks` and `y_marks` are pairs (value, text) for the numbers along the axes, where round ones
    will not do.
    """

    left, right, top, bottom = 36, 8, 16, 30

    def __init__(self, x_range, y_range, width=216, height=172, x_marks=None, y_marks=None):
        self.x_low, self.x_high = x_range
        self.y_low, self.y_high = y_range
        self.width = width
        self.height = height
        self.x_marks = x_marks
        self.y_marks = y_marks
        self.wide = 10 * (width - self.left - self.right)
        self.high = 10 * (height - self.top - self.bottom)
        self.x_scale = self.wide / (self.x_high - self.x_low)
        self.y_scale = self.high / (self.y_high - self.y_low)
        self.marks = None  # the grid with its numbers, once it is drawn

    def x(self, value):
        """Return the place of `value` along x, in tenths from the left of the inside."""
        return _cut((value - self.x_low) * self.x_scale)

    def y(self, value):
        """Return the place of `value` along y, in tenths from the top of the inside."""
        return _cut(self.high - (value - self.y_low) * self.y_scale)

    def places(self, points):
        """Return the points (x, y) as `line` and `dots` take them; None for what is no number."""
        x_low, x_scale = self.x_low, self.x_scale
        y_low, y_scale, high = self.y_low, self.y_scale, self.high
        places = []
        for x, y in points:
            x = (x - x_low) * x_scale
            y = high - (y - y_low) * y_scale
            if -FAR < x < FAR and -FAR < y < FAR:
                places.append("%d %d" % (x, y))
            elif x != x or y != y:
                places.append(None)
            else:
                places.append("%d %d" % (_cut(x), _cut(y)))
        return places

    def point(self, x, y):
        """Return the place of one point."""
        return self.places([(x, y)])[0]

    def dots(self, places, kind):
        """Return one path with a round dot on each place: strokes of no length."""
        if None in places:
            places = [place for place in places if place]
        dots = "M" + "h0M".join(places) + "h0" if places else ""
        return '<path class="lf-dots lf-%s" d="%s"/>' % (kind, dots)

    def dot(self, place, kind):
        """Return one large dot, which moves on to its next place and does not jump; or ""."""
        if not place:
            return ""
        moved = "transform:translate(%spx,%spx)" % tuple(place.split(" "))
        return '<path class="lf-dots lf-large lf-moving lf-%s" d="M0 0h0" style="%s"/>' % (
            kind,
            moved,
        )

    def band(self, low, high):
        """Return a stripe from side to side, between two values of y."""
        above, below = self.y(high), self.y(low)
        return '<rect class="lf-band" y="%d" width="%d" height="%d"/>' % (
            above, self.wide, below - above
        )  # fmt: skip

    def line(self, places, kind):
        """Return a line through the places; one that is None interrupts it."""
        if None not in places:
            steps = "M" + "L".join(places) if places else ""
        else:
            pens = ["L" if before else "M" for before in [None] + places]
            steps = "".join([pen + place for pen, place in zip(pens, places) if place])
        return '<path class="lf-line lf-%s" d="%s"/>' % (kind, steps)

    def parabola(self, function, kind):
        """Return the parabola y = function(x) from one side of the chart to the other.

        Three of its points give all of it, as a quadratic Bezier curve: that passes its middle
        at a quarter of its ends and a half of its control point.
        """
        low, high = self.x_low, self.x_high
        middle = (low + high) / 2
        left, right = function(low), function(high)
        control = 2 * function(middle) - (left + right) / 2
        ends = self.places([(low, left), (middle, control), (high, right)])
        return '<path class="lf-line lf-%s" d="M%sQ%s %s"/>' % (kind, ends[0], ends[1], ends[2])

    def draw(self, inside, x_label, y_label, said, cross=False, role="img"):
        """Return the chart around the SVG `inside`; `said` describes it in words.

        With `cross` the axes run through the origin instead of along the frame. The `role` of a
        chart in which something can be pressed is "group".
        """
        if self.marks is None:
            self.marks = self._marks()
        zero_x = self.x(0.0) if cross else 0
        zero_y = self.y(0.0) if cross else self.high
        return (
            '<svg class="lf-chart" viewBox="0 0 %d %d" role="%s" aria-label="%s">%s'
            '<text class="lf-axis" x="%d" y="%d">%s</text>'
            '<text class="lf-axis lf-start" x="2" y="9">%s</text>'
            '<svg x="%d" y="%d" width="%d" height="%d" viewBox="0 0 %d %d">'
            '<path class="lf-zero" d="M0 %dh%dM%d 0v%d"/>%s</svg></svg>'
            % (
                self.width, self.height, role, said, self.marks,
                self.left + self.wide // 20, self.height - 3, x_label, y_label,
                self.left, self.top, self.wide // 10, self.high // 10, self.wide, self.high,
                zero_y, self.wide, zero_x, self.high, inside,
            )
        )  # fmt: skip

    def _marks(self):
        """Return the grid as one path, and the numbers beside it."""
        grid = []
        texts = []
        marks = self.x_marks or [(value, show(value)) for value in ticks(self.x_low, self.x_high)]
        for value, text in marks:
            at = self.left + self.x(value) // 10
            grid.append("M%d %dv%d" % (at, self.top, self.high // 10))
            below = self.height - self.bottom + 13
            texts.append('<text x="%d" y="%d">%s</text>' % (at, below, text))
        marks = self.y_marks or [(value, brief(value)) for value in ticks(self.y_low, self.y_high)]
        for value, text in marks:
            at = self.top + self.y(value) // 10
            grid.append("M%d %dh%d" % (self.left, at, self.wide // 10))
            texts.append(
                '<text class="lf-end" x="%d" y="%d">%s</text>' % (self.left - 4, at + 4, text)
            )
        return '<path class="lf-grid" d="%s"/>%s' % ("".join(grid), "".join(texts))


def _cut(place):
    """Return a place as a whole number that SVG can take."""
    return -FAR if place < -FAR else FAR if place > FAR else int(place)


def top(values):
    """Return where an axis ends that begins at 0 and shows `values`; some may not be finite.

    That is a round number, so that the axis mostly stands still while the values move.

    >>> top([1.0, 3.1, math.inf]), top([0.07]), top([0.0])
    (4.0, 0.08, 1.0)
    """
    largest = max([value for value in values if value - value == 0] or [0.0])
    if largest <= 0:
        return 1.0
    # Near the ends of the floats there would be no room for ticks and margins.
    largest = min(max(largest, 1e-200), 1e300)
    size = 10.0 ** math.floor(math.log10(largest))
    for factor in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10):
        if largest <= size * factor:
            break
    return size * factor


def ticks(low, high):
    """Return three to six round numbers from `low` to `high`.

    >>> ticks(-4, 8)
    [-4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0]
    """
    size = 10.0 ** math.floor(math.log10((high - low) / 4))
    for factor in (1, 2, 5, 10):
        if (high - low) / (size * factor) <= 6:
            break
    step = size * factor
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [step * i for i in range(first, last + 1)]


def brief(value):
    """Return a number for an axis: at most six characters where that can be.

    >>> brief(1.5e16), brief(2e16), brief(2500.0)
    ('1.5e16', '2e16', '2500')
    """
    if abs(value) < 1e5:
        return show(value)
    return ("%.1e" % value).replace("+", "").replace(".0", "")
