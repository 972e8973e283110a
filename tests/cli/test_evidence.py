"""What registry, files and GitHub say of one thing, from the commands to the published pages.

A case is a file in `tests/cases/evidence`: what GitHub says, what the files hold, what is right. A
new one needs no code.
"""

import html
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.demo.git import History, Tree
from aggregator.demo.world import Repository, WorldRelease
from tests.cli.test_site import asking, clean_environment
from tests.conftest import ROOT
from tests.program import run_program
from tests.stand_in.server import Server, serve
from tests.stand_in.world import World

CASES = sorted((ROOT / "tests" / "cases" / "evidence").glob("*.yaml"))
NIGHT = "2026-11-20T06:00:00Z"
OWNER = "bed-boards"


def repository(number: int, name: str, case: dict[str, Any], **more: Any) -> Repository:
    """Make the repository of a case, on a GitHub of 2026."""
    github = dict(case.get("github", {}))
    release = github.pop("release", None)
    files = {"README.md": b"# Bed board\n"}
    for path, text in case.get("files", {}).items():
        files[path] = filled(text, name).encode()
    if "homepage" in github:
        github["homepage"] = filled(github["homepage"], name)
    made: dict[str, Any] = {
        "id": 4_000 + number,
        "owner": OWNER,
        "name": name,
        "created_at": NIGHT,
        "updated_at": NIGHT,
        "pushed_at": NIGHT,
        "language_bytes": {"Python": 4_000},
        "tree": Tree(files),
        "history": History(seed=name, first_at=NIGHT, last_at=NIGHT, described=3),
        "releases": (WorldRelease(release, NIGHT),) if release else (),
    }
    return Repository(**made | github | more)


def filled(text: str, name: str) -> str:
    repo = f"{OWNER}/{name}"
    named = text.replace("{repo}", repo).replace("{REPO}", repo.upper())
    return named.replace("{owner}", OWNER)


def command(folder: Path, server: Server, *words: str) -> subprocess.CompletedProcess[str]:
    return run_program([*words], folder, clean_environment() | asking(server))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published site of all cases, each a project of its own."""
    folder = tmp_path_factory.mktemp("evidence")
    world = World(
        (
            repository(n, path.stem, yaml.safe_load(path.read_text()))
            for n, path in enumerate(CASES)
        ),
        now=NIGHT,
    )
    listed = "".join(f"  - {name}\n" for name in world.names)
    (folder / "registry.yaml").write_text(f"projects:\n{listed}")
    with serve(world) as server:
        done = command(folder, server, "run")
    assert done.returncode == 0, done.stderr
    return folder / "output"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_shown_is_what_can_be_known(site: Path, path: Path) -> None:
    """Of several sources the one that can be trusted is shown, and nothing uncertain is."""
    exported = json.loads((site / "data" / "catalogue.json").read_text())
    project = next(p for p in exported["projects"] if p["repo"] == f"{OWNER}/{path.stem}")
    page = (site / project["page"] / "index.html").read_text()
    words = html.unescape(re.sub(r"<[^>]+>", "", page))
    right = yaml.safe_load(path.read_text())["right"]
    if "page" in right:
        assert right.pop("page") in words
    if "doi_link" in right:
        assert f'href="{right.pop("doi_link")}"' in page
    assert right | {name: project[name] for name in right} == {
        name: filled(value, path.stem) if isinstance(value, str) else value
        for name, value in right.items()
    }


def test_each_thing_that_is_said_names_who_says_it(site: Path) -> None:
    """Every claim carries its source, one of each field is used at most, and that one says why."""
    exported = json.loads((site / "data" / "catalogue.json").read_text())
    for project in exported["projects"]:
        used = [claim["field"] for claim in project["evidence"] if claim["used"]]
        assert len(used) == len(set(used)), project["repo"]
        for claim in project["evidence"]:
            assert claim["where"]
            assert not claim["used"] or (claim["why"] and claim["value"])
            assert claim["value"] or claim["why"], claim


def test_a_contradiction_is_said_kindly_and_with_its_cure(site: Path) -> None:
    """Page and check-up name both files and both values; no card says more than is agreed."""
    page = (site / "projects" / OWNER / "licence-text-before-citation" / "index.html").read_text()
    assert "CITATION.cff says ISC instead." in page
    assert "licence: LICENSE says AGPL-3.0, CITATION.cff says ISC" in page
    status = (site / "status" / "index.html").read_text()
    assert "the same answer everywhere" in status


def test_the_table_names_where_a_licence_comes_from(site: Path) -> None:
    """Whoever works with the spreadsheet sees the source and the contradiction too."""
    table = (site / "data" / "catalogue.csv").read_text()
    row = next(line for line in table.splitlines() if "/licence-text-before-citation," in line)
    assert ",AGPL-3.0-only,LICENSE,,,licence," in row
