"""The published copy of the catalogue: one plain SQLite file that opens in Datasette.

What left the registry is left out, and the file holds no free pages in which erased bytes could
linger.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from aggregator.facts import RepoFacts


def publish_copy(connection: sqlite3.Connection, target: Path) -> None:
    """Write the copy beside its final name and move it there when it is whole.

    Args:
        connection: An open catalogue.
        target: Where the copy goes; its folder must exist.
    """
    staged = target.with_name(target.name + ".part")
    staged.unlink(missing_ok=True)
    connection.execute("VACUUM INTO ?", (str(staged),))
    copy = sqlite3.connect(staged, isolation_level=None)
    try:
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("DELETE FROM entries WHERE unlisted_since IS NOT NULL")
        copy.execute(
            "DELETE FROM readmes WHERE oid NOT IN "
            "(SELECT readme_oid FROM entries WHERE readme_oid IS NOT NULL)"
        )
        copy.execute("DELETE FROM marks WHERE repo NOT IN (SELECT key FROM entries)")
        copy.execute("VACUUM")
    finally:
        copy.close()
    os.replace(staged, target)  # noqa: PTH105 - atomic, and says so


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
            known = RepoFacts.model_validate_json(stored)
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
        header = b"blob %d\0" % len(told)
        new = hashlib.sha1(header + told, usedforsecurity=False).hexdigest()
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
