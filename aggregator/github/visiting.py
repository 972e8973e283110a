"""Visits websites politely and safely: whether an address still leads somewhere, and where to.

HEAD first, then GET where that is not enough; one request a host at a time, with a pause between
two; bounded in time, bytes and redirects. Whom nobody may ask is decided in `public_web`; what an
answer means is judged in `care.websites`.
"""

import http.client
import threading
import time
from dataclasses import dataclass, field

from aggregator.facts.visit import LARGEST_START, Hop, Visit, VisitEnd
from aggregator.github.public_web import (
    MOST_REDIRECTS,
    MOVES,
    PublicWeb,
    Resolve,
    end_of,
    redirect_target,
    resolve_public,
)
from aggregator.github.session import OpenExchange, ended_after
from aggregator.words.blocked import host_of

_SECONDS = 20.0  # for all of a visit
_PAUSE = 1.0  # between two requests to one host
_PATIENCE = frozenset({429, 503})
_ACCEPT = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.5"}


class _WaitError(OSError):
    """A host is left alone for now."""


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
        self._web = PublicWeb(agent, resolve)
        self._pause = pause
        self._seconds = seconds
        self._turns: dict[str, _Turn] = {}
        self._among_turns = threading.Lock()

    def visit(self, url: str) -> Visit:
        """Visit an address; what is wrong at the other end is told, never raised."""
        hops: list[Hop] = []
        with ended_after(self._seconds) as exchange:
            try:
                return self._visited(url, hops, exchange)
            except (OSError, http.client.HTTPException, ValueError) as error:
                waits = isinstance(error, _WaitError)
                end = VisitEnd.WAITS if waits else end_of(error, exchange)
                return Visit(end, hops=tuple(hops))

    def _visited(self, url: str, hops: list[Hop], exchange: OpenExchange) -> Visit:
        method = "HEAD"
        while len(hops) <= MOST_REDIRECTS:
            try:
                reply = self._ask(method, url, exchange)
            except (http.client.HTTPException, ConnectionError):
                # Some servers hang up on HEAD; a second try with GET tells.
                if method == "GET" or exchange.expired:
                    raise
                method = "GET"
                continue
            if reply.status in MOVES and reply.target:
                url = reply.target
                hops.append(Hop(reply.status, url))
            elif method == "HEAD" and reply.wants_get:
                method = "GET"
            else:
                return Visit(VisitEnd.ANSWERED, reply.status, tuple(hops), reply.start)
        return Visit(VisitEnd.CIRCLES, hops=tuple(hops))

    def _ask(self, method: str, url: str, exchange: OpenExchange) -> "_Reply":
        turn = self._turn_of(host_of(url))
        with turn.lock:
            if turn.closed:
                raise _WaitError(url)
            time.sleep(max(0.0, turn.last + self._pause - time.monotonic()))
            try:
                with self._web.asked(method, url, exchange, _ACCEPT) as answer:
                    return _read(answer, method, url, turn)
            finally:
                turn.last = time.monotonic()

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
    return _Reply(answer.status, redirect_target(url, answer.getheader("Location")), is_page, start)
