"""Bytes to `Readme`: chooses the parser of a format and runs the steps in their order.

    bytes -> text -> HTML (cmark-gfm, docutils, cells) -> finish -> sanitise -> Readme

Pure: nothing is read, written or remembered here. `workers` runs it where a hostile README can be
stopped.
"""

from dataclasses import dataclass, replace

from aggregator.readme import bombs, markdown
from aggregator.readme.code import mark_formulas
from aggregator.readme.decode import MAX_BYTES, Decoded, read_text
from aggregator.readme.finish import finish
from aggregator.readme.formats import Format, format_of
from aggregator.readme.models import Readme, ReadmeSource
from aggregator.readme.notebook import NotANotebookError, notebook_to_html
from aggregator.readme.plain import note_html, preformatted, show_as_text
from aggregator.readme.rst import ALERT_CLASSES, UnreadableError, rst_to_html
from aggregator.readme.sanitise import sanitise
from aggregator.readme.written import TooDeepError, tags_written

RENDERER_VERSION = "5"
# The largest READMEs people write come to half of this; the rest of the page is 40 kB.
MAX_HTML = 2_500_000


@dataclass(frozen=True, slots=True)
class _Raw:
    """Unsafe HTML, and where somebody's own tags may stand in it: everywhere when None."""

    html: str
    written: str | None = None
    spared: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def render(source: ReadmeSource) -> Readme:
    """Render a README; the same input gives the same bytes.

    Args:
        source: The bytes and where they stand.
    """
    read = read_text(source.data)
    if read.unreadable:
        return _not_shown(read.unreadable, source)
    text = read.text
    try:
        raw = _by_format(text, source)
        written = raw.html if raw.written is None else raw.written
        tags = replace(tags_written(written, raw.html), spared=raw.spared)
        page = finish(raw.html, tags, source)
    except TooDeepError:
        return show_as_text(text, source, "its markup is nested too deeply")
    except UnicodeDecodeError:
        return show_as_text(text, source, "it holds characters that cannot be displayed")
    if len(page.html) > MAX_HTML:
        return show_as_text(text, source, "its page would be too large to load")
    below = (*_broken_notes(read), *_cut_notes(source))
    html = sanitise(page.html + "".join(note_html(note, source) for note in below))
    return Readme(
        html=html,
        text=page.text,
        excerpt=page.excerpt,
        headings=page.headings,
        lead_image=page.lead_image,
        notes=(*raw.notes, *below),
    )


def render_markdown(text: str) -> str:
    """Render a member's own Markdown, such as the story of a project, through the same gate.

    Args:
        text: Markdown; its relative links have nothing to be relative to and are removed.
    """
    return render(story_source(text)).html


def story_source(text: str) -> ReadmeSource:
    """Wrap a member's own Markdown, for the workers to render."""
    return ReadmeSource(text.encode(errors="replace"), "story.md", "", "", "", web_base="")


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
    return mark_formulas(markdown.to_html(text))


def _restructured(text: str, source: ReadmeSource) -> _Raw:
    try:
        found = rst_to_html(text)
        return _Raw(found.html, found.written, ALERT_CLASSES)
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
    return _Raw(html, "", notes=(note,))


def _not_shown(reason: str, source: ReadmeSource) -> Readme:
    note = f"This README cannot be shown: {reason}."
    return Readme(html=sanitise(note_html(note, source)), notes=(note,))


def _broken_notes(read: Decoded) -> tuple[str, ...]:
    if not read.broken:
        return ()
    places = "One character" if read.broken == 1 else f"{read.broken} characters"
    return (f"{places} of this README could not be read, shown here as \ufffd.",)


def _cut_notes(source: ReadmeSource) -> tuple[str, ...]:
    if not source.truncated and len(source.data) <= MAX_BYTES:
        return ()
    return (f"Only the first {MAX_BYTES // 1000} kB of this README are shown.",)
