"""Find what each typed word stands for in the index.

A word is looked up as typed first; parts of names, joined words and the glossary add to it. Only
a word that matches nothing is taken as a beginning, then as two words, then as a slip. A repair is
always shown to whoever searched, with a way to search exactly. Whoever changes the order here
changes it in the browser's `match.js` as well; a test compares them.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aggregator.searching.index import Index
from aggregator.searching.postings import Posting, Postings, browser_order
from aggregator.searching.query import Query, telling
from aggregator.searching.tokens import STOP_WORDS, Word, is_short, stem

# How much a match counts, in eighths of the word as typed.
TYPED, BEGUN, MEANT, GLOSSARY = 8, 6, 6, 6
LONGER = 4  # what begins with a typed word that stands here itself and is hardly a whole one
TASK = 3
NEAREST = 3  # up to here a match is near in meaning, and none of the typed word
MEANING = 2  # what is near in meaning alone
ALONE = 30  # impact from which a project is found by that, and holds no typed word
MOST_BEGUN = 20
LONGEST_JOIN = 5
SHORTEST_REPAIRED = 5  # letters
SHORTEST_HALF = 4
LONG = 9  # letters from which two slips are repaired, before it one
# Endings that a half-typed word may be on the way to: `simulatio` is on its way to `simul`.
_ENDINGS = (
    "ability able ably al ally ation ations ative ed es e ible ibility ical ics ing ings ion ions "
    "isation ise ised ises ising ity ive ization ize ized izes izing or ors s y ysis ytics"
)
ENDINGS_BEGUN = tuple(_ENDINGS.split())
_HALF_BRITISH = re.compile("is(a|at|ati|atio|i|in|)$")


@dataclass(frozen=True, slots=True)
class Match:
    """One list of documents that counts for a word, how much, and why."""

    key: str
    factor: int
    why: str
    posting: Posting

    @property
    def near(self) -> bool:
        """Say whether who holds this may hold nothing that was typed."""
        return self.factor <= NEAREST


@dataclass(frozen=True, slots=True)
class Slot:
    """One typed word with every list of documents that counts for it."""

    surface: str
    rarity: int
    matches: tuple[Match, ...]
    shown: str = ""  # what is searched instead, when it is not what was typed

    @property
    def holders(self) -> set[int]:
        """Give the documents that hold the word, or what means the same."""
        return {n for match in self.matches if not match.near for n in match.posting.documents}


_Found = dict[str, Match]


def slots(query: Query, index: Index, *, exact: bool = False) -> tuple[Slot, ...]:
    """Give a slot for each word of a query that tells something or is found, in order."""
    at = telling(query.words)
    kept = [query.words[place] for place in at]
    found: list[_Found] = [{} for _ in kept]
    for word, place in zip(kept, found, strict=True):
        _add([place], _typed_keys(word, index), TYPED, "as typed", index.words)
    _add_joined(dict(zip(at, found, strict=True)), query.words, index)
    _add_glossary(found, kept, index)
    half = _half_typed(found, kept, index)
    for word, place in zip(kept, found, strict=True):
        if word.surface in index.halves(word.term) and not exact and word not in query.quoted:
            _add([place], _longer(word.surface, index), LONGER, "begins so", index.words)
    said = [
        (
            word,
            _slot(word.surface, got.values(), index)
            if got or exact or word in query.quoted
            else _unfound(word, begun, index),
        )
        for word, got, begun in zip(kept, found, half, strict=True)
        if got or word.surface not in STOP_WORDS
    ]
    held = {number for _, slot in said for number in slot.holders}
    return tuple(
        slot if exact or word in query.quoted else _nearer(slot, word, held, index)
        for word, slot in said
    )


def _typed_keys(word: Word, index: Index) -> list[str]:
    """Give the keys that are the word as typed: an acronym only as one, if there is one."""
    known = _known_forms(word, index)
    return known[:1] if word.acronym else known


def _known(word: Word, index: Index) -> bool:
    """Say whether a word is looked up: a small one only where somebody means it (`WHO`)."""
    return word.surface not in STOP_WORDS or bool(_typed_keys(word, index))


def _known_forms(word: Word, index: Index) -> list[str]:
    """Give the keys that a word may be; the file of what is compared knows how it is written."""
    if word.acronym:
        return [key for key in dict.fromkeys(_forms(word)) if key in index.words]
    return [key for key in dict.fromkeys(_forms(word)) if index.knows(word.term, key)]


def _forms(word: Word) -> tuple[str, str]:
    return word.term, stem(word.surface) if word.acronym else word.surface


def holding(phrase: Sequence[Word], index: Index) -> set[int] | None:
    """Give the documents that hold a phrase, or a single word as typed.

    None where the phrase is all of words that are left out of every text.
    """
    words = [each for each in map(phrase.__getitem__, telling(phrase)) if _known(each, index)]
    if not words:
        return None
    if len(words) == 1:
        keys = _typed_keys(words[0], index)
        return set().union(*(index.words[key].documents for key in keys))
    ends: dict[int, set[int]] | None = None  # of what was found of the phrase so far
    for word in words:
        found: dict[int, set[int]] = {}
        for key in _known_forms(word, index):
            for number, places in index.places(key).items():
                before = None if ends is None else ends.get(number, set())
                goes_on = (at for at in places if before is None or at - 1 in before)
                found.setdefault(number, set()).update(goes_on)
        ends = {number: places for number, places in found.items() if places}
    return set(ends or ())


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


def _add(
    places: Iterable[_Found], keys: Iterable[str], factor: int, why: str, postings: Postings
) -> None:
    """Let keys that stand in the index count at some places of a query, if they do not yet."""
    known = [Match(key, factor, why, postings[key]) for key in keys if key in postings]
    for place in places:
        for each in known:
            place.setdefault(each.key, each)


def _add_joined(found: Mapping[int, _Found], words: Sequence[Word], index: Index) -> None:
    """Let neighbours count as the name they make: `open prescribing`, `path sim r`.

    The file that is read for the first of them knows which there are.
    """
    for start, size in _runs(len(words)):
        at = [place for place in range(start, start + size) if place in found]
        if not at:
            continue
        joined = "".join(word.surface for word in words[start : start + size])
        known = [key for key in (joined, stem(joined)) if index.knows(words[at[0]].term, key)]
        _add(map(found.__getitem__, at), known, TYPED, "joined", index.words)


def _runs(count: int, shortest: int = 2, longest: int = LONGEST_JOIN) -> Iterator[tuple[int, int]]:
    for start in range(count):
        for size in range(shortest, min(longest, count - start) + 1):
            yield start, size


def _add_glossary(found: list[_Found], kept: Sequence[Word], index: Index) -> None:
    """Let a run of words count as what means the same: once, though it is several words."""
    terms = [word.term for word in kept]
    for start, size in _runs(len(terms), 1, len(terms)):
        key = " ".join(terms[start : start + size])
        places = found[start : start + size]
        factors = (max(GLOSSARY // size, NEAREST + 1), max(1, TASK // size))
        sides = index.meaning(key)
        for keys, factor, why in zip(sides, factors, ("glossary", "task"), strict=True):
            _add(places, keys, factor, why, index.words)


def _half_typed(found: list[_Found], kept: Sequence[Word], index: Index) -> list[_Found]:
    """Let words that match nothing begin the words of a glossary line: `stat proc` leads to SPC."""
    half: list[_Found] = [{} for _ in kept]
    for start, size in _runs(len(kept)):
        if any(found[start : start + size]):
            continue
        run = [word.surface for word in kept[start : start + size]]
        for key, means in index.glossary.items():
            terms = key.split(" ")
            if len(terms) >= size and all(map(str.startswith, terms, run)):
                _add(half[start : start + size], means, BEGUN, "glossary", index.words)
    return half


def _unfound(word: Word, half: _Found, index: Index) -> Slot:
    """Take a word that matches nothing as a beginning, then as two words, then as a slip."""
    found: _Found = {}
    _add([found], _begun(word, index), BEGUN, "begins so", index.words)
    if found or half:
        return _slot(word.surface, (half | found).values(), index)
    pair, shown = _as_two_words(word.surface, index)
    if pair:
        _add([found], [pair], MEANT, "as two words", index.pairs)
    elif shown := "" if index.is_english(word.surface) else _repaired(word.surface, index):
        _add([found], (stem(shown), shown), MEANT, "spelling", index.words)
    return replace(_slot(word.surface, found.values(), index), shown=shown if found else "")


def _nearer(slot: Slot, word: Word, held: Collection[int], index: Index) -> Slot:
    """Let projects count that are near in meaning to a word.

    They are only helped by it where they hold a word of the query, unless they are very near.
    """
    near = index.near[word.term].items() if word.term in index.near else ()
    counts = [each for each in near if each[0] in held or each[1] >= ALONE]
    if not counts:
        return slot
    documents, impacts = zip(*counts, strict=True)
    posting = Posting(slot.rarity, documents, impacts)
    match = Match(word.term, MEANING, "near in meaning", posting)
    return replace(slot, matches=(*slot.matches, match))


def _slot(surface: str, matches: Iterable[Match], index: Index) -> Slot:
    """Weigh a word by the commonest list as typed, or else by the commonest of all."""
    held = tuple(matches)
    as_typed = [each.posting.rarity for each in held if each.factor == TYPED]
    rarities = as_typed or [each.posting.rarity for each in held] or [index.unknown_rarity]
    return Slot(surface, min(rarities), held)


def _begun(word: Word, index: Index) -> Sequence[str]:
    """Give the commonest keys that begin so, or those that a half-typed ending leads to."""
    surface = word.surface
    if is_short(surface):
        return ()
    for beginning in dict.fromkeys((word.term, surface, _HALF_BRITISH.sub("iz", surface))):
        if not is_short(beginning) and (longer := _longer(beginning, index)):
            return longer
    for length in range(len(surface) - 1, 4, -1):
        rest = surface[length:]
        if surface[:length] in index.words and any(e.startswith(rest) for e in ENDINGS_BEGUN):
            return [surface[:length]]
    written = (other for other in index.spellings(surface[0]) if other.startswith(surface))
    stems = list(dict.fromkeys(map(stem, written)))[:MOST_BEGUN]
    return [key for key in stems if key in index.words]


def _longer(beginning: str, index: Index) -> list[str]:
    """Give the commonest keys that begin so."""
    keys = (key for key in index.words.beginning(beginning) if " " not in key)
    size = {key: len(index.words[key].documents) for key in keys}
    return sorted(size, key=lambda key: (-size[key], browser_order(key)))[:MOST_BEGUN]


def _as_two_words(surface: str, index: Index) -> tuple[str, str]:
    """Give the commonest two words that it may be, as a key and as written, or two empty texts."""
    cuts = [(surface[:at], surface[at:]) for at in range(3, len(surface) - 2)]
    pairs = [(f"{stem(one)} {stem(two)}", f"{one} {two}") for one, two in cuts]
    known = [pair for pair in pairs if pair[0] in index.pairs]
    return min(known, key=lambda pair: index.pairs[pair[0]].rarity, default=("", ""))


def _repaired(surface: str, index: Index) -> str:
    """Give the nearest known word, the commonest of the nearest, or nothing."""
    if len(surface) < SHORTEST_REPAIRED:
        return ""
    best, nearest = "", 2 if len(surface) < LONG else 3
    for other in index.spellings(surface[0]):
        if abs(len(other) - len(surface)) < nearest:
            steps = distance(surface, other)
            if steps < nearest:
                best, nearest = other, steps
    return best
