"""HTTP below PyGithub: every exchange ends in time and brings what PyGithub can be trusted with.

PyGithub is given this instead of its own connection. What reaches PyGithub is whole, is JSON, came
in time, and is not one of the answers it would wait on for ever. Nothing here knows what a
repository is; ``client`` does.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
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
from aggregator.github.session import (
    USER_AGENT,
    Meter,
    TokenAdapter,
    Watch,
    mount,
    open_session,
    origin_of,
)
from aggregator.github.values import read_json

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
    """An exchange that brought nothing usable; most often asking for less may help."""

    def __init__(
        self, message: str, cure: str = _LATER, kind: TroubleKind = TroubleKind.OVERLOADED
    ) -> None:
        super().__init__(message)
        self.trouble = Trouble(kind, message, cure)


@dataclass(slots=True)
class Transport:
    """One session to one host, with everything that PyGithub must not be left to do."""

    session: requests.Session
    watch: Watch
    meter: Meter = field(default_factory=Meter)
    seconds: float = EXCHANGE_SECONDS
    redirects: int = 0  # of the question being asked; ``begin`` sets it back

    def begin(self) -> None:
        """Start a new question."""
        self.redirects = 0

    def exchange(
        self, verb: str, url: str, body: Any, headers: dict[str, str]
    ) -> requests.Response:
        """Send one request and bring back a whole, plausible answer.

        Raises:
            NoAnswerError: There is none, or none that PyGithub can be trusted with.
        """
        try:
            with self.watch.within(self.seconds):
                response = self.session.request(
                    verb,
                    url,
                    data=body,
                    headers=headers,
                    timeout=self.seconds,
                    allow_redirects=False,  # each target is looked at before it is followed
                )
                self.meter.bytes_received += len(response.content)
        except requests.RequestException as error:
            raise self._named(error, urlsplit(url).hostname or url) from error
        except (ValueError, HTTPError) as error:  # requests takes headers for what they should be
            message = f"the answer cannot be read ({type(error).__name__})"
            raise NoAnswerError(message, _NOT_GITHUB) from error
        return self._plausible(response, html="html" in headers.get("Accept", ""))

    def _named(self, error: requests.RequestException, host: str) -> NoAnswerError:
        if _never_connected(error):
            message = f"cannot reach {host}: {_reason(error)}"
            return NoAnswerError(message, _NO_NETWORK, TroubleKind.UNREACHABLE)
        if self.watch.expired or isinstance(error, requests.Timeout):
            return NoAnswerError(f"no whole answer within {self.seconds:g} seconds")
        return NoAnswerError(f"the answer broke off ({type(error).__name__})")

    def _plausible(self, response: requests.Response, *, html: bool) -> requests.Response:
        status = response.status_code
        if status == 202:  # PyGithub would ask again for as long as GitHub says so
            raise NoAnswerError("GitHub says it is still preparing the answer (202)")
        if 300 <= status < 400 and status != 304:
            self._redirected(response)
        if status < 300 and not html:
            _require_json(response)
        if status >= 400:
            _require_object(response)
        for name in _RATE_HEADERS:  # PyGithub would stop at one that is no number
            if not _RATE.fullmatch(response.headers.get(name, "0")):
                del response.headers[name]
        return response

    def _redirected(self, response: requests.Response) -> None:
        self.redirects += 1
        here, target = response.url or "", _target_of(response)
        path = urlsplit(target).path
        if origin_of(target) != origin_of(here):
            away = f"redirected away from GitHub, to {urlsplit(target).netloc}"
            raise NoAnswerError(away, _NOT_GITHUB)
        if self.redirects > _MOST_REDIRECTS or path == urlsplit(here).path:
            raise NoAnswerError("GitHub redirects in a circle")
        if not _MOVED_TO.search(path):
            raise NoAnswerError(f"redirected to {path[:100]}, which is not GitHub's", _NOT_GITHUB)
        response.headers["location"] = target  # PyGithub takes a relative one for another host
        response.status_code = 301  # PyGithub follows no other


def _target_of(response: requests.Response) -> str:
    target = response.headers.get("location", "")
    try:
        # requests leaves the bytes of a header as latin-1; an address is read as UTF-8.
        told = target.encode("latin-1", "replace").decode("utf-8", "replace")
        whole = urljoin(response.url or "", told)
        if target and urlsplit(whole).hostname:
            return whole
    except ValueError:  # brackets that hold no IPv6 address
        pass
    raise NoAnswerError("redirected to nowhere", _NOT_GITHUB)


def _never_connected(error: requests.RequestException) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, (NewConnectionError, ConnectTimeoutError, SSLError, ProxyError))


def _reason(error: requests.RequestException) -> str:
    reason = str(getattr(error.args[0], "reason", error) if error.args else error)
    return reason.rpartition(": ")[2] or "no connection"


def _require_json(response: requests.Response) -> None:
    """Refuse what PyGithub would read as an empty repository: HTML with 200, or half a body."""
    if not response.content:
        return
    try:
        read_json(response.content)
    except ValueError as error:
        kind = response.headers.get("content-type", "unknown").partition(";")[0]
        if "json" in kind.casefold():
            what = f"the answer is no JSON that can be read ({str(error)[:100]})"
            raise NoAnswerError(what) from error
        raise NoAnswerError(f"the answer is not JSON but {kind}", _NOT_GITHUB) from error


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
        raise NoAnswerError(f"an answer {status} that is not GitHub's", _NOT_GITHUB)
    response._content = b""  # noqa: SLF001 - requests offers no setter


class Connection:
    """What PyGithub takes for its HTTP connection."""

    def __init__(
        self, host: str, port: int | None = None, *, transport: Transport, scheme: str, **_: Any
    ) -> None:
        self.host = host
        self._origin = f"{scheme}://{host}:{port}" if port else f"{scheme}://{host}"
        self._transport = transport
        self._asked: Callable[[], requests.Response] | None = None

    def request(
        self, verb: str, url: str, body: Any, headers: dict[str, str], stream: bool = False
    ) -> None:
        """Remember what to send; PyGithub asks for the answer next."""
        del stream
        self._asked = partial(self._transport.exchange, verb, self._origin + url, body, headers)

    def getresponse(self) -> RequestsResponse:
        """Send and bring the answer in PyGithub's own wrapping."""
        if self._asked is None:
            raise RuntimeError("PyGithub asked for an answer before asking a question")
        return RequestsResponse(self._asked())

    def close(self) -> None:
        """Leave the session open: it outlives PyGithub's idea of a connection."""


def open_transport(
    token: str | None,
    cache_file: Path | None,
    seconds: float = EXCHANGE_SECONDS,
    origin: str = "",
) -> Transport:
    """Open a transport; the token goes to the server of ``origin`` and to no other.

    Without a cache file nothing is kept.
    """
    watch, meter = Watch(), Meter()
    session = open_session(cache_file)
    session.auth = Requester.noopAuth  # or a .netrc on the machine would sign requests
    mount(session, TokenAdapter(token, origin, watch, meter))
    return Transport(session, watch, meter, seconds)


def open_requester(api_url: str, transport: Transport) -> Requester:
    """Build PyGithub's requester over a transport.

    PyGithub takes its connection class from the class, not from an argument; it keeps what it
    finds there when it is built, so the class is set and set back under a lock.
    """
    plain = partial(Connection, transport=transport, scheme="http")
    secure = partial(Connection, transport=transport, scheme="https")
    with _INJECTING:
        Requester.injectConnectionClasses(plain, secure)  # type: ignore[arg-type]  # any factory will do
        try:
            return Requester(
                auth=None,
                base_url=api_url,
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
