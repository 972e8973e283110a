"""Headings: levels that continue the page's, and the anchors GitHub gives them."""

import re
import unicodedata
from collections.abc import Iterable

from aggregator.readme.models import Heading
from aggregator.readme.pieces import (
    Pieces,
    Span,
    attributes_of,
    is_start,
    remove,
    start_tag,
    text_between,
)
from aggregator.readme.sanitise import ID_PREFIX
from aggregator.readme.shortcodes import replace_in_pieces

# GitHub keeps letters, marks, decimal digits, connectors, hyphens and spaces.
# https://github.com/gjtorikian/html-pipeline/blob/main/lib/html_pipeline/node_filter/table_of_contents_filter.rb
_REMOVED_ASCII = re.compile(r"[^a-z0-9_\- ]")
_KEPT = ("L", "M", "Nd", "Nl", "Pc")


def anchor_headings(pieces: Pieces, spans: Iterable[Span]) -> tuple[Heading, ...]:
    """Give headings their level on the page and GitHub's anchor; take out empty ones.

    Levels start at 2 and none is skipped.
    """
    levels, anchors = _Levels(), Anchors()
    found = []
    for start, end in sorted(spans):
        if not pieces[start]:
            continue
        level = levels.show(int(pieces[start][2]))
        text = text_between(pieces, (start, end))
        slug = slugify(text)
        if text.count(":") > 1:
            replace_in_pieces(pieces, (start, end))
            text = text_between(pieces, (start, end))
        if not text.strip() and not _holds_image(pieces, (start, end)):
            remove(pieces, (start, end))
            continue
        anchor = ID_PREFIX + anchors.take(slug)
        pieces[start] = _opening(pieces[start], level, anchor)
        pieces[end] = f"</h{level}>"
        found.append(Heading(level, " ".join(text.split()), anchor))
    return tuple(found)


def _opening(tag: str, level: int, anchor: str) -> str:
    if len(tag) == len("<h1>"):
        return f'<h{level} id="{anchor}">'
    return start_tag(f"h{level}", attributes_of(tag) | {"id": anchor})


def _holds_image(pieces: Pieces, span: Span) -> bool:
    return any(is_start(piece, "img") for piece in pieces[span[0] : span[1]])


class _Levels:
    """The headings that enclose the current place: their level as written and as shown."""

    def __init__(self) -> None:
        self._around: list[tuple[int, int]] = []

    def show(self, written: int) -> int:
        """Give the level on the page of the next heading."""
        while self._around and self._around[-1][0] >= written:
            self._around.pop()
        shown = min(self._around[-1][1] + 1, 6) if self._around else 2
        self._around.append((written, shown))
        return shown


def slugify(text: str) -> str:
    """Give the anchor GitHub derives from a heading's text, before duplicates are numbered."""
    lowered = text.strip().lower()
    if lowered.isascii():
        return _REMOVED_ASCII.sub("", lowered).replace(" ", "-")
    return "".join(filter(_stays, lowered)).replace(" ", "-")


def _stays(character: str) -> bool:
    return character in "- " or unicodedata.category(character).startswith(_KEPT)


class Anchors:
    """Hands out anchors, numbering the ones asked for before: `usage`, `usage-1`, `usage-2`."""

    def __init__(self) -> None:
        self._times: dict[str, int] = {}

    def take(self, slug: str) -> str:
        """Give `slug`, or its next free numbered form."""
        anchor = slug
        while anchor in self._times:
            self._times[slug] += 1
            anchor = f"{slug}-{self._times[slug]}"
        self._times[anchor] = 0
        return anchor
