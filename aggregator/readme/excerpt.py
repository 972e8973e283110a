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
    is_definition,
    is_notice,
    measure,
    says_only_a_name,
    score,
    without_asides,
)
from aggregator.readme.markup import HEADINGS
from aggregator.readme.ornaments import without_ornaments
from aggregator.readme.prose import Prose, joined, sentences_of
from aggregator.readme.running_text import (
    MAX_LENGTH,
    OF_FEATURES,
    announces,
    as_paragraphs,
    items_of,
    with_its_list,
)
from aggregator.readme.subjects import (
    bare,
    ends_with_a_thing,
    explains_another,
    speaks_of_itself,
    starts_with_a_name,
)

_BLOCKS = f"p,ul,ol,{HEADINGS}"
# What takes a paragraph out of the running text; a quotation does where words stand before it.
_CLOSED = "table,details,dl,figure"
_LISTS = frozenset({"ul", "ol"})
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
# A title that says more than the name, and a paragraph whose list ends its sentence, are taken
# where no paragraph says what the project is.
_OF_A_TITLE = 50  # the least that is sure to say what the project is
_OF_ANOTHER_TITLE = 57  # which begins with another word than the name of the repository
_OF_A_SUBTITLE = 30
_OF_A_KIND = 16  # of a title that only ends with what a project can be, or is as long as a line
_OF_A_LIST = -38
_OF_A_LATER_SENTENCE = -6

_MOST_PASTED = 4
_LONGEST_HEADING = 5  # words
_LONGEST_PASTED = 8  # words
_MOST_OF_A_NAME = 3  # words
_LONGEST_NAME = 40  # characters
_MOST_OF_A_TITLE = 6  # words
# A line of more words may be a sentence whose verb nobody here knows.
_SURE_TAGLINE = 12  # words
_MIN_SUBTITLE = 5  # words
_LEAST_OF_A_PAPER = 8  # words, as the titles of papers have
_LONG_WORD = 5  # letters, which no preposition has
_ENDS = frozenset(".,:;!?\u2026\u3002")

_OTHER_HEADINGS = Prose("other headings", form=r"\b{}\b")
_INTRODUCTIONS = Prose("introductions", form=r"\b{}\b")
_BACKGROUNDS = Prose("backgrounds", form=r"\b{}\b")
# Sections that speak of the project and never of what it does.
_OF_RULES = re.compile(
    r"licen|copyright|install|contribut|cit(?:e|ation|ing)\b|acknowledg|credit|contact|support|"
    r"require|prerequisite|deploy|test|sponsor|fund|status|news|disclaimer|warning|security|note",
    re.IGNORECASE,
)
_ORNAMENTS = re.compile(r"[^\w.,!?)\]\"'\u2019\u201d\u00bb%]+\Z")
_UNENDED = (" including", " includes", " contains", " such as", " for", " to", " from")
_WARNS = re.compile(r"(?:note|warning|caution|important|disclaimer)\b", re.IGNORECASE)
_ABOUT = re.compile(r"\A(?:(?:about|introducing|what is|why|welcome to|the)\s)*", re.IGNORECASE)


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
    with as_paragraphs(root):
        best, is_sure = _best(root, name)
    return Excerpt(_shortened(best), is_sure) if best else None


def _best(root: Element, name: str) -> tuple[str, bool]:
    blocks = (block for block in root.select(_BLOCKS) if _is_running_text(block))
    best, patience, sure = _Candidate("", LEAST - 1), _PATIENCE, False
    for place, found in enumerate(_candidates(islice(blocks, _LOOKED_AT), name)):
        one = found._replace(score=found.score - STEP * place)
        if one.score > best.score:
            best, sure = one, found.is_sure and found.score >= _OF_A_TITLE
        patience -= bool(best.text)
        # A definition is not bettered further down, and the patterns take their time.
        if not patience or found.score >= DEFINING:
            break
    return best.text, sure


def _is_running_text(block: Element) -> bool:
    above = block.parent
    if block.closest(_CLOSED) or not isinstance(above, Element):
        return False
    return above.tag not in _LISTS and not above.closest("ul,ol")


def _candidates(blocks: Iterable[Element], name: str) -> Iterator[_Candidate]:
    section = _Section(name)
    for block in blocks:
        if block.tag in _LISTS:
            if section.awaits_words and not section.words_seen:
                yield from _of_a_list(block, section)
            continue
        section.awaits_words = block.tag != "p" or not block.text.strip()
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
        text = without_ornaments(_below_pasted_headings("\n".join(kept)[:_READ], section.names))
        is_noticed = is_notice(sentences_of(text)[0])
        if not (is_noticed and is_quoted) and section.may_speak(text):
            found = _readings(text, block, section.names, section.stand(is_quoted=is_quoted))
            if section.has_title or len(text.split()) > _MOST_OF_A_TITLE or text[-1:] in _ENDS:
                yield from found
            else:  # a title that somebody wrote as a paragraph
                yield from (_as_title(one) for one in found)
        if not section.words_seen and len(text.split()) <= _MOST_OF_A_NAME:
            section.names.append(text)
        unlinked = sum(measure(text) - linked for text, linked in lines)
        section.words_seen |= unlinked >= MIN_LENGTH and not (is_quoted or is_noticed)


def _as_title(found: _Candidate) -> _Candidate:
    is_telling = found.score >= DEFINING
    return found if is_telling else found._replace(score=min(found.score, _OF_A_KIND))


def _of_a_list(block: Element, section: "_Section") -> Iterator[_Candidate]:
    """Give what is introduced in a list alone: "+ This package draws ...", or what it can do."""
    first, *others = [*items_of(block), ""]
    if not section.introduces or section.is_elsewhere or not describes(first):
        return
    if _is_of_project(first, section.names):
        more = next((item for item in others if _is_of_project(item, section.names)), "")
        more = more or next((item for item in others if is_definition(item)), "")
        text = joined(f"{item}." for item in (first, more) if item)
        yield _Candidate(text, score(text, section.names, section.stand(is_quoted=False)))


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
    # What goes on in a list is no sentence without it: "It covers the following, including".
    end = ":" if written.endswith(_UNENDED) else ""
    whole = without_asides(joined([begun_anew(first), *others]) + end)
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
    if announces(written) and describes(completed := with_its_list(written, block)):
        points = -LEAST if OF_FEATURES.fullmatch(written) else _OF_A_LIST
        yield _Candidate(completed, score(completed, names, stand) + points)


class _Section:
    """Where in a README a paragraph stands: the heading above it and what came before.

    Attributes:
        names: What the project is called: its repository's name, and the first heading.
        is_at_tagline: Whether the heading just passed is a sentence below the title.
        awaits_words: Whether nothing but a heading stands above.
        is_elsewhere: Whether this section is about installing, citing and the like.
        introduces: Whether this section, or its place at the top, says what the project is.
        words_seen: Whether a paragraph with words of its own came before.
    """

    def __init__(self, name: str) -> None:
        self._headings_seen = 0
        self.names = [name]
        self.is_at_tagline = self.is_elsewhere = self.words_seen = False
        self.introduces = True
        self.awaits_words = True
        self._is_background = self._is_of_rules = False

    @property
    def has_title(self) -> bool:
        """Tell whether a heading, or words of its own, came before."""
        return self._headings_seen > 0 or self.words_seen

    def enter(self, heading: str) -> Iterator[_Candidate]:
        """Pass a heading; the first is the title, and may say what the project is."""
        self._headings_seen += 1
        heading = without_ornaments(heading[:_READ])
        if self._headings_seen == 1:
            said = after_name(heading, self.names) or ""
            points = _OF_A_TITLE
            if not said:
                own = heading.partition(" ")[0].rstrip(":")
                said, points = after_name(heading, [own]) or "", _OF_ANOTHER_TITLE
            self.names.append(heading[: -len(said)].rstrip(" :-\u2013\u2014") if said else heading)
            if describes(said):
                yield _Candidate(said, points)
            elif describes(heading := _ORNAMENTS.sub("", heading)) and (
                points := self._points_of_title(heading)
            ):
                yield _Candidate(heading, points, is_sure=points >= DEFINING)
            return
        if len(heading.split()) > _LONGEST_HEADING and _WARNS.match(heading):
            return  # "Note: this is not ready yet", below a heading that goes on
        if self._headings_seen == 2 and not self.words_seen and _is_subtitle(heading):
            yield _Candidate(heading, _OF_A_SUBTITLE, is_sure=False)
        is_sentence = len(heading.split()) >= 8 and is_definition(heading)
        is_tagline = is_sentence or bool(after_name(heading, self.names))
        self.is_at_tagline = self._headings_seen == 2 and is_tagline
        introduces, is_other, self._is_background = _kinds_of(heading)
        if not introduces and len(heading) < _LONGEST_NAME:
            introduces = says_only_a_name(_ABOUT.sub("", heading), self.names)
        self.is_elsewhere = is_other and not introduces
        self._is_of_rules = _OF_RULES.search(heading) is not None
        is_of_a_part = self._headings_seen > _MOST_TITLES
        self.introduces = introduces or not (self.words_seen or is_of_a_part)

    def _points_of_title(self, heading: str) -> int:
        """Say how well a title that is no name says what the project is."""
        if speaks_of_itself(heading):
            return DEFINING
        words = heading.lower().split()
        known = sum(len(word) for word in words if bare(word) in bare(self.names[0]))
        if 2 * known >= len("".join(words)) or len(words) < _MIN_SUBTITLE:
            return 0  # the project is called so already
        if any(_kinds_of(heading)) or heading.endswith("?") or words[0] == "welcome":
            return 0
        is_telling = ends_with_a_thing(heading) or len(words) >= _LEAST_OF_A_PAPER
        return _OF_A_SUBTITLE if is_definition(heading) else is_telling * _OF_A_KIND

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
    is_whole = len(words) >= _MIN_SUBTITLE and heading[0].isupper() and heading[-1] != "?"
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


def _below_pasted_headings(text: str, names: list[str]) -> str:
    r"""Leave out short lines without an end before one that speaks of the project.

    Somebody pasted headings without their marks: "Ward counts\nOverview\nThis project ...", or
    left out the space after a mark: "#Ward counts". The first is what the project is called.
    """
    lines = text.split("\n")
    for at, line in enumerate(lines[:_MOST_PASTED]):
        is_below = at and line[:1].isupper() and _is_of_project(line, [*names, lines[0]])
        if is_below or (at and _kinds_of(lines[at - 1].strip())[0]):
            names.append(lines[0].strip("# "))
            return "\n".join(lines[at:])
        is_marked = line.startswith("#") and len(lines) > 1
        is_long = line.rstrip()[-1:] in _ENDS or len(line.split()) > _LONGEST_PASTED
        if is_long and not is_marked:
            break
    return text


def _is_of_project(line: str, names: list[str]) -> bool:
    return speaks_of_itself(line) or starts_with_a_name(line, names)


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
