"""What stands beside the projects is in the open data: people, paths, talks, words, good news."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.catalogue.types import Catalogue
from aggregator.registry.loader import load
from aggregator.site.data.database import views
from aggregator.site.data.export_models import ExportedCatalogue
from aggregator.site.data.exports import open_data_of, poured_catalogue
from tests.conftest import ROOT
from tests.outputs import factory

LAPSED = "https://www.lapsed.example/"
EVERYTHING = ROOT / "tests" / "cases" / "registry" / "community" / "everything.yaml"


@pytest.fixture(scope="module")
def beside() -> Catalogue:
    """A catalogue of a registry in which everything is said."""
    return factory.catalogue_of(load(EVERYTHING), factory.snapshot())


def test_everything_beside_the_projects_is_told(beside: Catalogue) -> None:
    """Each field that members write for people, paths, talks and words comes out as it went in."""
    told = json.loads(json.dumps(poured_catalogue(beside), default=str))
    assert told["people"] == [
        {
            "login": "octocat",
            "name": "Ada Example",
            "about": "Grows apples.",
            "organisation": "guild",
            "url": "https://example.org/ada/",
        }
    ]
    (path,) = told["paths"]
    assert [step["repo"] for step in path["steps"]] == ["octo/first", None]
    assert path["steps"][1]["title"] == "A tutorial"
    (talk,) = told["talks"]
    assert (talk["time"], talk["place"], talk["speakers"]) == ("14:00", "Room 2", ["Ada Example"])
    words = [(term["of"], term["name"], term["group"], term["seeks"]) for term in told["terms"]]
    assert words == [
        ("tag", "spc", "Methods", None),
        ("tag", "Maps", "Topics", None),
        ("kind", "guild", None, None),
        ("stage", "Needs a new home", None, "home"),
    ]
    assert (told["licence"], told["timezone"]) == ("OGL-UK-3.0", "Europe/London")


def test_good_news_and_the_teller_of_a_story_are_told(beside: Catalogue) -> None:
    """A project carries who tells its story, when, and its good news with the day."""
    (project,) = poured_catalogue(beside)["projects"]
    assert (project["story_by"], str(project["story_date"])) == ("Ada Example", "2026-09-28")
    (news,) = project["celebrations"]
    assert (news["what"], news["text"], str(news["date"])) == (
        "award",
        "Won a prize.",
        "2026-09-30",
    )


def test_what_is_told_reads_back(beside: Catalogue) -> None:
    """The shape that Python opens takes all of it, and knows the file of an older version too."""
    told = poured_catalogue(beside)
    read = ExportedCatalogue.model_validate(told)
    assert [path.slug for path in read.paths] == ["from-spreadsheet-to-pipeline"]
    older = {name: told[name] for name in ("schema_version", "title", "organisations", "projects")}
    older |= {"freshness": told["freshness"]}
    for project in older["projects"]:
        del project["celebrations"], project["story_by"], project["story_date"]
    assert ExportedCatalogue.model_validate(older).people == ()


def test_the_database_has_a_row_for_each(beside: Catalogue, tmp_path: Path) -> None:
    """Whoever asks in SQL finds the people, the words, the talks and each step in its order."""
    data = open_data_of(beside)
    with closing(sqlite3.connect(tmp_path / "beside.db")) as database:
        database.execute("CREATE TABLE listed_showcase (data TEXT NOT NULL)")
        database.execute("INSERT INTO listed_showcase VALUES (?)", [data.about.decode()])

        def rows(view: str, columns: str) -> list[tuple[object, ...]]:
            return database.execute(f"SELECT {columns} FROM ({views()[view]})").fetchall()

        assert rows("described_people", "login, name") == [("octocat", "Ada Example")]
        assert rows("other_talks", "title, time") == [("Bring your own chart", "14:00")]
        assert rows("terms", "of, name")[-1] == ("stage", "Needs a new home")
        assert rows("path_steps", "step, repo, title") == [
            (1, "octo/first", None),
            (2, None, "A tutorial"),
        ]


def test_nothing_beside_the_projects_leads_to_a_blocked_domain(tmp_path: Path) -> None:
    """Addresses of people, talks, steps, good news and the statement go; texts keep a note."""
    text = EVERYTHING.read_text(encoding="utf-8").replace("https://example.org/", LAPSED)
    text = text.replace("contact: access@example.org", f"contact: {LAPSED}")
    text = text.replace("Grows apples.", f"Reads {LAPSED}ada daily.")
    path = tmp_path / "registry.yaml"
    path.write_text(text, encoding="utf-8")
    known = load(path)
    assert len([error for error in known.errors if "lapsed.example" in error.what]) == 5
    catalogue = factory.catalogue_of(known, factory.snapshot())
    assert LAPSED not in json.dumps(poured_catalogue(catalogue), default=str)
    assert catalogue.showcase.accessibility.contact is None
    assert "left out" in (catalogue.described["octocat"].about or "")
    assert any(note.startswith("News") for note in catalogue.projects[0].left_out)


def test_good_news_stands_in_the_spreadsheet_and_runs_nothing(site: dict[str, bytes]) -> None:
    """Several in one cell have a bar between them."""
    table = site["data/catalogue.csv"].decode("utf-8-sig")
    assert (
        "award Won the prize for open charts. | 2026-09-01 adoption =1+1 wards draw them" in table
    )
