"""Show a built site on this machine, and build it again when its sources change.

For looking at a site before it is published; not a web server for visitors.
`cli` calls it. Nothing here knows how a site is built.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_POLL_SECONDS = 0.5


class _SiteHandler(SimpleHTTPRequestHandler):
    """Serve files as GitHub Pages does: the site's own 404 page, and no caching in preview."""

    def translate_path(self, path: str) -> str:
        """Give the file of an address; one that no file can have is looked for and not found."""
        return super().translate_path(path).replace("\0", "\N{REPLACEMENT CHARACTER}")

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent: the terminal is for builds and their messages."""


@contextmanager
def serving(folder: Path, port: int) -> Iterator[str]:
    """Serve `folder` on 127.0.0.1 while the block runs; gives the address.

    Args:
        folder: the built site; it may be replaced while it is served.
        port: the port to listen on; 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    handler = partial(_SiteHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


def watch(sources: Iterable[Path], rebuild: Callable[[], object], stop: threading.Event) -> None:
    """Call `rebuild` after each change below `sources`, until `stop` is set."""
    watched = tuple(sources)
    seen = _fingerprint(watched)
    while not stop.wait(_POLL_SECONDS):
        now = _fingerprint(watched)
        if now != seen:
            seen = now
            rebuild()


def _fingerprint(sources: Iterable[Path]) -> frozenset[tuple[str, int, int]]:
    return frozenset(
        (str(path), stat.st_mtime_ns, stat.st_size)
        for source in sources
        for path in _files(source)
        if (stat := _stat(path))
    )


def _files(source: Path) -> Iterable[Path]:
    return (path for path in source.rglob("*") if path.is_file()) if source.is_dir() else (source,)


def _stat(path: Path) -> os.stat_result | None:
    """Give a file's state, or None when an editor has just taken it away."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None
