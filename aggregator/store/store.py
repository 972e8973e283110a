"""Reading and writing the catalogue: each batch is one transaction, erased means overwritten."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from aggregator.facts.record import ReadmeText, Record
from aggregator.facts.snapshot import Change, Day, Snapshot
from aggregator.store import rows
from aggregator.store.reading import Unread, read_all, read_records
from aggregator.store.schema import newest_schema
from aggregator.words.errors import StateError

KEEP_UNLISTED = timedelta(days=30)
_PLACES = ", ".join("?" * len(rows.RECORD_COLUMNS))
_UPSERT = (  # the names are constants of this package
    f"INSERT INTO entries ({', '.join(rows.RECORD_COLUMNS)}) VALUES ({_PLACES}) "  # noqa: S608
    "ON CONFLICT (key) DO UPDATE SET unlisted_since = NULL, "
    + ", ".join(f"{name} = excluded.{name}" for name in rows.RECORD_COLUMNS[1:])
)
_INSERT_CHANGE = (
    "INSERT INTO changes (date, kind, repo, name, before, after, url) "
    "VALUES (:date, :kind, :repo, :name, :before, :after, :url)"
)
_UPSERT_DAY = (
    "INSERT OR REPLACE INTO days VALUES (:date, :listed, :answering, :archived, :stars, :forks, "
    ":open_issues, :good_first_issues)"
)
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
)
# Texts that a repository wrote itself; names and dates stay in the tombstone.
_SCRUB = (
    "UPDATE changes SET before = NULL, after = NULL, url = NULL WHERE repo = ? AND kind NOT IN "
)
_SCRUB += "('renamed', 'transferred')"
_DROP_HIDDEN = (
    "DELETE FROM readmes WHERE oid IN (SELECT readme_oid FROM entries WHERE key IN "
    "(SELECT value FROM json_each(:keys))) AND NOT EXISTS (SELECT 1 FROM entries "
    "WHERE readme_oid = oid AND key NOT IN (SELECT value FROM json_each(:keys)))"
)


class Store:
    """An open catalogue. Made by ``open_store``."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db = connection
        self.path = path

    def read(self) -> Snapshot:
        """Read everything that is known, at one moment whatever another process writes meanwhile.

        Raises:
            StateError: The file holds something that is not a fact.
        """
        try:
            self._db.execute("BEGIN")
            try:
                return read_all(self._db)
            finally:
                self._db.execute("COMMIT")
        except (sqlite3.DatabaseError, ValidationError) as error:
            raise StateError(
                f"{self.path} is damaged",
                str(error).splitlines()[0],
                "move it away; `aggregator restore URL` brings back the published one",
            ) from error

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

        Args:
            records: As they stand now.
            readmes: Bytes that came with them.
            changes: The news.
            moves: Pairs of keys: what was kept under the first is kept under the second from now
                on, because the registry lists the same repository under another name.
        """
        with self._transaction():
            self._move(moves)
            self._keep(records, readmes, changes)
            if moves:
                self._drop_unused_readmes()
        if moves or any(record.facts is None for record in records):
            self.flush()

    def _keep(
        self, records: Sequence[Record], readmes: Iterable[ReadmeText], changes: Iterable[Change]
    ) -> None:
        # Another README takes the place of this one when its bytes are here: `finish` tidies.
        before = self._readme_oids([record for record in records if record.facts is None])
        self._db.executemany(_UPSERT, [rows.record_row(record) for record in records])
        self._note_names(records)
        self._db.executemany(
            "INSERT OR IGNORE INTO readmes (oid, content, html) VALUES (?, ?, ?)",
            [(r.oid, r.content, r.html) for r in readmes],
        )
        self._db.executemany(_INSERT_CHANGE, [rows.change_row(change) for change in changes])
        self._drop_readmes(before)
        self._note_success(records)
        erased = [(record.key,) for record in records if record.facts is None]
        self._db.executemany(_SCRUB, erased)
        self._db.executemany("DELETE FROM marks WHERE repo = ?", erased)

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
        keys = {name.casefold() for name in listed}
        with self._transaction():
            self._unlist(keys, now)
            self._db.executemany(_INSERT_CHANGE, [rows.change_row(change) for change in changes])
            self._set("notice", notice)
            if day is not None:
                self._db.execute(_UPSERT_DAY, day.model_dump(mode="json"))
                self._mark(day)
        self.flush()

    def drop_hidden(self, keys: Collection[str]) -> None:
        """Erase the READMEs that members hid; one that another entry shows as well stays."""
        with self._transaction():
            gone = self._db.execute(_DROP_HIDDEN, {"keys": json.dumps(sorted(keys))}).rowcount
        if gone:
            self.flush()

    def replace(self, snapshot: Snapshot, *, keep_unlisted: bool = False) -> None:
        """Put a snapshot in the place of what is here.

        Args:
            snapshot: Another catalogue's, or this one's when it was mended.
            keep_unlisted: Go on remembering the entries that left the registry here lately, which
                no snapshot holds.
        """
        readmes = [
            ReadmeText(oid=oid, content=content, html=snapshot.renderings.get(oid))
            for oid, content in snapshot.readmes.items()
        ]
        with self._transaction():  # one, so that a process killed here loses neither catalogue
            for table in ("changes", "days", "marks"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names from this line
            self._drop_entries(but_unlisted=keep_unlisted)
            self._keep(tuple(snapshot.records.values()), readmes, reversed(snapshot.changes))
            self._db.executemany(_UPSERT_DAY, [d.model_dump(mode="json") for d in snapshot.history])
            self._db.executemany(
                "INSERT OR REPLACE INTO marks VALUES (:repo, :date, :stars, :forks, :open_issues)",
                [mark.model_dump(mode="json") for mark in snapshot.marks],
            )
            self._set(
                "fetched_at", snapshot.fetched_at.isoformat() if snapshot.fetched_at else None
            )
            self._set("notice", snapshot.notice)
        self.claim(snapshot.community, snapshot.repository_id)

    def claim(self, community: str | None, repository_id: int | None) -> None:
        """Note whose catalogue this is; None leaves what stands here."""
        with self._transaction():
            for key, value in (("community", community), ("repository_id", repository_id)):
                if value is not None:
                    self._set(key, str(value))

    def flush(self) -> None:
        """Fold the working files into one, so that no erased byte lingers beside it."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _all(self, query: str) -> list[sqlite3.Row]:
        return self._db.execute(query).fetchall()

    def _transaction(self) -> "_Transaction":
        return _Transaction(self._db)

    def _readme_oids(self, records: Sequence[Record]) -> set[str]:
        oids = set()
        for record in records:
            found = self._db.execute("SELECT readme_oid FROM entries WHERE key = ?", (record.key,))
            oids |= {row[0] for row in found if row[0]}
        return oids

    def _drop_readmes(self, oids: Iterable[str]) -> None:
        self._db.executemany(
            "DELETE FROM readmes WHERE oid = :oid AND NOT EXISTS "
            "(SELECT 1 FROM entries WHERE readme_oid = :oid)",
            [{"oid": oid} for oid in oids],
        )

    def _move(self, moves: Sequence[tuple[str, str]]) -> None:
        for old, new in moves:
            keys = {"old": old, "new": new}
            for statement in _MOVE:
                self._db.execute(statement, keys)
            self._set(f"{rows.FORMER_NAMES}{old}", None)

    def _note_names(self, records: Sequence[Record]) -> None:
        keys = [(f"{rows.FORMER_NAMES}{record.key}",) for record in records]
        self._db.executemany("DELETE FROM about WHERE key = ?", keys)
        self._db.executemany("INSERT INTO about VALUES (?, ?)", rows.former_names_rows(records))

    def _note_success(self, records: Sequence[Record]) -> None:
        latest = max((r.last_succeeded for r in records if r.last_succeeded), default=None)
        if latest is not None:
            known = self._db.execute("SELECT value FROM about WHERE key = 'fetched_at'").fetchone()
            if known is None or datetime.fromisoformat(known[0]) < latest:
                self._set("fetched_at", latest.isoformat())

    def _set(self, key: str, value: str | None) -> None:
        self._db.execute("DELETE FROM about WHERE key = ?", (key,))
        if value is not None:
            self._db.execute("INSERT INTO about VALUES (?, ?)", (key, value))

    def _unlist(self, keys: set[str], now: datetime) -> None:
        listed = self._all("SELECT key FROM entries WHERE unlisted_since IS NULL")
        left = [(now.isoformat(), row["key"]) for row in listed if row["key"] not in keys]
        self._db.executemany("UPDATE entries SET unlisted_since = ? WHERE key = ?", left)
        back = self._all("SELECT key FROM entries WHERE unlisted_since IS NOT NULL")
        returned = [(row["key"],) for row in back if row["key"] in keys]
        self._db.executemany("UPDATE entries SET unlisted_since = NULL WHERE key = ?", returned)
        self._forget_unlisted(now)

    def _drop_entries(self, *, but_unlisted: bool) -> None:
        """Drop entries with all that is kept of them."""
        self._db.execute(
            "DELETE FROM entries WHERE unlisted_since IS NULL OR NOT ?", [but_unlisted]
        )
        self._drop_unused_readmes()
        self._db.execute(
            "DELETE FROM about WHERE key NOT IN (SELECT ? || key FROM entries)",
            (rows.FORMER_NAMES,),
        )

    def _forget_unlisted(self, now: datetime) -> None:
        # A clock that ran ahead would keep them until that day.
        self._db.execute(
            "UPDATE entries SET unlisted_since = :now WHERE unlisted_since > :now",
            {"now": now.isoformat()},
        )
        limit = ((now - KEEP_UNLISTED).isoformat(),)
        old = self._db.execute("SELECT key FROM entries WHERE unlisted_since < ?", limit).fetchall()
        for table, column in (("marks", "repo"), ("entries", "key")):
            self._db.executemany(
                f"DELETE FROM {table} WHERE {column} = ?",  # noqa: S608 - names from this line
                [(row["key"],) for row in old],
            )
        for row in old:
            self._set(f"{rows.FORMER_NAMES}{row['key']}", None)
        self._drop_unused_readmes()

    def _drop_unused_readmes(self) -> None:
        self._db.execute(
            "DELETE FROM readmes WHERE oid NOT IN "
            "(SELECT readme_oid FROM entries WHERE readme_oid IS NOT NULL)"
        )

    def _mark(self, day: Day) -> None:
        """Note the numbers of each repository once a week, only where they moved."""
        monday = (day.date - timedelta(days=day.date.weekday())).isoformat()
        self._db.execute(
            "INSERT OR REPLACE INTO marks (repo, date, stars, forks, open_issues) "
            "SELECT e.key, :monday, e.stars, e.forks, e.open_issues FROM entries AS e "
            "WHERE e.facts IS NOT NULL AND e.unlisted_since IS NULL AND NOT EXISTS ("
            "  SELECT 1 FROM marks AS m WHERE m.repo = e.key AND m.date = ("
            "    SELECT max(date) FROM marks WHERE repo = e.key AND date <> :monday)"
            "  AND m.stars IS e.stars AND m.forks IS e.forks AND m.open_issues IS e.open_issues)",
            {"monday": monday},
        )


class _Transaction:
    """Commit on the way out, roll back on an error."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")
