"""How a community dresses its site: logo, fonts, menus, links, and the headers of its own pages.

Declared like the fields in `models`. What the files that are named here hold is judged in
`artwork`; whether menus lead anywhere is asked in `beside`.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from aggregator.registry import rules
from aggregator.registry.declaration import RefusedError, Rule, Written, declared
from aggregator.registry.mistakes import shown

# The pages to which a menu may lead, as their addresses name them.
MENU_PAGES = (
    *("projects", "search", "all", "organisations", "compare", "insights", "people", "tags"),
    *("languages", "stages", "new", "stories", "talks", "paths", "help-wanted", "subscribe"),
    *("add", "about", "elsewhere", "status", "accessibility", "privacy"),
)
_EVERY_PAGE = ("every page",)
_FILE_LENGTH = 200
_WEIGHTS = re.compile(r"[1-9]\d{0,2}(?:\.\.[1-9]\d{0,2})?")


def _file(text: str) -> str:
    """Read the path of a file in the folder of the registry; nothing outside it can be meant."""
    path = PurePosixPath(text.removeprefix("./"))
    if path.is_absolute() or ".." in path.parts or re.search(r"[\\:\x00]", text) or not path.name:
        cure = "put the file beside the registry and write its path from there: `brand/logo.svg`"
        raise RefusedError(f"{shown(text)} is not a file beside the registry", cure)
    return path.as_posix()


def _weight(text: str) -> str:
    if _WEIGHTS.fullmatch(text):
        return text
    cure = "write 400, 700, or 100..900 where one file holds all of them"
    raise RefusedError(f"{shown(text)} does not say how bold letters are", cure)


NEARBY_FILE = Rule(
    _file, {"type": "string", "minLength": 1, "maxLength": _FILE_LENGTH}, _FILE_LENGTH
)
WEIGHT = Rule(_weight, {"type": ["string", "integer"]}, at_most=8)


@dataclass(frozen=True, kw_only=True)
class Font(Written):
    """A file of letters, and what is written in them."""

    part: Literal["headings", "text", "code"] = rules.one_of("headings", "text", "code").field(
        "What is written in these letters.", "headings", default=..., seen=_EVERY_PAGE
    )
    file: str = NEARBY_FILE.field(
        "The file, beside the registry: WOFF2, or WOFF, TTF, OTF.",
        "brand/headings.woff2",
        default=...,
        seen=_EVERY_PAGE,
    )
    weight: str = WEIGHT.field(
        "How bold they are: 400 is usual, 700 bold. `100..900` where one file holds them all.",
        "700",
        default="400",
        seen=_EVERY_PAGE,
    )
    style: Literal["normal", "italic"] = rules.one_of("normal", "italic").field(
        "Whether they are upright.", "normal", default="normal", seen=_EVERY_PAGE
    )


@dataclass(frozen=True, kw_only=True)
class Appearance(Written):
    """The community's own logo, icon, social image and fonts: files beside the registry."""

    logo: str | None = NEARBY_FILE.field(
        "The picture beside the name at the top of every page: SVG, PNG, JPEG or WebP.",
        "brand/logo.svg",
        seen=_EVERY_PAGE,
    )
    logo_dark: str | None = NEARBY_FILE.field(
        "The same for dark ground, where the other could not be seen there.",
        "brand/logo-dark.svg",
        seen=_EVERY_PAGE,
    )
    name: Literal["beside", "within"] = rules.one_of("beside", "within").field(
        "Whether the title stands beside the logo, or the logo shows it already.",
        "within",
        default="beside",
        seen=_EVERY_PAGE,
    )
    icon: str | None = NEARBY_FILE.field(
        "The little square picture in the tab of a browser: SVG or PNG.",
        "brand/icon.svg",
        also=("favicon",),
        seen=_EVERY_PAGE,
    )
    picture: str | None = NEARBY_FILE.field(
        "What chats show beside a link to the site: a PNG of 1200 by 630 pixels. Projects keep "
        "pictures of their own.",
        "brand/card.png",
        also=("social_image", "og_image"),
        seen=("page",),
    )
    fonts: tuple[Font, ...] = declared(
        Font,
        "Letters of the community's own. No page asks anybody else for them.",
        several=12,
        seen=_EVERY_PAGE,
    )


@dataclass(frozen=True, kw_only=True)
class MenuItem(Written):
    """One place to which the menu at the top leads: a page here, or an address elsewhere."""

    page: str | None = rules.REFERENCE.field(
        "A page of the site by the name in its address, such as `projects`, or one of the "
        "community's own.",
        "projects",
        seen=_EVERY_PAGE,
    )
    url: str | None = rules.URL.field(
        "An address elsewhere.", "https://forum.example.org/", seen=_EVERY_PAGE
    )
    text: str | None = rules.LINE.field(
        "What the menu calls it; a page has a name of its own.",
        "Forum",
        at_most=30,
        seen=_EVERY_PAGE,
    )


@dataclass(frozen=True, kw_only=True)
class CommunityLink(Written):
    """A link to somewhere else, at the foot of every page."""

    text: str = rules.LINE.field(
        "What to call it.", "Our forum", default=..., at_most=40, seen=_EVERY_PAGE
    )
    url: str = rules.URL.field(
        "Its address.", "https://forum.example.org/", default=..., seen=_EVERY_PAGE
    )


@dataclass(frozen=True, kw_only=True)
class PageHeader(Written):
    """What a page of the community's own says of itself above its text, all of it optional."""

    title: str | None = rules.LINE.field(
        "Its heading, and what menus call it.",
        "Code of conduct",
        at_most=100,
        seen=("page",),
    )
    description: str | None = rules.LINE.field(
        "One sentence for search engines and for links to it.",
        "How we treat each other.",
        at_most=200,
        seen=("page",),
    )
    menu: Literal["main", "foot", "none"] = rules.one_of("main", "foot", "none").field(
        "The menu that leads there: at the top of every page, at its foot, or none.",
        "foot",
        default="foot",
        seen=_EVERY_PAGE,
    )
    order: int = rules.whole_number(1, 999).field(
        "Where it stands among the others: small numbers first.", 10, default=500, seen=_EVERY_PAGE
    )
