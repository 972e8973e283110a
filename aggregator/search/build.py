"""Build the index: weigh each word of each project, keep what tells projects apart.

Called once for a site (and once for a command-line search). It reads documents and the glossary
and touches nothing else; the files that a browser reads are written elsewhere.
"""

import heapq
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from aggregator.search import acronyms, facets, sentences, spelling, synonyms
from aggregator.search.document import Document
from aggregator.search.doers import doers
from aggregator.search.examples import examples
from aggregator.search.fields import NAME, TEXT, FieldWords, read
from aggregator.search.index import Index, Posting, browser_order
from aggregator.search.words import Word

TOP_IMPACT = 31  # five bits: finer steps measured no better and cost bytes
SATURATION = 3.0
RARITY_STEPS = 64
PAIRS_OF_TEXT = 40
# (projects up to, README words kept)
KEYWORDS = ((500, 300), (2_000, 150), (20_000, 100), (math.inf, 50))

_Weights = dict[int, float]  # term number -> what it weighs in one document


def build_index(
    documents: Sequence[Document], glossary: Mapping[str, Sequence[str]] | None = None
) -> Index:
    """Build the index of these documents with the community's glossary."""
    ordered = tuple(sorted(documents, key=lambda each: (each.key.lower(), each.key)))
    explained = acronyms.joined(glossary or {}, acronyms.mined(ordered))
    same = synonyms.read(explained)
    gathered = _gather(ordered, synonyms.phrases(same))
    words = gathered.words.postings(len(ordered))
    keys = sorted(words, key=browser_order)
    columns = facets.columns(ordered)
    return Index(
        documents=ordered,
        words={key: words[key] for key in keys},
        pairs=gathered.pairs.sorted_postings(len(ordered)),
        keys=keys,
        spellings=spelling.lists(gathered.surfaces, gathered.names),
        glossary=_known(acronyms.joined(same, doers(words)), words),
        facets=columns,
        orders=facets.orders(ordered),
        sentences=gathered.sentences,
        examples=examples(explained, words, columns, len(ordered)),
        unknown_rarity=rarity(len(ordered), 0),
    )


def rarity(documents: int, holding: int) -> int:
    """Say how much finding a word tells: BM25's inverse document frequency in whole steps.

    Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), 3.1, with the
    usual 1 added inside the logarithm to keep it above zero.
    """
    return max(1, round(RARITY_STEPS * math.log(1 + (documents - holding + 0.5) / (holding + 0.5))))


def _strength(weight: float) -> float:
    """Level a weight off: BM25's saturation, 0 to 1."""
    return weight / (SATURATION + weight)


class _Postings:
    """Gather (document, weight) for each key while documents pass by once."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[array[int], bytearray]] = {}

    def add(self, document: int, weights: Mapping[str, float]) -> None:
        for key, weight in weights.items():
            impact = max(1, round(TOP_IMPACT * _strength(weight)))
            documents, impacts = self._found.setdefault(key, (array("I"), bytearray()))
            documents.append(document)
            impacts.append(impact)

    def postings(self, count: int) -> dict[str, Posting]:
        return {
            key: Posting(rarity(count, len(documents)), documents, bytes(impacts))
            for key, (documents, impacts) in self._found.items()
        }

    def sorted_postings(self, count: int) -> dict[str, Posting]:
        found = self.postings(count)
        return {key: found[key] for key in sorted(found, key=browser_order)}


class _Gathered:
    """What one pass over all documents brings together."""

    def __init__(self) -> None:
        self.words = _Postings()
        self.pairs = _Postings()
        self.surfaces: Counter[str] = Counter()
        self.names: set[str] = set()
        self.sentences: tuple[tuple[str, ...], ...] = ()


def _gather(
    documents: Sequence[Document], phrases: Mapping[str, list[synonyms.Phrase]]
) -> _Gathered:
    spread, lengths = _survey(documents)
    keep = next(kept for limit, kept in KEYWORDS if len(documents) <= limit)
    gathered = _Gathered()
    chosen: list[tuple[str, ...]] = []
    weigher = _Weigher(spread, lengths, keep, len(documents))
    for number, document in enumerate(documents):
        fields = read(document)
        weights = weigher.words(fields, phrases)
        gathered.words.add(number, weights)
        gathered.pairs.add(number, weigher.pairs(fields))
        gathered.surfaces.update(_written(fields))
        gathered.names.update(_names(fields))
        worth = weigher.worth(weights)
        chosen.append(sentences.best(document.text, document.headings, document.summary, worth))
    gathered.sentences = tuple(chosen)
    return gathered


def _survey(documents: Iterable[Document]) -> tuple[Counter[str], dict[str, float]]:
    """Count in how many documents each term stands and how long each field is on average."""
    spread: Counter[str] = Counter()
    total: Counter[str] = Counter()
    having: Counter[str] = Counter()
    for document in documents:
        terms: set[str] = set()
        for field in read(document):
            terms.update(each.term for each in field.sequence)
            terms.update(field.extra)
            total[field.field.name] += len(field.sequence)
            having[field.field.name] += 1
        spread.update(terms)
    return spread, {name: total[name] / having[name] for name in total}


class _Weigher:
    """Weigh the words of a document against all documents (BM25F's field sums)."""

    def __init__(
        self, spread: Counter[str], lengths: Mapping[str, float], keep: int, documents: int
    ) -> None:
        self._lengths, self._keep = lengths, keep
        self._unseen = math.log(1 + documents)
        self._rarities = {term: math.log(1 + documents / held) for term, held in spread.items()}

    def rarity_of(self, term: str) -> float:
        return self._rarities.get(term, self._unseen)

    def words(
        self, fields: Iterable[FieldWords], phrases: Mapping[str, list[synonyms.Phrase]]
    ) -> dict[str, float]:
        weights: dict[str, float] = {}
        for field in fields:
            found = self._kept(field) | _phrases_in(field.sequence, phrases)
            self._add(weights, field, found)
        return weights

    def worth(self, weights: Mapping[str, float]) -> dict[str, float]:
        """Say how much finding each word in this document tells."""
        return {key: _strength(held) * self.rarity_of(key) for key, held in weights.items()}

    def pairs(self, fields: Iterable[FieldWords]) -> dict[str, float]:
        weights: dict[str, float] = {}
        for field in fields:
            counted = Counter(f"{a.term} {b.term}" for a, b in pairwise(field.sequence))
            found: Mapping[str, float] = counted
            if field.field is TEXT:
                often = [(-times, pair) for pair, times in counted.items() if times > 1]
                found = {pair: -minus for minus, pair in heapq.nsmallest(PAIRS_OF_TEXT, often)}
            self._add(weights, field, found)
        return weights

    def _add(
        self, weights: dict[str, float], field: FieldWords, found: Mapping[str, float]
    ) -> None:
        place = field.field
        length = len(field.sequence) / self._lengths[place.name]
        factor = place.weight / (1 - place.thinning + place.thinning * length)
        for key, times in found.items():
            weights[key] = weights.get(key, 0.0) + factor * (1 + math.log(times))

    def _kept(self, field: FieldWords) -> dict[str, float]:
        counts = field.counts()
        if field.field is not TEXT or len(counts) <= self._keep:
            return dict(counts)
        scored = [(-times * self.rarity_of(term), term) for term, times in counts.items()]
        return {term: counts[term] for _, term in heapq.nsmallest(self._keep, scored)}


def _phrases_in(
    sequence: Sequence[Word], phrases: Mapping[str, list[synonyms.Phrase]]
) -> Counter[str]:
    terms = [each.term for each in sequence]
    found: Counter[str] = Counter()
    for at, term in enumerate(terms):
        for phrase in phrases.get(term, ()):
            if tuple(terms[at : at + len(phrase)]) == phrase:
                found[" ".join(phrase)] += 1
    return found


def _written(fields: Iterable[FieldWords]) -> dict[str, int]:
    """Count words as written, at most two for one document: a slip rarely comes twice."""
    counted = Counter(each.surface for field in fields for each in field.sequence)
    return {surface: min(times, 2) for surface, times in counted.items()}


def _names(fields: Iterable[FieldWords]) -> set[str]:
    named = (field for field in fields if field.field is NAME)
    return {
        word for field in named for word in (*(w.surface for w in field.sequence), *field.extra)
    }


def _known(
    same: Mapping[str, tuple[str, ...]], words: Mapping[str, Posting]
) -> dict[str, tuple[str, ...]]:
    """Leave out of the glossary what no document holds, so that the browser need not ask."""
    kept = {key: tuple(each for each in others if each in words) for key, others in same.items()}
    return {key: others for key, others in kept.items() if others}
