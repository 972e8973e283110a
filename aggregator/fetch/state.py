"""What a run knows while it goes on, and the batches that it hands to its caller. No HTTP.

Records are changed here and nowhere else. What to ask stands in ``run``, what an answer means in
``decider``, what is kept of it in ``merging``.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.facts.protocol import Source, Spent, Trouble, TroubleKind
from aggregator.facts.record import Observation, ReadmeText, Record
from aggregator.facts.repository import Glance, Identity
from aggregator.fetch.conversation import Conversation, Stopwatch
from aggregator.fetch.decider import Decider, is_news
from aggregator.fetch.merging import heir, merge, stand_in
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import CURE, Fault, attempt


@dataclass(frozen=True, slots=True)
class EntryStep:
    """One entry, before and after an observation."""

    before: Record | None
    after: Record
    seen: Observation


@dataclass(frozen=True, slots=True)
class Batch:
    """What became known at once, and is to be stored at once."""

    steps: tuple[EntryStep, ...] = ()
    readmes: tuple[ReadmeText, ...] = ()
    moves: tuple[tuple[str, str], ...] = ()  # keys: what the first had belongs to the second now

    @property
    def records(self) -> tuple[Record, ...]:
        """Return the records to store."""
        return tuple(step.after for step in self.steps)

    @property
    def looks(self) -> tuple[Observation, ...]:
        """Return the observations that brought them about."""
        return tuple(step.seen for step in self.steps)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    stage: str
    done: int
    total: int
    spent: Spent
    seconds_left: float


@dataclass(slots=True)
class Ending:
    """How a run ended; complete when its last batch was taken."""

    stopped: Trouble | None = None
    waiting: int = 0  # entries about which this run learnt nothing
    details_waiting: int = 0
    readmes_waiting: int = 0
    vanished: int = 0
    suspicious: str | None = None
    faults: list[Fault] = field(default_factory=list)  # where this program failed, by entry


@dataclass(slots=True)
class State:
    """The records as they stand now, and who was reached."""

    source: Source
    decide: Decider
    talk: Conversation
    watch: Stopwatch
    report: Callable[[Progress], None]
    known: Mapping[str, Record]  # before this run
    records: dict[str, Record]
    stored: set[str]  # oids of READMEs
    departed: dict[int, list[Record]]  # left the registry, by the number of their repository
    ending: Ending = field(default_factory=Ending)
    asked: set[str] = field(default_factory=set)  # oids of READMEs that were asked for by oid
    reached: set[str] = field(default_factory=set)
    vanished: list[Observation] = field(default_factory=list)
    turn: Container[str] = frozenset()  # keys of the entries whose details rotate in tonight
    heirs: dict[str, str] = field(default_factory=dict)  # key that left -> key that took over

    @property
    def now(self) -> datetime:
        """Return the one moment that all of this run carries."""
        return self.decide.now

    def record(self, name: str) -> Record | None:
        """Return the record of an entry as it stands."""
        return self.records.get(name.casefold())

    def identity(self, name: str) -> Identity | None:
        """Return who the entry was, as far as is known."""
        record = self.record(name)
        return record.identity if record else None

    def live(self, entries: Iterable[str]) -> list[Record]:
        """List the records of entries that answered in this run."""
        found = (self.record(name) for name in entries)
        return [r for r in found if r and r.facts and r.last_succeeded == self.now]

    def apply(
        self, observations: Iterable[Observation], readmes: Sequence[ReadmeText] = ()
    ) -> Batch:
        """Merge observations into the records, and say what to store."""
        self.stored.update(readme.oid for readme in readmes)
        steps = tuple(self._step(seen) for seen in tuple(observations))
        keys = {step.after.key for step in steps}
        moves = tuple((old, new) for old, new in self.heirs.items() if new in keys)
        return Batch(steps, tuple(readmes), moves)

    def _step(self, seen: Observation) -> EntryStep:
        key = seen.listed_as.casefold()
        before = self.records.get(key)
        doing = "joining it with what was known"
        after = attempt(seen.listed_as, doing, lambda: merge(before, seen))
        if isinstance(after, Fault):
            self.ending.faults.append(after)
            after = stand_in(before, seen, after.message, CURE)
        self.records[key] = after
        self.reached.add(key)
        return EntryStep(before, after, seen)

    def not_kept(self, step: EntryStep, fault: Fault) -> Record:
        """Take back a step that could not be stored, and say what stands instead."""
        self.ending.faults.append(fault)
        record = stand_in(step.before, step.seen, fault.message, CURE)
        self.records[record.key] = record
        return record

    def seen(self, name: str, glance: Glance) -> Observation:
        """Judge a repository that answered."""
        judged = attempt(name, "judging what it is now", lambda: self._seen(name, glance))
        return self.faulted(name, judged) if isinstance(judged, Fault) else judged

    def _seen(self, name: str, glance: Glance) -> Observation:
        self.inherit(name, glance.repository_id)
        record = self.record(name)
        known = record.facts.glance if record and record.facts else None
        if glance.empty and known and not known.empty:
            return self._emptied(name, glance)
        if known and known.empty and known.pushed_at == glance.pushed_at:
            # Only asking for files told REST so, and those are not asked for twice.
            glance = glance.model_copy(update={"empty": glance.head_oid is None})
        return self.decide.seen(
            name, glance, news=is_news(record.details if record else None, glance)
        )

    def _emptied(self, name: str, glance: Glance) -> Observation:
        """Ask in another way before a repository that had commits is believed to have none."""
        if self.talk.stopped or not self.source.sizes.rotates:
            return self.decide.seen(name, glance, news=False)
        self.talk.settle()
        answer = self.source.confirm_empty(glance)
        said = answer.said.get(glance.name_with_owner)
        if said is Outcome.EMPTY:
            return self.decide.seen(name, glance, news=True)
        if isinstance(said, Outcome):
            return self.unseen(name, said)
        doubt = "GitHub says that it has no commits, and elsewhere that it has some"
        return self.unseen(name, answer.trouble or Trouble(TroubleKind.BROKEN, doubt))

    def unseen(self, name: str, why: Outcome | Fault | Trouble) -> Observation:
        """Judge an entry whose repository did not come: absent, failed at, or not answered for."""
        if isinstance(why, Outcome):
            return self.decide.absent(name, why, self.identity(name))
        if isinstance(why, Fault):
            return self.faulted(name, why)
        self.ending.waiting += 1
        return self.decide.unanswered(name, why)

    def faulted(self, name: str, fault: Fault) -> Observation:
        """Judge an entry at which this program failed; what it answered before that counts."""
        self.ending.faults.append(replace(fault, about=name))
        record = self.record(name)
        if record is None or record.last_succeeded != self.now:
            return self.decide.unanswered(name, fault)
        what = {"message": fault.message, "cure": CURE}
        return self.decide.again(record).model_copy(update=what)

    def inherit(self, name: str, repository_id: int) -> None:
        """Let an entry go on with what is known of the repository under names it has no more."""
        past = self.departed.pop(repository_id, None)
        if past is None:
            return
        known = self.record(name)
        own = [known] if known and known.repository_id == repository_id else []
        self.records[name.casefold()] = heir(name, [*past, *own])
        self.heirs |= {record.key: name.casefold() for record in past}

    def inherit_known_moves(self, entries: Iterable[str]) -> None:
        """Do so before any answer where earlier runs saw the move; silence then costs nothing."""
        moved = {
            (record.moved_to or record.identity.name_with_owner).casefold(): number
            for number, records in self.departed.items()
            for record in records
            if record.identity
        }
        for name in entries:
            record = self.record(name)
            number = record.repository_id if record else moved.get(name.casefold())
            if number is not None:
                self.inherit(name, number)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Tell whoever watches how far this is."""
        self.report(Progress(stage, done, total, self.source.spent, self.watch.left))


def departed_from(known: Iterable[Record], entries: Iterable[str]) -> dict[int, list[Record]]:
    """Group the records that no entry asks for by the number of their repository."""
    keys = {name.casefold() for name in entries}
    found: dict[int, list[Record]] = {}
    for record in known:
        if record.key not in keys and record.repository_id is not None:
            found.setdefault(record.repository_id, []).append(record)
    return found
