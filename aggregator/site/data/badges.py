"""Badges for the READMEs of listed projects: small SVG images that need nothing else.

Text is measured with the widths of Verdana at 11 px, the face that badges are
set in, and `textLength` makes other faces fit.
"""

from collections.abc import Iterator

from aggregator.catalogue.types import Catalogue, Project
from aggregator.site.data.xml import escaped
from aggregator.site.files import File
from aggregator.site.theme import Theme
from aggregator.words.phrases import shortened

_PADDING = 7
_LABEL_LENGTH = 40
_WIDE, _NARROW, _USUAL = 9.6, 4.2, 6.9
_LEFT = "#3b3a36"
_GONE = "#6b6861"


def render_badges(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the badge of every project."""
    title = catalogue.showcase.title
    for project in catalogue.projects:
        erased = project.standing.outcome.erases
        fill = _GONE if erased else theme.accent.light
        text = "#ffffff" if erased else theme.accent.on_light
        label = shortened(title, _LABEL_LENGTH)
        svg = badge_svg(label, badge_message(project), fill, text)
        for page in (project.page, *project.previous_pages):
            yield File.of_text(_badge_of(page), svg)


def badge_path(project: Project) -> str:
    """Name the file of a project's badge."""
    return _badge_of(project.page)


def _badge_of(page: str) -> str:
    """Name the badge that goes with the address of a page, of today or of before a rename."""
    return f"badges/{page.removeprefix('projects/').rstrip('/')}.svg"


def badge_words(project: Project, title: str) -> str:
    """Say in words what the badge shows, for those who cannot see it."""
    return f"{shortened(title, _LABEL_LENGTH)}: {badge_message(project)}"


def badge_message(project: Project) -> str:
    """Choose what the right half of a badge says."""
    return project.standing.words.badge or project.stage or "listed"


def badge_svg(label: str, message: str, fill: str, text: str) -> str:
    """Draw a badge of two halves."""
    left, right = _width(label), _width(message)
    width = left + right
    words = escaped(f"{label}: {message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" '
        f'aria-label="{words}" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">'
        f"<title>{words}</title>"
        f'<clipPath id="r"><rect width="{width}" height="20" rx="4"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="{_LEFT}"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{fill}"/></g>'
        f"{_text(label, 0, left, '#ffffff')}{_text(message, left, right, text)}</svg>\n"
    )


def _text(words: str, x: int, width: int, fill: str) -> str:
    inner = width - 2 * _PADDING
    return (
        f'<text x="{x + _PADDING}" y="14" fill="{fill}" textLength="{inner}" '
        f'lengthAdjust="spacingAndGlyphs">{escaped(words)}</text>'
    )


def _width(words: str) -> int:
    return round(sum(_advance(character) for character in words)) + 2 * _PADDING


def _advance(character: str) -> float:
    if character in "mwMW%@":
        return _WIDE
    return _NARROW if character in "iljftrI.,:;'|!()[] " else _USUAL
