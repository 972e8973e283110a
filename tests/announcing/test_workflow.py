"""The steps of the workflow that tells news, run as GitHub runs them."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from tests.announcing.news import NOW, item, write_site
from tests.announcing.receivers import MailBox, Places, Trust, variables_for
from tests.announcing.test_command import REGISTRY
from tests.conftest import ROOT
from tests.program import SHELL_OF_STEPS, clean_environment, program_for_scripts
from tests.registry.test_workflows import git

WORKFLOW = ROOT / ".github" / "workflows" / "announce.yml"


def jobs() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    return found


def step(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for job in jobs().values() for one in job["steps"] if one.get("name") == name
    )
    return found


def run(name: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a step with its variables, and nothing but those, set to what a test says."""
    declared = step(name).get("env", {})
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(folder)}
    surroundings = {k: v for k, v in variables.items() if k not in declared}
    given = {name: variables.get(name, "") for name in declared}
    return subprocess.run(
        [*SHELL_OF_STEPS, step(name)["run"]],
        cwd=folder,
        env={"PATH": os.environ["PATH"]} | quiet | surroundings | given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Serve a site as Pages does, and give its address."""
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing on the screen of the tests."""


@pytest.fixture
def remote(tmp_path: Path) -> dict[str, str]:
    """An empty repository, and the variables that lead there."""
    path = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(path)], check=True)
    return {"REMOTE": str(path), "BRANCH": "showcase-announced", "WHO": "a-robot", "TOKEN": "t"}


def test_days_of_the_workflow_tell_news_once(  # noqa: PLR0917 - fixtures
    tmp_path: Path,
    remote: dict[str, str],
    places: Places,
    mail_box: MailBox,
    trust: Trust,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first day begins, the second tells what is new, the third finds that it is known."""
    monkeypatch.setattr("aggregator.cli.announce.utc_now", lambda: NOW)
    news = [item("old", days=3)]
    programs = tmp_path / "bin"
    programs.mkdir()
    with program_for_scripts(programs / "aggregator"):
        for day in range(3):
            here = tmp_path / f"day-{day}"
            here.mkdir()
            (here / "registry.yaml").write_text(REGISTRY, encoding="utf-8")
            site = write_site(here / "site", news)
            assert run("Bring back what was told already", here, **remote).returncode == 0
            if day:
                named_by = (here / "announced.of").read_text(encoding="utf-8").strip()
                assert named_by == f"artifact {day + 39}"
            variables = {
                **clean_environment(),
                **trust.variables,
                **variables_for(places, mail_box),
                "PATH": f"{programs}:{os.environ['PATH']}",
            }
            with serve_folder(site) as address:
                told = run("Tell", here, **variables, SHOWCASE_URL=address)
            assert told.returncode == 0, told.stderr
            named = remote | {"ARTIFACT": str(day + 40)}
            kept = run("Replace the branch by this one commit", here / "announced", **named)
            assert kept.returncode == 0, kept.stderr
            news = [item("old", days=3), item("new", days=0.5)]
    assert len(places.chat) == 1
    there = Path(remote["REMOTE"])
    assert git(there, "rev-list", "--count", "--all") == "1\n"
    assert git(there, "ls-tree", "--name-only", "showcase-announced") == "announced.json\n"


def test_a_ledger_that_cannot_be_reached_is_not_taken_for_none(
    tmp_path: Path, remote: dict[str, str]
) -> None:
    """Where nobody can tell what was told already, nothing is told."""
    nowhere = remote | {"REMOTE": str(tmp_path / "nowhere.git")}
    assert run("Bring back what was told already", tmp_path, **nowhere).returncode != 0
    assert not (tmp_path / "announced").exists()


# Lists artifacts as GitHub does, and gives one of them as the ZIP that stands beside it.
GH = """\
#!/bin/bash
echo "$*" >> "$HOME/gh.log"
if [[ -e "$HOME/refuse" ]]; then exit 1; fi
case "$*" in
  *"/zip") cat "$HOME/artifact.zip" ;;
  *) while [[ "$1" != --jq ]]; do shift; done; jq --raw-output "$2" "$HOME/artifacts.json" ;;
esac
"""
RECOVER = "Bring back what an earlier run could not keep"


def artifact(number: int, *, fork: bool = False, expired: bool = False) -> dict[str, Any]:
    made_by = {"repository_id": 1, "head_repository_id": 2 if fork else 1}
    return {"id": number, "expired": expired, "workflow_run": made_by}


def recovered(folder: Path, said: str, *artifacts: dict[str, Any]) -> tuple[int, str]:
    """Run the step beside a ledger of the branch; give its code and the ledger that stands then."""
    if shutil.which("jq") is None:
        pytest.skip("jq, which every machine of GitHub has, is not on this one")
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    (programs / "gh").write_text(GH, encoding="utf-8")
    (programs / "gh").chmod(0o755)
    (programs / "python").unlink(missing_ok=True)
    (programs / "python").symlink_to(sys.executable)
    (folder / "artifacts.json").write_text(json.dumps({"artifacts": artifacts}), encoding="utf-8")
    with ZipFile(folder / "artifact.zip", "w") as packed:
        packed.writestr("announced.json", "what the last run told")
    (folder / "announced").mkdir(exist_ok=True)
    (folder / "announced" / "announced.json").write_text("of the branch", encoding="utf-8")
    (folder / "announced.of").write_text(said, encoding="utf-8")
    path = f"{programs}:{os.environ['PATH']}"
    done = run(RECOVER, folder, PATH=path, REPOSITORY="octo/showcase")
    return done.returncode, (folder / "announced" / "announced.json").read_text(encoding="utf-8")


def test_what_was_told_and_could_not_be_kept_comes_back(tmp_path: Path) -> None:
    """A run whose branch was not replaced has no news told a second time by the next one."""
    later = recovered(tmp_path, "artifact 7\n", artifact(7), artifact(9), artifact(8))
    assert later == (0, "what the last run told")
    assert "artifacts/9/zip" in (tmp_path / "gh.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("said", "artifacts"),
    [
        ("artifact 9\n", [artifact(9), artifact(7)]),
        ("artifact 9\n", []),
        ("artifact 9\n", [artifact(11, fork=True), artifact(12, expired=True)]),
        ("\n", [artifact(11)]),
    ],
    ids=["kept", "none", "not-ours", "by-hand"],
)
def test_the_branch_counts_where_nothing_of_ours_is_later(
    tmp_path: Path, said: str, artifacts: list[dict[str, Any]]
) -> None:
    """What the branch holds is gone by where it is the last; a fork's artifact is nobody's word."""
    assert recovered(tmp_path, said, *artifacts) == (0, "of the branch")


def test_where_github_does_not_say_what_was_told_nothing_is(tmp_path: Path) -> None:
    """Without an answer the job stops, and the next day tells it."""
    (tmp_path / "refuse").touch()
    assert recovered(tmp_path, "artifact 7\n", artifact(9))[0] != 0


def test_the_right_to_write_is_held_by_git_alone() -> None:
    """The job that holds secrets may not write, and the one that writes holds no secret."""
    tell, remember = jobs()["tell"], jobs()["remember"]
    assert tell["permissions"] == {"contents": "read", "actions": "read", "pages": "read"}
    assert remember["permissions"] == {"contents": "write"}
    assert "secrets." not in str(remember)
    assert not any("aggregator" in one.get("run", "") for one in remember["steps"])
