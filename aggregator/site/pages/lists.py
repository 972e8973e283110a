"""Pages that list projects: all of them, and those that share something.

The first page and the search offer the ways to look around; a group is an organisation, a tag, a
language, a stage or a person. How one project looks in a list is said in `cards`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import ClassVar

from aggregator.catalogue.types import Activity, Group, OrganisationGroup, Project
from aggregator.site.contents import kind_of_page
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
    PER_PAGE,
    PULSES,
    Card,
    Pager,
    by_title,
    cards_of,
    dealt,
    paged,
)
from aggregator.words.addresses import web_address
from aggregator.words.phrases import plural, sentence, shortened

PER_INDEX = 300  # rows of four elements each
_SHOWN_APART = 6
_SUGGESTED = 5
# More lines than this no screen has pixels for, and each costs bytes on the first page.
_MOST_LINES = 1_500
_LINE_STEP = 10
# How high a project stands on the shelf, by the level of its pulse, in hundredths.
_HEIGHTS = (16, 24, 46, 72, 100)
_DESCRIPTION = 200  # its most characters
_OTHER = "Other"
_HAVE_FEEDS = ("tags/", "organisations/", "kinds/", "languages/", "stages/")


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


@dataclass(frozen=True, kw_only=True)
class GroupPage(PageContext):
    """Projects that share something: of `count`, those on this page.

    Args:
        overline: the list that the group is one of.
        group: what it is called on each of its pages, and what is to be known of it.
        outside: where else to read about it.
        also: projects of others that it uses.
    """

    template: ClassVar[str] = "group/index.html"
    overline: Anchor
    group: Anchor
    outside: tuple[Outside, ...]
    count: int
    cards: tuple[Card, ...]
    also: tuple[Card, ...]
    pager: Pager


@dataclass(frozen=True, kw_only=True)
class IndexPage(PageContext):
    """All groups of one kind, under headings; an empty heading stands for none."""

    template: ClassVar[str] = "group/list.html"
    sections: tuple[tuple[str, tuple[Anchor, ...]], ...]
    pager: Pager


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
            tuple(sorted(makers, key=_largest_first)[:8]),
            Anchor("All organisations", "organisations/"),
        ),
        BrowseColumn(
            "By stage", tuple(group_anchor("stages/", stage) for stage in named["stages/"])
        ),
        BrowseColumn("By tag", _largest("tags/", named)[:10], Anchor("All tags", "tags/")),
        BrowseColumn(
            "By language",
            _largest("languages/", named)[:6],
            Anchor("All languages", "languages/"),
        ),
    )
    return tuple(column for column in columns if column.chips)


def _largest(folder: str, named: Mapping[str, Sequence[Group]]) -> tuple[Anchor, ...]:
    by_name = sorted(named[folder], key=lambda group: group.name.casefold())
    return tuple(sorted((group_anchor(folder, group) for group in by_name), key=_largest_first))


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
            suggestions=_largest("tags/", named)[:_SUGGESTED],
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


def organisation_pages(frame: Frame, groups: Sequence[OrganisationGroup]) -> Iterator[PageContext]:
    """Make the list of organisations, by kind, and the pages of each."""
    by_kind: dict[str, list[Anchor]] = defaultdict(list)
    for group in groups:
        row = organisation_anchor(group.organisation)
        row = replace(row, count=len(group.projects), note=group.organisation.acronym)
        by_kind[group.organisation.kind or _OTHER].append(row)
    kinds = sorted(by_kind, key=lambda kind: (kind == _OTHER, kind.casefold()))
    titles = {kind: sentence(kind) if len(kinds) > 1 else "" for kind in kinds}
    rows = [(titles[kind], row) for kind in kinds for row in by_kind[kind]]
    yield from _index_pages(frame, "organisations/", rows)
    for group in groups:
        organisation, web = group.organisation, frame.site.web
        lead = ". ".join(filter(None, (organisation.kind, group.left_out)))
        links = [Outside(f"{owner} on GitHub", f"{web}/{owner}") for owner in organisation.github]
        if website := web_address(organisation.url):
            links.insert(0, Outside("Website", website))
        named = replace(organisation_anchor(organisation), note=lead)
        yield from _pages(frame, named, group.projects, tuple(links), group.uses)


def named_pages(frame: Frame, named: Mapping[str, Sequence[Group]]) -> Iterator[PageContext]:
    """Make the lists of tags, languages and stages, and the pages of each of them."""
    for folder, groups in named.items():
        rows = _largest(folder, named)
        if folder == "stages/":  # in the community's order; written as within a sentence
            anchors = (group_anchor(folder, group) for group in groups)
            rows = tuple(replace(anchor, text=sentence(anchor.text)) for anchor in anchors)
        yield from _index_pages(frame, folder, [("", row) for row in rows])
        projects = {group_anchor(folder, group).path: group.projects for group in groups}
        for row in rows:
            yield from _pages(frame, row, projects[row.path])


def _index_pages(
    frame: Frame, folder: str, rows: Sequence[tuple[str, Anchor]]
) -> Iterator[IndexPage]:
    """Make the list of all groups of a kind; each comes with its heading, those of one together."""
    for here, part, pager in paged(rows, folder, PER_INDEX):
        found = groupby(part, key=lambda row: row[0])
        yield IndexPage(
            page=frame.page(here, pager.title(kind_of_page(folder).title)),
            sections=tuple((name, tuple(row for _, row in group)) for name, group in found),
            pager=pager,
        )


def _pages(
    frame: Frame,
    group: Anchor,
    projects: Sequence[Project],
    outside: tuple[Outside, ...] = (),
    uses: Iterable[Project] = (),
) -> Iterator[GroupPage]:
    kind = kind_of_page(group.path)
    names = ", ".join(project.title for project in projects[:5])
    among = f", among them {names}" if names else ""
    words = shortened(f"{group.text}: {plural(len(projects), 'project')}{among}.", _DESCRIPTION)
    # Its own come first, then those of others, as one long list over all pages.
    own = [(True, card) for card in cards_of(by_title(projects), frame)]
    others = [(False, card) for card in cards_of(by_title(uses), frame)]
    for folder, part, pager in paged([*own, *others], group.path, PER_PAGE):
        page = frame.page(folder, pager.title(group.text), words)
        yield GroupPage(
            page=replace(page, feed=group if kind.folder in _HAVE_FEEDS else None),
            overline=Anchor(kind.title, kind.folder if kind.itself else ""),
            group=group,
            outside=outside,
            count=len(projects),
            cards=tuple(card for is_own, card in part if is_own),
            also=tuple(card for is_own, card in part if not is_own),
            pager=pager,
        )


def _largest_first(anchor: Anchor) -> int:
    return -(anchor.count or 0)
