"""The workflows run with the least rights that do, whoever opens a pull request."""

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.joining.proposal import ANSWER_MARK
from aggregator.joining.renderings import COMMENT_MARK
from aggregator.run.schedule import mark_run
from aggregator.store.schema import CATALOGUE, NEIGHBOURS
from tests.registry.linters import lint_workflows

FOLDER = Path(__file__).resolve().parent.parent.parent / ".github" / "workflows"
# In the place of publish.yml, where one job is not enough for a night.
TESTS = FOLDER.parent.parent / "tests"
SHARED = FOLDER.parent.parent / "docs" / "publish-in-shards.yml"
FILES = [*sorted(FOLDER.glob("*.yml")), SHARED]
ACTION = FOLDER.parent.parent / "action.yml"
NAMES = [path.stem for path in FILES]


def steps(path: Path) -> list[dict[str, Any]]:
    """List all steps of a workflow."""
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
    return [step for job in jobs for step in job.get("steps", ())]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_nothing_is_allowed_unless_a_job_says_so(path: Path) -> None:
    """A workflow begins without any rights, and each job names its own and its longest time."""
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert "permissions" in job
        assert job["timeout-minutes"] <= 60


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_actions_are_pinned_and_leave_no_token_behind(path: Path) -> None:
    """Each action is one known commit, with its version beside it for people."""
    text = path.read_text(encoding="utf-8")
    for line in re.findall(r"uses: (.*)", text):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_expression_reaches_the_shell(path: Path) -> None:
    """What people type arrives as data in the environment, never as part of a command."""
    for step in steps(path):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_steps_run_in_the_shell_that_tests_use(path: Path) -> None:
    """What fails in the middle of a pipe ends its step: on GitHub only where a shell is named."""
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["defaults"] == {"run": {"shell": "bash"}}
    assert not [one for one in steps(path) if "shell" in one]


def test_pull_requests_get_no_rights_and_no_secrets() -> None:
    """The code of a pull request can read the repository and nothing else."""
    text = (FOLDER / "check-registry.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert set(workflow[True]) == {"pull_request"}
    assert [job["permissions"] for job in workflow["jobs"].values()] == [{"contents": "read"}]
    assert "${{ secrets" not in text


def test_the_comment_is_written_by_our_own_code() -> None:
    """The workflow that may write checks out the default branch and takes the report as data."""
    path = FOLDER / "comment-on-pull-request.yml"
    checkouts = [s for s in steps(path) if s.get("uses", "").startswith("actions/checkout@")]
    assert [set(step["with"]) for step in checkouts] == [{"persist-credentials"}]
    assert COMMENT_MARK in path.read_text(encoding="utf-8")
    assert ANSWER_MARK in (FOLDER / "from-issue.yml").read_text(encoding="utf-8")


def step(name: str) -> str:
    """Give the commands of a step of the nightly workflow."""
    return next(s["run"] for s in steps(FOLDER / "publish.yml") if s.get("name") == name)


def shell(commands: str, folder: Path, remote: object) -> int:
    """Run commands as a workflow does, with a repository of this machine as the remote."""
    variables = {"REMOTE": str(remote), "BRANCH": "showcase-data", "WHO": "a-robot", "TOKEN": "t"}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", commands],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)} | variables | quiet,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode


def git(repository: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(repository), *words], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_second_copy_is_one_commit_that_replaces_the_one_before(tmp_path: Path) -> None:
    """What was erased from the memory is in no commit of the branch that keeps its copy."""
    remote, memory = tmp_path / "remote.git", tmp_path / "memory"
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
    for words in ("told in confidence", "nothing is told"):
        shutil.rmtree(memory, ignore_errors=True)
        memory.mkdir()
        (memory / "catalogue.db").write_text(words)
        (memory / "proof.json").write_text("{}")
        (memory / "status.json").write_text("{}")
        assert shell(step("Replace the branch by this one commit"), memory, remote) == 0
    assert git(remote, "rev-list", "--count", "--all") == "1\n"
    assert git(remote, "show", "showcase-data:catalogue.db") == "nothing is told"


def test_all_of_the_memory_is_handed_over() -> None:
    """Wherever a night is made, the second copy gets what the published site holds of it."""
    for path in (FOLDER / "publish.yml", SHARED, ACTION):
        text = path.read_text("utf-8")
        for name in (CATALOGUE, NEIGHBOURS, "proof.json", "status.json"):
            assert f" output/data/{name}\n" in text
            assert re.search(rf"git add .*\b{re.escape(name)}", text)


def test_a_night_begins_with_the_second_copy(tmp_path: Path) -> None:
    """The copy comes back as a folder; an empty one says that there is none yet."""
    remote, here = tmp_path / "remote.git", tmp_path / "here"
    subprocess.run(["git", "init", "--quiet", "--bare", str(remote)], check=True)
    here.mkdir()
    bring = step("Bring back the second copy of the memory")
    assert shell(bring, here, remote) == 0
    assert list((here / "memory").iterdir()) == []
    (here / "memory" / "catalogue.db").write_text("a memory")
    (here / "memory" / "proof.json").write_text("{}")
    (here / "memory" / "status.json").write_text("{}")
    (here / "memory" / "neighbours.json").write_text("what others said")
    assert shell(step("Replace the branch by this one commit"), here / "memory", remote) == 0
    shutil.rmtree(here / "memory")
    assert shell(bring, here, remote) == 0
    assert (here / "memory" / "catalogue.db").read_text() == "a memory"
    assert (here / "memory" / "neighbours.json").read_text() == "what others said"


def test_a_copy_that_cannot_be_reached_is_not_taken_for_none(tmp_path: Path) -> None:
    """No folder is made when nobody could tell whether there is a copy."""
    bring = step("Bring back the second copy of the memory")
    assert shell(bring, tmp_path, tmp_path / "nowhere.git") != 0
    assert not (tmp_path / "memory").exists()


def test_the_copy_is_kept_by_a_job_that_runs_none_of_our_code() -> None:
    """The right to write is held by git alone, and a lost deployment does not stop the copy."""
    jobs = yaml.safe_load((FOLDER / "publish.yml").read_text(encoding="utf-8"))["jobs"]
    writers = [name for name, job in jobs.items() if "write" in job["permissions"].values()]
    assert writers == ["tonight", "deploy", "remember"]
    assert jobs["tonight"]["permissions"] == {"actions": "write"}
    assert not any("uses" in one or "aggregator" in one["run"] for one in jobs["tonight"]["steps"])
    assert jobs["remember"]["permissions"] == {"contents": "write"}
    assert jobs["remember"]["needs"] == "build"
    assert "remember" in jobs["verdict"]["needs"]
    assert not any("aggregator" in s.get("run", "") for s in jobs["remember"]["steps"])


def test_what_is_kept_is_locked_before_it_is_handed_over() -> None:
    """GitHub gets nothing that can be read without the memory, and nothing but that one file."""
    done = steps(FOLDER / "publish.yml")
    names = [one.get("name") for one in done]
    cached = [one for one in done if one.get("uses", "").startswith("actions/cache/")]
    # What visits to websites brought is only read here; `care.yml` keeps it, without any address.
    brought = [one for one in cached if one["with"]["path"] == ".aggregator/websites.json"]
    assert [one["uses"].partition("@")[0] for one in brought] == ["actions/cache/restore"]
    kept = [one for one in cached if one not in brought]
    assert [one["with"]["path"] for one in kept] == ["made.locked", "made.locked"]
    assert names.index("Lock what was made with the memory") < names.index(kept[1]["name"])
    assert names.index(kept[0]["name"]) < names.index("Unlock it with the memory")
    # Each night its own name, and the newest that begins so: GitHub never changes what is kept.
    assert kept[0]["with"]["key"] == kept[1]["with"]["key"]
    assert "github.run_id" in kept[1]["with"]["key"]
    assert kept[1]["with"]["key"].startswith(kept[0]["with"]["restore-keys"])


@pytest.mark.parametrize(("finished", "site", "goes_on"), [(1, 1, 1), (0, 1, 0), (1, 0, 0)])
def test_the_site_of_last_night_is_not_published_again(
    tmp_path: Path, finished: bool, site: bool, goes_on: bool
) -> None:
    """Pages that were brought back are no site of tonight's until the run came to its end."""
    (tmp_path / "output").mkdir()
    if site:
        (tmp_path / "output" / "index.html").write_text("<p>A page")
    now = datetime.now(UTC)
    mark_run(tmp_path / ".aggregator", now, now if finished else None)
    code = shell(step("Stop when there is no site to publish"), tmp_path, "none")
    assert (code == 0) == goes_on


def test_sharing_a_night_differs_from_the_nightly_job_by_its_parts_alone() -> None:
    """Whoever changes the one workflow has to change the other."""
    alone = yaml.safe_load((FOLDER / "publish.yml").read_text(encoding="utf-8"))
    shared = yaml.safe_load(SHARED.read_text(encoding="utf-8"))
    shard = shared["jobs"].pop("shard")
    build = shared["jobs"]["build"]
    for job in (build, shared["jobs"]["deploy"], shared["jobs"]["remember"]):
        assert job.pop("if").startswith("${{ !cancelled() && ")  # a part may fail
    assert build.pop("needs") == ["tonight", "shard"]
    assert alone["jobs"]["build"].pop("if") == shard["if"]
    assert alone["jobs"]["build"].pop("needs") == shard["needs"] == "tonight"
    build["steps"] = [s for s in build["steps"] if "pattern" not in s.get("with", {})]
    named = {s.get("name"): s for s in build["steps"]}
    joining = named["Join and build"]
    joining["run"] = joining["run"].replace(" --merge parts", "")
    joining["name"] = build["name"] = "Fetch and build"
    joining["env"]["GITHUB_TOKEN"] = "${{ github.token }}"
    assert shared == alone
    first = [s for s in shard["steps"] if s in alone["jobs"]["build"]["steps"]]
    assert len(first) == len(shard["steps"]) - 2
    numbers = shard["strategy"]["matrix"]["shard"]
    assert numbers == list(range(1, len(numbers) + 1))
    ask = next(s for s in shard["steps"] if "SHARD" in s.get("env", {}))
    assert ask["env"]["SHARD"] == f"${{{{ matrix.shard }}}}/{len(numbers)}"


def test_every_workflow_passes_two_linters(tmp_path: Path) -> None:
    """Actionlint and, at its strictest, zizmor; and they do read what they are given."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for path in FILES:
        shutil.copy(path, folder)
    lint_workflows(tmp_path)


@pytest.mark.parametrize(("name", "page"), [("announce", "announcing"), ("care", "care")])
def test_a_community_takes_a_workflow_with_another_way_to_install(name: str, page: str) -> None:
    """Only what installs needs the program's repository; the page says what stands in its place."""
    runs = {one["name"]: one["run"] for one in steps(FOLDER / f"{name}.yml") if "run" in one}
    assert runs.pop("Install").endswith("-c constraints.txt .")
    assert not [step for step, text in runs.items() if re.search(r"\bpip\b|constraints", text)]
    told = (FOLDER.parent.parent / "docs" / f"{page}.md").read_text("utf-8")
    assert "`python -m pip install community-showcase` in the place of what its step" in told


def test_every_step_of_a_shell_is_executed_by_a_test() -> None:
    """Whoever adds a step to a workflow names it in a test that runs it."""
    texts = "".join(path.read_text("utf-8") for path in TESTS.rglob("test_*.py"))
    # What installs is run by every job of CI, on machines of GitHub alone.
    installs = {"Install", "Run the whole check"} | {
        "Run the tests with what pyproject.toml promises at the least"
    }
    named = {one["name"] for path in FILES for one in steps(path) if "run" in one}
    assert {name for name in named - installs if f'"{name}"' not in texts} == set()
