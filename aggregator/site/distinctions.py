"""What is special about a project, in a word or two, and which one has its week in the spotlight.

For cards, results of the search, the first page and the feed of the project of the week.

Good news that members announced, that it is new here, its story, that it seeks help, who uses it.
Nothing counts what people like, and nothing says what is missing. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Literal

from aggregator.catalogue.types import Activity, Project
from aggregator.site.events import week_of
from aggregator.words.speech import later, say, say_many

_CELEBRATED = {
    "award": later("Award"),
    "publication": later("Published"),
    "adoption": later("Taken up"),
    "milestone": later("Milestone"),
}


@dataclass(frozen=True, slots=True)
class Distinction:
    """What is special about a project, in a word or two; `kind` names its look."""

    kind: Literal["good", "new", "plain"]
    text: str


def marks_of(project: Project, *, fresh: bool) -> Iterator[Distinction]:
    """Say what is special about a project: good news, that it is new, its story, help, users."""
    if project.celebrations:
        latest = max(project.celebrations, key=lambda one: (one.date or date.min, one.text))
        yield Distinction("good", say(_CELEBRATED[latest.what]))
    if fresh:
        yield Distinction("new", say("New here"))
    if project.story_html:
        yield Distinction("plain", say("Has a story"))
    if seeks_help(project):
        yield Distinction("plain", say("Help wanted"))
    if project.used_by:
        used = say_many(
            len(project.used_by),
            "Used by %(count)s organisation",
            "Used by %(count)s organisations",
        )
        yield Distinction("plain", used)


def spotlight_of(projects: Sequence[Project], ran: datetime | None) -> Project | None:
    """Choose the project of the week of a run: each has its turn, those that tell most come first.

    None where there is no project that is public, or nothing was ever asked.
    """
    shown = [project for project in projects if not project.standing.outcome.erases]
    if not shown or ran is None:
        return None
    week = week_of(ran).toordinal() // 7
    return sorted(shown, key=_turn)[week % len(shown)]


def _turn(project: Project) -> tuple[int, str]:
    """Say when a project has its turn: in no order that favours a name."""
    told = 0 if project.story_html else 1 if project.summary else 2
    return told, sha256(project.key.encode()).hexdigest()


def seeks_help(project: Project) -> bool:
    """Tell whether issues of a project ask for somebody; an archived one can take no help."""
    counts = project.facts.counts if project.facts else None
    if not counts or project.activity is Activity.ARCHIVED:
        return False
    return bool(counts.good_first_issues or counts.help_wanted)
