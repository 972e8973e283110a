"""Colour arithmetic: turn one accent into a pair that everybody can read.

Pure. Called by `theme`; the surfaces it checks against are those of
`site_templates/static/css/site/10-tokens.css`, which a test compares.
"""

import colorsys
import re
from dataclasses import dataclass

Rgb = tuple[float, float, float]

# The backgrounds that text in the accent colour can stand on.
LIGHT_SURFACES = ("#faf9f6", "#ffffff", "#f1efe9")
DARK_SURFACES = ("#151514", "#1e1e1c", "#282725")

# WCAG 2.2, success criterion 1.4.3: https://www.w3.org/TR/WCAG22/#contrast-minimum
MINIMUM_CONTRAST = 4.5
_HEX = re.compile(r"#?(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
# A hundredth of lightness is the least that the eye tells apart, and ends within 100 steps.
_STEP = 0.01


@dataclass(frozen=True, slots=True)
class Accent:
    """The accent as it is used: on light and on dark, and the text that stands on it."""

    light: str
    dark: str
    on_light: str
    on_dark: str


def accent_from(chosen: str) -> Accent:
    """Make a readable accent from the colour that a community chose.

    The hue stays; the lightness moves only as far as contrast needs.

    Raises:
        ValueError: `chosen` is not a colour such as "#225faa".
    """
    light = _until_readable(chosen, LIGHT_SURFACES, -_STEP)
    dark = _until_readable(chosen, DARK_SURFACES, _STEP)
    return Accent(light, dark, _text_on(light), _text_on(dark))


def contrast(one: str, other: str) -> float:
    """Measure the contrast of two colours, from 1 (none) to 21 (black on white).

    https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    # https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in _parse(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parse(colour: str) -> Rgb:
    if not _HEX.fullmatch(colour):
        raise ValueError(f"{colour!r} is not a colour such as #225faa")
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def _until_readable(chosen: str, surfaces: tuple[str, ...], step: float) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parse(chosen))
    while True:
        channels = colorsys.hls_to_rgb(hue, lightness, saturation)
        colour = "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
        if min(contrast(colour, surface) for surface in surfaces) >= MINIMUM_CONTRAST:
            return colour
        lightness = min(1.0, max(0.0, lightness + step))


def _text_on(background: str) -> str:
    return max(("#ffffff", "#000000"), key=lambda text: contrast(text, background))
