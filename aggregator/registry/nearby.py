"""Files beside the registry that pages show as they are: read within bounds, judged by their bytes.

A name from a setting never leads out of the folder, and what calls itself a picture or letters has
to begin as such. An SVG is a document that a browser would run: one that holds scripts, or loads
anything, is refused and never mended, so that a logo is shown whole or not at all.
"""

import re
from pathlib import Path
from struct import unpack
from xml.etree import ElementTree

from aggregator.registry.declaration import RefusedError

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"wOF2", "woff2"),
    (b"wOFF", "woff"),
    (b"\x00\x01\x00\x00", "ttf"),
    (b"OTTO", "otf"),
)
PICTURES = frozenset({"svg", "png", "jpg", "gif", "webp"})
LETTERS = ("woff2", "woff", "ttf", "otf")
_MOST_SHAPES = 20_000
# https://www.w3.org/TR/SVG2/script.html, https://svgwg.org/specs/animations/: what runs, loads, or
# could change an address later.
_RUNNING = frozenset(
    {"script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler"}
    | {"listener", "animate", "animatemotion", "animatetransform", "animatecolor", "set"}
)
_HELD = re.compile(r"#|data:image/(?:png|jpeg|gif|webp)[;,]", re.IGNORECASE)
_LOADED = re.compile(r"@import|expression\(|url\((?!\s*['\"]?(?:#|data:image/))", re.IGNORECASE)
_MACHINERY = re.compile(r"<!ENTITY|<!DOCTYPE[^>]*\[|<\?xml-stylesheet", re.IGNORECASE)
_PLAIN_SVG = "save it as plain SVG, without scripts and without anything from elsewhere"


def read_nearby(folder: Path, name: str, most: int) -> bytes:
    """Read a file of the registry's folder.

    Args:
        folder: that of the registry.
        name: the path of the file in it, with forward slashes.
        most: how many bytes it may have.

    Raises:
        RefusedError: it is not there, elsewhere, too large or cannot be read.
    """
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise RefusedError("this leads out of the registry's folder", "put the file itself here")
    try:
        if not path.is_file():
            raise RefusedError("there is no such file", "add it, or mend the name")
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as problem:
        cause = f"the file cannot be read ({problem.strerror})"
        raise RefusedError(cause, "make it readable") from None
    if len(data) > most:
        raise RefusedError(f"the file is larger than {_amount(most)}", "save it smaller")
    return data


def _amount(size: int) -> str:
    return f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{size // 1_000} kB"


def kind_of_bytes(data: bytes) -> str:
    """Tell what a file is by how it begins, as its usual ending; "" for nothing that pages show.

    Raises:
        RefusedError: it is an SVG that pages may not hold.
    """
    for mark, kind in _BEGINNINGS:
        if data.startswith(mark):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if b"<svg" not in data[:4_000]:
        return ""
    if problem := _problem_with(data):
        raise RefusedError(f"this SVG {problem}", _PLAIN_SVG)
    return "svg"


def may_move(data: bytes) -> bool:
    """Tell whether a picture may be an animation, which nobody who looks at a page could stop."""
    if data[:4] == b"RIFF":  # https://developers.google.com/speed/webp/docs/riff_container
        return data[12:16] == b"VP8X" and bool(data[20:21] and data[20] & 2)
    return data.startswith(b"GIF8") or b"acTL" in _parts_before_pixels(data)


def _parts_before_pixels(data: bytes) -> list[bytes]:
    """Name the chunks of a PNG up to its pixels: https://www.w3.org/TR/png-3/#5Chunk-layout."""
    names, at = list[bytes](), 8
    while data.startswith(b"\x89PNG") and at + 8 <= len(data) and names[-1:] != [b"IDAT"]:
        names.append(data[at + 4 : at + 8])
        at += 12 + int.from_bytes(data[at : at + 4])
    return names


def size_of_png(data: bytes) -> tuple[int, int]:
    """Give width and height of a PNG in pixels; 0 where they are cut off."""
    if len(data) < 24:
        return 0, 0
    width, height = unpack(">II", data[16:24])
    return width, height


def _problem_with(data: bytes) -> str:
    """Say what of an SVG runs or loads; nothing where it only draws."""
    text = data.decode("utf-8", errors="replace")
    if machinery := _MACHINERY.search(text):
        return f"holds {machinery[0].split('[')[0].strip()}"
    try:
        # No entities are declared in it, which are what makes strangers' XML dangerous.
        root = ElementTree.fromstring(data)  # noqa: S314 - see above
    except (ElementTree.ParseError, ValueError, LookupError) as problem:
        return f"cannot be read ({problem})"
    if _local(root.tag) != "svg":
        return "does not begin with <svg>"
    for number, part in enumerate(root.iter()):
        if number > _MOST_SHAPES:
            return f"has more than {_MOST_SHAPES:,} shapes"
        if found := _problem_of(part):
            return found
    return ""


def _problem_of(part: ElementTree.Element) -> str:
    name = _local(part.tag)
    if name in _RUNNING:
        return f"holds <{name}>"
    if name == "style" and _LOADED.search(part.text or ""):
        return "loads something by its styles"
    for written, value in part.attrib.items():
        attribute = _local(written)
        if attribute.startswith("on"):
            return f"runs something ({attribute})"
        if attribute in {"href", "src"} and not _HELD.match(value.strip()):
            return f"leads to something else ({value.strip()[:60]})"
        if _LOADED.search(value):
            return f"loads something ({attribute})"
    return ""


def _local(name: object) -> str:
    """Name an element or attribute without its namespace; comments have none."""
    return str(name).rpartition("}")[2].lower() if isinstance(name, str) else ""
