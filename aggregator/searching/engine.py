"""Answer a query: what matches, in which order, how many in each facet, and what was changed.

    words --parse--> Query --slots--> what each stands for --scores, narrowed--> Results

The browser's `engine.js` does the same steps on the same files.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.searching.facets import Narrowing, narrowed, wanted
from aggregator.searching.hits import Hit
from aggregator.searching.index import Index
from aggregator.searching.match import Slot, holding, slots
from aggregator.searching.query import Phrase, Query, parse
from aggregator.searching.rank import Tier, hold_little, ranked

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
        unknown: What stood before a colon and is no field.
        tiers: How many of them are of each tier; none where no words were typed.
        little: How many hold only a little of what was typed, where none holds more. They are
            kept back, as hits of nothing would be, unless they were asked for.
        common: Small words that are left out of every text, where nothing else was typed.
        cut: Whether more was typed than is read.
        slots: What each word stands for; `rank.explain` explains a result by it.
        ranked: All documents found before anything was narrowed, and all there are where nothing
            was asked; `facets.count` counts by it.
        wanted: What narrows.
    """

    hits: tuple[Hit, ...]
    total: int
    repairs: tuple[Slot, ...]
    unmatched: tuple[str, ...]
    unknown: tuple[str, ...]
    tiers: Mapping[Tier, int]
    little: int
    common: tuple[str, ...]
    cut: bool
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
    own_only: bool = False,
    little: bool = False,
) -> Results:
    """Rank the projects for a query exactly as the results page does.

    Args:
        index: Opened from the files of a site.
        query: Anything somebody typed.
        limit: How many hits to give; None gives all.
        filters: Facet name to chosen values; one of each facet's values must be there.
        order: `relevance`, `active`, `added` or `name`.
        exact: Search the words as typed only, with nothing begun, split or repaired.
        own_only: Find nothing that another showcase lists, which a results page finds too.
        little: Give also what holds only a little of the query, as `Show more` does on the page.

    Raises:
        StateError: A file of the index cannot be used.
    """
    asked = parse(query, index.fields)
    found = slots(asked, index, exact=exact)
    scored = ranked(found)
    narrowing = asked.filters or any((filters or {}).values())
    want = wanted(index.facets, asked.filters, filters or {}) if narrowing else {}
    # Without words everything matches; it is found if anything else was asked, else only counted.
    otherwise = want or asked.excluded or asked.barred
    must = [*_required(asked, found, index), *([index.own] if own_only else ())]
    left = _left(scored if found else range(index.size), must, _unwanted(asked, index))
    kept = narrowed(left, want) if found or otherwise else []
    if order != RELEVANCE or not found:
        kept = _ordered(kept, order, index)
    # Who says what must be held gets what holds it.
    holding_little = 0 if asked.required or not hold_little(found, kept) else len(kept)
    kept = kept if little or not holding_little else []
    tiers = Counter(scored[number].tier for number in kept if number in scored)
    return Results(
        hits=tuple(index.hit(at, scored[at].score if at in scored else 0) for at in kept[:limit]),
        total=len(kept),
        tiers={tier: tiers[tier] for tier in Tier},
        little=holding_little,
        repairs=tuple(slot for slot in found if slot.shown),
        unmatched=tuple(slot.surface for slot in found if not slot.holders),
        unknown=asked.unknown,
        common=() if found else tuple(each.surface for each in asked.words),
        cut=asked.cut,
        slots=found,
        ranked=left,
        wanted=want,
    )


def _left(
    numbers: Iterable[int], must: Sequence[Collection[int]], must_not: Collection[int]
) -> list[int]:
    return [
        number
        for number in numbers
        if number not in must_not and all(number in held for held in must)
    ]


def _ordered(numbers: Sequence[int], order: str, index: Index) -> list[int]:
    known = index.orders.get(order, index.orders["active"])
    places = {number: at for at, number in enumerate(known)}
    return sorted(numbers, key=places.__getitem__)


def _unwanted(asked: Query, index: Index) -> set[int]:
    """Give the documents that hold what must not be."""
    found: set[int] = set()
    for unwanted in asked.excluded:
        found |= holding(unwanted, index) or set()
    for facet in asked.barred:
        found.update(*wanted(index.facets, [facet], {}).values())
    return found


def _required(asked: Query, found: Sequence[Slot], index: Index) -> Iterator[Collection[int]]:
    """Give for each thing that must be held the documents that hold it."""
    for group in asked.required:
        held = _holding_one(group, asked, found, index)
        if held is not None:
            yield held


def _holding_one(
    group: Sequence[Phrase], asked: Query, found: Sequence[Slot], index: Index
) -> set[int] | None:
    """Give the documents that hold one of some phrases; None where one is of small words alone."""
    held = [_holding(phrase, asked, found, index) for phrase in group]
    known = [each for each in held if each is not None]
    return set().union(*known) if len(known) == len(held) else None


def _holding(phrase: Phrase, asked: Query, found: Sequence[Slot], index: Index) -> set[int] | None:
    """Look a phrase up; a word without quotes may stand for others, as it does in the results."""
    if len(phrase) > 1 or phrase[0] in asked.quoted:
        return holding(phrase, index)
    same = [slot.holders for slot in found if slot.surface == phrase[0].surface]
    return set().union(*same) if same else None
