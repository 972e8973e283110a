"""One night shared by several machines: each asks about its shard, one joins them to the whole.

    catalogue.db --ask_for_shard--> shard-1-of-2.jsonl --.
    catalogue.db --ask_for_shard--> shard-2-of-2.jsonl --+--merge_shards--> catalogue.db, or nothing

Every shard begins from the same catalogue and changes nothing of it. The merge is the run of the
night over all entries (`update`), with what the shards noted in the place of GitHub: so losses,
renames, news and numbers are judged once, over the whole, and N shards give what one run would have
given. What is called a part here is a shard: the entries of it, or the file of what it was told.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf
from pathlib import Path

from aggregator.facts.protocol import Trouble, TroubleKind
from aggregator.facts.recording import Recording, RecordingEnd, RecordingHeading, Shard
from aggregator.facts.snapshot import Snapshot
from aggregator.fetch.conversation import Clock
from aggregator.fetch.replay import Recorder, Replay
from aggregator.fetch.run import Fetch, Terms, fetch
from aggregator.github.opening import Endpoint, open_source
from aggregator.registry.registry import Registry
from aggregator.run.clock import judge_clock, mended
from aggregator.run.guard import Community, Guard, strangeness
from aggregator.run.report import Report
from aggregator.run.update import (
    Network,
    checked_owner,
    newest_first,
    terms_of,
    update,
    with_unlisted,
)
from aggregator.run.workspace import Workspace
from aggregator.store.shard_file import (
    ShardFile,
    open_shard_file,
    path_of_shard,
    read_shard_file,
    shard_files_at,
)
from aggregator.store.store import open_store
from aggregator.words.causes import SHARD_LOST, SHARD_SHORT
from aggregator.words.errors import SourceError, StateError
from aggregator.words.outcomes import Outcome
from aggregator.words.phrases import listed, minute_of

# The jobs of one night begin within minutes; one that began so much earlier is another night's.
_ONE_NIGHT = timedelta(hours=12)
_MOST_NAMED = 5
# The worst first: what the whole night is said to have been stopped by.
_GRAVITY = (
    TroubleKind.REFUSED,
    TroubleKind.BROKEN,
    TroubleKind.OVERLOADED,
    TroubleKind.UNREACHABLE,
    TroubleKind.LIMITED,
)
_LOOK_AT_ITS_JOB = "Look at the job of that shard; the next run asks about its part again."


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of joining parts."""

    report: Report
    passed_over: tuple[str, ...] = ()  # files that were of no use, and why
    used: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class _FoundShard:
    """What one shard was told, and in which file that stands."""

    place: Path
    recording: Recording

    @property
    def shard(self) -> Shard:
        return self.recording.heading.shard


def ask_for_shard(
    workspace: Workspace, registry: Registry, shard: Shard, network: Network, guard: Guard
) -> tuple[Report, Path]:
    """Ask GitHub about one part of the entries, and write down what it says.

    Returns:
        How it went with this part, and the file for `merge_shards`.

    Raises:
        StateError: the catalogue cannot be used or is not ours, or this part is being asked for.
        SourceError: the clock of this machine is wrong; nothing was written.
    """
    now = network.clock.now()
    # How many may vanish is judged over the whole: the merge knows it, one part does not.
    terms = terms_of(registry, network, now, replace(guard, accept_losses=True))
    entries = newest_first(registry)
    only = frozenset(key for key in map(str.casefold, entries) if shard.holds(key))
    with open_store(workspace.database) as store:
        store.drop_hidden(terms.hidden)
        stored = store.read()
        guard.refuse_stranger(stored, registry, str(workspace.database))
        known = with_unlisted(mended(stored, now), store, now)
    path = path_of_shard(workspace.state, shard)
    ours = guard.community(registry, stored)
    with (
        # No answers are kept for the next night: a part that moves elsewhere would leave them.
        open_source(network.endpoint, None, network.clock.now) as source,
        open_shard_file(
            path,
            RecordingHeading(
                shard=shard,
                now=now,
                base=stored.fetched_at,
                community=ours.identity,
                repository_id=ours.repository_id,
                sizes=source.sizes,
            ),
        ) as file,
    ):
        recorder = Recorder(source, file.note)
        run = fetch(entries, recorder, known, replace(terms, only=only))
        try:
            report = _asked(run, terms, recorder, stored, file)
        except SourceError:
            path.unlink()  # what it says was confirmed at no time that anybody can tell
            raise
    return report, path


def _asked(run: Fetch, terms: Terms, source: Recorder, stored: Snapshot, file: ShardFile) -> Report:
    """Take the run to its end, and say how it went with this part."""
    clock = run.state.watch.clock
    began, settled, interrupted = clock.monotonic(), False, False
    looks: dict[str, Outcome] = {}
    try:
        for batch in run:
            if not settled:
                judge_clock(clock.now(), source.spent.server_time, stored.fetched_at)
                settled = True
            looks |= {seen.listed_as: seen.outcome for seen in batch.looks}
    except KeyboardInterrupt:
        interrupted = True
        run.ending.stopped = Trouble(TroubleKind.BROKEN, "stopped by hand", _LOOK_AT_ITS_JOB)
    seconds = clock.monotonic() - began
    file.finish(RecordingEnd(stopped=run.ending.stopped, spent=source.spent, seconds=seconds))
    return Report(
        now=terms.now,
        seconds=seconds,
        spent=source.spent,
        ending=run.ending,
        looks=looks,
        records=tuple(r for name in run.entries if (r := run.state.record(name))),
        interrupted=interrupted,
        unread=stored.unread,
    )


def merge_shards(
    workspace: Workspace,
    registry: Registry,
    places: Sequence[Path],
    clock: Clock,
    guard: Guard,
) -> Merged:
    """Join the parts of one night to the catalogue, all of them at once.

    A part that is missing, was cut short or is of no use costs the night no more than that part:
    what was known of it stays, and the report names it.

    `places` are files of parts, or folders that hold some, in any order.

    Raises:
        StateError: a part is another community's, of another splitting, or there twice and
            different, or the catalogue cannot be used; nothing was changed.
        SourceError: the clock of this machine is wrong; nothing was changed.
        PublishError: the registry lost so many entries that it looks like an accident.
    """
    nobody = Network(Endpoint(), clock, inf, lambda _: None)  # is asked: answers are replayed
    files = sorted({file.resolve() for place in places for file in shard_files_at(place)})
    with (
        open_store(workspace.database) as store,
        # For what it keeps of answers on this machine: what must go goes from there, too.
        open_source(nobody.endpoint, workspace.cache, clock.now) as kept,
    ):
        stored = store.read()
        ours = checked_owner(workspace, registry, guard, stored)
        found, useless = _read(files)
        _refuse_strangers(found, registry, guard, ours)
        tonights, others = _of_this_night(found, stored)
        parts = _one_of_each(tonights)
        left_out = _left_out(parts, newest_first(registry))
        now = max((part.recording.heading.now for part in parts), default=clock.now())
        judge_clock(clock.now(), None, now)
        replay = Replay((part.recording for part in parts), kept.forget)
        with store.at_once():
            terms = replace(terms_of(registry, nobody, now, guard), left_out=left_out)
            report = update(newest_first(registry), replay, store, terms, ours)
            if report.interrupted:  # half of a merge would look like a whole one
                raise KeyboardInterrupt
    lasted = max((p.recording.end.seconds for p in parts if p.recording.end), default=0.0)
    passed_over = (*(f"{place} is not there" for place in places if not place.exists()), *useless)
    return Merged(
        replace(report, seconds=lasted),
        (*passed_over, *others),
        tuple(part.place for part in parts),
    )


def forget_shards(paths: Iterable[Path]) -> None:
    """Delete recordings that are merged: what is erased later must not linger in them."""
    for path in paths:
        path.unlink(missing_ok=True)


def _read(files: Iterable[Path]) -> tuple[list[_FoundShard], list[str]]:
    parts, useless = [], []
    for file in files:
        try:
            parts.append(_FoundShard(file, read_shard_file(file)))
        except StateError as problem:
            useless.append(str(problem))
    return parts, useless


def _refuse_strangers(
    parts: Iterable[_FoundShard], registry: Registry, guard: Guard, ours: Community
) -> None:
    """Raise StateError for a part that was asked for another community."""
    here = frozenset(entry.repo.key for entry in registry.projects)
    for part in parts:
        heading = part.recording.heading
        theirs = Community(heading.community, heading.repository_id)
        why = strangeness(ours, theirs, here, part.recording.names)
        if why and not guard.adopt:
            raise StateError(
                f"{part.place} is a shard of another community",
                why,
                "nothing was merged; name the shards of this community",
            )


def _one_of_each(parts: Sequence[_FoundShard]) -> list[_FoundShard]:
    """Leave out what is given twice; StateError when two differ, or split in different ways."""
    first: dict[Shard, _FoundShard] = {}
    for part in parts:
        other = first.setdefault(part.shard, part)
        if other.recording != part.recording:
            raise StateError(
                f"{other.place} and {part.place} are different recordings of shard {part.shard}",
                "nobody can tell which of them counts",
                "nothing was merged; name one of them",
            )
    splits: dict[int, Path] = {}
    for part in first.values():
        splits.setdefault(part.shard.of, part.place)
    if len(splits) > 1:
        named = (f"{place} of {of}" for of, place in sorted(splits.items()))
        raise StateError(
            "the shards are of different splittings",
            listed(tuple(named), _MOST_NAMED),
            "nothing was merged; name the shards of one night",
        )
    return [first[shard] for shard in sorted(first, key=lambda shard: shard.number)]


def _of_this_night(
    parts: Sequence[_FoundShard], stored: Snapshot
) -> tuple[list[_FoundShard], list[str]]:
    """Choose the parts that began from the catalogue that is here, and say why not the others."""
    ours, refused = [], []
    newest = max((part.recording.heading.now for part in parts), default=None)
    for part in parts:
        heading = part.recording.heading
        if heading.base != stored.fetched_at:
            refused.append(
                f"{part.place} is refused: shard {part.shard} began from facts of "
                f"{_moment(heading.base)}, and the catalogue here is of "
                f"{_moment(stored.fetched_at)}"
            )
        elif newest and newest - heading.now > _ONE_NIGHT:
            refused.append(
                f"{part.place} is refused: shard {part.shard} is of an older night "
                f"({minute_of(heading.now)}; the newest is of {minute_of(newest)})"
            )
        else:
            ours.append(part)
    return ours, refused


def _left_out(parts: Sequence[_FoundShard], entries: Iterable[str]) -> Trouble | None:
    """Say which parts brought nothing or not all, and why; None when all came to their end."""
    if not parts:
        return Trouble(TroubleKind.BROKEN, "no shard brought anything", _LOOK_AT_ITS_JOB)
    troubles = list(_troubles(parts, entries))
    if not troubles:
        return None
    worst = min(troubles, key=lambda one: _GRAVITY.index(one.kind))
    named = listed([one.message for one in troubles], _MOST_NAMED)
    return Trouble(worst.kind, named, worst.cure)


def _troubles(parts: Sequence[_FoundShard], entries: Iterable[str]) -> Iterator[Trouble]:
    of = parts[0].shard.of
    here = {part.shard: part.recording for part in parts}
    wanted = {Shard.that_holds(name.casefold(), of) for name in entries}
    for shard in sorted(wanted, key=lambda one: one.number):
        recording = here.get(shard)
        if recording is None:
            yield Trouble(TroubleKind.BROKEN, SHARD_LOST.saying(shard=shard), _LOOK_AT_ITS_JOB)
        elif recording.end is None:
            told = SHARD_SHORT.saying(shard=shard)
            yield Trouble(TroubleKind.BROKEN, told, _LOOK_AT_ITS_JOB)
        elif stopped := recording.end.stopped:
            told = f"shard {shard}: {stopped.message.rstrip('.')}"
            yield Trouble(stopped.kind, told, stopped.cure)


def _moment(when: datetime | None) -> str:
    return minute_of(when) if when else "no night yet"
