"""Badges say the truth, and can be read."""

from xml.etree import ElementTree as ET

import pytest

from aggregator.site.colour import MINIMUM_CONTRAST, contrast
from aggregator.site.data.badges import Badge, badge_svg
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.outputs import factory

SVG = "{http://www.w3.org/2000/svg}"


def test_a_badge_names_the_showcase_and_the_stage(site: dict[str, bytes]) -> None:
    """Whoever sees it, or hears it, learns where the project is listed."""
    badge = ET.fromstring(site["badges/harbour-trust/ward-rounds.svg"])
    assert badge.find(f"{SVG}title").text == "Health analytics showcase: in use"
    assert badge.attrib["aria-label"] == "Health analytics showcase: in use"


def test_a_badge_of_something_gone_says_so(site: dict[str, bytes]) -> None:
    """An old README does not claim what is no longer so."""
    assert b"no longer listed" in site["badges/data-saves/vanished.svg"]


def test_a_badge_needs_nothing_else(site: dict[str, bytes]) -> None:
    """No script, style, font or picture from anywhere."""
    for path, data in site.items():
        if path.startswith("badges/"):
            names = {element.tag.removeprefix(SVG) for element in ET.fromstring(data).iter()}
            assert names <= {"svg", "title", "clipPath", "g", "rect", "text"}
            assert b"url(http" not in data
            assert b"href" not in data


def test_both_halves_of_every_badge_have_contrast(site: dict[str, bytes]) -> None:
    """White or black on its colour is at least 4.5 to 1."""
    for path in (p for p in site if p.startswith("badges/")):
        badge = ET.fromstring(site[path])
        backs = [rect.attrib["fill"] for rect in badge.iter(f"{SVG}rect") if "fill" in rect.attrib]
        texts = [text.attrib["fill"] for text in badge.iter(f"{SVG}text")]
        pairs = zip(backs, texts, strict=True)
        assert all(contrast(back, text) >= MINIMUM_CONTRAST for back, text in pairs)


@pytest.mark.parametrize("words", ["<script>", "a & b", "\x00null", '"quoted"'])
def test_hostile_words_stay_words_in_a_badge(words: str) -> None:
    """A title or stage cannot add anything to the image."""
    badge = ET.fromstring(badge_svg(Badge(words, words, "#000000", "#ffffff")))
    assert len(list(badge)) == 5


def test_there_is_no_badge_to_copy_without_an_address(theme: Theme) -> None:
    """A line to copy always leads somewhere."""
    site = {f.path: f.data for f in render_site(factory.community(url=None), theme)}
    assert b"badge-markdown" not in site["projects/data-saves/plain-spc/index.html"]
