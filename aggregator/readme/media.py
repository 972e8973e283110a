"""Links and images of a parsed README: full addresses, alternatives, sizes; badges removed."""

import re
from posixpath import basename
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from aggregator.readme.badges import is_badge
from aggregator.readme.links import resolve_image, resolve_link, resolve_srcset
from aggregator.readme.models import ReadmeSource
from aggregator.readme.sanitise import ID_PREFIX

# There are many complete links, and nothing to do about them.
_UNFINISHED_LINKS = 'a[href]:not([href^="https://"]):not([href^="http://"])'
_PIXELS = re.compile(r"^\s*(\d{1,4})(?:\.\d+)?\s*(?:px)?\s*$")
_PERCENT = re.compile(r"^\s*(\d{1,3})(?:\.\d+)?\s*%\s*$")
_ONLY_SEPARATORS = re.compile("[\\s|\u00b7\u2022,/\u2013\u2014\xa0-]*")


def point_links(body: LexborNode, source: ReadmeSource, ids: dict[str, str]) -> None:
    """Give every link its full address, or the id it means on this page.

    `ids` holds the anchors of the page by their lower-case form.
    """
    for link in body.css(_UNFINISHED_LINKS):
        attributes = link.attrs
        target = resolve_link(attributes["href"] or "", source)
        if target is None:
            del attributes["href"]
        elif target.startswith("#"):
            attributes["href"] = _on_this_page(target, ids)
        else:
            attributes["href"] = target


def _on_this_page(fragment: str, ids: dict[str, str]) -> str:
    wanted = unquote(fragment[1:]).removeprefix(ID_PREFIX)
    if not wanted or wanted.lower() == "top":
        return "#"
    return f"#{ID_PREFIX}{ids.get(wanted.lower(), wanted)}"


def place_images(body: LexborNode, source: ReadmeSource) -> None:
    """Give images their full address, an alternative and a size; take badges out."""
    for image in body.css("img"):
        written = image.attrs.get("src") or ""
        address = resolve_image(written, source)
        if address is None or is_badge(written) or (address != written and is_badge(address)):
            _remove_with_wrapping(image)
        else:
            _complete(image, address, source)
    for candidate in body.css("source"):
        _resolve_candidates(candidate, source)


def _complete(image: LexborNode, address: str, source: ReadmeSource) -> None:
    attributes = image.attrs
    attributes["src"] = address
    attributes["loading"] = "lazy"
    attributes["decoding"] = "async"
    # Its host need not know which page was read.
    attributes["referrerpolicy"] = "no-referrer"
    attributes["alt"] = (attributes.get("alt") or "").strip()
    _resolve_candidates(image, source)
    for name in ("width", "height"):
        if name in attributes:
            _keep_size(image, name)
    if not attributes["alt"]:
        _name_link_around(image)


def _resolve_candidates(node: LexborNode, source: ReadmeSource) -> None:
    written = node.attrs.get("srcset")
    if written is None:
        return
    resolved = resolve_srcset(written, source)
    if resolved is None:
        del node.attrs["srcset"]
    else:
        node.attrs["srcset"] = resolved


def _keep_size(image: LexborNode, name: str) -> None:
    """Keep a size in pixels; show a width in per cent through a class, to the nearest ten."""
    written = image.attrs[name] or ""
    pixels = _PIXELS.match(written)
    percent = _PERCENT.match(written)
    if pixels:
        image.attrs[name] = pixels[1]
        return
    del image.attrs[name]
    if percent and name == "width":
        nearest = round(int(percent[1]) / 10) * 10
        if 0 < nearest < 100:
            image.attrs["class"] = f"width-{nearest}"


def _name_link_around(image: LexborNode) -> None:
    """Name a link whose only content is an image without an alternative."""
    link = image.parent
    while link is not None and link.tag in {"picture", "b", "strong", "em", "span"}:
        link = link.parent
    if link is not None and link.tag == "a" and not link.text().strip():
        link.attrs["aria-label"] = _where_it_leads(link.attrs.get("href") or "")


def _where_it_leads(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "Link"
    return unquote(basename(parts.path.rstrip("/"))) or parts.netloc or "Link"


def _remove_with_wrapping(image: LexborNode) -> None:
    """Remove an image together with the link and paragraph that held nothing else."""
    node, parent = image, image.parent
    node.decompose()
    while parent is not None and parent.tag in {"a", "picture", "p", "b", "strong", "em", "sup"}:
        if parent.css_first("img") or not _ONLY_SEPARATORS.fullmatch(parent.text()):
            return
        node, parent = parent, parent.parent
        node.decompose()
