"""The catalogue keeps what it was given, forgets what it must, and is never half-written."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.facts.record import Record
from aggregator.facts.snapshot import Change, ChangeKind, Mark, Snapshot
from aggregator.store.schema import connect, migrations
from aggregator.store.store import Store, open_store, read_snapshot
from aggregator.words.errors import StateError
from aggregator.words.outcomes import Outcome
from tests.store.conftest import DAY, NOW, export_catalogue, readme, record

SECRET = b"words that must be gone " * 40


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the catalogue is."""
    return tmp_path / "state" / "catalogue.db"


def test_what_is_written_is_read_again(path: Path) -> None:
    """Records, READMEs, changes, numbers and notices come back as they were given."""
    change = Change(date=NOW, kind=ChangeKind.ADDED, repo="some-owner/tool", name="Some-Owner/tool")
    with open_store(path) as store:
        store.write([record()], [readme()], [change])
        store.finish(["Some-Owner/tool"], NOW, day=DAY, notice="look here")
    snapshot = read_snapshot(path)
    assert snapshot.record("some-OWNER/tool") == record()
    assert snapshot.readme(record()) == b"# Tool\n"
    assert snapshot.changes == (change,)
    assert snapshot.history == (DAY,)
    assert snapshot.notice == "look here"
    assert snapshot.fetched_at == NOW


def test_another_catalogue_comes_whole_with_whose_it_is(path: Path) -> None:
    """What takes the place of a catalogue does so in one transaction, its owner among it."""
    path.parent.mkdir()
    statements: list[str] = []
    with closing(connect(path)) as connection:
        connection.set_trace_callback(statements.append)
        Store(connection, path).replace(Snapshot(community="ours", repository_id=7))
    assert sum(statement.startswith("BEGIN") for statement in statements) == 1
    kept = read_snapshot(path)
    assert (kept.community, kept.repository_id) == ("ours", 7)


def test_a_catalogue_is_read_once_until_it_changes(path: Path) -> None:
    """A run that looks at what is known before it asks reads it once; what it keeps is seen."""
    with open_store(path) as store:
        store.write([record()], [readme()])
        known = store.read()
        store.drop_hidden(frozenset({"nobody/nothing"}))
        assert store.read() is known
        store.write([record("Other/tool")])
        assert set(store.read().records) == {"some-owner/tool", "other/tool"}
        store.drop_hidden(frozenset({"some-owner/tool", "other/tool"}))
        assert not store.read().readmes


def test_absent_catalogue_is_empty(path: Path) -> None:
    """Reading where nothing was ever written gives nothing and makes nothing."""
    assert not read_snapshot(path).records
    assert not path.exists()


def test_marks_are_noted_when_numbers_move(path: Path) -> None:
    """The numbers of a repository are noted once a week, and only when they moved."""
    with open_store(path) as store:
        for week, stars in enumerate((3, 3, 5)):
            date = NOW + timedelta(weeks=week)
            facts = record().facts
            assert facts is not None
            moved = facts.model_copy(
                update={"glance": facts.glance.model_copy(update={"stars": stars})}
            )
            store.write([record(facts=moved)])
            day = DAY.model_copy(update={"date": date.date()})
            for _ in range(2):
                store.finish(["Some-Owner/tool"], date, day=day)
    marks = read_snapshot(path).marks
    assert [(mark.date.isoformat(), mark.stars) for mark in marks] == [
        ("2026-11-16", 3),
        ("2026-11-30", 5),
    ]
    assert all(isinstance(mark, Mark) for mark in marks)


def test_erased_bytes_are_in_no_file(path: Path, tmp_path: Path) -> None:
    """Once a repository is no longer public neither the state nor the export holds its bytes."""
    with open_store(path) as store:
        store.write([record(), record("a/b", "b" * 40)], [readme(SECRET), readme(b"# B", "b" * 40)])
        news = Change(
            date=NOW,
            kind=ChangeKind.RELEASED,
            repo="some-owner/tool",
            name="Some-Owner/tool",
            after="secret release",
        )
        store.write([], changes=[news])
        store.write([record(outcome=Outcome.GONE, facts=None)])
        export_catalogue(path, tmp_path / "published.db")
        held = b"".join(p.read_bytes() for p in path.parent.iterdir())
        snapshot = store.read()
    held += (tmp_path / "published.db").read_bytes()
    assert SECRET[:24] not in held
    assert b"secret release" not in held
    assert list(snapshot.readmes) == ["b" * 40]


def test_a_readme_that_two_share_stays_while_one_needs_it(path: Path) -> None:
    """Forks share their README's bytes; they go with the last one."""
    with open_store(path) as store:
        store.write([record(), record("a/fork")], [readme()])
        store.write([record(outcome=Outcome.GONE, facts=None)])
        assert store.read().readmes
        store.write([record("a/fork", outcome=Outcome.GONE, facts=None)])
        assert not store.read().readmes


def test_export_is_the_same_bytes_and_opens_anywhere(path: Path, tmp_path: Path) -> None:
    """The published copy is one plain file with readable columns, the same from the same state."""
    with open_store(path) as store:
        store.write(
            [record(), record("gone/unlisted", "c" * 40)], [readme(), readme(SECRET, "c" * 40)]
        )
        store.finish(["Some-Owner/tool"], NOW, day=DAY)
    first, second = tmp_path / "1.db", tmp_path / "2.db"
    export_catalogue(path, first)
    export_catalogue(path, second)
    assert first.read_bytes() == second.read_bytes()
    assert SECRET[:24] not in first.read_bytes()
    with closing(sqlite3.connect(f"{first.as_uri()}?mode=ro", uri=True)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        query = "SELECT listed_as, stars, archived, readme_path FROM entries"
        assert db.execute(query).fetchall() == [("Some-Owner/tool", 3, 0, "README.md")]
        assert db.execute("SELECT * FROM topics").fetchall() == [("some-owner/tool", "health")]
        assert db.execute("SELECT * FROM languages").fetchall() == [("some-owner/tool", "R", 10)]


def test_forgotten_after_thirty_days(path: Path) -> None:
    """An entry that left the registry is forgotten, with its README, after thirty days."""
    with open_store(path) as store:
        store.write([record()], [readme(SECRET)])
        store.finish([], NOW, day=DAY)
        assert store.unlisted() == (record(),)
        store.finish([], NOW + timedelta(days=31), day=DAY)
        assert not store.unlisted()
    assert SECRET[:24] not in path.read_bytes()


def test_the_second_run_says_who_holds_the_lock(path: Path) -> None:
    """While one run writes, another one is told which process it is."""
    with (
        open_store(path),
        pytest.raises(StateError, match=r"process \d+ on .+ since 20"),
        open_store(path, wait=0.1),
    ):
        pass


def test_reading_does_not_wait_for_a_writer(path: Path) -> None:
    """A build may read while an update writes, and sees whole batches only."""
    with open_store(path) as store:
        store.write([record()], [readme()])
        assert read_snapshot(path).records


def test_an_error_in_a_batch_leaves_nothing_of_it(path: Path) -> None:
    """A batch is kept whole or not at all."""
    with open_store(path) as store:
        with pytest.raises(sqlite3.IntegrityError):
            store.write([record().model_copy(update={"first_seen": None})])
        assert not store.read().records


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {len(migrations()) + 1}")


def _foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (url)")


def _text(path: Path) -> None:
    path.write_text("a text, not a database")


def _torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000] + b"\xff" * 20_000)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [_newer, _foreign, _text, _torn, _folder])
def test_what_is_not_ours_is_refused_with_a_cure(path: Path, spoil: Callable[[Path], None]) -> None:
    """A damaged, foreign or newer file is named, never overwritten, and the cure is told."""
    with open_store(path) as store:
        store.write([record(f"owner/tool-{n}") for n in range(50)])
    spoil(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StateError) as caught, open_store(path) as store:
        store.read()
    assert str(path) in str(caught.value)
    assert caught.value.cure
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_first_version_is_migrated(path: Path) -> None:
    """A catalogue of every released version opens, with what it held."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(migrations()[0])
        db.execute("PRAGMA application_id = 0x41475243")
        db.execute("PRAGMA user_version = 1")
        db.execute(
            "INSERT INTO entries (key, listed_as, outcome, since, first_seen, facts) VALUES "
            "('a/b', 'A/b', 'active', '2026-11-21T06:00:00+00:00', '2026-11-21T06:00:00+00:00', "
            '\'{"glance": {"repository_id": 1, "name_with_owner": "A/b", '
            '"confirmed_at": "2026-11-21T06:00:00Z"}}\')'
        )
    found = read_snapshot(path).record("a/b")
    assert found is not None
    assert found.facts is not None
    assert found.facts.glance.confirmed_at == NOW


def test_facts_of_one_shape_share_what_tells_the_given_fields() -> None:
    """Two records say the same of which fields they were given; a changed copy changes neither."""
    given = {"listed_as": "a/b", "outcome": "active", "since": NOW, "first_seen": NOW}
    one, other = Record(**given), Record(**given)
    assert one.model_fields_set is other.model_fields_set
    copied = one.model_copy(update={"message": "Something."})
    assert copied.model_fields_set == {*given, "message"}
    assert other.model_fields_set == set(given)
