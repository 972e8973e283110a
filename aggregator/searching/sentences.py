"""The sentences of a README that tell most of its project; a result shows one of them.

They are found when a document is read, and chosen when it is known what each word tells among all
documents. Which of the chosen ones is shown depends on the words of a search.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

KEPT = 6  # sentences
LONGEST = 200
SHORTEST = 40
SHORT = 6  # words that every sentence is taken to be longer, so that the shortest do not win
READ = 12_000  # characters of a README that are looked at
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])|\n\s*\n|\n(?=\s*[-*+]\s)")
_LEAD = re.compile(r"^[\s\-*+#>\d.)]+")
_ADDRESS = re.compile("://|@")  # a link cannot be followed there, and nobody's e-mail belongs there
_PLAIN = re.compile(r"^[A-Z][^|{}<>`=\\]*[.!?:]$")


def sentences_in(text: str, headings: Sequence[str]) -> list[str]:
    """Give what could be shown of a README, each sentence once, in the order in which they stand.

    Args:
        text: Its words.
        headings: Those among them that are no part of a sentence.
    """
    return list(dict.fromkeys(_sentences(text, headings)))


def most_telling(
    words: NDArray[np.intp],
    held: NDArray[np.intp],
    lengths: NDArray[np.intp],
    worth: NDArray[np.float64],
) -> list[int]:
    """Say which of some sentences together tell most, in the order in which they stand.

    One after another is taken that adds most; what was told makes no other one add more.

    Args:
        words: The numbers of the words of one sentence after the other.
        held: How many of them are of each sentence.
        lengths: How many different words each has, those that tell nothing counted too.
        worth: How much each word tells, by its number.
    """
    ends = held.cumsum()
    sentence = np.repeat(np.arange(len(held)), held)
    untold = worth.copy()
    chosen: list[int] = []
    while len(chosen) < min(KEPT, len(held)):
        told = np.bincount(sentence, untold[words], len(held)) / (SHORT + lengths)
        best = int(told.argmax())
        if told[best] <= 0:
            break
        chosen.append(best)
        untold[words[ends[best] - held[best] : ends[best]]] = 0.0
    return sorted(chosen)


def _sentences(text: str, headings: Sequence[str]) -> Iterator[str]:
    for piece in _END.split(_apart(text[:READ], headings)):
        if len(piece) < SHORTEST:
            continue
        sentence = " ".join(_LEAD.sub("", piece).split())
        fits = SHORTEST <= len(sentence) <= LONGEST and _PLAIN.match(sentence)
        if fits and not _ADDRESS.search(sentence):
            yield sentence


def _apart(text: str, headings: Sequence[str]) -> str:
    """Set headings apart, so that none runs into the sentence below it."""
    pieces, start = [], 0
    for heading in headings:
        at = text.find(heading, start) if heading else -1
        if at >= 0:
            pieces.append(text[start:at])
            start = at + len(heading)
    return "\n\n".join([*pieces, text[start:]])
