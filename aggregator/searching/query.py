"""Read what somebody typed: words, "quoted phrases", -left out, and field:value.

Anything can be typed; nothing is an error. What looks like a field but is none is words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.searching.facets import FIELD_WORDS
from aggregator.searching.tokens import LONGEST_WORD, STOP_WORDS, Word, tokens, word

LONGEST = 300  # characters read
MOST_WORDS = 24
# Patterns that a browser reads as Python does; they travel inside the index.
SPACE = "[\\s\x1c-\x1f\x85\ufeff]+"
CHUNK = '(-?)(?:([a-zA-Z]+):)?(?:"([^"]*)"|([^ ]+))'
_SPACE, _CHUNK = map(re.compile, (SPACE, CHUNK))


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: all words in order, and what must, must not and may be chosen."""

    words: tuple[Word, ...]
    phrases: tuple[tuple[Word, ...], ...] = ()
    excluded: tuple[tuple[Word, ...], ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    cut: bool = False  # whether more was typed than is read


def parse(text: str) -> Query:
    """Read a query as typed."""
    words: list[Word] = []
    phrases: list[tuple[Word, ...]] = []
    excluded: list[tuple[Word, ...]] = []
    filters: list[tuple[str, str]] = []
    cut = len(text) > LONGEST
    for minus, name, quoted, bare in _CHUNK.findall(_SPACE.sub(" ", text[:LONGEST])):
        facet = FIELD_WORDS.get(name.lower())
        if facet and not minus:
            filters.append((facet, quoted or bare))
            continue
        typed = tuple(map(word, tokens(f"{name} {quoted or bare}")))
        found = tuple(each for each in typed if len(each.surface) <= LONGEST_WORD)
        cut = cut or len(found) < len(typed)
        if minus:
            excluded.append(found)
            continue
        words.extend(found)
        if quoted:
            phrases.append(found)
    return Query(
        words=tuple(words[:MOST_WORDS]),
        phrases=tuple(filter(None, phrases)),
        excluded=tuple(filter(None, excluded)),
        filters=tuple(filters),
        cut=cut or len(words) > MOST_WORDS,
    )


def telling(words: Sequence[Word]) -> list[int]:
    """Say where the words stand that tell something.

    Stop words do not, unless typed as acronyms (`WHO`), or if nothing else was typed.
    """
    kept = [at for at, each in enumerate(words) if each.acronym or each.surface not in STOP_WORDS]
    return kept or list(range(len(words)))
