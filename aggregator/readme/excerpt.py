"""The sentence of a README that says what the project is: the one a visitor reads on a card.

A paragraph of the README is taken as it stands and cut at the end of a sentence. Nothing is ever
made up: when no paragraph qualifies there is no excerpt.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborNode

from aggregator.readme import excerpt_rules as rules

MAX_LENGTH = 240
_HOLDERS = frozenset({"div", "section", "center", "article", "main", "header"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
# Descriptions stand near the top: blocks looked at in all, and after the first that would do.
_LOOKED_AT = 40
_PATIENCE = 5
# No paragraph is read further than this.
_READ = 600


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a paragraph, and how much of it is the text of links."""

    text: str
    linked: int


def find_excerpt(body: LexborNode, name: str) -> str | None:
    """Give the paragraph that describes the project best, or None when none does.

    The first that defines the project wins ("X is a library for ..."); failing that the first that
    merely could stand on a card, if it is part of the introduction.

    Args:
        body: The README, its badges removed.
        name: What the project is called, without its owner.
    """
    candidate, patience = None, _PATIENCE
    for text, is_introduction in _paragraphs(body):
        if rules.defines(text, name) if is_introduction else rules.speaks_of_itself(text, name):
            return shorten(text)
        if candidate is None and is_introduction:
            candidate = text
        patience -= candidate is not None
        if not patience:
            break
    return shorten(candidate) if candidate else None


def _paragraphs(body: LexborNode) -> Iterator[tuple[str, bool]]:
    """List the texts that could describe the project, and whether they introduce it."""
    place = _Place()
    for block in islice(_blocks(body), _LOOKED_AT):
        if block.tag in _HEADINGS:
            place.enter(block.text())
            if not place.is_at_tagline:
                continue
        if not place.is_elsewhere:
            kept = (line.text for line in _lines(block) if not _is_link_bar(line))
            text = tidy(" ".join(kept)[:_READ])
            text = rules.without_asides(text)
            if rules.describes(text):
                yield text, place.introduces
        place.words_seen |= len(text_of(block)) >= rules.MIN_LENGTH


class _Place:
    """Where in a README a paragraph stands: the heading above it and what came before."""

    def __init__(self) -> None:
        self._heading = ""
        self._headings_seen = 0
        self._opens = True
        self.words_seen = False

    def enter(self, heading: str) -> None:
        """Pass a heading; the first one is the title and says nothing of its section."""
        self._headings_seen += 1
        self._heading = tidy(heading) if self._headings_seen > 1 else ""
        self._opens = not self.words_seen

    @property
    def is_at_tagline(self) -> bool:
        """Tell whether the heading just passed is a sentence below the title."""
        return self._headings_seen == 2 and rules.is_tagline(self._heading)

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether this section is about installing, citing and the like."""
        return rules.is_about_something_else(self._heading)

    @property
    def introduces(self) -> bool:
        """Tell whether this section, or its place at the top, says what the project is."""
        return self._opens or rules.introduces(self._heading)


def text_of(block: LexborNode) -> str:
    """Read the words of a block that are not links."""
    return "".join(words for words, is_link in _words(block, is_link=False) if not is_link)


def _blocks(node: LexborNode) -> Iterator[LexborNode]:
    """Walk the paragraphs and headings that stand in the open, not in lists, quotes or tables."""
    for child in node.iter():
        if child.tag == "p" or child.tag in _HEADINGS:
            yield child
        elif child.tag in _HOLDERS:
            yield from _blocks(child)


def _lines(paragraph: LexborNode) -> Iterator[_Line]:
    """Split a paragraph at its hard line breaks."""
    text, linked = "", 0
    for words, is_link in _words(paragraph, is_link=False):
        if words == "<br>":
            yield _Line(text.strip(), linked)
            text, linked = "", 0
        else:
            text += words
            linked += len(words.strip()) if is_link else 0
    yield _Line(text.strip(), linked)


def _words(node: LexborNode, *, is_link: bool) -> Iterator[tuple[str, bool]]:
    for child in node.iter(include_text=True):
        if child.is_text_node:
            yield child.text_content or "", is_link
        elif child.tag == "br":
            yield "<br>", False
        elif child.tag != "sup":
            yield from _words(child, is_link=is_link or child.tag == "a")


def _is_link_bar(line: _Line) -> bool:
    return line.linked > 0.6 * len(line.text)


def tidy(text: str) -> str:
    """Drop what is not part of a sentence: leading pictures, braces, spaces before punctuation."""
    text = re.sub(r"\{([\w.]+)\}", r"\1", " ".join(text.split()))
    text = re.sub(r"^[^\w\"'(\u2018\u201c{\[<]+", "", text)
    text = re.sub(
        r"^(?:about|description|summary|overview|purpose|aim)\s*:\s*", "", text, flags=re.IGNORECASE
    )
    return re.sub(r"\s+([,.;:!?])(?=\s|$)", r"\1", text)


def shorten(text: str) -> str:
    """Cut a paragraph after the last whole sentence that fits a card, or after a word."""
    if len(text) <= MAX_LENGTH:
        return text
    kept = ""
    for sentence in rules.sentences(text):
        if len(kept) + len(sentence) > MAX_LENGTH:
            break
        kept = f"{kept} {sentence}".strip()
    if len(kept) >= rules.MIN_LENGTH:
        return kept
    return text[: text.rfind(" ", 0, MAX_LENGTH)].rstrip(" ,;:-\u2013(") + "\u2026"
