"""The files of a community's look, read and judged: logo, icon, social image, letters.

    Appearance (names of files) --read_artwork--> Artwork (bytes, by what they are for)

One that cannot be used is reported at its line and left out; the others go on. How pages show them
is decided in `site/own_look`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from aggregator.registry.appearance import Appearance
from aggregator.registry.declaration import RefusedError
from aggregator.registry.mistakes import Mistakes, Place
from aggregator.registry.nearby import LETTERS, kind_of_bytes, read_nearby, size_of_png
from aggregator.words.phrases import listed

CARD_SIZE = (1200, 630)  # pixels: https://ogp.me/ and those that read it
# Bytes. Logo and letters are loaded with every first page, so they stay small.
_LARGEST = {"logo": 100_000, "logo_dark": 100_000, "icon": 60_000, "picture": 800_000}
_LARGEST_FONT, _MOST_FONTS = 200_000, 600_000
_KINDS: dict[str, tuple[str, ...]] = {
    "logo": ("svg", "png", "jpg", "webp"),
    "logo_dark": ("svg", "png", "jpg", "webp"),
    "icon": ("svg", "png"),
    "picture": ("png",),
}


@dataclass(frozen=True, slots=True)
class ArtFile:
    """One file: its bytes, and its kind as the usual ending of such files."""

    kind: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FontFace:
    """The letters of one file: for which part of a page, how bold, and whether upright."""

    part: str
    weight: str
    style: str
    file: ArtFile


@dataclass(frozen=True, slots=True)
class Artwork:
    """What of a community's look could be used."""

    logo: ArtFile | None = None
    logo_dark: ArtFile | None = None
    icon: ArtFile | None = None
    picture: ArtFile | None = None
    fonts: tuple[FontFace, ...] = ()
    holds_name: bool = False  # the logo shows the title of the site itself


def read_artwork(
    look: Appearance, folder: Path, place: Callable[..., Place], mistakes: Mistakes
) -> Artwork:
    """Read the files that a look names.

    Args:
        look: their names.
        folder: that of the registry, in or below which they stand.
        place: finds where a name is written, by the field and the number in a list.
        mistakes: takes in what is wrong.
    """
    found: dict[str, ArtFile | None] = {}
    for role, kinds in _KINDS.items():
        name = getattr(look, role)
        found[role] = None
        if name is not None:
            try:
                found[role] = _file(folder, name, _LARGEST[role], kinds)
                _check_size(role, found[role])
            except RefusedError as refused:
                found[role] = None
                mistakes.add(place(role), f"look.{role}: {refused.what}", refused.cure)
    if found["logo_dark"] and not found["logo"]:
        found["logo_dark"] = None
        mistakes.add(place("logo_dark"), "look.logo_dark: there is no logo", "add `logo` as well")
    fonts = _fonts(look, folder, place, mistakes)
    logo, dark, icon, picture = (found[role] for role in _KINDS)
    return Artwork(logo, dark, icon, picture, fonts, look.name == "within" and logo is not None)


def _fonts(
    look: Appearance, folder: Path, place: Callable[..., Place], mistakes: Mistakes
) -> tuple[FontFace, ...]:
    faces: dict[tuple[str, str, str], FontFace] = {}
    left = _MOST_FONTS
    for number, font in enumerate(look.fonts):
        key = (font.part, font.weight, font.style)
        try:
            file = _file(folder, font.file, _LARGEST_FONT, LETTERS)
            _check_room(file, left, is_double=key in faces)
        except RefusedError as refused:
            what = f"look.fonts: {refused.what}"
            mistakes.add(place("fonts", number, "file"), what, refused.cure)
        else:
            left -= len(file.data)
            faces[key] = FontFace(*key, file)
    return tuple(faces.values())


def _check_room(file: ArtFile, left: int, *, is_double: bool) -> None:
    if is_double:
        raise RefusedError("the same letters are there already", "keep one of the two")
    if len(file.data) > left:
        most = f"all fonts together are larger than {_MOST_FONTS // 1_000} kB"
        raise RefusedError(most, "keep those that matter most, as WOFF2")


def _file(folder: Path, name: str, most: int, kinds: Collection[str]) -> ArtFile:
    data = read_nearby(folder, name, most)
    kind = kind_of_bytes(data)
    if kind not in kinds:
        raise RefusedError(
            f"{name} is {kind.upper() or 'nothing that pages can show'}",
            f"save it as {listed([one.upper() for one in kinds])}",
        )
    return ArtFile(kind, data)


def _check_size(role: str, file: ArtFile | None) -> None:
    if role == "picture" and file and size_of_png(file.data) != CARD_SIZE:
        width, height = size_of_png(file.data)
        cure = f"make it {CARD_SIZE[0]} by {CARD_SIZE[1]} pixels, as chats want it"
        raise RefusedError(f"this is {width} by {height} pixels", cure)
