"""The sentence of a README that says what the project is: the one a visitor reads on a card.

A paragraph of the README is taken as it stands and cut at the end of a sentence. Nothing is ever
made up: when no paragraph qualifies there is no excerpt.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import NamedTuple

from aggregator.readme import excerpt_rules as rules
from aggregator.readme.pieces import Pieces, Span, is_start, text_between

MAX_LENGTH = 240
# Descriptions stand near the top: blocks looked at in all, and after the first that would do.
_LOOKED_AT = 40
_PATIENCE = 5
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


def find_excerpt(pieces: Pieces, blocks: Sequence[Span], name: str) -> str | None:
    """Give the paragraph that describes the project best, or None when none does.

    The first that defines the project wins ("X is a library for ..."); failing that the first that
    merely could stand on a card, if it is part of the introduction.

    Args:
        pieces: The README, its badges removed.
        blocks: Its paragraphs and headings that are not in lists, quotes or tables.
        name: What the project is called, without its owner.
    """
    candidate, patience = None, _PATIENCE
    for found in _paragraphs(pieces, blocks, name):
        if found.defines(name):
            return shorten(found.text)
        if candidate is None and found.introduces:
            candidate = found.text
        patience -= candidate is not None
        if not patience:
            break
    return shorten(candidate) if candidate else None


class _Found(NamedTuple):
    """A text that could describe the project, and what stands around it."""

    text: str
    introduces: bool
    follows_name: bool

    def defines(self, name: str) -> bool:
        """Tell whether it says what the project is, as far as its place asks for that."""
        if not self.introduces:
            return rules.speaks_of_itself(self.text, name)
        return self.follows_name or rules.defines(self.text, name)


def _paragraphs(pieces: Pieces, blocks: Sequence[Span], name: str) -> Iterator[_Found]:
    """List the texts that could describe the project."""
    place = _Place(name)
    for block in islice((each for each in blocks if pieces[each[0]]), _LOOKED_AT):
        if pieces[block[0]].startswith("<h"):
            place.enter(text_between(pieces, block))
            if not place.is_at_tagline:
                continue
        if place.is_elsewhere and place.words_seen:
            continue
        lines = list(_lines(pieces, block))
        if not place.is_elsewhere:
            kept = (line.text for line in lines if not _is_link_bar(line))
            text = tidy(" ".join(kept)[:_READ])
            after = rules.after_name(text, place.names)
            text = rules.without_asides(after or text)
            if rules.describes(text):
                yield _Found(text, place.introduces, after is not None)
        unlinked = sum(rules.measure(line.text) - line.linked for line in lines)
        place.words_seen |= unlinked >= rules.MIN_LENGTH


class _Place:
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
        if self._headings_seen == 1:
            self.names.append(tidy(heading))
        heading = tidy(heading) if self._headings_seen > 1 else ""
        is_tagline = rules.is_tagline(heading) or rules.after_name(heading, self.names) is not None
        self.is_at_tagline = self._headings_seen == 2 and is_tagline
        self.is_elsewhere = rules.is_about_something_else(heading)
        is_title = self._headings_seen == 1
        self.introduces = is_title or not self.words_seen or rules.introduces(heading)


def _lines(pieces: Pieces, block: Span) -> Iterator[_Line]:
    """Split a paragraph at its hard line breaks."""
    text, linked = "", 0
    for words, is_link in _words(pieces, block):
        if words == "<br>":
            yield _Line(text.strip(), linked)
            text, linked = "", 0
        else:
            text += words
            linked += len(words.strip()) if is_link else 0
    yield _Line(text.strip(), linked)


def _words(pieces: Pieces, block: Span) -> Iterator[tuple[str, bool]]:
    """Give the words of a block, and whether they are a link's; `<br>` for a line break."""
    is_link = is_raised = False
    for place in range(block[0] + 1, block[1]):
        piece = pieces[place]
        if place % 2:
            is_link = is_start(piece, "a") or (is_link and piece != "</a>")
            is_raised = is_start(piece, "sup") or (is_raised and piece != "</sup>")
            if piece.startswith("<br"):
                yield "<br>", False
        elif piece and not is_raised:
            yield unescape(piece) if "&" in piece else piece, is_link


def _is_link_bar(line: _Line) -> bool:
    return line.linked > 0.6 * len(line.text)


def tidy(text: str) -> str:
    """Drop what is not part of a sentence: leading pictures, braces, spaces before punctuation."""
    text = " ".join(text.split())
    text = _BEFORE_WORDS.sub("", _BRACED.sub(r"\1", text) if "{" in text else text)
    return _GAP.sub(r"\1", _LABEL.sub("", text))


def shorten(text: str) -> str:
    """Cut a paragraph after the last whole sentence that fits a card, or after a word."""
    if rules.width(text) <= MAX_LENGTH:
        return text
    kept = ""
    for sentence in rules.sentences(text):
        if rules.width(kept) + rules.width(sentence) > MAX_LENGTH:
            break
        kept = rules.join([kept, sentence])
    if rules.measure(kept) >= rules.MIN_LENGTH:
        return kept
    longest = MAX_LENGTH * len(text) // rules.width(text)
    end = text.rfind(" ", longest // 2, longest)
    return text[: end if end > 0 else longest].rstrip(" ,;:-\u2013(\uff0c\u3001") + "\u2026"
