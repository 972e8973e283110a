"""The first page and the pages of all projects that follow it."""

from collections.abc import Iterable, Iterator, Sequence

from aggregator.catalogue.changes import opening_of
from aggregator.catalogue.types import Activity, Catalogue, Group, Project
from aggregator.facts.snapshot import ChangeKind
from aggregator.site.files import File
from aggregator.site.pages.cards import PULSES, by_title, cards_of, pages_of, pushed_at
from aggregator.site.pages.contexts import HomePage, MoreProjectsPage, SearchPage
from aggregator.site.pages.frame import Frame, frame_of
from aggregator.site.pages.views import Anchor, Bars, BrowseColumn, Chip, Pager, Tally
from aggregator.site.theme import Theme
from aggregator.words.phrases import plural

_SHOWN_APART = 6
_ENOUGH_TO_SHOW_APART = 9
_MOST_LINES = 1_500
_LINE_STEP = 10
# How high a project stands on the shelf, by the level of its pulse, in hundredths.
_HEIGHTS = (16, 24, 46, 72, 100)


def render_home(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the first page and one more for every sixty projects."""
    frame = frame_of(catalogue)
    projects = by_title(catalogue.projects)
    for folder, part, pager in pages_of(projects, ""):
        if pager.number == 1:
            yield theme.page(_home(frame, part, pager))
        else:
            yield theme.page(_more(frame, folder, part, pager))


def render_search(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the page that hosts the search."""
    frame = frame_of(catalogue)
    words = plural(len(catalogue.projects), "project")
    page = frame.page("search/", "Search", f"Search {words} in {frame.site.title}.")
    yield theme.page(SearchPage(site=frame.site, page=page, browse=browse_columns(catalogue)))


def browse_columns(catalogue: Catalogue) -> tuple[BrowseColumn, ...]:
    """Offer ways to look around: who made it, how far it is, what it is about, its language."""
    columns = (
        BrowseColumn(
            "By organisation",
            _organisation_chips(catalogue),
            Anchor("All organisations", "organisations/"),
        ),
        BrowseColumn("By stage", _chips("stages", catalogue.stages), None),
        BrowseColumn("By tag", _most("tags", catalogue.tags, 10), Anchor("All tags", "tags/")),
        BrowseColumn(
            "By language",
            _most("languages", catalogue.languages, 6),
            Anchor("All languages", "languages/"),
        ),
    )
    return tuple(column for column in columns if column.chips)


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
    one, two, three, four, five = paths
    return Bars(
        len(projects) * _LINE_STEP, (one, two, three, four, five), _tallies(projects), len(projects)
    )


def _home(frame: Frame, part: Sequence[Project], pager: Pager) -> HomePage:
    catalogue, site = frame.catalogue, frame.site
    return HomePage(
        site=site,
        page=frame.page("", site.title, site.tagline or f"The projects of {site.title}."),
        bars=shelf_of(by_title(catalogue.projects)),
        suggestions=_most("tags", catalogue.tags, 5),
        recent=cards_of(recently_active(catalogue), frame),
        newest=cards_of(newest(catalogue), frame),
        browse=browse_columns(catalogue),
        cards=cards_of(part, frame),
        pager=pager,
    )


def _more(frame: Frame, folder: str, part: Sequence[Project], pager: Pager) -> MoreProjectsPage:
    title = f"All projects, page {pager.number} of {pager.last}"
    return MoreProjectsPage(
        site=frame.site,
        page=frame.page(folder, title, f"{title}, A to Z."),
        cards=cards_of(part, frame),
        pager=pager,
    )


def recently_active(catalogue: Catalogue) -> Sequence[Project]:
    """Choose the projects with the latest pushes; none while the list is short anyway."""
    if len(catalogue.projects) < _ENOUGH_TO_SHOW_APART:
        return ()
    pushed = [(when, p.key, p) for p in catalogue.projects if (when := _alive_since(p))]
    return [project for *_, project in sorted(pushed, reverse=True)[:_SHOWN_APART]]


def newest(catalogue: Catalogue) -> Sequence[Project]:
    """Choose the projects that were listed last, by the day that members or the log give."""
    if len(catalogue.projects) < _ENOUGH_TO_SHOW_APART:
        return ()
    first_seen = {p.key: p.first_seen for p in catalogue.projects if p.first_seen}
    # What the showcase opened with is not new, on whichever night that was.
    opened = {change.repo for change in opening_of(catalogue.changes, first_seen)}
    noticed = {
        change.repo: change.date.date()
        for change in catalogue.changes
        if change.kind is ChangeKind.ADDED and change.repo not in opened
    }
    days = {p.key: day for p in catalogue.projects if (day := p.added or noticed.get(p.key))}
    # When all came on one day, "new" would say nothing.
    if len(days) == len(catalogue.projects) and len(set(days.values())) < 2:
        return ()
    latest = sorted(days, key=lambda key: (days[key], key), reverse=True)[: _SHOWN_APART // 2]
    return [catalogue.by_key[key] for key in latest]


def _alive_since(project: Project) -> object:
    return pushed_at(project) if project.activity is not Activity.ARCHIVED else None


def _tallies(projects: Iterable[Project]) -> tuple[Tally, ...]:
    activities = [project.activity for project in projects]
    counts = {activity: activities.count(activity) for activity in Activity}
    return tuple(Tally(count, activity.value) for activity, count in counts.items() if count)


def _organisation_chips(catalogue: Catalogue) -> tuple[Chip, ...]:
    largest = sorted(
        (group for group in catalogue.organisations if group.projects),
        key=lambda group: (-len(group.projects), group.organisation.name.casefold()),
    )
    return tuple(
        Chip(
            group.organisation.acronym or group.organisation.name,
            f"organisations/{group.organisation.slug}/",
            len(group.projects),
        )
        for group in largest[:8]
    )


def _most(folder: str, groups: Iterable[Group], count: int) -> tuple[Chip, ...]:
    largest = sorted(groups, key=lambda group: (-len(group.projects), group.name.casefold()))
    return _chips(folder, largest[:count])


def _chips(folder: str, groups: Iterable[Group]) -> tuple[Chip, ...]:
    return tuple(
        Chip(group.name, f"{folder}/{group.slug}/", len(group.projects))
        for group in groups
        if group.slug
    )
