"""Blocks of a README as the page shows them: alerts, code, tables, checkboxes, alignment.

Each function changes the flat HTML in place; which order they run in is up to `finish`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from aggregator.readme.flat_html import (
    CLOSED,
    NESTING,
    Element,
    FlatHtml,
    Outline,
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
# A quote in one of these is no alert, as on GitHub: only those at the top level are.
_AROUND_QUOTES = NESTING | CLOSED
# What GitHub draws of a code fence and this site, which runs no scripts for it, shows as source.
# Code is shown in one colour: spans for its tokens took nearly a third of the time of rendering.
_SOURCES = {
    "mermaid": "Diagram, as Mermaid source",
    "math": "Formula, as LaTeX source",
    "geojson": "Map, as GeoJSON source",
    "topojson": "Map, as TopoJSON source",
    "stl": "3D model, as STL source",
}
# A page 320 pixels wide shows about this many characters of code in a line.
_WIDE = re.compile(r"[^\n]{31}")
# Hebrew, Arabic and the other scripts that are written from the right.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_DIRECTED = re.compile(
    r"<(?:p|h[2-6]|[uo]l|li|blockquote|t[dh]|d[td]|summary|figcaption|caption|div)(?=[ >])"
    r"(?![^>]* dir=)"
)


def dress_blocks(flat: FlatHtml, outline: Outline) -> None:
    """Give every kind of block its form on the page."""
    _draw_alerts(flat, outline.named("blockquote"))
    _name_checkboxes(flat, outline.named("input"))
    for place in range(1, len(flat), 2):
        if ' align="' in flat[place]:
            flat[place] = _modernised(flat[place])
    for code in outline.named("pre"):
        _dress_code(flat, code)
    for number, table in enumerate(outline.named("table"), 1):
        # Wide tables are scrolled, by keyboard too, inside a box of their own.
        box = {"class": "readme-scroll", "role": "group", "tabindex": "0"}
        box["aria-label"] = f"Table {number}"
        flat[table.start] = start_tag("div", box) + flat[table.start]
        flat[table.end] += "</div>"


def _draw_alerts(flat: FlatHtml, quotes: Iterable[Element]) -> None:
    """Turn `> [!NOTE]` block quotes into alerts.

    https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts
    """
    for quote in quotes:
        start, end = quote.span
        opens = not flat[start + 1].strip() and is_start(flat[start + 2], "p")
        match = _ALERT.match(flat[start + 3]) if opens else None
        if not match or quote.closest(_AROUND_QUOTES):
            continue
        if text_between(flat, quote.span).strip()[match.end() :].strip():
            _drop_marker(flat, start + 2, end, match.end())
            kind = match[1].lower()
            flat[start] = (
                f'<div class="readme-alert readme-alert-{kind}" role="note">'
                f'<p class="readme-alert-title">{kind.capitalize()}</p>'
            )
            flat[end] = "</div>"


def _drop_marker(flat: FlatHtml, paragraph: int, end: int, length: int) -> None:
    """Drop the marker of an alert, and its paragraph if that is empty now."""
    flat[paragraph + 1] = flat[paragraph + 1][length:]
    if not flat[paragraph + 1] and flat[paragraph + 2].startswith("<br"):
        flat[paragraph + 2] = ""
    inside = "".join(flat[paragraph + 1 : end]).partition("</p>")[0]
    if not inside.strip():
        remove(flat, (paragraph, flat.index("</p>", paragraph)))


def _dress_code(flat: FlatHtml, code: Element) -> None:
    """Label what GitHub would draw, drop the language, and let wide lines be scrolled."""
    start, end = code.span
    if not flat[start]:
        return
    # Every parser drops the first line end, and would drop another one each time.
    flat[start + 1] = flat[start + 1].lstrip("\n")
    box = ' tabindex="0"' if _is_wide(flat, code) else ""
    if flat[start].startswith("<pre lang=") and flat[start + 2] == "<code>":
        written = attributes_of(flat[start]).get("lang", "").split()
        label = _SOURCES.get(written[0].strip("{}.").lower()) if written else None
        before = f'<div class="readme-source"><p class="readme-source-label">{label}</p>'
        flat[start] = (before if label else "") + f"<pre{box}>"
        flat[end] = "</pre></div>" if label else "</pre>"
    elif " tabindex=" not in flat[start]:
        flat[start] = f"{flat[start][:-1]}{box}>"


def _is_wide(flat: FlatHtml, code: Element) -> bool:
    # Escaped, a line is no shorter than as text.
    text = "".join(flat[code.start + 1 : code.end : 2])
    return _WIDE.search(text) is not None and _WIDE.search(plain(text)) is not None


def _name_checkboxes(flat: FlatHtml, fields: Iterable[Element]) -> None:
    """Keep the checkboxes of task lists, name them for screen readers, drop other fields."""
    for field in fields:
        attributes = attributes_of(flat[field.start])
        if attributes.get("type", "").lower() != "checkbox":
            flat[field.start] = ""
            continue
        attributes["type"] = "checkbox"
        attributes["aria-label"] = "Done" if "checked" in attributes else "Not done"
        rewrite(flat, field.start, attributes)
        items = field.closest({"ul", "ol"})
        if items and "task-list" not in flat[items.start]:
            rewrite(flat, items.start, attributes_of(flat[items.start]) | {"class": "task-list"})


# The cells of a table have few different tags.
@lru_cache(maxsize=500)
def _modernised(tag: str) -> str:
    """Say `align` through a class: the attribute is obsolete in HTML."""
    attributes = attributes_of(tag)
    value = attributes.pop("align", "").strip().lower()
    value = {"middle": "center", "centre": "center"}.get(value, value)
    if value in {"left", "center", "right"}:
        attributes["class"] = f"{attributes.get('class', '')} align-{value}".strip()
    return start_tag(name_of(tag), attributes)


def runs_right_to_left(text: str) -> bool:
    """Tell whether any of a text is written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def direct_blocks(flat: FlatHtml) -> None:
    """Let each block run in the direction of its own first letter, as GitHub does.

    https://html.spec.whatwg.org/multipage/dom.html#the-dir-attribute
    """
    for place in range(1, len(flat), 2):
        if flat[place]:
            flat[place] = _DIRECTED.sub(r'\g<0> dir="auto"', flat[place])
