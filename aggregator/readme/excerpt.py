"""The sentence of a README that says what the project is: the one a visitor reads on a card.

A paragraph of the README is taken as it stands and cut at the end of a sentence. Nothing is ever
made up: when no paragraph qualifies there is no excerpt. What is no summary: a template's text,
which stands unchanged in thousands of READMEs; a notice, which says in what state a project is
("experimental", "moved"); an order, such as what to install. A definition that merely holds such a
word stays: "an experimental library for ...". The patterns are a table, `prose.txt`.

Every text here has one space between words and no markup.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from unicodedata import category

from turbohtml import Element, Text

from aggregator.readme.markup import HEADINGS

MAX_LENGTH = 240
_MIN_LENGTH = 25
_MIN_WORDS = 4
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
_START = 200
_MOST_LINKED = 0.6
_SHOUTED = 0.8


def _lists(table: str) -> dict[str, str]:
    """Read the named lists of patterns, each as one pattern that any of its lines fulfils."""
    lists: dict[str, str] = {}
    for section in re.sub(r"\n {4}|^#.*\n", "", table, flags=re.MULTILINE).split("== ")[1:]:
        name, _, lines = section.partition(" ==\n")
        named = re.sub(r"<([a-z ]+)>", lambda match: lists[match[1]], lines.strip("\n"))
        lists[name] = f"(?:{'|'.join(named.splitlines())})"
    return lists


_LISTS = _lists(Path(__file__).with_name("prose.txt").read_text("utf-8"))


# Letters as `re.IGNORECASE` takes them, which would have each pattern take twice the time.
_SMALL = str.maketrans("\u0130\u0131\u017f", "iis")


def _small(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_SMALL).lower()


class Prose:
    """What some lists of the table say, of a text whose capitals make no difference."""

    def __init__(self, *names: str, form: str = "{}") -> None:
        self._pattern = re.compile(form.format("|".join(map(_LISTS.__getitem__, names))))

    def begins(self, text: str) -> bool:
        """Tell whether the text begins so."""
        return self._pattern.match(_small(text)) is not None

    def is_in(self, text: str) -> bool:
        """Tell whether the text says so anywhere."""
        return self._pattern.search(_small(text)) is not None


_NOTICES = Prose("notices", "orders", "greetings")
_TEMPLATES = Prose("templates", "unfinished beginnings")
_UNFINISHED = Prose("unfinished")
_GUARANTEES = Prose("guarantees")
_NOTICES_ELSEWHERE = ("\u6ce8\u610f", "\u8b66\u544a", "\u8bf7", "\u91cd\u8981", "\u8acb")
_OTHER_HEADINGS = Prose("other headings", form=r"\b{}\b")
_INTRODUCTIONS = Prose("introductions", form=r"\b{}\b")
_OPENINGS = Prose("openings")
_ANYWHERE = Prose("anywhere")
_VERB = Prose("verb", form=r"\b{}\b")
_DEFINITIONS = Prose("definitions")
_OF_A_THING = Prose("of a thing")
_FALSE_DEFINITIONS = Prose("false definitions", form=r"{}\b")
_SPEAKS_OF_ITSELF = Prose("of itself", form=r"(?=this\b|our\b)(?!.{{0,40}}\balso\b){}")
_ORIGIN_OF_NAME = Prose("origins of names")
# As in "rotas: plans shifts", with any dash, and with brackets after the name.
_TAGLINE = re.compile(
    r"[`{\"'*]{0,2}([\w.{}/ -]{1,60}?)[`}\"'*]{0,2}(?:\s*\([^()]{1,40}\))?"
    r"(?:\s*[:\uff1a]\s*|\s+(?:-{1,3}|[\u2013\u2014|])\s+|\s*\u2014\s*)(?=\w|[\"'(\u201c])"
)
_LINK = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+")
_SENTENCE_END = re.compile(
    r"[.!?][)\"'\u201d]?\s+(?=[^\W_a-z]|[\"'(\u2018\u201c])|[\u3002\uff01\uff1f\uff61][\u300d\u300f\uff09\u201d]?\s*"
)
_ABBREVIATED = re.compile(r"\b(?:[A-QS-Z]|e\.g|i\.e|vs|al|Dr|No)$")
_LONGEST_ABBREVIATION = 4
_FULL_STOPS = frozenset("\u3002\uff01\uff1f\uff61\u300d\u300f")
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer; then Hangul, kana, Han; and how
# many of their characters make a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_UNSPACED_WORD = 5
_WIDE = re.compile(
    "[\uac00-\ud7a3\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WIDE_WORD = 2
# What is no part of a sentence: leading pictures, labels, braces, spaces before punctuation.
_BRACED = re.compile(r"\{([\w.]+)\}")
_BEFORE_WORDS = re.compile(
    r"\A[^\w\"'(\u2018\u201c{\[<\u300c\u300e\u300a\u3010\uff08\u00ab\u201e\u00bf\u00a1]+"
)
_LABEL = re.compile(r"\A(?:about|description|summary|overview|purpose|aim)\s*:\s*", re.IGNORECASE)
_GAP = re.compile(r" ([,.;:!?])(?=\s|$)")


class _Candidate(NamedTuple):
    """A text that could describe the project, whether its section does, and what stood before.

    A quotation under the title is one only where it says what the project is.
    """

    text: str
    introduces: bool
    follows_name: bool
    is_quoted: bool = False

    def defines(self, name: str) -> bool:
        """Tell whether it says what the project is, as far as its place asks for that."""
        if self.follows_name and self.introduces:
            return True
        start = self.text[:_START]
        if self.is_quoted:
            return _OF_A_THING.begins(start)
        if self.introduces:
            return _defines(start, name)
        # Further down it must speak of the whole repository.
        return _SPEAKS_OF_ITSELF.begins(start) or _starts_with_name(start, name)


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
            return _shortened(candidate.text)
        if best is None and candidate.introduces and not candidate.is_quoted:
            best = candidate.text
        patience -= best is not None
        if not patience:
            break
    return _shortened(best) if best else None


def _candidates(blocks: Iterable[Element], name: str) -> Iterator[_Candidate]:
    section = _Section(name)
    for block in blocks:
        if block.tag != "p":
            section.enter(block.text)
            if not section.is_at_tagline:
                continue
        is_quoted = block.closest("blockquote") is not None
        if section.words_seen and is_quoted:
            continue
        if section.is_elsewhere and section.words_seen:
            continue
        lines = list(_lines(block))
        if not section.is_elsewhere:
            kept = (text for text, linked in lines if linked <= _MOST_LINKED * len(text))
            text = _tidy(" ".join(kept)[:_READ])
            after = _after_name(text, section.names)
            is_noticed = is_quoted and _is_notice(sentences_of(text)[0])
            text = _without_asides(after or text)
            if _describes(text) and not is_noticed:
                yield _Candidate(text, section.introduces, after is not None, is_quoted)
        unlinked = sum(_measure(text) - linked for text, linked in lines)
        section.words_seen |= unlinked >= _MIN_LENGTH and not is_quoted


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
        heading = _tidy(heading)
        if self._headings_seen == 1:
            self.names.append(heading)
            return
        is_sentence = len(heading.split()) >= 8 and _defines(heading[:_START])
        is_tagline = is_sentence or bool(_after_name(heading, self.names))
        self.is_at_tagline = self._headings_seen == 2 and is_tagline
        introduces, is_other = _kinds_of(heading)
        self.is_elsewhere = is_other and not introduces
        is_of_a_part = self._headings_seen > _MOST_TITLES
        self.introduces = introduces or not (self.words_seen or is_of_a_part)


# READMEs share most of their headings.
@lru_cache(maxsize=2_000)
def _kinds_of(heading: str) -> tuple[bool, bool]:
    """Tell whether a heading announces what the project is, and whether anything else."""
    if len(heading) >= 60:
        return False, False
    return _INTRODUCTIONS.is_in(heading), _OTHER_HEADINGS.is_in(heading)


def _lines(block: Element) -> Iterator[tuple[str, int]]:
    """Give a paragraph's lines, and how many of their letters are links; raised words are none."""
    text, linked = "", 0
    for node in block.descendants:
        if isinstance(node, Element) and node.tag == "br":
            yield text.strip(), linked
            text, linked = "", 0
        elif isinstance(node, Text) and not node.closest("sup"):
            text += node.data
            linked += len(node.data.strip()) if node.closest("a") else 0
    yield text.strip(), linked


def _tidy(text: str) -> str:
    text = _BEFORE_WORDS.sub("", _BRACED.sub(r"\1", " ".join(text.split())))
    return _GAP.sub(r"\1", _LABEL.sub("", text))


# Sentences are judged alone, and again as part of what is left of their paragraph.
@lru_cache(maxsize=500)
def _is_template(text: str) -> bool:
    return _TEMPLATES.begins(text) or _UNFINISHED.is_in(text)


@lru_cache(maxsize=500)
def _is_notice(text: str) -> bool:
    if _NOTICES.begins(text) or _GUARANTEES.is_in(text):
        return True
    capitals = sum(map(str.isupper, text))
    cased = capitals + sum(map(str.islower, text))
    is_shouted = len(text.split()) >= 4 and capitals > _SHOUTED * cased > 0
    return is_shouted or text.startswith(_NOTICES_ELSEWHERE)


def _describes(text: str) -> bool:
    """Tell whether a paragraph's words can stand alone on a card."""
    spaced, wide, unspaced = (
        len(text.split()),
        len(_WIDE.findall(text)),
        len(_UNSPACED.findall(text)),
    )
    words = spaced + wide / _WIDE_WORD + unspaced / _UNSPACED_WORD
    if _measure(text) < _MIN_LENGTH or words < _MIN_WORDS or "\ufffd" in text:
        return False
    first = sentences_of(text)[0]
    if _OPENINGS.begins(text) or _is_template(first) or _is_notice(first):
        return False
    # Letters, and the vowels that many scripts write above or below them.
    words_only = _LINK.sub("", text)
    letters = sum(map(str.isalpha, words_only))
    if not words_only.isascii():
        letters += sum(one > "\u0300" and category(one)[0] == "M" for one in words_only)
    return letters > 0.6 * len(text) and not _ORIGIN_OF_NAME.is_in(text)


def _defines(start: str, name: str = "") -> bool:
    """Tell whether the start of a paragraph says what something is, not only something about it."""
    if _FALSE_DEFINITIONS.begins(start):
        return False
    return _DEFINITIONS.begins(start) or _starts_with_name(start, name)


def _starts_with_name(text: str, name: str) -> bool:
    """Tell whether a sentence has the project's name as its subject."""
    words = text.split()
    for count in range(1, min(len(words), 6)):
        if _bare("".join(words[:count])) == _bare(name):
            return _VERB.is_in(" ".join(words[count : count + 12]))
    return False


def _after_name(text: str, names: Iterable[str]) -> str | None:
    """Give the words of "Name: what it does" and "Name - what it does" after the name, or None."""
    match = _TAGLINE.match(text)
    written = _bare(match[1]) if match else ""
    if match and written and any(written == _bare(name) for name in names):
        return text[match.end() :]
    return None


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def sentences_of(text: str) -> list[str]:
    """Split a paragraph into sentences; abbreviations and initials do not end one."""
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(text)
        if not _ABBREVIATED.search(
            text, max(0, match.start() - _LONGEST_ABBREVIATION), match.start()
        )
    ]
    found = [text[a:b].strip() for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
    return [one for one in found if one] or [""]


def _joined(found: Iterable[str]) -> str:
    """Put sentences together, with a space between them where their script has one."""
    text = ""
    for sentence in found:
        text = text + sentence if text[-1:] in _FULL_STOPS else f"{text} {sentence}".strip()
    return text


def _without_asides(text: str) -> str:
    """Leave out sentences that give orders, licences or addresses, and an unfinished last one."""
    found = sentences_of(text)
    # What a paragraph says of the project's state before it says what it is.
    first = next((n for n, sentence in enumerate(found) if not _is_notice(sentence)), 0)
    others = (
        one
        for one in found[first + 1 :]
        if not _OPENINGS.begins(one) and not _is_template(one) and not _is_notice(one)
    )
    kept = [one for one in (found[first], *others) if not _ANYWHERE.is_in(one)]
    if kept and kept[-1].endswith(":"):
        *kept, last = kept
        before_comma = last.rpartition(", ")[0]
        if not kept and len(before_comma) >= _MIN_LENGTH:
            kept = [before_comma]
    return _joined(kept)


def _shortened(text: str) -> str:
    """Cut a paragraph after the last whole sentence that fits a card, or after a word."""
    width = _measure(text, han=2)
    if width <= MAX_LENGTH:
        return text
    kept = ""
    for sentence in sentences_of(text):
        if _measure(kept, han=2) + _measure(sentence, han=2) > MAX_LENGTH:
            break
        kept = _joined([kept, sentence])
    if _measure(kept) >= _MIN_LENGTH:
        return kept
    longest = MAX_LENGTH * len(text) // width
    end = text.rfind(" ", longest // 2, longest)
    return text[: end if end > 0 else longest].rstrip(" ,;:-\u2013(\uff0c\u3001") + "\u2026"


def _measure(text: str, han: int = 3) -> int:
    """Count letters: a Han sign says as much as three of them, and takes the room of two."""
    return len(text) if text.isascii() else len(text) + (han - 1) * len(_WIDE.findall(text))
