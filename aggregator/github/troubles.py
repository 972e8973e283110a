"""What each bad answer of GitHub means, as a ``Trouble`` that the policy can act on.

Rules from docs.github.com, "Best practices for using the REST API" and "Rate limits and query
limits for the GraphQL API": obey ``retry-after``, then ``x-ratelimit-reset`` when nothing
remains, else wait a minute and double. Nothing here sends or waits.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from github import GithubException

from aggregator.facts.source import AbsenceKind, Absent, Trouble, TroubleKind
from aggregator.github.transport import TransportError
from aggregator.github.values import inside, line

Headers = Mapping[str, Any]
OVERLOADS = frozenset({500, 502, 503, 504})
LIMIT_TYPES = frozenset({"RATE_LIMIT", "RATE_LIMITED"})
OVERLOAD_TYPES = frozenset({"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED", "TIMEOUT"})
SCOPE_TYPES = frozenset({"INSUFFICIENT_SCOPES"})
STATUS_PAGE = "See githubstatus.com; the next run asks again."
_BLOCK = re.compile(r"(?i)access blocked|repository (?:is |has been )?(?:disabled|blocked)")
MOST_WAIT = 10 * 24 * 3600.0  # a longer demand is nonsense and means "not today"


def from_transport(error: TransportError) -> Trouble:
    """Judge an exchange that brought no usable answer."""
    if error.halves:
        cure = error.cure or "The next run asks again."
        return Trouble(TroubleKind.OVERLOADED, str(error), cure)
    return Trouble(
        TroubleKind.UNREACHABLE,
        str(error),
        "Check the network and GITHUB_API_URL, or wait until githubstatus.com is green.",
    )


def from_http(error: GithubException) -> Trouble | Absent:
    """Judge an HTTP error: about one repository (``Absent``) or about the whole conversation."""
    headers = {key.lower(): value for key, value in (error.headers or {}).items()}
    message = _message(error)
    if limited(error.status, headers, message):
        return limit_trouble(headers, message)
    if error.status in OVERLOADS:
        return Trouble(TroubleKind.BROKEN, f"GitHub answered {error.status}", STATUS_PAGE)
    if error.status == 401:
        return _bad_token()
    if inside(error.data, "block"):
        return Absent(AbsenceKind.BLOCKED, message)
    return _absence(error.status, message) or Trouble(
        TroubleKind.BROKEN, f"GitHub answered {error.status}: {message}"
    )


def limited(status: int, headers: Headers, message: str) -> bool:
    """Tell a rate limit from any other refusal: GitHub uses 403 and 429 for both kinds."""
    if status == 429:
        return True
    if status != 403:
        return False
    spent = str(headers.get("x-ratelimit-remaining", "")) == "0"
    return spent or "retry-after" in headers or "rate limit" in message.lower()


def limit_trouble(headers: Headers, message: str) -> Trouble:
    """Read from the headers how long GitHub wants to be left alone."""
    secondary = "secondary" in message.lower()
    what = "secondary rate limit" if secondary else "rate limit used up"
    cure = "The next run goes on where this one stopped."
    wait = _retry_after(headers)
    if wait is not None:
        return Trouble(TroubleKind.LIMITED, what, cure, wait=min(wait, MOST_WAIT))
    reset = _number(headers.get("x-ratelimit-reset"))
    if reset is not None and str(headers.get("x-ratelimit-remaining", "0")) == "0":
        return Trouble(TroubleKind.LIMITED, what, cure, until=moment(reset))
    return Trouble(TroubleKind.LIMITED, what, cure)


def _retry_after(headers: Headers) -> float | None:
    """Read seconds, or an HTTP date measured against the server's own (RFC 9110, 10.2.3)."""
    value = str(headers.get("retry-after", ""))
    seconds = _number(value)
    if seconds is not None or not value:
        return seconds
    try:
        until, now = (parsedate_to_datetime(text) for text in (value, str(headers.get("date"))))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):  # one without a zone, year 0, ...
        return None


def moment(seconds: float) -> datetime | None:
    """Turn seconds since 1970 into a date, or None when they are nonsense."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def from_graphql(errors: Sequence[Mapping[str, Any]], headers: Headers) -> Trouble | None:
    """Judge the errors of a GraphQL answer that concern the whole query, if any do."""
    kinds = {str(error.get("type", "")).upper() for error in errors}
    first = (line(errors[0].get("message")) or "no reason given") if errors else ""
    if kinds & LIMIT_TYPES or any("rate limit" in str(e.get("message", "")) for e in errors):
        return limit_trouble(headers, first)
    if kinds & OVERLOAD_TYPES or _looks_overloaded(errors):
        return Trouble(TroubleKind.OVERLOADED, f"GitHub found the query too heavy: {first}")
    if kinds & SCOPE_TYPES:
        return _missing_scope(first)
    return None


def absence_of(error: Mapping[str, Any]) -> Absent | None:
    """Judge an error that belongs to one repository."""
    kind = str(error.get("type", "")).upper()
    message = line(error.get("message")) or ""
    if _BLOCK.search(message) or kind in {"DMCA", "BLOCKED"}:
        return Absent(AbsenceKind.BLOCKED, message)
    if kind == "NOT_FOUND":
        return Absent(AbsenceKind.NOT_FOUND, message)
    if kind == "FORBIDDEN":
        return Absent(AbsenceKind.FORBIDDEN, message)
    return None


def _looks_overloaded(errors: Sequence[Mapping[str, Any]]) -> bool:
    text = " ".join(str(error.get("message", "")) for error in errors).lower()
    return "timeout" in text or "something went wrong while executing" in text


def _absence(status: int, message: str) -> Absent | None:
    if status == 451 or (status == 403 and _BLOCK.search(message)):
        return Absent(AbsenceKind.BLOCKED, message)
    if status in {404, 410}:
        return Absent(AbsenceKind.NOT_FOUND, message)
    if status == 409 and "empty" in message.lower():
        return Absent(AbsenceKind.EMPTY, message)
    if status == 403:
        return Absent(AbsenceKind.FORBIDDEN, message)
    return None


def _bad_token() -> Trouble:
    return Trouble(
        TroubleKind.REFUSED,
        "GitHub does not accept the token",
        "Make a new token and set GITHUB_TOKEN, or unset it to go on without one.",
    )


def _missing_scope(message: str) -> Trouble:
    return Trouble(
        TroubleKind.REFUSED,
        f"the token may not ask this: {message}",
        "Use a token that may read public repositories; no further scope is needed.",
    )


def _message(error: GithubException) -> str:
    return line(inside(error.data, "message")) or ""


def _number(value: object) -> float | None:
    try:
        return max(0.0, float(str(value)))
    except ValueError:
        return None
