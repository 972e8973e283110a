"""What changed, for feed readers: Atom and JSON Feed, for the site, each tag and organisation.

Atom: RFC 4287. JSON Feed: https://www.jsonfeed.org/version/1.1/. Where the site's
own address is not known, entries link to the repository instead. An id says what happened
to which entry, so that it is the same on every night and at every address of the site.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypedDict
from uuid import NAMESPACE_URL, uuid5

from aggregator import __version__
from aggregator.catalogue.assemble import labels
from aggregator.catalogue.changes import opening_words, thing_of
from aggregator.catalogue.types import Group, OrganisationGroup
from aggregator.facts.snapshot import ChangeKind
from aggregator.site.data.xml import document, element
from aggregator.site.events import Event, News, change_words
from aggregator.site.frame import Frame, organisation_anchor
from aggregator.site.recipes import File
from aggregator.words.addresses import quoted
from aggregator.words.phrases import timestamp

_ATOM = "http://www.w3.org/2005/Atom"
# Readers ask at least daily and keep what they saw; a feed is not the place for the whole log.
_MOST_ENTRIES = 50
# Atom wants a date even of a feed in which nothing has happened yet.
_NEVER = "1970-01-01T00:00:00Z"


class _Item(TypedDict):
    """One piece of news in the words of JSON Feed, from which Atom is written too."""

    id: str
    url: str
    title: str
    content_text: str
    date_published: str
    authors: list[dict[str, str]]
    tags: list[str]


class _Channel(NamedTuple):
    """One feed: what it is about, and everything else that stands in its two files."""

    id: str
    title: str
    by: str
    language: str
    home: str | None  # the full address of what it is about, where the site's is known
    items: list[_Item]


def feeds(
    frame: Frame,
    events: Sequence[Event],
    tags: Iterable[Group],
    organisations: Iterable[OrganisationGroup],
) -> Iterator[File]:
    """Make the site's feeds and those of each tag and organisation; events come newest first."""
    parts = [(f"tags/{group.slug}/", group.name, group.projects) for group in tags]
    for body in organisations:
        anchor = organisation_anchor(body.organisation)
        parts.append((anchor.path, anchor.text, body.projects))
    yield from _files("", "The showcase", frame.site.title, events, frame)
    news = News(events)
    for folder, name, projects in parts:
        about = news.about(project.key for project in projects)
        yield from _files(folder, name, f"{frame.site.title}: {name}", about, frame)


def _files(
    folder: str, name: str, title: str, events: Sequence[Event], frame: Frame
) -> Iterator[File]:
    site = frame.site
    home = f"{site.url}{folder}" if site.url else None
    # Of the showcase stays what it is called at GitHub when its address changes.
    own = (site.repository_url or "").removeprefix(f"{site.web}/") or site.title
    seen: Counter[tuple[str, str, str]] = Counter()
    told: list[tuple[Event, str, int]] = []
    for event in reversed(events):  # ids count how often the same had happened before
        change = event.change
        thing = thing_of(change)
        if event.opening:
            told.append((event, "", 0))
        elif thing is not None:  # else its words were erased with the repository
            same = (change.name.casefold(), change.kind.value, thing)
            told.append((event, thing, seen[same]))
            seen[same] += 1
    # The first night is one event, whose id is the same without any memory.
    opened = _urn("opened", own.casefold(), folder)
    items = [
        _opening(event, name, opened, home or site.repository_url or site.web, site.title)
        if event.opening
        else _item(event, thing, times, frame)
        for event, thing, times in told[: -_MOST_ENTRIES - 1 : -1]
    ]
    channel = _Channel(
        id=_urn("feed", own.casefold(), folder),
        title=title,
        by=site.title,
        language=site.language,
        home=home,
        items=items,
    )
    yield File(f"{folder}feed.xml", channel, _atom)
    yield File(f"{folder}feed.json", channel, _json)


def _opening(event: Event, name: str, urn: str, url: str, by: str) -> _Item:
    words = opening_words(len(event.opening), name)
    return {
        "id": urn,
        "url": url,
        "title": words,
        "content_text": f"{words}.",
        "date_published": timestamp(event.change.date),
        "authors": [{"name": by}],
        "tags": [],
    }


def _item(event: Event, thing: str, times: int, frame: Frame) -> _Item:
    """Tell of a change; its id is made of what happened, never of when it was noticed or where."""
    change, project, site = event.change, event.project, frame.site
    title = f"{event.name} {change_words(change)}"
    page = f"{site.url}{quoted(project.page)}" if project and site.url else None
    repository = project.url if project else f"{site.web}/{change.repo}"
    author = (project.repo if project else change.repo).partition("/")[0]
    if project and project.organisation:
        author = project.organisation.name
    return {
        # By the name of that day and not by the key, which follows a later rename of the entry:
        # a reader must not take old news for new.
        "id": _urn(
            change.kind.value, change.name.casefold(), thing, *([str(times)] if times else [])
        ),
        "url": page or _at_github(event) or repository,
        "title": title,
        "content_text": project.summary.text if project and project.summary else f"{title}.",
        "date_published": timestamp(change.date),
        "authors": [{"name": author}],
        "tags": list(labels(project)) if project else [],
    }


def _at_github(event: Event) -> str:
    """Give the release or issue that news is about; what members celebrate is told elsewhere."""
    return "" if event.change.kind is ChangeKind.CELEBRATED else event.url


# Version 5 of RFC 9562: the same parts give the same id on every machine and on every night.
def _urn(*parts: str) -> str:
    return uuid5(NAMESPACE_URL, "\n".join(parts)).urn


def _atom(channel: _Channel) -> bytes:
    parts = [
        element("id", channel.id),
        element("title", channel.title),
        element("updated", channel.items[0]["date_published"] if channel.items else _NEVER),
        element("author", [element("name", channel.by)]),
        element("generator", f"aggregator {__version__}"),
    ]
    if channel.home:
        for kind, media_type, name in (
            ("self", "application/atom+xml", "feed.xml"),
            ("alternate", "text/html", ""),
        ):
            link = {"rel": kind, "type": media_type, "href": channel.home + name}
            parts.append(element("link", attributes=link))
    for item in channel.items:
        entry = [
            element("id", item["id"]),
            element("title", item["title"]),
            element("updated", item["date_published"]),
            element("link", attributes={"rel": "alternate", "href": item["url"]}),
            *(element("author", [element("name", one["name"])]) for one in item["authors"]),
            element("summary", item["content_text"]),
            *(element("category", attributes={"term": tag}) for tag in item["tags"]),
        ]
        parts.append(element("entry", entry))
    return document(element("feed", parts, {"xmlns": _ATOM, "xml:lang": channel.language}))


def _json(channel: _Channel) -> bytes:
    home = channel.home
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "language": channel.language,
        **({"home_page_url": home, "feed_url": f"{home}feed.json"} if home else {}),
        "items": channel.items,
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()
