"""What changed, for feed readers: Atom and JSON Feed, for the site, each tag and organisation.

Atom: RFC 4287. JSON Feed: https://www.jsonfeed.org/version/1.1/. Where the site's
own address is not known, entries link to the repository instead.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from aggregator.assemble import labels
from aggregator.catalogue import Catalogue, Project
from aggregator.facts import Change
from aggregator.outputs import xml
from aggregator.outputs.files import File
from aggregator.outputs.links import quoted, web_address
from aggregator.outputs.pages.frame import Frame, frame_of
from aggregator.outputs.pages.lists import change_words
from aggregator.outputs.theme import Theme
from aggregator.outputs.words import timestamp

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
    yield _Channel("", title, _items(catalogue.changes, frame))
    for group in catalogue.tags:
        if group.slug:
            items = _items_about(group.projects, frame)
            yield _Channel(f"tags/{group.slug}/", f"{title}: {group.name}", items)
    for shelf in catalogue.organisations:
        organisation = shelf.organisation
        items = _items_about(shelf.projects, frame)
        yield _Channel(
            f"organisations/{organisation.slug}/", f"{title}: {organisation.name}", items
        )


def _items_about(projects: Sequence[Project], frame: Frame) -> tuple[_Item, ...]:
    keys = {project.key for project in projects}
    return _items([c for c in frame.catalogue.changes if c.repo in keys], frame)


def _items(changes: Sequence[Change], frame: Frame) -> tuple[_Item, ...]:
    newest = sorted(changes, key=lambda change: change.date, reverse=True)
    items = {item.id: item for item in (_item(change, frame) for change in newest)}
    return tuple(items.values())[:_MOST_ENTRIES]


def _item(change: Change, frame: Frame) -> _Item:
    project = frame.catalogue.by_key.get(change.repo)
    name = project.title if project else change.name
    title = f"{name} {change_words(change)}"
    return _Item(
        # By the name of that day and not by the key, which follows a later rename of the entry:
        # a reader must not take old news for new.
        id=_urn(
            change.kind.value, change.name.casefold(), timestamp(change.date), change.after or ""
        ),
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
    return page or web_address(change.url) or repository


def _author(change: Change, project: Project | None) -> str:
    if project and project.organisation:
        return project.organisation.name
    return (project.repo if project else change.repo).partition("/")[0]


def _urn(*parts: str) -> str:
    return uuid5(NAMESPACE_URL, "\n".join(parts)).urn


def _feed_id(channel: _Channel, frame: Frame) -> str:
    return frame.absolute(f"{channel.folder}feed.xml") or _urn(channel.title, channel.folder)


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
