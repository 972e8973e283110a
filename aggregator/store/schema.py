"""Opens ``catalogue.db`` and brings it to the current schema; refuses what is not ours.

The version is in ``user_version``, and ``application_id`` tells our files from anybody else's.
Migrations are the numbered ``.sql`` files beside this module, one transaction each.
"""

import sqlite3
from contextlib import closing
from functools import cache
from importlib.resources import files
from pathlib import Path

from aggregator.errors import StateError

APPLICATION_ID = 0x41_47_52_43  # "AGRC"
BUSY_SECONDS = 30.0
_MAGIC = b"SQLite format 3\x00"


@cache
def migrations() -> tuple[str, ...]:
    """Return the migrations in order; the first makes an empty file into version 1."""
    folder = files(__package__) / "migrations"
    scripts = sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=str)
    return tuple(script.read_text(encoding="utf-8") for script in scripts)


def connect(path: Path) -> sqlite3.Connection:
    """Open a catalogue for reading and writing, at the current schema.

    Raises:
        StateError: The file is damaged, foreign, from a newer version, or cannot be opened.
    """
    _require_ours(path)
    try:
        connection = _open(path)
    except sqlite3.Error as error:
        raise _unusable(path, error) from error
    try:
        _require_known(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        _migrate(connection)
    except sqlite3.Error as error:
        connection.close()
        raise _unusable(path, error) from error
    except StateError:
        connection.close()
        raise
    return connection


def require_our_schema(connection: sqlite3.Connection) -> None:
    """Refuse a file that came from outside unless its schema is, word for word, our own.

    A foreign trigger, view or computed column would run when the file is read.

    Raises:
        StateError: It is another program's file, another version's, damaged, or doctored.
    """
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise StateError("another program made it")
    version = _pragma(connection, "user_version")
    if not 1 <= version <= len(migrations()):
        raise StateError("a newer version of this program made it")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        for number, script in enumerate(migrations()[:version], start=1):
            _apply(fresh, number, script)
        if _objects(connection) != _objects(fresh):
            raise StateError("its tables are not ours")
    if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        raise StateError("it is damaged")


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str, str | None]]:
    query = "SELECT type, name, sql FROM sqlite_master"
    return {(row[0], row[1], row[2]) for row in connection.execute(query)}


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _require_ours(path: Path) -> None:
    if path.is_dir():
        raise StateError(f"{path} is a folder", "the catalogue is a file", "remove the folder")
    if not path.parent.is_dir():
        raise StateError(f"{path.parent} does not exist", cure="create it or name another --state")
    if path.exists() and path.stat().st_size and _first_bytes(path) != _MAGIC:
        raise StateError(
            f"{path} is not a catalogue",
            "it is no SQLite file",
            "move it away; `aggregator restore URL` brings back the published one",
        )


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_MAGIC))


def _require_known(connection: sqlite3.Connection, path: Path) -> None:
    version = _pragma(connection, "user_version")
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and _pragma(connection, "application_id") != APPLICATION_ID:
        raise StateError(f"{path} is not a catalogue", "another program made it", "move it away")
    if version > len(migrations()):
        raise StateError(
            f"{path} was written by a newer version",
            f"its schema is {version}, this program knows {len(migrations())}",
            "upgrade the program",
        )


def _migrate(connection: sqlite3.Connection) -> None:
    version = _pragma(connection, "user_version")
    for number, script in enumerate(migrations()[version:], start=version + 1):
        try:
            _apply(connection, number, script)
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            # Another process may have brought it up to date between our look and our turn.
            if _pragma(connection, "user_version") < number:
                raise


def _apply(connection: sqlite3.Connection, number: int, script: str) -> None:
    connection.executescript(
        f"BEGIN IMMEDIATE;\n{script}\nPRAGMA application_id = {APPLICATION_ID};\n"
        f"PRAGMA user_version = {number};\nCOMMIT;"
    )


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _unusable(path: Path, error: sqlite3.Error) -> StateError:
    return StateError(
        f"{path} cannot be used",
        str(error),
        "move it away; `aggregator restore URL` brings back the published one",
    )
