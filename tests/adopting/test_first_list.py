"""A first list is read from what a community keeps already; each case says what comes out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.adopting.first_list import (
    MOST_PROJECTS,
    FirstList,
    ListEntry,
    from_best_of,
    from_csv,
    from_markdown,
    from_selfhosted,
    from_up_for_grabs,
    joined,
)
from aggregator.adopting.list_places import ListPlace, meant_place, read_place
from aggregator.github.listings import ListedRepository, OwnerProfile, RepositoryList
from aggregator.words.errors import UsageError
from aggregator.words.names import RepoName

CASES = Path(__file__).resolve().parent.parent / "cases" / "first_list"
EXPECTED = sorted(CASES.rglob("*.txt"))


class Shelf:
    """A GitHub that has one list."""

    def __init__(self, *lines: ListedRepository, more: bool = False) -> None:
        self.said = RepositoryList(lines, more)

    def owner(self, login: str) -> OwnerProfile:
        """Know whoever is asked about."""
        return OwnerProfile(login, login.title(), is_organisation=True)

    def owned_by(self, _owner: OwnerProfile) -> RepositoryList:
        """Give the list."""
        return self.said

    def starred_by(self, _login: str) -> RepositoryList:
        """Give the list."""
        return self.said

    def with_topic(self, _topic: str) -> RepositoryList:
        """Give the list."""
        return self.said

    def readme_of(self, repo: RepoName) -> str:
        """Give a list of one."""
        return f"- https://github.com/listed-by-{repo.owner}/project"


def nothing(url: str, largest: int) -> bytes:
    raise AssertionError(url)


def source_of(expected: Path) -> Path:
    """Find what an expectation is about: the folder or the file of its name."""
    folder = expected.with_suffix("")
    if folder.is_dir():
        return folder
    return next(path for path in expected.parent.glob(f"{expected.stem}.*") if path != expected)


def told(found: FirstList) -> str:
    lines = [
        f"{one.repo} [{', '.join(one.tags)}]" if one.tags else str(one.repo)
        for one in joined([found]).projects
    ]
    return "".join(f"{line}\n" for line in [*lines, *(f"left out: {x}" for x in found.left_out)])


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_list_is_read_as_its_text_says(expected: Path) -> None:
    """From each form of list come its repositories, once, and what was left out is said."""
    place = ListPlace("path", str(source_of(expected)))
    found = read_place(place, Shelf(), nothing).found
    assert told(found) == expected.read_text(encoding="utf-8")


def test_every_form_has_a_case() -> None:
    """No form of list is read that no case shows."""
    assert {path.parent.name for path in EXPECTED} == {"awesome", "best_of", "folders", "table"}
    assert len(EXPECTED) >= 10


@pytest.mark.parametrize("read", [from_markdown, from_best_of, from_csv])
@given(text=st.text(max_size=400))
def test_no_text_stops_a_reader(read: object, text: str) -> None:
    """Whatever a list holds, it gives a list: names that may be listed, each once."""
    assert callable(read)
    found = read(text)
    assert isinstance(found, FirstList)
    assert len({one.repo for one in found.projects}) == len(found.projects)


@pytest.mark.parametrize("read", [from_selfhosted, from_up_for_grabs])
def test_a_file_that_is_no_list_is_named(read: object) -> None:
    """A broken file costs itself, and is named."""
    assert callable(read)
    sound = "name: Sound\nsite: https://github.com/a/b\nsource_code_url: https://github.com/a/b\n"
    found = read({"a.yml": sound, "b.yml": "{", "c.yml": "- 1"})
    assert [str(one.repo) for one in found.projects] == ["a/b"]
    assert "b.yml, c.yml" in found.left_out[0]


def test_a_list_has_an_end() -> None:
    """A directory of the world is cut, and how much of it was left out is said."""
    many = tuple(ListEntry(RepoName("a", f"p{number}")) for number in range(MOST_PROJECTS + 7))
    whole = joined([FirstList(many)])
    assert len(whole.projects) == MOST_PROJECTS
    assert whole.left_out == (f"7 projects left out: a first list has at most {MOST_PROJECTS:,}",)


def test_lists_are_joined_by_name() -> None:
    """What two lists name is listed once, with the tags of both, in the order of names."""
    first = FirstList((ListEntry(RepoName("b", "b"), ("x",)), ListEntry(RepoName("a", "a"))))
    second = FirstList((ListEntry(RepoName("B", "B"), ("y",)),))
    both = joined([first, second]).projects
    assert [(str(one.repo), one.tags) for one in both] == [("a/a", ()), ("b/b", ("x", "y"))]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("open-climate-tools", ListPlace("owner", "open-climate-tools")),
        ("org:Acme", ListPlace("owner", "Acme")),
        ("https://github.com/Acme", ListPlace("owner", "Acme")),
        ("https://github.com/orgs/Acme/repositories", ListPlace("owner", "Acme")),
        ("github.com/Acme/", ListPlace("owner", "Acme")),
        ("topic:Rain-Gauge", ListPlace("topic", "rain-gauge")),
        ("https://github.com/topics/rain", ListPlace("topic", "rain")),
        ("stars:ann", ListPlace("stars", "ann")),
        ("https://github.com/ann?tab=stars", ListPlace("stars", "ann")),
        ("https://github.com/stars/ann/lists/x", ListPlace("stars", "ann")),
        ("https://github.com/ann/awesome-rain", ListPlace("readme", "ann/awesome-rain")),
        (
            "https://github.com/ann/best/blob/main/projects.yaml",
            ListPlace("address", "https://github.com/ann/best/raw/main/projects.yaml"),
        ),
        ("https://example.org/list.csv", ListPlace("address", "https://example.org/list.csv")),
        (str(CASES), ListPlace("path", str(CASES))),
    ],
)
def test_what_somebody_typed_is_understood(text: str, place: ListPlace) -> None:
    """An address that was pasted and a word that was typed lead to the list that was meant."""
    assert meant_place(text) == place


@pytest.mark.parametrize(
    "text", ["no such/file.csv", "topic:a b", "stars:-", "x" * 300, "x" * 5_000, "topic:"]
)
def test_what_is_no_list_is_refused_with_a_cure(text: str) -> None:
    """Whoever mistypes is told what can be given."""
    with pytest.raises(UsageError, match="topic:NAME"):
        meant_place(text)


def test_copies_and_settings_of_an_owner_are_left_out_and_named() -> None:
    """Forks are others' work; what GitHub lists beyond the end is said to be missing."""
    shelf = Shelf(
        ListedRepository("acme/one", fork=False),
        ListedRepository("acme/copy", fork=True),
        ListedRepository("acme/.github", fork=False),
        ListedRepository("acme/nul", fork=False),
        more=True,
    )
    read = read_place(ListPlace("owner", "acme"), shelf, nothing)
    assert [str(one.repo) for one in read.found.projects] == ["acme/one"]
    assert read.owner == OwnerProfile("acme", "Acme", is_organisation=True)
    said = " ".join(read.found.left_out)
    assert all(word in said for word in ("acme/copy", "acme/.github", "acme/nul", "more of them"))


def test_an_address_is_read_by_its_ending() -> None:
    """A table from the web is a table; a README of a repository is asked of GitHub."""

    def served(url: str, largest: int) -> bytes:
        assert largest <= 5_000_000
        return b"repo\nann/rain\n" if url.endswith(".csv?x=1") else b"- https://github.com/ann/dew"

    for url, repo in (("https://x.org/l.csv?x=1", "ann/rain"), ("https://x.org/l", "ann/dew")):
        found = read_place(ListPlace("address", url), Shelf(), served).found
        assert [str(one.repo) for one in found.projects] == [repo]
    (one,) = read_place(ListPlace("readme", "ann/awesome"), Shelf(), nothing).found.projects
    assert str(one.repo) == "listed-by-ann/project"
