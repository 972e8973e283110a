"""The published copy of the catalogue: the bytes of one plain SQLite file that opens in Datasette.

A new database is filled with what may be seen: what left the registry and the READMEs that members
hid never come into it, so no byte of them can linger in a free page. It is made in a file, as in
memory it would be larger than everything else of a build together.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from aggregator.facts.record import blob_oid
from aggregator.facts.repository import RepoFacts
from aggregator.facts.snapshot import Change, Snapshot
from aggregator.store.schema import migrate
from aggregator.store.store import Store

Rewriting = tuple[Callable[[RepoFacts, str | None], RepoFacts], Callable[[str], str]]
"""What to make of the facts of an entry, given the new name of its README if it has one, and of a
text that a repository wrote."""

SqlStep = tuple[str, Iterable[Sequence[object]] | None]
"""SQL, and a row of values for each time that it is to be run; None: it has no values, run once."""

# Where a database counts its transactions and says which SQLite wrote it, which nobody needs: the
# same facts would be other bytes elsewhere. https://www.sqlite.org/fileformat.html#the_database_header
_OF_THE_WRITER = ((24, 4), (92, 8))
# Whatever goes wrong, the file is thrown away; and it is nobody else's.
_IN_A_HURRY = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA secure_delete = ON;
"""


def published_bytes(
    snapshot: Snapshot,
    place: Path,
    shown: Collection[str] | None = None,
    more: Iterable[SqlStep] = (),
    rewriting: Rewriting | None = None,
) -> bytes:
    """Give the copy of a catalogue that is published: the same bytes of the same facts.

    Args:
        snapshot: All that is known.
        place: A file in which the copy may be made; what is there is removed, before and after.
        shown: Keys of the entries whose READMEs are shown; no other README is in any byte of the
            copy. None shows all.
        more: What to run on the copy when it is filled, such as making views of what visitors see.
        rewriting: What is told otherwise than it is known; each README has the name of its bytes.
    """
    records = snapshot.records
    told = (r.readme for key, r in records.items() if shown is None or key in shown)
    oids = {readme.oid for readme in told if readme}
    seen = snapshot.model_copy(
        update={
            "readmes": {oid: text for oid, text in snapshot.readmes.items() if oid in oids},
            "marks": tuple(mark for mark in snapshot.marks if mark.repo in records),
        }
    )
    place.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(place, isolation_level=None)) as copy:
            copy.executescript(_IN_A_HURRY)
            migrate(copy)
            Store(copy, place).replace(_rewritten(seen, *rewriting) if rewriting else seen)
            copy.execute("BEGIN")
            for script, values in more:
                copy.executemany(script, values) if values is not None else copy.execute(script)
            copy.execute("COMMIT")
            copy.execute("VACUUM")
        with place.open("r+b") as written:
            for start, length in _OF_THE_WRITER:
                written.seek(start)
                written.write(bytes(length))
        return place.read_bytes()
    finally:
        place.unlink(missing_ok=True)


def _rewritten(
    snapshot: Snapshot,
    facts: Callable[[RepoFacts, str | None], RepoFacts],
    text: Callable[[str], str],
) -> Snapshot:
    readmes: dict[str, bytes] = {}
    renderings: dict[str, str] = {}
    renamed: dict[str, str] = {}
    for oid, content in snapshot.readmes.items():
        told = text(content.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        html = snapshot.renderings.get(oid)
        shown = text(html) if html else html
        new = oid
        if (told, shown) != (content, html):
            new = renamed[oid] = blob_oid(told)
        readmes.setdefault(new, told)
        if shown:
            renderings.setdefault(new, shown)
    records = dict(snapshot.records)
    for key, record in records.items():
        if record.facts:
            anew = renamed.get(record.readme.oid) if record.readme else None
            records[key] = record.model_copy(update={"facts": facts(record.facts, anew)})
    update = {
        "records": records,
        "readmes": readmes,
        "renderings": renderings,
        "changes": tuple(_told(change, text) for change in snapshot.changes),
    }
    return snapshot.model_copy(update=update)


def _told(change: Change, text: Callable[[str], str]) -> Change:
    """Tell a line of the news anew; an address that changes is left out."""
    said = {name: getattr(change, name) for name in ("before", "after", "url")}
    told: dict[str, str | None] = {name: text(one) if one else one for name, one in said.items()}
    if told["url"] != said["url"]:
        told["url"] = None
    return change.model_copy(update=told)
