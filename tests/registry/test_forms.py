"""From a form on GitHub to a change of the registry, whoever filled it in."""

import html
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.joining.forms import (
    ADD,
    CLEAR_STAGE,
    EDIT,
    FORMS,
    REMOVE,
    FormField,
    issue_forms,
    read_form,
)
from aggregator.joining.from_issue import IssueContext, from_issue
from aggregator.joining.proposal import ANSWER_MARK
from aggregator.registry.loader import load, load_texts
from aggregator.registry.registry import Registry
from aggregator.registry.sightings import Sighting, Sightings
from aggregator.words.errors import SourceError
from aggregator.words.names import RepoName
from tests.registry.conftest import REGISTRY

TODAY = date(2026, 11, 22)
NO_ANSWER = "_No response_"


def body_of(fields: Sequence[FormField], **answers: str) -> str:
    """Write the body that GitHub makes of a filled-in form."""
    parts = (f"### {one.label}\n\n{answers.get(one.id) or NO_ANSWER}" for one in fields)
    return "\n\n".join(parts) + "\n"


def test_a_filled_in_form_becomes_an_entry(registry_file: Path) -> None:
    """Somebody without git lists a project with everything the form asks for."""
    body = body_of(
        ADD.fields,
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
    outcome = from_issue(body, IssueContext(registry_file, today=TODAY))
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
    outcome = from_issue(body_of(ADD.fields, repository="octo/beta"), IssueContext(registry_file))
    outcome.apply()
    assert "  - octo/beta\n" in registry_file.read_text()
    assert outcome.files["answer.md"].startswith(ANSWER_MARK)


def test_a_wrong_form_is_answered_in_plain_words_all_at_once(registry_file: Path) -> None:
    """Everything that is wrong with a form is said in one answer, and nothing is changed."""
    body = body_of(
        ADD.fields,
        repository="my project",
        summary="x" * 400,
        organisation="Nobody",
        stage="someday",
        people="not a name!",
        docs="javascript:alert(1)",
    )
    outcome = from_issue(body, IssueContext(registry_file))
    assert outcome.exit_code == 2
    assert not outcome.edits
    assert outcome.files["title.txt"] == ""
    assert outcome.answer.count("\n- ") == 6
    outcome.apply()
    assert registry_file.read_text() == REGISTRY


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("your-name/your-repository", "it is the example of the instructions"),
        ("https://github.com/owner/name", "it is the example of the instructions"),
        ("https://gist.github.com/octo/0123456789abcdef", "a gist is no repository, so make one"),
        ("It is at gist.github.com/octo/0123456789abcdef.", "a gist is no repository, so make one"),
        ("git@gist.github.com:0123456789abcdef.git", "a gist is no repository, so make one"),
    ],
)
def test_what_is_no_repository_of_theirs_is_answered_with_what_to_do(
    registry_file: Path, said: str, answer: str
) -> None:
    """The example of the form itself, and a gist in whatever spelling, list nothing."""
    outcome = from_issue(body_of(ADD.fields, repository=said), IssueContext(registry_file))
    assert outcome.exit_code == 2
    assert answer in html.unescape(outcome.answer).replace("\\", "")
    assert not outcome.edits


def test_an_entry_is_changed_by_form(registry_file: Path) -> None:
    """Only what is filled in changes."""
    body = body_of(EDIT.fields, project="OCTO/gamma", summary="Now with a sentence")
    from_issue(body, IssueContext(registry_file)).apply()
    entry = load(registry_file).entry(RepoName("octo", "gamma"))
    assert entry is not None
    assert (entry.title, entry.summary, entry.tags) == ("Gamma", "Now with a sentence", ("x", "y"))
    assert "# a favourite" in registry_file.read_text()


def test_an_entry_is_removed_by_form(registry_file: Path) -> None:
    """A project leaves with its entry, and the others stay."""
    outcome = from_issue(
        body_of(REMOVE.fields, project="octo/alpha", reason="x"), IssueContext(registry_file)
    )
    assert outcome.title == "Remove octo/alpha"
    outcome.apply()
    assert load(registry_file).entry(RepoName("octo", "alpha")) is None
    assert len(load(registry_file).projects) == 2


@pytest.mark.parametrize("project", ["octo/nothing", "", "../../etc", "https://example.org"])
def test_only_what_is_listed_can_be_changed(registry_file: Path, project: str) -> None:
    """A form about a project that is not there is answered, not guessed at."""
    for fields in (EDIT.fields, REMOVE.fields):
        outcome = from_issue(
            body_of(fields, project=project, summary="x"), IssueContext(registry_file)
        )
        assert outcome.exit_code == 2
        assert "is not in the showcase" in outcome.answer


def test_an_entry_in_another_file_is_changed_there(registry_file: Path) -> None:
    """Forms find entries in registry.d/ too."""
    folder = registry_file.parent / "registry.d"
    folder.mkdir()
    (folder / "mine.yaml").write_text("projects:\n  - octo/mine\n")
    from_issue(
        body_of(EDIT.fields, project="octo/mine", stage="idea"), IssueContext(registry_file)
    ).apply()
    assert "stage: idea" in (folder / "mine.yaml").read_text()
    assert registry_file.read_text() == REGISTRY


def test_issues_that_are_no_forms_are_left_alone(registry_file: Path) -> None:
    """A question or a report about the site gets no answer from a machine."""
    for body in ("", "Hello!", "### What happened\n\nIt broke", "# Repository\n\na/b"):
        outcome = from_issue(body, IssueContext(registry_file))
        assert (outcome.exit_code, outcome.answer, outcome.edits) == (0, "", {})


def test_headings_inside_an_answer_are_just_text(registry_file: Path) -> None:
    """Nobody fills in a second repository, or another field, from within a story."""
    story = "### Repository\n\nevil/x\n\n### Stage\n\nin use\n\n### Story\n\nmore"
    body = body_of(ADD.fields, repository="octo/beta", story=story)
    answers = read_form(body, ADD.fields)
    assert (answers["repository"], answers["stage"]) == ("octo/beta", "")
    from_issue(body, IssueContext(registry_file)).apply()
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
    answers = {one.id: text for one in ADD.fields if one.kind == "textarea"}
    body = body_of(ADD.fields, repository="octo/beta", **answers)
    read = read_form(body, ADD.fields)
    assert {name: value for name, value in read.items() if value} in (
        {"repository": "octo/beta"},
        {"repository": "octo/beta", "story": text.strip()},
    )


def test_github_is_asked_before_a_pull_request_is_made(registry_file: Path) -> None:
    """A repository that nobody can see is answered; one that was renamed gets its new name."""

    def lookup(repos: Sequence[RepoName]) -> Sightings:
        known = {"octo/was": Sighting(name=RepoName("octo", "is"), fork=True, licence="MIT")}
        return {repo: known.get(str(repo), Sighting(exists=False)) for repo in repos}

    gone = from_issue(
        body_of(ADD.fields, repository="octo/gone"), IssueContext(registry_file, lookup)
    )
    assert gone.exit_code == 2
    assert "no public repository" in gone.answer
    moved = from_issue(
        body_of(ADD.fields, repository="octo/was"), IssueContext(registry_file, lookup)
    )
    assert moved.title == "Add octo/is"
    assert "it is a fork" in moved.answer


def test_a_silent_github_is_no_fault_of_the_member(registry_file: Path) -> None:
    """When GitHub does not answer, the form asks to be saved again later."""

    def lookup(repos: Sequence[RepoName]) -> Sightings:
        raise SourceError("GitHub gave no answer")

    outcome = from_issue(
        body_of(ADD.fields, repository="octo/beta"), IssueContext(registry_file, lookup)
    )
    assert outcome.exit_code == 2
    assert "a little later" in outcome.answer


def test_what_is_listed_already_leads_to_the_form_that_changes_it(registry_file: Path) -> None:
    """The answer names the form as GitHub does, without signs that only Markdown would read."""
    listed = str(load(registry_file).projects[0].repo)
    answer = from_issue(body_of(ADD.fields, repository=listed), IssueContext(registry_file)).answer
    told = f"{listed} is in the showcase already. To change what is said about it, open the form"
    assert f'{told} "{EDIT.name}".' in html.unescape(answer)


def test_answers_mention_nobody(registry_file: Path) -> None:
    """A form cannot make our answer call people or show images."""
    body = body_of(ADD.fields, repository="@everyone ![x](http://e.example/x.png) #12")
    answer = from_issue(body, IssueContext(registry_file)).answer
    assert not re.search(r"@\w|!\[|\]\(|\s#\d", answer)


def test_forms_ask_in_the_words_that_are_read() -> None:
    """The labels of the forms are those that the reader looks for, and long answers come last."""
    forms = issue_forms(Registry())
    for form in FORMS:
        body = yaml.safe_load(forms[form.file])["body"]
        asked = [part["attributes"]["label"] for part in body if part["type"] != "markdown"]
        assert asked == [one.label for one in form.fields]
        kinds = [part["type"] == "textarea" for part in body]
        assert kinds == sorted(kinds)
        ids = [part["id"] for part in body if part["type"] != "markdown"]
        reserved = {"title", "body", "labels", "milestone", "assignees", "projects", "template"}
        assert not set(ids) & reserved


def test_forms_offer_the_stages_of_the_showcase() -> None:
    """A community with its own stages is asked for those."""
    registry = load_texts({"r": "showcase: {title: T, stages: [seed, tree]}\n"})
    form = yaml.safe_load(issue_forms(registry)["add-project.yml"])
    stage = next(part for part in form["body"] if part.get("id") == "stage")
    assert stage["attributes"]["options"] == ["seed", "tree"]


@pytest.mark.parametrize(
    "written",
    [
        "[Bed counts](https://github.com/octo/beta)",
        "Bed counts: https://github.com/octo/beta",
        "My repo is https://github.com/octo/beta.",
        "The repo is octo/beta, and it counts beds and/or wards",
        "`octo/beta`",
        "**octo/beta**!",
        "@octo/beta",
        "octo / beta",
        "<https://github.com/octo/beta/tree/main/docs?tab=x#readme>",
        "git clone --depth 1 https://github.com/octo/beta.git",
        "$ gh repo clone octo/beta",
        "git@github.com:octo/beta.git",
        "ssh://git@ssh.github.com:443/octo/beta.git",
        "pip install git+https://github.com/octo/beta.git@main",
        "https://raw.githubusercontent.com/octo/beta/main/README.md",
        "We made this:\n\n- https://github.com/octo/beta\n- https://github.com/octo/beta/issues\n\nThanks",
        "see https://github.com/octo/beta (docs at https://beta.example/a/b)",
    ],
)
def test_a_repository_is_found_in_whatever_stands_around_it(
    registry_file: Path, written: str
) -> None:
    """Whoever pastes an address with words, signs or a command around it is understood."""
    outcome = from_issue(body_of(ADD.fields, repository=written), IssueContext(registry_file))
    assert outcome.title == "Add octo/beta"
    outcome.apply()
    assert load(registry_file).entry(RepoName("octo", "beta")) is not None


@pytest.mark.parametrize(
    "written",
    ["octo/beta, octo/delta", "https://github.com/octo/beta\nhttps://github.com/octo/delta",
     "- octo/beta\n- octo/delta", "[a](https://github.com/octo/beta) & github.com/octo/delta"],
)  # fmt: skip
def test_a_form_takes_one_repository_and_says_so(registry_file: Path, written: str) -> None:
    """Two repositories in one form are answered in the words of forms, not of the file."""
    outcome = from_issue(body_of(ADD.fields, repository=written), IssueContext(registry_file))
    assert outcome.exit_code == 2
    answer = html.unescape(outcome.answer)
    assert "A form takes one repository, and this one names 2: octo/beta, octo/delta" in answer
    assert "open another form for each of the others" in answer
    assert "dash" not in answer


@pytest.mark.parametrize(
    "nothing",
    ["N/A", "n.a.", "None", "NONE.", "no", "-", "\u2014", "...", "_no response_", "*No response*",
     "TBC", "Not applicable", "`nil`", "(none)", "<!-- nothing -->", "not yet", "n/a\n"],
)  # fmt: skip
def test_no_answer_is_no_answer_in_any_spelling(registry_file: Path, nothing: str) -> None:
    """Nobody's summary, tag or documentation is `N/A`."""
    empty = {one.id: nothing for one in ADD.fields[1:]}
    outcome = from_issue(
        body_of(ADD.fields, repository="octo/beta", **empty), IssueContext(registry_file)
    )
    outcome.apply()
    assert "  - octo/beta\n" in registry_file.read_text()
    body = body_of(ADD.fields, repository=nothing)
    assert "Repository: it is empty" in html.unescape(
        from_issue(body, IssueContext(registry_file)).answer
    )


def test_words_above_a_form_do_not_silence_it(registry_file: Path) -> None:
    """Somebody who edits the issue to say sorry is still read."""
    body = "Corrected, sorry!\n\nThanks\n\n" + body_of(ADD.fields, repository="octo/beta")
    assert from_issue(body, IssueContext(registry_file)).title == "Add octo/beta"


def test_answers_are_taken_as_they_are_meant(registry_file: Path) -> None:
    """Links, bullets, signs and quotation marks around an answer are not part of it."""
    body = body_of(
        ADD.fields,
        repository="octo/beta",
        project_title="`Beta`",
        summary="We are #1: in\nwaits",
        tags="- #spc\n- Waiting lists\n- n/a",
        people="@ann @bob and [Cy](https://github.com/cy)",
        docs="See [the docs](https://beta.example/docs).",
    )
    from_issue(body, IssueContext(registry_file)).apply()
    entry = load(registry_file).entry(RepoName("octo", "beta"))
    assert entry is not None
    assert (entry.title, entry.summary) == ("Beta", "We are #1: in waits")
    assert (entry.tags, entry.people) == (("spc", "waiting-lists"), ("ann", "bob", "cy"))
    assert entry.links.docs == "https://beta.example/docs"


KINDS = """\
showcase:
  title: Ours
  repository: octo/showcase
organisations:
  - slug: bay
    name: Bay Hospital Trust
    kind: Trust
    acronym: BHT
    url: https://bay.example/
  - slug: cove
    name: Cove and Dale Council
    kind: Council
projects:
  # the oldest
  - octo/alpha   # first
"""


@pytest.fixture
def kinds_file(tmp_path: Path) -> Path:
    """A registry with organisations of two kinds."""
    path = tmp_path / "registry.yaml"
    path.write_text(KINDS)
    return path


@pytest.mark.parametrize("where", ["registry.yaml", "registry.d/mine.yaml"])
def test_a_member_can_name_an_organisation_that_is_not_listed(kinds_file: Path, where: str) -> None:
    """Its full name, kind and website are listed along with the project, in either form."""
    new = {
        "new_organisation": "Bay & Dale Ambulance",
        "new_organisation_kind": "trust",
        "new_organisation_url": "ambulance.example",
    }
    (kinds_file.parent / "registry.d").mkdir()
    held = kinds_file.read_text() if where == "registry.yaml" else "projects:\n"
    (kinds_file.parent / where).write_text(f"{held}  - octo/mine\n")
    for body in (
        body_of(ADD.fields, repository="octo/beta", **new),
        body_of(EDIT.fields, project="octo/mine", **new),
    ):
        outcome = from_issue(body, IssueContext(kinds_file))
        assert outcome.exit_code == 0, outcome.answer
        outcome.apply()
    registry = load(kinds_file)
    assert registry.mistakes == ()
    body_made = registry.organisation("bay-and-dale-ambulance")
    assert body_made is not None
    assert (body_made.name, body_made.kind) == ("Bay & Dale Ambulance", "Trust")
    assert body_made.url == "https://ambulance.example"
    assert len(registry.organisations) == 3
    for name in ("beta", "mine"):
        entry = registry.entry(RepoName("octo", name))
        assert entry is not None
        assert registry.organisation_of(entry) == body_made
    assert "  # the oldest\n  - octo/alpha   # first\n" in kinds_file.read_text()


@pytest.mark.parametrize(
    "name",
    ["Bay Hospital Trust", "the bay hospital trust.", "BHT", "bay", "Bay Hosptial Trust",
     "Bay-Hospital Trust"],
)  # fmt: skip
def test_an_organisation_is_never_listed_twice(kinds_file: Path, name: str) -> None:
    """Another spelling of a name that is there goes to the one that is there."""
    body = body_of(ADD.fields, repository="octo/beta", new_organisation=name)
    from_issue(body, IssueContext(kinds_file)).apply()
    registry = load(kinds_file)
    assert len(registry.organisations) == 2
    entry = registry.entry(RepoName("octo", "beta"))
    assert entry is not None
    assert entry.organisation == "bay"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            {"new_organisation": "Bay Hospital"},
            "is `Bay Hospital` the same as `Bay Hospital Trust`",
        ),
        ({"new_organisation_kind": "Trust"}, "its full name is missing"),
        ({"organisation": "East Wing"}, "write its full name under Another organisation"),
        ({"organisation": "bay", "new_organisation": "East Wing"}, "it can have one"),
        (
            {"new_organisation": "East Wing", "new_organisation_url": "javascript:x"},
            "is not a web address",
        ),
    ],
    ids=["beginning", "no-name", "unknown", "both", "website"],
)
def test_an_organisation_that_is_not_clear_is_asked_about(
    kinds_file: Path, answers: dict[str, str], said: str
) -> None:
    """Nothing is guessed about an organisation; the answer names the field to fill in."""
    body = body_of(ADD.fields, repository="octo/beta", **answers)
    outcome = from_issue(body, IssueContext(kinds_file))
    assert outcome.exit_code == 2
    assert said in html.unescape(outcome.answer)


def test_a_field_can_be_emptied(registry_file: Path) -> None:
    """The word that the form names takes a field out, and nothing else changes."""
    words = {"project_title": "remove", "tags": "`Remove`", "stage": CLEAR_STAGE}
    from_issue(
        body_of(EDIT.fields, project="octo/gamma", **words), IssueContext(registry_file)
    ).apply()
    assert "  - repo: octo/gamma   # a favourite\n" in registry_file.read_text()
    entry = load(registry_file).entry(RepoName("octo", "gamma"))
    assert entry is not None
    assert (entry.title, entry.tags, entry.stage) == (None, (), None)
    form = issue_forms(Registry())[EDIT.file]
    assert "Write the word `remove` into a field to empty it." in " ".join(form.split())
    assert CLEAR_STAGE in form
    assert CLEAR_STAGE not in issue_forms(Registry())[ADD.file]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("New", "Hello, please add https://github.com/octo/beta to the list"),
        ("Add my project", "https://github.com/octo/beta"),
        ("https://github.com/octo/beta", "Could you showcase this?"),
        ("New project: https://github.com/octo/beta", "We made this at our hospital"),
        ("Add: beta", "octo/beta"),
        ("Add project", "**Repository:** octo/beta\n**Summary:** Draws charts"),
        ("x", "### About\n\nI would like [beta](https://github.com/octo/beta) to be included"),
    ],
)
def test_a_wish_without_a_form_gets_the_form(kinds_file: Path, title: str, body: str) -> None:
    """Somebody who asks in their own words is led to the form, filled in, and nothing changes."""
    outcome = from_issue(body, IssueContext(kinds_file, title=title))
    link = "https://github.com/octo/showcase/issues/new?template=add-project.yml"
    assert f"({link}&repository=octo%2Fbeta)" in outcome.answer
    assert outcome.exit_code == 2
    assert not outcome.edits


@pytest.mark.parametrize(
    "body",
    [
        "https://github.com/octo/alpha is on the list, thank you",
        "Please add a map to https://github.com/octo/showcase",
        "The list is broken for https://github.com/octo/beta",
        "I like https://github.com/octo/beta",
        "Please add my project",
    ],
)
def test_other_issues_stay_for_people(kinds_file: Path, body: str) -> None:
    """What is no wish for a new listing gets no answer from a machine."""
    assert from_issue(body, IssueContext(kinds_file)).answer == ""


def test_a_list_that_cannot_be_edited_is_no_fault_of_the_form(registry_file: Path) -> None:
    """When the registry itself is broken, the member is told that nothing is wrong with theirs."""
    registry_file.write_text("just words\n")
    outcome = from_issue(body_of(ADD.fields, repository="octo/beta"), IssueContext(registry_file))
    assert outcome.exit_code == 2
    assert "Nothing is wrong with your answers" in html.unescape(outcome.answer)


def test_a_pull_request_says_when_a_stranger_asked(registry_file: Path) -> None:
    """Who looks at a removal sees whether its people asked for it."""
    body = body_of(REMOVE.fields, project="octo/alpha")
    assert from_issue(body, IssueContext(registry_file, author="octo")).note == ""
    assert "whom the entry of" in from_issue(body, IssueContext(registry_file, author="eve")).note


@pytest.mark.parametrize("said", ["please remove this", "delete this field", "Clear the summary."])
def test_a_field_is_emptied_in_words_of_ones_own(registry_file: Path, said: str) -> None:
    """Who asks politely for a summary to go does not find the request published as the summary."""
    body = body_of(EDIT.fields, project="octo/gamma", tags=said)
    from_issue(body, IssueContext(registry_file)).apply()
    entry = load(registry_file).entry(RepoName("octo", "gamma"))
    assert entry is not None
    assert entry.tags == ()


@pytest.mark.parametrize("said", ["no change", "Same as before", "leave as it is"])
def test_a_field_that_shall_stay_stays(registry_file: Path, said: str) -> None:
    """Words for "leave this alone" are nobody's summary."""
    outcome = from_issue(
        body_of(EDIT.fields, project="octo/gamma", summary=said), IssueContext(registry_file)
    )
    assert outcome.exit_code == 2
    assert "write remove into it" in outcome.answer


def test_a_change_to_what_is_there_already_is_answered(registry_file: Path) -> None:
    """A form that changes nothing leads to an answer, not to an empty pull request."""
    outcome = from_issue(
        body_of(EDIT.fields, project="octo/gamma", project_title="Gamma"),
        IssueContext(registry_file),
    )
    assert outcome.exit_code == 2
    assert "says all of this already" in outcome.answer


@pytest.mark.parametrize(
    "project", ["gamma", "`Gamma`", "https://showcase.example.org/projects/octo/gamma/"]
)
def test_a_listed_project_is_found_as_its_page_calls_it(registry_file: Path, project: str) -> None:
    """The title, the bare name or the address of its page here plainly mean one entry."""
    outcome = from_issue(body_of(REMOVE.fields, project=project), IssueContext(registry_file))
    assert outcome.title == "Remove octo/gamma"


def test_an_organisation_in_one_line_is_taken_apart(registry_file: Path) -> None:
    """Name and website in one field become two values, never a name with an address in it."""
    written = "Royal Hospital of Newtown, https://newtown.example.org"
    body = body_of(ADD.fields, repository="octo/beta", new_organisation=written)
    from_issue(body, IssueContext(registry_file)).apply()
    body_added = load(registry_file).organisation("royal-hospital-of-newtown")
    assert body_added is not None
    assert body_added.name == "Royal Hospital of Newtown"
    assert body_added.url == "https://newtown.example.org"


def test_a_wrong_website_is_named_by_the_label_of_its_field(registry_file: Path) -> None:
    """The answer speaks of the field that the member sees, not of a key in a file."""
    body = body_of(
        ADD.fields,
        repository="octo/beta",
        new_organisation="Royal Hospital of Newtown",
        new_organisation_url="we have none",
    )
    answer = html.unescape(from_issue(body, IssueContext(registry_file)).answer)
    assert "Website of the other organisation: `we have none` is not a web address" in answer
