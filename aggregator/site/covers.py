"""Covers: a drawing for each project and each story, made of what is known and of nothing else.

The language chooses the ink and the first tag the pattern (where one is missing the other stands
in, and then the first word of the name), the year in which the project was begun how many shapes
there are, its activity how deep they are; the name places them, so that no two projects look the
same and one looks the same every night. Each shape is an area with an edge: also of a project of
which next to nothing is known there is something to look at. The cover of a story is its own first
words, each a stroke as long as the word. A cover says nothing that words do not say beside it: it
is there to be recognised. Pure; called by `pages.cards`, `pages.telling` and by search.
"""

import re
from collections.abc import Callable, Iterator, Sequence
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
_BELOW = HEIGHT + 2  # where no edge is seen
_TILE, _LEAF = 12, 18
_LINES_OF_A_STORY, _LINE_GAP = 5, 7
# In the middle, so that it is there however a cover is cut; over a stroke it is what is left out.
_QUOTE = "".join(f"M{x} 23a6 6 0 1 0 6-6c0-4 2-6 5-7l-1-3c-6 2-10 7-10 16z" for x in (34, 50))
_TOLD = 5  # the weight of stories: areas without edges
# Any word would do; with this one the languages that most repositories are written in differ.
_WORD = "sheet"
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Cover:
    """A drawing: which ink, how deep from 0 to 5, and its areas as the path of an SVG."""

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
    first_word = _WORDS.findall(name.casefold().rpartition("/")[2])[:1]
    known = [language.casefold(), *tags[:1], *first_word, name.casefold()]
    draw = _PATTERNS[_number(tags[0] if tags else name.casefold()) % len(_PATTERNS)]
    chance = _Chance("\n".join(("cover of", name.casefold(), *tags)))
    lines = _LEAST_LINES + year % _MORE_LINES if year else _UNKNOWN_LINES
    return Cover(_ink_of(next(filter(None, known))), weight, "".join(draw(chance, lines)))


def story_cover(name: str, words: str) -> Cover:
    """Draw the cover of a story from its first words: lines of strokes behind a quotation mark.

    Args:
        name: owner/name of the project that it is of, which chooses the ink.
        words: how it begins; where it holds none, the name stands in.
    """
    lengths = [len(word) for word in _WORDS.findall(words) or _WORDS.findall(name)]
    return Cover(_ink_of(name.casefold()), _TOLD, "".join(_written(lengths)) + _QUOTE)


def _written(lengths: Sequence[int]) -> Iterator[str]:
    """Set words as strokes, over and over until the lines are full."""
    word = 0
    for line in range(_LINES_OF_A_STORY):
        at, height = 4, 3 + line * _LINE_GAP
        while (width := min(1 + lengths[word % len(lengths)], 24)) + at < WIDTH - 3:
            yield f"M{at} {height}h{width}v2h-{width}z"
            at += width + 2
            word += 1


def _ink_of(known: str) -> int:
    return _number(f"{_WORD} {known}") % INKS


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
    """Rings around three places on the ground, each other one of them an area."""
    for middle, fewer in (
        (chance.below(34), 0),
        (30 + chance.below(30), 3),
        (62 + chance.below(34), 1),
    ):
        step = 4 + chance.below(3)
        for number in range(1, max(lines - fewer, 2) + 1):
            radius = number * step
            yield f"M{middle - radius} {HEIGHT}a{radius} {radius} 0 0 1 {2 * radius} 0"


def _waves(chance: _Chance, lines: int) -> Iterator[str]:
    """Lines that swing together, as the layers of a map do; each is the top of a layer."""
    swing, bend = 9 + chance.below(8), 18 + chance.below(14)
    before, gap = chance.below(2 * bend), (HEIGHT - 6) // lines
    for number in range(lines):
        here = max(swing - number - chance.below(3), 1)
        yield f"M-{before} {6 + number * gap}q{bend // 2}-{here} {bend} 0"
        yield f"t{bend} 0" * ((WIDTH + before) // bend) + f"V{_BELOW}H-{before + 2}z"


def _books(chance: _Chance, lines: int) -> Iterator[str]:
    """Uprights of different heights and widths on one shelf."""
    at = 3 + chance.below(4)
    while at < WIDTH - 8:
        width, height = 2 + chance.below(max(9 - lines, 2)), 9 + chance.below(23)
        yield f"M{at} {HEIGHT}v-{height}h{width}v{height}"
        at += width + 1 + chance.below(3)


def _quilt(chance: _Chance, lines: int) -> Iterator[str]:
    """Tiles of which a half is of another cloth, one way or the other."""
    for row in range(0, HEIGHT, _TILE):
        for column in range(0, WIDTH, _TILE):
            falling = chance.below(2)
            if chance.below(_LEAST_LINES + _MORE_LINES) <= lines + 1:
                yield (
                    f"M{column} {row}l{_TILE} {_TILE}h-{_TILE}z"
                    if falling
                    else f"M{column} {row + _TILE}l{_TILE}-{_TILE}h-{_TILE}z"
                )


def _steps(chance: _Chance, lines: int) -> Iterator[str]:
    """Terraces that climb and fall, one below the other."""
    gap = (HEIGHT - 4) // lines
    for number in range(lines):
        yield f"M-2 {6 + number * gap}"
        at, drop = 0, 1 + chance.below(gap - 1)
        while at < WIDTH:
            width = 8 + chance.below(14)
            yield f"h{width}v{drop}"
            at, drop = at + width, -drop
        yield f"V{_BELOW}H-2z"


def _leaves(chance: _Chance, lines: int) -> Iterator[str]:
    """Leaves in two rows, each leaning one way or the other, more of them of a later year."""
    for row in (0, _LEAF):
        for column in range(3, WIDTH - _LEAF, _LEAF):
            leaning, size = chance.below(2), _LEAF - 2 * chance.below(3)
            if chance.below(_LEAST_LINES + _MORE_LINES) <= lines + 1:
                start = f"M{column} {row}" if leaning else f"M{column} {row + size}"
                across, back = (
                    (f"{size} {size}", f"-{size}-{size}")
                    if leaning
                    else (
                        f"{size}-{size}",
                        f"-{size} {size}",
                    )
                )
                yield f"{start}a{size} {size} 0 0 1 {across}a{size} {size} 0 0 1 {back}z"


_PATTERNS: tuple[_Pattern, ...] = (_hills, _waves, _books, _quilt, _steps, _leaves)
