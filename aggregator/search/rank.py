"""Rank documents for the slots of a query, in whole numbers only.

A document's score is the sum over words of rarity times the strongest match, multiplied by the
rarity of all words it holds: who holds more of the query comes first. Numbers stay below 2**53,
where a browser still counts exactly; so does, up to 100,000 documents, a score times their
number, by which the browser sorts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from aggregator.search.match import Slot, Source


@dataclass(frozen=True, slots=True)
class Share:
    """What one word gave to one document's score."""

    word: str
    rarity: int
    impact: int
    source: Source

    @property
    def points(self) -> int:
        """Give what this word adds to the sum."""
        return self.rarity * self.source.factor * self.impact


@dataclass(frozen=True, slots=True)
class Scored:
    """One document with its score."""

    number: int
    score: int


def rank(slots: Sequence[Slot], allowed: Collection[int] | None = None) -> list[Scored]:
    """Score every document that holds a word and order them, best first, then by number."""
    sums: dict[int, int] = {}
    covered: dict[int, int] = {}
    for slot in slots:
        for number, strength in _strongest(slot).items():
            sums[number] = sums.get(number, 0) + slot.rarity * strength
            covered[number] = covered.get(number, 0) + slot.rarity
    scored = [
        Scored(number, total * covered[number])
        for number, total in sums.items()
        if allowed is None or number in allowed
    ]
    return sorted(scored, key=lambda each: (-each.score, each.number))


def shares(slots: Sequence[Slot], number: int) -> list[Share]:
    """Say what each word gave to one document: the strongest of its sources."""
    found = []
    for slot in slots:
        held = [
            Share(slot.surface, slot.rarity, impact, source)
            for source in slot.sources
            for document, impact in source.posting.items()
            if document == number
        ]
        if held:
            found.append(max(held, key=lambda share: share.points))
    return found


def _strongest(slot: Slot) -> dict[int, int]:
    best: dict[int, int] = {}
    for source in slot.sources:
        for number, impact in source.posting.items():
            strength = source.factor * impact
            if strength > best.get(number, 0):
                best[number] = strength
    return best
