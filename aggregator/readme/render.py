"""Bytes to `Readme`: chooses the parser of a format and runs the steps in their order.

    bytes -> text -> HTML (cmark-gfm, docutils, cells) -> tree -> sanitise -> Readme

Pure: nothing is read, written or remembered here. `workers` runs it where a hostile README can be
stopped.
"""

from html import escape

from aggregator.readme import bombs, markdown
from aggregator.readme.code import colour_fences
from aggregator.readme.decode import MAX_BYTES, decode
from aggregator.readme.formats import Format, format_of
from aggregator.readme.models import Readme, ReadmeSource
from aggregator.readme.notebook import NotANotebookError, notebook_to_html
from aggregator.readme.plain import preformatted, show_as_text
from aggregator.readme.rst import rst_to_html
from aggregator.readme.sanitise import sanitise
from aggregator.readme.tree import finish

RENDERER_VERSION = "1"


class TooDeepError(ValueError):
    """A README nested so deeply that no parser would finish in time."""


def render(source: ReadmeSource) -> Readme:
    """Render a README; the same input gives the same bytes.

    Args:
        source: The bytes and where they stand.
    """
    text = decode(source.data)
    try:
        html, notes = _to_html(text, source)
    except TooDeepError:
        return show_as_text(text, source, "its markup is nested too deeply")
    except UnicodeDecodeError:
        return show_as_text(text, source, "it holds characters that cannot be displayed")
    page = finish(html, source)
    return Readme(
        html=sanitise(page.html),
        text=page.text,
        excerpt=page.excerpt,
        headings=page.headings,
        lead_image=page.lead_image,
        notes=notes,
    )


def render_markdown(text: str) -> str:
    """Render a member's own Markdown, such as the story of a project, through the same gate.

    Args:
        text: Markdown; its relative links have nothing to be relative to and are removed.
    """
    source = ReadmeSource(text.encode(errors="replace"), "story.md", "", "", "", web_base="")
    return render(source).html


def _to_html(text: str, source: ReadmeSource) -> tuple[str, tuple[str, ...]]:
    html, notes = _by_format(text, source)
    if bombs.is_too_deep(html):
        raise TooDeepError
    if source.truncated or len(source.data) > MAX_BYTES:
        note = f"Only the first {MAX_BYTES // 1000} kB of this README are shown."
        html += f'<p class="readme-note">{note} {_on_github(source)}.</p>'
        notes = (*notes, note)
    return html, notes


def _by_format(text: str, source: ReadmeSource) -> tuple[str, tuple[str, ...]]:
    kind = format_of(source.path)
    if kind is Format.MARKDOWN:
        return _markdown(text), ()
    if kind is Format.RST:
        return rst_to_html(text), ()
    if kind is Format.NOTEBOOK:
        return _notebook(text, source)
    if kind is Format.PLAIN:
        return preformatted(text), ()
    return _by_github(text, source, kind)


def _markdown(text: str) -> str:
    if bombs.is_bomb(text):
        raise TooDeepError
    return colour_fences(markdown.to_html(text))


def _notebook(text: str, source: ReadmeSource) -> tuple[str, tuple[str, ...]]:
    try:
        return notebook_to_html(text, _markdown), ()
    except NotANotebookError as error:
        return _as_text(text, source, str(error))


def _by_github(text: str, source: ReadmeSource, kind: Format) -> tuple[str, tuple[str, ...]]:
    """Use GitHub's rendering of a format that only GitHub renders, or show it as text."""
    if source.github_html:
        return source.github_html, ()
    return _as_text(text, source, f"it is written in {kind.value}")


def _as_text(text: str, source: ReadmeSource, reason: str) -> tuple[str, tuple[str, ...]]:
    note = f"This README is shown as plain text: {reason}."
    lead = f'<p class="readme-note">{escape(note)} {_on_github(source)}.</p>'
    return lead + preformatted(text), (note,)


def _on_github(source: ReadmeSource) -> str:
    return f'<a href="{escape(source.page)}">Read it on GitHub</a>'
