r"""Formulas drawn: TeX as MathML, which browsers show and screen readers read, with the TeX beside.

latex2mathml reads the TeX; what it makes is built again here from elements and attributes that only
present, so that nothing else of a formula (links, colours, markup in its text) reaches a page. A
formula that it does not know all of stays as its TeX.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from turbohtml import Element, Text

from aggregator.readme.formulas import DISPLAY, INLINE
from aggregator.readme.sanitise import MATHML

_LONGEST = 2_000  # characters of one formula
_MOST = 40_000  # characters of all formulas of a README, each taken for `_LEAST` at least
_LEAST = 40
_DEEPEST = 30  # braces in braces
_MOST_ELEMENTS = 1_500  # of one formula
_NARROW = 14  # letters
# How many parts an element must have for a browser to draw it.
_PARTS = {
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
# New commands may double themselves; the others are not about how a formula looks.
_REFUSED = re.compile(
    r"\\(?:(?:re)?newcommand|def|let|DeclareMathOperator|require|input|include)\b"
)
_SILENT = re.compile(r"\\(?:nonumber|notag)\b|\\label\s*\{[^{}]*\}")
# Environments that are written and look like others.
_ALIKE = {"aligned": "split", "gathered": "matrix", "align": "align*", "gather": "matrix"}
_ENVIRONMENT = re.compile(rf"\\(begin|end)\{{({'|'.join(_ALIKE)})\}}")
_LENGTH = re.compile(r"[+-]?(?:\d{1,2}(?:\.\d{0,4})?|\.\d{1,4})(?:em|ex|pt|px|mu)?(?: |$)")
_LENGTHS = frozenset({"width", "height", "depth", "lspace", "rspace", "minsize", "maxsize"})


def draw_formulas(root: Element) -> None:
    """Draw the formulas of a README: those in its text, and its fences of `math`."""
    left = _MOST
    found = root.select(f"code.{INLINE},code.{DISPLAY},pre[lang]")
    for element in found:
        is_block = element.tag == "pre"
        if is_block and (element.attr("lang") or "").strip().lower() != "math":
            continue
        tex = element.text.strip()
        is_display = is_block or element.has_class(DISPLAY)
        drawn = _drawn(tex, "block" if is_display else "inline") if len(tex) <= left else None
        if drawn is not None:
            left -= max(len(tex), _LEAST)
            element.replace_with(_framed(drawn, is_block=is_block, is_display=is_display))
        elif not is_block:
            element.attrs["title"] = "TeX"


def _framed(drawn: Element, *, is_block: bool, is_display: bool) -> Element:
    """Put a formula into what can be scrolled where it may be wider than a phone."""
    if is_block:
        return Element("div", {"class": "readme-formula", "tabindex": "0"}, [drawn])
    letters = sum(len(part.text) for part in drawn.select("mi,mn,mo,mtext"))
    is_wide = is_display or letters > _NARROW
    return Element("span", {"class": "math math-wide" if is_wide else "math"}, [drawn])


def _drawn(tex: str, display: str) -> Element | None:
    if not tex or len(tex) > _LONGEST or _depth(tex) > _DEEPEST or _REFUSED.search(tex):
        return None
    # It takes a tenth of a second to load, and most READMEs have no formula.
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415 - see above

    plain = _ENVIRONMENT.sub(lambda m: rf"\{m[1]}{{{_ALIKE[m[2]]}}}", _SILENT.sub("", tex))
    try:
        made = convert_to_element(plain, display=display)
        count = sum(1 for _ in made.iter())
        parts = _all_built(made) if count <= _MOST_ELEMENTS else None
    except Exception:  # noqa: BLE001 - whatever it cannot read, of what anybody may write, stays TeX
        return None
    if not parts:
        return None
    said = Element("annotation", {"encoding": "application/x-tex"}, [Text(tex)])
    return Element("math", {"display": display}, [Element("semantics", {}, [*parts, said])])


def _depth(tex: str) -> int:
    depth = deepest = 0
    for brace in re.findall(r"(?<!\\)[{}]|\\left|\\right|\\begin|\\end", tex):
        depth += 1 if brace in {"{", r"\left", r"\begin"} else -1
        deepest = max(deepest, depth)
    return deepest


def _built(made: Any) -> Element | None:
    """Build an element again; None where any of it is not to be drawn."""
    text = unescape(made.text or "")
    if made.tag not in MATHML or "linebreak" in made.attrib or _is_unread(made.tag, text):
        return None
    parts = _all_built(made)
    if parts is None or len(parts) != _PARTS.get(made.tag, len(parts)):
        return None
    inside = [Text(text)] if text else []
    return Element(made.tag, dict(_kept(made.tag, made.attrib)), [*inside, *parts])


def _all_built(made: Any) -> list[Element] | None:
    parts = [_built(part) for part in made]
    built = [part for part in parts if part is not None]
    return built if len(built) == len(parts) else None


def _is_unread(tag: str, text: str) -> bool:
    """Tell whether a letter is a command or a mark of TeX that nobody understood."""
    return tag != "mtext" and (text.startswith("\\") or text in {"&", "#", "%"})


def _kept(tag: str, attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in attributes.items():
        if name in MATHML[tag] and (name not in _LENGTHS or _LENGTH.fullmatch(value)):
            yield name, value
