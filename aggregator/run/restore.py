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
from shlex import quote
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from aggregator.facts.snapshot import Snapshot
from aggregator.run.clock import judge_clock, mended
from aggregator.run.proof import Proof, read_proof
from aggregator.run.workspace import PROOF
from aggregator.site.contents import LAST_RUN
from aggregator.store.reading import read_unknown
from aggregator.store.schema import CATALOGUE
from aggregator.store.store import open_store
from aggregator.words.causes import RESTORE
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
_Brought = tuple[str, bytes, bytes | None, bytes | None]  # address, catalogue, proof, last run


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
class Looked:
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


def way_back(url: str | None, output: Path) -> str:
    """Say which command brings a lost memory back.

    Args:
        url: The address of the site, where it is known.
        output: The folder that it is built into; what stands there holds the memory too.
    """
    if url:
        return "`aggregator restore`"
    if (output / _PUBLISHED).is_file():
        return f"`aggregator restore {quote(str(output))}`"
    return RESTORE


def published_at(url: str) -> str:
    """Return where a site publishes its catalogue; the address of a .db file is taken as it is."""
    return url if url.endswith(".db") else f"{url.rstrip('/')}/{_PUBLISHED}"


def find_published(
    places: Sequence[str],
    download: Download,
    now: datetime,
    accept: Callable[[Snapshot, str], None] = lambda _snapshot, _where: None,
) -> Looked:
    """Look at every place for a catalogue, and choose that of the newest publication.

    Args:
        places: Addresses of published sites or of catalogues, or folders that hold one.
        download: Brings a file of at most so many bytes; ``aggregator.github.download``.
        now: Later dates are not believed; SourceError when a server contradicts it.
        accept: Raises when a catalogue is somebody else's.
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
            is_there = "://" in place
            address, content, shown, last_run = (
                _published(place, receive) if is_there else _in_folder(Path(place))
            )
            snapshot = mended(_examined(content, address), now)
            beside = f"the proof beside {address}"
            proof = read_proof(shown, beside, now, last_run) if shown is not None else None
            accept(snapshot, address)
            found.append(Found(address, snapshot, proof))
        except (SourceError, StateError) as problem:
            problems.append(problem)
        for server_time in told:
            judge_clock(now, server_time)
    return Looked(max(found, key=lambda one: one.rank, default=None), tuple(problems))


def restore(found: Found, database: Path, now: datetime) -> Snapshot:
    """Fill the catalogue here from one that was found, unless what is here is as new.

    What is here and lacks days that were published is as new only by its facts: it was begun anew
    when the memory was lost, and it is what `restore` is called for.

    Returns:
        What is here from now on: the very snapshot that was found, or the one that is as new.
    """
    published = found.snapshot.fetched_at
    with open_store(database) as store:
        # Under the lock: a run that ends meanwhile may have brought news.
        here = mended(store.read(), now)
        is_newer = published and (here.fetched_at is None or here.fetched_at < published)
        if here.records and not is_newer and not _begun_anew(here, found.snapshot):
            return here
        store.replace(found.snapshot)
    return found.snapshot


def _begun_anew(here: Snapshot, published: Snapshot) -> bool:
    """Tell whether a memory is none that went on from a published one: its days only grow.

    Fewer records or news say nothing of it: what was taken out here, because it is no longer
    public, may still stand on the site and must not come back from there.
    """
    return len(here.history) < len(published.history)


def _published(place: str, receive: Receive) -> _Brought:
    """Bring catalogue and proof of a site; one that is there without them is told from none."""
    address = published_at(place)
    content = receive(address, _LARGEST)
    if content is not None:
        proof = receive(urljoin(address, PROOF), _LARGEST_PROOF)
        return address, content, proof, receive(urljoin(address, LAST_RUN), _LARGEST_PROOF)
    what, gone = f"{address} cannot be downloaded", "the server answered 404"
    if place == address or receive(f"{place.rstrip('/')}/", _LARGEST) is None:
        raise AbsentError(what, gone, "check the address")
    raise SourceError(
        what,
        f"{gone}, although a site is published at {place}",
        "check the address; where that site may be replaced by a first one, say --first-night",
    )


def _in_folder(folder: Path) -> _Brought:
    """Read catalogue and proof of a built site here, of a copy of the memory, or of the file."""
    if not folder.exists():
        raise SourceError(
            f"{folder} is not there",
            "it is no web address, and no folder or file of this machine",
            "name a folder that holds a catalogue, or an address that begins with https://",
        )
    places = [folder / _PUBLISHED, folder / CATALOGUE] if folder.is_dir() else [folder]
    path = next(filter(Path.is_file, places), None)
    if path is None:
        raise AbsentError(f"{folder} holds no catalogue", "the folder is there, and empty of it")
    beside = (path.with_name(name) for name in (PROOF, LAST_RUN))
    proof, last_run = (one.read_bytes() if one.is_file() else None for one in beside)
    return str(path), path.read_bytes(), proof, last_run


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
