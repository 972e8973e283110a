"""Bytes to `Readme`: chooses the parser of a format and runs the steps in their order.

    bytes -> text -> HTML (cmark-gfm, docutils, cells) -> tree -> sanitise -> Readme

Pure: nothing is read, written or remembered here. `workers` runs it where a hostile README can be
stopped.
"""

import re
from dataclasses import dataclass

from aggregator.readme import bombs, markdown
from aggregator.readme.code import label_fences
from aggregator.readme.decode import MAX_BYTES, decode
from aggregator.readme.formats import Format, format_of
from aggregator.readme.models import Readme, ReadmeSource
from aggregator.readme.notebook import NotANotebookError, notebook_to_html
from aggregator.readme.plain import note_html, preformatted, show_as_text
from aggregator.readme.rst import UnreadableError, rst_to_html
from aggregator.readme.sanitise import KEPT, sanitise
from aggregator.readme.tree import finish

RENDERER_VERSION = "2"
# The largest READMEs people write come to half of this; the rest of the page is 40 kB.
MAX_HTML = 2_500_000
# More names than these are an attack, and not worth looking for one by one.
_MANY_NAMES = 100
# `<https://...>` is a link.
_TAG = re.compile(r"<(?!https?://)([A-Za-z][A-Za-z0-9]*)")


@dataclass(frozen=True, slots=True)
class _Raw:
    """Unsafe HTML, and where somebody's own tags may stand in it: everywhere when None."""

    html: str
    written: str | None = None
    notes: tuple[str, ...] = ()


class TooDeepError(ValueError):
    """A README nested so deeply that no parser would finish in time."""


def render(source: ReadmeSource) -> Readme:
    """Render a README; the same input gives the same bytes.

    Args:
        source: The bytes and where they stand.
    """
    text = decode(source.data)
    try:
        raw = _by_format(text, source)
        tags = _tags_written(raw)
        page = finish(raw.html, tags, source)
    except TooDeepError:
        return show_as_text(text, source, "its markup is nested too deeply")
    except UnicodeDecodeError:
        return show_as_text(text, source, "it holds characters that cannot be displayed")
    if len(page.html) > MAX_HTML:
        return show_as_text(text, source, "its page would be too large to load")
    cut = _cut_notes(source)
    html = sanitise(page.html + "".join(note_html(note, source) for note in cut))
    return Readme(
        # Taking an element away can leave its content where a parser would not put it; a second
        # time finds nothing to take away and writes it as every parser reads it.
        html=sanitise(html) if tags - KEPT else html,
        text=page.text,
        excerpt=page.excerpt,
        headings=page.headings,
        lead_image=page.lead_image,
        notes=(*raw.notes, *cut),
    )


def render_markdown(text: str) -> str:
    """Render a member's own Markdown, such as the story of a project, through the same gate.

    Args:
        text: Markdown; its relative links have nothing to be relative to and are removed.
    """
    source = ReadmeSource(text.encode(errors="replace"), "story.md", "", "", "", web_base="")
    return render(source).html


def _by_format(text: str, source: ReadmeSource) -> _Raw:
    kind = format_of(source.path)
    if kind is Format.MARKDOWN:
        return _Raw(_markdown(text), text)
    if kind is Format.RST:
        return _restructured(text, source)
    if kind is Format.NOTEBOOK:
        return _notebook(text, source)
    if kind is Format.PLAIN:
        return _Raw(preformatted(text), "")
    if source.github_html:
        return _Raw(source.github_html)
    return _as_text(text, source, f"it is written in {kind.value}")


def _markdown(text: str) -> str:
    if bombs.is_tower(text):
        raise TooDeepError
    return label_fences(markdown.to_html(text))


def _restructured(text: str, source: ReadmeSource) -> _Raw:
    try:
        return _Raw(rst_to_html(text), "")
    except UnreadableError as error:
        return _as_text(text, source, str(error))


def _notebook(text: str, source: ReadmeSource) -> _Raw:
    try:
        return _Raw(notebook_to_html(text, _markdown))
    except NotANotebookError as error:
        return _as_text(text, source, str(error))


def _as_text(text: str, source: ReadmeSource, reason: str) -> _Raw:
    note = f"This README is shown as plain text: {reason}."
    html = note_html(note, source) + preformatted(text)
    return _Raw(html, "", (note,))


def _cut_notes(source: ReadmeSource) -> tuple[str, ...]:
    if not source.truncated and len(source.data) <= MAX_BYTES:
        return ()
    return (f"Only the first {MAX_BYTES // 1000} kB of this README are shown.",)


def _tags_written(raw: _Raw) -> frozenset[str]:
    """Name the tags somebody wrote by hand; most READMEs have few, and need little checking."""
    written = raw.html if raw.written is None else raw.written
    tags = [tag.lower() for tag in _TAG.findall(written)]
    # Tags in code are tags in the Markdown only: what counts is the HTML, which takes longer.
    if bombs.is_too_deep(written, tags) and bombs.is_too_deep(raw.html, tags):
        raise TooDeepError
    return _in_use(frozenset(tags), raw.html)


def _in_use(tags: frozenset[str], html: str) -> frozenset[str]:
    """Leave out the tags that stand in code only, where they are text."""
    if not tags or len(tags) > _MANY_NAMES:
        return tags
    lowered = html.lower()
    return frozenset(tag for tag in tags if f"<{tag}" in lowered)
