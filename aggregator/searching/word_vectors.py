"""What the common words of English mean, in a row of numbers each, for who has no language model.

    text --words--> rows of `english.npz`, those of rare words more --mean--> a vector

The rows were made once, and need nothing but numpy: each of the words was read alone by the model
of `sentence_model`, what all have in common was taken away, and what was left told in as few
numbers as search is as good with (`python -m benchmarks.word_vectors` makes the file anew). A
sentence means what its words mean: by that the search gains half of what it does by a model
that reads whole sentences. The words, by how often books use them, are those of symspellpy (MIT),
which come from the Google Books Ngrams (CC BY 3.0); the model is all-MiniLM-L6-v2 (Apache 2.0).
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aggregator.searching.english import expected
from aggregator.searching.tokens import word, words

# Of each vector: words alone are said to be nearer than a model says that sentences are, and this
# much less made search as good and left searches empty that nothing answers.
LENGTH = 0.55
_COMMON = 0.003  # a word that stands in fewer of all texts is no rarer
FILE = Path(__file__).with_name("english.npz")

Reals = NDArray[np.float32]


# What a vector depends on, besides its text and how common words are in English.
_SOURCES = ("english.npz", "word_vectors.py", "english.py", "tokens.py")


@cache
def version() -> str:
    """Name all that a vector depends on besides its text."""
    sums = hashlib.sha256(metadata.version("wordfreq").encode())
    for name in _SOURCES:
        sums.update(FILE.with_name(name).read_bytes())
    return f"words {sums.hexdigest()[:12]}"


@cache
def common_words() -> tuple[str, ...]:
    """Give the words that have a row, in the order of the rows."""
    return tuple(_packed()["words"].tobytes().decode("ascii").split())


def vectors_of_words(texts: Sequence[str]) -> Reals:
    """Give a vector for each text: the mean of what its words mean, or of nothing."""
    rows, places = _rows(), _places()
    found = np.zeros((len(texts), rows.shape[1]), np.float32)
    for at, text in enumerate(texts):
        held = [each.term for each in words(text) if each.term in places]
        if held:
            whole = np.array(list(map(_weight, held))) @ rows[[places[term] for term in held]]
            found[at] = whole * (LENGTH / (np.linalg.norm(whole) or 1.0))
    return found


@cache
def _packed() -> Mapping[str, NDArray[np.int8]]:
    with np.load(FILE, allow_pickle=False) as held:
        return dict(held)


@cache
def _rows() -> NDArray[np.float64]:
    rows = _packed()["rows"].astype(np.float64)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


@cache
def _places() -> Mapping[str, int]:
    """Say in which row each word stands, as search compares it."""
    found: dict[str, int] = {}
    for place, surface in enumerate(common_words()):
        found.setdefault(word(surface).term, place)
    return found


@cache
def _weight(term: str) -> float:
    return math.log(1 / (expected().get(term, 0.0) + _COMMON))
