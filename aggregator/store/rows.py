"""Rows of the catalogue as the models of ``facts``, and back. Pure."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aggregator.facts import Change, Day, Identity, Mark, Record, RepoFacts

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


def read_record(row: sqlite3.Row | Mapping[str, Any]) -> Record:
    """Read a record; raises pydantic's ValidationError when the row makes no sense."""
    fields = {
        name: row[name] for name in RECORD_COLUMNS if name not in {"key", "identity", "facts"}
    }
    identity, facts = row["identity"], row["facts"]
    return Record(
        **fields,
        identity=Identity.model_validate_json(identity) if identity else None,
        facts=_read_facts(facts) if facts else None,
    )


def _read_facts(text: str) -> RepoFacts:
    """Read facts; details that were kept before readings had numbers are of the first one."""
    facts = RepoFacts.model_validate_json(text)
    if facts.details is None or "reading" in facts.details.model_fields_set:
        return facts
    return facts.model_copy(update={"details": facts.details.model_copy(update={"reading": 1})})


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
