"""Bytes to `Readme`: chooses the parser of a format and runs the steps in their order.

    bytes -> text -> HTML (cmark-gfm, docutils, cells) -> finish -> sanitise -> Readme

Pure: nothing is read, written or remembered here. `workers` runs it where a hostile README can be
stopped.
"""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from html import escape

from aggregator.readme.blocks import direct_blocks, dress_blocks, runs_right_to_left
from aggregator.readme.encodings import Decoded, read_text
from aggregator.readme.excerpt import find_excerpt
from aggregator.readme.flat_html import (
    HEADINGS,
    FlatHtml,
    Outline,
    attributes_of,
    plain,
    rewrite,
    take_apart,
)
from aggregator.readme.formats import Format, UnreadableError, format_of
from aggregator.readme.handwritten import TooDeepError, canonical, link_films, names_written
from aggregator.readme.headings import anchor_headings, identify, point_links
from aggregator.readme.images import find_lead_image, place_images
from aggregator.readme.markdown import markdown_to_html, notebook_to_html
from aggregator.readme.readme import MAX_BYTES, Readme, ReadmeSource, story_source
from aggregator.readme.rst import ALERT_CLASSES, rst_to_html
from aggregator.readme.sanitise import sanitise
from aggregator.readme.shortcodes import replace_in_html

# The largest READMEs people write come to half of this; the rest of the page is 40 kB.
MAX_HTML = 2_500_000
_MOST_AS_TEXT = 200_000
# Attributes that only this site may give.
_OURS = frozenset({"role", "tabindex", "aria-label", "class", "style"})
_OURS_WRITTEN = re.compile(rf' (?:lang|{"|".join(sorted(_OURS))})="')
# The marks of footnotes and formulas are only names for the style sheet.
_MARKS = frozenset(
    {"footnotes", "footnote-ref", "footnote-backref", "math"}
    | {"readme-source", "readme-source-label"}
)
_VALID_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z0-9]{2,8})*")
_EMPTY_HEADER = re.compile(r"<th([^>]*)>\s*</th>")
# A summary holds words; Markdown puts them into a paragraph.
_WRAPPED_SUMMARY = re.compile(
    r"(<summary[^>]*>\s*)<p>([^<]*(?:<(?!/?p>|/?summary)[^<]*)*)</p>(\s*</summary>)"
)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """Unsafe HTML, and what of it somebody wrote by hand.

    Args:
        html: As the parser of a format wrote it.
        written: Where somebody's own tags may stand in it.
        spared: Values of `class` that the parser gives its own blocks.
        notes: What readers should know.
    """

    html: str
    written: str
    spared: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def render(source: ReadmeSource) -> Readme:
    """Render a README; the same input gives the same bytes.

    Args:
        source: The bytes and where they stand.
    """
    read = read_text(source.data)
    if read.unreadable:
        note = f"This README cannot be shown: {read.unreadable}."
        return Readme(html=sanitise(_note_html(note, source)), notes=(note,))
    try:
        parsed = _parse(read.text, source)
        names = names_written(parsed.written, parsed.html)
        readme = _finish(parsed.html, names, parsed.spared, source)
    except TooDeepError:
        return show_as_text(read.text, source, "its markup is nested too deeply")
    except UnicodeDecodeError:
        return show_as_text(read.text, source, "it holds characters that cannot be displayed")
    if len(readme.html) > MAX_HTML:
        return show_as_text(read.text, source, "its page would be too large to load")
    below = _notes_below(read, source)
    html = sanitise(readme.html + "".join(_note_html(note, source) for note in below))
    return replace(readme, html=html, notes=(*parsed.notes, *below))


def render_markdown(text: str) -> str:
    """Render a member's own Markdown, such as the story of a project, through the same gate.

    Args:
        text: Markdown; its relative links have nothing to be relative to and are removed.
    """
    return render(story_source(text)).html


def _finish(html: str, names: Set[str], spared: Set[str], source: ReadmeSource) -> Readme:
    """Bring a README's HTML into the shape of the page it will stand in.

    Args:
        html: Unsafe HTML as a parser of README formats wrote it.
        names: The elements that somebody wrote by hand in it.
        spared: Values of `class` that the parser gives its own blocks; they stay with their roles.
        source: Where the README stands, for its relative addresses.

    Returns:
        The README, its HTML not yet sanitised.
    """
    if "></th>" in html:
        html = _EMPTY_HEADER.sub(r"<td\1></td>", html)
    if "<summary" in html:
        html = _WRAPPED_SUMMARY.sub(r"\1\2\3", html)
    flat = take_apart(link_films(canonical(html, names)))
    replace_in_html(flat, (-1, len(flat)))
    if names:
        _remove_ours(flat, spared)
    outline = Outline(flat)
    images = place_images(flat, outline, source)
    headings = anchor_headings(flat, outline.named(*HEADINGS))
    point_links(flat, outline.named("a"), source, identify(flat, headings))
    excerpt = find_excerpt(flat, outline, source.repository.rpartition("/")[2])
    text = " ".join(plain("".join(flat[::2])).split())
    dress_blocks(flat, outline)
    if runs_right_to_left(text):
        direct_blocks(flat)
    lead_image = find_lead_image(flat, images)
    return Readme("".join(flat), text, excerpt, headings, lead_image)


def _remove_ours(flat: FlatHtml, spared: Set[str]) -> None:
    """Drop what only this site may say, and languages nobody speaks; spare the parsers' marks."""
    for place in range(1, len(flat), 2):
        if '="' not in flat[place] or not _OURS_WRITTEN.search(flat[place]):
            continue
        attributes = attributes_of(flat[place])
        dropped = _OURS
        if attributes.get("class") in spared:
            dropped = _OURS - {"aria-label", "class", "role"}
        elif attributes.get("class") in _MARKS:
            dropped = _OURS - {"aria-label", "class"}
        if not _VALID_LANGUAGE.fullmatch(attributes.get("lang", "en")):
            dropped |= {"lang"}
        if not dropped.isdisjoint(attributes):
            kept = {name: value for name, value in attributes.items() if name not in dropped}
            rewrite(flat, place, kept)


def show_as_text(text: str, source: ReadmeSource, reason: str) -> Readme:
    """Show a README as it was written, saying why and where it can be read properly.

    Args:
        text: What it says.
        source: Where it stands.
        reason: Completes "This README is shown as plain text: ...".
    """
    shown = _as_text(text[:_MOST_AS_TEXT], source, reason)
    words = " ".join(text[:_MOST_AS_TEXT].split())
    return Readme(html=sanitise(shown.html), text=words, notes=shown.notes)


def _parse(text: str, source: ReadmeSource) -> _Parsed:
    kind = format_of(source.path)
    try:
        if kind in _PARSERS:
            return _PARSERS[kind](text)
    except UnreadableError as error:
        return _as_text(text, source, str(error))
    if source.github_html:
        return _Parsed(source.github_html, source.github_html)
    return _as_text(text, source, f"it is written in {kind.value}")


def _parse_rst(text: str) -> _Parsed:
    html, written = rst_to_html(text)
    return _Parsed(html, written, ALERT_CLASSES)


def _parse_notebook(text: str) -> _Parsed:
    html = notebook_to_html(text)
    return _Parsed(html, html)


def _preformatted(text: str) -> str:
    direction = ' dir="auto"' if runs_right_to_left(text) else ""
    return f'<pre class="readme-plain" tabindex="0"{direction}>{escape(text, quote=False)}</pre>'


_PARSERS: dict[Format, Callable[[str], _Parsed]] = {
    Format.MARKDOWN: lambda text: _Parsed(markdown_to_html(text), text),
    Format.RST: _parse_rst,
    Format.NOTEBOOK: _parse_notebook,
    Format.PLAIN: lambda text: _Parsed(_preformatted(text), ""),
}


def _as_text(text: str, source: ReadmeSource, reason: str) -> _Parsed:
    note = f"This README is shown as plain text: {reason}."
    return _Parsed(_note_html(note, source) + _preformatted(text), "", notes=(note,))


def _note_html(note: str, source: ReadmeSource) -> str:
    """Say something about a README to its readers, with the way to the original."""
    link = f'<a href="{escape(source.page)}">Read it on GitHub</a>'
    return f'<p class="readme-note">{escape(note)} {link}.</p>'


def _notes_below(read: Decoded, source: ReadmeSource) -> tuple[str, ...]:
    notes = []
    if read.broken:
        places = "One character" if read.broken == 1 else f"{read.broken} characters"
        notes.append(f"{places} of this README could not be read, shown here as \ufffd.")
    if source.truncated or len(source.data) > MAX_BYTES:
        notes.append(f"Only the first {MAX_BYTES // 1000} kB of this README are shown.")
    return tuple(notes)
