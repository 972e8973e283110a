"""How kinds of organisations do it: a page for each kind, and all of them side by side.

Nothing is ranked: kinds stand by name, and every number is a count of projects with the way to
them. A share is a percentage only where enough projects stand behind it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from aggregator.catalogue.counting import ProjectNumbers, numbers_of
from aggregator.catalogue.kinds import Kind
from aggregator.catalogue.licence_terms import TERMS_MEAN, LicenceTerms, licences_by_terms
from aggregator.catalogue.types import Activity, Project
from aggregator.site.charts import MOST_PARTS
from aggregator.site.frame import Anchor, Frame, PageContext, organisation_anchor, pushed_at
from aggregator.site.pages.cards import lately_pushed
from aggregator.site.pages.facts import ReleaseLine, releases_of
from aggregator.site.pages.figures import (
    ACTIVITY_LABELS,
    ACTIVITY_NOTE,
    SEARCH,
    Cell,
    DataTable,
    Figure,
    FigureWords,
    NumberLine,
    TableRow,
    anchor_cell,
    count_cell,
    divided_figure,
    most_counted,
    number_lines,
)
from aggregator.site.pages.groups import Beside, GroupPage, group_pages
from aggregator.words.names import slugify
from aggregator.words.phrases import sentence
from aggregator.words.speech import later, number, say, say_many

_LANGUAGES = MOST_PARTS - 2  # the others and those without one are parts, too
_TAGS = 6
_LATELY = 3  # projects of each kind
_SHORTLY = timedelta(days=92)
_MOST_KINDS = 12  # more of them nobody compares, and no phone shows
_OTHER, _NONE, _SILENT = later("Others"), later("None known"), later("Nobody said")
_UNKNOWN = (_NONE, _SILENT, LicenceTerms.UNKNOWN.value, ACTIVITY_LABELS[Activity.UNKNOWN])


@dataclass(frozen=True, slots=True)
class KindTags:
    """What the projects of one kind are about: with others, and alone among the kinds."""

    kind: Anchor
    shared: tuple[Anchor, ...]
    own: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class LatelyLine:
    """A project that changed lately: when it was pushed to, and a release shortly before."""

    title: str
    title_language: str
    path: str
    maker: Anchor | None
    pushed: datetime
    release: ReleaseLine | None


@dataclass(frozen=True, slots=True)
class KindLately:
    """What the projects of one kind did lately, the latest first."""

    kind: Anchor
    lines: tuple[LatelyLine, ...]


@dataclass(frozen=True, kw_only=True)
class ComparePage(PageContext):
    """All kinds side by side.

    Args:
        kinds: those of which the registry says what they mean, with that sentence.
        overview: the numbers that are one for each kind.
        lately: what their projects did last.
        more: kinds that are too many to compare, those with the fewest projects.
        left_out: how many projects belong to no kind.
    """

    template: ClassVar[str] = "compare/index.html"
    kinds: tuple[tuple[Anchor, str], ...]
    overview: DataTable
    lately: tuple[KindLately, ...]
    figures: tuple[Figure, ...]
    tags: tuple[KindTags, ...]
    more: tuple[Anchor, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class _Compared:
    """A kind with what was counted of it."""

    kind: Kind
    anchor: Anchor
    numbers: ProjectNumbers

    def asked(self, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """Ask the search for its projects, and no others."""
        return (*(("kind", spelling) for spelling in self.kind.spellings), *more)


@dataclass(frozen=True, slots=True)
class _Part:
    """What a column counts, and what to ask the search for it, if that can be asked."""

    head: Cell
    asked: tuple[tuple[str, str], ...] = ()


def kind_pages(frame: Frame, kinds: Iterable[Kind]) -> Iterator[GroupPage]:
    """Make the pages of each kind."""
    for kind in kinds:
        anchor = replace(kind_anchor(kind), text=sentence(kind.name), note=kind.means)
        bodies = [
            Cell(group.organisation.name, organisation_anchor(group.organisation).path)
            for group in kind.organisations
        ]
        words = say_many(len(bodies), "%(count)s organisation", "%(count)s organisations")
        told = (NumberLine(words, tuple(bodies)),)
        numbers = (*number_lines(frame, numbers_of(kind.projects)), *told)
        yield from group_pages(frame, anchor, kind.projects, Beside(numbers=numbers))


def compare_page(frame: Frame, kinds: Sequence[Kind], total: int) -> Iterator[ComparePage]:
    """Make the page on which kinds stand side by side; none where there is nothing to compare."""
    largest = sorted(kinds, key=lambda kind: -len(kind.projects))[:_MOST_KINDS]
    shown, more = [k for k in kinds if k in largest], [k for k in kinds if k not in largest]
    compared = [_Compared(kind, kind_anchor(kind), numbers_of(kind.projects)) for kind in shown]
    if not compared:
        return
    figures = (
        _languages(frame, compared),
        _licences(compared),
        *_stages(frame, compared),
        _activity(compared),
    )
    yield ComparePage(
        page=frame.page("compare/"),
        kinds=tuple((each.anchor, means) for each in compared if (means := each.kind.means)),
        overview=_overview(compared),
        lately=tuple(_lately(compared)),
        figures=figures,
        tags=_tags(frame, compared),
        more=tuple(map(kind_anchor, more)),
        left_out=total - sum(len(kind.projects) for kind in kinds),
    )


def kind_anchor(kind: Kind) -> Anchor:
    """Link to the page of a kind, and say how many projects it has."""
    return Anchor(sentence(kind.name), f"kinds/{kind.slug}/", len(kind.projects))


def _overview(compared: Sequence[_Compared]) -> DataTable:
    columns = (
        Cell(say("Organisations")),
        Cell(say("Projects")),
        Cell(say("Active this quarter")),
        Cell(say("Released within a year")),
        Cell(say("Ask for help"), "help-wanted/"),
    )
    rows = []
    for each in compared:
        known, path = each.numbers.known, each.anchor.path
        lively = (("activity", Activity.MONTH), ("activity", Activity.QUARTER))
        cells = (
            Cell(number(len(each.kind.organisations)), path),
            Cell(number(each.numbers.total), path),
            count_cell(each.numbers.lively, known, SEARCH, each.asked(*lively)),
            count_cell(each.numbers.released, each.numbers.releases_known),
            count_cell(each.numbers.asking, each.numbers.issues_known),
        )
        rows.append(TableRow(anchor_cell(each.anchor), cells))
    caption = say("Kinds of organisations in numbers")
    return DataTable(caption, say("Kind"), columns, tuple(rows))


def _lately(compared: Iterable[_Compared]) -> Iterator[KindLately]:
    """Name the projects of each kind that changed last."""
    for each in compared:
        latest = lately_pushed(each.kind.projects)[:_LATELY]
        lines = (_line(project, when) for project in latest if (when := pushed_at(project)))
        yield KindLately(each.anchor, tuple(lines))


def _line(project: Project, pushed: datetime) -> LatelyLine:
    releases = releases_of(project.facts.details if project.facts else None)
    return LatelyLine(
        title=project.title,
        title_language=project.title_language,
        path=project.page,
        maker=organisation_anchor(project.organisation) if project.organisation else None,
        pushed=pushed,
        release=next((one for one in releases if one.day and pushed - one.day <= _SHORTLY), None),
    )


def _languages(frame: Frame, compared: Sequence[_Compared]) -> Figure:
    """Show the language of most code of each project, so that the parts make the whole."""
    firsts = [
        Counter(project.languages[0] for project in each.kind.projects if project.languages)
        for each in compared
    ]
    every: Counter[str] = sum(firsts, Counter())
    shown = most_counted(every.items(), _LANGUAGES)
    parts = [
        _Part(anchor_cell(frame.group("languages/", name), name), (("language", name),))
        for name in shown
    ]
    parts += [_Part(Cell(say(_OTHER))), _Part(Cell(say(_NONE)))]
    counts = []
    for each, found in zip(compared, firsts, strict=True):
        named = [found[name] for name in shown]
        counts.append((*named, found.total() - sum(named), each.numbers.total - found.total()))
    note = say(
        "The language of most of the code of each project. A number leads to all projects of that "
        "kind which use the language at all, and these may be more."
    )
    return _figure(FigureWords("languages", say("Main language"), (note,)), compared, parts, counts)


def _licences(compared: Sequence[_Compared]) -> Figure:
    found = {one for each in compared for one in each.numbers.licences}
    terms = [one for one in LicenceTerms if one in found]
    names = licences_by_terms(project for each in compared for project in each.kind.projects)
    parts = [
        _Part(Cell(say(one.value)), tuple(("licence", name) for name in names.get(one, ())))
        for one in terms
    ]
    counts = [tuple(each.numbers.licences.get(one, 0) for one in terms) for each in compared]
    defined = tuple((say(one.value), say(TERMS_MEAN[one])) for one in terms)
    said = FigureWords("licences", say("What the licences ask"), defined=defined)
    return _figure(said, compared, parts, counts)


def _stages(frame: Frame, compared: Sequence[_Compared]) -> Iterator[Figure]:
    """Show how far projects are; of many stages the first, as there are no more tints."""
    found = {
        f"stages/{slugify(stage)}/": stage for each in compared for stage in each.numbers.stages
    }
    stages = [anchor for path, anchor in frame.groups.items() if path in found]
    if not stages:
        return
    shown = stages if len(stages) < MOST_PARTS else stages[: MOST_PARTS - 2]
    rest = len(shown) < len(stages)
    parts = [
        _Part(anchor_cell(stage, sentence(stage.text)), (("stage", found[stage.path]),))
        for stage in shown
    ]
    parts += [_Part(Cell(say(name))) for name in ([_OTHER] if rest else []) + [_SILENT]]
    counts = []
    for each in compared:
        named = [each.numbers.stages.get(found[stage.path], 0) for stage in shown]
        said = sum(each.numbers.stages.values())
        others = [said - sum(named)] if rest else []
        counts.append((*named, *others, each.numbers.total - said))
    meant = ((sentence(stage.text), frame.meaning(stage.path)) for stage in shown)
    defined = tuple((stage, means) for stage, means in meant if means)
    title = say("How far projects are, as their people say")
    yield _figure(FigureWords("stages", title, defined=defined), compared, parts, counts)


def _activity(compared: Sequence[_Compared]) -> Figure:
    found = {level for each in compared for level in each.numbers.activity}
    levels = [level for level in ACTIVITY_LABELS if level in found]
    parts = [
        _Part(Cell(say(ACTIVITY_LABELS[level])), (("activity", level.value),)) for level in levels
    ]
    counts = [tuple(each.numbers.activity.get(level, 0) for level in levels) for each in compared]
    said = FigureWords("activity", say("When something was last pushed"), (say(ACTIVITY_NOTE),))
    return _figure(said, compared, parts, counts)


def _figure(
    said: FigureWords,
    compared: Sequence[_Compared],
    parts: Sequence[_Part],
    counts: Sequence[Sequence[int]],
) -> Figure:
    """Show how each kind divides; a last part that nobody knows is drawn as an outline."""
    rows = tuple(
        TableRow(anchor_cell(each.anchor), tuple(_cells(each, parts, row)))
        for each, row in zip(compared, counts, strict=True)
    )
    table = DataTable(said.title, say("Kind"), tuple(part.head for part in parts), rows)
    drawn = [(each.anchor.text, row) for each, row in zip(compared, counts, strict=True)]
    return divided_figure(said, table, drawn, blank=parts[-1].head.text in map(say, _UNKNOWN))


def _cells(each: _Compared, parts: Sequence[_Part], counts: Sequence[int]) -> Iterator[Cell]:
    for part, count in zip(parts, counts, strict=True):
        if part.asked:
            yield count_cell(count, each.numbers.total, SEARCH, each.asked(*part.asked))
        else:
            yield count_cell(count, each.numbers.total)


def _tags(frame: Frame, compared: Sequence[_Compared]) -> tuple[KindTags, ...]:
    """Tell the tags that several kinds use from those that one has to itself."""
    users = Counter(slug for each in compared for slug in each.numbers.tags)
    told = []
    for each in compared:
        shared = [(slug, count) for slug, count in each.numbers.tags.items() if users[slug] > 1]
        own = [(slug, count) for slug, count in each.numbers.tags.items() if users[slug] == 1]
        told.append(
            KindTags(
                each.anchor,
                _tag_anchors(frame, each, shared),
                _tag_anchors(frame, each, own),
            )
        )
    return tuple(one for one in told if one.shared or one.own)


def _tag_anchors(
    frame: Frame, each: _Compared, counts: Iterable[tuple[str, int]]
) -> tuple[Anchor, ...]:
    chosen = most_counted(counts, _TAGS)
    anchors = (frame.group("tags/", each.numbers.spelt[slug]) for slug in chosen)
    tags = each.numbers.tags
    return tuple(
        replace(anchor, count=tags[slug])
        for slug, anchor in zip(chosen, anchors, strict=True)
        if anchor
    )
