"""A fresh machine starts from the published catalogue, and from nothing else."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.errors import AggregatorError, SourceError, StateError
from aggregator.github import download
from aggregator.restore import published_at, restore
from aggregator.serve import serving
from aggregator.store import export_catalogue, open_store, read_snapshot
from tests.store.conftest import DAY, NOW, readme, record


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """The catalogue file of a published site."""
    with open_store(tmp_path / "there" / "catalogue.db") as store:
        store.write([record()], [readme()])
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
    restored = restore(site, here, download, NOW)
    snapshot = read_snapshot(here)
    assert restored.entries == 1
    assert restored.replaced
    assert snapshot == read_snapshot(tmp_path / "there" / "catalogue.db")
    assert snapshot.marks
    assert snapshot.readme(record()) == b"# Tool\n"


def test_newer_facts_here_are_kept(site: str, tmp_path: Path) -> None:
    """What is here stays when it is as new as what is published."""
    here = tmp_path / "here" / "catalogue.db"
    with open_store(here) as store:
        store.write([record("my/own", last_succeeded=NOW + timedelta(days=1))])
    assert not restore(site, here, download, NOW).replaced
    assert read_snapshot(here).record("my/own")


def test_older_facts_here_are_replaced(site: str, tmp_path: Path) -> None:
    """What is published takes the place of older facts, and nothing of those is left."""
    here = tmp_path / "here" / "catalogue.db"
    with open_store(here) as store:
        store.write([record("my/own", last_succeeded=NOW - timedelta(days=1))])
    assert restore(site, here, download, NOW).replaced
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
        restore(site, here, download, NOW)
    assert "nothing was changed" in caught.value.cure
    assert not here.exists()


@pytest.mark.parametrize(
    "address",
    ["nowhere", "ftp://example.org/x.db", "file:///etc/passwd", "http://[::1", "https://"],
)
def test_address_that_is_none(address: str, tmp_path: Path) -> None:
    """Only web addresses are read."""
    with pytest.raises(SourceError, match="is no web address"):
        restore(address, tmp_path / "catalogue.db", download, NOW)


def test_site_without_a_catalogue(site: str, tmp_path: Path) -> None:
    """A site that has no catalogue is named with what the server answered."""
    with pytest.raises(AggregatorError, match="the server answered 404"):
        restore(f"{site}/elsewhere", tmp_path / "catalogue.db", download, NOW)


def test_more_bytes_than_are_accepted(site: str) -> None:
    """A download is bounded."""
    with pytest.raises(SourceError, match="is larger than 1,000 bytes"):
        download(published_at(site), 1_000)


def test_a_catalogue_from_the_future_is_refused(site: str, tmp_path: Path) -> None:
    """No published file can make the site say that it knows what is yet to come."""
    here = tmp_path / "here" / "catalogue.db"
    with pytest.raises(StateError, match="yet to come"):
        restore(site, here, download, NOW - timedelta(days=2))
    assert not read_snapshot(here).records
