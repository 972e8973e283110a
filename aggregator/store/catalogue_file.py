"""``catalogue.db``: the last good truth, in one SQLite file.

WAL while a run works, one plain file when published; the schema's version is in ``user_version``.
Nothing here judges facts: ``fetch`` decides what to keep and this package keeps it.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from aggregator.facts.snapshot import Snapshot
from aggregator.store.export import Rewriting, Statement, publish_copy, rewrite_copy
from aggregator.store.locking import hold
from aggregator.store.reading import read_guarded
from aggregator.store.schema import connect, is_newer
from aggregator.store.store import Store
from aggregator.words.errors import StateError

CATALOGUE = "catalogue.db"
LOCK_WAIT = 5.0
EXPORT_WAIT = 60.0


@contextmanager
def open_store(path: Path, wait: float = LOCK_WAIT) -> Iterator[Store]:
    """Open a catalogue for writing, made when absent; only one run at a time may.

    Args:
        path: The file, usually ``STATE/catalogue.db``; its folder is made when absent.
        wait: Seconds to wait for another run.

    Raises:
        StateError: Another run holds it, or the file is damaged, foreign or too new.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_suffix(".lock")
    with hold(lock, wait, f"the catalogue {path}"), closing(connect(path)) as connection:
        store = Store(connection, path)
        yield store
        store.flush()


def read_snapshot(path: Path) -> Snapshot:
    """Read a catalogue without keeping others from writing it; an absent one is empty.

    One that a newer version wrote is read as far as this version knows it, and nothing of it is
    touched; ``Snapshot.unread`` then says so.

    Raises:
        StateError: The file is damaged or foreign.
    """
    if not path.exists():
        return Snapshot()
    if is_newer(path):
        try:
            return read_guarded(path, foreign=False)
        except StateError as error:
            raise StateError(
                f"{path} was written by a newer version", error.what, "upgrade the program"
            ) from error
    with closing(connect(path)) as connection:
        return Store(connection, path).read()


def export_catalogue(
    path: Path,
    target: Path,
    shown: Collection[str] | None = None,
    more: Iterable[Statement] = (),
) -> None:
    """Write the published copy of a catalogue to ``target``.

    Args:
        path: The catalogue, of any version.
        target: Where the copy goes; its folder must exist.
        shown: Keys of the entries whose READMEs are shown; no other README is in any byte of the
            copy. None shows all.
        more: What to run on the copy when it is filled, such as making views of what visitors see.
    """
    if not is_newer(path):
        connect(path).close()  # brings an older version up to date
    publish_copy(path, target, shown, more)


def published_bytes(
    path: Path,
    shown: Collection[str] | None = None,
    more: Iterable[Statement] = (),
    *,
    rewriting: Rewriting | None = None,
) -> bytes:
    """Give the copy of a catalogue that is published; see ``export_catalogue``, ``rewrite_copy``.

    It is made beside the catalogue, one process at a time, so that two builds never write into
    each other's copy and what a killed one left is overwritten.

    Raises:
        StateError: Another process takes too long over it, or the catalogue cannot be used.
    """
    copy = path.with_name("published.db")
    with hold(copy.with_suffix(".lock"), EXPORT_WAIT, f"the copy {copy}"):
        try:
            export_catalogue(path, copy, shown, more)
            if rewriting:
                rewrite_copy(copy, *rewriting)
            return copy.read_bytes()
        finally:
            copy.unlink(missing_ok=True)


def read_published(path: Path) -> Snapshot:
    """Read a private copy of a catalogue that came from elsewhere, without trusting it.

    Raises:
        StateError: It is damaged, foreign or doctored.
    """
    return read_guarded(path, foreign=True)
