"""How the last run fared with every entry, said plainly, with what would help."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from aggregator.catalogue.types import Catalogue, Project, Proven, Standing
from aggregator.registry.mistakes import Mistake
from aggregator.site.frame import Anchor, Frame, PageContext
from aggregator.site.pages.cards import by_title
from aggregator.site.pages.project import CheckUp
from aggregator.words.outcomes import Outcome, Silence
from aggregator.words.wall import CURE, FAILED


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
        tallies: how often looks ended in which way, the good ways first.
        troubled: the rows that somebody should look at.
        ideas: each listing with what would help it; `complete` counts those that lack nothing.
        proof: what the site proved when it was held against the one before.
        silent: about whom the last run learnt nothing.
    """

    template: ClassVar[str] = "status/index.html"
    tallies: tuple[tuple[int, str], ...]
    troubled: tuple[StatusRow, ...]
    rows: tuple[StatusRow, ...]
    ideas: tuple[Anchor, ...]
    complete: int
    mistakes: tuple[Mistake, ...]
    proof: Proven | None
    silent: tuple[Silence, ...]


def status_page(frame: Frame, catalogue: Catalogue, check_ups: Mapping[str, CheckUp]) -> StatusPage:
    """Make the status page, which really is about everything; check-ups are by registry key."""
    projects = by_title(catalogue.projects)
    rows = [_row(project) for project in projects]
    for one in catalogue.unmade:
        standing = Standing(Outcome.UNREACHABLE, None, None, None, one.message, one.cure)
        rows.append(StatusRow(one.repo, one.page or "status/", FAILED, standing))
    places = {outcome: place for place, outcome in enumerate(Outcome)}
    counted = Counter(
        (len(places) if row.outcome == FAILED else places[row.standing.outcome], row.outcome)
        for row in rows
    )
    ideas = [
        Anchor(p.title, p.page, note=", ".join(item.title.lower() for item in found.findings))
        for p in projects
        if (found := check_ups.get(p.key))
    ]
    return StatusPage(
        page=frame.page("status/"),
        tallies=tuple((count, words) for (_, words), count in sorted(counted.items())),
        troubled=tuple(r for r in rows if not r.standing.outcome.answered or r.standing.cure),
        rows=tuple(rows),
        ideas=tuple(idea for idea in ideas if idea.note),
        complete=sum(not idea.note for idea in ideas),
        mistakes=catalogue.mistakes,
        proof=catalogue.proven,
        silent=catalogue.silences,
    )


def _row(project: Project) -> StatusRow:
    standing = project.standing
    words = FAILED if standing.cure == CURE else standing.words.state
    return StatusRow(project.title, project.page, words, standing)
