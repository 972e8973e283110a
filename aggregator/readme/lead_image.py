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
_DECORATION = re.compile(
    r"""logo|icon|avatar|badge|banner|header|footer|sticker|hex(?:agon)?(?:[_\W-]|$)|favicon|brand|
      sponsor|emoji|button|shield|mascot|cover|portrait|photo|headshot|signature|crest|flag|
      divider|separator|spacer|arrow|star-?history|contrib|poweredby|funded|funder|partner|
      licen[cs]e|qr-?code|youtube|slack|twitter|discord|linkedin|cc-by|wordmark|title|gravatar|
      nhs[-_]?(?:england|x|r)?\.(?:png|svg|jpe?g)""",
    re.VERBOSE | re.IGNORECASE,
)
_SHOWS = re.compile(
    r"""screen|shot|demo|plot|chart|graph|figure|fig(?:[_\W\d]|$)|diagram|example|overview|
      architect|preview|(?:^|[\W_])ui(?:[\W_]|$)|(?:^|[\W_])app(?:[\W_]|$)|flow|dashboard|map|
      output|result|network|model|structure|pipeline|visual|animat|pathway|process|schem|table|
      report|heatmap|spc|funnel|usage|workflow|simulat|framework|timeline|design|interface|
      landing|home-?page|layout|image\d*\.(?:png|gif)|unnamed-chunk|readme[_-]files""",
    re.VERBOSE | re.IGNORECASE,
)
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
    if _DECORATION.search(words) or any(place in url for place in _PHOTOGRAPHS_OF_PEOPLE):
        return False
    folder = url.rpartition("/")[0].partition("/raw/")[2]
    return _SHOWS.search(f"{words} {folder.rpartition('/')[2]}") is not None


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
