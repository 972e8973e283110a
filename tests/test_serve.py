"""A built site can be looked at before it is published."""

import gzip
import http.client
import re
import socket
import threading
from collections.abc import Collection, Mapping
from http.client import HTTPMessage
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from aggregator.run.health import Health
from aggregator.run.reloading import Reloads, watch
from aggregator.run.serve import _TYPES, address_for_others, path_in_site, serving


def test_a_site_is_served_with_its_own_page_for_what_is_missing(tmp_path: Path) -> None:
    """Preview answers as Pages will: index pages by folder, and the site's own 404."""
    (tmp_path / "about").mkdir()
    (tmp_path / "about" / "index.html").write_text("about us")
    (tmp_path / "404.html").write_text("nothing here")
    with serving(tmp_path, 0) as address:
        with urlopen(f"{address}about/") as answer:
            assert answer.read() == b"about us"
        with pytest.raises(HTTPError) as missing:
            urlopen(f"{address}absent/")
        with missing.value as error:
            assert (error.code, error.read()) == (404, b"nothing here")


def test_nothing_outside_the_site_is_served(tmp_path: Path) -> None:
    """An address that climbs out of the folder finds nothing."""
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "site").mkdir()
    with serving(tmp_path / "site", 0) as address, pytest.raises(HTTPError) as missing:
        urlopen(f"{address}%2e%2e/secret.txt")
    with missing.value as error:
        assert error.code == 404


def test_a_change_in_the_sources_builds_again(tmp_path: Path) -> None:
    """Saving the registry or a template while serving shows the new site."""
    source = tmp_path / "registry.yaml"
    source.write_text("one")
    built, stop = threading.Event(), threading.Event()
    watcher = threading.Thread(target=watch, args=(lambda: [source], lambda _: built.set(), stop))
    watcher.start()
    try:
        for saved in range(2, 100):
            source.write_text("one" * saved)
            if built.wait(0.1):
                break
        assert built.is_set()
    finally:
        stop.set()
        watcher.join()


def test_an_address_that_no_file_can_have_is_simply_not_found(tmp_path: Path) -> None:
    """Whatever a browser asks, preview answers and its terminal shows no trace."""
    with serving(tmp_path, 0) as address, pytest.raises(HTTPError) as missing:
        urlopen(f"{address}a%00b")
    with missing.value as error:
        assert error.code == 404


def test_a_folder_that_comes_later_is_watched_too(tmp_path: Path) -> None:
    """Whoever begins to write registry.d, or a template folder, sees what is in it."""
    folder = tmp_path / "registry.d"
    built, stop = threading.Semaphore(0), threading.Event()
    watcher = threading.Thread(
        target=watch, args=(lambda: [folder], lambda _: built.release(), stop)
    )
    watcher.start()
    try:
        for number in range(40):  # a watcher needs a moment before it sees anything
            (folder / str(number)).mkdir(parents=True)
            if built.acquire(timeout=0.1):
                break
        assert number < 39
        for number in range(40):
            (folder / "0" / f"{number}.yaml").write_text("projects: []")
            if built.acquire(timeout=0.1):
                break
        assert number < 39
    finally:
        stop.set()
        watcher.join()


def test_a_file_whose_folder_comes_later_is_watched_too(tmp_path: Path) -> None:
    """Whoever names a logo before there is a folder for it sees it when it comes."""
    logo = tmp_path / "brand" / "dark" / "logo.svg"
    changed: list[Path] = []
    stop = threading.Event()
    watcher = threading.Thread(target=watch, args=(lambda: [logo], changed.extend, stop))
    watcher.start()
    try:
        for number in range(100):
            logo.parent.mkdir(parents=True, exist_ok=True)
            logo.write_text(f"<svg>{number}</svg>")
            stop.wait(0.1)
            if logo in changed:
                break
            (logo.parent.parent / "other.txt").write_text("x")
        assert logo in changed
        assert not [path for path in changed if path.name == "other.txt"]
    finally:
        stop.set()
        watcher.join()


def test_a_source_that_is_named_later_is_watched_too(tmp_path: Path) -> None:
    """A registry that names another file from now on has that file followed, without a restart.

    What is saved at the very moment at which it begins to be watched counts as well.
    """
    registry, icon = tmp_path / "registry.yaml", tmp_path / "brand" / "icon.svg"
    icon.parent.mkdir()
    sources, changed = [registry], set[Path]()
    stop, seen = threading.Event(), threading.Event()

    def rebuild(paths: Collection[Path]) -> None:
        changed.update(paths)
        if len(sources) == 1:
            sources.append(icon)
            icon.write_text("saved while the registry was built")
        elif icon in changed:
            seen.set()

    watcher = threading.Thread(target=watch, args=(lambda: [*sources], rebuild, stop))
    watcher.start()
    try:
        for number in range(100):
            if len(sources) == 1:
                registry.write_text(f"{number}")
            if seen.wait(0.1):
                break
        assert icon in changed
    finally:
        stop.set()
        watcher.join()


def test_what_lies_beside_the_sources_builds_nothing(tmp_path: Path) -> None:
    """The site that a build writes, or a draft beside the registry, is no reason to build again."""
    built, stop = threading.Event(), threading.Event()
    source = tmp_path / "registry.yaml"
    watcher = threading.Thread(target=watch, args=(lambda: [source], lambda _: built.set(), stop))
    watcher.start()
    try:
        for number in range(10):
            (tmp_path / f"draft-{number}.yaml").write_text("projects: []")
            assert not built.wait(0.1)
    finally:
        stop.set()
        watcher.join()


def test_an_open_page_loads_again_when_there_is_a_new_site(tmp_path: Path) -> None:
    """The script that listens is added to what is served, and to no file."""
    page = "<!doctype html><title>Home</title>"
    (tmp_path / "index.html").write_text(page)
    reloads = Reloads()
    with serving(tmp_path, 0, reloads) as address:
        with urlopen(address) as answer:
            served = answer.read().decode()
        script = re.search(r'<script src="/(.+)" defer>', served)
        assert script
        assert served.startswith(page)
        with urlopen(f"{address}{script[1]}") as answer:
            listening = re.search(r'EventSource\("/(.+)"\)', answer.read().decode())
        assert listening
        with urlopen(f"{address}{listening[1]}") as events:
            assert events.headers["Content-Type"] == "text/event-stream"
            announcing = threading.Timer(0.2, reloads.announce)
            announcing.start()
            assert events.readline() == b"data: reload\n"
            announcing.join()
    assert (tmp_path / "index.html").read_text() == page


def test_without_a_watcher_pages_are_served_as_they_are(tmp_path: Path) -> None:
    """Whoever looks at a finished site sees its bytes."""
    (tmp_path / "index.html").write_text("home")
    with serving(tmp_path, 0) as address, urlopen(address) as answer:
        assert answer.read() == b"home"


def test_an_open_page_shows_a_new_look_before_all_pages_have_it(tmp_path: Path) -> None:
    """Whoever works on a template waits for one page, and other files are served as they are."""
    (tmp_path / "index.html").write_text("old")
    (tmp_path / "mark.svg").write_text("old mark")
    reloads = Reloads()
    reloads.draft = {"index.html": b"new"}.get
    with serving(tmp_path, 0, reloads) as address:
        with urlopen(address) as answer:
            assert answer.read().startswith(b"new<script")
        assert reloads.opened.is_set()
        with urlopen(f"{address}mark.svg") as answer:
            assert answer.read() == b"old mark"
        reloads.draft = None
        with urlopen(address) as answer:
            assert answer.read().startswith(b"old<script")


def ask(
    address: str, path: str, headers: Mapping[str, str] | None = None, method: str = "GET"
) -> tuple[int, HTTPMessage, bytes]:
    """Ask for a path word for word, as no polite client would write it."""
    host = address.removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection(host, timeout=10)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("site.webmanifest", "application/manifest+json"),
        ("data/catalogue.json", "application/json"),
        ("data/catalogue.csv", "text/csv; charset=utf-8"),
        ("data/catalogue.db", "application/vnd.sqlite3"),
        ("feed.xml", "application/xml; charset=utf-8"),
        ("talks/talks.ics", "text/calendar; charset=utf-8"),
        ("assets/mark.svg", "image/svg+xml"),
        ("assets/letters.woff2", "font/woff2"),
        ("assets/letters.woff", "font/woff"),
        ("assets/letters.ttf", "font/ttf"),
        ("assets/letters.otf", "font/otf"),
        ("static/search.js", "text/javascript; charset=utf-8"),
        ("a.bib", "text/plain; charset=utf-8"),
        ("strange.exe", "application/octet-stream"),
    ],
)
def test_files_are_served_with_their_types(tmp_path: Path, name: str, kind: str) -> None:
    """On every machine the same, and no browser is left to guess."""
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(b"x")
    with serving(tmp_path, 0) as address:
        status, headers, _ = ask(address, f"/{name}")
    assert (status, headers["Content-Type"]) == (200, kind)
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_every_kind_of_file_of_a_site_has_its_type(demo: Path) -> None:
    """No file that a build makes is served as bytes without a name."""
    made = [path for path in (demo / "output").rglob("*") if path.is_file()]
    # What hosts read, and no visitor.
    hidden = {path for path in made if path.name.startswith(".") or path.name == "CNAME"}
    unknown = {path.suffix for path in made if path not in hidden and path.suffix not in _TYPES}
    assert len(made) > 100
    assert unknown == set()


def test_texts_are_packed_for_those_who_can_unpack(tmp_path: Path) -> None:
    """A page costs a fifth on the way; a picture and a client that asks for none are left as is."""
    words = b"<p>one and the same</p>" * 100
    (tmp_path / "index.html").write_bytes(words)
    (tmp_path / "picture.png").write_bytes(words)
    (tmp_path / "small.html").write_bytes(b"small")
    packs = {"Accept-Encoding": "br, gzip;q=0.8"}
    with serving(tmp_path, 0) as address:
        _, headers, body = ask(address, "/", packs)
        assert (headers["Content-Encoding"], headers["Vary"]) == ("gzip", "Accept-Encoding")
        assert len(body) < len(words) / 5
        assert gzip.decompress(body) == words
        for path, asked in (
            ("/", {}),
            ("/", {"Accept-Encoding": "gzip;q=0"}),
            ("/picture.png", packs),
            ("/small.html", packs),
        ):
            _, headers, body = ask(address, path, asked)
            assert headers["Content-Encoding"] is None
            assert body in {words, b"small"}
        (tmp_path / "index.html").write_bytes(b"<p>another</p>" * 100)
        assert gzip.decompress(ask(address, "/", packs)[2]).startswith(b"<p>another")


def test_a_page_that_is_known_is_not_sent_again(tmp_path: Path) -> None:
    """A browser asks whether its copy still holds, and is told so without the bytes."""
    (tmp_path / "index.html").write_text("home")
    with serving(tmp_path, 0) as address:
        sign = ask(address, "/")[1]["ETag"]
        assert ask(address, "/", {"If-None-Match": sign})[::2] == (304, b"")
        (tmp_path / "index.html").write_text("another home")
        assert ask(address, "/", {"If-None-Match": sign})[::2] == (200, b"another home")


def test_a_head_is_a_page_without_its_body(tmp_path: Path) -> None:
    """What asks only whether a page is there is told its length and sent nothing."""
    (tmp_path / "index.html").write_text("home")
    with serving(tmp_path, 0, Reloads()) as address:
        status, headers, body = ask(address, "/", method="HEAD")
        length = len(ask(address, "/")[2])
    assert (status, int(headers["Content-Length"]), body) == (200, length, b"")


def test_a_folder_is_never_listed(tmp_path: Path) -> None:
    """A folder without a page is not found, and one with a page is led to."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.json").write_text("{}")
    (tmp_path / "about").mkdir()
    (tmp_path / "about" / "index.html").write_text("about")
    with serving(tmp_path, 0) as address:
        assert ask(address, "/data/")[0] == 404
        status, headers, _ = ask(address, "/about?x=1")
        assert (status, headers["Location"]) == (301, "/about/")


HOSTILE = [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/a/..%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "//secret.txt",
    "//evil.example/%2e%2e",
    "/.git/config",
    "/%2egit/config",
    "/a/.hidden",
    "/.aggregator-site",
    "/outside/secret.txt",
    "/link.txt",
    "/a%00b",
    "/" + "a" * 5_000,
    "/" + "a/" * 3_000,
    "/%ff%fe",
    "/%",
    "/C:/secret.txt",
    "secret.txt",
    "http://evil.example/secret.txt",
    "/index.html/x",
    "/%0d%0aSet-Cookie:%20x=1",
]


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize("path", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_addresses_find_nothing(
    tmp_path: Path, path: str, preview: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    """No way of writing an address leads out of the site, to what is hidden, or to a trace."""
    (tmp_path / "secret.txt").write_text("secret")
    site = tmp_path / "site"
    (site / ".git").mkdir(parents=True)
    (site / ".git" / "config").write_text("secret")
    (site / ".aggregator-site").write_text("secret")
    (site / "a").mkdir()
    (site / "a" / ".hidden").write_text("secret")
    (site / "index.html").write_text("home")
    (site / "outside").symlink_to(tmp_path)
    (site / "link.txt").symlink_to(tmp_path / "secret.txt")
    with serving(site, 0, Reloads() if preview else None) as address:
        status, headers, body = ask(address, path)
    assert status in {400, 404}
    assert b"secret" not in body
    assert "Set-Cookie" not in headers
    assert capfd.readouterr().err == ""


def test_what_is_hidden_for_the_public_is_served(tmp_path: Path) -> None:
    """`.well-known` is where others look for it (RFC 8615)."""
    (tmp_path / ".well-known").mkdir()
    (tmp_path / ".well-known" / "security.txt").write_text("Contact: x")
    with serving(tmp_path, 0) as address:
        assert ask(address, "/.well-known/security.txt")[0] == 200


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/", "index.html"),
        ("/about/", "about/index.html"),
        ("/about", "about"),
        ("/a%20b.txt", "a b.txt"),
        ("/%C5%82.txt", "ł.txt"),
        ("", None),
        ("*", None),
    ],
)
def test_an_address_means_one_file(asked: str, path: str | None) -> None:
    """As on hosts for static sites."""
    assert path_in_site(asked) == path


@pytest.mark.parametrize(("well", "status"), [(True, 200), (False, 503)])
def test_a_monitor_asks_how_the_job_is(tmp_path: Path, well: bool, status: int) -> None:
    """/healthz says so in a code and a line, however often it is asked."""
    looks = []

    def health() -> Health:
        looks.append(1)
        return Health(well, "the run of today ended")

    with serving(tmp_path, 0, health=health) as address:
        for _ in range(5):
            found, headers, body = ask(address, "/healthz")
            assert (found, body) == (status, b"the run of today ended\n")
            assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert len(looks) == 1


def test_without_a_job_there_is_no_health(tmp_path: Path) -> None:
    """Where nothing is known of the job, nothing is said of it."""
    with serving(tmp_path, 0) as address:
        assert ask(address, "/healthz")[0] == 404


def test_a_site_that_is_not_there_yet_is_served_when_it_comes(tmp_path: Path) -> None:
    """The first night of a server may take its time."""
    site = tmp_path / "site"
    with serving(site, 0) as address:
        assert ask(address, "/")[0] == 404
        site.mkdir()
        (site / "index.html").write_text("home")
        assert ask(address, "/")[::2] == (200, b"home")


def test_only_this_machine_may_look_unless_others_are_let_in(tmp_path: Path) -> None:
    """A preview listens on this machine alone; for a phone it says where."""
    (tmp_path / "index.html").write_text("home")
    with serving(tmp_path, 0) as address:
        assert address.startswith("http://127.0.0.1:")
        assert address_for_others("127.0.0.1", address) is None
    with serving(tmp_path, 0, host="0.0.0.0") as address:
        others = address_for_others("0.0.0.0", address)
        if others is None:
            pytest.skip("this machine is in no network")
        assert not others.startswith("http://127.")
        assert ask(others, "/")[0] == 200


def test_who_hangs_up_leaves_no_trace(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A browser that goes away in the middle of an answer is no news for a terminal."""
    (tmp_path / "large.bin").write_bytes(b"x" * 5_000_000)
    with serving(tmp_path, 0) as address:
        host, _, port = address.removeprefix("http://").rstrip("/").partition(":")
        for _ in range(3):
            with socket.create_connection((host, int(port))) as line:
                line.sendall(b"GET /large.bin HTTP/1.0\r\n\r\n")
                line.recv(10)
        assert ask(address, "/large.bin")[0] == 200
    assert capfd.readouterr().err == ""
