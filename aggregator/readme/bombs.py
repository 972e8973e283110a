"""Cheap looks at a README that spare the parsers what would take them minutes.

They catch the common constructions in a millisecond. What they miss is stopped by the time limit of
the worker it is rendered in.
"""

import re
from collections.abc import Sequence
from itertools import accumulate
from operator import sub

# The sanitiser's time grows with the square of the depth; nothing readable is nested this deeply.
MAX_DEPTH = 150
MAX_OPEN_BRACKETS = 5_000

# A tower of quotes or lists on one line: this many markers, then the exact count.
_HINTS = (">>>>>>>>", "> > > > > > > >", "- - - - - - - -", "* * * * * * * *", "+ + + + + + + +")
_TOWER = re.compile(
    rf"^(?: {{0,3}}(?:>|[-+*][ \t]|\d{{1,9}}[.)][ \t]) ?){{{MAX_DEPTH}}}", re.MULTILINE
)
_NUMBERED = "1. 1. 1. 1. 1. 1. "
# These hold nothing, or end where the next one starts.
_VOID = frozenset({"img", "br", "hr", "input", "source", "p", "li", "td", "tr", "th", "wbr"})


def is_tower(text: str) -> bool:
    """Tell whether Markdown nests quotes or lists too deeply to be parsed."""
    opened = text.count("[")
    if opened > MAX_OPEN_BRACKETS and opened - text.count("]") > MAX_OPEN_BRACKETS:
        return True
    suspicious = _NUMBERED in text or any(hint in text for hint in _HINTS)
    return suspicious and _TOWER.search(text) is not None


def is_deep(tags: Sequence[str]) -> bool:
    """Tell whether tags are nested too deeply to be sanitised in time.

    Args:
        tags: The names of all tags in order; end tags have a slash before theirs.
    """
    if len(tags) <= MAX_DEPTH:
        return False
    steps = {tag: _step(tag) for tag in set(tags)}
    depths = list(accumulate(map(steps.__getitem__, tags), initial=0))
    # An end tag of nothing leaves the depth what it is, so the lowest depth so far is none.
    deepest: int = max(map(sub, depths, accumulate(depths, min)))
    return deepest > MAX_DEPTH


def _step(tag: str) -> int:
    if tag[0] in "!?" or tag.removeprefix("/").lower() in _VOID:
        return 0
    return -1 if tag.startswith("/") else 1
