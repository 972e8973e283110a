"""A project is called in words where its people do so, and by nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.catalogue.assemble import Rendered
from aggregator.catalogue.claims import Told, weigh
from aggregator.catalogue.titles import LONGEST_TITLE, title_in_words, words_of_name
from aggregator.facts.repository import Details, RepoFacts, Statement
from aggregator.readme.readme import Heading, Readme
from aggregator.registry.models import Entry
from aggregator.words.names import RepoName
from tests.test_assemble import NOW, catalogue, entry, glance, record, snapshot

_LINES = (Path(__file__).parent / "cases/titles/headings.txt").read_text(encoding="utf-8")
CASES = [
    tuple(part.strip() for part in line.split("|"))
    for line in _LINES.splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("heading", "name", "title"), CASES)
def test_a_heading_is_a_title_where_it_names_the_repository(
    heading: str, name: str, title: str
) -> None:
    """Words that say something else, or nothing, are left where they stand."""
    assert title_in_words(heading, name) == (title or None)


@pytest.mark.parametrize(
    ("name", "readme", "title"),
    [
        ("guild-timetopick", "Tells when it is time to pick.", "guild time to pick"),
        ("applepress", "An apple press for all.\nThe Apple Press is small.", "Apple press"),
        ("time_to-pick", "It is time to\npick, says the tree.", "Time to pick"),
        ("old-apple-press", "The Old Apple Press of the guild.", "Old Apple Press"),
        ("guild-timetopick", "Picking takes time.", None),
        ("guild-timetopick", "It is time to pick: see guild-timetopick.", "guild time to pick"),
        ("applepress", "Our apple press is called applepress.", None),
        ("applePress", "An apple press for all.", None),
        ("apple-press", "Use apple-press with care.", None),
        ("apple-pie", "An ap ple.", None),
        ("applepress", "", None),
    ],
)
def test_a_name_is_taken_apart_as_its_readme_writes_it(
    name: str, readme: str, title: str | None
) -> None:
    """Only by words that stand there one after the other and are together the name, or a part."""
    assert words_of_name(name, readme) == title


def test_words_of_the_readme_name_a_project_that_nobody_gave_a_title() -> None:
    """A heading that is the name again gives none; one in words does, and goes before."""
    told = Told(("wren/applepress",), "", heading="applepress", text="")
    assert _title(told) == ("applepress", "the first heading of the README")
    named = Told(("wren/apple-picking",), "", heading="apple-picking", text="For apple picking.")
    assert _title(named) == ("Apple picking", "the README")
    assert _title(replace(named, heading="Apples: picking"))[0] == "Apples: picking"


def test_a_heading_of_any_length_is_read_as_far_as_titles_go() -> None:
    """In the process that makes every page nothing bounds what a pattern may take: hours here."""
    for long in ("v1." + "1" * 200_000 + "!", "v1" + ".1" * 100_000 + "!", "(" * 200_000):
        assert title_in_words(f"Plans {long}", "orchard") is None


def test_a_title_is_short_whatever_is_written() -> None:
    """A heading that is a paragraph does not fill a card."""
    assert title_in_words("apple press " * 500, "apple-press") is None
    assert len(title_in_words("apple " * 9, "apple") or "") <= LONGEST_TITLE


def _facts(*statements: Statement) -> RepoFacts:
    details = Details(statements=statements, confirmed_at=NOW)
    return RepoFacts(glance=glance("wren/apple-press"), details=details)


def _title(told: Told) -> tuple[str, str]:
    claim = weigh(told).used("title")
    assert claim
    return claim.value, claim.where


def test_members_name_a_project_first_then_files_then_the_readme() -> None:
    """The order of trust is that of the other fields, and each title says whose it is."""
    names, facts = (
        ("wren/apple-press",),
        _facts(Statement(path="codemeta.json", title="Apple Press")),
    )
    heading = "The Apple Press"
    assert _title(Told(names, "", "Ours", facts=facts, heading=heading)) == ("Ours", "the registry")
    assert _title(Told(names, "", facts=facts, heading=heading)) == ("Apple Press", "codemeta.json")
    assert _title(Told(names, "", heading=heading))[0] == "The Apple Press"
    assert _title(Told(names, "", heading="Contents"))[0] == "apple-press"


def test_a_file_about_something_else_names_nothing() -> None:
    """The title of a data set, or of a paper, is not the program's."""
    data = Statement(path="CITATION.cff", kind="dataset", title="Apple press")
    paper = Statement(path="CITATION.cff", title="Fruit and its weight in wet years")
    for said in (data, paper):
        assert _title(Told(("wren/apple-press",), "", facts=_facts(said)))[0] == "apple-press"


def test_two_projects_of_one_name_are_told_apart_by_their_owners() -> None:
    """Nobody has to guess which of two equal titles is which."""
    entries = [entry("wren/beds"), entry("fen/beds"), entry("fen/wards")]
    titles = [project.title for project in catalogue(entries, snapshot()).projects]
    assert titles == ["beds (fen)", "wards", "beds (wren)"]


def test_the_first_heading_of_a_readme_names_its_project() -> None:
    """What is hidden from visitors names nothing either."""
    headings = (Heading(2, "Free Beds", "free-beds"), Heading(2, "Use", "use"))
    rendered = Rendered({"wren/freebeds": Readme("", headings=headings)})
    facts = record("wren/freebeds", RepoFacts(glance=glance("wren/freebeds")))
    shown = Entry(repo=RepoName.parse("wren/freebeds"))
    hidden = Entry(repo=shown.repo, readme="hide")
    for one, title in ((shown, "Free Beds"), (hidden, "freebeds")):
        assert catalogue([one], snapshot(facts), rendered).projects[0].title == title
