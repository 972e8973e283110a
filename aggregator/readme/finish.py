"""From a parser's HTML to what stands on a page: everything the parser did not do.

What comes in may hold hostile markup. What leaves here goes through `sanitise` and is not touched
afterwards.
"""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from aggregator.readme.blocks import (
    direct_blocks,
    draw_alerts,
    drop_wrong_languages,
    make_scrollable,
    modernise_alignment,
    name_checkboxes,
    runs_right_to_left,
)
from aggregator.readme.code import label_fences
from aggregator.readme.excerpt import find_excerpt
from aggregator.readme.films import link_films
from aggregator.readme.headings import anchor_headings
from aggregator.readme.lead_image import find_lead_image
from aggregator.readme.media import place_images, point_links, point_sources
from aggregator.readme.models import Heading, LeadImage, ReadmeSource
from aggregator.readme.outline import Outline, outline_of
from aggregator.readme.pieces import (
    Pieces,
    attributes_of,
    canonical,
    plain,
    rewrite,
    take_apart,
)
from aggregator.readme.sanitise import ID_PREFIX
from aggregator.readme.shortcodes import replace_shortcodes
from aggregator.readme.written import WrittenTags

_OURS = ("role", "tabindex", "aria-label", "class", "style")
_OURS_WRITTEN = re.compile(rf' (?:{"|".join(_OURS)})="')
# The marks of footnotes and formulas are only names for the style sheet.
_SPARED = ("aria-label", "class")
_MARKS = frozenset(
    {"footnotes", "footnote-ref", "footnote-backref", "math"}
    | {"readme-source", "readme-source-label"}
)
_HEADING = re.compile("<h[2-6][ >]")
_EMPTY_HEADER = re.compile(r"<th([^>]*)>\s*</th>")
# A summary holds words; Markdown puts them into a paragraph.
_WRAPPED_SUMMARY = re.compile(
    r"(<summary[^>]*>\s*)<p>([^<]*(?:<(?!/?p>|/?summary)[^<]*)*)</p>(\s*</summary>)"
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a README gives, its HTML not yet sanitised."""

    html: str
    text: str
    excerpt: str | None
    headings: tuple[Heading, ...]
    lead_image: LeadImage | None


def finish(html: str, tags: WrittenTags, source: ReadmeSource) -> Page:
    """Bring a README's HTML into the shape of the page it will stand in.

    Args:
        html: Unsafe HTML as a parser of README formats wrote it.
        tags: What somebody wrote by hand in it.
        source: Where the README stands, for its relative addresses.
    """
    html = replace_shortcodes(html)
    if "></th>" in html:
        html = _EMPTY_HEADER.sub(r"<td\1></td>", html)
    if "<summary" in html:
        html = _WRAPPED_SUMMARY.sub(r"\1\2\3", html)
    pieces = take_apart(link_films(canonical(html, tags)))
    outline = outline_of(pieces)
    attributed = _attributed(pieces) if tags.names or ' id="' in html else []
    if tags.names:
        _remove_ours(pieces, attributed, tags.spared)
        drop_wrong_languages(pieces, attributed)
    images = place_images(pieces, outline.images, source)
    point_sources(pieces, outline.sources, source)
    headings = anchor_headings(pieces, outline.headings)
    point_links(pieces, outline.links, source, _identify(pieces, attributed, headings))
    excerpt = find_excerpt(pieces, outline.blocks, source.repository.rpartition("/")[2])
    text = " ".join(plain("".join(pieces[::2])).split())
    _dress(pieces, outline)
    if runs_right_to_left(text):
        direct_blocks(pieces)
    return Page("".join(pieces), text, excerpt, headings, find_lead_image(pieces, images))


def _dress(pieces: Pieces, outline: Outline) -> None:
    draw_alerts(pieces, outline.quotes)
    name_checkboxes(pieces, outline.fields)
    modernise_alignment(pieces)
    label_fences(pieces, outline.code)
    make_scrollable(pieces, outline.code, outline.tables)


def _attributed(pieces: Pieces) -> list[int]:
    return [place for place in range(1, len(pieces), 2) if '="' in pieces[place]]


def _remove_ours(pieces: Pieces, places: Iterable[int], marks: Set[str]) -> None:
    """Drop what only this site may say, and leave the marks of its own parsers."""
    for place in places:
        if _OURS_WRITTEN.search(pieces[place]):
            attributes = attributes_of(pieces[place])
            spared: tuple[str, ...] = _SPARED if attributes.get("class") in _MARKS else ()
            if attributes.get("class") in marks:
                spared = (*_SPARED, "role")
            kept = {
                name: value
                for name, value in attributes.items()
                if name not in _OURS or name in spared
            }
            rewrite(pieces, place, kept)


def _identify(pieces: Pieces, places: Iterable[int], headings: Sequence[Heading]) -> dict[str, str]:
    """Make every id unique, read `name` as an id, and list them by their lower-case form."""
    taken = {heading.anchor.removeprefix(ID_PREFIX) for heading in headings}
    for place in places:
        tag = pieces[place]
        if not (' id="' in tag or ' name="' in tag) or _HEADING.match(tag):
            continue
        attributes = attributes_of(tag)
        named = attributes.pop("name", "")
        wanted = (attributes.pop("id", "") or named).removeprefix(ID_PREFIX)
        if wanted and wanted not in taken and not any(map(str.isspace, wanted)):
            attributes["id"] = ID_PREFIX + wanted
            taken.add(wanted)
        rewrite(pieces, place, attributes)
    return {anchor.lower(): anchor for anchor in sorted(taken, reverse=True)}
