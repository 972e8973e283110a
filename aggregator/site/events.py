"""The change log as visitors read it: which changes are news, and each in words.

The page of what is new and the feeds tell the same from here. What counts as a change is decided
in `catalogue.changes`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from aggregator.catalogue.changes import opening_of
from aggregator.catalogue.types import Project
from aggregator.facts.snapshot import Change, ChangeKind
from aggregator.words.addresses import web_address

FiledT = TypeVar("FiledT")

# Of a shorter list, what is shown apart would be most of it, twice on one page.
ENOUGH_TO_SHOW_APART = 9
_MOST_ARRIVALS = 3
_FRESH_WEEKS = 4
_ASKS_FOR = "asks for help: {after}"
_HAS_AN_ADDRESS = frozenset({ChangeKind.RELEASED, ChangeKind.HELP_WANTED, ChangeKind.CELEBRATED})
_WORDS = {
    ChangeKind.ADDED: "joined the showcase",
    ChangeKind.REMOVED: "left the showcase",
    ChangeKind.RELEASED: "released {after}",
    ChangeKind.RENAMED: "was renamed from {before}",
    ChangeKind.TRANSFERRED: "moved from {before} to {after}",
    ChangeKind.RECREATED: "was created anew",
    ChangeKind.ARCHIVED: "was archived by its owner",
    ChangeKind.UNARCHIVED: "came back from the archive",
    ChangeKind.LICENSED: "now has a licence: {after}",
    ChangeKind.RELICENSED: "changed its licence from {before} to {after}",
    # Deleted, made private or blocked: true of all three.
    ChangeKind.GONE: "is no longer public on GitHub",
    ChangeKind.RETURNED: "is back on GitHub",
    ChangeKind.HELP_WANTED: "asks for help",
    ChangeKind.CELEBRATED: "celebrates: {after}",
}


@dataclass(frozen=True, slots=True)
class NewsKind:
    """Changes that stand together on a day of the page of what is new, and have their own feed.

    Args:
        slug: the folder of its feed, below that of all news.
        title: what it is called, on the page and in feed readers.
        brings: what the feed brings, in a sentence for people who never saw one.
    """

    slug: str
    title: str
    brings: str
    kinds: frozenset[ChangeKind]

    @property
    def folder(self) -> str:
        """Where its feed stands, from the top of the site."""
        return f"new/{self.slug}/"


_GOOD_NEWS = NewsKind(
    "good-news",
    "Good news",
    "Awards, publications and other successes that members tell of.",
    frozenset({ChangeKind.CELEBRATED}),
)
_ARRIVALS = NewsKind(
    "projects",
    "New here",
    "Projects that join the showcase, and those that come back.",
    frozenset({ChangeKind.ADDED, ChangeKind.RETURNED}),
)
_RELEASES = NewsKind(
    "releases",
    "Releases",
    "New versions of projects, by name, each with the way to its notes.",
    frozenset({ChangeKind.RELEASED}),
)
CALLS_FOR_HELP = NewsKind(
    "help-wanted",
    "Help wanted",
    "Issues in which a project asks for help, by title: a way to find something to do.",
    frozenset({ChangeKind.HELP_WANTED}),
)
_TOLD_APART = (_GOOD_NEWS, _ARRIVALS, _RELEASES, CALLS_FOR_HELP)
_HOUSEKEEPING = NewsKind(
    "housekeeping",
    "Names, licences and archives",
    "Projects that are renamed, moved, archived, put under another licence or taken away.",
    frozenset(ChangeKind).difference(*(one.kinds for one in _TOLD_APART)),
)
# What makes glad comes first.
NEWS_KINDS = (*_TOLD_APART, _HOUSEKEEPING)
_KIND_OF = {kind: one for one in NEWS_KINDS for kind in one.kinds}


@dataclass(frozen=True, slots=True)
class Event:
    """One piece of news: a change, or the opening with the projects that it is about.

    `project` is the one that is listed now, under whatever name the change tells of it.
    """

    change: Change
    project: Project | None = None
    opening: tuple[Change, ...] = ()

    @property
    def name(self) -> str:
        """Whom it is about: the title of the project, or the name it had when it was listed."""
        return self.project.title if self.project else self.change.name

    @property
    def kind(self) -> NewsKind:
        """With which others it stands."""
        return _KIND_OF[self.change.kind]

    @property
    def url(self) -> str:
        """What it is about at GitHub, as long as that is public; "" for nothing.

        An address in the change log is that of a release or an issue; older logs name the
        repository as well, at a GitHub that need not be this one.
        """
        if self.change.kind in _HAS_AN_ADDRESS:
            return web_address(self.change.url)
        return self.project.url if self.project and self.project.facts else ""


def events_of(changes: tuple[Change, ...], by_key: Mapping[str, Project]) -> tuple[Event, ...]:
    """List the news, newest first, from the change log; the first night is one event.

    What members celebrate stands among it on the day that they name, and not at all without one.
    """
    seen = {key: project.first_seen for key, project in by_key.items() if project.first_seen}
    opening = opening_of(changes, seen)
    together = set(map(id, opening))
    events = [Event(c, by_key.get(c.repo)) for c in changes if id(c) not in together]
    listed = {project.key: project for project in by_key.values()}
    events += [Event(c, project) for project in listed.values() for c in _celebrations(project)]
    return _newest_first(events, opening)


def _celebrations(project: Project) -> Iterator[Change]:
    for one in project.celebrations:
        if one.date:
            yield Change(
                date=datetime.combine(one.date, time(), UTC),
                kind=ChangeKind.CELEBRATED,
                repo=project.key,
                name=project.repo,
                after=one.text,
                url=web_address(one.url) or None,
            )


class News:
    """All events, filed by project, so that the news of each group costs what it holds."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events: dict[str, list[tuple[int, Event]]] = defaultdict(list)
        self._opening: dict[str, list[tuple[int, Change]]] = defaultdict(list)
        for place, event in enumerate(events):
            if not event.opening:
                self._events[event.change.repo].append((place, event))
            for at, change in enumerate(event.opening):
                self._opening[change.repo].append((at, change))

    def about(self, keys: Iterable[str]) -> tuple[Event, ...]:
        """Choose the news of some projects, newest first; of the opening, their part."""
        keys = frozenset(keys)
        return _newest_first(_in_order(self._events, keys), tuple(_in_order(self._opening, keys)))


def _in_order(filed: Mapping[str, list[tuple[int, FiledT]]], keys: Iterable[str]) -> list[FiledT]:
    found = [each for key in keys if key in filed for each in filed[key]]
    return [thing for _, thing in sorted(found, key=lambda each: each[0])]


def _newest_first(events: list[Event], opening: tuple[Change, ...]) -> tuple[Event, ...]:
    if opening:
        # Its day is that of the very first change, also when a later night found some.
        first = min(opening, key=lambda change: (change.date, change.repo))
        events = [*events, Event(first, opening=opening)]
    return tuple(sorted(events, key=lambda event: event.change.date, reverse=True))


def week_of(ran: datetime) -> date:
    """Give the Monday of the week of the last run: what looks back from it changes once a week."""
    return ran.date() - timedelta(days=ran.weekday())


def fresh_keys(
    projects: Sequence[Project], events: Sequence[Event], ran: datetime | None
) -> frozenset[str]:
    """Choose the projects that came in the four weeks before this one, or since."""
    if ran is None:
        return frozenset()
    since = week_of(ran) - timedelta(weeks=_FRESH_WEEKS)
    days = _days_of_arrival(projects, events)
    if len(days) == len(projects) and len(set(days.values())) < 2:
        return frozenset()  # as below
    return frozenset(key for key, day in days.items() if since <= day <= ran.date())


def _days_of_arrival(projects: Sequence[Project], events: Sequence[Event]) -> dict[str, date]:
    """Give the day on which each project was listed, where members or the log name one."""
    # What the showcase opened with is not new, on whichever night that was.
    opened = {change.repo for event in events for change in event.opening}
    noticed = {
        event.change.repo: event.change.date.date()
        for event in reversed(events)
        if event.change.kind is ChangeKind.ADDED and event.change.repo not in opened
    }
    return {p.key: day for p in projects if (day := p.added or noticed.get(p.key))}


def arrivals_of(projects: Sequence[Project], events: Sequence[Event]) -> list[Project]:
    """Choose the projects that were listed last, by the day that members or the log give."""
    if len(projects) < ENOUGH_TO_SHOW_APART:
        return []
    days = _days_of_arrival(projects, events)
    # When all came on one day, "new" would say nothing.
    if len(days) == len(projects) and len(set(days.values())) < 2:
        return []
    dated = (project for project in projects if project.key in days)
    latest = sorted(dated, key=lambda project: (days[project.key], project.key), reverse=True)
    return latest[:_MOST_ARRIVALS]


def change_words(change: Change) -> str:
    """Say what happened, as the end of a sentence that begins with the project's name."""
    if change.kind is ChangeKind.RELICENSED and change.before and not change.after:
        return "no longer has a licence that GitHub recognises"
    before, after = change.before or "another", change.after or "another"
    if change.kind is ChangeKind.RELEASED:
        after = change.after or "a new version"
    if change.kind is ChangeKind.HELP_WANTED and change.after:
        return _ASKS_FOR.format(after=change.after)
    return _WORDS[change.kind].format(before=before, after=after)
