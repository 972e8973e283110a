"""The news as a site published it: its feeds, one for each kind, read without trust.

What is told elsewhere is what the site says, in its words and with its addresses, so that nothing
is told that is not public there. The id of each piece is that of the feed: the same on every night
and at every address of the site.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, get_args

from aggregator.registry.community import NewsWord
from aggregator.site.data.feeds import SPOTLIGHT
from aggregator.site.events import NEWS_KINDS
from aggregator.words.clean import clean_address, clean_line, clean_text
from aggregator.words.errors import SourceError

LARGEST_FEED = 5_000_000  # bytes
_FULL = 50  # entries: a feed of fewer holds all that there is
SPOTLIGHT_KIND: NewsWord = "spotlight"
# Where each kind of news stands in a site, what makes glad first.
PLACES: Mapping[str, str] = {
    **{kind.slug: f"{kind.folder}feed.json" for kind in NEWS_KINDS},
    SPOTLIGHT_KIND: SPOTLIGHT,
}
KINDS: tuple[NewsWord, ...] = get_args(NewsWord)

Receive = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One piece of news.

    Args:
        id: the same whenever and wherever it is published.
        kind: one of `PLACES`.
        title: what happened, in a sentence without a stop.
        about: what the project is; "" where nothing is known.
        url: where to read of it; "" for nowhere.
        language: of `about`, where that is another than the site's.
    """

    id: str
    kind: str
    title: str
    about: str
    url: str
    date: datetime
    language: str = ""


@dataclass(frozen=True, slots=True)
class PublishedNews:
    """All that the feeds of a site tell.

    Args:
        items: newest first within each kind.
        kinds: those that have a feed.
        cut: the date of the oldest entry of each feed that may have had more.
        home: the page of all news; "" where the site does not know its address.
    """

    items: tuple[FeedItem, ...]
    kinds: frozenset[str]
    cut: Mapping[str, datetime] = field(default_factory=dict)
    home: str = ""


def read_published(receive: Receive) -> PublishedNews:
    """Read the feeds of a site.

    Args:
        receive: gives a file by its path from the top of the site, or None where there is none.

    Raises:
        SourceError: there is no feed at all, or one is none that can be read.
    """
    found = {kind: content for kind, path in PLACES.items() if (content := receive(path))}
    if not found:
        what = "there is no news to tell"
        raise SourceError(what, "the site has no feeds", "build it, or name it with --site")
    feeds = {kind: _feed(content, PLACES[kind]) for kind, content in found.items()}
    by_kind = {kind: tuple(_items(feed, kind)) for kind, feed in feeds.items()}
    homes = (clean_address(feed.get("home_page_url")) for feed in feeds.values())
    return PublishedNews(
        items=tuple(item for items in by_kind.values() for item in items),
        kinds=frozenset(by_kind),
        cut={
            kind: min(item.date for item in items)
            for kind, items in by_kind.items()
            if len(items) >= _FULL
        },
        home=next(filter(None, homes), ""),
    )


def _feed(content: bytes, place: str) -> dict[str, Any]:
    try:
        feed = json.loads(content)
    except (ValueError, RecursionError) as problem:
        why = str(problem)[:100]
        raise SourceError(f"{place} of the site is no feed", why, "build the site again") from None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise SourceError(f"{place} of the site is no feed", "it lists nothing", "build it again")
    return feed


def _items(feed: Mapping[str, Any], kind: str) -> Iterable[FeedItem]:
    """Read the entries; one without an id, a date or words is passed over."""
    for entry in feed["items"][:_FULL]:
        if not isinstance(entry, dict):
            continue
        name, title = clean_line(entry.get("id")), clean_line(entry.get("title"))
        published = _moment(entry.get("date_published"))
        if name and title and published:
            text = entry.get("content_text")
            apart = "summary" in entry  # then what it is stands in a language of its own
            about = text if apart or not isinstance(text, str) else text.partition("\n\n")[2]
            yield FeedItem(
                id=name,
                kind=kind,
                title=title,
                about=clean_text(about) or "",
                url=clean_address(entry.get("url")) or "",
                date=published,
                language=(clean_line(entry.get("language")) or "") if apart else "",
            )


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):  # the first and the last day there is, in a far zone
        return None
