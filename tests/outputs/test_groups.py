"""Tags, stages and languages: each with its sentence, under headings, and none that is empty."""

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.languages import NOTEBOOK
from aggregator.facts.snapshot import Snapshot
from aggregator.registry.community import Term
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.outputs import factory

TERMS = {
    "tags": (
        Term(name="charts", means="Pictures of numbers.", group="Output"),
        Term(name="spc", means="Tells change from chance.", group="Methods"),
        Term(name="fhir", group="Output"),
    ),
    "stages": (Term(name="in use", means="Somebody relies on it."),),
}


@pytest.fixture
def described(theme: Theme) -> dict[str, bytes]:
    """Give the site of a community that says what its words mean."""
    written = replace(factory.registry("https://showcase.example.org/"), terms=TERMS)
    catalogue = factory.catalogue_of(written, factory.snapshot())
    return {file.path: file.data for file in render_site(catalogue, theme)}


def test_tags_stand_under_the_headings_of_the_community(described: dict[str, bytes]) -> None:
    """In its order; those without one come last, and each heading can be jumped to."""
    page = LexborHTMLParser(described["tags/index.html"])
    assert [head.text() for head in page.css("main h2")] == ["Output", "Methods", "Other tags"]
    first = page.css_first("section")
    assert {a.text() for a in first.css(".row-title a")} == {"charts", "fhir"}
    assert "Pictures of numbers." in first.text()
    targets = [a.attributes["href"] for a in page.css(".jump a")]
    assert targets == [f"#{head.id}" for head in page.css("main h2")]


def test_a_group_begins_with_the_sentence_that_describes_it(described: dict[str, bytes]) -> None:
    """Whoever comes to a tag or a stage reads first what it means here."""
    for path, means in (("tags/spc/", "Tells change from chance."),
                        ("stages/in-use/", "Somebody relies on it.")):  # fmt: skip
        page = LexborHTMLParser(described[f"{path}index.html"])
        assert page.css_first(".page-head .lead").text() == means
    assert b"Somebody relies on it." in described["stages/index.html"]
    assert b"Somebody relies on it." in described["insights/index.html"]


def test_without_terms_tags_are_one_plain_list(site: dict[str, bytes]) -> None:
    """A community that says nothing has no heading over everything."""
    page = LexborHTMLParser(site["tags/index.html"])
    assert page.css("main h2") == []
    assert page.css(".jump") == []


def test_a_notebook_is_a_format_and_no_language(site: dict[str, bytes]) -> None:
    """It stands apart, with a sentence, under the address that it always had."""
    page = LexborHTMLParser(site["languages/index.html"])
    formats = page.css('section[aria-labelledby="group-formats"] .row-title a')
    assert [a.text() for a in formats] == [NOTEBOOK]
    listed = [a.text() for a in page.css("section")[0].css(".row-title a")]
    assert NOTEBOOK not in listed
    head = LexborHTMLParser(site["languages/jupyter-notebook/index.html"])
    assert "A format in which" in head.css_first(".page-head .lead").text()


def test_menus_name_nothing_that_is_empty(theme: Theme) -> None:
    """A showcase that begins has a short menu, and every target in it has something to show."""
    plain = factory.catalogue_of(Registry(showcase=Showcase(title="Empty")), Snapshot())
    site = {file.path: file.data for file in render_site(plain, theme)}
    page = LexborHTMLParser(site["index.html"])
    for short in page.css(".narrow-only span, span.narrow-only"):
        short.decompose()
    links = [a.text(strip=True) for a in page.css('nav[aria-label="Main"] a')]
    assert links == ["Projects", "Search", "New", "Add a project", "Menu"]
    foot = [a.text(strip=True) for a in page.css('nav[aria-label="Everything"] a')]
    own = {"Subscribe", "About", "Status", "Accessibility", "Privacy", "Open data"}
    assert {*foot} == {*links[:-1], *own}
    assert len(foot) == len({*foot})
    assert "insights/index.html" not in site


def test_the_main_menu_fits_one_row_of_a_phone(site: dict[str, bytes]) -> None:
    """Of 360 pixels 324 are left; so many letters, in a wide font, and gaps fit into them."""
    menu = LexborHTMLParser(site["index.html"]).css('nav[aria-label="Main"] li')
    links = [li for li in menu if "wide-only" not in (li.attributes.get("class") or "")]
    for wide in (node for li in links for node in li.css(".wide-only")):
        wide.decompose()
    assert [li.text(strip=True) for li in links] == ["Projects", "Search", "New", "Add", "Menu"]
    letters = sum(len(li.text(strip=True)) for li in links)
    assert letters * 9 + (len(links) - 1) * 20 <= 324
