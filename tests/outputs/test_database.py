"""`data/catalogue.db` says what the pages say, in SQL, wherever SQLite is read."""

import asyncio
import json
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aggregator.catalogue.types import Catalogue
from aggregator.facts.snapshot import Mark
from aggregator.site.data.database import database_statements, project_columns, views
from aggregator.site.data.export_models import ExportedCatalogue
from aggregator.site.data.exports import open_data_of, poured_catalogue
from aggregator.store.reading import read_unknown
from aggregator.store.store import open_store, read_snapshot
from tests.conftest import ROOT
from tests.outputs import factory
from tests.store.conftest import export_catalogue

DOCUMENT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
BESIDE = ("described_people", "path_steps", "other_talks", "terms")
STATE = (ROOT / "docs" / "state.md").read_text(encoding="utf-8")
EXAMPLES = [
    f"{question};"
    for block in re.findall(r"```sql\n(.*?)```", DOCUMENT + STATE, re.DOTALL)
    for question in block.strip().rstrip(";").split(";\n")
]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Path:
    """The database of the made-up community as it is published."""
    folder = tmp_path_factory.mktemp("published")
    with open_store(folder / "state.db") as store:
        known = factory.snapshot()
        mark = Mark(date=date(2026, 11, 16), repo=min(known.records), stars=3)
        store.replace(known.model_copy(update={"marks": (mark,)}))
    export_catalogue(
        folder / "state.db",
        folder / "catalogue.db",
        more=database_statements(open_data_of(catalogue)),
    )
    return folder / "catalogue.db"


@pytest.fixture
def db(published: Path) -> Iterator[sqlite3.Connection]:
    """That database, opened as anybody would."""
    with closing(sqlite3.connect(published)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def _told(catalogue: Catalogue) -> ExportedCatalogue:
    return ExportedCatalogue.model_validate(poured_catalogue(catalogue))


def _flat(project: dict[str, Any]) -> dict[str, Any]:
    """Spread a project of catalogue.json as the view does."""
    flat = {}
    for name, place in project_columns().items():
        value: Any = project
        for step in place.removeprefix("$.").split("."):
            value = value[step] if value is not None else None
        flat[name] = value
    return flat


def _read(value: object, like: object) -> object:
    """Read a value of SQL as JSON has it: lists come as JSON, and yes and no as 1 and 0."""
    if isinstance(like, list | dict):
        return json.loads(str(value))
    return bool(value) if isinstance(like, bool) else value


def test_every_fact_of_the_json_is_in_the_database(
    db: sqlite3.Connection, catalogue: Catalogue
) -> None:
    """The two never disagree: each field of each project is a column with the same value."""
    told = _told(catalogue).model_dump(mode="json")
    rows = {row["listed_as"]: row for row in db.execute("SELECT * FROM projects")}
    assert len(rows) == len(told["projects"])
    for project in told["projects"]:
        row = rows[project["listed_as"]]
        for name, value in _flat(project).items():
            assert _read(row[name], value) == value, (project["repo"], name)


def test_organisations_are_there_with_their_projects(
    db: sqlite3.Connection, catalogue: Catalogue
) -> None:
    """Every organisation of the registry can be counted and joined."""
    rows = {row["slug"]: row for row in db.execute("SELECT * FROM organisations")}
    for group in catalogue.organisations:
        row = rows[group.organisation.slug]
        assert (row["name"], row["kind"]) == (group.organisation.name, group.organisation.kind)
        assert row["projects"] == len(group.projects)


def test_lists_have_a_row_for_each_member(db: sqlite3.Connection, catalogue: Catalogue) -> None:
    """People, tags, topics, languages, releases and talks are rows, and none is lost or made up."""
    told = _told(catalogue).projects
    wanted = {
        "people": [(p.repo, login) for p in told for login in p.people],
        "tags": [(p.repo, tag) for p in told for tag in p.tags],
        "topics": [(p.repo, topic) for p in told for topic in p.topics],
        "used_by": [(p.repo, slug) for p in told for slug in p.used_by],
        "does": [(p.repo, task) for p in told for task in p.does],
        "related": [(p.repo, other) for p in told for other in p.related],
        "talks": [(p.repo, talk.title) for p in told for talk in p.talks],
        "celebrations": [(p.repo, news.what) for p in told for news in p.celebrations],
        "releases": [
            (p.repo, release.name)
            for p in told
            if p.details
            for release in p.details.releases or ()
        ],
        "languages": [
            (p.repo, name) for p in told if p.details for name in p.details.languages or ()
        ],
    }
    assert wanted.keys() == views().keys() - {"projects", "organisations", *BESIDE}
    for view, expected in wanted.items():
        found = [(row["repo"], row[4]) for row in db.execute(f"SELECT * FROM {view}")]
        assert sorted(found, key=str) == sorted(expected, key=str), view
        assert found or view == "topics"


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_document_answers(db: sqlite3.Connection, example: str) -> None:
    """What the documents say one may ask can be asked."""
    (measured,) = db.execute("SELECT min(repo) FROM marks").fetchone()
    assert db.execute(example.replace("some-owner/tool", measured)).fetchall()


def test_the_document_names_every_view_and_table(db: sqlite3.Connection) -> None:
    """Whoever opens the file learns what each thing in it is."""
    query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
    assert len(EXAMPLES) >= 5
    for (name,) in db.execute(query):
        assert f"`{name}`" in DOCUMENT, name


def test_it_opens_in_datasette(published: Path) -> None:
    """Data people open it in Datasette: every view has its page, facets and answers to SQL."""
    from datasette.app import Datasette  # noqa: PLC0415 - costs each process of the tests a second

    question = "select distinct organisation_name from projects where language = 'R' "
    question += "and organisation_kind = 'Trust'"

    async def look() -> list[Any]:
        server = Datasette([], immutables=[str(published)])
        await server.invoke_startup()
        pages = [await server.client.get(f"/catalogue/{view}") for view in views()]
        facets = await server.client.get("/catalogue/projects.json?_facet=stage&_shape=objects")
        asked = await server.client.get(
            "/catalogue.json", params={"sql": question, "_shape": "arrayfirst"}
        )
        for database in server.databases.values():
            database.close()
        server.executor.shutdown()
        return [*pages, facets, asked]

    # In a thread of its own: one of the browser's loops may be running in this one.
    with ThreadPoolExecutor(1) as apart:
        *pages, facets, asked = apart.submit(asyncio.run, look()).result()
    assert {page.status_code for page in pages} == {200}
    assert facets.json()["facet_results"]
    assert asked.json() == ["Harbour and Hills NHS Foundation Trust"]


def test_the_next_run_starts_from_it(published: Path) -> None:
    """Views beside the record tables do not keep a fresh machine from restoring."""
    restored = read_unknown(published, foreign=True)
    assert restored.records == factory.snapshot().records
    assert restored.changes == read_snapshot(published.with_name("state.db")).changes
    assert restored.unread is None


def test_the_same_inputs_give_the_same_database(
    published: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    """Two builds of the same facts differ in no byte."""
    again = tmp_path / "catalogue.db"
    export_catalogue(
        published.with_name("state.db"), again, more=database_statements(open_data_of(catalogue))
    )
    assert again.read_bytes() == published.read_bytes()


def test_hostile_words_are_only_words(tmp_path: Path) -> None:
    """A title that looks like SQL or markup is stored as it is and changes nothing."""
    with open_store(tmp_path / "state.db") as store:
        store.replace(factory.snapshot())
    target = tmp_path / "catalogue.db"
    export_catalogue(
        tmp_path / "state.db", target, more=database_statements(open_data_of(factory.hostile()))
    )
    with closing(sqlite3.connect(target)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM organisations")]
    assert factory.HOSTILE in names


def test_an_empty_showcase_has_an_empty_database(tmp_path: Path) -> None:
    """On its first day, with nothing listed, the file opens and every view is empty."""
    written = replace(factory.registry(None), projects=(), organisations=())
    written = replace(written, people=(), paths=(), talks=(), terms={})
    empty = factory.catalogue_of(written, factory.Snapshot())
    with open_store(tmp_path / "state.db"):
        pass
    target = tmp_path / "catalogue.db"
    export_catalogue(tmp_path / "state.db", target, more=database_statements(open_data_of(empty)))
    with closing(sqlite3.connect(target)) as connection:
        assert [connection.execute(f"SELECT * FROM {view}").fetchall() for view in views()] == [
            [] for _ in views()
        ]
