"""Careful readers of single JSON values: the right type, within bounds, or None.

Everything GitHub sends was written by strangers. These functions never raise and never guess;
``parse`` names which of them reads which fact.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from aggregator.readme.shortcodes import replace_in_text
from aggregator.words.clean import (
    CONTROL,
    FOREIGN,
    LONGEST_TEXT,
    clean_address,
    clean_line,
    clean_text,
)
from aggregator.words.names import is_repo_name

LONGEST_NAME = 1_000  # of a file; git itself stops at 4,096 bytes
LARGEST_COUNT = 2**53 - 1  # what JSON promises to carry whole (RFC 8259, section 6)
Json = Mapping[str, Any]
_YEARS = range(1900, 3000)


def spoken(value: object, longest: int = LONGEST_TEXT) -> str | None:
    """Return a text in which GitHub shows shortcodes such as ``:rocket:`` as signs, or None."""
    found = clean_text(value, longest)
    return replace_in_text(found) if found else None


def file_name(value: object) -> str | None:
    """Return the name of a file as it stands, or None when nobody could write it down."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
        return None
    return None if CONTROL.search(value) or FOREIGN.search(value) else value


def count(value: object) -> int | None:
    """Return a whole number from zero up, or None."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_COUNT:
        return None
    return value


def yes_or_no(value: object) -> bool | None:
    """Return what GitHub said, or None when it said neither."""
    return value if isinstance(value, bool) else None


def flag(value: object) -> bool:
    """Return True only when GitHub said true."""
    return value is True


def when(value: object) -> datetime | None:
    """Return a moment in UTC, or None; years that no clock can mean are none.

    Commits carry what the machines of strangers believed. Sums with the first and the last years
    that Python knows overflow.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.year not in _YEARS:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def repo_name(value: object) -> str | None:
    """Return owner/name, or None for anything else."""
    return value if isinstance(value, str) and is_repo_name(value) else None


def homepage(value: object) -> str | None:
    """Return a homepage; GitHub lets people leave out the scheme."""
    found = clean_text(value)
    if found and "://" not in found and "." in found.partition("/")[0] and ":" not in found:
        found = f"https://{found}"
    return clean_address(found)


def read_json(source: str | bytes) -> Any:
    """Read JSON that may be built to hurt.

    Raises:
        ValueError: It is none, is nested deeper than Python can follow, or holds endless numbers.
    """
    try:
        return json.loads(source)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def inside(value: object, *path: str) -> Any:
    """Return what is under a path of keys, or None as soon as one is missing.

    A list on the way gives what each of its objects has.
    """
    for step, key in enumerate(path):
        if type(value) is dict:  # nearly always, and told faster than the others
            value = value.get(key)
            continue
        if isinstance(value, list):
            return [inside(item, *path[step:]) for item in objects(value)]
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def objects(value: object) -> Iterator[Json]:
    """Yield the objects of a list, leaving out nulls and everything else."""
    for item in value if isinstance(value, list) else ():
        if type(item) is dict or isinstance(item, Mapping):
            yield item


def lines(value: object) -> tuple[str, ...] | None:
    """Return the short texts of a list, without those that are none; None when it is no list."""
    if not isinstance(value, list):
        return None
    return tuple(text for text in map(clean_line, value) if text)


def by_size(value: object) -> dict[str, int] | None:
    """Return languages with their bytes, largest first, then by name.

    REST gives an object of them, GraphQL a list of edges.
    """
    if isinstance(value, list):
        edges = ((clean_line(inside(edge, "node", "name")), edge) for edge in objects(value))
        value = {name: edge.get("size") for name, edge in edges}
    if not isinstance(value, Mapping):
        return None
    pairs = ((clean_line(name), count(size)) for name, size in value.items())
    sound = [(name, size) for name, size in pairs if name and size is not None]
    return dict(sorted(sound, key=lambda pair: (-pair[1], pair[0])))


def public_name(value: object) -> str | None:
    """Return owner/name of a repository; the name of a private one is not ours to publish."""
    private = flag(inside(value, "isPrivate")) or flag(inside(value, "private"))
    return (
        None if private else repo_name(inside(value, "nameWithOwner") or inside(value, "full_name"))
    )
