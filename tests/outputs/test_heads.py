"""What pages tell programs is true, well formed, and cannot be turned against anybody."""

import json
import re
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.types import Catalogue
from aggregator.site.data.linked_data import in_a_script
from aggregator.site.frame import PageContext, frame_of
from aggregator.site.heads import Heads
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.outputs import factory

SPC = "projects/data-saves/plain-spc/"
HOME = "https://showcase.example.org/health/"


def graph(page: bytes) -> list[dict[str, Any]]:
    """Read the things that a page tells of."""
    (script,) = LexborHTMLParser(page).css('script[type="application/ld+json"]')
    told = json.loads(script.text(deep=True))
    assert told["@context"] == "https://schema.org"
    return list(told["@graph"])


def told_kinds(page: bytes) -> set[str]:
    return {thing["@type"] for thing in graph(page)}


def things(value: object) -> list[dict[str, Any]]:
    """Give every object in a value, however deep."""
    if isinstance(value, list):
        return [thing for each in value for thing in things(each)]
    if isinstance(value, dict):
        return [value, *(thing for each in value.values() for thing in things(each))]
    return []


def test_every_page_to_which_people_are_sent_says_what_it_is(site: dict[str, bytes]) -> None:
    """Search engines read of each page what it is, and of no other one."""
    pages = {path: data for path, data in site.items() if path.endswith("/index.html")}
    assert len(pages) > 60
    for path, data in pages.items():
        tree = LexborHTMLParser(data)
        hidden = tree.css_first('meta[name="robots"]') is not None
        found = tree.css('script[type="application/ld+json"]')
        assert len(found) == (0 if hidden else 1), path
        if not hidden:
            assert graph(data)[0]["name"]


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("", {"WebSite", "Dataset"}),
        (SPC, {"ItemPage", "BreadcrumbList"}),
        ("organisations/harbour/", {"CollectionPage", "BreadcrumbList"}),
        ("people/ada-fen/", {"ProfilePage", "BreadcrumbList"}),
        ("tags/spc/", {"CollectionPage", "BreadcrumbList"}),
        ("talks/", {"CollectionPage", "BreadcrumbList", "Event"}),
        ("about/", {"AboutPage", "BreadcrumbList"}),
    ],
)
def test_each_kind_of_page_has_its_words(
    site: dict[str, bytes], path: str, kinds: set[str]
) -> None:
    """A list is told as a list, a talk as an event, the catalogue as data."""
    assert told_kinds(site[f"{path}index.html"]) == kinds


def test_a_project_is_told_as_software(site: dict[str, bytes], catalogue: Catalogue) -> None:
    """What is told is what the page shows, with the address of the repository."""
    thing = graph(site[f"{SPC}index.html"])[0]["mainEntity"]
    project = catalogue.by_key["data-saves/plain-spc"]
    assert thing["@type"] == "SoftwareSourceCode"
    assert thing["name"] == project.title
    assert thing["codeRepository"] == project.url
    assert thing["url"] == HOME + SPC
    assert thing["programmingLanguage"] == list(project.languages)
    assert thing["license"].startswith("https://spdx.org/licenses/")
    assert "author" not in thing  # nobody said who wrote it


def test_a_body_and_a_person_are_told_by_their_names(site: dict[str, bytes]) -> None:
    """Organisations and people are what their pages are about."""
    body = graph(site["organisations/harbour/index.html"])[0]["mainEntity"]
    assert (body["@type"], body["alternateName"]) == ("Organization", "HHFT")
    assert body["sameAs"] == ["https://github.com/harbour-trust"]
    person = graph(site["people/ada-fen/index.html"])[0]["mainEntity"]
    assert person == {
        "@type": "Person",
        "name": "Ada Fen",
        "description": "Analyst for theatres.",
        "url": "https://ada.example.org/",
        "sameAs": ["https://github.com/ada-fen"],
    }
    other = graph(site["people/tomasz-w/index.html"])[0]["mainEntity"]
    assert other["name"] == "tomasz-w", "more of a person than they asked for"


def test_a_story_is_told_by_its_author(site: dict[str, bytes]) -> None:
    """With the day that they gave, and of which project it is."""
    story = graph(site["stories/data-saves/plain-spc/index.html"])[0]["mainEntity"]
    assert story == {
        "@type": "Article",
        "headline": "The story of Plain SPC",
        "author": {"@type": "Person", "name": "Ada Fen"},
        "datePublished": "2026-09-01",
        "about": HOME + SPC,
    }


def test_the_catalogue_is_data_with_a_licence(site: dict[str, bytes]) -> None:
    """Whoever looks for data finds the files, and may use them."""
    data = next(thing for thing in graph(site["index.html"]) if thing["@type"] == "Dataset")
    assert data["license"] == "https://spdx.org/licenses/CC0-1.0"
    for part in data["distribution"]:
        assert part["contentUrl"].removeprefix(HOME) in site


def test_a_talk_without_a_day_is_no_event(site: dict[str, bytes]) -> None:
    """An event begins on a day; of a talk whose day nobody gave none is made up."""
    events = [each for each in graph(site["talks/index.html"]) if each["@type"] == "Event"]
    assert [(each["name"], each["startDate"]) for each in events] == [
        ("Show and tell", "2026-11-03T09:30:00Z"),
        ("Ask me anything about limits", "2026-10-28T14:00:00Z"),
        ("Plotting the dots, live", "2026-06-17"),
    ]


def test_the_way_to_a_page_leads_over_pages_that_are_there(site: dict[str, bytes]) -> None:
    """Each step of a breadcrumb is a page of the site, and the last one is the page itself."""
    seen = 0
    for path, data in site.items():
        if not path.endswith("/index.html") or b"BreadcrumbList" not in data:
            continue
        (way,) = [each for each in graph(data) if each["@type"] == "BreadcrumbList"]
        steps = [step["item"].removeprefix(HOME) for step in way["itemListElement"]]
        assert steps[0] == ""
        assert f"{steps[-1]}index.html" == path
        assert all(f"{step}index.html" in site for step in steps)
        seen += 1
    assert seen > 40


def test_what_was_taken_down_is_told_of_nobody(site: dict[str, bytes]) -> None:
    """A repository that is private now has no software, no picture and no other form."""
    page = site["projects/data-saves/vanished/index.html"]
    assert all(thing["@type"] != "SoftwareSourceCode" for thing in things(graph(page)))
    assert b"/projects/data-saves/vanished/card.png" not in page
    assert b"oembed" not in page
    left = {path for path in site if path.startswith("projects/data-saves/vanished/")}
    # Its feed goes on for those who follow it, and says that it is gone.
    assert {path.rpartition("/")[2] for path in left} == {"index.html", "feed.xml"}


def test_no_text_ends_the_element(theme: Theme) -> None:
    """Titles and names of strangers stay data, whatever signs they hold."""
    told = in_a_script([{"name": "</script><!--<script>alert(1)</script>\u2028&amp;"}])
    assert not re.search("[<>&\u2028]", told)
    assert json.loads(told)["@graph"][0]["name"].startswith("</script>")
    pages = [f for f in render_site(factory.hostile(), theme) if f.path == f"{SPC}index.html"]
    thing = graph(pages[0].data)[0]["mainEntity"]
    assert thing["programmingLanguage"] == [factory.HOSTILE]


def test_a_site_without_an_address_promises_no_picture(theme: Theme) -> None:
    """A picture is found by its whole address only, so without one there is none."""
    site = {f.path: f for f in render_site(factory.community(url=None), theme)}
    page = site[f"{SPC}index.html"].data
    assert b"og:image" not in page
    assert graph(page)[0]["mainEntity"]["url"] == "https://github.com/data-saves/plain-spc"
    assert not [path for path in site if path.endswith("card.png")]
    assert not [path for path in site if path.startswith("data/listing")]


def test_each_page_shows_a_picture_that_is_there(site: dict[str, bytes]) -> None:
    """A link that is sent on comes with the picture of its project, or with that of the site."""
    own = 0
    for path, data in site.items():
        tree = LexborHTMLParser(data) if path.endswith(".html") else None
        found = tree.css_first('meta[property="og:image"]') if tree else None
        if found is None:
            continue
        picture = (found.attributes["content"] or "").removeprefix(HOME)
        assert site[picture].startswith(b"\x89PNG")
        own += picture != "card.png"
    assert own > 25
    assert "organisations/harbour/card.png" in site


def test_a_story_has_a_picture_of_its_own(catalogue: Catalogue, theme: Theme) -> None:
    """A story that has an address is sent on with its title; the list of stories has the site's."""
    frame = frame_of(catalogue)
    heads = Heads(catalogue, frame, theme.accent)
    told = {
        folder: heads.on(PageContext(page=frame.page(folder, "Beds by night", "How it began.")))
        for folder in ("stories/beds-by-night/", "stories/", "stories/page/2/")
    }
    drawn = {folder: heads.picture(context) for folder, context in told.items()}
    own = drawn.pop("stories/beds-by-night/")
    assert own
    assert own[0] == "stories/beds-by-night/card.png"
    assert (own[1].overline, own[1].title) == ("Stories", "Beds by night")
    assert set(drawn.values()) == {None}


def test_codemeta_says_what_the_page_says(site: dict[str, bytes]) -> None:
    """One truth: the file adds a context to what stands in the head."""
    told = json.loads(site[f"{SPC}codemeta.json"])
    assert told.pop("@context") == "https://w3id.org/codemeta/3.0"
    assert told == graph(site[f"{SPC}index.html"])[0]["mainEntity"]
