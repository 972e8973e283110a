"""The HTML of a README as a tree that each step of rendering changes a little, and what is in it.

Parsers let HTML through that somebody wrote by hand. In the tree each tag is closed, and what is
never shown, or only this site may say, is gone. Nothing here makes it safe: that is `sanitise`.
"""

import re
from collections.abc import Mapping, Set

from turbohtml import Comment, Element, Text, parse_fragment

from aggregator.readme.films import link_films
from aggregator.readme.formats import UnreadableError
from aggregator.readme.sanitise import DROPPED, KEPT
from aggregator.readme.shortcodes import shortcodes_in

HEADINGS = "h1,h2,h3,h4,h5,h6"
# The sanitiser's time grows with the square of the depth; nothing readable is nested this deeply.
MAX_DEPTH = 150
_TOO_DEEP = " > ".join("*" * (MAX_DEPTH + 1))
_NEVER_SHOWN = ",".join(sorted(DROPPED))
_OTHERS = f":not({','.join(sorted(KEPT))})"
_AS_WRITTEN = "code,kbd,samp,pre,tt"
# Attributes that only this site may give, and languages nobody speaks.
_OURS = frozenset({"role", "tabindex", "aria-label", "class", "style"})
_PARSERS_OWN = frozenset({"role", "aria-label", "class"})
_CHECKED = ",".join(f"[{name}]" for name in sorted({"lang", *_OURS}))
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Za-z0-9]{2,8})*")
# The marks of footnotes and formulas are only names for the style sheet.
_MARKS = frozenset({"footnotes", "footnote-ref", "footnote-backref", "math"})


def parse(html: str) -> Element:
    """Read any HTML as what stands inside a `<div>`, as a browser would."""
    return parse_fragment(html, positions=False)


def read_markup(html: str, spared: Set[str]) -> Element:
    """Read what a parser of READMEs wrote, without what does not belong in one.

    Args:
        html: Any HTML.
        spared: Values of `class` that the parser gives its own blocks.

    Raises:
        UnreadableError: It is nested too deeply to be sanitised in time.
    """
    root = parse(html)
    if root.select_one(_TOO_DEEP):
        raise UnreadableError("its markup is nested too deeply")
    root.strip_tags("noscript")
    link_films(root)
    root.remove(_NEVER_SHOWN)
    # The sanitiser would do the same after parsing, and leave what is in them where no parser would
    # put it.
    root.strip_tags(_OTHERS)
    for node in list(root.descendants) if "<!" in html else ():
        if isinstance(node, Comment):
            node.decompose()
    for element in root.select(_CHECKED):
        is_marked = element.attr("class") in spared | _MARKS
        for name in _OURS - _PARSERS_OWN if is_marked else _OURS:
            element.attrs.pop(name, None)
        if element.tag != "pre" and not _LANGUAGE.fullmatch(element.attr("lang") or "en"):
            del element.attrs["lang"]
    replace_shortcodes(root, f"{HEADINGS},{_AS_WRITTEN}")
    return root


def replace_shortcodes(root: Element, but_in: str = _AS_WRITTEN) -> None:
    """Replace emoji shortcodes in the texts below an element, but inside elements of some names.

    Headings wait until they have their anchors: `:rocket: Launch` is `#rocket-launch` on GitHub.
    """
    replaced = shortcodes_in(root.text)
    if replaced is None:
        return
    for node in root.descendants:
        if isinstance(node, Text) and ":" in node.data and node.closest(but_in) is None:
            node.data = replaced(node.data)


def attributes_of(element: Element) -> dict[str, str]:
    """Read the attributes of an element, in order."""
    return {name: element.attr(name) or "" for name in element.attrs}


def write_attributes(element: Element, attributes: Mapping[str, str]) -> None:
    """Give an element these attributes and no others, in this order."""
    element.attrs.clear()
    element.attrs.update(attributes)
