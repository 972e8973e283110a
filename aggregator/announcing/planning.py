"""What is to be told at one place now: decided from its ledger, the news and the clock. Pure.

    OutletLedger --look--> Look: baseline, a message of doubtful fate --> what to do with it
                  `------> fresh news --> one message, or none

A place gets one message a time, however much is new. The first look tells nothing: what stands in
the feeds then is what the place knows from now on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from aggregator.announcing.ledger import OpenMessage, OutletLedger
from aggregator.announcing.published import (
    PLACES,
    SPOTLIGHT_KIND,
    FeedItem,
    PublishedNews,
)

# What is older was not told in time, and is no news any more.
NEWS_FOR = timedelta(days=31)
# https://docs.joinmastodon.org/methods/statuses/#create says an hour; some of it may have passed.
_MASTODON_REMEMBERS = timedelta(minutes=55)
_REPEATABLE = {"bluesky": timedelta.max, "mastodon": _MASTODON_REMEMBERS}


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one place is told.

    Args:
        kinds: of news.
        monthly: it gets one newsletter a month, of the month that is over.
    """

    name: str
    kinds: frozenset[str]
    monthly: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One message: its id, the moment it is of, and the news that it tells.

    Args:
        id: the same whenever the same news is told to the same place.
        more: whether there was more than the feeds could hold.
        month: of a newsletter, the first day of its month.
    """

    id: str
    at: datetime
    items: tuple[FeedItem, ...]
    more: bool = False
    month: date | None = None


def begun(
    known: OutletLedger | None,
    news: PublishedNews,
    wanted: Subscription,
    now: datetime,
    since: date | None = None,
) -> OutletLedger:
    """Look at a place for the first time, or at a kind of news that is new to it.

    Args:
        known: its ledger, None before the first time.
        news: what is published.
        wanted: what the place is told.
        now: in the time zone of the showcase, whose days count.
        since: tell what happened from this day on; else nothing that is published already.
    """
    ledger = known or OutletLedger(begun=now, since=since)
    for kind in sorted((wanted.kinds & news.kinds) - set(ledger.told)):
        old = [item for item in news.items if item.kind == kind and _is_old(item, since, now)]
        ledger = ledger.with_ids({kind: {}}, news, now).having_told(old, news, now)
    if known is None and wanted.monthly and since is None:
        ledger = ledger.model_copy(update={"month": f"{_month_before(now):%Y-%m}"})
    return ledger


def _is_old(item: FeedItem, since: date | None, now: datetime) -> bool:
    """Tell whether news had happened before a place was looked at; some is of a day to come."""
    return item.date <= now if since is None else item.date.astimezone(now.tzinfo).date() < since


def fresh(
    ledger: OutletLedger, news: PublishedNews, wanted: Subscription, now: datetime
) -> tuple[FeedItem, ...]:
    """Choose what a place does not know yet, kind by kind, what makes glad first."""
    oldest = now - NEWS_FOR
    if ledger.since and now - ledger.begun < NEWS_FOR:
        oldest = min(oldest, datetime.combine(ledger.since, time(), now.tzinfo))
    if wanted.monthly:
        month = _month_before(now)
        oldest = min(oldest, datetime.combine(month, time(), now.tzinfo) - NEWS_FOR)
    order = list(PLACES)
    found = (
        item
        for item in news.items
        if item.kind in wanted.kinds
        and oldest <= item.date <= now
        and item.kind in ledger.told
        and not ledger.knows(item)
    )
    return tuple(sorted(found, key=lambda item: order.index(item.kind)))


def next_message(
    ledger: OutletLedger, news: PublishedNews, wanted: Subscription, now: datetime
) -> Planned | None:
    """Plan the message that a place gets now; None when there is nothing to tell it.

    Args:
        ledger: what it knows.
        news: what is published.
        wanted: what it is told.
        now: in the time zone of the showcase, whose months count.
    """
    found = fresh(ledger, news, wanted, now)
    month = None
    if wanted.monthly:
        month = _month_before(now)
        # A month that is still to come was noted by a clock that went wrong, and says nothing.
        if f"{month:%Y-%m}" <= ledger.month <= f"{now:%Y-%m}":
            return None
        first = datetime.combine(now.date().replace(day=1), time(), now.tzinfo)
        of_month = [item for item in found if item.date < first and not _is_spotlight(item)]
        star = [item for item in found if _is_spotlight(item)]
        found = (*of_month, *star) if of_month else ()
    if not found:
        return None
    return Planned(
        id=_id_of(wanted.name, found), at=now, items=found, more=_is_cut(found, news), month=month
    )


def after_the_month(ledger: OutletLedger, wanted: Subscription, when: datetime) -> OutletLedger:
    """Note that the newsletter of the month before a moment was sent, or would have been empty."""
    if not wanted.monthly:
        return ledger
    return ledger.model_copy(update={"month": f"{_month_before(when):%Y-%m}"})


def may_be_repeated(service: str, message: OpenMessage, now: datetime) -> bool:
    """Tell whether a message can be sent again without standing there twice.

    Bluesky keeps one record under a key that is ours, and Mastodon knows a key for an hour.
    Webhooks and mail have nothing of the kind. Of a message that is of a moment to come nobody
    knows how old it is: a clock was turned back.
    """
    longest = _REPEATABLE.get(service, timedelta(-1))
    return longest == timedelta.max or timedelta() <= now - message.at <= longest


def again(message: OpenMessage, news: PublishedNews, wanted: Subscription) -> Planned | None:
    """Plan a message of doubtful fate once more, of what is still public of it."""
    found = tuple(item for item in news.items if item.id in message.ids.get(item.kind, ()))
    if not found:
        return None
    order = list(PLACES)
    month = _month_before(message.at) if wanted.monthly else None
    items = tuple(sorted(found, key=lambda item: order.index(item.kind)))
    return Planned(id=message.id, at=message.at, items=items, month=month)


def is_quiet(clock: time, begin: time | None, end: time | None) -> bool:
    """Tell whether nothing is told at this time of day; a bound that is not set is midnight."""
    if begin is None and end is None:
        return False
    start, stop = begin or time(), end or time()
    if start == stop:
        return False
    if start < stop:
        return start <= clock < stop
    return clock >= start or clock < stop


def _is_spotlight(item: FeedItem) -> bool:
    return item.kind == SPOTLIGHT_KIND


def _is_cut(items: Iterable[FeedItem], news: PublishedNews) -> bool:
    """Tell whether even the oldest entry of a full feed is new, so that there may be more."""
    return any(item.kind in news.cut and item.date <= news.cut[item.kind] for item in items)


def _id_of(name: str, items: Iterable[FeedItem]) -> str:
    told = sorted(item.id for item in items)
    return str(uuid5(NAMESPACE_URL, "\n".join(("announced", name, *told))))


def _month_before(now: datetime) -> date:
    return (now.date().replace(day=1) - timedelta(days=1)).replace(day=1)
