"""The stand-in for GitHub on a socket of this machine: what `demo` and `sandbox` start.

HTTP/1.1 with keep-alive on 127.0.0.1, one thread for each connection. The only module here that
touches the network and the clock. It never reaches out, and checks no token.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from aggregator.demo.exchange import (
    JSON_TYPE,
    Answerer,
    Request,
    Response,
    TellTime,
    not_found,
    refuse,
)
from aggregator.demo.world import World
from aggregator.words.errors import UsageError

LARGEST_REQUEST = 10_000_000


class ConnectionHandler(BaseHTTPRequestHandler):
    """Turns bytes into requests and responses into bytes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def do_GET(self) -> None:
        """Answer a request."""
        parts, length = urlsplit(self.path), self.headers.get("content-length") or "0"
        if not length.isdecimal() or int(length) > LARGEST_REQUEST:
            self.close_connection = True
            words = "The length of the request cannot be read or is too large."
            self.deliver(Request(self.command, parts.path), refuse(400, words))
            return
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(length)),
        )
        self.deliver(request, self.server.stand_in.answer(request))

    do_HEAD = do_POST = do_GET  # noqa: N815 - the names that http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Keep quiet: nobody reads a log here."""

    def deliver(self, request: Request, response: Response) -> None:
        """Write a response."""
        # One write: two would make the client's kernel wait 40 ms before it acknowledges.
        self.wfile.write(b"".join(as_bytes(request, response)))


def as_bytes(request: Request, response: Response) -> tuple[bytes, bytes]:
    """Give the head and the body as they go over the wire."""
    headers = response.headers
    if response.status not in (204, 304):
        headers += (("content-length", str(len(response.body))),)
    lines = [f"HTTP/1.1 {response.status} {responses.get(response.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in headers]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1", errors="replace")
    return head, b"" if request.method == "HEAD" else response.body


class Server(ThreadingHTTPServer):
    """A listening socket with what answers on it.

    Attributes:
        world: what is served.
        port: where it listens.
        api_url: the address for `GITHUB_API_URL`.
        graphql_url: the address for `GITHUB_GRAPHQL_URL`.
        stopping: wakes everything that waits on purpose.
    """

    daemon_threads = True
    request_queue_size = 64
    handler: type[ConnectionHandler] = ConnectionHandler
    stand_in: Answerer

    def __init__(self, world: World, port: int) -> None:
        try:
            super().__init__(("127.0.0.1", port), self.handler)
        except (OSError, OverflowError) as error:
            cure = "choose another with --port, or leave it out for a free one"
            raise UsageError(f"port {port} cannot be used", str(error), cure) from error
        self.world = world
        self.port = int(self.server_address[1])
        self.api_url = f"http://127.0.0.1:{self.port}"
        self.graphql_url = f"{self.api_url}/graphql"
        self.stopping = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show a bug on the screen; a client that hung up is none."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


ServerT = TypeVar("ServerT", bound=Server)


def system_clock() -> datetime:
    """Read the machine's clock; the default of `serve`, and the only such reading here."""
    return datetime.now(UTC)


@contextmanager
def serve(world: World, port: int = 0, clock: TellTime = system_clock) -> Iterator[Server]:
    """Serve a world on 127.0.0.1 while the context lasts.

    Args:
        world: what to serve.
        port: 0 takes a free one.
        clock: says what time it is, for `Date` and for the ends of rate limits.

    Raises:
        UsageError: the port is taken or none, or the extra `demo` is not installed.
    """
    try:
        # Only now: it needs a library that nothing but the demo uses.
        from aggregator.demo.stand_in import StandIn  # noqa: PLC0415 - see above
    except ModuleNotFoundError as missing:
        if missing.name != "graphql":
            raise
        raise UsageError(
            "the stand-in for GitHub cannot start",
            "it needs the extra `demo`, which is not installed",
            "pip install 'community-showcase[demo]', or run `make demo` in a checkout",
        ) from missing
    server = Server(world, port)
    server.stand_in = StandIn(world, clock, server.api_url)
    with running(server):
        yield server


@dataclass(frozen=True, slots=True)
class _OneFile:
    path: str
    content: bytes

    def answer(self, request: Request) -> Response:
        """Give the file to whoever asks for it."""
        found = request.path == self.path
        return Response(200, self.content, (("content-type", JSON_TYPE),)) if found else not_found()


@contextmanager
def serve_json(path: str, content: bytes) -> Iterator[Server]:
    """Serve a site of one file of JSON, as another showcase publishes it, while the context lasts.

    Args:
        path: where it lies in the site.
        content: its bytes.
    """
    server = Server(World(), 0)
    server.stand_in = _OneFile(path, content)
    with running(server):
        yield server


@contextmanager
def running(server: ServerT) -> Iterator[ServerT]:
    """Let a server answer while the context lasts."""
    thread = threading.Thread(
        target=server.serve_forever, args=(0.01,), name="stand-in", daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


def run_forever(world: World, announce: Callable[[Server], None], port: int = 0) -> None:
    """Serve a world, as `serve` does, until the process is interrupted.

    Args:
        world: what to serve.
        announce: called once when the server listens, to tell the addresses.
        port: 0 takes a free one.
    """
    with serve(world, port) as server:
        announce(server)
        server.stopping.wait()
