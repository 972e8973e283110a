"""How the last run fared with every entry, said plainly, with what would help."""

from collections import Counter
from collections.abc import Iterator

from aggregator.catalogue import Catalogue, Project, Unmade
from aggregator.facts import Outcome
from aggregator.outputs.files import File
from aggregator.outputs.pages.cards import by_title
from aggregator.outputs.pages.checkup import check_up
from aggregator.outputs.pages.contexts import StatusPage
from aggregator.outputs.pages.frame import frame_of
from aggregator.outputs.pages.views import Idea, MistakeView, StatusRow, Tally
from aggregator.outputs.theme import Theme
from aggregator.wall import CURE

OUTCOMES = {
    Outcome.ACTIVE: "Confirmed, with news",
    Outcome.UNCHANGED: "Confirmed",
    Outcome.RENAMED: "Confirmed under a new name",
    Outcome.TRANSFERRED: "Confirmed with a new owner",
    Outcome.NAME_REUSED: "Name taken by another repository",
    Outcome.GONE: "No longer on GitHub",
    Outcome.PRIVATE: "No longer public",
    Outcome.BLOCKED: "Blocked by GitHub",
    Outcome.FORBIDDEN: "Not allowed to look",
    Outcome.EMPTY: "No commits yet",
    Outcome.UNREACHABLE: "Could not be reached",
    Outcome.SKIPPED: "Waiting for its turn",
}
_FAILED = "This program failed at it"
_WELL = frozenset(
    {Outcome.ACTIVE, Outcome.UNCHANGED, Outcome.RENAMED, Outcome.TRANSFERRED, Outcome.EMPTY}
)


def render_status(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the status page."""
    frame = frame_of(catalogue)
    rows = tuple(_row(project) for project in by_title(catalogue.projects))
    rows += tuple(_unmade_row(one) for one in catalogue.unmade)
    counted = Counter(row.outcome for row in rows)
    ideas, complete = _ideas(catalogue)
    description = "When each project was last looked at, and what went wrong."
    yield theme.page(
        StatusPage(
            site=frame.site,
            page=frame.page("status/", "Status", description),
            tallies=tuple(
                Tally(counted[words], words)
                for words in (*OUTCOMES.values(), _FAILED)
                if counted[words]
            ),
            troubled=tuple(row for row in rows if not row.well or row.cure),
            rows=rows,
            ideas=ideas,
            complete=complete,
            mistakes=tuple(
                MistakeView(str(mistake.where), mistake.what, mistake.cure)
                for mistake in catalogue.mistakes
            ),
        )
    )


def _ideas(catalogue: Catalogue) -> tuple[tuple[Idea, ...], int]:
    """Gather what would help each listing, and count those that lack nothing."""
    looked_at = [(p, check_up(p, catalogue)) for p in by_title(catalogue.projects)]
    known = [(project, found) for project, found in looked_at if found]
    ideas = tuple(
        Idea(project.title, project.page, ", ".join(f.title.lower() for f in found.findings))
        for project, found in known
        if found.findings
    )
    return ideas, len(known) - len(ideas)


def _row(project: Project) -> StatusRow:
    standing = project.standing
    return StatusRow(
        title=project.title,
        path=project.page,
        repo=project.listed_as,
        outcome=_FAILED if standing.cure == CURE else OUTCOMES[standing.outcome],
        well=standing.outcome in _WELL,
        last_tried=standing.last_tried,
        last_succeeded=standing.last_succeeded,
        message=standing.message,
        cure=standing.cure,
    )


def _unmade_row(one: Unmade) -> StatusRow:
    return StatusRow(
        title=one.repo,
        path=one.page or "status/",
        repo=one.repo,
        outcome=_FAILED,
        well=False,
        last_tried=None,
        last_succeeded=None,
        message=one.message,
        cure=one.cure,
    )
