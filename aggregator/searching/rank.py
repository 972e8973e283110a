"""Rank documents for the slots of a query, in whole numbers only, and say why each stands there.

A document's score is the sum over words of rarity times the strongest match, multiplied by the
rarity of all words it holds: who holds more of the query comes first. A word held weakly, as by a
long list that names everything, counts there for a part of its rarity. Numbers stay below 2**53,
where a browser (`rank.js`) still counts exactly.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

from aggregator.searching.match import Match, Slot

# How strongly a word must be held to count in full among the words held, and in which steps.
HELD_WELL, HELD_STEP = 80, 8
# Who holds less than one part in so many of what was typed, by rarity, holds only a little of it.
LITTLE = 4


def held(strength: int) -> int:
    """Say how far a word is held, from 1 to 10."""
    return max(1, min(strength, HELD_WELL) // HELD_STEP)


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

    @property
    def share(self) -> int:
        """Give what it adds to the words held, by which the sum is multiplied."""
        return self.rarity * held(self.match.factor * self.impact)


class Tier(Enum):
    """How much of what was typed a document holds."""

    ALL = 0  # every word, as typed or in a way that means the same
    SOME = 1  # at least one
    NEAR = 2  # none: it is only near in meaning


@dataclass(frozen=True, slots=True)
class Ranked:
    """What one document came to."""

    score: int
    tier: Tier


def ranked(slots: Sequence[Slot]) -> dict[int, Ranked]:
    """Score every document that holds a word, by number: best first, then by number.

    Who holds none of the words comes last. Who holds all need not come first: a long list may hold
    them all somewhere, and putting it first cost quality, the more the larger the catalogue.
    """
    sums: dict[int, int] = {}
    covered: dict[int, int] = {}
    for slot in slots:
        for number, (strength, _, _) in _strongest(slot).items():
            sums[number] = sums.get(number, 0) + slot.rarity * strength
            covered[number] = covered.get(number, 0) + slot.rarity * held(strength)
    words, asked = _words_held(slots), _asked(slots)
    found = {
        number: Ranked(total * covered[number], _tier(words[number], asked))
        for number, total in sums.items()
    }

    def place(number: int) -> tuple[bool, int, int]:
        return found[number].tier is Tier.NEAR, -found[number].score, number

    return {number: found[number] for number in sorted(found, key=place)}


def _tier(words: int, asked: int) -> Tier:
    return Tier.ALL if words == asked else Tier.SOME if words else Tier.NEAR


def _words_held(slots: Sequence[Slot]) -> Counter[int]:
    """Give the rarity of all words that each document holds."""
    words: Counter[int] = Counter()
    for slot in slots:
        words.update(dict.fromkeys(slot.holders, slot.rarity))
    return words


def _asked(slots: Sequence[Slot]) -> int:
    return sum(slot.rarity for slot in slots)


def hold_little(slots: Sequence[Slot], numbers: Collection[int]) -> bool:
    """Say whether each of some documents holds something, and only a little, of what was typed.

    Who looks for `vinyl record player` is not helped by what says `record`. docs/search.md has how
    many searches that nothing answers are known by this, and how many others are taken for such.
    """
    words, asked = _words_held(slots), _asked(slots)
    return bool(numbers) and all(0 < LITTLE * words[number] < asked for number in numbers)


def explain(slots: Sequence[Slot], number: int) -> list[Contribution]:
    """Say what each word gave to one document: the strongest of its matches."""
    found = ((slot, _strongest(slot).get(number)) for slot in slots)
    return [Contribution(slot.surface, slot.rarity, *best[1:]) for slot, best in found if best]


def _strongest(slot: Slot) -> dict[int, tuple[int, int, Match]]:
    """Give for each document its strength for a word, with the impact and match that make it."""
    best: dict[int, tuple[int, int, Match]] = {}
    for match in slot.matches:
        for number, impact in match.posting.items():
            strength = match.factor * impact
            if number not in best or strength > best[number][0]:
                best[number] = strength, impact, match
    return best
