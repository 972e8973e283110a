"""Bytes to `Readme`: chooses the parser of a format and runs the steps in their order.

    bytes -> text -> HTML (cmark-gfm, docutils, cells) -> a tree -> its steps -> sanitise -> Readme

Pure: nothing is read, written or remembered here. `workers` runs it where a hostile README can be
stopped.
"""

import re
from dataclasses import replace
from html import escape
from typing import Any
from zlib import Z_BEST_SPEED, compress

from turbohtml import Element

from aggregator.readme.blocks import direct_blocks, dress_blocks, is_longer, runs_right_to_left
from aggregator.readme.cautions import find_cautions
from aggregator.readme.colours import colour_code
from aggregator.readme.diagrams import draw_diagrams
from aggregator.readme.encodings import read_text
from aggregator.readme.excerpt import Excerpt, find_excerpt
from aggregator.readme.formats import (
    MARKDOWN,
    NOTEBOOK,
    PLAIN,
    QUARTO,
    RST,
    UnreadableError,
    format_of,
)
from aggregator.readme.formulas import show_formulas
from aggregator.readme.images import place_images, undo_github
from aggregator.readme.labels import (
    AS_TEXT,
    NOT_READ,
    NOT_SHOWN,
    ONE_BLOCK,
    ONLY_THE_FIRST,
    READ_IN_PART,
    READ_IT,
    TOO_LARGE,
    UNDISPLAYABLE,
    WRITTEN_IN,
)
from aggregator.readme.lead_image import find_lead_image
from aggregator.readme.links import anchor_headings, point_links
from aggregator.readme.markdown import markdown_to_html
from aggregator.readme.markup import MOST_PROSE, parse, prose_of, read_markup
from aggregator.readme.mathml import draw_formulas
from aggregator.readme.notebooks import notebook_to_html
from aggregator.readme.pictures import Pictures, is_held, point_pictures
from aggregator.readme.plain_markup import plain_markup_to_html, reads
from aggregator.readme.quarto import quarto_to_markdown
from aggregator.readme.readme import MAX_BYTES, Readme, ReadmeSource
from aggregator.readme.sanitise import ALERT_CLASSES, sanitise
from aggregator.readme.start import find_start
from aggregator.readme.ways import OwnNames, names_a_way, packages_of
from aggregator.words.speech import say, speaking

# The largest READMEs people write come to half of this; the rest of the page is 40 kB.
MAX_HTML = 2_500_000
# Of a text that would come to more than this only the beginning is shown.
_MOST_AS_TEXT = 1_000_000
_BEGINNING = 200_000
# Formats whose parsers draw alerts; in the others `blocks` does.
_WITH_ALERTS = frozenset({RST, QUARTO, NOTEBOOK})
_THREE_SCREENS = 110  # lines
# A page comes to 40 kB at its first load, compressed and without images; so much of it may be its
# README. What is larger stands on a page of its own.
_FIRST_LOAD = 14_000
_WEIGHED = 8 * _FIRST_LOAD  # before it is compressed
_BLANK_LINES = re.compile(r"\n[ \t\r]*\n")
_UNDERLINED = re.compile(r"^\s*([=~*#-])\1{2,}\s*$", re.MULTILINE)
_GAP = re.compile(r"\t|   |\.{4}")
_WORD_AND_GAP = re.compile(r"\w(?:\t|   |\.{4}|/ )")
_EMPHASIS = re.compile(r"(?<!\w)[*`_]+(?=\w)|(?<=\w)[*`_]+(?!\w)")
# Where the README of a whole repository stands; elsewhere it speaks of a part.
_OF_THE_PROJECT = frozenset({"", ".github", "docs"})
# Pictures and outputs make notebooks large, and half a notebook is none.
_MOST_OF_A_NOTEBOOK = 2_000_000  # bytes


def render(source: ReadmeSource) -> Readme:
    """Render a README; the same input gives the same bytes.

    Args:
        source: The bytes and where they stand.
    """
    with speaking(source.speech):
        return _rendered(source)


def _rendered(source: ReadmeSource) -> Readme:
    most = _MOST_OF_A_NOTEBOOK if format_of(source.path) == NOTEBOOK else MAX_BYTES
    read = read_text(source.data, most)
    if read.unreadable:
        return _with_notes(Readme(""), source, say(NOT_SHOWN, reason=read.unreadable))
    try:
        readme = _page(read.text, source)
    except UnreadableError as error:
        readme = show_as_text(read.text, source, str(error))
    except UnicodeDecodeError:
        readme = show_as_text(read.text, source, say(UNDISPLAYABLE))
    notes = []
    kind = format_of(source.path)
    if reads(kind) and not source.github_html and not readme.notes:
        notes.append(say(READ_IN_PART, kind=kind))
    if read.broken:
        notes.append(say(NOT_READ, count=read.broken))
    if source.truncated or len(source.data) > most:
        notes.append(say(ONLY_THE_FIRST, size=most // 1000))
    return _with_notes(readme, source, *notes)


def show_as_text(text: str, source: ReadmeSource, reason: str) -> Readme:
    """Show a README as it was written, saying why and where it can be read properly.

    Args:
        text: What it says.
        source: Where it stands.
        reason: Completes "This README is shown as plain text: ...".
    """
    note = say(AS_TEXT, reason=reason)
    readme = _plain(text)
    if len(str(readme.html)) > _MOST_AS_TEXT:
        readme = _plain(text[:_BEGINNING])
    return _with_notes(readme, source, note, are_above=True)


def _page(text: str, source: ReadmeSource) -> Readme:
    """Bring a README into the shape of the page it will stand in, not yet sanitised."""
    kind = format_of(source.path)
    if kind == PLAIN:
        name = source.repository.rpartition("/")[2]
        said = find_excerpt(_paragraphs(text[:_BEGINNING]), name)
        return replace(_plain(text), **_excerpt_fields(said))
    pictures = Pictures()
    html = _parsed(text, source, pictures)
    root = read_markup(html, ALERT_CLASSES if kind in _WITH_ALERTS else frozenset())
    show_formulas(root, html)
    if html is source.github_html:
        undo_github(root)
    names = OwnNames(source.repository, packages_of(root))
    place_images(root, source)
    lead_image = find_lead_image(root, source)
    if lead_image and is_held(lead_image.url):  # other pages could not show it
        lead_image = None
    drawings = point_pictures(root, pictures) if source.repository else ()
    headings = anchor_headings(root)
    point_links(root, headings, source)
    excerpt = find_excerpt(root, source.repository.rpartition("/")[2])
    is_its_own = bool(source.repository) and source.folder in _OF_THE_PROJECT
    start = find_start(root, names) if is_its_own else None
    caution, needs = find_cautions(root) if is_its_own else (None, None)
    words = " ".join(root.text.split())
    prose = prose_of(root)
    is_long = is_longer(root, _THREE_SCREENS)
    if not source.undrawn:
        # What a member wrote for us stands on several pages; nothing is published beside them.
        drawings += draw_diagrams(root) if source.repository else ()
        draw_formulas(root)
        colour_code(root)
    dress_blocks(root)
    if runs_right_to_left(words):
        direct_blocks(root)
    html = root.inner_html
    if len(html) > MAX_HTML:
        raise UnreadableError(say(TOO_LARGE))
    return Readme(
        html,
        words,
        headings=headings,
        lead_image=lead_image,
        start=start,
        caution=caution,
        needs=needs,
        names_a_way=names_a_way(words),
        is_long=is_long,
        beginning=_beginning(root, html),
        drawings=drawings,
        prose=prose,
        **_excerpt_fields(excerpt),
    )


def _excerpt_fields(found: Excerpt | None) -> dict[str, Any]:
    return {"excerpt": found and found.text, "excerpt_is_sure": bool(found and found.is_sure)}


def _parsed(text: str, source: ReadmeSource, pictures: Pictures) -> str:
    kind = format_of(source.path)
    if kind == MARKDOWN:
        return markdown_to_html(text)
    if kind == QUARTO:
        return markdown_to_html(quarto_to_markdown(text))
    if kind == NOTEBOOK:
        return notebook_to_html(text, pictures)
    if kind == RST:
        # Only here: docutils takes a third of a worker's start, and most READMEs are Markdown.
        from aggregator.readme.rst import rst_to_html  # noqa: PLC0415 - see above

        return rst_to_html(text)
    if source.github_html:
        return source.github_html
    if reads(kind):
        return plain_markup_to_html(text, kind)
    raise UnreadableError(say(WRITTEN_IN, kind=kind))


def _beginning(root: Element, html: str) -> str:
    """Give the first blocks of a README that is too large for the first load of its page."""
    weight = _weight(html) if len(html) > _FIRST_LOAD else 0
    if weight <= _FIRST_LOAD:
        return ""
    left = _FIRST_LOAD * len(html) // weight
    kept = []
    for node in root:
        block = node.html if isinstance(node, Element) else ""
        left -= len(block)
        if left < 0:
            break
        kept.append(block)
    return "".join(kept) or f"<p>{escape(say(ONE_BLOCK))}</p>"


def _weight(html: str) -> int:
    """Give how many bytes HTML is compressed, where that may be too many for a first load; else 0.

    To compress in haste takes a third of the time, and shows of most that they are small enough.
    What is surely too large is weighed by its first part, which is the one that is shown, unless
    that part alone is light.
    """
    data = html.encode()
    if len(data) > _WEIGHED:
        first = len(compress(data[:_WEIGHED])) * len(data) // _WEIGHED
        return first if first > _FIRST_LOAD else len(compress(data))
    return 0 if len(compress(data, Z_BEST_SPEED)) <= _FIRST_LOAD else len(compress(data))


def _paragraphs(text: str) -> Element:
    """Read plain text as paragraphs, and as headings what is underlined."""
    blocks = (_EMPHASIS.sub("", block).strip() for block in _BLANK_LINES.split(text))
    tags = (
        (("h1" if _UNDERLINED.search(block) else "p"), block)
        for block in blocks
        if block and not _is_of_rows(block)
    )
    return parse("".join(f"<{tag}>{escape(block)}</{tag}>" for tag, block in tags))


def _is_of_rows(block: str) -> bool:
    """Recognise a table of plain text, or of contents: two lines with gaps between words."""
    has_gap = [_GAP.search(line.lstrip()) is not None for line in block.split("\n")]
    rows = zip(has_gap, block.split("\n")[1:], strict=False)
    return any(gap and _WORD_AND_GAP.search(line) for gap, line in rows)


def _plain(text: str) -> Readme:
    direction = ' dir="auto"' if runs_right_to_left(text) else ""
    escaped = escape(text, quote=False)
    html, first = (
        f'<pre class="readme-plain" tabindex="0"{direction}>{said}</pre>'
        for said in (escaped, escape(text[:_FIRST_LOAD], quote=False))
    )
    is_large = len(text) > _FIRST_LOAD and _weight(html) > _FIRST_LOAD
    return Readme(
        html,
        " ".join(text.split()),
        is_long=text.count("\n") > _THREE_SCREENS,
        beginning=first if is_large else "",
        prose=text[:MOST_PROSE],
    )


def _with_notes(
    readme: Readme, source: ReadmeSource, *notes: str, are_above: bool = False
) -> Readme:
    """Sanitise a README and say something about it to its readers, with the way to the original."""
    link = f'<a href="{escape(source.page)}">{escape(say(READ_IT))}</a>'
    said = "".join(f'<p class="readme-note">{escape(note)} {link}.</p>' for note in notes)
    html = f"{said}{readme.html}" if are_above else f"{readme.html}{said}"
    return replace(
        readme,
        html=sanitise(html),
        beginning=sanitise(str(readme.beginning)) if readme.beginning else "",
        notes=(*readme.notes, *notes),
    )
