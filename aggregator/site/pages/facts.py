"""Facts of a project as its page shows them: in words, in groups, each with when it was confirmed.

What is not known has no line, and a group without a line is not there. Nothing is read from the
registry here. Called by the pages of projects, of help that is wanted, and of building blocks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.catalogue.claims import EvidenceField, Verdict
from aggregator.catalogue.types import Project
from aggregator.facts.repository import (
    GOOD_FIRST_ISSUE,
    HELP_WANTED,
    Counts,
    Details,
    Glance,
    RepoFacts,
)
from aggregator.site.frame import Outside, ToldOnce, older_than_last_run
from aggregator.words.addresses import at_github, doi_link, issues_labelled, web_address
from aggregator.words.natural_language import Tongues
from aggregator.words.phrases import day_of, plural, sentence, shortened
from aggregator.words.speech import later, number, say, say_many

# Further languages are a percent or two of the code, and a line of the chart nobody can see.
_MOST_LANGUAGES = 5
_LONGEST_SHOWN = 80  # signs of an address in a sentence
_SHOWN_RELEASES = 5
# Within so many days everything that is asked in turn is asked once (`fetch.decider`).
_ONE_TURN = timedelta(days=7)
_COMMUNITY_FILES = (
    (later("Contributing"), "contributing"),
    (later("Code of conduct"), "code_of_conduct"),
    (later("Security"), "security"),
    (later("Support"), "support"),
    (later("Citation"), "citation"),
    (later("Changelog"), "changelog"),
    (later("Documentation"), "docs"),
    (later("Tests"), "tests"),
)


@dataclass(frozen=True, repr=False)
class Confirmation(ToldOnce):
    """When GitHub last said something, as a page may say it.

    Args:
        words: seen from the last run, so that a night that confirms it again changes no page.
        day: the very moment, which only what is older than that has.
    """

    words: str = ""
    day: datetime | None = None


_TOLD_BY_FILES: tuple[tuple[str, EvidenceField], ...] = (
    (later("Licence"), "licence"),
    (later("Website"), "website"),
    (later("DOI"), "doi"),
    (later("Version"), "version"),
    (later("Summary"), "summary"),
)


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact: a label, and words or a day, which may lead somewhere."""

    label: str
    text: str = ""
    url: str = ""
    day: datetime | None = None


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that were asked for together."""

    title: str
    lines: tuple[FactLine, ...]
    confirmation: Confirmation


def confirmation_of(
    moment: datetime, ran: datetime | None, *, in_turn: bool = False
) -> Confirmation:
    """Say when something was confirmed, seen from the last run.

    Args:
        moment: when that was.
        ran: when the last run was.
        in_turn: whether each run asks only some projects for it, so that it may be a week old.
    """
    if in_turn and (ran is None or ran - moment <= _ONE_TURN):
        return Confirmation(say("within a week of the last run"))
    if older_than_last_run(moment, ran):
        return Confirmation(day=moment)
    return Confirmation(say("in the last run"))


def fact_groups(
    project: Project, issues: Sequence[Outside], ran: datetime | None
) -> tuple[FactGroup, ...]:
    """Gather the facts of a project in groups; `issues` are those for somebody new."""
    facts = project.facts
    if facts is None:
        return ()
    groups = [glance_group(project, facts.glance, ran)]
    if details := facts.details:
        asked = confirmation_of(details.confirmed_at, ran, in_turn=True)
        groups += [
            FactGroup(say("The work"), tuple(_work(project, details)), asked),
            FactGroup(say("In the repository"), tuple(_files(project, facts)), asked),
            FactGroup(say("Who says so"), tuple(_sources(project)), asked),
        ]
    if counts := facts.counts:
        asked = confirmation_of(counts.confirmed_at, ran, in_turn=True)
        groups.append(FactGroup(say("To do"), tuple(_to_do(project, counts, issues)), asked))
    return tuple(group for group in groups if group.lines)


def dead_links(project: Project) -> Iterator[str]:
    """Say of each link that leads nowhere since when; what is found again is not mentioned."""
    if project.standing.outcome.erases:
        return
    for url, since in sorted(project.dead_links.items()):
        address = shortened(url.partition("://")[2].rstrip("/"), _LONGEST_SHOWN)
        yield say(
            "Nothing has been found at %(address)s since %(day)s.",
            address=address,
            day=day_of(since),
        )


def glance_group(project: Project, glance: Glance, ran: datetime | None) -> FactGroup:
    """Gather what every run asks."""
    website = web_address(project.evidence.value("website"))
    lines = (
        FactLine(say("Last push"), day=glance.pushed_at),
        FactLine(say("Created"), day=glance.created_at),
        FactLine(say("Licence"), licence_name(project) or ""),
        FactLine(say("Stars"), _some(glance.stars)),
        FactLine(say("Forks"), _some(glance.forks)),
        FactLine(say("Website"), website.partition("://")[2].rstrip("/"), website),
    )
    asked = confirmation_of(glance.confirmed_at, ran)
    return FactGroup(
        say("On GitHub"), tuple(line for line in lines if line.text or line.day), asked
    )


def _work(project: Project, details: Details) -> Iterator[FactLine]:
    doi, authors = (project.evidence.value(field) for field in ("doi", "authors"))
    for label, text, url in (
        (say("Commits"), _some(details.commits_count), ""),
        (say("Releases"), _some(details.releases_count), ""),
        (say("Forked from"), details.parent, ""),
        (say("DOI"), doi, doi_link(doi) if doi else ""),
        (say("Authors"), shortened(authors or "", 300), ""),
    ):
        if text:
            yield FactLine(label, text, web_address(url))


def _files(project: Project, facts: RepoFacts) -> Iterator[FactLine]:
    community = facts.details.community if facts.details else None
    if community is None:
        return
    branch = branch_of(facts)
    for label, name in _COMMUNITY_FILES:
        if path := getattr(community, name):
            kind = "tree" if path.endswith("/") else "blob"
            url = at_github(project.url, kind, branch, path)
            yield FactLine(say(label), path.rstrip("/"), web_address(url))
    if community.workflows:
        yield FactLine(say("Automation"), "GitHub Actions")


def _sources(project: Project) -> Iterator[FactLine]:
    """Name who says what; title, summary and authors say themselves whose they are."""
    for label, field in _TOLD_BY_FILES:
        verdict = project.evidence.of(field)
        in_files = verdict and any(claim.source == "repository" for claim in verdict.claims)
        if verdict and in_files and (words := _verdict_words(verdict)):
            yield FactLine(say(label), words)


def _verdict_words(verdict: Verdict) -> str:
    """Say where a fact comes from that several tell, and where they say different things."""
    used = verdict.used
    said = []
    if used:
        shown = shortened(used.value, 120)
        said.append(say("%(value)s: %(why)s.", value=shown, why=verdict.because))
    said += (
        say(
            "%(where)s says %(value)s instead.",
            where=sentence(claim.place),
            value=shortened(claim.value, 120),
        )
        for claim in verdict.differing
    )
    said += (
        say(
            "%(where)s says “%(words)s”, not used: %(why)s.",
            where=sentence(claim.place),
            words=shortened(claim.stated, 60),
            why=say(claim.refused),
        )
        for claim in verdict.claims
        if claim.refused
    )
    return " ".join(said)


def _to_do(project: Project, counts: Counts, issues: Sequence[Outside]) -> Iterator[FactLine]:
    """Count what is open: a line for each sort of which there is any, or one for all of nothing."""
    wanted = help_wanted_url(counts, project.url) if counts.help_wanted else ""
    lines = [
        FactLine(label, _some(count), url)
        for label, count, url in (
            (say("Open issues"), counts.open_issues, at_github(project.url, "issues")),
            (say("Open pull requests"), counts.open_pull_requests, at_github(project.url, "pulls")),
            (say("Good first issues"), counts.good_first_issues, issues[-1].url if issues else ""),
            (say("Help wanted"), counts.help_wanted, wanted),
        )
        if count
    ]
    if not lines and counts.open_issues == counts.open_pull_requests == 0:
        lines.append(FactLine(say("Issues and pull requests"), say("None open")))
    yield from lines


def contributors_words(facts: RepoFacts | None) -> str:
    """Say how many people made it, as far as they were counted."""
    people = facts.contributors if facts else None
    if people and people.count:
        return plural(people.count, "contributor")
    seen = len(people.top) if people else 0
    if not seen:
        return ""
    return say_many(
        seen, "%(count)s person in recent commits", "%(count)s people in recent commits"
    )


def _some(count: int | None) -> str:
    """Write how many there are; of none, as of what is not known, there is nothing to read."""
    return number(count) if count else ""


def branch_of(facts: RepoFacts | None) -> str:
    """Name the branch that GitHub shows first, or what stands for it where it is not known."""
    return (facts.glance.default_branch if facts else None) or "HEAD"


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a project's code that is in one language."""

    name: str
    percent: int
    x: float
    width: float


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


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A release as it is listed; `day` is None where GitHub told none."""

    name: str
    url: str
    day: datetime | None
    prerelease: bool


def releases_of(details: Details | None) -> tuple[ReleaseLine, ...]:
    """List the latest releases that can be linked to, newest first."""
    latest = ((details.releases or ()) if details else ())[:_SHOWN_RELEASES]
    return tuple(
        ReleaseLine(one.name or one.tag, one.url, one.published_at, one.prerelease)
        for one in latest
        if web_address(one.url)
    )


def issues_of(counts: Counts | None, url: str, tongues: Tongues) -> tuple[Outside, ...]:
    """Offer what somebody new could take up: the newest good first issue, and where all are."""
    if not counts or not counts.good_first_issues:
        return ()
    newest, alone = counts.newest_good_first_issue, counts.good_first_issues == 1
    every = Outside(
        say_many(
            counts.good_first_issues,
            "%(count)s good first issue",
            "All %(count)s good first issues",
        ),
        issues_labelled(url, counts.good_first_labels, GOOD_FIRST_ISSUE),
    )
    if newest and web_address(newest.url):
        shown = Outside(newest.title, newest.url, tongues.of(newest.title))
        return (shown,) if alone else (shown, every)
    return (every,)


def help_wanted_url(counts: Counts | None, url: str) -> str:
    """Lead to the issues that were counted as asking for help."""
    return issues_labelled(url, counts.help_wanted_labels if counts else None, HELP_WANTED)


def licence_name(project: Project) -> str | None:
    """Give GitHub's name of the licence where GitHub's reading is the one that is used."""
    verdict = project.evidence.of("licence")
    used = verdict.used if verdict else None
    named = project.facts.glance.licence if project.facts else None
    by_github = named and (used is None or used.source == "GitHub")
    return named.name if named and by_github else project.licence
