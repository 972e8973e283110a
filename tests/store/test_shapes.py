"""A catalogue outlives the program that wrote it: older shapes, newer shapes, doctored ones.

`tests/cases/store/` holds what released versions wrote: two working catalogues and a published one,
of the same four made-up repositories. The next version is made here, out of today's.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.facts.snapshot import ChangeKind
from aggregator.store.reading import read_unknown
from aggregator.store.schema import newest_schema
from aggregator.store.store import open_store, read_snapshot
from aggregator.words.errors import StateError
from aggregator.words.outcomes import Outcome
from tests.conftest import ROOT
from tests.store.conftest import export_catalogue, found_in, restored_from

SHAPES = ROOT / "tests" / "cases" / "store"
SOON = datetime(2026, 11, 10, 6, tzinfo=UTC)
NAMES = {
    "fernhollow/old-kettle",
    "fernhollow/small-tools",
    "quarry-lane/inner-notes",
    "quarry-lane/ward-board",
}
Change = Callable[[sqlite3.Connection], None]


@pytest.fixture
def shape(tmp_path: Path) -> Callable[[str], Path]:
    """Give a copy of a released catalogue."""

    def copy(name: str) -> Path:
        (tmp_path / "state").mkdir(exist_ok=True)
        return Path(shutil.copy(SHAPES / name, tmp_path / "state" / "catalogue.db"))

    return copy


def changed(path: Path, *changes: Change | str) -> Path:
    with closing(sqlite3.connect(path)) as db:
        for change in changes:
            db.executescript(change) if isinstance(change, str) else change(db)
        db.commit()
    return path


def more_facts(db: sqlite3.Connection) -> None:
    """Add a fact at every depth, as a next version may without a new schema."""
    for key, text in db.execute("SELECT key, facts FROM entries WHERE facts IS NOT NULL"):
        facts = json.loads(text)
        facts["mood"] = {"sunny": True}
        facts["glance"]["pronunciation"] = "wawd"
        facts["details"]["community"]["funding"] = "FUNDING.yml"
        facts["details"]["releases"] = [{**r, "signed": 1} for r in facts["details"]["releases"]]
        db.execute("UPDATE entries SET facts = ? WHERE key = ?", (json.dumps(facts), key))
    db.execute("UPDATE entries SET identity = json_set(identity, '$.flag', 'x')")


NEXT_SCHEMA = f"""
ALTER TABLE entries ADD COLUMN patience INTEGER;
ALTER TABLE entries ADD COLUMN shout TEXT AS (upper(listed_as));
ALTER TABLE days ADD COLUMN weather TEXT;
CREATE TABLE forecasts (day TEXT PRIMARY KEY, rain INTEGER);
INSERT INTO forecasts VALUES ('2026-11-10', 3);
CREATE VIEW wet AS SELECT * FROM forecasts WHERE rain > 0;
INSERT INTO about VALUES ('mascot', 'heron');
PRAGMA user_version = {newest_schema() + 1};
"""


@pytest.mark.parametrize("name", ["working-1.db", "working-2.db", "published-2.db"])
def test_every_released_shape_is_read_in_full(shape: Callable[[str], Path], name: str) -> None:
    """What any released version wrote opens with all that it held, and says nothing of age."""
    snapshot = read_snapshot(shape(name))
    assert set(snapshot.records) == NAMES
    assert len(snapshot.readmes) == 3
    assert [change.kind for change in snapshot.changes][:2] == [
        ChangeKind.GONE,
        ChangeKind.RELEASED,
    ]
    assert len(snapshot.history) == 3
    assert snapshot.unread is None


def test_every_released_shape_can_be_restored(tmp_path: Path) -> None:
    """A site that an older version published is a place to start from."""
    for name in ("working-1.db", "working-2.db", "published-2.db"):
        here = tmp_path / name
        content = (SHAPES / name).read_bytes()
        assert len(restored_from(content, here, SOON).records) == 4
        assert found_in(content, SOON).snapshot.unread is None
        assert read_snapshot(here) == read_snapshot(shutil.copy(SHAPES / name, tmp_path / "same"))


def test_one_more_fact_is_left_aside_and_said_to_be_newer(shape: Callable[[str], Path]) -> None:
    """A fact that only a newer version knows costs nothing else, whatever its depth."""
    path = shape("working-2.db")
    plain = read_snapshot(path)
    snapshot = read_snapshot(changed(path, more_facts))
    assert snapshot.records == plain.records
    assert snapshot.unread is not None
    assert "newer version" in snapshot.unread
    assert "glance.pronunciation" in snapshot.unread
    assert "damaged" not in snapshot.unread


def test_one_more_fact_does_not_keep_a_run_from_writing(shape: Callable[[str], Path]) -> None:
    """Beside a newer version of the same schema this one goes on with its work."""
    path = changed(shape("working-2.db"), more_facts)
    with open_store(path) as store:
        known = store.read()
        store.write(tuple(known.records.values()))
    assert read_snapshot(path) == known.model_copy(update={"unread": None})


def test_an_outcome_and_a_kind_of_news_that_are_unknown_break_nothing(
    shape: Callable[[str], Path],
) -> None:
    """An entry whose standing is unknown keeps its facts; unknown news are left out, named."""
    path = changed(
        shape("working-2.db"),
        "UPDATE entries SET outcome = 'hibernating' WHERE key = 'quarry-lane/ward-board';"
        "UPDATE changes SET kind = 'sang' WHERE id = 6;",
    )
    snapshot = read_snapshot(path)
    record = snapshot.record("quarry-lane/ward-board")
    assert record is not None
    assert record.outcome is Outcome.SKIPPED
    assert record.facts is not None
    assert len(snapshot.changes) == 6
    assert snapshot.unread is not None
    assert "hibernating" in snapshot.unread
    assert "sang" in snapshot.unread


def test_an_unknown_choice_inside_the_facts_costs_its_block_only(
    shape: Callable[[str], Path],
) -> None:
    """Where a word is not understood the block that it governs is not known, never guessed."""
    path = changed(
        shape("working-2.db"),
        "UPDATE entries SET facts = json_set(facts, '$.contributors.basis', 'payroll',"
        " '$.contributors.seal', 1) WHERE key = 'quarry-lane/ward-board';",
    )
    record = read_snapshot(path).record("quarry-lane/ward-board")
    assert record is not None
    assert record.facts is not None
    assert record.facts.contributors is None
    assert record.facts.details is not None


def test_a_stored_text_that_a_check_refuses_today_is_not_known(
    shape: Callable[[str], Path],
) -> None:
    """A value that an older version let in goes alone; the catalogue is not damaged by it."""
    path = changed(
        shape("working-2.db"),
        "UPDATE entries SET facts = json_set(facts, '$.glance.homepage', 'javascript:alert(1)',"
        " '$.details.releases[0].url', 'nowhere') WHERE key = 'quarry-lane/ward-board';",
    )
    record = read_snapshot(path).record("quarry-lane/ward-board")
    assert record is not None
    assert record.facts is not None
    assert record.facts.glance.homepage is None
    assert record.facts.details is not None
    assert [r.tag for r in record.facts.details.releases or ()] == ["v1.0"]


def test_a_newer_schema_is_read_and_never_written(shape: Callable[[str], Path]) -> None:
    """What a newer version made is read for what is known, and not one byte of it is touched."""
    path = shape("working-2.db")
    plain = read_snapshot(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    before = changed(path, more_facts, NEXT_SCHEMA).read_bytes()
    snapshot = read_snapshot(path)
    assert snapshot.records == plain.records
    assert snapshot.readmes == plain.readmes
    assert snapshot.unread is not None
    assert f"its schema is {newest_schema() + 1}" in snapshot.unread
    refused = pytest.raises(StateError, match="was written by a newer version")
    with refused as caught, open_store(path):
        pass
    assert "upgrade the program" in caught.value.cure
    assert path.read_bytes() == before


def test_a_row_of_a_newer_schema_that_makes_no_sense_is_left_out(
    shape: Callable[[str], Path],
) -> None:
    """One entry that a newer version writes in another way does not take the others with it."""
    path = changed(
        shape("working-2.db"),
        NEXT_SCHEMA,
        "UPDATE entries SET since = 'a fortnight ago' WHERE key = 'quarry-lane/ward-board';",
    )
    snapshot = read_snapshot(path)
    assert set(snapshot.records) == NAMES - {"quarry-lane/ward-board"}
    assert snapshot.unread is not None
    assert "a whole row" in snapshot.unread


def test_a_site_of_a_newer_version_can_be_restored(tmp_path: Path) -> None:
    """A fresh machine with an older program starts from what it knows of a newer site."""
    path = Path(shutil.copy(SHAPES / "published-2.db", tmp_path / "theirs.db"))
    content = changed(path, more_facts, NEXT_SCHEMA).read_bytes()
    restored = restored_from(content, tmp_path / "here.db", SOON)
    assert len(restored.records) == 4
    assert "newer version" in str(found_in(content, SOON).snapshot.unread)
    assert len(read_snapshot(tmp_path / "here.db").readmes) == 3


def test_a_newer_catalogue_is_published_as_far_as_it_is_known(
    shape: Callable[[str], Path], tmp_path: Path
) -> None:
    """What this version cannot judge is not published by it."""
    path = changed(shape("working-2.db"), more_facts, NEXT_SCHEMA)
    export_catalogue(path, tmp_path / "published.db", ["quarry-lane/ward-board"])
    published = read_unknown(tmp_path / "published.db", foreign=True)
    assert set(published.records) == NAMES
    assert len(published.readmes) == 1
    assert b"forecasts" not in (tmp_path / "published.db").read_bytes()


RECIPES: dict[str, Change | str] = {
    "trigger": "CREATE TRIGGER t AFTER INSERT ON readmes BEGIN DELETE FROM entries; END;",
    "view in the place of a table": "ALTER TABLE marks RENAME TO m; "
    "CREATE VIEW marks AS SELECT repo, date, stars, forks, open_issues FROM m;",
    "computed column": "CREATE TABLE n (repo TEXT, date TEXT, stars INT AS (length(zeroblob(9))), "
    "forks INT, open_issues INT); DROP TABLE marks; ALTER TABLE n RENAME TO marks;",
    "virtual table": "CREATE VIRTUAL TABLE words USING fts5(text);",
    "further index": "CREATE INDEX i ON marks (length(zeroblob(9)));",
    "missing table": "DROP TABLE days;",
    "missing column": "ALTER TABLE changes DROP COLUMN kind;",
    "other program": "PRAGMA application_id = 7;",
    "nonsense": "UPDATE entries SET since = 'yesterday';",
    "facts of another form": """UPDATE entries SET facts = '{"glance": 3}';""",
}


@pytest.mark.parametrize("recipe", RECIPES)
def test_nothing_that_could_run_is_restored(recipe: str, tmp_path: Path) -> None:
    """A published file with code in it, or without sense, is refused in one sentence."""
    path = Path(shutil.copy(SHAPES / "published-2.db", tmp_path / "theirs.db"))
    content = changed(path, RECIPES[recipe]).read_bytes()
    with pytest.raises(StateError, match="not a catalogue that can be used") as caught:
        restored_from(content, tmp_path / "here.db", SOON)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "here.db").exists()


def test_facts_that_are_no_json_are_refused(tmp_path: Path) -> None:
    """Bytes that were changed in the middle of a text are noticed, and nothing is restored."""
    content = (SHAPES / "published-2.db").read_bytes().replace(b'{"glance":', b'{"glance" ')
    with pytest.raises(StateError, match="not a catalogue that can be used"):
        restored_from(content, tmp_path / "here.db", SOON)


@pytest.mark.parametrize(
    ("sound", "damaged"),
    [(b"CREATE TABLE readmes", b"CR\xc4ATE TABLE readmes"), (b"TABLE days", b"TABLE d\xc4ys")],
)
def test_bytes_that_are_no_text_are_refused_in_words(
    sound: bytes, damaged: bytes, tmp_path: Path
) -> None:
    """A file whose damage cannot even be quoted is said to be damaged, here and from outside."""
    content = (SHAPES / "published-2.db").read_bytes().replace(sound, damaged)
    with pytest.raises(StateError, match="not a catalogue that can be used"):
        restored_from(content, tmp_path / "here.db", SOON)
    (tmp_path / "own.db").write_bytes(content)
    with pytest.raises(StateError):
        read_snapshot(tmp_path / "own.db")


def test_a_newer_catalogue_may_tell_of_itself_in_other_columns(
    shape: Callable[[str], Path],
) -> None:
    """What cannot be found under the names that this version knows is not needed to read on."""
    path = changed(shape("working-2.db"), NEXT_SCHEMA, "ALTER TABLE about RENAME key TO name;")
    assert set(read_snapshot(path).records) == NAMES


@pytest.mark.parametrize("recipe", ["trigger", "view in the place of a table", "virtual table"])
def test_calling_itself_newer_does_not_let_code_in(recipe: str, tmp_path: Path) -> None:
    """A newer number in the head of a file buys no trust."""
    path = Path(shutil.copy(SHAPES / "published-2.db", tmp_path / "theirs.db"))
    content = changed(path, RECIPES[recipe], NEXT_SCHEMA).read_bytes()
    with pytest.raises(StateError, match="not a catalogue that can be used"):
        restored_from(content, tmp_path / "here.db", SOON)


def test_views_of_a_published_file_are_never_run(tmp_path: Path) -> None:
    """Views beside the tables are welcome, and one that would never end keeps nobody waiting."""
    endless = (
        "CREATE VIEW projects AS WITH RECURSIVE n (i) AS "
        "(SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS c FROM n;"
    )
    path = Path(shutil.copy(SHAPES / "published-2.db", tmp_path / "theirs.db"))
    content = changed(path, endless).read_bytes()
    assert len(restored_from(content, tmp_path / "here.db", SOON).records) == 4
