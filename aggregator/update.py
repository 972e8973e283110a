"""The network half of a run, composed: ask, keep each batch, note what changed, report.

    fetch(entries, source, snapshot) --batch--> compare --> store.write --> ... --> store.finish

Called by ``pipeline`` and ``cli``, which bring the source, the store and the time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from aggregator.changes import compare, removed
from aggregator.errors import StateError
from aggregator.facts import Change, Day, Outcome, Record, Snapshot
from aggregator.fetch import Batch, Fetch, State, Step, Terms, fetch
from aggregator.report import Report
from aggregator.source import Source, Target, Trouble, TroubleKind
from aggregator.store import Store
from aggregator.wall import CURE, Fault, attempt


@dataclass(slots=True)
class _Tally:
    """What is collected on the way."""

    looks: dict[str, Outcome] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)


def update(entries: Sequence[str], source: Source, store: Store, terms: Terms) -> Report:
    """Ask GitHub about every entry and keep what it says, batch by batch.

    Args:
        entries: Registry names, newest first.
        source: From ``aggregator.github.open_source``.
        store: From ``aggregator.store.open_store``.
        terms: The time, the budget, and who watches.

    Returns:
        The report; a run stopped by hand is reported as interrupted, with all batches kept.
    """
    known = store.read()
    run, tally = fetch(entries, source, _with_returned(known, store, entries), terms), _Tally()
    clock = run.state.watch.clock
    began = clock.monotonic()
    interrupted = False
    try:
        for batch in run:
            _keep(batch, source, store, run, tally)
    except KeyboardInterrupt:
        interrupted = True
        run.ending.stopped = Trouble(TroubleKind.LIMITED, "stopped by hand")
    standing = _standing(run, entries)
    keys = _keys(entries)
    left = [removed(r, terms.now) for key, r in known.records.items() if key not in keys]
    tally.changes += left
    confirmed = any(record.last_succeeded == terms.now for record in standing)
    suspicious = run.ending.suspicious
    store.finish(
        entries,
        terms.now,
        left,
        day=day_of(standing, terms.now) if confirmed or _settled(run, tally) else None,
        notice=suspicious if confirmed or suspicious else known.notice,
    )
    return Report(
        now=terms.now,
        seconds=clock.monotonic() - began,
        spent=source.spent,
        ending=run.ending,
        looks=tally.looks,
        records=standing,
        changes=tuple(tally.changes),
        interrupted=interrupted,
    )


def _settled(run: Fetch, tally: _Tally) -> bool:
    """Tell whether GitHub judged every entry, so that a showcase with nothing left has a day."""
    return run.ending.stopped is None and not any(o.inconclusive for o in tally.looks.values())


def _with_returned(known: Snapshot, store: Store, entries: Sequence[str]) -> Snapshot:
    """Add what is still known of entries that had left the registry and are back."""
    keys = _keys(entries)
    back = {record.key: record for record in store.unlisted() if record.key in keys}
    return known.model_copy(update={"records": {**known.records, **back}})


def _keep(batch: Batch, source: Source, store: Store, run: Fetch, tally: _Tally) -> None:
    erased = [s.before for s in batch.steps if s.before and s.before.facts and not s.after.facts]
    if erased:  # first, so that a run that dies here does it again
        source.forget([target for record in erased for target in _targets(record)])
    tally.changes += _stored(batch, store, run)
    tally.looks |= {seen.listed_as: seen.outcome for seen in batch.looks}


def _stored(batch: Batch, store: Store, run: Fetch) -> list[Change]:
    """Store a batch, and give the news in it; one that cannot be stored costs only itself."""
    state = run.state
    news: list[list[Change]] = []
    for step in batch.steps:
        found = attempt(
            step.after.listed_as, "comparing it with before", partial(_news, step, state)
        )
        if isinstance(found, Fault):
            state.ending.faults.append(found)
            found = []
        news.append(found)
    changes = [change for some in news for change in some]
    write = partial(store.write, batch.records, batch.readmes, changes)
    if not isinstance(attempt("a batch", "keeping it", write), Fault):
        return changes
    kept = [_stored_alone(batch, place, news[place], store, state) for place in range(len(news))]
    return [change for some in kept for change in some]


def _news(step: Step, state: State) -> list[Change]:
    return list(compare(step.before, step.after, state.now))


def _stored_alone(
    batch: Batch, place: int, changes: list[Change], store: Store, state: State
) -> list[Change]:
    """Store one entry of a batch with its README; what was known of it stays if that fails."""
    record = batch.steps[place].after
    details = record.facts.details if record.facts else None
    oid = details.readme.oid if details and details.readme else None
    own = [readme for readme in batch.readmes if readme.oid == oid]
    write = partial(store.write, [record], own, changes)
    fault = attempt(record.listed_as, "keeping what GitHub said of it", write)
    if not isinstance(fault, Fault):
        return changes
    state.stored -= {readme.oid for readme in own}
    instead = partial(store.write, [state.not_kept(batch.steps[place], fault)])
    again = attempt(record.listed_as, "keeping what was known of it", instead)
    if isinstance(again, Fault) and batch.steps[place].seen.erases:
        # What must go would stay: nobody may publish the catalogue before somebody has looked.
        raise StateError(f"{record.listed_as} cannot be erased", again.message, CURE)
    return []


def _targets(record: Record) -> list[Target]:
    number = record.identity.repository_id if record.identity else None
    names = {record.listed_as, record.identity.name_with_owner if record.identity else ""} - {""}
    return [Target(name, number) for name in sorted(names)]


def _standing(run: Fetch, entries: Sequence[str]) -> tuple[Record, ...]:
    found = (run.state.record(name) for name in entries)
    return tuple(record for record in found if record is not None)


def _keys(entries: Iterable[str]) -> set[str]:
    return {name.casefold() for name in entries}


def day_of(records: Iterable[Record], now: datetime) -> Day:
    """Sum up the showcase for its history; what is not known counts as nothing."""
    found = list(records)
    facts = [record.facts for record in found if record.facts]
    issues = [f.counts.open_issues for f in facts if f.counts and f.counts.open_issues is not None]
    first = [f.counts.good_first_issues for f in facts if f.counts]
    return Day(
        date=now.date(),
        listed=len(found),
        answering=sum(record.outcome.answered for record in found),
        archived=sum(f.glance.archived for f in facts),
        stars=sum(f.glance.stars or 0 for f in facts),
        forks=sum(f.glance.forks or 0 for f in facts),
        open_issues=sum(issues) if issues else None,
        good_first_issues=sum(n for n in first if n is not None) if any(first) else None,
    )
