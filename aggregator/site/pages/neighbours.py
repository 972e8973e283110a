"""Pages of other showcases: whom this one includes, and what each of them lists, as that one's.

A project of theirs has no page here: its line leads to its page there, and to its repository.
Nothing of it is counted among the projects of this showcase. Called by `renderers`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from aggregator.catalogue.types import OtherShowcase
from aggregator.facts.neighbour import NeighbourProject
from aggregator.searching.facets import FROM
from aggregator.site.frame import Anchor, Frame, Outside, PageContext
from aggregator.site.pages.cards import Pager, paged
from aggregator.words.natural_language import marked
from aggregator.words.phrases import day_of, shortened
from aggregator.words.speech import say, say_many, spoken

_ROWS_A_PAGE = 100  # some eight elements each
_SUMMARY_LENGTH = 190
_LANGUAGES = 3
_LATEST = 3
_DESCRIPTION = 200


@dataclass(frozen=True, slots=True)
class NeighbourRow:
    """A project of another showcase.

    Args:
        page: what it is called, and its page there, or else its repository.
        summary: what it is; "" where it does not say.
        summary_language: what that is written in.
        repository: its repository.
        facts: whose it is, its languages and licence, how lately it was worked on.
    """

    page: Outside
    summary: str
    summary_language: str
    repository: Outside
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeighbourLine:
    """Another showcase, as it is introduced.

    Args:
        anchor: its name, and its page here.
        search: what a search is asked that finds nothing but its projects.
        latest: those of its projects that were worked on last.
        outside: itself; None where only the address of a file is known.
        facts_of: when GitHub last confirmed anything there.
        licence: of its collection; "" where it says none.
        trouble: why what it lists may be old; "" where nothing says so.
        notes: what of it is not shown, a sentence each.
    """

    anchor: Anchor
    search: tuple[tuple[str, str], ...]
    latest: tuple[Outside, ...]
    outside: Outside | None
    facts_of: datetime | None
    licence: str
    trouble: str
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ElsewherePage(PageContext):
    """The other showcases that this one includes."""

    template: ClassVar[str] = "elsewhere/index.html"
    showcases: tuple[NeighbourLine, ...]


@dataclass(frozen=True, kw_only=True)
class NeighbourPage(PageContext):
    """What one other showcase lists, by title."""

    template: ClassVar[str] = "elsewhere/showcase.html"
    overline: Anchor
    showcase: NeighbourLine
    rows: tuple[NeighbourRow, ...]
    pager: Pager


def elsewhere_pages(frame: Frame, elsewhere: Sequence[OtherShowcase]) -> Iterator[PageContext]:
    """Make the list of other showcases, and the pages of each; none where there are none."""
    if not elsewhere:
        return
    lines = tuple(map(_line, elsewhere))
    page = frame.page("elsewhere/")
    yield ElsewherePage(page=page, showcases=lines)
    overline = Anchor(page.heading, "elsewhere/")
    for other, line in zip(elsewhere, lines, strict=True):
        words = say("Projects that %(showcase)s lists.", showcase=other.title)
        for folder, part, pager in paged(other.projects, line.anchor.path, _ROWS_A_PAGE):
            yield NeighbourPage(
                page=frame.page(folder, pager.title(other.title), shortened(words, _DESCRIPTION)),
                overline=overline,
                showcase=line,
                rows=tuple(map(_row, part)),
                pager=pager,
            )


def neighbour_anchor(other: OtherShowcase) -> Anchor:
    """Link to the page here of another showcase."""
    return Anchor(other.title, f"elsewhere/{other.slug}/", len(other.projects))


def _line(other: OtherShowcase) -> NeighbourLine:
    return NeighbourLine(
        anchor=neighbour_anchor(other),
        search=((FROM, other.slug),),
        latest=tuple(map(_page_of, _latest(other.projects))),
        outside=Outside(other.title, other.url) if other.url else None,
        facts_of=other.known.facts_of,
        licence=other.known.licence,
        trouble=_trouble(other),
        notes=tuple(_notes(other)),
    )


def _trouble(other: OtherShowcase) -> str:
    known = other.known
    if not known.problem:
        return ""
    why = say(known.problem)
    if known.confirmed is None or known.failing_since is None:
        return say("Its list could not be read: %(why)s.", why=why)
    return say(
        "Its list could not be read since %(since)s: %(why)s. What was known of it is of %(day)s.",
        since=day_of(known.failing_since),
        why=why,
        day=day_of(known.confirmed),
    )


def _notes(other: OtherShowcase) -> Iterator[str]:
    if other.doubles:
        yield say_many(
            other.doubles,
            "%(count)s more of its projects is shown as listed here or by another showcase.",
            "%(count)s more of its projects are shown as listed here or by another showcase.",
        )
    if other.known.unread:
        yield say_many(
            other.known.unread,
            "%(count)s of its projects could not be read, or was too many.",
            "%(count)s of its projects could not be read, or were too many.",
        )


def _latest(projects: Sequence[NeighbourProject]) -> list[NeighbourProject]:
    """Choose by the day of the last push alone; of whom none is known, nobody is named."""
    dated = [one for one in projects if one.pushed_at]
    return sorted(dated, key=lambda one: str(one.pushed_at), reverse=True)[:_LATEST]


def _page_of(project: NeighbourProject) -> Outside:
    title = project.title or project.repo.partition("/")[2]
    language = marked(project.title_language, spoken().language)
    return Outside(title, project.page or project.url, language)


def _row(project: NeighbourProject) -> NeighbourRow:
    page = spoken().language
    return NeighbourRow(
        page=_page_of(project),
        summary=shortened(project.summary, _SUMMARY_LENGTH),
        summary_language=marked(project.summary_language, page),
        repository=Outside(project.repo, project.url),
        facts=tuple(_facts(project)),
    )


def _facts(project: NeighbourProject) -> Iterator[str]:
    told = (
        project.organisation,
        ", ".join(project.languages[:_LANGUAGES]),
        project.licence,
        say(project.activity) if project.activity else "",
    )
    yield from filter(None, told)
