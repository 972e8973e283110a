"""What the files of words hold, so that each typed word needs one file and hardly ever two.

    postings of words --cut--> files --and of what a word leads to, carried along--> w-MARK.json

Somebody who types a word is led on: to a name that is written just so (`testing`, where `test` is
what search compares), to what means the same, to what is near in meaning, and by the word beside it
to a name that both make together (`open prescribing`). Where those stand elsewhere, a search would
ask for a file each, most of them for nothing. So a file of words carries, besides what its own
words hold, what they lead to, and names which words begin a longer one of the index.

    t   its own words: key -> posting
    m   its own words: key -> what is near in meaning, where a model told it
    g   keys that one of its words begins -> keys that mean the same, and those of what does it
    a   key -> posting, of what those lead to and stands elsewhere
    j   words elsewhere that one of its own begins
    h   its own words that are likely half typed
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import pairwise
from typing import Any

from aggregator.searching import match
from aggregator.searching.cutting import Cut, cut_into_files, starts_of
from aggregator.searching.english import is_word
from aggregator.searching.postings import browser_order
from aggregator.searching.synonyms import read_lines
from aggregator.searching.tokens import STOP_WORDS, stem

# In characters before compression; a query asks for as many files as it has words.
_WORDS = Cut(4_500, 10_000, 24)
_SHORT = 120  # characters of a posting that is carried for a name which may be typed apart
_PART = 3  # letters of what is hardly there by chance

Payload = dict[str, Any]
# By the first word of keys, then by key: keys that mean the same, and keys of what does it.
_Led = dict[str, dict[str, tuple[list[str], list[str]]]]


@dataclass(frozen=True, slots=True)
class WordFiles:
    """The files of words, in order.

    Args:
        starts: where each begins.
        payloads: what each holds.
    """

    starts: Sequence[str]
    payloads: Sequence[Payload]


def word_files(
    words: Mapping[str, str], near: Mapping[str, str], meanings: Sequence[str]
) -> WordFiles:
    """Put words into files, with what they lead to.

    Args:
        words: what is written of each word, in a browser's order.
        near: what is written of words that projects are near to in meaning.
        meanings: lines of what means the same and of what does it, as `write_lines` wrote them.
    """
    led = _led_to(meanings)
    carried = _carried(words, led)
    others = sorted((near.keys() | led.keys() | carried.keys()) - words.keys(), key=browser_order)

    def size(key: str) -> int:
        along = map(words.__getitem__, carried.get(key, ()))
        told = (words.get(key, ""), near.get(key, ""), *along)
        return sum(len(key) + len(text) + 6 for text in told if text)

    keys = merge(words, others, key=browser_order)
    files = cut_into_files(((key, size(key)) for key in keys), _WORDS)
    starts, half = starts_of(files), frozenset(_halves(words))
    payloads = []
    for held, names in zip(files, _joined(words, starts), strict=True):
        short = [name for name in names if len(words[name]) <= _SHORT]
        along = dict.fromkeys([*(name for key in held for name in carried.get(key, ())), *short])
        own = {key: words[key] for key in held if key in words}
        told = {
            "m": {key: near[key] for key in held if key in near},
            "g": {key: sides for begins in held for key, sides in led.get(begins, {}).items()},
            "a": {key: words[key] for key in along if key not in own},
            "j": " ".join(name for name in names if name not in own and name not in along),
            "h": " ".join(key for key in own if key in half),
        }
        payloads.append({"t": own} | {name: value for name, value in told.items() if value})
    return WordFiles(starts, payloads)


def _led_to(meanings: Sequence[str]) -> _Led:
    """Give, by the word that keys begin with, what each leads to: the same, and what does it."""
    led: _Led = {}
    for at, text in enumerate(meanings):
        for key, others in read_lines(text).items():
            sides = led.setdefault(key.partition(" ")[0], {}).setdefault(key, ([], []))
            sides[at].extend(others)
    return led


def _carried(words: Mapping[str, str], led: _Led) -> dict[str, list[str]]:
    """Give, for each word, which others come along with it."""
    carried: dict[str, list[str]] = {}
    for key in words:
        if (compared := stem(key)) != key:
            carried.setdefault(compared, []).append(key)
    for begins, keys in led.items():
        others = (other for sides in keys.values() for side in sides for other in side)
        carried.setdefault(begins, []).extend(dict.fromkeys(others))
    return carried


def _halves(words: Iterable[str]) -> Iterator[str]:
    """Name the words that are likely half typed: others begin so, and English has none.

    Of the next word alone, for the one after it begins so only if that does.
    """
    keys = (key for key in words if " " not in key)
    for key, following in pairwise(keys):
        if len(key) >= match.SHORTEST_HALF and following.startswith(key) and not is_word(key):
            yield key


def _joined(words: Mapping[str, str], starts: Sequence[str]) -> list[list[str]]:
    """Give for each file the words elsewhere that one of its words begins when joined."""
    ordered = list(map(browser_order, starts))
    parts = _Parts(words)
    homes: dict[str, int] = {}

    def home(key: str) -> int:
        if key not in homes:
            homes[key] = max(0, bisect_right(ordered, browser_order(key)) - 1)
        return homes[key]

    found: list[list[str]] = [[] for _ in starts]
    for key in words:
        if " " in key:
            continue
        begun = {home(stem(part)) for part in parts.beginning(key)}
        for file in begun - {home(key)}:
            found[file].append(key)
    return found


class _Parts:
    """Tells of which words a longer one may be made."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def beginning(self, whole: str) -> Iterator[str]:
        """Give the words that a longer one may begin with, if what follows is known too.

        After a small word it is the next, for nobody looks a small one up.
        """
        for end in range(1, len(whole)):
            begins, rest = whole[:end], whole[end:]
            if begins in STOP_WORDS:
                if self._said(rest) and not is_word(whole):  # `a long` is not `along`
                    yield rest
            elif self._known(begins) and self._follows(rest, short=end < _PART):
                yield begins

    def _known(self, part: str) -> bool:
        return part in self._words or is_word(part)

    def _said(self, part: str) -> bool:
        return len(part) >= _PART and self._known(part)

    def _follows(self, rest: str, *, short: bool) -> bool:
        """Say whether words follow; after a letter or two it must be one that people know."""
        if short:
            return len(rest) >= _PART and is_word(rest)
        if self._said(rest) or rest.isdigit() or len(rest) == 1:
            return True
        cuts = range(2, len(rest) - 1)
        return any(
            self._said(rest[at:])
            for at in cuts
            if rest[:at] in STOP_WORDS or (at >= _PART and is_word(rest[:at]))
        )
