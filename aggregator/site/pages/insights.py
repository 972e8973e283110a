"""Insights: how the showcase grows and what its projects are made of, in figures.

What was measured night by night comes from `Growth`; what happened from the change log; the rest
from dates in the facts, of the projects that are listed today. Each figure says what it does not
say. Nothing hangs on today: axes end where the numbers do.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from aggregator.catalogue.counting import ProjectNumbers, numbers_of
from aggregator.catalogue.growth import Growth
from aggregator.catalogue.licence_terms import TERMS_MEAN, LicenceTerms, licences_by_terms, terms_of
from aggregator.catalogue.types import Project
from aggregator.facts.snapshot import Change, ChangeKind, Day
from aggregator.site.charts import Counted, Measured, columns, line
from aggregator.site.frame import Frame, PageContext
from aggregator.site.pages.figures import (
    ACTIVITY_LABELS,
    ACTIVITY_NOTE,
    SEARCH,
    Cell,
    DataTable,
    Figure,
    FigureWords,
    TableRow,
    anchor_cell,
    counted_figure,
    most_counted,
)
from aggregator.words.names import slugify
from aggregator.words.phrases import day_of, month_of, plural, sentence
from aggregator.words.speech import later, number, say, say_many

_LANGUAGES = 12
_LANGUAGES_OVER_TIME = 4
_MONTHS = 24
_YEARS = 15
_OTHERS, _NONE = later("Others"), later("None known")
_UNKNOWN = (_NONE, LicenceTerms.UNKNOWN.value)
_BY_CREATION = later(
    "By the year in which each repository was created on GitHub. Only projects that are listed "
    "today are counted, and the latest year may not be over: the heights say nothing of how much "
    "work was done."
)
_TODAY = later("As it is today: how it was before is not kept.")
_NEWS = {
    ChangeKind.ADDED: later("Joined"),
    ChangeKind.RELEASED: later("Released"),
    ChangeKind.HELP_WANTED: later("Asked for help"),
}
_OTHER_NEWS = later("Other news")


@dataclass(frozen=True, kw_only=True)
class InsightsPage(PageContext):
    """The whole showcase in figures; `measured` says in words since when there are numbers."""

    template: ClassVar[str] = "insights/index.html"
    measured: str
    figures: tuple[Figure, ...]


def insights_page(
    frame: Frame, projects: Sequence[Project], growth: Growth, changes: Sequence[Change]
) -> Iterator[InsightsPage]:
    """Make the page of figures; none where nothing would stand on it."""
    if "insights/" in frame.empty:
        return
    numbers = numbers_of(projects)
    yield InsightsPage(
        page=frame.page("insights/"),
        measured=_measured(growth),
        figures=(
            *_growth(growth),
            *_news(changes),
            *_languages(frame, numbers),
            *_languages_by_year(frame, projects),
            *_licences(projects, numbers),
            *_licences_by_year(projects),
            *_stages(frame, numbers),
            *_activity(numbers),
        ),
    )


def _measured(growth: Growth) -> str:
    """Say since when the showcase is measured, and what is missing."""
    if growth.since is None:
        return say("Nothing has been measured yet: the first run notes the first numbers.")
    since = say("Measured since %(day)s.", day=day_of(growth.since))
    return f"{since} {_so_far(growth)}"


def _so_far(growth: Growth) -> str:
    if not growth.days:
        return say("The numbers of a week are shown when it is over.")
    last = growth.days[-1]
    until = day_of(last.date)
    if len(growth.days) == 1:
        return say_many(
            last.listed,
            "On %(day)s there were %(count)s project; a line needs a second day.",
            "On %(day)s there were %(count)s projects; a line needs a second day.",
            day=until,
        )
    if not growth.missed:
        return say_many(
            len(growth.days),
            "Until %(day)s that makes %(count)s day with numbers.",
            "Until %(day)s that makes %(count)s days with numbers.",
            day=until,
        )
    return say_many(
        growth.missed,
        "Until %(day)s that makes %(days)s with numbers; on %(count)s day between them there was "
        "no run, and the line has a gap.",
        "Until %(day)s that makes %(days)s with numbers; on %(count)s days between them there was "
        "no run, and the line has a gap.",
        day=until,
        days=plural(len(growth.days), "day"),
    )


def _growth(growth: Growth) -> Iterator[Figure]:
    if len(growth.days) < 2:
        return
    points = [Measured(day, found.listed if found else None) for day, found in growth.steps()]
    heads = (say("Listed"), say("Answering"), say("Read-only"), say("Open issues"))
    rows = tuple(
        TableRow(Cell(day_of(day.date)), _measurement(day)) for day in growth.months(_MONTHS)
    )
    table = DataTable(
        say("The last day that was measured in each month"),
        say("Day"),
        tuple(map(Cell, heads)),
        rows,
    )
    note = say(
        "What was listed before the first day is not known. Every single day is in the data."
    )
    said = FigureWords("growth", say("Projects that are listed"), (note,))
    yield Figure(said, line(said.name, points), table)


def _measurement(day: Day) -> tuple[Cell, ...]:
    counts = (day.listed, day.answering, day.archived, day.open_issues)
    return tuple(Cell(say("not known") if count is None else number(count)) for count in counts)


def _news(changes: Sequence[Change]) -> Iterator[Figure]:
    """Show how much happened in each month, as the change log has it."""
    found: dict[str, Counter[str]] = {}
    for change in sorted(changes, key=lambda one: one.date):
        month = f"{change.date:%Y-%m}"
        found.setdefault(month, Counter())[_NEWS.get(change.kind, _OTHER_NEWS)] += 1
    if len(found) < 2:
        return
    kept = list(found.items())[-_MONTHS:]
    parts = (*_NEWS.values(), _OTHER_NEWS)
    rows = [
        (words, words, tuple(counts[each] for each in parts))
        for month, counts in kept
        for words in [month_of(date.fromisoformat(f"{month}-01"))]
    ]
    note = say(
        "As the nightly runs noticed it. With the first run everything joined; what happened "
        "before it is not known. Months without news are left out."
    )
    said = FigureWords("news", say("What happened, month by month"), (note,))
    yield _over_time(said, (say("Month"), say("All")), tuple(map(Cell, map(say, parts))), rows)


def _languages(frame: Frame, numbers: ProjectNumbers) -> Iterator[Figure]:
    shown = most_counted(numbers.languages.items(), _LANGUAGES)
    if not shown:
        return
    counts = [
        (anchor_cell(frame.group("languages/", name), name), numbers.languages[name])
        for name in shown
    ]
    note = say(
        "A project in two languages is counted in both, so the numbers add up to more than all. "
        "A notebook counts for the language that it runs."
    )
    said = FigureWords("languages", say("Languages"), (note, say(_TODAY)))
    yield counted_figure(said, (say("Language"), say("Projects")), counts, numbers.total)


def _languages_by_year(frame: Frame, projects: Sequence[Project]) -> Iterator[Figure]:
    firsts = Counter(project.languages[0] for project in projects if project.languages)
    shown = most_counted(firsts.items(), _LANGUAGES_OVER_TIME)

    none, others = say(_NONE), say(_OTHERS)

    def part(project: Project) -> str:
        main = project.languages[0] if project.languages else none
        return main if main in (*shown, none) else others

    heads = [anchor_cell(frame.group("languages/", name), name) for name in shown]
    heads += [Cell(others), Cell(none)]
    title = say("When projects began, by their main language")
    said = FigureWords("languages-by-year", title)
    yield from _by_year(said, projects, heads, part)


def _licences(projects: Sequence[Project], numbers: ProjectNumbers) -> Iterator[Figure]:
    if not numbers.known:
        return
    names = licences_by_terms(projects)
    counts = [
        (_asking(say(one.value), "licence", names.get(one, ())), numbers.licences[one])
        for one in LicenceTerms
        if numbers.licences.get(one)
    ]
    there = [one for one in LicenceTerms if one in numbers.licences]
    defined = tuple((say(one.value), say(TERMS_MEAN[one])) for one in there)
    said = FigureWords("licences", say("What the licences ask"), (say(_TODAY),), defined)
    yield counted_figure(said, (say("Licence"), say("Projects")), counts, numbers.total)


def _licences_by_year(projects: Sequence[Project]) -> Iterator[Figure]:
    title = say("When projects began, by what their licence asks today")
    heads = [Cell(say(one.value)) for one in LicenceTerms]
    said = FigureWords("licences-by-year", title)
    yield from _by_year(said, projects, heads, lambda project: say(terms_of(project).value))


def _stages(frame: Frame, numbers: ProjectNumbers) -> Iterator[Figure]:
    anchors = [anchor for path, anchor in frame.groups.items() if path.startswith("stages/")]
    if not anchors:
        return
    found = {f"stages/{slugify(name)}/": count for name, count in numbers.stages.items()}
    counts = [
        (anchor_cell(anchor, sentence(anchor.text)), found.get(anchor.path, 0))
        for anchor in anchors
    ]
    told = ((sentence(anchor.text), frame.meaning(anchor.path)) for anchor in anchors)
    silent = numbers.total - sum(numbers.stages.values())
    notes = [say(_TODAY)]
    if silent:
        notes.append(
            say_many(
                silent,
                "No stage is given for %(count)s project.",
                "No stage is given for %(count)s projects.",
            )
        )
    defined = tuple((stage, means) for stage, means in told if means)
    title = say("How far projects are, as their people say")
    said = FigureWords("stages", title, tuple(notes), defined)
    yield counted_figure(said, (say("Stage"), say("Projects")), counts, numbers.total)


def _activity(numbers: ProjectNumbers) -> Iterator[Figure]:
    if not numbers.known:
        return
    counts = [
        (_asking(say(label), "activity", [level.value]), numbers.activity[level])
        for level, label in ACTIVITY_LABELS.items()
        if numbers.activity.get(level)
    ]
    said = FigureWords("activity", say("When something was last pushed"), (say(ACTIVITY_NOTE),))
    yield counted_figure(said, (say("Last push"), say("Projects")), counts, numbers.total)


def _asking(label: str, facet: str, values: Sequence[str]) -> Cell:
    """Lead to the search, asked for the projects that have one of some values."""
    return Cell(label, SEARCH if values else "", tuple((facet, value) for value in values))


def _by_year(
    said: FigureWords,
    projects: Sequence[Project],
    heads: Sequence[Cell],
    part: Callable[[Project], str],
) -> Iterator[Figure]:
    """Show how many of today's projects began in each year, and which of `heads` each is."""
    years: dict[int, Counter[str]] = {}
    for project in projects:
        created = project.facts.glance.created_at if project.facts else None
        if created:
            years.setdefault(created.year, Counter())[part(project)] += 1
    if len(years) < 2:
        return
    last = max(years)
    first = max(min(years), last - _YEARS + 1)
    shown = {year: years.get(year, Counter()) for year in range(first, last + 1)}
    kept = [head for head in heads if any(counts[head.text] for counts in shown.values())]
    rows = [
        (str(year), str(year), tuple(counts[head.text] for head in kept))
        for year, counts in shown.items()
    ]
    notes = [say(_BY_CREATION)]
    if before := sum(counts.total() for year, counts in years.items() if year < first):
        notes.append(
            say_many(
                before,
                "%(count)s project began before %(year)s.",
                "%(count)s projects began before %(year)s.",
                year=first,
            )
        )
    corners = (say("Year"), say("Projects"))
    yield _over_time(replace(said, notes=tuple(notes)), corners, kept, rows)


def _over_time(
    said: FigureWords,
    corners: tuple[str, str],
    heads: Sequence[Cell],
    rows: Sequence[tuple[str, str, tuple[int, ...]]],
) -> Figure:
    """Show counts by time as columns and as a table.

    Args:
        said: what the figure is called, and says in words.
        corners: what stands over the times, and over the sum of each.
        heads: what is counted.
        rows: each time as an axis writes it and in words, with its counts.
    """
    drawn = [Counted(label, counts) for label, _, counts in rows]
    blank = heads[-1].text in map(say, _UNKNOWN)
    chart = columns(said.name, [head.text for head in heads], drawn, blank=blank)
    lines = tuple(
        TableRow(Cell(words), tuple(Cell(number(count)) for count in (sum(counts), *counts)))
        for _, words, counts in rows
    )
    table = DataTable(said.title, corners[0], (Cell(corners[1]), *heads), lines)
    return Figure(said, chart, table)
