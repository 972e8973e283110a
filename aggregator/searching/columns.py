"""All documents with what was found in them, side by side in columns of numbers.

    documents --analysed, or kept from before--> analyses --read_corpus--> Corpus --+--> index_files
                                                                                    +--> related

A word of one document is an `entry`; a field of one document is a `part`. What follows goes over
whole columns at once, always in the same order, so that sums come out the same everywhere.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from aggregator.searching.analysis import Analysis, analysed, name_of_analysis, worded
from aggregator.searching.document import FIELDS, Document, Field
from aggregator.searching.match import LONG
from aggregator.searching.meaning import Near
from aggregator.searching.postings import browser_order
from aggregator.searching.synonyms import Expansion, lines_of, mined, one_glossary, same
from aggregator.words.crew import Mapper

Whole = NDArray[Any]  # whole numbers
Real = NDArray[np.float64]

SPELLINGS_LISTED = 4_000  # of each first letter
_AT_ONCE = 500  # documents whose analyses are held at once
_COLUMNS = (
    *("entries", "parts", "term", "field", "length", "distinct", "paired"),
    *("said", "entry", "times", "first", "second", "together"),
)


class AnalysisMemo(Protocol):
    """Remembers between builds, under names that say all that a value depends on."""

    def get(self, key: str) -> bytes | None:
        """Give what is kept under a name, or None."""
        ...

    def put_all(self, values: Mapping[str, bytes], /) -> bool:
        """Keep values, all of them or none; tell whether they are kept."""
        ...


@dataclass(frozen=True, slots=True)
class Pairs:
    """Words that stand together: in which part, the first, the second (terms), and how often."""

    part: Whole
    first: Whole
    second: Whole
    times: Whole


@dataclass(frozen=True, slots=True)
class Phrases:
    """Keys of several words of the glossary, and where those words stand in a row."""

    keys: Sequence[str]
    part: Whole
    key: Whole  # a number of `keys`
    times: Whole


@dataclass(frozen=True, slots=True)
class Corpus:
    """All documents in the order of their keys without case, with their words.

    Args:
        documents: the projects.
        glossary: acronyms with what they stand for, as the community and the documents say.
        terms: every word, by number.
        rank: the place of each word in a browser's order.
        starts: the first entry of each document, and one more.
        term: the word of each entry.
        document: the document of each part.
        field: the field of each part, by its place in `FIELDS`.
        length: how many words each part has.
        usual: how many words each field has on average, where it has any.
        part: the part of each counted word.
        entry: its entry.
        times: how often it stands in the part; 0 for a name that is only written joined.
        said: the words of one part after the other, in order, those that tell nothing left out.
        pairs: words that stand together.
        phrases: what the glossary knows of several words.
        spellings: words that a slip may be meant for, by first letter, the commonest first.
        quotes: for `Quotes.of`, of each document.
        near: what is near to which words in meaning, where a model told it.
    """

    documents: tuple[Document, ...]
    glossary: Mapping[str, tuple[str, ...]]
    terms: Sequence[str]
    rank: Whole
    starts: Whole
    term: Whole
    document: Whole
    field: Whole
    length: Whole
    usual: Mapping[str, float]
    part: Whole
    entry: Whole
    times: Whole
    said: Whole
    pairs: Pairs
    phrases: Phrases
    spellings: Mapping[str, Sequence[str]]
    quotes: Sequence[bytes]
    near: Near | None = None

    def factors(self, worth: Mapping[Field, float], length_as: Callable[[float], float]) -> Real:
        """Say what a word weighs in each part: less, the longer that is than usual.

        Source: BM25F, Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), 3.6.

        Args:
            worth: how much a word counts in each field; in others it counts nothing.
            length_as: how exactly lengths are taken, such as `coarse`.
        """
        weight, thinning = (
            np.array(row)[self.field]
            for row in zip(*((worth.get(f, 0.0), f.thinning) for f in FIELDS), strict=True)
        )
        usual = np.array([length_as(self.usual.get(f.name, 1.0)) for f in FIELDS])[self.field]
        length = by_count(self.length, length_as)
        found: Real = weight / (1 - thinning + thinning * (length / usual))
        return found

    @property
    def entry_document(self) -> Whole:
        """Give the document of each entry."""
        return np.repeat(np.arange(len(self.documents), dtype=np.int32), np.diff(self.starts))


def coarse(value: float) -> float:
    """Round up to one of four steps between a number and its double.

    So a figure that hangs on all projects stays the same when one of them changes a little.
    """
    share, power = math.frexp(value)
    return math.ldexp(math.ceil(share * 8) / 8, power)


def rarity(documents: float, holding: float) -> float:
    """Say how much finding a word tells: BM25's inverse document frequency.

    Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), 3.1, with the
    usual 1 added inside the logarithm to keep it above zero.
    """
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def by_count(counts: Whole, value: Callable[[int], float]) -> Real:
    """Give a value for each count, worked out once for each that comes up.

    By Python's `math` and not by numpy's vectors, whose last digit hangs on the processor.
    """
    held = np.flatnonzero(np.bincount(counts)) if len(counts) else counts
    table = np.zeros(int(held[-1]) + 1 if len(held) else 1)
    table[held] = [value(count) for count in held.tolist()]
    return table[counts]


def totals(places: Whole, values: Real, count: int) -> Real:
    """Sum the values of each of `count` places, in the order in which they stand."""
    return np.asarray(np.bincount(places, values, count), np.float64)


def read_corpus(
    documents: Iterable[Document],
    glossary: Mapping[str, Sequence[str]] | None = None,
    memo: AnalysisMemo | None = None,
    mapped: Mapper = map,
) -> Corpus:
    """Read each document that was not read before, and set all side by side.

    Args:
        documents: the projects, in any order.
        glossary: the community's words that mean the same: an acronym, and what it stands for.
        memo: keeps what was found in each document, for one `analysis_version`.
        mapped: reads them, perhaps several at once.
    """
    ordered = tuple(sorted(documents, key=lambda each: (each.key.lower(), each.key)))
    gathered = _Gathered()
    for start in range(0, len(ordered), _AT_ONCE):
        for analysis in _analyses(ordered[start : start + _AT_ONCE], memo, mapped):
            gathered.add(analysis)
        gathered.settle()
    return gathered.corpus(ordered, glossary or {})


def _analyses(
    documents: Sequence[Document], memo: AnalysisMemo | None, mapped: Mapper
) -> Iterator[Analysis]:
    """Give the analysis of each document; those that are not kept are made, and kept."""
    names = list(map(name_of_analysis, documents))
    kept = [_kept(name, memo) for name in names]
    asked = [worded(each) for each, known in zip(documents, kept, strict=True) if not known]
    made = mapped(analysed, asked)
    fresh: dict[str, bytes] = {}
    for name, known in zip(names, kept, strict=True):
        if not known:
            fresh[name] = next(made)
        yield known or Analysis.of(fresh[name])
    if fresh and memo is not None:
        memo.put_all(fresh)  # at once: each time costs as much as reading a short README


def _kept(name: str, memo: AnalysisMemo | None) -> Analysis | None:
    found = memo.get(name) if memo is not None else None
    with suppress(ValueError):  # what is damaged is as good as none and made again
        return Analysis.of(found) if found else None
    return None


class _Gathered:
    """The columns while they grow."""

    def __init__(self) -> None:
        self._number: defaultdict[str, int] = defaultdict()
        self._number.default_factory = self._number.__len__
        self._columns: defaultdict[str, list[Whole]] = defaultdict(list)
        self._entries = 0
        self._settled = 0  # rows of each column that are of many documents
        self._explained: Counter[Expansion] = Counter()
        self._often: Counter[str] = Counter()
        self._often_twice: Counter[str] = Counter()
        self._names: set[str] = set()
        self._quotes: list[bytes] = []

    def add(self, analysis: Analysis) -> None:
        """Set one document beside those before it."""
        terms = np.fromiter(map(self._number.__getitem__, analysis.terms), np.int32)
        rows = {
            "entries": np.array([len(terms)]),
            "parts": np.array([len(analysis.fields)]),
            "term": terms,
            "field": analysis.fields,
            "length": analysis.lengths,
            "distinct": analysis.distinct,
            "paired": analysis.paired,
            "said": terms[analysis.sequence],
            "entry": analysis.counted + np.int32(self._entries),
            "times": analysis.times,
            "first": terms[analysis.firsts],
            "second": terms[analysis.seconds],
            "together": analysis.together,
        }
        for name, row in rows.items():
            self._columns[name].append(row)
        self._entries += len(terms)
        self._explained.update(analysis.expansions)
        self._often.update(analysis.once)
        self._often_twice.update(analysis.twice)
        self._names.update(analysis.names)
        self._quotes.append(analysis.quotes)

    def settle(self) -> None:
        """Make one row of what came since the last time, so that no analysis stays in memory."""
        for name, rows in self._columns.items():
            settled, new = rows[: self._settled], rows[self._settled :]
            whole = np.concatenate(new, dtype=np.int32, casting="same_kind")
            # Most counts are small: they are kept as narrow as they are.
            narrow = whole.astype(np.min_scalar_type(int(whole.max(initial=0))))
            self._columns[name] = [*settled, narrow]
        self._settled += 1

    def corpus(
        self, documents: tuple[Document, ...], community: Mapping[str, Sequence[str]]
    ) -> Corpus:
        """Give everything that was gathered."""
        empty = [np.zeros(0, np.uint8)]
        column = {name: np.concatenate(self._columns.pop(name, empty)) for name in _COLUMNS}
        glossary = one_glossary(community, mined(self._explained))
        parts = np.arange(len(column["field"]), dtype=np.int32)
        part, paired = np.repeat(parts, column["distinct"]), np.repeat(parts, column["paired"])
        return Corpus(
            documents=documents,
            glossary=glossary,
            terms=tuple(self._number),
            rank=_rank(tuple(self._number)),
            starts=np.concatenate([[0], column["entries"].cumsum(dtype=np.intp)]),
            term=column["term"],
            document=np.repeat(np.arange(len(documents), dtype=np.int32), column["parts"]),
            field=column["field"],
            length=column["length"],
            usual=_usual(column["field"], column["length"]),
            part=part,
            entry=column["entry"],
            times=column["times"],
            said=column["said"],
            pairs=Pairs(paired, column["first"], column["second"], column["together"]),
            phrases=_phrases(glossary, self._number, column["said"], column["length"]),
            spellings=self._spellings(),
            quotes=self._quotes,
        )

    def _spellings(self) -> dict[str, list[str]]:
        """Give the words that a slip may be meant for, by first letter, commonest first.

        A word counts at most twice for one document, as a slip rarely comes twice. A short one
        that counts only once may itself be a slip, so it must be a name, which counts twice more.
        """
        often = self._often
        often.update({surface: 2 * times for surface, times in self._often_twice.items()})
        often.update(dict.fromkeys(self._names, 2))
        steps = {times: -coarse(times) for times in set(often.values())}
        sure = [each for each, times in often.items() if times > 1 or len(each) >= LONG]
        found: dict[str, list[str]] = {}
        # In coarse steps: one mention more need not change the order, and with it the file.
        for surface in sorted(sure, key=lambda surface: (steps[often[surface]], surface)):
            found.setdefault(surface[0], []).append(surface)
        return {letter: found[letter][:SPELLINGS_LISTED] for letter in sorted(found)}


def _rank(terms: Sequence[str]) -> Whole:
    order = sorted(range(len(terms)), key=[browser_order(term) for term in terms].__getitem__)
    rank = np.empty(len(terms), np.int32)
    rank[order] = np.arange(len(terms))
    return rank


def _usual(field: Whole, length: Whole) -> dict[str, float]:
    held, total = np.bincount(field), np.bincount(field, length)
    return {
        each.name: total[place] / held[place]
        for place, each in enumerate(FIELDS)
        if place < len(held) and held[place]
    }


def _phrases(
    glossary: Mapping[str, Sequence[str]], number: Mapping[str, int], said: Whole, length: Whole
) -> Phrases:
    """Find where the words of a key stand in a row, within one part."""
    keys = [key for key in sorted(same(lines_of(glossary))) if " " in key]
    begun: defaultdict[tuple[int, int], list[tuple[int, list[int]]]] = defaultdict(list)
    for at, key in enumerate(keys):
        numbers = [number.get(term, -1) for term in key.split(" ")]
        if min(numbers) >= 0:
            begun[numbers[0], numbers[1]].append((at, numbers))
    part = np.repeat(np.arange(len(length), dtype=np.int32), length)
    found: Counter[tuple[int, int]] = Counter()
    for place in _beginnings(said, begun, len(number)):
        for at, numbers in begun[int(said[place]), int(said[place + 1])]:
            end = place + len(numbers)
            if end <= len(said) and part[place] == part[end - 1]:
                found[int(part[place]), at] += said[place:end].tolist() == numbers
    rows = np.array([(*where, times) for where, times in sorted(found.items()) if times], np.int32)
    return Phrases(keys, *rows.reshape(-1, 3).T)


def _beginnings(said: Whole, begun: Iterable[tuple[int, int]], terms: int) -> list[int]:
    """Say where two words stand with which a phrase begins."""
    pairs = np.array(sorted(begun), np.int64).reshape(-1, 2)
    first = np.zeros(terms, bool)
    first[pairs[:, 0]] = True
    places = np.flatnonzero(first[said[:-1]])
    codes = said[places].astype(np.int64) * terms + said[places + 1]
    held: list[int] = places[np.isin(codes, pairs[:, 0] * terms + pairs[:, 1])].tolist()
    return held
