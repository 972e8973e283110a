"""Entries that may be the same project twice, for a friendly question and no more."""

from collections.abc import Iterable, Iterator

from aggregator.registry.models import Entry
from aggregator.words.names import slug_of


def similar_projects(entry: Entry, others: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """Find other entries with the same name, title or summary, and say which it is."""
    for other in others:
        if other.repo == entry.repo:
            continue
        for why, mine, theirs in _pairs(entry, other):
            if mine and mine == theirs:
                yield other, why
                break


def _pairs(entry: Entry, other: Entry) -> Iterator[tuple[str, str, str]]:
    yield "it has the same name", _squeezed(entry.repo.name), _squeezed(other.repo.name)
    yield "it has the same title", _squeezed(entry.title), _squeezed(other.title)
    yield "it has the same summary", _squeezed(entry.summary), _squeezed(other.summary)


def _squeezed(text: str | None) -> str:
    return slug_of(text or "").replace("-", "")
