"""Choose the sentences of a README that can stand under a result.

A few are kept for each project; which one is shown depends on the words of a search. They are
chosen so that together they hold as much as they can of what the project is found by.
"""

import heapq
import math
import re
from collections.abc import Mapping, Sequence

from aggregator.search.words import words

KEPT = 6
LONGEST = 200
SHORTEST = 40
SHORT = 6  # words that every sentence is taken to be longer, so that the shortest do not win
READ = 12_000  # characters of a README that are looked at
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])|\n\s*\n|\n(?=\s*[-*+]\s)")
_LEAD = re.compile(r"^[\s\-*+#>\d.)]+")
_ADDRESS = re.compile("://|@")  # a link cannot be followed there, and nobody's e-mail belongs there
_PLAIN = re.compile(r"^[A-Z][^|{}<>`=\\]*[.!?:]$")


def best(
    text: str, headings: Sequence[str], summary: str, worth: Mapping[str, float]
) -> tuple[str, ...]:
    """Give up to six telling sentences, in the order in which they stand.

    Args:
        text: A README as plain text.
        headings: Its headings, as they stand in the text.
        summary: What a result shows anyway; its words need not be shown again.
        worth: How much each word tells of this project.
    """
    pieces = _END.split(_apart(text[:READ], headings))
    candidates = list(dict.fromkeys(filter(None, map(_tidy, pieces))))
    untold = {**worth, **dict.fromkeys(_terms(summary), 0.0)}
    chosen = _together([_terms(each) for each in candidates], untold)
    return tuple(candidates[at] for at in sorted(chosen))


def _together(held: Sequence[set[str]], untold: dict[str, float]) -> list[int]:
    """Take one after another what adds most; what was taken makes no other add more.

    So only what stands first need be weighed again, and stays first if nothing then beats it.
    """
    waiting = [(-_worth(terms, untold), at) for at, terms in enumerate(held)]
    heapq.heapify(waiting)
    chosen: list[int] = []
    while waiting and len(chosen) < KEPT:
        _, at = heapq.heappop(waiting)
        now = (-_worth(held[at], untold), at)
        if waiting and now > waiting[0]:
            heapq.heappush(waiting, now)
        elif now[0] < 0:
            chosen.append(at)
            untold |= dict.fromkeys(held[at], 0.0)
    return chosen


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
    return sentence if fits and not _ADDRESS.search(sentence) else ""


def _terms(text: str) -> set[str]:
    return {each.term for each in words(text)}


def _worth(terms: set[str], untold: Mapping[str, float]) -> float:
    told = math.fsum(untold.get(term, 0.0) for term in terms)  # exact in whatever order
    return told / (SHORT + len(terms))
