"""The image of a README that shows the project: a screenshot, a plot or a diagram."""

import re
from posixpath import basename
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from aggregator.readme.models import LeadImage

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


def find_lead_image(body: LexborNode) -> LeadImage | None:
    """Give the first image that shows the project, or None."""
    for image in body.css("img")[:_LOOKED_AT]:
        url, alt = image.attrs.get("src") or "", image.attrs.get("alt") or ""
        if not _is_large_enough(image) or _is_in_table(image):
            continue
        if _shows_the_project(url, alt) or _is_pasted_screenshot(image, url, alt):
            return LeadImage(url, alt)
    return None


def _shows_the_project(url: str, alt: str) -> bool:
    words = f"{unquote(basename(url.partition('?')[0]))} {alt}"
    if _DECORATION.search(words) or any(place in url for place in _PHOTOGRAPHS_OF_PEOPLE):
        return False
    folder = url.rpartition("/")[0].partition("/raw/")[2]
    return _SHOWS.search(f"{words} {folder.rpartition('/')[2]}") is not None


def _is_pasted_screenshot(image: LexborNode, url: str, alt: str) -> bool:
    """Recognise what GitHub's editor writes when a large picture is pasted into it."""
    width = image.attrs.get("width") or ""
    is_upload = "user-images.githubusercontent.com/" in url or "/assets/" in url
    return (
        is_upload and alt.lower() == "image" and width.isdecimal() and int(width) >= _PASTED_WIDTH
    )


def _is_large_enough(image: LexborNode) -> bool:
    """Tell whether an image is shown large; one without a size is."""
    width, height = image.attrs.get("width") or "", image.attrs.get("height") or ""
    if (image.attrs.get("class") or "") in {"width-10", "width-20", "width-30"}:
        return False
    return (not width.isdecimal() or int(width) >= _MIN_WIDTH) and (
        not height.isdecimal() or int(height) >= _MIN_WIDTH // 2
    )


def _is_in_table(image: LexborNode) -> bool:
    parent = image.parent
    while parent is not None and parent.tag not in {"body", "td", "th", "details"}:
        parent = parent.parent
    return parent is not None and parent.tag != "body"
