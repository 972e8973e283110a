"""Rows of the catalogue as the models of ``facts``, and back. Pure.

Written strictly, read tolerantly: what this version does not know, or its checks refuse, is left
aside as the smallest part that makes no sense, and noted.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from aggregator.facts.base import Fact
from aggregator.facts.record import Record
from aggregator.facts.repository import Identity, RepoFacts
from aggregator.facts.snapshot import Change, ChangeKind, Day, Mark
from aggregator.words.outcomes import Outcome

Row = Mapping[str, Any]
Note = Callable[[str], None]
F = TypeVar("F", bound=Fact)

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
# An outcome of a newer version: neither good nor bad, so the next run looks again.
NEUTRAL = Outcome.SKIPPED


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


def read_record(row: Row, note: Note, former_names: Sequence[str] = ()) -> Record:
    """Read a record and the names it had; raises ValidationError when they make no sense."""
    fields = {name: row[name] for name in RECORD_COLUMNS if name in row and name != "key"}
    identity, facts = fields.pop("identity", None), fields.pop("facts", None)
    return Record(
        **fields | {"outcome": _outcome(row.get("outcome"), note)},
        former_names=former_names,
        identity=_read(Identity, identity, note) if identity else None,
        facts=read_facts(facts, note) if facts else None,
    )


def read_facts(text: str, note: Note) -> RepoFacts:
    """Read facts; raises ValidationError when they make no sense."""
    return _read(RepoFacts, text, note)


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


def read_change(row: Row, note: Note) -> Change | None:
    """Read a change; None for a kind of news that only a newer version knows."""
    if row.get("kind") not in list(ChangeKind):
        note(f"news of the kind {row.get('kind')}")
        return None
    return Change(**_known(Change, row))


def read_day(row: Row, _note: Note) -> Day:
    """Read the numbers of a day."""
    return Day(**_known(Day, row))


def read_mark(row: Row, _note: Note) -> Mark:
    """Read a mark."""
    return Mark(**_known(Mark, row))


def _known(model: type[Fact], row: Row) -> dict[str, Any]:
    return {name: row[name] for name in model.model_fields if name in row}


def _outcome(text: object, note: Note) -> Outcome:
    known = next((outcome for outcome in Outcome if outcome == text), None)
    if known is None:
        note(f"the outcome {text}")
    return known or NEUTRAL


def _read(model: type[F], text: str, note: Note) -> F:
    """Read a model from JSON, without the parts that make no sense to this version.

    A part that is unknown, or a text that a check refuses, is left out alone; with a value of
    another type or an unknown choice its whole block goes, as the rest could then mislead.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        refused = error
    if refused.errors()[0]["type"] == "json_invalid":
        raise refused
    data = json.loads(text)
    while True:
        places = [_place(one) for one in refused.errors(include_url=False)]
        if () in places:
            raise refused
        for place in dict.fromkeys(reversed(places)):  # the last of a list first
            if not any(place[:length] in places for length in range(len(place))):
                note(".".join(step for step in place if isinstance(step, str)))
                _remove(data, place)
        try:
            return model.model_validate_json(json.dumps(data))
        except ValidationError as error:
            refused = error


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
    if rest and _has(data[step], rest[0]):
        _remove(data[step], rest)
    else:
        del data[step]


def _has(data: object, step: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(step, int) and step < len(data)
    return isinstance(data, dict) and step in data


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _json(model: Identity | RepoFacts | None) -> str | None:
    return model.model_dump_json(exclude_none=True) if model else None
