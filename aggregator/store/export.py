"""The published copy of the catalogue: one plain SQLite file that opens in Datasette.

What left the registry is left out, and the file holds no free pages in which erased bytes could
linger.
"""

import os
import sqlite3
from pathlib import Path

from aggregator.store.rows import FORMER_NAMES


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
        copy.execute(
            "DELETE FROM about WHERE substr(key, 1, length(:mark)) = :mark "
            "AND substr(key, length(:mark) + 1) NOT IN (SELECT key FROM entries)",
            {"mark": FORMER_NAMES},
        )
        copy.execute("VACUUM")
    finally:
        copy.close()
    os.replace(staged, target)  # noqa: PTH105 - atomic, and says so
