"""A project's facts in words, in groups that were confirmed together.

A fact that is not known has no line. Pure; called by `project`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from aggregator.catalogue.claims import Evidence, Verdict
from aggregator.catalogue.claims import Field as EvidenceField
from aggregator.catalogue.types import Project
from aggregator.facts.repository import (
    GOOD_FIRST_ISSUE,
    HELP_WANTED,
    CommunityFiles,
    Counts,
    Details,
    Release,
    RepoFacts,
)
from aggregator.site.frame import Outside
from aggregator.words.addresses import at_github, doi_link, issues_labelled, web_address
from aggregator.words.phrases import number, plural, sentence, shortened

_COMMUNITY_FILES = (
    ("Contributing", "contributing"),
    ("Code of conduct", "code_of_conduct"),
    ("Security", "security"),
    ("Support", "support"),
    ("Citation", "citation"),
    ("Changelog", "changelog"),
    ("Documentation", "docs"),
    ("Tests", "tests"),
)
# The fields whose sources a page names; title, summary and authors say themselves whose they are.
SOURCED: dict[EvidenceField, str] = {
    "licence": "Licence",
    "website": "Website",
    "doi": "DOI",
    "version": "Version",
    "summary": "Summary",
}
# Further languages are a percent or two of the code, and a line of the chart nobody can see.
_MOST_LANGUAGES = 5
_SHOWN_RELEASES = 5


@dataclass(frozen=True, slots=True)
class FactLine:
    """A line of a project's facts: its name, and what is so, in one of three ways."""

    label: str
    text: str | None = None
    when: datetime | None = None
    outside: Outside | None = None


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that were confirmed together."""

    title: str
    facts: tuple[FactLine, ...]
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a project's code that is in one language."""

    name: str
    percent: int
    x: float
    width: float


def fact_groups_of(project: Project) -> tuple[FactGroup, ...]:
    """Put what is known of a project into words, each group with the day it was last confirmed."""
    facts, url = project.facts, project.url
    if facts is None:
        return ()
    groups = [FactGroup("On GitHub", tuple(_glance(project, facts)), facts.glance.confirmed_at)]
    if facts.details:
        at = facts.details.confirmed_at
        groups.append(FactGroup("The work", tuple(_work(project, facts.details)), at))
        files = tuple(_community(facts.details.community, url, branch_of(facts)))
        groups.append(FactGroup("In the repository", files, at))
        groups.append(FactGroup("Who says so", tuple(_sources(project.evidence)), at))
    if facts.counts:
        counts = facts.counts
        groups.append(FactGroup("To do", tuple(_counts(counts, url)), counts.confirmed_at))
    return tuple(group for group in groups if group.facts)


def shares_of(details: Details | None) -> tuple[Share, ...]:
    """Say how the code divides between languages, largest first, the small ones left out."""
    sizes = dict(details.language_bytes or {}) if details else {}
    total = sum(sizes.values()) or 1  # files can be empty, all of them
    largest = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:_MOST_LANGUAGES]
    shares: list[Share] = []
    x = 0.0
    for name, size in largest:
        width = round(100 * size / total, 1)
        if width >= 1:
            shares.append(Share(name, round(width), x, width))
            x = round(x + width, 1)
    return tuple(shares)


def releases_of(details: Details | None) -> tuple[Release, ...]:
    """List the latest releases that can be linked to, newest first."""
    latest = ((details.releases or ()) if details else ())[:_SHOWN_RELEASES]
    return tuple(release for release in latest if web_address(release.url))


def issues_of(counts: Counts | None, url: str) -> tuple[Outside, ...]:
    """Offer what somebody new could take up: the newest good first issue, then all of them."""
    if not counts or not counts.good_first_issues:
        return ()
    newest = counts.newest_good_first_issue
    every = Outside(
        f"All {plural(counts.good_first_issues, 'good first issue')}",
        good_first_url(counts, url),
    )
    if newest and web_address(newest.url):
        return (Outside(newest.title, newest.url), every)
    return (every,)


def good_first_url(counts: Counts, url: str) -> str:
    """Lead to the issues that were counted as good first issues."""
    return issues_labelled(url, counts.good_first_labels, GOOD_FIRST_ISSUE)


def help_wanted_url(counts: Counts, url: str) -> str:
    """Lead to the issues that were counted as asking for help."""
    return issues_labelled(url, counts.help_wanted_labels, HELP_WANTED)


def branch_of(facts: RepoFacts) -> str:
    """Name the branch that links into a repository lead to."""
    return facts.glance.default_branch or "HEAD"


def contributors_words(facts: RepoFacts | None) -> str | None:
    """Say how many people wrote it, as far as GitHub told."""
    people = facts.contributors if facts else None
    if people is None or not (people.count or people.top):
        return None
    if people.count:
        return plural(people.count, "contributor")
    return f"{plural(len(people.top), 'person', 'people')} in recent commits"


def licence_words(project: Project) -> str:
    """Name the licence, or say plainly that there is none or that nobody asked."""
    facts = project.facts
    if facts is None:
        return "Licence not known"
    if known := project.evidence.value("licence"):
        return f"Licence: {known}"
    verdict = project.evidence.of("licence")
    claims = verdict.claims if verdict else ()
    stated = next((claim for claim in claims if claim.source == "repository"), None)
    if stated:
        return f"{stated.where} says of its licence: {shortened(stated.stated, 80)}"
    community = facts.details.community if facts.details else None
    if claims or (community and community.licence):
        return "Its licence is none that GitHub recognises"
    return "No licence found"


def _glance(project: Project, facts: RepoFacts) -> Iterator[FactLine]:
    glance = facts.glance
    if glance.pushed_at:
        yield FactLine("Last push", when=glance.pushed_at)
    if glance.created_at:
        yield FactLine("Created", when=glance.created_at)
    if licence := _licence_name(project, facts):
        yield FactLine("Licence", licence)
    yield from _numbers(("Stars", glance.stars), ("Forks", glance.forks))
    if homepage := web_address(project.evidence.value("website")):
        yield FactLine("Website", outside=Outside(_short(homepage), homepage))


def _licence_name(project: Project, facts: RepoFacts) -> str | None:
    """Give GitHub's name of the licence where GitHub's reading is the one that is used."""
    verdict = project.evidence.of("licence")
    used = verdict.used if verdict else None
    by_github = facts.glance.licence and (used is None or used.source == "GitHub")
    return facts.glance.licence.name if facts.glance.licence and by_github else project.licence


def _work(project: Project, details: Details) -> Iterator[FactLine]:
    yield from _numbers(("Commits", details.commits_count), ("Releases", details.releases_count))
    if details.parent:
        yield FactLine("Forked from", details.parent)
    if doi := project.evidence.value("doi"):
        yield FactLine("DOI", outside=Outside(doi, doi_link(doi)))
    if authors := project.evidence.value("authors"):
        yield FactLine("Authors", shortened(authors, 300))


def _sources(evidence: Evidence) -> Iterator[FactLine]:
    """Tell where facts come from that several could tell, and where they say different things."""
    for field, label in SOURCED.items():
        verdict = evidence.of(field)
        if verdict and any(claim.source == "repository" for claim in verdict.claims):
            yield FactLine(label, " ".join(_sentences(verdict)))


def _sentences(verdict: Verdict) -> Iterator[str]:
    if verdict.used:
        yield f"{shortened(verdict.used.value, 120)}: {verdict.why}."
    for claim in verdict.differing:
        yield f"{sentence(claim.where)} says {shortened(claim.value, 120)} instead."
    for claim in verdict.claims:
        if claim.refused:
            words = shortened(claim.stated, 60)
            yield f"{sentence(claim.where)} says “{words}”, not used: {claim.refused}."


def _community(community: CommunityFiles | None, url: str, branch: str) -> Iterator[FactLine]:
    if community is None:
        return
    for label, name in _COMMUNITY_FILES:
        if path := getattr(community, name):
            address = at_github(url, _view(path), branch, path)
            yield FactLine(label, outside=Outside(path.rstrip("/"), address))
    if community.workflows:
        yield FactLine("Automation", "GitHub Actions")


def _counts(counts: Counts, url: str) -> Iterator[FactLine]:
    lines = (
        ("Open issues", counts.open_issues, at_github(url, "issues")),
        ("Open pull requests", counts.open_pull_requests, at_github(url, "pulls")),
        ("Good first issues", counts.good_first_issues, good_first_url(counts, url)),
        ("Help wanted", counts.help_wanted, help_wanted_url(counts, url)),
    )
    for label, count, target in lines:
        if count:
            yield FactLine(label, outside=Outside(number(count), target))
        elif count == 0:
            yield FactLine(label, "None")


def _numbers(*pairs: tuple[str, int | None]) -> Iterable[FactLine]:
    return (FactLine(label, number(count)) for label, count in pairs if count is not None)


def _view(path: str) -> str:
    return "tree" if path.endswith("/") else "blob"


def _short(url: str) -> str:
    return url.split("://", 1)[1].rstrip("/")
