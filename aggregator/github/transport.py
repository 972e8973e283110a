"""HTTP below PyGithub: every exchange ends in time and brings what PyGithub can be trusted with.

PyGithub is given this instead of its own connection. What reaches PyGithub is whole, is JSON, came
in time, and is not one of the answers it would wait on for ever. Nothing here knows what a
repository is; ``client`` does.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from github.Requester import Requester, RequestsResponse
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from aggregator.facts.protocol import Trouble, TroubleKind
from aggregator.github.session import USER_AGENT, Wire, origin_of
from aggregator.github.values import read_json
from aggregator.words.outcomes import Outcome

EXCHANGE_SECONDS = 25.0  # GitHub itself gives up after 10 seconds
_MOST_REDIRECTS = 5
_RATE_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
_RATE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
# Where GitHub redirects to: a repository by its number or new name (docs.github.com, "Best
# practices for using the REST API", on redirects). Anything else is not GitHub's doing.
_MOVED_TO = re.compile(r"/(?:repositories|repos)/[^/]")
_SPEAKS_FOR_ITSELF = frozenset({401, 407, 429})  # refusals that need no body to be understood
_LATER = "The next run asks again."
_NO_NETWORK = "Check the network and GITHUB_API_URL, or wait until githubstatus.com is green."
_NOT_GITHUB = (
    "Something between here and GitHub answers for it, such as the login page of a network or a "
    "filter: sign in there or ask whoever runs the network, and check GITHUB_API_URL."
)
_INJECTING = threading.Lock()


class NoAnswerError(Exception):
    """A question that brought nothing usable; raised and caught inside this room only."""

    def __init__(self, failure: Trouble | Outcome, said: str = "") -> None:
        super().__init__(said)
        self.failure = failure  # of the whole conversation, or of the one repository asked about


def _unusable(message: str, cure: str = _LATER) -> NoAnswerError:
    """Name an exchange that brought nothing; most often asking for less may help."""
    return NoAnswerError(Trouble(TroubleKind.OVERLOADED, message, cure))


@dataclass(slots=True)
class Transport:
    """What PyGithub takes for its HTTP connection: one session to one server, for one thread."""

    session: requests.Session
    wire: Wire
    api_url: str
    seconds: float = EXCHANGE_SECONDS
    host: str = ""  # PyGithub compares it; there is one
    _asked: Callable[[], requests.Response] | None = None

    def request(
        self, verb: str, url: str, body: Any, headers: dict[str, str], stream: bool = False
    ) -> None:
        """Remember what to send; PyGithub asks for the answer next."""
        del stream
        parts = urlsplit(self.api_url)
        whole = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{url}"
        self._asked = partial(self._answer, verb, whole, body, headers)

    def getresponse(self) -> RequestsResponse:
        """Send and bring a whole, plausible answer in PyGithub's own wrapping.

        Raises:
            NoAnswerError: There is none, or none that PyGithub can be trusted with.
        """
        if self._asked is None:
            raise RuntimeError("PyGithub asked for an answer before asking a question")
        return RequestsResponse(self._asked())

    def twin(self) -> "Transport":
        """Make another over the same session: each remembers one question at a time."""
        return replace(self, _asked=None)

    def close(self) -> None:
        """Leave the session open: it outlives PyGithub's idea of a connection."""

    def _answer(self, verb: str, url: str, body: Any, headers: dict[str, str]) -> requests.Response:
        # Not followed by requests or PyGithub: each target is looked at first.
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._exchange(verb, url, body, headers)
            status = response.status_code
            if status == 304 or not 300 <= status < 400:
                return _plausible(response, html="html" in headers.get("Accept", ""))
            url = _target_of(response)
        raise _unusable("GitHub redirects in a circle")

    def _exchange(
        self, verb: str, url: str, body: Any, headers: dict[str, str]
    ) -> requests.Response:
        try:
            with self.wire.within(self.seconds) as exchange:
                response = self.session.request(
                    verb,
                    url,
                    data=body,
                    headers=headers,
                    timeout=self.seconds,
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            host = urlsplit(url).hostname or url
            raise self._named(error, host, expired=exchange.expired) from error
        except (ValueError, HTTPError) as error:  # requests takes headers for what they should be
            message = f"the answer cannot be read ({type(error).__name__})"
            raise _unusable(message, _NOT_GITHUB) from error
        size = len(response.content)
        self.wire.bill.note(lambda spent: {"bytes_received": spent.bytes_received + size})
        return response

    def _named(
        self, error: requests.RequestException, host: str, *, expired: bool
    ) -> NoAnswerError:
        first = error.args[0] if error.args else None
        reason = getattr(first, "reason", None)
        if isinstance(reason, (NewConnectionError, ConnectTimeoutError, SSLError, ProxyError)):
            why = str(reason).rpartition(": ")[2] or "no connection"
            message = f"cannot reach {host}: {why}"
            return NoAnswerError(Trouble(TroubleKind.UNREACHABLE, message, _NO_NETWORK))
        if expired or isinstance(error, requests.Timeout):
            return _unusable(f"no whole answer within {self.seconds:g} seconds")
        return _unusable(f"the answer broke off ({type(error).__name__})")


def _plausible(response: requests.Response, *, html: bool) -> requests.Response:
    status = response.status_code
    if status == 202:  # PyGithub would ask again for as long as GitHub says so
        raise _unusable("GitHub says it is still preparing the answer (202)")
    if status < 300 and not html:
        _require_json(response)
    if status >= 400:
        _require_object(response)
    for name in _RATE_HEADERS:  # PyGithub would stop at one that is no number
        if not _RATE.fullmatch(response.headers.get(name, "0")):
            del response.headers[name]
    return response


def _target_of(response: requests.Response) -> str:
    """Return where GitHub redirects to, in whole; nobody but GitHub may send us anywhere."""
    here, target = response.url or "", response.headers.get("location", "")
    try:
        # requests leaves the bytes of a header as latin-1; an address is read as UTF-8.
        told = target.encode("latin-1", "replace").decode("utf-8", "replace")
        whole = urljoin(here, told) if target else ""
        parts = urlsplit(whole)
    except ValueError:  # brackets that hold no IPv6 address
        whole, parts = "", urlsplit("")
    if not parts.hostname:
        raise _unusable("redirected to nowhere", _NOT_GITHUB)
    if origin_of(whole) != origin_of(here):
        raise _unusable(f"redirected away from GitHub, to {parts.netloc}", _NOT_GITHUB)
    if parts.path == urlsplit(here).path:
        raise _unusable("GitHub redirects in a circle")
    if not _MOVED_TO.search(parts.path):
        what = f"redirected to {parts.path[:100]}, which is not GitHub's"
        raise _unusable(what, _NOT_GITHUB)
    return whole


def _require_json(response: requests.Response) -> None:
    """Refuse what PyGithub would read as an empty repository: HTML with 200."""
    if not response.content or response.content.startswith((b"{", b"[")):
        return  # PyGithub reads it, once; `client` says what when it cannot
    try:
        read_json(response.content)
    except ValueError as error:
        kind = response.headers.get("content-type", "unknown").partition(";")[0]
        if "json" in kind.casefold():
            raise no_json(str(error)) from error
        raise _unusable(f"the answer is not JSON but {kind}", _NOT_GITHUB) from error


def no_json(why: str) -> NoAnswerError:
    """Name an answer that is half of one, or was built to hurt."""
    return _unusable(f"the answer is no JSON that can be read ({why[:100]})")


def _require_object(response: requests.Response) -> None:
    """Refuse an error page that is not GitHub's, and empty one that PyGithub would trip over.

    GitHub says in JSON that a repository is gone, blocked or closed; a filter or a proxy that
    answers 403 or 404 in its stead must not cost a repository its facts. The servers in front of
    GitHub answer 5xx and 429 with pages as well.
    """
    try:
        if isinstance(read_json(response.content), dict):
            return
    except ValueError:
        pass
    status = response.status_code
    if status < 500 and status not in _SPEAKS_FOR_ITSELF:
        raise _unusable(f"an answer {status} that is not GitHub's", _NOT_GITHUB)
    response._content = b""  # noqa: SLF001 - requests offers no setter


def requester_over(transport: Transport) -> Requester:
    """Build PyGithub's requester over a transport.

    PyGithub takes its connection class from the class, not from an argument; it keeps what it
    finds there when it is built, so the class is set and set back under a lock.
    """

    def connect(*_: object, **__: object) -> Transport:
        return transport

    with _INJECTING:
        Requester.injectConnectionClasses(connect, connect)  # type: ignore[arg-type]  # any factory will do
        try:
            return Requester(
                auth=None,
                base_url=transport.api_url,
                timeout=int(transport.seconds),
                user_agent=USER_AGENT,
                per_page=100,
                verify=True,
                retry=None,
                pool_size=None,
                # PyGithub would pace GraphQL at one query a second; `fetch` paces for all.
                seconds_between_requests=0,
                seconds_between_writes=0,
            )
        finally:
            Requester.resetConnectionClasses()
