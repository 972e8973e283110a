"""The talks as an iCalendar feed: https://www.rfc-editor.org/rfc/rfc5545."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from aggregator.site.frame import Site
from aggregator.site.recipes import File
from aggregator.site.talks import ListedTalk
from aggregator.words.addresses import quoted, web_address
from aggregator.words.speech import say

CALENDAR = "talks/calendar.ics"
# The registry does not say how long a talk is.
_ASSUMED = timedelta(hours=1)
_NOBODY = "showcase.invalid"  # names no host: https://www.rfc-editor.org/rfc/rfc6761#section-6.4


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """A talk as calendars know one.

    Args:
        uid: stays the same as long as title and day do; of two talks that share both, one has the
            moment in its own.
        begins: a moment in UTC, or a day where no time is known.
    """

    uid: str
    title: str
    begins: datetime | date
    words: str
    place: str | None
    url: str


def calendar_files(site: Site, talks: Iterable[ListedTalk]) -> Iterator[File]:
    """Make the calendar of all talks that have a day; none without such a talk."""
    events = _each_once(event for talk in talks if (event := _event(site, talk)))
    if events:
        told = (site.title, tuple(sorted(events, key=lambda event: (_day(event), event.uid))))
        yield File(CALENDAR, told, _calendar)


def _event(site: Site, listed: ListedTalk) -> CalendarEvent | None:
    talk = listed.talk
    if talk.date is None:
        return None
    host = urlsplit(site.url or "").hostname or _NOBODY
    about = listed.project
    page = f"{site.url}{quoted(about.path)}" if site.url and about else ""
    words = (
        ", ".join(talk.speakers),
        say("About %(title)s", title=about.text) if about else "",
        page,
    )
    name = sha256(repr((talk.date, talk.title, about and about.path)).encode()).hexdigest()[:20]
    return CalendarEvent(
        uid=f"{name}@{host}",
        title=talk.title,
        begins=listed.begins or talk.date,
        words="\n".join(filter(None, words)),
        place=talk.place,
        url=web_address(talk.url),
    )


def _each_once(events: Iterable[CalendarEvent]) -> list[CalendarEvent]:
    """Leave out what is told twice, and let no two be taken for one."""
    found: dict[str, CalendarEvent] = {}
    for event in events:
        known = found.setdefault(event.uid, event)
        if known.begins != event.begins:
            other = f"{event.begins:%H%M}-{event.uid}"
            found.setdefault(other, replace(event, uid=other))
    return [*found.values()]


def _day(event: CalendarEvent) -> date:
    return event.begins.date() if isinstance(event.begins, datetime) else event.begins


def _calendar(told: tuple[str, tuple[CalendarEvent, ...]]) -> bytes:
    # Loading it takes as long as a hundred pages, and nights without a new talk need it not.
    from icalendar import Calendar, Event  # noqa: PLC0415 - see above

    title, events = told
    calendar = Calendar()
    calendar.add("prodid", "-//aggregator//talks//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for event in events:
        made = Event()
        made.add("uid", event.uid)
        # When this was written does not matter to anybody, and would differ every night.
        made.add("dtstamp", datetime.combine(_day(event), time(), UTC))
        made.add("summary", event.title)
        made.add("dtstart", event.begins)
        if isinstance(event.begins, datetime):
            made.add("duration", _ASSUMED)
        for name, value in (
            ("description", event.words),
            ("location", event.place),
            ("url", event.url),
        ):
            if value:
                made.add(name, value)
        calendar.add_component(made)
    return bytes(calendar.to_ical())
