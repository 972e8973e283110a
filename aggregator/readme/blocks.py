"""Blocks of a README: alerts, code, tables, checkboxes and alignment."""

import re
from collections.abc import Iterable
from functools import lru_cache

from aggregator.readme.outline import FieldPlace
from aggregator.readme.pieces import (
    Pieces,
    Span,
    attributes_of,
    is_start,
    name_of,
    plain,
    remove,
    rewrite,
    start_tag,
    text_between,
)

_ALERT = re.compile(r"\s*\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|\Z)", re.IGNORECASE)
_VALID_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z0-9]{2,8})*")
# A page 320 pixels wide shows about this many characters of code in a line.
_WIDE = re.compile(r"[^\n]{31}")
# Hebrew, Arabic and the other scripts that are written from the right.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_BLOCK = re.compile(
    r"<(?:p|h[2-6]|[uo]l|li|blockquote|t[dh]|d[td]|summary|figcaption|caption|div)(?=[ >])"
    r"(?![^>]* dir=)"
)
_ALIGNED = ("left", "center", "right")


def draw_alerts(pieces: Pieces, quotes: Iterable[Span]) -> None:
    """Turn `> [!NOTE]` block quotes into alerts; only those at the top level, as GitHub does.

    https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts
    """
    for start, end in quotes:
        opens = not pieces[start + 1].strip() and is_start(pieces[start + 2], "p")
        match = _ALERT.match(pieces[start + 3]) if opens else None
        if match and text_between(pieces, (start, end)).strip()[match.end() :].strip():
            _drop_marker(pieces, (start + 2, end), match.end())
            _draw_alert(pieces, (start, end), match[1].lower())


def _drop_marker(pieces: Pieces, rest: Span, length: int) -> None:
    """Drop the marker, and the paragraph if that is empty now; `rest` begins with it."""
    paragraph, end = rest
    pieces[paragraph + 1] = pieces[paragraph + 1][length:]
    if not pieces[paragraph + 1] and pieces[paragraph + 2].startswith("<br"):
        pieces[paragraph + 2] = ""
    inside = "".join(pieces[paragraph + 1 : end]).partition("</p>")[0]
    if not inside.strip():
        remove(pieces, (paragraph, pieces.index("</p>", paragraph)))


def _draw_alert(pieces: Pieces, quote: Span, kind: str) -> None:
    start, end = quote
    pieces[start] = (
        f'<div class="readme-alert readme-alert-{kind}" role="note">'
        f'<p class="readme-alert-title">{kind.capitalize()}</p>'
    )
    pieces[end] = "</div>"


def make_scrollable(pieces: Pieces, code: Iterable[Span], tables: Iterable[Span]) -> None:
    """Let wide code and tables be reached and scrolled by keyboard, inside their own box."""
    for span in code:
        start = pieces[span[0]]
        if start and " tabindex=" not in start and _is_wide(pieces, span):
            pieces[span[0]] = f'{start[:-1]} tabindex="0">'
    for number, (start_place, end_place) in enumerate(sorted(tables), 1):
        box = {"class": "readme-scroll", "role": "group", "tabindex": "0"}
        box["aria-label"] = f"Table {number}"
        pieces[start_place] = start_tag("div", box) + pieces[start_place]
        pieces[end_place] += "</div>"


def _is_wide(pieces: Pieces, code: Span) -> bool:
    # Escaped, a line is no shorter than as text.
    text = "".join(pieces[code[0] + 1 : code[1] : 2])
    return _WIDE.search(text) is not None and _WIDE.search(plain(text)) is not None


def name_checkboxes(pieces: Pieces, fields: Iterable[FieldPlace]) -> None:
    """Keep the checkboxes of task lists, name them for screen readers, drop other fields."""
    for place, list_place in fields:
        attributes = attributes_of(pieces[place])
        if attributes.get("type", "").lower() != "checkbox":
            pieces[place] = ""
            continue
        attributes["type"] = "checkbox"
        attributes["aria-label"] = "Done" if "checked" in attributes else "Not done"
        rewrite(pieces, place, attributes)
        if list_place and "task-list" not in pieces[list_place]:
            around = attributes_of(pieces[list_place]) | {"class": "task-list"}
            rewrite(pieces, list_place, around)


def modernise_alignment(pieces: Pieces) -> None:
    """Say `align` through classes: the attribute is obsolete in HTML."""
    for place in range(1, len(pieces), 2):
        if ' align="' in pieces[place]:
            pieces[place] = _modernised(pieces[place])


# The cells of a table have few different tags.
@lru_cache(maxsize=500)
def _modernised(tag: str) -> str:
    attributes = attributes_of(tag)
    value = attributes.pop("align", "").strip().lower()
    value = {"middle": "center", "centre": "center"}.get(value, value)
    if value in _ALIGNED:
        attributes["class"] = f"{attributes.get('class', '')} align-{value}".strip()
    return start_tag(name_of(tag), attributes)


def drop_wrong_languages(pieces: Pieces, places: Iterable[int]) -> None:
    """Drop `lang` values that name no human language, such as those of code fences."""
    for place in places:
        if ' lang="' in pieces[place]:
            attributes = attributes_of(pieces[place])
            if not _VALID_LANGUAGE.fullmatch(attributes.pop("lang", "")):
                rewrite(pieces, place, attributes)


def runs_right_to_left(text: str) -> bool:
    """Tell whether any of a text is written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def direct_blocks(pieces: Pieces) -> None:
    """Let each block run in the direction of its own first letter, as GitHub does.

    https://html.spec.whatwg.org/multipage/dom.html#the-dir-attribute
    """
    for place in range(1, len(pieces), 2):
        if pieces[place]:
            pieces[place] = _BLOCK.sub(r'\g<0> dir="auto"', pieces[place])
