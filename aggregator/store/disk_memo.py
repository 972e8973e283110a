"""A memo on disk of what is dear to make: values by the name of everything that they depend on.

Rendered READMEs, analyses for search and vectors of meaning are kept so. Whatever is lost here is
made again, so the file may be deleted at any time; what must not be lost is in `catalogue.db` and
never here.

By hand and not the library `diskcache`: that one unpickles what it finds, which lets whoever can
write the file run code, and does not overwrite what it deletes.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

MadeT = TypeVar("MadeT")

# What is deleted is overwritten (a README may have to be erased), and a crash of the machine may
# cost the file but no time on each night without one.
_SETTINGS = """
    PRAGMA secure_delete = ON;
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS memo (key TEXT PRIMARY KEY, version TEXT, value BLOB);
"""
_VALUE = "SELECT value FROM memo WHERE key = ?"
_WAIT = 5.0  # seconds for another process that writes
_SUM = 16  # bytes of a sum, which stand before each value


class DiskMemo:
    """Values in one file, for one version of what makes them; made by `open_memo`."""

    def __init__(self, file: Path | None, version: str) -> None:
        self._file = file
        self._version = version
        self._asked_for: set[str] = set()
        self._base = self._opened()

    def get(self, key: str) -> bytes | None:
        """Give what was kept under a key by the same version, or None."""
        self._asked_for.add(key)
        found = self._run(f"{_VALUE} AND version = ?", key, self._version)
        return _unsealed(found[0][0]) if found else None

    def get_all(self, keys: Collection[str]) -> dict[str, bytes]:
        """Give what was kept under some keys by the same version, by key."""
        values = (
            (key, _unsealed(found)) for key, found in self._rows("memo.key, memo.value", keys)
        )
        return {key: value for key, value in values if value is not None}

    def held(self, keys: Collection[str]) -> set[str]:
        """Name those of some keys under which the same version kept something; none is read.

        It counts as having asked for them.
        """
        return {key for (key,) in self._rows("memo.key", keys)}

    def _rows(self, columns: str, keys: Collection[str]) -> list[Any]:
        self._asked_for.update(keys)
        asked = "json_each(?) AS asked JOIN memo ON memo.key = asked.value WHERE version = ?"
        statement = f"SELECT {columns} FROM {asked}"  # noqa: S608 - the columns above
        return self._run(statement, json.dumps(list(keys)), self._version)

    def put_all(self, values: Mapping[str, bytes]) -> bool:
        """Keep values, all of them or none; tell whether they are kept.

        A full or read-only disk only means making them again.
        """
        self._asked_for.update(values)
        rows = [(key, self._version, _sum(value) + value) for key, value in values.items()]
        return self._attempt(lambda base: _insert(base, rows)) or False

    def close(self) -> None:
        """Delete what nobody asked for while it was open, and what other versions left."""
        wanted = json.dumps(sorted(self._asked_for))
        old = "version <> ? OR key NOT IN (SELECT value FROM json_each(?))"
        self._run(f"DELETE FROM memo WHERE {old}", self._version, wanted)  # noqa: S608 - ours
        if self._base is not None:
            self._base.close()

    def _run(self, statement: str, *values: str | bytes) -> list[Any]:
        return self._attempt(lambda base: base.execute(statement, values).fetchall()) or []

    def _attempt(self, action: Callable[[sqlite3.Connection], MadeT]) -> MadeT | None:
        if self._base is None:
            return None
        try:
            return action(self._base)
        except sqlite3.OperationalError:  # a full disk, or another process that writes for long
            return None
        except sqlite3.DatabaseError:
            self._base.close()
            self._base = self._opened(anew=True)
            return None

    def _opened(self, *, anew: bool = False) -> sqlite3.Connection | None:
        """Open the file; a damaged one is thrown away, as it cost nothing but time to make."""
        if self._file is None:
            return None
        with suppress(OSError, sqlite3.OperationalError):
            if anew:
                _READER.close()
                self._file.unlink()
            self._file.parent.mkdir(parents=True, exist_ok=True)
            base = sqlite3.connect(self._file, timeout=_WAIT, isolation_level=None)
            try:
                base.executescript(_SETTINGS)
            except sqlite3.DatabaseError as error:
                base.close()
                if isinstance(error, sqlite3.OperationalError):
                    raise
                return self._opened(anew=True)
            return base
        return None


def _sum(value: bytes) -> bytes:
    # SQLite finds a torn file, and not a turned bit within a value, which would be published.
    return hashlib.sha256(value).digest()[:_SUM]


def _unsealed(found: object) -> bytes | None:
    """Give the value that was sealed, or None when it is no longer what was kept."""
    if not isinstance(found, bytes):
        return None
    value = found[_SUM:]
    return value if found[:_SUM] == _sum(value) else None


@contextmanager
def open_memo(file: Path | None, version: str) -> Iterator[DiskMemo]:
    """Give a `DiskMemo` that is closed, and tidied, with the block; without a file it forgets all.

    `version` is that of what makes the values; what another version made is never given.
    """
    memo = DiskMemo(file, version)
    try:
        yield memo
    finally:
        memo.close()


def read_value(file: Path, key: str) -> bytes | None:
    """Read what stands under a key, whichever version kept it; None where nothing can be read.

    For any process and thread, at any time; nothing is written.
    """
    return _READER.read(file, key)


class _Reader:
    """The last file that was read from stays open: to open one costs as much as to read ten."""

    def __init__(self) -> None:
        self._base: sqlite3.Connection | None = None
        self._inherited: list[sqlite3.Connection | None] = []  # not ours to close
        self.start_anew()

    def start_anew(self) -> None:
        """In a copy of the process: somebody may hold the lock there, and the file is theirs."""
        self._inherited.append(self._base)
        self._lock = Lock()
        self._base = None
        self._opened: tuple[Path, int] | None = None

    def read(self, file: Path, key: str) -> bytes | None:
        with self._lock:
            try:
                now = (file, file.stat().st_ino)  # another file may have taken its place
                if self._base is None or self._opened != now:
                    self._let_go()
                    # Not `mode=ro`, which could not get over a writer that was killed half-way.
                    address = f"{file.absolute().as_uri()}?mode=rw"
                    self._base = sqlite3.connect(
                        address, timeout=_WAIT, uri=True, check_same_thread=False
                    )
                    self._opened = now
                found = self._base.execute(_VALUE, (key,)).fetchall()
            except (OSError, sqlite3.Error):
                self._let_go()
                return None
        return _unsealed(found[0][0]) if found else None

    def close(self) -> None:
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._base is not None:
            self._base.close()
        self._base = self._opened = None


_READER = _Reader()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_READER.start_anew)


def _insert(base: sqlite3.Connection, rows: Iterable[tuple[str, str, bytes]]) -> bool:
    base.execute("BEGIN IMMEDIATE")
    try:
        base.executemany("INSERT OR REPLACE INTO memo VALUES (?, ?, ?)", rows)
        base.execute("COMMIT")
        return True
    finally:
        if base.in_transaction:
            base.execute("ROLLBACK")


def key_of(*facts: str | bytes) -> str:
    """Name everything that a value depends on; a key says nothing about what is kept under it."""
    digest = hashlib.sha256()
    for fact in facts:
        data = fact.encode("utf-8", "surrogatepass") if isinstance(fact, str) else fact
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()[:40]
