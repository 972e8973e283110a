"""The network half of a run, composed: ask, keep each batch, note what changed, report.

    fetch(entries, source, snapshot) --batch--> compare --> store.write --> ... --> store.finish

Nothing is judged here: what a look means is decided in `fetch`, what changed in
`catalogue.changes`. The picture of the whole is in `pipeline`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from itertools import chain

from aggregator.catalogue.changes import compare, removed
from aggregator.facts.protocol import Source, Target, Trouble, TroubleKind
from aggregator.facts.record import Record
from aggregator.facts.snapshot import Change, ChangeKind, Day, Snapshot
from aggregator.fetch.conversation import Budget, Clock
from aggregator.fetch.run import Fetch, Terms, fetch
from aggregator.fetch.state import Batch, EntryStep, Progress
from aggregator.github.opening import Endpoint, open_source
from aggregator.registry.registry import Registry
from aggregator.run.clock import judge_clock, mended
from aggregator.run.guard import STRICT, Community, Guard
from aggregator.run.report import Report
from aggregator.run.workspace import Workspace
from aggregator.store.store import Store, open_store
from aggregator.words.errors import StateError
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import CURE, Fault, attempt

# Looks after which it is open which repository a new entry is.
_SAYS_NOT_WHO = frozenset({Outcome.UNREACHABLE, Outcome.SKIPPED, Outcome.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class Network:
    """Which GitHub to ask, how long, and who watches."""

    endpoint: Endpoint
    clock: Clock
    seconds: float
    watcher: Callable[[Progress], None]


def fetch_facts(
    workspace: Workspace, registry: Registry, network: Network, guard: Guard = STRICT
) -> Report:
    """Ask GitHub about every entry and keep what it says.

    Raises:
        StateError: another run is at work, or the catalogue cannot be used or is not ours.
        SourceError: the clock of this machine is wrong; nothing was written.
        PublishError: the registry lost so many entries that it looks like an accident.
    """
    terms = terms_of(registry, network, network.clock.now(), guard)
    with (
        open_store(workspace.database) as store,
        open_source(network.endpoint, workspace.cache, network.clock.now) as source,
    ):
        ours = checked_owner(workspace, registry, guard, store.read())
        return update(newest_first(registry), source, store, terms, ours)


def terms_of(registry: Registry, network: Network, now: datetime, guard: Guard) -> Terms:
    """Say what a run is bound by that carries one moment and asks this network."""
    share = 1.0 if guard.accept_losses else registry.showcase.vanish_limit_percent / 100
    hidden = frozenset(entry.repo.key for entry in registry.projects if entry.readme != "show")
    return Terms(now, Budget(network.seconds, share), network.clock, network.watcher, hidden)


def newest_first(registry: Registry) -> list[str]:
    """List the entries by name; those added last come first: they matter most in a short time."""
    newest = sorted(registry.projects, key=lambda entry: entry.added or date.min, reverse=True)
    return [str(entry.repo) for entry in newest]


def checked_owner(
    workspace: Workspace, registry: Registry, guard: Guard, known: Snapshot
) -> Community:
    """Say whose catalogue this is from now on.

    Raises StateError when it is not ours, and PublishError for a registry that lost too much.
    """
    guard.refuse_stranger(known, registry, str(workspace.database))
    guard.refuse_losses(known, registry)
    previous = guard.last_proof(workspace.proofs, registry, known)
    ours = guard.community(registry, known)
    identity = ours.identity or (previous.community if previous else None) or guard.newcomer
    return replace(ours, identity=identity)


def update(
    entries: Sequence[str],
    source: Source,
    store: Store,
    terms: Terms,
    ours: Community = Community(),  # noqa: B008 - frozen
) -> Report:
    """Ask GitHub about every entry, newest first, and keep what it says, batch by batch.

    The catalogue says from now on that it is `ours`. A run stopped by hand keeps all batches. Where
    SourceError tells that the clock of this machine is wrong, nothing was written.
    """
    store.drop_hidden(terms.hidden)  # first: their bytes are not to be taken for stored
    stored = store.read()
    known = mended(stored, terms.now)
    run = fetch(entries, source, with_unlisted(known, store, terms.now), terms)
    clock = run.state.watch.clock
    began = clock.monotonic()
    before = filter(None, map(known.record, entries))
    listed = {number: r.key for r in before if (number := r.repository_id) is not None}
    keeper = _Keeper(source, store, run, listed)
    settled = False
    try:
        for batch in run:
            if not settled:  # GitHub has answered, if it ever will, and nothing is kept yet
                judge_clock(clock.now(), source.spent.server_time, stored.fetched_at)
                if known is not stored:
                    store.replace(known, keep_unlisted=True)
                store.claim(ours.identity, ours.repository_id)
                settled = True
            keeper.keep(batch)
    except KeyboardInterrupt:
        keeper.interrupted = True
        run.ending.stopped = Trouble(TroubleKind.LIMITED, "stopped by hand")
    run.ending.stopped = run.ending.stopped or terms.left_out
    standing = tuple(r for name in entries if (r := run.state.record(name)))
    if settled:  # else nobody knows whether the time is right, and nothing was learnt
        keeper.changes += _finish(store, run, known, standing, keeper.looks)
    return Report(
        now=terms.now,
        seconds=clock.monotonic() - began,
        spent=source.spent,
        ending=run.ending,
        looks=keeper.looks,
        records=standing,
        changes=tuple(keeper.changes),
        interrupted=keeper.interrupted,
        unread=known.unread,
        first_night=not known.changes and not any(r.ever_found for r in known.records.values()),
    )


def with_unlisted(known: Snapshot, store: Store, now: datetime) -> Snapshot:
    """Add what is still known of entries that left the registry: they may be back, or renamed."""
    left = mended(Snapshot(records={r.key: r for r in store.unlisted()}), now).records
    return known.model_copy(update={"records": {**known.records, **left}})


@dataclass(slots=True)
class _Keeper:
    """Puts what a run learns into the store, and collects what is to be reported."""

    source: Source
    store: Store
    run: Fetch
    listed: dict[int, str]  # number of a repository -> key of the entry that lists it
    looks: dict[str, Outcome] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    interrupted: bool = False

    def keep(self, batch: Batch) -> None:
        """Store a batch; one that cannot be stored whole is stored entry by entry."""
        steps = batch.steps
        erased = [s.before for s in steps if s.before and s.before.facts and not s.after.facts]
        if erased:  # first, so that a run that dies here does it again
            self.source.forget([target for record in erased for target in targets_of(record)])
        news = [self._news(step) for step in steps]
        if self._written("a batch", "keeping it", batch, list(chain(*news))):
            for step, found in zip(steps, news, strict=True):
                self._keep_alone(batch, step, found)
        self.looks |= {seen.listed_as: seen.outcome for seen in batch.looks}

    def _news(self, step: EntryStep) -> list[Change]:
        """Compare with before; a repository that another entry lists too is no newcomer."""
        name, now = step.after.listed_as, self.run.state.now
        doing = "comparing it with before"
        found = attempt(name, doing, lambda: compare(step.before, step.after, now))
        if isinstance(found, Fault):
            self.run.ending.faults.append(found)
            return []
        key, number = step.after.key, step.after.repository_id
        return [
            change
            for change in found
            if change.kind is not ChangeKind.ADDED
            or number is None
            or self.listed.setdefault(number, key) == key
        ]

    def _written(self, about: str, doing: str, batch: Batch, news: list[Change]) -> Fault | None:
        """Write a batch with its news, or say why that cannot be done."""
        write = partial(self.store.write, batch.records, batch.readmes, news, batch.moves)
        fault = attempt(about, doing, write)
        if isinstance(fault, Fault):
            return fault
        self.changes += news
        return None

    def _keep_alone(self, batch: Batch, step: EntryStep, news: list[Change]) -> None:
        """Store one entry of a batch with its README; what was known of it stays if that fails."""
        record, state = step.after, self.run.state
        oid = record.readme.oid if record.readme else None
        own = tuple(readme for readme in batch.readmes if readme.oid == oid)
        moves = tuple(move for move in batch.moves if move[1] == record.key)
        doing = "keeping what GitHub said of it"
        fault = self._written(record.listed_as, doing, Batch((step,), own, moves), news)
        if fault is None:
            return
        state.stored -= {readme.oid for readme in own}
        instead = partial(self.store.write, [state.not_kept(step, fault)])
        again = attempt(record.listed_as, "keeping what was known of it", instead)
        if isinstance(again, Fault) and step.seen.erases:
            # What must go would stay: nobody may publish the catalogue before somebody has looked.
            raise StateError(f"{record.listed_as} cannot be erased", again.message, CURE)


def _finish(
    store: Store,
    run: Fetch,
    known: Snapshot,
    standing: tuple[Record, ...],
    looks: Mapping[str, Outcome],
) -> list[Change]:
    """Note who left the registry, the numbers of the day, and what must be looked at."""
    state, entries, now = run.state, run.entries, run.state.now
    keys = {*(name.casefold() for name in entries), *state.heirs}
    # Entries that may be any repository, because GitHub has not said yet which.
    unknown = [
        name
        for name in entries
        if (record := state.record(name)) is None
        or (record.identity is None and record.outcome in _SAYS_NOT_WHO)
    ]
    gone = [record for record in known.records.values() if record.key not in keys]
    held = [record for record in gone if _may_be_one_of(record, unknown)]
    left = [removed(record, now) for record in gone if record not in held]
    confirmed = any(record.last_succeeded == now for record in standing)
    # Where GitHub judged every entry, a showcase with nothing left has a day too.
    judged_all = run.ending.stopped is None and not any(o.inconclusive for o in looks.values())
    suspicious = run.ending.suspicious
    store.finish(
        # What took over may not be stored yet, when the run was stopped.
        [*entries, *(record.key for record in held), *state.heirs],
        now,
        left,
        day=_day_of(standing, now) if confirmed or judged_all else None,
        notice=suspicious if confirmed or suspicious else known.notice,
    )
    return left


def _names_of(record: Record) -> set[str]:
    today = {record.identity.name_with_owner} if record.identity else set()
    return {record.listed_as, *record.former_names, *today}


def _may_be_one_of(record: Record, unknown: Iterable[str]) -> bool:
    """Tell whether an entry that left may be listed under a new name that is not answered yet.

    A rename keeps the owner and a transfer the name. Until it is known, the entry has not left.
    """
    parts = [name.casefold().partition("/") for name in _names_of(record)]
    owners, repositories = {part[0] for part in parts}, {part[2] for part in parts}
    asked = [name.casefold().partition("/") for name in unknown]
    return any(owner in owners or name in repositories for owner, _, name in asked)


def targets_of(record: Record) -> list[Target]:
    """Name all that cached answers about a repository may be kept under."""
    return [Target(name, record.repository_id) for name in sorted(_names_of(record))]


def _day_of(records: Sequence[Record], now: datetime) -> Day:
    """Sum up the showcase for its history; what is not known counts as nothing."""
    facts = [record.facts for record in records if record.facts]
    issues = [f.counts.open_issues for f in facts if f.counts and f.counts.open_issues is not None]
    first = [f.counts.good_first_issues for f in facts if f.counts]
    return Day(
        date=now.date(),
        listed=len(records),
        answering=sum(record.outcome.answered for record in records),
        archived=sum(f.glance.archived for f in facts),
        stars=sum(f.glance.stars or 0 for f in facts),
        forks=sum(f.glance.forks or 0 for f in facts),
        open_issues=sum(issues) if issues else None,
        good_first_issues=sum(n for n in first if n is not None) if any(first) else None,
    )
