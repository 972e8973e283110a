"""The shell steps of the workflows, run as GitHub runs them, with a stand-in for its `gh`."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.joining.differences import CONFIRM_BOX, CONFIRM_LABEL
from aggregator.joining.forms import ADD, EDIT, FORMS, JUDGE, REMOVE
from aggregator.joining.proposal import SETTING
from tests.conftest import ROOT
from tests.program import SHELL_OF_STEPS, program_for_scripts
from tests.registry.conftest import REGISTRY, Checkout
from tests.registry.test_forms import body_of
from tests.stand_in.server import Server, serve
from tests.stand_in.world import sample_community

WORKFLOWS = ROOT / ".github" / "workflows"
MINE = "larkmere-hospitals/ward-weather"

# Says yes to everything and keeps what it is told; REFUSE makes it refuse a pull request, as
# GitHub does by default, and ARTIFACT is the number of the artifact that a run has.
GH = """\
#!/bin/bash
echo "$*" >> "$LOG"
case "$1 $2" in
  "pr create") [[ -z "$REFUSE" ]] || { echo "GitHub Actions is not permitted" >&2; exit 1; } ;;
  "api repos/"*"/artifacts"*) echo "$ARTIFACT" ;;
esac
for word in "$@"; do
  case "$word" in body=@*) cp "${word#body=@}" "$LOG.posted" ;; esac
done
"""


@dataclass
class Runner:
    """A machine of GitHub Actions with one checkout on it."""

    folder: Path
    checkout: Checkout
    variables: dict[str, str] = field(default_factory=dict)

    def step(self, workflow: str, name: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run one step with its variables, and nothing but those, set to what a test says."""
        jobs = yaml.safe_load((WORKFLOWS / workflow).read_text(encoding="utf-8"))["jobs"].values()
        step = next(s for job in jobs for s in job["steps"] if s.get("name") == name)
        unknown = set(env) - set(step.get("env", {})) - {"REFUSE", "ARTIFACT"}
        assert not unknown, unknown
        values = dict.fromkeys(step.get("env", {}), "") | self.variables | env
        return subprocess.run(
            [*SHELL_OF_STEPS, step["run"]],
            cwd=self.checkout.folder,
            env=values,
            capture_output=True,
            text=True,
            check=False,
        )

    def said(self, name: str) -> str:
        """Read what a step left in the folder for temporary files."""
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.fixture(scope="module")
def github() -> Iterator[Server]:
    """A stand-in for GitHub with the sample community."""
    with serve(sample_community()) as server:
        yield server


@pytest.fixture
def runner(tmp_path: Path, github: Server, lent_workers: None) -> Iterator[Runner]:
    """A runner with the registry checked out from a repository of its own."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "gh").write_text(GH)
    (programs / "gh").chmod(0o755)
    origin = tmp_path / "origin.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(origin)], check=True)
    folder = tmp_path / "checkout"
    folder.mkdir()
    checkout = Checkout(folder)
    checkout.git("init", "--quiet", "--initial-branch", "main")
    checkout.commit(REGISTRY)
    checkout.git("remote", "add", "origin", str(origin))
    checkout.git("push", "--quiet", "origin", "main")
    temp = tmp_path / "temp"
    temp.mkdir()
    variables = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "RUNNER_TEMP": str(temp),
        "LOG": str(temp / "gh.log"),
        "GITHUB_API_URL": github.api_url,
        "GITHUB_GRAPHQL_URL": github.graphql_url,
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_TOKEN": "any-word",
        "REPOSITORY": "octo/showcase",
    }
    with program_for_scripts(programs / "aggregator"):
        yield Runner(temp, checkout, variables)


def read_and_propose(runner: Runner, body: str, refuse: str = "") -> str:
    """Take an issue through the workflow, and give the outcome of the step that proposes."""
    read = runner.step("from-issue.yml", "Read the form", BODY=body, AUTHOR="ann", TITLE="x")
    assert read.returncode == 0, read.stderr
    made = runner.step("from-issue.yml", "Propose the change", ISSUE="7", REFUSE=refuse)
    outcome = "failure" if made.returncode else "success"
    answered = runner.step("from-issue.yml", "Answer on the issue", ISSUE="7", PROPOSED=outcome)
    assert answered.returncode == 0, answered.stderr
    return outcome


def test_a_form_becomes_a_pull_request(runner: Runner) -> None:
    """A filled-in form ends as a branch with the entry, a pull request, and a thank-you."""
    assert read_and_propose(runner, body_of(ADD.fields, repository=MINE)) == "success"
    assert f"pr create --head listing/issue-7 --title Add {MINE}" in runner.said("gh.log")
    assert "Closes #7" in runner.said("proposal.md")
    assert "on its way into the showcase" in runner.said("gh.log.posted")
    runner.checkout.git("diff", "--exit-code", "listing/issue-7", "origin/listing/issue-7")
    assert MINE in runner.checkout.path.read_text()


def test_files_that_a_form_begins_are_proposed(runner: Runner) -> None:
    """What a search should find is on the branch, though nobody wrote down such a thing before."""
    answers = {"searched": "beds", "looked_for": "octo/alpha", "other_words": "wards"}
    assert read_and_propose(runner, body_of(JUDGE.fields, **answers)) == "success"
    for name, line in (("judgements.jsonl", '"octo/alpha": 3'), ("glossary.yaml", "beds: [wards]")):
        shown = runner.checkout.shown(f"origin/listing/issue-7:{name}")
        assert line in shown


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (body_of(ADD.fields, repository=MINE, summary="Says how `it` looks"), f"- repo: {MINE}"),
        (body_of(EDIT.fields, project="octo/gamma", project_title="G"), "+    title: 'G'"),
        (body_of(REMOVE.fields, project="octo/alpha"), "-  - octo/alpha"),
    ],
    ids=["add", "edit", "remove"],
)
def test_a_member_is_answered_when_no_pull_request_may_be_opened(
    runner: Runner, body: str, shown: str
) -> None:
    """With GitHub's default setting the answer carries the change, a link and the setting."""
    assert read_and_propose(runner, body, refuse="yes") == "failure"
    posted = runner.said("gh.log.posted")
    assert shown in posted
    assert SETTING in posted
    assert "https://github.com/octo/showcase/compare/listing/issue-7?expand=1" in posted
    told = runner.step("from-issue.yml", "Say which setting is missing")
    assert told.returncode == 1
    assert SETTING in told.stdout


def test_a_form_with_something_to_mend_is_answered_and_proposes_nothing(runner: Runner) -> None:
    """What is wrong is said on the issue, and the step that proposes has nothing to do."""
    body = body_of(ADD.fields, repository="$(touch hacked) `touch hacked`")
    assert read_and_propose(runner, body) == "success"
    assert "cannot be used just yet" in runner.said("gh.log.posted")
    assert "pr create" not in runner.said("gh.log")
    assert not (runner.checkout.folder / "hacked").exists()


@pytest.mark.parametrize(
    ("env", "code"),
    [
        ({}, 2),
        ({"AUTHOR": "somebody"}, 2),
        ({"AUTHOR": "Octo"}, 0),
        ({"CONFIRMED": "true"}, 0),
        ({"BODY": f"Tidying\r\n\r\n- [x] {CONFIRM_BOX}\r\n"}, 0),
        ({"BODY": f"- [ ] {CONFIRM_BOX}"}, 2),
        ({"BODY": f"<!-- - [x] {CONFIRM_BOX} -->"}, 2),
        ({"BODY": "--confirmed", "AUTHOR": "--confirmed"}, 2),
    ],
    ids=["nobody", "another", "owner", "label", "box", "empty-box", "hidden-box", "hostile"],
)
def test_a_strangers_entry_goes_only_with_a_word(
    runner: Runner, env: dict[str, str], code: int
) -> None:
    """The check fails until a label or a ticked box says that the removal is meant."""
    runner.checkout.git("switch", "--quiet", "--create", "change")
    runner.checkout.commit(REGISTRY.replace("  - octo/omega\n", ""))
    name = "Check the entries that this change touches"
    done = runner.step("check-registry.yml", name, BASE="main", NUMBER="3", **env)
    assert done.returncode == code, done.stdout + done.stderr
    report = json.loads((runner.checkout.folder / "report" / "report.json").read_text())
    assert report["effects"] == ["Removes octo/omega"]
    assert ("octo/omega" in str(report["mistakes"])) == (code == 2)


def test_the_comment_shows_the_page_that_was_built(runner: Runner) -> None:
    """From the change to the comment: the README's words, the facts, and where the pages are."""
    runner.checkout.git("switch", "--quiet", "--create", "change")
    runner.checkout.commit(REGISTRY.replace("  - octo/omega\n", f"  - octo/omega\n  - {MINE}\n"))
    name = "Check the entries that this change touches"
    done = runner.step("check-registry.yml", name, BASE="main", NUMBER="3", AUTHOR="ann")
    assert done.returncode == 0, done.stdout
    built = runner.step("check-registry.yml", "Build the pages of the touched projects")
    assert built.returncode == 0, built.stderr
    (runner.folder / "report").symlink_to(runner.checkout.folder / "report")
    env = {"RUN": "42", "ARTIFACT": "99"}
    wrote = runner.step("comment-on-pull-request.yml", "Write the comment", **env)
    assert wrote.returncode == 0, wrote.stderr
    comment = runner.said("comment.md")
    assert "](https://github.com/octo/showcase/actions/runs/42/artifacts/99)" in comment
    assert "How it will look: ward" in comment
    assert "| Licence | " in comment
    assert "| Last push | " in comment
    assert "The README begins:" in comment
    assert "Its headings: " in comment


def says_yes(condition: str, issue: dict[str, str | None]) -> bool:
    """Judge the `if:` of a job as GitHub does, as far as these workflows use its language."""

    def contains(text: str | None, part: str) -> bool:
        return part.lower() in (text or "").lower()

    plain = re.sub(r"github\.event\.issue\.(\w+)", r"issue['\1']", condition)
    python = plain.replace("&&", " and ").replace("||", " or ")

    def starts(text: str, start: str) -> bool:
        return text.lower().startswith(start.lower())

    return bool(
        eval(
            python,
            {"__builtins__": {}},
            {"contains": contains, "startsWith": starts, "issue": issue},
        )
    )


def test_every_form_and_every_wish_starts_the_workflow() -> None:
    """No word above a form, and no missing form, keeps a member from an answer."""
    workflow: Any = yaml.safe_load((WORKFLOWS / "from-issue.yml").read_text(encoding="utf-8"))
    condition = workflow["jobs"]["propose"]["if"]
    forms = [body_of(form.fields) for form in FORMS]
    wish = "Please add https://github.com/octo/beta"
    for body in (*forms, *(f"Sorry!\n\n{form}" for form in forms), wish):
        assert says_yes(condition, {"state": "open", "title": "x", "body": body})
        assert not says_yes(condition, {"state": "closed", "title": "x", "body": body})
    assert says_yes(condition, {"state": "open", "title": wish, "body": None})
    assert not says_yes(condition, {"state": "open", "title": "The page is slow", "body": None})


def test_the_template_and_the_workflow_name_what_is_read() -> None:
    """The box in the template and the label in the workflow are the ones that confirm."""
    template = (ROOT / ".github" / "pull_request_template.md").read_text(encoding="utf-8")
    assert f"- [ ] {CONFIRM_BOX}" in template
    assert f"'{CONFIRM_LABEL}'" in (WORKFLOWS / "check-registry.yml").read_text(encoding="utf-8")
