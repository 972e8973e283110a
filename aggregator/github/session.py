"""HTTP sessions that end in time, carry the token safely and forget when told to.

The token is put on below the cache, so that requests-cache neither stores it nor takes ``Vary:
Authorization`` for a miss. What is asked and what an answer is worth is not known here: see
``transport``, and ``download`` for single public files.
"""

import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests_cache import CachedSession
from requests_cache.backends.sqlite import SQLiteCache
from requests_cache.policy.expiration import EXPIRE_IMMEDIATELY
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from aggregator.facts.protocol import Spent, Target

USER_AGENT = "aggregator (community project showcase)"
_MOST_BYTES = 100_000_000
_CHUNK = 1 << 16


class TooLargeError(requests.RequestException):
    """An answer of more bytes than anybody needs."""


class Bill:
    """What a session has spent so far; several threads may add to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.spent = Spent()

    def note(self, change: Callable[[Spent], Mapping[str, Any]]) -> None:
        """Change some fields, worked out from all of them as they stand."""
        with self._lock:
            self.spent = replace(self.spent, **change(self.spent))


class OpenExchange:
    """One request under way in one thread, which ends when its sockets are shut."""

    def __init__(self) -> None:
        self.sockets: set[socket.socket] = set()
        self.expired = False

    def expire(self) -> None:
        """End it: a slow handshake, slow headers and a slow body alike."""
        self.expired = True
        for sock in tuple(self.sockets):
            # A socket that the other side closed first cannot be shut down; that is as good.
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def ended_after(seconds: float) -> Iterator[OpenExchange]:
    """Give an exchange that ends after so many seconds, whatever it is waiting for."""
    exchange = OpenExchange()
    timer = threading.Timer(seconds, exchange.expire)
    timer.daemon = True
    timer.start()
    try:
        yield exchange
    finally:
        timer.cancel()


class Wire(HTTPAdapter):
    """Sends every request of a session once, bounded in time and size, and keeps the bill.

    ``requests`` bounds each read only, so a server that sends one byte a second holds it for ever.
    Several threads may send at once, each in an exchange of its own.

    Args:
        token: Put on a copy of each request, so that nothing above ever holds it.
        origin: The server that gets it; no other does.
        largest: Most bytes of one answer.
    """

    def __init__(
        self, token: str | None = None, origin: str = "", largest: int = _MOST_BYTES
    ) -> None:
        super().__init__(max_retries=0)
        self.bill = Bill()
        self._token = token
        self._origin = origin_of(origin)
        self._largest = largest
        self._of_thread = threading.local()
        self._under_way: set[OpenExchange] = set()
        # urllib3 takes the classes of its pools from here and offers no other way to its sockets.
        pools = {"http": HTTPConnectionPool, "https": HTTPSConnectionPool}
        manager: Any = self.poolmanager
        manager.pool_classes_by_scheme = {name: self._watched(pool) for name, pool in pools.items()}

    def _watched(self, pool: Any) -> type:
        """Make a kind of pool whose connections tell of their sockets."""

        def connect(connection: Any) -> None:
            pool.ConnectionCls.connect(connection)
            self._watch(connection.sock)

        def request(connection: Any, *args: Any, **more: Any) -> Any:
            if connection.sock is not None:  # one that another exchange opened and left
                self._watch(connection.sock)
            return pool.ConnectionCls.request(connection, *args, **more)

        watched = type("Watched", (pool.ConnectionCls,), {"connect": connect, "request": request})
        return type("WatchedPool", (pool,), {"ConnectionCls": watched})

    def _watch(self, sock: socket.socket) -> None:
        exchange: OpenExchange | None = getattr(self._of_thread, "exchange", None)
        if exchange is not None:
            exchange.sockets.add(sock)

    @contextmanager
    def within(self, seconds: float) -> Iterator[OpenExchange]:
        """Let this thread exchange one question for its answer, and end it after ``seconds``."""
        with ended_after(seconds) as exchange:
            self._of_thread.exchange = exchange
            self._under_way.add(exchange)
            try:
                yield exchange
            finally:
                self._under_way.discard(exchange)
                self._of_thread.exchange = None

    def close(self) -> None:
        """End what is under way in other threads as well: nobody waits for it any more."""
        for exchange in tuple(self._under_way):
            exchange.expire()
        super().close()

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        """Send a copy that carries the token and answer as if the original had been sent."""
        signed = request.copy()
        if self._token and origin_of(request.url or "") == self._origin:
            signed.headers["Authorization"] = f"bearer {self._token}"
        self.bill.note(lambda spent: {"requests": spent.requests + 1})
        response = super().send(signed, *args, **kwargs)
        response.request = request
        content = bytearray()  # read here, so that no more of it than is sane is ever held
        for chunk in response.iter_content(_CHUNK):
            content += chunk
            if len(content) > self._largest:
                response.close()
                raise TooLargeError("more bytes than anybody needs")
        response._content = bytes(content)  # noqa: SLF001 - as requests itself does on first access
        known, at = response.status_code == 304, server_time(response.headers)
        self.bill.note(
            lambda spent: {
                "not_modified": spent.not_modified + known,
                "server_time": at or spent.server_time,
            }
        )
        return response


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Give scheme, host and port as they decide whether two addresses are one server."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", url, None
    return parts.scheme, parts.hostname or "", port


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """Return when an answer was sent; one from a shared cache is as old as its `Age` says.

    Source: RFC 9110, section 6.6.1 (`Date`), and RFC 9111, section 5.1 (`Age`).
    """
    try:
        sent = parsedate_to_datetime(headers.get("Date", ""))
        age = timedelta(seconds=int(headers.get("Age", "0")))
        return sent.replace(tzinfo=sent.tzinfo or UTC).astimezone(UTC) + age
    except (ValueError, OverflowError):
        return None


def open_session(wire: Wire, cache_file: Path | None = None) -> requests.Session:
    """Open a session that sends everything over one wire.

    With a cache it asks again about each answer that it has. The cache may be deleted at any time;
    one that is damaged is.
    """
    if cache_file is None:
        session = requests.Session()
    else:
        cache_file.parent.mkdir(parents=True, exist_ok=True)
        try:
            session = _open_cached(cache_file)
        except sqlite3.DatabaseError:
            cache_file.unlink()  # a damaged cache costs requests, never a run
            session = _open_cached(cache_file)
    session.auth = lambda request: request  # or a .netrc on the machine would sign requests
    session.mount("https://", wire)
    session.mount("http://", wire)
    return session


def _open_cached(cache_file: Path) -> CachedSession:
    session = CachedSession(
        # JSON and not pickle: a file that came back from a shared cache must not run code.
        backend=SQLiteCache(str(cache_file), serializer="json"),
        # Each use asks GitHub again; "not modified" costs a signed request nothing of its hour
        # (docs.github.com, "Best practices for using the REST API").
        expire_after=EXPIRE_IMMEDIATELY,
        cache_control=False,
        stale_if_error=False,  # it would hide 404 and 451 behind an old answer
        allowable_codes=(200,),
        allowable_methods=("GET",),
    )
    try:
        len(session.cache.responses)
    except sqlite3.DatabaseError:
        session.close()  # type: ignore[no-untyped-call]  # untyped in its library
        raise
    return session


def forget(session: requests.Session, targets: Sequence[Target]) -> None:
    """Delete cached answers about repositories, by name and by number, and their bytes."""
    if not isinstance(session, CachedSession) or not isinstance(session.cache, SQLiteCache):
        return
    marks = [f"/repos/{t.name.casefold()}/" for t in targets]
    marks += [f"/repositories/{t.repository_id}/" for t in targets if t.repository_id]
    keys = [
        stored.cache_key
        for stored in session.cache.filter(valid=True, expired=True)
        if any(mark in f"{urlsplit(stored.url).path.casefold()}/" for mark in marks)
    ]
    if keys:
        session.cache.delete(*keys)
        # Deleted rows stay readable in free pages until the file is written anew.
        session.cache.responses.vacuum()  # type: ignore[no-untyped-call]  # untyped in its library
