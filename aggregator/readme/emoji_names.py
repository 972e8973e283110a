"""Emoji shortcodes such as `:tada:`, replaced in running text and never in code."""

import re
from functools import cache

from selectolax.lexbor import LexborNode

_SHORTCODE = re.compile(r":([a-z0-9_+-]{1,60}):")
_LITERAL = frozenset({"code", "pre", "tt", "samp", "kbd"})


@cache
def _characters() -> dict[str, str]:
    from emoji import EMOJI_DATA  # noqa: PLC0415 - a large table that few READMEs need

    names: dict[str, str] = {}
    for character, data in EMOJI_DATA.items():
        for name in (*data.get("alias", ()), data.get("en", "")):
            names.setdefault(str(name).strip(":").lower(), character)
    return names


def replace_shortcodes(body: LexborNode, html: str) -> None:
    """Replace the shortcodes of a parsed README by their characters.

    `html` is what the tree was parsed from: without a shortcode in it nothing is done.
    """
    if not _SHORTCODE.search(html):
        return
    known = _characters()
    for node in list(body.traverse(include_text=True)):
        written = node.text_content if node.is_text_node else None
        if written and ":" in written and not _in_code(node):
            drawn = _SHORTCODE.sub(lambda match: known.get(match[1], match[0]), written)
            if drawn != written:
                node.replace_with(drawn)


def _in_code(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag != "body":
        if parent.tag in _LITERAL:
            return True
        parent = parent.parent
    return False
