"""Read what somebody typed: words, "quoted phrases", -left out, and field:value.

Anything can be typed; nothing is an error. What looks like a field but is none is words.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from aggregator.search.facets import FIELD_WORDS
from aggregator.search.tokens import STOP_WORDS, Word, is_acronym, tokens, word

LONGEST = 300  # characters read
MOST_WORDS = 24
# Patterns that a browser reads as Python does; they travel inside the index.
SPACE = "[\\s\x1c-\x1f\x85\ufeff]+"
CHUNK = '(-?)(?:([a-zA-Z]+):)?(?:"([^"]*)"|([^ ]+))'
_SPACE, _CHUNK = map(re.compile, (SPACE, CHUNK))


class Typed(NamedTuple):
    """A word as typed, folded, with its stem and whether it was typed as an acronym."""

    surface: str
    term: str
    acronym: bool

    @property
    def is_stop(self) -> bool:
        """Say whether the word only holds a sentence together."""
        return self.surface in STOP_WORDS


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: all words in order, and what must, must not and may be chosen."""

    words: tuple[Typed, ...]
    phrases: tuple[tuple[Typed, ...], ...] = ()
    excluded: tuple[tuple[Typed, ...], ...] = ()
    filters: tuple[tuple[str, str], ...] = ()


def parse(text: str) -> Query:
    """Read a query as typed."""
    words: list[Typed] = []
    phrases: list[tuple[Typed, ...]] = []
    excluded: list[tuple[Typed, ...]] = []
    filters: list[tuple[str, str]] = []
    for minus, name, quoted, bare in _CHUNK.findall(_SPACE.sub(" ", text[:LONGEST])):
        facet = FIELD_WORDS.get(name.lower())
        if facet and not minus:
            filters.append((facet, quoted or bare))
            continue
        found = typed(f"{name} {quoted or bare}" if name else quoted or bare)
        if minus:
            excluded.append(found)
            continue
        words.extend(found)
        if quoted:
            phrases.append(found)
    kept = tuple(words[:MOST_WORDS])
    return Query(kept, tuple(filter(None, phrases)), tuple(filter(None, excluded)), tuple(filters))


def typed(text: str) -> tuple[Typed, ...]:
    """Give the words of a text as typed."""
    return tuple(_typed(token, word(token)) for token in tokens(text))


def telling(words: tuple[Typed, ...]) -> tuple[Typed, ...]:
    """Leave out stop words, unless typed as acronyms (`WHO`) or nothing else was typed."""
    return tuple(each for each in words if each.acronym or not each.is_stop) or words


def _typed(token: str, folded: Word) -> Typed:
    return Typed(folded.surface, folded.term, is_acronym(token))
