"""A `_brand.yml` beside the registry, the form in which Quarto keeps a look, as far as it maps.

    _brand.yml --read_brand--> Brand --with_brand--> the settings, where registry.yaml says nothing

`meta`, `logo`, `color` and `typography` are read; https://posit-dev.github.io/brand-yml/ describes
them. What a site has no use for is a hint, so that nobody waits for it to show. A colour is mended
for contrast like any accent, and letters come from files here and never from another server.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import yaml

from aggregator.registry import rules
from aggregator.registry.appearance import NEARBY_FILE, WEIGHT, Appearance, CommunityLink, Font
from aggregator.registry.declaration import RefusedError, Rule, declared_fields
from aggregator.registry.mistakes import Mistakes, shown
from aggregator.registry.settings import Showcase
from aggregator.registry.slips import explain
from aggregator.registry.tree import Items, Node, Scalar, Table, TextFile, read_tree
from aggregator.words.phrases import listed

BRAND_FILE = "_brand.yml"
_PARTS = ("meta", "logo", "color", "typography", "defaults")
_TITLE_LENGTH, _TEXT_LENGTH = 100, 40
_MOST_STEPS = 10  # from one name of a colour to the next
_LARGER_FIRST = ("medium", "small", "large")
# https://posit-dev.github.io/brand-yml/brand/typography.html
_WEIGHTS = {
    "thin": "100",
    "extra-light": "200",
    "ultra-light": "200",
    "light": "300",
    "normal": "400",
    "regular": "400",
    "medium": "500",
    "semi-bold": "600",
    "demi-bold": "600",
    "bold": "700",
    "extra-bold": "800",
    "ultra-bold": "800",
    "black": "900",
}
_ELEMENTS: Mapping[str, Literal["text", "headings", "code"]] = {
    "base": "text",
    "headings": "headings",
    "monospace": "code",
}
_CALLED = {"github": "GitHub", "linkedin": "LinkedIn", "youtube": "YouTube", "orcid": "ORCID"}


@dataclass(frozen=True, slots=True)
class Brand:
    """What a brand file says of a site; None and () for what it leaves open."""

    title: str | None = None
    home: str | None = None
    accent: str | None = None
    look: Appearance = field(default_factory=Appearance)
    links: tuple[CommunityLink, ...] = ()


def read_brand(source: TextFile) -> tuple[Brand, Mistakes]:
    """Read a brand file from its text."""
    try:
        node, mistakes = read_tree(source.text, source.file)
    except yaml.YAMLError as error:
        return Brand(), Mistakes(explain(source.lines, error, source.file, 0))
    if not isinstance(node, Table):
        if node is not None:
            cure = "begin with `meta:`, `logo:`, `color:` or `typography:`"
            mistakes.add(node.place, "this is not a brand file", cure)
        return Brand(), mistakes
    return _Reader(node, mistakes).brand(), mistakes


def with_brand(showcase: Showcase, brand: Brand) -> Showcase:
    """Fill settings with what a brand says, where they are as nobody changed them; join links."""
    usual = {one.name: one.default for one in declared_fields(Showcase)}
    told = {name: getattr(brand, name) for name in ("title", "home", "accent")}
    changes: dict[str, Any] = {
        name: value
        for name, value in told.items()
        if value and getattr(showcase, name) == usual[name]
    }
    look = showcase.look
    files = {
        one.name: getattr(brand.look, one.name)
        for one in declared_fields(Appearance)
        if getattr(look, one.name) == one.default
    }
    # A logo for dark ground belongs to the other one.
    if look.logo:
        files.pop("logo_dark", None)
    known = {link.url for link in showcase.links}
    links = (*showcase.links, *(link for link in brand.links if link.url not in known))
    return replace(showcase, look=replace(look, **files), links=links, **changes)


@dataclass
class _Reader:
    """Reads one brand file; every part alone, so that a wrong one costs no other."""

    root: Table
    mistakes: Mistakes

    def brand(self) -> Brand:
        self._unused(self.root, _PARTS, "", "the parts of a brand file are " + listed(_PARTS))
        meta, logo = self._table(self.root, "meta"), self.root.fields.get("logo")
        title, home, links = self._meta(meta)
        look = replace(self._logos(logo), fonts=tuple(self._fonts()))
        return Brand(title, home, self._accent(), look, links)

    def _meta(self, meta: Table) -> tuple[str | None, str | None, tuple[CommunityLink, ...]]:
        self._unused(meta, ("name", "link"), "meta.", "pages show `name` and `link`")
        name, link = meta.fields.get("name"), meta.fields.get("link")
        if isinstance(name, Table):
            name = name.fields.get("full") or name.fields.get("short")
        title = self._value(name, "meta.name", rules.LINE, _TITLE_LENGTH)
        if not isinstance(link, Table):
            return title, self._value(link, "meta.link", rules.URL), ()
        found = {
            n: self._value(node, f"meta.link.{n}", rules.URL) for n, node in link.fields.items()
        }
        links = (
            CommunityLink(text=_called(name), url=url, where=link.fields[name].place)
            for name, url in found.items()
            if url and name != "home"
        )
        return title, found.get("home"), tuple(links)

    def _logos(self, node: Node | None) -> Appearance:
        """Take the middle one of the sizes for the top of the pages, the small one for the icon."""
        if not isinstance(node, Table):
            return Appearance(logo=self._path(node, "logo"))
        self._unused(
            node, (*_LARGER_FIRST, "images"), "logo.", "name the sizes small, medium, large"
        )
        images = self._table(node, "images")
        sizes: dict[str, dict[str, str | None]] = {}
        for size in _LARGER_FIRST:
            said = node.fields.get(size)
            both = said.fields if isinstance(said, Table) and "path" not in said.fields else None
            shades = both if both is not None else {"light": said} if said else {}
            sizes[size] = {
                shade: self._path(_named(one, images), f"logo.{size}")
                for shade, one in shades.items()
            }
        shown_at_top = next((s for s in map(sizes.get, _LARGER_FIRST) if s), {})
        icon = sizes["small"].get("light")
        # An icon has to be SVG or PNG; where one picture serves as both, its kind decides.
        fits = icon and icon.lower().endswith((".svg", ".png"))
        logo = shown_at_top.get("light")
        dark = shown_at_top.get("dark") if logo else None
        return Appearance(logo=logo, logo_dark=dark, icon=icon if fits else None)

    def _accent(self) -> str | None:
        colours = self._table(self.root, "color")
        used = ("palette", "primary", "link")
        beside = [name for name in colours.fields if name not in used]
        if beside:
            what = f"of `color`, pages use `primary` and not {listed(beside)}"
            cure = "a style sheet in your templates folder can set every other colour"
            self.mistakes.add(colours.keys[beside[0]], what, cure, "hint")
        palette = self._table(colours, "palette")
        for name in ("primary", "link"):
            if (node := _light(colours.fields.get(name))) is not None:
                found = self._resolved(node, palette, colours)
                accent: str | None = self._value(found, f"color.{name}", rules.ACCENT)
                return accent
        return None

    def _resolved(self, node: Node, palette: Table, colours: Table) -> Node:
        """Follow the names of colours to a colour; what leads round in circles stays a name."""
        for _ in range(_MOST_STEPS):
            name = node.text.strip() if isinstance(node, Scalar) else ""
            found = _light(palette.fields.get(name) or colours.fields.get(name))
            if found is None:
                break
            node = found
        return node

    def _fonts(self) -> Iterator[Font]:
        typography = self._table(self.root, "typography")
        known = ("fonts", *_ELEMENTS)
        why = "pages have letters for base, headings and monospace"
        self._unused(typography, known, "typography.", why)
        declared = self._families(typography.fields.get("fonts"))
        for element, part in _ELEMENTS.items():
            said = typography.fields.get(element)
            if isinstance(said, Table):
                self._unused(
                    said, ("family",), f"typography.{element}.", "pages take `family` of it"
                )
                said = said.fields.get("family")
            family = self._value(said, f"typography.{element}", rules.LINE, _TITLE_LENGTH)
            if family is None or said is None:
                continue
            if family.casefold() not in declared:
                what = f"typography.{element}: no file here holds the letters of {shown(family)}"
                cure = "list it under `fonts` with `source: file` and its `files`"
                self.mistakes.add(said.place, what, cure, "hint")
            for font in declared.get(family.casefold(), ()):
                yield replace(font, part=part)

    def _families(self, node: Node | None) -> Mapping[str, tuple[Font, ...]]:
        """Give the files of each family, by its name in small letters."""
        families: dict[str, tuple[Font, ...]] = {}
        for one in node.items if isinstance(node, Items) else ():
            told = one.fields if isinstance(one, Table) else {}
            family = self._value(told.get("family"), "typography.fonts", rules.LINE, _TITLE_LENGTH)
            source = told.get("source")
            if family is None:
                cure = "give it `family`, `source: file` and `files`"
                self.mistakes.add(one.place, "typography.fonts: this is not a font", cure)
            elif isinstance(source, Scalar) and source.text.strip().lower() not in {"file", ""}:
                what = f"{shown(family)} would come from {source.text.strip()[:40]}"
                cure = "download its WOFF2 files, put them here and write `source: file`"
                nothing = "and no page loads anything from elsewhere"
                self.mistakes.add(source.place, f"{what}, {nothing}", cure, "hint")
                families[family.casefold()] = ()
            else:
                files = told.get("files")
                listed_files = (
                    files.items if isinstance(files, Items) else (files,) if files else ()
                )
                made = map(self._font, listed_files)
                families[family.casefold()] = tuple(font for font in made if font)
        return families

    def _font(self, node: Node) -> Font | None:
        told = node.fields if isinstance(node, Table) else {"path": node}
        path = self._path(told.get("path"), "typography.fonts")
        style, weight = told.get("style"), told.get("weight")
        if isinstance(weight, Scalar):
            word = weight.text.strip().lower()
            weight = replace(weight, text=_WEIGHTS.get(word, word))
        bold: str | None = self._value(weight, "weight", WEIGHT) if weight else "400"
        if path is None or bold is None:
            return None
        leans = isinstance(style, Scalar) and style.text.strip().lower() == "italic"
        shape: Literal["normal", "italic"] = "italic" if leans else "normal"
        return Font(part="text", file=path, weight=bold, style=shape, where=node.place)

    def _path(self, node: Node | None, name: str) -> str | None:
        """Read the path of a file, which Quarto writes alone or as `path` beside its words."""
        if isinstance(node, Table):
            node = node.fields.get("path") or _light(node)
        path: str | None = self._value(node, name, NEARBY_FILE)
        return path

    def _value(self, node: Node | None, name: str, rule: Rule, at_most: int | None = None) -> Any:
        """Read one value by a rule; None where there is none or it cannot be used."""
        if node is None or (isinstance(node, Scalar) and node.blank):
            return None
        if not isinstance(node, Scalar):
            cure = "write a single text after the colon"
            self.mistakes.add(node.place, f"{name}: this must be one piece of text", cure)
            return None
        try:
            return rule.value_of(node.text, at_most)
        except RefusedError as refused:
            self.mistakes.add(node.place, f"{name}: {refused.what}", refused.cure)
            return None

    def _table(self, above: Table, name: str) -> Table:
        node = above.fields.get(name)
        if isinstance(node, Table):
            return node
        is_text_alone = isinstance(node, Scalar) and node.blank
        if node is not None and not is_text_alone:
            cure = "indent its parts below it, each with a colon"
            self.mistakes.add(node.place, f"`{name}` must be a group of fields", cure)
        return Table(above.place)

    def _unused(self, table: Table, known: tuple[str, ...], above: str, cure: str) -> None:
        for name in table.fields:
            if name not in known:
                what = f"{shown(above + name)} changes nothing here"
                self.mistakes.add(table.keys[name], what, cure, "hint")


def _light(node: Node | None) -> Node | None:
    """Take what a value is on light ground, where it says both."""
    if isinstance(node, Table):
        return node.fields.get("light") or node.fields.get("dark")
    return node


def _named(node: Node | None, images: Table) -> Node | None:
    """Take the picture that a size names, where it is listed by that name."""
    return images.fields.get(node.text.strip(), node) if isinstance(node, Scalar) else node


def _called(name: str) -> str:
    """Name a link for people: by what it is called, as `mastodon` or `our-forum`."""
    words = " ".join(re.split(r"[-_\s]+", name))[:_TEXT_LENGTH]
    return _CALLED.get(name.lower(), words[:1].upper() + words[1:])
