"""From a form on GitHub to a change of the registry, whoever filled it in."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import SourceError
from aggregator.registry import Registry, RepoName, load, load_texts
from aggregator.registry.forms import (
    ADD_FIELDS,
    EDIT_FIELDS,
    FORM_FIELDS,
    NO_ANSWER,
    REMOVE_FIELDS,
    FormField,
    issue_forms,
)
from aggregator.registry.from_issue import Asked, from_issue, read_form
from aggregator.registry.proposal import ANSWER_MARK
from aggregator.registry.sightings import Sighting, Sightings
from tests.registry.conftest import REGISTRY

TODAY = date(2026, 11, 22)


def body_of(fields: Sequence[FormField], **answers: str) -> str:
    """Write the body that GitHub makes of a filled-in form."""
    parts = (f"### {one.label}\n\n{answers.get(one.id) or NO_ANSWER}" for one in fields)
    return "\n\n".join(parts) + "\n"


def test_a_filled_in_form_becomes_an_entry(registry_file: Path) -> None:
    """Somebody without git lists a project with everything the form asks for."""
    body = body_of(
        ADD_FIELDS,
        repository="https://github.com/octo/beta/",
        project_title="Beta",
        summary="Counts beds: every night",
        organisation="Example Community NHS Foundation Trust",
        stage="in use",
        tags="Time series, beds",
        people="@ann, bob",
        docs="https://example.org/docs",
        story="It began small.\r\n\r\n- then it grew",
    )
    outcome = from_issue(body, Asked(registry_file, today=TODAY))
    assert outcome.exit_code == 0
    assert outcome.title == "Add octo/beta"
    outcome.apply()
    entry = load(registry_file).entry(RepoName("octo", "beta"))
    assert entry is not None
    assert (entry.title, entry.summary) == ("Beta", "Counts beds: every night")
    assert (entry.organisation, entry.stage) == ("example-trust", "in use")
    assert (entry.tags, entry.people) == (("time-series", "beds"), ("ann", "bob"))
    assert (entry.added, entry.links.docs) == (TODAY, "https://example.org/docs")
    assert entry.story == "It began small.\n\n- then it grew"


def test_the_shortest_form_is_enough(registry_file: Path) -> None:
    """Only the repository is needed."""
    outcome = from_issue(body_of(ADD_FIELDS, repository="octo/beta"), Asked(registry_file))
    outcome.apply()
    assert "  - octo/beta\n" in registry_file.read_text()
    assert outcome.files["answer.md"].startswith(ANSWER_MARK)


def test_a_wrong_form_is_answered_in_plain_words_all_at_once(registry_file: Path) -> None:
    """Everything that is wrong with a form is said in one answer, and nothing is changed."""
    body = body_of(
        ADD_FIELDS,
        repository="my project",
        summary="x" * 400,
        organisation="Nobody",
        stage="someday",
        people="not a name!",
        docs="javascript:alert(1)",
    )
    outcome = from_issue(body, Asked(registry_file))
    assert outcome.exit_code == 2
    assert not outcome.edits
    assert outcome.files["title.txt"] == ""
    assert outcome.answer.count("\n- ") == 6
    outcome.apply()
    assert registry_file.read_text() == REGISTRY


def test_an_entry_is_changed_by_form(registry_file: Path) -> None:
    """Only what is filled in changes."""
    body = body_of(EDIT_FIELDS, project="OCTO/gamma", summary="Now with a sentence")
    from_issue(body, Asked(registry_file)).apply()
    entry = load(registry_file).entry(RepoName("octo", "gamma"))
    assert entry is not None
    assert (entry.title, entry.summary, entry.tags) == ("Gamma", "Now with a sentence", ("x", "y"))
    assert "# a favourite" in registry_file.read_text()


def test_an_entry_is_removed_by_form(registry_file: Path) -> None:
    """A project leaves with its entry, and the others stay."""
    outcome = from_issue(
        body_of(REMOVE_FIELDS, project="octo/alpha", reason="x"), Asked(registry_file)
    )
    assert outcome.title == "Remove octo/alpha"
    outcome.apply()
    assert load(registry_file).entry(RepoName("octo", "alpha")) is None
    assert len(load(registry_file).projects) == 2


@pytest.mark.parametrize("project", ["octo/nothing", "", "../../etc", "https://example.org"])
def test_only_what_is_listed_can_be_changed(registry_file: Path, project: str) -> None:
    """A form about a project that is not there is answered, not guessed at."""
    for fields in (EDIT_FIELDS, REMOVE_FIELDS):
        outcome = from_issue(body_of(fields, project=project, summary="x"), Asked(registry_file))
        assert outcome.exit_code == 2
        assert "is not in the showcase" in outcome.answer


def test_an_entry_in_another_file_is_changed_there(registry_file: Path) -> None:
    """Forms find entries in registry.d/ too."""
    folder = registry_file.parent / "registry.d"
    folder.mkdir()
    (folder / "mine.yaml").write_text("projects:\n  - octo/mine\n")
    from_issue(
        body_of(EDIT_FIELDS, project="octo/mine", stage="idea"), Asked(registry_file)
    ).apply()
    assert "stage: idea" in (folder / "mine.yaml").read_text()
    assert registry_file.read_text() == REGISTRY


def test_issues_that_are_no_forms_are_left_alone(registry_file: Path) -> None:
    """A question or a report about the site gets no answer from a machine."""
    for body in ("", "Hello!", "### What happened\n\nIt broke", "# Repository\n\na/b"):
        outcome = from_issue(body, Asked(registry_file))
        assert (outcome.kind, outcome.exit_code, outcome.answer) == (None, 0, "")


def test_headings_inside_an_answer_are_just_text(registry_file: Path) -> None:
    """Nobody fills in a second repository, or another field, from within a story."""
    story = "### Repository\n\nevil/x\n\n### Stage\n\nin use\n\n### Story\n\nmore"
    body = body_of(ADD_FIELDS, repository="octo/beta", story=story)
    answers = read_form(body, ADD_FIELDS)
    assert (answers["repository"], answers["stage"]) == ("octo/beta", "")
    from_issue(body, Asked(registry_file)).apply()
    registry = load(registry_file)
    assert registry.entry(RepoName("evil", "x")) is None
    entry = registry.entry(RepoName("octo", "beta"))
    assert entry is not None
    assert entry.story == story
    assert entry.stage is None


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="ab/#:-\n @`$(){}<>\"'|é", max_size=60))
def test_no_story_becomes_another_field(text: str) -> None:
    """Whatever a story says, it stays a story."""
    answers = {one.id: text for one in ADD_FIELDS if one.kind == "textarea"}
    body = body_of(ADD_FIELDS, repository="octo/beta", **answers)
    read = read_form(body, ADD_FIELDS)
    assert {name: value for name, value in read.items() if value} in (
        {"repository": "octo/beta"},
        {"repository": "octo/beta", "story": text.strip()},
    )


def test_github_is_asked_before_a_pull_request_is_made(registry_file: Path) -> None:
    """A repository that nobody can see is answered; one that was renamed gets its new name."""

    def lookup(repos: Sequence[RepoName]) -> Sightings:
        known = {"octo/was": Sighting(name=RepoName("octo", "is"), fork=True, licence="MIT")}
        return {repo: known.get(str(repo), Sighting(exists=False)) for repo in repos}

    gone = from_issue(body_of(ADD_FIELDS, repository="octo/gone"), Asked(registry_file, lookup))
    assert gone.exit_code == 2
    assert "no public repository" in gone.answer
    moved = from_issue(body_of(ADD_FIELDS, repository="octo/was"), Asked(registry_file, lookup))
    assert moved.title == "Add octo/is"
    assert "it is a fork" in moved.answer


def test_a_silent_github_is_no_fault_of_the_member(registry_file: Path) -> None:
    """When GitHub does not answer, the form asks to be saved again later."""

    def lookup(repos: Sequence[RepoName]) -> Sightings:
        raise SourceError("GitHub gave no answer")

    outcome = from_issue(body_of(ADD_FIELDS, repository="octo/beta"), Asked(registry_file, lookup))
    assert outcome.exit_code == 2
    assert "a little later" in outcome.answer


def test_answers_mention_nobody(registry_file: Path) -> None:
    """A form cannot make our answer call people or show images."""
    body = body_of(ADD_FIELDS, repository="@everyone ![x](http://e.example/x.png) #12")
    answer = from_issue(body, Asked(registry_file)).answer
    assert not re.search(r"@\w|!\[|\]\(|\s#\d", answer)


def test_forms_ask_in_the_words_that_are_read() -> None:
    """The labels of the forms are those that the reader looks for, and the story comes last."""
    forms = issue_forms(Registry())
    for name, fields in FORM_FIELDS.items():
        body = yaml.safe_load(forms[name])["body"]
        asked = [part["attributes"]["label"] for part in body if part["type"] != "markdown"]
        assert asked == [one.label for one in fields]
        assert body[-1]["type"] == "textarea"
        ids = [part["id"] for part in body if part["type"] != "markdown"]
        reserved = {"title", "body", "labels", "milestone", "assignees", "projects", "template"}
        assert not set(ids) & reserved


def test_forms_offer_the_stages_of_the_showcase() -> None:
    """A community with its own stages is asked for those."""
    registry = load_texts({"r": "showcase: {title: T, stages: [seed, tree]}\n"})
    form = yaml.safe_load(issue_forms(registry)["add-project.yml"])
    stage = next(part for part in form["body"] if part.get("id") == "stage")
    assert stage["attributes"]["options"] == ["seed", "tree"]
