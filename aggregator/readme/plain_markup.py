"""Org, AsciiDoc, Textile, MediaWiki and their like read lightly, where GitHub cannot be asked.

Titles, paragraphs and addresses are read, which is what a card, a search and the list of headings
need; every other block is shown as it was written, so that no word is lost or given a meaning that
its author did not give it.
"""

import re
from collections.abc import Iterator
from html import escape

_MOST_BLOCKS = 5_000
_LONGEST_LINE = 5_000
# By format: how a heading begins, the marks in it that count its level. POD and MediaWiki differ.
_HEADINGS: dict[str, re.Pattern[str]] = {
    "Org": re.compile(r"(?P<marks>\*{1,6})[ \t]+(?P<title>\S.*)"),
    "AsciiDoc": re.compile(r"(?P<marks>={1,6}|#{1,6})[ \t]+(?P<title>\S.*)"),
    "Textile": re.compile(r"h(?P<level>[1-6])(?:[(\[{][^.\n]*)?\.[ \t]+(?P<title>\S.*)"),
    "Creole": re.compile(r"(?P<marks>={1,6})[ \t]*(?P<title>[^=\s].*?)[ \t]*=*[ \t]*"),
    "MediaWiki markup": re.compile(r"(?P<marks>={1,6})[ \t]*(?P<title>[^=\s].*?)[ \t]*=+[ \t]*"),
    "POD": re.compile(r"=(?:head|TITLE)(?P<level>[1-6]?)[ \t]+(?P<title>\S.*)"),
    "RDoc": re.compile(r"(?P<marks>={1,6})[ \t]*(?P<title>[^=\s].*)"),
}
_TITLES = {"Org": re.compile(r"#\+title:[ \t]*(\S.*)", re.IGNORECASE)}
# Lines for programs, which their readers do not show.
_SILENT: dict[str, re.Pattern[str]] = {
    "Org": re.compile(r"#\+(?!begin|end)[\w-]+:.*|# .*|:[\w-]+:.*", re.IGNORECASE),
    "AsciiDoc": re.compile(r":!?[\w-]+!?:.*|//(?!/).*"),
    "MediaWiki markup": re.compile(r"__[A-Z]+__"),
    "POD": re.compile(r"=(?:pod|cut|encoding\b.*|begin pod|end pod)"),
}
# How a block begins that is no paragraph: lists, tables, pictures, code, quotations, orders.
_NO_PROSE = re.compile(
    r"[ \t]|[-*#+|:;.=!<{\[`/~_$>%&@]|\d+[.)]|(?:bq|bc|pre|table|fn\d+)\.|[-=]{3}"
)
_BEGINS_LINK = re.compile(r"\[\[(?!(?:File|Image|Category):)|\[https?://|https?://|link:")
_FENCES = {
    "Org": (
        re.compile(r"[ \t]*#\+begin_", re.IGNORECASE),
        re.compile(r"[ \t]*#\+end_", re.IGNORECASE),
    ),
    "AsciiDoc": (re.compile(r"(?:-{4,}|\.{4,}|={4,}|\+{4,}|/{4,}|\|===)[ \t]*$"),) * 2,
}
_ADDRESS = r"(?:https?://|mailto:)[^\s\[\]|<>\"]{1,500}"
_LINKS: dict[str, re.Pattern[str]] = {
    "Org": re.compile(rf"\[\[(?P<to>{_ADDRESS})\](?:\[(?P<words>[^\[\]]{{1,300}})\])?\]"),
    "AsciiDoc": re.compile(rf"(?:link:)?(?P<to>{_ADDRESS})\[(?P<words>[^\[\]]{{0,300}})\]"),
    "Textile": re.compile(rf"\"(?P<words>[^\"\n]{{1,300}})\":(?P<to>{_ADDRESS})(?<![.,;)])"),
    "Creole": re.compile(rf"\[\[(?P<to>{_ADDRESS})(?:\|(?P<words>[^\[\]]{{1,300}}))?\]\]"),
    "MediaWiki markup": re.compile(
        rf"\[(?P<to>{_ADDRESS})(?:[ \t]+(?P<words>[^\[\]]{{1,300}}))?\]"
    ),
    "RDoc": re.compile(rf"\{{(?P<words>[^{{}}]{{1,300}})\}}\[(?P<to>{_ADDRESS})\]"),
    "POD": re.compile(rf"L<(?:(?P<words>[^<>|]{{1,300}})\|)?(?P<to>{_ADDRESS})>"),
}


def reads(kind: str) -> bool:
    """Tell whether a format is read here."""
    return kind in _HEADINGS


def plain_markup_to_html(text: str, kind: str) -> str:
    r"""Give titles and paragraphs as such, everything else as it was written; still unsafe.

    Args:
        text: The document with `\n` line ends.
        kind: Its format, as `format_of` names it; one that `reads` knows.
    """
    blocks = list(_blocks(text.split("\n"), kind))
    shown = [_block(block, kind) for block in blocks[:_MOST_BLOCKS]]
    rest = "\n\n".join("\n".join(block) for block in blocks[_MOST_BLOCKS:])
    return "\n".join([*shown, _as_written(rest)] if rest else shown)


def _blocks(lines: list[str], kind: str) -> Iterator[list[str]]:
    """Split lines at what is empty and around headings; what is fenced stays together."""
    block: list[str] = []
    begins, ends = _FENCES.get(kind, (None, None))
    is_fenced = False
    for line in lines:
        if is_fenced or (begins is not None and begins.match(line)):
            if block and not is_fenced:
                yield block
                block = []
            is_fenced = not (is_fenced and ends is not None and ends.match(line))
            block.append(line)
        elif not line.strip() or _heading(line, kind) or _is_silent(line, kind):
            if block:
                yield block
            block = []
            if line.strip() and not (_is_silent(line, kind) and not _heading(line, kind)):
                yield [line]
        else:
            block.append(line)
    if block:
        yield block


def _is_silent(line: str, kind: str) -> bool:
    return kind in _SILENT and _SILENT[kind].fullmatch(line) is not None


def _heading(line: str, kind: str) -> str:
    if len(line) > _LONGEST_LINE:
        return ""
    title = _TITLES[kind].fullmatch(line) if kind in _TITLES else None
    if title:
        return f"<h1>{_inline(title[1], kind)}</h1>"
    match = _HEADINGS[kind].fullmatch(line)
    if not match:
        return ""
    found = match.groupdict()
    level = int(found.get("level") or len(found.get("marks") or "1"))
    return f"<h{level}>{_inline(found['title'], kind)}</h{level}>"


def _block(lines: list[str], kind: str) -> str:
    heading = _heading(lines[0], kind) if len(lines) == 1 else ""
    if heading:
        return heading
    text = "\n".join(lines)
    is_fenced = kind in _FENCES and _FENCES[kind][0].match(lines[0])
    is_prose = not _NO_PROSE.match(text) or _BEGINS_LINK.match(text)
    if is_fenced or not is_prose or max(map(len, lines)) > _LONGEST_LINE:
        return _as_written(text)
    return f"<p>{_inline(text, kind)}</p>"


def _as_written(text: str) -> str:
    return f"<pre>{escape(text, quote=False)}</pre>"


def _inline(text: str, kind: str) -> str:
    """Link addresses that are marked as links; other marks stay as they are."""
    parts, done = [], 0
    for match in _LINKS[kind].finditer(text):
        words = match["words"] or match["to"]
        link = f'<a href="{escape(match["to"])}">{escape(words, quote=False)}</a>'
        parts += [escape(text[done : match.start()], quote=False), link]
        done = match.end()
    return "".join([*parts, escape(text[done:], quote=False)])
