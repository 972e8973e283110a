"""Whatever accent a community chooses, everybody can read it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.site.colour import (
    DARK_SURFACES,
    LIGHT_SURFACES,
    MINIMUM_CONTRAST,
    accent_from,
    contrast,
)
from aggregator.site.theme import find_templates


@given(st.integers(0, 0xFFFFFF))
def test_any_accent_is_readable_on_every_surface(chosen: int) -> None:
    """Contrast is at least 4.5 to 1 in light and in dark, for links and on buttons."""
    accent = accent_from(f"#{chosen:06x}")
    assert all(contrast(accent.light, surface) >= MINIMUM_CONTRAST for surface in LIGHT_SURFACES)
    assert all(contrast(accent.dark, surface) >= MINIMUM_CONTRAST for surface in DARK_SURFACES)
    assert contrast(accent.light, accent.on_light) >= MINIMUM_CONTRAST
    assert contrast(accent.dark, accent.on_dark) >= MINIMUM_CONTRAST


def test_a_readable_accent_is_left_as_it_is() -> None:
    """A community that chose well gets exactly its colour."""
    assert accent_from("#225faa").light == "#225faa"
    assert accent_from("#abc").dark == "#aabbcc"


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#fff", "#fff", 1)],
)
def test_contrast_is_measured_as_wcag_defines_it(one: str, other: str, ratio: float) -> None:
    """The figures are those of other checkers."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("wrong", ["blue", "#12", "#12345g", ""])
def test_what_is_not_a_colour_is_refused(wrong: str) -> None:
    """A word is not taken for a colour."""
    with pytest.raises(ValueError, match="is not a colour"):
        accent_from(wrong)


def _tokens() -> dict[str, tuple[str, str]]:
    css = (find_templates() / "static/css/site/10-tokens.css").read_text(encoding="utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", css)
    return {name: (light, dark) for name, light, dark in found}


def test_the_surfaces_that_are_checked_are_those_of_the_stylesheet() -> None:
    """The check cannot drift from the look."""
    tokens = _tokens()
    surfaces = [tokens[name] for name in ("page", "surface", "sunken")]
    assert tuple(light for light, _ in surfaces) == LIGHT_SURFACES
    assert tuple(dark for _, dark in surfaces) == DARK_SURFACES


@pytest.mark.parametrize("name", ["text", "muted", "warm"])
def test_words_have_contrast_on_every_surface(name: str) -> None:
    """Quiet words are still words."""
    light, dark = _tokens()[name]
    assert all(contrast(light, surface) >= MINIMUM_CONTRAST for surface in LIGHT_SURFACES)
    assert all(contrast(dark, surface) >= MINIMUM_CONTRAST for surface in DARK_SURFACES)


def test_old_browsers_get_the_light_colours() -> None:
    """Without light-dark() the page looks as in light."""
    css = (find_templates() / "static/css/site/10-tokens.css").read_text(encoding="utf-8")
    plain = dict(re.findall(r"--([\w-]+): (#\w{6});", css))
    assert {name: plain[name] for name in _tokens()} == {n: v[0] for n, v in _tokens().items()}
