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
from aggregator.words.speech import later, say

FiledT = TypeVar("FiledT")

# Of a shorter list, what is shown apart would be most of it, twice on one page.
ENOUGH_TO_SHOW_APART = 9
_MOST_ARRIVALS = 3
_FRESH_WEEKS = 4
_HAS_AN_ADDRESS = frozenset({ChangeKind.RELEASED, ChangeKind.HELP_WANTED, ChangeKind.CELEBRATED})
# What happened, with the name of the project for `name`.
_SENTENCES = {
    ChangeKind.ADDED: later("%(name)s joined the showcase"),
    ChangeKind.REMOVED: later("%(name)s left the showcase"),
    ChangeKind.RELEASED: later("%(name)s released %(after)s"),
    ChangeKind.RENAMED: later("%(name)s was renamed from %(before)s"),
    ChangeKind.TRANSFERRED: later("%(name)s moved from %(before)s to %(after)s"),
    ChangeKind.RECREATED: later("%(name)s was created anew"),
    ChangeKind.ARCHIVED: later("%(name)s was archived by its owner"),
    ChangeKind.UNARCHIVED: later("%(name)s came back from the archive"),
    ChangeKind.LICENSED: later("%(name)s now has a licence: %(after)s"),
    ChangeKind.RELICENSED: later("%(name)s changed its licence from %(before)s to %(after)s"),
    # Deleted, made private or blocked: true of all three.
    ChangeKind.GONE: later("%(name)s is no longer public on GitHub"),
    ChangeKind.RETURNED: later("%(name)s is back on GitHub"),
    ChangeKind.HELP_WANTED: later("%(name)s asks for help"),
    ChangeKind.CELEBRATED: later("%(name)s celebrates: %(after)s"),
}
# The same where the log does not say all of it, as of what was erased.
_SHORTER = {
    ChangeKind.RELEASED: later("%(name)s released a new version"),
    ChangeKind.RENAMED: later("%(name)s was renamed"),
    ChangeKind.TRANSFERRED: later("%(name)s moved to another owner"),
    ChangeKind.LICENSED: later("%(name)s now has a licence"),
    ChangeKind.RELICENSED: later("%(name)s changed its licence"),
    ChangeKind.CELEBRATED: later("%(name)s celebrates"),
}
_LICENCE_LOST = later("%(name)s no longer has a licence that GitHub recognises")
_ASKS_FOR = later("%(name)s asks for help: %(after)s")
_HOLE = "\0"  # stands in no text of anybody


@dataclass(frozen=True, slots=True)
class NewsKind:
    """Changes that stand together on a day of the page of what is new, and have their own feed.

    Args:
        slug: the folder of its feed, below that of all news.
        called: what it is called, on the page and in feed readers.
        means: what the feed brings, in a sentence for people who never saw one.

    Its words are marked here and said by the properties.
    """

    slug: str
    called: str
    means: str
    kinds: frozenset[ChangeKind]

    @property
    def title(self) -> str:
        """What it is called."""
        return say(self.called)

    @property
    def brings(self) -> str:
        """What the feed brings."""
        return say(self.means)

    @property
    def folder(self) -> str:
        """Where its feed stands, from the top of the site."""
        return f"new/{self.slug}/"


_GOOD_NEWS = NewsKind(
    "good-news",
    later("Good news"),
    later("Awards, publications and other successes that members tell of."),
    frozenset({ChangeKind.CELEBRATED}),
)
_ARRIVALS = NewsKind(
    "projects",
    later("New here"),
    later("Projects that join the showcase, and those that come back."),
    frozenset({ChangeKind.ADDED, ChangeKind.RETURNED}),
)
_RELEASES = NewsKind(
    "releases",
    later("Releases"),
    later("New versions of projects, by name, each with the way to its notes."),
    frozenset({ChangeKind.RELEASED}),
)
CALLS_FOR_HELP = NewsKind(
    "help-wanted",
    later("Help wanted"),
    later("Issues in which a project asks for help, by title: a way to find something to do."),
    frozenset({ChangeKind.HELP_WANTED}),
)
_TOLD_APART = (_GOOD_NEWS, _ARRIVALS, _RELEASES, CALLS_FOR_HELP)
_HOUSEKEEPING = NewsKind(
    "housekeeping",
    later("Names, licences and archives"),
    later("Projects that are renamed, moved, archived, put under another licence or taken away."),
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


def change_words(change: Change, name: str) -> str:
    """Say what happened to a project, in a sentence without a stop at its end."""
    return say(_sentence(change), name=name, before=change.before, after=change.after)


def around_name(change: Change) -> tuple[str, str]:
    """Say the same in two parts, between which the name stands."""
    before, _, after = change_words(change, _HOLE).partition(_HOLE)
    return before, after


def _sentence(change: Change) -> str:
    """Choose the sentence for what is known of a change."""
    if change.kind is ChangeKind.RELICENSED and change.before and not change.after:
        return _LICENCE_LOST
    if change.kind is ChangeKind.HELP_WANTED and change.after:
        return _ASKS_FOR
    whole = _SENTENCES[change.kind]
    lacks = any(
        f"%({part})s" in whole and not getattr(change, part) for part in ("before", "after")
    )
    return _SHORTER[change.kind] if lacks else whole
