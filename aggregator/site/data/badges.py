"""Badges for the READMEs of listed projects: small SVG images that need nothing else.

Text is measured with the widths of Verdana at 11 px, the face that badges are
set in, and `textLength` makes other faces fit.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aggregator.catalogue.types import Project
from aggregator.site.colour import Accent
from aggregator.site.data.xml import escaped
from aggregator.site.frame import group_name
from aggregator.site.recipes import File
from aggregator.words.phrases import shortened
from aggregator.words.speech import say

_PADDING = 7
_LABEL_LENGTH = 40
_WIDE, _NARROW, _USUAL = 9.6, 4.2, 6.9
_LEFT = "#3b3a36"
# Of what is gone: grey, whatever the accent, so that nobody takes it for a listed project.
_GONE = "#6b6861"


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says in its two halves, and the colours of the right one."""

    label: str
    message: str
    fill: str
    text: str


def badges(title: str, projects: Iterable[Project], accent: Accent) -> Iterator[File]:
    """Make the badge of every project, at its old addresses too; `title` is the showcase's."""
    label = shortened(title, _LABEL_LENGTH)
    for project in projects:
        erased = project.standing.outcome.erases
        colours = (_GONE, "#ffffff") if erased else (accent.light, accent.on_light)
        badge = Badge(label, badge_message(project), *colours)
        for page in (project.page, *project.previous_pages):
            yield File(badge_path(page), badge, badge_svg)


def badge_path(page: str) -> str:
    """Name the badge that goes with the address of a page, of today or of before a rename."""
    return f"badges/{page.removeprefix('projects/').rstrip('/')}.svg"


def badge_words(project: Project, title: str) -> str:
    """Say in words what the badge shows, for those who cannot see it."""
    return f"{shortened(title, _LABEL_LENGTH)}: {badge_message(project)}"


def badge_message(project: Project) -> str:
    """Choose what the right half of a badge says."""
    if told := project.standing.words.badge:
        return say(told)
    return group_name("stages/", project.stage) if project.stage else say("listed")


def badge_svg(badge: Badge) -> bytes:
    """Draw a badge as SVG."""
    left, right = _width(badge.label), _width(badge.message)
    words = escaped(f"{badge.label}: {badge.message}")
    texts = "".join(
        f'<text x="{x + _PADDING}" y="14" fill="{fill}" textLength="{width - 2 * _PADDING}" '
        f'lengthAdjust="spacingAndGlyphs">{escaped(half)}</text>'
        for half, x, width, fill in (
            (badge.label, 0, left, "#ffffff"),
            (badge.message, left, right, badge.text),
        )
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{words}" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">'
        f"<title>{words}</title>"
        f'<clipPath id="r"><rect width="{left + right}" height="20" rx="4"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="{_LEFT}"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{badge.fill}"/></g>{texts}</svg>\n'
    )
    return svg.encode()


def _width(words: str) -> int:
    return round(sum(_advance(character) for character in words)) + 2 * _PADDING


def _advance(character: str) -> float:
    if character in "mwMW%@":
        return _WIDE
    return _NARROW if character in "iljftrI.,:;'|!()[] " else _USUAL
