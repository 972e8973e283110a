"""A bound on the whole of one HTTP exchange, whatever the other side does with it.

``requests`` bounds each read only, so a server that sends one byte a second holds it for ever.
Here a timer shuts the sockets of the session down when the time for an exchange is over: that
ends a slow handshake, slow headers and a slow body alike. Used by ``transport`` only.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Watch:
    """The open sockets of one session, and a timer that may shut them."""

    def __init__(self) -> None:
        self._sockets: set[socket.socket] = set()
        self.expired = False

    def add(self, sock: socket.socket | None) -> None:
        """Remember a socket that was just connected."""
        self._sockets = {known for known in self._sockets if known.fileno() != -1}
        if sock is not None:
            self._sockets.add(sock)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Shut every socket when the block takes longer than ``seconds``."""
        self.expired = False
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self.expired = True
        for sock in tuple(self._sockets):
            # A socket that the other side closed first cannot be shut down; that is as good.
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


def watch_adapter(adapter: HTTPAdapter, watch: Watch) -> None:
    """Make every connection of an adapter tell the watch about its socket."""

    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            watch.add(self.sock)

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            watch.add(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    manager: Any = adapter.poolmanager
    manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
