"""The published copy of the catalogue: one plain SQLite file that opens in Datasette.

A new file is filled with what may be seen: what left the registry and the READMEs that members hid
never come into it, so no byte of them can linger in a free page.
"""

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from aggregator.store.reading import LISTED, TABLES, present_columns
from aggregator.store.schema import make_empty

_OF_LISTED = f"repo IN (SELECT key FROM kept.entries WHERE {LISTED})"  # noqa: S608 - our own name
_OF_SHOWN = f"""oid IN (SELECT readme_oid FROM kept.entries WHERE {LISTED}
  AND (:shown IS NULL OR key IN (SELECT value FROM json_each(:shown))))"""  # noqa: S608
_WHERE = {"entries": LISTED, "readmes": _OF_SHOWN, "marks": _OF_LISTED}


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
        {"shown": shown},
    )
