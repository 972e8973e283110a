"""Headings with the levels of the page and GitHub's anchors; other ids; links there and elsewhere.

Where an address leads is told by `targets`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from aggregator.readme.flat_html import (
    HEADINGS,
    Element,
    FlatHtml,
    attributes_of,
    is_start,
    name_of,
    remove,
    rewrite,
    start_tag,
    text_between,
)
from aggregator.readme.readme import Heading, ReadmeSource
from aggregator.readme.sanitise import ID_PREFIX, SCHEMES
from aggregator.readme.shortcodes import replace_in_html
from aggregator.readme.targets import resolve_link

# GitHub keeps letters, marks, decimal digits, connectors, hyphens and spaces.
# https://github.com/gjtorikian/html-pipeline/blob/main/lib/html_pipeline/node_filter/table_of_contents_filter.rb
_REMOVED_ASCII = re.compile(r"[^a-z0-9_\- ]")
_KEPT = ("L", "M", "Nd", "Nl", "Pc")
# There are many complete links, and nothing to do about them.
_COMPLETE = ('<a href="https://', '<a href="http://')


def anchor_headings(flat: FlatHtml, headings: Iterable[Element]) -> tuple[Heading, ...]:
    """Give headings their level on the page and GitHub's anchor; take out empty ones.

    Levels start at 2 and none is skipped.
    """
    anchors, found = Anchors(), []
    around: list[tuple[int, int]] = []  # levels of the enclosing headings, as written and as shown
    for heading in headings:
        start, end = heading.span
        if not flat[start]:
            continue
        written = int(heading.name[1])
        while around and around[-1][0] >= written:
            around.pop()
        level = min(around[-1][1] + 1, 6) if around else 2
        around.append((written, level))
        text = text_between(flat, heading.span)
        slug = slugify(text)
        if text.count(":") > 1:
            replace_in_html(flat, heading.span)
            text = text_between(flat, heading.span)
        if not text.strip() and not any(is_start(tag, "img") for tag in flat[start:end]):
            remove(flat, heading.span)
            continue
        anchor = ID_PREFIX + anchors.take(slug)
        flat[start] = start_tag(f"h{level}", attributes_of(flat[start]) | {"id": anchor})
        flat[end] = f"</h{level}>"
        found.append(Heading(level, " ".join(text.split()), anchor))
    return tuple(found)


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


def identify(flat: FlatHtml, headings: Iterable[Heading]) -> dict[str, str]:
    """Make every id unique, read `name` as an id, and list them by their lower-case form."""
    taken = {heading.anchor.removeprefix(ID_PREFIX) for heading in headings}
    for place in range(1, len(flat), 2):
        tag = flat[place]
        if not (' id="' in tag or ' name="' in tag) or name_of(tag) in HEADINGS:
            continue
        attributes = attributes_of(tag)
        named = attributes.pop("name", "")
        wanted = (attributes.pop("id", "") or named).removeprefix(ID_PREFIX)
        if wanted and wanted not in taken and not any(map(str.isspace, wanted)):
            attributes["id"] = ID_PREFIX + wanted
            taken.add(wanted)
        rewrite(flat, place, attributes)
    return {anchor.lower(): anchor for anchor in sorted(taken, reverse=True)}


def point_links(
    flat: FlatHtml, links: Iterable[Element], source: ReadmeSource, ids: Mapping[str, str]
) -> None:
    """Give every link its full address, or the id it means on this page.

    Args:
        flat: The README.
        links: Its links.
        source: Where it stands.
        ids: Its ids by their lower-case form.
    """
    for link in links:
        tag = flat[link.start]
        if not tag or tag.startswith(_COMPLETE):
            continue
        attributes = attributes_of(tag)
        address = _address(attributes.pop("href", None), source, ids)
        if address is not None:
            rewrite(flat, link.start, attributes_of(tag) | {"href": address})
        else:
            # A place to link to, or a link to nothing: HTML knows no such `<a>` with a `rel`.
            flat[link.start] = start_tag("span", attributes)
            if flat[link.end] == "</a>":
                flat[link.end] = "</span>"


def _address(written: str | None, source: ReadmeSource, ids: Mapping[str, str]) -> str | None:
    target = None if written is None else resolve_link(written, source)
    if target is None:
        return None
    if target.startswith("#"):
        wanted = unquote(target[1:]).removeprefix(ID_PREFIX)
        is_top = not wanted or wanted.lower() == "top"
        return "#" if is_top else f"#{ID_PREFIX}{ids.get(wanted.lower(), wanted)}"
    return target if target.partition(":")[0].lower() in SCHEMES else None
