"""Emoji shortcodes such as `:tada:`, as GitHub shows them; short, since `github` needs it too."""

import re
from collections.abc import Callable
from functools import cache

# Finds the second name of `:30:tada:` as well, whose first is none.
_BETWEEN_COLONS = re.compile(r":(?=([a-z0-9_+-]{1,60}):)")


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
    known = shortcodes_in(text)
    return known(text) if known else text


def shortcodes_in(text: str) -> Callable[[str], str] | None:
    """Give what replaces the shortcodes of a text in any part of it; None when it has none."""
    written = set(_BETWEEN_COLONS.findall(text))
    if not any(any(map(str.isalpha, name)) or name in {"+1", "-1", "100"} for name in written):
        return None
    known = {f":{name}:": _characters()[name] for name in written if name in _characters()}
    if not known:
        return None
    pattern = re.compile("|".join(map(re.escape, sorted(known))))
    return lambda part: pattern.sub(lambda match: known[match[0]], part)
