"""The composite action, run as GitHub runs it: each command from its first step to its last."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from aggregator.adopting.action_pin import read_pin
from aggregator.adopting.community_folder import folder_files
from aggregator.joining.forms import ADD
from aggregator.joining.proposal import ANSWER_MARK, SETTING
from aggregator.joining.renderings import COMMENT_MARK
from aggregator.registry.loader import load, load_texts
from tests.adopting.conftest import PIN
from tests.adopting.runner import ACTION, ActionRunner, begin_runner, steps
from tests.conftest import ROOT
from tests.program import NOBODY, asking, clean_environment, program_for_scripts, run_program
from tests.registry.linters import lint_workflows
from tests.registry.test_forms import body_of
from tests.stand_in.server import Server

pytestmark = pytest.mark.usefixtures("lent_workers")

COMMANDS = ("check", "comment", "from-issue", "begin", "run", "publish", "remember", "end")
MINE = "tidewatch-collective/saltmarsh-counts"
OURS = "open-climate-tools/rain-gauge-kit"
PULL = {
    "github.event.pull_request.user.login": "ann",
    "github.base_ref": "main",
    "github.event.pull_request.body": "A change",
    "contains(github.event.pull_request.labels.*.name, 'removal-confirmed')": "false",
    "github.event.pull_request.number": "3",
}
REPORTED = {"github.event.workflow_run.id": "42", "github.event.workflow_run.head_sha": "a" * 40}
TEXTS = folder_files(load_texts({"r": "projects:\n  - a/b\n"}), read_pin(PIN), "1")
WORKFLOWS = {
    name: yaml.safe_load(text)
    for name, text in TEXTS.items()
    if name.startswith(".github/workflows/")
}
JOBS = {name: job for flow in WORKFLOWS.values() for name, job in flow["jobs"].items()}


@pytest.fixture
def runner(tmp_path: Path, climate: Server) -> Iterator[ActionRunner]:
    """A machine with the folder of a community checked out from its repository."""
    origin, folder = tmp_path / "octo" / "showcase.git", tmp_path / "checkout"
    subprocess.run(["git", "init", "--quiet", "--bare", str(origin)], check=True)
    words = ["init", str(folder), "--title", "Coast", "--action", PIN]
    begun = run_program(words, tmp_path, clean_environment() | NOBODY)
    assert begun.returncode == 0, begun.stderr
    registry = folder / "registry.yaml"
    registry.write_text(registry.read_text("utf-8") + f"  - {OURS}\n", encoding="utf-8")
    made = begin_runner(tmp_path, folder, **asking(climate))
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    git(folder, "remote", "add", "origin", str(origin))
    git(folder, "push", "--quiet", "origin", "main")
    with program_for_scripts(tmp_path / "bin" / "aggregator"):
        for name in ("python", "pip"):
            stub = tmp_path / "bin" / name
            stub.write_text(f'#!/bin/bash\necho "$*" >> "{tmp_path}/installed"\n', encoding="utf-8")
            stub.chmod(0o755)
        yield made


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@b.cd")
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *words], check=True, capture_output=True, text=True
    )
    return done.stdout


def commit(folder: Path) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "change")


def test_a_command_that_there_is_not_is_refused(runner: ActionRunner) -> None:
    """A slip in a workflow is named, and nothing else happens."""
    assert runner.use("chek") == 1
    assert "command is one of check, comment" in runner.said
    assert runner.ran == ["Refuse a command that there is not"]


def test_the_program_comes_from_the_pinned_commit(runner: ActionRunner) -> None:
    """What is installed lies beside the action, with the versions that it was tested with."""
    runner.contexts |= PULL
    runner.use("check")
    (told,) = (runner.place / "installed").read_text("utf-8").splitlines()
    *options, constraints, package = told.split()
    assert options == ["-I", "-m", "pip", "install", "--quiet", "-c"]
    assert Path(constraints).is_file()
    assert Path(package) == ACTION.parent


def test_a_pull_request_is_checked_and_shown(runner: ActionRunner) -> None:
    """A sound change passes; its pages and its report are attached for the comment."""
    git(runner.folder, "switch", "--quiet", "--create", "change")
    registry = runner.folder / "registry.yaml"
    registry.write_text(f"{registry.read_text('utf-8')}  - {MINE}\n", encoding="utf-8")
    commit(runner.folder)
    runner.contexts |= PULL
    assert runner.use("check") == 0, runner.said
    assert runner.used.count("actions/upload-artifact") == 2
    assert (runner.folder / "preview" / "projects" / MINE / "index.html").is_file()
    shutil.copytree(runner.folder / "report", runner.stub / "report")
    (runner.stub / "artifact").write_text("99\n", encoding="utf-8")
    (runner.stub / "head").write_text("a" * 40, encoding="utf-8")
    runner.contexts |= REPORTED
    assert runner.use("comment") == 0, runner.said
    posted = (runner.stub / "posted").read_text("utf-8")
    assert posted.startswith(COMMENT_MARK)
    assert "](https://github.com/octo/showcase/actions/runs/42/artifacts/99)" in posted
    assert "Counts plants of a saltmarsh" in posted
    assert "--method POST repos/octo/showcase/issues/3/comments" in gh_log(runner)
    (runner.stub / "known").write_text("17\n", encoding="utf-8")
    shutil.rmtree(runner.place / "temp" / "report")
    assert runner.use("comment") == 0
    assert "--method PATCH repos/octo/showcase/issues/comments/17" in gh_log(runner)


def gh_log(runner: ActionRunner) -> str:
    return (runner.stub / "log").read_text("utf-8")


def test_a_report_for_another_commit_is_not_posted(runner: ActionRunner) -> None:
    """The number in a report counts only where that pull request stands at the checked commit."""
    report = runner.stub / "report"
    report.mkdir()
    (report / "number").write_text("3\n", encoding="utf-8")
    (runner.stub / "head").write_text("b" * 40, encoding="utf-8")
    written = run_program(
        ["check", "--report-to", str(report / "report.json")], runner.folder, runner.variables
    )
    assert written.returncode == 0, written.stdout
    runner.contexts |= REPORTED
    assert runner.use("comment") != 0
    assert not (runner.stub / "posted").exists()
    (report / "number").write_text("3; touch hacked\n", encoding="utf-8")
    shutil.rmtree(runner.place / "temp" / "report")
    assert runner.use("comment") != 0
    assert not (runner.folder / "hacked").exists()


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({}, 2),
        ({"github.event.pull_request.user.login": "open-climate-tools"}, 0),
        ({"contains(github.event.pull_request.labels.*.name, 'removal-confirmed')": "true"}, 0),
        ({"github.event.pull_request.body": "$(touch hacked) `touch hacked`"}, 2),
        ({"github.event.pull_request.user.login": "--confirmed"}, 2),
    ],
    ids=["nobody", "owner", "label", "hostile", "option"],
)
def test_a_removal_needs_a_word_and_fails_last(
    runner: ActionRunner, told: dict[str, str], code: int
) -> None:
    """What is amiss turns the check red after the report was attached."""
    git(runner.folder, "switch", "--quiet", "--create", "change")
    registry = runner.folder / "registry.yaml"
    text = registry.read_text("utf-8").replace(f"  - {OURS}\n", f"  - {MINE}\n")
    registry.write_text(text, encoding="utf-8")
    commit(runner.folder)
    runner.contexts |= PULL | told
    assert runner.use("check") == code, runner.said
    assert runner.ran[-1] == "Fail when there is something to mend"
    report = json.loads((runner.folder / "report" / "report.json").read_text("utf-8"))
    assert f"Removes {OURS}" in report["effects"]
    assert "actions/upload-artifact" in runner.used
    assert not (runner.folder / "hacked").exists()


def issue(runner: ActionRunner, body: str) -> None:
    runner.contexts |= {
        "github.event.issue.user.login": "ann",
        "github.event.issue.body": body,
        "github.event.issue.title": "Add: something",
        "github.event.issue.number": "7",
    }


def test_a_form_becomes_a_pull_request(runner: ActionRunner) -> None:
    """A filled-in form ends as a branch with the entry, a pull request, and a thank-you."""
    issue(runner, body_of(ADD.fields, repository=MINE))
    assert runner.use("from-issue") == 0, runner.said
    assert f"pr create --head listing/issue-7 --title Add {MINE}" in gh_log(runner)
    assert (runner.stub / "posted").read_text("utf-8").startswith(ANSWER_MARK)
    origin = runner.place / "octo" / "showcase.git"
    assert MINE in git(origin, "show", "listing/issue-7:registry.yaml")


def test_a_member_is_answered_when_no_pull_request_may_be_opened(runner: ActionRunner) -> None:
    """With GitHub's default setting the answer carries the change, a link and the setting."""
    (runner.stub / "refuse").touch()
    issue(runner, body_of(ADD.fields, repository=MINE))
    assert runner.use("from-issue") == 1
    posted = (runner.stub / "posted").read_text("utf-8")
    assert f"repo: {MINE}" in posted
    assert "https://github.com/octo/showcase/compare/listing/issue-7?expand=1" in posted
    assert SETTING in posted
    assert SETTING in runner.said


def test_a_member_is_answered_when_the_branch_may_not_be_pushed(runner: ActionRunner) -> None:
    """A rule that refuses the branch costs nobody the answer."""
    hook = runner.place / "octo" / "showcase.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    issue(runner, body_of(ADD.fields, repository=MINE))
    assert runner.use("from-issue") == 1
    assert f"repo: {MINE}" in (runner.stub / "posted").read_text("utf-8")


def test_a_form_with_something_to_mend_is_answered(runner: ActionRunner) -> None:
    """What is wrong is said on the issue, nothing is proposed, and nothing of it is run."""
    issue(runner, body_of(ADD.fields, repository="$(touch hacked) `touch hacked`"))
    assert runner.use("from-issue") == 0, runner.said
    assert "cannot be used just yet" in (runner.stub / "posted").read_text("utf-8")
    assert "pr create" not in gh_log(runner)
    assert not (runner.folder / "hacked").exists()


@pytest.fixture
def nightly(runner: ActionRunner, climate: Server) -> ActionRunner:
    """A machine on which a night runs; nothing was published at the address of the site."""
    if shutil.which("jq") is None:
        pytest.skip("jq, which every machine of GitHub has, is not on this one")
    runner.contexts["steps.pages.outputs.base_url"] = f"{climate.api_url}/nothing/"
    return runner


def remembered(runner: ActionRunner) -> None:
    """Hand the memory over and keep it, as the job `remember` does on a machine of its own."""
    kept, folder = runner.folder, runner.place / "other"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "memory").mkdir(parents=True)
    for name in ("catalogue.db", "proof.json", "status.json"):
        shutil.copy(kept / "output" / "data" / name, folder / "memory" / name)
    runner.folder = folder
    assert runner.use("remember") == 0, runner.said
    runner.folder = kept


def test_a_night_builds_publishes_and_is_remembered(nightly: ActionRunner) -> None:
    """Two nights: the second begins with what the first left, and opens what it had made."""
    assert nightly.use("run") == 0, nightly.said
    assert nightly.outputs["steps.run.outputs.exit-code"] == "0"
    assert (nightly.folder / "output" / "projects" / OURS / "index.html").is_file()
    locked = (nightly.folder / "made.locked").read_bytes()
    assert b"rain-gauge-kit" not in locked
    remembered(nightly)
    assert nightly.use("publish", exit_code="0") == 0
    assert nightly.used[-1] == "actions/deploy-pages"
    for made in ("output", ".aggregator", "memory"):
        shutil.rmtree(nightly.folder / made)
    nightly.said = ""
    assert nightly.use("run") == 0, nightly.said
    assert "everything is made again" not in nightly.said
    assert not (nightly.folder / "made").exists()
    origin = nightly.place / "octo" / "showcase.git"
    assert git(origin, "rev-list", "--count", "showcase-data").strip() == "1"


def test_a_night_begins_by_asking_whether_it_is_needed(runner: ActionRunner) -> None:
    """The second time of a night does nothing where the first succeeded; both keep it on."""
    (runner.stub / "published").write_text("1\n", encoding="utf-8")
    (runner.stub / "workflows").write_text("7\n8\n", encoding="utf-8")
    assert runner.use("begin") == 0, runner.said
    assert "steps.look.outputs.done" not in runner.outputs
    assert runner.use("begin", second_time="true") == 0, runner.said
    assert runner.outputs["steps.look.outputs.done"] == "true"
    assert "actions/workflows/showcase.yml/runs" in gh_log(runner)
    assert gh_log(runner).count("PUT repos/octo/showcase/actions/workflows/8/enable") == 2
    assert not (runner.place / "installed").exists()
    runner.contexts["github.event_name"] = "push"
    assert runner.use("begin") == 0
    assert gh_log(runner).count("PUT ") == 4


def test_a_dead_man_s_switch_is_told(runner: ActionRunner) -> None:
    """It hears of the beginning, of success, and of every kind of failure; never as an argument."""
    curl = runner.place / "bin" / "curl"
    told = runner.place / "told"
    curl.write_text(f'#!/bin/bash\necho "$*" >> "{told}.args"\ncat >> "{told}"\n', encoding="utf-8")
    curl.chmod(0o755)
    assert runner.use("begin") == runner.use("end", results="success") == 0
    assert not told.exists()
    runner.contexts["env.PING_URL"] = "https://switch.example/marked"
    assert runner.use("begin") == 0
    for results in ("success success success", "success failure success", "skipped", ""):
        assert runner.use("end", results=results) == 0, runner.said
    ends = ("/start", "", "/fail", "/fail", "/fail")
    lines = [f'url = "https://switch.example/marked{end}"' for end in ends]
    assert told.read_text("utf-8").splitlines() == lines
    assert "marked" not in Path(f"{told}.args").read_text("utf-8") + runner.said


def test_what_was_made_of_another_memory_is_not_opened(nightly: ActionRunner) -> None:
    """A cache that does not fit the memory is passed over, and the night goes on."""
    assert nightly.use("run") == 0, nightly.said
    remembered(nightly)
    for made in ("output", ".aggregator", "memory"):
        shutil.rmtree(nightly.folder / made)
    (nightly.folder / "made.locked").write_bytes(b"Salted__" + b"x" * 400)
    assert nightly.use("run") == 0, nightly.said
    assert "everything is made again" in nightly.said


def test_a_bad_night_publishes_first_and_fails_last(nightly: ActionRunner) -> None:
    """The code of a run comes out of the action, and `publish` fails with it."""
    assert nightly.use("publish", exit_code="1") == 1
    assert "actions/deploy-pages" in nightly.used
    assert "Somebody must look" in nightly.said


def test_a_night_without_a_site_stops_before_publishing(nightly: ActionRunner) -> None:
    """Where nothing could be built, nothing is handed on."""
    (nightly.folder / "registry.yaml").write_text("projects: x\n", encoding="utf-8")
    assert nightly.use("run") != 0
    assert "actions/upload-pages-artifact" not in nightly.used


def test_pages_that_are_switched_off_are_named(nightly: ActionRunner) -> None:
    """Whoever forgot the setting reads which one it is."""
    (nightly.stub / "no-pages").touch()
    assert nightly.use("run") == 1
    assert "Settings, Pages, Source: GitHub Actions" in nightly.said


def test_no_expression_reaches_the_shell_and_no_secret_is_an_input() -> None:
    """What people type arrives in the environment; the token is not an input."""
    action = yaml.safe_load(ACTION.read_text("utf-8"))
    for step in steps():
        assert "${{" not in step.get("run", "")
        assert step.get("shell") == ("bash" if "run" in step else None)
        if "uses" in step:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"])
    assert not [name for name in action["inputs"] if re.search("token|secret|password", name)]
    assert "secrets." not in ACTION.read_text("utf-8")


def test_a_night_reads_what_the_weekly_look_keeps() -> None:
    """What `care.yml` found of websites reaches the pages of a community as it does ours."""
    care = yaml.safe_load((ROOT / ".github" / "workflows" / "care.yml").read_text("utf-8"))["jobs"]
    (kept,) = (one for one in care["look"]["steps"] if "cache/save@" in one.get("uses", ""))
    (read,) = (one for one in steps() if one.get("with", {}).get("path") == kept["with"]["path"])
    assert read["if"] == "inputs.command == 'run'"
    assert kept["with"]["key"].startswith(read["with"]["restore-keys"])


# What a job of ours tells the next one by its outcome, the action tells by an output of its own.
_OTHERWISE = {
    "check-registry.yml": {
        "Check the entries that this change touches",
        "Build the pages of the touched projects",
        "Fail when there is something to mend",
    },
    "from-issue.yml": {"Propose the change", "Answer on the issue"},
    "publish.yml": {
        "Bring back the second copy of the memory",
        "Fetch and build",
        "Lock what was made with the memory",
        "Tell the dead man's switch how the run ended",
    },
    "comment-on-pull-request.yml": set[str](),
}


@pytest.mark.parametrize("workflow", _OTHERWISE)
def test_a_step_of_the_action_is_that_of_our_own_workflow(workflow: str) -> None:
    """Whoever mends one of the two has to mend the other; what differs on purpose is named."""
    ours = yaml.safe_load((ROOT / ".github" / "workflows" / workflow).read_text("utf-8"))["jobs"]
    theirs = {one["name"]: one["run"].strip() for one in steps() if "run" in one}
    shared = [
        one
        for job in ours.values()
        for one in job["steps"]
        if one.get("name") in theirs and "run" in one and one["name"] != "Install"
    ]
    differing = {one["name"] for one in shared if one["run"].strip() != theirs[one["name"]]}
    assert differing == _OTHERWISE[workflow]
    assert shared


def test_every_command_has_its_steps_and_each_step_its_command() -> None:
    """No step runs for a command that there is not, and no command does nothing."""
    named = {word for step in steps() for word in re.findall(r"== '([a-z-]+)'", step.get("if", ""))}
    assert named - {"true", "schedule"} == set(COMMANDS)
    (refusal,) = (step["run"] for step in steps() if step.get("name", "").startswith("Refuse"))
    assert f"{' | '.join(COMMANDS)})" in refusal


def test_the_workflows_of_a_community_use_each_command_once_with_its_rights() -> None:
    """Each job may do what its command needs, and nothing more; the token of nobody is kept."""
    rights = {
        "check": {"contents": "read"},
        "comment": {"actions": "read", "pull-requests": "write"},
        "from-issue": {"contents": "write", "issues": "write", "pull-requests": "write"},
        "begin": {"actions": "write"},
        "run": {"contents": "read", "pages": "read"},
        "publish": {"pages": "write", "id-token": "write"},
        "remember": {"contents": "write"},
        "end": {},
    }
    found = {}
    for job in JOBS.values():
        (ours,) = (step for step in job["steps"] if step["uses"] == PIN)
        found[ours["with"]["command"]] = job["permissions"]
        assert job["timeout-minutes"] <= 30
        inputs = yaml.safe_load(ACTION.read_text("utf-8"))["inputs"]
        assert set(ours["with"]) <= set(inputs)
        for step in job["steps"]:
            if step["uses"].startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
    assert found == rights
    for flow in WORKFLOWS.values():
        assert flow["permissions"] == {}
        assert "concurrency" in flow


def test_the_workflow_of_a_community_is_short() -> None:
    """Whoever looks after a showcase reads what it does by itself in a few minutes."""
    lines = {name: TEXTS[name].count("\n") for name in WORKFLOWS}
    assert max(lines.values()) <= 170
    assert sum(lines.values()) <= 210


def test_the_workflows_of_a_community_pass_two_linters(tmp_path: Path) -> None:
    """Actionlint reads the workflows; zizmor, at its strictest, the action as well."""
    for name in WORKFLOWS:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXTS[name], encoding="utf-8")
    shutil.copy(ACTION, tmp_path / "action.yml")
    lint_workflows(tmp_path)


def test_the_registry_of_the_runner_is_sound(runner: ActionRunner) -> None:
    """The folder that these tests begin with is one that a community would have."""
    assert load(runner.folder / "registry.yaml").mistakes == ()
