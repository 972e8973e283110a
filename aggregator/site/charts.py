"""Charts as SVG text: values in, text out, the same for the same values.

    bars      one number for each thing, largest where the caller puts it
    shares    how the projects of each thing divide, as one bar a thing
    columns   how many of what, by year or month
    line      one number over time, with gaps where nothing was measured

Each has a title and a description that screen readers tell; whoever shows one sets a table with
the same numbers beneath. All are 320 units wide, so that they are readable on the narrowest phone;
colours and sizes stand in `css/site/60-figures.css`. Parts are told apart by tint and hatching, in
the order of the legend, so that print and forced colours lose nothing. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from markupsafe import Markup

from aggregator.words.phrases import day_of, listed, shortened
from aggregator.words.speech import number, say

WIDTH = 320
# A bar of fewer projects is as long as they are tenths: three of three is never a whole bar.
ENOUGH_FOR_A_WHOLE = 10
MOST_PARTS = 6  # as many tints and hatchings there are
_LABEL = 36  # characters that fit beside a number
_LEGEND_LABEL = 19
_ROW = 40
_PLOT = 130
_MARGIN = 40
_TICK_CHARACTER = 6.5  # how wide one is


@dataclass(frozen=True, slots=True)
class ChartName:
    """What a chart is called: in addresses and in words. No two on a page share the first."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing with the numbers of its parts, in the order of the legend."""

    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on a day; None for a day on which nothing was."""

    day: date
    value: int | None


def bars(name: ChartName, rows: Sequence[tuple[str, int]]) -> Markup:
    """Draw one bar for each thing, all on one scale that begins at nothing."""
    most = max((count for _, count in rows), default=0) or 1
    drawn = Markup().join(
        _labelled(at * _ROW, label, count)
        + _rect(0, at * _ROW + 22, WIDTH * count / most, 8, "part-0")
        for at, (label, count) in enumerate(rows)
    )
    told = listed([f"{label} {number(count)}" for label, count in rows])
    return _svg(name, told, len(rows) * _ROW, drawn)


def shares(
    name: ChartName, parts: Sequence[str], rows: Sequence[Counted], *, blank: bool = False
) -> Markup:
    """Draw how each thing divides; see `ENOUGH_FOR_A_WHOLE` for how long a bar is.

    Args:
        name: what it is called.
        parts: the legend.
        rows: the things, with a number for each part.
        blank: whether the last part is what is not known, which is drawn as an outline.

    Raises:
        ValueError: there are more parts than can be told apart.
    """
    tints = _tints(parts, blank=blank)
    legend, top = _legend(parts, tints)
    drawn = [legend]
    for at, row in enumerate(rows):
        y = top + at * _ROW
        drawn.append(_labelled(y, row.label, row.total))
        scale = WIDTH / max(row.total, ENOUGH_FOR_A_WHOLE)
        x = 0.0
        for tint, count in zip(tints, row.counts, strict=True):
            drawn.append(_part(x, y + 20, count * scale, 13, tint))
            x += count * scale
    return _svg(name, _told(parts, rows), top + len(rows) * _ROW, Markup().join(drawn))


def columns(
    name: ChartName, parts: Sequence[str], rows: Sequence[Counted], *, blank: bool = False
) -> Markup:
    """Draw how many of what there were, one column for each year or month, in order.

    Args:
        name: what it is called.
        parts: the legend.
        rows: the times, with a number for each part.
        blank: whether the last part is what is not known, which is drawn as an outline.

    Raises:
        ValueError: there are more parts than can be told apart.
    """
    tints = _tints(parts, blank=blank)
    legend, top = _legend(parts, tints) if len(parts) > 1 else (Markup(), 0)
    top += 18  # for the number above the highest
    base = top + _PLOT
    most = max((row.total for row in rows), default=0) or 1
    step = WIDTH / max(len(rows), 1)
    width = min(step * 0.72, 44)
    drawn = [legend, _path(f"M0 {base}H{WIDTH}", "axis")]
    for at, row in enumerate(rows):
        x = at * step + (step - width) / 2
        y = float(base)
        for tint, count in zip(tints, row.counts, strict=True):
            height = _PLOT * count / most
            y -= height
            drawn.append(_part(x, y, width, height, tint))
        if row.total and step >= 20:
            drawn.append(_text(x + width / 2, y - 5, number(row.total), "value", "middle"))
    drawn += [
        _text(x, base + 17, label, "tick", "middle")
        for x, label in _ticks([row.label for row in rows], step)
    ]
    return _svg(name, _told(parts, rows), base + 24, Markup().join(drawn))


def line(name: ChartName, points: Sequence[Measured]) -> Markup:
    """Draw one number over time, from nothing upwards; days without a value leave a gap.

    Raises:
        ValueError: nothing was measured at all.
    """
    known = [(point.day, point.value) for point in points if point.value is not None]
    if not known:
        raise ValueError(f"{name.slug}: nothing was measured")
    first, last = known[0], known[-1]
    most = max(value for _, value in known) or 1
    span = (last[0] - first[0]).days or 1
    top = 12
    base = top + _PLOT

    def place(day: date, value: int) -> tuple[float, float]:
        across = (WIDTH - _MARGIN - 8) * (day - first[0]).days / span
        return _MARGIN + across, base - _PLOT * value / most

    drawn = [
        _path(f"M{_MARGIN} {base}H{WIDTH}", "axis"),
        _path(f"M{_MARGIN} {top}H{WIDTH}", "grid"),
        _text(_MARGIN - 7, top + 4, number(most), "tick", "end"),
        _text(_MARGIN - 7, base + 4, "0", "tick", "end"),
        _text(_MARGIN, base + 18, day_of(first[0]), "tick", "start"),
    ]
    if last[0] != first[0]:
        drawn.append(_text(WIDTH, base + 18, day_of(last[0]), "tick", "end"))
    for together in _unbroken(points):
        places = [place(*point) for point in together]
        way = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        drawn.append(_path(f"M{way}" if len(places) > 1 else f"M{way}h.01", "line"))
    x, y = place(*last)
    drawn.append(Markup('<circle class="end" cx="{:.1f}" cy="{:.1f}" r="4"/>').format(x, y))
    return _svg(name, _course(points), base + 26, Markup().join(drawn))


def _ticks(labels: Sequence[str], step: float) -> list[tuple[float, str]]:
    """Choose the columns that are labelled: as many as have room, none over the edge."""
    wide = max(map(len, labels), default=0) * _TICK_CHARACTER
    places = [((at + 0.5) * step, label) for at, label in enumerate(labels)]
    within = [(x, label) for x, label in places if wide / 2 <= x <= WIDTH - wide / 2]
    return within[:: int(-(-(wide + 12) // step))]


def _unbroken(points: Sequence[Measured]) -> Iterator[list[tuple[date, int]]]:
    """Give the stretches in which every day has a value."""
    for measured, together in groupby(points, key=lambda point: point.value is not None):
        if measured:
            yield [(point.day, point.value) for point in together if point.value is not None]


def _course(points: Sequence[Measured]) -> str:
    stretches = list(_unbroken(points))
    (first_day, first), (last_day, last) = stretches[0][0], stretches[-1][-1]
    if last_day == first_day:
        return say("%(count)s on %(day)s.", count=number(first), day=day_of(first_day))
    told = {
        "first": number(first),
        "start": day_of(first_day),
        "last": number(last),
        "end": day_of(last_day),
    }
    gaps = [(a[-1][0], b[0][0]) for a, b in pairwise(stretches)]
    if not gaps:
        return say("From %(first)s on %(start)s to %(last)s on %(end)s.", **told)
    between = [
        say("between %(start)s and %(end)s", start=day_of(start), end=day_of(end))
        for start, end in gaps
    ]
    return say(
        "From %(first)s on %(start)s to %(last)s on %(end)s; nothing was measured %(between)s.",
        **told,
        between=listed(between, 3),
    )


def _told(parts: Sequence[str], rows: Sequence[Counted]) -> str:
    """Write the numbers down; of many rows the first dozen, as the table has them all."""
    said = []
    for row in rows:
        pairs = zip(parts, row.counts, strict=True)
        inner = ", ".join(f"{part} {number(count)}" for part, count in pairs if count)
        said.append(f"{row.label}: {inner or number(row.total)}")
    first = "; ".join(said[:12])
    return say("%(numbers)s; and more in the table", numbers=first) if len(said) > 12 else first


def _tints(parts: Sequence[str], *, blank: bool) -> list[int]:
    """Choose a tint for each part; the last of all tints is the outline."""
    if len(parts) > MOST_PARTS:
        raise ValueError(f"{len(parts)} parts cannot be told apart")
    tints = list(range(len(parts)))
    return [*tints[:-1], MOST_PARTS - 1] if blank else tints


def _legend(parts: Sequence[str], tints: Sequence[int]) -> tuple[Markup, int]:
    """Draw what each tint stands for, two in a row, and tell where that ends."""
    drawn = Markup().join(
        _part(at % 2 * 160, at // 2 * 22 + 3, 12, 12, tints[at])
        + _text(at % 2 * 160 + 19, at // 2 * 22 + 14, shortened(part, _LEGEND_LABEL), "tick")
        for at, part in enumerate(parts)
    )
    return drawn, -(-len(parts) // 2) * 22 + 12


def _labelled(y: float, label: str, count: int) -> Markup:
    words = _text(0, y + 14, shortened(label, _LABEL), "label")
    return words + _text(WIDTH, y + 14, number(count), "value", "end")


def _part(x: float, y: float, width: float, height: float, tint: int) -> Markup:
    """Draw a part in its tint; every second one has stripes across it."""
    if width <= 0 or height <= 0:
        return Markup()
    plain = _rect(x, y, width, height, f"part-{tint}")
    if tint % 2 == 0 or tint == MOST_PARTS - 1:
        return plain
    # Lines and no pattern: a pattern has a name, and names must differ on a page.
    steps = range(1, int((width + height) // 5) + 1)
    way = "".join(_stripe(x, y, width, height, 5.0 * step) for step in steps)
    return plain + _path(way, "stripes")


def _stripe(x: float, y: float, width: float, height: float, along: float) -> str:
    """Draw one line that falls from the upper right to the lower left within a rectangle."""
    from_x, from_y = x + min(along, width), y + max(0.0, along - width)
    to_x, to_y = x + max(0.0, along - height), y + min(along, height)
    return f"M{from_x:.1f} {from_y:.1f}L{to_x:.1f} {to_y:.1f}"


def _rect(x: float, y: float, width: float, height: float, style: str) -> Markup:
    shape = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
    return shape.format(style, x, y, width, height)


def _path(way: str, style: str) -> Markup:
    return Markup('<path class="{}" d="{}"/>').format(style, way)


def _text(x: float, y: float, words: str, style: str, anchor: str = "start") -> Markup:
    shape = Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
    return shape.format(style, x, y, anchor, words)


def _svg(name: ChartName, told: str, height: float, drawn: Markup) -> Markup:
    frame = Markup(
        '<svg class="chart" viewBox="0 0 {} {:.0f}" font-size="13.5" role="img" '
        'aria-labelledby="{slug}-title" aria-describedby="{slug}-desc" focusable="false">'
        '<title id="{slug}-title">{}</title><desc id="{slug}-desc">{}</desc>{}</svg>'
    )
    return frame.format(WIDTH, height, name.title, told, drawn, slug=name.slug)
