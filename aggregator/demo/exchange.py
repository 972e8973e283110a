"""Requests and responses as values, and the words with which GitHub refuses.

`server` reads and writes them over a connection; everything between makes them. Nothing here
knows a world or a socket. Bodies of refusals follow what api.github.com sends (docs.github.com,
"Troubleshooting the REST API" and "Rate limits for the REST API").
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, Self

TellTime = Callable[[], datetime]
Headers = tuple[tuple[str, str], ...]
JSON_TYPE = "application/json; charset=utf-8"
DOCS = "https://docs.github.com"
_LIMITS = f"{DOCS}/rest/overview/rate-limits-for-the-rest-api"


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked. Header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def token(self) -> str | None:
        """Give the token of the `Authorization` header, None without one."""
        _, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() or None

    @property
    def is_graphql(self) -> bool:
        """Say whether this goes to the GraphQL endpoint."""
        return self.path.rstrip("/").endswith("/graphql")

    def number(self, name: str, otherwise: int) -> int:
        """Give a number of the query string; nonsense counts as absent, as at GitHub."""
        text = self.query.get(name, "")
        return int(text) if text.isdecimal() and int(text) > 0 else otherwise


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered."""

    status: int
    body: bytes = b""
    headers: Headers = ()

    def with_headers(self, *more: tuple[str, str]) -> Self:
        """Give the response with further headers."""
        return replace(self, headers=(*self.headers, *more))


class Answerer(Protocol):
    """What stands behind a server."""

    def answer(self, request: Request) -> Response:
        """Answer one request."""


def json_bytes(content: Any) -> bytes:
    """Write JSON as compactly as GitHub does."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def json_response(status: int, content: Any, headers: Headers = ()) -> Response:
    """Make a JSON response."""
    return Response(status, json_bytes(content), (("content-type", JSON_TYPE), *headers))


def refuse(status: int, message: str, where: str = f"{DOCS}/rest") -> Response:
    """Make the usual body of a refusal."""
    body = {"message": message, "documentation_url": where, "status": str(status)}
    return json_response(status, body)


def not_found() -> Response:
    """Say that there is no such thing, or that it is private: GitHub does not tell which."""
    return refuse(404, "Not Found")


def graphql_needs_token() -> Response:
    """Refuse GraphQL without a token."""
    where = f"{DOCS}/graphql/guides/forming-calls-with-graphql#authenticating-with-graphql"
    return refuse(401, "This endpoint requires you to be authenticated.", where)


def over_limit(token: str | None, status: int = 403) -> Response:
    """Refuse a caller who has used up the hour."""
    if token:
        return refuse(status, "API rate limit exceeded for user ID 1.", _LIMITS)
    words = (
        "API rate limit exceeded for 127.0.0.1. (But here's the good news: Authenticated requests "
        "get a higher rate limit. Check out the documentation for more details.)"
    )
    return refuse(status, words, _LIMITS)


def graphql_over_limit(kind: str = "RATE_LIMITED") -> Response:
    """Refuse a GraphQL caller who has used up the hour: status 200, as GitHub does."""
    message = "API rate limit exceeded for user ID 1."
    error = {"type": kind, "code": "graphql_rate_limit", "message": message}
    return json_response(200, {"errors": [error]})
