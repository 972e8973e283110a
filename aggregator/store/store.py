"""``catalogue.db``, the last good truth: each batch is one transaction, erased means overwritten.

    open_store --> read, write a batch, write ..., finish        read_snapshot --> Snapshot

WAL while a run works, one plain file when published. Nothing here judges facts: ``fetch`` decides
what to keep and this package keeps it.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from aggregator.facts.record import ReadmeText, Record
from aggregator.facts.snapshot import Change, Day, Mark, Snapshot
from aggregator.store.locking import hold
from aggregator.store.reading import TABLES, Unread, read_all, read_records, read_unknown
from aggregator.store.rows import FORMER_NAMES, RECORD_COLUMNS, former_names_row, record_row
from aggregator.store.schema import MOVE_AWAY, connect, is_newer, newest_schema
from aggregator.words.errors import StateError

LOCK_WAIT = 5.0
KEEP_UNLISTED = timedelta(days=30)


def _insert(table: str, columns: Iterable[str], verb: str = "INSERT") -> str:
    """Write the statement that takes its values by the names of the columns."""
    names = tuple(columns)
    return f"{verb} INTO {table} ({', '.join(names)}) VALUES (:{', :'.join(names)})"


_UPSERT = (
    _insert("entries", RECORD_COLUMNS)
    + " ON CONFLICT (key) DO UPDATE SET unlisted_since = NULL, "
    + ", ".join(f"{name} = excluded.{name}" for name in RECORD_COLUMNS[1:])
)
_CHANGE = _insert("changes", Change.model_fields)
_DAY = _insert("days", Day.model_fields, "INSERT OR REPLACE")
_MARK = _insert("marks", Mark.model_fields, "INSERT OR REPLACE")
_README = _insert("readmes", TABLES["readmes"], "INSERT OR IGNORE")
# What stood under the new name is of another repository unless the number is the same.
_MOVE = (
    """DELETE FROM marks WHERE repo = :new AND NOT EXISTS (
         SELECT 1 FROM entries AS a, entries AS b
         WHERE a.key = :new AND b.key = :old AND a.repository_id IS b.repository_id)""",
    """INSERT OR IGNORE INTO marks (repo, date, stars, forks, open_issues)
       SELECT :new, date, stars, forks, open_issues FROM marks WHERE repo = :old""",
    "DELETE FROM marks WHERE repo = :old",
    "UPDATE changes SET repo = :new WHERE repo = :old",
    "DELETE FROM entries WHERE key = :old",
    "DELETE FROM about WHERE key = :former || :old",
)
_ERASED = (
    "DELETE FROM marks WHERE repo IN (SELECT value FROM json_each(:keys))",
    # Texts that a repository wrote itself; names and dates stay in the tombstone.
    """UPDATE changes SET before = NULL, after = NULL, url = NULL
       WHERE repo IN (SELECT value FROM json_each(:keys))
       AND kind NOT IN ('renamed', 'transferred')""",
)
_READMES_OF = """
    SELECT readme_oid FROM entries WHERE key IN (SELECT value FROM json_each(:keys))
"""
_HIDDEN = """
    DELETE FROM readmes WHERE oid IN (
      SELECT readme_oid FROM entries WHERE key IN (SELECT value FROM json_each(:keys)))
    AND NOT EXISTS (SELECT 1 FROM entries
      WHERE readme_oid = oid AND key NOT IN (SELECT value FROM json_each(:keys)))
"""
_UNUSED_READMES = (
    "DELETE FROM readmes WHERE oid NOT IN "
    "(SELECT readme_oid FROM entries WHERE readme_oid IS NOT NULL)"
)
# Who is back in the registry, and who left it; then what has been away for too long goes.
_UNLISTED = (
    """UPDATE entries SET unlisted_since = NULL
       WHERE unlisted_since IS NOT NULL AND key IN (SELECT value FROM json_each(:keys))""",
    # A clock that ran ahead would keep them until that day.
    """UPDATE entries SET unlisted_since = :now WHERE unlisted_since > :now
       OR (unlisted_since IS NULL AND key NOT IN (SELECT value FROM json_each(:keys)))""",
    """DELETE FROM marks WHERE repo IN (
         SELECT key FROM entries WHERE unlisted_since < :limit)""",
    """DELETE FROM about WHERE key IN (
         SELECT :former || key FROM entries WHERE unlisted_since < :limit)""",
    "DELETE FROM entries WHERE unlisted_since < :limit",
    _UNUSED_READMES,
)
# The numbers of each repository once a week, only where they moved.
_WEEKLY = """
    INSERT OR REPLACE INTO marks (repo, date, stars, forks, open_issues)
    SELECT e.key, :monday, e.stars, e.forks, e.open_issues FROM entries AS e
    WHERE e.facts IS NOT NULL AND e.unlisted_since IS NULL AND NOT EXISTS (
      SELECT 1 FROM marks AS m WHERE m.repo = e.key AND m.date = (
        SELECT max(date) FROM marks WHERE repo = e.key AND date <> :monday)
      AND m.stars IS e.stars AND m.forks IS e.forks AND m.open_issues IS e.open_issues)
"""
# All that a snapshot holds; of entries out of sight the records may stay.
_REPLACED = (
    "DELETE FROM changes",
    "DELETE FROM days",
    "DELETE FROM marks",
    "DELETE FROM entries WHERE unlisted_since IS NULL OR NOT :keep_unlisted",
    _UNUSED_READMES,
    "DELETE FROM about WHERE key NOT IN (SELECT :former || key FROM entries)",
)


@contextmanager
def open_store(path: Path, wait: float = LOCK_WAIT) -> Iterator["Store"]:
    """Open a catalogue for writing, made when absent; only one run at a time may.

    Raises StateError when another run still holds it after `wait` seconds, or it is
    damaged, foreign or too new.
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
    touched; ``Snapshot.unread`` then says so. A damaged or foreign one raises StateError.
    """
    if not path.exists():
        return Snapshot()
    if is_newer(path):
        try:
            return read_unknown(path, foreign=False)
        except StateError as error:
            raise StateError(
                f"{path} was written by a newer version", error.what, "upgrade the program"
            ) from error
    with closing(connect(path)) as connection:
        return Store(connection, path).read()


class Store:
    """An open catalogue. Made by ``open_store``."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db = connection
        self.path = path
        self._last: tuple[int, Snapshot] | None = None  # what was read, after so many changes

    def read(self) -> Snapshot:
        """Read everything that is known, at one moment whatever another process writes.

        Again only where this connection has changed something since: whoever opened the store holds
        the lock, and those who read without one read once.
        """
        changes = self._db.total_changes
        if self._last is None or self._last[0] != changes:
            self._last = None  # first, so that there are never two in memory
            self._last = changes, self._read()
        return self._last[1]

    def _read(self) -> Snapshot:
        try:
            with self._transaction("DEFERRED"):
                return read_all(self._db)
        except (sqlite3.DatabaseError, ValidationError, UnicodeDecodeError) as error:
            why = str(error).splitlines()[0]
            raise StateError(f"{self.path} is damaged", why, MOVE_AWAY) from error

    def unlisted(self) -> tuple[Record, ...]:
        """Read the records of entries that left the registry lately."""
        return tuple(read_records(self._db, "unlisted_since IS NOT NULL", Unread(newest_schema())))

    def write(
        self,
        records: Sequence[Record],
        readmes: Iterable[ReadmeText] = (),
        changes: Iterable[Change] = (),
        moves: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Keep one batch; when this returns, the batch survives the death of the process.

        `moves` are pairs of keys: what was kept under the first is kept under the second from now
        on, because the registry lists the same repository under another name.
        """
        with self._transaction():
            for old, new in moves:
                self._run(_MOVE, {"old": old, "new": new, "former": FORMER_NAMES})
            self._keep(records, map(dict, readmes), changes)
            if moves:
                self._db.execute(_UNUSED_READMES)
        if moves or any(record.facts is None for record in records):
            self.flush()

    def finish(
        self,
        listed: Iterable[str],
        now: datetime,
        changes: Iterable[Change] = (),
        *,
        day: Day | None = None,
        notice: str | None = None,
    ) -> None:
        """End a run: note who left the registry, the numbers of the day, and any notice.

        An entry that left is kept for 30 days out of sight, so that a mistake in the registry
        costs nothing.
        """
        limit = (now - KEEP_UNLISTED).isoformat()
        keys = {"keys": json.dumps([name.casefold() for name in listed])}
        with self._transaction():
            self._run(
                _UNLISTED,
                {**keys, "now": now.isoformat(), "limit": limit, "former": FORMER_NAMES},
            )
            self._put(_CHANGE, changes)
            self._note({"notice": notice})
            if day is not None:
                self._put(_DAY, [day])
                monday = day.date - timedelta(days=day.date.weekday())
                self._db.execute(_WEEKLY, {"monday": monday.isoformat()})
        self.flush()

    def drop_hidden(self, keys: Collection[str]) -> None:
        """Erase the READMEs that members hid; one that another entry shows as well stays."""
        with self._transaction():
            gone = self._db.execute(_HIDDEN, {"keys": json.dumps(sorted(keys))}).rowcount
        if gone:
            self.flush()

    def replace(self, snapshot: Snapshot, *, keep_unlisted: bool = False) -> None:
        """Put a snapshot in the place of what is here: another catalogue's, or this one's mended.

        With `keep_unlisted` the entries that left the registry here lately, which no snapshot
        holds, go on being remembered.
        """
        readmes = (
            {"oid": oid, "content": content, "html": snapshot.renderings.get(oid)}
            for oid, content in snapshot.readmes.items()
        )
        at = snapshot.fetched_at
        with self._transaction():  # one, so that a process killed here loses neither catalogue
            self._run(_REPLACED, {"keep_unlisted": keep_unlisted, "former": FORMER_NAMES})
            self._keep(tuple(snapshot.records.values()), readmes, reversed(snapshot.changes))
            self._put(_DAY, snapshot.history)
            self._put(_MARK, snapshot.marks)
            self._note({"fetched_at": at.isoformat() if at else None, "notice": snapshot.notice})
            self._claim(snapshot.community, snapshot.repository_id)

    def claim(self, community: str | None, repository_id: int | None) -> None:
        """Note whose catalogue this is; None leaves what stands here."""
        with self._transaction():
            self._claim(community, repository_id)

    def flush(self) -> None:
        """Fold the working files into one, so that no erased byte lingers beside it."""
        if not self._db.in_transaction:  # else the end of what is `at_once` does it
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let all that is written in the block become true at its end, or nothing of it."""
        with self._transaction():
            yield
        self.flush()

    def _keep(
        self,
        records: Sequence[Record],
        readmes: Iterable[Mapping[str, object]],
        changes: Iterable[Change],
    ) -> None:
        erased = {"keys": json.dumps([r.key for r in records if r.facts is None])}
        # Another README takes the place of this one when its bytes are here: `finish` tidies.
        readmes_before = self._db.execute(_READMES_OF, erased).fetchall()
        self._db.executemany(_UPSERT, map(record_row, records))
        self._note({f"{FORMER_NAMES}{record.key}": None for record in records})
        self._note(dict(former_names_row(record) for record in records if record.former_names))
        self._db.executemany(_README, readmes)
        self._put(_CHANGE, changes)
        self._db.executemany(f"{_UNUSED_READMES} AND oid = ?", readmes_before)
        self._run(_ERASED, erased)
        latest = max((r.last_succeeded for r in records if r.last_succeeded), default=None)
        known = self._db.execute("SELECT value FROM about WHERE key = 'fetched_at'").fetchone()
        if latest and (known is None or datetime.fromisoformat(known[0]) < latest):
            self._note({"fetched_at": latest.isoformat()})

    def _note(self, about: Mapping[str, str | None]) -> None:
        """Note what is told about the catalogue as a whole; None takes it out."""
        self._db.executemany("DELETE FROM about WHERE key = ?", [(key,) for key in about])
        told = [(key, value) for key, value in about.items() if value is not None]
        self._db.executemany("INSERT INTO about VALUES (?, ?)", told)

    def _claim(self, community: str | None, repository_id: int | None) -> None:
        told = {"community": community, "repository_id": repository_id}
        self._note({key: str(value) for key, value in told.items() if value is not None})

    def _put(self, statement: str, values: Iterable[Change | Day | Mark]) -> None:
        self._db.executemany(statement, [value.model_dump(mode="json") for value in values])

    def _run(self, statements: Iterable[str], values: Mapping[str, object]) -> None:
        for statement in statements:
            self._db.execute(statement, values)

    @contextmanager
    def _transaction(self, kind: str = "IMMEDIATE") -> Iterator[None]:
        if self._db.in_transaction:  # a part of what is `at_once`, and taken back alone
            self._db.execute("SAVEPOINT part")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK TO part")
                raise
            finally:
                self._db.execute("RELEASE part")
            return
        with self._db:  # commits on the way out, and takes it back on an error
            self._db.execute(f"BEGIN {kind}")
            yield
