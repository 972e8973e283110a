"""The picture beside a link shows any title whole or honestly cut, the same on every machine."""

import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.site.lettering import can_be_drawn, clipped, without_pictures, wrapped
from aggregator.site.renderers import render_look
from aggregator.site.share_card import ShareCard, card_svg, share_card_file
from aggregator.site.theme import Theme, load_theme
from aggregator.words.errors import UsageError
from tests.outputs import factory

TITLES = (
    "Plot the dots",
    "A title that goes on about pipelines for emergency departments in three languages, and on",
    "pneumonoultramicroscopicsilicovolcanoconiosis_and_more_of_it_without_any_space_at_all" * 2,
    "Ελληνικά κρεβάτια, Łódź, Tiếng Việt, Кириллица",
    "Tom & <i>Co</i> </text><script>alert(1)</script>",
    " ",
)


def card(title: str, **more: Any) -> ShareCard:
    return ShareCard(
        title=title, name="owner/name", site="Here", accent="#225faa", on_accent="#ffffff", **more
    )


@pytest.mark.parametrize("title", TITLES)
def test_it_has_the_size_that_networks_ask_for(theme: Theme, title: str) -> None:
    """A picture of 1200 by 630 pixels comes of any title, twice the same."""
    one, two = (share_card_file(theme, "card.png", card(title)) for _ in range(2))
    assert one.data == two.data
    assert struct.unpack(">II", one.data[16:24]) == (1200, 630)
    assert len(one.data) < 100_000
    assert one.key == two.key


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=200), st.sampled_from([92, 60, 30]))
def test_no_line_is_too_long(text: str, size: int) -> None:
    """Whatever is written, no line is wider than its measure, and nothing is lost uncut."""
    plain = without_pictures(text)
    lines = wrapped(plain, size, 1040, "bold")
    assert "".join("".join(lines).split()) == "".join(plain.split())
    for line in lines:
        assert len(line) == 1 or wrapped(line, size, 1040, "bold") == [line]
    kept = clipped(lines, 2, size, 1040, "bold")
    assert len(kept) <= 2
    assert (kept == lines) == (len(lines) <= 2)


def test_letters_without_a_font_are_not_drawn_as_boxes(theme: Theme) -> None:
    """Where a letter cannot be drawn stands the name of the repository, which always can."""
    title = "مشروع"
    assert not can_be_drawn(title)
    svg = card_svg(theme, card(title, text="نص"))
    assert "owner/name" in svg
    assert title not in svg


@pytest.mark.parametrize(
    "title", ["病床を数える板", "病床计数板", "병상 수를 세는 판", "बिस्तर गिनना"]
)
def test_other_scripts_are_drawn_where_their_fonts_are(theme: Theme, title: str) -> None:
    """The extra `scripts` brings letters for Chinese, Japanese, Korean and Devanagari."""
    assert can_be_drawn(title)
    assert title in card_svg(theme, card(title))
    assert share_card_file(theme, "a.png", card(title)).data != (
        share_card_file(theme, "a.png", card("")).data
    )


@pytest.mark.parametrize(
    "title",
    [
        "x" * 5000,
        "word " * 1000,
        "a\u0301" * 2000,
        "😀" * 5000,
        "مشروع " * 900,
        "\x00\x1b\ud7ff",
        "]]>",
    ],
    ids=["long", "words", "accents", "pictures", "another script", "control", "markup"],
)
def test_no_text_is_too_much_for_it(theme: Theme, title: str) -> None:
    """Whatever stands in all its parts at once, a picture comes of it that is no file's size."""
    asked = card(title, text=title, overline=title, facts=(title, title))
    assert share_card_file(theme, "card.png", asked).data.startswith(b"\x89PNG")
    svg = card_svg(theme, asked)
    assert len(svg) < 4_000
    assert "\u0301" not in svg


def test_small_pictures_are_left_out(theme: Theme) -> None:
    """An emoji before a title does not cost the title."""
    svg = card_svg(
        theme, card("\N{ROCKET} Beds \N{WOMAN}\N{ZERO WIDTH JOINER}\N{STAFF OF AESCULAPIUS}")
    )
    assert ">Beds</text>" in svg


def test_a_text_cannot_draw(theme: Theme) -> None:
    """What a title holds is written on the card, never run or drawn."""
    svg = card_svg(theme, card(TITLES[4]))
    assert "<script" not in svg
    assert "&lt;" in svg


def test_a_community_draws_its_own(tmp_path: Path) -> None:
    """A `share/card.svg` in a theme's folder is the card, and a wrong one is named."""
    (tmp_path / "share").mkdir()
    own = tmp_path / "share" / "card.svg"
    own.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"></svg>')
    plain = share_card_file(load_theme("#225faa"), "card.png", card("A"))
    mine = share_card_file(load_theme("#225faa", tmp_path), "card.png", card("A"))
    assert plain.key != mine.key
    assert plain.data != mine.data
    own.write_text("<svg")
    with pytest.raises(UsageError, match=r"card.svg cannot be drawn"):
        _ = share_card_file(load_theme("#225faa", tmp_path), "card.png", card("A")).data
    own.write_text("{{ nothing.of_it }}")
    with pytest.raises(UsageError, match=r"card.svg:1 cannot be used"):
        _ = share_card_file(load_theme("#225faa", tmp_path), "card.png", card("A")).data


def test_a_new_stylesheet_draws_no_card_again(tmp_path: Path, theme: Theme) -> None:
    """A card hangs on its own template alone, so a thousand are not drawn for a rule of CSS."""
    (tmp_path / "static" / "css" / "site").mkdir(parents=True)
    (tmp_path / "static" / "css" / "site" / "99-own.css").write_text("p { margin: 0 }")
    dressed = load_theme("#225faa", tmp_path)
    assert dressed.assets.folder != theme.assets.folder
    for one in (theme, dressed):
        assert share_card_file(one, "card.png", card("A")).key == (
            share_card_file(theme, "card.png", card("A")).key
        )


def test_what_moves_every_night_is_on_no_card(theme: Theme) -> None:
    """A night that confirms everything again draws nothing."""
    catalogue = factory.community()
    cards = [f for f in render_look(catalogue, theme) if f.path.endswith("card.png")]
    assert len(cards) > 25
    assert not any(file.nightly for file in cards)
    assert all("2026" not in repr(file.values) for file in cards)
