"""The blocks of a registry file as a person sees them: sections, entries, settings.

Cuts text by its left edge and its dashes, without understanding YAML, so that it
also works on a file that is not YAML at the moment. Called to salvage what can be
read, to edit one entry, and to see which entries a change touches.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

SECTION = re.compile(r"([A-Za-z_]+) *:(?:\s|$)")
ENTRY_DASH = re.compile(r" *- +(?:repo *:|slug *:|[\w.-]+/[\w.-]+ *$)")
_DASH = re.compile(r"( *)-(?:\s|$)")
_INDENTED_FIELD = re.compile(r"( +)[A-Za-z_]+ *:(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of a file, and how many stand above them."""

    lines: Sequence[str]
    offset: int

    @property
    def body(self) -> "Block":
        """All but the first line."""
        return Block(self.lines[1:], self.offset + 1)

    @property
    def text(self) -> str:
        """What is written, without blank lines and comments at the end."""
        lines = [line.rstrip() for line in self.lines]
        while lines and (not lines[-1] or lines[-1].lstrip().startswith("#")):
            lines.pop()
        return "\n".join(lines)


def sections(lines: Sequence[str]) -> Iterator[Block]:
    """Cut a file at the field names on its left edge."""
    starts = [index for index, line in enumerate(lines) if SECTION.match(line)]
    return _cut(Block(lines, 0), [0, *(start for start in starts if start > 0)])


def dashed(body: Block) -> Iterator[Block]:
    """Cut a list at the dashes of its own level, and at any that clearly begin an entry."""
    indents = _indents(_DASH, body)
    usual = next(iter(indents.values()), 0)
    starts = (
        index
        for index, line in enumerate(body.lines)
        if ENTRY_DASH.match(line) or indents.get(index) == usual
    )
    return _cut(body, starts)


def fielded(body: Block) -> Iterator[Block]:
    """Cut a group of fields at the names of its own level."""
    indents = _indents(_INDENTED_FIELD, body)
    usual = next(iter(indents.values()), 0)
    return _cut(body, (index for index, indent in indents.items() if indent <= usual))


def has_dashes(block: Block) -> bool:
    """Tell whether there is a list in it."""
    return any(_DASH.match(line) for line in block.lines)


def blocks(text: str) -> Iterator[Block]:
    """Cut a file into its entries and settings."""
    for section in sections(text.split("\n")):
        yield Block(section.lines[:1], section.offset)
        yield from dashed(section.body) if has_dashes(section.body) else fielded(section.body)


def _indents(pattern: re.Pattern[str], block: Block) -> dict[int, int]:
    """Find the lines that begin with a pattern, and how many spaces stand before it."""
    found = ((index, pattern.match(line)) for index, line in enumerate(block.lines))
    return {index: len(match[1]) for index, match in found if match}


def _cut(block: Block, starts: Iterable[int]) -> Iterator[Block]:
    for start, end in pairwise([*starts, len(block.lines)]):
        yield Block(block.lines[start:end], block.offset + start)
