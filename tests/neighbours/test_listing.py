"""What another showcase publishes, read: all of it by strangers, and some of it in bad faith."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from aggregator.facts.neighbour import MOST_PROJECTS, NeighbourProject
from aggregator.site.data.neighbour_listing import (
    NEWER_FORM,
    NO_CATALOGUE,
    RefusedListingError,
    read_listing,
)
from aggregator.store.neighbours_file import keep_neighbours, neighbours_in, read_neighbours
from tests.neighbours.listings import SOURCE, listing, neighbour, published, row
from tests.outputs import factory


def test_what_this_program_publishes_can_be_included() -> None:
    """Every project of a site that is there to be seen is read, with its page there."""
    found = read_listing(published(), SOURCE)
    told = json.loads(published())
    gone = {"gone", "private", "blocked"}
    public = [one for one in told["projects"] if one["state"] not in gone]
    assert len(public) < len(told["projects"])
    assert [one.repo for one in found.projects] == [one["repo"] for one in public]
    assert found.unread == 0
    assert found.title == factory.community().showcase.title
    assert found.facts_of == factory.NOW
    assert found.projects[0].page == f"https://allotment.example/{public[0]['page']}"
    assert {one.activity for one in found.projects} == {one["activity"] for one in public}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", NO_CATALOGUE),
        (b"<!doctype html><title>Not here</title>", NO_CATALOGUE),
        (b"\xff\xfe\x00", NO_CATALOGUE),
        (b"[" * 100_000, NO_CATALOGUE),
        (b"[]", NO_CATALOGUE),
        (b"9" * 10_000, NO_CATALOGUE),
        (b'{"schema_version": 1}', NO_CATALOGUE),
        (b'{"schema_version": 1, "projects": {"a": 1}}', NO_CATALOGUE),
        (b'{"projects": []}', NO_CATALOGUE),
        (b'{"schema_version": true, "projects": []}', NO_CATALOGUE),
        (b'{"schema_version": "1", "projects": []}', NO_CATALOGUE),
        (b'{"schema_version": 2, "projects": []}', NEWER_FORM),
        (b'{"schema_version": 0, "projects": []}', NEWER_FORM),
    ],
)
def test_what_is_no_catalogue_of_a_known_form_is_refused(content: bytes, why: str) -> None:
    """Nothing of it is shown, and the reason is one of two sentences."""
    with pytest.raises(RefusedListingError) as refused:
        read_listing(content, SOURCE)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    "bad",
    [
        None,
        "plot/seeds",
        [],
        {},
        row(repo="no name"),
        row(repo="../.."),
        row(repo=7),
        row(url="javascript:alert(1)"),
        row(url="https://ann:secret@github.com/plot/seeds"),
        row(url=f"https://github.com/{'x' * 3_000}"),
        row(url=None),
    ],
)
def test_one_that_makes_no_sense_is_counted_and_the_others_stay(bad: object) -> None:
    """One bad project stops none of the others."""
    found = neighbour(row("plot/one"), bad, row("plot/two"))
    assert [one.repo for one in found.projects] == ["plot/one", "plot/two"]
    assert found.unread == 1


@pytest.mark.parametrize(
    "page",
    [
        "../../elsewhere/",
        "//evil.example/",
        "https://evil.example/",
        "javascript:alert(1)",
        "/top/",
        "",
        7,
        None,
    ],
)
def test_a_page_lies_below_the_site_that_the_registry_names(page: object) -> None:
    """A file that somebody else writes cannot lead visitors just anywhere under that name."""
    found = neighbour(row(page=page), source="https://orchard.example/list/data/catalogue.json")
    assert found.projects[0].page == ""


def test_odd_signs_in_a_page_stay_parts_of_its_name() -> None:
    """What a browser would take for another host is written so that it is none."""
    found = neighbour(row(page="\\\\evil.example/?a#b"))
    assert found.projects[0].page == "https://allotment.example/%5C%5Cevil.example/%3Fa%23b"


def test_of_a_file_that_lies_alone_no_page_is_known() -> None:
    """Then a project leads to its repository."""
    found = neighbour(row(), source="https://files.example/all.json")
    assert found.projects[0].page == ""


def test_what_was_taken_down_there_is_not_shown_here() -> None:
    """A project that is gone or private there is none that could not be read, either."""
    rows = [row(f"plot/{state}", state=state) for state in ("gone", "private", "blocked", "empty")]
    found = neighbour(*rows)
    assert [one.repo for one in found.projects] == ["plot/empty"]
    assert found.unread == 0


def test_texts_are_bounded_and_hold_no_signs_that_hide_or_turn() -> None:
    """Long texts are cut; control characters, halves of signs and turned directions go."""
    found = neighbour(
        row(
            title="T" * 5_000,
            summary="\u202eevil\x00 \ud800" + "s" * 50_000,
            tags=["a\u2028b", 7, None, *(f"tag-{n}" for n in range(500))],
            languages="R",
            title_language='en" onclick="',
            summary_language="cy",
            organisation_name={"a": 1},
            activity="best of all",
            pushed_at="yesterday",
        )
    ).projects[0]
    assert len(found.title) == 300
    assert found.summary.startswith("evil sss")
    assert len(found.summary) == 600
    assert found.tags[0] == "a b"
    assert len(found.tags) < 30
    assert (found.languages, found.organisation, found.pushed_at) == ((), "", None)
    assert (found.title_language, found.summary_language) == ("", "cy")
    assert found.activity == "not known"
    found.model_dump_json().encode()


def test_of_very_many_the_first_are_read() -> None:
    """Whoever lists a million projects is not shown whole, and that is said."""
    found = neighbour(*(row(f"plot/p{number}") for number in range(MOST_PROJECTS + 3)))
    assert len(found.projects) == MOST_PROJECTS
    assert found.unread == 3


def test_a_time_without_a_zone_is_not_known() -> None:
    """What could be any of twenty-four moments is none."""
    found = read_listing(listing(fetched_at="2026-10-01T02:10:00"), SOURCE)
    assert found.facts_of is None


def test_what_is_kept_reads_back_as_it_was(tmp_path: Path) -> None:
    """The same knowledge gives the same bytes, and an older or newer version reads it."""
    known = (neighbour(row(), confirmed=datetime(2026, 10, 3, tzinfo=UTC), etag='"a"'),)
    keep_neighbours(tmp_path, known)
    assert read_neighbours(tmp_path) == known
    text = (tmp_path / "neighbours.json").read_bytes()
    keep_neighbours(tmp_path, read_neighbours(tmp_path))
    assert (tmp_path / "neighbours.json").read_bytes() == text
    told = json.loads(text)
    told["later"] = told["neighbours"][0]["later"] = 1
    assert neighbours_in(json.dumps(told).encode()) == known


def test_a_memory_of_another_form_is_not_guessed_at(tmp_path: Path) -> None:
    """Rows of a later form may mean something else, so all of them are asked anew."""
    keep_neighbours(tmp_path, (neighbour(row()),))
    told = json.loads((tmp_path / "neighbours.json").read_bytes())
    assert neighbours_in(json.dumps(told | {"version": 2}).encode()) == ()


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"[]", b"{}", b'{"version": 1}', b'{"version": 1, "neighbours": 7}'),
        b'{"version": 1, "neighbours": [{"source": "x"}, 7]}',
    ],
)
def test_a_damaged_memory_only_means_asking_anew(content: bytes) -> None:
    """Nothing that stands in such a file raises anything."""
    assert neighbours_in(content) == ()


def test_an_address_in_the_memory_is_one_that_may_be_linked_to() -> None:
    """What somebody put into the published file by hand is no better than what strangers say."""
    with pytest.raises(ValidationError):
        NeighbourProject(repo="a/b", url="https://github.com/a/b", page="javascript:alert(1)")
    told = {"source": SOURCE, "projects": [{"repo": "a/b", "url": "https://github.com/a/b"}]}
    assert neighbours_in(json.dumps({"version": 1, "neighbours": [told]}).encode())
    told["projects"][0]["url"] = "data:x"  # type: ignore[index]
    assert neighbours_in(json.dumps({"version": 1, "neighbours": [told]}).encode()) == ()
