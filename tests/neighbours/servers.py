"""Servers on this machine that stand for the sites of other showcases."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aggregator.github.public_web import Destination, NoHostError, PrivateAddressError, PublicWeb

Answer = Callable[[BaseHTTPRequestHandler], None]


def answer(content: bytes = b"{}", status: int = 200, **headers: str) -> Answer:
    """Answer so, whatever is asked; a name with _ in it stands for one with a hyphen."""

    def told(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("content-length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    return told


def unless_known(content: bytes, etag: str) -> Answer:
    """Answer that nothing changed to whoever has this version."""

    def told(request: BaseHTTPRequestHandler) -> None:
        known = request.headers.get("If-None-Match") == etag
        answer(b"" if known else content, 304 if known else 200, ETag=etag)(request)

    return told


class OtherSite:
    """A site under any name but two, which notes what it is asked."""

    def __init__(self, port: int, pages: dict[str, Answer]) -> None:
        self.port, self.pages = port, pages
        self.asked: list[tuple[str, dict[str, str]]] = []

    def resolve(self, host: str, _port: int) -> Sequence[Destination]:
        """Stand for the names of the web."""
        if host == "inside.example":
            raise PrivateAddressError(host)
        if host == "lapsed.example":
            raise NoHostError(host)
        return [("127.0.0.1", self.port)]

    @property
    def web(self) -> PublicWeb:
        """Give a web in which there is no other site."""
        return PublicWeb("aggregator/test (+https://showcase.example/)", self.resolve)


@contextmanager
def serving(pages: dict[str, Answer]) -> Iterator[OtherSite]:
    """Serve pages, which may be changed meanwhile, by their paths."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append((self.path, dict(self.headers.items())))
            with suppress(OSError):  # whoever asked has heard enough
                found.pages.get(self.path, answer(status=404))(self)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        found = OtherSite(server.server_address[1], pages)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
