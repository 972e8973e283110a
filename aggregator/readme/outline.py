"""Where the tags of a README stand that some step of rendering looks at.

One walk over the pieces finds them all; the steps then visit only what is theirs. Places are
indices into the pieces.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from aggregator.readme.pieces import Pieces, Span, index_of


class ImagePlace(NamedTuple):
    """An image, the last link before it (0: none), and whether a table or details hide it."""

    place: int
    link: int
    is_put_away: bool


class FieldPlace(NamedTuple):
    """A field of a form, and the list whose item it stands in (0: none)."""

    place: int
    list_place: int


@dataclass(slots=True)
class Outline:
    """What stands where.

    Args:
        blocks: Paragraphs and headings in the open: not in lists, quotes, tables or details.
        quotes: Block quotes at the top level.
    """

    links: list[int] = field(default_factory=list)
    images: list[ImagePlace] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    fields: list[FieldPlace] = field(default_factory=list)
    headings: list[Span] = field(default_factory=list)
    blocks: list[Span] = field(default_factory=list)
    code: list[Span] = field(default_factory=list)
    tables: list[Span] = field(default_factory=list)
    quotes: list[Span] = field(default_factory=list)


def outline_of(pieces: Pieces) -> Outline:
    """Find what the steps of rendering look at."""
    walk = _Walk(pieces)
    for place, tag in zip(range(1, len(pieces), 2), pieces[1::2], strict=True):
        if tag not in _PASSED:
            step = _STEPS.get(tag) or _STEPS.get(tag.partition(" ")[0])
            if step:
                step(walk, place)
    return walk.found


class _Walk:
    """What is open at the current place."""

    def __init__(self, pieces: Pieces) -> None:
        self.found = Outline()
        self._pieces = pieces
        self._link = 0
        self._quote = 0
        self._headings: list[int] = []
        self._lists: list[int] = []
        self._tables: list[int] = []
        # How many elements are open whose paragraphs are not read, that put images away, and
        # that are merely around something.
        self._closed = 0
        self._away = 0
        self._around = 0

    def link(self, place: int) -> None:
        self.found.links.append(place)
        self._link = place

    def image(self, place: int) -> None:
        self.found.images.append(ImagePlace(place, self._link, self._away > 0))

    def source(self, place: int) -> None:
        self.found.sources.append(place)

    def field(self, place: int) -> None:
        around = self._lists[-1] if self._lists else 0
        self.found.fields.append(FieldPlace(place, around))

    def paragraph(self, place: int) -> None:
        if not self._closed:
            self.found.blocks.append(self._span("</p>", place))

    def open_heading(self, place: int) -> None:
        self._headings.append(place)

    def close_heading(self, place: int) -> None:
        if self._headings:
            span = (self._headings.pop(), place)
            self.found.headings.append(span)
            if not self._closed:
                self.found.blocks.append(span)

    def code(self, place: int) -> None:
        self.found.code.append(self._span("</pre>", place))

    def _span(self, end: str, place: int) -> Span:
        """Pair a start tag with its end tag; neither holds another of its kind."""
        return place, index_of(end, self._pieces, place)

    def open_list(self, place: int) -> None:
        self._lists.append(place)
        self._closed += 1

    def close_list(self, _place: int) -> None:
        del self._lists[-1:]
        self._closed -= 1

    def open_table(self, place: int) -> None:
        self._tables.append(place)
        self.open_details(place)

    def close_table(self, place: int) -> None:
        if self._tables:
            self.found.tables.append((self._tables.pop(), place))
        self.close_details(place)

    def open_details(self, _place: int) -> None:
        self._away += 1
        self._closed += 1

    def close_details(self, _place: int) -> None:
        self._away -= 1
        self._closed -= 1

    def open_quote(self, place: int) -> None:
        if not self._closed and not self._around:
            self._quote = place
        self._closed += 1

    def close_quote(self, place: int) -> None:
        self._closed -= 1
        if self._quote and not self._closed:
            self.found.quotes.append((self._quote, place))
            self._quote = 0

    def open_closed(self, _place: int) -> None:
        self._closed += 1

    def close_closed(self, _place: int) -> None:
        self._closed -= 1

    def open_holder(self, _place: int) -> None:
        self._around += 1

    def close_holder(self, _place: int) -> None:
        self._around -= 1


_Step = Callable[[_Walk, int], None]
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HOLDERS = ("div", "section", "center", "article", "main", "header", "aside", "footer", "nav")
_AT_START: dict[str, _Step] = {
    "a": _Walk.link,
    "img": _Walk.image,
    "source": _Walk.source,
    "input": _Walk.field,
    "p": _Walk.paragraph,
    "pre": _Walk.code,
    **dict.fromkeys(_HEADINGS, _Walk.open_heading),
    **dict.fromkeys(("ul", "ol"), _Walk.open_list),
    "table": _Walk.open_table,
    "details": _Walk.open_details,
    "blockquote": _Walk.open_quote,
    **dict.fromkeys(("dl", "figure"), _Walk.open_closed),
    **dict.fromkeys(_HOLDERS, _Walk.open_holder),
}
_AT_END: dict[str, _Step] = {
    **dict.fromkeys(_HEADINGS, _Walk.close_heading),
    **dict.fromkeys(("ul", "ol"), _Walk.close_list),
    "table": _Walk.close_table,
    "details": _Walk.close_details,
    "blockquote": _Walk.close_quote,
    **dict.fromkeys(("dl", "figure"), _Walk.close_closed),
    **dict.fromkeys(_HOLDERS, _Walk.close_holder),
}
_STEPS: dict[str, _Step] = {
    **{f"<{name}": step for name, step in _AT_START.items()},
    **{f"<{name}>": step for name, step in _AT_START.items()},
    **{f"</{name}>": step for name, step in _AT_END.items()},
}
# Most tags of a README are these, and no step looks at them.
_PASSED_NAMES = "li code td tr th strong em b i del tbody thead span sup sub summary br"
_PASSED_ENDS = "a p pre"
_PASSED = frozenset(
    [f"<{name}>" for name in _PASSED_NAMES.split()]
    + [f"</{name}>" for name in f"{_PASSED_NAMES} {_PASSED_ENDS}".split()]
)
