"""Find the projects that are most like another one, for "Related projects" on its page.

    Corpus --rows of weights--> likeness by words --(look again)--> the likest of each

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

from aggregator.searching import analysis
from aggregator.searching.analysis import Corpus, Document, FieldWords
from aggregator.searching.synonyms import Phrases, keys_of

ROOM = 4  # suggestions that a page has room for
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
    analysis.NAME: 6.0,
    analysis.TAGS: 6.0,
    analysis.SUMMARY: 4.0,
    analysis.STORY: 1.5,
    analysis.TEXT: 1.0,
}

Likeness = Mapping[int, float]  # number of another project -> how alike it is
Comparison = Callable[[int, Likeness], Likeness]  # number of a project, likeness by words
_Row = Mapping[str, float]
_Group = tuple[str, str]  # ("tag", "maps") or ("owner", "example-guild")


def related_to_each(
    corpus: Corpus, look_again: Comparison | None = None, limit: int = ROOM
) -> dict[str, tuple[str, ...]]:
    """Give for each project the keys of those most like it, the likest first.

    Args:
        corpus: all projects.
        look_again: compares once more what shares words with a project (`meaning.by_meaning`);
            without it the words decide alone.
        limit: for how many a page has room.
    """
    rows = _rows(corpus)
    holders = _holders(rows)
    groups = _shared(corpus.documents)
    found = {}
    for number, document in enumerate(corpus.documents):
        likeness: Likeness = _alike(rows, holders, number)
        if look_again:
            likeness = look_again(number, likeness)
        likest = _likest(likeness, groups, number)[:limit]
        found[document.key] = tuple(corpus.documents[other].key for other in likest)
    return found


def _alike(
    rows: Sequence[_Row], holders: Mapping[str, Sequence[tuple[int, float]]], number: int
) -> dict[int, float]:
    """Say how much each other project says the same, 0 to 1; who shares no word is left out."""
    found: dict[int, float] = {}
    strongest: dict[int, float] = {}
    for word, weight in rows[number].items():
        for other, held in holders[word]:
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


def _likest(likeness: Likeness, groups: Sequence[Mapping[_Group, float]], number: int) -> list[int]:
    """Leave out what is chance, add what organisation and tags tell, and order the rest."""
    mine = groups[number]
    ranked = sorted(
        (-round(value + _in_common(mine, groups[other]), 6), other)
        for other, value in likeness.items()
        if value >= LEAST
    )
    return [other for _, other in ranked]


def _rows(corpus: Corpus) -> list[_Row]:
    """Weigh the words of each document and keep the heaviest that others say too."""
    counting = _Counting(corpus.glossary)
    count = len(corpus.documents)
    spread = Counter(word for parts in corpus.fields for word in counting.said_in(parts))
    widest = _widest(count)
    rarities = {
        word: _rarity(count, holding) ** RARITY_POWER
        for word, holding in spread.items()
        if 1 < holding <= widest
    }
    return [_unit(_row(corpus, parts, counting, rarities)) for parts in corpus.fields]


def _row(
    corpus: Corpus,
    parts: Iterable[FieldWords],
    counting: "_Counting",
    rarities: Mapping[str, float],
) -> dict[str, float]:
    weights = corpus.weigh(((part, counting.counts(part)) for part in _telling(parts)), WEIGHTS)
    told = [(weight * rarities[word], word) for word, weight in weights.items() if word in rarities]
    return {word: weight for weight, word in heapq.nlargest(KEPT, told)}


class _Counting:
    """Counts the words of a field; what an acronym stands for counts as the acronym."""

    def __init__(self, glossary: Mapping[str, Sequence[str]]) -> None:
        self._short = _short_forms(glossary)
        self._phrases = Phrases(self._short)

    def counts(self, part: FieldWords) -> dict[str, float]:
        """Say how often each word stands in a field; once joined is less than once apart."""
        terms = part.terms
        counts: dict[str, float] = dict(Counter(terms))
        for word in part.extra:
            counts.setdefault(word, JOINED)
        for phrase in self._phrases.found_in(terms):
            short = self._short[phrase]
            counts[short] = counts.get(short, 0) + 1
        return counts

    def said_in(self, parts: Iterable[FieldWords]) -> set[str]:
        """Give every word that tells something of a document."""
        return {word for part in _telling(parts) for word in self.counts(part)}


def _telling(parts: Iterable[FieldWords]) -> Iterator[FieldWords]:
    return (part for part in parts if part.field in WEIGHTS)


def _short_forms(glossary: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Give for each side of several words the word that it is counted as."""
    return {
        key: keys_of(short)[0]
        for short, expansions in sorted(glossary.items())
        for text in expansions
        for key in keys_of(text)
        if " " in key and keys_of(short)
    }


def _holders(rows: Sequence[_Row]) -> dict[str, list[tuple[int, float]]]:
    holders: dict[str, list[tuple[int, float]]] = {}
    for number, row in enumerate(rows):
        for word, weight in row.items():
            holders.setdefault(word, []).append((number, weight))
    return holders


def _widest(count: int) -> float:
    return max(FEW, min(MOST, count * WIDEST))


def _rarity(count: int, holding: int) -> float:
    # As `build.rarity`, but unrounded: here it is multiplied on, and never read by a browser.
    return math.log(1 + (count - holding + 0.5) / (holding + 0.5))


def _unit(row: _Row) -> _Row:
    length = math.sqrt(sum(weight * weight for weight in row.values()))
    return {word: weight / length for word, weight in row.items()} if length else {}


def _shared(documents: Sequence[Document]) -> list[Mapping[_Group, float]]:
    """Say for each document what each of its groups adds for others in it: rare tags more."""
    sizes = Counter(group for document in documents for group in _groups(document))
    widest = _widest(len(documents))
    return [
        {
            group: _worth(group, len(documents), sizes[group])
            for group in sorted(_groups(document))
            if sizes[group] <= widest
        }
        for document in documents
    ]


def _worth(group: _Group, count: int, holding: int) -> float:
    return SAME_OWNER if group[0] == "owner" else SHARED_TAG * _rarity(count, holding)


def _in_common(mine: Mapping[_Group, float], others: Mapping[_Group, float]) -> float:
    return sum(worth for group, worth in mine.items() if group in others)


def _groups(document: Document) -> set[_Group]:
    tags = {("tag", tag.lower()) for tag in (*document.tags, *document.topics)}
    return tags | {("owner", (document.organisation_slug or document.owner).lower())}
