"""The ways to narrow and to order results, as columns over all documents.

A column is made when the index is built; a search asks what a choice means and what each value
would leave. Whoever changes the second half changes it in the browser's `facets.js` as well.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.searching.document import Document
from aggregator.searching.tokens import tokens
from aggregator.words.speech import say

TOPICS_OFFERED = 300  # the commonest; rarer ones are found by their words
OWNERS_OFFERED = 100
_FEWEST_OF_OWNER = 2  # who owns one project is found with it

# A facet, and its value for what no other showcase lists: no slug begins so.
FROM, OWN = "from", "-own"

Narrowing = Mapping[str, Collection[int]]  # facet that narrows -> documents with a chosen value
_Values = Callable[[Document], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow results: its values, each with the documents that have it."""

    name: str
    values: tuple[tuple[str, str, Sequence[int]], ...]  # (value in addresses, label, documents)
    aliases: Mapping[str, Sequence[int]]  # other names, when typed; documents


def _plain(*values: str) -> list[tuple[str, str]]:
    return [(value, value) for value in values if value]


# The facets in the order in which they are shown, with what a document has of each.
_FACETS: dict[str, _Values] = {
    "topic": lambda d: _plain(*{topic.lower() for topic in (*d.tags, *d.topics)}),
    "language": lambda d: _plain(*d.all_languages),
    "organisation": lambda d: (
        [(d.organisation_slug or d.organisation, d.organisation)] if d.organisation else []
    ),
    # Of projects that belong to no organisation; GitHub compares names without case.
    "owner": lambda d: [] if d.organisation else [(d.owner.lower(), d.owner)],
    "kind": lambda d: _plain(d.kind),
    "stage": lambda d: [(d.stage, d.stage_label or d.stage)] if d.stage else [],
    "licence": lambda d: _plain(d.licence),
    "activity": lambda d: [(d.activity, say(d.activity))] if d.activity else [],
    "help": lambda d: [("help", say("Has good first issues"))] if d.good_first_issues else [],
}


def _origin(document: Document) -> list[tuple[str, str]]:
    """Tell which of several showcases lists a project."""
    if document.origin:
        return [(document.origin_slug, document.origin)]
    return [(OWN, say("this showcase"))]


# How many values are offered, the commonest, and how many projects each must have at least.
_OFFERED: Mapping[str, tuple[int, int]] = {
    "topic": (TOPICS_OFFERED, 1),
    "owner": (OWNERS_OFFERED, _FEWEST_OF_OWNER),
}

# What else a facet answers to when it is typed: names that have no box to tick, because what they
# stand for has one already, or is shown by its owner alone.
_ALSO: Mapping[str, Callable[[Document], Iterable[str]]] = {
    "organisation": lambda document: (document.owner, *document.organisation_names),
    "language": lambda d: {d.language, *d.formats} - set(d.all_languages),
    "licence": lambda d: {d.licence_id} - {d.licence},
}

# What members may type before a colon, and the facet it means.
FIELD_WORDS: Mapping[str, str] = {
    **{name: name for name in _FACETS},
    "tag": "topic",
    "tags": "topic",
    "topics": "topic",
    "lang": "language",
    "languages": "language",
    "org": "organisation",
    "organization": "organisation",
    "owner": "organisation",
    "status": "stage",
    "license": "licence",
    "is": "help",
}


def columns(documents: Sequence[Document]) -> Iterator[Facet]:
    """Give each facet with its values, the commonest first, and who has them."""
    several = any(document.origin for document in documents)
    for name, values in (_FACETS | {FROM: _origin} if several else _FACETS).items():
        labels: dict[str, str] = {}
        held: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        aliases: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        also = _ALSO.get(name)
        for number, document in enumerate(documents):
            for value, label in values(document):
                labels.setdefault(value, label)
                held[value].append(number)
            others = also(document) if also else ()
            for alias in {" ".join(_folded(each)) for each in others} - {""}:
                aliases[alias].append(number)
        most, fewest = _OFFERED.get(name, (None, 1))
        enough = ((-len(found), value) for value, found in held.items() if len(found) >= fewest)
        offered = tuple((value, labels[value], held[value]) for _, value in sorted(enough)[:most])
        yield Facet(name, offered, dict(sorted(aliases.items())))


def orders(documents: Sequence[Document]) -> dict[str, list[int]]:
    """Give the document numbers in each order that is not relevance."""
    numbers = range(len(documents))
    return {
        "active": sorted(numbers, key=lambda n: documents[n].pushed, reverse=True),
        "added": sorted(numbers, key=lambda n: documents[n].added, reverse=True),
        "name": sorted(numbers, key=lambda n: (documents[n].shown_title.lower(), n)),
    }


def wanted(
    facets: Iterable[Facet],
    typed: Iterable[tuple[str, str]],
    chosen: Mapping[str, Collection[str]],
) -> Narrowing:
    """Give, for each facet that narrows, the documents with one of its wanted values.

    Args:
        facets: All of them.
        typed: Facet names with what was typed after their colon.
        chosen: Facet names with the values that were ticked. One that has no box, as in an address
            from when it was called otherwise, means what is called so.
    """
    said, found = list(typed), {}
    for facet in facets:
        texts = [text for name, text in said if name == facet.name]
        values = set(chosen.get(facet.name, ()))
        if values or texts:
            held = [set(numbers) for value, _, numbers in facet.values if value in values]
            held += [_called(facet, one) for one in values - {value for value, *_ in facet.values}]
            found[facet.name] = set().union(*held, *(_meant(facet, text) for text in texts))
    return found


def narrowed(numbers: Iterable[int], wanted: Narrowing) -> list[int]:
    """Keep the documents that every facet which narrows wants."""
    return [number for number in numbers if all(number in held for held in wanted.values())]


def count(
    facets: Iterable[Facet], ranked: Sequence[int], wanted: Narrowing
) -> dict[str, dict[str, int]]:
    """Count, for each value, the results it has under what the other facets chose.

    Args:
        facets: All of them.
        ranked: The documents found before anything was narrowed.
        wanted: What narrows.
    """
    counts: dict[str, dict[str, int]] = {}
    for facet in facets:
        others = {name: held for name, held in wanted.items() if name != facet.name}
        under = set(narrowed(ranked, others))
        found = {value: len(under.intersection(numbers)) for value, _, numbers in facet.values}
        counts[facet.name] = {value: count for value, count in found.items() if count}
    return counts


def _meant(facet: Facet, typed: str) -> set[int]:
    """Give the documents that a typed value means: those of its values and of its other names."""
    asked = _folded(typed)
    held = _of_name(facet, asked)
    if asked and not held:
        held = [nums for _, label, nums in facet.values if set(asked) <= set(_folded(label))]
    return set().union(*held, _of_alias(facet, asked))


def _called(facet: Facet, name: str) -> set[int]:
    """Give the documents of what is called exactly so, letters of either case."""
    said = _folded(name)
    return set().union(*_of_name(facet, said), _of_alias(facet, said))


def _of_name(facet: Facet, said: Sequence[str]) -> list[Sequence[int]]:
    return [nums for value, label, nums in facet.values if said in (_folded(value), _folded(label))]


def _of_alias(facet: Facet, said: Sequence[str]) -> Sequence[int]:
    return facet.aliases.get(" ".join(said), ())


def _folded(text: str) -> list[str]:
    """Give the words of a value without case, for comparing with what was typed."""
    return [token.lower() for token in tokens(text)]
