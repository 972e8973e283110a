"""A fresh machine starts from the published catalogue, and from nothing else."""

import shutil
import sqlite3
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from aggregator.facts.snapshot import Change, ChangeKind, Snapshot
from aggregator.github.download import Downloaded, download
from aggregator.github.session import server_time
from aggregator.run.proof import Proof
from aggregator.run.restore import find_published, published_at
from aggregator.run.restore import restore as bring
from aggregator.run.serve import serving
from aggregator.store.store import open_store, read_snapshot
from aggregator.words.errors import AggregatorError, SourceError, StateError
from tests.store.conftest import DAY, NOW, export_catalogue, readme, record


def at_the_time(url: str, largest: int) -> Downloaded:
    """Download without a word about the time, so that a test may choose it."""
    return Downloaded(download(url, largest).content)


def restore(address: str, database: Path, now: datetime) -> tuple[Snapshot, bool]:
    """Restore from one place, or raise what is wrong with it; also says whether it was taken."""
    found = find_published([address], at_the_time, now)
    if found.best is None:
        raise found.problems[0]
    here = bring(found.best, database, now)
    return here, here is found.best.snapshot


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """The catalogue file of a published site."""
    with open_store(tmp_path / "there" / "catalogue.db") as store:
        news = Change(
            date=NOW, kind=ChangeKind.RELEASED, repo="some-owner/tool", name="Some-Owner/tool"
        )
        store.write([record()], [readme()], [news])
        store.finish(["Some-Owner/tool"], NOW, day=DAY)
    target = tmp_path / "site" / "data" / "catalogue.db"
    target.parent.mkdir(parents=True)
    export_catalogue(tmp_path / "there" / "catalogue.db", target)
    return target


@pytest.fixture
def site(published: Path) -> Iterator[str]:
    """The address of that site."""
    with serving(published.parent.parent, 0) as url:
        yield url


def test_address() -> None:
    """The address of a site, with or without a slash, leads to its catalogue."""
    wanted = "https://example.org/showcase/data/catalogue.db"
    assert published_at("https://example.org/showcase") == wanted
    assert published_at("https://example.org/showcase/") == wanted
    assert published_at(wanted) == wanted


def test_fresh_machine(site: str, tmp_path: Path) -> None:
    """After a restore everything that was published is known, to the byte."""
    here = tmp_path / "here" / "catalogue.db"
    restored, replaced = restore(site, here, NOW)
    snapshot = read_snapshot(here)
    assert len(restored.records) == 1
    assert replaced
    assert snapshot == read_snapshot(tmp_path / "there" / "catalogue.db")
    assert snapshot.marks
    assert snapshot.readme(record()) == b"# Tool\n"


def test_newer_facts_here_are_kept(site: str, tmp_path: Path) -> None:
    """What is here stays when it is as new as what is published, and has as many days."""
    here = tmp_path / "here" / "catalogue.db"
    with open_store(here) as store:
        store.write([record("my/own", last_succeeded=NOW + timedelta(days=1))])
        store.finish(["my/own"], NOW + timedelta(days=1), day=DAY)
    known, replaced = restore(site, here, NOW)
    assert not replaced
    assert known.record("my/own")
    assert read_snapshot(here).record("my/own")


def test_a_memory_that_was_begun_anew_gives_way_to_the_longer_one(
    site: str, tmp_path: Path
) -> None:
    """Newer facts are asked for again in a minute; days that nobody noted any more are not."""
    here = tmp_path / "here" / "catalogue.db"
    later = NOW + timedelta(hours=9)
    with open_store(here) as store:
        store.write([record(last_succeeded=later)])
        store.finish(["Some-Owner/tool"], later, day=None)
    known, replaced = restore(site, here, later)
    assert replaced
    assert [day.date for day in known.history] == [DAY.date]


def test_fewer_news_here_is_no_lost_memory(site: str, tmp_path: Path) -> None:
    """What was taken out here, of a repository that is no longer public, must not come back."""
    here = tmp_path / "here" / "catalogue.db"
    later = NOW + timedelta(days=1)
    with open_store(here) as store:
        store.write([record("my/own", last_succeeded=later)])
        store.finish(["my/own"], later, day=DAY)
    assert not read_snapshot(here).changes
    known, replaced = restore(site, here, later)
    assert not replaced
    assert not known.record("Some-Owner/tool")


def test_older_facts_here_are_replaced(site: str, tmp_path: Path) -> None:
    """What is published takes the place of older facts, and nothing of those is left."""
    here = tmp_path / "here" / "catalogue.db"
    with open_store(here) as store:
        store.write([record("my/own", last_succeeded=NOW - timedelta(days=1))])
    assert restore(site, here, NOW)[1]
    assert set(read_snapshot(here).records) == {"some-owner/tool"}


def _text(path: Path) -> None:
    path.write_text("<html>not here</html>")


def _torn(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    path.write_bytes(content)


def _short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


def _foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (url)")


def _doctored(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TRIGGER t AFTER INSERT ON readmes BEGIN DELETE FROM entries; END")


def _nonsense(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE entries SET since = 'yesterday'")
        db.commit()


@pytest.mark.parametrize("spoil", [_text, _torn, _short, _foreign, _doctored, _nonsense])
def test_spoilt_file(
    spoil: Callable[[Path], None], published: Path, site: str, tmp_path: Path
) -> None:
    """A damaged, foreign or doctored file is refused in one sentence and changes nothing."""
    spoil(published)
    here = tmp_path / "here" / "catalogue.db"
    with pytest.raises(StateError, match="is not a catalogue that can be used") as caught:
        restore(site, here, NOW)
    assert "nothing was changed" in caught.value.cure
    assert not here.exists()


@pytest.mark.parametrize(
    "address",
    ["nowhere", "ftp://example.org/x.db", "file:///etc/passwd", "http://[::1", "https://"],
)
def test_address_that_is_none(address: str, tmp_path: Path) -> None:
    """Only web addresses are read."""
    with pytest.raises(SourceError, match="is no web address"):
        restore(address, tmp_path / "catalogue.db", NOW)


def test_site_without_a_catalogue(site: str, tmp_path: Path) -> None:
    """A site that has no catalogue is named with what the server answered."""
    with pytest.raises(AggregatorError, match="the server answered 404"):
        restore(f"{site}/elsewhere", tmp_path / "catalogue.db", NOW)


class Closed(BaseHTTPRequestHandler):
    """Shows what it has to whoever knows the password."""

    def do_GET(self) -> None:
        """Answer a request, or ask who it is."""
        knows = self.headers.get("Authorization") == f"Basic {b64encode(b'me:word').decode()}"
        self.send_response(200 if knows else 401)
        self.end_headers()
        self.wfile.write(b"shown" if knows else b"")

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def test_a_site_behind_a_password_can_be_restored_from() -> None:
    """An address may hold the user and the password that its server asks for."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Closed) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        place = f"127.0.0.1:{server.server_port}/data/catalogue.db"
        assert download(f"http://me:word@{place}", 1_000).content == b"shown"
        with pytest.raises(SourceError, match="401"):
            download(f"http://{place}", 1_000)
        server.shutdown()


def test_more_bytes_than_are_accepted(site: str) -> None:
    """A download is bounded."""
    with pytest.raises(SourceError, match="is larger than 1,000 bytes"):
        download(published_at(site), 1_000)


def test_dates_yet_to_come_are_mended(site: str, tmp_path: Path) -> None:
    """A run with a clock that ran ahead is healed: its facts come back, as due to be asked."""
    here = tmp_path / "here" / "catalogue.db"
    early = NOW - timedelta(days=2)
    restored, _ = restore(site, here, early)
    snapshot = read_snapshot(here)
    (known,) = snapshot.records.values()
    assert restored.fetched_at is None
    assert known.facts
    assert known.last_succeeded is None
    assert known.facts.glance.confirmed_at <= early
    assert not [day for day in snapshot.history if day.date > early.date() + timedelta(days=1)]
    assert snapshot.readme(known) == b"# Tool\n"


def test_a_machine_whose_clock_is_wrong_restores_nothing(site: str, tmp_path: Path) -> None:
    """When the server says another day than this machine, the machine is not believed."""
    with pytest.raises(SourceError, match="the clock of this machine is wrong"):
        find_published([site], download, datetime.now(UTC) + timedelta(days=900))
    assert not (tmp_path / "here").exists()


def test_an_answer_from_a_shared_cache_is_not_taken_for_an_old_clock() -> None:
    """A server's time is when the answer was made, and how long ago that was."""
    headers = {"Date": "Sat, 21 Nov 2026 03:17:00 GMT", "Age": "172800"}
    assert server_time(headers) == datetime(2026, 11, 23, 3, 17, tzinfo=UTC)
    assert server_time({"Date": "yesterday"}) is None


def _copy(published: Path, folder: Path, generation: int) -> Path:
    folder.mkdir()
    shutil.copy(published, folder / "catalogue.db")
    (folder / "proof.json").write_text(Proof(generation=generation).text())
    return folder


def test_the_newest_publication_among_the_places_counts(published: Path, tmp_path: Path) -> None:
    """Whichever of site and copies was written last is where the next night begins."""
    places = [_copy(published, tmp_path / str(n), n) for n in (3, 7, 5)]
    found = find_published([*map(str, places), str(tmp_path / "absent")], at_the_time, NOW)
    assert found.best
    assert found.best.proof
    assert found.best.proof.generation == 7
    assert len(found.problems) == 1


def test_nothing_was_published_only_where_every_place_says_so(site: str, tmp_path: Path) -> None:
    """An empty copy and a site that is not there are a first night; a lost catalogue is none."""
    empty = tmp_path / "empty"
    empty.mkdir()
    nowhere = f"{site}not-there/"
    assert find_published([nowhere, str(empty)], at_the_time, NOW).never_published
    assert not find_published([nowhere, str(tmp_path / "absent")], at_the_time, NOW).never_published
    (tmp_path / "site" / "data" / "catalogue.db").unlink()
    (tmp_path / "site" / "index.html").write_text("a site")
    lost = find_published([site], at_the_time, NOW)
    assert not lost.never_published
    assert "although a site is published" in str(lost.problems[0])


def test_a_stranger_is_passed_over_for_our_own_copy(published: Path, tmp_path: Path) -> None:
    """Somebody else's catalogue, however new, does not hide the copy of our own."""
    theirs = _copy(published, tmp_path / "theirs", 9)
    ours = _copy(published, tmp_path / "ours", 2)

    def accept(_: Snapshot, where: str) -> None:
        if "theirs" in where:
            raise StateError("somebody else's")

    found = find_published([str(theirs), str(ours)], at_the_time, NOW, accept)
    assert found.best
    assert found.best.address.startswith(str(ours))
