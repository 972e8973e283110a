"""What is left when the badges of a README are gone: links and paragraphs around nothing."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from aggregator.readme.pieces import Pieces, remove

_ONLY_SEPARATORS = re.compile("[\\s|\u00b7\u2022,/\u2013\u2014\xa0-]*")
# What may be around nothing but badges: how its tags start and end.
_OPENING = {f"<{name}": f"</{name}" for name in ("a", "picture", "p", "b", "strong", "em", "sup")}
# What holds nothing but badges starts at most so many pieces before the first; an even number.
_BEFORE = 40


@dataclass(slots=True)
class _Wrapping:
    """An open element that may have held nothing but badges."""

    start: str
    place: int
    lost_something: bool = False
    holds_something: bool = False


def remove_hollow(pieces: Pieces, removed: Collection[int]) -> None:
    """Remove the links, paragraphs and emphasis that held nothing but removed images.

    Args:
        pieces: The README.
        removed: The places of the images.
    """
    gone, last = set(removed), max(removed)
    around: list[_Wrapping] = []
    for place in range(max(1, min(removed) - _BEFORE), len(pieces), 2):
        if place > last and not around:
            return
        if around and not _ONLY_SEPARATORS.fullmatch(pieces[place - 1]):
            around[-1].holds_something = True
        _pass(pieces, place, around, is_gone=place in gone)


def _pass(pieces: Pieces, place: int, around: list[_Wrapping], *, is_gone: bool) -> None:
    start = pieces[place].partition(" ")[0].rstrip(">")
    if start in _OPENING:
        around.append(_Wrapping(start, place))
    elif around and is_gone:
        around[-1].lost_something = True
    elif around and start == "<img":
        around[-1].holds_something = True
    elif around and start == _OPENING[around[-1].start]:
        _leave(pieces, place, around)


def _leave(pieces: Pieces, place: int, around: list[_Wrapping]) -> None:
    left = around.pop()
    is_hollow = left.lost_something and not left.holds_something
    if is_hollow:
        remove(pieces, (left.place, place))
    if around:
        around[-1].lost_something |= is_hollow
        around[-1].holds_something |= left.holds_something
