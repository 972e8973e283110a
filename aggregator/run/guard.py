"""Whose memory a run may build on, and whether a finished site may take the place of the last.

    memory --refuse_stranger--> ours --refuse_losses--> fetch, render --hold--> publish

A repository made from a template brings along the registry, and with it the address of somebody
else's site. What is found there must be neither taken over nor, on the first night, announced as
a list of projects that left. And what was published is not replaced by less: what a site shows is
drawn up in `proof`, which also knows the losses that have an explanation. `pipeline` asks here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aggregator.facts.snapshot import Snapshot
from aggregator.registry.registry import Registry
from aggregator.run.proof import Proof, believed, losses, newest, read_proof, refuse
from aggregator.store.locking import write_whole
from aggregator.words.errors import PublishError, StateError
from aggregator.words.phrases import listed

# Below this, a shorter registry is somebody tidying up, whatever share of it is gone.
_LOST_AT_LEAST = 5


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

    Args:
        ours: this community.
        theirs: whose the memory says it is.
        listed: keys of the entries in our registry.
        known: keys of the entries in the memory.
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
        """Raise StateError when a catalogue is another community's.

        Args:
            snapshot: what the catalogue holds.
            registry: what members of this community wrote.
            where: the catalogue's place, for the message.
            known: what is remembered on this machine, where the catalogue is from elsewhere.
        """
        theirs = Community(snapshot.community, snapshot.repository_id)
        names = (r.identity.name_with_owner for r in snapshot.records.values() if r.identity)
        there = {*snapshot.records, *(name.casefold() for name in names)}
        why = strangeness(self.community(registry, known), theirs, _listed(registry), there)
        if why and not self.adopt:
            raise StateError(
                f"{where} is the catalogue of another community",
                why,
                "set showcase.url, --state or --copy to what is this community's own; "
                "when it is meant, such as after moving, say --adopt",
            )

    def last_proof(
        self, places: Iterable[Path], registry: Registry, snapshot: Snapshot
    ) -> Proof | None:
        """Read what the last published site of this community held, from the newest copy.

        The copies are in the site itself and beside the catalogue, where `restore` puts that of
        a site which is published elsewhere.

        Raises:
            StateError: a copy cannot be read, and losses are not accepted.
        """
        if self.fresh:
            return None
        ours, listed = self.community(registry, snapshot), _listed(registry)
        found = (self._read(path) for path in places if path.is_file())
        return newest(
            believed(proof, self.now) if self.now else proof
            for proof in found
            if proof and (self.adopt or not strangeness(ours, _owner(proof), listed, proof.shown))
        )

    def hold(
        self, drawn: Proof, previous: Proof | None, registry: Registry, snapshot: Snapshot
    ) -> Proof:
        """Hold the proof drawn of the new site against that of the published one.

        Returns:
            The proof to publish; it says since when nothing was lost.

        Raises:
            PublishError: something would be lost without a reason, and that is not accepted.
        """
        lost = losses(previous, drawn, registry, snapshot) if previous else ()
        if not self.accept_losses:
            refuse(lost)
        if lost and drawn.fetched_at:
            return drawn.model_copy(update={"lossless_since": drawn.fetched_at.date()})
        return drawn

    def _read(self, path: Path) -> Proof | None:
        try:
            return read_proof(path.read_bytes(), str(path))
        except StateError:
            if self.accept_losses:  # the cure that the message names
                return None
            raise


STRICT = Guard()


def remember_proof(path: Path, made: Proof) -> None:
    """Keep a proof beside the catalogue; a process that dies leaves the old one or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, made.text().encode())


def refuse_losses(snapshot: Snapshot, registry: Registry, previous: Proof | None = None) -> None:
    """Raise PublishError when the registry lost so many entries that it looks like an accident.

    Entries are compared by name, so that as many new ones hide nothing; one that is listed under
    the name its repository has today is not lost.
    """
    known, lost = _lost_entries(snapshot, registry, previous)
    limit = known * registry.showcase.vanish_limit_percent / 100
    if len(lost) < _LOST_AT_LEAST or len(lost) <= limit:
        return
    mistakes = len(registry.errors)
    keeping_out = f", or its mistakes ({mistakes}) keep entries out" if mistakes else ""
    raise PublishError(
        f"the new site would lose {len(lost)} of {known} projects ({listed(lost, 10)})",
        f"the registry became that much shorter{keeping_out}",
        "the old site stays; mend the registry, or say --accept-losses if it is meant",
    )


def _lost_entries(
    snapshot: Snapshot, registry: Registry, previous: Proof | None
) -> tuple[int, list[str]]:
    """Count the entries that were known, and name those that the registry no longer has."""
    listed = _listed(registry)
    shown = previous.shown if previous else {}
    names = {key: one.listed_as for key, one in shown.items()}
    names |= {key: record.listed_as for key, record in snapshot.records.items()}
    numbers = {key: one.repository_id for key, one in shown.items() if one.repository_id}
    still: set[int] = set()  # repositories that are listed, under whatever name
    for key, record in snapshot.records.items():
        if record.identity:
            numbers[key] = record.identity.repository_id
            if {key, record.identity.name_with_owner.casefold()} & listed:
                still.add(record.identity.repository_id)
    gone = (n for k, n in names.items() if k not in listed and numbers.get(k) not in still)
    return len(names), sorted(gone, key=str.casefold)


def _listed(registry: Registry) -> frozenset[str]:
    """List the names of a registry as a catalogue files them."""
    return frozenset(str(entry.repo).casefold() for entry in registry.projects)


def _owner(proof: Proof) -> Community:
    return Community(proof.community, proof.repository_id)
