"""Posts one JSON document to one address, bounded in time and size; for webhooks and their kin.

What came of it is a value, and says whether the server may have taken the document although no
answer came. Neither the address nor a header is ever part of what is said: they are secrets.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass

import requests
from urllib3.exceptions import HTTPError

from aggregator.github.session import USER_AGENT, Wire, open_session

# At DEBUG urllib3 writes the path of each request, and that of a webhook is its secret.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
_SECONDS = 30.0
_LARGEST = 200_000  # bytes of an answer of which a few words are read


@dataclass(frozen=True, slots=True)
class Posted:
    """What a server answered."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why there is no answer, and whether the document may have arrived all the same."""

    why: str
    may_have_arrived: bool


def post_json(
    url: str, document: object, headers: Mapping[str, str], seconds: float = _SECONDS
) -> Posted | Unanswered:
    """Post a document once. Redirects are not followed: nobody else is to see it."""
    wire = Wire(largest=_LARGEST)
    data = json.dumps(document, ensure_ascii=False).encode()
    told = {"User-Agent": USER_AGENT, "Content-Type": "application/json", **headers}
    with open_session(wire) as session, wire.within(seconds) as exchange:
        try:
            answer = session.post(
                url, data=data, headers=told, timeout=seconds, allow_redirects=False
            )
        # HTTPError and ValueError: an address or a header of which urllib3 can make nothing.
        except (requests.RequestException, HTTPError, ValueError) as problem:
            # A connection has a socket once it stands, TLS included; until then nothing was sent.
            connected = bool(exchange.sockets)
            if exchange.expired:
                return Unanswered(f"no answer within {seconds:g} seconds", connected)
            if connected:
                return Unanswered(f"the answer broke off ({type(problem).__name__})", True)
            return Unanswered(f"it cannot be reached ({type(problem).__name__})", False)
    return Posted(answer.status_code, answer.content)
