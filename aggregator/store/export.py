"""The published copy of the catalogue: one plain SQLite file that opens in Datasette.

A new file is filled with what may be seen: what left the registry and the READMEs that members hid
never come into it, so no byte of them can linger in a free page.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from aggregator.facts.record import blob_oid
from aggregator.facts.repository import RepoFacts
from aggregator.store.locking import hold
from aggregator.store.reading import LISTED, TABLES, present_columns
from aggregator.store.rows import FORMER_NAMES, read_facts
from aggregator.store.schema import connect, is_newer, migrate

EXPORT_WAIT = 60.0
_KNOWN = f"SELECT key FROM kept.entries WHERE {LISTED}"  # noqa: S608 - our own name
_OF_SHOWN = f"""oid IN (SELECT readme_oid FROM kept.entries WHERE {LISTED}
  AND (:shown IS NULL OR key IN (SELECT value FROM json_each(:shown))))"""  # noqa: S608
_OF_KNOWN = f"""substr(key, 1, length(:former)) <> :former OR
  substr(key, length(:former) + 1) IN ({_KNOWN})"""
_WHERE = {
    "entries": LISTED,
    "readmes": _OF_SHOWN,
    "marks": f"repo IN ({_KNOWN})",
    "about": _OF_KNOWN,
}

Rewriting = tuple[Callable[[RepoFacts, str | None], RepoFacts], Callable[[str], str]]
"""What to make of the facts of an entry, given the new name of its README if it has one, and of a
text that a repository wrote."""

Statement = tuple[str, Sequence[Sequence[object]] | None]
"""SQL, and a row of values for each time that it is to be run; None: it has no values, run once."""


def published_bytes(
    path: Path,
    shown: Collection[str] | None = None,
    more: Iterable[Statement] = (),
    *,
    rewriting: Rewriting | None = None,
) -> bytes:
    """Give the copy of a catalogue that is published; see ``export_catalogue``.

    It is made beside the catalogue, one process at a time, so that two builds never write into
    each other's copy and what a killed one left is overwritten. StateError after a long wait.
    """
    copy = path.with_name("published.db")
    with hold(copy.with_suffix(".lock"), EXPORT_WAIT, f"the copy {copy}"):
        try:
            export_catalogue(path, copy, shown, more)
            if rewriting:
                with closing(sqlite3.connect(copy, isolation_level=None)) as database:
                    _rewrite(database, *rewriting)
            return copy.read_bytes()
        finally:
            copy.unlink(missing_ok=True)


def export_catalogue(
    path: Path,
    target: Path,
    shown: Collection[str] | None = None,
    more: Iterable[Statement] = (),
) -> None:
    """Write the published copy of a catalogue, and move it to its name when it is whole.

    Args:
        path: The catalogue, of any version; others may be writing it.
        target: Where the copy goes; its folder must exist.
        shown: Keys of the entries whose READMEs are shown; no other README is in any byte of the
            copy. None shows all.
        more: What to run on the copy when it is filled, such as making views of what visitors see.
    """
    if not is_newer(path):
        connect(path).close()  # brings an older version up to date
    staged = target.with_name(target.name + ".part")
    staged.unlink(missing_ok=True)
    told = {"shown": None if shown is None else json.dumps(sorted(shown)), "former": FORMER_NAMES}
    with closing(sqlite3.connect(staged, isolation_level=None, uri=True)) as copy:
        migrate(copy)
        copy.execute("ATTACH ? AS kept", (f"{path.absolute().as_uri()}?mode=ro",))
        copy.execute("BEGIN")
        for table in TABLES:
            names = ", ".join(present_columns(copy, table, "kept"))
            copy.execute(
                f"INSERT INTO main.{table} ({names}) "  # noqa: S608 - our own names
                f"SELECT {names} FROM kept.{table} WHERE {_WHERE.get(table, 'true')} ORDER BY 1",
                told,
            )
        for script, values in more:
            copy.executemany(script, values) if values is not None else copy.execute(script)
        copy.execute("COMMIT")
        copy.execute("DETACH kept")
        copy.execute("VACUUM")
    os.replace(staged, target)  # noqa: PTH105 - atomic, and says so


def _rewrite(
    database: sqlite3.Connection,
    facts: Callable[[RepoFacts, str | None], RepoFacts],
    text: Callable[[str], str],
) -> None:
    """Change what a published copy says, so that each README still has the name of its bytes."""
    database.execute("PRAGMA secure_delete = ON")
    database.execute("BEGIN")
    renamed = dict(_rewritten_readmes(database, text))
    query = "SELECT key, facts, readme_oid FROM entries WHERE facts IS NOT NULL"
    for key, stored, oid in database.execute(query).fetchall():
        known = read_facts(stored, lambda _what: None)  # named when it was read
        kept = facts(known, renamed.get(oid))
        if kept != known:
            row = (kept.model_dump_json(exclude_none=True), key)
            database.execute("UPDATE entries SET facts = ? WHERE key = ?", row)
    changes = database.execute("SELECT rowid, before, after, url FROM changes").fetchall()
    for row, before, after, url in changes:
        told = [text(said) if said else said for said in (before, after)]
        address = url if url is None or text(url) == url else None  # one that changes is left out
        if (*told, address) != (before, after, url):
            news = "UPDATE changes SET before = ?, after = ?, url = ? WHERE rowid = ?"
            database.execute(news, (*told, address, row))
    database.execute("COMMIT")
    database.execute("VACUUM")


def _rewritten_readmes(
    database: sqlite3.Connection, text: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """Write the READMEs that change under the name of their new bytes, and give both names."""
    for oid, content, html in database.execute("SELECT oid, content, html FROM readmes").fetchall():
        told = text(content.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        shown = text(html) if html else html
        if (told, shown) == (content, html):
            continue
        new = blob_oid(told)
        database.execute("DELETE FROM readmes WHERE oid = ?", (oid,))
        database.execute("INSERT OR IGNORE INTO readmes VALUES (?, ?, ?)", (new, told, shown))
        yield oid, new
