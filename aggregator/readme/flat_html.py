"""A README's HTML as a flat list: text, tag, text, tag, ... text; and what stands where in it.

A README needs a few of its tags changed. A tree of Python objects for all of them was tried and
took longer than GitHub's parser and the sanitiser together; a list is taken apart and joined in a
tenth of that. Odd places hold one whole tag, even places hold text, and what is removed becomes an
empty string, so that places stay what they are. No step of rendering lives here.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import chain
from operator import attrgetter

FlatHtml = list[str]
# The places of a start tag and of its end tag.
Span = tuple[int, int]

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# What merely holds other blocks; and what takes them out of the running text.
NESTING = frozenset(
    {"div", "section", "center", "article", "main", "header", "aside", "footer", "nav"}
)
CLOSED = frozenset({"ul", "ol", "table", "details", "blockquote", "dl", "figure"})
VOID = frozenset({"img", "br", "hr", "input", "source", "wbr"})
_TAG = re.compile(r"(<[^>]*>)")
_ATTRIBUTE = re.compile(r' ([^\s=]+)="([^"]*)"')
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
# What parsers write, each but the ampersand: it comes last.
_REFERENCES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", "\xa0"))
# What some step of rendering asks for, or asks whether something stands inside it.
_NAMES = HEADINGS | NESTING | CLOSED | {"a", "img", "source", "input", "p", "pre"}
# By the tag, or by its beginning where it has attributes: naming each tag takes far longer.
_OUTLINED = {
    f"{start}{name}{end}": name
    for name in _NAMES
    for start, end in (("<", ""), ("<", ">"), ("</", ">"))
}


def take_apart(html: str) -> FlatHtml:
    """Split HTML into text and tags.

    Args:
        html: As cmark, docutils or `handwritten.canonical` write it: `<` and `>` stand around tags
            only.
    """
    return _TAG.split(html)


@dataclass(slots=True)
class Element:
    """Where an element begins and ends, and the element around it."""

    name: str
    start: int
    end: int
    parent: "Element | None"

    @property
    def span(self) -> Span:
        """Give the places of its tags."""
        return self.start, self.end

    def closest(self, names: Collection[str]) -> "Element | None":
        """Give the innermost element of some names that it stands in."""
        around = self.parent
        while around is not None and around.name not in names:
            around = around.parent
        return around


class Outline:
    """The elements of a README that some step of rendering looks at, found in one walk."""

    def __init__(self, flat: FlatHtml) -> None:
        self._found: dict[str, list[Element]] = {name: [] for name in _NAMES}
        around: list[Element] = []
        last = len(flat) - 2
        for place, tag in zip(range(1, len(flat), 2), flat[1::2], strict=True):
            name = _OUTLINED.get(tag.partition(" ")[0] if " " in tag else tag)
            if name is None:
                continue
            if tag[1] == "/":
                _leave(around, name, place)
                continue
            element = Element(name, place, last, around[-1] if around else None)
            self._found[name].append(element)
            if name in VOID:
                element.end = place
            else:
                around.append(element)

    def named(self, *names: str) -> list[Element]:
        """List the elements of some names in the order in which they begin."""
        return sorted(chain.from_iterable(map(self._found.__getitem__, names)), key=_place)


def _leave(around: list[Element], name: str, place: int) -> None:
    """End the innermost element of a name and what was left open in it; none, where none is."""
    if around and around[-1].name == name:
        around.pop().end = place
    elif any(element.name == name for element in around):
        while (left := around.pop()).name != name:
            left.end = place
        left.end = place


_place = attrgetter("start")


def attributes_of(tag: str) -> dict[str, str]:
    """Read the attributes of a start tag, in order."""
    return {
        name: unescape(value) if "&" in value else value for name, value in _ATTRIBUTE.findall(tag)
    }


def start_tag(name: str, attributes: Mapping[str, str]) -> str:
    """Write a start tag."""
    written = [f' {key}="{value.translate(_ESCAPES)}"' for key, value in attributes.items()]
    return f"<{name}{''.join(written)}>"


def rewrite(flat: FlatHtml, place: int, attributes: Mapping[str, str]) -> None:
    """Give the start tag at a place other attributes."""
    flat[place] = start_tag(name_of(flat[place]), attributes)


def name_of(tag: str) -> str:
    """Give the name of a start or end tag; of nothing, nothing."""
    return tag.partition(" ")[0].strip("</>")


def is_start(piece: str, name: str) -> bool:
    """Tell whether a piece is the start tag of an element, with or without attributes."""
    return piece.startswith((f"<{name}>", f"<{name} "))


def text_between(flat: FlatHtml, span: Span) -> str:
    """Read the text inside an element."""
    return plain("".join(flat[span[0] + 1 : span[1] : 2]))


def plain(text: str) -> str:
    """Read what stands between tags as text."""
    if "&" not in text:
        return text
    for written, character in _REFERENCES:
        text = text.replace(written, character)
    return unescape(text) if "&#" in text else text.replace("&amp;", "&")


def remove(flat: FlatHtml, span: Span) -> None:
    """Take out an element with all that is in it."""
    start, end = span
    flat[start : end + 1] = [""] * (end + 1 - start)
