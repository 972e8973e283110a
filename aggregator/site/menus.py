"""Where the menus lead: the program's own pages, those of the community, and elsewhere.

What a community says under `menu`, `not_in_menus` and `links` is followed; what it leaves open is
taken from the table of contents. Called by `frame`, once a build.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aggregator.catalogue.written import WrittenPage
from aggregator.registry.settings import Showcase
from aggregator.site.contents import PAGES, SHELVES, PageKind, Shelf
from aggregator.words.addresses import web_address
from aggregator.words.speech import say

OWN_FOLDER = "pages/"
_LAST = "add/"  # what a menu ends with, where nobody says otherwise
_OWN_SHELF: Shelf = "about"


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One place that a menu leads to.

    Args:
        text: what one reads.
        path: a page, from the top of the site; "" where it leads elsewhere.
        note: what the one row of a phone's menu calls it; None where that does not lead there.
        url: an address elsewhere.
    """

    text: str
    path: str = ""
    note: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Part of the menu at the foot: its name for programs, its heading, and where it leads."""

    name: str
    title: str
    anchors: tuple[MenuLink, ...]


@dataclass(frozen=True, slots=True)
class Menus:
    """The menus of a site.

    Args:
        main: at the top of every page.
        foot: the other pages to which a menu leads.
        shelves: all of both in groups.
    """

    main: tuple[MenuLink, ...] = ()
    foot: tuple[MenuLink, ...] = ()
    shelves: tuple[MenuGroup, ...] = ()


def own_folder(slug: str) -> str:
    """Give the folder of a page of the community's own."""
    return f"{OWN_FOLDER}{slug}/"


def menus_of(showcase: Showcase, written: Sequence[WrittenPage], empty: frozenset[str]) -> Menus:
    """Make the menus.

    Args:
        showcase: what the community says of them.
        written: its own pages, in their order.
        empty: folders of the table of contents on which nothing would stand.
    """
    return _Making(showcase, written, empty).menus()


@dataclass
class _Making:
    showcase: Showcase
    written: Sequence[WrittenPage]
    empty: frozenset[str]
    hidden: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.hidden = frozenset(self.showcase.not_in_menus)

    def menus(self) -> Menus:
        kinds = [k for k in PAGES if k.menu and k.folder not in self.empty]
        kinds = [k for k in kinds if k.folder.strip("/") not in self.hidden]
        main = tuple(self._chosen(kinds)) or tuple(self._usual(kinds))
        at_top = {link.path for link in main if link.path}
        own = [_own(page) for page in self._own("main", "foot")]
        links = [
            MenuLink(link.text, url=link.url)
            for link in self.showcase.links
            if web_address(link.url)
        ]
        elsewhere = [link for link in main if link.url]
        beside: Mapping[Shelf, Sequence[MenuLink]] = {_OWN_SHELF: [*own, *elsewhere, *links]}
        foot = [link for link in (*map(_in_menu, kinds), *own) if link.path not in at_top]
        return Menus(main, tuple(foot), tuple(_shelves(kinds, beside)))

    def _own(self, *menus: str) -> Iterator[WrittenPage]:
        for page in self.written:
            if page.menu in menus and page.slug not in self.hidden:
                yield page

    def _usual(self, kinds: Iterable[PageKind]) -> Iterator[MenuLink]:
        links = [_in_menu(kind) for kind in kinds if kind.menu == "main"]
        yield from (link for link in links if link.path != _LAST)
        yield from map(_own, self._own("main"))
        yield from (link for link in links if link.path == _LAST)

    def _chosen(self, kinds: Sequence[PageKind]) -> Iterator[MenuLink]:
        """Give what the community's own menu leads to, as far as anything stands there."""
        known = {kind.folder.strip("/"): _in_menu(kind) for kind in kinds}
        known |= {page.slug: _own(page) for page in self.written}
        for item in self.showcase.menu:
            if item.page in known:
                link = known[item.page]
                text = item.text or link.text
                # A row of a phone that knows the page by a shorter name keeps to it.
                note = link.note and (item.text or link.note)
                yield MenuLink(text, link.path, note)
            elif item.url and item.text and web_address(item.url):
                yield MenuLink(item.text, url=item.url)


def _shelves(
    kinds: Sequence[PageKind], beside: Mapping[Shelf, Sequence[MenuLink]]
) -> Iterator[MenuGroup]:
    for name, title in SHELVES.items():
        links = [_in_menu(kind) for kind in kinds if kind.shelf == name]
        yield MenuGroup(name, say(title), (*links, *dict.fromkeys(beside.get(name, ()))))


def _in_menu(kind: PageKind) -> MenuLink:
    return MenuLink(kind.menu_title, kind.folder, kind.short or None)


def _own(page: WrittenPage) -> MenuLink:
    return MenuLink(page.title, own_folder(page.slug))
