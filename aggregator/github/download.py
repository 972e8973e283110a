"""Downloads one public file, bounded in time and size and without any token or cache."""

from dataclasses import dataclass
from datetime import datetime

import requests
from urllib3.exceptions import HTTPError

from aggregator.github.session import (
    CHUNK,
    USER_AGENT,
    Watch,
    WatchedAdapter,
    mount,
    server_time,
)
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
    watch = Watch()
    with requests.Session() as session:
        mount(session, WatchedAdapter(watch))
        session.headers["User-Agent"] = USER_AGENT
        try:
            with watch.within(_SECONDS):
                return _body(session, url, largest)
        # HTTPError: requests lets through what urllib3 says of a name that no host can have.
        except (requests.RequestException, HTTPError) as error:
            why = "it took too long" if watch.expired else type(error).__name__
            raise SourceError(f"{url} cannot be downloaded", why, "check the address") from error


def _body(session: requests.Session, url: str, largest: int) -> Downloaded:
    with session.get(url, stream=True, timeout=30.0) as response:
        if response.status_code != 200:
            status = f"the server answered {response.status_code}"
            kind = AbsentError if response.status_code in _ABSENT else SourceError
            raise kind(f"{url} cannot be downloaded", status, "check the address")
        content = bytearray()
        for chunk in response.iter_content(CHUNK):
            content += chunk
            if len(content) > largest:
                raise SourceError(f"{url} is larger than {largest:,} bytes", "it was not read")
        return Downloaded(bytes(content), server_time(response.headers))
