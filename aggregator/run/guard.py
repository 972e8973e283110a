"""Whose memory a run may build on, and whether a finished site may take the place of the last.

    memory --refuse_stranger--> ours --refuse_losses--> fetch, render --hold--> publish

A repository made from a template brings along the registry, and with it the address of somebody
else's site. What is found there must be neither taken over nor, on the first night, announced as
a list of projects that left. And what was published is not replaced by less: whatever made a
project, its README or its summary vanish (a memory that was not restored, two builds at once, a
crash, a wrong clock), it has no explanation here, and so it stops the publication.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aggregator.facts.record import Record
from aggregator.facts.repository import RepoFacts
from aggregator.facts.snapshot import Snapshot
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.run.proof import Proof, Shown, newest, read_proof
from aggregator.site.contents import LAST_RUN
from aggregator.store.locking import write_whole
from aggregator.words.causes import FEWER_PROJECTS, LOST_MEMORY, RESTORE, STRANGER
from aggregator.words.errors import PublishError, StateError
from aggregator.words.phrases import listed

# Below this, a shorter registry is somebody tidying up, whatever share of it is gone.
_LOST_AT_LEAST = 5
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Community:
    """What tells a community from others, as far as it is known.

    Args:
        identity: `showcase.identity`, or what the catalogue took on at its first run.
        repository_id: GitHub's number of the repository that the showcase is built from; it
            survives a rename and a transfer, and a copy has another.
    """

    identity: str | None = None
    repository_id: int | None = None


def strangeness(
    ours: Community, theirs: Community, listed: Iterable[str], known: Iterable[str]
) -> str | None:
    """Say why a memory is somebody else's, or None when it may be ours.

    `listed` are the keys of the entries in our registry, `known` those in the memory.
    """
    numbers = {ours.repository_id, theirs.repository_id}
    identities = {ours.identity, theirs.identity}
    if None not in numbers and len(numbers) == 2:
        return (
            f"it belongs to repository {theirs.repository_id} on GitHub, "
            f"and this is repository {ours.repository_id}"
        )
    if None not in identities and len(identities) == 2:
        return f"it says that it is {theirs.identity!r}, and this community is {ours.identity!r}"
    here, there = frozenset(listed), frozenset(known)
    # Only where neither number nor identity can be compared do the entries have to tell.
    if None in numbers and None in identities and here and there and here.isdisjoint(there):
        return f"none of its {len(there)} projects is in the registry"
    return None


@dataclass(frozen=True, slots=True)
class Guard:
    """What a run knows about itself, and what whoever started it said is meant.

    Args:
        accept_losses: go on although something vanished.
        adopt: take over a memory that looks like another community's.
        repository_id: GitHub's number of the repository that a workflow runs in.
        newcomer: the identity to take on where neither registry nor memory has one.
        now: the time, where facts that are yet to come shall be refused.
        fresh: a demonstration: what stood in the output folder before does not matter.
    """

    accept_losses: bool = False
    adopt: bool = False
    repository_id: int | None = None
    newcomer: str | None = None
    now: datetime | None = None
    fresh: bool = False

    def community(self, registry: Registry, known: Snapshot | None = None) -> Community:
        """Say who we are by the registry and, where something is `known` here, by that too."""
        return Community(
            registry.showcase.identity or (known.community if known else None),
            self.repository_id or (known.repository_id if known else None),
        )

    def refuse_stranger(
        self, snapshot: Snapshot, registry: Registry, where: str, known: Snapshot | None = None
    ) -> None:
        """Raise StateError when the catalogue at `where` is another community's.

        `known` is what is remembered on this machine, where the catalogue is from elsewhere.
        """
        theirs = Community(snapshot.community, snapshot.repository_id)
        names = (r.identity.name_with_owner for r in snapshot.records.values() if r.identity)
        there = {*snapshot.records, *(name.casefold() for name in names)}
        why = strangeness(self.community(registry, known), theirs, _keys(registry), there)
        if why and not self.adopt:
            raise StateError(
                STRANGER.saying(place=where),
                why,
                "set showcase.url, --state or --copy to what is this community's own; "
                "when it is meant, such as after moving, say --adopt",
            )

    def refuse_losses(
        self, snapshot: Snapshot, registry: Registry, previous: Proof | None = None
    ) -> None:
        """Raise PublishError when the registry lost so many entries that it looks like an accident.

        Entries are compared by name, so that as many new ones hide nothing; one that is listed
        under the name its repository has today is not lost.
        """
        names, lost = _lost_entries(snapshot, _keys(registry), previous)
        limit = len(names) * registry.showcase.vanish_limit_percent / 100
        if self.accept_losses or len(lost) < _LOST_AT_LEAST or len(lost) <= limit:
            return
        mistakes = len(registry.errors)
        keeping_out = f", or its mistakes ({mistakes}) keep entries out" if mistakes else ""
        raise PublishError(
            f"{FEWER_PROJECTS.saying(lost=len(lost), all=len(names))} ({listed(lost, 10)})",
            f"the registry became that much shorter{keeping_out}",
            "the old site stays; mend the registry, or say --accept-losses if it is meant",
        )

    def last_proof(
        self, places: Iterable[Path], registry: Registry, snapshot: Snapshot
    ) -> Proof | None:
        """Read what the last published site of this community held, from the newest copy.

        The copies are in the site itself and beside the catalogue, where `restore` puts that of
        a site which is published elsewhere. One that cannot be read raises StateError.
        """
        found = []
        ours, here = self.community(registry, snapshot), _keys(registry)
        for path in () if self.fresh else filter(Path.is_file, places):
            try:
                beside = path.with_name(LAST_RUN)
                last_run = beside.read_bytes() if beside.is_file() else None
                proof = read_proof(path.read_bytes(), str(path), self.now, last_run)
            except StateError:
                if self.accept_losses:  # the cure that the message names
                    continue
                raise
            theirs = Community(proof.community, proof.repository_id)
            if self.adopt or not strangeness(ours, theirs, here, proof.shown):
                found.append(proof)
        return newest(found)

    def hold(
        self,
        drawn: Proof,
        previous: Proof | None,
        registry: Registry,
        snapshot: Snapshot,
        way_back: str = RESTORE,
    ) -> Proof:
        """Give the proof to publish, which says since when nothing was lost.

        `way_back` is what brings a lost memory back here.

        Raises PublishError when something of the published site would be lost without a reason, and
        that is not accepted.
        """
        lost = losses(previous, drawn, registry, snapshot) if previous else {}
        if not self.accept_losses:
            refuse(lost, way_back)
        if lost and drawn.fetched_at:
            return drawn.model_copy(update={"lossless_since": drawn.fetched_at.date()})
        return drawn


STRICT = Guard()


def remember_proof(path: Path, made: Proof) -> None:
    """Keep a proof beside the catalogue; a process that dies leaves the old one or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, made.text().encode())


def losses(
    before: Proof, after: Proof, registry: Registry, snapshot: Snapshot
) -> dict[str, list[str]]:
    """List what the next site lacks without an explanation, by entry; "" is the whole showcase.

    Explained are: entries that left the registry (how many may leave at once is judged
    elsewhere), what was erased because its repository is no longer public, what an answer
    confirmed since then says is no longer there, what the registry hides, and what another
    version of the renderer makes of the same bytes.
    """
    lost = {"": _lost_memory(before, after)}
    entries = {entry.repo.key: entry for entry in registry.projects}
    still = {one.repository_id for one in after.shown.values()} - {None}
    anew = before.renderer != after.renderer
    for key, old in before.shown.items():
        entry, new = entries.get(key), after.shown.get(key)
        if entry and new:
            evidence = _Evidence(entry, snapshot.record(key), before.fetched_at, anew)
            lost[old.listed_as] = evidence.missing(old, new)
        elif entry and old.repository_id not in still:
            lost[old.listed_as] = ["the whole entry"]
    return {name: what for name, what in lost.items() if what}


def refuse(lost: Mapping[str, list[str]], way_back: str = RESTORE) -> None:
    """Raise PublishError when anything was lost, naming the first ten and the cure."""
    if not lost:
        return
    named = [f"{name} ({', '.join(sorted(what))})" for name, what in sorted(lost.items()) if name]
    more = [f"{len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
    raise PublishError(
        LOST_MEMORY.says,
        "; ".join([*lost.get("", ()), *named[:_MOST_NAMED], *more]),
        f"nothing was replaced; bring the memory back with {way_back} and run again, or say "
        "--accept-losses if it is meant",
    )


def _lost_memory(before: Proof, after: Proof) -> list[str]:
    lost = [
        f"{was - now} of {was} {what}"
        for was, now, what in (
            (before.history, after.history, "days of its history"),
            (before.changes, after.changes, "lines of its change log"),
        )
        if was > now
    ]
    if before.fetched_at and (after.fetched_at is None or after.fetched_at < before.fetched_at):
        older = f"{after.fetched_at:%Y-%m-%d %H:%M}" if after.fetched_at else "no day"
        lost.append(f"facts of {before.fetched_at:%Y-%m-%d %H:%M} would become those of {older}")
    return lost


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What may explain that something of one project is no longer shown."""

    entry: Entry
    record: Record | None
    since: datetime | None  # when the published site's facts were fetched; later answers count
    rendered_anew: bool  # by another version of the renderer

    @property
    def facts(self) -> RepoFacts | None:
        return self.record.facts if self.record else None

    def missing(self, old: Shown, new: Shown) -> list[str]:
        """Name what is gone without a reason."""
        another = None not in {old.repository_id, new.repository_id} and new.facts
        if self._erased(old) or (another and old.repository_id != new.repository_id):
            return []
        if old.facts and not new.facts:
            return ["facts"]
        gone = {
            "which repository it is": old.repository_id is not None and new.repository_id is None,
            "README": old.readme and not new.readme and not self._readme_explained(old.readme),
            "summary": old.summary and not new.summary and not self._summary_explained(old),
        }
        return [what for what, is_gone in gone.items() if is_gone]

    def _answered(self, moment: datetime | None) -> bool:
        return moment is not None and (self.since is None or moment >= self.since)

    def _erased(self, old: Shown) -> bool:
        """Tell whether an answer since then took it off, of the repository that was shown."""
        record = self.record
        if record is None or record.identity is None or record.facts is not None:
            return False
        return (
            not record.outcome.inconclusive
            and old.repository_id in {None, record.identity.repository_id}
            and self._answered(record.last_tried)
        )

    def _readme_explained(self, blob: str) -> bool:
        if self.entry.readme != "show" or self.rendered_anew:
            return True
        if self.facts is None:
            return False
        glance, details = self.facts.glance, self.facts.details
        if glance.empty and self._answered(glance.confirmed_at):
            return True
        if details is None or not details.readme_asked or not self._answered(details.confirmed_at):
            return False
        # Another README that shows as nothing is an answer; the same one is not.
        return details.readme is None or not details.readme.oid.startswith(blob)

    def _summary_explained(self, old: Shown) -> bool:
        if old.summary == "registry" or self.rendered_anew:
            return True
        if old.summary == "README":
            return self._readme_explained(old.readme or "-")
        if self.facts is None:
            return False
        # Words that are still known and no longer shown are judged otherwise, not lost.
        glance, details = self.facts.glance, self.facts.details
        if old.summary == "GitHub":
            return bool(glance.description) or self._answered(glance.confirmed_at)
        held = bool(self.facts.packages) or any(one.description for one in self.facts.statements)
        return details is not None and (held or self._answered(details.confirmed_at))


def _lost_entries(
    snapshot: Snapshot, here: frozenset[str], previous: Proof | None
) -> tuple[Mapping[str, str], list[str]]:
    """Give the entries that were known, by key, and name those that the registry no longer has."""
    shown = previous.shown if previous else {}
    names = {key: one.listed_as for key, one in shown.items()}
    names |= {key: record.listed_as for key, record in snapshot.records.items()}
    numbers = {key: one.repository_id for key, one in shown.items() if one.repository_id}
    still: set[int] = set()  # repositories that are listed, under whatever name
    for key, record in snapshot.records.items():
        if record.identity:
            numbers[key] = record.identity.repository_id
            if {key, record.identity.name_with_owner.casefold()} & here:
                still.add(record.identity.repository_id)
    gone = (n for key, n in names.items() if key not in here and numbers.get(key) not in still)
    return names, sorted(gone, key=str.casefold)


def _keys(registry: Registry) -> frozenset[str]:
    return frozenset(entry.repo.key for entry in registry.projects)
