"""What a sentence of a README says: what its project is, or a template's text, a notice, an order.

A template's text stands unchanged in thousands of READMEs and describes none of them. A notice says
in what state a project is ("experimental", "moved", "no warranty"), an order what to install. All
would look like a summary on a card. A definition that merely holds such a word is none: "an
experimental library for ..." stays. The patterns are a table, `prose.txt`; which sentence of a
README is taken is the business of `excerpt`.

Every text here has one space between words and no markup.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from unicodedata import category

MIN_LENGTH = 25
_MIN_WORDS = 4
# A definition shows in the first words; the patterns are slow on long texts.
_START = 200
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


def _any_of(*names: str, form: str = "{}") -> re.Pattern[str]:
    return re.compile(form.format("|".join(map(_LISTS.__getitem__, names))), re.IGNORECASE)


_BEGINS_A_NOTICE = _any_of("notices", "orders", "greetings")
_BEGINS_AS_TEMPLATE = _any_of("templates")
_UNFINISHED = _any_of("unfinished")
_GUARANTEES = _any_of("guarantees")
_NOTICES_ELSEWHERE = ("\u6ce8\u610f", "\u8b66\u544a", "\u8bf7", "\u91cd\u8981", "\u8acb")
_OTHER_HEADINGS = _any_of("other headings", form=r"\b{}\b")
_INTRODUCTIONS = _any_of("introductions", form=r"\b{}\b")
_OPENINGS = _any_of("openings")
_ANYWHERE = _any_of("anywhere")
_VERB = _any_of("verb", form=r"\b{}\b")
_DEFINITION = _any_of("definitions")
_FALSE_DEFINITION = _any_of("false definitions", form=r"{}\b")
_SPEAKS_OF_ITSELF = _any_of("of itself", form=r"(?=this\b|our\b)(?!.{{0,40}}\balso\b){}")
_ORIGIN_OF_NAME = _any_of("origins of names")
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
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer; then Hangul, kana, Han; and how
# many of their characters make a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_UNSPACED_WORD = 5
_WIDE = re.compile(
    "[\uac00-\ud7a3\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WIDE_WORD = 2
_FULL_STOPS = frozenset("\u3002\uff01\uff1f\uff61\u300d\u300f")


# READMEs share most of their headings.
@lru_cache(maxsize=2_000)
def is_about_something_else(heading: str) -> bool:
    """Tell whether the paragraphs under a heading explain anything but the project."""
    is_other = len(heading) < 60 and _OTHER_HEADINGS.search(heading) is not None
    return is_other and not introduces(heading)


@lru_cache(maxsize=2_000)
def introduces(heading: str) -> bool:
    """Tell whether a heading announces what the project is."""
    return len(heading) < 60 and _INTRODUCTIONS.search(heading) is not None


def is_tagline(heading: str) -> bool:
    """Tell whether a heading below the title is really a sentence about the project."""
    return len(heading.split()) >= 8 and defines(heading)


def is_template(text: str) -> bool:
    """Tell whether words stand in many READMEs and are meant to be replaced."""
    return _BEGINS_AS_TEMPLATE.match(text) is not None or _UNFINISHED.search(text) is not None


def is_notice(text: str) -> bool:
    """Tell whether words say in what state a project is, or what to do with it, not what it is."""
    return (
        _BEGINS_A_NOTICE.match(text) is not None
        or _GUARANTEES.search(text) is not None
        or text.startswith(_NOTICES_ELSEWHERE)
        or _is_shouted(text)
    )


def _is_shouted(text: str) -> bool:
    cased = [one for one in text if one.isupper() or one.islower()]
    return len(text.split()) >= 4 and sum(map(str.isupper, cased)) > _SHOUTED * len(cased) > 0


def describes(text: str) -> bool:
    """Tell whether a paragraph's words can stand alone on a card."""
    if measure(text) < MIN_LENGTH or _count_words(text) < _MIN_WORDS or "\ufffd" in text:
        return False
    first = sentences(text)[0]
    if _OPENINGS.match(text) or is_template(first) or is_notice(first):
        return False
    return _ORIGIN_OF_NAME.search(text) is None and _is_prose(text)


def defines(text: str, name: str = "") -> bool:
    """Tell whether a paragraph says what something is, not only something about it."""
    start = text[:_START]
    if _FALSE_DEFINITION.match(start):
        return False
    return _DEFINITION.match(start) is not None or _starts_with_name(start, name)


def speaks_of_itself(text: str, name: str) -> bool:
    """Tell whether a paragraph speaks of the whole repository, wherever it stands."""
    start = text[:_START]
    return _SPEAKS_OF_ITSELF.match(start) is not None or _starts_with_name(start, name)


def _starts_with_name(text: str, name: str) -> bool:
    """Tell whether a sentence has the project's name as its subject."""
    words = text.split()
    for count in range(1, min(len(words), 6)):
        if _bare("".join(words[:count])) == _bare(name):
            return _VERB.search(" ".join(words[count : count + 12])) is not None
    return False


def after_name(text: str, names: Iterable[str]) -> str | None:
    """Give the words of "Name: what it does" and "Name - what it does" after the name, or None.

    Args:
        text: A paragraph.
        names: What the project is called.
    """
    match = _TAGLINE.match(text)
    written = _bare(match[1]) if match else ""
    if match and written and any(written == _bare(name) for name in names):
        return text[match.end() :]
    return None


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def sentences(text: str) -> list[str]:
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


def join(found: Iterable[str]) -> str:
    """Put sentences together, with a space between them where their script has one."""
    text = ""
    for sentence in found:
        text = text + sentence if text[-1:] in _FULL_STOPS else f"{text} {sentence}".strip()
    return text


def without_asides(text: str) -> str:
    """Leave out sentences that give orders, licences or addresses, and an unfinished last one."""
    found = sentences(text)
    # What a paragraph says of the project's state before it says what it is.
    first = next((n for n, sentence in enumerate(found) if not is_notice(sentence)), 0)
    others = (
        one
        for one in found[first + 1 :]
        if not _OPENINGS.match(one) and not is_template(one) and not is_notice(one)
    )
    kept = [one for one in (found[first], *others) if not _ANYWHERE.search(one)]
    if kept and kept[-1].endswith(":"):
        *kept, last = kept
        before_comma = last.rpartition(", ")[0]
        if not kept and len(before_comma) >= MIN_LENGTH:
            kept = [before_comma]
    return join(kept)


def measure(text: str) -> int:
    """Give how much a text says in letters: a Han sign says as much as three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


def width(text: str) -> int:
    """Give the room a text takes on a card in letters: a Han sign takes that of two."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _count_words(text: str) -> float:
    spaced = len(text.split())
    if text.isascii():
        return spaced
    wide, unspaced = len(_WIDE.findall(text)), len(_UNSPACED.findall(text))
    return spaced + wide / _WIDE_WORD + unspaced / _UNSPACED_WORD


def _is_prose(text: str) -> bool:
    letters = sum(map(_is_of_a_word, _LINK.sub("", text)))
    return letters > 0.6 * len(text)


def _is_of_a_word(character: str) -> bool:
    """Tell letters, and the vowels that many scripts write above or below them."""
    return character.isalpha() or (character > "\u0300" and category(character)[0] == "M")
