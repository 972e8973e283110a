"""Diagrams drawn: fences of `mermaid` as pictures, files of the site beside the page they are on.

mermaid-render draws them in a sandbox of its own, without a browser or the network. Of its SVG only
shapes and words are built again: nothing that loads, links, runs or restyles is among them. Each is
drawn twice, for light and for dark; its words are its alternative, its source is folded below it.
What cannot be drawn, and what would depend on today's date, stays as source.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from xml.etree import ElementTree

from turbohtml import Element, Text

from aggregator.readme.colours import name_of_language
from aggregator.readme.labels import DIAGRAM, SOURCES
from aggregator.words.speech import say

_LONGEST = 10_000  # characters of one source
_MOST = 12  # of one README
_LARGEST = 200_000  # characters of one drawing
_ALL = 600_000  # of all drawings of a README
_WIDEST = 8_000  # pixels, in either direction
_LONGEST_ALTERNATIVE = 300
_DARK = "(prefers-color-scheme: dark)"
# What the drawings of each scheme stand on, which is what their labels are filled with.
_THEMES = {"": ("neutral", "#FFFFFF"), "-dark": ("dark", "#1F2020")}

_SVG = "http://www.w3.org/2000/svg"
_SHAPES = frozenset(
    {"circle", "desc", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "svg", "text"}
    | {"title", "tspan"}
)
_LOOKS = frozenset(
    {"cx", "cy", "d", "dominant-baseline", "dx", "dy", "fill", "fill-opacity", "font-size"}
    | {"font-style", "font-weight", "height", "opacity", "points", "r", "rx", "ry", "stroke"}
    | {"stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "stroke-width"}
    | {"text-anchor", "text-decoration", "transform", "viewBox", "width", "x", "x1", "x2", "y"}
    | {"y1", "y2"}
)
_VALUE = re.compile(r"(?!.*url)[\w\s.,#%()+-]*", re.IGNORECASE)
_TODAY = "pele-today"

# A plan whose tasks do not say when they begin is drawn from today on: that would invent dates.
_PLAN = re.compile(r"\s*(?:---.*?---\s*)?(?:%%[^\n]*\n\s*)*gantt\b", re.DOTALL)
_TASK = re.compile(
    r"^(?!\s*(?:%%|title|accTitle|accDescr|section|click))[^:\n]+:(.*)$", re.MULTILINE
)
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def draw_diagrams(root: Element) -> tuple[tuple[str, str], ...]:
    """Put pictures in the place of the fences of Mermaid in a README.

    Returns:
        Path and SVG of each picture, to be published beside each page that shows the README.
    """
    drawings = dict[str, str]()
    for block in root.select("pre[lang]"):
        if name_of_language(block.attr("lang") or "") != "mermaid" or len(drawings) >= 2 * _MOST:
            continue
        made = _drawn(block.text)
        size = sum(map(len, [*drawings.values(), *made.values()]))
        if made and size <= _ALL:
            block.replace_with(_framed(block.text, made))
            drawings |= made
    return tuple(drawings.items())


def _drawn(source: str) -> dict[str, str]:
    """Draw a diagram for light and for dark; nothing where it cannot be drawn."""
    if len(source) > _LONGEST or not _is_timeless(source):
        return {}
    # It takes a third of a second to start, and few READMEs have a diagram.
    from mermaid_render import mermaid_to_svg  # noqa: PLC0415 - see above

    name = sha256(source.encode(errors="replace")).hexdigest()[:16]
    made = dict[str, str]()
    for ending, (theme, ground) in _THEMES.items():
        try:
            drawn = mermaid_to_svg(source, theme=theme)
            svg = _rebuilt(ElementTree.fromstring(drawn), ground)  # noqa: S314 - XML of the library
        except Exception:  # noqa: BLE001 - whatever it cannot draw, of what anybody may write, is source
            return {}
        if svg is None or len(svg) > _LARGEST:
            return {}
        made[f"diagrams/{name}{ending}.svg"] = svg
    return made


def _is_timeless(source: str) -> bool:
    if not _PLAN.match(source):
        return True
    tasks = [
        match[1] for match in _TASK.finditer(source) if "," in match[1] or _DATE.search(match[1])
    ]
    return bool(tasks) and all(map(_DATE.search, tasks))


def _rebuilt(made: ElementTree.Element, ground: str) -> str | None:
    """Write a drawing anew with its ground, from shapes and words alone; None for one too large."""
    width, height = (float(made.get(name, "0")) for name in ("width", "height"))
    if not (0 < width <= _WIDEST and 0 < height <= _WIDEST):
        return None
    whole = ElementTree.Element("svg", dict(_kept(made)))
    whole.attrib |= {"xmlns": _SVG, "font-family": "sans-serif", "font-size": "16"}
    ElementTree.SubElement(whole, "rect", {"width": "100%", "height": "100%", "fill": ground})
    whole.extend(_shapes(made))
    return ElementTree.tostring(whole, encoding="unicode")


def _shapes(made: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for part in made:
        name = part.tag.removeprefix(f"{{{_SVG}}}")
        if name in _SHAPES and part.get("class") != _TODAY:
            built = ElementTree.Element(name, dict(_kept(part)))
            built.text, built.tail = part.text, part.tail
            built.extend(_shapes(part))
            yield built


def _kept(made: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for name, value in made.attrib.items():
        if name in _LOOKS and _VALUE.fullmatch(value):
            yield name, value


def _framed(source: str, made: Mapping[str, str]) -> Element:
    """Frame a drawing: it can be scrolled, both schemes have theirs, its source is below."""
    light, dark = made
    shown = ElementTree.fromstring(made[light])  # noqa: S314 - built here
    size = {name: str(round(float(shown.get(name, "0")))) for name in ("width", "height")}
    quiet = {"loading": "lazy", "decoding": "async", "referrerpolicy": "no-referrer"}
    image = Element("img", {"src": light, "alt": _alternative(shown), **size, **quiet})
    picture = Element("picture", {}, [Element("source", {"media": _DARK, "srcset": dark}), image])
    label = SOURCES["mermaid"]
    written = Element("pre", {}, [Element("code", {}, [Text(source)])])
    return Element(
        "figure",
        {"class": "readme-diagram"},
        [
            Element("div", {"class": "readme-scroll", "tabindex": "0"}, [picture]),
            Element("details", {}, [Element("summary", {}, [Text(say(label))]), written]),
        ],
    )


def _alternative(shown: ElementTree.Element) -> str:
    """Say a drawing's title and the words on it, as far as an alternative should go."""
    said = [part for name in ("title", "desc", "text") for part in shown.iter(f"{{{_SVG}}}{name}")]
    parts = (" ".join("".join(part.itertext()).split()) for part in said)
    words = ", ".join(dict.fromkeys(filter(None, parts)))
    if len(words) <= _LONGEST_ALTERNATIVE:
        return words or say(DIAGRAM)
    return words[: words.rfind(" ", 0, _LONGEST_ALTERNATIVE)].rstrip(",") + "\u2026"
