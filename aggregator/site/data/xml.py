"""XML for feeds and maps, built as a tree so that nothing can escape its element.

SVG and HTML are not written here; the badges only borrow what makes a text safe.

Called by `feeds` and `wellknown`.
"""

import re
from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import Element, SubElement, indent, tostring

# https://www.w3.org/TR/xml/#charsets
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def root(name: str, namespace: str, attributes: Mapping[str, str] | None = None) -> Element:
    """Begin a document."""
    return Element(name, {"xmlns": namespace, **_clean_all(attributes)})


def add(
    parent: Element, name: str, text: str | None = None, attributes: Mapping[str, str] | None = None
) -> Element:
    """Append an element with a text."""
    element = SubElement(parent, name, _clean_all(attributes))
    element.text = None if text is None else clean(text)
    return element


def clean(text: str) -> str:
    """Leave out the characters that XML does not allow."""
    return _NOT_IN_XML.sub("", text)


def escaped(text: str) -> str:
    """Make a text safe inside an element or a quoted attribute."""
    return escape(clean(text))


def document(element: Element) -> bytes:
    """Write a document, one element a line."""
    indent(element, " ")
    body: bytes = tostring(element, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _clean_all(attributes: Mapping[str, str] | None) -> dict[str, str]:
    return {name: clean(value) for name, value in (attributes or {}).items()}
