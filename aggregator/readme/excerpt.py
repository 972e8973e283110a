"""The sentence of a README that says what the project is: the one a visitor reads on a card.

A paragraph of the README is taken as it stands and cut at the end of a sentence. Nothing is ever
made up: when no paragraph qualifies there is no excerpt. What sentences say is told by `prose`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from turbohtml import Element, Text

from aggregator.readme import prose
from aggregator.readme.markup import HEADINGS

MAX_LENGTH = 240
# Descriptions stand near the top: blocks looked at in all, and after the first that would do.
_LOOKED_AT = 40
_PATIENCE = 5
_BLOCKS = f"p,{HEADINGS}"
# What takes a paragraph out of the running text.
_CLOSED = "ul,ol,table,details,blockquote,dl,figure"
# No paragraph is read further than this.
_READ = 600

_BRACED = re.compile(r"\{([\w.]+)\}")
_BEFORE_WORDS = re.compile(
    r"\A[^\w\"'(\u2018\u201c{\[<\u300c\u300e\u300a\u3010\uff08\u00ab\u201e\u00bf\u00a1]+"
)
_LABEL = re.compile(r"\A(?:about|description|summary|overview|purpose|aim)\s*:\s*", re.IGNORECASE)
_GAP = re.compile(r" ([,.;:!?])(?=\s|$)")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a paragraph, and how much of it is the text of links."""

    text: str
    linked: int

    @property
    def is_link_bar(self) -> bool:
        return self.linked > 0.6 * len(self.text)


class _Candidate(NamedTuple):
    """A text that could describe the project, and what stands around it."""

    text: str
    introduces: bool
    follows_name: bool

    def defines(self, name: str) -> bool:
        """Tell whether it says what the project is, as far as its place asks for that."""
        if not self.introduces:
            return prose.speaks_of_itself(self.text, name)
        return self.follows_name or prose.defines(self.text, name)


def find_excerpt(root: Element, name: str) -> str | None:
    """Give the paragraph that describes the project best, or None when none does.

    The first that defines the project wins ("X is a library for ..."); failing that the first that
    merely could stand on a card, if it is part of the introduction.

    Args:
        root: The README, its badges removed.
        name: What the project is called, without its owner.
    """
    blocks = (block for block in root.select(_BLOCKS) if not block.closest(_CLOSED))
    best, patience = None, _PATIENCE
    for candidate in _candidates(islice(blocks, _LOOKED_AT), name):
        if candidate.defines(name):
            return shorten(candidate.text)
        if best is None and candidate.introduces:
            best = candidate.text
        patience -= best is not None
        if not patience:
            break
    return shorten(best) if best else None


def _candidates(blocks: Iterable[Element], name: str) -> Iterator[_Candidate]:
    section = _Section(name)
    for block in blocks:
        if block.tag != "p":
            section.enter(block.text)
            if not section.is_at_tagline:
                continue
        if section.is_elsewhere and section.words_seen:
            continue
        lines = list(_lines(block))
        if not section.is_elsewhere:
            kept = (line.text for line in lines if not line.is_link_bar)
            text = tidy(" ".join(kept)[:_READ])
            after = prose.after_name(text, section.names)
            text = prose.without_asides(after or text)
            if prose.describes(text):
                yield _Candidate(text, section.introduces, after is not None)
        unlinked = sum(prose.measure(line.text) - line.linked for line in lines)
        section.words_seen |= unlinked >= prose.MIN_LENGTH


class _Section:
    """Where in a README a paragraph stands: the heading above it and what came before.

    Attributes:
        names: What the project is called: its repository's name, and the first heading.
        is_at_tagline: Whether the heading just passed is a sentence below the title.
        is_elsewhere: Whether this section is about installing, citing and the like.
        introduces: Whether this section, or its place at the top, says what the project is.
        words_seen: Whether a paragraph with words of its own came before.
    """

    def __init__(self, name: str) -> None:
        self._headings_seen = 0
        self.names = [name]
        self.is_at_tagline = self.is_elsewhere = self.words_seen = False
        self.introduces = True

    def enter(self, heading: str) -> None:
        """Pass a heading; the first one is the title and says nothing of its section."""
        self._headings_seen += 1
        heading = tidy(heading)
        if self._headings_seen == 1:
            self.names.append(heading)
            return
        is_tagline = prose.is_tagline(heading) or bool(prose.after_name(heading, self.names))
        self.is_at_tagline = self._headings_seen == 2 and is_tagline
        self.is_elsewhere = prose.is_about_something_else(heading)
        self.introduces = not self.words_seen or prose.introduces(heading)


def _lines(block: Element) -> Iterator[_Line]:
    """Split a paragraph at its hard line breaks; raised words, such as footnotes, are left out."""
    text, linked = "", 0
    for node in block.descendants:
        if isinstance(node, Element) and node.tag == "br":
            yield _Line(text.strip(), linked)
            text, linked = "", 0
        elif isinstance(node, Text) and not node.closest("sup"):
            text += node.data
            linked += len(node.data.strip()) if node.closest("a") else 0
    yield _Line(text.strip(), linked)


def tidy(text: str) -> str:
    """Drop what is not part of a sentence: leading pictures, braces, spaces before punctuation."""
    text = " ".join(text.split())
    text = _BEFORE_WORDS.sub("", _BRACED.sub(r"\1", text) if "{" in text else text)
    return _GAP.sub(r"\1", _LABEL.sub("", text))


def shorten(text: str) -> str:
    """Cut a paragraph after the last whole sentence that fits a card, or after a word."""
    if prose.width(text) <= MAX_LENGTH:
        return text
    kept = ""
    for sentence in prose.sentences(text):
        if prose.width(kept) + prose.width(sentence) > MAX_LENGTH:
            break
        kept = prose.join([kept, sentence])
    if prose.measure(kept) >= prose.MIN_LENGTH:
        return kept
    longest = MAX_LENGTH * len(text) // prose.width(text)
    end = text.rfind(" ", longest // 2, longest)
    return text[: end if end > 0 else longest].rstrip(" ,;:-\u2013(\uff0c\u3001") + "\u2026"
