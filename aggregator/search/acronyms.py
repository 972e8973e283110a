"""Read from the projects' own words what their acronyms stand for.

Somebody who writes "statistical process control (SPC)" has told the search that both are one.
Only what is written so, letter for letter, is believed; nothing is guessed. The index builder
adds what is found here to the community's glossary.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from aggregator.search.document import Document
from aggregator.search.words import STOP_WORDS, tokens

MOST = 400  # acronyms of a catalogue, those that most projects explain first
EACH = 3  # what one acronym may stand for
READ = 20_000  # characters of a README that are looked at
_SHORT = r"[A-Z][A-Za-z&]{0,6}[A-Z]s?"
_LOOKED_BACK = 120  # characters before an acronym in brackets
_IN_BRACKETS = re.compile(rf"\(({_SHORT})\)")
_ENDS = re.compile(r"[()\[\].;:!?|]")
_LONG_AFTER = re.compile(rf"\b({_SHORT}) \(([^()\[\].;:!?|]{{5,120}})\)")

Pair = tuple[str, str]


def mined(documents: Iterable[Document]) -> dict[str, tuple[str, ...]]:
    """Give acronyms with what the documents say that they stand for, like a glossary."""
    said: Counter[Pair] = Counter()
    for document in documents:
        said.update(set(_explained(document)))
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for (short, long), times in said.items():
        found[short].append((-times, long))
    often = sorted(found, key=lambda short: (sum(times for times, _ in found[short]), short))
    return {short: tuple(long for _, long in sorted(found[short])[:EACH]) for short in often[:MOST]}


def joined(
    community: Mapping[str, Sequence[str]], read: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Give the community's glossary with what was read; the community's words come first."""
    known = {short.lower(): short for short in community}
    both = {short: tuple(long) for short, long in community.items()}
    for short, long in read.items():
        key = known.get(short.lower(), short)
        both[key] = (*both.get(key, ()), *long)
    return both


def expansion(short: str, words: Sequence[str]) -> str:
    """Give the last of some words whose first letters are the acronym, or an empty text.

    Small words may stand between without a letter: `LoS` and `IMD` both have an "of".
    """
    letters = [letter for letter in short.removesuffix("s").lower() if letter != "&"]
    at = len(words)
    while letters and at:
        at -= 1
        word = words[at].lower()
        if word[0] == letters[-1]:
            letters.pop()
        elif word not in STOP_WORDS:
            return ""
    return " ".join(words[at:]).lower() if not letters and len(words) - at > 1 else ""


def _explained(document: Document) -> Iterator[Pair]:
    for text in (document.summary, document.story, document.text[:READ]):
        for match in _IN_BRACKETS.finditer(text):
            before = text[max(0, match.start() - _LOOKED_BACK) : match.start()]
            yield from _pair(match[1], tokens(_ENDS.split(before)[-1]))
        for short, inside in _LONG_AFTER.findall(text):
            within = tokens(inside)
            found = _pair(short, within)
            yield from (pair for pair in found if len(pair[1].split()) == len(within))


def _pair(short: str, words: Sequence[str]) -> Iterator[Pair]:
    long = expansion(short, words)
    if long:
        yield short.removesuffix("s").upper(), long
