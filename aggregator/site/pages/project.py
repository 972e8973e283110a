"""A project's page: what it is, whether it lives, who is behind it, how to start.

Also the pages left behind at the addresses of renamed repositories.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup

from aggregator.catalogue.types import Catalogue, Project
from aggregator.facts.repository import ReadmeBlob
from aggregator.joining.forms import EDIT, REMOVE, Form, form_link
from aggregator.registry.models import Talk
from aggregator.site.data.badges import badge_path, badge_words
from aggregator.site.files import File
from aggregator.site.links import at_github, quoted
from aggregator.site.pages import facts as in_words
from aggregator.site.pages.cards import card_of, cards_of, tags_of
from aggregator.site.pages.checkup import check_up
from aggregator.site.pages.contexts import MovedPage, ProjectPage, UnmadePage
from aggregator.site.pages.frame import Frame, frame_of, organisation_anchor
from aggregator.site.pages.notices import notice_of
from aggregator.site.pages.views import Anchor, Outside, TalkView
from aggregator.site.theme import Theme
from aggregator.words.addresses import web_address
from aggregator.words.phrases import shortened

_SHOWN_RELATED = 3
_DESCRIPTION_LENGTH = 200
_MOST_HEADINGS = 30
_WORDS_OF = {
    "registry": None,
    "repository": "In the words of the repository's own files.",
    "GitHub": "In the words of its description on GitHub.",
    "README": "In the words of its README.",
}


def render_projects(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the page of every project."""
    frame = frame_of(catalogue)
    for project in catalogue.projects:
        yield theme.page(project_page(project, frame))


def render_moved(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Leave a page that leads on at each address that a project had before."""
    frame = frame_of(catalogue)
    for project in catalogue.projects:
        for folder in project.previous_pages:
            title = f"{project.title} has moved"
            page = frame.moved_page(folder, project.page, title, "This page has moved.")
            target = Anchor(project.title, project.page)
            yield theme.page(MovedPage(site=frame.site, page=page, target=target))


def render_unmade(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Leave a plain page at the address of each project whose own could not be made."""
    frame = frame_of(catalogue)
    for one in (each for each in catalogue.unmade if each.page):
        yield theme.page(
            UnmadePage(
                site=frame.site,
                page=frame.page(one.page, one.repo, "This page could not be made this time."),
                repo=one.repo,
                repository_url=f"{catalogue.web}/{one.repo}",
                message=one.message,
                cure=one.cure,
            )
        )


def project_page(project: Project, frame: Frame) -> ProjectPage:
    """Gather everything that a project's page says."""
    facts = project.facts
    details = facts.details if facts else None
    readme = project.readme
    blob = details.readme if details and project.readme_shown != "hide" else None
    return ProjectPage(
        site=frame.site,
        page=frame.page(
            project.page, project.title, _description(project), wide_images=readme is not None
        ),
        card=card_of(project, frame),
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
        talks=tuple(talk_view(talk, None) for talk in project.talks),
        story=trusted(project.story_html),
        readme=trusted(readme.html if readme else None),
        readme_headings=readme.headings[:_MOST_HEADINGS] if readme else (),
        readme_notes=readme.notes if readme else (),
        readme_url=_readme_url(project, blob),
        readme_missing=bool(details and details.readme_asked and not details.readme),
        related=cards_of(_related(project, frame.catalogue), frame),
        badge_path=badge_path(project),
        badge_alt=badge_words(project, frame.site.title),
        badge_markdown=_badge_markdown(project, frame),
        check_up=check_up(project, frame.catalogue),
        edit_url=_form_url(EDIT, project, frame),
        remove_url=_form_url(REMOVE, project, frame),
    )


def _form_url(form: Form, project: Project, frame: Frame) -> str | None:
    catalogue = frame.catalogue
    return form_link(form, catalogue.showcase, project.listed_as, catalogue.web) or None


def talk_view(talk: Talk, about: Anchor | None) -> TalkView:
    """Show a talk, with the project that it is about where that is not clear."""
    return TalkView(talk.title, talk.date, web_address(talk.url), about)


def trusted(html: str | None) -> Markup | None:
    """Mark HTML that the README worker has made safe as what may stand in a page unescaped."""
    return None if html is None else Markup(html)  # noqa: S704  (sanitised by `readme`, last)


def _description(project: Project) -> str:
    if project.summary:
        return shortened(project.summary.text, _DESCRIPTION_LENGTH)
    return f"{project.title}: what it is, who is behind it, how to start."


def _actions(project: Project) -> tuple[Outside, ...]:
    if project.standing.outcome.erases:
        return ()
    links = project.links
    offered = (
        ("Open on GitHub", project.url),
        ("Try it out", links.demo),
        ("Documentation", links.docs),
        ("Paper", links.paper),
    )
    return tuple(Outside(text, url) for text, url in offered if url and web_address(url))


def _starts(project: Project) -> tuple[Outside, ...]:
    facts = project.facts
    if facts is None:
        return ()
    counts = facts.counts
    community = facts.details.community if facts.details else None
    contributing = community.contributing if community else None
    offered = (
        ("Documentation", project.links.docs),
        ("Try it out", project.links.demo),
        (
            "Good first issues",
            in_words.good_first_url(counts, project.url)
            if counts and counts.good_first_issues
            else None,
        ),
        (
            "How to contribute",
            at_github(project.url, "blob", in_words.branch_of(facts), contributing)
            if contributing
            else None,
        ),
    )
    starts = tuple(Outside(text, url) for text, url in offered if url and web_address(url))
    return starts or (Outside("Open the repository", project.url),)


def _readme_url(project: Project, blob: ReadmeBlob | None) -> str | None:
    if blob is None or project.facts is None:
        return None
    return at_github(project.url, "blob", in_words.branch_of(project.facts), blob.path)


def _related(project: Project, catalogue: Catalogue) -> Iterator[Project]:
    for key in project.related[:_SHOWN_RELATED]:
        if key in catalogue.by_key:
            yield catalogue.by_key[key]


def _badge_markdown(project: Project, frame: Frame) -> str | None:
    """Write the line to copy; without the site's address a badge could not be found."""
    page = frame.absolute(quoted(project.page))
    image = frame.absolute(quoted(badge_path(project)))
    if page is None or image is None or project.standing.outcome.erases:
        return None
    words = re.sub(r"([\\\[\]*_`<>])", r"\\\1", badge_words(project, frame.site.title))
    return f"[![{words}]({image})]({page})"
