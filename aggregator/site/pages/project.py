"""A project's page: what it is, whether it lives, who is behind it, how to start.

Also what would help its listing, and the pages left behind at the addresses of renamed
repositories. Its facts in words are made in `facts`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from markupsafe import Markup

from aggregator.catalogue.checkup import CheckupItem, celebration, checkup, ideas
from aggregator.catalogue.types import Project, Unmade
from aggregator.facts.repository import ReadmeBlob, Release
from aggregator.joining.forms import EDIT, REMOVE, form_link
from aggregator.readme.readme import Heading
from aggregator.registry.models import Showcase, Talk
from aggregator.site.data.badges import badge_path, badge_words
from aggregator.site.frame import (
    Anchor,
    Frame,
    Outside,
    PageContext,
    organisation_anchor,
    pushed_at,
)
from aggregator.site.pages import facts as in_words
from aggregator.site.pages.cards import (
    Card,
    Notice,
    card_of,
    cards_of,
    notice_of,
    tags_of,
    trusted,
)
from aggregator.words.addresses import at_github, quoted, web_address
from aggregator.words.phrases import shortened

_SHOWN_RELATED = 3
_DESCRIPTION_LENGTH = 200
# A longer list of contents is no help any more; the README itself is right below.
_MOST_HEADINGS = 30
_WORDS_OF = {
    "registry": None,
    "repository": "In the words of the repository's own files.",
    "GitHub": "In the words of its description on GitHub.",
    "README": "In the words of its README.",
}


@dataclass(frozen=True, slots=True)
class CheckUp:
    """What is there of a listing, and what would help, each with something to copy."""

    praise: str
    findings: tuple[CheckupItem, ...]


@dataclass(frozen=True, kw_only=True)
class ProjectPage(PageContext):
    """One project: what it is, whether it lives, who made it, how to start."""

    template: ClassVar[str] = "project/index.html"
    card: Card
    repo: str
    pushed_at: datetime | None
    erased: bool
    notice: Notice | None
    summary: str | None
    summary_source: str | None
    actions: tuple[Outside, ...]
    left_out_notes: tuple[str, ...]
    licence_words: str
    people: tuple[Anchor, ...]
    contributors_words: str | None
    starts: tuple[Outside, ...]
    fact_groups: tuple[in_words.FactGroup, ...]
    shares: tuple[in_words.Share, ...]
    tags: tuple[Anchor, ...]
    releases: tuple[Release, ...]
    issues: tuple[Outside, ...]
    used_by: tuple[Anchor, ...]
    talks: tuple[Talk, ...]
    story: Markup | None
    readme: Markup | None
    readme_headings: tuple[Heading, ...]
    readme_notes: tuple[str, ...]
    readme_url: str | None
    readme_missing: bool
    related: tuple[Card, ...]
    badge_path: str
    badge_alt: str
    badge_markdown: str | None
    check_up: CheckUp | None
    edit_url: str | None
    remove_url: str | None


@dataclass(frozen=True, kw_only=True)
class MovedPage(PageContext):
    """The page left behind at an old address."""

    template: ClassVar[str] = "moved.html"
    target: Anchor


@dataclass(frozen=True, kw_only=True)
class UnmadePage(PageContext):
    """The plain page of a project whose own could not be made."""

    template: ClassVar[str] = "unmade.html"
    repo: str
    repository_url: str
    message: str
    cure: str


def moved_pages(frame: Frame, projects: Iterable[Project]) -> Iterator[MovedPage]:
    """Leave a page that leads on at each address that a project had before."""
    for project in projects:
        target = Anchor(project.title, project.page)
        title = f"{project.title} has moved"
        for folder in project.previous_pages:
            page = frame.moved_page(folder, project.page, title, "This page has moved.")
            yield MovedPage(page=page, target=target)


def unmade_pages(frame: Frame, unmade: Iterable[Unmade]) -> Iterator[UnmadePage]:
    """Leave a plain page at the address of each project whose own could not be made."""
    for one in (each for each in unmade if each.page):
        yield UnmadePage(
            page=frame.page(one.page, one.repo, "This page could not be made this time."),
            repo=one.repo,
            repository_url=f"{frame.site.web}/{one.repo}",
            message=one.message,
            cure=one.cure,
        )


def project_pages(
    frame: Frame,
    projects: Iterable[Project],
    by_key: Mapping[str, Project],
    check_ups: Mapping[str, CheckUp],
    showcase: Showcase,
) -> Iterator[ProjectPage]:
    """Make the page of every project.

    Args:
        frame: what all pages share.
        projects: those that get a page.
        by_key: what is listed, to find what a project is related to.
        check_ups: what would help each listing, by registry key.
        showcase: says where an entry can be edited.
    """
    for project in projects:
        near = (by_key[key] for key in project.related[:_SHOWN_RELATED] if key in by_key)
        yield project_page(project, near, check_ups.get(project.key), frame, showcase)


def check_ups_of(projects: Iterable[Project], stages: tuple[str, ...]) -> Mapping[str, CheckUp]:
    """Look at each listing, by registry key; what was taken down is left in peace."""
    shown = (project for project in projects if not project.standing.outcome.erases)
    return {project.key: _check_up(project, stages) for project in shown}


def _check_up(project: Project, stages: tuple[str, ...]) -> CheckUp:
    items = checkup(project, stages)
    return CheckUp(celebration(items), tuple(map(_unmarked, ideas(items))))


def _unmarked(item: CheckupItem) -> CheckupItem:
    """Take the marks out of a cure: a sentence of Markdown that uses emphasis and code only."""
    return replace(item, cure=item.cure.replace("*", "").replace("`", ""))


def project_page(
    project: Project,
    related: Iterable[Project],
    found: CheckUp | None,
    frame: Frame,
    showcase: Showcase,
) -> ProjectPage:
    """Gather everything that a project's page says."""
    facts = project.facts
    details = facts.details if facts else None
    readme = project.readme
    blob = details.readme if details and project.readme_shown != "hide" else None
    return ProjectPage(
        page=frame.page(
            project.page, project.title, _description(project), wide_images=readme is not None
        ),
        card=card_of(project, frame),
        repo=project.repo,
        pushed_at=pushed_at(project),
        erased=project.standing.outcome.erases,
        notice=notice_of(project),
        summary=project.summary.text if project.summary else None,
        summary_source=_WORDS_OF[project.summary.source] if project.summary else None,
        actions=_actions(project),
        left_out_notes=() if project.standing.outcome.erases else project.left_out,
        licence_words=in_words.licence_words(project),
        people=tuple(Anchor(login, f"people/{login.lower()}/") for login in project.people),
        contributors_words=in_words.contributors_words(facts),
        starts=_starts(project),
        fact_groups=in_words.fact_groups_of(project),
        shares=in_words.shares_of(details),
        tags=tags_of(project, frame),
        releases=in_words.releases_of(details),
        issues=in_words.issues_of(facts.counts if facts else None, project.url),
        used_by=tuple(organisation_anchor(one) for one in project.used_by),
        talks=project.talks,
        story=trusted(project.story_html),
        readme=trusted(readme.html if readme else None),
        readme_headings=readme.headings[:_MOST_HEADINGS] if readme else (),
        readme_notes=readme.notes if readme else (),
        readme_url=_readme_url(project, blob),
        readme_missing=bool(details and details.readme_asked and not details.readme),
        related=cards_of(related, frame),
        badge_path=badge_path(project),
        badge_alt=badge_words(project, frame.site.title),
        badge_markdown=_badge_markdown(project, frame),
        check_up=found,
        edit_url=form_link(EDIT, showcase, project.listed_as, frame.site.web) or None,
        remove_url=form_link(REMOVE, showcase, project.listed_as, frame.site.web) or None,
    )


def _description(project: Project) -> str:
    if project.summary:
        return shortened(project.summary.text, _DESCRIPTION_LENGTH)
    return f"{project.title}: what it is, who is behind it, how to start."


def _actions(project: Project) -> tuple[Outside, ...]:
    if project.standing.outcome.erases:
        return ()
    links = project.links
    return _safe(
        ("Open on GitHub", project.url),
        ("Try it out", links.demo),
        ("Documentation", links.docs),
        ("Paper", links.paper),
    )


def _starts(project: Project) -> tuple[Outside, ...]:
    facts, url = project.facts, project.url
    if facts is None:
        return ()
    issues = in_words.issues_of(facts.counts, url)
    community = facts.details.community if facts.details else None
    guide = community.contributing if community else None
    starts = _safe(
        ("Documentation", project.links.docs),
        ("Try it out", project.links.demo),
        ("Good first issues", issues[-1].url if issues else None),
        (
            "How to contribute",
            at_github(url, "blob", in_words.branch_of(facts), guide) if guide else None,
        ),
    )
    return starts or (Outside("Open the repository", url),)


def _safe(*offered: tuple[str, str | None]) -> tuple[Outside, ...]:
    """Link to those addresses that are there and safe to link to."""
    return tuple(Outside(text, url) for text, url in offered if url and web_address(url))


def _readme_url(project: Project, blob: ReadmeBlob | None) -> str | None:
    if blob is None or project.facts is None:
        return None
    return at_github(project.url, "blob", in_words.branch_of(project.facts), blob.path)


def _badge_markdown(project: Project, frame: Frame) -> str | None:
    """Write the line to copy; without the site's address a badge could not be found."""
    page = frame.absolute(quoted(project.page))
    image = frame.absolute(quoted(badge_path(project)))
    if page is None or image is None or project.standing.outcome.erases:
        return None
    # What Markdown would read as its own in the words of a picture.
    words = re.sub(r"([\\\[\]*_`<>])", r"\\\1", badge_words(project, frame.site.title))
    return f"[![{words}]({image})]({page})"
