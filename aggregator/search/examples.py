"""Choose searches to teach with: each finds something here, and each is of another kind."""

from collections.abc import Mapping, Sequence

from aggregator.search.index import Facet, Posting
from aggregator.search.synonyms import keys

PHRASES = 3
# What more projects than this share of all hold is no example of a search.
WIDEST = 0.25


def examples(
    glossary: Mapping[str, Sequence[str]],
    words: Mapping[str, Posting],
    facets: Sequence[Facet],
    count: int,
) -> tuple[str, ...]:
    """Give phrases of the glossary, a topic, an organisation and a language that are found.

    Args:
        glossary: Acronyms with what they stand for, as written.
        words: Who holds each word or phrase.
        facets: The ways to narrow.
        count: How many projects there are.
    """
    commonest = {facet.name: [label for _, label, _ in facet.values[:1]] for facet in facets}
    languages = [f"language:{_quoted(label)}" for label in commonest["language"]]
    found = [*_phrases(glossary, words, count), *commonest["topic"], *commonest["organisation"]]
    return tuple(dict.fromkeys([*found, *languages]))


def _phrases(
    glossary: Mapping[str, Sequence[str]], words: Mapping[str, Posting], count: int
) -> list[str]:
    """Give what acronyms stand for: phrases of three or four words before those of two."""
    held: dict[str, int] = {}
    for expansions in glossary.values():
        for text in expansions[:1]:
            postings = [words[key] for key in keys(text) if key in words]
            most = max((len(posting.documents) for posting in postings), default=0)
            if 2 <= len(text.split()) <= 4 and 2 <= most <= max(2, count * WIDEST):
                held[text] = most
    return sorted(held, key=lambda text: (len(text.split()) < 3, -held[text], text))[:PHRASES]


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
