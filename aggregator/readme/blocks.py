"""Blocks of a README as the page shows them: alerts, code, tables, checkboxes, alignment."""

import re

from turbohtml import Element, Text

from aggregator.readme.colours import name_of_language
from aggregator.readme.labels import ALERTS, DONE, NOT_DONE, SOURCES, TABLE
from aggregator.readme.markup import attributes_of, write_attributes
from aggregator.words.speech import say

_ALERT = re.compile(r"\s*\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|\Z)", re.IGNORECASE)
# A page 320 pixels wide shows about this many characters of code in a line.
_WIDE = re.compile(r"[^\n]{31}")
_SIDES = {side: side for side in ("left", "center", "right")} | {
    "middle": "center",
    "centre": "center",
}
# How much of a page things take: characters in a line, and lines.
_LINE = 75
_LINES_BETWEEN = 2
_LINES_OF_A_PICTURE = 8
# Hebrew, Arabic and the other scripts that are written from the right.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_DIRECTED = "p,h2,h3,h4,h5,h6,ul,ol,li,blockquote,td,th,dd,dt,summary,figcaption,caption,div"


def dress_blocks(root: Element) -> None:
    """Give every kind of block its form on the page."""
    for quote in root.find_all("blockquote"):
        if quote.parent == root:  # as on GitHub: one inside another block is no alert
            _draw_alert(quote)
    _drop_empty_paragraphs(root)
    for field in root.find_all("input"):
        _name_checkbox(field)
    for element in root.select("[align]"):
        # The attribute is obsolete in HTML.
        side = _SIDES.get(str(element.attrs.pop("align")).strip().lower())
        if side:
            element.attrs["class"] = f"{element.attr('class') or ''} align-{side}".strip()
    for code in root.find_all("pre"):
        _dress_code(code)
    for header in root.find_all("th"):
        if not header.text.strip() and header.find() is None:
            header.tag = "td"  # a header without words confuses screen readers
    for summary in root.find_all("summary"):
        inside = [node for node in summary if not isinstance(node, Text) or node.data.strip()]
        if [getattr(node, "tag", "") for node in inside] == ["p"]:
            inside[0].unwrap()  # it holds words; Markdown puts them into a paragraph
    for number, table in enumerate(root.find_all("table"), 1):
        # Wide tables are scrolled, by keyboard too, inside a box of their own.
        box = {"class": "readme-scroll", "role": "group", "tabindex": "0"}
        table.wrap(Element("div", box | {"aria-label": say(TABLE, number=number)}))


def _drop_empty_paragraphs(root: Element) -> None:
    """Drop paragraphs in which nothing stood, or nothing that is shown."""
    for paragraph in root.find_all("p"):
        if paragraph.find() is None and not paragraph.text.strip() and not paragraph.attr("id"):
            paragraph.decompose()


def _draw_alert(quote: Element) -> None:
    """Turn a `> [!NOTE]` block quote into an alert.

    https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#alerts
    """
    first = quote.find()
    marker = first[0] if first is not None and first.tag == "p" and first.children else None
    match = _ALERT.match(marker.data) if isinstance(marker, Text) else None
    if not match or not isinstance(marker, Text) or quote.text.strip() == match[0].strip():
        return
    marker.data = marker.data[match.end() :]
    following = marker.next_sibling
    if not marker.data and isinstance(following, Element) and following.tag == "br":
        following.decompose()
    if first is not None and not first.text.strip() and first.find() is None:
        first.decompose()
    kind = match[1].lower()
    write_attributes(quote, {"class": f"readme-alert readme-alert-{kind}", "role": "note"})
    quote.tag = "div"
    title = Element("p", {"class": "readme-alert-title"}, [Text(say(ALERTS[kind]))])
    quote.insert(0, title)


def _dress_code(code: Element) -> None:
    """Label what GitHub would draw, drop the language, and let wide lines be scrolled."""
    first = code[0] if code.children else None
    if isinstance(first, Text):
        # Every parser drops the first line end, and would drop another one each time.
        first.data = first.data.lstrip("\n")
    label = None
    if isinstance(first, Element) and first.tag == "code" and "lang" in code.attrs:
        label = SOURCES.get(name_of_language(str(code.attrs.pop("lang"))))
    if _WIDE.search(code.text):
        code.attrs.setdefault("tabindex", "0")
    if label:
        code.wrap(Element("div", {"class": "readme-source"}))
        code.insert_before(Element("p", {"class": "readme-source-label"}, [Text(say(label))]))


def _name_checkbox(field: Element) -> None:
    """Keep a checkbox of a task list and name it for screen readers; drop any other field."""
    if (field.attr("type") or "").lower() != "checkbox":
        field.decompose()
        return
    field.attrs["type"] = "checkbox"
    label = DONE if "checked" in field.attrs else NOT_DONE
    field.attrs["aria-label"] = say(label)
    items = field.closest("ul,ol")
    if items is not None:
        items.attrs["class"] = "task-list"


def runs_right_to_left(text: str) -> bool:
    """Tell whether any of a text is written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def direct_blocks(root: Element) -> None:
    """Let each block run in the direction of its own first letter, as GitHub does.

    https://html.spec.whatwg.org/multipage/dom.html#the-dir-attribute
    """
    for block in root.select(_DIRECTED):
        if block != root:
            write_attributes(block, {"dir": "auto"} | attributes_of(block))


def is_longer(root: Element, most: int) -> bool:
    """Guess whether a README takes more lines of a page than so many, pictures as several each."""
    lines = 0
    for block in root.select("p,li,pre,tr,img,h2,h3,h4,h5,h6"):
        if lines > most:
            break
        if block.tag == "pre":
            lines += block.text.count("\n") + 2
        elif block.tag == "img":
            lines += _LINES_OF_A_PICTURE
        elif block.tag in {"p", "tr"} or block.find("p") is None:
            lines += len(block.text) // _LINE + _LINES_BETWEEN
    return lines > most
