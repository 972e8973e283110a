"""By which languages and owners a project is found: one run, then pages, data and search."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.catalogue.languages import languages_of
from aggregator.demo.git import Tree
from aggregator.facts.repository import Details, RepoFacts
from tests.cli.test_evidence import command, repository
from tests.stand_in.server import serve
from tests.stand_in.world import World
from tests.test_assemble import glance

NOTEBOOK = "Jupyter Notebook"
REPORT_HEAVY = {"HTML": 900_000, "Python": 40_000}
# What GitHub counts, further files, and the languages that follow.
PROJECTS: dict[str, tuple[dict[str, int], dict[str, bytes], list[str]]] = {
    "even": ({"R": 600, "Python": 400}, {}, ["R", "Python"]),
    "a-little": ({"R": 9_500, "Python": 500}, {}, ["R"]),
    "report": (REPORT_HEAVY, {}, ["HTML", "Python"]),
    "scripts": ({"Python": 9_000, "Shell": 3_000, "Dockerfile": 800, "TeX": 900}, {}, ["Python"]),
    "shell-only": ({"Shell": 900}, {}, ["Shell"]),
    "beside": ({NOTEBOOK: 900_000, "R": 500, "Python": 90}, {}, ["R", "Python"]),
    "by-file": (
        {NOTEBOOK: 90_000, "HTML": 9},
        {"requirements.txt": b"pandas\n"},
        ["Python", "HTML"],
    ),
    "by-words": ({NOTEBOOK: 90_000}, {"README.md": b"# A\n\n`install.packages('x')`\n"}, ["R"]),
    "not-told": ({NOTEBOOK: 90_000}, {}, []),
    "few-cells": ({"Python": 95_000, NOTEBOOK: 400}, {}, ["Python"]),
    "nothing": ({}, {}, []),
}
REGISTRY = """showcase: {title: Languages}
organisations:
  - slug: coast
    name: Coastal Community Trust
    acronym: CCT
    github: [bed-boards, coast-data]
projects:
"""


def world() -> World:
    """A GitHub with a repository for each mixture of languages, and one of another owner."""
    made = [
        repository(
            number,
            name,
            {},
            language_bytes=sizes,
            tree=Tree({"README.md": b"# A\n", **more}),
        )
        for number, (name, (sizes, more, _)) in enumerate(PROJECTS.items())
    ]
    other = repository(99, "elsewhere", {}, language_bytes={"Go": 5})
    return World([*made, other], now="2026-11-20T06:00:00Z")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the showcase was run once."""
    folder = tmp_path_factory.mktemp("languages")
    known = world()
    known.rename("bed-boards/elsewhere", "nhs-islands/elsewhere")
    listed = "".join(f"  - {name}\n" for name in known.names)
    (folder / "registry.yaml").write_text(REGISTRY + listed)
    with serve(known) as server:
        assert command(folder, server, "run").returncode == 0
    return folder


def found(folder: Path, query: str) -> set[str]:
    """Search as a person would in a terminal."""
    with serve(World()) as nobody:
        done = command(folder, nobody, "search", query, "--json", "--limit", "50")
    assert done.returncode == 0, done.stderr
    return {
        hit["page"].removesuffix("/").removeprefix("projects/").partition("/")[2]
        for hit in json.loads(done.stdout)["results"]
    }


def exported(folder: Path) -> dict[str, dict[str, Any]]:
    data = json.loads((folder / "output" / "data" / "catalogue.json").read_text())
    return {project["repo"].partition("/")[2]: project for project in data["projects"]}


def test_every_language_with_a_fair_share_is_listed(built: Path) -> None:
    """A report, a build file or a notebook's pictures do not hide what a project is written in."""
    listed = exported(built)
    assert {name: listed[name]["languages"] for name in PROJECTS} == {
        name: right for name, (_, _, right) in PROJECTS.items()
    }
    assert listed["report"]["language"] == "HTML"
    assert listed["beside"]["language"] == NOTEBOOK


def test_a_language_finds_all_its_projects_everywhere(built: Path) -> None:
    """The page of a language, its facet and what is typed give the same projects."""
    right = {name for name, (_, _, languages) in PROJECTS.items() if "Python" in languages}
    assert found(built, "language:python") == right
    page = (built / "output" / "languages" / "python" / "index.html").read_text()
    assert {name for name in PROJECTS if f"/{name}/" in page} == right
    [file] = (built / "output" / "search" / "index").glob("f-*.json")
    index = json.loads(file.read_text())
    facet = next(values for name, values, _ in index["f"] if name == "language")
    assert facet[0][1] == "Python"


def test_what_github_calls_the_main_language_still_finds_it(built: Path) -> None:
    """Somebody who looks for notebooks finds them, whatever they run."""
    notebooks = {
        name for name, (sizes, _, _) in PROJECTS.items() if next(iter(sizes), "") == NOTEBOOK
    }
    assert found(built, f'language:"{NOTEBOOK}"') == notebooks


@pytest.mark.parametrize(
    "typed", ["coast", "CCT", "cct", "bed-boards", "coast-data", '"Coastal Community Trust"']
)
def test_an_organisation_is_found_by_everything_it_is_called(built: Path, typed: str) -> None:
    """Slug, name, acronym and GitHub owners of an organisation lead to its projects."""
    assert found(built, f"org:{typed}") == set(PROJECTS)


def test_an_owner_without_an_organisation_is_found_as_one(built: Path) -> None:
    """What a card shows above the title can be typed after org: as well."""
    assert found(built, "org:nhs-islands") == {"elsewhere"}
    assert found(built, "org:islands") == set()


@pytest.mark.corpus
def test_real_projects_that_hold_python_are_found(corpus: Path) -> None:
    """Of the real projects that hold any Python nine in ten list it, and few that hold none do."""
    holding, listing = set(), set()
    for line in (corpus / "repositories.jsonl").read_text("utf-8").split("\n"):
        real = json.loads(line) if line else {"language_bytes": None}
        if sizes := real["language_bytes"]:
            held = details(language_bytes=sizes, top_level=tuple(real["top_level"]))
            main = max(sizes, key=lambda name: sizes[name])
            facts = RepoFacts(glance=glance(real["full_name"], primary_language=main), details=held)
            holding |= {real["full_name"]} if "Python" in sizes else set()
            listing |= {real["full_name"]} if "Python" in languages_of(facts) else set()
    assert len(listing & holding) >= 0.9 * len(holding)
    assert len(listing - holding) <= 10


def details(**known: Any) -> Details:
    return Details(confirmed_at=datetime(2026, 11, 20, tzinfo=UTC), **known)
