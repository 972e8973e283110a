"""Find the word that was meant when one matches nothing: lists of words, and how near two are.

A repair is always shown to whoever searched, with a way to search exactly.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

SHORTEST = 5  # letters a word needs before it is repaired
LONG = 9  # from here two slips are repaired, before it one
LIST_LIMIT = 4_000
# Four letters are one slip from too many words: `drone` is not meant for `done`.
_WORD = re.compile("[a-z][a-z0-9]{4,23}")


def lists(surfaces: Counter[str], names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Give the words that may be meant, by first letter, commonest first.

    A short word that stands only once may itself be a slip, so it must be a name.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for surface in surfaces.keys() | set(names):
        often = surfaces[surface] + (surface in names) * 2
        if (often > 1 or len(surface) >= LONG) and _WORD.fullmatch(surface):
            found.setdefault(surface[0], []).append((-often, surface))
    return {
        letter: tuple(surface for _, surface in sorted(words)[:LIST_LIMIT])
        for letter, words in sorted(found.items())
    }


def repair(surface: str, lists_: Mapping[str, Iterable[str]]) -> str | None:
    """Give the nearest known word, the commonest of the nearest, or None."""
    if len(surface) < SHORTEST:
        return None
    limit = 1 if len(surface) < LONG else 2
    best, nearest = None, limit + 1
    for other in lists_.get(surface[0], ()):
        if abs(len(other) - len(surface)) < nearest:
            steps = distance(surface, other)
            if steps < nearest:
                best, nearest = other, steps
    return best


def distance(one: str, two: str) -> int:
    """Count the slips between two words: a letter more, less, changed, or two swapped.

    Source: the optimal string alignment distance.
    """
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, start=1):
        following = [i]
        for j, b in enumerate(two, start=1):
            cost = min(row[j] + 1, following[-1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and b == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]
