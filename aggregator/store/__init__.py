"""``catalogue.db``: the last good truth, in one SQLite file.

WAL while a run works, one plain file when published; the schema's version is in ``user_version``.
Nothing here judges facts: ``fetch`` decides what to keep and this package keeps it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pydantic import ValidationError

from aggregator.errors import StateError
from aggregator.facts import Snapshot
from aggregator.store.export import rewrite_copy
from aggregator.store.lock import only_run
from aggregator.store.schema import connect, require_our_schema
from aggregator.store.store import Store, marks_of, read_all

CATALOGUE = "catalogue.db"
LOCK_WAIT = 5.0

__all__ = [
    "CATALOGUE",
    "Store",
    "export_catalogue",
    "marks_of",
    "open_store",
    "read_published",
    "read_snapshot",
    "rewrite_copy",
]


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
    with only_run(path, wait), closing(connect(path)) as connection:
        store = Store(connection, path)
        yield store
        store.flush()


def read_snapshot(path: Path) -> Snapshot:
    """Read a catalogue without keeping others from writing it; an absent one is empty.

    Raises:
        StateError: The file is damaged, foreign or too new.
    """
    if not path.exists():
        return Snapshot()
    with closing(connect(path)) as connection:
        return Store(connection, path).read()


def export_catalogue(path: Path, target: Path) -> None:
    """Write the published copy of a catalogue to ``target``."""
    with closing(connect(path)) as connection:
        Store(connection, path).export(target)


def read_published(path: Path) -> Snapshot:
    """Read a private copy of a catalogue that came from elsewhere, without trusting it.

    Raises:
        StateError: It is damaged, foreign or doctored.
    """
    try:
        with closing(
            sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            require_our_schema(connection)
        with closing(connect(path)) as connection:  # brings an older version up to date
            return read_all(connection)
    except (sqlite3.Error, ValidationError) as error:
        raise StateError("it cannot be read", str(error).splitlines()[0]) from error
