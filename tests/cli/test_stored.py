"""What is kept and published, as whoever runs a showcase finds it on disk."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.demo.git import History, Tree
from aggregator.demo.world import Account, Repository
from aggregator.run.serve import serving
from aggregator.store.schema import newest_schema
from tests.cli.test_site import NOBODY, Run, asking, files, listed, no_trace, run
from tests.conftest import ROOT
from tests.program import own_words
from tests.stand_in.server import Server, serve
from tests.stand_in.world import World

__all__ = ["run"]  # a fixture

SHAPES = ROOT / "tests" / "cases" / "store"
OPEN, SECRET, FORK = "quarry-lane/ward-board", "quarry-lane/inner-notes", "fernhollow/notes-copy"
# Each stands in another part of the README, so that each way to the pages is watched.
MARKED = ("brimstone", "periwinkle", "quagmire", "tamarisk", "wolfram", "hollyhock")
README = """# Brimstone ledger

The periwinkle procedure explains how shifts were really counted, and who counted them.

![A quagmire of lines](https://pictures.example/tamarisk.png)

## Wolfram steps

```sh
make hollyhock
```
"""
ORG = "* Brimstone ledger\n\nThe periwinkle procedure, a quagmire: tamarisk, wolfram, hollyhock.\n"


def repository(number: int, name: str, readme: str, path: str = "README.md") -> Repository:
    owner, _, short = name.partition("/")
    return Repository(
        id=7_000_000 + number,
        owner=owner,
        name=short,
        created_at="2024-03-01T09:00:00Z",
        updated_at="2026-10-30T09:00:00Z",
        pushed_at="2026-10-30T09:00:00Z",
        tree=Tree({path: readme.encode()}),
        history=History(
            seed=name,
            first_at="2024-03-01T09:00:00Z",
            last_at="2026-10-30T09:00:00Z",
            described=3,
            authors=(("mo-quarry", 1),),
        ),
        language_bytes={"R": 900},
        licence="MIT",
        stars=number,
    )


def world(path: str = "README.md", readme: str = README) -> World:
    plain = "# Ward board\n\nWard board shows which beds are free on every ward, by the hour.\n"
    accounts = [Account(login, None, "Organization") for login in ("quarry-lane", "fernhollow")]
    return World(
        [repository(1, OPEN, plain), repository(2, SECRET, readme, path)],
        accounts,
        now="2026-11-01T06:00:00Z",
    )


@pytest.fixture
def github() -> Iterator[Server]:
    """A stand-in for GitHub with a README that somebody would rather not show."""
    with serve(world()) as server:
        yield server


def write_registry(folder: Path, mode: str | None, more: str = "", url: str = "") -> Path:
    text = f"showcase:\n  title: Quarry\n{url}organisations:\n"
    text += "  - {slug: quarry, name: Quarry Lane Trust, kind: Trust, github: [quarry-lane]}\n"
    text += f"projects:\n  - {OPEN}\n  - repo: {SECRET}\n    title: Notes\n"
    text += f"    readme: {mode}\n" if mode else ""
    (folder / "registry.yaml").write_text(text + more)
    return folder / "registry.yaml"


def telling(folder: Path) -> list[str]:
    """Name each published file in which a marked word stands, whatever its case."""
    spoken = re.compile("|".join(MARKED).encode(), re.IGNORECASE)
    return [name for name, data in own_words(files(folder)) if spoken.search(data)]


@pytest.mark.parametrize(
    ("mode", "path", "text"),
    [("hide", "README.org", ORG), ("link-only", "README.md", README)],
)
def test_a_hidden_readme_is_in_no_published_byte(
    run: Run, tmp_path: Path, mode: str, path: str, text: str
) -> None:
    """Page, summary, picture, search, feeds and database: not one word of it stands anywhere."""
    write_registry(tmp_path, mode)
    with serve(world(path, text)) as server:
        for _ in range(2):
            done = run("run", **asking(server))
            assert done.returncode == 0, done.stderr
            assert telling(tmp_path / "output") == []
    project = listed(tmp_path / "output")[SECRET]
    assert (project["title"], project["summary"]) == ("Notes", None)
    page = (tmp_path / "output" / "projects" / SECRET / "index.html").read_text()
    assert (f"/blob/main/{path}" in page) is (mode == "link-only")
    assert (
        "free on every ward" in (tmp_path / "output" / "projects" / OPEN / "index.html").read_text()
    )


@pytest.mark.parametrize("mode", ["hide", "link-only"])
def test_a_readme_that_is_hidden_later_is_gone_with_the_next_build(
    run: Run, github: Server, tmp_path: Path, mode: str
) -> None:
    """Hiding needs no night with network, and the next run erases it from the catalogue too."""
    write_registry(tmp_path, None)
    assert run("run", **asking(github)).returncode == 0
    assert "data/catalogue.db" in telling(tmp_path / "output")
    write_registry(tmp_path, mode)
    assert run("build", **NOBODY).returncode == 0
    assert telling(tmp_path / "output") == []
    assert run("run", **asking(github)).returncode == 0
    assert telling(tmp_path / "output") == []
    state = (tmp_path / ".aggregator" / "catalogue.db").read_bytes()
    assert not any(word.encode() in state for word in MARKED)


def test_a_hidden_readme_is_never_asked_for_and_comes_back_when_shown(
    run: Run, tmp_path: Path
) -> None:
    """Hiding costs no request on any night; showing it again brings it back with the next run."""
    write_registry(tmp_path, "hide")
    asked = []
    with serve(world()) as server:
        for mode in ("hide", "hide", None):
            write_registry(tmp_path, mode)
            server.counts.reset()
            done = run("run", "--report", "report.json", **asking(server))
            assert done.returncode == 0, done.stderr
            asked.append(server.counts.requests)
            report = json.loads((tmp_path / "report.json").read_text())
            assert "READMEs" not in done.stdout, done.stdout
            assert report["exit_code"] == 0
    assert asked[1] < asked[0]
    assert asked[2] == asked[1] + 1
    assert "data/catalogue.db" in telling(tmp_path / "output")


def test_a_readme_that_another_project_shows_stays_there(run: Run, tmp_path: Path) -> None:
    """Hiding the README of a copy takes nothing from the project that shows the same."""
    made = world()
    made.add(repository(3, FORK, README))
    write_registry(tmp_path, "hide", more=f"  - {FORK}\n")
    with serve(made) as server:
        for _ in range(2):
            assert run("run", **asking(server)).returncode == 0
            shown = (tmp_path / "output" / "projects" / FORK / "index.html").read_text()
            assert "Brimstone" in shown
    assert listed(tmp_path / "output")[SECRET]["summary"] is None


def test_a_fresh_machine_starts_without_the_hidden_readme(
    run: Run, github: Server, tmp_path: Path
) -> None:
    """Restoring a site whose README is hidden loses nothing and asks for nothing again."""
    write_registry(tmp_path, "hide")
    assert run("run", **asking(github)).returncode == 0
    site = Path(shutil.copytree(tmp_path / "output", tmp_path / "site"))
    shutil.rmtree(tmp_path / ".aggregator")
    with serving(site, 0) as url:
        write_registry(tmp_path, "hide", url=f"  url: {url}\n")
        github.counts.reset()
        done = run("run", "--restore", **asking(github))
    assert done.returncode == 0, done.stderr
    assert "restored 2 entries" in done.stdout
    assert telling(tmp_path / "output") == []
    before, after = listed(site), listed(tmp_path / "output")
    assert after.keys() == before.keys()
    assert after[OPEN]["summary"] == before[OPEN]["summary"]
    kinds = [(one["kind"], one["repo"]) for one in changes(tmp_path / "output")]
    assert sorted(kinds) == [("added", SECRET), ("added", OPEN)]


def changes(folder: Path) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(folder / "data" / "catalogue.db")) as db:
        db.row_factory = sqlite3.Row
        return db.execute("SELECT * FROM changes ORDER BY id").fetchall()


def test_the_database_answers_what_the_about_page_promises(
    run: Run, github: Server, tmp_path: Path
) -> None:
    """Which Trusts use R is one line of SQL over the published file."""
    write_registry(tmp_path, None)
    assert run("run", **asking(github)).returncode == 0
    with closing(sqlite3.connect(tmp_path / "output" / "data" / "catalogue.db")) as db:
        question = "SELECT DISTINCT organisation_name FROM projects WHERE language = 'R' "
        question += "AND organisation_kind = 'Trust'"
        assert db.execute(question).fetchall() == [("Quarry Lane Trust",)]
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA freelist_count").fetchone() == (0,)


def old_state(tmp_path: Path, name: str) -> Path:
    (tmp_path / ".aggregator").mkdir()
    return Path(shutil.copy(SHAPES / name, tmp_path / ".aggregator" / "catalogue.db"))


@pytest.mark.parametrize("name", ["working-1.db", "working-2.db"])
def test_a_night_goes_over_what_an_older_version_left(run: Run, tmp_path: Path, name: str) -> None:
    """Faults of older versions are mended where they lie: the next run hides what is hidden."""
    old_state(tmp_path, name)
    more = "  - fernhollow/small-tools\n  - fernhollow/old-kettle\n"
    write_registry(tmp_path, "hide", more=more)
    with serve(world()) as server:
        done = run("run", **asking(server))
    assert "Traceback" not in done.stderr
    assert telling(tmp_path / "output") == []
    projects = listed(tmp_path / "output")
    assert {OPEN, SECRET, "fernhollow/old-kettle"} <= projects.keys()
    assert projects["fernhollow/old-kettle"]["state"] == "gone"
    assert len(changes(tmp_path / "output")) >= 7
    state = (tmp_path / ".aggregator" / "catalogue.db").read_bytes()
    assert b"brimstone" not in state.lower()


def make_newer(path: Path, schema: int) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE entries SET facts = json_set(facts, '$.glance.mascot', 'heron')")
        db.execute("CREATE TABLE forecasts (day TEXT)")
        db.execute(f"PRAGMA user_version = {schema}")
        db.commit()


def test_one_more_fact_of_a_newer_version_is_said_and_nothing_stops(
    run: Run, github: Server, tmp_path: Path
) -> None:
    """After a step back to an older version the night goes on, and one line says why to upgrade."""
    make_newer(old_state(tmp_path, "working-2.db"), newest_schema())
    write_registry(tmp_path, "hide")
    done = run("run", **asking(github))
    assert done.returncode == 0, done.stderr
    assert "newer version of this program" in no_trace(done)
    assert "glance.mascot" in done.stderr
    assert "damaged" not in done.stderr
    quiet = run("run", **asking(github))
    assert "newer version" not in quiet.stderr


def test_a_newer_catalogue_is_shown_and_never_written(
    run: Run, github: Server, tmp_path: Path
) -> None:
    """Building and looking go on with what is known; updating says what to do."""
    path = old_state(tmp_path, "working-2.db")
    make_newer(path, newest_schema() + 1)
    before = path.read_bytes()
    write_registry(tmp_path, "hide")
    built = run("build", **NOBODY)
    assert built.returncode == 0, built.stderr
    assert "newer version of this program" in no_trace(built)
    assert listed(tmp_path / "output").keys() == {OPEN, SECRET}
    assert telling(tmp_path / "output") == []
    looked = run("status", **NOBODY)
    assert looked.returncode == 0
    assert "newer version of this program" in no_trace(looked)
    refused = run("update", **asking(github))
    assert refused.returncode == 1
    assert "upgrade the program" in no_trace(refused)
    assert path.read_bytes() == before


def test_a_newer_site_can_be_restored(run: Run, tmp_path: Path) -> None:
    """A fresh machine with this version starts from what it knows of a newer site, and says so."""
    (tmp_path / "site" / "data").mkdir(parents=True)
    theirs = tmp_path / "site" / "data" / "catalogue.db"
    shutil.copy(SHAPES / "published-2.db", theirs)
    make_newer(theirs, newest_schema() + 1)
    with serving(tmp_path / "site", 0) as url:
        done = run("restore", url, **NOBODY)
    assert done.returncode == 0, done.stderr
    assert "restored 4 entries" in done.stdout
    assert "newer version of this program" in no_trace(done)
