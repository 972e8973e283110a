"""There is one list of pages, and everything that names pages is written from it."""

from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.types import Catalogue
from aggregator.registry.appearance import MENU_PAGES
from aggregator.site.contents import PAGES, SHELVES, kind_of_page
from aggregator.site.frame import frame_of
from tests.outputs.tables import DOCUMENT, pages_table

URL = "https://showcase.example.org/health/"


def _menu(site: dict[str, bytes], path: str, label: str) -> list[tuple[str, str]]:
    tree = LexborHTMLParser(site[path])
    links = tree.css(f'nav[aria-label="{label}"] a')
    return [(link.text(strip=True), link.attributes["href"] or "") for link in links]


def _groups(site: dict[str, bytes], path: str) -> dict[str, list[str]]:
    """Read the menu at the foot: the links of each group, by the heading that names its list."""
    tree = LexborHTMLParser(site[path])
    lists = tree.css('nav[aria-label="Everything"] ul')
    titles = [tree.css_first(f"#{one.attributes['aria-labelledby']}").text() for one in lists]
    links = [[link.text(strip=True) for link in one.css("a")] for one in lists]
    return dict(zip(titles, links, strict=True))


def test_every_page_on_the_list_is_there(site: dict[str, bytes]) -> None:
    """No menu and no search engine is sent to a page that nobody makes."""
    assert [p.folder for p in PAGES if p.itself and f"{p.folder}index.html" not in site] == []


def test_every_page_that_is_there_is_on_the_list(site: dict[str, bytes]) -> None:
    """A new page cannot be forgotten: it is on the list or it is not made."""
    folders = {p.removesuffix("index.html") for p in site if p.endswith("index.html")}
    found = {kind_of_page(folder).folder for folder in folders}
    # The community fits on one page of its list, and wrote no page of its own.
    assert found == {place.folder for place in PAGES} - {"page/", "pages/"}


def test_menus_may_name_every_page_that_is_in_one() -> None:
    """What `menu` in the registry takes is what the list has."""
    assert {*MENU_PAGES} == {place.folder.strip("/") for place in PAGES if place.menu}


def test_a_page_that_is_not_on_the_list_is_refused(catalogue: Catalogue) -> None:
    """Whoever adds a page hears of the list at the first build."""
    with pytest.raises(KeyError):
        frame_of(catalogue).page("shiny/", "Shiny", "Not on the list.")


def test_the_menus_are_the_list(site: dict[str, bytes]) -> None:
    """The navigation leads to the pages that the list gives it, and the foot to all, in groups."""
    main = [p.menu_title for p in PAGES if p.menu == "main"]
    beside = {"data": ["Open data"], "about": ["The community"]}
    wanted = {
        title: [p.menu_title for p in PAGES if p.menu and p.shelf == name] + beside.get(name, [])
        for name, title in SHELVES.items()
    }
    for path in ("index.html", "tags/spc/index.html", "404.html", "add/index.html"):
        assert _groups(site, path) == wanted
        assert len(_menu(site, path, "Main")) == len(main) + 1  # and, on phones, the foot


def test_the_menu_marks_where_one_is(site: dict[str, bytes]) -> None:
    """A screen reader hears which page is open, in the footer as in the navigation."""
    for folder, times in (("tags/", 2), ("talks/", 1)):
        here = LexborHTMLParser(site[f"{folder}index.html"]).css('[aria-current="page"]')
        assert [node.text(strip=True) for node in here] == [kind_of_page(folder).title] * times


def test_the_sitemap_is_the_list(site: dict[str, bytes]) -> None:
    """Search engines are sent to every page on it that is meant for them."""
    found = {loc.text for loc in ET.fromstring(site["sitemap.xml"]).iter() if loc.text.strip()}
    own = {f"{URL}{p.folder}" for p in PAGES if p.itself}
    assert own - found == {f"{URL}{p.folder}" for p in PAGES if not p.found}


def test_the_docs_show_the_list() -> None:
    """docs/outputs.md names every page; `make generated` writes the table."""
    assert pages_table() in DOCUMENT.read_text(encoding="utf-8")
