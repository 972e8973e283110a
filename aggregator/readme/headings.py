"""Headings: levels that continue the page's, and the anchors GitHub gives them."""

import re
import unicodedata

_OPEN_OR_CLOSE = re.compile(r"<(/?)h([1-6])(?=[\s/>])", re.IGNORECASE)
# GitHub keeps letters, marks, decimal digits, connectors, hyphens and spaces.
# https://github.com/gjtorikian/html-pipeline/blob/main/lib/html_pipeline/node_filter/table_of_contents_filter.rb
_REMOVED_ASCII = re.compile(r"[^a-z0-9_\- ]")
_KEPT = ("L", "M", "Nd", "Nl", "Pc")


def shift_levels(html: str) -> str:
    """Renumber headings so that they start at level 2 and never skip a level.

    Args:
        html: HTML in which a heading's tags are real tags, as cmark or docutils write it.
    """
    levels = _Levels()
    return _OPEN_OR_CLOSE.sub(levels.renumber, html)


class _Levels:
    """The headings that enclose the current place: their level as written and as shown."""

    def __init__(self) -> None:
        self._around: list[tuple[int, int]] = []
        self._open = 2

    def renumber(self, match: re.Match[str]) -> str:
        if not match[1]:
            self._open = self._shown(int(match[2]))
        return f"<{match[1]}h{self._open}"

    def _shown(self, written: int) -> int:
        while self._around and self._around[-1][0] >= written:
            self._around.pop()
        shown = min(self._around[-1][1] + 1, 6) if self._around else 2
        self._around.append((written, shown))
        return shown


def slugify(text: str) -> str:
    """Give the anchor GitHub derives from a heading's text, before duplicates are numbered."""
    lowered = text.strip().lower()
    if lowered.isascii():
        return _REMOVED_ASCII.sub("", lowered.replace("\n", "")).replace(" ", "-")
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
