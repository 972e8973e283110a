"""Downloads one file that strangers publish, from public addresses alone; asks for a newer one.

Unlike `download`, which goes where the people behind a showcase point it, this goes where a
registry does, and anybody may propose a change of that: nobody is led into a private network, by
a redirect neither, and bytes and seconds are bounded.
"""

import http.client

from aggregator.facts.visit import WHY, VisitEnd
from aggregator.github.download import STAMP_HEADERS, Downloaded, FileStamp
from aggregator.github.public_web import (
    MOST_REDIRECTS,
    MOVES,
    PublicWeb,
    end_of,
    redirect_target,
)
from aggregator.github.session import OpenExchange, ended_after, server_time
from aggregator.words.errors import AbsentError, SourceError
from aggregator.words.speech import later

_CHUNK = 1 << 16
_ACCEPT = {"Accept": "application/json,*/*;q=0.5"}
_ABSENT = frozenset({404, 410})
TOO_LARGE = later("what it publishes there is too large")
NOT_THERE = later("nothing is published there")
UNWILLING = later("its server does not give it out")


def download_public(
    url: str, largest: int, stamp: FileStamp, web: PublicWeb, seconds: float
) -> Downloaded | None:
    """Fetch a file unless it is still the one with this stamp; None where the server says so.

    Args:
        url: Where it is.
        largest: Most bytes to accept.
        stamp: By what its server told the version that is here.
        web: Whom to ask, and who asks.
        seconds: The longest time for all of it.

    Raises:
        AbsentError: The server answered that there is no such file; the cause is a sentence that
            can be told to visitors, as it is of all others.
        SourceError: No answer in time, another answer, or more bytes than are accepted.
    """
    headers = {**_ACCEPT, **(stamp.headers if stamp.url == url else {})}
    with ended_after(seconds) as exchange:
        try:
            return _followed(url, headers, largest, web, exchange)
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = WHY[end_of(error, exchange)]
            raise SourceError(f"{url} cannot be downloaded", why) from error


def _followed(
    url: str, headers: dict[str, str], largest: int, web: PublicWeb, exchange: OpenExchange
) -> Downloaded | None:
    place = url
    for _ in range(MOST_REDIRECTS + 1):
        with web.asked("GET", place, exchange, headers) as answer:
            if answer.status == 304 and len(headers) > len(_ACCEPT):
                return None
            onward = redirect_target(place, answer.getheader("Location"))
            if answer.status not in MOVES or not onward:
                return _received(url, answer, largest)
        place = onward
    raise SourceError(f"{url} cannot be downloaded", WHY[VisitEnd.CIRCLES])


def _received(url: str, answer: http.client.HTTPResponse, largest: int) -> Downloaded:
    if answer.status in _ABSENT:
        raise AbsentError(f"{url} cannot be downloaded", NOT_THERE)
    if answer.status != 200:
        raise SourceError(f"{url} cannot be downloaded", UNWILLING)
    content = bytearray()
    while chunk := answer.read(_CHUNK):
        content += chunk
        if len(content) > largest:
            raise SourceError(f"{url} is larger than {largest:,} bytes", TOO_LARGE)
    if answer.length:  # which a reader by parts is not told
        raise http.client.IncompleteRead(bytes(content), answer.length)
    told = {ask: value for name, ask in STAMP_HEADERS.items() if (value := answer.getheader(name))}
    return Downloaded(bytes(content), server_time(dict(answer.headers)), FileStamp(url, told))
