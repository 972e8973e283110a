"""Find what each typed word stands for in the index.

A word is looked up as typed first; parts of names, joined words and the glossary add to it. Only
a word that matches nothing is taken as a beginning, then as two words, then as a slip. Whoever
changes the order here changes it in the browser's `engine.js` as well; a test compares them.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from aggregator.search.index import Index, Posting, browser_order
from aggregator.search.query import Query, Typed, telling
from aggregator.search.spelling import repair
from aggregator.search.words import is_short, stem

# How much a match counts, in eighths of the word as typed.
TYPED, BEGUN, MEANT, GLOSSARY = 8, 6, 6, 6
MOST_BEGUN = 20
LONGEST_JOIN = 5
# Endings that a half-typed word may be on the way to: `simulatio` is on its way to `simul`.
_ENDINGS = (
    "ability able ably al ally ation ations ative ed es e ible ibility ical ics ing ings ion ions "
    "isation ise ised ises ising ity ive ization ize ized izes izing or ors s y ysis ytics"
)
ENDINGS_BEGUN = tuple(_ENDINGS.split())
_HALF_BRITISH = re.compile("is(a|at|ati|atio|i|in|)$")


@dataclass(frozen=True, slots=True)
class Source:
    """One list of documents that counts for a word, how much, and why."""

    key: str
    factor: int
    why: str
    posting: Posting


@dataclass(frozen=True, slots=True)
class Slot:
    """One typed word with every list of documents that counts for it."""

    surface: str
    rarity: int
    sources: tuple[Source, ...]
    shown: str = ""  # what is searched instead, when it is not what was typed


def slots(query: Query, index: Index, *, exact: bool = False) -> tuple[Slot, ...]:
    """Give a slot for each telling word of a query, in order."""
    kept = telling(query.words)
    found = [_as_typed(word, index) for word in kept]
    _add_joined(found, query.words, kept, index)
    _add_glossary(found, kept, index)
    half = _half_typed(found, kept, index)
    return tuple(
        _slot(word.surface, got.values(), index) if got or exact else _unfound(word, begun, index)
        for word, got, begun in zip(kept, found, half, strict=True)
    )


def typed_keys(word: Typed, index: Index) -> list[str]:
    """Give the keys that are the word as typed: an acronym only as one, if there is one."""
    forms = [word.term, stem(word.surface) if word.acronym else word.surface]
    known = [key for key in dict.fromkeys(forms) if key in index.words]
    return known[:1] if word.acronym else known


def pair_keys(phrase: tuple[Typed, ...]) -> list[str]:
    """Give the pairs that a phrase of several words is made of."""
    terms = [word.term for word in telling(phrase)]
    return [f"{one} {two}" for one, two in pairwise(terms)]


_Found = dict[str, Source]


def _as_typed(word: Typed, index: Index) -> _Found:
    return {
        key: Source(key, TYPED, "as typed", index.words[key]) for key in typed_keys(word, index)
    }


def _add_joined(
    found: list[_Found], words: tuple[Typed, ...], kept: tuple[Typed, ...], index: Index
) -> None:
    """Let neighbours count as the name they make: `open prescribing`, `path sim r`."""
    at = {id(word): place for place, word in enumerate(kept)}
    for start, size in _runs(len(words)):
        run = words[start : start + size]
        joined = "".join(word.surface for word in run)
        for key in dict.fromkeys((joined, stem(joined))):
            if key in index.words:
                source = Source(key, TYPED, "joined", index.words[key])
                for word in run:
                    if id(word) in at:
                        found[at[id(word)]].setdefault(key, source)


def _runs(count: int) -> Iterator[tuple[int, int]]:
    for start in range(count):
        for size in range(2, min(LONGEST_JOIN, count - start) + 1):
            yield start, size


def _add_glossary(found: list[_Found], kept: tuple[Typed, ...], index: Index) -> None:
    terms = [word.term for word in kept]
    for start in range(len(terms)):
        for size in range(1, len(terms) - start + 1):
            for key in index.glossary.get(" ".join(terms[start : start + size]), ()):
                source = Source(key, GLOSSARY, "glossary", index.words[key])
                for place in range(start, start + size):
                    found[place].setdefault(key, source)


def _half_typed(found: list[_Found], kept: tuple[Typed, ...], index: Index) -> list[_Found]:
    """Let words that match nothing begin the words of a glossary line: `stat proc` leads to SPC."""
    half: list[_Found] = [{} for _ in kept]
    for start, size in _runs(len(kept)):
        if any(found[start : start + size]):
            continue
        run = [word.surface for word in kept[start : start + size]]
        for key in _beginning_with(run, index.glossary):
            for other in index.glossary[key]:
                source = Source(other, BEGUN, "glossary", index.words[other])
                for place in range(start, start + size):
                    half[place].setdefault(other, source)
    return half


def _beginning_with(run: list[str], glossary: Iterable[str]) -> Iterator[str]:
    for key in glossary:
        terms = key.split(" ")
        if len(terms) >= len(run) and all(map(str.startswith, terms, run)):
            yield key


def _unfound(word: Typed, half: _Found, index: Index) -> Slot:
    """Take a word that matches nothing as a beginning, then as two words, then as a slip."""
    begun = {key: Source(key, BEGUN, "begins so", index.words[key]) for key in _begun(word, index)}
    if begun or half:
        return _slot(word.surface, (half | begun).values(), index)
    pair = _split(word.surface, index)
    if pair:
        source = Source(pair, MEANT, "as two words", index.pairs[pair])
        return replace(_slot(word.surface, [source], index), shown=pair)
    meant = repair(word.surface, index.spellings)
    keys = (
        [key for key in dict.fromkeys((stem(meant), meant)) if key in index.words] if meant else []
    )
    sources = [Source(key, MEANT, "spelling", index.words[key]) for key in keys]
    return replace(_slot(word.surface, sources, index), shown=meant if sources and meant else "")


def _slot(surface: str, sources: Iterable[Source], index: Index) -> Slot:
    """Weigh a word by the commonest list as typed, or else by the commonest of all."""
    held = tuple(sources)
    as_typed = [s.posting.rarity for s in held if s.factor == TYPED]
    rarities = as_typed or [s.posting.rarity for s in held] or [index.unknown_rarity]
    return Slot(surface, min(rarities), held)


def _begun(word: Typed, index: Index) -> list[str]:
    """Give the commonest keys that begin so, or the one that a half-typed ending leads to."""
    surface = word.surface
    if is_short(surface):
        return []
    for beginning in dict.fromkeys((word.term, surface, _HALF_BRITISH.sub("iz", surface))):
        keys = list(_beginning(beginning, index)) if not is_short(beginning) else []
        if keys:
            return sorted(
                keys, key=lambda key: (-len(index.words[key].documents), browser_order(key))
            )[:MOST_BEGUN]
    for length in range(len(surface) - 1, 4, -1):
        rest = surface[length:]
        if surface[:length] in index.words and any(e.startswith(rest) for e in ENDINGS_BEGUN):
            return [surface[:length]]
    return []


def _beginning(beginning: str, index: Index) -> Iterator[str]:
    start = bisect_left(index.keys, browser_order(beginning), key=browser_order)
    for key in index.keys[start:]:
        if not key.startswith(beginning):
            return
        if " " not in key:
            yield key


def _split(surface: str, index: Index) -> str:
    pairs = [f"{stem(surface[:at])} {stem(surface[at:])}" for at in range(3, len(surface) - 2)]
    known = [pair for pair in pairs if pair in index.pairs]
    return min(known, key=lambda pair: index.pairs[pair].rarity, default="")
