"""The sentences of a README that tell most of its project; a result shows one of them.

They are found when a document is read, and chosen when it is known what each word tells among all
documents. Which of the chosen ones is shown depends on the words of a search.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[Any]  # whole numbers

KEPT = 6  # sentences
LONGEST = 200
SHORTEST = 40
SHORT = 6  # words that every sentence is taken to be longer, so that the shortest do not win
READ = 12_000  # characters of a README that are looked at
# What a piece ends with: a stop, an empty line, or a line before an item. A space comes first in
# the pattern, so that each other sign is passed at once.
_END = re.compile(r"\s(?:(?<=[.!?]\s)\s*(?=[A-Z0-9])|(?<=\n)(?:\s*\n|(?=\s*[-*+]\s)))")
_ADDRESS = re.compile("://|@")  # a link cannot be followed there, and nobody's e-mail belongs there
_SENTENCE = re.compile(r"[\s\-*+#>\d.)]*([A-Z][^|{}<>`=\\]*[.!?:])")


def sentences_in(text: str, headings: Sequence[str]) -> list[str]:
    """Give what could be shown of a README, each sentence once, in the order in which they stand.

    Args:
        text: Its words.
        headings: Those among them that are no part of a sentence.
    """
    return list(dict.fromkeys(_sentences(text, headings)))


def most_telling(
    words: NDArray[np.intp],
    held: Whole,
    lengths: Whole,
    worth: NDArray[np.float64],
    sentences: Whole,
) -> list[list[int]]:
    """Say of each document which of its sentences together tell most, in the order they stand.

    Each next one is that which tells most of what those before it do not; of equal ones the first.

    Args:
        words: The words of one sentence after the other, each once, by number.
        held: How many of them are of each sentence.
        lengths: How many different words each has, those that tell nothing counted too.
        worth: How much each word tells, by its number; documents have no number in common.
        sentences: How many sentences each document has.
    """
    sentence = np.repeat(np.arange(len(held)), held)
    ends = np.append(0, np.cumsum(sentences, dtype=np.intp))
    some = sentences[sentences > 0]
    document = np.repeat(np.arange(len(some)), some)
    untold, chosen = worth.copy(), np.zeros(len(held), bool)
    for _ in range(KEPT if len(held) else 0):
        told = np.bincount(sentence, untold[words], len(held)) / (SHORT + lengths)
        most = np.maximum.reduceat(told, ends[:-1][sentences > 0])
        best = np.flatnonzero((told == most[document]) & (told > 0))
        first = best[np.diff(document[best], prepend=-1) > 0]
        chosen[first] = True
        untold[words[chosen[sentence]]] = 0.0
    kept = np.flatnonzero(chosen)
    cuts = pairwise(np.searchsorted(kept, ends).tolist())
    return [(kept[one:two] - end).tolist() for (one, two), end in zip(cuts, ends, strict=False)]


def _sentences(text: str, headings: Sequence[str]) -> Iterator[str]:
    for piece in _END.split(_apart(text[:READ], headings)):
        said = _SENTENCE.fullmatch(" ".join(piece.split()))
        if said and SHORTEST <= len(said[1]) <= LONGEST and not _ADDRESS.search(said[1]):
            yield said[1]


def _apart(text: str, headings: Sequence[str]) -> str:
    """Set headings apart, so that none runs into the sentence below it."""
    pieces, start = [], 0
    for heading in headings:
        at = text.find(heading, start) if heading else -1
        if at >= 0:
            pieces.append(text[start:at])
            start = at + len(heading)
    return "\n\n".join([*pieces, text[start:]])
