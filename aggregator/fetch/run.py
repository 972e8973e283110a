"""One run over the registry, from the first question to the last judgement.

    entries -> scalars by name (all) -> by id (those not found) -> details (due and in rotation)
            -> README bytes (missing) -> contributors (a few) -> the vanished, judged last

Without a token a wave is one repository, carried through all passes before the next, so that the
few requests of an hour give whole entries; with a token there is one wave of all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.facts.protocol import Source, Trouble, TroubleKind
from aggregator.facts.snapshot import Snapshot
from aggregator.fetch import due, judge, passes
from aggregator.fetch.budget import Budget, Clock, Stopwatch, ticking_from
from aggregator.fetch.conversation import Conversation
from aggregator.fetch.state import Batch, Ending, Progress, State, departed_from
from aggregator.fetch.vanishing import judge_vanished


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
        ordered = due.in_order(self.entries, state.records)
        wave = state.source.sizes.wave or max(1, len(ordered))
        for start in range(0, len(ordered), wave):
            if state.talk.stopped:
                break
            yield from _wave(state, ordered[start : start + wave])
        if state.source.sizes.rotates:
            yield from passes.contributors(state, ordered)
        yield from judge_vanished(state)
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
        now=terms.now,
        talk=Conversation(watch, lambda: source.spent),
        watch=watch,
        budget=terms.budget,
        report=terms.progress,
        records=dict(known.records),
        stored=set(known.readmes),
        listed=len(entries),
        hidden=terms.hidden,
        departed=departed_from(known.records.values(), entries),
        known=known.records,
    )
    state.inherit_known_moves(entries)
    return Fetch(state, entries)


def _wave(state: State, entries: Sequence[str]) -> Iterator[Batch]:
    lost: passes.Lost = {}
    yield from passes.scalars(state, entries, lost)
    yield from passes.by_id(state, lost)
    yield from passes.details(state, entries)
    yield from passes.readmes(state, entries)
    yield passes.last_readmes(state, entries)


def _not_reached(state: State, entries: Sequence[str]) -> Batch:
    """Say of every entry that was left out why it was."""
    silence = Trouble(TroubleKind.LIMITED, "the run ended before its turn")
    why = state.ending.stopped or silence
    judged = state.reached | {seen.listed_as.casefold() for seen in state.vanished}
    left = [name for name in entries if name.casefold() not in judged]
    state.ending.waiting += len(left)
    return state.apply([judge.unanswered(name, why, state.now) for name in left])
