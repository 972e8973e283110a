"""Pages that list projects: the first page with all of them, the search, people.

The first page and the search offer the ways to look around. How one project looks in a list is
said in `cards`, and how those that share something are shown in `groups`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from aggregator.catalogue.types import Activity, Group, OrganisationGroup, Project
from aggregator.site.events import ENOUGH_TO_SHOW_APART
from aggregator.site.frame import (
    Anchor,
    Frame,
    Outside,
    PageContext,
    group_anchor,
    organisation_anchor,
    pushed_at,
)
from aggregator.site.pages.cards import (
    PULSES,
    Card,
    Pager,
    by_title,
    cards_of,
    dealt,
)
from aggregator.site.pages.groups import (
    Beside,
    count_first,
    group_pages,
    largest_groups,
)
from aggregator.words.phrases import plural

_SHOWN_APART = 6
_SUGGESTED = 5
# More lines than this no screen has pixels for, and each costs bytes on the first page.
_MOST_LINES = 1_500
_LINE_STEP = 10
# How high a project stands on the shelf, by the level of its pulse, in hundredths.
_HEIGHTS = (16, 24, 46, 72, 100)


@dataclass(frozen=True, slots=True)
class BrowseColumn:
    """One way to look around: a heading, some of what is there, and the way to all."""

    title: str
    chips: tuple[Anchor, ...]
    more: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """The projects as lines on a shelf, one path for each height, and how many are how active."""

    width: int
    paths: tuple[str, ...]
    tallies: tuple[tuple[int, str], ...]
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


def browse_columns(
    organisations: Iterable[OrganisationGroup], named: Mapping[str, Sequence[Group]]
) -> tuple[BrowseColumn, ...]:
    """Offer who made it, how far it is, what it is about, its language."""
    makers = [
        replace(
            organisation_anchor(group.organisation),
            text=group.organisation.acronym or group.organisation.name,
            count=len(group.projects),
        )
        for group in organisations
        if group.projects
    ]
    columns = (
        BrowseColumn(
            "By organisation",
            tuple(sorted(makers, key=count_first)[:8]),
            Anchor("All organisations", "organisations/"),
        ),
        BrowseColumn(
            "By stage", tuple(group_anchor("stages/", stage) for stage in named["stages/"])
        ),
        BrowseColumn("By tag", largest_groups("tags/", named)[:10], Anchor("All tags", "tags/")),
        BrowseColumn(
            "By language",
            largest_groups("languages/", named)[:6],
            Anchor("All languages", "languages/"),
        ),
    )
    return tuple(column for column in columns if column.chips)


def home_pages(
    frame: Frame,
    projects: Sequence[Project],
    arrivals: Sequence[Project],
    named: Mapping[str, Sequence[Group]],
    browse: tuple[BrowseColumn, ...],
) -> Iterator[PageContext]:
    """Make the first page and one more for every sixty projects.

    `arrivals` are shown apart, the largest tags suggested.
    """
    name, tagline = frame.site.title, frame.site.tagline
    for folder, cards, pager in dealt(projects, "", frame):
        if pager.number > 1:
            title = pager.title("All projects")
            page = frame.page(folder, title, f"{title}, A to Z.")
            yield MoreProjectsPage(page=page, cards=cards, pager=pager)
            continue
        yield HomePage(
            page=frame.page("", name, tagline or f"The projects of {name}."),
            bars=_shelf(by_title(projects)),
            suggestions=largest_groups("tags/", named)[:_SUGGESTED],
            recent=cards_of(_recently_active(projects), frame),
            newest=cards_of(arrivals, frame),
            browse=browse,
            cards=cards,
            pager=pager,
        )


def search_page(frame: Frame, browse: tuple[BrowseColumn, ...]) -> SearchPage:
    """Make the page that hosts the search."""
    words = plural(frame.site.project_count, "project")
    page = frame.page("search/", description=f"Search {words} in {frame.site.title}.")
    return SearchPage(page=page, browse=browse)


def _shelf(projects: Sequence[Project]) -> Bars | None:
    """Draw every project as a line whose height says how lately it was active.

    Each line carries one true fact; a catalogue too large for lines gets none.
    """
    if not 3 <= len(projects) <= _MOST_LINES:
        return None
    paths = [""] * len(_HEIGHTS)
    for position, project in enumerate(projects):
        level = PULSES[project.activity].level
        paths[level] += f"M{position * _LINE_STEP + _LINE_STEP // 2} 100v-{_HEIGHTS[level]}"
    counts = Counter(project.activity for project in projects)
    tallies = tuple((counts[each], each.value) for each in Activity if counts[each])
    return Bars(len(projects) * _LINE_STEP, tuple(paths), tallies, len(projects))


def _recently_active(projects: Sequence[Project]) -> list[Project]:
    """Choose the projects with the latest pushes; none while the list is short anyway."""
    if len(projects) < ENOUGH_TO_SHOW_APART:
        return []
    alive = (project for project in projects if project.activity is not Activity.ARCHIVED)
    pushed = [(when, project.key, project) for project in alive if (when := pushed_at(project))]
    return [project for *_, project in sorted(pushed, reverse=True)[:_SHOWN_APART]]


def people_pages(frame: Frame, groups: Iterable[Group]) -> Iterator[PageContext]:
    """Make the pages of each person that members named.

    Spellings of a login that differ in case are one person, as they are to GitHub.
    """
    found: dict[str, tuple[str, dict[str, Project]]] = {}
    for group in groups:
        _, projects = found.setdefault(group.name.lower(), (group.name, {}))
        projects |= {project.key: project for project in group.projects}
    for login, (shown, projects) in found.items():
        lead = "Named by these projects as somebody to ask."
        profile = Outside("Profile on GitHub", f"{frame.site.web}/{shown}")
        named = Anchor(shown, f"people/{login}/", note=lead)
        yield from group_pages(frame, named, list(projects.values()), Beside((profile,)))
