"""The page that says what a feed is, what each one brings, and which address to copy."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from aggregator.site.contents import kind_of_page
from aggregator.site.data.calendar import CALENDAR
from aggregator.site.events import NEWS_KINDS
from aggregator.site.frame import Anchor, Frame, PageContext
from aggregator.site.subscriptions import Followable
from aggregator.words.addresses import quoted
from aggregator.words.speech import say

# Of each kind; all others have the line "Follow" on their own pages.
_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A feed or calendar that one can subscribe to.

    Args:
        key: tells it from the others on the page.
        name: what it is called.
        brings: what comes from it, in a sentence.
        path: where it is, from the top of the site.
        url: the same in full; "" while the address of the site is not known.
    """

    key: str
    name: str
    brings: str
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class FeedGroup:
    """Feeds of one kind, the largest of them each with its address.

    Args:
        more: the way to all, where there are more.
    """

    title: str
    brings: str
    feeds: tuple[Anchor, ...]
    more: Anchor | None


@dataclass(frozen=True, kw_only=True)
class SubscribePage(PageContext):
    """How to hear of news: feeds of everything, of one kind and of a part; the calendar of talks.

    Args:
        calendar: None where no talk has a day.
    """

    template: ClassVar[str] = "subscribe/index.html"
    everything: FeedLine
    news: tuple[FeedLine, ...]
    groups: tuple[FeedGroup, ...]
    calendar: FeedLine | None


def subscribe_page(
    frame: Frame, followed: Iterable[Followable], *, has_calendar: bool
) -> SubscribePage:
    """Make the page of what can be subscribed to."""
    everything = say(
        "New projects, releases, calls for help and good news, and whatever else changes."
    )
    calendar = say(
        "Talks and show-and-tells with day and place, for your calendar program: add the address "
        "there as a calendar from the internet."
    )
    talks = kind_of_page("talks/").title
    return SubscribePage(
        page=frame.page("subscribe/"),
        everything=_line(frame, "all", say("Everything"), everything, "feed.xml"),
        news=tuple(
            _line(frame, kind.slug, kind.title, kind.brings, f"{kind.folder}feed.xml")
            for kind in NEWS_KINDS
        ),
        groups=tuple(_group(kind) for kind in followed if kind.groups),
        calendar=_line(frame, "talks", talks, calendar, CALENDAR) if has_calendar else None,
    )


def _line(frame: Frame, key: str, name: str, brings: str, path: str) -> FeedLine:
    url = f"{frame.site.url}{quoted(path)}" if frame.site.url else ""
    return FeedLine(key, name, brings, path, url)


def _group(kind: Followable) -> FeedGroup:
    anchors = (replace(anchor, count=len(projects)) for anchor, projects in kind.groups)
    largest = sorted(anchors, key=lambda one: (-(one.count or 0), one.text.casefold()))
    return FeedGroup(
        kind.title,
        kind.brings,
        tuple(Anchor(one.text, f"{one.path}feed.xml") for one in largest[:_MOST_SHOWN]),
        _all_of(kind) if len(largest) > _MOST_SHOWN else None,
    )


def _all_of(kind: Followable) -> Anchor:
    listed = kind_of_page(kind.listed_on)
    return Anchor(listed.title, listed.folder)
