"""Stands between a finished site and its publication: what was published is not replaced by less.

    last proofs --newest of this community--> losses? --> the new proof, or a refusal

`pipeline` asks here before it fetches and again between rendering and publishing. What a proof
is, and which losses have an explanation, is in `proof`; whose a memory is, in `community`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aggregator import __version__
from aggregator.catalogue.types import Catalogue
from aggregator.facts.snapshot import Snapshot
from aggregator.readme.rendering import RENDERER_VERSION
from aggregator.registry.registry import Registry
from aggregator.run import proof
from aggregator.run.community import Community, listed_keys, refuse_stranger, strangeness
from aggregator.run.proof import MOST_NAMED, Proof
from aggregator.store.locking import write_whole
from aggregator.words.errors import PublishError, StateError

# Below this, a shorter registry is somebody tidying up, whatever share of it is gone.
_LOST_AT_LEAST = 5


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

    def refuse_stranger(self, snapshot: Snapshot, registry: Registry, where: str) -> None:
        """Raise StateError when a catalogue is another community's."""
        if not self.adopt:
            ours = Community(registry.showcase.identity, self.repository_id)
            refuse_stranger(snapshot, registry, ours, where)

    def known_community(self, registry: Registry, snapshot: Snapshot) -> Community:
        """Say who we are, for judging a memory from elsewhere by what is known here."""
        return Community(
            registry.showcase.identity or snapshot.community,
            self.repository_id or snapshot.repository_id,
        )

    def community(
        self, registry: Registry, snapshot: Snapshot, previous: Proof | None
    ) -> Community:
        """Say whose the catalogue is from now on."""
        known = snapshot.community or (previous.community if previous else None)
        return Community(registry.showcase.identity or known or self.newcomer, self.repository_id)

    def last_proof(
        self, places: Iterable[Path], registry: Registry, snapshot: Snapshot
    ) -> Proof | None:
        """Read what the last published site of this community held, from the newest copy.

        Args:
            places: where proofs may be: in the site itself, and beside the catalogue, where
                `restore` puts that of a site which is published elsewhere.
            registry: what members wrote.
            snapshot: what is known.

        Raises:
            StateError: a copy cannot be read, and losses are not accepted.
        """
        if self.fresh:
            return None
        ours = self.known_community(registry, snapshot)
        found = (self._read(path) for path in places if path.is_file())
        listed = listed_keys(registry)
        return proof.newest(
            proof.believed(one, self.now) if self.now else one
            for one in found
            if one and (self.adopt or not strangeness(ours, one.owner, listed, one.shown))
        )

    def prove(
        self,
        catalogue: Catalogue,
        snapshot: Snapshot,
        registry: Registry,
        previous: Proof | None,
        faulty: frozenset[str] = frozenset(),
    ) -> Proof:
        """Draw up the proof of the new site, and hold it against that of the published one.

        Args:
            catalogue: what the site shows.
            snapshot: what is known.
            registry: what members wrote.
            previous: what the published site showed.
            faulty: keys of projects that this program failed to show, which is told elsewhere.

        Raises:
            PublishError: something would be lost without a reason, and that is not accepted.
        """
        renderer = f"{__version__}/{RENDERER_VERSION}"
        made = proof.made_from(catalogue, snapshot, previous, renderer, faulty)
        lost = proof.losses(previous, made, registry, snapshot) if previous else ()
        if not self.accept_losses:
            proof.refuse(lost)
        if lost and made.fetched_at:
            return made.model_copy(update={"lossless_since": made.fetched_at.date()})
        return made

    def _read(self, path: Path) -> Proof | None:
        try:
            return proof.read_proof(path.read_bytes(), str(path))
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

    Args:
        snapshot: what is known.
        registry: what members wrote.
        previous: what the published site shows.
    """
    known, lost = _lost_entries(snapshot, registry, previous)
    limit = known * registry.showcase.vanish_limit_percent / 100
    if len(lost) < _LOST_AT_LEAST or len(lost) <= limit:
        return
    mistakes = len(registry.errors)
    more = f" and {len(lost) - MOST_NAMED} more" if len(lost) > MOST_NAMED else ""
    raise PublishError(
        f"the new site would lose {len(lost)} of {known} projects "
        f"({', '.join(lost[:MOST_NAMED])}{more})",
        f"the registry became that much shorter, or its mistakes ({mistakes}) keep entries out"
        if mistakes
        else "the registry became that much shorter",
        "the old site stays; mend the registry, or say --accept-losses if it is meant",
    )


def _lost_entries(
    snapshot: Snapshot, registry: Registry, previous: Proof | None
) -> tuple[int, list[str]]:
    """Count the entries that were known, and name those that the registry no longer has."""
    listed = listed_keys(registry)
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
