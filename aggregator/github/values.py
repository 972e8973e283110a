"""Careful readers of single JSON values: the right type, within bounds, or None.

Everything GitHub sends was written by strangers. These functions never raise and never guess;
``parse`` and ``parse_rest`` are built from them.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from aggregator.readme.shortcodes import replace_in_text
from aggregator.words.addresses import is_web_address
from aggregator.words.names import is_repo_name

LONGEST_LINE = 300
LONGEST_TEXT = 2_000
LONGEST_NAME = 1_000  # of a file; git itself stops at 4,096 bytes
LARGEST_COUNT = 2**53 - 1  # what JSON promises to carry whole (RFC 8259, section 6)
Json = Mapping[str, Any]

_YEARS = range(1900, 3000)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")  # of a name in any script, or an address of IPv6
# What belongs to no text: halves of characters, marks of byte order, and signs that turn the
# direction of everything after them. Joiners, soft hyphens, variation selectors, the tags that
# make the flag of Wales, and signs younger than this Python stay as they were written.
_FOREIGN = re.compile(
    "[\ud800-\udfff\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]"
)
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\U000e0000-\U000e0fff]+"
)
_UNFINISHED = re.compile("[\u200c\u200d\U000e0020-\U000e007e]+\\Z")


def text(value: object, longest: int = LONGEST_TEXT) -> str | None:
    """Return a trimmed text without control characters, or None when nothing is left."""
    if not isinstance(value, str):
        return None
    start = _FOREIGN.sub("", _CONTROL.sub(" ", value[: longest * 2]))
    found = " ".join(start.split())
    if len(found) > longest:  # the cut must not leave half of a joined sign
        found = _UNFINISHED.sub("", found[:longest])
    return None if not found or _UNSEEN.fullmatch(found) else found


def line(value: object) -> str | None:
    """Return a short text, or None."""
    return text(value, LONGEST_LINE)


def spoken(value: object, longest: int = LONGEST_TEXT) -> str | None:
    """Return a text in which GitHub shows shortcodes such as ``:rocket:`` as signs, or None."""
    found = text(value, longest)
    return replace_in_text(found) if found else None


def file_name(value: object) -> str | None:
    """Return the name of a file as it stands, or None when nobody could write it down."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
        return None
    return None if _CONTROL.search(value) or _FOREIGN.search(value) else value


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
        return found if _HOST.fullmatch(urlsplit(found).hostname or "") else None
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
