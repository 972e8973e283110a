"""Listing projects, and what the file looks like afterwards."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.joining.add import Draft, plan_additions, questions, with_additions
from aggregator.joining.answers import read_answer
from aggregator.joining.editor import add_entry, edit_entry, remove_entry
from aggregator.joining.proposal import rewrite
from aggregator.registry.loader import load, load_texts
from aggregator.registry.sightings import Sighting, Sightings
from aggregator.words.errors import RegistryError
from aggregator.words.names import RepoName
from tests.registry.conftest import REGISTRY

TODAY = date(2026, 11, 22)
FULL = {
    "repo": "octo/beta",
    "summary": "Beds: how many? #1",
    "tags": ["spc", "beds"],
    "added": TODAY,
    "story": "It began.\n\nIt grew: a lot.",
    "talks": [{"title": "Beds: live", "date": date(2026, 1, 2)}],
    "links": {"docs": "https://example.org/"},
}


def test_a_project_lands_in_its_alphabetical_place_and_nothing_else_moves() -> None:
    """Comments, order, quotes and spaces of the file stay as their writers left them."""
    text = add_entry(REGISTRY, {"repo": "octo/beta"})
    before, after = REGISTRY.splitlines(), text.splitlines()
    assert [line for line in after if line not in before] == ["  - octo/beta"]
    assert after.index("  - octo/beta") == after.index("  - octo/alpha") + 1
    assert text.replace("  - octo/beta\n", "") == REGISTRY


def test_everything_that_can_be_said_reads_back_as_it_was_said() -> None:
    """A full entry is written as tidy YAML that means exactly what was meant."""
    entry = load_texts({"registry.yaml": add_entry(REGISTRY, FULL)}).entry(RepoName("octo", "beta"))
    assert entry is not None
    assert entry.summary == FULL["summary"]
    assert entry.story == FULL["story"]
    assert entry.talks[0].date == date(2026, 1, 2)
    assert entry.links.docs == "https://example.org/"
    assert entry.added == TODAY


@pytest.mark.parametrize(
    "text",
    ["", "projects: []\n", "projects:\n", "projects: [octo/a]  # ours\n", "projects:\n- octo/a",
     "showcase:\n  title: T # t\n", "projects:\n    - octo/a\n\n    - octo/z\n"],
)  # fmt: skip
def test_a_project_can_be_added_to_any_shape_of_file(text: str) -> None:
    """Whatever shape the list has, the project is in it afterwards, and the others are too."""
    before = load_texts({"r": text}).projects if text else ()
    registry = load_texts({"r": add_entry(text, FULL)})
    assert [m for m in registry.mistakes if m.severity == "error"] == []
    assert len(registry.projects) == len(before) + 1


def test_a_list_in_another_order_gets_it_at_the_end() -> None:
    """A list that is not alphabetical keeps its own order."""
    text = add_entry("projects:\n  - z/z\n  - b/b\n", {"repo": "c/c"})
    assert text == "projects:\n  - z/z\n  - b/b\n  - c/c\n"


def test_an_entry_is_edited_in_place() -> None:
    """Changing one field keeps the comments and the other fields of the entry."""
    entry = load_texts({"r": REGISTRY}).entry(RepoName("octo", "gamma"))
    assert entry is not None
    text = edit_entry(REGISTRY, entry, {"summary": "New", "title": "Gamma 2"})
    assert "  - repo: octo/gamma   # a favourite\n    title: 'Gamma 2'\n    summary: New\n" in text
    bare = load_texts({"r": REGISTRY}).entry(RepoName("octo", "omega"))
    assert bare is not None
    assert "  - repo: octo/omega\n    stage: idea\n" in edit_entry(
        REGISTRY, bare, {"stage": "idea"}
    )


def test_removing_what_was_added_gives_the_file_back() -> None:
    """Adding and removing leaves no trace."""
    text = add_entry(REGISTRY, FULL)
    entry = load_texts({"r": text}).entry(RepoName("octo", "beta"))
    assert entry is not None
    assert remove_entry(text, entry) == REGISTRY


def written(path: Path, draft: Draft) -> None:
    """Write a project into a registry on disk."""
    rewrite(path, lambda text: with_additions(text, [draft], TODAY))


def test_line_ends_and_rights_of_the_file_stay(registry_file: Path) -> None:
    """A file from Windows stays one, and keeps its permissions."""
    registry_file.write_bytes(b"\xef\xbb\xbf" + REGISTRY.replace("\n", "\r\n").encode())
    registry_file.chmod(0o640)
    written(registry_file, Draft(RepoName("octo", "beta")))
    content = registry_file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert registry_file.stat().st_mode & 0o777 == 0o640
    assert len(load(registry_file).projects) == 4
    assert [p.name for p in registry_file.parent.iterdir()] == ["registry.yaml"]


def test_a_refused_change_leaves_the_file_alone(registry_file: Path) -> None:
    """When something cannot be written safely, the file is as it was."""
    before = registry_file.read_bytes()
    wrong = Draft(RepoName("octo", "beta"), fields={"stage": "x", "title": "t" * 500})
    with pytest.raises(RegistryError, match="left as it is"):
        written(registry_file, wrong)
    assert registry_file.read_bytes() == before


def lookup(repos: Sequence[RepoName]) -> Sightings:
    """Know a few repositories."""
    known = {
        "octo/beta": Sighting(licence="MIT", description="x", has_readme=True),
        "octo/was": Sighting(name=RepoName("octo", "is"), fork=True),
        "octo/gone": Sighting(exists=False, public=False),
        "octo/old-omega": Sighting(name=RepoName("octo", "omega")),
    }
    return {repo: known[str(repo)] for repo in repos if str(repo) in known}


def test_several_at_once_each_get_an_answer(registry_file: Path) -> None:
    """Pasted addresses work, and each one that cannot be listed says why."""
    words = ["https://github.com/octo/beta.git", "octo/was", "octo/gone", "Octo/ALPHA", "nonsense",
             "octo/old-omega", "octo/beta"]  # fmt: skip
    drafts, refused = plan_additions(load(registry_file), words, lookup)
    assert [str(draft.repo) for draft in drafts] == ["octo/beta", "octo/is"]
    refusals = "\n".join(refused)
    for part in ("octo/gone: GitHub shows no public", "Octo/ALPHA: it is already", "nonsense",
                 "octo/old-omega: it is already"):  # fmt: skip
        assert part in refusals
    assert any("fork" in hint for hint in drafts[1].hints)


def test_questions_skip_what_is_known(registry_file: Path) -> None:
    """Nobody is asked for the organisation of an owner that is already claimed."""
    registry = load(registry_file)
    ours = questions(registry, RepoName("example-trust", "a"))
    other = questions(registry, RepoName("octo", "b"))
    assert list(ours) == ["summary", "stage", "tags"]
    assert list(other) == ["summary", "organisation", "stage", "tags"]
    assert other["stage"].endswith("(idea, in use)")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("summary", "  Counts   beds ", "Counts   beds"),
        ("organisation", "example community nhs foundation trust", "example-trust"),
        ("organisation", "ect", "example-trust"),
        ("stage", "In Use", "in use"),
        ("tags", "Time series, A&E;", ["time-series", "a-and-e"]),
        ("tags", "", None),
    ],
)
def test_answers_are_read_as_people_give_them(
    registry_file: Path, name: str, text: str, value: object
) -> None:
    """An answer in a person's own spelling becomes the registry's."""
    assert read_answer(load(registry_file), name, text) == (value, "")


@pytest.mark.parametrize(
    ("name", "text"), [("summary", "x" * 301), ("organisation", "nobody"), ("stage", "later")]
)
def test_an_answer_that_cannot_be_says_why(registry_file: Path, name: str, text: str) -> None:
    """A wrong answer is met with what would be right."""
    value, problem = read_answer(load(registry_file), name, text)
    assert value is None
    assert problem


@settings(max_examples=60, deadline=None)
@given(
    summary=st.text(alphabet="ab:#-'\"\\{}[]&*!|>%@` é", min_size=1, max_size=60),
    story=st.text(alphabet="ab:#-'\"\\\n|> \t@`", min_size=1, max_size=80),
)
def test_no_text_breaks_out_of_its_entry(summary: str, story: str) -> None:
    """Whatever people write, it stays inside its own field."""
    if not summary.strip() or not story.strip():
        return
    draft = Draft(RepoName("octo", "beta"), fields={"summary": summary, "story": story})
    registry = load_texts({"r": with_additions(REGISTRY, [draft], TODAY)})
    assert len(registry.projects) == 4
    entry = registry.entry(draft.repo)
    assert entry is not None
    assert entry.summary == " ".join(summary.split())
    assert (entry.story or "").split() == story.split()
