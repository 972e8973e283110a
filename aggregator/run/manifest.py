"""What each file of the last site was made from, so that the next build makes only what changed.

    last site --read--> Manifest --known--> the key, size and time of each file
    this site --keep--> the same, with the parts and why each was made, for `build --explain`

Kept in the cache folder: whatever is lost or damaged here only means that all is made again. It
holds names and sums, and no word of what was published.
"""

import sqlite3
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from aggregator.run.site_folder import Stat
from aggregator.site.recipes import File

_TABLES = """
    PRAGMA secure_delete = ON;
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS shape (number INTEGER PRIMARY KEY, told TEXT UNIQUE);
    CREATE TABLE IF NOT EXISTS file (
        path TEXT PRIMARY KEY, key TEXT, size INTEGER, mtime INTEGER, sum TEXT,
        shape INTEGER, parts BLOB, build INTEGER, why TEXT
    ) WITHOUT ROWID;
"""
# Files of one kind have the same recipe and the same names of parts: these are kept once.
_SHAPE = "INSERT OR IGNORE INTO shape (told) VALUES (?)"
_WRITE = """
    REPLACE INTO file VALUES
    (?, ?, ?, ?, ?, (SELECT number FROM shape WHERE told = ?), ?, ?, ?)
"""
_ORIGIN = """
    SELECT told, parts, build, why FROM file JOIN shape ON shape.number = shape WHERE path = ?
"""
_DIGITS = 8  # of the sum of a part
# Why a file was made, where no better is known.
UNKNOWN = "nothing is known of the site before"
_FORMAT = "1"
# What reading it may raise where another hand, another version or a dying disk was at it.
_UNUSABLE = (sqlite3.Error, OSError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Known:
    """A file of the last site: its key, how it stood on the disk, and the sum of its bytes."""

    key: str
    stat: Stat
    sum: str


@dataclass(frozen=True, slots=True)
class FileOrigin:
    """From what a file is made, and why it was made last; in few bytes, as a large site has many.

    Args:
        shape: its recipe and the names of its parts, on lines of their own.
        sums: the first digits of the sum of each part.
        build: the number of the build that made it.
        why: for whoever asks.
    """

    shape: str
    sums: bytes
    build: int
    why: str

    @classmethod
    def of(cls, file: File, build: int, why: str) -> "FileOrigin":
        """Note from what a file is made."""
        parts = file.parts
        shape = sys.intern("\n".join([file.maker, *parts]))
        sums = bytes.fromhex("".join(each[:_DIGITS] for each in parts.values()))
        return cls(shape, sums, build, why)

    @property
    def maker(self) -> str:
        """The name of the recipe, as `File.maker` gives it."""
        return self.shape.partition("\n")[0]

    @property
    def parts(self) -> Mapping[str, str]:
        """The values by name, as `File.parts` gives them."""
        names = self.shape.split("\n")[1:]
        digits = self.sums.hex()
        return {name: digits[at * _DIGITS :][:_DIGITS] for at, name in enumerate(names)}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is remembered of the site in one output folder.

    Args:
        place: the file of it; None remembers nothing.
        program: names everything besides values that bytes depend on; what another program
            made is not known.
        output: the folder; what is known of another one does not count.
    """

    place: Path | None
    program: str
    output: Path

    def known(self) -> dict[str, Known]:
        """Give every file of the last site by path; nothing where that cannot be told."""
        with suppress(*_UNUSABLE):
            told, rows = self._read("SELECT path, key, size, mtime, sum FROM file")
            if told.get("sum") == _sum(rows):
                return {path: Known(key, Stat(size, at), of) for path, key, size, at, of in rows}
        return {}

    def origin(self, path: str) -> FileOrigin | None:
        """Give from what a file of the last site is made."""
        with suppress(*_UNUSABLE):
            for shape, sums, build, why in self._read(_ORIGIN, path)[1]:
                if len(sums.hex()) == shape.count("\n") * _DIGITS:
                    return FileOrigin(shape, sums, build, why)
        return None

    @property
    def builds(self) -> int:
        """Count the builds that changed the site, as far as they are remembered."""
        with suppress(*_UNUSABLE):
            return int(self._read("SELECT 1")[0].get("builds", 0))
        return 0

    def keep(
        self, build: int, made: Iterable[tuple[str, Known, FileOrigin]], gone: Iterable[str]
    ) -> None:
        """Remember the site that was just put in its place.

        What cannot be written, on a disk that is full, only means making more next time.

        Args:
            build: the number of the build; with the first one, what was known before is dropped.
            made: paths that were not taken over from the last site, with what is to be known.
            gone: paths of the last site that are no more.
        """
        if self.place is None:
            return
        rows = [_row(*one) for one in made]
        with suppress(*_UNUSABLE):
            self.place.parent.mkdir(parents=True, exist_ok=True)
            if build == 1:
                self.place.unlink(missing_ok=True)
            with closing(sqlite3.connect(self.place, isolation_level=None)) as base:
                base.executescript(_TABLES)
                base.execute("BEGIN")
                base.executemany("DELETE FROM file WHERE path = ?", [(path,) for path in gone])
                base.executemany(_SHAPE, {(row[5],) for row in rows})
                base.executemany(_WRITE, rows)
                told = base.execute("SELECT path, key, size, mtime, sum FROM file").fetchall()
                about = self._about | {"builds": str(build), "sum": _sum(told)}
                base.executemany("REPLACE INTO about VALUES (?, ?)", about.items())
                base.execute("COMMIT")

    @property
    def _about(self) -> dict[str, str]:
        folder = str(self.output.resolve())
        return {"format": _FORMAT, "program": self.program, "output": folder}

    def _read(self, query: str, *values: str) -> tuple[dict[str, str], list[Any]]:
        """Give what it says of itself, and rows of it if it is of this folder and program."""
        if self.place is None or not self.place.is_file():
            return {}, []
        uri = f"{self.place.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as base:
            about = dict(base.execute("SELECT name, value FROM about"))
            if any(about.get(name) != value for name, value in self._about.items()):
                return {}, []
            return about, base.execute(query, values).fetchall()


def _row(path: str, known: Known, origin: FileOrigin) -> tuple[Any, ...]:
    stands = (known.stat.size, known.stat.mtime, known.sum)
    return (path, known.key, *stands, origin.shape, origin.sums, origin.build, origin.why)


def _sum(rows: Iterable[object]) -> str:
    """Sum up what the next build goes by, so that it is not misled by a damaged disk."""
    digest = sha256()
    for row in rows:
        digest.update(repr(row).encode())
    return digest.hexdigest()
