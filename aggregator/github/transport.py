"""HTTP below PyGithub: one session with a cache, a clock on every exchange, and the token last.

PyGithub is given this instead of its own connection. What reaches PyGithub is whole, is JSON, came
in time, and is not one of the answers it would wait on for ever. The token is put on below the
cache, so that requests-cache neither stores it nor takes ``Vary: Authorization`` for a miss.
Nothing here knows what a repository is; ``client`` does.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from github.Requester import Requester, RequestsResponse
from requests.adapters import HTTPAdapter
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from aggregator.github.cache import open_session
from aggregator.github.values import read_json, server_time
from aggregator.github.watch import Watch, watch_adapter

USER_AGENT = "aggregator (community project showcase)"
EXCHANGE_SECONDS = 25.0  # GitHub itself gives up after 10 seconds
MOST_BYTES = 100_000_000
MOST_REDIRECTS = 5
RATE_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
NOT_GITHUB = (
    "Something between here and GitHub answers for it, such as the login page of a network or a "
    "filter: sign in there or ask whoever runs the network, and check GITHUB_API_URL."
)
_INJECTING = threading.Lock()
_RATE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
# Where GitHub redirects to: a repository by its number or new name (docs.github.com, "Best
# practices for using the REST API", on redirects). Anything else is not GitHub's doing.
_MOVED_TO = re.compile(r"/(?:repositories|repos)/[^/]")
_SPEAKS_FOR_ITSELF = frozenset({401, 407, 429})  # refusals that need no body to be understood


class TransportError(Exception):
    """An answer that never became one; ``halves`` says whether asking for less may help."""

    def __init__(self, message: str, *, halves: bool, cure: str = "") -> None:
        super().__init__(message)
        self.halves = halves
        self.cure = cure


@dataclass(slots=True)
class Meter:
    """What went over the wire, counted where it goes."""

    requests: int = 0
    not_modified: int = 0
    bytes_received: int = 0
    server_time: datetime | None = None


class TokenAdapter(HTTPAdapter):
    """Adds the token to a copy of the request, so that nothing above ever holds it."""

    def __init__(self, token: str | None, origin: str, watch: Watch, meter: Meter) -> None:
        self._token = token
        self._origin = _origin_of(origin)
        self._meter = meter
        super().__init__(max_retries=0)
        watch_adapter(self, watch)

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send a copy that carries the token and answer as if the original had been sent."""
        signed = request.copy()
        if self._token and _origin_of(request.url or "") == self._origin:
            signed.headers["Authorization"] = f"bearer {self._token}"
        self._meter.requests += 1
        response = super().send(signed, *args, **kwargs)
        response.request = request
        _bound(response)
        self._meter.not_modified += response.status_code == 304
        self._meter.server_time = server_time(response.headers) or self._meter.server_time
        return response


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
            TransportError: No answer, or none that PyGithub can be trusted with.
        """
        try:
            with self.watch.within(self.seconds):
                response = self.session.request(
                    verb,
                    url,
                    data=body,
                    headers=headers,
                    timeout=self.seconds,
                    allow_redirects=False,
                )
                self.meter.bytes_received += len(response.content)
        except requests.RequestException as error:
            raise self._named(error, urlsplit(url).hostname or url) from error
        except (ValueError, HTTPError) as error:  # requests takes headers for what they should be
            message = f"the answer cannot be read ({type(error).__name__})"
            raise TransportError(message, halves=True, cure=NOT_GITHUB) from error
        return self._plausible(response, html="html" in headers.get("Accept", ""))

    def _named(self, error: requests.RequestException, host: str) -> TransportError:
        if _never_connected(error):
            return TransportError(f"cannot reach {host}: {_reason(error)}", halves=False)
        if self.watch.expired or isinstance(error, requests.Timeout):
            return TransportError(f"no whole answer within {self.seconds:g} seconds", halves=True)
        return TransportError(f"the answer broke off ({type(error).__name__})", halves=True)

    def _plausible(self, response: requests.Response, *, html: bool) -> requests.Response:
        status = response.status_code
        if status == 202:
            raise TransportError("GitHub says it is still preparing the answer (202)", halves=True)
        if 300 <= status < 400 and status != 304:
            self._redirected(response)
        if status < 300 and not html:
            _require_json(response)
        if status >= 400:
            _require_object(response)
        _drop_bad_rates(response)
        return response

    def _redirected(self, response: requests.Response) -> None:
        self.redirects += 1
        here = response.url or ""
        target = _target_of(response)
        if _origin_of(target) != _origin_of(here):
            where = urlsplit(target).netloc
            raise TransportError(
                f"redirected away from GitHub, to {where}", halves=True, cure=NOT_GITHUB
            )
        path = urlsplit(target).path
        if self.redirects > MOST_REDIRECTS or path == urlsplit(here).path:
            raise TransportError("GitHub redirects in a circle", halves=True)
        if not _MOVED_TO.search(path):
            message = f"redirected to {path[:100]}, which is not GitHub's"
            raise TransportError(message, halves=True, cure=NOT_GITHUB)
        response.headers["location"] = target  # PyGithub takes a relative one for another host
        response.status_code = 301  # PyGithub follows no other


def _target_of(response: requests.Response) -> str:
    target = response.headers.get("location", "")
    try:
        # requests leaves the bytes of a header as latin-1; an address is read as UTF-8.
        whole = urljoin(
            response.url or "", target.encode("latin-1", "replace").decode("utf-8", "replace")
        )
        if target and urlsplit(whole).hostname:
            return whole
    except ValueError:  # brackets that hold no IPv6 address
        pass
    raise TransportError("redirected to nowhere", halves=True, cure=NOT_GITHUB)


def _origin_of(url: str) -> tuple[str, str, int | None]:
    """Give scheme, host and port as they decide whether two addresses are one server."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", url, None
    return parts.scheme, parts.hostname or "", port


def _bound(response: requests.Response) -> None:
    """Read the body here, so that no more of it than is sane is ever held."""
    content = bytearray()
    for chunk in response.iter_content(1 << 16):
        content += chunk
        if len(content) > MOST_BYTES:
            response.close()
            raise requests.exceptions.ContentDecodingError("more bytes than anybody needs")
    response._content = bytes(content)  # noqa: SLF001 - as requests itself does on first access


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
        what = f"the answer is not JSON but {kind}"
        if "json" in kind.casefold():
            what, cure = f"the answer is no JSON that can be read ({str(error)[:100]})", ""
        else:
            cure = NOT_GITHUB
        raise TransportError(what, halves=True, cure=cure) from error


def _require_object(response: requests.Response) -> None:
    """Refuse an error page that is not GitHub's, and empty one that PyGithub would trip over.

    GitHub says in JSON that a repository is gone, blocked or closed; a filter or a proxy that
    answers 403 or 404 in its stead must not cost a repository its facts. The servers in front of
    GitHub answer 5xx and 429 with pages as well.
    """
    try:
        usable = isinstance(read_json(response.content), dict)
    except ValueError:
        usable = False
    if usable:
        return
    status = response.status_code
    if status < 500 and status not in _SPEAKS_FOR_ITSELF:
        message = f"an answer {status} that is not GitHub's"
        raise TransportError(message, halves=True, cure=NOT_GITHUB)
    response._content = b""  # noqa: SLF001 - requests offers no setter


def _drop_bad_rates(response: requests.Response) -> None:
    """Drop rate headers that are no numbers; PyGithub would stop at them."""
    for name in RATE_HEADERS:
        if not _RATE.fullmatch(response.headers.get(name, "0")):
            del response.headers[name]


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
    adapter = TokenAdapter(token, origin, watch, meter)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
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
                seconds_between_requests=0,
                seconds_between_writes=0,
            )
        finally:
            Requester.resetConnectionClasses()
