"""The workflows run with the least rights that do, whoever opens a pull request."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.registry.proposal import ANSWER_MARK
from aggregator.registry.summary import COMMENT_MARK

FOLDER = Path(__file__).resolve().parent.parent.parent / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
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


def test_zizmor_finds_nothing() -> None:
    """The auditor of workflows has nothing to report."""
    zizmor = shutil.which("zizmor") or shutil.which("zizmor", path=str(Path(sys.executable).parent))
    if zizmor is None:
        pytest.skip("zizmor is not installed (pip install zizmor)")
    command = [zizmor, "--offline", "--quiet", "--format", "plain", str(FOLDER)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 0, found.stdout
