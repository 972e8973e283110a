"""Find the projects that are most like another one, for "Related projects" on its page.

Each project is a row of weights: what its name, tags, summary, story and README say, each word
the heavier the fewer projects say it. Two projects are as alike as the angle between their rows is
narrow; sharing an organisation or a rare tag adds a little to what is alike already. Where a
project comes from is left out of its row: one address shared by ten projects would make all ten
alike. Nothing is filled up: a project with too little in common with any other gets none.
"""

import heapq
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.search import acronyms, fields, synonyms
from aggregator.search.document import Document
from aggregator.search.fields import FieldWords

LEAST = 0.09  # likeness below this was chance in the readings: a shared "plan" and "general"
LONE = 0.4  # of what one word weighs above all others together: "align" alone may be a formula
WIDEST = 0.12  # a word that more projects than that share say tells little about any of them,
FEW = 5  # unless those are no more than five: in a young showcase that is a subject
RARITY_POWER = 1.5  # common words look alike everywhere; 1 let "import" and "hold" bring chance
MOST = 250  # holders of a word, however many projects there are: their pairs cost the time
KEPT = 100  # heaviest words of a row; more changed no reading and cost time
SAME_OWNER = 0.03
SHARED_TAG = 0.02  # times the tag's rarity, which is 1 to 5 among a few hundred projects
JOINED = 0.5  # a name written as one word, beside its parts
WEIGHTS = {
    fields.NAME.name: 6.0,
    fields.TAGS.name: 6.0,
    fields.SUMMARY.name: 4.0,
    fields.STORY.name: 1.5,
    fields.TEXT.name: 1.0,
}

Likeness = Mapping[int, float]  # number of another project -> how alike it is
Comparison = Callable[[int, Likeness], Likeness]  # number of a project, likeness by words
Group = tuple[str, str]  # ("tag", "maps") or ("owner", "example-guild")


@dataclass(frozen=True, slots=True)
class Model:
    """All projects as rows of weights of length one, and for each word who says it how much."""

    keys: tuple[str, ...]
    rows: tuple[Mapping[str, float], ...]
    holders: Mapping[str, Sequence[tuple[int, float]]]
    groups: tuple[Mapping[Group, float], ...]  # for each project what sharing each of them adds
    numbers: Mapping[str, int]  # where each key stands


def model(
    documents: Iterable[Document], glossary: Mapping[str, Sequence[str]] | None = None
) -> Model:
    """Prepare the comparison of every project with every other.

    Args:
        documents: the projects, in any order.
        glossary: acronyms with what they stand for; both count as one word.
    """
    ordered = sorted(documents, key=lambda each: (each.key.lower(), each.key))
    reader = _Reader(ordered, glossary or {})
    rows = tuple(_unit(reader.row(document)) for document in ordered)
    holders: dict[str, list[tuple[int, float]]] = {}
    for number, row in enumerate(rows):
        for word, weight in row.items():
            holders.setdefault(word, []).append((number, weight))
    keys = tuple(document.key for document in ordered)
    numbers = {key: number for number, key in enumerate(keys)}
    return Model(keys, rows, holders, _shared(ordered), numbers)


def related(
    prepared: Model, key: str, limit: int = 4, compare: Comparison | None = None
) -> tuple[str, ...]:
    """Give the keys of the projects most like one, the likest first, at most `limit`.

    Args:
        prepared: all projects.
        key: the project whose page it is.
        limit: how many there is room for.
        compare: looks again at what shares words with it; else the words decide alone.

    Raises:
        KeyError: there is no project with this key.
    """
    number = prepared.numbers[key]
    by_words = alike(prepared, number)
    return _likest(prepared, compare(number, by_words) if compare else by_words, number, limit)


def alike(prepared: Model, number: int) -> dict[int, float]:
    """Say how much each other project says the same, 0 to 1; who shares no word is left out."""
    found: dict[int, float] = {}
    strongest: dict[int, float] = {}
    for word, weight in prepared.rows[number].items():
        for other, held in prepared.holders[word]:
            share = weight * held
            if other not in found:
                found[other] = strongest[other] = share
                continue
            found[other] += share
            strongest[other] = max(strongest[other], share)
    found.pop(number, None)
    return {
        other: value - LONE * max(0.0, 2 * strongest[other] - value)
        for other, value in found.items()
    }


def _likest(prepared: Model, likeness: Likeness, number: int, limit: int) -> tuple[str, ...]:
    """Leave out what is chance, add what organisation and tags tell, and order the rest."""
    mine = prepared.groups[number]
    ranked = sorted(
        (-round(value + _in_common(mine, prepared.groups[other]), 6), other)
        for other, value in likeness.items()
        if value >= LEAST
    )
    return tuple(prepared.keys[other] for _, other in ranked[:limit])


class _Reader:
    """Reads documents into rows, knowing how rare each word is among all of them."""

    def __init__(
        self, documents: Sequence[Document], glossary: Mapping[str, Sequence[str]]
    ) -> None:
        self._short = _short_forms(acronyms.joined(glossary, acronyms.mined(documents)))
        self._phrases = synonyms.phrases(self._short)
        self._count = len(documents)
        self._spread: Counter[str] = Counter()
        lengths: Counter[str] = Counter()
        having: Counter[str] = Counter()
        for document in documents:
            said = list(_telling(document))
            self._spread.update({word for part in said for word in self._counts(part)})
            lengths.update({part.field.name: len(part.sequence) for part in said})
            having.update(part.field.name for part in said)
        self._usual = {name: lengths[name] / having[name] for name in having}

    def row(self, document: Document) -> dict[str, float]:
        """Weigh the words of one document and keep the heaviest that others say too."""
        weights: dict[str, float] = {}
        for part in _telling(document):
            factor = WEIGHTS[part.field.name] / self._length(part)
            for word, times in self._counts(part).items():
                tone = 1 + math.log(times) if times >= 1 else times
                weights[word] = weights.get(word, 0.0) + factor * tone
        widest = _widest(self._count)
        told = [
            (weight * self._rarity(word) ** RARITY_POWER, word)
            for word, weight in weights.items()
            if 1 < self._spread[word] <= widest
        ]
        return {word: weight for weight, word in heapq.nlargest(KEPT, told)}

    def _length(self, part: FieldWords) -> float:
        thinning = part.field.thinning
        return 1 - thinning + thinning * len(part.sequence) / self._usual[part.field.name]

    def _rarity(self, word: str) -> float:
        return _rarity(self._count, self._spread[word])

    def _counts(self, part: FieldWords) -> dict[str, float]:
        """Count the words of a field; what an acronym stands for counts as the acronym."""
        terms = [each.term for each in part.sequence]
        counts: dict[str, float] = dict(Counter(terms))
        for word in part.extra:
            counts.setdefault(word, JOINED)
        for at, term in enumerate(terms):
            for phrase in self._phrases.get(term, ()):
                if tuple(terms[at : at + len(phrase)]) == phrase:
                    short = self._short[" ".join(phrase)]
                    counts[short] = counts.get(short, 0) + 1
        return counts


def _telling(document: Document) -> Iterator[FieldWords]:
    return (part for part in fields.read(document) if part.field.name in WEIGHTS)


def _short_forms(glossary: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Give for each side of several words the word that it is counted as."""
    return {
        key: synonyms.keys(short)[0]
        for short, expansions in sorted(glossary.items())
        for text in expansions
        for key in synonyms.keys(text)
        if " " in key and synonyms.keys(short)
    }


def _widest(count: int) -> float:
    return max(FEW, min(MOST, count * WIDEST))


def _rarity(count: int, holding: int) -> float:
    return math.log(1 + (count - holding + 0.5) / (holding + 0.5))


def _unit(row: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in row.values()))
    return {word: weight / length for word, weight in row.items()} if length else {}


def _shared(documents: Sequence[Document]) -> tuple[Mapping[Group, float], ...]:
    """Say for each document what each of its groups adds for others in it: rare tags more."""
    sizes = Counter(group for document in documents for group in _groups(document))
    widest = _widest(len(documents))
    return tuple(
        {
            group: _worth(group, len(documents), sizes[group])
            for group in sorted(_groups(document))
            if sizes[group] <= widest
        }
        for document in documents
    )


def _worth(group: Group, count: int, holding: int) -> float:
    return SAME_OWNER if group[0] == "owner" else SHARED_TAG * _rarity(count, holding)


def _in_common(mine: Mapping[Group, float], others: Mapping[Group, float]) -> float:
    return sum(worth for group, worth in mine.items() if group in others)


def _groups(document: Document) -> set[Group]:
    tags = {("tag", tag.lower()) for tag in (*document.tags, *document.topics)}
    return tags | {("owner", (document.organisation_slug or document.owner).lower())}
