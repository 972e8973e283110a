"""Which pull requests get the required check without all tests, judged on real merges of git."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.registry.test_nightly_steps import Machine, jobs, machine

__all__ = ["machine"]  # a fixture

LOOK = "See whether the list of projects is all that changes"
VERDICT = "One required check for the branch rules"
Change = Callable[[Path], object]


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@b.cd")
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


def merge(folder: Path, change: Change, meanwhile: str = "") -> None:
    """Make what GitHub checks out of a pull request: the merge of its commits into the branch."""
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    for name in ("registry.yaml", "glossary.yaml", "judgements.jsonl", "code.py"):
        (folder / name).write_text(f"{name}\n" * 9, encoding="utf-8")
    (folder / "registry.d").mkdir()
    (folder / "registry.d" / "more.yaml").write_text("projects: []\n", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "before")
    git(folder, "switch", "--quiet", "--create", "change")
    change(folder)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "change")
    git(folder, "switch", "--quiet", "main")
    if meanwhile:
        (folder / meanwhile).write_text("meanwhile\n", encoding="utf-8")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "--message", "meanwhile")
    git(folder, "merge", "--quiet", "--no-ff", "--no-edit", "change")


def write(*names: str) -> Change:
    """Change files."""

    def change(folder: Path) -> None:
        for name in names:
            (folder / name).parent.mkdir(exist_ok=True, parents=True)
            (folder / name).write_text("changed\n", encoding="utf-8")

    return change


def link(folder: Path) -> None:
    """Make the list a link to another file."""
    (folder / "registry.yaml").unlink()
    (folder / "registry.yaml").symlink_to("code.py")


CASES: dict[str, tuple[Change, bool]] = {
    "the list": (write("registry.yaml"), True),
    "all of it": (write("registry.yaml", "glossary.yaml", "judgements.jsonl"), True),
    "a part of the list": (write("registry.d/new.yaml"), True),
    "a part that goes": (lambda folder: (folder / "registry.d/more.yaml").unlink(), True),
    "nothing": (write(), False),
    "code": (write("code.py"), False),
    "code after the list": (write("registry.yaml", "zebra.py"), False),
    "code before the list": (write("code.py", "registry.yaml"), False),
    "a name like the list's": (write("x:registry.yaml"), False),
    "a name of two lines": (write("x\nregistry.yaml"), False),
    "a list elsewhere": (write("aggregator/registry.yaml"), False),
    "code among the parts": (write("registry.d/conftest.py"), False),
    "code that became a part": (
        lambda folder: (folder / "code.py").rename(folder / "registry.d" / "code.yaml"),
        False,
    ),
    "a link": (link, False),
    "a program": (lambda folder: (folder / "registry.yaml").chmod(0o755), False),
    "a workflow": (write(".github/workflows/tests.yml"), False),
}


@pytest.mark.parametrize("case", CASES)
def test_only_a_change_of_the_list_alone_leaves_tests_out(machine: Machine, case: str) -> None:
    """What is anything else as well, by whatever name, gets all tests."""
    change, alone = CASES[case]
    folder = machine.home / "checkout"
    merge(folder, change)
    done = machine.step("tests.yml", LOOK, folder=folder)
    assert done.returncode == 0, done.stderr
    assert machine.said("output") == f"list_only={str(alone).lower()}\n"


def test_what_came_into_the_branch_meanwhile_is_not_the_pull_requests(machine: Machine) -> None:
    """Code that the branch has won since is tested there."""
    folder = machine.home / "checkout"
    merge(folder, write("registry.yaml"), meanwhile="other.py")
    assert machine.step("tests.yml", LOOK, folder=folder).returncode == 0
    assert machine.said("output") == "list_only=true\n"


def test_what_is_no_merge_is_not_judged(machine: Machine) -> None:
    """Where the two sides are not known the step fails, and the required check with it."""
    folder = machine.home / "checkout"
    merge(folder, write("registry.yaml"))
    git(folder, "reset", "--quiet", "--hard", "HEAD^1")
    assert machine.step("tests.yml", LOOK, folder=folder).returncode != 0
    assert machine.said("output") == ""


@pytest.mark.parametrize(
    ("scope", "list_only", "tests", "lowest", "passes"),
    [
        ("success", "false", "success", "success", True),
        ("success", "", "success", "success", True),  # a push
        ("success", "true", "skipped", "skipped", True),
        ("success", "false", "skipped", "skipped", False),
        ("success", "", "skipped", "skipped", False),
        ("success", "true", "failure", "skipped", False),
        ("success", "false", "success", "failure", False),
        ("success", "false", "cancelled", "success", False),
        ("failure", "", "skipped", "skipped", False),
        ("failure", "true", "skipped", "skipped", False),
    ],
)
def test_the_required_check_is_always_told(  # noqa: PLR0917 - one row of the table
    machine: Machine, scope: str, list_only: str, tests: str, lowest: str, passes: bool
) -> None:
    """It passes when all tests did, or when they were left out for the one good reason."""
    told = {"SCOPE": scope, "LIST_ONLY": list_only, "RESULT": tests, "LOWEST": lowest}
    assert (machine.step("tests.yml", VERDICT, **told).returncode == 0) == passes


def test_the_required_check_keeps_its_name_and_needs_every_job() -> None:
    """Branch rules know it by name, and no job is outside of it."""
    found = jobs("tests.yml")
    required = found["required"]
    assert required["name"] == "All tests"
    assert required["if"] == "always()"
    assert set(required["needs"]) == set(found) - {"required"}
