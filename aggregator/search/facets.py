"""The ways to narrow and to order results, as columns over all documents."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence

from aggregator.search.document import Document
from aggregator.search.index import Facet
from aggregator.search.words import tokens

TOPICS_OFFERED = 300  # the commonest; rarer ones are found by their words

_Values = Callable[[Document], Iterable[tuple[str, str]]]


def _single(attribute: str) -> _Values:
    def values(document: Document) -> Iterable[tuple[str, str]]:
        text: str = getattr(document, attribute)
        return [(text, text)] if text else []

    return values


def _topics(document: Document) -> Iterable[tuple[str, str]]:
    return [(each, each) for each in {t.lower() for t in (*document.tags, *document.topics)}]


def _organisation(document: Document) -> Iterable[tuple[str, str]]:
    if not document.organisation:
        return []
    return [(document.organisation_slug or document.organisation, document.organisation)]


def _languages(document: Document) -> Iterable[tuple[str, str]]:
    return [(each, each) for each in document.all_languages]


def _help(document: Document) -> Iterable[tuple[str, str]]:
    return [("help", "Has good first issues")] if document.good_first_issues else []


FACETS: Mapping[str, _Values] = {
    "topic": _topics,
    "language": _languages,
    "organisation": _organisation,
    "kind": _single("kind"),
    "stage": _single("stage"),
    "licence": _single("licence"),
    "activity": _single("activity"),
    "help": _help,
}

# What else a facet answers to when it is typed: names that have no box to tick, because what they
# stand for has one already, or is shown by its owner alone.
_ALSO: Mapping[str, Callable[[Document], Iterable[str]]] = {
    "organisation": lambda document: (document.owner, *document.organisation_names),
    "language": lambda document: {document.language} - set(document.all_languages),
}

# What members may type before a colon, and the facet it means.
FIELD_WORDS: Mapping[str, str] = {
    **{name: name for name in FACETS},
    "tag": "topic",
    "lang": "language",
    "org": "organisation",
    "license": "licence",
    "is": "help",
}


def columns(documents: Sequence[Document]) -> tuple[Facet, ...]:
    """Give each facet with its values, the commonest first, and who has them."""
    return tuple(_column(name, values, documents) for name, values in FACETS.items())


def orders(documents: Sequence[Document]) -> dict[str, list[int]]:
    """Give the document numbers in each order that is not relevance."""
    numbers = range(len(documents))

    def newest(attribute: str) -> list[int]:
        by_date = sorted(numbers, key=lambda n: getattr(documents[n], attribute), reverse=True)
        return list(by_date)

    return {
        "active": newest("pushed"),
        "added": newest("added"),
        "name": sorted(
            numbers, key=lambda n: ((documents[n].title or documents[n].name).lower(), n)
        ),
    }


def folded(text: str) -> list[str]:
    """Give the words of a value without case, for comparing with what was typed."""
    return [token.lower() for token in tokens(text)]


def chosen(facet: Facet, typed: str) -> list[str]:
    """Give the values that a typed value means: the same, or holding all of its words."""
    wanted = folded(typed)
    same = [value for value, label, _ in facet.values if wanted in (folded(value), folded(label))]
    if same or not wanted:
        return same
    return [value for value, label, _ in facet.values if set(wanted) <= set(folded(label))]


def meant(facet: Facet, typed: str) -> set[int]:
    """Give the documents that a typed value means: those of its values and of its other names."""
    values = set(chosen(facet, typed))
    held = [numbers for value, _, numbers in facet.values if value in values]
    alias = " ".join(folded(typed))
    held += [numbers for name, numbers in facet.aliases if name == alias]
    return set().union(*held)


def _column(name: str, values: _Values, documents: Sequence[Document]) -> Facet:
    found: dict[str, tuple[str, array[int]]] = {}
    for number, document in enumerate(documents):
        for value, label in sorted(values(document)):
            found.setdefault(value, (label, array("I")))[1].append(number)
    ranked = sorted(found.items(), key=lambda item: (-len(item[1][1]), item[0]))
    limit = TOPICS_OFFERED if name == "topic" else None
    offered = tuple((value, label, held) for value, (label, held) in ranked[:limit])
    return Facet(name, offered, _aliases(name, documents))


def _aliases(name: str, documents: Sequence[Document]) -> tuple[tuple[str, Sequence[int]], ...]:
    """Give the names that a facet answers to when typed, without case, and who has each."""
    also = _ALSO.get(name)
    if also is None:
        return ()
    found: dict[str, array[int]] = {}
    for number, document in enumerate(documents):
        for each in sorted({" ".join(folded(alias)) for alias in also(document)} - {""}):
            found.setdefault(each, array("I")).append(number)
    return tuple(sorted(found.items()))
