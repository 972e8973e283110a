"""Browsers, search engines and hosts find what they look for."""

import json
from xml.etree import ElementTree as ET

import pytest

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
