"""Make the community's glossary into keys: each side of a line leads to the other sides.

A side of several words becomes one key (`length stay`), counted where the words stand together.
"""

from collections.abc import Iterable, Mapping, Sequence

from aggregator.search.words import stem, tokens, word, words

Phrase = tuple[str, ...]


def read(glossary: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Give, for each key of a glossary, the keys that mean the same, in the order written."""
    found: dict[str, dict[str, None]] = {}
    for acronym, expansions in glossary.items():
        sides = [key for text in (acronym, *expansions) for key in keys(text)]
        for side in sides:
            others = dict.fromkeys(other for other in sides if other != side)
            found.setdefault(side, {}).update(others)
    return {side: tuple(others) for side, others in sorted(found.items())}


def keys(text: str) -> list[str]:
    """Give the keys of one side: a single word also counts without its capitals."""
    terms = [each.term for each in words(text)] or [word(token).term for token in tokens(text)]
    if len(terms) == 1:
        return list(dict.fromkeys([terms[0], stem(terms[0])]))
    return [" ".join(terms)] if terms else []


def phrases(glossary: Iterable[str]) -> dict[str, list[Phrase]]:
    """Give the keys of several words by their first word."""
    found: dict[str, list[Phrase]] = {}
    for key in glossary:
        first, *rest = key.split(" ")
        if rest:
            found.setdefault(first, []).append((first, *rest))
    return found
