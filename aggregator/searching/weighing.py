"""What each word, and each two words together, weigh in each project, over whole columns.

Figures that hang on all projects (how many there are, how long a text usually is) are taken in
coarse steps, so that one project more or one sentence more does not change what every other word
weighs: a night changes the files of the index that hold its news, and no others.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from aggregator.searching.columns import Corpus, Real, Whole, by_count, coarse, rarity, totals
from aggregator.searching.document import FIELDS, TEXT
from aggregator.searching.postings import browser_order

TOP_IMPACT = 31  # five bits: finer steps measured no better and cost bytes
SATURATION = 3.0
RARITY_STEPS = 64
ELSEWHERE = 100  # texts elsewhere that are taken to have been read
# (projects up to, README words that weigh in full)
KEYWORDS = ((500, 300), (2_000, 150), (20_000, 100), (math.inf, 50))
TAIL = 0.001  # of its weight, for every other word of a README: it is found, and last

_WORTH = {field: field.weight for field in FIELDS}
_TEXT = FIELDS.index(TEXT)
_AT_ONCE = 1_000  # documents whose words are weighed at once, to need little memory


@dataclass(frozen=True, slots=True)
class Holders:
    """Which documents hold which keys, key by key in a browser's order, and how strongly.

    Args:
        keys: words, or pairs.
        holding: how many documents hold each.
        documents: those of one key after the other, rising.
        impacts: how strongly each holds it, 1 to 31.
    """

    keys: Sequence[str]
    holding: Whole
    documents: Whole
    impacts: Whole

    @property
    def spread(self) -> dict[str, int]:
        """Say how many documents hold each key."""
        return dict(zip(self.keys, self.holding.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Weights:
    """What everything weighs.

    Args:
        words: words, and phrases of the glossary.
        pairs: two words that stand together.
        worth: how much finding each entry of the corpus tells of its document.
    """

    words: Holders
    pairs: Holders
    worth: Real


def weigh(corpus: Corpus) -> Weights:
    """Weigh every word of every document.

    A word weighs the more the better its field and the oftener it stands there, and the less the
    longer that field is than usual.
    """
    factors = corpus.factors(_WORTH, coarse)
    weights = _word_weights(corpus, factors)
    worth = _strength(weights) * _rarities(corpus)[corpus.term]
    return Weights(_words(corpus, weights, factors), _pairs(corpus, factors), worth)


def rarity_in_steps(documents: int, holding: int, share: float = 0.0) -> int:
    """Say how much finding a word tells, in whole steps: a browser must come to the same.

    Args:
        documents: how many there are.
        holding: how many hold the word.
        share: in which share of all texts it stands elsewhere. That counts as so many texts
            more; a large catalogue overrules it.
    """
    known, held = documents + ELSEWHERE, holding + ELSEWHERE * share
    return max(1, round(RARITY_STEPS * rarity(coarse(known), held)))


def _tone(times: int) -> float:
    return 1 + math.log(times) if times else 1.0


def _rarities(corpus: Corpus) -> Real:
    """Say how rare each word is among all documents."""
    count = coarse(len(corpus.documents))
    spread = np.bincount(corpus.term, minlength=len(corpus.terms))
    return by_count(spread, lambda held: math.log(1 + count / held) if held else 0.0)


def _word_weights(corpus: Corpus, factors: Real) -> Real:
    """Say what each entry weighs; next to nothing, where its README has words that tell more.

    So a list of everything is not at the top of every search, and yet every word of it is found.
    """
    count = len(corpus.documents)
    most = next(kept for limit, kept in KEYWORDS if count <= limit)
    distinct = np.bincount(corpus.part, minlength=len(corpus.field))
    long, rarities = (corpus.field == _TEXT) & (distinct > most), _rarities(corpus)
    weights = np.empty(len(corpus.term))
    for start in range(0, count, _AT_ONCE):
        ends = start, min(count, start + _AT_ONCE)
        first, last = corpus.starts[list(ends)]
        rows = slice(*np.searchsorted(corpus.part, np.searchsorted(corpus.document, ends)))
        part, entry, times = corpus.part[rows], corpus.entry[rows], corpus.times[rows]
        values = factors[part] * by_count(times, _tone)
        term, inside = corpus.term[entry], np.flatnonzero(long[part])
        telling = times[inside] * rarities[term[inside]]
        values[inside[_beyond(telling, corpus.rank[term[inside]], part[inside], most)]] *= TAIL
        weights[first:last] = totals(entry - first, values, last - first)
    return weights


def _beyond(telling: Real, rank: Whole, part: Whole, most: int) -> Whole:
    """Mark in each part what comes after the most telling words; of equal ones the first stay."""
    beyond = np.zeros(len(telling), bool)
    starts = np.flatnonzero(np.diff(part, prepend=-1))
    for start, end in pairwise([*starts.tolist(), len(part)]):
        told = telling[start:end]
        least = np.partition(told, -most)[-most]
        beyond[start:end] = told < least
        equal = start + np.flatnonzero(told == least)
        room = most - np.count_nonzero(told > least)
        beyond[equal[np.argsort(rank[equal])[room:]]] = True
    return beyond


def _words(corpus: Corpus, weights: Real, factors: Real) -> Holders:
    """Find who holds which words, and which phrases of the glossary."""
    held = np.flatnonzero(weights)
    term, document = corpus.term[held], corpus.entry_document[held]
    phrases = corpus.phrases
    values = factors[phrases.part] * by_count(phrases.times, _tone)
    summed = _summed(phrases.key, corpus.document[phrases.part], values)
    size = len(corpus.terms)
    key = np.concatenate([term, summed[0] + np.int32(size)], dtype=np.int32)
    numbers = _ordered(corpus, np.flatnonzero(np.bincount(key)))
    rank = np.zeros(size + len(phrases.keys), np.int32)
    rank[numbers] = np.arange(len(numbers))
    key = rank[key]
    order = np.argsort(key, kind="stable")  # a key is a word or a phrase, so documents still rise
    return Holders(
        [corpus.terms[n] if n < size else phrases.keys[n - size] for n in numbers.tolist()],
        np.bincount(key, minlength=len(numbers)),
        np.concatenate([document, summed[1]], dtype=np.int32)[order],
        np.concatenate([_impacts(weights[held]), _impacts(summed[2])])[order],
    )


def _ordered(corpus: Corpus, used: Whole) -> Whole:
    """Set words, and phrases by numbers after those of all words, in a browser's order."""
    size, keys = len(corpus.terms), corpus.phrases.keys
    words = used[used < size]
    words = words[np.argsort(corpus.rank[words])]
    phrases = sorted(
        (browser_order(keys[number - size]), number) for number in used[used >= size].tolist()
    )

    def order(number: int) -> bytes:
        return browser_order(corpus.terms[number])

    places = [bisect_left(words, text, key=order) for text, _ in phrases]
    return np.insert(words, places, [number for _, number in phrases])


def _pairs(corpus: Corpus, factors: Real) -> Holders:
    """Find who holds which two words together."""
    pairs, size = corpus.pairs, len(corpus.terms)
    order = np.argsort(corpus.rank)  # the word of each place in a browser's order
    # A space stands before every sign of a word, so pairs are in order as their words are.
    code = corpus.rank[pairs.first].astype(np.int64) * size + corpus.rank[pairs.second]
    values = factors[pairs.part] * by_count(pairs.times, _tone)
    codes, documents, weights = _summed(code, corpus.document[pairs.part], values)
    distinct, holding = np.unique(codes, return_counts=True)
    ones, twos = (
        order[each].tolist() for each in (distinct // max(1, size), distinct % max(1, size))
    )
    keys = [f"{corpus.terms[one]} {corpus.terms[two]}" for one, two in zip(ones, twos, strict=True)]
    return Holders(keys, holding, documents, _impacts(weights))


def _summed(keys: Whole, documents: Whole, values: Real) -> tuple[Whole, Whole, Real]:
    """Sum the values of each key in each document, in order of both."""
    order = np.lexsort((documents, keys))
    keys, documents = keys[order], documents[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (documents[1:] != documents[:-1])
    place = new.cumsum() - 1
    return keys[new], documents[new], totals(place, values[order], int(new.sum()))


def _strength(weights: Real) -> Real:
    """Level weights off: BM25's saturation, 0 to 1."""
    return weights / (SATURATION + weights)


def _impacts(weights: Real) -> Whole:
    return np.maximum(1, np.rint(TOP_IMPACT * _strength(weights))).astype(np.uint8)
