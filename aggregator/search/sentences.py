"""Choose the sentences of a README that can stand under a result.

A few are kept for each project; which one is shown depends on the words of a search.
"""

import math
import re
from collections.abc import Callable, Sequence

from .words import words

KEPT = 4
LONGEST = 200
SHORTEST = 40
READ = 12_000  # characters of a README that are looked at
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])|\n\s*\n|\n(?=\s*[-*+]\s)")
_LEAD = re.compile(r"^[\s\-*+#>\d.)]+")
_PLAIN = re.compile(r"^[A-Z][^|{}<>`=\\]*[.!?:]$")


def best(text: str, headings: Sequence[str], rarity_of: Callable[[str], float]) -> tuple[str, ...]:
    """Give up to four telling sentences, in the order in which they stand."""
    pieces = _END.split(_apart(text[:READ], headings))
    candidates = dict.fromkeys(filter(None, map(_tidy, pieces)))
    scored = [(-_worth(each, rarity_of), at, each) for at, each in enumerate(candidates)]
    chosen = sorted(scored)[:KEPT]
    return tuple(each for _, _, each in sorted(chosen, key=lambda item: item[1]))


def _apart(text: str, headings: Sequence[str]) -> str:
    """Set headings apart, so that none runs into the sentence below it."""
    pieces, start = [], 0
    for heading in headings:
        at = text.find(heading, start) if heading else -1
        if at >= 0:
            pieces.append(text[start:at])
            start = at + len(heading)
    return "\n\n".join([*pieces, text[start:]])


def _tidy(piece: str) -> str:
    sentence = " ".join(_LEAD.sub("", piece).split())
    fits = SHORTEST <= len(sentence) <= LONGEST and _PLAIN.match(sentence)
    return sentence if fits and "://" not in sentence else ""


def _worth(sentence: str, rarity_of: Callable[[str], float]) -> float:
    terms = {each.term for each in words(sentence)}
    return math.fsum(map(rarity_of, terms)) / (5 + len(terms))  # exact in whatever order
