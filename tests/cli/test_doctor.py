"""`aggregator doctor` as whoever looks after a showcase runs it on a bad night."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from aggregator.adopting.action_pin import ActionPin
from aggregator.adopting.community_folder import folder_files
from aggregator.registry.loader import load_texts
from aggregator.run.serve import serving
from tests.cli.test_site import Run, run
from tests.program import NOBODY, asking, files
from tests.stand_in.server import Server, serve
from tests.stand_in.world import sample_community

__all__ = ["run"]  # a fixture

WORKFLOW = """on:
  schedule:
    - cron: "17 3 * * *"
jobs: {build: {steps: [{run: aggregator run --restore}]}}
"""


@pytest.fixture(scope="module")
def github() -> Iterator[Server]:
    """A stand-in for GitHub with the sample community."""
    with serve(sample_community()) as server:
        yield server


@pytest.fixture
def home(sample: Path, tmp_path: Path) -> Path:
    """The folder of the sample community after its first night."""
    return Path(shutil.copytree(sample, tmp_path, dirs_exist_ok=True))


def grades(text: str) -> dict[str, list[tuple[str, str]]]:
    """Give grades and sentences by topic."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in json.loads(text)["findings"]:
        found.setdefault(one["topic"], []).append((one["grade"], one["says"]))
    return found


def test_a_showcase_is_looked_at_from_all_sides(run: Run, home: Path, github: Server) -> None:
    """Token, limits, site, clock, disk, packages, registry, memory, runs: each has its line."""
    (home / ".github" / "workflows").mkdir(parents=True)
    (home / ".github" / "workflows" / "nightly.yml").write_text(WORKFLOW)
    listed = home / "registry.yaml"
    with serving(home / "output", 0) as url:
        listed.write_text(
            re.sub(r"\burl: https://showcase.*", f"url: {url}", listed.read_text(), count=1)
        )
        before = files(home)
        done = run("doctor", "--json", **asking(github))
    found = grades(done.stdout)
    assert done.stderr == ""
    assert found["token"][0] == ("look", "the token may do more than is needed: public_repo")
    assert found["limits"][0][0] == "ok"
    assert "shows this showcase: " in found["site"][0][1], found
    assert found["memory"][0][0] == "ok"
    assert found["versions"][0][0] == "ok", found["versions"]
    assert ("ok", ".github/workflows/nightly.yml runs by the schedule 17 3 * * *") in found[
        "schedule"
    ]
    assert files(home) == before


def test_a_refused_token_is_broken(run: Run, home: Path, github: Server) -> None:
    """A token that ran out is told in the words of the run that it would spoil."""
    github.revoke("old-token")
    done = run("doctor", **(asking(github) | {"GITHUB_TOKEN": "old-token"}))
    assert done.returncode == 1
    told = r"^broken +token: GitHub does not accept the token$"
    assert re.search(told, done.stdout, re.MULTILINE)
    assert "old-token" not in done.stdout + done.stderr


def test_offline_it_says_what_it_did_not_look_at(run: Run, home: Path) -> None:
    """No network is asked for, nothing is invented, and the rest is looked at."""
    done = run("doctor", "--offline", GITHUB_TOKEN="any-word", SHOWCASE_URL="https://x.example/")
    assert done.returncode == 0, done.stdout
    for topic in ("token", "limits", "site", "clock"):
        assert re.search(rf"^not looked at +{topic}: ", done.stdout, re.MULTILINE), topic
    assert re.search(r"^ok +memory: ", done.stdout, re.MULTILINE)


def test_without_a_network_the_rest_is_looked_at(run: Run, home: Path) -> None:
    """On a night without GitHub the doctor says so and goes on."""
    done = run("doctor", "--json", **NOBODY, GITHUB_TOKEN="any-word")
    found = grades(done.stdout)
    assert found["limits"][0][1].startswith("GitHub cannot be reached")
    assert found["token"][0][0] == "not looked at"
    assert found["registry"][0][0] == "ok", found["registry"]


def test_broken_things_are_named_each_by_itself(run: Run, home: Path) -> None:
    """A registry that is none and a memory that is none: both are told, with what to do."""
    (home / "registry.yaml").write_text("- just\n- a list\n")
    (home / ".aggregator" / "catalogue.db").write_bytes(b"no database at all" * 100)
    done = run("doctor", "--offline", "--json")
    found = grades(done.stdout)
    assert done.returncode == 1
    assert found["registry"][0][0] == found["memory"][0][0] == "broken"
    assert found["registry"][0][1].startswith("registry.yaml cannot be used: ")
    assert found["memory"][0][1].startswith("the memory cannot be used: ")
    assert "runs" not in found, "a memory that cannot be read says nothing of any run"


def test_another_process_at_work_is_named(run: Run, home: Path) -> None:
    """Whoever waits for a run learns that one is at work, and nothing is broken by it."""
    with FileLock(home / ".aggregator" / "catalogue.lock", is_singleton=False):
        done = run("doctor", "--offline", "--json")
    assert ("look", "another process is at work on .aggregator/catalogue.db") in grades(
        done.stdout
    )["memory"]
    assert done.returncode == 0


def test_a_folder_with_nothing_in_it_is_no_crash(run: Run, tmp_path: Path) -> None:
    """Whoever runs it in the wrong folder is told which file is missing."""
    done = run("doctor", "--offline")
    assert done.returncode == 1
    assert "registry.yaml cannot be used: there is no such file" in done.stdout
    assert not list(tmp_path.iterdir())


def test_the_workflow_of_a_community_is_known_as_one_that_makes_the_site(
    run: Run, tmp_path: Path
) -> None:
    """It names the command of the action, not of the program, and has two times a night."""
    registry = load_texts({"registry.yaml": "projects:\n  - ann/tool\n"})
    name = ".github/workflows/showcase.yml"
    text = folder_files(registry, ActionPin.unknown(), "1")[name]
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "registry.yaml").write_text("projects:\n  - ann/tool\n", encoding="utf-8")
    done = run("doctor", "--json", "--offline", **NOBODY)
    says = [words for _, words in grades(done.stdout)["schedule"]]
    cron = re.findall(r'- cron: "?([^"\n#]+?)"?(?: #.*)?\n', text)
    assert len(cron) == 2
    assert f"{name} runs by the schedule {cron[0]}, {cron[1]}" in says
