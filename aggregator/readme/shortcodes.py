"""Emoji shortcodes such as `:tada:`, replaced in running text and never in code or addresses."""

import re
from functools import cache

from aggregator.readme.pieces import Pieces, Span, name_of

_SHORTCODE = re.compile(r":([a-z0-9_+-]{1,60}):")
# Finds the second name of `:30:tada:` as well, whose first is none.
_BETWEEN_COLONS = re.compile(r":(?=([a-z0-9_+-]{1,60}):)")
_CODE = frozenset({"code", "kbd", "samp"})
# Headings wait until they have their anchors: `:rocket: Launch` is `#rocket-launch` on GitHub.
_LATER = re.compile(r"(<(code|pre|tt|samp|kbd|h[1-6])\b.*?</\2\s*>)", re.DOTALL | re.IGNORECASE)


@cache
def _characters() -> dict[str, str]:
    from emoji import EMOJI_DATA  # noqa: PLC0415 - a large table that few READMEs need

    names: dict[str, str] = {}
    for character, data in EMOJI_DATA.items():
        for name in (*data.get("alias", ()), data.get("en", "")):
            names.setdefault(str(name).strip(":").lower(), character)
    return names


def replace_shortcodes(html: str) -> str:
    """Replace the shortcodes GitHub knows by their characters; others stay as they are."""
    written = set(_SHORTCODE.findall(html))
    if not any(any(map(str.isalpha, name)) or name in {"+1", "-1", "100"} for name in written):
        return html
    known = {name: _characters()[name] for name in sorted(written) if name in _characters()}
    if not known:
        return html
    names = "|".join(map(re.escape, known))
    # In running text the next angle bracket opens a tag; inside a tag it closes it.
    pattern = re.compile(f":({names}):(?![^<>]{0, 300}>)")
    parts = _LATER.split(html)
    parts[::3] = [pattern.sub(lambda match: known[match[1]], part) for part in parts[::3]]
    del parts[2::3]
    return "".join(parts)


def replace_in_text(text: str) -> str:
    """Replace the shortcodes in a plain text, such as a description or the title of an issue."""
    written = set(_BETWEEN_COLONS.findall(text))
    if not any(any(map(str.isalpha, name)) or name in {"+1", "-1", "100"} for name in written):
        return text
    known = {name: _characters()[name] for name in written if name in _characters()}
    if not known:
        return text
    names = "|".join(map(re.escape, sorted(known)))
    return re.sub(f":({names}):", lambda match: known[match[1]], text)


def replace_in_pieces(pieces: Pieces, span: Span) -> None:
    """Replace the shortcodes of one heading that has its anchor."""
    code = 0
    for place in range(span[0] + 1, span[1]):
        piece = pieces[place]
        if place % 2:
            code += name_of(piece) in _CODE and (-1 if piece.startswith("</") else 1)
        elif not code:
            pieces[place] = _SHORTCODE.sub(lambda m: _characters().get(m[1], m[0]), piece)
