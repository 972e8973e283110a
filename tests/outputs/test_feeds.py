"""News reaches feed readers, whole and well-formed."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from aggregator.catalogue.types import Catalogue
from aggregator.facts.snapshot import Change, ChangeKind
from aggregator.site.data.xml import document, element
from aggregator.site.events import change_words
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.outputs import factory

ATOM = "{http://www.w3.org/2005/Atom}"


def _atom(site: dict[str, bytes], path: str) -> ET.Element:
    return ET.fromstring(site[path])


def test_the_feed_has_what_atom_requires(site: dict[str, bytes]) -> None:
    """Each feed and entry has an id of its own, a title and a date; entries have an author."""
    for path in (p for p in site if p.endswith("feed.xml")):
        feed = _atom(site, path)
        entries = feed.findall(f"{ATOM}entry")
        for part in (feed, *entries):
            assert all(part.find(ATOM + name).text for name in ("id", "title", "updated")), path
            assert part.find(f"{ATOM}author/{ATOM}name").text
            datetime.fromisoformat(part.find(f"{ATOM}updated").text)
        ids = [entry.find(f"{ATOM}id").text for entry in entries]
        assert len(ids) == len(set(ids))


def test_news_comes_newest_first_and_links_to_pages(
    site: dict[str, bytes], catalogue: Catalogue
) -> None:
    """The feed says what happened and leads to the project."""
    entries = _atom(site, "feed.xml").findall(f"{ATOM}entry")
    joined = [c for c in catalogue.changes if c.kind is ChangeKind.ADDED]
    opened = {c.date.date() for c in joined}
    told = sum(one.date is not None for p in catalogue.projects for one in p.celebrations)
    assert told == 1
    assert len(entries) == len(catalogue.changes) - len(joined) + len(opened) + told
    dates = [entry.find(f"{ATOM}updated").text for entry in entries]
    assert dates == sorted(dates, reverse=True)
    assert entries[0].find(f"{ATOM}title").text == "Plain SPC released v1.2"
    link = entries[0].find(f"{ATOM}link").attrib["href"]
    assert link == "https://showcase.example.org/health/projects/data-saves/plain-spc/"


def test_a_tag_and_an_organisation_have_their_own_news(site: dict[str, bytes]) -> None:
    """Followers of one topic hear of that topic only."""
    spc = [
        e.find(f"{ATOM}title").text for e in _atom(site, "tags/spc/feed.xml").iter(f"{ATOM}entry")
    ]
    assert spc == [
        "Plain SPC released v1.2",
        "Plain SPC joined the showcase",
        "Plain SPC celebrates: =1+1 wards draw them",
    ]
    county = json.loads(site["organisations/county/feed.json"])
    assert [item["title"] for item in county["items"]] == [
        "Life lines now has a licence: OGL-UK-3.0"
    ]


def test_the_json_feed_has_what_its_version_requires(site: dict[str, bytes]) -> None:
    """Version, title and, of each item, an id and a content."""
    feed = json.loads(site["feed.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://showcase.example.org/health/feed.json"
    assert all(item["id"] and item["content_text"] and item["url"] for item in feed["items"])


def test_without_an_address_news_leads_to_the_repositories(theme: Theme) -> None:
    """A feed never holds a link that leads nowhere."""
    site = {f.path: f.data for f in render_site(factory.community(url=None), theme)}
    links = [link.attrib["href"] for link in _atom(site, "feed.xml").iter(f"{ATOM}link")]
    assert links
    assert all(link.startswith("https://github.com/") for link in links)


def test_ids_stay_when_the_site_moves(site: dict[str, bytes], theme: Theme) -> None:
    """Readers do not see old news again when the address of the site changes."""
    moved = {f.path: f.data for f in render_site(factory.community("https://new.example/"), theme)}
    before, after = json.loads(site["feed.json"]), json.loads(moved["feed.json"])
    assert [item["id"] for item in before["items"]] == [item["id"] for item in after["items"]]


@pytest.mark.parametrize("kind", ChangeKind)
def test_every_kind_of_news_has_words(kind: ChangeKind) -> None:
    """A change without details still makes a sentence."""
    words = change_words(Change(date=factory.NOW, kind=kind, repo="a/b", name="a/b"))
    assert words
    assert "None" not in words
    assert "{" not in words


def test_hostile_news_is_still_well_formed(theme: Theme) -> None:
    """Markup in a name is text in the feed."""
    site = {f.path: f.data for f in render_site(factory.hostile(), theme)}
    titles = [e.text for e in _atom(site, "feed.xml").iter(f"{ATOM}title")]
    assert any("<script>" in title for title in titles)


def test_control_characters_cannot_break_a_feed() -> None:
    """What XML does not allow is left out."""
    hostile = element("b", "one\x00\x0btwo\ud800")
    assert ET.fromstring(document(element("a", [hostile])))[0].text == "onetwo"


def _ids(catalogue: Catalogue, theme: Theme, path: str = "feed.json") -> list[str]:
    site = {f.path: f.data for f in render_site(catalogue, theme)}
    return [item["id"] for item in json.loads(site[path])["items"]]


def _night(changes: tuple[Change, ...], size: int = 12) -> Catalogue:
    """The showcase of `size` projects with this change log, newest first."""
    return replace(factory.many(size), changes=changes)


def _change(kind: ChangeKind, number: int, days: float = 0, **more: str) -> Change:
    key = f"many/project-{number:04}"
    date = factory.NOW + timedelta(days=days)
    return Change(date=date, kind=kind, repo=key, name=key, **more)


def _joined(count: int, days: float = 0) -> tuple[Change, ...]:
    return tuple(_change(ChangeKind.ADDED, n, days) for n in range(count))


def test_the_first_night_is_one_event(theme: Theme) -> None:
    """A showcase of a hundred projects opens once, not a hundred times."""
    site = {f.path: f.data for f in render_site(_night(_joined(100), 100), theme)}
    (item,) = json.loads(site["feed.json"])["items"]
    assert item["title"] == "The showcase opens with 100 projects"
    (entry,) = _atom(site, "feed.xml").findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}id").text == item["id"]
    (part,) = json.loads(site["tags/long/feed.json"])["items"]
    assert part["title"] == "long opens with 100 projects"
    assert part["id"] != item["id"]
    html = site["new/index.html"].decode()
    assert html.count("<h3><time") == 1
    assert "The showcase opens with 100 projects" in html
    assert b"New here" not in site["index.html"]


def test_who_joins_later_is_news_of_their_own(theme: Theme) -> None:
    """The opening does not swallow what comes after it, and what it held is not new."""
    later = _change(ChangeKind.ADDED, 11, days=1)
    site = {f.path: f.data for f in render_site(_night((later, *_joined(11))), theme)}
    titles = [item["title"] for item in json.loads(site["feed.json"])["items"]]
    assert titles == ["project-0011 joined the showcase", "The showcase opens with 11 projects"]
    section = site["new/index.html"].decode().partition("Latest arrivals")[2].partition("<h2")[0]
    assert section.count("<article") == 1
    assert "project-0011" in section


def test_an_opening_that_took_several_nights_is_one_event(theme: Theme) -> None:
    """Without a token the first projects are looked at night by night; they open together."""
    changes = tuple(_change(ChangeKind.ADDED, n, days=n // 4) for n in reversed(range(12)))
    catalogue = _night(changes)
    listed = tuple(replace(p, first_seen=factory.NOW) for p in catalogue.projects)
    opened = replace(catalogue, projects=listed, by_key={p.key: p for p in listed})
    site = {f.path: f.data for f in render_site(opened, theme)}
    (item,) = json.loads(site["feed.json"])["items"]
    assert item["title"] == "The showcase opens with 12 projects"
    assert item["date_published"] == "2026-10-03T02:10:00Z"


def test_ids_are_the_same_with_and_without_memory(theme: Theme) -> None:
    """A night that forgot everything shows nobody an old thing as a new one."""
    first = _night(_joined(12))
    forgot = _night(_joined(12, days=40))
    assert _ids(first, theme) == _ids(forgot, theme)
    assert _ids(first, theme, "tags/long/feed.json") == _ids(forgot, theme, "tags/long/feed.json")


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (ChangeKind.RELEASED, {"after": "Spring", "url": "https://one.example/a/releases/tag/v2"}),
        (ChangeKind.HELP_WANTED, {"after": "Write docs", "url": "https://one.example/a/issues/7"}),
        (ChangeKind.RENAMED, {"before": "many/a", "after": "many/b"}),
        (ChangeKind.TRANSFERRED, {"before": "many/a", "after": "more/a"}),
        (ChangeKind.LICENSED, {"after": "MIT"}),
        (ChangeKind.RELICENSED, {"before": "MIT", "after": "AGPL-3.0"}),
        (ChangeKind.RELICENSED, {"before": "MIT"}),
        (ChangeKind.ARCHIVED, {}),
        (ChangeKind.GONE, {}),
        (ChangeKind.REMOVED, {}),
    ],
)
def test_an_id_does_not_depend_on_when_something_was_noticed(
    kind: ChangeKind, more: dict[str, str], theme: Theme
) -> None:
    """Noticed a night later, at another GitHub and under a new title, it is the same event."""
    opening = _joined(12, days=-90)
    noticed = _night((_change(kind, 3, 0, **more), *opening))
    later = {**more, "url": more["url"].replace("one", "two")} if "url" in more else more
    if "url" in more:
        later = {**later, "after": "Another title"}
    again = _night((_change(kind, 3, 1.5, **later), *opening))
    assert _ids(noticed, theme) == _ids(again, theme)


def test_what_happens_twice_is_told_twice(theme: Theme) -> None:
    """A second time in the archive is an event of its own, and the first keeps its id."""
    opening = _joined(12, days=-90)
    first = (_change(ChangeKind.ARCHIVED, 3, -9), *opening)
    back = (_change(ChangeKind.UNARCHIVED, 3, -5), *first)
    second = (_change(ChangeKind.ARCHIVED, 3, -1), *back)
    ids = _ids(_night(second), theme)
    assert len(ids) == len(set(ids)) == 4
    assert ids[1:] == _ids(_night(back), theme)


def test_words_that_were_erased_change_no_id(theme: Theme) -> None:
    """When a repository is gone, its news leaves the feed and comes back under no other id."""
    opening = _joined(12, days=-90)
    address = "https://github.com/many/project-0003/releases/tag/v1"
    told = _change(ChangeKind.RELEASED, 3, -9, after="v1", url=address)
    before = _ids(_night((told, *opening)), theme)
    erased = told.model_copy(update={"after": None, "url": None})
    gone = _change(ChangeKind.GONE, 3)
    after = _ids(_night((gone, erased, *opening)), theme)
    assert len(after) == 2
    assert after[1] == before[1]
    assert before[0] not in after


def test_the_id_of_a_feed_stays_when_the_site_moves(site: dict[str, bytes], theme: Theme) -> None:
    """A reader that follows a feed by its id follows it to another address."""
    moved = {f.path: f.data for f in render_site(factory.community("https://new.example/"), theme)}
    paths = [path for path in site if path.endswith("feed.xml")]
    found = [_atom(site, path).find(f"{ATOM}id").text for path in paths]
    assert found == [_atom(moved, path).find(f"{ATOM}id").text for path in paths]
    assert len(set(found)) == len(found)


def test_a_lost_licence_is_not_called_another() -> None:
    """What a repository no longer has is said so."""
    change = _change(ChangeKind.RELICENSED, 1, before="MIT")
    assert change_words(change) == "no longer has a licence that GitHub recognises"
