"""The page of what changed: by period, day and kind, the good news first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import ClassVar

from aggregator.catalogue.changes import opening_words
from aggregator.catalogue.types import Project
from aggregator.facts.snapshot import ChangeKind
from aggregator.site.events import NEWS_KINDS, Event, around_name, change_words, week_of
from aggregator.site.frame import Frame, PageContext
from aggregator.site.pages.cards import Card, cards_of
from aggregator.words.phrases import day_of, month_of
from aggregator.words.speech import say, say_many

# The log itself goes back to the first night; it is in data/catalogue.db.
_MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One piece of news.

    Args:
        sentence: what happened.
        before: the same in three parts, where it is about one project: what stands before its name.
        name: of the project; "" where it is about none.
        after: what stands behind it.
        path: of its page.
        where: says where `url` leads, as a remark after the sentence.
    """

    sentence: str
    before: str = ""
    name: str = ""
    after: str = ""
    path: str = ""
    url: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class NewsDay:
    """A day with its news, by kind."""

    day: datetime
    kinds: tuple[tuple[str, tuple[NewsItem, ...]], ...]


@dataclass(frozen=True, slots=True)
class NewsPeriod:
    """A week or a month: what it is called, from when to when it is, what there was in it.

    `span` is "" for a month that is called by its name; `nothing` stands where there is no day.
    """

    title: str
    span: str
    nothing: str
    summary: str
    days: tuple[NewsDay, ...]


@dataclass(frozen=True, kw_only=True)
class NewPage(PageContext):
    """What changed, newest first.

    Args:
        periods: this week and this month, also without news; then month by month.
    """

    template: ClassVar[str] = "new/index.html"
    periods: tuple[NewsPeriod, ...]
    newest: tuple[Card, ...]


def new_page(frame: Frame, events: Sequence[Event], arrivals: Iterable[Project]) -> NewPage:
    """Make the page of what changed, and of the projects that were listed last."""
    latest = [event.change.date for event in events[:1]]
    ran = max(filter(None, (frame.ran, *latest)), default=None)
    return NewPage(
        page=frame.page("new/"),
        periods=tuple(_periods(events[:_MOST_CHANGES], ran)) if events and ran else (),
        newest=cards_of(arrivals, frame),
    )


def _periods(events: Sequence[Event], ran: datetime) -> Iterator[NewsPeriod]:
    """Divide the news, newest first.

    Week and month are those of the last run, so that a page without news changes once a week.
    """
    monday, first = week_of(ran), ran.date().replace(day=1)

    def began(event: Event) -> date:
        """Give the day with which the period of an event begins; no two begin with one day."""
        day = event.change.date.date()
        return monday if day >= monday else day.replace(day=1)

    groups = {day: list(group) for day, group in groupby(events, key=began)}
    yield _period(say("This week"), _since(monday), say("Nothing so far."), groups.pop(monday, []))
    if first < monday:
        before, nothing = _span(first, monday - timedelta(days=1)), say("Nothing before this week.")
        yield _period(say("This month"), before, nothing, groups.pop(first, []))
    else:
        within = say("All of it so far is in this week.")
        yield _period(say("This month"), _since(first), within, [])
    for day, group in groups.items():
        yield _period(month_of(day), "", "", group)


def _since(day: date) -> str:
    return say("since %(day)s", day=day_of(day))


def _span(first: date, last: date) -> str:
    return say("%(first)s to %(last)s", first=day_of(first), last=day_of(last))


def _period(title: str, span: str, nothing: str, events: Sequence[Event]) -> NewsPeriod:
    return NewsPeriod(title, span, nothing, _summary(events), tuple(_days(events)))


def _days(events: Iterable[Event]) -> Iterator[NewsDay]:
    for _, group in groupby(events, key=lambda event: event.change.date.date()):
        on_it = list(group)
        ordered = sorted(on_it, key=lambda event: NEWS_KINDS.index(event.kind))
        kinds = groupby(ordered, key=lambda event: event.kind.title)
        yield NewsDay(
            on_it[0].change.date,
            tuple((title, tuple(map(_item, some))) for title, some in kinds),
        )


def _summary(events: Iterable[Event]) -> str:
    """Say how much of what there was in a period."""
    kinds = [event.change.kind for event in events if not event.opening]
    added, released, celebrated, wanted = map(
        kinds.count,
        (ChangeKind.ADDED, ChangeKind.RELEASED, ChangeKind.CELEBRATED, ChangeKind.HELP_WANTED),
    )
    told = (
        say_many(added, "%(count)s new project", "%(count)s new projects") if added else "",
        say_many(released, "%(count)s release", "%(count)s releases") if released else "",
        say_many(celebrated, "%(count)s piece of good news", "%(count)s pieces of good news")
        if celebrated
        else "",
        say_many(wanted, "%(count)s call for help", "%(count)s calls for help") if wanted else "",
    )
    return ", ".join(filter(None, told))


def _item(event: Event) -> NewsItem:
    """Put an event into words, with a link to its project while it is listed."""
    if event.opening:
        return NewsItem(opening_words(len(event.opening)))
    path = event.project.page if event.project else ""
    where = (
        say("the announcement") if event.change.kind is ChangeKind.CELEBRATED else say("on GitHub")
    )
    before, after = around_name(event.change)
    return NewsItem(
        change_words(event.change, event.name),
        before,
        event.name,
        after,
        path,
        event.url,
        where if event.url else "",
    )
