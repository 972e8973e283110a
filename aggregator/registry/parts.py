"""The parts of a registry file as a person sees them: sections, entries, settings.

Cuts text by its left edge and its dashes, without understanding YAML, so that it
also works on a file that is not YAML at the moment. Called to rescue what can be
read, and to see which entries a change touches.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

SECTION = re.compile(r"([A-Za-z_]+) *:(?:\s|$)")
DASH = re.compile(r"( *)-(?:\s|$)")
ENTRY_DASH = re.compile(r" *- +(?:repo *:|slug *:|[\w.-]+/[\w.-]+ *$)")
INDENTED_FIELD = re.compile(r"( +)[A-Za-z_]+ *:(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a file, and how many stand above them."""

    lines: Sequence[str]
    offset: int

    @property
    def body(self) -> "Part":
        """All but the first line."""
        return Part(self.lines[1:], self.offset + 1)

    @property
    def text(self) -> str:
        """What is written, without blank lines and comments at the end."""
        lines = [line.rstrip() for line in self.lines]
        while lines and (not lines[-1] or lines[-1].lstrip().startswith("#")):
            lines.pop()
        return "\n".join(lines)


def sections(lines: Sequence[str]) -> Iterator[Part]:
    """Cut a file at the field names on its left edge."""
    starts = [index for index, line in enumerate(lines) if SECTION.match(line)]
    return _cut(lines, [0, *(start for start in starts if start > 0)], 0)


def dashed(body: Part) -> Iterator[Part]:
    """Cut a list at the dashes of its own level, and at any that clearly begin an entry."""
    first = next((found for line in body.lines if (found := DASH.match(line))), None)
    indent = len(first[1]) if first else 0
    starts = [
        index
        for index, line in enumerate(body.lines)
        if ENTRY_DASH.match(line) or ((dash := DASH.match(line)) and len(dash[1]) == indent)
    ]
    return _cut(body.lines, starts, body.offset)


def fielded(body: Part) -> Iterator[Part]:
    """Cut a group of fields at the names of its own level."""
    first = next((found for line in body.lines if (found := INDENTED_FIELD.match(line))), None)
    indent = len(first[1]) if first else 0
    starts = [
        index
        for index, line in enumerate(body.lines)
        if (name := INDENTED_FIELD.match(line)) and len(name[1]) <= indent
    ]
    return _cut(body.lines, starts, body.offset)


def has_dashes(part: Part) -> bool:
    """Tell whether there is a list in it."""
    return any(DASH.match(line) for line in part.lines)


def blocks(text: str) -> Iterator[Part]:
    """Cut a file into its entries and settings."""
    for section in sections(text.split("\n")):
        yield Part(section.lines[:1], section.offset)
        yield from dashed(section.body) if has_dashes(section.body) else fielded(section.body)


def _cut(lines: Sequence[str], starts: Iterable[int], offset: int) -> Iterator[Part]:
    edges = [*starts, len(lines)]
    for start, end in pairwise(edges):
        yield Part(lines[start:end], offset + start)
