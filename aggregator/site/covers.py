"""Covers: a drawing for each project, made of what is known of it and of nothing else.

The language chooses the ink, the first tag the pattern (where there is none, the name), the year
in which the project was begun how many lines there are, its activity how heavy they are; the name
places them, so that no two projects look the same and one looks the same every night. A cover says
nothing that words do not say beside it: it is there to be recognised. Pure; called by
`pages.cards` and by search.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from aggregator.catalogue.types import Activity, Project

# The box in which covers are drawn, in its own units; css/site/60-cards.css has the proportions.
WIDTH, HEIGHT = 96, 36
INKS = 6  # as many as css/site/60-cards.css has
# How lately something happened, from 0 (not known) and 1 (quiet) to 4 (this month).
WEIGHTS = {
    Activity.MONTH: 4,
    Activity.QUARTER: 3,
    Activity.YEAR: 2,
    Activity.QUIET: 1,
    Activity.ARCHIVED: 0,
    Activity.UNKNOWN: 0,
}
_LEAST_LINES, _MORE_LINES = 3, 5
_UNKNOWN_LINES = 4
_TILE = 12
# Any word would do; with this one the languages that most repositories are written in differ.
_WORD = "sheet"


@dataclass(frozen=True, slots=True)
class Cover:
    """A drawing: which ink, how heavy from 0 to 4, and its lines as the path of an SVG."""

    ink: int
    weight: int
    path: str

    @property
    def look(self) -> str:
        """Name the classes that give it its ink and its weight, to be put after others."""
        return f" ink-{self.ink} weight-{self.weight}"


def cover_for(project: Project) -> Cover:
    """Draw a project's cover from what is known of it."""
    facts = project.facts
    begun = facts.glance.created_at if facts else None
    return cover_of(
        project.repo,
        project.languages[0] if project.languages else "",
        project.tags,
        begun.year if begun else None,
        WEIGHTS[project.activity],
    )


def cover_of(
    name: str,
    language: str = "",
    tags: tuple[str, ...] = (),
    year: int | None = None,
    weight: int = 0,
) -> Cover:
    """Draw the cover of a project.

    Args:
        name: owner/name.
        language: what most of it is written in.
        tags: what it is about.
        year: when it was begun.
        weight: how lately it was active, from 0 to 4.
    """
    ink = _number(f"{_WORD} {language.casefold()}") % INKS
    draw = _PATTERNS[_number(tags[0] if tags else name.casefold()) % len(_PATTERNS)]
    chance = _Chance("\n".join(("cover of", name.casefold(), *tags)))
    lines = _LEAST_LINES + year % _MORE_LINES if year else _UNKNOWN_LINES
    return Cover(ink, weight, "".join(draw(chance, lines)))


class _Chance:
    """Numbers that look like chance and are the same for the same name."""

    def __init__(self, name: str) -> None:
        self._left = _number(name)

    def below(self, limit: int) -> int:
        self._left, number = divmod(self._left, limit)
        return number


_Pattern = Callable[[_Chance, int], Iterator[str]]


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest())


def _hills(chance: _Chance, lines: int) -> Iterator[str]:
    """Arcs around three places on the ground."""
    for middle, fewer in (
        (chance.below(34), 0),
        (30 + chance.below(30), 3),
        (62 + chance.below(34), 1),
    ):
        step = 4 + chance.below(3)
        for number in range(1, max(lines - fewer, 1) + 1):
            radius = number * step
            yield f"M{middle - radius} {HEIGHT}a{radius} {radius} 0 0 1 {2 * radius} 0"


def _waves(chance: _Chance, lines: int) -> Iterator[str]:
    """Lines that swing together, as the layers of a map do."""
    swing, bend = 9 + chance.below(8), 18 + chance.below(14)
    before, gap = chance.below(2 * bend), (HEIGHT - 6) // lines
    for number in range(lines):
        here = max(swing - number - chance.below(3), 1)
        yield f"M-{before} {6 + number * gap}q{bend // 2}-{here} {bend} 0"
        yield f"t{bend} 0" * ((WIDTH + before) // bend)


def _books(chance: _Chance, lines: int) -> Iterator[str]:
    """Uprights of different heights on one shelf."""
    at = 4 + chance.below(5)
    while at < WIDTH - 3:
        yield f"M{at} {HEIGHT}v-{8 + chance.below(25)}"
        at += 3 + chance.below(10 - lines)


def _quilt(chance: _Chance, lines: int) -> Iterator[str]:
    """Tiles that are crossed one way or the other."""
    for row in range(0, HEIGHT, _TILE):
        for column in range(0, WIDTH, _TILE):
            falling = chance.below(2)
            if chance.below(_LEAST_LINES + _MORE_LINES) <= lines:
                yield (
                    f"M{column} {row}l{_TILE} {_TILE}"
                    if falling
                    else (f"M{column} {row + _TILE}l{_TILE}-{_TILE}")
                )


def _steps(chance: _Chance, lines: int) -> Iterator[str]:
    """Terraces that climb and fall, one below the other."""
    for number in range(lines):
        height = HEIGHT - 4 - number * 5
        yield f"M0 {height}"
        at = 0
        while at < WIDTH:
            width = 8 + chance.below(12)
            yield f"h{width}v{(chance.below(3) - 1) * 3}"
            at += width


def _rain(chance: _Chance, lines: int) -> Iterator[str]:
    """Short strokes in rows, longer and shorter."""
    gap = HEIGHT // lines
    for number in range(lines):
        at, height = 2 + chance.below(8), gap // 2 + number * gap
        yield f"M{at} {height}"
        while at < WIDTH - 8:
            length, space = 2 + chance.below(14), 3 + chance.below(5)
            yield f"h{length}m{space} 0"
            at += length + space


_PATTERNS: tuple[_Pattern, ...] = (_hills, _waves, _books, _quilt, _steps, _rain)
