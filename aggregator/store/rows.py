"""Rows of the catalogue as the models of ``facts``, and back. Pure."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from aggregator.facts import Change, Day, Identity, Mark, Record, RepoFacts

# In the table `about` and not in a column: versions before this one read the file as well, and
# pass over what they do not know there.
FORMER_NAMES = "former_names:"
_NAMES = TypeAdapter(tuple[str, ...])

RECORD_COLUMNS = (
    "key",
    "listed_as",
    "outcome",
    "since",
    "first_seen",
    "last_tried",
    "last_succeeded",
    "message",
    "cure",
    "moved_to",
    "identity",
    "facts",
)


def record_row(record: Record) -> tuple[Any, ...]:
    """Write a record as the values of ``RECORD_COLUMNS``."""
    return (
        record.key,
        record.listed_as,
        record.outcome.value,
        _text(record.since),
        _text(record.first_seen),
        _text(record.last_tried),
        _text(record.last_succeeded),
        record.message,
        record.cure,
        record.moved_to,
        _json(record.identity),
        _json(record.facts),
    )


def read_record(row: sqlite3.Row | Mapping[str, Any], former_names: Sequence[str] = ()) -> Record:
    """Read a record and the names it had; raises ValidationError when they make no sense."""
    fields = {
        name: row[name] for name in RECORD_COLUMNS if name not in {"key", "identity", "facts"}
    }
    identity, facts = row["identity"], row["facts"]
    return Record(
        **fields,
        former_names=former_names,
        identity=Identity.model_validate_json(identity) if identity else None,
        facts=RepoFacts.model_validate_json(facts) if facts else None,
    )


def former_names_rows(records: Iterable[Record]) -> list[tuple[str, str]]:
    """Write the names that records had before as rows of `about`."""
    named = [(r.key, r.former_names) for r in records if r.former_names]
    return [(f"{FORMER_NAMES}{key}", _NAMES.dump_json(names).decode()) for key, names in named]


def read_former_names(about: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Read them back by key of the record; raises ValidationError when they are not lists."""
    return {
        key.removeprefix(FORMER_NAMES): _NAMES.validate_json(value)
        for key, value in about.items()
        if key.startswith(FORMER_NAMES)
    }


def change_row(change: Change) -> dict[str, Any]:
    """Write a change as named values."""
    return change.model_dump(mode="json")


def read_change(row: sqlite3.Row) -> Change:
    """Read a change."""
    return Change(**{name: row[name] for name in Change.model_fields})


def read_day(row: sqlite3.Row) -> Day:
    """Read the numbers of a day."""
    return Day(**{name: row[name] for name in Day.model_fields})


def read_mark(row: sqlite3.Row) -> Mark:
    """Read a mark."""
    return Mark(**{name: row[name] for name in Mark.model_fields})


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _json(model: Identity | RepoFacts | None) -> str | None:
    return model.model_dump_json(exclude_none=True) if model else None
