"""The first page, the pages of all projects that follow it, and the page of the search."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from aggregator.catalogue.types import Activity, Group, OrganisationGroup, Project
from aggregator.site.events import ENOUGH_TO_SHOW_APART
from aggregator.site.frame import (
    Anchor,
    Frame,
    PageContext,
    group_anchor,
    organisation_anchor,
    pushed_at,
)
from aggregator.site.pages.cards import PULSES, Card, Pager, by_title, cards_of, pages_of
from aggregator.words.phrases import plural

_SHOWN_APART = 6
# More lines than this no screen has pixels for, and each costs bytes on the first page.
_MOST_LINES = 1_500
_LINE_STEP = 10
# How high a project stands on the shelf, by the level of its pulse, in hundredths.
_HEIGHTS = (16, 24, 46, 72, 100)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are of something."""

    count: int
    text: str


@dataclass(frozen=True, slots=True)
class BrowseColumn:
    """One way to look around: a heading, some of what is there, and the way to all."""

    title: str
    chips: tuple[Anchor, ...]
    more: Anchor | None


@dataclass(frozen=True, slots=True)
class Bars:
    """The projects as lines on a shelf, one path for each of the five heights."""

    width: int
    paths: tuple[str, ...]
    tallies: tuple[Tally, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class HomePage(PageContext):
    """The first page: what this is, ways to look around, every project."""

    template: ClassVar[str] = "home/index.html"
    bars: Bars | None
    suggestions: tuple[Anchor, ...]
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
class SearchPage(PageContext):
    """The search; without scripts, the ways to look around."""

    template: ClassVar[str] = "search/index.html"
    browse: tuple[BrowseColumn, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """The groups through which one can look around."""

    organisations: Sequence[OrganisationGroup]
    stages: Sequence[Group]
    tags: Sequence[Group]
    languages: Sequence[Group]

    def columns(self) -> tuple[BrowseColumn, ...]:
        """Offer who made it, how far it is, what it is about, its language."""
        columns = (
            BrowseColumn(
                "By organisation",
                _organisation_chips(self.organisations),
                Anchor("All organisations", "organisations/"),
            ),
            BrowseColumn("By stage", _chips("stages/", self.stages), None),
            BrowseColumn("By tag", _most("tags/", self.tags, 10), Anchor("All tags", "tags/")),
            BrowseColumn(
                "By language",
                _most("languages/", self.languages, 6),
                Anchor("All languages", "languages/"),
            ),
        )
        return tuple(column for column in columns if column.chips)


def home_pages(
    frame: Frame, projects: Sequence[Project], arrivals: Sequence[Project], around: Around
) -> Iterator[PageContext]:
    """Make the first page and one more for every sixty projects.

    Args:
        frame: what all pages share.
        projects: all of them.
        arrivals: those that were listed last.
        around: the ways to look around.
    """
    title, tagline = frame.site.title, frame.site.tagline
    listed = by_title(projects)
    for folder, part, pager in pages_of(listed, ""):
        if pager.number > 1:
            yield _more(frame, folder, part, pager)
            continue
        yield HomePage(
            page=frame.page("", title, tagline or f"The projects of {title}."),
            bars=shelf_of(listed),
            suggestions=_most("tags/", around.tags, 5),
            recent=cards_of(recently_active(projects), frame),
            newest=cards_of(arrivals, frame),
            browse=around.columns(),
            cards=cards_of(part, frame),
            pager=pager,
        )


def search_page(frame: Frame, around: Around) -> SearchPage:
    """Make the page that hosts the search."""
    words = plural(frame.site.project_count, "project")
    page = frame.page("search/", description=f"Search {words} in {frame.site.title}.")
    return SearchPage(page=page, browse=around.columns())


def shelf_of(projects: Sequence[Project]) -> Bars | None:
    """Draw every project as a line whose height says how lately it was active.

    Each line carries one true fact; a catalogue too large for lines gets none.
    """
    if not 3 <= len(projects) <= _MOST_LINES:
        return None
    paths = ["", "", "", "", ""]
    for position, project in enumerate(projects):
        level = PULSES[project.activity].level
        paths[level] += f"M{position * _LINE_STEP + _LINE_STEP // 2} 100v-{_HEIGHTS[level]}"
    counts = Counter(project.activity for project in projects)
    tallies = tuple(Tally(counts[each], each.value) for each in Activity if counts[each])
    return Bars(len(projects) * _LINE_STEP, tuple(paths), tallies, len(projects))


def recently_active(projects: Sequence[Project]) -> list[Project]:
    """Choose the projects with the latest pushes; none while the list is short anyway."""
    if len(projects) < ENOUGH_TO_SHOW_APART:
        return []
    alive = (project for project in projects if project.activity is not Activity.ARCHIVED)
    pushed = [(when, project.key, project) for project in alive if (when := pushed_at(project))]
    return [project for *_, project in sorted(pushed, reverse=True)[:_SHOWN_APART]]


def _more(frame: Frame, folder: str, part: Sequence[Project], pager: Pager) -> MoreProjectsPage:
    title = f"All projects, page {pager.number} of {pager.last}"
    page = frame.page(folder, title, f"{title}, A to Z.")
    return MoreProjectsPage(page=page, cards=cards_of(part, frame), pager=pager)


def _organisation_chips(groups: Iterable[OrganisationGroup]) -> tuple[Anchor, ...]:
    largest = sorted(
        (group for group in groups if group.projects),
        key=lambda group: (-len(group.projects), group.organisation.name.casefold()),
    )
    return tuple(
        replace(
            organisation_anchor(group.organisation),
            text=group.organisation.acronym or group.organisation.name,
            count=len(group.projects),
        )
        for group in largest[:8]
    )


def _most(folder: str, groups: Iterable[Group], count: int) -> tuple[Anchor, ...]:
    largest = sorted(groups, key=lambda group: (-len(group.projects), group.name.casefold()))
    return _chips(folder, largest[:count])


def _chips(folder: str, groups: Iterable[Group]) -> tuple[Anchor, ...]:
    return tuple(group_anchor(folder, group) for group in groups if group.slug)
