"""Where each word stands in each document, for phrases in quotes.

    words of all parts in order --sorted by word--> of each document: how many places, and the gaps

Words that tell nothing have no place, so `length of stay` is found as two words that stand
together. A place counts through all parts of a document; between two parts one is left free, so
that no phrase goes from a name into a summary.
"""

from collections.abc import Iterator

import numpy as np

from aggregator.searching.columns import Corpus, Whole
from aggregator.searching.document import FIELDS, REST
from aggregator.searching.weighing import Holders

_REST = FIELDS.index(REST)  # goes on where the first part of a README ends
_AT_ONCE = 2_000_000  # words in order whose places are sorted at once, to need little memory


def places_of(corpus: Corpus, words: Holders) -> Iterator[tuple[Whole, Whole]]:
    """Give rows of numbers for all keys, in the order of `words`, some thousand keys at a time.

    Yields:
        the numbers, for each document of each key how many places it has and then the gaps before
        each; and how many numbers each key has, none for one that stands nowhere in order.
    """
    token_key, token_place = _keys(corpus, words), _places(corpus)
    token_document = np.repeat(corpus.document, corpus.length)
    often = np.bincount(token_key, minlength=len(words.keys))
    ends = np.append(0, words.holding.cumsum())
    for first, last in _slices(often):
        tokens = np.flatnonzero((token_key >= first) & (token_key < last))
        tokens = tokens[np.argsort(token_key[tokens], kind="stable")]
        rows = slice(ends[first], ends[last])
        keys = np.repeat(np.arange(first, last), words.holding[first:last])
        yield _numbered(
            (keys, words.documents[rows]),
            (token_key[tokens], token_document[tokens]),
            token_place[tokens],
            often[first:last],
        )


def _keys(corpus: Corpus, words: Holders) -> Whole:
    """Give the key of each word in order, by its number among `words`."""
    number = {key: at for at, key in enumerate(words.keys)}
    of_term = np.array([number.get(term, -1) for term in corpus.terms], np.int32)
    found: Whole = of_term[corpus.said]
    return found


def _places(corpus: Corpus) -> Whole:
    part = np.repeat(np.arange(len(corpus.length), dtype=np.int32), corpus.length)
    apart = (corpus.field != _REST).cumsum(dtype=np.int32)
    place = np.arange(len(part), dtype=np.int32) + apart[part]
    begins = np.append(0, corpus.length.cumsum(dtype=np.int32))[:-1] + apart
    first = np.unique(corpus.document, return_index=True)[1]
    base = np.zeros(len(corpus.documents), np.int32)
    base[corpus.document[first]] = begins[first]
    found: Whole = place - base[corpus.document[part]]
    return found


def _slices(often: Whole) -> Iterator[tuple[int, int]]:
    ends = often.cumsum()
    first = 0
    while first < len(often):
        limit = (ends[first - 1] if first else 0) + _AT_ONCE
        last = max(first + 1, int(np.searchsorted(ends, limit, "right")))
        yield first, last
        first = last


def _numbered(
    holders: tuple[Whole, Whole], tokens: tuple[Whole, Whole], places: Whole, often: Whole
) -> tuple[Whole, Whole]:
    """Set the gaps between places after the count of each document that holds a word."""
    widest = 1 + max((int(row.max(initial=0)) for row in (holders[1], tokens[1])), default=0)
    held, told = (one.astype(np.int64) * widest + two for one, two in (holders, tokens))
    holder = np.searchsorted(held, told)
    counts = np.bincount(holder, minlength=len(held))
    gaps = np.diff(places, prepend=-1) - 1
    new = np.flatnonzero(np.diff(holder, prepend=-1))
    gaps[new] = places[new]
    # A word that stands nowhere in order, such as a name written joined, has no numbers at all.
    some = np.repeat(often > 0, _lengths(holders[0], len(often)))
    before = np.append(0, counts.cumsum())[:-1] + np.append(0, some.cumsum())[:-1]
    numbers = np.empty(len(gaps) + int(some.sum()), np.int64)
    numbers[before[some]] = counts[some]
    numbers[np.arange(len(gaps)) + np.append(0, some.cumsum())[1:][holder]] = gaps
    sizes = often + np.where(often > 0, _lengths(holders[0], len(often)), 0)
    return numbers, sizes


def _lengths(keys: Whole, count: int) -> Whole:
    """Say how many rows each of `count` keys has, which stand in order."""
    first = int(keys[0]) if len(keys) else 0
    found: Whole = np.bincount(keys - first, minlength=count)
    return found
