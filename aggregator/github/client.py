"""Questions to GitHub through PyGithub's requester, with a running bill.

``Client`` knows how to ask and how to tell a good answer from a bad one. It does not know which
questions are worth asking (``aggregator.fetch`` does) nor what the answers mean (``parse`` does).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from github import GithubException
from github.Requester import Requester

from aggregator.facts.source import Absent, Spent, Trouble, TroubleKind
from aggregator.github import troubles
from aggregator.github.documents import Document
from aggregator.github.transport import Transport, TransportError
from aggregator.github.values import count, line, objects, when
from aggregator.words.wall import CURE, Fault, attempt


@dataclass(frozen=True, slots=True)
class GraphAnswer:
    """The data of a GraphQL answer with the errors sorted by the alias they belong to."""

    data: Mapping[str, Any] = field(default_factory=dict)
    errors: Sequence[Mapping[str, Any]] = ()
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class RestAnswer:
    """The JSON of a REST answer, or why there is none."""

    data: Any = None
    headers: Mapping[str, Any] = field(default_factory=dict)
    failure: Trouble | Absent | None = None


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

    def query(self, document: Document) -> GraphAnswer:
        """Post one GraphQL query; partial data is kept, whatever came with it."""
        body = {"query": document.text, "variables": document.variables}
        answer = self._send("POST", self._graphql_url, body=body)
        if isinstance(answer.failure, Absent):
            message = f"no GraphQL at {self._graphql_url}: {answer.failure.message}"
            return GraphAnswer(trouble=Trouble(TroubleKind.REFUSED, message))
        if answer.failure:
            return GraphAnswer(trouble=answer.failure)
        return self._judged(answer.data, answer.headers)

    def get(self, path: str, **parameters: Any) -> RestAnswer:
        """Get one REST resource; ``path`` begins with a slash."""
        answer = self._send("GET", path, parameters=parameters)
        self._note_headers(answer.headers)
        return answer

    def get_html(self, path: str) -> str | None:
        """Get GitHub's own rendering of a file, or None when it gives none.

        Source: docs.github.com, "Get a repository README" (the ``html`` media type).
        """
        answer = self._send("GET", path, headers={"Accept": "application/vnd.github.html"})
        found = answer.data.get("data") if isinstance(answer.data, dict) else None
        return found if isinstance(found, str) else None

    def _send(self, verb: str, url: str, *, body: Any = None, **more: Any) -> RestAnswer:
        self._transport.begin()
        done = attempt(url, "taking GitHub's answer", lambda: self._sent(verb, url, body, more))
        if isinstance(done, Fault):
            return RestAnswer(failure=Trouble(TroubleKind.BROKEN, done.message, CURE, fault=done))
        return done

    def _sent(self, verb: str, url: str, body: Any, more: Mapping[str, Any]) -> RestAnswer:
        try:
            headers, data = self._requester.requestJsonAndCheck(verb, url, input=body, **more)
        except TransportError as error:
            return RestAnswer(failure=troubles.from_transport(error))
        except GithubException as error:
            return RestAnswer(headers=error.headers or {}, failure=troubles.from_http(error))
        except RecursionError:
            return RestAnswer(failure=Trouble(TroubleKind.BROKEN, "an answer nested too deeply"))
        return RestAnswer(data, headers)

    def _judged(self, body: Any, headers: Mapping[str, Any]) -> GraphAnswer:
        if not isinstance(body, dict) or not ("data" in body or "errors" in body):
            return GraphAnswer(trouble=Trouble(TroubleKind.BROKEN, "an answer without data"))
        errors = list(objects(body.get("errors")))
        data = body.get("data")
        trouble = troubles.from_graphql(errors, headers)
        if not isinstance(data, dict):
            first = line(errors[0].get("message")) if errors else "data is null"
            broken = Trouble(TroubleKind.OVERLOADED, f"GitHub gave no data: {first}")
            return GraphAnswer(trouble=trouble or broken)
        self._note_rate(data.get("rateLimit"))
        return GraphAnswer(data, errors, trouble)

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
            resets_at=troubles.moment(float(reset)) if reset.isdigit() else None,
        )
