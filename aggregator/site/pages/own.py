"""Pages of the community's own, with the pictures that stand on them.

Their relative links lead to each other, to their pictures and to pages of the site; what leads
nowhere is words. The text was made safe as a README is.
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar
from urllib.parse import unquote

from aggregator.catalogue.types import Catalogue
from aggregator.readme.sanitise import ID_PREFIX
from aggregator.readme.site_links import led
from aggregator.registry.own_pages import page_named
from aggregator.site.contents import PAGES
from aggregator.site.frame import Frame, PageContext, organisation_anchor
from aggregator.site.menus import OWN_FOLDER, own_folder
from aggregator.site.pages.cards import SafeHtml
from aggregator.site.recipes import File
from aggregator.words.addresses import quoted
from aggregator.words.phrases import shortened

_DESCRIPTION = 200
_FROM_ELSEWHERE = 'src="https://'


@dataclass(frozen=True, kw_only=True)
class OwnPageContext(PageContext):
    """A page that the community wrote itself; `language` is what it is written in."""

    template: ClassVar[str] = "own/index.html"
    text: SafeHtml
    language: str


def own_pages(frame: Frame, catalogue: Catalogue) -> Iterator[OwnPageContext]:
    """Make the community's own pages."""
    there = _there(frame, catalogue)
    for one in catalogue.written:
        page = frame.page(
            own_folder(one.slug),
            one.title,
            shortened(one.description or one.title, _DESCRIPTION),
            wide_images=_FROM_ELSEWHERE in one.html,
        )
        html = led(one.html, partial(_address, root=page.root, there=there))
        yield OwnPageContext(page=page, text=SafeHtml(html), language=one.language)


def own_files(catalogue: Catalogue) -> Iterator[File]:
    """Give the pictures of these pages, where the pages look for them."""
    for name, data in catalogue.pictures.items():
        yield File(f"{OWN_FOLDER}{name}", data)
    for page in catalogue.written:
        for path, text in page.drawings:
            data = text.encode() if path.endswith(".svg") else b64decode(text)
            yield File(f"{own_folder(page.slug)}{path}", data)


def _there(frame: Frame, catalogue: Catalogue) -> Mapping[str, str]:
    """Give the addresses from the top of the site to which such a page may lead, by their paths."""
    kinds = (k.folder for k in PAGES if k.itself and k.folder not in frame.empty)
    projects = (p.page for p in catalogue.projects if not p.standing.outcome.erases)
    bodies = (organisation_anchor(group.organisation).path for group in catalogue.organisations)
    folders = (*kinds, *projects, *bodies, *frame.groups)
    pages = {page.slug: own_folder(page.slug) for page in catalogue.written}
    pictures = {name: f"{OWN_FOLDER}{name}" for name in catalogue.pictures}
    return {folder.strip("/"): folder for folder in folders} | pages | pictures


def _address(path: str, root: str, there: Mapping[str, str]) -> str | None:
    """Give the address of a path as a page of such a depth writes it; None for nothing there."""
    place, hash_sign, fragment = path.partition("#")
    name = unquote(place).partition("?")[0].strip("/").removesuffix("/index.html")
    name = name.removeprefix(OWN_FOLDER)
    slug = page_named(name)
    found = there.get(name, there.get(slug) if slug else None)
    if found is None:
        return None
    anchor = f"#{quoted(ID_PREFIX + fragment)}" if hash_sign and fragment else ""
    return f"{root}{quoted(found)}{anchor if found.startswith(OWN_FOLDER) else ''}"
