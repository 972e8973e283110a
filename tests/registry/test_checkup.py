"""What the check-up of a listing says, and what it never says."""

from datetime import UTC, datetime

import yaml

from aggregator.catalogue.assemble import Rendered, assemble
from aggregator.catalogue.checkup import CheckupItem, celebration, ideas
from aggregator.catalogue.checkup import checkup as checkup_of
from aggregator.facts.record import Record
from aggregator.facts.repository import (
    CommunityFiles,
    Details,
    Glance,
    Licence,
    ReadmeBlob,
    Release,
    RepoFacts,
)
from aggregator.facts.snapshot import Snapshot
from aggregator.registry.loader import load_texts
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.words.names import RepoName
from aggregator.words.outcomes import Outcome

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
KEYS = ["summary", "licence", "description", "readme", "topics", "stage", "contact", "docs",
        "release", "citation"]  # fmt: skip


def glance(**known: object) -> Glance:
    """Make the scalars of a repository."""
    values = {"repository_id": 1, "name_with_owner": "octo/a", "confirmed_at": NOW} | known
    return Glance.model_validate(values)


BARE = RepoFacts(
    glance=glance(),
    details=Details(
        topics=(), releases=(), readme_asked=True, community=CommunityFiles(), confirmed_at=NOW
    ),
)
FULL = RepoFacts(
    glance=glance(description="Counts beds", licence=Licence(spdx_id="MIT", name="MIT License")),
    details=Details(
        topics=("beds",),
        releases=(Release(tag="v1", url="https://example.org/"),),
        readme=ReadmeBlob(path="README.md", oid="0" * 40),
        readme_asked=True,
        community=CommunityFiles(citation="CITATION.cff", docs="docs/"),
        confirmed_at=NOW,
    ),
)
PLAIN: dict[str, object] = {}


def checkup(said: dict[str, object], facts: RepoFacts | None) -> tuple[CheckupItem, ...]:
    """Look at a listing of which members wrote this and GitHub said that."""
    entry = Entry(repo=RepoName.parse("octo/a"), **said)
    registry = Registry(Showcase(title="T", stages=("idea", "in use")), projects=(entry,))
    record = Record(
        listed_as="octo/a", outcome=Outcome.ACTIVE, since=NOW, first_seen=NOW, facts=facts
    )
    snapshot = Snapshot(records={record.key: record} if facts else {})
    catalogue = assemble(registry, snapshot, Rendered(), "https://github.example")
    return checkup_of(catalogue.projects[0], catalogue.showcase.stages)


def test_what_is_not_known_is_never_called_missing() -> None:
    """Before GitHub was asked, nothing about the repository is suggested."""
    items = checkup(PLAIN, None)
    assert [item.key for item in items] == KEYS
    assert [item.key for item in items if item.present is None] == [
        *("licence", "description", "readme", "topics", "docs", "release", "citation")
    ]
    assert {item.key for item in ideas(items)} == {"summary", "stage", "contact"}
    half = checkup(PLAIN, RepoFacts(glance=glance()))
    assert {item.key for item in half if item.present is None} >= {"readme", "topics", "citation"}


def test_every_idea_can_be_copied() -> None:
    """Each thing that would help comes with its reason, a cure and something to paste."""
    found = ideas(checkup(PLAIN, BARE))
    assert [item.key for item in found] == KEYS
    for item in found:
        assert item.why
        assert item.cure.endswith(".")
        assert item.snippet


def test_snippets_for_the_registry_are_valid_there() -> None:
    """What is offered for the registry can be pasted below an entry."""
    by_key = {item.key: item for item in checkup(PLAIN, BARE)}
    for key in ("summary", "stage", "contact"):
        pasted = f"projects:\n  - repo: octo/a\n    {by_key[key].snippet}\n"
        assert load_texts({"registry.yaml": pasted}).errors == (), key


def test_the_citation_file_is_yaml_whatever_the_title() -> None:
    """A title with quotes does not break the file that is offered."""
    said = {"title": 'The "bed": planner'}
    item = next(item for item in checkup(said, BARE) if item.key == "citation")
    assert yaml.safe_load(item.snippet)["cff-version"] == "1.2.0"


def test_what_is_there_is_celebrated() -> None:
    """A complete listing hears only good things, and no number."""
    said = {"summary": "Counts beds.", "stage": "in use", "people": ("ann",)}
    items = checkup(said, FULL)
    assert ideas(items) == ()
    assert celebration(items).startswith("Already here: a sentence about it, a licence")
    assert not any(sign.isdigit() for sign in celebration(items))
    assert celebration(ideas(checkup(PLAIN, BARE))) == ""


def test_what_members_wrote_is_reused_in_the_cure() -> None:
    """A summary in the registry is offered as the description on GitHub; nothing is invented."""
    said = {"summary": "Counts beds.", "tags": ("spc", "beds")}
    by_key = {item.key: item for item in checkup(said, BARE)}
    assert by_key["description"].snippet == "Counts beds."
    assert by_key["topics"].snippet == "spc beds"


def test_an_archived_repository_is_not_asked_for_what_it_cannot_do() -> None:
    """Nobody is asked to add a file to a repository that takes none."""
    archived = BARE.model_copy(update={"glance": glance(archived=True)})
    assert {item.key for item in checkup(PLAIN, archived)} == {"summary", "stage", "contact"}


def test_each_finding_says_when_github_was_asked() -> None:
    """What comes from GitHub carries the moment it was confirmed; what members wrote does not."""
    for item in checkup(PLAIN, BARE):
        asked = item.key not in {"summary", "stage", "contact"}
        assert item.confirmed_at == (NOW if asked else None)
