"""Asks GitHub through PyGithub's requester, keeps the bill, and names what went wrong.

``Client`` knows how to ask and how to tell a good answer from a bad one. It does not know which
questions are worth asking (``aggregator.fetch`` does) nor what the answers mean (``parse`` does).
Rules from docs.github.com, "Best practices for using the REST API" and "Rate limits and query
limits for the GraphQL API". Nothing here waits or asks twice.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from github import GithubException
from github.Requester import Requester

from aggregator.facts.protocol import GOES_ON, Spent, Target, Trouble, TroubleKind
from aggregator.github.documents import GraphqlQuery
from aggregator.github.session import forget
from aggregator.github.transport import NoAnswerError, Transport, no_json, requester_over
from aggregator.github.values import Json, count, inside, objects, when
from aggregator.words.causes import TOKEN_REFUSED
from aggregator.words.clean import clean_line
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import CURE, Fault, attempt

_OVERLOADS = frozenset({500, 502, 503, 504})
_LIMIT_TYPES = frozenset({"RATE_LIMIT", "RATE_LIMITED"})
_OVERLOAD_TYPES = frozenset({"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED", "TIMEOUT"})
_SCOPE_TYPES = frozenset({"INSUFFICIENT_SCOPES"})
_ABSENCES: Mapping[int, Outcome] = {
    403: Outcome.FORBIDDEN,
    404: Outcome.GONE,
    409: Outcome.EMPTY,  # when it says so
    410: Outcome.GONE,
    451: Outcome.BLOCKED,
}
_BLOCK = re.compile(r"(?i)access blocked|repository (?:is |has been )?(?:disabled|blocked)")
_MOST_WAIT = 10 * 24 * 3600.0  # a longer demand is nonsense and means "not today"
_LAST_PAGE = re.compile(r'[?&]page=([0-9]{1,9})(?![0-9])[^>]*>;\s*rel="last"')
_STATUS_PAGE = "See githubstatus.com; the next run asks again."
_OTHER_TOKEN = "Use a token that may read public repositories; no further scope is needed."  # noqa: S105 - a sentence about tokens, not one


@dataclass(frozen=True, slots=True)
class Reply:
    """What GitHub answered to one GraphQL query: part of it, perhaps, with a trouble beside it."""

    data: Json = field(default_factory=dict)
    errors: Sequence[Json] = ()
    trouble: Trouble | None = None


class Client:
    """One conversation with GitHub; from any thread, though how many ask is decided elsewhere."""

    def __init__(self, transport: Transport, graphql_url: str) -> None:
        self._transport = transport
        self._of_thread = threading.local()
        self._graphql_url = graphql_url

    @property
    def spent(self) -> Spent:
        """Return what was used so far."""
        return self._transport.wire.bill.spent

    def query(self, query: GraphqlQuery) -> Reply:
        """Post one GraphQL query; partial data is kept, whatever came with it."""
        body = {"query": query.text, "variables": query.variables}
        try:
            # Not by PyGithub's `graphql_query`: it raises as soon as one repository is missing.
            headers, said = self._send("POST", self._graphql_url, input=body)
        except NoAnswerError as error:
            if isinstance(error.failure, Trouble):
                return Reply(trouble=error.failure)
            message = f"no GraphQL at {self._graphql_url}: {error}"
            return Reply(trouble=Trouble(TroubleKind.REFUSED, message))
        if not isinstance(said, dict) or not ("data" in said or "errors" in said):
            return Reply(trouble=Trouble(TroubleKind.BROKEN, "an answer without data"))
        errors, data = list(objects(said.get("errors"))), said.get("data")
        trouble = _query_trouble(errors, headers)
        if not isinstance(data, dict):
            first = clean_line(errors[0].get("message")) if errors else "data is null"
            broken = Trouble(TroubleKind.OVERLOADED, f"GitHub gave no data: {first}")
            return Reply(trouble=trouble or broken)
        if isinstance(rate := data.get("rateLimit"), dict):
            self._note_rate(rate)
        return Reply(data, errors, trouble)

    def get(self, path: str, **parameters: Any) -> Any:
        """Get one REST resource, whose path begins with a slash.

        Raises:
            NoAnswerError: GitHub did not give it.
        """
        return self.get_page(path, **parameters)[0]

    def get_page(self, path: str, **parameters: Any) -> tuple[Any, int]:
        """Do so with a page of a list, and give the number of the last page beside it.

        Source: docs.github.com, "Using pagination in the REST API" (the ``last`` link).
        """
        headers, data = self._send("GET", path, parameters=parameters)
        match = _LAST_PAGE.search(str(headers.get("link", ""))[:4_000])
        return data, int(match.group(1)) if match else 1

    def get_html(self, path: str) -> str | None:
        """Get GitHub's own rendering of a file, or None when it gives none.

        Source: docs.github.com, "Get a repository README" (the ``html`` media type).
        """
        try:
            _, said = self._send("GET", path, headers={"Accept": "application/vnd.github.html"})
        except NoAnswerError:
            return None
        found = inside(said, "data")
        return found if isinstance(found, str) else None

    def forget(self, targets: Sequence[Target]) -> None:
        """Erase every cached copy of answers about these repositories."""
        forget(self._transport.session, targets)

    def _send(self, verb: str, url: str, **more: Any) -> tuple[Mapping[str, Any], Any]:
        done = attempt(url, "taking GitHub's answer", lambda: self._sent(verb, url, more))
        if isinstance(done, Fault):
            raise NoAnswerError(Trouble(TroubleKind.BROKEN, done.message, CURE, fault=done))
        if isinstance(done, NoAnswerError):
            raise done
        return done

    def _sent(
        self, verb: str, url: str, more: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any], Any] | NoAnswerError:
        try:
            headers, data = self._requester().requestJsonAndCheck(verb, url, **more)
        except NoAnswerError as error:
            return error
        except GithubException as error:
            self._note_headers(verb, error.headers or {})
            message = clean_line(inside(error.data, "message")) or ""
            return NoAnswerError(_refusal(error, message), message)
        except ValueError as error:
            return no_json(str(error))
        except RecursionError:
            return no_json("it is nested too deeply")
        self._note_headers(verb, headers)
        return headers, data

    def _requester(self) -> Requester:
        """Give PyGithub's requester of this thread: it too remembers what it asked last."""
        made: Requester | None = getattr(self._of_thread, "requester", None)
        if made is None:
            made = self._of_thread.requester = requester_over(self._transport.twin())
        return made

    def _note_rate(self, rate: Json) -> None:
        left, resets_at = count(rate.get("remaining")), when(rate.get("resetAt"))

        def noted(spent: Spent) -> dict[str, Any]:
            # Answers may overtake each other; within an hour points only grow fewer.
            known = spent.left if spent.resets_at == resets_at else None
            return {
                "points": spent.points + (count(rate.get("cost")) or 0),
                "left": left if left is None or known is None else min(left, known),
                "limit": count(rate.get("limit")),
                "resets_at": resets_at,
            }

        self._transport.wire.bill.note(noted)

    def _note_headers(self, verb: str, headers: Mapping[str, Any]) -> None:
        # The REST purse is another one than GraphQL's, which is what a run with a token lives on.
        if verb == "GET" and not self.spent.points and "x-ratelimit-remaining" in headers:
            reset = str(headers.get("x-ratelimit-reset", ""))
            told = {
                "left": int(float(headers["x-ratelimit-remaining"])),
                "limit": int(float(headers.get("x-ratelimit-limit", 0))) or None,
                "resets_at": _moment(float(reset)) if reset.isdigit() else None,
            }
            self._transport.wire.bill.note(lambda _: told)


def _refusal(error: GithubException, message: str) -> Trouble | Outcome:
    """Judge an HTTP error: about the whole conversation, or about one repository."""
    status, headers = error.status, {k.lower(): v for k, v in (error.headers or {}).items()}
    if _is_limit(status, headers, message):
        return _limit(headers, message)
    if status == 401:
        return Trouble(TroubleKind.REFUSED, TOKEN_REFUSED.says, TOKEN_REFUSED.cure)
    if inside(error.data, "block") or (status == 403 and _BLOCK.search(message)):
        return Outcome.BLOCKED
    if status in _ABSENCES and (status != 409 or "empty" in message.lower()):
        return _ABSENCES[status]
    if status in _OVERLOADS:
        return Trouble(TroubleKind.BROKEN, f"GitHub answered {status}", _STATUS_PAGE)
    return Trouble(TroubleKind.BROKEN, f"GitHub answered {status}: {message}")


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


def absence_of(error: Json) -> Outcome | None:
    """Judge a GraphQL error that belongs to one repository."""
    kind = str(error.get("type", "")).upper()
    if _BLOCK.search(clean_line(error.get("message")) or "") or kind in {"DMCA", "BLOCKED"}:
        return Outcome.BLOCKED
    return {"NOT_FOUND": Outcome.GONE, "FORBIDDEN": Outcome.FORBIDDEN}.get(kind)
