"""What the open data says of the catalogue: every field of catalogue.json, declared once.

A field is its name, its type, what it means, and where in the catalogue its value comes from when
it is not called the same there. catalogue.schema.json, the database and the tables of
docs/outputs.md follow from these declarations. A field is never renamed or given another meaning
without a new `schema_version`. No file is written here; `exports` does that.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, ClassVar, cast

from pydantic import BeforeValidator

from aggregator.catalogue.claims import EvidenceField
from aggregator.catalogue.types import Activity, Catalogue, Project
from aggregator.facts.repository import Release
from aggregator.site.data.pouring import Exported, Origin, WithAddress, says, way
from aggregator.site.frame import pushed_at
from aggregator.words.addresses import quoted, web_address
from aggregator.words.outcomes import NamedOutcome

SCHEMA_VERSION = 1
_CONFIRMED = "When GitHub last confirmed this block, in UTC."

Text = str | None
# An address that members or GitHub wrote, if it is safe to link to.
Web = Annotated[Text, BeforeValidator(lambda given: web_address(given) or None)]
Names = tuple[str, ...]
Count = int | None
Moment = datetime | None
CalendarDay = date | None

# Looked up once, and not with each project.
_all_releases, _topics = way("facts.details.releases"), way("facts.details.topics")
_readme_path, _where = way("facts.details.readme.path"), way("where")


def _having(path: str) -> Origin:
    """Pass the whole on to a block, where there is anything for it to tell."""
    there = way(path)
    return lambda whole: None if there(whole) is None else whole


def _shown(field: EvidenceField) -> Origin:
    """Take what is shown of a field for which several sources speak."""
    return lambda project: project.evidence.value(field)


def _releases(project: Project) -> list[Release] | None:
    found = cast("tuple[Release, ...] | None", _all_releases(project))
    return None if found is None else [release for release in found if web_address(release.url)]


def _claims(project: Project) -> Iterator[Mapping[str, object]]:
    """List what each source says, the claims of one field together and the used one marked."""
    for verdict in project.evidence.verdicts:
        for claim in verdict.claims:
            used = claim is verdict.used
            yield {
                "field": verdict.field,
                "value": None if claim.refused else claim.value,
                "stated": claim.stated,
                "source": claim.source,
                "where": claim.where,
                "used": used,
                "differs": claim in verdict.differing,
                "why": verdict.why if used else claim.refused or None,
            }


def _terms(catalogue: Catalogue) -> Iterator[Mapping[str, object]]:
    """List what is said of words, each with what it is a word for."""
    for section, terms in catalogue.terms.items():
        for term in terms.values():
            yield {"of": section.removesuffix("s")} | term.as_written()


class ExportedTalk(Exported):
    """A talk, a paper reading or a show-and-tell."""

    title: str = says("What the talk is called.")
    date: CalendarDay = says("The day it is given.")
    url: Web = says("Where to join it or see the slides.")
    time: Text = says(
        "When it begins, as 14:00, in the time zone of the showcase.",
        lambda talk: talk.time and f"{talk.time:%H:%M}",
    )
    place: Text = says("Where it is held.")
    speakers: Names = says("Who speaks, by name.")
    recording: Web = says("Where to watch it afterwards.")


class ExportedCelebration(Exported):
    """Good news of a project, as its people tell it."""

    what: str = says("What sort of news: award, publication, adoption or milestone.")
    date: CalendarDay = says("The day it happened.")
    text: str = says("What happened, in a sentence.")
    url: Web = says("Where to read about it.")


class ExportedLinks(Exported):
    """Addresses of a project outside its repository."""

    docs: Web = says("Its documentation.", "links.docs")
    demo: Web = says("A place to try it out.", "links.demo")
    paper: Web = says("A publication about it.", "links.paper")
    homepage: Web = says("Its website, the same as `website`.", _shown("website"))


class ExportedRelease(Exported):
    """One release on GitHub."""

    name: Text = says("Its title.")
    tag: str = says("Its git tag.")
    published_at: Moment = says("When it was published, in UTC.")
    url: str = says("Its page on GitHub.")
    prerelease: bool = says("Whether its authors call it a pre-release.")


class ExportedGlance(Exported):
    """What every run asks of every repository."""

    stands_below: ClassVar[str] = "facts.glance"
    description: Text = says("The description on GitHub.")
    stars: Count = says("How many people starred it.")
    forks: Count = says("How many forks it has.")
    created_at: Moment = says("When the repository was created, in UTC.")
    pushed_at: Moment = says("When something was last pushed, in UTC.")
    archived: bool = says("Whether its owner made it read-only.")
    fork: bool = says("Whether it is a fork.")
    template: bool = says("Whether it is a template for new repositories.")
    empty: bool = says("Whether it has no commits.")
    default_branch: Text = says("The branch that GitHub shows first.")
    licence_name: Text = says("The name of the licence GitHub recognised.", "licence.name")
    confirmed_at: datetime = says(_CONFIRMED)


class ExportedDetails(Exported):
    """What is asked when a repository is new, has changed, or its turn came."""

    stands_below: ClassVar[str] = "facts.details"
    languages: Mapping[str, int] | None = says(
        "Bytes of code in each language, largest first.", "language_bytes"
    )
    releases: tuple[ExportedRelease, ...] | None = says(
        "The latest releases, newest first.", _releases
    )
    releases_count: Count = says("How many releases there are in all.")
    commits_count: Count = says("Commits on the default branch.")
    parent: Text = says("The repository it was forked from.")
    readme_path: Text = says(
        "Which file is the README.",
        lambda p: None if p.readme_shown == "hide" else _readme_path(p),
    )
    contributing: Text = says("Path of the guide for contributors.", "community.contributing")
    code_of_conduct: Text = says("Path of the code of conduct.", "community.code_of_conduct")
    security: Text = says("Path of the security policy.", "community.security")
    citation: Text = says("Path of the file that says how to cite it.", "community.citation")
    changelog: Text = says("Path of the change log.", "community.changelog")
    docs: Text = says("Path of the documentation.", "community.docs")
    tests: Text = says("Path of the tests.", "community.tests")
    workflows: bool | None = says("Whether GitHub Actions run for it.", "community.workflows")
    doi: Text = says("Its DOI, the same as `doi` of the project.", _shown("doi"))
    confirmed_at: datetime = says(_CONFIRMED)


class ExportedCounts(Exported):
    """Numbers that are refreshed at least once a week."""

    stands_below: ClassVar[str] = "facts.counts"
    open_issues: Count = says("Open issues, pull requests not counted.")
    open_pull_requests: Count = says("Open pull requests.")
    good_first_issues: Count = says("Open issues labelled as good for newcomers.")
    help_wanted: Count = says("Open issues labelled help wanted.")
    confirmed_at: datetime = says(_CONFIRMED)


class ExportedContributors(Exported):
    """Who wrote it."""

    stands_below: ClassVar[str] = "facts.contributors"
    count: Count = says("How many people, not programs, where all were counted.")
    logins: Names = says(
        "Those with the most commits.", lambda p: [one.login for one in p.facts.contributors.top]
    )
    confirmed_at: datetime = says(_CONFIRMED)


class ExportedFreshness(Exported):
    """When the facts that are shown were confirmed."""

    projects: int = says("How many projects have facts.", "total")
    current: int = says("How many of them were confirmed on the day of `newest`.")
    newest: Moment = says("When any of them were last confirmed, in UTC.")
    oldest: Moment = says(
        "When those were confirmed whose last confirmation is longest ago, in UTC."
    )


class ExportedClaim(Exported):
    """What one source says of a project; the registry, files and GitHub may speak of one thing."""

    field: str = says("What it is of: title, summary, licence, website, doi, version or authors.")
    value: Text = says("What it means; null where it means nothing usable.")
    stated: str = says("The words as they stand there.")
    source: str = says("Who says so: registry, repository, GitHub or README.")
    where: str = says("The file that says so, or the place on GitHub.")
    used: bool = says("Whether this is the one that is shown.")
    differs: bool = says("Whether it contradicts the one that is shown.")
    why: Text = says("Why it is shown, or why it cannot be.")


class ExportedProject(Exported):
    """One project with everything that is known about it."""

    repo: str = says("The repository as owner/name, as GitHub calls it today.")
    listed_as: str = says("The name that the registry gives.")
    repository_id: Count = says(
        "GitHub's number for it, which a rename does not change.", "facts.glance.repository_id"
    )
    url: str = says("Its address on GitHub.")
    page: str = says("Its page here, from the top of the site.")
    page_url: Text = says(
        "The full address of that page, where known.",
        WithAddress(lambda p, address: address and f"{address}{quoted(p.page)}"),
    )
    title: str = says("What to call it.")
    title_language: Text = says(
        "The language of the title, as pages mark it: a tag of BCP 47. It is that of the showcase "
        "where the title shows no other."
    )
    summary: Text = says("What it does, in a sentence or two.", "summary.text")
    summary_source: Text = says(
        "Whose words the summary is: registry, repository, GitHub or README.", "summary.source"
    )
    summary_language: Text = says(
        "The language of the summary, as pages mark it: a tag of BCP 47.", "summary.language"
    )
    organisation: Text = says("The slug of its organisation.", "organisation.slug")
    organisation_name: Text = says("The full name of its organisation.", "organisation.name")
    organisation_kind: Text = says("What sort of body that is.", "organisation.kind")
    stage: Text = says("How far it is, as its people say.")
    tags: Names = says("What it is about, as its people say.")
    does: Names = says("What people can do with it, as its people say.")
    topics: Names = says(
        "What it is about, as GitHub's topics say.",
        lambda p: _topics(p) or (),
    )
    people: Names = says("GitHub logins of the people to ask.")
    added: CalendarDay = says("The day it was listed, where the registry says.")
    language: Text = says("Its main language, as GitHub sees it.", "facts.glance.primary_language")
    languages: Names = says("Every language with a fair share of its code, the main one first.")
    formats: Names = says("Formats of a fair share of it, such as notebooks; no languages.")
    licence: Text = says(
        "Its licence as an SPDX expression; null where none is certain. Where its text alone was "
        "read, `-only` says that no later version is certain.",
        _shown("licence"),
    )
    licence_source: Text = says(
        "Which file or place says so.", lambda p: _where(p.evidence.used("licence"))
    )
    website: Web = says("Its website: neither its repository nor a DOI.", _shown("website"))
    doi: Text = says("Its DOI, bare.", _shown("doi"))
    disagreements: Names = says(
        "Fields of which two sources say different things.",
        lambda p: [one.field for one in p.evidence.disagreements],
    )
    evidence: tuple[ExportedClaim, ...] = says(
        "What each source says, and which is shown and why.", _claims
    )
    left_out: Names = says(
        "Links that are not passed on, because their domain is blocked.",
        lambda p: () if p.standing.outcome.erases else p.left_out,
    )
    stars: Count = says("How many people starred it.", "facts.glance.stars")
    pushed_at: Moment = says("When something was last pushed, in UTC.", pushed_at)
    activity: Activity = says("How lately that was, seen from its own `confirmed_at`.")
    confirmed_at: Moment = says(
        "When GitHub last confirmed these facts, in UTC.", "facts.glance.confirmed_at"
    )
    state: NamedOutcome = says("How the last look at the repository ended.", "standing.state")
    state_words: str = says("The same in words.", "standing.words.state")
    state_since: Moment = says("Since when it has been so, in UTC.", "standing.since")
    last_tried: Moment = says("When it was last looked at, in UTC.", "standing.last_tried")
    last_succeeded: Moment = says(
        "When GitHub last confirmed it, in UTC.", "standing.last_succeeded"
    )
    problem: Text = says("What went wrong at the last look.", "standing.message")
    cure: Text = says("What a member can do about it.", "standing.cure")
    used_by: Names = says(
        "Slugs of organisations that use it.", lambda p: [one.slug for one in p.used_by]
    )
    has_story: bool = says(
        "Whether its people told how it came about.", lambda p: p.story_html is not None
    )
    story_by: Text = says("Who tells it, by name.")
    story_date: CalendarDay = says("The day it was written.")
    celebrations: tuple[ExportedCelebration, ...] = says("Good news of it.")
    talks: tuple[ExportedTalk, ...] = says("Talks about it.")
    links: ExportedLinks = says("Its other addresses.", lambda p: p)
    related: Names = says("Listed projects that are close to it.")
    glance: ExportedGlance | None = says("What every run asks.", _having("facts.glance"))
    details: ExportedDetails | None = says(
        "What is asked when something changed.", _having("facts.details")
    )
    counts: ExportedCounts | None = says(
        "Numbers that are refreshed in turn.", _having("facts.counts")
    )
    contributors: ExportedContributors | None = says("Who wrote it.", _having("facts.contributors"))


class ExportedOrganisation(Exported):
    """A body that projects belong to."""

    stands_below: ClassVar[str] = "organisation"
    slug: str = says("Its short name, as in `organisation`.", "slug")
    name: str = says("Its full name.", "name")
    acronym: Text = says("What people call it for short.", "acronym")
    kind: Text = says("What sort of body it is.", "kind")
    url: Web = says("Its own website.", "url")
    github: Names = says("Its GitHub owners.", "github")
    about: Text = says("What it does, in a sentence.", "about")
    page: str = says(
        "Its page here, from the top of the site.",
        lambda g: f"organisations/{g.organisation.slug}/",
    )


class ExportedPerson(Exported):
    """Somebody who asked to be shown with more than a login."""

    login: str = says("Their GitHub login, as in `people` of a project.")
    name: Text = says("What to call them.")
    about: Text = says("What they do, in a sentence.")
    organisation: Text = says("The slug of the organisation they work for.")
    url: Web = says("Their own page.")


class ExportedStep(Exported):
    """One step of a learning path: a project, or anything with an address."""

    say: str = says("Why to do this now.")
    repo: Text = says(
        "The project, as the registry lists it.", lambda step: step.repo and str(step.repo)
    )
    url: Web = says("The address of what is no project here.")
    title: Text = says("What that is called.")


class ExportedPath(Exported):
    """A way through projects, talks and links, in order."""

    slug: str = says("Its short name.")
    title: str = says("Where it leads.")
    summary: Text = says("For whom it is.")
    steps: tuple[ExportedStep, ...] = says("What to do, in order.")


class ExportedTerm(Exported):
    """What a tag, a stage or a kind of organisation means here."""

    of: str = says("What it is a word for: tag, kind or stage.")
    name: str = says("The word.")
    means: Text = says("What it means, in a sentence.")
    group: Text = says("Under which heading a tag is listed.")
    seeks: Text = says("What projects at a stage look for: home, or nothing.")


class ExportedCatalogue(Exported):
    """Everything listed in the showcase."""

    schema_version: int = says("The version of this form; now 1.", lambda _: SCHEMA_VERSION)
    title: str = says("The name of the showcase.", "showcase.title")
    url: Text = says("Where the site is published.", WithAddress(lambda _, address: address))
    fetched_at: Moment = says(
        "The end of the last run in which GitHub confirmed anything, if only one project."
    )
    freshness: ExportedFreshness = says("When the facts of all projects were confirmed.")
    notices: Names = says("What the pages warn of at their top.")
    licence: Text = says(
        "The licence of this collection, by its SPDX identifier; what each project says stays its "
        "own.",
        "showcase.data_licence",
    )
    timezone: Text = says("The time zone of the times of talks.", "showcase.timezone")
    people: tuple[ExportedPerson, ...] = says(
        "People who asked to be described; all others are logins under `people` of a project.",
        lambda c: c.described.values(),
    )
    paths: tuple[ExportedPath, ...] = says("Learning paths.")
    talks: tuple[ExportedTalk, ...] = says("Talks that belong to no single project.")
    terms: tuple[ExportedTerm, ...] = says("What words mean here.", _terms)
    organisations: tuple[ExportedOrganisation, ...] = says("All organisations.")
    projects: tuple[ExportedProject, ...] = says("All projects, by name.")
