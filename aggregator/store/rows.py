"""Rows of the catalogue as the models of ``facts``, and back. Pure.

Written strictly, read tolerantly: what this version does not know, or its checks refuse, is left
aside as the smallest part that makes no sense, and noted.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from aggregator.facts.base import Fact
from aggregator.facts.record import Record
from aggregator.facts.repository import Identity, RepoFacts
from aggregator.facts.snapshot import Change, ChangeKind
from aggregator.words.outcomes import Outcome

Row = Mapping[str, Any]
Note = Callable[[str], None]
F = TypeVar("F", bound=Fact)

# In the table `about` and not in a column: versions before this one read the file as well, and
# pass over what they do not know there.
FORMER_NAMES = "former_names:"
_NAMES = TypeAdapter(tuple[str, ...])

RECORD_COLUMNS = ("key", *(name for name in Record.model_fields if name != "former_names"))


def record_row(record: Record) -> dict[str, Any]:
    """Write a record as the values of ``RECORD_COLUMNS``."""
    return {name: _column(getattr(record, name)) for name in RECORD_COLUMNS}


def _column(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.model_dump_json(exclude_none=True) if isinstance(value, BaseModel) else value


def former_names_row(record: Record) -> tuple[str, str]:
    """Write the names that a record had before as a row of `about`."""
    return f"{FORMER_NAMES}{record.key}", _NAMES.dump_json(record.former_names).decode()


def read_record(row: Row, note: Note, former_names: str | None = None) -> Record:
    """Read a record and the names it had; raises ValidationError when they make no sense."""
    outcome = next((one for one in Outcome if one == row.get("outcome")), None)
    if outcome is None:
        note(f"the outcome {row.get('outcome')}")
    identity, facts = row.get("identity"), row.get("facts")
    told: dict[str, Any] = {
        # One of a newer version is neither good nor bad, so the next run looks again.
        "outcome": outcome or Outcome.SKIPPED,
        "former_names": _NAMES.validate_json(former_names) if former_names else (),
        "identity": _read(Identity, identity, note) if identity else None,
        "facts": read_facts(facts, note) if facts else None,
    }
    return read_plain(Record, {**row, **told})


def read_facts(text: str, note: Note) -> RepoFacts:
    """Read facts; raises ValidationError when they make no sense."""
    return _read(RepoFacts, text, note)


def read_change(row: Row, note: Note) -> Change | None:
    """Read a change; None for a kind of news that only a newer version knows."""
    if row.get("kind") not in list(ChangeKind):
        note(f"news of the kind {row.get('kind')}")
        return None
    return read_plain(Change, row)


def read_plain(model: type[F], row: Row, _note: Note | None = None) -> F:
    """Read a model whose fields are the columns of a row."""
    return model(**{name: row[name] for name in model.model_fields if name in row})


def _read(model: type[F], text: str, note: Note) -> F:
    """Read a model from JSON, without the parts that make no sense to this version.

    A part that is unknown, or a text that a check refuses, is left out alone; with a value of
    another type or an unknown choice its whole block goes, as the rest could then mislead.
    """
    data, told = None, text
    while True:
        try:
            return model.model_validate_json(told)
        except ValidationError as error:
            places = [_place(one) for one in error.errors(include_url=False)]
            if () in places or error.errors()[0]["type"] == "json_invalid":
                raise
        data = json.loads(text) if data is None else data
        for place in dict.fromkeys(reversed(places)):  # the last of a list first
            if not any(place[:length] in places for length in range(len(place))):
                note(".".join(step for step in place if isinstance(step, str)))
                _remove(data, place)
        told = json.dumps(data)


def _place(error: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Say what to leave out for an error of pydantic.

    The names of its errors: https://docs.pydantic.dev/latest/errors/validation_errors/
    """
    kind: str = error["type"]
    misleads = kind in {"missing", "enum", "literal_error"} or kind.endswith(("_type", "_parsing"))
    place: tuple[str | int, ...] = error["loc"][:-1] if misleads else error["loc"]
    return place


def _remove(data: Any, place: Sequence[str | int]) -> None:
    """Remove what stands at a place, or as much of the way to it as there is."""
    step, *rest = place
    below = data[step]
    if rest and (
        rest[0] in below
        if isinstance(below, dict)
        else isinstance(below, list) and rest[0] in range(len(below))
    ):
        _remove(below, rest)
    else:
        del data[step]
