"""One run over the registry, from the first question to the last judgement.

    entries --by_name--> answered ----------------+--> details (due, and tonight's rotation)
               |                                  |       --> READMEs (bytes not stored yet)
               +--lost--> by_id --> answered -----+              --> contributors (a few)
                            |
                            +--> vanished: judged last, confirmed once more, believed when few

    each arrow:  items --Conversation.ask--> Answer --Decider--> Observation --State--> Batch

Without a token a wave is one repository, carried through all passes before the next, so that the
few requests of an hour give whole entries; with a token there is one wave of all. What is decided
on the way stands in ``decider``; how patiently GitHub is asked, in ``conversation``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.facts.protocol import (
    AbsenceKind,
    Answer,
    Depth,
    Fetched,
    Source,
    Target,
    Trouble,
    TroubleKind,
)
from aggregator.facts.record import Observation, Record
from aggregator.facts.repository import Basis, Contributors, Glance
from aggregator.facts.snapshot import Snapshot
from aggregator.fetch.conversation import Budget, Clock, Conversation, Stopwatch, ticking_from
from aggregator.fetch.decider import Decider, details_of
from aggregator.fetch.state import Batch, Ending, Progress, State, departed_from
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import Fault, attempt

_MOST_CONFIRMATIONS = 20  # requests of the REST purse; the others keep what GraphQL said
_Lost = dict[str, Glance | None]  # entries not found by name, with whoever has the name now


def _silent(_: Progress) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a run is bound by, and who watches it."""

    now: datetime
    budget: Budget = field(default_factory=Budget)
    clock: Clock | None = None  # None: goes on from ``now``
    progress: Callable[[Progress], None] = _silent
    hidden: frozenset[str] = frozenset()  # keys of entries whose READMEs are not asked for


@dataclass(slots=True)
class Fetch:
    """A run that can be taken batch by batch; ``ending`` is complete after the last one."""

    state: State
    entries: Sequence[str]

    @property
    def ending(self) -> Ending:
        """Return how the run went."""
        return self.state.ending

    def __iter__(self) -> Iterator[Batch]:
        """Yield each batch as soon as GitHub answered it."""
        state = self.state
        ordered = state.decide.in_order(self.entries, state.records)
        wave = state.source.sizes.wave or max(1, len(ordered))
        for start in range(0, len(ordered), wave):
            if state.talk.stopped:
                break
            yield from _wave(state, ordered[start : start + wave])
        if state.source.sizes.rotates:
            yield from _contributors(state, ordered)
        # Last, when it is known how many: a bad night must not erase anything on the way.
        yield from _vanished(state)
        state.ending.stopped = state.talk.stopped
        yield _not_reached(state, ordered)


def fetch(entries: Sequence[str], source: Source, known: Snapshot, terms: Terms) -> Fetch:
    """Ask GitHub about every entry, as far as the budget goes.

    Args:
        entries: Registry names, newest first; those never asked before come first in any case.
        source: Answers the questions.
        known: What earlier runs found out, of entries that left the registry as well: when one of
            today's turns out to be the same repository, it goes on with their past.
        terms: The time, the budget, and who watches.

    Returns:
        Batches to iterate over and store one by one; whatever was taken stays true when the
        process dies.
    """
    watch = Stopwatch(terms.budget, terms.clock or ticking_from(terms.now))
    state = State(
        source=source,
        decide=Decider(terms.now, source.sizes, terms.budget, len(entries), terms.hidden),
        talk=Conversation(watch, lambda: source.spent),
        watch=watch,
        report=terms.progress,
        known=known.records,
        records=dict(known.records),
        stored=set(known.readmes),
        departed=departed_from(known.records.values(), entries),
    )
    state.inherit_known_moves(entries)
    return Fetch(state, entries)


def _wave(state: State, entries: Sequence[str]) -> Iterator[Batch]:
    lost: _Lost = {}
    yield from _by_name(state, entries, lost)
    yield from _by_id(state, lost)
    yield from _details(state, entries)
    yield from _readmes(state, entries)
    yield state.apply(_earlier_readmes(state, entries))


def _by_name(state: State, entries: Sequence[str], lost: _Lost) -> Iterator[Batch]:
    """Pass 1: ask every entry by name; fill ``lost`` with those to look for by id."""
    targets = {name: Target(name) for name in entries}
    sizes = state.source.sizes
    for answer in state.talk.ask(targets, state.source.glance, sizes.glance):
        yield state.apply([*_found_by_name(state, answer, lost), *_unfound(state, answer)])
        state.progress("repositories", len(state.reached), state.decide.listed)


def _found_by_name(state: State, answer: Answer[Glance], lost: _Lost) -> Iterator[Observation]:
    for name, glance in answer.found.items():
        known = state.identity(name)
        # The number decides who it is, not the name.
        same = known is None or known.repository_id == glance.repository_id
        if same or glance.repository_id in state.departed:
            yield state.seen(name, glance)
        else:
            lost[name] = glance
    for name, why in answer.absent.items():
        if why.kind is AbsenceKind.NOT_FOUND and state.identity(name):
            lost[name] = None
        else:
            yield state.absent(name, why)


def _unfound(state: State, answer: Answer[Glance]) -> list[Observation]:
    """Judge the entries at which this program or GitHub failed."""
    faulted = [state.faulted(name, fault) for name, fault in answer.faults.items()]
    return faulted + state.failed(answer.given_up, answer.trouble)


def _by_id(state: State, lost: _Lost) -> Iterator[Batch]:
    """Look by id for entries that their name no longer finds; note those that vanished."""
    targets = {
        name: Target(name, identity.repository_id, identity.node_id)
        for name in lost
        if (identity := state.identity(name))
    }
    sizes = state.source.sizes
    for answer in state.talk.ask(targets, state.source.glance_by_id, sizes.glance):
        seen = [
            state.decide.reused(name, glance) if lost[name] else state.seen(name, glance)
            for name, glance in answer.found.items()
        ]
        seen += _not_found_by_id(state, answer, lost)
        yield state.apply([*seen, *_unfound(state, answer)])


def _not_found_by_id(state: State, answer: Answer[Glance], lost: _Lost) -> Iterator[Observation]:
    for name, why in answer.absent.items():
        successor, known = lost[name], state.identity(name)
        if why.kind is not AbsenceKind.NOT_FOUND:
            yield state.absent(name, why)
        elif successor is None:
            state.vanished.append(state.absent(name, why))
        elif known and known.owner_id is not None and known.owner_id == successor.owner_id:
            yield state.seen(name, successor)  # deleted and made anew by the same account
        else:
            state.vanished.append(state.decide.reused(name, None))


def _details(state: State, entries: Sequence[str]) -> Iterator[Batch]:
    """Pass 2: details of what is new or changed, and of tonight's share of the rest."""
    records: dict[str, list[Record]] = defaultdict(list)
    glances: dict[str, Glance] = {}
    for record in state.decide.due(state.live(entries)):
        if record.facts:
            name = record.facts.glance.name_with_owner
            records[name].append(record)
            glances.setdefault(name, record.facts.glance)
    done = 0
    for answer in state.talk.ask(glances, state.source.depth, state.source.sizes.depth):
        done += len(answer.found) + len(answer.absent) + len(answer.faults)
        yield state.apply(list(_deepened(state, answer, records)))
        state.progress("details", done, len(glances))
    state.ending.details_waiting += len(glances) - done


def _deepened(
    state: State, answer: Answer[Depth], records: Mapping[str, list[Record]]
) -> Iterator[Observation]:
    for name, depth in answer.found.items():
        told = {block: getattr(depth, block) for block in ("details", "counts", "contributors")}
        for record in records[name]:
            yield state.decide.again(record).model_copy(update=told)
    for name, fault in answer.faults.items():
        for record in records[name]:
            yield state.faulted(record.listed_as, fault)
    for name, why in answer.absent.items():
        for record in records[name] if why.kind is AbsenceKind.EMPTY else ():
            if record.facts:  # GitHub refuses to list files because there are none
                glance = record.facts.glance.model_copy(update={"empty": True})
                yield state.decide.seen(record.listed_as, glance, news=False)


def _readmes(state: State, entries: Sequence[str]) -> Iterator[Batch]:
    """Pass 3: the bytes of README blobs that are to be shown and not stored yet."""
    live = [record for record in state.live(entries) if state.decide.shows_readme(record)]
    wanted = state.decide.missing_readmes(live, state.stored)
    sharing: dict[str, list[str]] = defaultdict(list)  # forks share a README
    for record in live:
        if (details := details_of(record)) and details.readme:
            sharing[details.readme.oid].append(record.key)
    done = 0
    # Packed here and not by the conversation: READMEs are bounded by their bytes as well.
    for pack in state.decide.packed(wanted):
        items = {item.target.name: item for item in pack}
        for answer in state.talk.ask(items, state.source.readmes, len(pack)):
            done += len(answer.found) + len(answer.faults)
            seen = [
                noted
                for fetched in answer.found.values()
                for key in sharing[fetched.readme.oid]
                if (noted := _with_encoding(state, key, fetched))
            ]
            seen += [
                state.faulted(state.records[key].listed_as, fault)
                for name, fault in answer.faults.items()
                for key in sharing[items[name].blob.oid]
            ]
            yield state.apply(seen, [fetched.readme for fetched in answer.found.values()])
            state.progress("READMEs", done, len(wanted))
    state.ending.readmes_waiting += len(wanted) - done


def _with_encoding(state: State, key: str, fetched: Fetched) -> Observation | None:
    """Note in a record which encoding its README was found to have."""
    record = state.records[key]
    details = details_of(record)
    if details is None or details.readme is None:
        return None
    blob = details.readme.model_copy(update={"encoding": fetched.encoding})
    update = {"details": details.model_copy(update={"readme": blob})}
    return state.decide.again(record).model_copy(update=update)


def _earlier_readmes(state: State, entries: Sequence[str]) -> Iterator[Observation]:
    """Go on showing the README before, where the bytes of a new one did not come.

    Without a basis the details are due again, so the next run asks for the new one.
    """
    for record in filter(state.decide.shows_readme, state.live(entries)):
        details, before = details_of(record), state.known.get(record.key)
        if details is None or details.readme is None or details.readme.oid in state.stored:
            continue
        earlier = details_of(before) if before and _is_same(before, record) else None
        if earlier and earlier.readme and earlier.readme.oid in state.stored:
            update = {"readme": earlier.readme, "basis": Basis()}
            kept = details.model_copy(update=update)
            yield state.decide.again(record).model_copy(update={"details": kept})


def _is_same(before: Record, record: Record) -> bool:
    ids = [r.identity.repository_id for r in (before, record) if r.identity]
    return len(set(ids)) == 1


def _contributors(state: State, entries: Sequence[str]) -> Iterator[Batch]:
    """Count the contributors of a few repositories over REST, while requests can be spared."""
    chosen = state.decide.lacking_people(state.live(entries))
    records = {r.facts.glance.name_with_owner: r for r in chosen if r.facts}
    glances = {name: record.facts.glance for name, record in records.items() if record.facts}

    def call(batch: Sequence[Glance]) -> Answer[Contributors]:
        return state.source.contributors(batch[0])

    for answer in state.talk.ask(glances, call, 1):
        counted = [
            state.decide.again(records[name]).model_copy(update={"contributors": people})
            for name, people in answer.found.items()
        ]
        failed = [
            state.faulted(records[name].listed_as, fault) for name, fault in answer.faults.items()
        ]
        yield state.apply([*counted, *failed])


def _vanished(state: State) -> Iterator[Batch]:
    """Judge the vanished last of all; in a suspicious run they are kept instead.

    An empty repository list, a token of the wrong account or a fault at GitHub look exactly like
    everybody deleting everything, so a run in which many vanish erases nothing.
    """
    news = [seen for seen in state.vanished if _has_facts(state.record(seen.listed_as))]
    asked = sum(_has_facts(state.records.get(key)) for key in state.reached) + len(news)
    why = state.decide.suspicion(len(news), asked)
    state.ending.vanished, state.ending.suspicious = len(news), why
    if why:
        yield state.apply([state.decide.held(s, why) if s in news else s for s in state.vanished])
        return
    worth_it = [seen for seen in news[:_MOST_CONFIRMATIONS] if seen.outcome is Outcome.GONE]
    yield state.apply([_confirmed(state, s) if s in worth_it else s for s in state.vanished])


def _has_facts(record: Record | None) -> bool:
    return record is not None and record.facts is not None


def _confirmed(state: State, seen: Observation) -> Observation:
    """Ask once more over REST, which tells 404 from 451 and from a closed door."""
    if not state.source.sizes.rotates or state.talk.stopped:
        return seen
    name = seen.listed_as
    answer = attempt(
        name, "asking GitHub again", lambda: state.source.confirm_absence(Target(name))
    )
    if isinstance(answer, Fault):
        return state.faulted(name, answer)
    if fault := answer.faults.get(name):
        return state.faulted(name, fault)
    if why := answer.absent.get(name):
        return state.absent(name, why)
    if glance := answer.found.get(name):
        return state.seen(name, glance)
    return state.failed([name], answer.trouble)[0]


def _not_reached(state: State, entries: Iterable[str]) -> Batch:
    """Say of every entry that was left out why it was."""
    silence = Trouble(TroubleKind.LIMITED, "the run ended before its turn")
    judged = state.reached | {seen.listed_as.casefold() for seen in state.vanished}
    left = [name for name in entries if name.casefold() not in judged]
    return state.apply(state.failed(left, state.ending.stopped or silence))
