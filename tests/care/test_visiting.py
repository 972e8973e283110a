"""Visits to websites, over real sockets to servers on this machine that stand for strangers."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aggregator.facts.visit import LARGEST_START, VisitEnd
from aggregator.github.public_web import (
    Destination,
    NoHostError,
    PrivateAddressError,
    resolve_public,
)
from aggregator.github.visiting import Visitor
from aggregator.words.addresses import is_local, is_public

Answer = Callable[[BaseHTTPRequestHandler], None]
AGENT = "aggregator/test (+https://showcase.example/)"


def page(text: bytes = b"<p>Hello</p>", status: int = 200, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("content-type", "text/html; charset=utf-8")
        request.send_header("content-length", str(len(text)))
        request.end_headers()
        if request.command == "GET":
            request.wfile.write(text)

    return answer


def to(target: str, status: int = 301) -> Answer:
    return page(b"", status, location=target)


def hangs_up_on_head(request: BaseHTTPRequestHandler) -> None:
    if request.command == "GET":
        page()(request)


def refuses_head(request: BaseHTTPRequestHandler) -> None:
    page(status=200 if request.command == "GET" else 405)(request)


def drips(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        request.wfile.write(f"x-{number}: y\r\n".encode())
        request.wfile.flush()
        time.sleep(0.1)


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("content-type", "text/html")
    request.end_headers()
    while request.command == "GET":
        request.wfile.write(b"<p>more</p>" * 1_000)


def nonsense(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"\x00\xff no answer at all\r\n\r\n")


PAGES: dict[str, Answer] = {
    "/": page(),
    "/gone": page(status=404),
    "/shy": page(status=403),
    "/busy": page(status=429, Retry_After="60"),
    "/refuses-head": refuses_head,
    "/hangs-up": hangs_up_on_head,
    "/moved": to("/"),
    "/far": to("http://other.example/found", 302),
    "/circle": to("/circle"),
    "/nowhere": to("http://["),
    "/file": to("file:///etc/passwd"),
    "/inside": to("http://inside.example/secret"),
    "/odd": to("/caf\u00e9 bar?a=b c#part".encode().decode("latin-1")),
    "/found": page(b"<title>Found</title>"),
    "/caf%C3%A9%20bar": page(b"<title>Odd</title>"),
    "/drips": drips,
    "/endless": endless,
    "/nonsense": nonsense,
}


class Site:
    """A server on this machine, under names of its own, that notes what it is asked."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.resolved: list[str] = []
        self.at_once = self.most_at_once = 0

    def resolve(self, host: str, _port: int) -> Sequence[Destination]:
        """Stand for the names of the web."""
        self.resolved.append(host)
        if host == "inside.example":
            raise PrivateAddressError(host)
        if host == "lapsed.example":
            raise NoHostError(host)
        return [("127.0.0.1", 1 if host == "closed.example" else self.port)]

    def visitor(self, pause: float = 0.0, seconds: float = 5.0) -> Visitor:
        """Give somebody who knows no other names than these."""
        return Visitor(AGENT, self.resolve, pause, seconds)


@pytest.fixture
def site() -> Iterator[Site]:
    """A site whose pages answer as PAGES say."""
    with _serving(PAGES) as found:
        yield found


@contextmanager
def _serving(pages: dict[str, Answer]) -> Iterator[Site]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def _answered(self) -> None:
            with lock:
                found.at_once += 1
                found.most_at_once = max(found.most_at_once, found.at_once)
                found.asked.append((self.command, self.path, dict(self.headers.items())))
            try:
                pages.get(self.path.partition("?")[0], page(status=404))(self)
            except OSError:
                pass  # whoever asked has heard enough
            finally:
                with lock:
                    found.at_once -= 1

        do_GET = do_HEAD = _answered  # noqa: N815 - the names are the library's

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        found = Site(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("path", "end", "status", "asked"),
    [
        ("/", VisitEnd.ANSWERED, 200, ["HEAD", "GET"]),
        ("/gone", VisitEnd.ANSWERED, 404, ["HEAD", "GET"]),
        ("/shy", VisitEnd.ANSWERED, 403, ["HEAD", "GET"]),
        ("/busy", VisitEnd.ANSWERED, 429, ["HEAD"]),
        ("/refuses-head", VisitEnd.ANSWERED, 200, ["HEAD", "GET"]),
        ("/hangs-up", VisitEnd.ANSWERED, 200, ["HEAD", "GET"]),
        ("/moved", VisitEnd.ANSWERED, 200, ["HEAD", "HEAD", "GET"]),
        ("/far", VisitEnd.ANSWERED, 200, ["HEAD", "HEAD", "GET"]),
        ("/odd", VisitEnd.ANSWERED, 200, ["HEAD", "HEAD", "GET"]),
        ("/circle", VisitEnd.CIRCLES, None, ["HEAD"] * 6),
        ("/nowhere", VisitEnd.ANSWERED, 301, ["HEAD"]),
        ("/file", VisitEnd.ANSWERED, 301, ["HEAD"]),
        ("/inside", VisitEnd.PRIVATE, None, ["HEAD"]),
        ("/nonsense", VisitEnd.BROKEN, None, ["HEAD", "GET"]),
    ],
)
def test_what_a_visit_brings(
    site: Site, path: str, end: VisitEnd, status: int | None, asked: list[str]
) -> None:
    """HEAD first, GET where that is not enough, redirects looked at one by one, and no more."""
    visit = site.visitor().visit(f"http://tool.example{path}")
    assert (visit.end, visit.status) == (end, status)
    assert [method for method, _, _ in site.asked] == asked


def test_a_webmaster_reads_who_asks_and_nothing_else(site: Site) -> None:
    """Our name and address are sent; no cookie, no password, no token, no page that led there."""
    site.visitor().visit("http://tool.example/far")
    for _, _, headers in site.asked:
        assert headers["User-Agent"] == AGENT
        assert not {"Cookie", "Authorization", "Referer"} & {*headers}
    assert [h["Host"] for _, _, h in site.asked] == ["tool.example", *["other.example"] * 2]


@pytest.mark.parametrize(
    ("url", "end"),
    [
        ("http://lapsed.example/", VisitEnd.NO_HOST),
        ("http://closed.example/", VisitEnd.REFUSED),
        ("http://inside.example/", VisitEnd.PRIVATE),
        ("https://tool.example/", VisitEnd.INSECURE),
        ("http://ann:secret@tool.example/", VisitEnd.BROKEN),
        ("ftp://tool.example/", VisitEnd.BROKEN),
    ],
)
def test_what_cannot_be_visited_is_told(site: Site, url: str, end: VisitEnd) -> None:
    """Nothing at the other end raises anything, and an address with a password is not asked."""
    assert site.visitor().visit(url).end is end
    assert site.asked == []


def test_a_slow_server_is_left_in_time(site: Site) -> None:
    """A server that sends a line now and then does not hold a visit for ever."""
    begun = time.monotonic()
    assert site.visitor(seconds=0.5).visit("http://tool.example/drips").end is VisitEnd.LATE
    assert time.monotonic() - begun < 4


def test_of_an_endless_page_the_beginning_is_read(site: Site) -> None:
    """No more is held of a page than is looked at."""
    visit = site.visitor().visit("http://tool.example/endless")
    assert visit.end is VisitEnd.ANSWERED
    assert len(visit.start) == LARGEST_START


def test_each_host_is_asked_once_at_a_time_with_a_pause(site: Site) -> None:
    """Six visits to one host from six threads come one after the other."""
    visitor = site.visitor(pause=0.05)
    threads = [
        threading.Thread(target=visitor.visit, args=("http://tool.example/gone",)) for _ in range(6)
    ]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert site.most_at_once == 1
    assert len(site.asked) == 12
    assert time.monotonic() - begun >= 0.05 * 11


def test_a_host_that_asks_for_patience_gets_it(site: Site) -> None:
    """After "Retry-After" nobody asks that host again in this round."""
    visitor = site.visitor()
    visitor.visit("http://tool.example/busy")
    assert visitor.visit("http://tool.example/").end is VisitEnd.WAITS
    assert visitor.visit("http://other.example/found").end is VisitEnd.ANSWERED
    assert len(site.asked) == 3


def test_every_name_on_the_way_is_looked_at_before_anybody_connects(site: Site) -> None:
    """A redirect leads into no private network, and a name is resolved for each connection anew."""
    site.visitor().visit("http://tool.example/inside")
    assert site.resolved == ["tool.example", "inside.example"]
    assert [path for _, path, _ in site.asked] == ["/inside"]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1"),
        *("::127.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b:1::a00:1", "fec0::1"),
        *("2001:0:4136:e378:8000:63bf:f5ff:fffe", "not an address", ""),
    ],
)
def test_private_addresses_in_every_dress_are_no_place_to_go(address: str) -> None:
    """Loopback, private, link-local, shared, multicast, wrapped in IPv6 or translated: never."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "017700000001", "2130706433", "10.1.2.3"),
        *("[::1]", "[fe80::1]", "[::ffff:10.0.0.1]", "0", "192.168.1.1.", "224.0.0.1"),
        *("localhost", "LOCALHOST", "a.localhost", "printer.local", "x.internal", "nas.home.arpa"),
    ],
)
def test_an_address_that_is_private_in_so_many_words_is_known_by_them(host: str) -> None:
    """Whatever a system would read as a place beside it, without asking anybody."""
    assert is_local(f"http://{host}/data/catalogue.json")
    assert is_local(f"https://{host}:8000/")


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "140.82.121.4",
        "0x7f.example",
        "1e100.net",
        "089",
        "1.2.3.4.5",
        "9.local.org",
        "12_7.1",
        "+127.1",
    ],
)
def test_other_names_and_numbers_are_asked_for(host: str) -> None:
    """Where a name leads is found out when it is asked, and never guessed."""
    assert not is_local(f"http://{host}/")


@pytest.mark.parametrize("address", ["140.82.121.4", "2606:50c0:8000::153", "::ffff:140.82.121.4"])
def test_public_addresses_may_be_visited(address: str) -> None:
    """What is on the public internet is no private network."""
    assert is_public(address)


@pytest.mark.parametrize(
    ("found", "error"),
    [
        (["140.82.121.4", "10.0.0.1"], PrivateAddressError),
        (["127.0.0.1"], PrivateAddressError),
        ([], PrivateAddressError),
        (socket.gaierror(socket.EAI_NONAME, "no"), NoHostError),
        (UnicodeError("label too long"), NoHostError),
        (socket.gaierror(socket.EAI_AGAIN, "later"), socket.gaierror),
    ],
)
def test_one_private_address_among_others_is_one_too_many(
    monkeypatch: pytest.MonkeyPatch, found: object, error: type[Exception]
) -> None:
    """A name that has a private address beside a public one is not visited at all."""

    def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, list)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(error):
        resolve_public("tool.example", 443)
