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
from aggregator.store.reading import LISTED, TABLES, present_columns
from aggregator.store.rows import FORMER_NAMES, read_facts
from aggregator.store.schema import make_empty

_OF_LISTED = f"repo IN (SELECT key FROM kept.entries WHERE {LISTED})"  # noqa: S608 - our own name
_OF_SHOWN = f"""oid IN (SELECT readme_oid FROM kept.entries WHERE {LISTED}
  AND (:shown IS NULL OR key IN (SELECT value FROM json_each(:shown))))"""  # noqa: S608
_OF_KNOWN = f"""substr(key, 1, length(:former)) <> :former OR substr(key, length(:former) + 1)
  IN (SELECT key FROM kept.entries WHERE {LISTED})"""  # noqa: S608 - our own name
_WHERE = {"entries": LISTED, "readmes": _OF_SHOWN, "marks": _OF_LISTED, "about": _OF_KNOWN}


Rewriting = tuple[Callable[[RepoFacts, str | None], RepoFacts], Callable[[str], str]]
"""What to make of the facts of an entry, and of a text that a repository wrote."""

Statement = tuple[str, Sequence[Sequence[object]] | None]
"""SQL, and a row of values for each time that it is to be run; None: it has no values, run once."""


def publish_copy(
    path: Path,
    target: Path,
    shown: Collection[str] | None = None,
    more: Iterable[Statement] = (),
) -> None:
    """Write the copy beside its final name and move it there when it is whole.

    Args:
        path: The catalogue, which others may be writing.
        target: Where the copy goes; its folder must exist.
        shown: Keys of the entries whose READMEs are shown; None shows all.
        more: What to run on the copy when it is filled, such as making views of what visitors see.
    """
    staged = target.with_name(target.name + ".part")
    staged.unlink(missing_ok=True)
    with closing(make_empty(staged)) as copy:
        copy.execute("ATTACH ? AS kept", (f"{path.absolute().as_uri()}?mode=ro",))
        copy.execute("BEGIN")
        for table in TABLES:
            _fill(copy, table, None if shown is None else json.dumps(sorted(shown)))
        for script, values in more:
            if values is None:
                copy.execute(script)
            else:
                copy.executemany(script, values)
        copy.execute("COMMIT")
        copy.execute("DETACH kept")
        copy.execute("VACUUM")
    os.replace(staged, target)  # noqa: PTH105 - atomic, and says so


def _fill(copy: sqlite3.Connection, table: str, shown: str | None) -> None:
    names = ", ".join(present_columns(copy, table, "kept"))
    where = _WHERE.get(table, "true")
    copy.execute(
        f"INSERT INTO main.{table} ({names}) "  # noqa: S608 - our own names
        f"SELECT {names} FROM kept.{table} WHERE {where} ORDER BY 1",
        {"shown": shown, "former": FORMER_NAMES},
    )


def rewrite_copy(
    copy: Path,
    facts: Callable[[RepoFacts, str | None], RepoFacts],
    text: Callable[[str], str],
) -> None:
    """Change what a published copy says, so that each README still has the name of its bytes.

    Args:
        copy: A file that `publish_copy` wrote.
        facts: Gives the facts to publish, from those stored and the README's new name, if any.
        text: Gives the text to publish instead of a text that a repository wrote.
    """
    with closing(sqlite3.connect(copy, isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete = ON")
        database.execute("BEGIN")
        renamed = dict(_rewritten_readmes(database, text))
        rows = database.execute("SELECT key, facts, readme_oid FROM entries").fetchall()
        for key, stored, oid in rows:
            if stored is None:
                continue
            known = read_facts(stored, lambda _what: None)  # named when it was read
            kept = facts(known, renamed.get(oid))
            if kept != known:
                database.execute(
                    "UPDATE entries SET facts = ? WHERE key = ?",
                    (kept.model_dump_json(exclude_none=True), key),
                )
        _rewrite_changes(database, text)
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


def _rewrite_changes(database: sqlite3.Connection, text: Callable[[str], str]) -> None:
    """Change the news: an address that changes is left out, a text is told anew."""
    query = "SELECT rowid, before, after, url FROM changes"
    for row, before, after, url in database.execute(query).fetchall():
        told = [text(said) if said else said for said in (before, after)]
        kept = url if url is None or text(url) == url else None
        if (*told, kept) != (before, after, url):
            database.execute(
                "UPDATE changes SET before = ?, after = ?, url = ? WHERE rowid = ?",
                (*told, kept, row),
            )
