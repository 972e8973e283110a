"""Asks servers of strangers, and never one in a private network: single requests, told in time.

Each name is resolved here, every address that it has must be public, and the connection is made to
the very address that was looked at: a name that changes meanwhile leads nobody into a private
network (DNS rebinding). No cookies, no passwords, no token. What is asked, and how politely, is for
`visiting` and `public_file` to say.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from urllib.parse import quote, urljoin, urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from aggregator.facts.visit import VisitEnd
from aggregator.github.session import OpenExchange
from aggregator.words.addresses import is_public, is_web_address
from aggregator.words.blocked import plain_host

MOST_REDIRECTS = 5
MOVES = frozenset({301, 302, 303, 307, 308})
_STEP_SECONDS = 8.0  # for each connection and each read
_MOST_PLACES = 4  # of one name, tried in turn
_PORTS = {"http": 80, "https": 443}
# What may stand in a path or a query as it is: https://www.rfc-editor.org/rfc/rfc3986#appendix-A
_PLAIN = "/!$&'()*+,;=:@-._~%?"

Destination = tuple[str, int]
Resolve = Callable[[str, int], Sequence[Destination]]
"""Gives the addresses of a name, all of which may be visited; raises an OSError for others."""


class PrivateAddressError(OSError):
    """A name leads into a private network."""


class NoHostError(OSError):
    """A name leads nowhere."""


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


class PublicWeb:
    """Sends requests to public addresses, each over a connection of its own.

    Args:
        agent: What to call ourselves, with an address at which a webmaster can read about us.
        resolve: Gives the places of a name; only tests name another one.
    """

    def __init__(self, agent: str, resolve: Resolve = resolve_public) -> None:
        self._agent = agent
        self._resolve = resolve
        self._secure = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)

    @contextmanager
    def asked(
        self, method: str, url: str, exchange: OpenExchange, headers: Mapping[str, str]
    ) -> Iterator[http.client.HTTPResponse]:
        """Send one request, and give the answer while the block reads it.

        Args:
            method: GET or HEAD.
            url: Whom to ask; a redirect is not followed.
            exchange: What ends it, however slow the other end is.
            headers: Of the request, beside those that every one has.

        Raises:
            ValueError: The address is none of the web.
            OSError, HTTPException: There is no answer, or what came is none.
        """
        if not is_web_address(url):
            raise ValueError(url)
        parts = urlsplit(url)
        scheme, host = parts.scheme.lower(), plain_host(parts.hostname or "")
        port = parts.port or _PORTS[scheme]
        connection = http.client.HTTPConnection(host, port)
        try:
            # Not by its own `connect`, which would resolve the name a second time.
            connection.sock = self._connected(host, port, exchange, secure=scheme == "https")
            usual = self._usual_headers(host, port, is_usual=port == _PORTS[scheme])
            question = _question(parts.path, parts.query)
            connection.request(method, question, headers={**usual, **headers})
            # Where the server closes, the answer holds the socket and not the connection.
            with connection.getresponse() as answer:
                yield answer
            _refuse_late(exchange)  # what was cut off looks like an answer that is whole
        finally:
            connection.close()

    def _usual_headers(self, host: str, port: int, *, is_usual: bool) -> dict[str, str]:
        name = f"[{host}]" if ":" in host else host
        return {
            "Host": name if is_usual else f"{name}:{port}",
            "User-Agent": self._agent,
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


def redirect_target(here: str, location: str | None) -> str:
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


def end_of(error: Exception, exchange: OpenExchange) -> VisitEnd:
    """Tell how an exchange ended that an error ended."""
    if exchange.expired or isinstance(error, TimeoutError):
        return VisitEnd.LATE
    ends: tuple[tuple[type[Exception], VisitEnd], ...] = (
        (PrivateAddressError, VisitEnd.PRIVATE),
        (NoHostError, VisitEnd.NO_HOST),
        (ssl.SSLError, VisitEnd.INSECURE),
        (ConnectionRefusedError, VisitEnd.REFUSED),
    )
    return next((end for kind, end in ends if isinstance(error, kind)), VisitEnd.BROKEN)
