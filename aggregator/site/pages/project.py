"""A project's page: what it is, whether it lives, who is behind it, how to start.

Also what would help its listing, its card alone for other people's pages, and the pages left
behind at the addresses of renamed repositories. How facts read is said in `project/index.html`.
"""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

from aggregator.catalogue.checkup import celebration, checkup, ideas
from aggregator.catalogue.types import Project, Unmade
from aggregator.joining.forms import EDIT, REMOVE, form_link
from aggregator.readme.kept import KeptText
from aggregator.readme.readme import Heading, Readme
from aggregator.registry.community import Talk
from aggregator.registry.models import Links
from aggregator.registry.settings import Showcase
from aggregator.site.data.badges import badge_path, badge_words
from aggregator.site.data.elsewhere import embedding
from aggregator.site.frame import (
    Anchor,
    Frame,
    Outside,
    PageContext,
    ToldOnce,
)
from aggregator.site.pages import facts as in_words
from aggregator.site.pages.cards import (
    Card,
    Notice,
    SafeHtml,
    card_of,
    cards_of,
    notice_of,
    tags_of,
    trusted,
)
from aggregator.site.pages.reuse import ReuseCard, reuse_of
from aggregator.site.pages.sharing import Sharing, sharing_of
from aggregator.site.recipes import File
from aggregator.words.addresses import at_github, quoted
from aggregator.words.phrases import shortened
from aggregator.words.speech import say, say_stored

# In sanitised HTML: attributes stand in double quotes, and "<" only where a tag begins.
_ID = re.compile(r'\sid="([^"]+)"')
_PLACE = re.compile(r'(?P<tag><a\s(?:[^>]*\s)?href=")#(?P<place>user-content-[^"]*)')
_SHOWN_RELATED = 3
_DESCRIPTION_LENGTH = 200
# A longer list of contents is no help any more; the README itself is right below.
_MOST_HEADINGS = 30


@dataclass(frozen=True, repr=False)
class Finding(ToldOnce):
    """One thing that would help a listing, as it is told; when GitHub said so does not matter."""

    key: str
    title: str
    name: str  # within a sentence
    why: str
    cure: str
    snippet: str


@dataclass(frozen=True, slots=True)
class CheckUp:
    """What is there of a listing, and what would help, each with something to copy."""

    praise: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class ProjectPage(PageContext):
    """One project: what it is, whether it lives, who made it, how to start.

    Args:
        erased: whether what the repository says was taken down.
        has_facts: whether GitHub said anything of it.
        link_notes: a sentence for each link that is not passed on, or leads nowhere.
        facts: in groups, each with when it was confirmed.
        story: like `readme` HTML that may be put in unescaped.
        readme_language: what that is written in; `story_language` likewise.
        readme_at: where all of the README is, when this page only begins it; else "".
        readme_is_long: whether it takes more than about three screens.
        readme_url: the README at GitHub, unless its entry hides it.
        readme_missing: whether GitHub was asked and there is none.
        steps: the learning paths that it is a step of, each with which one.
    """

    template: ClassVar[str] = "project/index.html"
    repo: str
    url: str
    erased: bool
    has_facts: bool
    card: Card
    notice: Notice | None
    reuse: ReuseCard
    link_notes: tuple[str, ...]
    links: Links
    talks: tuple[Talk, ...]
    tags: tuple[Anchor, ...]
    related: tuple[Card, ...]
    issues: tuple[Outside, ...]
    facts: tuple[in_words.FactGroup, ...]
    shares: tuple[in_words.Share, ...]
    releases: tuple[in_words.ReleaseLine, ...]
    story: SafeHtml | None
    story_language: str
    readme: SafeHtml | None
    readme_language: str
    readme_at: str
    readme_is_long: bool
    readme_url: str
    readme_missing: bool
    readme_headings: tuple[Heading, ...]
    readme_notes: tuple[str, ...]
    badge_path: str
    badge_alt: str
    badge_markdown: str | None
    embed_html: str | None
    sharing: Sharing | None
    check_up: CheckUp | None
    edit_url: str | None
    remove_url: str | None
    steps: tuple[Anchor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReadmePage(PageContext):
    """A whole README, where it is too large to be loaded with its project's page."""

    template: ClassVar[str] = "project/readme.html"
    target: Anchor
    readme: SafeHtml
    readme_language: str
    readme_url: str


@dataclass(frozen=True, kw_only=True)
class CardPage(PageContext):
    """A project's card alone, to be shown in a frame on somebody else's page."""

    template: ClassVar[str] = "project/card.html"
    card: Card


@dataclass(frozen=True, kw_only=True)
class MovedPage(PageContext):
    """The page left behind at an old address."""

    template: ClassVar[str] = "moved.html"
    target: Anchor


@dataclass(frozen=True, kw_only=True)
class UnmadePage(PageContext):
    """The plain page of a project whose own could not be made; what went wrong may be English."""

    template: ClassVar[str] = "unmade.html"
    repo: str
    problem: str
    problem_language: str
    cure: str
    cure_language: str
    repository_url: str


def card_pages(frame: Frame, projects: Iterable[Project]) -> Iterator[CardPage]:
    """Show each project's card alone, under every name that it had: frames elsewhere stay."""
    for project in projects:
        card = card_of(project, frame)
        for folder in (project.page, *project.previous_pages):
            page = frame.page(_card_path(folder), project.title)
            yield CardPage(
                page=replace(
                    page, feed=None, leads_to=project.page, hidden_from_search_engines=True
                ),
                card=card,
            )


def readme_pages(frame: Frame, projects: Iterable[Project]) -> Iterator[ReadmePage]:
    """Show each README whole that its project's page only begins."""
    for project in projects:
        readme = project.readme
        if path := _whole_readme(project):
            page = frame.page(
                path, say("README of %(title)s", title=project.title), wide_images=True
            )
            yield ReadmePage(
                page=replace(
                    page, feed=None, leads_to=project.page, hidden_from_search_engines=True
                ),
                target=Anchor(project.title, project.page),
                readme=trusted(readme.html if readme else None) or SafeHtml(""),
                readme_language=_language_of(readme, frame),
                readme_url=_readme_url(project),
            )


def drawing_files(projects: Iterable[Project]) -> Iterator[File]:
    """Give the pictures that were drawn for READMEs or are in them, beside each page with them."""
    for project in projects:
        readme = project.readme
        whole = _whole_readme(project)
        for path, text in readme.drawings if readme else ():
            data = text.encode() if path.endswith(".svg") else b64decode(text)
            if whole:
                yield File(f"{whole}{path}", data)
            if not whole or (readme and path in str(readme.beginning)):
                yield File(f"{project.page}{path}", data)


def _shown(readme: Readme) -> str | KeptText:
    """Give what the page of a project shows; what is only in the whole is linked there."""
    if not readme.beginning:
        return readme.html
    beginning = str(readme.beginning)
    here = set(_ID.findall(beginning))

    def led(link: re.Match[str]) -> str:
        return link[0] if link["place"] in here else f"{link['tag']}readme/#{link['place']}"

    return _PLACE.sub(led, beginning)


def _language_of(readme: Readme | None, frame: Frame) -> str:
    return frame.site.tongues.of("", readme.language if readme else "")


def _whole_readme(project: Project) -> str:
    """Name the folder of its README where that stands apart; "" for nowhere else."""
    return f"{project.page}readme/" if project.readme and project.readme.beginning else ""


def _readme_url(project: Project) -> str:
    """Lead to the README at GitHub, unless its entry hides it."""
    details = project.facts.details if project.facts else None
    blob = details.readme if details and project.readme_shown != "hide" else None
    branch = in_words.branch_of(project.facts)
    return at_github(project.url, "blob", branch, blob.path) if blob else ""


def moved_pages(frame: Frame, projects: Iterable[Project]) -> Iterator[MovedPage]:
    """Leave a page that leads on at each address that a project had before."""
    for project in projects:
        yield from moved_to(frame, Anchor(project.title, project.page), project.previous_pages)


def moved_to(frame: Frame, target: Anchor, former: Iterable[str]) -> Iterator[MovedPage]:
    """Leave a page that leads to `target` in each of some folders."""
    for folder in former:
        title = say("%(title)s has moved", title=target.text)
        page = frame.page(folder, title, say("This page has moved."))
        page = replace(page, leads_to=target.path, hidden_from_search_engines=True)
        yield MovedPage(page=page, target=target)


def unmade_pages(frame: Frame, unmade: Iterable[Unmade]) -> Iterator[UnmadePage]:
    """Leave a plain page at both addresses of each project whose own could not be made."""
    for one in unmade:
        for folder in (one.page, _card_path(one.page)) if one.page else ():
            page = frame.page(folder, one.repo, say("This page could not be made this time."))
            address = f"{frame.site.web}/{one.repo}"
            problem, problem_language = say_stored(one.message)
            cure, cure_language = say_stored(one.cure)
            yield UnmadePage(
                page=page,
                repo=one.repo,
                problem=problem,
                problem_language=problem_language,
                cure=cure,
                cure_language=cure_language,
                repository_url=address,
            )


def check_ups_of(projects: Iterable[Project], stages: tuple[str, ...]) -> Mapping[str, CheckUp]:
    """Look at each listing, by registry key; what was taken down is left in peace."""
    found = {}
    for project in projects:
        if not project.standing.outcome.erases:
            items = checkup(project, stages)
            findings = tuple(
                _finding(i.key, i.title, i.name, i.why, i.cure, i.snippet) for i in ideas(items)
            )
            found[project.key] = CheckUp(celebration(items), findings)
    return found


@lru_cache(maxsize=500)  # most say the same of many listings, and are told once for all of them
def _finding(  # noqa: PLR0913, PLR0917 - those of an item
    key: str, title: str, name: str, why: str, cure: str, snippet: str
) -> Finding:
    plain = cure.replace("*", "").replace("`", "")  # Markdown, for reports
    return Finding(key, title, name, why, plain, snippet)


def project_pages(
    frame: Frame,
    projects: Iterable[Project],
    by_key: Mapping[str, Project],
    check_ups: Mapping[str, CheckUp],
    showcase: Showcase,
) -> Iterator[ProjectPage]:
    """Make the page of every project.

    `by_key` and `check_ups` are by registry key; `showcase` says where an entry can be edited.
    """
    for project in projects:
        near = (by_key[key] for key in project.related[:_SHOWN_RELATED] if key in by_key)
        yield project_page(project, near, check_ups.get(project.key), frame, showcase)


def project_page(
    project: Project,
    related: Iterable[Project],
    found: CheckUp | None,
    frame: Frame,
    showcase: Showcase,
) -> ProjectPage:
    """Gather everything that a project's page says."""
    facts, readme = project.facts, project.readme
    counts, details = (facts.counts, facts.details) if facts else (None, None)
    issues = in_words.issues_of(counts, project.url, frame.site.tongues)
    description = (
        shortened(project.summary.text, _DESCRIPTION_LENGTH)
        if project.summary
        else say("%(title)s: what it is, who is behind it, how to start.", title=project.title)
    )
    page = frame.page(project.page, project.title, description, wide_images=readme is not None)
    return ProjectPage(
        page=replace(page, feed=Anchor(project.title, project.page), json_feed=False),
        repo=project.repo,
        url=project.url,
        erased=project.standing.outcome.erases,
        has_facts=facts is not None,
        card=card_of(project, frame),
        notice=notice_of(project),
        reuse=reuse_of(project, frame),
        link_notes=(*project.left_out, *in_words.dead_links(project)),
        links=project.links,
        talks=project.talks,
        tags=tags_of(project, frame),
        related=cards_of(related, frame),
        issues=issues,
        facts=in_words.fact_groups(project, issues, frame.ran),
        shares=in_words.shares_of(details),
        releases=in_words.releases_of(details),
        story=trusted(project.story_html),
        story_language=project.story_language,
        readme=trusted(_shown(readme) if readme else None),
        readme_language=_language_of(readme, frame),
        readme_at=_whole_readme(project),
        readme_is_long=bool(readme and readme.is_long),
        readme_url=_readme_url(project),
        readme_missing=bool(details and details.readme_asked and not details.readme),
        readme_headings=readme.headings[:_MOST_HEADINGS] if readme else (),
        readme_notes=readme.notes if readme else (),
        badge_path=badge_path(project.page),
        badge_alt=badge_words(project, frame.site.title),
        badge_markdown=_badge_markdown(project, frame),
        embed_html=_embed_html(project, frame),
        sharing=sharing_of(project, frame),
        check_up=found,
        edit_url=form_link(EDIT, showcase, project.listed_as, frame.site.web) or None,
        remove_url=form_link(REMOVE, showcase, project.listed_as, frame.site.web) or None,
    )


def _badge_markdown(project: Project, frame: Frame) -> str | None:
    """Write the line to copy; without the site's address a badge could not be found."""
    if frame.site.url is None or project.standing.outcome.erases:
        return None
    page, image = (
        frame.site.url + quoted(path) for path in (project.page, badge_path(project.page))
    )
    # What Markdown would read as its own in the words of a picture.
    words = re.sub(r"([\\\[\]*_`<>])", r"\\\1", badge_words(project, frame.site.title))
    return f"[![{words}]({image})]({page})"


def _embed_html(project: Project, frame: Frame) -> str | None:
    """Write the HTML to copy that shows the card on another page."""
    if frame.site.url is None or project.standing.outcome.erases:
        return None
    return embedding(project.title, frame.site.url + quoted(_card_path(project.page)))


def _card_path(folder: str) -> str:
    return f"{folder}card/"
