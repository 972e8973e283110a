"""The catalogue joins what members wrote with what GitHub last said, and adds nothing."""

from datetime import UTC, datetime, timedelta
from zlib import crc32

import pytest

from aggregator.catalogue.assemble import Rendered, activity_of, assemble, labels, with_related
from aggregator.catalogue.types import Activity, Catalogue
from aggregator.facts.record import Record
from aggregator.facts.repository import Details, Glance, RepoFacts
from aggregator.facts.snapshot import Change, ChangeKind, Freshness, Snapshot
from aggregator.facts.statement import Statement
from aggregator.readme.readme import Readme
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.words.names import RepoName
from aggregator.words.outcomes import Outcome

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
WEB = "https://github.example"


def entry(repo: str, **said: object) -> Entry:
    return Entry(repo=RepoName.parse(repo), **said)


def glance(name: str, **said: object) -> Glance:
    return Glance(
        repository_id=crc32(name.encode()),
        name_with_owner=name,
        **{"confirmed_at": NOW, **said},
    )


def record(listed_as: str, facts: RepoFacts | None, outcome: Outcome = Outcome.ACTIVE) -> Record:
    return Record(
        listed_as=listed_as,
        outcome=outcome,
        since=NOW,
        first_seen=NOW,
        last_tried=NOW,
        last_succeeded=NOW,
        facts=facts,
    )


def snapshot(*records: Record) -> Snapshot:
    return Snapshot(fetched_at=NOW, records={record.key: record for record in records})


def catalogue(
    entries: list[Entry], known: Snapshot, rendered: Rendered | None = None, **more: object
) -> Catalogue:
    registry = Registry(showcase=Showcase(title="Made up"), projects=tuple(entries), **more)
    return assemble(registry, known, rendered or Rendered(), WEB)


def readme(excerpt: str) -> Readme:
    return Readme(html="", text="", excerpt=excerpt, headings=(), lead_image=None, notes=())


def test_an_entry_that_was_never_fetched_is_shown_without_facts() -> None:
    """A project is on the site from the first build, and nothing about it is made up."""
    (project,) = catalogue([entry("wren/beds")], Snapshot()).projects
    assert (project.title, project.page) == ("beds", "projects/wren/beds/")
    assert project.facts is None
    assert project.summary is None
    assert project.activity is Activity.UNKNOWN
    assert project.standing.outcome is Outcome.SKIPPED


def test_a_summary_is_the_first_words_that_exist_and_says_whose_they_are() -> None:
    """Registry, then a file in the repository, then GitHub, then the README."""
    details = Details(
        statements=(Statement(path="codemeta.json", description="From a file"),), confirmed_at=NOW
    )
    described = glance("wren/beds", description="From GitHub")
    cases = [
        (entry("wren/beds", summary="From a member"), RepoFacts(glance=described), "registry"),
        (entry("wren/beds"), RepoFacts(glance=described, details=details), "repository"),
        (entry("wren/beds"), RepoFacts(glance=described), "GitHub"),
        (entry("wren/beds"), RepoFacts(glance=glance("wren/beds")), "README"),
    ]
    rendered = Rendered(readmes={"wren/beds": readme("From the README")})
    sources = [
        project.summary.source
        for one, facts, _ in cases
        for project in catalogue([one], snapshot(record("wren/beds", facts)), rendered).projects
        if project.summary
    ]
    assert sources == [expected for _, _, expected in cases]


def test_a_renamed_repository_is_shown_under_its_name_of_today() -> None:
    """The page moves with the repository and the old address stays as a redirect."""
    facts = RepoFacts(glance=glance("wren/ward-beds"))
    known = snapshot(record("wren/beds", facts, Outcome.RENAMED))
    (project,) = catalogue([entry("wren/beds")], known).projects
    assert project.page == "projects/wren/ward-beds/"
    assert project.url == f"{WEB}/wren/ward-beds"
    assert project.previous_pages == ("projects/wren/beds/",)


def test_a_name_that_only_changed_case_needs_no_redirect() -> None:
    """Two addresses that differ in case only would be one folder on some systems."""
    facts = RepoFacts(glance=glance("Wren/Beds"))
    (project,) = catalogue([entry("wren/beds")], snapshot(record("wren/beds", facts))).projects
    assert project.page == "projects/Wren/Beds/"
    assert project.previous_pages == ()


def test_two_entries_of_one_repository_share_one_page() -> None:
    """When an old and a new name are both listed, today's name stays and the member is told."""
    facts = RepoFacts(glance=glance("wren/new"))
    known = snapshot(record("wren/old", facts, Outcome.RENAMED), record("wren/new", facts))
    result = catalogue([entry("wren/old"), entry("wren/new")], known)
    assert [project.listed_as for project in result.projects] == ["wren/new"]
    assert [mistake.cure for mistake in result.mistakes] == ["remove the entry wren/old"]


@pytest.mark.parametrize("name", ["wren/beds.git", "con/beds"])
def test_a_name_from_outside_never_becomes_a_folder_unchecked(name: str) -> None:
    """A name that a folder may not have leaves the page where the registry puts it."""
    known = snapshot(record("wren/beds", RepoFacts(glance=glance(name))))
    (project,) = catalogue([entry("wren/beds")], known).projects
    assert project.page == "projects/wren/beds/"


@pytest.mark.parametrize(
    ("days", "activity"),
    [(0, "MONTH"), (31, "MONTH"), (32, "QUARTER"), (93, "YEAR"), (367, "QUIET")],
)
def test_activity_is_counted_from_the_last_fetch(days: int, activity: str) -> None:
    """How lively a project looks depends on when GitHub was asked, not on today."""
    facts = RepoFacts(glance=glance("a/b", pushed_at=NOW - timedelta(days=days)))
    assert activity_of(facts) is Activity[activity]


def test_activity_is_counted_from_the_own_confirmation_of_a_project() -> None:
    """What another project's night brought says nothing about this one."""
    ago = NOW - timedelta(days=80)
    waiting = RepoFacts(glance=glance("a/b", pushed_at=ago, confirmed_at=ago + timedelta(days=2)))
    result = catalogue([entry("a/b")], snapshot(record("a/b", waiting)))
    assert result.by_key["a/b"].activity is Activity.MONTH


def test_the_days_of_all_facts_are_counted() -> None:
    """Which facts are how old is known without asking for the newest."""
    moments = [NOW - timedelta(days=days, hours=hours) for days, hours in ((9, 0), (9, 1), (0, 0))]
    fresh = Freshness.of(moments)
    assert fresh.days == ((NOW - timedelta(days=9), 2), (NOW, 1))
    assert (fresh.total, fresh.current) == (3, 1)
    assert (fresh.newest, fresh.oldest) == (NOW, NOW - timedelta(days=9))
    assert Freshness.of([]).newest is None


def test_activity_without_a_known_date_is_not_guessed() -> None:
    """A repository whose last push nobody told us is neither lively nor quiet."""
    assert activity_of(RepoFacts(glance=glance("a/b"))) is Activity.UNKNOWN
    ahead = glance("a/b", pushed_at=NOW + timedelta(days=400))
    assert activity_of(RepoFacts(glance=ahead)) is Activity.UNKNOWN
    assert activity_of(RepoFacts(glance=glance("a/b", archived=True))) is Activity.ARCHIVED


def test_tags_and_topics_that_mean_the_same_are_one() -> None:
    """A member's tag and GitHub's topic of the same words lead to one page."""
    details = Details(topics=("synthetic-data", "nhs"), confirmed_at=NOW)
    facts = RepoFacts(glance=glance("a/b"), details=details)
    result = catalogue([entry("a/b", tags=("synthetic-data",))], snapshot(record("a/b", facts)))
    assert labels(result.projects[0]) == ("synthetic-data", "nhs")
    assert [group.slug for group in result.tags] == ["nhs", "synthetic-data"]


def test_an_organisation_gathers_its_own_projects_and_those_it_uses() -> None:
    """Visitors see beside a Trust's own work what it took over from others."""
    trust = Organisation(slug="wren", name="Wren Trust", github=("wren",))
    unit = Organisation(slug="unit", name="Unit")
    entries = [entry("wren/beds"), entry("someone/charts", used_by=("wren",))]
    result = catalogue(entries, Snapshot(), organisations=(trust, unit))
    groups = {group.organisation.slug: group for group in result.organisations}
    assert [project.key for project in groups["wren"].projects] == ["wren/beds"]
    assert [project.key for project in groups["wren"].uses] == ["someone/charts"]
    assert groups["unit"].projects == ()


def test_stages_keep_the_order_of_the_settings() -> None:
    """Stages read from idea to use, not by the alphabet."""
    entries = [entry("a/a", stage="in use"), entry("a/b", stage="idea")]
    assert [group.name for group in catalogue(entries, Snapshot()).stages] == ["idea", "in use"]


def test_the_order_of_entries_does_not_matter() -> None:
    """The same registry in another order gives the same catalogue."""
    entries = [entry("b/b", tags=("x",)), entry("A/a", tags=("x",)), entry("c/c")]
    forwards, backwards = (catalogue(list(e), Snapshot()) for e in (entries, entries[::-1]))
    assert forwards.projects == backwards.projects
    assert forwards.tags == backwards.tags
    assert [project.key for project in forwards.projects] == ["a/a", "b/b", "c/c"]


def test_related_projects_are_added_without_changing_anything_else() -> None:
    """Pages of groups and single pages show the same project, whichever led to it."""
    entries = [entry("a/a", tags=("x",), used_by=("t",)), entry("b/b", tags=("x",), stage="idea")]
    bodies = (Organisation(slug="t", name="Trust", github=("b",)),)
    found = {"a/a": ("b/b",), "b/b": ("a/a",)}
    alone = catalogue(entries, Snapshot(), organisations=bodies)
    whole = with_related(alone, found)
    shown = [*whole.projects, *whole.by_key.values(), *whole.tags[0].projects]
    shown += [*whole.stages[0].projects, *whole.organisations[0].projects]
    shown += whole.organisations[0].uses
    assert {(project.key, project.related) for project in shown} == set(found.items())
    assert with_related(whole, {}) == alone


def test_a_website_under_an_old_name_of_the_repository_is_no_website() -> None:
    """After a rename the address that still stands on GitHub leads to the repository itself."""
    facts = RepoFacts(glance=glance("wren/ward-beds", homepage=f"{WEB}/wren/beds.git"))
    renamed = Change(
        date=NOW, kind=ChangeKind.RENAMED, repo="wren/ward-beds", name="wren/ward-beds",
        before="wren/beds", after="wren/ward-beds",
    )  # fmt: skip
    known = snapshot(record("wren/ward-beds", facts)).model_copy(update={"changes": (renamed,)})
    (project,) = catalogue([entry("wren/ward-beds")], known).projects
    assert project.evidence.value("website") is None
