"""Talks as pages and calendars tell them: what each is about, when it is, whether it is to come.

Their days are seen from the last run, so that what was to come yesterday is past today.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator.catalogue.types import Project
from aggregator.registry.community import Talk
from aggregator.site.frame import Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTalk:
    """A talk with what it is about.

    Args:
        begins: the moment in UTC, where the registry says day and time.
        zone: what the clocks there are called on that day, such as "GMT".
        project: None for one that belongs to no project.
    """

    talk: Talk
    begins: datetime | None
    project: Anchor | None
    zone: str


def listed_talks(
    projects: Iterable[Project], talks: Iterable[Talk], zone: str
) -> tuple[ListedTalk, ...]:
    """List the talks about projects, and those that belong to none; `zone` is an IANA name."""
    told: list[tuple[Talk, Anchor | None]] = [
        (talk, Anchor(p.title, p.page)) for p in projects for talk in p.talks
    ]
    told += [(talk, None) for talk in talks]
    listed = ((talk, about, _beginning(talk, zone)) for talk, about in told)
    return tuple(
        ListedTalk(
            talk=talk,
            begins=begins and begins.astimezone(UTC),
            project=about,
            zone=(begins and begins.tzname()) or "",
        )
        for talk, about, begins in listed
    )


def coming_talks(talks: Iterable[ListedTalk], ran: datetime | None) -> tuple[ListedTalk, ...]:
    """Choose the talks to come, as seen from the last run, the next first."""
    if ran is None:
        return ()
    found = [(_latest(one), one.talk.title, one) for one in talks if _latest(one) > ran.date()]
    return tuple(one for *_, one in sorted(found, key=lambda each: each[:2]))


def _beginning(talk: Talk, zone: str) -> datetime | None:
    if talk.date is None or talk.time is None:
        return None
    return datetime.combine(talk.date, talk.time, ZoneInfo(zone))


def _latest(one: ListedTalk) -> date:
    """Give the day after which a talk is past for everybody; one without a day is past."""
    return one.talk.date + timedelta(days=1) if one.talk.date else date.min
