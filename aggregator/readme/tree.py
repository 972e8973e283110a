"""One pass over a parsed README: everything a page needs that the parser did not do.

The tree may still hold hostile markup. What leaves here goes through `sanitise` and is not touched
afterwards.
"""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from aggregator.readme.blocks import (
    draw_alerts,
    drop_wrong_languages,
    make_scrollable,
    modernise_alignment,
    name_checkboxes,
)
from aggregator.readme.excerpt import find_excerpt
from aggregator.readme.headings import Anchors, shift_levels, slugify
from aggregator.readme.lead_image import find_lead_image
from aggregator.readme.media import place_images, point_links
from aggregator.readme.models import Heading, LeadImage, ReadmeSource
from aggregator.readme.sanitise import DROPPED, ID_PREFIX
from aggregator.readme.shortcodes import replace_in_heading, replace_shortcodes

_DROPPED_QUERY = ",".join(sorted(DROPPED))
_OURS = ("role", "tabindex", "aria-label", "class", "style")
_OURS_QUERY = ",".join(f"[{name}]" for name in _OURS)
# The marks of footnotes and formulas are only names for the style sheet.
_SPARED = ("aria-label", "class")
_MARKS = frozenset(
    {"footnotes", "footnote-ref", "footnote-backref", "math"}
    | {"readme-source", "readme-source-label"}
)
# Parsers read `<image>` as `<img>`.
_IMAGES = frozenset({"img", "image"})
_NAMED_QUERY = "[id],[name]:not([id])"
_EMPTY_HEADER = re.compile(r"<th([^>]*)>\s*</th>")


@dataclass(frozen=True, slots=True)
class Page:
    """What was read from the tree, its HTML not yet sanitised."""

    html: str
    text: str
    excerpt: str | None
    headings: tuple[Heading, ...]
    lead_image: LeadImage | None


def finish(html: str, tags: frozenset[str], source: ReadmeSource) -> Page:
    """Bring a README's HTML into the shape of the page it will stand in.

    Args:
        html: Unsafe HTML as a parser of README formats wrote it.
        tags: The tags that somebody wrote by hand, in lower case.
        source: Where the README stands, for its relative addresses.
    """
    html = replace_shortcodes(shift_levels(html))
    if "></th>" in html:
        html = _EMPTY_HEADER.sub(r"<td\1></td>", html)
    parser = LexborHTMLParser(f"<!doctype html><body>{html}")
    body = parser.body
    if body is None:
        return Page("", "", None, (), None)
    _remove_what_is_never_shown(body, tags)
    has_images = "<img" in html or bool(tags & _IMAGES)
    if has_images:
        place_images(body, source)
    headings = _anchor_headings(body) if "<h" in html else ()
    ids = _identify(body, headings, are_more=bool(tags) or ' id="' in html)
    point_links(body, source, ids)
    excerpt = find_excerpt(body, source.repository.rpartition("/")[2])
    image = find_lead_image(body) if has_images else None
    text = " ".join(body.text().split())
    _dress(parser, body, html, tags)
    return Page(body.inner_html or "", text, excerpt, headings, image)


def _dress(parser: LexborHTMLParser, body: LexborNode, html: str, tags: frozenset[str]) -> None:
    if "[!" in html:
        draw_alerts(parser, body)
    if "<input" in html or "input" in tags:
        name_checkboxes(body)
    if tags:
        drop_wrong_languages(body)
    if tags or " align=" in html:
        modernise_alignment(body)
    make_scrollable(parser, body)


def _remove_what_is_never_shown(body: LexborNode, tags: frozenset[str]) -> None:
    if "noscript" in tags:
        body.unwrap_tags(["noscript"])
    if tags & DROPPED:
        for node in body.css(_DROPPED_QUERY):
            node.decompose()
    if tags:
        for node in body.css(_OURS_QUERY):
            _remove_ours(node)


def _remove_ours(node: LexborNode) -> None:
    """Drop what only this site may say, and leave the marks of its own parsers."""
    attributes = node.attrs
    spared = _SPARED if (attributes.get("class") or "") in _MARKS else ()
    for name in _OURS:
        if name in attributes and name not in spared:
            del attributes[name]


def _anchor_headings(body: LexborNode) -> tuple[Heading, ...]:
    anchors = Anchors()
    found = []
    for node in body.css("h2,h3,h4,h5,h6"):
        written = node.text()
        if written.count(":") > 1:
            replace_in_heading(node)
        text = " ".join(node.text().split())
        if not text and not node.css_first("img"):
            node.decompose()
            continue
        anchor = anchors.take(slugify(written))
        node.attrs["id"] = ID_PREFIX + anchor
        found.append(Heading(int((node.tag or "h2")[1]), text, ID_PREFIX + anchor))
    return tuple(found)


def _identify(body: LexborNode, headings: tuple[Heading, ...], *, are_more: bool) -> dict[str, str]:
    """Make every id unique, read `name` as an id, and list them by their lower-case form."""
    taken = {heading.anchor.removeprefix(ID_PREFIX) for heading in headings}
    for node in body.css(_NAMED_QUERY) if are_more else ():
        if node.tag in {"h2", "h3", "h4", "h5", "h6"}:
            continue
        wanted = (node.attrs.get("id") or node.attrs.get("name") or "").removeprefix(ID_PREFIX)
        for name in ("id", "name"):
            if name in node.attrs:
                del node.attrs[name]
        if wanted and wanted not in taken and not any(map(str.isspace, wanted)):
            node.attrs["id"] = ID_PREFIX + wanted
            taken.add(wanted)
    return {anchor.lower(): anchor for anchor in sorted(taken, reverse=True)}
