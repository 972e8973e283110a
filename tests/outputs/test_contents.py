"""There is one list of pages, and everything that names pages is written from it."""

from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.types import Catalogue
from aggregator.site.contents import PAGES, kind_of_page
from aggregator.site.frame import frame_of
from tests.outputs.tables import DOCUMENT, pages_table

URL = "https://showcase.example.org/health/"


def _menu(site: dict[str, bytes], path: str, label: str) -> list[tuple[str, str]]:
    tree = LexborHTMLParser(site[path])
    links = tree.css(f'nav[aria-label="{label}"] a')
    return [(link.text(strip=True), link.attributes["href"] or "") for link in links]


def test_every_page_on_the_list_is_there(site: dict[str, bytes]) -> None:
    """No menu and no search engine is sent to a page that nobody makes."""
    assert [p.folder for p in PAGES if p.itself and f"{p.folder}index.html" not in site] == []


def test_every_page_that_is_there_is_on_the_list(site: dict[str, bytes]) -> None:
    """A new page cannot be forgotten: it is on the list or it is not made."""
    folders = {p.removesuffix("index.html") for p in site if p.endswith("index.html")}
    found = {kind_of_page(folder).folder for folder in folders}
    # The community fits on one page of its list.
    assert found == {place.folder for place in PAGES} - {"page/"}


def test_a_page_that_is_not_on_the_list_is_refused(catalogue: Catalogue) -> None:
    """Whoever adds a page hears of the list at the first build."""
    with pytest.raises(KeyError):
        frame_of(catalogue).page("shiny/", "Shiny", "Not on the list.")


def test_the_menus_are_the_list(site: dict[str, bytes]) -> None:
    """Navigation and footer lead to the pages that the list gives them, in its order."""
    wanted = {m: [p.menu_title for p in PAGES if p.menu == m] for m in ("main", "foot")}
    for path in ("index.html", "tags/spc/index.html", "404.html", "add/index.html"):
        everything = [text for text, _ in _menu(site, path, "Everything")]
        assert everything[: len(wanted["main"])] == wanted["main"]
        assert everything[len(wanted["main"]) :][: len(wanted["foot"])] == wanted["foot"]
        assert len(_menu(site, path, "Main")) == len(wanted["main"]) + 1  # and, on phones, the foot


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
