"""Starts a fresh machine from the last published catalogue, and trusts nothing that it downloads.

    places (site, copies) --look--> catalogue + proof of each --the newest--> the catalogue here

The file is never put in place: it is opened read-only, only its plain tables are read, every row
must be a fact, and what passes is written into a new catalogue of our own making.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

from aggregator.facts.snapshot import Snapshot
from aggregator.run.clock import judge_clock, mended
from aggregator.run.proof import PROOF, Proof, believed, read_proof
from aggregator.store.opening import CATALOGUE, open_store, read_published
from aggregator.words.errors import (
    AbsentError,
    AggregatorError,
    SourceError,
    StateError,
    UsageError,
)

PUBLISHED = f"data/{CATALOGUE}"
LARGEST = 1_000_000_000
LARGEST_PROOF = 50_000_000


class Received(Protocol):
    """A file that came over the network."""

    @property
    def content(self) -> bytes:
        """Return its bytes."""
        ...

    @property
    def server_time(self) -> datetime | None:
        """Return what the server said the time was."""
        ...


Download = Callable[[str, int], Received]


@dataclass(frozen=True, slots=True)
class Found:
    """What a place holds."""

    address: str
    snapshot: Snapshot
    proof: Proof | None = None

    @property
    def rank(self) -> tuple[int, float]:
        """Order by publication, and by the age of the facts where there is no proof."""
        fetched = self.snapshot.fetched_at
        return (self.proof.generation if self.proof else 0, fetched.timestamp() if fetched else 0.0)


@dataclass(frozen=True, slots=True)
class Search:
    """What looking at several places brought."""

    best: Found | None
    problems: tuple[AggregatorError, ...] = ()

    @property
    def never_published(self) -> bool:
        """Tell whether every place answered that there is nothing, and never was."""
        absent = all(isinstance(problem, AbsentError) for problem in self.problems)
        return self.best is None and bool(self.problems) and absent

    @property
    def obstacle(self) -> AggregatorError | None:
        """Give the problem to name: a place that holds nothing explains less than any other."""
        telling = (one for one in self.problems if not isinstance(one, AbsentError))
        return next(telling, next(iter(self.problems), None))


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought."""

    entries: int
    fetched_at: datetime | None
    replaced: bool = True  # False: the catalogue here is at least as new and was kept
    proof: Proof | None = None
    address: str = ""
    unread: str | None = None  # what of the published one this version could not read


def published_at(url: str) -> str:
    """Return where a site publishes its catalogue; the address of a .db file is taken as it is."""
    return url if url.endswith(".db") else f"{url.rstrip('/')}/{PUBLISHED}"


def search(
    places: Sequence[str],
    download: Download,
    now: datetime,
    accept: Callable[[Snapshot, str], None] = lambda _snapshot, _where: None,
) -> Search:
    """Look at every place for a catalogue, and choose that of the newest publication.

    Args:
        places: Addresses of published sites or of catalogues, or folders that hold one.
        download: Brings a file of at most so many bytes; ``aggregator.github.download``.
        now: Dates later than this are not believed, nor is this when a server contradicts it.
        accept: Raises when a catalogue is somebody else's.

    Raises:
        SourceError: The clock of this machine is wrong.
    """
    found: list[Found] = []
    problems: list[AggregatorError] = []
    for place in places:
        try:
            one = _look(place, download, now)
            accept(one.snapshot, one.address)
            found.append(one)
        except (SourceError, StateError) as problem:
            if isinstance(problem, _WrongClockError):
                raise
            problems.append(problem)
    return Search(max(found, key=lambda one: one.rank, default=None), tuple(problems))


def restore(found: Found, database: Path, now: datetime) -> Restored:
    """Fill the catalogue here from one that was found, unless what is here is as new.

    Args:
        found: From ``search``.
        database: Where the catalogue lives on this machine.
        now: Dates in the catalogue here that are later than this are not believed.

    Raises:
        StateError: The catalogue here cannot be used.
    """
    snapshot = found.snapshot
    with open_store(database) as store:
        # Under the lock: a run that ends meanwhile may have brought news.
        here = mended(store.read(), now)
        if here.records and not _newer(snapshot, here):
            return Restored(len(here.records), here.fetched_at, False, found.proof, found.address)
        store.replace(snapshot)
    return Restored(
        len(snapshot.records),
        snapshot.fetched_at,
        proof=found.proof,
        address=found.address,
        unread=snapshot.unread,
    )


def nowhere() -> UsageError:
    """Say that no place was named to look at."""
    return UsageError(
        "there is nowhere to restore from",
        "neither an address nor showcase.url is given",
        "say aggregator restore https://... or set showcase.url",
    )


def no_memory(looked: Search) -> StateError:
    """Say that a run may not go on, because what it would replace cannot be had."""
    why = looked.obstacle or nowhere()
    return StateError(
        "this run has no memory, and what was published cannot be brought back",
        f"{why.what}: {why.cause}" if why.cause else why.what,
        f"nothing was asked or published; {why.cure or 'try again later'}; a copy of the memory "
        "can be named with --copy, and a first site is published with --first-night",
    )


class _WrongClockError(SourceError):
    """No place can be judged with a wrong clock."""


def _newer(published: Snapshot, here: Snapshot) -> bool:
    if published.fetched_at is None:
        return False
    return here.fetched_at is None or here.fetched_at < published.fetched_at


def _look(place: str, download: Download, now: datetime) -> Found:
    if "://" not in place:
        return _look_here(Path(place), now)
    address = published_at(place)
    content = _received(address, LARGEST, download, now)
    if content is None:
        raise _nothing_at(place, address, download, now)
    proof = _received(urljoin(address, PROOF), LARGEST_PROOF, download, now)
    return _found(address, content, proof, now)


def _look_here(place: Path, now: datetime) -> Found:
    """Look into a folder of this machine: a built site, a copy of the memory, or the file."""
    if not place.exists():
        raise SourceError(
            f"{place} is not there",
            "it is no web address, and no folder or file of this machine",
            "name a folder that holds a catalogue, or an address that begins with https://",
        )
    candidates = [place / PUBLISHED, place / CATALOGUE] if place.is_dir() else [place]
    path = next((candidate for candidate in candidates if candidate.is_file()), None)
    if path is None:
        raise AbsentError(f"{place} holds no catalogue", "the folder is there, and empty of it")
    proof = path.with_name(PROOF)
    return _found(
        str(path), path.read_bytes(), proof.read_bytes() if proof.is_file() else None, now
    )


def _received(address: str, largest: int, download: Download, now: datetime) -> bytes | None:
    """Download a file, or None when the server says that there is none."""
    try:
        received = download(address, largest)
    except AbsentError:
        return None
    try:
        judge_clock(now, received.server_time)
    except SourceError as problem:
        raise _WrongClockError(problem.what, problem.cause, problem.cure) from problem
    return received.content


def _nothing_at(place: str, address: str, download: Download, now: datetime) -> SourceError:
    """Tell a site that was never published from one that is there without its catalogue."""
    gone = "the server answered 404"
    if place == address or _received(f"{place.rstrip('/')}/", LARGEST, download, now) is None:
        return AbsentError(f"{address} cannot be downloaded", gone, "check the address")
    return SourceError(
        f"{address} cannot be downloaded",
        f"{gone}, although a site is published at {place}",
        "check the address; where that site may be replaced by a first one, say --first-night",
    )


def _found(address: str, content: bytes, proof: bytes | None, now: datetime) -> Found:
    snapshot = mended(_examined(content, address), now)
    shown = read_proof(proof, f"the proof beside {address}") if proof is not None else None
    return Found(address, snapshot, believed(shown, now) if shown else None)


def _examined(content: bytes, address: str) -> Snapshot:
    with tempfile.TemporaryDirectory(prefix="aggregator-restore-") as folder:
        path = Path(folder) / "published.db"
        path.write_bytes(content)
        try:
            return read_published(path)
        except StateError as error:
            raise StateError(
                f"{address} is not a catalogue that can be used",
                str(error),
                "nothing was changed; check the address, or name a copy of the memory",
            ) from error
