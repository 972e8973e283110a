"""How a community's own artwork becomes static files, and what pages are told of it.

    Artwork --static_of--> files below static/, with a style sheet for letters
            `--look_of---> SiteLook, which every page reads

A file of the same name in a community's templates folder wins over these. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aggregator.registry.artwork import ArtFile, Artwork, FontFace

# The mark is drawn anew for every site; one of the community's own stands at its name.
MARK = "mark.svg"
_SHEET = "css/site/94-fonts.css"  # before what a community adds by hand
_MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
_FAMILIES = {"headings": "Own headings", "text": "Own text", "code": "Own code"}
_PROPERTIES = {"headings": "--serif", "text": "--sans", "code": "--mono"}
# What is read until the letters are there, and where one is missing in them.
_NEXT = {
    "headings": "Georgia, serif",
    "text": "system-ui, sans-serif",
    "code": "ui-monospace, monospace",
}
_FORMATS = {"woff2": "woff2", "woff": "woff", "ttf": "truetype", "otf": "opentype"}


@dataclass(frozen=True, slots=True)
class SiteLook:
    """What of its own a site shows on every page.

    Args:
        logo: the static file of the logo; "" for none.
        logo_dark: the same for dark ground.
        holds_name: whether the logo shows the title itself.
        icon: the static file of the icon, and its media type.
        fonts: whether pages load letters.
    """

    logo: str = ""
    logo_dark: str = ""
    holds_name: bool = False
    icon: str = MARK
    icon_type: str = _MEDIA_TYPES["svg"]
    fonts: bool = False


def look_of(artwork: Artwork) -> SiteLook:
    """Say what pages show of a community's artwork."""
    icon = artwork.icon
    return SiteLook(
        logo=_name("logo", artwork.logo),
        logo_dark=_name("logo-dark", artwork.logo_dark),
        holds_name=artwork.holds_name,
        icon=_icon_name(icon) if icon else MARK,
        icon_type=_MEDIA_TYPES[icon.kind if icon else "svg"],
        fonts=bool(artwork.fonts),
    )


def static_of(artwork: Artwork) -> Mapping[str, bytes]:
    """Give the static files of a community's artwork, by their names below `static/`."""
    logos = {"logo": artwork.logo, "logo-dark": artwork.logo_dark}
    files = {_name(role, file): file.data for role, file in logos.items() if file}
    if artwork.icon:
        files[_icon_name(artwork.icon)] = artwork.icon.data
    files |= {_font_name(face): face.file.data for face in artwork.fonts}
    if artwork.fonts:
        files[_SHEET] = "\n".join(_sheet(artwork.fonts)).encode() + b"\n"
    return files


def _name(role: str, file: ArtFile | None) -> str:
    return f"brand/{role}.{file.kind}" if file else ""


def _icon_name(icon: ArtFile) -> str:
    return MARK if icon.kind == "svg" else f"brand/icon.{icon.kind}"


def _font_name(face: FontFace) -> str:
    weight = face.weight.replace("..", "-")
    return f"brand/{face.part}-{weight}-{face.style}.{face.file.kind}"


def _sheet(faces: tuple[FontFace, ...]) -> Iterator[str]:
    """Write the style sheet of letters; all that stands in it is one of a few words or numbers."""
    for face in faces:
        yield (
            f'@font-face {{ font-family: "{_FAMILIES[face.part]}"; '
            f'src: url("../{_font_name(face)}") format("{_FORMATS[face.file.kind]}"); '
            f"font-weight: {face.weight.replace('..', ' ')}; font-style: {face.style}; "
            "font-display: swap; }"
        )
    parts = dict.fromkeys(face.part for face in faces)
    told = " ".join(f'{_PROPERTIES[p]}: "{_FAMILIES[p]}", {_NEXT[p]};' for p in parts)
    yield f"@layer overrides {{ :root {{ {told} }} }}"
