"""The network half of a run, composed: ask, keep each batch, note what changed, report.

    fetch(entries, source, snapshot) --batch--> compare --> store.write --> ... --> store.finish

Called by ``pipeline`` and ``cli``, which bring the source, the store and the time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from aggregator.catalogue.changes import compare, removed
from aggregator.facts.protocol import Source, Target, Trouble, TroubleKind
from aggregator.facts.record import Record
from aggregator.facts.snapshot import Change, ChangeKind, Day, Snapshot
from aggregator.fetch.run import Fetch, Terms, fetch
from aggregator.fetch.state import Batch, State, Step
from aggregator.run.clock import judge_clock, mended
from aggregator.run.community import Community
from aggregator.run.report import Report
from aggregator.store.store import Store
from aggregator.words.errors import StateError
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import CURE, Fault, attempt

# Looks after which it is open which repository a new entry is.
_SAYS_NOT_WHO = frozenset({Outcome.UNREACHABLE, Outcome.SKIPPED, Outcome.FORBIDDEN})


@dataclass(slots=True)
class _Tally:
    """What is collected on the way."""

    looks: dict[str, Outcome] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    listed: dict[int, str] = field(default_factory=dict)  # number of a repository -> key
    settled: bool = False  # the clock was judged, so that something may be written


def update(
    entries: Sequence[str],
    source: Source,
    store: Store,
    terms: Terms,
    ours: Community = Community(),  # noqa: B008 - frozen
) -> Report:
    """Ask GitHub about every entry and keep what it says, batch by batch.

    Args:
        entries: Registry names, newest first.
        source: From ``aggregator.github.open_source``.
        store: From ``aggregator.store.open_store``.
        terms: The time, the budget, who watches, and whose READMEs members hid.
        ours: Whose catalogue this is; it says so from now on.

    Returns:
        The report; a run stopped by hand is reported as interrupted, with all batches kept.

    Raises:
        SourceError: The clock of this machine is wrong; nothing was written.
    """
    store.drop_hidden(terms.hidden)  # first: their bytes are not to be taken for stored
    stored = store.read()
    known = mended(stored, terms.now)
    run = fetch(entries, source, _with_unlisted(known, store, terms.now), terms)
    tally = _Tally(listed=_numbers(known, entries))
    clock = run.state.watch.clock
    began = clock.monotonic()
    interrupted = False
    try:
        for batch in run:
            if not tally.settled:  # GitHub has answered, if it ever will, and nothing is kept yet
                judge_clock(clock.now(), source.spent.server_time, stored.fetched_at)
                _settle(store, ours, known if known is not stored else None)
                tally.settled = True
            _keep(batch, source, store, run, tally)
    except KeyboardInterrupt:
        interrupted = True
        run.ending.stopped = Trouble(TroubleKind.LIMITED, "stopped by hand")
    standing = _standing(run, entries)
    if tally.settled:  # else nobody knows whether the time is right, and nothing was learnt
        _finish(run, entries, store, known, tally)
    return Report(
        now=terms.now,
        seconds=clock.monotonic() - began,
        spent=source.spent,
        ending=run.ending,
        looks=tally.looks,
        records=standing,
        changes=tuple(tally.changes),
        interrupted=interrupted,
        unread=known.unread,
        first_night=not known.changes and not any(r.ever_found for r in known.records.values()),
        found_keys=frozenset(record.key for record in standing if record.ever_found),
    )


def _finish(
    run: Fetch, entries: Sequence[str], store: Store, known: Snapshot, tally: _Tally
) -> None:
    """Note who left the registry, the numbers of the day, and what must be looked at."""
    now = run.state.now
    standing = _standing(run, entries)
    keys = _keys(entries)
    gone = [r for r in known.records.values() if r.key not in {*keys, *run.state.heirs}]
    held = [r for r in gone if _may_be_one_of(r, _unknown(run, entries))]
    left = [removed(r, now) for r in gone if r not in held]
    tally.changes += left
    confirmed = any(record.last_succeeded == now for record in standing)
    suspicious = run.ending.suspicious
    store.finish(
        # What took over may not be stored yet, when the run was stopped.
        [*entries, *(record.key for record in held), *run.state.heirs],
        now,
        left,
        day=day_of(standing, now) if confirmed or _judged_all(run, tally) else None,
        notice=suspicious if confirmed or suspicious else known.notice,
    )


def _settle(store: Store, ours: Community, healed: Snapshot | None) -> None:
    """Put dates right that a wrong clock wrote, and note whose catalogue this is."""
    if healed is not None:
        store.replace(healed, keep_unlisted=True)
    store.claim(ours.identity, ours.repository_id)


def _judged_all(run: Fetch, tally: _Tally) -> bool:
    """Tell whether GitHub judged every entry, so that a showcase with nothing left has a day."""
    return run.ending.stopped is None and not any(o.inconclusive for o in tally.looks.values())


def _with_unlisted(known: Snapshot, store: Store, now: datetime) -> Snapshot:
    """Add what is still known of entries that left the registry: they may be back, or renamed."""
    left = mended(Snapshot(records={r.key: r for r in store.unlisted()}), now).records
    return known.model_copy(update={"records": {**known.records, **left}})


def _numbers(known: Snapshot, entries: Sequence[str]) -> dict[int, str]:
    records = (known.record(name) for name in entries)
    return {r.identity.repository_id: r.key for r in records if r and r.identity}


def _unknown(run: Fetch, entries: Sequence[str]) -> list[str]:
    """List entries that may be any repository, because GitHub has not said yet which."""
    found = ((name, run.state.record(name)) for name in entries)
    return [
        name
        for name, record in found
        if record is None or (record.identity is None and record.outcome in _SAYS_NOT_WHO)
    ]


def _may_be_one_of(record: Record, unknown: Iterable[str]) -> bool:
    """Tell whether an entry that left may be listed under a new name that is not answered yet.

    A rename keeps the owner and a transfer the name. Until it is known, the entry has not left.
    """
    names = [record.listed_as, *record.former_names]
    names += [record.identity.name_with_owner] if record.identity else []
    parts = [name.casefold().partition("/") for name in names]
    owners, repositories = {part[0] for part in parts}, {part[2] for part in parts}
    asked = [name.casefold().partition("/") for name in unknown]
    return any(owner in owners or name in repositories for owner, _, name in asked)


def _keep(batch: Batch, source: Source, store: Store, run: Fetch, tally: _Tally) -> None:
    erased = [s.before for s in batch.steps if s.before and s.before.facts and not s.after.facts]
    if erased:  # first, so that a run that dies here does it again
        source.forget([target for record in erased for target in _targets(record)])
    tally.changes += _stored(batch, store, run, tally)
    tally.looks |= {seen.listed_as: seen.outcome for seen in batch.looks}


def _stored(batch: Batch, store: Store, run: Fetch, tally: _Tally) -> list[Change]:
    """Store a batch, and give the news in it; one that cannot be stored costs only itself."""
    state = run.state
    news: list[list[Change]] = []
    for step in batch.steps:
        found = attempt(
            step.after.listed_as, "comparing it with before", partial(_news, step, state, tally)
        )
        if isinstance(found, Fault):
            state.ending.faults.append(found)
            found = []
        news.append(found)
    changes = [change for some in news for change in some]
    write = partial(store.write, batch.records, batch.readmes, changes, batch.moves)
    if not isinstance(attempt("a batch", "keeping it", write), Fault):
        return changes
    kept = [_stored_alone(batch, place, news[place], store, state) for place in range(len(news))]
    return [change for some in kept for change in some]


def _news(step: Step, state: State, tally: _Tally) -> list[Change]:
    return [
        change
        for change in compare(step.before, step.after, state.now)
        if not (change.kind is ChangeKind.ADDED and _listed_already(step.after, tally))
    ]


def _listed_already(record: Record, tally: _Tally) -> bool:
    """Tell whether another entry lists the same repository, which then is no newcomer."""
    identity = record.identity
    return bool(
        identity and tally.listed.setdefault(identity.repository_id, record.key) != record.key
    )


def _stored_alone(
    batch: Batch, place: int, changes: list[Change], store: Store, state: State
) -> list[Change]:
    """Store one entry of a batch with its README; what was known of it stays if that fails."""
    record = batch.steps[place].after
    details = record.facts.details if record.facts else None
    oid = details.readme.oid if details and details.readme else None
    own = [readme for readme in batch.readmes if readme.oid == oid]
    moves = [move for move in batch.moves if move[1] == record.key]
    write = partial(store.write, [record], own, changes, moves)
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
    names = {record.listed_as, *record.former_names}
    names |= {record.identity.name_with_owner} if record.identity else set()
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
