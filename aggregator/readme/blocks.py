"""Blocks of a parsed README: alerts, code, tables, checkboxes and alignment."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

_ALERT = re.compile(r"\s*\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|\Z)", re.IGNORECASE)
_VALID_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z0-9]{2,8})*")
# A page 320 pixels wide shows about this many characters of code in a line.
_FITS = 30
_ALIGNED = ("left", "center", "right")


def draw_alerts(parser: LexborHTMLParser, body: LexborNode) -> None:
    """Turn `> [!NOTE]` block quotes into alerts; only those at the top level, as GitHub does.

    https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts
    """
    for quote in list(body.iter()):
        if quote.tag == "blockquote":
            _draw_alert(parser, quote)


def _draw_alert(parser: LexborHTMLParser, quote: LexborNode) -> None:
    first = next(quote.iter(), None)
    if first is None or first.tag != "p" or first.first_child is None:
        return
    start = first.first_child
    match = _ALERT.match(start.text_content or "") if start.is_text_node else None
    if match is None or not quote.text().strip()[match.end() :].strip():
        return
    rest = (start.text_content or "")[match.end() :]
    if rest:
        start.replace_with(rest)
    else:
        _drop_marker(start)
    if not first.text().strip() and not first.css_first("img"):
        first.decompose()
    _rename(parser, quote, match[1].lower())


def _drop_marker(marker: LexborNode) -> None:
    after = marker.next
    if after is not None and after.tag == "br":
        after.decompose()
    marker.decompose()


def _rename(parser: LexborHTMLParser, quote: LexborNode, kind: str) -> None:
    alert = parser.create_node("div")
    alert.attrs["class"] = f"readme-alert readme-alert-{kind}"
    alert.attrs["role"] = "note"
    title = parser.create_node("p")
    title.attrs["class"] = "readme-alert-title"
    title.insert_child(kind.capitalize())
    quote.insert_before(alert, move=True)
    alert.insert_child(title, move=True)
    for child in list(quote.iter(include_text=True)):
        alert.insert_child(child, move=True)
    quote.decompose()


def make_scrollable(parser: LexborHTMLParser, body: LexborNode) -> None:
    """Let wide code and tables be reached and scrolled by keyboard, inside their own box."""
    for code in body.css("pre"):
        if max(map(len, code.text().split("\n"))) > _FITS:
            code.attrs["tabindex"] = "0"
    for number, table in enumerate(body.css("table"), 1):
        box = parser.create_node("div")
        box.attrs["class"] = "readme-scroll"
        box.attrs["role"] = "group"
        box.attrs["tabindex"] = "0"
        box.attrs["aria-label"] = f"Table {number}"
        table.insert_before(box, move=True)
        box.insert_child(table, move=True)


def name_checkboxes(body: LexborNode) -> None:
    """Keep the checkboxes of task lists, name them for screen readers, drop other fields."""
    for field in body.css("input"):
        if (field.attrs.get("type") or "").lower() != "checkbox":
            field.decompose()
            continue
        field.attrs["type"] = "checkbox"
        field.attrs["aria-label"] = "Done" if "checked" in field.attrs else "Not done"
        holder = field.parent
        if holder is not None and holder.tag == "p":
            holder = holder.parent
        if holder is not None and holder.tag == "li" and holder.parent is not None:
            holder.parent.attrs["class"] = "task-list"


def modernise_alignment(body: LexborNode) -> None:
    """Say `align` through classes: the attribute is obsolete in HTML."""
    for node in body.css("[align]"):
        value = (node.attrs["align"] or "").strip().lower()
        del node.attrs["align"]
        value = {"middle": "center", "centre": "center"}.get(value, value)
        if value in _ALIGNED:
            others = node.attrs.get("class") or ""
            node.attrs["class"] = f"{others} align-{value}".strip()


def drop_wrong_languages(body: LexborNode) -> None:
    """Drop `lang` values that name no human language, such as those of code fences."""
    for node in body.css("[lang]"):
        if not _VALID_LANGUAGE.fullmatch(node.attrs["lang"] or ""):
            del node.attrs["lang"]
