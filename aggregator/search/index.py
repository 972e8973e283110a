"""The index in memory: what `build_index` makes, `search` reads and `write_index` writes.

Plain values only. Every number that ranking uses is a whole number fixed when the index is built,
so that Python and the browser cannot come to different sums.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aggregator.search.document import Document


@dataclass(frozen=True, slots=True)
class Posting:
    """Where one word stands: documents by number, rising, and how strongly (1 to 31)."""

    rarity: int
    documents: Sequence[int]
    impacts: bytes

    def items(self) -> Iterator[tuple[int, int]]:
        """Give (document number, impact) in order."""
        return zip(self.documents, self.impacts, strict=True)


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow results: its values, each with the documents that have it."""

    name: str
    values: tuple[tuple[str, str, Sequence[int]], ...]  # (value in addresses, label, documents)
    aliases: tuple[tuple[str, Sequence[int]], ...] = ()  # other names, when typed; documents


@dataclass(frozen=True, slots=True)
class Index:
    """Everything search knows, documents in the order of their keys without case."""

    documents: tuple[Document, ...]
    words: Mapping[str, Posting]
    pairs: Mapping[str, Posting]
    keys: Sequence[str]  # the keys of `words`, sorted as a browser sorts them
    spellings: Mapping[str, tuple[str, ...]]  # first letter -> words as written, commonest first
    glossary: Mapping[str, tuple[str, ...]]  # key -> keys that mean the same
    facets: tuple[Facet, ...]
    orders: Mapping[str, Sequence[int]]  # sort name -> document numbers
    sentences: tuple[tuple[str, ...], ...]
    examples: tuple[str, ...]  # searches to teach with
    unknown_rarity: int


def browser_order(text: str) -> bytes:
    """Give the sort key under which text is ordered as JavaScript compares strings.

    Source: ECMAScript, IsLessThan: strings compare by UTF-16 code units.
    """
    return text.encode("utf-16-be", "surrogatepass")
