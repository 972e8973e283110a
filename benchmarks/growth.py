"""How figures of growth are told: a table, charts, and what they come to at a million projects.

Pure: rows in, text out, and back. The table in docs/scale.md is the only place that holds the
figures; all else is drawn from it, so that a test can tell whether somebody wrote a figure by hand.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
FAR = 1_000_000
_LEAST = 1_000  # projects from which on growth says something of a million
_BASIS = 3  # the largest sizes, from which is gone on: what is small hangs on what never grows
_NONE = "-"
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 360, 64, 150, 40, 44
_COLOURS = ("#3d84c6", "#cf6a1f", "#3f9b5f", "#a05cc4")


@dataclass(frozen=True, slots=True)
class Growth:
    """What one size of community costs, as the table rounds it; None was not measured."""

    projects: int
    cold: float  # CPU seconds of a build on nothing
    wall: float  # seconds of the same by the clock
    part: float  # CPU seconds after 1 % of READMEs changed
    unchanged: float  # CPU seconds after nothing changed
    memory: int  # MB of the largest process of a cold build
    site: float  # MB
    files: int
    first: int | None = None  # requests of the first night
    quiet: int | None = None  # requests of a night without news


_COLUMNS = (
    *("projects", "cold, CPU s", "cold, s", "1 % changed, CPU s", "unchanged, CPU s"),
    *("memory, MB", "site, MB", "files", "requests, first night", "requests, quiet night"),
)


def block(rows: Sequence[Growth]) -> str:
    """Write all that docs/scale.md says in figures, between its two marks."""
    head = f"| {' | '.join(_COLUMNS)} |\n|{' ---: |' * len(_COLUMNS)}\n"
    lines = (" | ".join(_cell(getattr(row, each.name)) for each in fields(row)) for row in rows)
    table = head + "".join(f"| {line} |\n" for line in lines)
    return f"{BEGIN}\n\n{table}\n{_far(rows)}\n{END}"


def read_rows(text: str) -> list[Growth]:
    """Read the table back out of the page.

    Raises:
        ValueError: the page holds no such table, or a figure that is none.
    """
    inside = text.partition(BEGIN)[2].partition(END)[0]
    table = inside.strip().partition("\n\n")[0].splitlines()
    if len(table) < 3 or table[0] != f"| {' | '.join(_COLUMNS)} |":
        raise ValueError("there is no table of growth between the marks")
    return [_row(line.strip("| ").split(" | ")) for line in table[2:]]


def with_block(page: str, rows: Sequence[Growth]) -> str:
    """Put new figures into the page."""
    before, _, rest = page.partition(BEGIN)
    return before + block(rows) + rest.partition(END)[2]


def joined(known: Sequence[Growth], new: Sequence[Growth]) -> list[Growth]:
    """Put new rows in the place of known ones of their size, each with requests that were known."""
    rows = {row.projects: row for row in known}
    for row in new:
        old = rows.get(row.projects)
        counted = old if row.first is None and old else row
        rows[row.projects] = replace(row, first=counted.first, quiet=counted.quiet)
    return [rows[size] for size in sorted(rows)]


def charts(rows: Sequence[Growth]) -> dict[str, str]:
    """Draw each chart of the page, by its file name."""
    return {
        "scale-cpu.svg": _chart(
            "CPU seconds of a build, by projects",
            {
                "cold": [(row.projects, row.cold) for row in rows],
                "1 % changed": [(row.projects, row.part) for row in rows],
                "unchanged": [(row.projects, row.unchanged) for row in rows],
            },
        ),
        "scale-bytes.svg": _chart(
            "MB of memory and of the site, by projects",
            {
                "memory": [(row.projects, float(row.memory)) for row in rows],
                "site": [(row.projects, row.site) for row in rows],
            },
        ),
        "scale-requests.svg": _chart(
            "Requests of a night, by projects",
            {
                "first night": [(r.projects, float(r.first)) for r in rows if r.first],
                "quiet night": [(r.projects, float(r.quiet)) for r in rows if r.quiet],
            },
        ),
    }


def extrapolated(points: Sequence[tuple[int, float]], at: int) -> float | None:
    """Go on from the largest sizes as they grew, as a straight line of logarithms.

    Gives None where fewer than two sizes were measured.
    """
    known = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0][-_BASIS:]
    if len(known) < 2:
        return None
    middle = [math.fsum(axis) / len(known) for axis in zip(*known, strict=True)]
    spread = math.fsum((x - middle[0]) ** 2 for x, _ in known)
    slope = math.fsum((x - middle[0]) * (y - middle[1]) for x, y in known) / spread
    return math.exp(middle[1] + slope * (math.log(at) - middle[0]))


def _far(rows: Sequence[Growth]) -> str:
    """Say what a million projects would cost on one machine, by the growth so far."""
    told: tuple[tuple[str, Callable[[Growth], float | None], str], ...] = (
        ("a cold build, CPU", lambda row: row.cold, "s"),
        ("a build after 1 % changed, CPU", lambda row: row.part, "s"),
        ("a build of what did not change, CPU", lambda row: row.unchanged, "s"),
        ("memory of the largest process", lambda row: row.memory, "MB"),
        ("the site", lambda row: row.site, "MB"),
        ("its files", lambda row: row.files, ""),
        ("requests of the first night", lambda row: row.first, ""),
        ("requests of a quiet night", lambda row: row.quiet, ""),
    )
    lines = []
    for name, figure, unit in told:
        points = [(row.projects, value) for row in rows if (value := figure(row)) is not None]
        far = extrapolated([point for point in points if point[0] >= _LEAST], FAR)
        most = f"{_cell(points[-1][1])} {unit} at {points[-1][0]:,}" if points else _NONE
        lines.append(f"| {name} | {' '.join(most.split())} | {_large(far, unit)} |\n")
    return f"| | measured | at {FAR:,}, as it grew |\n| --- | ---: | ---: |\n{''.join(lines)}"


def _large(value: float | None, unit: str) -> str:
    """Write an estimate in two digits, in a unit that people think in."""
    if value is None:
        return _NONE
    for least, factor, name in {
        "s": ((7_200, 1 / 3_600, "hours"), (120, 1 / 60, "minutes"), (0, 1, "s")),
        "MB": ((2_000, 1 / 1_000, "GB"), (0, 1, "MB")),
    }.get(unit, ((0, 1, ""),)):
        if value >= least:
            rounded = float(f"{value * factor:.2g}")
            return f"{rounded:,.0f} {name}".strip() if rounded >= 10 else f"{rounded:g} {name}"
    return _NONE


def _cell(value: float | None) -> str:
    if value is None:
        return _NONE
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def _row(cells: Sequence[str]) -> Growth:
    names = [each.name for each in fields(Growth)]
    values = [_number(cell) for cell in cells]
    return Growth(**dict(zip(names, values, strict=True)))  # type: ignore[arg-type]


def _number(cell: str) -> int | float | None:
    plain = cell.replace(",", "").strip()
    if plain == _NONE:
        return None
    return float(plain) if "." in plain else int(plain)


# The charts: both axes in powers of ten, because sizes are.


def _chart(title: str, series: dict[str, list[tuple[int, float]]]) -> str:
    points = [point for line in series.values() for point in line if point[1] > 0]
    if not points:
        return _svg([f'<text class="title" x="{_LEFT}" y="24">{title}: not measured</text>'])
    across = _Axis.of([float(x) for x, _ in points], _LEFT, _WIDTH - _RIGHT)
    up = _Axis.of([y for _, y in points], _HEIGHT - _BOTTOM, _TOP)
    parts = [f'<text class="title" x="{_LEFT}" y="24">{title}</text>']
    for value in across.marks:
        x = across.place(value)
        parts.append(f'<path class="grid" d="M{x:.1f} {_TOP}V{_HEIGHT - _BOTTOM}"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle">{_mark(value)}'
            "</text>"
        )
    for value in up.marks:
        y = up.place(value)
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_mark(value)}</text>'
        )
    for (name, line), colour in zip(series.items(), _COLOURS, strict=False):
        parts += _line(name, [(across.place(x), up.place(y)) for x, y in line if y > 0], colour)
    return _svg(parts)


def _line(name: str, places: Sequence[tuple[float, float]], colour: str) -> list[str]:
    if not places:
        return []
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
    x, y = places[-1]
    return [
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *dots,
        f'<text x="{x + 10:.1f}" y="{y + 4:.1f}" style="fill:{colour}">{name}</text>',
    ]


@dataclass(frozen=True, slots=True)
class _Axis:
    low: int  # as powers of ten
    high: int
    start: float
    end: float

    @classmethod
    def of(cls, values: Sequence[float], start: float, end: float) -> "_Axis":
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return cls(low, max(high, low + 1), start, end)

    @property
    def marks(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]

    def place(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def _mark(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def _svg(parts: Sequence[str]) -> str:
    # The page that shows it may be light or dark; nothing of it reaches into a picture but this.
    style = (
        "text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-weight:600;fill:#24292f}"
        ".grid{stroke:#8c959f;stroke-opacity:.35}"
        "@media(prefers-color-scheme:dark){text{fill:#9da7b3}.title{fill:#e6edf3}}"
    )
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img"><style>{style}</style>\n{inside}\n</svg>\n'
    )
