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
_MARKS = frozenset(
    {"footnotes", "footnote-ref", "footnote-backref", "math"}
    | {"readme-source", "readme-source-label"}
)
# Parsers read `<image>` as `<img>`.
_IMAGES = frozenset({"img", "image"})
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
    if "<img" in html or tags & _IMAGES:
        place_images(body, source)
    headings = _anchor_headings(body)
    point_links(body, source, _identify(body, headings))
    excerpt, image = find_excerpt(body, source.repository.rpartition("/")[2]), find_lead_image(body)
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
        for name in _OURS:
            _remove_attribute(body, name)


def _remove_attribute(body: LexborNode, name: str) -> None:
    for node in body.css(f"[{name}]"):
        if name in {"aria-label", "class"} and _is_ours(node):
            continue
        del node.attrs[name]


def _is_ours(node: LexborNode) -> bool:
    """Spare the marks of footnotes and formulas, which are only names for the style sheet."""
    return (node.attrs.get("class") or "") in _MARKS


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


def _identify(body: LexborNode, headings: tuple[Heading, ...]) -> dict[str, str]:
    """Make every id unique, read `name` as an id, and list them by their lower-case form."""
    taken = {heading.anchor.removeprefix(ID_PREFIX) for heading in headings}
    for node in body.css("[id],[name]:not([id])"):
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
