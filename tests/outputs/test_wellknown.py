"""Browsers, search engines and hosts find what they look for."""

import json
from xml.etree import ElementTree as ET

import pytest

from aggregator.site.data.wellknown import sitemap_files
from aggregator.site.frame import site_path
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from aggregator.words.addresses import contact_address, web_address
from tests.outputs import factory

URL = "https://showcase.example.org/health/"


def test_the_sitemap_names_pages_that_are_there(site: dict[str, bytes]) -> None:
    """Search engines are sent to pages, and not to what was taken down."""
    places = [loc.text for loc in ET.fromstring(site["sitemap.xml"]).iter() if loc.text.strip()]
    assert f"{URL}projects/data-saves/plain-spc/" in places
    assert f"{URL}projects/data-saves/vanished/" not in places
    assert all(f"{place.removeprefix(URL)}index.html" in site for place in places)


@pytest.mark.parametrize(("most", "largest"), [(3, 10_000), (1_000, 600)])
def test_a_map_too_large_for_one_file_is_an_index_of_several(most: int, largest: int) -> None:
    """Search engines take 50,000 addresses or 50 MB from one file, and no more."""
    paths = [f"projects/owner/a&b-{number}/" for number in range(20)]
    files = {file.path: file.data for file in sitemap_files(URL, paths, most, largest)}
    index, *maps = (ET.fromstring(data) for data in files.values())
    assert index.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}sitemapindex"
    named = [loc.text for loc in index.iter() if loc.tag.endswith("loc")]
    assert named == [f"{URL}{name}" for name in files if name != "sitemap.xml"]
    found = [loc.text for one in maps for loc in one.iter() if loc.tag.endswith("loc")]
    assert found == [f"{URL}{path}" for path in paths]
    assert all(len(one) <= most for one in maps)
    assert max(len(data) for name, data in files.items() if name != "sitemap.xml") <= largest
    assert len(maps) > 2


def test_a_map_as_large_as_one_file_may_be_is_one_file() -> None:
    """The limit itself is allowed, in addresses as in bytes."""
    paths = [f"tags/{number}/" for number in range(10, 20)]
    (one,) = sitemap_files(URL, paths, 10)
    assert one.path == "sitemap.xml"
    assert len(list(sitemap_files(URL, paths, 10, len(one.data)))) == 1
    assert len(list(sitemap_files(URL, paths, 10, len(one.data) - 1))) == 3  # an index and two


def test_without_an_address_nothing_claims_one(theme: Theme) -> None:
    """A site that does not know where it is does not guess."""
    site = {f.path: f.data for f in render_site(factory.community(url=None), theme)}
    assert "sitemap.xml" not in site
    assert "opensearch.xml" not in site
    assert b"canonical" not in site["index.html"]
    assert b"Sitemap" not in site["robots.txt"]


def test_browsers_can_add_the_search(site: dict[str, bytes]) -> None:
    """The description leads to the search page with the words in its address."""
    about = ET.fromstring(site["opensearch.xml"])
    target = about.find("{http://a9.com/-/spec/opensearch/1.1/}Url").attrib["template"]
    assert target == f"{URL}search/?q={{searchTerms}}"
    assert len(about[0].text) <= 16


def test_the_manifest_names_a_mark_that_is_there(site: dict[str, bytes]) -> None:
    """A pinned site has its name and mark."""
    manifest = json.loads(site["site.webmanifest"])
    assert manifest["name"] == "Health analytics showcase"
    assert all(icon["src"] in site for icon in manifest["icons"])


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//host/path",
        "https://",
        "https://host:port/",
        "ftp://host/",
        "https://ho st/",
        "https://host/\n",
        "https://[::1",
        "https://host/" + "x" * 2_000,
        "",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    """Anything else than http and https is left out."""
    assert web_address(url) == ""


def test_web_and_email_addresses_pass() -> None:
    """What is fine stays as it was."""
    assert web_address("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"
    assert contact_address("hello@example.org") == "mailto:hello@example.org"
    assert contact_address("https://example.org/") == "https://example.org/"
    assert contact_address("javascript:alert(1)") == ""


def test_the_not_found_page_works_at_any_depth(site: dict[str, bytes]) -> None:
    """Its links begin at the host, below the site's own path."""
    assert site_path(URL) == "/health/"
    assert site_path("https://example.org") == "/"
    assert b'href="/health/assets/' in site["404.html"]
