"""How the last run fared with every entry, said plainly, with what would help."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aggregator.catalogue.types import Catalogue, Project, Proven, Standing, Unmade, standings
from aggregator.registry.mistakes import Mistake
from aggregator.site.frame import Anchor, Frame, PageContext
from aggregator.site.pages.cards import by_title
from aggregator.site.pages.home import Tally
from aggregator.site.pages.project import CheckUp
from aggregator.words.outcomes import Outcome, Silence, silences
from aggregator.words.phrases import day_of, number, plural
from aggregator.words.wall import CURE, FAILED

_WELL = frozenset(
    {Outcome.ACTIVE, Outcome.UNCHANGED, Outcome.RENAMED, Outcome.TRANSFERRED, Outcome.EMPTY}
)


@dataclass(frozen=True, slots=True)
class StatusRow:
    """How the last look at one project ended."""

    title: str
    path: str
    outcome: str
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class StatusPage(PageContext):
    """How the last run fared with every entry, and what would help.

    Args:
        troubled: the rows that somebody should look at.
        ideas: each listing with what would help it; `complete` counts those that lack nothing.
        proof: what the site proved when it was held against the one before.
        silent: about whom the last run learnt nothing.
    """

    template: ClassVar[str] = "status/index.html"
    tallies: tuple[Tally, ...]
    troubled: tuple[StatusRow, ...]
    rows: tuple[StatusRow, ...]
    ideas: tuple[Anchor, ...]
    complete: int
    mistakes: tuple[Mistake, ...]
    proof: str | None
    silent: tuple[str, ...]


def status_page(frame: Frame, catalogue: Catalogue, check_ups: Mapping[str, CheckUp]) -> StatusPage:
    """Make the status page, which really is about everything.

    Args:
        frame: what all pages share.
        catalogue: everything.
        check_ups: what would help each listing, by registry key.
    """
    projects = by_title(catalogue.projects)
    rows = (*map(_row, projects), *map(_unmade_row, catalogue.unmade))
    ideas = tuple(_idea(p, check_ups[p.key]) for p in projects if p.key in check_ups)
    return StatusPage(
        page=frame.page("status/"),
        tallies=_tallies(rows),
        troubled=tuple(r for r in rows if r.standing.outcome not in _WELL or r.standing.cure),
        rows=rows,
        ideas=tuple(idea for idea in ideas if idea.note),
        complete=sum(not idea.note for idea in ideas),
        mistakes=catalogue.mistakes,
        proof=_proof(catalogue.proven) if catalogue.proven else None,
        silent=tuple(map(_silence, silences(standings(catalogue)))),
    )


def _proof(proven: Proven) -> str:
    """Say what the site proved when it was held against the one before."""
    age = plural(proven.oldest_days, "day") if proven.oldest_days else "less than a day"
    parts = [
        f"{number(proven.confirmed)} of {number(proven.projects)} confirmed in the last run",
        f"oldest fact {age}",
    ]
    if proven.lossless_since:
        parts.append(f"nothing lost since {day_of(proven.lossless_since)}")
    if proven.nights > 1:
        parts.append(f"{plural(proven.nights, 'night')} unbroken")
    return ", ".join(parts) + "."


def _silence(silence: Silence) -> str:
    since = f" since {day_of(silence.since)}" if silence.since else ""
    return f"{plural(silence.count, 'entry', 'entries')} {silence.words}{since}"


def _tallies(rows: Sequence[StatusRow]) -> tuple[Tally, ...]:
    """Count how looks ended, in the order in which outcomes are declared: the good ones first."""
    order = {outcome: place for place, outcome in enumerate(Outcome)}
    last = len(order)
    counted = Counter(
        (last if row.outcome == FAILED else order[row.standing.outcome], row.outcome)
        for row in rows
    )
    return tuple(Tally(count, words) for (_, words), count in sorted(counted.items()))


def _idea(project: Project, found: CheckUp) -> Anchor:
    """Say what would help a listing in a few words; none where it lacks nothing."""
    words = ", ".join(item.title.lower() for item in found.findings)
    return Anchor(project.title, project.page, note=words)


def _row(project: Project) -> StatusRow:
    standing = project.standing
    words = FAILED if standing.cure == CURE else standing.words.state
    return StatusRow(project.title, project.page, words, standing)


def _unmade_row(one: Unmade) -> StatusRow:
    standing = Standing(Outcome.UNREACHABLE, None, None, None, one.message, one.cure)
    return StatusRow(one.repo, one.page or "status/", FAILED, standing)
