"""Other people's pages show projects with what the site gives them: oEmbed and lists."""

import json
import re
from io import StringIO

import yaml
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.types import Catalogue
from aggregator.readme.readme import story_source
from aggregator.readme.rendering import render
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.conftest import ROOT
from tests.outputs import factory

SPC = "projects/data-saves/plain-spc/"
HOME = "https://showcase.example.org/health/"
DOCS = (ROOT / "docs" / "sharing.md").read_text(encoding="utf-8")


def test_a_page_leads_to_its_card_for_oembed(site: dict[str, bytes]) -> None:
    """Programs that unfold links find a frame with the card of the project."""
    tree = LexborHTMLParser(site[f"{SPC}index.html"])
    (found,) = tree.css('link[rel="alternate"][type="application/json+oembed"]')
    assert found.attributes["href"] == f"../../../{SPC}oembed.json"
    told = json.loads(site[f"{SPC}oembed.json"])
    assert (told["version"], told["type"]) == ("1.0", "rich")
    frame = LexborHTMLParser(told["html"]).css_first("iframe").attributes
    assert frame["src"] == f"{HOME}{SPC}card/"
    assert (frame["width"], frame["height"]) == (str(told["width"]), str(told["height"]))
    assert told["thumbnail_url"].removeprefix(HOME) in site


def test_the_three_lists_hold_the_same_projects(
    site: dict[str, bytes], catalogue: Catalogue
) -> None:
    """Quarto, Hugo and MkDocs show every project that was not taken down, in one order."""
    shown = [p for p in catalogue.projects if not p.standing.outcome.erases]
    quarto = yaml.safe_load(StringIO(site["data/listing.yml"].decode()))
    feed = json.loads(site["data/listing.json"])
    lines = site["data/listing.md"].decode().splitlines()
    addresses = [item["path"] for item in quarto]
    assert addresses == [item["url"] for item in feed["items"]]
    assert addresses == [re.findall(r"\]\((\S+?)\)", line)[0] for line in lines]
    assert sorted(addresses) == sorted(HOME + p.page for p in shown)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"


def test_quarto_reads_the_fields_that_it_knows(site: dict[str, bytes]) -> None:
    """Each item has the names of fields that Quarto shows, and days that it can sort."""
    known = {"title", "path", "description", "author", "categories", "image", "date"}
    for item in yaml.safe_load(site["data/listing.yml"].decode()):
        assert item.keys() <= known
        assert isinstance(item["categories"], list)
        assert isinstance(item["title"], str)
    assert "2026-09-20" in {
        item.get("date") for item in yaml.safe_load(site["data/listing.yml"].decode())
    }


def test_no_text_becomes_markup_in_a_list(theme: Theme) -> None:
    """A title that tries to be HTML or Markdown is read as words wherever the list is shown."""
    files = {f.path: f for f in render_site(factory.hostile(), theme)}
    page = render(story_source(files["data/listing.md"].data.decode())).html
    assert "<script" not in page
    assert "<img" not in page
    assert "alert(1)" in page  # as words
    told = json.loads(files[f"{SPC}oembed.json"].data)
    assert LexborHTMLParser(told["html"]).css("script") == []


def test_the_documentation_names_fields_that_are_there(site: dict[str, bytes]) -> None:
    """Whoever copies an example from docs/sharing.md reads fields that the files have."""
    item = json.loads(site["data/listing.json"])["items"][0]
    read = set(re.findall(r"\{\{-? \.(\w+)", DOCS)) - {"title"}
    assert {"url", "content_text"} <= read
    assert read <= item.keys()
    named = set(re.findall(r"showcase/((?:data|projects)/[\w./-]+)", DOCS))
    assert {"data/listing.yml", "data/listing.json", "data/listing.md"} <= named
    for path in named:
        assert path.replace("OWNER/NAME", "data-saves/plain-spc") in site
