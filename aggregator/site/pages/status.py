"""How the last run fared with every entry, said plainly, with what would help."""

from collections import Counter
from collections.abc import Iterator

from aggregator.catalogue.types import Catalogue, Project, Proven, Unmade, standings
from aggregator.site.files import File
from aggregator.site.pages.cards import by_title
from aggregator.site.pages.checkup import check_up
from aggregator.site.pages.contexts import StatusPage
from aggregator.site.pages.frame import frame_of
from aggregator.site.pages.views import Idea, MistakeView, StatusRow, Tally
from aggregator.site.theme import Theme
from aggregator.words.outcomes import Outcome, Silence, silences
from aggregator.words.phrases import day_of, number, plural
from aggregator.words.wall import CURE

_FAILED = "This program failed at it"
_WELL = frozenset(
    {Outcome.ACTIVE, Outcome.UNCHANGED, Outcome.RENAMED, Outcome.TRANSFERRED, Outcome.EMPTY}
)


def render_status(catalogue: Catalogue, theme: Theme) -> Iterator[File]:
    """Make the status page."""
    frame = frame_of(catalogue)
    rows = tuple(_row(project) for project in by_title(catalogue.projects))
    rows += tuple(_unmade_row(one) for one in catalogue.unmade)
    counted = Counter(_order(project) for project in catalogue.projects)
    counted.update((len(Outcome), _FAILED) for _ in catalogue.unmade)
    ideas, complete = _ideas(catalogue)
    yield theme.page(
        StatusPage(
            site=frame.site,
            page=frame.page("status/"),
            tallies=tuple(Tally(count, words) for (_, words), count in sorted(counted.items())),
            troubled=tuple(row for row in rows if not row.well or row.cure),
            rows=rows,
            ideas=ideas,
            complete=complete,
            proof=_proof(catalogue.proven) if catalogue.proven else None,
            silent=tuple(_silence(found) for found in silences(standings(catalogue))),
            mistakes=tuple(
                MistakeView(str(mistake.where), mistake.what, mistake.cure)
                for mistake in catalogue.mistakes
            ),
        )
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


def _order(project: Project) -> tuple[int, str]:
    """Sort outcomes as they are declared: the good ones first."""
    words = _words(project)
    return len(Outcome) if words == _FAILED else list(Outcome).index(
        project.standing.outcome
    ), words


def _words(project: Project) -> str:
    return _FAILED if project.standing.cure == CURE else project.standing.words.state


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
        outcome=_words(project),
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
