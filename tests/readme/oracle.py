"""A second opinion on safety: another parser, other lists, written without looking at the first.

html5lib builds the tree a browser would; anything in it that could run, submit, restyle or clobber
the page is a finding.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

_TAGS = frozenset(
    {"a", "abbr", "b", "bdo", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details"}
    | {"dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr"}
    | {"i", "img", "input", "ins", "kbd", "li", "mark", "ol", "p", "picture", "pre", "q", "rp"}
    | {"rt", "ruby", "s", "samp", "section", "small", "source", "span", "strong", "sub", "summary"}
    | {"sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "ul", "var", "wbr"}
)
_ATTRIBUTES = frozenset(
    {"abbr", "alt", "aria-label", "checked", "cite", "class", "colspan", "datetime", "decoding"}
    | {"dir", "disabled", "headers", "height", "href", "hreflang", "id", "lang", "loading"}
    | {"longdesc", "media", "open", "referrerpolicy", "rel", "reversed", "role", "rowspan", "scope"}
    | {"sizes", "src", "srcset", "start", "tabindex", "title", "type", "value", "width"}
)
# What presents a formula: https://www.w3.org/TR/mathml-core/, less what links, acts or embeds.
_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_FORMULA_TAGS = frozenset(
    {"annotation", "math", "menclose", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom"}
    | {"mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable"}
    | {"mtd", "mtext", "mtr", "munder", "munderover", "semantics"}
)
_FORMULA_ATTRIBUTES = frozenset(
    {"accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display"}
    | {"displaystyle", "encoding", "fence", "form", "height", "largeop", "linethickness", "lspace"}
    | {"mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowspacing", "rspace"}
    | {"scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width"}
)
_FORMULA_VALUE = re.compile(r"[\w.+/ -]{1,40}")
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|ircs?://|irc:|xmpp:|#)", re.IGNORECASE)
_SAFE_IMAGE = re.compile(
    r"https?://|diagrams/[0-9a-f]{16}(?:-dark)?\.svg\Z|pictures/[0-9a-f]{16}\.(?:png|jpg|gif|svg)\Z",
    re.IGNORECASE,
)


def findings(html: str) -> list[str]:
    """List what a README must not contain; empty when it is safe."""
    tree = html5lib.parseFragment(html, container="div", namespaceHTMLElements=False)
    return [finding for element in tree.iter() for finding in _judge(element)]


def _judge(element: Element) -> Iterator[str]:
    if element.tag == "DOCUMENT_FRAGMENT":
        return
    if not isinstance(element.tag, str):
        yield f"comment {element.text!r}"
        return
    if element.tag.startswith(_MATHML):
        yield from _judge_formula(element)
        return
    if element.tag not in _TAGS:
        yield f"element {element.tag}"
    for name, value in element.attrib.items():
        yield from _judge_attribute(element.tag, str(name), value)
    if element.tag == "input" and not _is_checkbox(element):
        yield "a form field"
    if element.tag == "img" and not _is_quiet(element):
        yield f"an image that tells or has no alternative: {element.attrib}"


def _judge_formula(element: Element) -> Iterator[str]:
    if element.tag.removeprefix(_MATHML) not in _FORMULA_TAGS:
        yield f"element {element.tag}"
    yield from (f"{part.tag} in a formula" for part in element if _MATHML not in str(part.tag))
    for name, value in element.attrib.items():
        if name not in _FORMULA_ATTRIBUTES or not _FORMULA_VALUE.fullmatch(value):
            yield f"attribute {name}={value} of {element.tag}"


def _judge_attribute(tag: str, name: str, value: str) -> Iterator[str]:
    if name not in _ATTRIBUTES:
        yield f"attribute {name} of {tag}"
    if name == "id" and not value.startswith("user-content-"):
        yield f"id {value}"
    if name == "href" and not _SAFE_LINK.match(value):
        yield f"link to {value}"
    if name in {"src", "cite", "longdesc"} and not _SAFE_IMAGE.match(value):
        yield f"{name} {value}"
    if name == "srcset":
        yield from (f"srcset {one}" for one in value.split(", ") if not _SAFE_IMAGE.match(one))
    if name == "tabindex" and value != "0":
        yield f"tabindex {value}"


def _is_checkbox(element: Element) -> bool:
    return element.get("type") == "checkbox" and element.get("disabled") is not None


def _is_quiet(element: Element) -> bool:
    return (
        element.get("loading") == "lazy"
        and element.get("referrerpolicy") == "no-referrer"
        and element.get("alt") is not None
    )
