"""A project's card can be shown on somebody else's page, and stays true there."""

import re
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.outputs import factory

WARD_ROUNDS = "projects/harbour-trust/ward-rounds/"


def test_it_is_the_card_of_the_lists(site: dict[str, bytes]) -> None:
    """One template: the same words, facts and links, wherever the card stands."""
    alone = _cards(site[f"{WARD_ROUNDS}card/index.html"])
    cards = _cards(site["projects/index.html"])
    listed = [card for card in cards if f'"{WARD_ROUNDS}"' in card]
    assert len(alone) == 1
    assert alone[0] in listed


def test_its_links_leave_the_frame(site: dict[str, bytes]) -> None:
    """A project's page does not open in a small frame on a stranger's page."""
    tree = LexborHTMLParser(site[f"{WARD_ROUNDS}card/index.html"])
    assert tree.css_first("base").attributes == {"target": "_top"}
    assert not tree.css("nav")


def test_search_engines_are_sent_to_the_page_instead(site: dict[str, bytes]) -> None:
    """The same words at two addresses compete with each other."""
    tree = LexborHTMLParser(site[f"{WARD_ROUNDS}card/index.html"])
    assert tree.css_first('meta[name="robots"]').attributes["content"] == "noindex"
    assert (tree.css_first('link[rel="canonical"]').attributes["href"] or "").endswith(WARD_ROUNDS)
    assert b"/card/" not in site["sitemap.xml"]


def test_every_project_has_one_under_every_name_that_it_had(site: dict[str, bytes]) -> None:
    """A frame on somebody's page goes on working after a rename."""
    pages = {p.removesuffix("index.html") for p in site if re.match(r"projects/[^/]+/[^/]+/i", p)}
    assert pages
    assert {f"{page}card/index.html" for page in pages} <= site.keys()


def test_what_was_taken_down_shows_nothing_old_there_either(site: dict[str, bytes]) -> None:
    """The card says that it is gone, and nobody is invited to copy it."""
    card = LexborHTMLParser(site["projects/data-saves/vanished/card/index.html"])
    assert card.css_first(".card-notice") is not None
    assert card.css_first(".card-summary") is None
    assert b"embed-html" not in site["projects/data-saves/vanished/index.html"]


def test_the_line_to_copy_is_whole(site: dict[str, bytes]) -> None:
    """What is copied is one frame that leads to the card."""
    page = LexborHTMLParser(site[f"{WARD_ROUNDS}index.html"])
    frame = LexborHTMLParser(page.css_first("#embed-html").text()).css_first("iframe").attributes
    assert (frame["src"] or "").endswith(f"{WARD_ROUNDS}card/")
    assert frame["title"] == unescape(page.css_first("h1").text(strip=True))


def test_there_is_no_line_to_copy_without_an_address(theme: Theme) -> None:
    """A frame always leads somewhere."""
    site = {f.path: f.data for f in render_site(factory.community(url=None), theme)}
    assert b"embed-html" not in site["projects/data-saves/plain-spc/index.html"]


def _cards(page: bytes) -> list[str]:
    """Give the cards of a page as HTML, with links from the top of the site."""
    html = re.sub(rb'href="(\./|(\.\./)+)', b'href="', page)
    return [card.html or "" for card in LexborHTMLParser(html).css("article.card")]
