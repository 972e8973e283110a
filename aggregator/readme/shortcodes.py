"""Emoji shortcodes such as `:tada:`, replaced in running text and never in code or addresses."""

import re
from functools import cache

from selectolax.lexbor import LexborNode

_SHORTCODE = re.compile(r":([a-z0-9_+-]{1,60}):")
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


def replace_in_heading(heading: LexborNode) -> None:
    """Replace the shortcodes of one heading that has its anchor."""
    for node in list(heading.traverse(include_text=True)):
        written = node.text_content if node.is_text_node else None
        if written and node.parent is not None and node.parent.tag not in {"code", "kbd", "samp"}:
            drawn = _SHORTCODE.sub(lambda match: _characters().get(match[1], match[0]), written)
            node.replace_with(drawn)
