"""Pictures that a README holds in itself, to stand beside its page, named by what is in them.

A picture of dots (PNG, JPEG, GIF) is kept as it is where it begins as one. An SVG is built again
from shapes, words and gradients: nothing that runs, loads, links, moves or restyles is among them,
and what is used many times uses nothing itself, so that no drawing doubles and doubles.
"""

import re
import struct
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from xml.etree import ElementTree

from turbohtml import Element

# Until its path is known a picture has an address in a domain that can never be:
# https://www.rfc-editor.org/rfc/rfc2606#section-2
_ADDRESS = "https://picture.invalid/"
_MOST = 40  # of one README
_LARGEST = 600_000  # bytes of one
_MOST_BYTES = 1_500_000  # of one README
_LARGEST_SVG = 400_000
_MOST_SHAPES = 10_000
_DEEPEST = 40
_MOST_DRAWN_AGAIN = 5_000_000  # uses of a shape times the largest that can be used
_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
}
_WIDEST = 9_999

_SVG = "http://www.w3.org/2000/svg"
_HREFS = frozenset({"href", "{http://www.w3.org/1999/xlink}href"})
_USED = frozenset({"clipPath", "defs", "linearGradient", "radialGradient", "symbol"})
_SHAPES = _USED | frozenset(
    {"circle", "desc", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "stop", "svg"}
    | {"text", "title", "tspan", "use"}
)
_LOOKS = frozenset(
    {"clip-path", "clip-rule", "clipPathUnits", "cx", "cy", "d", "dominant-baseline", "dx", "dy"}
    | {"fill", "fill-opacity", "fill-rule", "font-family", "font-size", "font-style"}
    | {"font-weight", "fx", "fy", "gradientTransform", "gradientUnits", "height", "offset"}
    | {"opacity", "points", "preserveAspectRatio", "r", "rx", "ry", "spreadMethod", "stop-color"}
    | {"stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap"}
    | {"stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor"}
    | {"textLength", "transform", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2"}
)
_VALUE = re.compile(r"(?!.*url)[\w\s.,#%()+'\"-]*", re.IGNORECASE | re.DOTALL)
_WITHIN = re.compile(r"url\(#[\w.-]{1,100}\)")
_NAME = re.compile(r"[\w.-]{1,100}")
_PROLOGUE = re.compile(
    r"\A\s*(?:<\?xml[^>]*\?>)?\s*(?:<!--[^>]*-->\s*)*<!DOCTYPE[^>\[]*>", re.DOTALL
)
_PIXELS = re.compile(r"\s*(\d{1,4}(?:\.\d*)?)\s*(px|pt)?\s*")


@dataclass
class Pictures:
    """The pictures of one README, each by its path below the page, as text: SVG, or base64."""

    files: dict[str, str] = field(default_factory=dict)
    left: int = _MOST_BYTES

    def take(self, data: bytes) -> tuple[str, dict[str, str]] | None:
        """Keep a picture of dots.

        Returns:
            The address it has until `point_pictures`, and its width and height as attributes; None
            where it is not taken: too large, the forty-first, or no picture.
        """
        kind = next((kind for mark, kind in _BEGINNINGS.items() if data.startswith(mark)), None)
        if kind is None or len(data) > _LARGEST:
            return None
        address = self._keep(data, kind, b64encode(data).decode())
        return (address, _size_of_png(data) if kind == "png" else {}) if address else None

    def take_svg(self, text: str) -> tuple[str, dict[str, str]] | None:
        """Build an SVG again and keep it; the rest is as for `take`."""
        if len(text) > _LARGEST_SVG or "<!ENTITY" in text:
            return None
        try:
            # It is short and declares no entities, which are what makes strangers' XML dangerous.
            drawn = ElementTree.fromstring(_PROLOGUE.sub("", text))  # noqa: S314 - see above
            built = _rebuilt(drawn)
        except (ElementTree.ParseError, ValueError):  # it is not XML
            return None
        if built is None:
            return None
        shown = ElementTree.tostring(built, encoding="unicode")
        address = self._keep(shown.encode(), "svg", shown)
        return (address, _size_of_svg(built)) if address else None

    def _keep(self, data: bytes, kind: str, written: str) -> str | None:
        path = f"pictures/{sha256(data).hexdigest()[:16]}.{kind}"
        if path not in self.files:
            if len(self.files) >= _MOST or len(data) > self.left:
                return None
            self.left -= len(data)
            self.files[path] = written
        return _ADDRESS + path


def point_pictures(root: Element, pictures: Pictures) -> tuple[tuple[str, str], ...]:
    """Give the pictures in a README the path below its page.

    Returns:
        Path and content of those that are shown, as in `Readme.drawings`.
    """
    shown = set()
    for image in root.find_all("img"):
        path = (image.attr("src") or "").removeprefix(_ADDRESS)
        if path in pictures.files:
            image.attrs["src"] = path
            shown.add(path)
    return tuple((path, text) for path, text in pictures.files.items() if path in shown)


def is_held(address: str) -> bool:
    """Tell whether an address is that of a picture which a README holds."""
    return address.startswith(_ADDRESS)


def _size_of_png(data: bytes) -> dict[str, str]:
    if len(data) < 24:
        return {}
    width, height = struct.unpack(">II", data[16:24])
    is_usual = 0 < width <= _WIDEST and 0 < height <= _WIDEST
    return {"width": str(width), "height": str(height)} if is_usual else {}


def _size_of_svg(built: ElementTree.Element) -> dict[str, str]:
    size = {}
    for name in ("width", "height"):
        match = _PIXELS.fullmatch(built.get(name, ""))
        if match:
            size[name] = f"{float(match[1]) * (4 / 3 if match[2] == 'pt' else 1):.0f}"
    return size if len(size) == 2 else {}


def _rebuilt(made: ElementTree.Element) -> ElementTree.Element | None:
    if made.tag not in {f"{{{_SVG}}}svg", "svg"}:
        return None
    if sum(1 for _ in made.iter()) > _MOST_SHAPES:
        return None
    whole = ElementTree.Element("svg", {"xmlns": _SVG, **dict(_kept(made, is_used=False))})
    whole.extend(_built(made, 0, is_used=False))
    return whole if _is_drawn_quickly(whole) else None


def _built(
    made: ElementTree.Element, depth: int, *, is_used: bool
) -> Iterator[ElementTree.Element]:
    for part in made if depth < _DEEPEST else ():
        # What is no element has a function for its name.
        name = part.tag.removeprefix(f"{{{_SVG}}}") if isinstance(part.tag, str) else ""
        if name not in _SHAPES or (name == "use" and is_used):
            continue
        below = is_used or name in _USED
        built = ElementTree.Element(name, dict(_kept(part, is_used=below)))
        if name in {"desc", "text", "title", "tspan"}:
            built.text = part.text
            built.tail = part.tail if name == "tspan" else None
        built.extend(_built(part, depth + 1, is_used=below))
        yield built


def _kept(made: ElementTree.Element, *, is_used: bool) -> Iterator[tuple[str, str]]:
    styled = (one.partition(":") for one in made.get("style", "").split(";"))
    written = [*made.attrib.items(), *((name.strip(), value.strip()) for name, _, value in styled)]
    for name, value in written:
        if name in _LOOKS:
            if _VALUE.fullmatch(value) or _WITHIN.fullmatch(value):
                yield name, value
        elif name in _HREFS and value[:1] == "#" and _NAME.fullmatch(value[1:]):
            yield "href", value
        elif name == "id" and is_used and _NAME.fullmatch(value):
            yield name, value


def _is_drawn_quickly(whole: ElementTree.Element) -> bool:
    uses = sum(1 for _ in whole.iter("use"))
    used = [len(ElementTree.tostring(one)) for kind in _USED for one in whole.iter(kind)]
    return uses * max(used, default=0) <= _MOST_DRAWN_AGAIN
