"""What lies beside the registry and dresses the site: brand, artwork, pages of its own.

    Registry --_brand.yml--> settings --Appearance--> Artwork
             --pages/--> OwnPages --menus that lead somewhere--> Registry

Every mistake has its file and line, and costs nothing but what it is about. Called by `loader`, and
in part by whoever compares with an earlier registry.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from aggregator.registry.appearance import MENU_PAGES, MenuItem
from aggregator.registry.artwork import read_artwork
from aggregator.registry.brand_file import BRAND_FILE, Brand, read_brand, with_brand
from aggregator.registry.mistakes import Mistake, Mistakes, Place, near, shown
from aggregator.registry.models import Entry
from aggregator.registry.nearby import may_move
from aggregator.registry.own_pages import PAGES_FOLDER, read_own_pages
from aggregator.registry.registry import Registry
from aggregator.registry.sections import TITLE_IS_MISSING
from aggregator.registry.settings import Showcase
from aggregator.registry.tree import Table, TextFile, place_in, read_file
from aggregator.words.errors import RegistryError

# How messages begin whose cause lies in files beside the registry, or in menus that lead to them.
_BEGINNINGS = ("look.", "menu:", "not_in_menus:", "story_picture.file:")


def is_about_files_beside(mistake: Mistake) -> bool:
    """Tell whether only a registry with all that lies beside it can be found to have a mistake."""
    path = Path(mistake.where.file)
    is_page = PAGES_FOLDER in path.parts[:-1] or path.name == PAGES_FOLDER
    return is_page or path.name == BRAND_FILE or mistake.what.startswith(_BEGINNINGS)


def files_beside(registry: Path, showcase: Showcase) -> tuple[Path, ...]:
    """Name the files that dress a site, whether they are there or not; pages are a folder."""
    look = showcase.look
    named = (look.logo, look.logo_dark, look.icon, look.picture, *(f.file for f in look.fonts))
    return tuple(registry.parent / name for name in (BRAND_FILE, *named) if name)


@dataclass
class Dressing:
    """Joins one registry with what lies beside it.

    Args:
        path: the file registry.yaml.
        settings: the settings as they stand in it.
        lines: takes in the lines of each file that is read.
        mistakes: takes in what is wrong.
    """

    path: Path
    settings: Table
    lines: dict[str, list[str]]
    mistakes: Mistakes

    def joined(self, registry: Registry) -> Registry:
        """Give the registry with its brand, its artwork, its own pages and pictures of stories."""
        showcase = with_brand(registry.showcase, self._brand())
        if showcase.title != registry.showcase.title:
            self.mistakes[:] = [m for m in self.mistakes if m.what != TITLE_IS_MISSING]
        folder = self.path.parent
        artwork = read_artwork(showcase.look, folder, self._place_of_look, self.mistakes)
        pages = read_own_pages(folder / PAGES_FOLDER, self.lines, self.mistakes)
        showcase = self.with_menus(showcase, [page.slug for page in pages.pages])
        projects = tuple(self._illustrated(one, pages.pictures) for one in registry.projects)
        return replace(registry, showcase=showcase, projects=projects, artwork=artwork, own=pages)

    def _illustrated(self, entry: Entry, pictures: Mapping[str, bytes]) -> Entry:
        """Give an entry without a picture of its story that is not there, or that moves."""
        picture = entry.story_picture
        if picture is None:
            return entry
        data = pictures.get(picture.file.removeprefix(f"{PAGES_FOLDER}/"))
        if data is not None and not may_move(data):
            return entry
        if data is None:
            what = f"there is no picture {shown(picture.file)}"
            meant = near(picture.file, [f"{PAGES_FOLDER}/{name}" for name in pictures])
            cure = f"did you mean {meant}?" if meant else f"put the file into {PAGES_FOLDER}/"
        else:
            what, cure = (
                "this picture moves, and nobody could stop it",
                "save one that stands still",
            )
        self.mistakes.add(picture.where, f"story_picture.file: {what}", cure)
        return replace(entry, story_picture=None)

    def _brand(self) -> Brand:
        path = self.path.with_name(BRAND_FILE)
        place = Place(path.as_posix(), 1, 1)
        if path.is_symlink() and path.resolve().parent != path.parent.resolve():
            what, cure = "this file is a link to another place", "put the file itself here"
            self.mistakes.add(place, what, cure)
            return Brand()
        if not path.exists():
            return Brand()
        try:
            source: TextFile = read_file(path)
        except RegistryError as error:
            self.mistakes.add(place, error.cause, error.cure)
            return Brand()
        self.lines[source.file] = source.lines
        brand, found = read_brand(source)
        self.mistakes += found
        return brand

    def _place_of_look(self, *steps: int | str) -> Place:
        """Find where a file of the look is named; what the brand file names is found there."""
        look = self.settings.fields.get("look")
        if isinstance(look, Table) and steps[0] in look.fields:
            return place_in(look, steps)
        brand = self.path.with_name(BRAND_FILE).as_posix()
        return Place(brand, 1, 1) if brand in self.lines else place_in(self.settings, ("look",))

    def with_menus(self, showcase: Showcase, own: list[str]) -> Showcase:
        """Leave out of menus what leads nowhere."""
        known = [*MENU_PAGES, *own]
        menu = [
            item
            for index, item in enumerate(showcase.menu)
            if self._leads_somewhere(item, place_in(self.settings, ("menu", index)), known)
        ]
        hidden = [
            name
            for index, name in enumerate(showcase.not_in_menus)
            if self._is_known(
                "not_in_menus", name, place_in(self.settings, ("not_in_menus", index)), known
            )
        ]
        return replace(showcase, menu=tuple(menu), not_in_menus=tuple(hidden))

    def _leads_somewhere(self, item: MenuItem, place: Place, known: Iterable[str]) -> bool:
        if (item.page is None) == (item.url is None):
            many = "both a `page` and a `url`" if item.page else "neither a `page` nor a `url`"
            cure = "write one of them: `page: projects`, or `url:` with `text:`"
            self.mistakes.add(place, f"menu: this has {many}", cure)
            return False
        if item.page is not None:
            return self._is_known("menu", item.page, place, known)
        if item.text is None:
            what, cure = "menu: this address has no name", "write what to call it: `text: Forum`"
            self.mistakes.add(place, what, cure)
        return item.text is not None

    def _is_known(self, field: str, name: str, place: Place, known: Iterable[str]) -> bool:
        if name in known:
            return True
        meant = near(name, known)
        cure = f"did you mean {meant}?" if meant else "name a page as its address does: projects"
        self.mistakes.add(place, f"{field}: there is no page {shown(name)}", cure)
        return False
