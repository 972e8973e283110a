"""Cheap looks at a README that spare the parsers what would take them minutes."""

import re

# The sanitiser's time grows with the square of the depth; nothing readable is nested this deeply.
MAX_DEPTH = 150
MAX_OPEN_BRACKETS = 5_000

_QUOTE_TOWER = re.compile(rf"^(?: {{0,3}}> ?){{{MAX_DEPTH}}}", re.MULTILINE)
_LIST_TOWER = re.compile(rf"^(?:[-+*] |\d{{1,9}}[.)] ){{{MAX_DEPTH}}}", re.MULTILINE)
_BLOCK_NAMES = "blockquote div ul ol details table span b i u font center section sup sub"
_BLOCKS = tuple(_BLOCK_NAMES.split())
_NESTING = (*_BLOCKS, "li", "a", "p", "em", "strong", "small", "q", "kbd", "code", "ins", "del")
_TAGS = re.compile(rf"<(/?)(?:{'|'.join(_NESTING)})(?=[\s/>])", re.IGNORECASE)


def is_bomb(text: str) -> bool:
    """Tell whether Markdown is nested too deeply to be parsed, before it is."""
    return (
        _QUOTE_TOWER.search(text) is not None
        or _LIST_TOWER.search(text) is not None
        or text.count("[") - text.count("]") > MAX_OPEN_BRACKETS
    )


def is_too_deep(html: str) -> bool:
    """Tell whether HTML is nested too deeply to be sanitised in time."""
    return _may_be_deep(html) and _depth(html) > MAX_DEPTH


def _may_be_deep(html: str) -> bool:
    """Rule out almost every README without looking at its tags one by one."""
    return any(html.count(f"<{tag}") > MAX_DEPTH for tag in _BLOCKS) or any(
        html.count(f"<{tag}") - html.count(f"</{tag}") > MAX_DEPTH for tag in _NESTING
    )


def _depth(html: str) -> int:
    depth = deepest = 0
    for match in _TAGS.finditer(html):
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest
