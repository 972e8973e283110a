"""What the palette finds by name is all that has a page, and nothing that has none."""

import json
from collections.abc import Mapping
from dataclasses import replace
from gzip import compress
from typing import Any

import pytest

from aggregator.catalogue.types import Catalogue
from aggregator.site.frame import frame_of
from aggregator.site.palette import MOST_IN_ONE, NamedPlace, Places, name_files, places_of
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.outputs import factory

# Bytes of the one file, compressed as a server sends it, and the most of a file of one letter.
MOST_BYTES = 15_000


@pytest.fixture(scope="module")
def places(catalogue: Catalogue) -> Places:
    """What the made-up community has that has a name."""
    return places_of(catalogue, frame_of(catalogue))


def names_in(site: Mapping[str, bytes]) -> dict[str, Any]:
    """Read the file of names as the browser finds it."""
    boot = json.loads(site["search/index/boot.json"])
    assert boot["names"] == [""]
    found: dict[str, Any] = json.loads(site[f"search/index/n-{boot['files']['n'][0]}.json"])
    return found


def test_every_kind_of_name_is_found(places: Places) -> None:
    """Organisations, tags, languages, stages, kinds, people, what they tell, and pages."""
    found = {kind: [place.text for place in named] for kind, named in places.items()}
    assert "Bluebell Hospice" in found["organisations"]
    assert "spc" in [text.lower() for text in found["tags"]]
    assert "Python" in found["languages"]
    assert "In use" in found["stages"]
    assert "Trust" in found["kinds"]
    assert "Learning paths" in found["pages"]
    assert [kind for kind, texts in found.items() if not texts] == []


def test_every_place_is_a_page(site: dict[str, bytes]) -> None:
    """Whatever is found leads to a page of the site, or of another showcase that lists it."""
    names = names_in(site)
    paths = [row[1] for rows in names.values() for row in rows]
    assert len(paths) > 60
    there = [path for path in paths if f"{path}index.html" not in site]
    assert there
    assert [path for path in there if not path.startswith("https://allotment.example/")] == []


def test_every_page_with_a_name_is_found(site: dict[str, bytes]) -> None:
    """No tag, organisation, person, story or learning path that has a page is forgotten."""
    found = {row[1] for rows in names_in(site).values() for row in rows}
    folders = ("organisations/", "tags/", "languages/", "stages/", "kinds/", "people/", "paths/")
    pages = {path.removesuffix("index.html") for path in site if path.startswith(folders)}
    first = {path for path in pages if "/page/" not in path and path.endswith("/")}
    assert len(first) > 30
    assert first - found == set()


def test_titles_of_projects_stand_in_the_order_of_the_index(site: dict[str, bytes]) -> None:
    """The number that the search gives a project is its place in the list of titles."""
    names = names_in(site)
    boot = json.loads(site["search/index/boot.json"])
    cards = [
        card
        for number in range((boot["n"] + 1) // boot["cards"])
        for card in json.loads(site[f"search/index/c{number}.json"])["c"]
    ]
    assert names["projects"] == [[card["t"], card["u"], card.get("f", card["o"])] for card in cards]


def test_what_is_private_or_gone_has_no_name(catalogue: Catalogue, site: dict[str, bytes]) -> None:
    """A project that was taken down is not among the titles, nor is its story."""
    gone = [p for p in catalogue.projects if p.standing.outcome.erases]
    paths = {row[1] for rows in names_in(site).values() for row in rows}
    assert gone
    for project in gone:
        assert project.page not in paths
        assert project.page.replace("projects/", "stories/", 1) not in paths


def test_names_that_try_to_be_markup_stay_text(theme: Theme) -> None:
    """JSON holds them as they are; the palette writes them as text."""
    site = {file.path: file.data for file in render_site(factory.hostile(), theme)}
    assert factory.HOSTILE in [row[0] for rows in names_in(site).values() for row in rows]


def test_the_same_catalogue_gives_the_same_names(catalogue: Catalogue) -> None:
    """Whatever order members write in, names are sorted."""
    turned = replace(
        catalogue,
        organisations=catalogue.organisations[::-1],
        tags=catalogue.tags[::-1],
        people=catalogue.people[::-1],
        paths=catalogue.paths[::-1],
    )
    first, second = (places_of(each, frame_of(each)) for each in (catalogue, turned))
    assert json.dumps(_rows(first)) == json.dumps(_rows(second))


def _rows(places: Places) -> dict[str, list[str]]:
    return {kind: [repr(place) for place in named] for kind, named in places.items()}


def test_names_of_a_large_site_come_by_letter() -> None:
    """Where they are too many for one file, each stands under the first letter of its words."""
    tags = [NamedPlace(f"{word}-{n}", f"tags/{word}-{n}/", 1) for word in WORDS for n in range(150)]
    files = name_files({"tags": tags, "people": [NamedPlace("Łucja Ånd", "people/lu/")]}, ())
    assert {"a", "l", "z"} <= set(files)
    assert all(len(letter) <= 1 for letter in files)
    assert [row[0] for row in files["l"]["people"]] == ["Łucja Ånd"]
    assert [row[0] for row in files["a"]["people"]] == ["Łucja Ånd"]
    assert ["zoo-149", "tags/zoo-149/", 1, ""] in files["z"]["tags"]
    assert [text for text, *_ in files["z"]["tags"] if not text.startswith("zoo")] == []
    assert "projects" not in files["a"]
    assert "" in files  # numbers begin with no letter
    assert max(len(_compressed(held)) for held in files.values()) < MOST_BYTES


WORDS = ("zoo", "ambulance", "ledger", "atlas", "bed", "clinic", "queue", "rota", "survey", "ward")


def test_the_one_file_is_small() -> None:
    """As many names as one file may hold are sent in fifteen thousand bytes."""
    words = [f"{one}-{two}" for one in WORDS for two in WORDS]
    tags = [NamedPlace(f"{w}-{n}", f"tags/{w}-{n}/", n) for w in words for n in range(40)]
    sizes = (len(json.dumps(name_files({"tags": tags[:n]}, ()))) for n in range(0, 4_000, 50))
    most = max(size for size in sizes if size <= MOST_IN_ONE)
    count = next(n for n in range(0, 4_000, 50) if len(name_files({"tags": tags[:n]}, ())) > 1)
    held = name_files({"tags": tags[: count - 50]}, ())[""]
    assert most > MOST_IN_ONE * 0.9
    assert len(_compressed(held)) < MOST_BYTES


def _compressed(held: Mapping[str, Any]) -> bytes:
    return compress(json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode())
