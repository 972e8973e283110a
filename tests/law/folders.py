"""Whole folders held against each other, searched for words, and damaged as disks damage them."""

import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path

# In each README of the community stands one such word, and nowhere else.
_WORD = re.compile(rb"quag[a-z]{3}oz")


DAMAGES = ("deleted", "cut", "turned bits", "zeros", "something before")


def spoil(file: Path, how: int) -> None:
    """Damage a file in one of the ways in which files get damaged, `DAMAGES` by their number."""
    data, middle = file.read_bytes(), file.stat().st_size // 2
    turned = bytes(byte ^ 1 for byte in data[middle : middle + 64])
    damaged = {
        "cut": data[:middle],
        "turned bits": data[:middle] + turned + data[middle + 64 :],
        "zeros": b"\0" * len(data),
        "something before": b"not what it was\n" + data,
    }.get(DAMAGES[how % len(DAMAGES)])
    if damaged is None:
        file.unlink()
    else:
        file.write_bytes(damaged)


def tree(folder: Path) -> dict[str, bytes]:
    """Read all that stands in a folder, hidden files, empty folders and links too."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = b"-> " + str(path.readlink()).encode()
        elif path.is_file():
            found[name] = path.read_bytes()
        elif not any(path.iterdir()):
            found[f"{name}/"] = b""
    return found


def differences(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Name what is in one tree only, or not the same in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def found_words(data: bytes) -> set[str]:
    """Give the words of READMEs that stand in some bytes."""
    return {word.decode() for word in _WORD.findall(data)}


def words_below(*places: Path) -> set[str]:
    """Give the words of READMEs in any byte of some files or folders, packed ones too."""
    found = set[str]()
    for place in places:
        for path in (place, *place.rglob("*")):
            if path.is_file():
                for data in readings(path):
                    found |= found_words(data)
    return found


def readings(path: Path) -> Iterator[bytes]:
    """Give the bytes of a file, free pages of databases among them, and what is packed in it."""
    data = path.read_bytes()
    yield data
    yield from _unpacked((data,))
    if data.startswith(b"SQLite format 3\0"):
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path)) as base:
            tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (name,) in tables:
                for row in base.execute(f'SELECT * FROM "{name}"'):
                    yield from _unpacked(value for value in row if isinstance(value, bytes))


def _unpacked(values: Iterable[bytes]) -> Iterator[bytes]:
    for value in values:
        with suppress(zlib.error):
            yield zlib.decompress(value, 47)  # as zlib or gzip wrote it
