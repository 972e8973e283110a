"""What `aggregator status` shows: each entry, how it stands, since when, and what to do.

Pure: takes the registry and the snapshot, gives lines.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from aggregator.facts.record import Record
from aggregator.facts.snapshot import Snapshot
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.words.outcomes import state_of

NEVER = "never fetched"


def overview(registry: Registry, snapshot: Snapshot, *, every: bool = False) -> Iterator[str]:
    """Say how each entry stands.

    Args:
        registry: what members list.
        snapshot: what is known.
        every: list the entries without problems too.
    """
    standing = [(entry, snapshot.record(str(entry.repo))) for entry in registry.projects]
    yield _headline(snapshot, len(standing))
    counts = Counter(_outcome(record) for _, record in standing)
    yield from (f"  {number:>5,}  {name}" for name, number in sorted(counts.items()))
    if snapshot.notice:
        yield f"notice: {snapshot.notice}"
    for entry, record in sorted(standing, key=lambda pair: pair[0].repo.key):
        if every or record is None or record.message or not record.outcome.answered:
            yield from _told(entry, record)


def _headline(snapshot: Snapshot, listed: int) -> str:
    fresh = snapshot.freshness
    known = (
        f"facts of {fresh.current:,} of {fresh.total:,} confirmed on {fresh.newest:%Y-%m-%d}, "
        f"the oldest on {fresh.oldest:%Y-%m-%d}; "
        if fresh.oldest != fresh.newest
        else ""
    )
    last = _moment(snapshot.fetched_at)
    entries = f"{listed:,} {'entry' if listed == 1 else 'entries'}"
    return f"{entries}; {known}GitHub last confirmed anything on {last}"


def _outcome(record: Record | None) -> str:
    if record is None:
        return NEVER
    return state_of(record.outcome, record.ever_found).replace("_", " ")


def _told(entry: Entry, record: Record | None) -> Iterator[str]:
    if record is None:
        yield f"{entry.repo}: {NEVER}"
        return
    confirmed = _moment(record.last_succeeded)
    yield f"{entry.repo}: {_outcome(record)} since {_moment(record.since)}, confirmed {confirmed}"
    if record.message:
        yield f"    {record.message}"
    if record.cure:
        yield f"    what helps: {record.cure}"


def _moment(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC" if when else "no day yet"
