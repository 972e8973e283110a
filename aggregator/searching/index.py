"""The index in its one form, the files that a browser reads, and how they are opened in Python.

    boot.json      tables and settings, read first; where each file of words begins, most marks
    d-MARK.json    the same of files that few searches need: p, l and s
    w-MARK.json    words: key -> posting, and what they lead to (`word_files`)
    l-MARK.json    words: key -> places, for phrases
    p-MARK.json    pairs, for two words that were written as one
    s-MARK.json    words that begin with one letter, for slips: as written here, and of English
    n-MARK.json    what has a name and is no project; only the palette of the site reads it
    f-MARK.json    facets                      o-MARK.json   the other orders
    cN.json        what a few neighbouring results show

A file is read when a search first needs it, so a query costs the few that its words fall into,
from a disk or over a network. `build` writes them; here is how numbers are written in them, and
back. A file is named by a mark of its bytes, so one of another night is either the same or not
there, and a reader notices. Cards go by number and carry a mark of who has which, for there are too
many to list. JSON, because every web server compresses it.

Every number that ranking uses is a whole number fixed when the index is built, so that Python and
the browser cannot come to different sums.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property, partial
from typing import Any, NamedTuple

from aggregator.searching import tokens
from aggregator.searching.facets import FROM, OWN, Facet
from aggregator.searching.hits import Hit, read_card
from aggregator.searching.postings import (
    PairPostings,
    Postings,
    read_numbers,
    read_places,
    readable,
    rising_from,
)
from aggregator.searching.synonyms import read_lines
from aggregator.words.errors import StateError

# How words are made here; of an index that was made otherwise, words would be told as unknown that
# it holds. A browser takes them from the index.
_RULES = json.loads(
    json.dumps({"stop": tokens.STOP_LIST, "spellings": tokens.SPELLINGS, "endings": tokens.ENDINGS})
)
MOST_PROJECTS = 1_000_000  # ten times what ranking is made for: a larger count is no index of ours

Opener = Callable[[str], bytes]  # gives the bytes of a file of the index by its name
_Payload = Mapping[str, Any]


class Index:
    """Everything search knows, opened from the files that `build` wrote.

    Args:
        opener: Gives the bytes of a file by its name below `search/index/`, such as "boot.json".

    Attributes:
        size: how many projects there are.
        unknown_rarity: how much a word tells that no project holds.
        words: where each word stands.
        near: what is near in meaning to a word; nothing, where that is turned off.
        examples: searches to teach with.
        fields: what may be typed before a colon, and the facet that it means.

    Raises:
        StateError: A file is not there or not what this version writes, now or when a search
            first needs it.
    """

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._payloads: dict[str, _Payload] = {}
        with self._payload("boot") as boot:
            self._numbering = str(boot["b"])
            self._files = boot["files"]
            self.size: int = boot["n"]
            if not isinstance(self.size, int) or not 0 <= self.size <= MOST_PROJECTS:
                raise ValueError(f"{self.size!r} projects")
            if any(boot[name] != rules for name, rules in _RULES.items()):
                raise ValueError("its words were made by other rules")
            self.unknown_rarity = int(boot["unknown"])
            self.examples = tuple(map(str, boot["examples"]))
            starts = boot["words"].split("|")
            self._word_file = cache(self._read_words)
            self._carried: dict[str, str] = {}
            self.words = Postings(starts, lambda n: self._word_file(n).held, self._carried)
            self.near = Postings(starts, lambda n: self._word_file(n).near)
            self._cards_per_file = int(boot["cards"]) or 1
            self._others = int(boot.get("others", 0))
            self.fields = {str(name): str(facet) for name, facet in boot["fields"].items()}

    @cached_property
    def glossary(self) -> Mapping[str, Sequence[str]]:
        """Give each key of the glossary with those that mean the same."""
        with self._payload(self._name("g")) as payload:
            return read_lines(payload["meanings"][0])

    @cached_property
    def pairs(self) -> Postings:
        """Give which two words often stand together."""
        return PairPostings(self._seldom.pairs, cache(partial(self._shard, "p")))

    @cached_property
    def _places(self) -> Postings:
        return Postings(self._seldom.places, cache(partial(self._shard, "l")))

    @cached_property
    def _seldom(self) -> "_Seldom":
        with self._payload(self._name("d")) as held:
            files = dict(held["files"])
            return _Seldom(
                pairs=str(held["pairs"]).split("|"),
                places=str(held["places"]).split("|"),
                files=files,
                letters=frozenset(files["s"]),
            )

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """Give the ways to narrow results."""
        with self._payload(self._name("f")) as payload:
            return tuple(
                Facet(
                    str(name),
                    tuple((str(v), str(label), _read_rising(held)) for v, label, held in values),
                    {alias: _read_rising(held) for alias, held in aliases.items()},
                )
                for name, values, aliases in payload["f"]
            )

    @cached_property
    def own(self) -> Collection[int]:
        """Give the documents that the showcase itself lists: all, where it includes no other."""
        if not self._others:
            return range(self.size)
        origins = (value for facet in self.facets if facet.name == FROM for value in facet.values)
        return frozenset(n for value, _, held in origins if value == OWN for n in held)

    @cached_property
    def orders(self) -> Mapping[str, Sequence[int]]:
        """Give the document numbers in each order that is not relevance, by its name."""
        with self._payload(self._name("o")) as payload:
            found = {name: read_numbers(payload[name]) for name in ("active", "added", "name")}
            if any(sorted(order) != list(range(self.size)) for order in found.values()):
                raise ValueError("an order that is not of all projects")
            return found

    def places(self, key: str) -> Mapping[int, Sequence[int]]:
        """Give where a word stands in each document; words that tell nothing have no place."""
        text = self._places.text(key) if key in self.words else None
        if text is None:
            return {}
        with readable("places"):
            return read_places(text, self.words[key].documents)

    def halves(self, key: str) -> Collection[str]:
        """Give the words beside a key that are likely typed on the way to longer ones."""
        return self._word_file(self.words.shard_of(key)).halves

    def knows(self, key: str, other: str) -> bool:
        """Say whether the file that is read for a word knows another one, which it may lead to."""
        return other in self._word_file(self.words.shard_of(key)).known

    def meaning(self, key: str) -> Sequence[Sequence[str]]:
        """Give the keys that mean the same as one of several words, and those of what does it."""
        first = key.partition(" ")[0]
        return self._word_file(self.words.shard_of(first)).meanings.get(key, ((), ()))

    def is_english(self, surface: str) -> bool:
        """Say whether English has this word, so that it is no slip."""
        with self._payload(self._name("p", self.pairs.shard_of(surface))) as payload:
            return surface in str(payload["e"]).split()

    def spellings(self, letter: str) -> Sequence[str]:
        """Give the words as written that begin with a letter, the commonest first."""
        if letter not in self._seldom.letters:
            return ()
        with self._payload(self._name("s", letter)) as payload:
            return str(payload["w"]).split()

    def hit(self, number: int, score: int = 0) -> Hit:
        """Give what a result shows of one project."""
        file, at = divmod(number, self._cards_per_file)
        with self._payload(f"c{file}") as payload:
            if payload["b"] != self._numbering:
                raise _published_anew()
            return read_card(payload["c"][at], number, score)

    def _read_words(self, number: int) -> "_WordFile":
        with self._payload(self._name("w", number)) as payload:
            held = {**payload["t"]}  # a list of pairs, which dict() takes, could hold any key
            near, along, meanings = ({**payload.get(part, {})} for part in ("m", "a", "g"))
            names = str(payload.get("j", "")).split()
            self._carried.update(along)
            return _WordFile(
                held=held,
                near=near,
                meanings={key: _two(sides) for key, sides in meanings.items()},
                known=frozenset([*held, *along, *names]),
                halves=frozenset(str(payload.get("h", "")).split()),
            )

    def _shard(self, kind: str, number: int) -> Mapping[str, str]:
        with self._payload(self._name(kind, number)) as payload:
            return {**payload["t"]}

    def _name(self, kind: str, which: int | str = 0) -> str:
        with readable("boot.json"):
            files = self._files if kind in self._files else self._seldom.files
            return f"{kind}-{files[kind][which]}"

    @contextmanager
    def _payload(self, name: str) -> Iterator[_Payload]:
        """Open a file once; what is made of it must make sense as well."""
        with readable(f"{name}.json"):
            if name not in self._payloads:
                self._payloads[name] = dict(json.loads(self._opened(f"{name}.json")))
            yield self._payloads[name]

    def _opened(self, file: str) -> bytes:
        try:
            return self._opener(file)
        except (FileNotFoundError, KeyError) as absent:
            if not self._payloads:  # no boot either: there is no index at all
                raise
            raise _published_anew() from absent


class _WordFile(NamedTuple):
    """What a file of words holds (`word_files`)."""

    held: Mapping[str, str]
    near: Mapping[str, str]
    meanings: Mapping[str, Sequence[Sequence[str]]]
    known: Collection[str]
    halves: Collection[str]


class _Seldom(NamedTuple):
    """Where the files are that few searches need."""

    pairs: Sequence[str]
    places: Sequence[str]
    files: Mapping[str, Any]
    letters: Collection[str]


def _two(sides: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    same, done = sides
    return tuple(map(str, same)), tuple(map(str, done))


def _published_anew() -> StateError:
    return StateError(
        "the search index is of two builds", "it was published anew just now", "open it anew"
    )


def _read_rising(text: str) -> list[int]:
    return rising_from(read_numbers(text))
