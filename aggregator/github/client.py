"""Asks GitHub through PyGithub's requester, keeps the bill, and names what went wrong.

``Client`` knows how to ask and how to tell a good answer from a bad one. It does not know which
questions are worth asking (``aggregator.fetch`` does) nor what the answers mean (``parse`` does).
Rules from docs.github.com, "Best practices for using the REST API" and "Rate limits and query
limits for the GraphQL API". Nothing here waits or asks twice.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from github import GithubException
from github.Requester import Requester

from aggregator.facts.protocol import GOES_ON, AbsenceKind, Absent, Spent, Trouble, TroubleKind
from aggregator.github.documents import GraphqlQuery
from aggregator.github.transport import NoAnswerError, Transport
from aggregator.github.values import Json, count, inside, objects, when
from aggregator.words.clean import clean_line
from aggregator.words.wall import CURE, Fault, attempt

_OVERLOADS = frozenset({500, 502, 503, 504})
_LIMIT_TYPES = frozenset({"RATE_LIMIT", "RATE_LIMITED"})
_OVERLOAD_TYPES = frozenset({"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED", "TIMEOUT"})
_SCOPE_TYPES = frozenset({"INSUFFICIENT_SCOPES"})
_BLOCK = re.compile(r"(?i)access blocked|repository (?:is |has been )?(?:disabled|blocked)")
_MOST_WAIT = 10 * 24 * 3600.0  # a longer demand is nonsense and means "not today"
_STATUS_PAGE = "See githubstatus.com; the next run asks again."
# ruff takes both for tokens (S105): they are words about them.
_NEW_TOKEN = "Make a new token and set GITHUB_TOKEN, or unset it to go on without one."  # noqa: S105
_OTHER_TOKEN = "Use a token that may read public repositories; no further scope is needed."  # noqa: S105


@dataclass(frozen=True, slots=True)
class Reply:
    """What GitHub answered to one question of either API, or why there is nothing.

    Of a GraphQL question data and failure may both be there: part of it was answered.
    """

    data: Any = None
    headers: Mapping[str, Any] = field(default_factory=dict)
    errors: Sequence[Json] = ()  # of GraphQL: those that say which repository they belong to
    failure: Trouble | Absent | None = None

    @property
    def trouble(self) -> Trouble | None:
        """Return what concerns the whole conversation rather than one repository."""
        return self.failure if isinstance(self.failure, Trouble) else None


class Client:
    """One conversation with GitHub; serial, because GitHub asks for that."""

    def __init__(self, requester: Requester, transport: Transport, graphql_url: str) -> None:
        self._requester = requester
        self._transport = transport
        self._graphql_url = graphql_url
        self._bill = Spent()

    @property
    def spent(self) -> Spent:
        """Return what was used so far."""
        meter = self._transport.meter
        return replace(
            self._bill,
            requests=meter.requests,
            not_modified=meter.not_modified,
            bytes_received=meter.bytes_received,
            server_time=meter.server_time,
        )

    def query(self, query: GraphqlQuery) -> Reply:
        """Post one GraphQL query; partial data is kept, whatever came with it."""
        body = {"query": query.text, "variables": query.variables}
        # Not through PyGithub's `graphql_query`: it raises as soon as one repository is missing.
        reply = self._send("POST", self._graphql_url, input=body)
        if isinstance(reply.failure, Absent):
            message = f"no GraphQL at {self._graphql_url}: {reply.failure.message}"
            return Reply(data={}, failure=Trouble(TroubleKind.REFUSED, message))
        if reply.failure:
            return replace(reply, data={})
        return self._sorted(reply.data, reply.headers)

    def get(self, path: str, **parameters: Any) -> Reply:
        """Get one REST resource; ``path`` begins with a slash."""
        reply = self._send("GET", path, parameters=parameters)
        self._note_headers(reply.headers)
        return reply

    def get_html(self, path: str) -> str | None:
        """Get GitHub's own rendering of a file, or None when it gives none.

        Source: docs.github.com, "Get a repository README" (the ``html`` media type).
        """
        reply = self._send("GET", path, headers={"Accept": "application/vnd.github.html"})
        found = inside(reply.data, "data")
        return found if isinstance(found, str) else None

    def _send(self, verb: str, url: str, **more: Any) -> Reply:
        self._transport.begin()
        done = attempt(url, "taking GitHub's answer", lambda: self._sent(verb, url, more))
        if isinstance(done, Fault):
            return Reply(failure=Trouble(TroubleKind.BROKEN, done.message, CURE, fault=done))
        return done

    def _sent(self, verb: str, url: str, more: Mapping[str, Any]) -> Reply:
        try:
            headers, data = self._requester.requestJsonAndCheck(verb, url, **more)
        except NoAnswerError as error:
            return Reply(failure=error.trouble)
        except GithubException as error:
            return Reply(headers=error.headers or {}, failure=_refusal(error))
        except RecursionError:
            return Reply(failure=Trouble(TroubleKind.BROKEN, "an answer nested too deeply"))
        return Reply(data, headers)

    def _sorted(self, body: Any, headers: Mapping[str, Any]) -> Reply:
        """Part the data of a GraphQL answer from its errors, and both from what ails the query."""
        if not isinstance(body, dict) or not ("data" in body or "errors" in body):
            return Reply(data={}, failure=Trouble(TroubleKind.BROKEN, "an answer without data"))
        errors, data = list(objects(body.get("errors"))), body.get("data")
        trouble = _query_trouble(errors, headers)
        if not isinstance(data, dict):
            first = clean_line(errors[0].get("message")) if errors else "data is null"
            broken = Trouble(TroubleKind.OVERLOADED, f"GitHub gave no data: {first}")
            return Reply(data={}, failure=trouble or broken)
        self._note_rate(data.get("rateLimit"))
        return Reply(data, headers, errors, trouble)

    def _note_rate(self, rate: Any) -> None:
        if not isinstance(rate, dict):
            return
        self._bill = replace(
            self._bill,
            points=self._bill.points + (count(rate.get("cost")) or 0),
            left=count(rate.get("remaining")),
            limit=count(rate.get("limit")),
            resets_at=when(rate.get("resetAt")),
        )

    def _note_headers(self, headers: Mapping[str, Any]) -> None:
        if self._bill.points or "x-ratelimit-remaining" not in headers:
            return  # the REST purse is another one; GraphQL's is what a token run lives on
        reset = str(headers.get("x-ratelimit-reset", ""))
        self._bill = replace(
            self._bill,
            left=int(float(headers["x-ratelimit-remaining"])),
            limit=int(float(headers.get("x-ratelimit-limit", 0))) or None,
            resets_at=_moment(float(reset)) if reset.isdigit() else None,
        )


def _refusal(error: GithubException) -> Trouble | Absent:
    """Judge an HTTP error: about one repository (``Absent``) or about the whole conversation."""
    headers = {key.lower(): value for key, value in (error.headers or {}).items()}
    message = clean_line(inside(error.data, "message")) or ""
    if _is_limit(error.status, headers, message):
        return _limit(headers, message)
    if error.status in _OVERLOADS:
        return Trouble(TroubleKind.BROKEN, f"GitHub answered {error.status}", _STATUS_PAGE)
    if error.status == 401:
        return Trouble(TroubleKind.REFUSED, "GitHub does not accept the token", _NEW_TOKEN)
    kind = _absence(error.status, message, blocked=bool(inside(error.data, "block")))
    if kind is not None:
        return Absent(kind, message)
    return Trouble(TroubleKind.BROKEN, f"GitHub answered {error.status}: {message}")


def _absence(status: int, message: str, *, blocked: bool) -> AbsenceKind | None:
    if blocked or status == 451 or (status == 403 and _BLOCK.search(message)):
        return AbsenceKind.BLOCKED
    if status == 409 and "empty" in message.lower():
        return AbsenceKind.EMPTY
    return {
        403: AbsenceKind.FORBIDDEN,
        404: AbsenceKind.NOT_FOUND,
        410: AbsenceKind.NOT_FOUND,
    }.get(status)


def _is_limit(status: int, headers: Mapping[str, Any], message: str) -> bool:
    """Tell a rate limit from any other refusal: GitHub uses 403 and 429 for both kinds."""
    spent = str(headers.get("x-ratelimit-remaining", "")) == "0"
    told = spent or "retry-after" in headers or "rate limit" in message.lower()
    return status == 429 or (status == 403 and told)


def _limit(headers: Mapping[str, Any], message: str) -> Trouble:
    """Read from the headers how long GitHub wants to be left alone."""
    what = "secondary rate limit" if "secondary" in message.lower() else "rate limit used up"
    limited = Trouble(TroubleKind.LIMITED, what, GOES_ON)
    wait = _retry_after(headers)
    if wait is not None:
        return replace(limited, wait=min(wait, _MOST_WAIT))
    reset = _number(headers.get("x-ratelimit-reset"))
    if reset is not None and str(headers.get("x-ratelimit-remaining", "0")) == "0":
        return replace(limited, until=_moment(reset))
    return limited


def _retry_after(headers: Mapping[str, Any]) -> float | None:
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


def _number(value: object) -> float | None:
    try:
        return max(0.0, float(str(value)))
    except ValueError:
        return None


def _moment(seconds: float) -> datetime | None:
    """Turn seconds since 1970 into a date, or None when they are nonsense."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _query_trouble(errors: Sequence[Json], headers: Mapping[str, Any]) -> Trouble | None:
    """Judge the errors of a GraphQL answer that concern the whole query, if any do."""
    # A limit comes first: halving a query that met one would only meet it again.
    kinds = {str(error.get("type", "")).upper() for error in errors}
    said = " ".join(str(error.get("message", "")) for error in errors)
    first = (clean_line(errors[0].get("message")) or "no reason given") if errors else ""
    if kinds & _LIMIT_TYPES or "rate limit" in said:
        return _limit(headers, first)
    overloaded = "timeout" in said.lower() or "something went wrong while executing" in said.lower()
    if kinds & _OVERLOAD_TYPES or overloaded:
        return Trouble(TroubleKind.OVERLOADED, f"GitHub found the query too heavy: {first}")
    if kinds & _SCOPE_TYPES:
        message = f"the token may not ask this: {first}"
        return Trouble(TroubleKind.REFUSED, message, _OTHER_TOKEN)
    return None


def absence_of(error: Json) -> Absent | None:
    """Judge a GraphQL error that belongs to one repository."""
    kind = str(error.get("type", "")).upper()
    message = clean_line(error.get("message")) or ""
    if _BLOCK.search(message) or kind in {"DMCA", "BLOCKED"}:
        return Absent(AbsenceKind.BLOCKED, message)
    known = {"NOT_FOUND": AbsenceKind.NOT_FOUND, "FORBIDDEN": AbsenceKind.FORBIDDEN}
    return Absent(known[kind], message) if kind in known else None
