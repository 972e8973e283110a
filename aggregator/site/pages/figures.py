"""Figures as pages show them: a chart, the same numbers as a table, and what they do not say.

Cells lead to the projects behind their number where there is a page for them. Called by the pages
that count: the comparison of kinds, insights, organisations.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from aggregator.catalogue.counting import ProjectNumbers
from aggregator.catalogue.types import Activity
from aggregator.site.charts import ChartName, Counted, bars, shares
from aggregator.site.frame import Anchor, Frame
from aggregator.words.speech import later, number, say

# Of fewer projects a share is told as a count alone: "67 %" of three says more than is known.
ENOUGH_FOR_PERCENT = 20
SEARCH = "search/"
# As short as a column of a table asks, in the order of how lately it was; messages.
ACTIVITY_LABELS: Mapping[Activity, str] = {
    Activity.MONTH: later("This month"),
    Activity.QUARTER: later("This quarter"),
    Activity.YEAR: later("This year"),
    Activity.QUIET: later("A year ago or more"),
    Activity.ARCHIVED: later("Archived"),
    Activity.UNKNOWN: later("Not known"),
}
ACTIVITY_NOTE = later(
    "Seen from the day on which GitHub last confirmed each project. A project can be finished and "
    "quiet, and still be of use."
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table.

    Args:
        text: what one reads.
        path: where it leads, from the top of the site; "" for nowhere.
        asked: what the page at `path` is asked for, as pairs of its address.
        note: a few quieter words behind it.
    """

    text: str
    path: str = ""
    asked: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a table: what it is about, and a cell for each column."""

    head: Cell
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table with a head over each column and before each row; `corner` is over those."""

    caption: str
    corner: str
    columns: tuple[Cell, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class FigureWords:
    """What a figure is called, and what it says in words.

    Args:
        slug: its address on the page.
        notes: how it was counted, and what it does not say.
        defined: what its parts mean, in sentences, where that is known.
    """

    slug: str
    title: str
    notes: tuple[str, ...] = ()
    defined: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> ChartName:
        """What its chart is called."""
        return ChartName(self.slug, self.title)


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its table, and what both mean."""

    said: FigureWords
    chart: Markup
    table: DataTable


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One number of an organisation or a kind, under its name, with where each part leads."""

    label: str
    cells: tuple[Cell, ...]


def anchor_cell(anchor: Anchor | None, text: str = "") -> Cell:
    """Make a cell of a link, or of plain words where there is none."""
    if anchor is None:
        return Cell(text)
    return Cell(text or anchor.text, anchor.path)


def count_cell(
    count: int, whole: int, path: str = "", asked: tuple[tuple[str, str], ...] = ()
) -> Cell:
    """Make a cell of a count, which leads nowhere when it is nothing.

    Its share of `whole` stands beside it where that is large enough to say. Of nothing at all,
    nothing is known.
    """
    if not whole:
        return Cell(say("not known"))
    if not count:
        return Cell("0")
    percent = f"{round(100 * count / whole)}%" if whole >= ENOUGH_FOR_PERCENT else ""
    return Cell(number(count), path, asked, percent)


def counted_figure(
    said: FigureWords, heads: tuple[str, str], counts: Sequence[tuple[Cell, int]], whole: int
) -> Figure:
    """Show one number for each of several things, as bars and as a table.

    Args:
        said: what the figure is called, and says in words.
        heads: what stands over the things and over their numbers.
        counts: the things and their numbers, in the order in which they are shown.
        whole: of how many the numbers are.
    """
    rows = tuple(
        TableRow(thing, (count_cell(count, whole, thing.path, thing.asked),))
        for thing, count in counts
    )
    chart = bars(said.name, [(thing.text, count) for thing, count in counts])
    return Figure(said, chart, DataTable(said.title, heads[0], (Cell(heads[1]),), rows))


def divided_figure(
    said: FigureWords,
    table: DataTable,
    rows: Sequence[tuple[str, Sequence[int]]],
    *,
    blank: bool = False,
) -> Figure:
    """Show how each of several things divides into what the columns of its table count.

    `blank` says that the last column counts what is not known.
    """
    counted = [Counted(label, tuple(counts)) for label, counts in rows]
    parts = [column.text for column in table.columns]
    return Figure(said, shares(said.name, parts, counted, blank=blank), table)


def most_counted(counts: Iterable[tuple[str, int]], most: int) -> tuple[str, ...]:
    """Choose those with the highest counts, those of one count by name."""
    ordered = sorted(counts, key=lambda each: (-each[1], each[0].casefold()))
    return tuple(each for each, count in ordered[:most] if count)


def number_lines(frame: Frame, numbers: ProjectNumbers) -> tuple[NumberLine, ...]:
    """Say the numbers of some projects; a line that would say nothing is left out."""
    if not numbers.total:
        return ()
    languages = [
        Cell(name, anchor.path if anchor else "", note=number(numbers.languages[name]))
        for name in most_counted(numbers.languages.items(), 4)
        for anchor in [frame.group("languages/", name)]
    ]
    lines = [NumberLine(say("Written in"), tuple(languages))]
    lines += [
        NumberLine(label, (_of(count, known, numbers.total),))
        for label, count, known in (
            (say("Have a licence"), numbers.licensed, numbers.known),
            (say("Active this quarter"), numbers.lively, numbers.known),
            (say("Released within a year"), numbers.released, numbers.releases_known),
        )
        if known
    ]
    if numbers.asking:
        lines.append(
            NumberLine(say("Ask for help"), (Cell(number(numbers.asking), "help-wanted/"),))
        )
    return tuple(each for each in lines if each.cells)


def _of(count: int, known: int, total: int) -> Cell:
    """Say a count, and of how many: of those that are known, where that is not all."""
    whole = (
        say("of %(count)s", count=number(known))
        if known == total
        else say("of %(count)s that are known", count=number(known))
    )
    return Cell(number(count), note=whole)
