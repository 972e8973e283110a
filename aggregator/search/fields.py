"""Read a document into weighted fields of words.

Here stands what a word is worth by where it stands. Scores, files and queries are elsewhere.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregator.search.document import Document
from aggregator.search.words import (
    STOP_WORDS,
    Word,
    joins,
    name_parts,
    name_parts_by_case,
    stem,
    tokens,
    word,
    words,
)

TEXT_LIMIT = 20_000  # characters of a README that are read: a list-like one is mostly names


@dataclass(frozen=True, slots=True)
class Field:
    """How much a word in this place counts, and how much a long text thins it out."""

    name: str
    weight: float
    thinning: float


NAME = Field("name", 9.0, 0.3)
TAGS = Field("tags", 6.0, 0.3)
ORGANISATION = Field("organisation", 4.0, 0.0)
PEOPLE = Field("people", 4.0, 0.0)
LANGUAGE = Field("language", 2.0, 0.0)
SUMMARY = Field("summary", 4.5, 0.4)
HEADINGS = Field("headings", 2.5, 0.6)
STORY = Field("story", 1.5, 0.6)
TEXT = Field("text", 1.0, 0.6)


@dataclass(frozen=True, slots=True)
class FieldWords:
    """The words of one field of one document, in order."""

    field: Field
    sequence: Sequence[Word]
    extra: Sequence[str] = ()  # names written joined; they do not make the field longer

    def counts(self) -> Counter[str]:
        """Count each term."""
        counted = Counter(each.term for each in self.sequence)
        counted.update(set(self.extra) - counted.keys())
        return counted


def read(document: Document) -> list[FieldWords]:
    """Give the words of each field of a document, empty fields left out."""
    people = [each for login in document.people for each in _spread([login])[0]]
    fields = [
        FieldWords(NAME, *_spread([document.title, document.name])),
        FieldWords(TAGS, *_spread([*document.tags, *document.topics])),
        FieldWords(ORGANISATION, *_organisation(document)),
        FieldWords(PEOPLE, people, [word(login).term for login in document.people]),
        FieldWords(LANGUAGE, _sequence(document.all_languages)),
        FieldWords(SUMMARY, words(document.summary), _compounds(document.summary)),
        FieldWords(HEADINGS, _sequence(document.headings)),
        FieldWords(STORY, words(document.story[:TEXT_LIMIT])),
        FieldWords(TEXT, words(document.text[:TEXT_LIMIT])),
    ]
    return [each for each in fields if each.sequence]


def _organisation(document: Document) -> tuple[list[Word], list[str]]:
    names = [document.organisation, document.organisation_slug, document.owner, document.kind]
    return _spread(names)


def _sequence(texts: Iterable[str]) -> list[Word]:
    return [each for text in texts for each in words(text)]


def _spread(names: Sequence[str]) -> tuple[list[Word], list[str]]:
    """Give the parts of names as words, and their runs written as one word."""
    seen: dict[str, Word] = {}
    joined: dict[str, None] = {}
    for name in names:
        for split in (name_parts, name_parts_by_case):
            parts = split(name)
            for part in parts:
                if part not in STOP_WORDS:
                    seen.setdefault(part, Word(part, stem(part)))
            joined.update(dict.fromkeys(joins(parts)))
        for whole in map(word, tokens(name)):
            joined.update({whole.term: None, whole.surface: None})
    return list(seen.values()), [each for each in joined if each not in STOP_WORDS]


def _compounds(text: str) -> list[str]:
    joined = (
        "".join(part.lower() for part in tokens(chunk))
        for chunk in text.split()
        if "-" in chunk.strip("-")
    )
    return [each for each in joined if each]  # nothing is left of `(-)`
