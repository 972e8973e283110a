"""The image of a README that shows the project: a screenshot, a plot or a diagram."""

import re
from collections.abc import Mapping, Sequence
from posixpath import basename
from urllib.parse import unquote

from aggregator.readme.models import LeadImage
from aggregator.readme.outline import ImagePlace
from aggregator.readme.pieces import Pieces, attributes_of

# Pictures further down illustrate a detail, not the project.
_LOOKED_AT = 12
_MIN_WIDTH = 240
_PASTED_WIDTH = 600
# Whole words, in the plural too: "coverage", "discover" and "flagged" hold shorter ones.
_DECORATION_WORDS = """
    logo logotype icon avatar badge banner header footer sticker hex hexagon hexlogo hexsticker
    favicon brand branding sponsor emoji button shield mascot cover portrait photo photograph
    headshot signature crest flag divider separator spacer arrow starhistory contrib contributor
    poweredby funded funder funding partner licence license qr qrcode youtube slack twitter discord
    linkedin wordmark title gravatar selfie
"""
_DECORATION = frozenset(_DECORATION_WORDS.split())
_DECORATION_NAMES = re.compile(
    r"star[-_ ]?history|\bcc-by\b|\bnhs[-_]?(?:england|x|r)?\.(?:png|svg|jpe?g)", re.IGNORECASE
)
_SHOWING_WORDS = """
    screen screencap screencast screengrab screenshot shot demo demonstration plot chart graph
    graphic graphical figure fig diagram example overview architecture architectural preview ui app
    flow flowchart dashboard map mapping output result network model structure pipeline visual
    visualisation visualization visualise visualize animation animated pathway process schema
    schematic scheme table report heatmap spc funnel usage workflow simulation simulated
    simulator framework timeline design interface landing homepage layout
    infographic histogram choropleth treemap
"""
_SHOWING = frozenset(_SHOWING_WORDS.split())
# Kinds of pictures that are written in one word with what they show: barplot, dataflow, forestplot.
_SHOWING_COMPOUND = re.compile(r"\w+(?:plot|chart|diagram|dashboard|heatmap|screenshot|workflow)s?")
_SHOWING_NAMES = re.compile(
    r"home-?page|image\d*\.(?:png|gif)|unnamed-chunk|readme[_-]files", re.IGNORECASE
)
# The words of a name such as `bedOccupancy_plot2.png`.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z\u00df-\u00ff]+")
_PHOTOGRAPHS_OF_PEOPLE = ("avatars.githubusercontent.com", "gravatar.com", "/avatars/")


def find_lead_image(pieces: Pieces, images: Sequence[ImagePlace]) -> LeadImage | None:
    """Give the first image that shows the project, or None."""
    for image in images[:_LOOKED_AT]:
        attributes = attributes_of(pieces[image.place])
        if not _is_large_enough(attributes) or image.is_put_away:
            continue
        url, alt = attributes.get("src", ""), attributes.get("alt", "")
        if _shows_the_project(url, alt) or _is_pasted_screenshot(attributes):
            return LeadImage(url, alt)
    return None


def _shows_the_project(url: str, alt: str) -> bool:
    words = f"{unquote(basename(url.partition('?')[0]))} {alt}"
    decorates = _DECORATION_NAMES.search(words) or _DECORATION & _words(words)
    if decorates or any(place in url for place in _PHOTOGRAPHS_OF_PEOPLE):
        return False
    folder = unquote(url.rpartition("/")[0].partition("/raw/")[2]).rpartition("/")[2]
    words = f"{words} {folder}"
    found = _words(words)
    return (
        not _SHOWING.isdisjoint(found)
        or any(map(_SHOWING_COMPOUND.fullmatch, found))
        or _SHOWING_NAMES.search(words) is not None
    )


def _words(text: str) -> set[str]:
    """Give the words of a text in small letters, plurals as singulars too."""
    found = {word.lower() for word in _WORD.findall(text)}
    return found | {word.removesuffix("s") for word in found if len(word) > 3}


def _is_pasted_screenshot(attributes: Mapping[str, str]) -> bool:
    """Recognise what GitHub's editor writes when a large picture is pasted into it."""
    url, width = attributes.get("src", ""), attributes.get("width", "")
    is_upload = "user-images.githubusercontent.com/" in url or "/assets/" in url
    is_named_so = attributes.get("alt", "").lower() == "image"
    return is_upload and is_named_so and width.isdecimal() and int(width) >= _PASTED_WIDTH


def _is_large_enough(attributes: Mapping[str, str]) -> bool:
    """Tell whether an image is shown large; one without a size is."""
    width, height = attributes.get("width", ""), attributes.get("height", "")
    if attributes.get("class") in {"width-10", "width-20", "width-30"}:
        return False
    return (not width.isdecimal() or int(width) >= _MIN_WIDTH) and (
        not height.isdecimal() or int(height) >= _MIN_WIDTH // 2
    )
