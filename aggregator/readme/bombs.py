"""Cheap looks at a README that spare the parsers what would take them minutes.

They catch the common constructions in a millisecond. What they miss is stopped by the time limit of
the worker it is rendered in.
"""

import re
from collections.abc import Sequence

# The sanitiser's time grows with the square of the depth; nothing readable is nested this deeply.
MAX_DEPTH = 150
MAX_OPEN_BRACKETS = 5_000

# A tower of quotes or lists on one line: this many markers, then the exact count.
_HINTS = (">>>>>>>>", "> > > > > > > >", "- - - - - - - -", "* * * * * * * *", "+ + + + + + + +")
_TOWER = re.compile(
    rf"^(?: {{0,3}}(?:>|[-+*][ \t]|\d{{1,9}}[.)][ \t]) ?){{{MAX_DEPTH}}}", re.MULTILINE
)
_NUMBERED = "1. 1. 1. 1. 1. 1. "
_VOID = frozenset({"img", "br", "hr", "input", "source", "p", "li", "td", "tr", "th", "wbr"})
# The slash of an end tag, or nothing, for every tag that holds others.
_NESTING = re.compile(rf"<(/?)(?!(?i:{'|'.join(sorted(_VOID))})(?![A-Za-z0-9]))[A-Za-z]")


def is_tower(text: str) -> bool:
    """Tell whether Markdown nests quotes or lists too deeply to be parsed."""
    if text.count("[") - text.count("]") > MAX_OPEN_BRACKETS:
        return True
    suspicious = _NUMBERED in text or any(hint in text for hint in _HINTS)
    return suspicious and _TOWER.search(text) is not None


def is_too_deep(written: str, tags: Sequence[str]) -> bool:
    """Tell whether hand-written tags are nested too deeply to be sanitised in time.

    Args:
        written: Where the tags stand.
        tags: The names of all start tags in it, in lower case.
    """
    if len(tags) <= MAX_DEPTH or sum(tag not in _VOID for tag in tags) <= MAX_DEPTH:
        return False
    return _depth(written) > MAX_DEPTH


def _depth(written: str) -> int:
    depth = deepest = 0
    for slash in _NESTING.findall(written):
        if not slash:
            depth += 1
            deepest = max(deepest, depth)
        elif depth:
            depth -= 1
    return deepest
