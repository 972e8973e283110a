"""The picture beside a link: what chats and networks show when somebody sends a page on.

1200 by 630 pixels, as https://ogp.me/ and those that read it want it. Drawn from
`share/card.svg`, which a community may replace; where lines end is worked out here, so that a title
of any length and script fits. The fonts are in `lettering`. Nothing on a card moves on a quiet
night.
"""

from dataclasses import dataclass, replace

import resvg_py

from aggregator.site.colour import LIGHT_SURFACES
from aggregator.site.lettering import (
    FAMILY,
    Weight,
    can_be_drawn,
    clipped,
    drawn_with,
    font_files,
    without_pictures,
    wrapped,
)
from aggregator.site.recipes import File
from aggregator.site.theme import Look, Theme
from aggregator.words.errors import UsageError

CARD_WIDTH, CARD_HEIGHT = 1200, 630
_TEMPLATE = "share/card.svg"
# Sizes of a title with the most lines at each, the first that fits; then the last one is clipped.
_TITLE_SIZES = ((92, 1), (76, 2), (60, 3), (48, 4))
_TEXT_SIZE, _TEXT_LINES = 38, 4
_MEASURE = 1040  # between the margins
# One line each; the facts and the name of the site stand side by side.
_SMALL_SIZE, _FACTS_MEASURE, _SITE_MEASURE = 30, 540, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareCard:
    """What a card says.

    Args:
        overline: whose it is, or what kind of thing.
        name: what the title is where its letters cannot be drawn; GitHub's names always can.
        facts: a few words each.
        site: the name of the showcase.
        accent: the community's colour.
        drawn_with: the versions of what draws it.
    """

    title: str
    name: str = ""
    overline: str = ""
    text: str = ""
    facts: tuple[str, ...] = ()
    site: str
    accent: str
    on_accent: str
    drawn_with: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A text that was set: its lines, and how large they are in pixels."""

    lines: tuple[str, ...]
    size: int


def share_card_file(theme: Theme, path: str, card: ShareCard) -> File:
    """Give the file of a card; it is drawn when the file is made."""
    whole = replace(card, drawn_with=drawn_with())
    return File(path, (theme.look(_TEMPLATE, dressed=False), whole), _drawn)


def card_svg(theme: Theme, card: ShareCard) -> str:
    """Fill the template of a card.

    Raises:
        UsageError: the template in the community's own folder is wrong.
    """
    title, text, facts = map(_drawable, (card.title, card.text, " · ".join(card.facts)))
    offered = {
        "width": CARD_WIDTH,
        "height": CARD_HEIGHT,
        "family": FAMILY,
        "paper": LIGHT_SURFACES[0],
        "accent": card.accent,
        "on_accent": card.on_accent,
        "overline": _one_line(_drawable(card.overline), _MEASURE),
        "title": _title(title or _drawable(card.name)),
        "text": _text(text),
        "facts": _one_line(facts, _FACTS_MEASURE),
        "site": _one_line(_drawable(card.site), _SITE_MEASURE),
    }
    return theme.filled(_TEMPLATE, offered)


def _drawn(values: tuple[Look, ShareCard]) -> bytes:
    look, card = values
    svg = card_svg(look.theme, card)
    try:
        return resvg_py.svg_to_bytes(
            svg_string=svg,
            skip_system_fonts=True,
            font_files=font_files(svg),
            font_family=FAMILY,
            serif_family=FAMILY,
        )
    except ValueError as problem:
        if look.theme.override is None:
            raise
        raise UsageError(
            f"{_TEMPLATE} cannot be drawn",
            str(problem),
            "mend the picture in your templates folder, or take it away to use ours",
        ) from problem


def _drawable(text: str) -> str:
    """Give a text as it can be drawn; nothing where a letter of it cannot."""
    plain = without_pictures(text)
    return plain if can_be_drawn(plain) else ""


def _title(text: str) -> Setting:
    for size, most in _TITLE_SIZES:
        lines = wrapped(text, size, _MEASURE, "bold")
        if len(lines) <= most:
            return Setting(tuple(lines), size)
    size, most = _TITLE_SIZES[-1]
    return _set(text, size, most, _MEASURE, "bold")


def _text(text: str) -> Setting:
    return _set(text, _TEXT_SIZE, _TEXT_LINES, _MEASURE, "regular")


def _one_line(text: str, measure: int) -> str:
    return " ".join(_set(text, _SMALL_SIZE, 1, measure, "regular").lines)


def _set(text: str, size: int, most: int, measure: int, weight: Weight) -> Setting:
    lines = wrapped(text, size, measure, weight)
    return Setting(tuple(clipped(lines, most, size, measure, weight)), size)
