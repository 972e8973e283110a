"""Headings: levels that continue the page's, and the anchors GitHub gives them."""

import re
import unicodedata

_UPPER_CASE = re.compile(r"<(/?)H(?=[1-6])")
# GitHub keeps letters, marks, decimal digits, connectors, hyphens and spaces.
# https://github.com/gjtorikian/html-pipeline/blob/main/lib/html_pipeline/node_filter/table_of_contents_filter.rb
_REMOVED_ASCII = re.compile(r"[^a-z0-9_\- ]")
_KEPT = ("L", "M", "Nd", "Nl", "Pc")


def shift_levels(html: str) -> str:
    """Renumber headings so that they start at level 2 and never skip a level.

    Args:
        html: HTML in which a heading's tags are real tags, as cmark or docutils write it.
    """
    if "<H" in html or "</H" in html:
        html = _UPPER_CASE.sub(r"<\1h", html)
    before, *rest = html.split("<h")
    levels = _Levels()
    return "".join([before, *map(levels.renumber, rest)])


class _Levels:
    """The headings that enclose the current place: their level as written and as shown."""

    def __init__(self) -> None:
        self._around: list[tuple[int, int]] = []

    def renumber(self, rest: str) -> str:
        """Rewrite what follows `<h` up to the next one: the level, and that of its end tag."""
        written = rest[:1]
        if written not in set("123456") or rest[1:2].strip(" \t\n/") not in {">", ""}:
            return f"<h{rest}"
        shown = self._shown(int(written))
        inside, end, after = rest[1:].partition(f"</h{written}")
        return f"<h{shown}{inside}</h{shown}{after}" if end else f"<h{shown}{inside}"

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
