"""The steps of the weekly workflow, run as GitHub runs them, with a stand-in for its `gh`."""

import subprocess
from pathlib import Path

import pytest
import yaml

from aggregator.care.care_report import CARE_MARK, CARE_TITLE
from tests.announcing.test_workflow import serve_folder
from tests.registry.test_workflow_steps import WORKFLOWS, Runner, github, runner

__all__ = ["github", "runner"]  # fixtures

REPORT = f"{CARE_MARK}\n3 things could be mended, 1 of them with lines that are ready.\n"
NOTHING = f"{CARE_MARK}\nNothing needs mending. Written on 5 October 2026.\n"
STEP = "Open the issue, or write it anew"
# Knows of one issue where KNOWN says its number.
GH = """\
#!/bin/bash
echo "$*" >> "$LOG"
case "$*" in *"--jq"*) cat "$LOG.known" 2> /dev/null || true ;; esac
"""


def told(runner: Runner, report: str, known: str = "") -> list[str]:
    """Hand a report to the step that writes the issue, and give what `gh` was asked."""
    place = runner.variables["PATH"].partition(":")[0]
    with open(f"{place}/gh", "w", encoding="utf-8") as program:  # noqa: PTH123 - a script
        program.write(GH)
    (runner.folder / "gh.log.known").write_text(known)
    (runner.checkout.folder / "care.md").write_text(report)
    done = runner.step("care.yml", STEP, TITLE=CARE_TITLE, REPOSITORY="octo/showcase")
    assert done.returncode == 0, done.stderr
    return runner.said("gh.log").splitlines()[1:]


def test_the_first_report_opens_an_issue(runner: Runner) -> None:
    """Where no issue has the mark, one is opened with the title and the report."""
    (asked,) = told(runner, REPORT)
    assert asked.startswith("api --silent --method POST repos/octo/showcase/issues ")
    assert f"title={CARE_TITLE}" in asked


def test_the_next_report_is_written_into_the_same_issue(runner: Runner) -> None:
    """An open issue with the mark gets the new text, so that there is ever one."""
    (asked,) = told(runner, REPORT, "17\n")
    assert "PATCH repos/octo/showcase/issues/17 -F body=@care.md" in asked
    assert "state=closed" not in asked


def test_nothing_to_mend_opens_nothing_and_closes_what_is_open(runner: Runner) -> None:
    """A showcase without anything to mend has no issue that says so."""
    assert told(runner, NOTHING) == []
    (asked,) = told(runner, NOTHING, "17\n")[-1:]
    assert asked.endswith("-F body=@care.md -f state=closed")


LOOK = "Look, and write the report"


def test_the_report_is_drawn_from_what_was_published(runner: Runner, tmp_path: Path) -> None:
    """On a fresh machine the catalogue of the site comes back: what is gone is told."""
    data = tmp_path / "site" / "data"
    asked = subprocess.run(
        ["bash", "-c", f"aggregator update --state {data}"],
        cwd=runner.checkout.folder,
        env=runner.variables,
        capture_output=True,
        text=True,
    )
    assert (data / "catalogue.db").is_file(), asked.stderr
    runner.variables["GITHUB_SERVER_URL"] = "http://127.0.0.1:9"  # nobody to ask about a network
    with serve_folder(data.parent) as address:
        done = runner.step("care.yml", LOOK, SHOWCASE_URL=address)
    assert done.returncode == 0, done.stderr
    report = (runner.checkout.folder / "care.md").read_text()
    assert report.startswith(CARE_MARK)
    assert "GitHub shows no such public repository" in report


def test_a_week_without_the_published_site_leaves_the_issue_as_it_is(runner: Runner) -> None:
    """Where nobody can tell what was published nothing is written: no mend is taken for done."""
    done = runner.step("care.yml", LOOK, SHOWCASE_URL="http://127.0.0.1:9/")
    assert done.returncode != 0
    assert "cannot be downloaded" in done.stderr
    assert not (runner.checkout.folder / "care.md").exists()


def test_an_issue_that_cannot_be_looked_for_is_not_opened_twice(runner: Runner) -> None:
    """When GitHub does not say which issues there are, none is opened beside last week's."""
    place = runner.variables["PATH"].partition(":")[0]
    refusing = GH.replace('case "$*"', 'if [[ "$*" == *"--jq"* ]]; then exit 1; fi\ncase "$*"')
    Path(place, "gh").write_text(refusing, encoding="utf-8")
    (runner.checkout.folder / "care.md").write_text(REPORT)
    done = runner.step("care.yml", STEP, TITLE=CARE_TITLE, REPOSITORY="octo/showcase")
    assert done.returncode != 0
    assert "POST" not in runner.said("gh.log")


def test_the_mark_and_the_title_are_those_of_the_report() -> None:
    """The workflow finds the issue by the very mark that the program writes."""
    text = (WORKFLOWS / "care.yml").read_text(encoding="utf-8")
    assert f'startswith("{CARE_MARK}")' in text
    assert f"TITLE: {CARE_TITLE}" in text


@pytest.mark.parametrize(
    ("job", "rights"),
    [("look", {"contents": "read", "pages": "read"}), ("tell", {"issues": "write"})],
)
def test_each_job_may_do_what_it_needs(job: str, rights: dict[str, str]) -> None:
    """What runs our code may only read; what may write runs none of it."""
    found = yaml.safe_load((WORKFLOWS / "care.yml").read_text(encoding="utf-8"))
    assert found["permissions"] == {}
    assert found["jobs"][job]["permissions"] == rights
