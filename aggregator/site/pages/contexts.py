"""What each template may read: one frozen class per page.

Every field is a variable of the template that the class names; a template that
reads anything else fails its test. Built by the modules beside this one, turned
into a file by `Theme.page`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from markupsafe import Markup

from aggregator.readme.readme import Heading
from aggregator.site.pages.views import (
    Anchor,
    Bars,
    BrowseColumn,
    Card,
    ChangeMonth,
    CheckUp,
    Chip,
    Confirmed,
    Export,
    FactGroup,
    Help,
    Idea,
    IndexSection,
    MistakeView,
    NavItem,
    Notice,
    Outside,
    Pager,
    Pulse,
    ReleaseView,
    Share,
    StatusRow,
    Story,
    TalkView,
    Tally,
)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that the head of a page offers to feed readers."""

    title: str
    path: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What every page says about the showcase as a whole."""

    title: str
    tagline: str | None
    language: str
    url: str | None
    home: str | None
    web: str
    host: str
    repository_url: str | None
    contact: Outside | None
    fetched_at: datetime | None
    confirmed: Confirmed | None
    stale_after_days: int
    notices: tuple[str, ...]
    project_count: int
    generator: str
    theme_colours: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a page is and how it introduces itself.

    Args:
        path: its file, from the top of the site.
        root: the way from it to the top: "../../".
        nav: the words of the main menu.
        foot: the words of the menu at the foot.
        canonical: its full address, where the site's is known.
        wide_images: whether pictures from other places may load (READMEs hold them).
    """

    path: str
    root: str
    title: str
    description: str
    nav: tuple[NavItem, ...]
    foot: tuple[NavItem, ...]
    canonical: str | None = None
    feeds: tuple[Feed, ...] = ()
    wide_images: bool = False
    hidden_from_search_engines: bool = False


@dataclass(frozen=True, kw_only=True)
class PageContext:
    """What all templates may read."""

    template: ClassVar[str]
    site: Site
    page: Page


@dataclass(frozen=True, kw_only=True)
class HomePage(PageContext):
    """The first page: what this is, ways to look around, every project."""

    template: ClassVar[str] = "home/index.html"
    bars: Bars | None
    suggestions: tuple[Chip, ...]
    recent: tuple[Card, ...]
    newest: tuple[Card, ...]
    browse: tuple[BrowseColumn, ...]
    cards: tuple[Card, ...]
    pager: Pager


@dataclass(frozen=True, kw_only=True)
class MoreProjectsPage(PageContext):
    """The second and later pages of all projects."""

    template: ClassVar[str] = "home/more.html"
    cards: tuple[Card, ...]
    pager: Pager


@dataclass(frozen=True, kw_only=True)
class ProjectPage(PageContext):
    """One project: what it is, whether it lives, who made it, how to start."""

    template: ClassVar[str] = "project/index.html"
    card: Card
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
    fact_groups: tuple[FactGroup, ...]
    shares: tuple[Share, ...]
    tags: tuple[Anchor, ...]
    releases: tuple[ReleaseView, ...]
    issues: tuple[Outside, ...]
    used_by: tuple[Anchor, ...]
    talks: tuple[TalkView, ...]
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
class GroupPage(PageContext):
    """Projects that share a tag, a language, a stage, an organisation or a person."""

    template: ClassVar[str] = "group/index.html"
    overline: Anchor
    heading: str
    lead: str | None
    outside_links: tuple[Outside, ...]
    count: int
    cards: tuple[Card, ...]
    empty: str
    also: tuple[Card, ...]
    also_heading: str | None
    pager: Pager


@dataclass(frozen=True, kw_only=True)
class IndexPage(PageContext):
    """All groups of one kind."""

    template: ClassVar[str] = "group/list.html"
    heading: str
    lead: str
    empty: str
    index_sections: tuple[IndexSection, ...]


@dataclass(frozen=True, kw_only=True)
class NewPage(PageContext):
    """What changed, newest first."""

    template: ClassVar[str] = "new/index.html"
    change_months: tuple[ChangeMonth, ...]
    newest: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class StoriesPage(PageContext):
    """Members' journeys in their own words."""

    template: ClassVar[str] = "stories/index.html"
    stories: tuple[Story, ...]


@dataclass(frozen=True, kw_only=True)
class TalksPage(PageContext):
    """Talks about the projects, newest first."""

    template: ClassVar[str] = "talks/index.html"
    talks: tuple[TalkView, ...]


@dataclass(frozen=True, kw_only=True)
class HelpWantedPage(PageContext):
    """Where somebody new can start."""

    template: ClassVar[str] = "help-wanted/index.html"
    helps: tuple[Help, ...]
    homeless: tuple[Card, ...]
    homeless_stage: str | None


@dataclass(frozen=True, kw_only=True)
class StatusPage(PageContext):
    """How the last run fared with every entry, and what would help."""

    template: ClassVar[str] = "status/index.html"
    tallies: tuple[Tally, ...]
    troubled: tuple[StatusRow, ...]
    rows: tuple[StatusRow, ...]
    ideas: tuple[Idea, ...]
    complete: int
    mistakes: tuple[MistakeView, ...]
    proof: str | None
    silent: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AddPage(PageContext):
    """The three ways to list a project.

    Args:
        form_url: a new issue of the registry's repository, from the form for projects.
        edit_url: the registry in GitHub's editor.
        organisations: slug and name of each.
    """

    template: ClassVar[str] = "add/index.html"
    repository_url: str | None
    form_url: str | None
    edit_url: str | None
    schema_url: str | None
    stages: tuple[str, ...]
    tags: tuple[str, ...]
    organisations: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class AboutPage(PageContext):
    """Who runs this, where the facts come from, and the open data."""

    template: ClassVar[str] = "about/index.html"
    about: Markup | None
    exports: tuple[Export, ...]


@dataclass(frozen=True, kw_only=True)
class ComponentsPage(PageContext):
    """Every building block side by side, for whoever changes the look."""

    template: ClassVar[str] = "about/components.html"
    cards: tuple[Card, ...]
    pulses: tuple[Pulse, ...]
    fact_group: FactGroup
    shares: tuple[Share, ...]
    pager: Pager
    colours: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SearchPage(PageContext):
    """The search; without scripts, the ways to look around."""

    template: ClassVar[str] = "search/index.html"
    browse: tuple[BrowseColumn, ...]


@dataclass(frozen=True, kw_only=True)
class NotFoundPage(PageContext):
    """What is shown for an address that is not there."""

    template: ClassVar[str] = "404.html"


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
