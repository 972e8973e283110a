"""Careful readers of single JSON values: the right type, within bounds, or None.

Everything GitHub sends was written by strangers. These functions never raise and never guess;
``parse`` and ``parse_rest`` are built from them.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from aggregator.facts import is_repo_name, is_web_address

LONGEST_LINE = 300
LONGEST_TEXT = 2_000
Json = Mapping[str, Any]


def text(value: object, longest: int = LONGEST_TEXT) -> str | None:
    """Return a trimmed text without control characters, or None when nothing is left."""
    if not isinstance(value, str):
        return None
    start = value[: longest * 2]
    if not start.isprintable():
        start = "".join(c if c.isprintable() else " " for c in start)
    return " ".join(start.split())[:longest] or None


def line(value: object) -> str | None:
    """Return a short text, or None."""
    return text(value, LONGEST_LINE)


def count(value: object) -> int | None:
    """Return a whole number from zero up, or None."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    return value


def flag(value: object) -> bool:
    """Return True only when GitHub said true."""
    return value is True


def when(value: object) -> datetime | None:
    """Return a moment in UTC, or None."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """Return when an answer was sent; one from a shared cache is as old as its `Age` says.

    Source: RFC 9110, section 6.6.1 (`Date`), and RFC 9111, section 5.1 (`Age`).
    """
    try:
        sent = parsedate_to_datetime(headers.get("Date", ""))
        age = timedelta(seconds=int(headers.get("Age", "0")))
        return sent.replace(tzinfo=sent.tzinfo or UTC).astimezone(UTC) + age
    except (ValueError, OverflowError):
        return None


def web_address(value: object) -> str | None:
    """Return an http or https address, or None for any other scheme."""
    found = text(value)
    if found is None or not is_web_address(found):
        return None
    try:
        return found if urlsplit(found).hostname else None
    except ValueError:
        return None


def repo_name(value: object) -> str | None:
    """Return owner/name, or None for anything else."""
    return value if isinstance(value, str) and is_repo_name(value) else None


def homepage(value: object) -> str | None:
    """Return a homepage; GitHub lets people leave out the scheme."""
    found = text(value)
    if found and "://" not in found and "." in found.partition("/")[0] and ":" not in found:
        found = f"https://{found}"
    return web_address(found)


def inside(value: object, *path: str) -> Any:
    """Return what is under a path of keys, or None as soon as one is missing."""
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def objects(value: object) -> Iterator[Json]:
    """Yield the objects of a list, leaving out nulls and everything else."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, Mapping):
            yield item
