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
from aggregator.catalogue.types import Catalogue, Project
from aggregator.facts.snapshot import Change
from aggregator.site.data import xml
from aggregator.site.files import File
from aggregator.site.links import quoted
from aggregator.site.pages.frame import Frame, frame_of
from aggregator.site.pages.lists import Event, change_url, change_words, events_of
from aggregator.site.theme import Theme
from aggregator.words.phrases import timestamp

_ATOM = "http://www.w3.org/2005/Atom"
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
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Channel:
    folder: str
    title: str
    items: tuple[_Item, ...]


def render_feeds(catalogue: Catalogue, _theme: Theme) -> Iterator[File]:
    """Make the site's feeds and those of each tag and organisation."""
    frame = frame_of(catalogue)
    for channel in _channels(frame):
        yield File(f"{channel.folder}feed.xml", _atom(channel, frame))
        yield File(f"{channel.folder}feed.json", _json(channel, frame))


def _channels(frame: Frame) -> Iterator[_Channel]:
    catalogue = frame.catalogue
    title = frame.site.title
    yield _Channel("", title, _items("", "The showcase", None, frame))
    for group in catalogue.tags:
        if group.slug:
            yield _part(f"tags/{group.slug}/", group.name, group.projects, frame)
    for shelf in catalogue.organisations:
        organisation = shelf.organisation
        folder = f"organisations/{organisation.slug}/"
        yield _part(folder, organisation.name, shelf.projects, frame)


def _part(folder: str, name: str, projects: Sequence[Project], frame: Frame) -> _Channel:
    keys = frozenset(project.key for project in projects)
    title = f"{frame.site.title}: {name}"
    return _Channel(folder, title, _items(folder, name, keys, frame))


def _items(folder: str, name: str, keys: frozenset[str] | None, frame: Frame) -> tuple[_Item, ...]:
    """Make the entries of a channel about the projects with these keys, None for all."""
    events = list(events_of(frame.catalogue, keys))
    times = _occurrences(event.change for event in reversed(events) if not event.opening)
    items: list[_Item] = []
    for event in events:
        thing = thing_of(event.change)
        if event.opening:
            items.append(_opening(folder, name, event, frame))
        elif thing is not None:  # else its words were erased with the repository
            items.append(_item(event.change, thing, times[id(event.change)], frame))
    return tuple(items[:_MOST_ENTRIES])


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
    return _Item(
        id=_urn("opened", _identity(frame), folder),
        title=title,
        url=frame.absolute(folder) or frame.site.repository_url or frame.catalogue.web,
        date=event.change.date,
        text=f"{title}.",
        author=frame.site.title,
        tags=(),
    )


def _item(change: Change, thing: str, times: int, frame: Frame) -> _Item:
    """Tell of a change; its id is made of what happened, never of when it was noticed or where."""
    project = frame.catalogue.by_key.get(change.repo)
    name = project.title if project else change.name
    title = f"{name} {change_words(change)}"
    return _Item(
        # By the name of that day and not by the key, which follows a later rename of the entry:
        # a reader must not take old news for new.
        id=_urn(change.kind.value, change.name.casefold(), thing, *([str(times)] if times else [])),
        title=title,
        url=_page_url(change, project, frame),
        date=change.date,
        text=project.summary.text if project and project.summary else f"{title}.",
        author=_author(change, project),
        tags=labels(project) if project else (),
    )


def _page_url(change: Change, project: Project | None, frame: Frame) -> str:
    page = frame.absolute(quoted(project.page)) if project else None
    repository = project.url if project else f"{frame.catalogue.web}/{change.repo}"
    return page or change_url(change, frame) or repository


def _author(change: Change, project: Project | None) -> str:
    if project and project.organisation:
        return project.organisation.name
    return (project.repo if project else change.repo).partition("/")[0]


def _urn(*parts: str) -> str:
    return uuid5(NAMESPACE_URL, "\n".join(parts)).urn


def _feed_id(channel: _Channel, frame: Frame) -> str:
    return _urn("feed", _identity(frame), channel.folder)


def _identity(frame: Frame) -> str:
    """Name the showcase by what stays when its address changes."""
    showcase = frame.catalogue.showcase
    return str(showcase.repository or showcase.title).casefold()


def _atom(channel: _Channel, frame: Frame) -> bytes:
    feed = xml.root("feed", _ATOM, {"xml:lang": frame.site.language})
    xml.add(feed, "id", _feed_id(channel, frame))
    xml.add(feed, "title", channel.title)
    xml.add(feed, "updated", timestamp(channel.items[0].date if channel.items else _NEVER))
    xml.add(xml.add(feed, "author"), "name", frame.site.title)
    xml.add(feed, "generator", frame.site.generator)
    if own := frame.absolute(f"{channel.folder}feed.xml"):
        xml.add(feed, "link", None, {"rel": "self", "type": "application/atom+xml", "href": own})
        home = frame.absolute(channel.folder) or own
        xml.add(feed, "link", None, {"rel": "alternate", "type": "text/html", "href": home})
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


def _json(channel: _Channel, frame: Frame) -> bytes:
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "language": frame.site.language,
    }
    if frame.site.url:
        feed["home_page_url"] = frame.absolute(channel.folder)
        feed["feed_url"] = frame.absolute(f"{channel.folder}feed.json")
    feed["items"] = [
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
    ]
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()
