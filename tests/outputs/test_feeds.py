"""News reaches feed readers, whole and well-formed."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import feedparser
import pytest

from aggregator.catalogue.types import Catalogue
from aggregator.facts.snapshot import Change, ChangeKind
from aggregator.site.data.xml import document, element
from aggregator.site.events import NEWS_KINDS, change_words
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


def test_a_reader_understands_every_feed(site: dict[str, bytes]) -> None:
    """A reader of others' making finds title, author, day, words and links in each of them."""
    for path in (p for p in site if p.endswith("feed.xml")):
        read = feedparser.parse(site[path])
        assert not read.bozo, path
        assert read.version == "atom10"
        assert read.feed.links[0].rel == "self"
        assert read.feed.links[0].href.endswith("/feed.xml")
        for entry in read.entries:
            assert entry.id.startswith("urn:uuid:")
            listed = "left the showcase" not in entry.title
            assert entry.link.startswith("https://showcase.example.org/health/") is listed, path
            assert entry.title
            assert entry.author
            assert entry.updated_parsed
            assert entry.summary.startswith(entry.title.rstrip("."))


def test_both_forms_tell_the_same(site: dict[str, bytes]) -> None:
    """Whichever of the two a reader takes, it hears the same news under the same ids."""
    both = [path.removesuffix("json") for path in site if path.endswith("/feed.json")]
    assert both
    for path in both:
        atom, plain = _atom(site, f"{path}xml"), json.loads(site[f"{path}json"])
        ids = [entry.find(f"{ATOM}id").text for entry in atom.iter(f"{ATOM}entry")]
        assert ids == [item["id"] for item in plain["items"]]
        assert atom.find(f"{ATOM}title").text == plain["title"]


def _titles(site: dict[str, bytes], folder: str) -> list[str]:
    entries = _atom(site, f"{folder}feed.xml").iter(f"{ATOM}entry")
    return [entry.find(f"{ATOM}title").text for entry in entries]


def test_each_kind_of_news_can_be_followed_alone(site: dict[str, bytes]) -> None:
    """Every piece of news is in the feed of one kind, and in no other one."""
    told = {kind.slug: _titles(site, kind.folder) for kind in NEWS_KINDS}
    assert told["releases"] == ["Plain SPC released v1.2"]
    assert told["good-news"] == ["Plain SPC celebrates: =1+1 wards draw them"]
    together = sorted(title for titles in told.values() for title in titles)
    assert together == sorted(_titles(site, ""))


def test_languages_stages_and_kinds_can_be_followed(site: dict[str, bytes]) -> None:
    """What has a page of its own has its news there."""
    for folder in ("languages/python/", "stages/in-use/", "kinds/council/"):
        assert f"{folder}feed.json" in site, folder
    assert _titles(site, "kinds/council/") == _titles(site, "organisations/county/")


def test_who_follows_a_project_hears_of_it_alone(site: dict[str, bytes]) -> None:
    """Also of how it began, which to all others is a part of the first night."""
    folder = "projects/data-saves/plain-spc/"
    assert _titles(site, folder) == _titles(site, "tags/spc/")
    assert f"{folder}feed.json" not in site


def test_to_its_followers_a_project_joins_when_all_open(theme: Theme) -> None:
    """Of the opening, its own feed says what became of it, under an id that needs no memory."""
    project = factory.many(12).projects[3]
    folder = project.page
    first, forgot = (
        {f.path: f.data for f in render_site(_night(_joined(12, days=days)), theme)}
        for days in (0, 40)
    )
    assert _titles(first, folder) == [f"{project.title} joined the showcase"]
    (one,), (other,) = (_atom(s, f"{folder}feed.xml").iter(f"{ATOM}entry") for s in (first, forgot))
    assert one.find(f"{ATOM}id").text == other.find(f"{ATOM}id").text


def test_an_entry_says_what_changed_and_where_to_read_of_it(theme: Theme) -> None:
    """A release leads to the project's page here, and beside it to its notes."""
    address = "https://github.com/many/project-0003/releases/tag/v2"
    issue = "https://github.com/many/project-0003/issues/7"
    changes = (
        _change(ChangeKind.RELEASED, 3, after="Spring", url=address),
        _change(ChangeKind.HELP_WANTED, 3, after="Write docs", url=issue),
        *_joined(12, days=-90),
    )
    night = _night(changes)
    known = replace(night.showcase, url="https://here.example/")
    site = {f.path: f.data for f in render_site(replace(night, showcase=known), theme)}
    project = night.projects[3]
    released, asked, _ = json.loads(site["feed.json"])["items"]
    assert released["url"] == f"https://here.example/{project.page}"
    assert released["external_url"] == address
    assert released["content_text"].startswith(f"{project.title} released Spring.")
    assert project.summary
    assert released["content_text"].endswith(f"\n\n{project.summary.text}")
    assert asked["title"] == f"{project.title} asks for help: Write docs"
    (entry, *_) = _atom(site, "feed.xml").iter(f"{ATOM}entry")
    related = [li.attrib["href"] for li in entry.iter(f"{ATOM}link") if li.get("rel") == "related"]
    assert related == [address]


def test_one_piece_of_news_changes_only_the_feeds_that_tell_it(theme: Theme) -> None:
    """What nobody follows who hears of it stays as it was, byte for byte."""
    quiet = _joined(12, days=-90)
    news = (_change(ChangeKind.ARCHIVED, 3), *quiet)
    before, after = (
        {f.path: f.key for f in render_site(_night(changes), theme) if "/feed." in f"/{f.path}"}
        for changes in (quiet, news)
    )
    project = factory.many(12).projects[3]
    moved = {path.rpartition("feed.")[0] for path in before if before[path] != after[path]}
    assert moved >= {"", project.page, "new/housekeeping/"}
    assert not moved & {"new/releases/", "new/projects/", factory.many(12).projects[4].page}
    for folder in moved - {"", project.page, "new/housekeeping/"}:
        assert folder.partition("/")[0] in ("tags", "languages", "stages", "organisations", "kinds")


def test_every_page_with_a_feed_of_its_own_says_so(site: dict[str, bytes]) -> None:
    """Browsers and readers find it in the head, people in a line that leads to what a feed is."""
    for folder in ("tags/spc/", "languages/python/", "stages/in-use/", "organisations/county/"):
        html = site[f"{folder}index.html"].decode()
        assert 'type="application/atom+xml"' in html
        assert f'href="../../{folder}feed.xml">Follow ' in html
        assert f'href="../../{folder}feed.json"' in html
        assert 'href="../../subscribe/"' in html
    folder = "projects/data-saves/plain-spc/"
    html = site[f"{folder}index.html"].decode()
    assert html.count(f'href="../../../{folder}feed.xml"') == 2
    assert ">Follow this project</a>" in html
    assert "feed.json" not in html
    assert 'href="../new/help-wanted/feed.xml"' in site["help-wanted/index.html"].decode()


def test_the_page_on_subscribing_offers_what_is_there(site: dict[str, bytes]) -> None:
    """Each address on it leads to a file, and all kinds of news and groups are offered."""
    html = site["subscribe/index.html"].decode()
    paths = re.findall(r'href="\.\./([^"]*(?:feed\.xml|\.ics))"', html)
    assert set(paths) <= set(site)
    assert {f"{kind.folder}feed.xml" for kind in NEWS_KINDS} <= set(paths)
    assert {"talks/calendar.ics", "kinds/trust/feed.xml", "stages/in-use/feed.xml"} <= set(paths)
    assert ">https://showcase.example.org/health/new/releases/feed.xml</a>" in html
    for path in ("index.html", "new/index.html", "talks/index.html"):
        assert "subscribe/" in site[path].decode()


def test_the_page_on_subscribing_needs_no_address(theme: Theme) -> None:
    """Where the site does not know where it is, links still lead to the feeds, without a button."""
    site = {f.path: f.data for f in render_site(factory.community(url=None), theme)}
    html = site["subscribe/index.html"].decode()
    assert ">new/releases/feed.xml</a>" in html
    assert "data-copy" not in html


def test_a_registry_of_many_kinds_is_still_told(theme: Theme) -> None:
    """No kind of organisation is in the code, and a page stays small however many there are."""
    written = factory.registry(None)
    bodies = tuple(replace(o, kind=f"Kind {n}") for n, o in enumerate(written.organisations))
    catalogue = factory.catalogue_of(replace(written, organisations=bodies), factory.snapshot())
    paths = {f.path for f in render_site(catalogue, theme)}
    assert {"kinds/kind-0/feed.xml", "kinds/kind-1/feed.xml"} <= paths
    assert "kinds/council/feed.xml" not in paths


def test_without_an_address_news_leads_to_the_repositories(theme: Theme) -> None:
    """A feed never holds a link that leads nowhere."""
    site = {f.path: f.data for f in render_site(factory.community(url=None), theme)}
    found = [link.attrib for link in _atom(site, "feed.xml").iter(f"{ATOM}link")]
    links = [link["href"] for link in found if link["rel"] == "alternate"]
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
    words = change_words(Change(date=factory.NOW, kind=kind, repo="a/b", name="a/b"), "Rota")
    assert words.startswith("Rota ")
    assert "None" not in words
    assert "%" not in words


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
    found = {path: _atom(site, path).find(f"{ATOM}id").text for path in paths}
    assert found == {path: _atom(moved, path).find(f"{ATOM}id").text for path in paths}
    # What moved is followed under its old address too: one feed in two places.
    (renamed,) = (p for p in factory.community().projects if p.previous_pages)
    assert found.pop(f"{renamed.previous_pages[0]}feed.xml") == found[f"{renamed.page}feed.xml"]
    assert len(set(found.values())) == len(found)


def test_a_lost_licence_is_not_called_another() -> None:
    """What a repository no longer has is said so."""
    change = _change(ChangeKind.RELICENSED, 1, before="MIT")
    assert change_words(change, "Rota") == "Rota no longer has a licence that GitHub recognises"
