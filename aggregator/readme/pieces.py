"""A README's HTML as a flat list: text, tag, text, tag, ... text.

A README needs a few of its tags changed. A tree of Python objects for all of them takes longer than
GitHub's parser and the sanitiser together; a list is taken apart and joined in a tenth of that. Odd
places hold one whole tag, even places hold text, and what is removed becomes an empty string, so
that places stay what they are.
"""

import re
from collections.abc import Mapping, Set
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from aggregator.readme.films import FILMS, leave_links
from aggregator.readme.sanitise import DROPPED, KEPT
from aggregator.readme.written import WrittenTags

Pieces = list[str]
# The places of a start tag and of its end tag.
Span = tuple[int, int]

_TAG = re.compile(r"(<[^>]*>)")
_ATTRIBUTE = re.compile(r' ([^\s=]+)="([^"]*)"')
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
# What parsers write, each but the ampersand: it comes last.
_REFERENCES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", "\xa0"))
_DECLARATION = re.compile(r"<[!?][^>]*>")
_DROPPED_QUERY = ",".join(sorted(DROPPED))


def canonical(html: str, tags: WrittenTags) -> str:
    """Write HTML as a browser understands it: each tag closed, each value quoted and escaped.

    Comments are left out, and elements whose content is never shown. Of others that do not belong
    in a README the content stays: the sanitiser would do the same after parsing, and leave that
    content where no parser would put it.

    Args:
        html: Any string.
        tags: What somebody wrote by hand in it.
    """
    others = tags.names - KEPT
    if others or not tags.are_regular:
        html = _parsed(html, tags.names)
    if others:
        html = _parsed(_unwrapped(html, others), frozenset())
    return _without_comments(html) if tags.hold_comments else html


def _without_comments(html: str) -> str:
    """Drop comments, declarations and instructions; a comment without an end has no end."""
    shown, *others = html.split("<!--")
    rest = [other.partition("-->")[2] for other in others]
    return _DECLARATION.sub("", "".join([shown, *rest]))


def _parsed(html: str, elements: Set[str]) -> str:
    body = LexborHTMLParser(f"<!doctype html><body>{html}").body
    if body is None:
        return ""
    if "noscript" in elements:
        body.unwrap_tags(["noscript"])
    if elements & FILMS:
        leave_links(body)
    if elements & DROPPED:
        for node in body.css(_DROPPED_QUERY):
            node.decompose()
    return body.inner_html or ""


def _unwrapped(html: str, names: Set[str]) -> str:
    """Take away the tags of some elements and leave what is in them."""
    starts = tuple(f"<{end}{name}" for name in names for end in ("", "/"))
    pieces = take_apart(html)
    for place in range(1, len(pieces), 2):
        if pieces[place].startswith(starts) and name_of(pieces[place]) not in KEPT:
            pieces[place] = ""
    return "".join(pieces)


def take_apart(html: str) -> Pieces:
    """Split HTML into text and tags.

    Args:
        html: As cmark, docutils or `canonical` write it: `<` and `>` stand around tags only.
    """
    return _TAG.split(html)


def attributes_of(tag: str) -> dict[str, str]:
    """Read the attributes of a start tag, in order."""
    return {
        name: unescape(value) if "&" in value else value for name, value in _ATTRIBUTE.findall(tag)
    }


def start_tag(name: str, attributes: Mapping[str, str]) -> str:
    """Write a start tag."""
    written = [f' {key}="{value.translate(_ESCAPES)}"' for key, value in attributes.items()]
    return f"<{name}{''.join(written)}>"


def rewrite(pieces: Pieces, place: int, attributes: Mapping[str, str]) -> None:
    """Give the start tag at a place other attributes."""
    pieces[place] = start_tag(name_of(pieces[place]), attributes)


def name_of(tag: str) -> str:
    """Give the name of a start or end tag; of nothing, nothing."""
    return tag.partition(" ")[0].strip("</>")


def is_start(piece: str, name: str) -> bool:
    """Tell whether a piece is the start tag of an element, with or without attributes."""
    return piece.startswith((f"<{name}>", f"<{name} "))


def text_between(pieces: Pieces, span: Span) -> str:
    """Read the text inside an element."""
    return plain("".join(pieces[span[0] + 1 : span[1] : 2]))


def plain(text: str) -> str:
    """Read what stands between tags as text."""
    if "&" not in text:
        return text
    for written, character in _REFERENCES:
        text = text.replace(written, character)
    return unescape(text) if "&#" in text else text.replace("&amp;", "&")


def index_of(piece: str, pieces: Pieces, start: int) -> int:
    """Find the next piece that is this one; where there is none, the end of the last element."""
    try:
        return pieces.index(piece, start)
    except ValueError:
        return max(start, len(pieces) - 2)


def remove(pieces: Pieces, span: Span) -> None:
    """Take out an element with all that is in it."""
    start, end = span
    pieces[start : end + 1] = [""] * (end + 1 - start)
