"""Visits websites politely and safely: whether an address still leads somewhere, and where to.

HEAD first, then GET where that is not enough; one request a host at a time, with a pause between
two; bounded in time, bytes and redirects; no cookies, no passwords, no token. Each name is resolved
here, every address that it has must be public, and the connection is made to the very address that
was looked at: a name that changes meanwhile leads nobody into a private network (DNS rebinding).
What an answer means is judged in `care.websites`.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from aggregator.facts.visit import LARGEST_START, Hop, Visit, VisitEnd
from aggregator.github.session import OpenExchange
from aggregator.words.addresses import is_web_address
from aggregator.words.blocked import plain_host

_SECONDS = 20.0  # for all of a visit
_STEP_SECONDS = 8.0  # for each connection and each read
_MOST_REDIRECTS = 5
_MOST_PLACES = 4  # of one name, tried in turn
_PAUSE = 1.0  # between two requests to one host
_PATIENCE = frozenset({429, 503})
_MOVES = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
# What may stand in a path or a query as it is: https://www.rfc-editor.org/rfc/rfc3986#appendix-A
_PLAIN = "/!$&'()*+,;=:@-._~%?"
# https://www.rfc-editor.org/rfc/rfc6052#section-2.1: IPv4 within IPv6, private addresses included.
# ::/96 is the older form of the same, https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.1, and
# the third one https://www.rfc-editor.org/rfc/rfc2765#section-2.1.
_TRANSLATED = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "::/96", "::ffff:0:0:0/96")))
# Translated within one network alone: https://www.rfc-editor.org/rfc/rfc8215.
_OF_ONE_NETWORK = ipaddress.IPv6Network("64:ff9b:1::/48")

Destination = tuple[str, int]
Resolve = Callable[[str, int], Sequence[Destination]]
"""Gives the addresses of a name, all of which may be visited; raises an OSError for others."""


class PrivateAddressError(OSError):
    """A name leads into a private network."""


class NoHostError(OSError):
    """A name leads nowhere."""


class _WaitError(OSError):
    """A host is left alone for now."""


def resolve_public(host: str, port: int) -> Sequence[Destination]:
    """Resolve a name, and refuse it when any of its addresses is not a public one.

    Raises:
        NoHostError: There is no such name.
        PrivateAddressError: It leads into a private network, this machine, or nowhere on the net.
        OSError: Nobody can tell just now.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
            raise NoHostError(host) from error
        raise
    except UnicodeError as error:  # a name that no host can have
        raise NoHostError(host) from error
    places = list(dict.fromkeys((str(one[4][0]), port) for one in found))
    if not places or not all(is_public(address) for address, _ in places):
        raise PrivateAddressError(host)
    return places[:_MOST_PLACES]


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet, however it is wrapped."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner: ipaddress.IPv4Address | None = None
    if isinstance(found, ipaddress.IPv6Address):
        teredo = found.teredo[1] if found.teredo else None
        inner = found.ipv4_mapped or found.sixtofour or teredo
        if found in _OF_ONE_NETWORK or found.is_site_local:
            return False
        if any(found in network for network in _TRANSLATED):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return all(one.is_global and not one.is_multicast for one in (found, inner) if one is not None)


@dataclass(slots=True)
class _Turn:
    """One host's turn: nobody else asks it meanwhile."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    last: float = float("-inf")
    closed: bool = False  # it asked for patience


class Visitor:
    """Visits addresses, from several threads if need be.

    Args:
        agent: What to call ourselves, with an address at which a webmaster can read about us.
        resolve: Gives the places of a name; only tests name another one.
        pause: Seconds between two requests to one host.
        seconds: The longest time for one visit.
    """

    def __init__(
        self,
        agent: str,
        resolve: Resolve = resolve_public,
        pause: float = _PAUSE,
        seconds: float = _SECONDS,
    ) -> None:
        self._agent = agent
        self._resolve = resolve
        self._pause = pause
        self._seconds = seconds
        self._secure = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
        self._turns: dict[str, _Turn] = {}
        self._among_turns = threading.Lock()

    def visit(self, url: str) -> Visit:
        """Visit an address; what is wrong at the other end is told, never raised."""
        exchange = OpenExchange()
        timer = threading.Timer(self._seconds, exchange.expire)
        timer.daemon = True
        timer.start()
        hops: list[Hop] = []
        try:
            return self._visited(url, hops, exchange)
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = exchange.expired or isinstance(error, TimeoutError)
            end = VisitEnd.LATE if late else _end_of(error)
            return Visit(end, hops=tuple(hops))
        finally:
            timer.cancel()

    def _visited(self, url: str, hops: list[Hop], exchange: OpenExchange) -> Visit:
        method = "HEAD"
        while len(hops) <= _MOST_REDIRECTS:
            try:
                reply = self._ask(method, url, exchange)
            except (http.client.HTTPException, ConnectionError):
                # Some servers hang up on HEAD; a second try with GET tells.
                if method == "GET" or exchange.expired:
                    raise
                method = "GET"
                continue
            if reply.status in _MOVES and reply.target:
                url = reply.target
                hops.append(Hop(reply.status, url))
            elif method == "HEAD" and reply.wants_get:
                method = "GET"
            else:
                return Visit(VisitEnd.ANSWERED, reply.status, tuple(hops), reply.start)
        return Visit(VisitEnd.CIRCLES, hops=tuple(hops))

    def _ask(self, method: str, url: str, exchange: OpenExchange) -> "_Reply":
        if not is_web_address(url):
            raise ValueError(url)
        parts = urlsplit(url)
        scheme, host = parts.scheme.lower(), plain_host(parts.hostname or "")
        port = parts.port or _PORTS[scheme]
        turn = self._turn_of(host)
        with turn.lock:
            if turn.closed:
                raise _WaitError(host)
            time.sleep(max(0.0, turn.last + self._pause - time.monotonic()))
            connection = http.client.HTTPConnection(host, port)
            try:
                # Not by its own `connect`, which would resolve the name a second time.
                connection.sock = self._connected(host, port, exchange, secure=scheme == "https")
                headers = self._headers(host, port, usual=port == _PORTS[scheme])
                connection.request(method, _question(parts.path, parts.query), headers=headers)
                reply = _read(connection.getresponse(), method, url, turn)
                _refuse_late(exchange)  # what was cut off looks like an answer that is whole
                return reply
            finally:
                connection.close()
                turn.last = time.monotonic()

    def _headers(self, host: str, port: int, *, usual: bool) -> dict[str, str]:
        name = f"[{host}]" if ":" in host else host
        return {
            "Host": name if usual else f"{name}:{port}",
            "User-Agent": self._agent,
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.5",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }

    def _connected(
        self, host: str, port: int, exchange: OpenExchange, *, secure: bool
    ) -> socket.socket:
        """Connect to an address that was looked at; the certificate must be that of the name."""
        sock = _plain_socket(self._resolve(host, port))
        try:
            exchange.sockets.add(sock)
            if secure:
                sock = self._secure.wrap_socket(
                    sock, server_hostname=host, do_handshake_on_connect=False
                )
                exchange.sockets.add(sock)
            _refuse_late(exchange)
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
        except BaseException:
            sock.close()
            raise
        return sock

    def _turn_of(self, host: str) -> _Turn:
        with self._among_turns:
            return self._turns.setdefault(host, _Turn())


@dataclass(frozen=True, slots=True)
class _Reply:
    """One answer: its status, where it leads, whether it is a page, and how that begins."""

    status: int
    target: str
    is_page: bool
    start: bytes

    @property
    def wants_get(self) -> bool:
        """Whether GET may tell more: a page is to be read, and some servers refuse HEAD.

        A host that asks for patience gets it.
        """
        if self.status >= 400:
            return self.status not in _PATIENCE
        return self.is_page and self.status < 300


def _read(answer: http.client.HTTPResponse, method: str, url: str, turn: _Turn) -> _Reply:
    turn.closed = answer.status in _PATIENCE and answer.getheader("Retry-After") is not None
    kind = (answer.getheader("Content-Type") or "").strip().lower()
    is_page = kind.startswith("text/html")
    start = answer.read(LARGEST_START) if method == "GET" and is_page else b""
    return _Reply(answer.status, _target(url, answer.getheader("Location")), is_page, start)


def _question(path: str, query: str) -> str:
    """Write path and query as they may stand in a request."""
    asked = f"?{quote(query, safe=_PLAIN)}" if query else ""
    return quote(path or "/", safe=_PLAIN) + asked


def _refuse_late(exchange: OpenExchange) -> None:
    if exchange.expired:
        raise TimeoutError("the visit took too long")


def _plain_socket(places: Sequence[Destination]) -> socket.socket:
    trouble: OSError = NoHostError("no place")
    for place in places:
        try:
            return socket.create_connection(place, timeout=_STEP_SECONDS)
        except OSError as error:
            trouble = error
    raise trouble


def _target(here: str, location: str | None) -> str:
    """Give where a redirect leads, in whole; "" where that is no address of the web."""
    if not location:
        return ""
    try:
        # A header is read as latin-1; an address in it is UTF-8.
        told = location.encode("latin-1", "replace").decode("utf-8", "replace")
        whole = urljoin(here, told.strip()).partition("#")[0]
    except ValueError:
        return ""
    found = quote(whole, safe=f"{_PLAIN}[]")
    return found if is_web_address(found) else ""


def _end_of(error: Exception) -> VisitEnd:
    ends: tuple[tuple[type[Exception], VisitEnd], ...] = (
        (PrivateAddressError, VisitEnd.PRIVATE),
        (NoHostError, VisitEnd.NO_HOST),
        (_WaitError, VisitEnd.WAITS),
        (ssl.SSLError, VisitEnd.INSECURE),
        (ConnectionRefusedError, VisitEnd.REFUSED),
    )
    return next((end for kind, end in ends if isinstance(error, kind)), VisitEnd.BROKEN)
