"""The tags somebody wrote by hand into a README.

Most READMEs have few, written as a parser would write them; those need no parser to be understood.
"""

import re
from collections import Counter
from dataclasses import dataclass

from aggregator.readme import bombs
from aggregator.readme.sanitise import KEPT

# More names than these are an attack, and not worth looking for one by one.
_MANY_NAMES = 100
_MANY_TAGS = 20
# `<https://...>` is a link; `!--` is the name of a comment here.
_NAME = re.compile(r"<(?!https?://)(/?[A-Za-z!?][^\s/>]*)")
_VOID = frozenset({"img", "br", "hr", "input", "source", "wbr"})
# The start of a tag whose name is not in small letters, with a value not in double quotes, or
# broken by anything but single spaces.
_IRREGULAR = re.compile(
    r"<(?!https?://|!--)(?=[A-Za-z/!?])"
    r'(?!/?[a-z][a-z0-9]*(?: [a-z-]+="[^"<>]*")* ?/?>)[^>]{0,100}'
)
_BLOCK = re.compile(
    r"<(?:h[1-6r]|div|table|[uod]l|blockquote|details|section|center|header|figure)[ >]"
)


@dataclass(frozen=True, slots=True)
class WrittenTags:
    """What was written by hand.

    Args:
        names: The elements, in small letters; empty when all tags are the parser's own.
        are_regular: Whether each is closed, and each value in quotes.
        hold_comments: Whether there are comments or the like among them.
        spared: Values of `class` that the parser gives its own blocks; they stay with their roles.
    """

    names: frozenset[str] = frozenset()
    are_regular: bool = True
    hold_comments: bool = False
    spared: frozenset[str] = frozenset()


class TooDeepError(ValueError):
    """A README nested so deeply that no parser would finish in time."""


def tags_written(written: str, html: str) -> WrittenTags:
    """Find the tags of a README that its author wrote.

    Args:
        written: What the author wrote; tags in its code are not tags in the HTML.
        html: What a parser made of it, tags written by hand as they were.

    Raises:
        TooDeepError: They are nested too deeply to be sanitised in time.
    """
    tags = _NAME.findall(written)
    if bombs.is_deep(tags) and bombs.is_deep(_NAME.findall(html)):
        raise TooDeepError
    counted = Counter(tags)
    names = {name.removeprefix("/") for name in counted}
    if len(names) <= _MANY_NAMES:
        names = {name for name in names if name in KEPT or f"<{name}" in html}
    if "<http" in html:  # in HTML written by hand, it is no link
        names.update(("http:", "https:"))
    balanced = all(_is_closed(name, counted) for name in names)
    nested = "p" in names and _paragraphs_hold_blocks(html)
    regular = balanced and not nested and not (names and _holds_irregular(written, html))
    elements = frozenset(name.lower() for name in names if name[0].isalpha())
    return WrittenTags(elements, regular, len(elements) < len(names))


def _holds_irregular(written: str, html: str) -> bool:
    tags = set(_IRREGULAR.findall(written))
    return len(tags) > _MANY_TAGS or any(tag in html for tag in tags)


def _is_closed(name: str, counted: Counter[str]) -> bool:
    return name in _VOID or name[0] in "!?" or counted[name] == counted[f"/{name}"]


def _paragraphs_hold_blocks(html: str) -> bool:
    """Tell whether a block begins in a paragraph, which ends there whatever its end tag says."""
    is_open = False
    for part in html.split("<p")[1:]:
        starts = part.startswith((" ", ">"))
        if is_open and (starts or part.startswith("re")):
            return True
        inside, end, _ = part.partition("</p>")
        is_open = is_open or starts
        if is_open and _BLOCK.search(inside):
            return True
        is_open = is_open and not end
    return False
