"""Rank documents for the slots of a query, in whole numbers only, and say why each stands there.

A document's score is the sum over words of rarity times the strongest match, multiplied by the
rarity of all words it holds: who holds more of the query comes first. Numbers stay below 2**53,
where a browser still counts exactly; so does, up to 100,000 documents, a score times their
number, by which the browser (`rank.js`) sorts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.searching.match import NEARNESS, Match, Slot


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one word gave to one document's score."""

    word: str
    rarity: int
    impact: int
    match: Match

    @property
    def points(self) -> int:
        """Give what this word adds to the sum."""
        return self.rarity * self.match.factor * self.impact


def scores(slots: Sequence[Slot]) -> dict[int, int]:
    """Score every document that holds a word, by number, best first, then by number."""
    sums: dict[int, int] = {}
    covered: dict[int, int] = {}
    for slot in slots:
        for number, (strength, _, _) in _strongest(slot).items():
            sums[number] = sums.get(number, 0) + slot.rarity * strength
            covered[number] = covered.get(number, 0) + slot.rarity
    scored = ((number, total * covered[number]) for number, total in sums.items())
    return dict(sorted(scored, key=lambda each: (-each[1], each[0])))


def explain(slots: Sequence[Slot], number: int) -> list[Contribution]:
    """Say what each word gave to one document: the strongest of its matches."""
    found = ((slot, _strongest(slot).get(number)) for slot in slots)
    return [Contribution(slot.surface, slot.rarity, *best[1:]) for slot, best in found if best]


def near_words(slots: Sequence[Slot], number: int) -> tuple[str, ...]:
    """Give the words that one document does not hold and is only near to in meaning."""
    found = explain(slots, number)
    return tuple(each.word for each in found if each.match.why == NEARNESS)


def _strongest(slot: Slot) -> dict[int, tuple[int, int, Match]]:
    """Give for each document its strength for a word, with the impact and match that make it."""
    best: dict[int, tuple[int, int, Match]] = {}
    for match in slot.matches:
        for number, impact in match.posting.items():
            strength = match.factor * impact
            if number not in best or strength > best[number][0]:
                best[number] = strength, impact, match
    return best
