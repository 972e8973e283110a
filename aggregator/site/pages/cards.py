"""A project in a list: what fits on a card, and how long lists are dealt out over pages.

Pure; called by every page builder that lists projects.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from aggregator.catalogue.assemble import labels, last_push
from aggregator.catalogue.types import Activity, Project
from aggregator.site.pages.frame import Frame, organisation_anchor
from aggregator.site.pages.notices import notice_of
from aggregator.site.pages.views import Anchor, Card, Pager, Pulse
from aggregator.words.phrases import shortened

PER_PAGE = 60
_SUMMARY_LENGTH = 190
_TAGS_ON_A_CARD = 4

PULSES = {
    Activity.MONTH: Pulse(4, "Active this month"),
    Activity.QUARTER: Pulse(3, "Active this quarter"),
    Activity.YEAR: Pulse(2, "Active this year"),
    Activity.QUIET: Pulse(1, "Quiet for over a year"),
    Activity.ARCHIVED: Pulse(0, "Archived"),
    Activity.UNKNOWN: Pulse(0, "Activity not known"),
}


def card_of(project: Project, frame: Frame) -> Card:
    """Make the card of a project."""
    notice = notice_of(project)
    languages = (frame.language(name) for name in project.languages)
    return Card(
        title=project.title,
        path=project.page,
        repo=project.repo,
        owner=project.repo.partition("/")[0],
        organisation=organisation_anchor(project.organisation) if project.organisation else None,
        summary=shortened(project.summary.text, _SUMMARY_LENGTH) if project.summary else None,
        pulse=PULSES[project.activity],
        stage=frame.stage(project.stage),
        languages=tuple(language for language in languages if language),
        licence=project.licence,
        tags=tags_of(project, frame)[:_TAGS_ON_A_CARD],
        pushed_at=pushed_at(project),
        added=project.added,
        notice=notice.title if notice and notice.hides_summary else None,
    )


def cards_of(projects: Iterable[Project], frame: Frame) -> tuple[Card, ...]:
    """Make the cards of several projects, in their order."""
    return tuple(card_of(project, frame) for project in projects)


def tags_of(project: Project, frame: Frame) -> tuple[Anchor, ...]:
    """Link to the page of each of a project's tags and topics."""
    anchors = (frame.tag(name) for name in labels(project))
    return tuple(anchor for anchor in anchors if anchor)


def pushed_at(project: Project) -> datetime | None:
    """Tell when work last arrived."""
    return last_push(project.facts) if project.facts else None


def by_title(projects: Iterable[Project]) -> list[Project]:
    """Sort projects as a reader looks them up."""
    return sorted(projects, key=lambda project: (project.title.casefold(), project.key))


def pages_of(
    projects: Sequence[Project], folder: str
) -> Iterable[tuple[str, Sequence[Project], Pager]]:
    """Deal projects out over pages: the folder of each, what is on it, and where it stands."""
    last = max(1, -(-len(projects) // PER_PAGE))
    for number in range(1, last + 1):
        part = projects[(number - 1) * PER_PAGE : number * PER_PAGE]
        yield page_folder(folder, number), part, _pager(folder, number, last)


def page_folder(folder: str, number: int) -> str:
    """Name the folder of the n-th page of a list."""
    return folder if number == 1 else f"{folder}page/{number}/"


def _pager(folder: str, number: int, last: int) -> Pager:
    return Pager(
        number,
        last,
        page_folder(folder, number - 1) if number > 1 else None,
        page_folder(folder, number + 1) if number < last else None,
    )
