"""Links and images of a README: full addresses, alternatives, sizes; badges removed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from posixpath import basename
from urllib.parse import unquote, urlsplit

from aggregator.readme.badges import is_badge
from aggregator.readme.hollow import remove_hollow
from aggregator.readme.links import resolve_image, resolve_link, resolve_srcset
from aggregator.readme.models import ReadmeSource
from aggregator.readme.outline import ImagePlace
from aggregator.readme.pieces import Pieces, attributes_of, index_of, is_start, rewrite, start_tag
from aggregator.readme.sanitise import ID_PREFIX, SCHEMES

# There are many complete links, and nothing to do about them.
_COMPLETE = ('<a href="https://', '<a href="http://')
# Most others lead to a place on this page.
_FRAGMENT = re.compile(r'<a href="(#[\w.~-]*)">')
_PIXELS = re.compile(r"^\s*(\d{1,4})(?:\.\d+)?\s*(?:px)?\s*$")
_PERCENT = re.compile(r"^\s*(\d{1,3})(?:\.\d+)?\s*%\s*$")


def point_links(
    pieces: Pieces, links: Iterable[int], source: ReadmeSource, ids: Mapping[str, str]
) -> None:
    """Give every link its full address, or the id it means on this page.

    `ids` holds the anchors of the page by their lower-case form.
    """
    # Long READMEs lead to few places from many: "back to the top".
    to_this_page: dict[str, str] = {}
    for place in links:
        tag = pieces[place]
        if not tag or tag.startswith(_COMPLETE):
            continue
        if tag not in to_this_page and (fragment := _FRAGMENT.fullmatch(tag)):
            to_this_page[tag] = f'<a href="{_on_this_page(fragment[1], ids)}">'
        if tag in to_this_page:
            pieces[place] = to_this_page[tag]
        else:
            _point(pieces, place, source, ids)


def _point(pieces: Pieces, place: int, source: ReadmeSource, ids: Mapping[str, str]) -> None:
    attributes = attributes_of(pieces[place])
    address = _address(attributes.get("href"), source, ids)
    if address is not None:
        rewrite(pieces, place, attributes | {"href": address})
        return
    # A place to link to, or a link to nothing: HTML knows no such `<a>` once it has a `rel`.
    attributes.pop("href", None)
    pieces[place] = start_tag("span", attributes)
    end = index_of("</a>", pieces, place)
    if pieces[end] == "</a>":
        pieces[end] = "</span>"


def _address(written: str | None, source: ReadmeSource, ids: Mapping[str, str]) -> str | None:
    target = None if written is None else resolve_link(written, source)
    if target is None or target.startswith("#"):
        return target and _on_this_page(target, ids)
    return target if target.partition(":")[0].lower() in SCHEMES else None


def _on_this_page(fragment: str, ids: Mapping[str, str]) -> str:
    wanted = unquote(fragment[1:]).removeprefix(ID_PREFIX)
    if not wanted or wanted.lower() == "top":
        return "#"
    return f"#{ID_PREFIX}{ids.get(wanted.lower(), wanted)}"


def place_images(
    pieces: Pieces, images: Sequence[ImagePlace], source: ReadmeSource
) -> list[ImagePlace]:
    """Give images their full address, an alternative and a size; take badges out.

    Returns:
        The images that stay.
    """
    kept = []
    for image in images:
        attributes = attributes_of(pieces[image.place])
        written = attributes.get("src", "")
        address = resolve_image(written, source)
        if address is None or is_badge(written, attributes.get("alt", "")):
            pieces[image.place] = ""
        else:
            rewrite(pieces, image.place, _completed(attributes, address, source))
            kept.append(image)
    if len(kept) < len(images):
        remove_hollow(pieces, [image.place for image in images if not pieces[image.place]])
    _name_links(pieces, kept)
    return kept


def point_sources(pieces: Pieces, sources: Iterable[int], source: ReadmeSource) -> None:
    """Give the alternatives of pictures their full addresses."""
    for place in sources:
        rewrite(pieces, place, _with_candidates(attributes_of(pieces[place]), source))


def _completed(attributes: Mapping[str, str], address: str, source: ReadmeSource) -> dict[str, str]:
    complete: dict[str, str] = {}
    for name, value in _with_candidates(attributes, source).items():
        complete |= _size(name, value) if name in {"width", "height"} else {name: value}
    return complete | {
        "src": address,
        "loading": "lazy",
        "decoding": "async",
        # Its host need not know which page was read.
        "referrerpolicy": "no-referrer",
        "alt": attributes.get("alt", "").strip(),
    }


def _with_candidates(attributes: Mapping[str, str], source: ReadmeSource) -> dict[str, str]:
    complete = dict(attributes)
    if "srcset" in complete:
        complete["srcset"] = resolve_srcset(complete["srcset"], source) or ""
    return {name: value for name, value in complete.items() if value or name != "srcset"}


def _size(name: str, written: str) -> dict[str, str]:
    """Keep a size in pixels; show a width in per cent through a class, to the nearest ten."""
    pixels = _PIXELS.match(written)
    if pixels:
        return {name: pixels[1]}
    percent = _PERCENT.match(written)
    nearest = round(int(percent[1]) / 10) * 10 if percent and name == "width" else 0
    return {"class": f"width-{nearest}"} if 0 < nearest < 100 else {}


def _name_links(pieces: Pieces, images: Iterable[ImagePlace]) -> None:
    """Name each link that holds nothing but images without an alternative."""
    unnamed = (image for image in images if ' alt=""' in pieces[image.place])
    first = {image.link: image.place for image in reversed(list(unnamed))}
    for link, image in first.items():
        attributes = attributes_of(pieces[link]) if link else {}
        if attributes and _holds_only_images(pieces, link, image):
            attributes["aria-label"] = _where_it_leads(attributes.get("href", ""))
            rewrite(pieces, link, attributes)


def _holds_only_images(pieces: Pieces, link: int, image: int) -> bool:
    """Tell whether a link holds an image and no words, not even those of an alternative."""
    end = index_of("</a>", pieces, link)
    if end < image or "".join(pieces[link + 1 : end : 2]).strip():
        return False
    return all(' alt=""' in tag for tag in pieces[link + 2 : end : 2] if is_start(tag, "img"))


def _where_it_leads(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "Link"
    return unquote(basename(parts.path.rstrip("/"))) or parts.netloc or "Link"
