"""Emoji shortcodes such as `:tada:`, in plain texts and in the running text of HTML.

GitHub shows them so in READMEs, in descriptions and in the titles of issues.
"""

import re
from functools import cache

from aggregator.readme.flat_html import HEADINGS, FlatHtml, Span, name_of

# Finds the second name of `:30:tada:` as well, whose first is none.
_BETWEEN_COLONS = re.compile(r":(?=([a-z0-9_+-]{1,60}):)")
_SKIPPED = HEADINGS | {"code", "kbd", "samp", "pre", "tt"}
_MAY_SKIP = tuple(f"<{end}{name}" for name in _SKIPPED for end in ("", "/"))


@cache
def _characters() -> dict[str, str]:
    from emoji import EMOJI_DATA  # noqa: PLC0415 - a large table that few READMEs need

    names: dict[str, str] = {}
    for character, data in EMOJI_DATA.items():
        for name in (*data.get("alias", ()), data.get("en", "")):
            names.setdefault(str(name).strip(":").lower(), character)
    return names


def replace_in_text(text: str) -> str:
    """Replace the shortcodes GitHub knows by their characters; others stay as they are."""
    known = _known_in(text)
    return known.sub(_character, text) if known else text


def replace_in_html(flat: FlatHtml, span: Span) -> None:
    """Replace the shortcodes between two places, but those in code and in headings.

    Headings wait until they have their anchors: `:rocket: Launch` is `#rocket-launch` on GitHub.
    Then each is a span of its own.
    """
    known = _known_in("".join(flat[span[0] + 1 : span[1] : 2]))
    if not known:
        return
    skipped = 0
    for place in range(span[0] + 1, span[1]):
        piece = flat[place]
        if place % 2:
            if piece.startswith(_MAY_SKIP) and name_of(piece) in _SKIPPED:
                skipped = max(0, skipped + (-1 if piece.startswith("</") else 1))
        elif not skipped and ":" in piece:
            flat[place] = known.sub(_character, piece)


def _known_in(text: str) -> re.Pattern[str] | None:
    """Make a pattern of the shortcodes in a text, which nearly always is none."""
    written = set(_BETWEEN_COLONS.findall(text))
    if not any(any(map(str.isalpha, name)) or name in {"+1", "-1", "100"} for name in written):
        return None
    names = [re.escape(name) for name in sorted(written) if name in _characters()]
    return re.compile(f":({'|'.join(names)}):") if names else None


def _character(match: re.Match[str]) -> str:
    return _characters()[match[1]]
