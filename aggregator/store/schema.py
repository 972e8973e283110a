"""Opens ``catalogue.db`` and brings it to the current schema; refuses what is not ours.

The version is in ``user_version``, and ``application_id`` tells our files from anybody else's.
Migrations are the numbered ``.sql`` files beside this module, one transaction each.
"""

import sqlite3
from contextlib import ExitStack, closing
from functools import cache
from importlib.resources import files
from pathlib import Path

from aggregator.words.causes import RESTORE
from aggregator.words.errors import StateError

CATALOGUE = "catalogue.db"
WEBSITES = "websites.json"  # beside it: what visits to websites brought
NEIGHBOURS = "neighbours.json"  # and what other showcases said
APPLICATION_ID = 0x41_47_52_43  # "AGRC"
BUSY_SECONDS = 30.0
MOVE_AWAY = f"move it away; {RESTORE} brings back the published one"
# How a file of SQLite begins: https://www.sqlite.org/fileformat.html#magic_header_string
SQLITE_MAGIC = b"SQLite format 3\x00"
Object = tuple[str, str, str, str | None]


@cache
def migrations() -> tuple[str, ...]:
    """Return the migrations in order; the first makes an empty file into version 1."""
    folder = files(__package__) / "migrations"
    scripts = sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=str)
    return tuple(script.read_text(encoding="utf-8") for script in scripts)


def newest_schema() -> int:
    """Return the version of the schema that this program writes."""
    return len(migrations())


def connect(path: Path) -> sqlite3.Connection:
    """Open a catalogue for reading and writing, at the current schema.

    Raises StateError for one that is damaged, foreign, from a newer version, or not to be opened.
    """
    _require_ours(path)
    try:
        with ExitStack() as undo:
            opened = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            connection = undo.enter_context(closing(opened))
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = NORMAL")
            _require_known(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection)
            undo.pop_all()
            return connection
    # Python cannot quote every byte of what SQLite says of a damaged schema.
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StateError(f"{path} cannot be used", str(error), MOVE_AWAY) from error


def is_newer(path: Path) -> bool:
    """Tell whether a newer version of this program wrote a catalogue; look without touching it."""
    _require_ours(path)
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as connection:
            ours = pragma(connection, "application_id") == APPLICATION_ID
            return ours and pragma(connection, "user_version") > newest_schema()
    except (sqlite3.Error, UnicodeDecodeError):
        return False  # whoever opens it next says what is wrong with it


@cache
def released_objects(version: int) -> frozenset[Object]:
    """List what stands in a file of a version of the schema, as type, name, table and text.

    Of a version that is not known, what stands in a file of the newest one that is.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrate(fresh, max(version, 1))
        return frozenset(fresh.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))


def migrate(connection: sqlite3.Connection, newest: int | None = None) -> None:
    """Bring an open catalogue to the current schema, or to an older one: a transaction a step."""
    version = pragma(connection, "user_version")
    for number, script in enumerate(migrations()[version:newest], start=version + 1):
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE;\n{script}\nPRAGMA application_id = {APPLICATION_ID};\n"
                f"PRAGMA user_version = {number};\nCOMMIT;"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            # Another process may have brought it up to date between our look and our turn.
            if pragma(connection, "user_version") < number:
                raise


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """Read a number that SQLite keeps in the head of the file."""
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _require_ours(path: Path) -> None:
    if path.is_dir():
        raise StateError(f"{path} is a folder", "the catalogue is a file", "remove the folder")
    if not path.parent.is_dir():
        raise StateError(f"{path.parent} does not exist", cure="create it or name another --state")
    if path.exists() and path.stat().st_size:
        with path.open("rb") as file:
            if file.read(len(SQLITE_MAGIC)) != SQLITE_MAGIC:
                raise StateError(f"{path} is not a catalogue", "it is no SQLite file", MOVE_AWAY)


def _require_known(connection: sqlite3.Connection, path: Path) -> None:
    version = pragma(connection, "user_version")
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and pragma(connection, "application_id") != APPLICATION_ID:
        raise StateError(f"{path} is not a catalogue", "another program made it", "move it away")
    if version > newest_schema():
        raise StateError(
            f"{path} was written by a newer version",
            f"its schema is {version}, this program knows {newest_schema()}: it can be read, but "
            "writing to it would lose what the newer version added",
            f"upgrade the program; or move the file away, and {RESTORE} takes over what this "
            "version knows",
        )
