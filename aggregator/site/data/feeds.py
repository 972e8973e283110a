"""What changed, for feed readers: of the site, each kind of news, each group and each project.

The project of the week stands beside them in the same form, as a feed of one.

Atom: RFC 4287. JSON Feed: https://www.jsonfeed.org/version/1.1/. Where the site's
own address is not known, entries link to the repository instead. An id says what happened
to which entry, so that it is the same on every night and at every address of the site.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import chain
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element

from aggregator import __version__
from aggregator.catalogue.assemble import labels
from aggregator.catalogue.changes import opening_words, thing_of
from aggregator.catalogue.types import Project
from aggregator.facts.snapshot import Change, ChangeKind
from aggregator.site.data.xml import document, element
from aggregator.site.distinctions import spotlight_of
from aggregator.site.events import NEWS_KINDS, Event, News, change_words, week_of
from aggregator.site.frame import Frame, Site, ToldOnce
from aggregator.site.recipes import File
from aggregator.site.subscriptions import Followable
from aggregator.words.addresses import quoted
from aggregator.words.natural_language import marked
from aggregator.words.phrases import timestamp
from aggregator.words.speech import say

_ATOM = "http://www.w3.org/2005/Atom"
# Readers ask at least daily and keep what they saw; a feed is not the place for the whole log.
_MOST_ENTRIES = 50
# Atom wants a date even of a feed in which nothing has happened yet.
_NEVER = "1970-01-01T00:00:00Z"
SPOTLIGHT = "data/spotlight.json"


@dataclass(frozen=True, repr=False)
class _Item(ToldOnce):
    """One piece of news, of which both forms of a feed are written, and all feeds that tell it.

    Args:
        elsewhere: where to read of it outside of the site, when `url` is within; "" for nowhere.
        text: what happened in a sentence, then what the project is.
        about: what the project is, where that is in another language than the feed; `text` leaves
            it out then.
        language: of `about`; "" for that of the feed.
    """

    id: str
    url: str
    elsewhere: str
    title: str
    text: str
    published: str
    author: str
    tags: tuple[str, ...] = ()
    about: str = ""
    language: str = ""


class _Channel(NamedTuple):
    """One feed: what it is about, and everything else that stands in its files.

    Args:
        home: the full address of what it is about, where the site's is known; `files` that of the
            folder in which it stands.
    """

    id: str
    title: str
    by: str
    language: str
    home: str | None
    files: str | None
    items: tuple[_Item, ...]


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a feed is about.

    Args:
        name: what opens, on the first night.
        title: what the feed is called in a reader.
        folder: where it stands.
        home: the folder of the page that it leads to.
        known_as: what its id is made of: the folder that it had first.
    """

    name: str
    title: str
    folder: str
    home: str
    known_as: str


def feeds(
    frame: Frame,
    events: Sequence[Event],
    followed: Iterable[Followable],
    projects: Sequence[Project],
) -> Iterator[File]:
    """Make the feeds of the site, of each kind of news, of what can be followed and each project.

    Events come newest first.
    """
    writer, news, site = _Writer(frame), News(events), frame.site
    showcase = say("The showcase")
    everything = _Subject(showcase, site.title, "", "", "")
    yield from _both(everything, writer.channel(everything, events))
    for kind in NEWS_KINDS:
        title, folder = f"{site.title}: {kind.title}", kind.folder
        subject = _Subject(showcase, title, folder, "new/", folder)
        of_kind = [event for event in events if event.kind is kind]
        yield from _both(subject, writer.channel(subject, of_kind))
    for anchor, members in chain.from_iterable(one.groups for one in followed):
        title, folder = f"{site.title}: {anchor.text}", anchor.path
        subject = _Subject(anchor.text, title, folder, folder, folder)
        about = news.about(project.key for project in members)
        yield from _both(subject, writer.channel(subject, about))
    for project in projects:
        yield from _of_project(project, writer, news)
    if (star := spotlight_of(projects, frame.ran)) and frame.ran:
        yield File(SPOTLIGHT, writer.spotlight(star, frame.ran), _json)


def _both(subject: _Subject, channel: _Channel) -> Iterator[File]:
    yield File(f"{subject.folder}feed.xml", channel, _atom)
    yield File(f"{subject.folder}feed.json", channel, _json)


def _of_project(project: Project, writer: "_Writer", news: News) -> Iterator[File]:
    """Make the feed of one project, in Atom alone, as there are so many of them.

    It goes on under every address that the project had, and its id is made of the entry: whoever
    follows it hears of the rename and goes on hearing.
    """
    name, folder = project.title, project.page
    known_as = f"projects/{project.key}/"
    title = f"{writer.site.title}: {name}"
    subject = _Subject(name, title, folder, folder, known_as)
    channel = writer.channel(subject, news.about((project.key,)), project)
    for place in (folder, *project.previous_pages):
        yield File(f"{place}feed.xml", channel, _atom)


class _Writer:
    """Puts news into words, each piece once, however many feeds tell it."""

    def __init__(self, frame: Frame) -> None:
        self.site = frame.site
        # Of the showcase stays what it is called at GitHub when its address changes.
        own = (self.site.repository_url or "").removeprefix(f"{self.site.web}/") or self.site.title
        self._own = own.casefold()
        self._items: dict[tuple[int, int], _Item] = {}

    def channel(
        self, subject: _Subject, events: Sequence[Event], project: Project | None = None
    ) -> _Channel:
        """Fill a feed with what happened, given newest first; `project` for the feed of one."""
        home, files = (
            f"{self.site.url}{quoted(folder)}" if self.site.url else None
            for folder in (subject.home, subject.folder)
        )
        return _Channel(
            id=_urn("feed", self._own, subject.known_as),
            title=subject.title,
            by=self.site.title,
            language=self.site.language,
            home=home,
            files=files,
            items=tuple(
                self._opening(event, subject, home, project)
                if event.opening
                else self._told(event, thing, times)
                for event, thing, times in _counted(events)[: -_MOST_ENTRIES - 1 : -1]
            ),
        )

    def spotlight(self, project: Project, ran: datetime) -> _Channel:
        """Tell of the project of the week; each week that it has is another piece of news."""
        monday = week_of(ran)
        # Only to be told like one that joined, under its own words.
        joined = Change(
            date=datetime.combine(monday, time(), UTC),
            kind=ChangeKind.ADDED,
            repo=project.key,
            name=project.repo,
        )
        title = say("Project of the week: %(name)s", name=project.title)
        item = replace(
            _item(Event(joined, project), "", 0, self.site, title),
            id=_urn("spotlight", self._own, monday.isoformat(), project.key),
        )
        return _Channel(
            id=_urn("feed", self._own, "spotlight/"),
            title=say("%(showcase)s: the project of the week", showcase=self.site.title),
            by=self.site.title,
            language=self.site.language,
            home=self.site.url,
            files=None,
            items=(item,),
        )

    def _told(self, event: Event, thing: str, times: int) -> _Item:
        known = (id(event), times)
        if known not in self._items:
            self._items[known] = _item(event, thing, times, self.site)
        return self._items[known]

    def _opening(
        self, event: Event, subject: _Subject, home: str | None, project: Project | None
    ) -> _Item:
        """Tell of the first night as one event, whose id is the same without any memory."""
        urn = _urn("opened", self._own, subject.known_as)
        if project:  # to those who follow it alone, it is one that joined
            joined = replace(event, project=project, opening=())
            return replace(_item(joined, "", 0, self.site), id=urn)
        words = opening_words(len(event.opening), subject.name)
        return _Item(
            id=urn,
            url=home or self.site.repository_url or self.site.web,
            elsewhere="",
            title=words,
            text=say("%(sentence)s.", sentence=words),
            published=timestamp(event.change.date),
            author=self.site.title,
        )


def _counted(events: Sequence[Event]) -> list[tuple[Event, str, int]]:
    """Give news, oldest first, with what it is about and how often the same had happened before."""
    seen: Counter[tuple[str, str, str]] = Counter()
    told: list[tuple[Event, str, int]] = []
    for event in reversed(events):
        change = event.change
        thing = thing_of(change)
        if event.opening:
            told.append((event, "", 0))
        elif thing is not None:  # else its words were erased with the repository
            same = (change.name.casefold(), change.kind.value, thing)
            told.append((event, thing, seen[same]))
            seen[same] += 1
    return told


def _item(event: Event, thing: str, times: int, site: Site, title: str = "") -> _Item:
    """Tell of a change; its id is made of what happened, never of when it was noticed or where."""
    change, project = event.change, event.project
    title = title or change_words(change, event.name)
    page = f"{site.url}{quoted(project.page)}" if project and site.url else ""
    repository = project.url if project else f"{site.web}/{change.repo}"
    author = (project.repo if project else change.repo).partition("/")[0]
    if project and project.organisation:
        author = project.organisation.name
    url = page or _at_github(event) or repository
    whole = say("%(sentence)s.", sentence=title.rstrip("."))
    summary = project.summary if project else None
    language = marked(summary.language, site.language) if summary else ""
    parts = (whole, summary.text if summary and not language else "")
    return _Item(
        # By the name of that day and not by the key, which follows a later rename of the entry:
        # a reader must not take old news for new.
        id=_urn(change.kind.value, change.name.casefold(), thing, *([str(times)] if times else [])),
        url=url,
        elsewhere=event.url if event.url not in (url, repository) else "",
        title=title,
        text="\n\n".join(filter(None, parts)),
        published=timestamp(change.date),
        author=author,
        tags=tuple(labels(project)) if project else (),
        about=summary.text if summary and language else "",
        language=language,
    )


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
        element("updated", channel.items[0].published if channel.items else _NEVER),
        element("author", [element("name", channel.by)]),
        element("generator", f"aggregator {__version__}"),
    ]
    if channel.home:
        for kind, media_type, address in (
            ("self", "application/atom+xml", f"{channel.files}feed.xml"),
            ("alternate", "text/html", channel.home),
        ):
            link = {"rel": kind, "type": media_type, "href": address}
            parts.append(element("link", attributes=link))
    for item in channel.items:
        links = [("alternate", item.url), ("related", item.elsewhere)]
        entry = [
            element("id", item.id),
            element("title", item.title),
            element("updated", item.published),
            *(element("link", attributes={"rel": r, "href": url}) for r, url in links if url),
            element("author", [element("name", item.author)]),
            element("summary", item.text),
            *_about(item),
            *(element("category", attributes={"term": tag}) for tag in item.tags),
        ]
        parts.append(element("entry", entry))
    return document(element("feed", parts, {"xmlns": _ATOM, "xml:lang": channel.language}))


def _about(item: _Item) -> list[Element]:
    """Say what a project is in an element of its own, where that is in another language."""
    if not item.language:
        return []
    return [element("content", item.about, {"type": "text", "xml:lang": item.language})]


def _json(channel: _Channel) -> bytes:
    home = channel.home
    known = {"home_page_url": home} if home else {}
    known |= {"feed_url": f"{channel.files}feed.json"} if channel.files else {}
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "language": channel.language,
        **known,
        "items": [_as_json(item) for item in channel.items],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _words(item: _Item) -> dict[str, object]:
    if not item.language:
        return {"content_text": item.text}
    return {"summary": item.text, "content_text": item.about, "language": item.language}


def _as_json(item: _Item) -> dict[str, object]:
    return {
        "id": item.id,
        "url": item.url,
        **({"external_url": item.elsewhere} if item.elsewhere else {}),
        "title": item.title,
        **_words(item),
        "date_published": item.published,
        "authors": [{"name": item.author}],
        "tags": list(item.tags),
    }
