"""Where words stand, in few characters, and rows of files that are opened when a key is asked for.

Whole numbers are written in digits of one sign each. `index` says which files there are.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, chain, islice, pairwise, takewhile

from aggregator.words.errors import StateError

ALPHABET = "".join(chr(code) for code in range(35, 126) if code != ord("\\"))
HALF = len(ALPHABET) // 2
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
_LARGEST = 1 << 53  # whole numbers up to here are exact in a browser

# What a file of another version, or of somebody who means harm, makes go wrong.
_FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


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
    """All words, or all pairs, in shards that are read when one of their keys is asked for.

    Args:
        starts: where each shard begins.
        shard: gives one by its number: what is written of each key.
        carried: what was read of keys that stand in other shards.
    """

    def __init__(
        self,
        starts: Sequence[str],
        shard: Callable[[int], Mapping[str, str]],
        carried: Mapping[str, str] | None = None,
    ) -> None:
        self._starts = [browser_order(start) for start in starts]
        self._shard = shard
        self._carried = {} if carried is None else carried
        self._read: dict[str, Posting] = {}

    def __getitem__(self, key: str) -> Posting:
        """Give where a key stands.

        Raises:
            KeyError: nothing holds it.
        """
        if key not in self._read:
            text = self.text(key)
            if text is None:
                raise KeyError(key)
            with readable("a posting"):
                self._read[key] = read_posting(text)
        return self._read[key]

    def __contains__(self, key: str) -> bool:
        return self.text(key) is not None

    def text(self, key: str) -> str | None:
        """Give what is written of a key, as it is."""
        found = self._carried.get(key)
        return self._shard(self.shard_of(key)).get(key) if found is None else found

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
        return max(0, bisect_right(self._starts, browser_order(self._place(key))) - 1)

    def _place(self, key: str) -> str:
        return key


class PairPostings(Postings):
    """Two words that stand together, where they would stand if they were written as one."""

    def _place(self, key: str) -> str:
        return key.replace(" ", "")


@contextmanager
def readable(file: str) -> Iterator[None]:
    """Say of a file that is not as this version writes it that it cannot be used."""
    try:
        yield
    except _FAULTS as problem:
        raise StateError(
            f"{file} of the search index cannot be used",
            f"{type(problem).__name__}: {problem}",
            "build the site anew with this version",
        ) from problem
