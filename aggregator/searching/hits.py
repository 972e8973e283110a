"""What a result shows: made for each project when the index is built, read back when it is found.

Among it are the sentences of its README that tell most of it; which of them is shown depends on
the words of a search. They are chosen so that together they hold as much as they can of what the
project is found by.
"""

import heapq
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.searching.analysis import Document
from aggregator.searching.tokens import words

SUMMARY_SHOWN = 220  # characters
_BETWEEN = ", "  # languages
KEPT = 6  # sentences
LONGEST = 200
SHORTEST = 40
SHORT = 6  # words that every sentence is taken to be longer, so that the shortest do not win
READ = 12_000  # characters of a README that are looked at
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])|\n\s*\n|\n(?=\s*[-*+]\s)")
_LEAD = re.compile(r"^[\s\-*+#>\d.)]+")
_ADDRESS = re.compile("://|@")  # a link cannot be followed there, and nobody's e-mail belongs there
_PLAIN = re.compile(r"^[A-Z][^|{}<>`=\\]*[.!?:]$")


@dataclass(frozen=True, slots=True)
class Hit:
    """One result as it is shown, with its score; 0 when nothing was typed to score by.

    Args:
        number: Which project of the index it is.
        score: How well it fits; only hits of one search can be compared.
        key: owner/name of the repository.
        title: What it is called.
        summary: What it says of itself, cut to what a result has room for.
        organisation: Whose it is: an organisation, or else the owner.
        languages: The programming languages it is found by.
        stage: How far it is, as its members say; empty where they do not.
        pushed: The day of its last change, as YYYY-MM-DD; empty where it is not known.
        url: Its page, seen from the root of the site.
        sentences: What its README says that tells most of it.
    """

    number: int
    score: int
    key: str
    title: str
    summary: str
    organisation: str
    languages: tuple[str, ...]
    stage: str
    pushed: str
    url: str
    sentences: tuple[str, ...]


def write_card(document: Document, sentences: Sequence[str]) -> dict[str, Any]:
    """Give what a result shows under the letters of its file, what is empty left out."""
    card = {
        "k": document.key,
        "t": document.shown_title,
        "u": document.url,
        "s": _cut(document.summary),
        "o": document.organisation or document.owner,
        "l": _BETWEEN.join(document.all_languages),
        "g": document.stage,
        "p": document.pushed[:10],
        "x": [each for each in sentences if each not in document.summary],
    }
    return {name: value for name, value in card.items() if value}


def read_card(card: Mapping[str, Any], number: int, score: int) -> Hit:
    """Make a result of what `write_card` wrote."""
    key, title, url, summary, organisation, languages, stage, pushed = (
        str(card.get(letter, "")) for letter in "ktusolgp"
    )
    spoken = tuple(filter(None, languages.split(_BETWEEN)))
    sentences = tuple(map(str, card.get("x", ())))
    return Hit(
        number, score, key, title, summary, organisation, spoken, stage, pushed, url, sentences
    )


def telling_sentences(document: Document, worth: Mapping[str, float]) -> tuple[str, ...]:
    """Give up to six sentences of a README, in the order in which they stand.

    Args:
        document: The project; what its summary says is shown anyway and need not be shown again.
        worth: How much each word tells of this project.
    """
    candidates = list(dict.fromkeys(_sentences(document)))
    untold = {**worth, **dict.fromkeys(_terms(document.summary), 0.0)}
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


def _sentences(document: Document) -> Iterator[str]:
    for piece in _END.split(_apart(document.text[:READ], document.headings)):
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


def _terms(text: str) -> set[str]:
    return {each.term for each in words(text)}


def _worth(terms: set[str], untold: Mapping[str, float]) -> float:
    told = math.fsum(untold.get(term, 0.0) for term in terms)  # exact in whatever order
    return told / (SHORT + len(terms))


def _cut(text: str) -> str:
    # Not `words.phrases.shortened`: punctuation before the cut stays, as it always did here.
    if len(text) <= SUMMARY_SHOWN:
        return text
    return text[:SUMMARY_SHOWN].rsplit(" ", 1)[0] + "\u2026"
