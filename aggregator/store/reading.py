"""Reads a catalogue of any version: this one's, an older one's, a newer one's, a stranger's.

Read tolerant, write strict. Only plain tables are read, column by column by name, so that nothing
that stands in the file beside them is ever run; what a newer version added is left aside and named.
The promises are written down in docs/state.md.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from aggregator.facts.record import Record
from aggregator.facts.snapshot import Change, Day, Mark, Snapshot
from aggregator.store import rows
from aggregator.store.schema import (
    APPLICATION_ID,
    Object,
    newest_schema,
    pragma,
    released_objects,
)
from aggregator.words.errors import StateError

T = TypeVar("T")

Columns = Mapping[str, tuple[str, ...]]
"""What may be read: the names of tables, and of the columns of each."""

TABLES: Columns = {
    "entries": (*rows.RECORD_COLUMNS, "unlisted_since"),
    "readmes": ("oid", "content", "html"),
    "changes": ("id", *Change.model_fields),
    "days": tuple(Day.model_fields),
    "marks": tuple(Mark.model_fields),
    "about": ("key", "value"),
}
"""What is read of each table."""

LISTED = "unlisted_since IS NULL"
_PRAGMAS = frozenset({"application_id", "user_version", "table_xinfo", "integrity_check"})
_MOST_NAMED = 5
_NOT_OURS = "its tables are not ours"


class Unread:
    """Collects what of a catalogue could not be read, to be said in one sentence."""

    def __init__(self, version: int) -> None:
        self._version = version
        self.newer_schema = version > newest_schema()
        self._counts = Counter[str]()

    def note(self, what: str) -> None:
        """Remember one thing that is left aside; its name may come from a stranger."""
        self._counts["".join(sign if sign.isprintable() else "?" for sign in what[:60])] += 1

    @property
    def sentence(self) -> str | None:
        """Say what was left aside, or None when everything was read."""
        parts = []
        if self.newer_schema:
            parts.append(f"its schema is {self._version}, this program knows {newest_schema()}")
        if self._counts:
            named = [f"{name} ({count})" for name, count in sorted(self._counts.items())]
            more = [f"{len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
            parts.append("left aside: " + ", ".join(named[:_MOST_NAMED] + more))
        if not parts:
            return None
        return f"the catalogue was written by a newer version of this program: {'; '.join(parts)}"


def read_unknown(path: Path, *, foreign: bool) -> Snapshot:
    """Read a catalogue that is newer than this program, or came from outside, without trusting it.

    A `foreign` one must be a private copy, and is examined first. Raises StateError when it is
    damaged, another program's, or doctored.
    """
    try:
        with closing(_open_guarded(path, changing=not foreign)) as connection:
            if foreign:
                _require_sound(connection)
            return read_all(connection)
    except (sqlite3.Error, ValidationError, UnicodeDecodeError) as error:
        raise StateError("it cannot be read", str(error).splitlines()[0]) from error


def read_tables(path: Path, tables: Columns) -> dict[str, list[tuple[Any, ...]]] | None:
    """Read plain tables, by name and columns, that a published catalogue has beside its records.

    Returns:
        The rows of each table; none for one that is not there. None when no table is there.

    Raises:
        sqlite3.Error: It is no SQLite file, or one of the columns is not there.
        StateError: A table is no plain one.
    """
    with closing(_open_guarded(path, tables=tables)) as db:
        found = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        here = {name: kind for kind, name, *_ in found if name in tables}
        if set(here.values()) - {"table"} or any(map(_is_code, found)):
            raise StateError(_NOT_OURS)
        if not here:
            return None
        # The names are constants of this package, and none of the file's.
        return {
            table: db.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall()  # noqa: S608 - ours
            if table in here
            else []
            for table, names in tables.items()
        }


def read_all(db: sqlite3.Connection) -> Snapshot:
    """Read a whole catalogue; raises sqlite3.Error or ValidationError when it makes no sense."""
    unread = Unread(pragma(db, "user_version"))
    about = {row.get("key"): row.get("value") for row in _select(db, "about")}
    records = read_records(db, LISTED, unread)
    blobs = list(_select(db, "readmes", "true ORDER BY oid"))
    newest_first = _select(db, "changes", "true ORDER BY date DESC, id DESC")
    days = _select(db, "days", "true ORDER BY date")
    marks = _select(db, "marks", "true ORDER BY date, repo")
    return Snapshot(
        **{n: about.get(n) for n in ("fetched_at", "notice", "community", "repository_id")},
        records={record.key: record for record in records},
        readmes={row["oid"]: row.get("content") for row in blobs},
        renderings={row["oid"]: row["html"] for row in blobs if row.get("html")},
        changes=tuple(_each(rows.read_change, newest_first, unread)),
        history=tuple(_each(partial(rows.read_plain, Day), days, unread)),
        marks=tuple(_each(partial(rows.read_plain, Mark), marks, unread)),
        unread=unread.sentence,
    )


def read_records(db: sqlite3.Connection, where: str, unread: Unread) -> list[Record]:
    """Read the records of some entries, in the order of their keys, with the names they had."""
    about = {row.get("key"): row.get("value") for row in _select(db, "about")}

    def read(row: rows.Row, note: rows.Note) -> Record:
        return rows.read_record(row, note, about.get(f"{rows.FORMER_NAMES}{row['key']}"))

    return _each(read, _select(db, "entries", f"{where} ORDER BY key"), unread)


def _present_columns(db: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """List which of the columns that are known of a table a file has.

    One that would be computed when it is read raises StateError: then the file is doctored.
    """
    found = {row[1]: row[6] for row in db.execute(f"PRAGMA table_xinfo({table})")}
    here = tuple(name for name in TABLES[table] if name in found)
    if any(found[name] for name in here):
        raise StateError(_NOT_OURS)
    return here


def _open_guarded(
    path: Path, *, changing: bool = True, tables: Columns = TABLES
) -> sqlite3.Connection:
    """Open a catalogue so that nothing can be written and nothing of its schema can run.

    Another process may be `changing` it meanwhile, unless it is a private copy.
    """
    mode = "mode=ro" if changing else "mode=ro&immutable=1"
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)
    # As https://www.sqlite.org/security.html asks of whoever opens a database of somebody else,
    # but for trusted_schema: some releases of SQLite then refuse the computed columns of our own.
    # Nothing computed is ever asked for instead.
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA query_only = ON")
    connection.set_authorizer(partial(_only_plain_tables, tables))
    return connection


def _only_plain_tables(
    tables: Columns,
    action: int,
    one: str | None,
    two: str | None,
    _schema: str | None,
    inside: str | None,
) -> int:
    """Let SQLite do nothing but read known columns; `inside` names a view or a trigger."""
    allowed = inside is None and (
        action == sqlite3.SQLITE_SELECT
        or (action == sqlite3.SQLITE_PRAGMA and one in _PRAGMAS)
        or (
            action == sqlite3.SQLITE_READ
            and (one == "sqlite_master" or (two or "") in tables.get(one or "", ()))
        )
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _select(db: sqlite3.Connection, table: str, where: str = "true") -> Iterable[rows.Row]:
    """Read the columns of a table that this version knows and this file has, as dictionaries."""
    names = _present_columns(db, table)
    # The names are constants of this package, of which the file has the columns.
    query = f"SELECT {', '.join(names)} FROM {table} NOT INDEXED WHERE {where}"  # noqa: S608 - ours
    return (dict(zip(names, row, strict=True)) for row in db.execute(query))


def _each(
    read: Callable[[rows.Row, rows.Note], T | None], found: Iterable[rows.Row], unread: Unread
) -> list[T]:
    """Read rows one by one; of a newer schema's, those that make no sense here are left out."""
    kept = []
    for row in found:
        try:
            one = read(row, unread.note)
        except ValidationError:
            if not unread.newer_schema:
                raise
            unread.note("a whole row")
            continue
        if one is not None:
            kept.append(one)
    return kept


def _require_sound(connection: sqlite3.Connection) -> None:
    """Refuse a file from outside that is not a catalogue, is damaged, or could do anything.

    Views and further tables are welcome, as they are never read. Triggers and virtual tables are
    code, and no version ever publishes them. Checking a table computes its computed columns, so
    only tables that are word for word ours are checked; those of a newer version may differ and
    are then believed row by row.
    """
    if pragma(connection, "application_id") != APPLICATION_ID:
        raise StateError("another program made it")
    version = pragma(connection, "user_version")
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    tables = {name for kind, name, *_ in found if kind == "table"}
    if not tables >= TABLES.keys() or any(map(_is_code, found)):
        raise StateError(_NOT_OURS)
    ours = released_objects(version)
    for table in TABLES:
        _present_columns(connection, table)
        if {one for one in found if one[2] == table} == {one for one in ours if one[2] == table}:
            if connection.execute(f"PRAGMA integrity_check({table})").fetchone()[0] != "ok":
                raise StateError("it is damaged")
        elif version <= newest_schema():
            raise StateError(_NOT_OURS)


def _is_code(found: Object) -> bool:
    kind, _name, _table, sql = found
    virtual = kind == "table" and re.match(r"\s*CREATE\s+TABLE\b", sql or "", re.IGNORECASE) is None
    return virtual or kind == "trigger"
