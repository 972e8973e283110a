"""Answer a query: what matches, in which order, how many in each facet, and what was changed.

    words --parse--> Query --slots--> what each stands for --scores, narrowed--> Results

The browser's `engine.js` does the same steps on the same files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aggregator.searching.facets import Narrowing, narrowed, wanted
from aggregator.searching.hits import Hit
from aggregator.searching.index import Index
from aggregator.searching.match import Slot, holding, slots
from aggregator.searching.query import parse
from aggregator.searching.rank import near_words, scores

RELEVANCE = "relevance"
DEFAULT_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found.

    Args:
        hits: The results, best first, as many as were asked for.
        total: How many there are.
        repairs: Words that matched nothing, with what was searched instead (`shown`).
        unmatched: Words that nothing here says.
        slots: What each word stands for; `rank.explain` explains a result by it.
        ranked: All documents found before anything was narrowed; `facets.count` counts by it.
        wanted: What narrows.
    """

    hits: tuple[Hit, ...]
    total: int
    repairs: tuple[Slot, ...]
    unmatched: tuple[str, ...]
    slots: tuple[Slot, ...]
    ranked: Sequence[int]
    wanted: Narrowing


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
        index: Opened from the files of a site.
        query: Anything somebody typed.
        limit: How many hits to give; None gives all.
        filters: Facet name to chosen values; one of each facet's values must be there.
        order: `relevance`, `active`, `added` or `name`.
        exact: Search the words as typed only, with nothing begun, split or repaired.

    Raises:
        StateError: A file of the index cannot be used.
    """
    asked = parse(query)
    found = slots(asked, index, exact=exact)
    scored = scores(found)
    narrowing = asked.filters or any((filters or {}).values())
    want = wanted(index.facets, asked.filters, filters or {}) if narrowing else {}
    # Without words everything matches, if anything else was asked.
    matching = scored if found else range(index.size if want or asked.excluded else 0)
    must = [holding(phrase, index) for phrase in asked.phrases]
    must_not = set().union(*(holding(unwanted, index) for unwanted in asked.excluded))
    ranked = [
        number
        for number in matching
        if number not in must_not and all(number in held for held in must)
    ]
    kept = narrowed(ranked, want)
    if order != RELEVANCE or not found:
        numbers = index.orders.get(order, index.orders["active"])
        places = {number: at for at, number in enumerate(numbers)}
        kept.sort(key=places.__getitem__)
    return Results(
        hits=tuple(
            replace(index.hit(number, scored.get(number, 0)), near=near_words(found, number))
            for number in kept[:limit]
        ),
        total=len(kept),
        repairs=tuple(slot for slot in found if slot.shown),
        unmatched=tuple(slot.surface for slot in found if slot.unsaid),
        slots=found,
        ranked=ranked,
        wanted=want,
    )
