"""Letters for pictures: which fonts draw a text, and where its lines end.

The fonts come with Python packages and never from the machine, so that every machine draws the
same: Source Serif (OFL) for Latin, Greek and Cyrillic and, where the extra `scripts` is installed,
the Noto faces that it brings for Chinese, Japanese, Korean and Devanagari. A text of which a
letter cannot be drawn is given back as such, and never drawn with boxes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from unicodedata import category, normalize

from fontTools.ttLib import TTFont

Weight = Literal["regular", "bold"]

FAMILY = "Source Serif Pro"
_SERIF = "font_source_serif_pro"
_FACES: dict[Weight, str] = {
    "regular": "files/SourceSerifPro-Regular.ttf",
    "bold": "files/SourceSerifPro-Semibold.ttf",
}
_SCRIPTS = "rendercv_fonts"
# Of other scripts: what tells that a text is in one, and the face for it. Signs that Chinese and
# Japanese share are drawn as in China unless the text has a syllable of the others.
_OTHERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\u3040-\u30ff]"), "Noto Sans/NotoSansJP-{weight}.ttf"),
    (re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]"), "Noto Sans/NotoSansKR-{weight}.ttf"),
    (re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]"), "Noto Sans/NotoSansSC-{weight}.ttf"),
    (re.compile(r"[\u0900-\u097f]"), "Mukta/Mukta-{weight}.ttf"),
)
_PACKAGES = ("resvg-py", "font-source-serif-pro", "rendercv-fonts")
# What stays together: signs after which a line may end without a space stand alone.
_PIECES = re.compile(r"[\u2e80-\ud7ff\uf900-\uffef]|[^\s\u2e80-\ud7ff\uf900-\uffef]+|\s+")
# Signs that are drawn by none, and say only how the one before them is to look.
_SILENT = re.compile("[\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


@dataclass(frozen=True, slots=True)
class _Face:
    """One font file: how far each letter reaches, as a share of the size."""

    file: str
    advances: dict[int, float]


@lru_cache(maxsize=1)
def drawn_with() -> str:
    """Name the packages that pictures are drawn with: another version may draw otherwise."""
    return " ".join(f"{name} {_version(name)}" for name in _PACKAGES)


def without_pictures(text: str) -> str:
    """Leave out signs that draw nothing, and small pictures for which there is no letter.

    An accent after its letter becomes one letter with it, which no end of a line can part.
    """
    text = normalize("NFC", text)
    faces = _faces(text, "bold")
    kept = (
        sign
        for sign in _SILENT.sub("", text)
        if category(sign) != "So" or _advance(ord(sign), faces) is not None
    )
    return " ".join("".join(kept).split())


def can_be_drawn(text: str) -> bool:
    """Tell whether there is a letter in the fonts for each of a text."""
    faces = _faces(text, "bold")
    return all(_advance(ord(sign), faces) is not None for sign in text)


def font_files(text: str) -> list[str]:
    """Name the font files that draw a text."""
    weights: tuple[Weight, ...] = ("regular", "bold")
    return [face.file for weight in weights for face in _faces(text, weight)]


def wrapped(text: str, size: float, width: float, weight: Weight) -> list[str]:
    """Break a text into lines that are no wider than `width` when drawn at `size`, both in px."""
    faces = _faces(text, weight)
    lines: list[str] = []
    line, reach = "", 0.0
    for piece in _pieces(text, size, width, faces):
        wide = _width(piece, size, faces)
        if line and not piece.isspace() and reach + wide > width:
            lines.append(line.rstrip())
            line, reach = "", 0.0
        if line or not piece.isspace():
            line, reach = line + piece, reach + wide
    return [*lines, line.rstrip()] if line else lines


def clipped(lines: list[str], most: int, size: float, width: float, weight: Weight) -> list[str]:
    """Keep the first lines; the last one ends in an ellipsis where others follow, and fits."""
    if len(lines) <= most:
        return lines
    kept, last = lines[: most - 1], lines[most - 1]
    faces = _faces(last, weight)
    while last and _width(f"{last}…", size, faces) > width:
        last = last[:-1]
    # The whole word where there is one, rather than the half of it.
    whole = last.rpartition(" ")[0] if " " in last else last
    return [*kept, f"{whole.rstrip(' ,;:.-')}…"]


def _pieces(text: str, size: float, width: float, faces: tuple[_Face, ...]) -> Iterator[str]:
    """Give what may not be parted; a word too long for any line is cut where that is full."""
    for piece in _PIECES.findall(text):
        begun, reach = "", 0.0
        for sign in piece:
            wide = _width(sign, size, faces)
            if begun and reach + wide > width:
                yield begun
                begun, reach = "", 0.0
            begun, reach = begun + sign, reach + wide
        yield begun


def _width(text: str, size: float, faces: tuple[_Face, ...]) -> float:
    return size * sum(_advance(ord(sign), faces) or 0.6 for sign in text)


def _advance(code: int, faces: tuple[_Face, ...]) -> float | None:
    return next((face.advances[code] for face in faces if code in face.advances), None)


def _faces(text: str, weight: Weight) -> tuple[_Face, ...]:
    """Give the faces for a text, the usual one first."""
    found = [_face(_file(_SERIF, _FACES[weight]))]
    other = next((name for signs, name in _OTHERS if signs.search(text)), None)
    if other and find_spec(_SCRIPTS):
        found.append(_face(_file(_SCRIPTS, other.format(weight=weight.capitalize()))))
    return tuple(found)


@lru_cache(maxsize=12)
def _file(package: str, name: str) -> str:
    found = find_spec(package)
    folders = (found.submodule_search_locations or ()) if found else ()
    return str(Path(next(iter(folders)), name))


@lru_cache(maxsize=12)
def _face(file: str) -> _Face:
    with TTFont(file, lazy=True) as font:
        metrics, each = font["hmtx"].metrics, font["head"].unitsPerEm
        best = font.getBestCmap()
        return _Face(file, {code: metrics[name][0] / each for code, name in best.items()})


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "-"
