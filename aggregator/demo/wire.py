"""The socket: HTTP/1.1 with keep-alive on 127.0.0.1, one thread for each connection.

Reads requests, asks an `App`, writes its responses, well or (when a fault says so) badly. The only
module of the sandbox that touches the network, and the only one that really waits.
"""

import gzip
import os
import socket
import struct
import sys
import threading
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aggregator.demo.app import App
from aggregator.demo.messages import Request, Response
from aggregator.demo.refusals import refuse

GZIP_FROM = 1_000
LARGEST_REQUEST = 10_000_000
UNREADABLE = refuse(400, "The length of the request cannot be read or is too large.")
NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class Listener(ThreadingHTTPServer):
    """A listening socket with its app; `stopping` wakes everything that waits on purpose."""

    daemon_threads = True
    request_queue_size = 64
    latency = 0.0

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.stopping = threading.Event()
        self.app: App

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show a bug on the screen; a client that hung up is none."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Turns bytes into requests and responses into bytes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def do_GET(self) -> None:
        """Answer a GET or HEAD request."""
        self._answer()

    do_HEAD = do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: the app counts requests, and nobody reads a log here."""

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        length = self._length()
        if length is None:
            self.close_connection = True
            self._deliver(Request(self.command, parts.path), UNREADABLE)
            return
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length) if length else b"",
        )
        response = self.server.app.answer(request)
        if self.server.latency:
            self.server.stopping.wait(self.server.latency)
        self._deliver(request, response)

    def _length(self) -> int | None:
        """Give the length of the body; None when it is nonsense or too large to read."""
        said = self.headers.get("content-length") or "0"
        return int(said) if said.isdecimal() and int(said) <= LARGEST_REQUEST else None

    def _deliver(self, request: Request, response: Response) -> None:
        delivery = response.delivery
        head, body = _as_bytes(request, response)
        if delivery.kind == "hang":
            self.server.stopping.wait(delivery.seconds)
            self._reset()
        elif delivery.kind == "reset":
            self._reset()
        elif delivery.kind == "drip":
            self._drip(head + body, delivery.seconds)
        elif delivery.kind == "truncate":
            self.wfile.write(head + body[: int(len(body) * delivery.share)])
            self.close_connection = True
        else:
            # One write: two would make the client's kernel wait 40 ms before it acknowledges.
            self.wfile.write(head + body)

    def _reset(self) -> None:
        """Close with RST instead of FIN, so that the client sees a connection reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        self.close_connection = True
        self.connection.close()

    def _drip(self, data: bytes, seconds: float) -> None:
        for position in range(len(data)):
            if self.server.stopping.wait(seconds):
                break
            self.wfile.write(data[position : position + 1])
        self.close_connection = True


def _as_bytes(request: Request, response: Response) -> tuple[bytes, bytes]:
    """Give the head and the body as they go over the wire, gzipped as GitHub does."""
    body, headers = response.body, list(response.headers)
    accepts = "gzip" in request.headers.get("accept-encoding", "")
    if accepts and len(body) >= GZIP_FROM:
        body = gzip.compress(body, compresslevel=1, mtime=0)
        headers.append(("content-encoding", "gzip"))
    if response.status not in (204, 304):
        headers.append(("content-length", str(len(body))))
    lines = [f"HTTP/1.1 {response.status} {responses.get(response.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in headers]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1", errors="replace")
    return head, b"" if request.method == "HEAD" else body
