"""News reaches feed readers, whole and well-formed."""

import json
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest

from aggregator.catalogue import Catalogue
from aggregator.facts import Change, ChangeKind
from aggregator.outputs import render_site, xml
from aggregator.outputs.pages.lists import change_words
from aggregator.outputs.theme import Theme
from tests.outputs import factory

ATOM = "{http://www.w3.org/2005/Atom}"


def _atom(site: dict[str, bytes], path: str) -> ET.Element:
    return ET.fromstring(site[path])


def test_the_feed_has_what_atom_requires(site: dict[str, bytes]) -> None:
    """Each feed and entry has an id of its own, a title and a date; entries have an author."""
    for path in (p for p in site if p.endswith("feed.xml")):
        feed = _atom(site, path)
        entries = feed.findall(f"{ATOM}entry")
        for element in (feed, *entries):
            assert all(element.find(ATOM + name).text for name in ("id", "title", "updated")), path
            assert element.find(f"{ATOM}author/{ATOM}name").text
            datetime.fromisoformat(element.find(f"{ATOM}updated").text)
        ids = [entry.find(f"{ATOM}id").text for entry in entries]
        assert len(ids) == len(set(ids))


def test_news_comes_newest_first_and_links_to_pages(
    site: dict[str, bytes], catalogue: Catalogue
) -> None:
    """The feed says what happened and leads to the project."""
    entries = _atom(site, "feed.xml").findall(f"{ATOM}entry")
    assert len(entries) == len(catalogue.changes)
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
    assert spc == ["Plain SPC released v1.2", "Plain SPC joined the showcase"]
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
    element = xml.root("a", "urn:x")
    xml.add(element, "b", "one\x00\x0btwo\ud800")
    assert ET.fromstring(xml.document(element))[0].text == "onetwo"
