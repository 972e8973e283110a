"""One run over the registry, from the first question to the last judgement.

    entries --by_name--> answered ----------------+--> details (due, and tonight's rotation),
               |                                  |    each batch with its READMEs
               +--lost--> by_id --> answered -----+       --> contributors (a few)
                            |
                            +--> vanished: judged last, confirmed once more, believed when few

    each arrow:  items --Conversation.ask--> Answer --Decider--> Observation --State--> Batch

Without a token a wave is one repository, carried through all passes before the next, so that the
few requests of an hour give whole entries; with a token there is one wave of all. What is decided
on the way stands in ``decider``; how patiently GitHub is asked, in ``conversation``.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from aggregator.facts.protocol import (
    SILENCE,
    Answer,
    Depth,
    Source,
    Target,
    Trouble,
    TroubleKind,
)
from aggregator.facts.record import Observation, ReadmeText, Record
from aggregator.facts.repository import Basis, Contributors, Glance
from aggregator.facts.snapshot import Snapshot
from aggregator.fetch.conversation import (
    Budget,
    Clock,
    Conversation,
    Stopwatch,
    in_packs,
    ticking_from,
)
from aggregator.fetch.decider import Decider
from aggregator.fetch.state import Batch, Ending, Progress, State, departed_from
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import Fault, attempt

_MOST_CONFIRMATIONS = 20  # requests of the REST purse; the others keep what GraphQL said
AnswerT = TypeVar("AnswerT")
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
    only: Container[str] | None = None  # keys of the entries to ask about; others do the rest
    left_out: Trouble | None = None  # why the source knows less than GitHub does, if it does


@dataclass(slots=True)
class Fetch:
    """A run that can be taken batch by batch; ``ending`` is complete after the last one."""

    state: State
    entries: Sequence[str]  # to ask about

    @property
    def ending(self) -> Ending:
        """Return how the run went."""
        return self.state.ending

    def __iter__(self) -> Iterator[Batch]:
        """Yield each batch as soon as GitHub answered it."""
        try:
            yield from self._batches()
        finally:
            self.state.talk.close()

    def _batches(self) -> Iterator[Batch]:
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
        entries: All registry names, newest first; those never asked before come first in any case.
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
    state.turn = state.decide.turn(filter(None, map(state.record, entries)))
    only = terms.only
    return Fetch(state, [n for n in entries if only is None or n.casefold() in only])


def _wave(state: State, entries: Sequence[str]) -> Iterator[Batch]:
    lost: _Lost = {}
    yield from _by_name(state, entries, lost)
    yield from _by_id(state, lost)
    yield from _details(state, entries)
    yield from _readmes(state, entries)  # those that an earlier run did not get to
    missing = state.decide.missing_readmes(_shown(state, entries), state.stored)
    state.ending.readmes_waiting += sum(map(len, missing))
    yield state.apply(_earlier_readmes(state, entries))


def _by_name(state: State, entries: Sequence[str], lost: _Lost) -> Iterator[Batch]:
    """Pass 1: ask every entry by name; fill ``lost`` with those to look for by id."""
    targets = {name: Target(name) for name in entries}
    packs = in_packs(targets, state.source.sizes.glance)
    ahead = state.decide.looks_ahead(filter(None, map(state.record, entries)), len(targets))
    for answer in state.talk.ask(packs, state.source.glance, ahead):
        yield state.apply(_found_by_name(state, answer, lost))
        state.progress("repositories", len(state.reached), state.decide.listed)


def _found_by_name(state: State, answer: Answer[Glance], lost: _Lost) -> Iterator[Observation]:
    for name, said in answer.said.items():
        known = state.identity(name)
        if isinstance(said, Glance):
            # The number decides who it is, not the name.
            same = known is None or known.repository_id == said.repository_id
            if same or said.repository_id in state.departed:
                yield state.seen(name, said)
            else:
                lost[name] = said
        elif known and said is Outcome.GONE:
            lost[name] = None
        else:
            yield state.unseen(name, said)


def _by_id(state: State, lost: _Lost) -> Iterator[Batch]:
    """Look by id for entries that their name no longer finds; note those that vanished."""
    targets = {
        name: Target(name, identity.repository_id, identity.node_id)
        for name in lost
        if (identity := state.identity(name))
    }
    packs = in_packs(targets, state.source.sizes.glance)
    for answer in state.talk.ask(packs, state.source.glance_by_id):
        yield state.apply(_found_by_id(state, answer, lost))


def _found_by_id(state: State, answer: Answer[Glance], lost: _Lost) -> Iterator[Observation]:
    for name, said in answer.said.items():
        successor, known = lost[name], state.identity(name)
        if isinstance(said, Glance):
            yield state.decide.reused(name, said) if successor else state.seen(name, said)
        elif said is not Outcome.GONE:
            yield state.unseen(name, said)
        elif successor is None:
            state.vanished.append(state.unseen(name, said))
        elif known and known.owner_id is not None and known.owner_id == successor.owner_id:
            yield state.seen(name, successor)  # deleted and made anew by the same account
        else:
            state.vanished.append(state.decide.reused(name, None))


def _details(state: State, entries: Sequence[str]) -> Iterator[Batch]:
    """Pass 2: details of what is new or changed, and of tonight's share of the rest.

    The READMEs of each batch are asked for before the next, so that a run which ends half-way
    leaves whole projects, the newest first.
    """
    due = state.decide.due(state.live(entries), state.turn)
    records: dict[str, list[Record]] = defaultdict(list)
    for record in due:
        if record.facts:
            records[record.facts.glance.name_with_owner].append(record)
    packs = state.decide.packed(state.decide.looks(due, state.stored))
    told = partial(_deepened, state)
    done, ahead = 0, len(packs)
    for answer in state.talk.ask(packs, state.source.depth):
        batch, some = _told(state, answer, records, told)
        done, ahead = done + some, max(0, ahead - 1)
        yield batch
        state.progress("details", done, len(records))
        yield from _readmes(state, [step.after.listed_as for step in batch.steps], ahead)
    state.ending.details_waiting += len(records) - done


def _deepened(state: State, record: Record, said: Depth | Outcome) -> Observation | None:
    if isinstance(said, Depth):
        told = {name: getattr(said.facts, name) for name in ("details", "counts", "contributors")}
        return state.decide.again(record, **told)
    if record.facts is None or said is not Outcome.EMPTY:
        return None
    # GitHub refuses to list files because there are none.
    glance = record.facts.glance.model_copy(update={"empty": True})
    return state.decide.seen(record.listed_as, glance, news=False)


def _readmes(state: State, entries: Sequence[str], ahead: int = 0) -> Iterator[Batch]:
    """Ask for the bytes of README blobs that are to be shown and not stored yet."""
    shown = _shown(state, entries)
    # Packed by the decider: READMEs are bounded by their bytes as well. Each is asked for once.
    packs = state.decide.missing_readmes(shown, state.stored | state.asked)
    state.asked |= {item.blob.oid for pack in packs for item in pack.values()}
    sharing: dict[str, list[Record]] = defaultdict(list)  # forks share a README
    for record in shown:
        if record.readme:
            sharing[record.readme.oid].append(record)
    records = {name: sharing[item.blob.oid] for pack in packs for name, item in pack.items()}
    for answer in state.talk.ask(packs, state.source.readmes, ahead):
        yield _told(state, answer, records, partial(_encoded, state))[0]


def _shown(state: State, entries: Sequence[str]) -> list[Record]:
    """List those that answered in this run and whose README is to be shown."""
    return [record for record in state.live(entries) if state.decide.shows_readme(record)]


def _encoded(state: State, record: Record, said: ReadmeText | Outcome) -> Observation | None:
    if isinstance(said, Outcome) or not (record.details and record.readme):
        return None
    blob = record.readme.model_copy(update={"encoding": said.encoding})
    details = record.details.model_copy(update={"readme": blob})
    return state.decide.again(record, details=details)


def _contributors(state: State, entries: Sequence[str]) -> Iterator[Batch]:
    """Count the contributors of a few repositories over REST, while requests can be spared."""
    chosen = state.decide.lacking_people(state.live(entries), state.known)
    records = {r.facts.glance.name_with_owner: [r] for r in chosen if r.facts}
    glances = {r.facts.glance.name_with_owner: r.facts.glance for r in chosen if r.facts}

    def counted(record: Record, said: Contributors | Outcome) -> Observation | None:
        return None if isinstance(said, Outcome) else state.decide.again(record, contributors=said)

    packs = in_packs(glances, 1)
    for answer in state.talk.ask(packs, lambda batch: state.source.contributors(batch[0])):
        yield _told(state, answer, records, counted)[0]


def _told(
    state: State,
    answer: Answer[AnswerT],
    records: Mapping[str, Sequence[Record]],
    told: Callable[[Record, AnswerT | Outcome], Observation | None],
) -> tuple[Batch, int]:
    """Add what a later pass was told to the records whom it concerns, and count the answers."""
    seen: list[Observation] = []
    done = 0
    for name, said in answer.said.items():
        judged: list[Observation | None] = []
        if isinstance(said, Fault):
            judged = [state.faulted(record.listed_as, said) for record in records[name]]
        elif not isinstance(said, Trouble):
            judged = [told(record, said) for record in records[name]]
        seen += filter(None, judged)
        done += any(judged)
    return state.apply(seen, list(_texts(answer.said.values()))), done


def _texts(said: Iterable[object]) -> Iterator[ReadmeText]:
    """Give the READMEs that came, whichever pass brought them."""
    for one in said:
        text = one.readme if isinstance(one, Depth) else one
        if isinstance(text, ReadmeText):
            yield text


def _earlier_readmes(state: State, entries: Sequence[str]) -> Iterator[Observation]:
    """Go on showing the README before, where the bytes of a new one did not come.

    Without a basis the details are due again, so the next run asks for the new one.
    """
    for record in _shown(state, entries):
        before = state.known.get(record.key)
        if not (record.details and record.readme and before and before.readme):
            continue
        came, is_there = record.readme.oid in state.stored, before.readme.oid in state.stored
        if is_there and not came and before.repository_id == record.repository_id:
            update = {"readme": before.readme, "basis": Basis()}
            yield state.decide.again(record, details=record.details.model_copy(update=update))


def _vanished(state: State) -> Iterator[Batch]:
    """Judge the vanished last of all; in a suspicious run they are kept instead.

    An empty repository list, a token of the wrong account or a fault at GitHub look exactly like
    everybody deleting everything, so a run in which many vanish erases nothing.
    """
    with_facts = {key for key, record in state.records.items() if record.facts}
    news = [seen for seen in state.vanished if seen.listed_as.casefold() in with_facts]
    asked = len(with_facts & state.reached) + len(news)
    why = state.decide.suspicion(len(news), asked)
    state.ending.vanished, state.ending.suspicious = len(news), why
    if why:
        yield state.apply([state.decide.held(s, why) if s in news else s for s in state.vanished])
        return
    worth_it = [seen for seen in news[:_MOST_CONFIRMATIONS] if seen.outcome is Outcome.GONE]
    yield state.apply([_confirmed(state, s) if s in worth_it else s for s in state.vanished])


def _confirmed(state: State, seen: Observation) -> Observation:
    """Ask once more over REST, which tells 404 from 451 and from a closed door."""
    if not state.source.sizes.rotates or state.talk.stopped:
        return seen
    name = seen.listed_as
    state.talk.settle()
    ask = partial(state.source.confirm_absence, Target(name))
    answer = attempt(name, "asking GitHub again", ask)
    if isinstance(answer, Fault):
        return state.faulted(name, answer)
    said = answer.said.get(name) or answer.trouble or SILENCE
    return state.seen(name, said) if isinstance(said, Glance) else state.unseen(name, said)


def _not_reached(state: State, entries: Iterable[str]) -> Batch:
    """Say of every entry that was left out why it was."""
    why = state.ending.stopped or Trouble(TroubleKind.LIMITED, "the run ended before its turn")
    judged = state.reached | {seen.listed_as.casefold() for seen in state.vanished}
    left = [name for name in entries if name.casefold() not in judged]
    return state.apply(state.unseen(name, why) for name in left)
