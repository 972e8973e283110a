"""The file of other showcases, `neighbours.json` of the state: what they said, kept as last good.

The site publishes the same file, so that a fresh machine has it before anybody is asked. It is
read row by row: one that makes no sense is left out, and asked for again. So are all of them where
the file is of another version, whose rows may mean something else.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from aggregator.facts.neighbour import Neighbour
from aggregator.store.locking import write_whole
from aggregator.store.schema import NEIGHBOURS

LARGEST_FILE = 100_000_000
_VERSION = 1


def read_neighbours(folder: Path) -> tuple[Neighbour, ...]:
    """Read what a state folder keeps; nothing where there is no such file, or none of ours."""
    try:
        with (folder / NEIGHBOURS).open("rb") as stream:
            return neighbours_in(stream.read(LARGEST_FILE))
    except OSError:
        return ()


def neighbours_in(content: bytes) -> tuple[Neighbour, ...]:
    """Read such a file, whoever wrote it."""
    try:
        told = json.loads(content)
        rows = told["neighbours"] if told["version"] == _VERSION else ()
    except (ValueError, LookupError, TypeError, RecursionError):
        return ()
    found = map(_read, rows if isinstance(rows, list) else ())
    return tuple(one for one in found if one)


def neighbours_text(neighbours: Iterable[Neighbour]) -> str:
    """Write such a file; the same knowledge gives the same text."""
    rows = [one.model_dump(mode="json", exclude_defaults=True) for one in neighbours]
    told = {"version": _VERSION, "neighbours": rows}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def keep_neighbours(folder: Path, neighbours: Iterable[Neighbour]) -> None:
    """Keep what is known from now on; what was known before and is not given is forgotten."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / NEIGHBOURS, neighbours_text(neighbours).encode())


def _read(row: object) -> Neighbour | None:
    try:
        return Neighbour.model_validate(row)
    except ValidationError:
        return None
