"""What changed, for feed readers: Atom and JSON Feed, for the site, each tag and organisation.

Atom: RFC 4287. JSON Feed: https://www.jsonfeed.org/version/1.1/. Where the site's
own address is not known, entries link to the repository instead. An id says what happened
to which entry, so that it is the same on every night and at every address of the site.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from aggregator.catalogue.assemble import labels
from aggregator.catalogue.changes import opening_words, thing_of
from aggregator.catalogue.types import Group, OrganisationGroup, Project
from aggregator.facts.snapshot import Change
from aggregator.site.data import xml
from aggregator.site.events import Event, change_words, events_about
from aggregator.site.frame import Frame
from aggregator.site.recipes import File
from aggregator.words.addresses import quoted
from aggregator.words.phrases import timestamp

_ATOM = "http://www.w3.org/2005/Atom"
# Readers ask at least daily and keep what they saw; a feed is not the place for the whole log.
_MOST_ENTRIES = 50
# Atom wants a date even of a feed in which nothing has happened yet.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Item:
    id: str
    title: str
    url: str
    date: datetime
    text: str
    author: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Channel:
    """One feed: what it is about, and everything else that stands in its two files."""

    id: str
    title: str
    by: str
    language: str
    generator: str
    home: str | None  # the full address of what it is about, where the site's is known
    items: tuple[_Item, ...]


def feeds(
    frame: Frame,
    events: Sequence[Event],
    tags: Iterable[Group],
    organisations: Iterable[OrganisationGroup],
) -> Iterator[File]:
    """Make the site's feeds and those of each tag and organisation.

    Args:
        frame: what all outputs share.
        events: the news, newest first.
        tags: each with the projects that its feeds are about.
        organisations: the same of these.
    """
    yield from _files("", "The showcase", frame.site.title, events, frame)
    for group in tags:
        if group.slug:
            yield from _part(f"tags/{group.slug}/", group.name, group.projects, events, frame)
    for shelf in organisations:
        folder, name = f"organisations/{shelf.organisation.slug}/", shelf.organisation.name
        yield from _part(folder, name, shelf.projects, events, frame)


def _part(
    folder: str, name: str, projects: Sequence[Project], events: Sequence[Event], frame: Frame
) -> Iterator[File]:
    about = events_about(events, frozenset(project.key for project in projects))
    return _files(folder, name, f"{frame.site.title}: {name}", about, frame)


def _files(
    folder: str, name: str, title: str, events: Sequence[Event], frame: Frame
) -> Iterator[File]:
    channel = _Channel(
        id=_urn("feed", _identity(frame), folder),
        title=title,
        by=frame.site.title,
        language=frame.site.language,
        generator=frame.site.generator,
        home=frame.absolute(folder),
        items=tuple(_items(folder, name, events, frame))[:_MOST_ENTRIES],
    )
    yield File(f"{folder}feed.xml", channel, _atom)
    yield File(f"{folder}feed.json", channel, _json)


def _items(folder: str, name: str, events: Sequence[Event], frame: Frame) -> Iterator[_Item]:
    times = _occurrences(event.change for event in reversed(events) if not event.opening)
    for event in events:
        thing = thing_of(event.change)
        if event.opening:
            yield _opening(folder, name, event, frame)
        elif thing is not None:  # else its words were erased with the repository
            yield _item(event, thing, times[id(event.change)], frame)


def _occurrences(oldest_first: Iterable[Change]) -> Mapping[int, int]:
    """Count how often the same had happened before, such as a second time in the archive."""
    seen: Counter[tuple[str, str, str | None]] = Counter()
    times: dict[int, int] = {}
    for change in oldest_first:
        same = (change.name.casefold(), change.kind.value, thing_of(change))
        times[id(change)] = seen[same]
        seen[same] += 1
    return times


def _opening(folder: str, name: str, event: Event, frame: Frame) -> _Item:
    """Tell of the first night as one event, whose id is the same without any memory."""
    title = opening_words(len(event.opening), name)
    site = frame.site
    return _Item(
        id=_urn("opened", _identity(frame), folder),
        title=title,
        url=frame.absolute(folder) or site.repository_url or site.web,
        date=event.change.date,
        text=f"{title}.",
        author=site.title,
    )


def _item(event: Event, thing: str, times: int, frame: Frame) -> _Item:
    """Tell of a change; its id is made of what happened, never of when it was noticed or where."""
    change, project = event.change, event.project
    title = f"{event.name} {change_words(change)}"
    page = frame.absolute(quoted(project.page)) if project else None
    repository = project.url if project else f"{frame.site.web}/{change.repo}"
    return _Item(
        # By the name of that day and not by the key, which follows a later rename of the entry:
        # a reader must not take old news for new.
        id=_urn(change.kind.value, change.name.casefold(), thing, *([str(times)] if times else [])),
        title=title,
        url=page or event.url or repository,
        date=change.date,
        text=project.summary.text if project and project.summary else f"{title}.",
        author=_author(change, project),
        tags=labels(project) if project else (),
    )


def _author(change: Change, project: Project | None) -> str:
    if project and project.organisation:
        return project.organisation.name
    return (project.repo if project else change.repo).partition("/")[0]


# Version 5 of RFC 9562: the same parts give the same id on every machine and on every night.
def _urn(*parts: str) -> str:
    return uuid5(NAMESPACE_URL, "\n".join(parts)).urn


def _identity(frame: Frame) -> str:
    """Name the showcase by what stays when its address changes."""
    own = (frame.site.repository_url or "").removeprefix(f"{frame.site.web}/")
    return (own or frame.site.title).casefold()


def _atom(channel: _Channel) -> bytes:
    feed = xml.root("feed", _ATOM, {"xml:lang": channel.language})
    xml.add(feed, "id", channel.id)
    xml.add(feed, "title", channel.title)
    xml.add(feed, "updated", timestamp(channel.items[0].date if channel.items else _NEVER))
    xml.add(xml.add(feed, "author"), "name", channel.by)
    xml.add(feed, "generator", channel.generator)
    if channel.home:
        own = {"rel": "self", "type": "application/atom+xml", "href": f"{channel.home}feed.xml"}
        xml.add(feed, "link", None, own)
        page = {"rel": "alternate", "type": "text/html", "href": channel.home}
        xml.add(feed, "link", None, page)
    for item in channel.items:
        entry = xml.add(feed, "entry")
        xml.add(entry, "id", item.id)
        xml.add(entry, "title", item.title)
        xml.add(entry, "updated", timestamp(item.date))
        xml.add(entry, "link", None, {"rel": "alternate", "href": item.url})
        xml.add(xml.add(entry, "author"), "name", item.author)
        xml.add(entry, "summary", item.text)
        for tag in item.tags:
            xml.add(entry, "category", None, {"term": tag})
    return xml.document(feed)


def _json(channel: _Channel) -> bytes:
    home = channel.home
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "language": channel.language,
        **({"home_page_url": home, "feed_url": f"{home}feed.json"} if home else {}),
        "items": [
            {
                "id": item.id,
                "url": item.url,
                "title": item.title,
                "content_text": item.text,
                "date_published": timestamp(item.date),
                "authors": [{"name": item.author}],
                "tags": list(item.tags),
            }
            for item in channel.items
        ],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()
