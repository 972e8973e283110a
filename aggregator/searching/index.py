"""The index in its one form, the files that a browser reads, and how they are opened in Python.

    boot.json      tables and settings, read first; where each file of words begins, most marks
    d-MARK.json    the same of files that few searches need: p, l, s and e
    w-MARK.json    words: key -> posting       l-MARK.json   words: key -> places, for phrases
    p-MARK.json    pairs, for two words that were written as one
    m-MARK.json    words: key -> what is near in meaning, where the site was built with a model
    s-MARK.json    words as written that begin with one letter, for slips
    e-MARK.json    English words that begin with one letter, which are none
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
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import accumulate, chain, islice, pairwise, takewhile
from typing import Any, NamedTuple

from aggregator.searching.facets import FIELD_WORDS, FROM, OWN, Facet
from aggregator.searching.hits import Hit, read_card
from aggregator.searching.synonyms import read_lines
from aggregator.words.errors import StateError

ALPHABET = "".join(chr(code) for code in range(35, 126) if code != ord("\\"))
HALF = len(ALPHABET) // 2
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
MOST_PROJECTS = 1_000_000  # ten times what ranking is made for: a larger count is no index of ours
_LARGEST = 1 << 53  # whole numbers up to here are exact in a browser

# What a file of another version, or of somebody who means harm, makes go wrong.
_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

Opener = Callable[[str], bytes]  # gives the bytes of a file of the index by its name
_Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Posting:
    """Where one word stands: documents by number, rising, and how strongly (1 to 31)."""

    rarity: int
    documents: Sequence[int]
    impacts: Sequence[int]

    def items(self) -> Iterator[tuple[int, int]]:
        """Give (document number, impact) in order."""
        return zip(self.documents, self.impacts, strict=True)


def browser_order(text: str) -> bytes:
    """Give the sort key under which text is ordered as JavaScript compares strings.

    Source: ECMAScript, IsLessThan: strings compare by UTF-16 code units.
    """
    return text.encode("utf-16-be", "surrogatepass")


def write_numbers(values: Iterable[int]) -> str:
    """Write whole numbers one after another in few characters, the lowest digits first."""
    digits = []
    for number in values:
        left = number
        while left >= HALF:
            left, digit = divmod(left, HALF)
            digits.append(ALPHABET[HALF + digit])
        digits.append(ALPHABET[left])
    return "".join(digits)


def read_numbers(text: str) -> list[int]:
    """Read what `write_numbers` wrote."""
    found = []
    value, scale = 0, 1
    for sign in text:
        digit = _VALUES[sign]
        value += digit % HALF * scale
        if value > _LARGEST:
            raise ValueError("a number too large for an index")
        if digit < HALF:
            found.append(value)
            value, scale = 0, 1
        else:
            scale *= HALF
    return found


def gaps_in(rising: Iterable[int]) -> Iterator[int]:
    """Give how many numbers lie between each of a rising row and the one before it."""
    return (value - before - 1 for before, value in pairwise(chain([-1], rising)))


def rising_from(gaps: Iterable[int]) -> list[int]:
    """Give the row that has such gaps."""
    return list(accumulate(gaps, lambda before, gap: before + gap + 1, initial=-1))[1:]


def write_posting(held: Posting) -> str:
    """Write a posting: its rarity, then for each document the gap before it and its impact."""
    pairs = zip(gaps_in(held.documents), held.impacts, strict=True)
    return write_numbers([held.rarity, *chain.from_iterable(pairs)])


def read_posting(text: str) -> Posting:
    """Read what `write_posting` wrote."""
    rarity, *pairs = read_numbers(text)
    if len(pairs) % 2:
        raise ValueError("a document without its impact")
    return Posting(rarity, rising_from(pairs[::2]), pairs[1::2])


def read_places(text: str, documents: Sequence[int]) -> dict[int, list[int]]:
    """Read where a word stands in each document that holds it, places rising."""
    numbers = iter(read_numbers(text))
    found = {}
    for document in documents:
        gaps = list(islice(numbers, next(numbers)))
        found[document] = rising_from(gaps)
    if next(numbers, None) is not None:
        raise ValueError("places of no document")
    return found


class Postings:
    """All words, or all pairs, in shards that are read when one of their keys is asked for."""

    def __init__(self, starts: Sequence[str], shard: Callable[[int], Mapping[str, str]]) -> None:
        self._starts = [browser_order(start) for start in starts]
        self._shard = shard
        self._read: dict[str, Posting] = {}

    def __getitem__(self, key: str) -> Posting:
        """Give where a key stands.

        Raises:
            KeyError: nothing holds it.
        """
        if key not in self._read:
            text = self._shard(self.shard_of(key))[key]
            with _readable("a posting"):
                self._read[key] = read_posting(text)
        return self._read[key]

    def __contains__(self, key: str) -> bool:
        return key in self._shard(self.shard_of(key))

    def text(self, key: str) -> str | None:
        """Give what is written of a key, as it is."""
        return self._shard(self.shard_of(key)).get(key)

    def beginning(self, prefix: str) -> Iterator[str]:
        """Give every key that begins so."""
        first, begun = self.shard_of(prefix), browser_order(prefix)
        further = takewhile(
            lambda number: self._starts[number].startswith(begun),
            range(first + 1, len(self._starts)),
        )
        for number in (first, *further):
            yield from (key for key in self._shard(number) if key.startswith(prefix))

    def shard_of(self, key: str) -> int:
        """Say in which file a key stands, if it stands anywhere."""
        return max(0, bisect_right(self._starts, browser_order(key)) - 1)


class Index:
    """Everything search knows, opened from the files that `build` wrote.

    Args:
        opener: Gives the bytes of a file by its name below `search/index/`, such as "boot.json".

    Attributes:
        size: how many projects there are.
        unknown_rarity: how much a word tells that no project holds.
        words: where each word stands.
        near: what is near in meaning to a word; nothing, where no model told it.
        glossary: key -> keys that mean the same.
        tasks: key -> keys of what does it, of general English.
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
            self.unknown_rarity = int(boot["unknown"])
            self.glossary, self.tasks = _meanings(boot)
            self.examples = tuple(map(str, boot["examples"]))
            self.words = Postings(boot["words"].split("|"), cache(partial(self._shard, "w")))
            self.near = Postings((), lambda _: {})  # where no model told
            if "near" in boot:
                starts = str(boot["near"]["words"]).split("|")
                self.near = Postings(starts, cache(partial(self._shard, "m")))
            self._cards_per_file = int(boot["cards"]) or 1
            self._others = int(boot.get("others", 0))
            fields = boot.get("fields", FIELD_WORDS)  # which the first versions had not
            self.fields = {str(name): str(facet) for name, facet in fields.items()}

    @cached_property
    def pairs(self) -> Postings:
        """Give which two words often stand together."""
        return Postings(self._seldom.pairs, cache(partial(self._shard, "p")))

    @cached_property
    def _places(self) -> Postings:
        return Postings(self._seldom.places, cache(partial(self._shard, "l")))

    @cached_property
    def _seldom(self) -> "_Seldom":
        with _readable("boot.json"):
            name = self._name("d") if "d" in self._files else "boot"  # as versions before had it
        with self._payload(name) as held:
            files = dict(held["files"])
            return _Seldom(
                pairs=str(held["pairs"]).split("|"),
                places=str(held.get("places", "")).split("|"),
                files=files,
                spellings=dict(files["s"]),
                english=dict(files.get("e", {})),
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
        text = self._places.text(key)
        if text is None or key not in self.words:
            return {}
        with _readable("places"):
            return read_places(text, self.words[key].documents)

    def halves(self, key: str) -> Collection[str]:
        """Give the words beside a key that are likely typed on the way to longer ones."""
        with self._payload(self._name("w", self.words.shard_of(key))) as payload:
            return str(payload.get("h", "")).split(" ")

    def is_english(self, surface: str) -> bool:
        """Say whether English has this word, so that it is no slip."""
        if surface[0] not in self._seldom.english:
            return False
        with self._payload(self._name("e", surface[0])) as payload:
            return surface in str(payload["w"]).split(" ")

    def spellings(self, letter: str) -> Sequence[str]:
        """Give the words as written that begin with a letter, the commonest first."""
        if letter not in self._seldom.spellings:
            return ()
        with self._payload(self._name("s", letter)) as payload:
            return str(payload["w"]).split(" ")

    def hit(self, number: int, score: int = 0) -> Hit:
        """Give what a result shows of one project."""
        file, at = divmod(number, self._cards_per_file)
        with self._payload(f"c{file}") as payload:
            if payload["b"] != self._numbering:
                raise _published_anew()
            return read_card(payload["c"][at], number, score)

    def _shard(self, kind: str, number: int) -> Mapping[str, str]:
        with self._payload(self._name(kind, number)) as payload:
            return {**payload["t"]}  # a list of pairs, which dict() takes, could hold any key

    def _name(self, kind: str, which: int | str = 0) -> str:
        with _readable("boot.json"):
            files = self._files if kind in self._files else self._seldom.files
            return f"{kind}-{files[kind][which]}"

    @contextmanager
    def _payload(self, name: str) -> Iterator[_Payload]:
        """Open a file once; what is made of it must make sense as well."""
        with _readable(f"{name}.json"):
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


class _Seldom(NamedTuple):
    """Where the files are that few searches need."""

    pairs: Sequence[str]
    places: Sequence[str]
    files: Mapping[str, Any]
    spellings: Mapping[str, str]
    english: Mapping[str, str]


def _meanings(boot: _Payload) -> Sequence[Mapping[str, Sequence[str]]]:
    """Give what means the same and what tasks are called; once each key stood with all others."""
    if "meanings" in boot:
        glossary, tasks = map(read_lines, boot["meanings"])
        return glossary, tasks
    told = (dict(boot["glossary"]), dict(boot.get("tasks", {})))
    return [{str(key): tuple(map(str, keys)) for key, keys in each.items()} for each in told]


def _published_anew() -> StateError:
    return StateError(
        "the search index is of two builds", "it was published anew just now", "open it anew"
    )


@contextmanager
def _readable(file: str) -> Iterator[None]:
    """Say of a file that is not as this version writes it that it cannot be used."""
    try:
        yield
    except _FAULTS as problem:
        raise StateError(
            f"{file} of the search index cannot be used",
            f"{type(problem).__name__}: {problem}",
            "build the site anew with this version",
        ) from problem


def _read_rising(text: str) -> list[int]:
    return rising_from(read_numbers(text))
