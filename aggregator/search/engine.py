"""Answer a query: what matches, in which order, how many in each facet, and what was changed.

The browser's `engine.js` does the same steps on the files of the same index.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.search.document import Document
from aggregator.search.facets import meant
from aggregator.search.index import Index, Posting
from aggregator.search.match import Slot, pair_keys, slots, typed_keys
from aggregator.search.query import Query, Typed, parse, telling
from aggregator.search.rank import Scored, rank

RELEVANCE = "relevance"
DEFAULT_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Change:
    """A word that matched nothing, and what was searched instead."""

    typed: str
    shown: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One result with its score; 0 when nothing was typed to score by."""

    document: Document
    number: int
    score: int


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found, `total` before the limit was applied."""

    hits: tuple[Hit, ...]
    total: int
    changes: tuple[Change, ...]
    unmatched: tuple[str, ...]
    counts: Mapping[str, Mapping[str, int]]
    slots: tuple[Slot, ...]


def search(  # noqa: PLR0913 (what a results page lets people choose)
    index: Index,
    query: str,
    limit: int | None = DEFAULT_LIMIT,
    filters: Mapping[str, Sequence[str]] | None = None,
    *,
    order: str = RELEVANCE,
    exact: bool = False,
) -> Results:
    """Rank the projects for a query exactly as the results page does.

    Args:
        index: What `build_index` gave.
        query: Anything somebody typed.
        limit: How many hits to give; None gives all.
        filters: Facet name to chosen values; one of each facet's values must be there.
        order: `relevance`, `active`, `added` or `name`.
        exact: Search the words as typed only, with nothing begun, split or repaired.
    """
    asked = parse(query)
    found = slots(asked, index, exact=exact)
    wanted = _wanted(index, asked, filters or {})
    ranked = _matching(index, asked, found, bool(wanted))
    kept = _filtered(ranked, wanted)
    ordered = _ordered(index, kept, order, bool(found))
    hits = [Hit(index.documents[each.number], each.number, each.score) for each in ordered[:limit]]
    return Results(
        hits=tuple(hits),
        total=len(kept),
        changes=tuple(Change(slot.surface, slot.shown) for slot in found if slot.shown),
        unmatched=tuple(slot.surface for slot in found if not slot.sources),
        counts=_counts(index, ranked, wanted),
        slots=found,
    )


def _matching(index: Index, asked: Query, found: Sequence[Slot], narrowed: bool) -> list[Scored]:
    """Rank what the words match; with no words, everything, if something else was asked."""
    if found:
        ranked = rank(found)
    else:
        everything = narrowed or asked.excluded
        ranked = [Scored(number, 0) for number in range(len(index.documents) if everything else 0)]
    for phrase in asked.phrases:
        held = _holding(index, phrase)
        ranked = [each for each in ranked if each.number in held]
    for unwanted in asked.excluded:
        held = _holding(index, unwanted)
        ranked = [each for each in ranked if each.number not in held]
    return ranked


def _holding(index: Index, phrase: tuple[Typed, ...]) -> set[int]:
    """Give the documents that hold a phrase, or a single word as typed."""
    pairs = pair_keys(phrase)
    if pairs:
        return set.intersection(*(_documents(index.pairs.get(pair)) for pair in pairs))
    keys = typed_keys(telling(phrase)[0], index)
    return set().union(*(_documents(index.words[key]) for key in keys))


def _documents(posting: Posting | None) -> set[int]:
    return set(posting.documents) if posting else set()


_Wanted = dict[str, set[int]]


def _wanted(index: Index, asked: Query, filters: Mapping[str, Sequence[str]]) -> _Wanted:
    """Give, for each facet that narrows, the documents with one of the chosen values."""
    wanted: _Wanted = {}
    for facet in index.facets:
        values = set(filters.get(facet.name, ()))
        typed = [value for name, value in asked.filters if name == facet.name]
        if values or typed:
            held = (set(numbers) for value, _, numbers in facet.values if value in values)
            wanted[facet.name] = set().union(*held, *(meant(facet, text) for text in typed))
    return wanted


def _filtered(ranked: Iterable[Scored], wanted: _Wanted) -> list[Scored]:
    return [each for each in ranked if all(each.number in held for held in wanted.values())]


def _ordered(index: Index, kept: list[Scored], order: str, worded: bool) -> list[Scored]:
    if order == RELEVANCE and worded:
        return kept
    places = {
        number: at for at, number in enumerate(index.orders.get(order, index.orders["active"]))
    }
    return sorted(kept, key=lambda each: places[each.number])


def _counts(index: Index, ranked: Sequence[Scored], wanted: _Wanted) -> dict[str, dict[str, int]]:
    """Count, for each value, the results it has under what the other facets chose."""
    counts: dict[str, dict[str, int]] = {}
    for facet in index.facets:
        others = {name: held for name, held in wanted.items() if name != facet.name}
        under = {each.number for each in _filtered(ranked, others)}
        found = {value: len(under.intersection(numbers)) for value, _, numbers in facet.values}
        counts[facet.name] = {value: count for value, count in found.items() if count}
    return counts
