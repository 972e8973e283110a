"""What the open data says: the shapes of catalogue.json and status.json.

The descriptions are the single source of catalogue.schema.json and of the tables
in docs/outputs.md. A field is never renamed or given another meaning without a
new `schema_version`. Filled by `exports`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from aggregator.catalogue.types import Activity
from aggregator.words.outcomes import Outcome

SCHEMA_VERSION = 1


def _says(description: str) -> object:
    return Field(description=description)


# "gone" is said only of what was there: a name that GitHub never knew is "not_found".
State = Outcome | Literal["not_found"]
Confirmed = Annotated[datetime, _says("When GitHub last confirmed this block, in UTC.")]


class Exported(BaseModel):
    """Base of everything that is exported: frozen, and every field always present."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ExportedTalk(Exported):
    """A talk about a project."""

    title: Annotated[str, _says("What the talk was called.")]
    date: Annotated[date | None, _says("The day it was given.")]
    url: Annotated[str | None, _says("Where to watch it or see the slides.")]


class ExportedLinks(Exported):
    """Addresses of a project outside its repository."""

    docs: Annotated[str | None, _says("Its documentation.")]
    demo: Annotated[str | None, _says("A place to try it out.")]
    paper: Annotated[str | None, _says("A publication about it.")]
    homepage: Annotated[str | None, _says("Its website, the same as `website`.")]


class ExportedRelease(Exported):
    """One release on GitHub."""

    name: Annotated[str | None, _says("Its title.")]
    tag: Annotated[str, _says("Its git tag.")]
    published_at: Annotated[datetime | None, _says("When it was published, in UTC.")]
    url: Annotated[str, _says("Its page on GitHub.")]
    prerelease: Annotated[bool, _says("Whether its authors call it a pre-release.")]


class ExportedGlance(Exported):
    """What every run asks of every repository."""

    description: Annotated[str | None, _says("The description on GitHub.")]
    stars: Annotated[int | None, _says("How many people starred it.")]
    forks: Annotated[int | None, _says("How many forks it has.")]
    created_at: Annotated[datetime | None, _says("When the repository was created, in UTC.")]
    pushed_at: Annotated[datetime | None, _says("When something was last pushed, in UTC.")]
    archived: Annotated[bool, _says("Whether its owner made it read-only.")]
    fork: Annotated[bool, _says("Whether it is a fork.")]
    template: Annotated[bool, _says("Whether it is a template for new repositories.")]
    empty: Annotated[bool, _says("Whether it has no commits.")]
    default_branch: Annotated[str | None, _says("The branch that GitHub shows first.")]
    licence_name: Annotated[str | None, _says("The name of the licence GitHub recognised.")]
    confirmed_at: Confirmed


class ExportedDetails(Exported):
    """What is asked when a repository is new, has changed, or its turn came."""

    languages: Annotated[
        Mapping[str, int] | None, _says("Bytes of code in each language, largest first.")
    ]
    releases: Annotated[
        tuple[ExportedRelease, ...] | None, _says("The latest releases, newest first.")
    ]
    releases_count: Annotated[int | None, _says("How many releases there are in all.")]
    commits_count: Annotated[int | None, _says("Commits on the default branch.")]
    parent: Annotated[str | None, _says("The repository it was forked from.")]
    readme_path: Annotated[str | None, _says("Which file is the README.")]
    contributing: Annotated[str | None, _says("Path of the guide for contributors.")]
    code_of_conduct: Annotated[str | None, _says("Path of the code of conduct.")]
    security: Annotated[str | None, _says("Path of the security policy.")]
    citation: Annotated[str | None, _says("Path of the file that says how to cite it.")]
    changelog: Annotated[str | None, _says("Path of the change log.")]
    docs: Annotated[str | None, _says("Path of the documentation.")]
    tests: Annotated[str | None, _says("Path of the tests.")]
    workflows: Annotated[bool | None, _says("Whether GitHub Actions run for it.")]
    doi: Annotated[str | None, _says("Its DOI, the same as `doi` of the project.")]
    confirmed_at: Confirmed


class ExportedCounts(Exported):
    """Numbers that are refreshed at least once a week."""

    open_issues: Annotated[int | None, _says("Open issues, pull requests not counted.")]
    open_pull_requests: Annotated[int | None, _says("Open pull requests.")]
    good_first_issues: Annotated[int | None, _says("Open issues labelled as good for newcomers.")]
    help_wanted: Annotated[int | None, _says("Open issues labelled help wanted.")]
    confirmed_at: Confirmed


class ExportedContributors(Exported):
    """Who wrote it."""

    count: Annotated[int | None, _says("How many people, not programs, where all were counted.")]
    logins: Annotated[tuple[str, ...], _says("Those with the most commits.")]
    confirmed_at: Confirmed


class ExportedFreshness(Exported):
    """When the facts that are shown were confirmed."""

    projects: Annotated[int, _says("How many projects have facts.")]
    current: Annotated[int, _says("How many of them were confirmed on the day of `newest`.")]
    newest: Annotated[datetime | None, _says("When any of them were last confirmed, in UTC.")]
    oldest: Annotated[
        datetime | None,
        _says("When those were confirmed whose last confirmation is longest ago, in UTC."),
    ]


class ExportedClaim(Exported):
    """What one source says of a project; the registry, files and GitHub may speak of one thing."""

    field: Annotated[
        str,
        _says("What it is of: title, summary, licence, website, doi, version or authors."),
    ]
    value: Annotated[str | None, _says("What it means; null where it means nothing usable.")]
    stated: Annotated[str, _says("The words as they stand there.")]
    source: Annotated[str, _says("Who says so: registry, repository, GitHub or README.")]
    where: Annotated[str, _says("The file that says so, or the place on GitHub.")]
    used: Annotated[bool, _says("Whether this is the one that is shown.")]
    differs: Annotated[bool, _says("Whether it contradicts the one that is shown.")]
    why: Annotated[str | None, _says("Why it is shown, or why it cannot be.")]


class ExportedProject(Exported):
    """One project with everything that is known about it."""

    repo: Annotated[str, _says("The repository as owner/name, as GitHub calls it today.")]
    listed_as: Annotated[str, _says("The name that the registry gives.")]
    repository_id: Annotated[
        int | None, _says("GitHub's number for it, which a rename does not change.")
    ]
    url: Annotated[str, _says("Its address on GitHub.")]
    page: Annotated[str, _says("Its page here, from the top of the site.")]
    page_url: Annotated[str | None, _says("The full address of that page, where known.")]
    title: Annotated[str, _says("What to call it.")]
    summary: Annotated[str | None, _says("What it does, in a sentence or two.")]
    summary_source: Annotated[
        str | None, _says("Whose words the summary is: registry, repository, GitHub or README.")
    ]
    organisation: Annotated[str | None, _says("The slug of its organisation.")]
    organisation_name: Annotated[str | None, _says("The full name of its organisation.")]
    organisation_kind: Annotated[str | None, _says("What sort of body that is.")]
    stage: Annotated[str | None, _says("How far it is, as its people say.")]
    tags: Annotated[tuple[str, ...], _says("What it is about, as its people say.")]
    topics: Annotated[tuple[str, ...], _says("What it is about, as GitHub's topics say.")]
    people: Annotated[tuple[str, ...], _says("GitHub logins of the people to ask.")]
    added: Annotated[date | None, _says("The day it was listed, where the registry says.")]
    language: Annotated[str | None, _says("Its main language, as GitHub sees it.")]
    languages: Annotated[
        tuple[str, ...], _says("Every language with a fair share of its code, the main one first.")
    ]
    licence: Annotated[
        str | None, _says("Its licence as an SPDX expression; null where none is certain.")
    ]
    licence_source: Annotated[str | None, _says("Which file or place says so.")]
    website: Annotated[str | None, _says("Its website: neither its repository nor a DOI.")]
    doi: Annotated[str | None, _says("Its DOI, bare.")]
    disagreements: Annotated[
        tuple[str, ...], _says("Fields of which two sources say different things.")
    ]
    evidence: Annotated[
        tuple[ExportedClaim, ...], _says("What each source says, and which is shown and why.")
    ]
    left_out: Annotated[
        tuple[str, ...], _says("Links that are not passed on, because their domain is blocked.")
    ]
    stars: Annotated[int | None, _says("How many people starred it.")]
    pushed_at: Annotated[datetime | None, _says("When something was last pushed, in UTC.")]
    activity: Annotated[Activity, _says("How lately that was, seen from its own `confirmed_at`.")]
    confirmed_at: Annotated[
        datetime | None, _says("When GitHub last confirmed these facts, in UTC.")
    ]
    state: Annotated[State, _says("How the last look at the repository ended.")]
    state_words: Annotated[str, _says("The same in words.")]
    state_since: Annotated[datetime | None, _says("Since when it has been so, in UTC.")]
    last_tried: Annotated[datetime | None, _says("When it was last looked at, in UTC.")]
    problem: Annotated[str | None, _says("What went wrong at the last look.")]
    used_by: Annotated[tuple[str, ...], _says("Slugs of organisations that use it.")]
    has_story: Annotated[bool, _says("Whether its people told how it came about.")]
    talks: Annotated[tuple[ExportedTalk, ...], _says("Talks about it.")]
    links: Annotated[ExportedLinks, _says("Its other addresses.")]
    related: Annotated[tuple[str, ...], _says("Listed projects that are close to it.")]
    glance: Annotated[ExportedGlance | None, _says("What every run asks.")]
    details: Annotated[ExportedDetails | None, _says("What is asked when something changed.")]
    counts: Annotated[ExportedCounts | None, _says("Numbers that are refreshed in turn.")]
    contributors: Annotated[ExportedContributors | None, _says("Who wrote it.")]


class ExportedOrganisation(Exported):
    """A body that projects belong to."""

    slug: Annotated[str, _says("Its short name, as in `organisation`.")]
    name: Annotated[str, _says("Its full name.")]
    acronym: Annotated[str | None, _says("What people call it for short.")]
    kind: Annotated[str | None, _says("What sort of body it is.")]
    url: Annotated[str | None, _says("Its own website.")]
    github: Annotated[tuple[str, ...], _says("Its GitHub owners.")]
    page: Annotated[str, _says("Its page here, from the top of the site.")]


class ExportedCatalogue(Exported):
    """Everything listed in the showcase."""

    schema_version: Annotated[int, _says("The version of this form; now 1.")]
    title: Annotated[str, _says("The name of the showcase.")]
    url: Annotated[str | None, _says("Where the site is published.")]
    fetched_at: Annotated[
        datetime | None,
        _says("The end of the last run in which GitHub confirmed anything, if only one project."),
    ]
    freshness: Annotated[ExportedFreshness, _says("When the facts of all projects were confirmed.")]
    notices: Annotated[tuple[str, ...], _says("What the pages warn of at their top.")]
    organisations: Annotated[tuple[ExportedOrganisation, ...], _says("All organisations.")]
    projects: Annotated[tuple[ExportedProject, ...], _says("All projects, by name.")]


class ExportedStanding(Exported):
    """How the last run fared with one entry."""

    repo: Annotated[str, _says("The name that the registry gives.")]
    page: Annotated[str, _says("Its page here, from the top of the site.")]
    state: Annotated[State, _says("How the last look ended.")]
    state_words: Annotated[str, _says("The same in words.")]
    since: Annotated[datetime | None, _says("Since when it has been so, in UTC.")]
    last_tried: Annotated[datetime | None, _says("When it was last looked at, in UTC.")]
    last_succeeded: Annotated[datetime | None, _says("When GitHub last confirmed it, in UTC.")]
    problem: Annotated[str | None, _says("What went wrong.")]
    cure: Annotated[str | None, _says("What a member can do about it.")]


class ExportedSilence(Exported):
    """Entries about which the last run learnt nothing, of one kind."""

    state: Annotated[Outcome, _says("skipped: not asked; unreachable: not answered; forbidden.")]
    entries: Annotated[int, _says("How many they are.")]
    since: Annotated[
        datetime | None, _says("Since when the one that waits longest has waited, in UTC.")
    ]


class ExportedMistake(Exported):
    """A mistake in the registry."""

    where: Annotated[str, _says("File, line and column.")]
    what: Annotated[str, _says("What is wrong.")]
    cure: Annotated[str, _says("How to mend it.")]
    severity: Annotated[str, _says("error, when something is kept off the site; hint otherwise.")]


class ExportedStatus(Exported):
    """How the last run went."""

    schema_version: Annotated[int, _says("The version of this form; now 1.")]
    fetched_at: Annotated[
        datetime | None,
        _says("The end of the last run in which GitHub confirmed anything, if only one project."),
    ]
    freshness: Annotated[ExportedFreshness, _says("When the facts of all projects were confirmed.")]
    stale_after_days: Annotated[int, _says("After how many days the pages warn of old facts.")]
    states: Annotated[Mapping[str, int], _says("How many entries there are in each state.")]
    no_answer: Annotated[
        tuple[ExportedSilence, ...], _says("Entries that the last run learnt nothing about.")
    ]
    notices: Annotated[tuple[str, ...], _says("What the pages warn of at their top.")]
    entries: Annotated[tuple[ExportedStanding, ...], _says("Every entry of the registry.")]
    mistakes: Annotated[tuple[ExportedMistake, ...], _says("Mistakes in the registry.")]
