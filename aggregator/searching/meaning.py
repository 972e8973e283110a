"""What is near in meaning: for each of many words of a language, the few projects nearest to it.

    common words --reader, once a version--> a row each --.
    projects --reader, once a text--> a row each ---------+--nearest--> Near --> search/index/w-*

So a browser needs no model: a word that somebody types has its list in a file of the index, as it
has one for the projects that hold it. Who reads is a language model, where one is installed, or
else the rows of words that come with the program. docs/search.md tells what that is worth. Rows are
whole numbers and their products exact, so that every machine comes to the same lists.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from aggregator.searching.document import Document
from aggregator.searching.sentence_model import installed_model, vectors_of_texts
from aggregator.searching.tokens import STOP_WORDS, name_parts, word
from aggregator.searching.word_vectors import common_words, vectors_of_words, version
from aggregator.words.crew import Mapper

LISTED = 20_000  # words, the commonest of a language: rarer ones cost bytes and are hardly typed
SHORTEST = 3  # letters of a listed word
MOST = 12  # projects of one word: twice as many cost twice the bytes and measured little better
LEAST = 0.08  # nearness below this is chance: half of all projects are as near as 0
# Nearness is told in these steps: finer ones measured no better and cost bytes.
STEP = 0.04
PARTS = 100  # of a nearness of one, in an impact
TOP = 31  # the largest impact, as of words that are held
# Of a README: more passages cost time and measured no better.
PASSAGES = 3
PASSAGE = 40  # words
HEADINGS = 12
LONGEST = 300  # characters of any text

# Projects whose mean is thought to be nothing: of three projects, the mean is no background.
_UNSEEN = 8
_WORD_SCALE = 360  # hardly a number of the vector of a word is larger than a third, and it is cut
_PROJECT_SCALE = 10_000
_SCALE = _WORD_SCALE * _PROJECT_SCALE
_READ = 2_000  # characters that those passages are cut from
_KEPT_AT_ONCE = 200  # projects whose rows are kept together
_AT_ONCE = 1 << 22  # pairs of a word and a project

Whole = NDArray[Any]  # whole numbers
Reals = NDArray[np.float32]


class VectorMemo(Protocol):
    """Remembers rows between builds, under names that say all that a row depends on."""

    def get(self, key: str) -> bytes | None:
        """Give what is kept under a name, or None."""
        ...

    def put_all(self, values: Mapping[str, bytes], /) -> bool:
        """Keep values, all of them or none; tell whether they are kept."""
        ...


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns texts into vectors, none longer than one.

    Args:
        version: everything besides the text that a vector depends on.
        read: gives a row for each of some short texts, the same for the same texts. It stands at
            the top of its module, for others may do the work.
    """

    version: str
    read: Callable[[Sequence[str]], Reals]


@dataclass(frozen=True, slots=True)
class Near:
    """Which projects are nearest to which words, word by word in a browser's order.

    Args:
        keys: the words, as search compares them.
        holding: how many projects are near to each.
        documents: those of one word after the other, by number, rising.
        impacts: how near each is, 1 to 31.
    """

    keys: Sequence[str]
    holding: Whole
    documents: Whole
    impacts: Whole


def sentence_reader() -> Reader | None:
    """Give the model that an extra installs, or None where it is not installed."""
    installed = installed_model()
    return Reader(installed, vectors_of_texts) if installed else None


def word_reader() -> Reader:
    """Give who reads a text as the mean of its words, without a model."""
    return Reader(version(), vectors_of_words)


def listed_words() -> dict[str, str]:
    """Give the common words of English: what search compares, and the word; in a browser's order.

    Another language needs a list of its own, and a reader that knows it.
    """
    return by_key(common_words(), LISTED)


def near_in_meaning(
    documents: Sequence[Document],
    listed: Mapping[str, str],
    reader: Reader,
    memo: VectorMemo,
    mapped: Mapper = map,
) -> Near:
    """Find the projects nearest to each listed word.

    Args:
        documents: all projects, in the order of their numbers.
        listed: words by what search compares, in a browser's order (`listed_words`).
        reader: who reads both.
        memo: keeps what was read between builds, so that only what is new is read.
        mapped: reads it, perhaps several projects at once.
    """
    words = _rows_of_words(tuple(listed.values()), reader, memo)
    width = words.shape[1]
    rows = list(_rows_of_projects(documents, width, reader, memo, mapped))
    return nearest(tuple(listed), words, np.array(rows).reshape(-1, width))


def nearest(keys: Sequence[str], words: Whole, projects: Whole) -> Near:
    """Give the nearest projects of each word.

    How near is the product of two rows less what is usual for that word and for that project: some
    words are near to everything, and so are some projects.

    Args:
        keys: the words.
        words: a row for each, in 360ths.
        projects: a row for each, in 10,000ths.
    """
    middle = words.sum(axis=0, dtype=np.float64) / max(1, len(words))
    for_project = projects @ middle
    known = len(projects) + _UNSEEN
    for_word = words @ projects.sum(axis=0, dtype=np.float64) / known
    # In steps, so that one project more does not change the lists of all words.
    usual = np.rint(for_word / _SCALE / STEP) * STEP * _SCALE
    between = float(for_project.sum()) / known
    # In floating point, because that multiplies fastest. Rows are no longer than their scales, so
    # all that comes of them stays below 2**24, where such numbers count exactly.
    one, two = words.astype(np.float32), projects.astype(np.float32)
    less, more = (np.rint(each).astype(np.float32) for each in (for_project, between - usual))
    at_once = max(1, _AT_ONCE // max(1, len(two)))
    found: list[tuple[Whole, Whole, Whole]] = []
    for start in range(0, len(one), at_once):
        rows = slice(start, start + at_once)
        nearness = one[rows] @ two.T
        nearness -= less
        nearness += more[rows, None]
        found.append(_chosen(nearness))
    holding, documents, impacts = (np.concatenate(each) for each in zip(*found, strict=True))
    kept = np.flatnonzero(holding)
    return Near([keys[at] for at in kept.tolist()], holding[kept], documents, impacts)


def _chosen(nearness: Reals) -> tuple[Whole, Whole, Whole]:
    """Give of each row how many are near enough, which, and how near; of equal ones the first."""
    rows, count = nearness.shape
    least = np.full(rows, (LEAST - STEP / 2) * _SCALE, np.float32)
    if count > MOST:
        least = np.maximum(least, np.partition(nearness, count - MOST, axis=1)[:, count - MOST])
    word, project = np.nonzero(nearness >= least[:, None])
    told = nearness[word, project]
    # Equal ones may be more than are listed.
    best = np.lexsort((project, -told, word))
    starts = np.searchsorted(word, np.arange(rows))
    listed = np.sort(best[np.arange(len(best)) - starts[word] < MOST])
    steps = np.rint(told[listed] / _SCALE / STEP)
    impacts = np.clip(np.rint(steps * (STEP * PARTS)), 1, TOP).astype(np.uint8)
    return np.bincount(word[listed], minlength=rows), project[listed].astype(np.int32), impacts


def by_key(words: Iterable[str], most: int) -> dict[str, str]:
    """Give words by what search compares, the first of each, as many as were asked for.

    In a browser's order; without stop words and what is no word of plain letters.
    """
    found: dict[str, str] = {}
    for each in words:
        if len(found) == most:
            break
        if len(each) >= SHORTEST and each.isascii() and each.isalpha() and each not in STOP_WORDS:
            found.setdefault(word(each).term, each)
    return dict(sorted(found.items()))  # ASCII, so a browser has the same order


def texts_of(document: Document) -> tuple[str, ...]:
    """Give the short texts that say what a project is: a language model knows sentences best.

    Its name in words, its summary, its headings, and the beginning of its README in passages.
    """
    said = str(document.text)[:_READ].split()
    starts = range(0, min(len(said), PASSAGES * PASSAGE), PASSAGE)
    passages = (" ".join(said[start : start + PASSAGE]) for start in starts)
    name = " ".join(name_parts(document.shown_title))
    headings = " ".join(document.headings[:HEADINGS])
    return tuple(each[:LONGEST] for each in (name, document.summary, headings, *passages) if each)


def _rows_of_words(words: Sequence[str], reader: Reader, memo: VectorMemo) -> Whole:
    """Read all words, or what was kept of them: a language model takes a minute."""
    name = _name(reader.version, _WORD_SCALE, words)
    if (kept := memo.get(name)) and len(kept) % len(words) == 0:
        return np.frombuffer(kept, np.int8).reshape(len(words), -1)
    made = np.clip(np.rint(reader.read(words) * _WORD_SCALE), -127, 127).astype(np.int8)
    memo.put_all({name: made.tobytes()})
    return made


def _rows_of_projects(
    documents: Sequence[Document], width: int, reader: Reader, memo: VectorMemo, mapped: Mapper
) -> Iterator[Whole]:
    """Give the row of each project; those that are not kept are made, and kept."""
    for start in range(0, len(documents), _KEPT_AT_ONCE):
        texts = list(map(texts_of, documents[start : start + _KEPT_AT_ONCE]))
        names = [_name(reader.version, _PROJECT_SCALE, each) for each in texts]
        kept = {name: row for name in names if len(row := memo.get(name) or b"") == 2 * width}
        asked = {name: each for name, each in zip(names, texts, strict=True) if name not in kept}
        fresh = dict(zip(asked, mapped(partial(_read, reader), asked.values()), strict=True))
        if fresh:
            memo.put_all(fresh)
        rows = kept | fresh
        yield from (np.frombuffer(rows[name], "<i2") for name in names)


def _read(reader: Reader, texts: Sequence[str]) -> bytes:
    """Make the row of one project: the mean of what its texts say."""
    whole = reader.read(texts).astype(np.float64).sum(axis=0)
    length = float(np.linalg.norm(whole)) or 1.0
    made: Whole = np.rint(whole / length * _PROJECT_SCALE).astype("<i2")
    return made.tobytes()


def _name(*said: object) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:40]
