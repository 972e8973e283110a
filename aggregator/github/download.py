"""Downloads one public file, bounded in time and size and without any token or cache."""

from dataclasses import dataclass
from datetime import datetime

import requests
from urllib3.exceptions import HTTPError

from aggregator.github.session import USER_AGENT, TooLargeError, Wire, open_session, server_time
from aggregator.words.addresses import can_be_asked
from aggregator.words.errors import AbsentError, SourceError

_SECONDS = 120.0  # the longest time for all of a file
_ABSENT = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file, and what the server said the time was."""

    content: bytes
    server_time: datetime | None = None


def download(url: str, largest: int) -> Downloaded:
    """Fetch a file over http or https.

    Args:
        url: Where it is.
        largest: Most bytes to accept.

    Raises:
        AbsentError: The server answered that there is no such file.
        SourceError: No answer in time, another answer, or more bytes than are accepted.
    """
    if not can_be_asked(url):
        raise SourceError(f"{url!r} is no web address", cure="use https://...")
    wire = Wire(largest=largest)
    with open_session(wire) as session, wire.within(_SECONDS) as exchange:
        session.headers["User-Agent"] = USER_AGENT
        session.auth = None  # the address may hold a password, which requests then reads from it
        try:
            response = session.get(url, timeout=30.0)
        except TooLargeError as error:
            raise SourceError(
                f"{url} is larger than {largest:,} bytes", "it was not read"
            ) from error
        # HTTPError: requests lets through what urllib3 says of a name that no host can have.
        except (requests.RequestException, HTTPError) as error:
            why = "it took too long" if exchange.expired else type(error).__name__
            raise SourceError(f"{url} cannot be downloaded", why, "check the address") from error
    if response.status_code != 200:
        status = f"the server answered {response.status_code}"
        kind = AbsentError if response.status_code in _ABSENT else SourceError
        raise kind(f"{url} cannot be downloaded", status, "check the address")
    return Downloaded(response.content, server_time(response.headers))
