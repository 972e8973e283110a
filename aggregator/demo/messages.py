"""Requests and responses between the socket and the rest of the sandbox.

`wire` reads and writes them over a connection; `app`, `rest`, `graph` and `faults` make and change
them as values.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Headers = tuple[tuple[str, str], ...]
JSON_TYPE = "application/json; charset=utf-8"


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
    def accept(self) -> str:
        """Give the `Accept` header in lower case."""
        return self.headers.get("accept", "").lower()

    @property
    def is_graphql(self) -> bool:
        """Say whether this goes to the GraphQL endpoint."""
        return self.path.rstrip("/").endswith("/graphql")


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a response travels: whole, or badly on purpose.

    `hang` waits `seconds` before anything is sent, `drip` sends one byte each `seconds`,
    `truncate` closes after `share` of the body, `reset` closes without a word.
    """

    kind: Literal["whole", "hang", "drip", "truncate", "reset"] = "whole"
    seconds: float = 0.0
    share: float = 0.5


WHOLE = Delivery()


@dataclass(frozen=True, slots=True)
class Response:
    """What the sandbox answers."""

    status: int
    body: bytes = b""
    headers: Headers = ()
    delivery: Delivery = WHOLE

    def header(self, name: str) -> str | None:
        """Give the first header of a name, None without one."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)


def json_bytes(content: Any) -> bytes:
    """Write JSON as compactly as GitHub does."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def json_response(status: int, content: Any, headers: Headers = ()) -> Response:
    """Make a JSON response."""
    return Response(status, json_bytes(content), (("content-type", JSON_TYPE), *headers))
