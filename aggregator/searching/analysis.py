"""The projects as search reads them: each document once, for everything that follows.

    documents, glossary --read_corpus--> Corpus --+--> index_files   what visitors search
                                                  +--> related       what each page suggests

Here stands what a document is and how much a word counts by where it stands. What words weigh
against all other documents is decided by those two.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from aggregator.searching.synonyms import expansions_in, mined, one_glossary
from aggregator.searching.tokens import (
    STOP_WORDS,
    Word,
    joins,
    name_parts,
    stem,
    tokens,
    word,
    words,
)

TEXT_LIMIT = 20_000  # characters of a README that are read: a list-like one is mostly names


@dataclass(frozen=True, slots=True)
class Document:
    """One project as search sees it; an empty text means that a fact is not known."""

    key: str
    title: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    organisation: str = ""
    organisation_slug: str = ""
    organisation_names: tuple[str, ...] = ()  # what else it is called, and its GitHub owners
    kind: str = ""
    people: tuple[str, ...] = ()
    language: str = ""
    languages: tuple[str, ...] = ()  # all with a fair share; empty means just `language`
    licence: str = ""
    stage: str = ""
    activity: str = ""
    headings: tuple[str, ...] = ()
    text: str = ""
    story: str = ""
    good_first_issues: int = 0
    pushed: str = ""
    added: str = ""
    url: str = ""

    @property
    def all_languages(self) -> tuple[str, ...]:
        """Give the languages to be found by."""
        return self.languages or ((self.language,) if self.language else ())

    @property
    def owner(self) -> str:
        """Give the part of the key before the slash."""
        return self.key.partition("/")[0]

    @property
    def name(self) -> str:
        """Give the part of the key after the slash."""
        return self.key.partition("/")[2]

    @property
    def shown_title(self) -> str:
        """Give what a result is called."""
        return self.title or self.name


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


FIELDS = (NAME, TAGS, ORGANISATION, PEOPLE, LANGUAGE, SUMMARY, HEADINGS, STORY, TEXT)


@dataclass(frozen=True, slots=True)
class FieldWords:
    """The words of one field of one document, in order."""

    field: Field
    sequence: tuple[Word, ...]
    extra: tuple[str, ...] = ()  # names written joined; they do not make the field longer

    @property
    def terms(self) -> list[str]:
        """Give what search compares of each word, in order."""
        return [each.term for each in self.sequence]

    def counts(self, joined: float = 1) -> dict[str, float]:
        """Say how often each word stands here; one that is only written joined counts `joined`."""
        return {**dict.fromkeys(self.extra, joined), **Counter(self.terms)}


@dataclass(frozen=True, slots=True)
class Corpus:
    """All documents in the order of their keys without case, with their words.

    Args:
        documents: the projects.
        fields: of each document its fields, those without words left out.
        usual: how many words each field has on average, where it has any.
        glossary: acronyms with what they stand for, as the community and the documents say.
    """

    documents: tuple[Document, ...]
    fields: tuple[tuple[FieldWords, ...], ...]
    usual: Mapping[str, float]
    glossary: Mapping[str, tuple[str, ...]]

    def weigh(
        self,
        counted: Iterable[tuple[FieldWords, Mapping[str, float]]],
        worth: Mapping[Field, float],
    ) -> dict[str, float]:
        """Say what each word weighs in one document: the sum of what it weighs in each field.

        A word weighs the more the better its field and the oftener it stands there, and the less
        the longer that field is than usual.

        Source: BM25F, Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), 3.6.

        Args:
            counted: fields of the document, each with how often its words count in it.
            worth: how much a word counts in each field.
        """
        weights: dict[str, float] = {}
        for part, counts in counted:
            thinning = part.field.thinning
            longer = len(part.sequence) / self.usual[part.field.name]
            factor = worth[part.field] / (1 - thinning + thinning * longer)
            for key, times in counts.items():
                tone = 1 + math.log(times) if times >= 1 else times
                weights[key] = weights.get(key, 0.0) + factor * tone
        return weights


def rarity(documents: int, holding: int) -> float:
    """Say how much finding a word tells: BM25's inverse document frequency.

    Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), 3.1, with the
    usual 1 added inside the logarithm to keep it above zero.
    """
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def read_corpus(
    documents: Iterable[Document], glossary: Mapping[str, Sequence[str]] | None = None
) -> Corpus:
    """Read each document once.

    Args:
        documents: the projects, in any order.
        glossary: the community's words that mean the same: an acronym, and what it stands for.
    """
    ordered = tuple(sorted(documents, key=lambda each: (each.key.lower(), each.key)))
    fields = tuple(map(_fields, ordered))
    lengths: dict[str, list[int]] = {}
    for part in chain.from_iterable(fields):
        lengths.setdefault(part.field.name, []).append(len(part.sequence))
    usual = {name: sum(each) / len(each) for name, each in lengths.items()}
    said = mined(
        set(chain(*map(expansions_in, (each.summary, each.story, each.text[:TEXT_LIMIT]))))
        for each in ordered
    )
    return Corpus(ordered, fields, usual, one_glossary(glossary or {}, said))


def _fields(document: Document) -> tuple[FieldWords, ...]:
    owners = (document.organisation, document.organisation_slug, document.owner, document.kind)
    people = [each for login in document.people for each in _spread([login])[0]]
    logins = tuple(word(login).term for login in document.people)
    fields = [
        FieldWords(NAME, *_spread([document.title, document.name])),
        FieldWords(TAGS, *_spread([*document.tags, *document.topics])),
        FieldWords(ORGANISATION, *_spread(owners)),
        FieldWords(PEOPLE, tuple(people), logins),
        FieldWords(LANGUAGE, _sequence(document.all_languages)),
        FieldWords(SUMMARY, _sequence([document.summary]), _compounds(document.summary)),
        FieldWords(HEADINGS, _sequence(document.headings)),
        FieldWords(STORY, _sequence([document.story[:TEXT_LIMIT]])),
        FieldWords(TEXT, _sequence([document.text[:TEXT_LIMIT]])),
    ]
    return tuple(each for each in fields if each.sequence)


def _sequence(texts: Iterable[str]) -> tuple[Word, ...]:
    return tuple(each for text in texts for each in words(text))


def _spread(names: Sequence[str]) -> tuple[tuple[Word, ...], tuple[str, ...]]:
    """Give the parts of names as words, and their runs written as one word."""
    seen: dict[str, Word] = {}
    joined_up: dict[str, None] = {}
    for name in names:
        for parts in (name_parts(name), name_parts(name, by_case=True)):
            for part in parts:
                if part not in STOP_WORDS:
                    seen.setdefault(part, Word(part, stem(part)))
            joined_up.update(dict.fromkeys(joins(parts)))
        for whole in map(word, tokens(name)):
            joined_up.update({whole.term: None, whole.surface: None})
    return tuple(seen.values()), tuple(each for each in joined_up if each not in STOP_WORDS)


def _compounds(text: str) -> tuple[str, ...]:
    """Give words written with a hyphen as one: `e-learning` is found by `elearning`."""
    chunks = (chunk for chunk in text.split() if "-" in chunk.strip("-"))
    found = ("".join(tokens(chunk)).lower() for chunk in chunks)
    return tuple(each for each in found if each)  # nothing is left of `(-)`
