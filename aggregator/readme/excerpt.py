"""The sentence of a README that says what the project is: the one a visitor reads on a card.

A paragraph of the README is taken as it stands and cut at the end of a sentence. Nothing is ever
made up: when no paragraph qualifies there is no excerpt. Each paragraph near the top gets a score
by what it says and where it stands (`definitions`); the best is taken, of equals the first.

Every text here has one space between words and no markup.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from turbohtml import Element, Text

from aggregator.readme.definitions import (
    DEFINING,
    LEAST,
    MIN_LENGTH,
    STEP,
    Stand,
    after_name,
    begun_anew,
    describes,
    explains_another,
    is_definition,
    is_notice,
    measure,
    says_only_a_name,
    score,
    speaks_of_itself,
    without_asides,
)
from aggregator.readme.markup import HEADINGS
from aggregator.readme.prose import Prose, joined, sentences_of

MAX_LENGTH = 240
_BLOCKS = f"p,{HEADINGS}"
# What takes a paragraph out of the running text; a quotation does where words stand before it.
_CLOSED = "ul,ol,table,details,dl,figure"
# Descriptions stand near the top: blocks looked at in all, and after the first that would do.
_LOOKED_AT = 40
_PATIENCE = 5
# No paragraph is read further than this. A definition shows in the first words; the patterns are
# slow on long texts.
_READ = 600
# A title, and a heading that says the same or names the section; the next is of a part.
_MOST_TITLES = 2
_MOST_LINKED = 0.6
# The sentence of a paragraph that says what the project is may be one of the first.
_SENTENCES_READ = 5
_ITEMS_READ = 4
_LEAST_OF_AN_ITEM = 12
_LEFT_OPEN = 50  # characters that say enough without their list
# A title that says more than the name, and a paragraph whose list ends its sentence, are taken
# where no paragraph says what the project is.
_OF_A_TITLE = 50  # the least that is sure to say what the project is
_OF_ANOTHER_TITLE = 57  # which begins with another word than the name of the repository
_OF_A_SUBTITLE = 30
_OF_A_LIST = -38
_OF_A_LATER_SENTENCE = -6

_MOST_PASTED = 4
_LONGEST_HEADING = 5  # words
# A line of more words may be a sentence whose verb nobody here knows.
_SURE_TAGLINE = 12  # words
_MIN_SUBTITLE = 5  # words
_LONG_WORD = 5  # letters, which no preposition has
_ENDS = frozenset(".,:;!?\u2026\u3002")

_OTHER_HEADINGS = Prose("other headings", form=r"\b{}\b")
_INTRODUCTIONS = Prose("introductions", form=r"\b{}\b")
_BACKGROUNDS = Prose("backgrounds", form=r"\b{}\b")
_ANNOUNCES = Prose("announces")
# Sections that speak of the project and never of what it does.
_OF_RULES = re.compile(
    r"licen|copyright|install|contribut|cit(?:e|ation|ing)\b|acknowledg|credit|contact|support|"
    r"require|prerequisite|deploy|test|sponsor|fund|status|news|disclaimer|warning|security|note",
    re.IGNORECASE,
)
# What is no part of a sentence: leading pictures, labels, braces, spaces before punctuation, and
# the other languages in which there is a README.
_BRACED = re.compile(r"\{([\w.]+)\}")
_BEFORE_WORDS = re.compile(
    r"\A[^\w\"'(\u2018\u201c{\[<\u300c\u300e\u300a\u3010\uff08\u00ab\u201e\u00bf\u00a1]+"
)
_LABEL = re.compile(
    r"\A(?:about|abstract|description|summary|overview|purpose|aim|goal|objective|introduction|"
    r"tl;?dr|what (?:this|it) is)\s*:\s*",
    re.IGNORECASE,
)
_IS_A = re.compile(r"[\w{}.-]+ is an? ")
_GAP = re.compile(r" ([,.;:!?])(?=\s|$)")
_LANGUAGE = rf"[\[(]?{Prose.pattern('languages')}[\])]?"
_BETWEEN = r"\s*[|/\u00b7\u2022\uff5c,\u2013-]\s*"
_LANGUAGE_BAR = re.compile(
    rf"(?:\A|(?<=[.!?] ))(?:[\w ]{{0,40}}:\s*)?{_LANGUAGE}(?:{_BETWEEN}{_LANGUAGE})+(?!\w)\s*",
    re.IGNORECASE,
)


class _Candidate(NamedTuple):
    text: str
    score: int
    is_sure: bool = True


class Excerpt(NamedTuple):
    """A paragraph that describes a project, and whether it says what that is.

    One that only stands where such a paragraph would is not sure, nor one that explains what the
    project is about ("FHIR is a specification for ..."): what a file says goes before it.
    """

    text: str
    is_sure: bool


def find_excerpt(root: Element, name: str) -> Excerpt | None:
    """Give the paragraph that describes the project best, or None when none does.

    Args:
        root: The README, its badges removed.
        name: What the project is called, without its owner.
    """
    blocks = (block for block in root.select(_BLOCKS) if not block.closest(_CLOSED))
    best, patience, sure = _Candidate("", LEAST - 1), _PATIENCE, False
    for place, found in enumerate(_candidates(islice(blocks, _LOOKED_AT), name)):
        one = found._replace(score=found.score - STEP * place)
        if one.score > best.score:
            best, sure = one, found.is_sure and found.score >= _OF_A_TITLE
        patience -= bool(best.text)
        # A definition is not bettered further down, and the patterns take their time.
        if not patience or found.score >= DEFINING:
            break
    return Excerpt(_shortened(best.text), sure) if best.text else None


def _candidates(blocks: Iterable[Element], name: str) -> Iterator[_Candidate]:
    section = _Section(name)
    for block in blocks:
        if block.tag != "p":
            yield from section.enter(block.text)
            if not section.is_at_tagline:
                continue
        is_quoted = block.closest("blockquote") is not None
        if section.words_seen and (is_quoted or section.is_elsewhere):
            continue
        lines = list(_lines(block))
        kept = (
            text
            for text, linked in lines
            if linked <= _MOST_LINKED * len(text) or speaks_of_itself(text)
        )
        text = _tidy(_below_pasted_headings("\n".join(kept)[:_READ]))
        is_noticed = is_notice(sentences_of(text)[0])
        if not (is_noticed and is_quoted) and section.may_speak(text):
            yield from _readings(text, block, section.names, section.stand(is_quoted=is_quoted))
        unlinked = sum(measure(text) - linked for text, linked in lines)
        section.words_seen |= unlinked >= MIN_LENGTH and not (is_quoted or is_noticed)


def _readings(
    text: str, block: Element, names: Iterable[str], stand: Stand
) -> Iterator[_Candidate]:
    """Give a paragraph; what follows in it once it speaks of the project; and it with its list."""
    if says_only_a_name(text, names):
        return
    after = after_name(text, names)
    stand = stand._replace(follows_name=after is not None)
    written = after or text
    first, *others = sentences_of(written)
    whole = without_asides(joined([begun_anew(first), *others]))
    points = score(whole, names, stand) if describes(whole) else 0
    if points:
        yield _Candidate(whole, points, not explains_another(whole, names))
    is_long = points < DEFINING and len(first.split()) > _SURE_TAGLINE
    if stand.is_quoted or (points > _OF_A_TITLE and not is_long):
        return
    read = _SENTENCES_READ - 1 if stand.introduces else 0
    for at, other in enumerate(others[:read], 1):
        sentence = begun_anew(other)
        later = without_asides(joined([sentence, *others[at:]]))
        if speaks_of_itself(sentence) and later.startswith(sentence) and describes(later):
            yield _Candidate(later, score(later, names, stand) + _OF_A_LATER_SENTENCE)
            return
    is_begun = written.endswith((":", "\uff1a")) or _ANNOUNCES.is_in(written)
    if is_begun and describes(completed := _with_its_list(written, block)):
        yield _Candidate(completed, score(completed, names, stand) + _OF_A_LIST)


def _with_its_list(text: str, block: Element) -> str:
    """End a sentence with the quotation or the items that it announces, as far as a card holds."""
    listed = next((node for node in block.next_siblings if isinstance(node, Element)), None)
    if listed is None or listed.tag not in {"ul", "ol", "blockquote"}:
        return _left_open(sentences_of(text)[-1])
    rows = listed.find_all("p" if listed.tag == "blockquote" else "li")
    items = [_tidy(row.text.strip().partition("\n")[0]) for row in rows]
    begun, kept = sentences_of(text)[-1], list[str]()
    for item in items[:_ITEMS_READ]:
        longer = f"{begun} {'; '.join([*kept, item.rstrip(' .;,')])}"
        is_too_long = bool(kept) and measure(longer, han=2) >= MAX_LENGTH
        if len(item) < _LEAST_OF_AN_ITEM or is_too_long:
            break
        kept.append(item.rstrip(" .;,"))
    end = "." if len(kept) == len(items) else "\u2026"
    return f"{begun} {'; '.join(kept)}{end}" if kept else ""


def _left_open(sentence: str) -> str:
    """Give a long sentence on the project without the list that it announces and nobody wrote."""
    said = sentence.rstrip(" :\uff1a")
    is_whole = speaks_of_itself(said) or _IS_A.match(said) is not None
    return f"{said}\u2026" if len(said) >= _LEFT_OPEN and is_whole else ""


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
        self._is_background = self._is_of_rules = False

    def enter(self, heading: str) -> Iterator[_Candidate]:
        """Pass a heading; the first is the title, and may say what the project is."""
        self._headings_seen += 1
        heading = _tidy(heading[:_READ])
        if self._headings_seen == 1:
            said = after_name(heading, self.names) or ""
            points = _OF_A_TITLE
            if not said:
                own = heading.partition(" ")[0].rstrip(":")
                said, points = after_name(heading, [own]) or "", _OF_ANOTHER_TITLE
            self.names.append(heading[: -len(said)].rstrip(" :-\u2013\u2014") if said else heading)
            if describes(said):
                yield _Candidate(said, points)
            return
        if self._headings_seen == 2 and not self.words_seen and _is_subtitle(heading):
            yield _Candidate(heading, _OF_A_SUBTITLE, is_sure=False)
        is_sentence = len(heading.split()) >= 8 and is_definition(heading)
        is_tagline = is_sentence or bool(after_name(heading, self.names))
        self.is_at_tagline = self._headings_seen == 2 and is_tagline
        introduces, is_other, self._is_background = _kinds_of(heading)
        self.is_elsewhere = is_other and not introduces
        self._is_of_rules = _OF_RULES.search(heading) is not None
        is_of_a_part = self._headings_seen > _MOST_TITLES
        self.introduces = introduces or not (self.words_seen or is_of_a_part)

    def may_speak(self, text: str) -> bool:
        """Tell whether a paragraph of this section may be about the project at all."""
        if not self.is_elsewhere:
            return True
        return speaks_of_itself(text) and not self._is_of_rules

    def stand(self, *, is_quoted: bool) -> Stand:
        """Say where a paragraph stands."""
        opens = self.introduces and not self.words_seen
        return Stand(self.introduces, opens, is_quoted=is_quoted, is_background=self._is_background)


def _is_subtitle(heading: str) -> bool:
    """Tell whether the heading below the title is a line on the project, and not a name."""
    words = heading.split()
    is_whole = len(words) >= _MIN_SUBTITLE and heading[0].isupper()
    is_told = any(len(word) >= _LONG_WORD and word.islower() for word in words)
    return is_whole and is_told and not any(_kinds_of(heading)) and describes(heading)


# READMEs share most of their headings.
@lru_cache(maxsize=2_000)
def _kinds_of(heading: str) -> tuple[bool, bool, bool]:
    """Tell whether a heading announces what the project is, anything else, or why it is."""
    if len(heading) >= 60:
        return False, False, False
    kinds = (_INTRODUCTIONS, _OTHER_HEADINGS, _BACKGROUNDS)
    introduces, is_other, is_background = (kind.is_in(heading) for kind in kinds)
    return introduces, is_other, is_background


def _lines(block: Element) -> Iterator[tuple[str, int]]:
    """Give a paragraph's lines, and how many of their letters are links; raised words are none.

    A reference to a citation in reStructuredText ("[Smith2020]") is no word of the sentence.
    """
    text, linked = "", 0
    for node in block.descendants:
        if isinstance(node, Element) and node.tag == "br":
            yield text.strip(), linked
            text, linked = "", 0
        elif isinstance(node, Text) and not node.closest("sup,a[id*=citation-reference]"):
            text += node.data
            is_label = "://" not in node.data and node.closest("a") is not None
            linked += len(node.data.strip()) if is_label else 0
    yield text.strip(), linked


def _below_pasted_headings(text: str) -> str:
    r"""Leave out short lines without an end before one that speaks of the project.

    Somebody pasted headings without their marks: "Ward counts\nOverview\nThis project ...".
    """
    lines = text.split("\n")
    for at, line in enumerate(lines[:_MOST_PASTED]):
        is_below = at and line[:1].isupper() and speaks_of_itself(line)
        if is_below or (at and _kinds_of(lines[at - 1].strip())[0]):
            return "\n".join(lines[at:])
        if line.rstrip()[-1:] in _ENDS or len(line.split()) > _LONGEST_HEADING:
            break
    return text


def _tidy(text: str) -> str:
    text = _BEFORE_WORDS.sub("", _BRACED.sub(r"\1", " ".join(text.split())))
    return _GAP.sub(r"\1", _LABEL.sub("", _BEFORE_WORDS.sub("", _LANGUAGE_BAR.sub("", text))))


def _shortened(text: str) -> str:
    """Cut a paragraph after the last whole sentence that fits a card, or after a word."""
    width = measure(text, han=2)
    if width <= MAX_LENGTH:
        return text
    kept = ""
    for sentence in sentences_of(text):
        if measure(kept, han=2) + measure(sentence, han=2) > MAX_LENGTH:
            break
        kept = joined([kept, sentence])
    if measure(kept) >= MIN_LENGTH:
        return kept
    longest = MAX_LENGTH * len(text) // width
    end = text.rfind(" ", longest // 2, longest)
    return text[: end if end > 0 else longest].rstrip(" ,;:-\u2013(\uff0c\u3001") + "\u2026"
