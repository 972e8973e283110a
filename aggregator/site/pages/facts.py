"""What has to be worked out of a project's facts before a page can show it.

Facts that need no working out are written by `parts/facts.html` as they are; what is not known has
no line there. Nothing is read from the registry here.
"""

from dataclasses import dataclass

from aggregator.catalogue.types import Project
from aggregator.facts.repository import (
    GOOD_FIRST_ISSUE,
    HELP_WANTED,
    Counts,
    Details,
    Release,
)
from aggregator.site.frame import Outside
from aggregator.words.addresses import issues_labelled, web_address
from aggregator.words.phrases import plural, shortened

# Further languages are a percent or two of the code, and a line of the chart nobody can see.
_MOST_LANGUAGES = 5
_SHOWN_RELEASES = 5


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
        issues_labelled(url, counts.good_first_labels, GOOD_FIRST_ISSUE),
    )
    if newest and web_address(newest.url):
        return (Outside(newest.title, newest.url), every)
    return (every,)


def help_wanted_url(counts: Counts | None, url: str) -> str:
    """Lead to the issues that were counted as asking for help."""
    return issues_labelled(url, counts.help_wanted_labels if counts else None, HELP_WANTED)


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


def licence_name(project: Project) -> str | None:
    """Give GitHub's name of the licence where GitHub's reading is the one that is used."""
    verdict = project.evidence.of("licence")
    used = verdict.used if verdict else None
    named = project.facts.glance.licence if project.facts else None
    by_github = named and (used is None or used.source == "GitHub")
    return named.name if named and by_github else project.licence
