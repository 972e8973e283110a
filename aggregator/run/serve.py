"""Show a site over HTTP: while somebody works on it, or beside the nightly job of one's own server.

    request --> /healthz, /health.json | what reloads pages | a draft | a file of the site | its 404

Files are served as hosts for static sites do: by folder, with their types, packed where that
helps, nothing that is hidden and nothing outside. In a preview every page gets the script that
reloads it (`reloading`), which is added to what is served and never to a file.
"""

import gzip
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copyfileobj
from socketserver import TCPServer
from typing import Any
from urllib.parse import quote, unquote

from aggregator.run.health import Health
from aggregator.run.reloading import Reloads
from aggregator.words.errors import UsageError

HERE = "127.0.0.1"
# No page of a site begins with a dot, so these stand in nobody's way.
_EVENTS = "/.preview/events"
_SCRIPT = "/.preview/reload.js"
_HEALTH, _HEALTH_AS_DATA = "/healthz", "/health.json"
# A file of its own: the pages' Content-Security-Policy allows no script inside them.
_RELOADING = f'new EventSource("{_EVENTS}").onmessage = () => location.reload();\n'.encode()
_TAG = f'<script src="{_SCRIPT}" defer></script>\n'.encode()
_PLAIN = "text/plain; charset=utf-8"
# Said here and not by the machine's own list, which differs from one to the next.
_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".bib": _PLAIN,
    ".cff": "application/yaml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".db": "application/vnd.sqlite3",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".otf": "font/otf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".ris": "application/x-research-info-systems",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": _PLAIN,
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml; charset=utf-8",
    ".yaml": "application/yaml; charset=utf-8",
    ".yml": "application/yaml; charset=utf-8",
}
_UNKNOWN = "application/octet-stream"
_PACKED_WELL = ("text/", "application/json", "application/xml", "application/atom", "image/svg")
_WORTH_PACKING = 500  # bytes
_TOO_LARGE_TO_HOLD = 20_000_000
_HIDDEN_BUT_PUBLIC = ".well-known"  # RFC 8615
_LONGEST_NAME = 255
_SECONDS_TO_ASK = 30
_SECONDS_OF_HEALTH = 5.0  # that an answer about it is good for


class _Site(ThreadingHTTPServer):
    """What is served, and who listens."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        address: tuple[str, int],
        folder: Path,
        reloads: Reloads | None,
        health: Callable[[], Health] | None,
    ) -> None:
        self.folder, self.reloads, self._health = folder, reloads, health
        self._judged: tuple[float, Health] | None = None
        self._judging = threading.Lock()
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _SiteHandler)

    def server_bind(self) -> None:
        """Listen, without asking the network what this machine is called, which may take long."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def health_now(self) -> Health | None:
        """Say how the job is; however many ask, it is looked at now and then."""
        with self._judging:
            now = time.monotonic()
            if self._health and (not self._judged or now - self._judged[0] > _SECONDS_OF_HEALTH):
                self._judged = (now, self._health())
            return self._judged[1] if self._judged else None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about who hung up or never asked."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _SiteHandler(BaseHTTPRequestHandler):
    """Answer one request."""

    server: _Site
    server_version = "aggregator"
    sys_version = ""
    timeout = _SECONDS_TO_ASK

    def do_GET(self) -> None:
        """Answer with a file; a page gets the script that reloads it, if it is to be reloaded."""
        asked = self.path.partition("#")[0].partition("?")[0]
        reloads = self.server.reloads
        if asked in (_HEALTH, _HEALTH_AS_DATA) and (health := self.server.health_now()):
            status = HTTPStatus.OK if health.well else HTTPStatus.SERVICE_UNAVAILABLE
            if asked == _HEALTH:
                self._send(status, _PLAIN, f"{health.reason}\n".encode())
            else:
                self._send(status, _TYPES[".json"], f"{json.dumps(asdict(health))}\n".encode())
        elif reloads and asked == _EVENTS:
            self._stream(reloads)
        elif reloads and asked == _SCRIPT:
            self._send(HTTPStatus.OK, _TYPES[".js"], _RELOADING)
        else:
            self._answer_with_file(asked)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

    def _answer_with_file(self, asked: str) -> None:
        path, reloads = path_in_site(asked), self.server.reloads
        if path is not None and reloads and (draft := _draft(reloads, path)) is not None:
            self._send(HTTPStatus.OK, _type_of(Path(path)), draft)
            return
        file = self._found(path) if path is not None else None
        try:
            if path is None or file is None:
                self._not_found()
            elif file.is_dir():
                further = {"Location": f"/{quote(path)}/"}
                self._send(HTTPStatus.MOVED_PERMANENTLY, _PLAIN, b"", further)
            elif reloads and file.suffix == ".html":
                self._send(HTTPStatus.OK, _type_of(file), file.read_bytes() + _TAG)
            else:
                self._send_file(file)
        except FileNotFoundError:  # a new site took the place of the one that was looked into
            self._not_found()

    def _found(self, path: str) -> Path | None:
        """Give the file or the folder at a path; None where there is none, or it leads outside."""
        place = self.server.folder.resolve()
        try:
            file = (place / path).resolve()
            there = file.is_file() or file.is_dir()
        except OSError:
            return None
        return file if there and file.is_relative_to(place) else None

    def _not_found(self) -> None:
        page = self.server.folder / "404.html"
        tag = _TAG if self.server.reloads else b""
        if page.is_file():
            self._send(HTTPStatus.NOT_FOUND, _TYPES[".html"], page.read_bytes() + tag)
        else:
            self._send(HTTPStatus.NOT_FOUND, _PLAIN, b"There is no such page.\n")

    def _send_file(self, file: Path) -> None:
        stat, kind = file.stat(), _type_of(file)
        sign = f'W/"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        if self.headers.get("If-None-Match") == sign:
            self._send(HTTPStatus.NOT_MODIFIED, kind, b"", {"ETag": sign})
        elif stat.st_size <= _TOO_LARGE_TO_HOLD:
            packed = self._packs(kind, stat.st_size)
            read = _packed if packed else _read
            self._send(HTTPStatus.OK, kind, read(file, stat.st_mtime_ns), {"ETag": sign}, packed)
        else:
            with file.open("rb") as content:
                # Of the file that is sent: a new site may have taken the place of the other one.
                size = os.fstat(content.fileno()).st_size
                self._head(HTTPStatus.OK, kind, size, {"ETag": sign})
                if self.command != "HEAD":
                    copyfileobj(content, self.wfile)

    def _packs(self, kind: str, size: int) -> bool:
        worth = size >= _WORTH_PACKING and kind.startswith(_PACKED_WELL)
        return worth and _takes_gzip(self.headers.get("Accept-Encoding", ""))

    def _send(
        self,
        status: HTTPStatus,
        kind: str,
        body: bytes,
        headers: dict[str, str] | None = None,
        packed: bool = False,
    ) -> None:
        more = {"Content-Encoding": "gzip"} if packed else {}
        self._head(status, kind, len(body), {**(headers or {}), **more})
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: HTTPStatus, kind: str, size: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(size))
        if kind.startswith(_PACKED_WELL):
            self.send_header("Vary", "Accept-Encoding")
        self._finish_head(headers)

    def _finish_head(self, headers: dict[str, str]) -> None:
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-store" if self.server.reloads else "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()

    def _stream(self, reloads: Reloads) -> None:
        self.send_response(HTTPStatus.OK)
        self._finish_head({"Content-Type": "text/event-stream"})
        try:
            for line in reloads.events():
                self.wfile.write(line)
                self.wfile.flush()
        except OSError:
            return  # the page was closed, which is how every stream ends

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent: the terminal is for builds and their messages."""


def path_in_site(asked: str) -> str | None:
    """Give the path of the file that an address means, None where no site has such a file.

    Args:
        asked: the path of a request, as it came.
    """
    path = unquote(asked, errors="replace")
    if not path.startswith("/") or "\\" in path or "\0" in path:
        return None
    *folders, last = path[1:].split("/")
    names = [*folders, last or "index.html"]
    if any(_is_no_name(name) for name in names):
        return None
    return "/".join(names)


def _is_no_name(name: str) -> bool:
    hidden = name.startswith(".") and name != _HIDDEN_BUT_PUBLIC
    return not name or hidden or len(name.encode("utf-8", "replace")) > _LONGEST_NAME


def _draft(reloads: Reloads, path: str) -> bytes | None:
    """Make a file that is being built, with the script that reloads it if it is a page."""
    made = reloads.draft(path) if reloads.draft else None
    if made is None or not path.endswith(".html"):
        return made
    reloads.opened.set()
    return made + _TAG


def _takes_gzip(accepted: str) -> bool:
    """Read `Accept-Encoding`: what has the weight 0 is refused (RFC 9110, section 12.4.2)."""
    offers = (part.replace(" ", "").lower().partition(";q=") for part in accepted.split(","))
    return any(name == "gzip" and (weight or "1").strip("0.") for name, _, weight in offers)


def _type_of(file: Path) -> str:
    return _TYPES.get(file.suffix.lower(), _UNKNOWN)


def _read(file: Path, _written: int) -> bytes:
    return file.read_bytes()


@lru_cache(maxsize=200)
def _packed(file: Path, _written: int) -> bytes:
    """Pack a file as it was written at a time, which tells it from what stands there later."""
    return gzip.compress(file.read_bytes(), 6, mtime=0)


@contextmanager
def serving(
    folder: Path,
    port: int,
    reloads: Reloads | None = None,
    *,
    host: str = HERE,
    health: Callable[[], Health] | None = None,
) -> Iterator[str]:
    """Serve `folder` while the block runs; gives the address.

    Args:
        folder: the site; it may be replaced meanwhile, or not be there yet.
        port: 0 takes a free one.
        reloads: makes it a preview; None serves files as they are.
        host: the address of this machine to listen on; 0.0.0.0 and :: are all of them.
        health: says how the nightly job is, at /healthz and /health.json.

    Raises:
        UsageError: the port is taken, or the address is none of this machine.
    """
    with _listening((host, port), folder, reloads, health) as server:
        thread = threading.Thread(target=partial(server.serve_forever, 0.1), daemon=True)
        thread.start()
        try:
            yield _web_address(HERE if host in _EVERYWHERE else host, server.server_port)
        finally:
            server.shutdown()
            thread.join()


def _listening(
    at: tuple[str, int],
    folder: Path,
    reloads: Reloads | None,
    health: Callable[[], Health] | None,
) -> _Site:
    try:
        return _Site(at, folder, reloads, health)
    except (OSError, OverflowError) as problem:
        raise UsageError(
            f"{at[0]}, port {at[1]} cannot be used",
            getattr(problem, "strerror", None) or str(problem),
            "choose another with --port, or an address of this machine with --host",
        ) from problem


_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - for whoever asks for it


def _web_address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def address_for_others(host: str, address: str) -> str | None:
    """Give the address for a phone in the same network; None where nothing but this machine may.

    Args:
        host: what is listened on.
        address: of the site, for this machine.
    """
    port = int(address.rstrip("/").rpartition(":")[2])
    if host not in _EVERYWHERE:
        return None if host.startswith(("127.", "::1", "localhost")) else address
    # Nothing is sent: the system says by which of its addresses it would reach the world.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(("192.0.2.1", 9))  # RFC 5737: nobody's
        except OSError:
            return None
        return _web_address(str(way.getsockname()[0]), port)
