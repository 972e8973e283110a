"""XML for feeds and maps, built as a tree so that nothing can escape its element.

SVG and HTML are not written here; the badges only borrow what makes a text safe. Called by `feeds`
and `wellknown`.
"""

import re
from collections.abc import Iterable, Mapping
from html import escape
from types import MappingProxyType
from xml.etree.ElementTree import Element, indent, tostring

# https://www.w3.org/TR/xml/#charsets
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(
    name: str,
    content: str | Iterable[Element] = (),
    attributes: Mapping[str, str] = MappingProxyType({}),
) -> Element:
    """Make an element of a text, or of other elements."""
    made = Element(name, {name: clean(value) for name, value in attributes.items()})
    if isinstance(content, str):
        made.text = clean(content)
    else:
        made.extend(content)
    return made


def clean(text: str) -> str:
    """Leave out the characters that XML does not allow."""
    return _NOT_IN_XML.sub("", text)


def escaped(text: str) -> str:
    """Make a text safe inside an element or a quoted attribute."""
    return escape(clean(text))


def document(root: Element) -> bytes:
    """Write a document, one element a line."""
    indent(root, " ")
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"
