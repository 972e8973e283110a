"""Good news, talks and stories are announced in a form, and what stands in the file stays."""

import html
from datetime import date
from pathlib import Path

import pytest
import yaml

from aggregator.joining.announcements import day_meant, time_meant
from aggregator.joining.editor import add_entry, add_organisation, edit_entry, remove_entry
from aggregator.joining.forms import CELEBRATE, STORY, TALK, issue_forms
from aggregator.joining.from_issue import IssueContext, from_issue
from aggregator.registry.loader import load, load_texts
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.words.names import RepoName
from tests.registry.conftest import REGISTRY
from tests.registry.test_forms import TODAY, body_of

BESIDE = """\

# what we say beside them
people:
  - login: ann   # asked for it
paths:
  - slug: begin
    title: 'Begin here'
    steps:
      - repo: octo/alpha   # the first
        say: Begin.

# good words
tags:
  - {name: x,  means: A letter.}
"""


@pytest.fixture
def full_file(tmp_path: Path) -> Path:
    """A registry with people, paths and words, some of them written in a way of its own."""
    path = tmp_path / "registry.yaml"
    path.write_text(REGISTRY.replace("\nprojects:", f"{BESIDE}\nprojects:"), encoding="utf-8")
    return path


def entry_in(path: Path, name: str) -> Entry:
    entry = load(path).entry(RepoName("octo", name))
    assert entry is not None
    return entry


def kept(before: str, after: str) -> bool:
    """Tell whether every line of the text before stands in the text after, in its order."""
    lines = iter(after.split("\n"))
    return all(line in lines for line in before.split("\n"))


def test_good_news_is_one_answer(full_file: Path) -> None:
    """A sentence and its sort are enough; the day is today, and nothing else in the file moves."""
    before = full_file.read_text(encoding="utf-8")
    answers = {"project": "octo/gamma", "its_what": "award", "its_text": "Won: the\nprize."}
    outcome = from_issue(body_of(CELEBRATE.fields, **answers), IssueContext(full_file, today=TODAY))
    assert outcome.title == "Celebrate octo/gamma"
    assert "celebrate:" in outcome.by_hand
    outcome.apply()
    (news,) = entry_in(full_file, "gamma").celebrate
    assert (news.what, news.text, news.date) == ("award", "Won: the prize.", TODAY)
    after = full_file.read_text(encoding="utf-8")
    assert kept(before, after)
    assert "date: 2026-11-22\n" in after
    again = from_issue(body_of(CELEBRATE.fields, **answers), IssueContext(full_file, today=TODAY))
    assert "says this already" in again.answer


def test_more_good_news_leaves_the_first_as_it_was_written(full_file: Path) -> None:
    """Comments, quotes and even a piece that cannot be read stay beside what is added."""
    text = full_file.read_text(encoding="utf-8")
    news = """
    celebrate:
      - {what: award,  text: 'Won.'}   # in May
      - what: prize   # no such sort
        text: Mended by its people later.
"""
    full_file.write_text(text.replace("\n    tags: [x,  y]\n", news), encoding="utf-8")
    before = full_file.read_text(encoding="utf-8")
    answers = {"project": "octo/gamma", "its_what": "adoption", "its_text": "Taken up."}
    answers |= {"its_date": "1st of May"}
    wrong = from_issue(body_of(CELEBRATE.fields, **answers), IssueContext(full_file, today=TODAY))
    assert "- When: `1 of May` is not a date" in html.unescape(wrong.answer)
    answers |= {"its_date": "1st May 2026", "its_url": "See https://example.org/news."}
    from_issue(body_of(CELEBRATE.fields, **answers), IssueContext(full_file, today=TODAY)).apply()
    added = entry_in(full_file, "gamma").celebrate
    assert [one.text for one in added] == ["Won.", "Taken up."]
    assert (added[1].date, added[1].url) == (date(2026, 5, 1), "https://example.org/news")
    after = full_file.read_text(encoding="utf-8")
    assert "# in May" in after
    assert "# no such sort" in after
    assert kept(before, after)


@pytest.mark.parametrize(
    "written",
    [
        "  - repo: octo/omega\n    story: |\n      Text.\n      # a heading\n",
        "  - repo: octo/omega\n    celebrate: [{what: award, text: Won.}]\n",
        "  - repo: octo/omega\n    celebrate:\n    - what: award\n      text: Won.\n",
        "  - octo/omega   # bare\n",
        "  -   repo: octo/omega\n      title: Far in\n",
    ],
)
def test_good_news_is_added_to_whatever_is_there(full_file: Path, written: str) -> None:
    """A story that ends in a heading, a list in brackets, a bare name: nothing of it is lost."""
    text = full_file.read_text(encoding="utf-8").replace("  - octo/omega\n", written)
    full_file.write_text(text, encoding="utf-8")
    before = entry_in(full_file, "omega")
    answers = {"project": "octo/omega", "its_what": "milestone", "its_text": "A year old."}
    from_issue(body_of(CELEBRATE.fields, **answers), IssueContext(full_file, today=TODAY)).apply()
    after = entry_in(full_file, "omega")
    assert [one.text for one in after.celebrate] == [
        *(one.text for one in before.celebrate),
        "A year old.",
    ]
    assert (after.story, after.title) == (before.story, before.title)
    assert "# bare" not in text or "# bare" in full_file.read_text(encoding="utf-8")
    assert load(full_file).errors == ()


def test_a_talk_about_a_project_stands_with_it(full_file: Path) -> None:
    """Day and time are taken as people write them, and speakers by name."""
    answers = {
        "talk_title": "Plotting the dots",
        "project": "https://github.com/octo/alpha",
        "its_date": "Wednesday 9 December 2026",
        "its_time": "2.30 pm",
        "its_place": "Room 2",
        "its_speakers": "Ada Example, Grace Example",
        "its_url": "https://example.org/talk",
    }
    outcome = from_issue(body_of(TALK.fields, **answers), IssueContext(full_file, today=TODAY))
    assert outcome.title == "Add a talk about octo/alpha"
    outcome.apply()
    (talk,) = entry_in(full_file, "alpha").talks
    assert (talk.date, f"{talk.time:%H:%M}") == (date(2026, 12, 9), "14:30")
    assert talk.speakers == ("Ada Example", "Grace Example")
    assert 'time: "14:30"' in full_file.read_text(encoding="utf-8")
    assert load(full_file).errors == ()


def test_a_talk_of_no_project_begins_a_list_and_goes_on_in_it(full_file: Path) -> None:
    """The first one makes the list, the next goes behind it, and all else stays."""
    before = full_file.read_text(encoding="utf-8")
    for title in ("Show and tell", "Another"):
        body = body_of(TALK.fields, talk_title=title, its_date="2026-12-09")
        from_issue(body, IssueContext(full_file, today=TODAY)).apply()
    read = load(full_file)
    assert [talk.title for talk in read.talks] == ["Show and tell", "Another"]
    assert read.errors == ()
    assert kept(before, full_file.read_text(encoding="utf-8"))


def test_a_story_has_its_three_parts(full_file: Path) -> None:
    """What somebody tells stands under the headings of the form, with the teller and the day."""
    answers = {
        "project": "octo/gamma",
        "its_story_by": "Ada Example",
        "problem": "We counted by hand.\n\n### What we did\n\nNothing for years.",
        "work": "- one\n- two",
        "change": "Nobody counts.",
    }
    outcome = from_issue(
        body_of(STORY.fields, **answers), IssueContext(full_file, today=TODAY, author="mallory")
    )
    assert outcome.title == "Tell the story of octo/gamma"
    assert "please make sure that its people agree" in outcome.note
    outcome.apply()
    entry = entry_in(full_file, "gamma")
    assert (entry.story_by, entry.story_date) == ("Ada Example", TODAY)
    assert entry.story is not None
    parts = [line for line in entry.story.split("\n") if line.startswith("## ")]
    assert parts == ["## The problem", "## What we did", "## What changed"]
    for told in ("We counted by hand.", "Nothing for years.", "- two", "Nobody counts."):
        assert told in entry.story
    assert load(full_file).errors == ()


def test_entries_come_and_go_and_what_stands_beside_them_stays(full_file: Path) -> None:
    """The editors of entries and organisations leave people, paths and words as they are."""
    text = full_file.read_text(encoding="utf-8")
    beside = text[text.index("# what we say") : text.index("projects:")].strip()
    body = Organisation(slug="new-body", name="New Body")
    edited = add_organisation(add_entry(text, {"repo": "octo/beta", "title": "Beta"}), body)
    entry = load_texts({"registry.yaml": edited}).entry(RepoName("octo", "gamma"))
    assert entry is not None
    edited = remove_entry(edit_entry(edited, entry, {"title": "New"}), entry)
    assert beside in edited
    names = [one.repo.name for one in load_texts({"registry.yaml": edited}).projects]
    assert names == ["alpha", "beta", "omega"]


def test_a_part_of_a_story_without_words_has_no_heading(full_file: Path) -> None:
    """One part is enough."""
    body = body_of(STORY.fields, project="octo/gamma", problem="We counted.", change="n/a")
    from_issue(body, IssueContext(full_file, today=TODAY)).apply()
    assert entry_in(full_file, "gamma").story == "## The problem\n\nWe counted."


@pytest.mark.parametrize("form", [CELEBRATE, TALK, STORY], ids=lambda form: form.file)
def test_what_is_missing_is_said_by_its_label(full_file: Path, form: object) -> None:
    """An empty form is answered in one go, in the words of the form."""
    asked = {CELEBRATE: "What happened", TALK: "Title of the talk", STORY: "not in the showcase"}
    project = {} if form is STORY else {"project": "octo/gamma"}
    outcome = from_issue(body_of(form.fields, **project), IssueContext(full_file, today=TODAY))  # type: ignore[attr-defined]
    assert outcome.exit_code == 2
    assert asked[form] in outcome.answer  # type: ignore[index]
    assert outcome.edits == {}


def test_hostile_announcements_stay_text(full_file: Path) -> None:
    """No answer becomes another field, an address that is none, or a command."""
    answers = {
        "project": "octo/gamma",
        "its_what": "award",
        "its_text": "x\nrepo: octo/evil\n- repo: octo/worse ${{ github.token }}",
        "its_url": "javascript:alert(1)",
    }
    refused = from_issue(body_of(CELEBRATE.fields, **answers), IssueContext(full_file, today=TODAY))
    assert "Where to read about it" in refused.answer
    del answers["its_url"]
    from_issue(body_of(CELEBRATE.fields, **answers), IssueContext(full_file, today=TODAY)).apply()
    read = load(full_file)
    assert [entry.repo.name for entry in read.projects] == ["alpha", "gamma", "omega"]
    assert read.errors == ()
    assert "octo/worse" in entry_in(full_file, "gamma").celebrate[0].text


def test_the_forms_offer_what_the_file_takes() -> None:
    """Sorts of news are a choice, and what is needed cannot be left out."""
    form = yaml.safe_load(issue_forms(Registry())[CELEBRATE.file])
    parts = {part.get("id"): part for part in form["body"]}
    options = parts["its_what"]["attributes"]["options"]
    assert options == ["award", "publication", "adoption", "milestone"]
    needed = [name for name, part in parts.items() if part.get("validations")]
    assert needed == ["project", "its_what", "its_text"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-10-28", "2026-10-28"),
        ("28 October 2026", "2026-10-28"),
        ("28th Oct 2026", "2026-10-28"),
        ("October 28, 2026", "2026-10-28"),
        ("28/10/2026", "2026-10-28"),
        ("03/04/2026", "03/04/2026"),  # nobody knows which of the two is the month
        ("soon", "soon"),
    ],
)
def test_a_day_is_taken_as_it_is_plainly_meant(said: str, meant: str) -> None:
    """People write days in words; what could be two days is asked about."""
    assert day_meant(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("14:00", "14:00"), ("2pm", "14:00"), ("2.30 p.m.", "14:30"), ("12 am", "00:00"), ("x", "x")],
)
def test_a_time_is_taken_as_it_is_plainly_meant(said: str, meant: str) -> None:
    """Afternoons are understood."""
    assert time_meant(said) == meant
