"""Starts a fresh machine from the last published catalogue, and trusts nothing that it downloads.

The file is never put in place: it is opened read-only, only its plain tables are read, every row
must be a fact, and what passes is written into a new catalogue of our own making.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.errors import StateError
from aggregator.facts import Snapshot
from aggregator.store import open_store, read_published

PUBLISHED = "data/catalogue.db"
LARGEST = 1_000_000_000
Download = Callable[[str, int], bytes]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought."""

    entries: int
    fetched_at: datetime | None
    replaced: bool = True  # False: the catalogue here is at least as new and was kept
    unread: str | None = None  # what of the published one this version could not read


def published_at(url: str) -> str:
    """Return where a site publishes its catalogue; the address of a .db file is taken as it is."""
    return url if url.endswith(".db") else f"{url.rstrip('/')}/{PUBLISHED}"


def restore(url: str, database: Path, download: Download, now: datetime) -> Restored:
    """Fill the catalogue from a published one, unless what is here is as new.

    Args:
        url: Address of a published site, or of its catalogue.
        database: Where the catalogue lives on this machine.
        download: Brings a file of at most so many bytes; ``aggregator.github.download``.
        now: A catalogue that says it was fetched after a day from now is refused.

    Raises:
        SourceError: Nothing could be downloaded.
        StateError: The file is damaged or foreign, or the one here cannot be used.
    """
    address = published_at(url)
    snapshot = _examined(download(address, LARGEST), address)
    _refuse_future(snapshot, address, now)
    with open_store(database) as store:
        here = store.read()  # under the lock: a run that ends meanwhile may have brought news
        if here.records and not _newer(snapshot, here):
            return Restored(len(here.records), here.fetched_at, replaced=False)
        store.replace(snapshot)
    return Restored(len(snapshot.records), snapshot.fetched_at, unread=snapshot.unread)


def _refuse_future(snapshot: Snapshot, address: str, now: datetime) -> None:
    if snapshot.fetched_at and snapshot.fetched_at > now + timedelta(days=1):
        raise StateError(
            f"{address} is not a catalogue that can be used",
            f"it says that it was fetched on {snapshot.fetched_at:%Y-%m-%d}, which is yet to come",
            "nothing was changed; the next update fetches everything anew",
        )


def _newer(published: Snapshot, here: Snapshot) -> bool:
    if published.fetched_at is None:
        return False
    return here.fetched_at is None or here.fetched_at < published.fetched_at


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
                "nothing was changed; the next update fetches everything anew",
            ) from error
