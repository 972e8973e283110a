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
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from aggregator.facts.snapshot import Snapshot
from aggregator.run.clock import judge_clock, mended
from aggregator.run.proof import PROOF, Proof, believed, read_proof
from aggregator.store.reading import read_unknown
from aggregator.store.store import CATALOGUE, open_store
from aggregator.words.errors import (
    AbsentError,
    AggregatorError,
    SourceError,
    StateError,
    UsageError,
)

# Only a type: `status` reads this module too and waits for no network.
if TYPE_CHECKING:
    from aggregator.github.download import Downloaded

_PUBLISHED = f"data/{CATALOGUE}"
_LARGEST = 1_000_000_000
_LARGEST_PROOF = 50_000_000

Download = Callable[[str, int], "Downloaded"]
Receive = Callable[[str, int], bytes | None]


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
    def obstacle(self) -> AggregatorError:
        """Give the problem to name: a place that holds nothing explains less than any other."""
        telling = (one for one in self.problems if not isinstance(one, AbsentError))
        nowhere = UsageError(
            "there is nowhere to restore from",
            "neither an address nor showcase.url is given",
            "say aggregator restore https://... or set showcase.url",
        )
        return next(telling, next(iter(self.problems), nowhere))


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought; not `replaced`: the catalogue here is as new and was kept."""

    entries: int
    fetched_at: datetime | None
    replaced: bool = True


def published_at(url: str) -> str:
    """Return where a site publishes its catalogue; the address of a .db file is taken as it is."""
    return url if url.endswith(".db") else f"{url.rstrip('/')}/{_PUBLISHED}"


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
        SourceError: The clock of this machine is wrong, so that no place can be judged.
    """
    found: list[Found] = []
    problems: list[AggregatorError] = []
    told: list[datetime | None] = []  # what servers said the time was

    def receive(address: str, largest: int) -> bytes | None:
        try:
            received = download(address, largest)
        except AbsentError:
            return None
        told.append(received.server_time)
        return received.content

    for place in places:
        try:
            look = _look_there if "://" in place else _look_here
            one = look(place, receive, now)
            accept(one.snapshot, one.address)
            found.append(one)
        except (SourceError, StateError) as problem:
            problems.append(problem)
        for server_time in told:
            judge_clock(now, server_time)
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
        if here.records and not _newer(snapshot.fetched_at, here.fetched_at):
            return Restored(len(here.records), here.fetched_at, replaced=False)
        store.replace(snapshot)
    return Restored(len(snapshot.records), snapshot.fetched_at)


def no_memory(looked: Search) -> StateError:
    """Say that a run may not go on, because what it would replace cannot be had."""
    why = looked.obstacle
    return StateError(
        "this run has no memory, and what was published cannot be brought back",
        f"{why.what}: {why.cause}" if why.cause else why.what,
        f"nothing was asked or published; {why.cure or 'try again later'}; a copy of the memory "
        "can be named with --copy, and a first site is published with --first-night",
    )


def _newer(published: datetime | None, here: datetime | None) -> bool:
    return published is not None and (here is None or here < published)


def _look_there(place: str, receive: Receive, now: datetime) -> Found:
    """Look at a published site, and tell one that is there without its catalogue from none."""
    address = published_at(place)
    content = receive(address, _LARGEST)
    if content is not None:
        return _found(address, content, receive(urljoin(address, PROOF), _LARGEST_PROOF), now)
    gone = "the server answered 404"
    if place == address or receive(f"{place.rstrip('/')}/", _LARGEST) is None:
        raise AbsentError(f"{address} cannot be downloaded", gone, "check the address")
    raise SourceError(
        f"{address} cannot be downloaded",
        f"{gone}, although a site is published at {place}",
        "check the address; where that site may be replaced by a first one, say --first-night",
    )


def _look_here(place: str, _receive: Receive, now: datetime) -> Found:
    """Look into a folder of this machine: a built site, a copy of the memory, or the file."""
    folder = Path(place)
    if not folder.exists():
        raise SourceError(
            f"{folder} is not there",
            "it is no web address, and no folder or file of this machine",
            "name a folder that holds a catalogue, or an address that begins with https://",
        )
    places = [folder / _PUBLISHED, folder / CATALOGUE] if folder.is_dir() else [folder]
    path = next((candidate for candidate in places if candidate.is_file()), None)
    if path is None:
        raise AbsentError(f"{folder} holds no catalogue", "the folder is there, and empty of it")
    proof = path.with_name(PROOF)
    shown = proof.read_bytes() if proof.is_file() else None
    return _found(str(path), path.read_bytes(), shown, now)


def _found(address: str, content: bytes, proof: bytes | None, now: datetime) -> Found:
    snapshot = mended(_examined(content, address), now)
    shown = read_proof(proof, f"the proof beside {address}") if proof is not None else None
    return Found(address, snapshot, believed(shown, now) if shown else None)


def _examined(content: bytes, address: str) -> Snapshot:
    with tempfile.TemporaryDirectory(prefix="aggregator-restore-") as folder:
        path = Path(folder) / "published.db"
        path.write_bytes(content)
        try:
            return read_unknown(path, foreign=True)
        except StateError as error:
            raise StateError(
                f"{address} is not a catalogue that can be used",
                str(error),
                "nothing was changed; check the address, or name a copy of the memory",
            ) from error
