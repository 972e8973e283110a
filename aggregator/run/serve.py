"""Show a built site on this machine; build it again when its sources change, and tell the browser.

    sources --watch--> rebuild --> Reloads.announce --Server-Sent Event--> open pages load again

While a new look is built for all pages, those that somebody opens are made at once (`draft`). For
looking at a site before it is published; not a web server for visitors. What makes pages
reload is added to what is served, never to a file.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import watchfiles

# No page of a site begins with a dot, so these stand in nobody's way.
_EVENTS = "/.preview/events"
_SCRIPT = "/.preview/reload.js"
# A file of its own: the pages' Content-Security-Policy allows no script inside them.
_RELOADING = f'new EventSource("{_EVENTS}").onmessage = () => location.reload();\n'.encode()
_TAG = f'<script src="{_SCRIPT}" defer></script>\n'.encode()
_HTML = "text/html; charset=utf-8"
# A line now and then, since only writing tells that a page was closed.
_HEARTBEAT_SECONDS = 10.0


class Reloads:
    """Tells every open page that there is a new site.

    `draft` makes a file that is not built yet, given its path; None where there is no such file.
    """

    def __init__(self) -> None:
        self.draft: Callable[[str], bytes | None] | None = None
        self.opened = threading.Event()  # a page of the draft was looked at
        self._count = 0  # of sites so far, so that none is missed between two looks
        self._changed = threading.Condition()

    def announce(self) -> None:
        """Let every open page load again."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def events(self) -> Iterator[bytes]:
        """Give lines of an event stream (https://html.spec.whatwg.org/#server-sent-events)."""
        seen = self._count
        while True:
            with self._changed:
                if self._count == seen:
                    self._changed.wait(_HEARTBEAT_SECONDS)
                news, seen = self._count != seen, self._count
            yield b"data: reload\n\n" if news else b": still here\n\n"


class _SiteHandler(SimpleHTTPRequestHandler):
    """Serve files as GitHub Pages does: the site's own 404 page, and no caching in preview."""

    def __init__(self, *connection: Any, reloads: Reloads | None, directory: str) -> None:
        self.reloads = reloads  # first: the base class answers the request while it is made
        super().__init__(*connection, directory=directory)

    def do_GET(self) -> None:
        """Answer with a file; a page gets the script that reloads it, if it is to be reloaded."""
        file = Path(self.translate_path(self.path))
        if self.path.partition("?")[0].endswith("/"):
            file /= "index.html"
        if self.reloads is None:
            super().do_GET()
        elif self.path == _EVENTS:
            self._stream(self.reloads)
        elif self.path == _SCRIPT:
            self._send(HTTPStatus.OK, "text/javascript", _RELOADING)
        elif (draft := self._draft(self.reloads, file)) is not None:
            self._send(HTTPStatus.OK, self.guess_type(file), draft)
        elif file.suffix == ".html" and file.is_file():
            self._send(HTTPStatus.OK, _HTML, file.read_bytes() + _TAG)
        else:
            super().do_GET()

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
        self._send(code, _HTML, page.read_bytes() + (_TAG if self.reloads else b""))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent: the terminal is for builds and their messages."""

    def _draft(self, reloads: Reloads, file: Path) -> bytes | None:
        """Make a file that is being built, with the script that reloads it if it is a page."""
        place = Path(self.directory).resolve()
        if reloads.draft is None or not file.resolve().is_relative_to(place):
            return None
        made = reloads.draft(file.resolve().relative_to(place).as_posix())
        if made is None or file.suffix != ".html":
            return made
        reloads.opened.set()
        return made + _TAG

    def _send(self, code: int, kind: str, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream(self, reloads: Reloads) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            for line in reloads.events():
                self.wfile.write(line)
                self.wfile.flush()
        except ConnectionError:
            return  # the page was closed, which is how every stream ends


@contextmanager
def serving(folder: Path, port: int, reloads: Reloads | None = None) -> Iterator[str]:
    """Serve `folder` on 127.0.0.1 while the block runs; gives the address.

    Port 0 takes a free one; one that is taken raises OSError. Without `reloads` the files are
    served as they are.
    """
    handler = partial(_SiteHandler, directory=str(folder), reloads=reloads)
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


def watch(
    sources: Sequence[Path], rebuild: Callable[[Collection[Path]], object], stop: threading.Event
) -> None:
    """Call `rebuild` with what changed of or below `sources`, each time, until `stop` is set.

    A file is watched by its folder: editors put a new file in the place of the old, and a source
    may not be there yet. Folders are watched one by one, so that nobody's whole home is.
    """
    watched = [source.resolve() for source in sources]

    def matters(_change: watchfiles.Change, name: str) -> bool:
        return any(Path(name).is_relative_to(source) for source in watched)

    while not stop.is_set():
        folders = _folders(watched)
        changes = watchfiles.watch(*folders, watch_filter=matters, stop_event=stop, recursive=False)
        for found in changes:
            rebuild([Path(name) for _, name in found])
            if _folders(watched) != folders:
                break  # there is a new folder to look into, or one less


def _folders(sources: Iterable[Path]) -> set[Path]:
    below = (path for source in sources for path in source.rglob("*") if path.is_dir())
    return {*below, *(s for s in sources if s.is_dir()), *(s.parent for s in sources)}
