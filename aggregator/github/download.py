"""Downloads one public file, bounded in time and size and without any token.

Nothing is kept here; whoever keeps a file keeps its `FileStamp` with it, and asks for a newer one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import requests
from urllib3.exceptions import HTTPError

from aggregator.github.session import USER_AGENT, TooLargeError, Wire, open_session, server_time
from aggregator.words.addresses import can_be_asked
from aggregator.words.errors import AbsentError, SourceError

_SECONDS = 120.0  # the longest time for all of a file
_ABSENT = frozenset({404, 410})


# What a server gave, and what to tell it: https://www.rfc-editor.org/rfc/rfc9110#section-13.1
STAMP_HEADERS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What a server tells one version of a file by: headers to ask with next time."""

    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file, and what the server said the time was."""

    content: bytes
    server_time: datetime | None = None
    stamp: FileStamp = field(default_factory=FileStamp)


def download(url: str, largest: int) -> Downloaded:
    """Fetch a file over http or https.

    Args:
        url: Where it is.
        largest: Most bytes to accept.

    Raises:
        AbsentError: The server answered that there is no such file.
        SourceError: No answer in time, another answer, or more bytes than are accepted.
    """
    return _received(url, _response(url, largest, {}))


def download_newer(url: str, largest: int, stamp: FileStamp) -> Downloaded | None:
    """Fetch a file unless it is still the one with this stamp; None where the server says so.

    Raises:
        AbsentError, SourceError: As for `download`.
    """
    headers = stamp.headers if stamp.url == url else {}
    response = _response(url, largest, headers)
    return None if headers and response.status_code == 304 else _received(url, response)


def _response(url: str, largest: int, headers: Mapping[str, str]) -> requests.Response:
    if not can_be_asked(url):
        raise SourceError(f"{url!r} is no web address", cure="use https://...")
    wire = Wire(largest=largest)
    with open_session(wire) as session, wire.within(_SECONDS) as exchange:
        session.headers["User-Agent"] = USER_AGENT
        session.auth = None  # the address may hold a password, which requests then reads from it
        try:
            return session.get(url, headers=headers, timeout=30.0)
        except TooLargeError as error:
            raise SourceError(
                f"{url} is larger than {largest:,} bytes", "it was not read"
            ) from error
        # HTTPError: requests lets through what urllib3 says of a name that no host can have.
        except (requests.RequestException, HTTPError) as error:
            why = "it took too long" if exchange.expired else type(error).__name__
            raise SourceError(f"{url} cannot be downloaded", why, "check the address") from error


def _received(url: str, response: requests.Response) -> Downloaded:
    if response.status_code != 200:
        status = f"the server answered {response.status_code}"
        kind = AbsentError if response.status_code in _ABSENT else SourceError
        raise kind(f"{url} cannot be downloaded", status, "check the address")
    told = {
        ask: response.headers[name]
        for name, ask in STAMP_HEADERS.items()
        if name in response.headers
    }
    return Downloaded(response.content, server_time(response.headers), FileStamp(url, told))
