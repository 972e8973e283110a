"""Turn text into the words that search compares: split, fold, leave out, stem.

The rules that a browser needs as well (stop words, spellings, endings) are data, so that the
very same tables travel inside the index and both halves give the same words. Nothing here knows
about documents, fields or scores. The index builder and the query reader call it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import NamedTuple, TypeVar

MadeT = TypeVar("MadeT")

_STOP = """
a about all also am an and any are as at be been being both but by can could did do does doing
for from get had has have having he her here his how i if in into is it its just like make may
me might more most must my need no not of on one or other our out put she should so some
such than that the their them then there these they this those through to too us use used
using very want was we were what when where which while who whom why will with within without
would you your
arent cant couldnt didnt doesnt dont hasnt havent im isnt ive lets shouldnt thats theres theyre
wasnt wont wouldnt whats wheres youre youve
"""
STOP_WORDS = frozenset(_STOP.split())
STOP_LIST = " ".join(sorted(STOP_WORDS))

Rewrite = tuple[str, str]

# Applied in order, every one that fits: two spellings of one word become one. The outcome need
# not be a real word, only the same for both; `$1` is the first group.
SPELLINGS: tuple[Rewrite, ...] = (
    ("is(e|ed|es|er|ers|ing|ation|ations)$", "iz$1"),
    ("ys(e|ed|er|ers|ing)$", "yz$1"),
    ("([a-z]{3})our", "$1or"),
    ("([a-z])ae([a-z]{2})", "$1e$2"),
    ("([a-z]?)oe([a-z]{4})", "$1e$2"),
    ("^ae([a-z]{4})", "e$1"),
    ("ogue(s?)$", "og$1"),
    ("([^aeiou])tre(s?)$", "$1ter$2"),
    ("([a-z]{2})ence(d|s|)$", "$1ense$2"),
    ("gramme(s?)$", "gram$1"),
    ("eing$", "ing"),
)

# Groups one after another; in each the first rule that fits is the one applied.
ENDINGS: tuple[tuple[Rewrite, ...], ...] = (
    (
        ("^(alias|atlas|bias|canvas|lens)$", "$1"),
        ("(ss|us|is)$", "$1"),
        ("([sx]|ch|sh)es$", "$1e"),
        ("([a-z]{2})ies$", "$1y"),
        ("([a-z0-9]{2})s$", "$1"),
    ),
    (
        ("(embed)$", "$1"),
        ("([a-z]{3})(yze?|ysis|yst|ytic|ytical|yzing|yzed)$", "$1ys"),
        ("([a-z]{4})(ibility|ability|ibl[ey]|abl[ey])$", "$1"),
        ("([a-z]{4})ative$", "$1"),
        ("([a-z]{3})ification$", "$1ifi"),
        ("([a-z]{3}os)is$", "$1"),
        ("([a-z]{3}[ct])(ive|or)$", "$1"),
        ("([a-z]{3}t)ion(al)?$", "$1"),
        ("([a-z]{6}ic)al$", "$1"),
        ("^([^aeiou][aeiou][^aeiouwxy])(ing|ed)$", "$1e"),
        ("([a-z]{2})ied$", "$1y"),
        ("([aeiouy][a-z]+)ing$", "$1"),
        ("([aeiouy][a-z]*[^aeio])ed$", "$1"),
        ("([a-z]{4})e$", "$1"),
    ),
    # Not of `publicat(ion)`, which is not public, nor of `medicat(ion)`.
    (("([a-z]{3}[^c]|[a-z]{2}[^i]c)at$", "$1"),),
    (("([a-z]{4})e$", "$1"),),
    # As in `planned`, but what a short word ends in is its own: `loss` is not LOS, `app` not AP.
    (
        ("([a-z]{2}([^aeioufls]))\\2$", "$1"),
        ("([a-z]{4}([fls]))\\2$", "$1"),
        ("([a-z]{3})y$", "$1i"),
    ),
)

# Sets of characters, written so that they stand in a pattern of Python and of a browser alike.
# What is written over or under letters and left out by people in a hurry: accents, points of
# Hebrew and Arabic, the lengthening stroke, and signs that only say how a line may be broken.
DROPPED = (
    "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u200c-\u200f\u2060\ufe00-\ufe0f"
)
# The letters of India, Sri Lanka and Tibet with their vowel signs, which are no letters by
# themselves but keep a word together.
SIGNED = (
    "\u0900-\u0963\u0971-\u09e5\u09f0-\u0a65\u0a70-\u0ae5\u0b00-\u0b65\u0b70-\u0be5"
    "\u0c00-\u0c65\u0c80-\u0ce5\u0d00-\u0d65\u0d7a-\u0de5\u0df2\u0df3\u0f40-\u0fbc"
)
# What is written without spaces between words (Thai, Lao, Burmese, Khmer, Japanese, Chinese), or
# with words that grow together (Korean); in the second row what belongs to the sign before it.
RUNS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u108f"
    "\u1780-\u17d3\u17d7\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
HANGING = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e"
    "\u1056-\u1059\u17b4-\u17d3\u3099\u309a"
)
FIRST_RUN = "\u0e01"  # from here on scripts say in a sign or two what others spell out
# Letters that no rule of Unicode takes apart, as people write them who lack them on the keyboard.
_LETTERS = """
ł:l Ł:L ø:o Ø:O æ:ae Æ:AE œ:oe Œ:OE ß:ss ẞ:SS đ:d Đ:D ð:d Ð:D þ:th Þ:TH ı:i ħ:h Ħ:H ŧ:t Ŧ:T
ŋ:ng Ŋ:NG ĸ:q ƀ:b ɓ:b Ɓ:B ɖ:d Ɖ:D ɗ:d Ɗ:D ƒ:f Ƒ:F ǥ:g Ǥ:G ɠ:g Ɠ:G ɨ:i Ɨ:I ƙ:k Ƙ:K ɲ:n Ɲ:N
ɵ:o Ɵ:O ʉ:u Ʉ:U ƴ:y Ƴ:Y ƶ:z Ƶ:Z ə:e Ə:E ǝ:e Ǝ:E ɛ:e Ɛ:E ɔ:o Ɔ:O ȷ:j ς:σ Σ:σ ґ:г Ґ:Г ٱ:ا ک:ك
ی:ي
"""  # noqa: RUF001 - these very letters are meant
LETTERS = dict(pair.split(":") for pair in _LETTERS.split())


def patterns(letter: str, sign: str) -> tuple[str, ...]:
    """Write the patterns that take a text apart, in the dialect of Python or of a browser.

    Args:
        letter: How the dialect says: a letter, or a numeral that is no digit.
        sign: How it says: a letter or a numeral.

    Returns:
        What is dropped; an apostrophe with what it ends; a word; and a sign of a run with what
        belongs to it.
    """
    return (
        f"[{DROPPED}]",
        f"['\u2018\u2019\u02bc](?:s(?!{sign}))?",
        rf"{letter}(?:&{letter}|\+\+|#)(?!{sign})|[{RUNS}]+|(?:(?![{RUNS}]){sign}|[{SIGNED}])+",
        f"[{RUNS}][{HANGING}]*",
    )


LONGEST_WORD = 60
# Nobody types a word of more letters, and folding one takes the square of its length. Apostrophes
# and accents written apart count as nothing, as they do in search. Where no spaces are written a
# sentence may well be as long, and is looked up by two signs at a time.
_ENDLESS = re.compile(
    rf"(?:(?![{RUNS}])[^\W_]['\u2018\u2019\u02bc\u0300-\u036f]*){{{LONGEST_WORD + 1},}}"
)
IN_BROWSER = patterns(r"[\p{L}\p{Nl}\p{No}]", r"[\p{L}\p{N}]")
_MOST_REMEMBERED = 200_000  # words, of each thing made of them
_MARKS, _APOSTROPHE, _TOKEN, _UNIT = map(re.compile, patterns(r"[^\W\d_]", r"[^\W_]"))
# The same as `_TOKEN` where all is ASCII: most of what is written is, and this takes a fifth.
_ASCII_TOKEN = re.compile(
    r"[A-Za-z0-9]{2,}|[A-Za-z](?:&[A-Za-z]|\+\+|#)(?![A-Za-z0-9])|[A-Za-z0-9]"
)
_FOREIGN = re.compile(r"[^\x00-\x7f]\S*")
_FOLDED = str.maketrans(LETTERS)
_ACRONYM = re.compile("^[A-Z][A-Z0-9]{1,5}s?$")  # `LOS`, `ICBs`
_OTHER = rf"(?:[^\W\d_a-zA-Z]|[{SIGNED}{HANGING}])+"
_PARTS = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|" + _OTHER)
_PARTS_BY_CASE = re.compile("[A-Z]{2,}|[A-Z]?[a-z]+|[A-Z]|[0-9]+|" + _OTHER)


class _Remembered(dict[str, MadeT]):
    """What was made of each word; emptied when there are too many."""

    def __init__(self, make: Callable[[str], MadeT]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, asked: str) -> MadeT:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        made = self[asked] = self._make(asked)
        return made


def remembered(make: Callable[[str], MadeT]) -> Callable[[str], MadeT]:
    """Make something of a word once and give it again whenever it is asked for.

    In half the time of `lru_cache`, which must know what was used last: words are asked for by the
    million.
    """
    return _Remembered(make).__getitem__


class Word(NamedTuple):
    """One word of a text: what was written (folded), what search compares, and how it was meant."""

    surface: str
    term: str
    acronym: bool = False


def plain(text: str) -> str:
    """Take accents and apostrophes away and leave the case as it is."""
    if text.isascii():
        return _APOSTROPHE.sub("", text) if "'" in text else text
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    # Together again: what is left apart, such as a syllable of Korean, is one sign to its readers.
    bare = unicodedata.normalize("NFC", bare).translate(_FOLDED)
    return _APOSTROPHE.sub("", bare)


def tokens(text: str) -> list[str]:
    """Split a text into words as written; `A&E`, `C++` and `R` are words.

    Where no space says where a word ends, each two signs that stand together are one: whatever
    stands inside a run is found by them, and they need no dictionary.
    """
    if text.isascii():
        return _ASCII_TOKEN.findall(plain(text))
    # No word goes over a space, so a text with a few foreign signs is taken apart at them: looking
    # up what they are made of costs ten times the rest.
    found: list[str] = []
    start = 0
    for match in _FOREIGN.finditer(text):
        begun = max(start, text.rfind(" ", start, match.start()) + 1)
        found += _ASCII_TOKEN.findall(plain(text[start:begun]))
        found += _foreign(plain(text[begun : match.end()]))
        start = match.end()
    return found + _ASCII_TOKEN.findall(plain(text[start:]))


def _foreign(bare: str) -> list[str]:
    found = _TOKEN.findall(bare)
    if bare.isascii():
        return found
    units = ((token, _UNIT.findall(token)) for token in found)
    return [
        each
        for token, signs in units
        for each in (map("".join, pairwise(signs)) if len(signs) > 1 else (token,))
    ]


def readable(text: str) -> str:
    """Leave out what is no word, such as encoded data or a trap."""
    # The pattern looks at every letter, and little is written so long without a space.
    for chunk in {each for each in text.split() if len(each) > LONGEST_WORD}:
        if (shorter := _ENDLESS.sub(" ", chunk)) != chunk:
            text = text.replace(chunk, shorter)
    return text


def is_short(surface: str) -> bool:
    """Say whether a word is too short to be taken as the beginning of others."""
    return len(surface) < 3 and surface < FIRST_RUN


@remembered
def word(token: str) -> Word:
    """Fold one word as written: acronyms keep every letter, others lose their ending."""
    if _ACRONYM.match(token):
        bare = token.removesuffix("s").lower()
        return Word(bare, bare, acronym=True)
    surface = token.lower()
    return Word(surface, stem(surface))


def words(text: str) -> list[Word]:
    """Give the words of a text that search compares, stop words left out."""
    return list(filter(None, map(_telling, tokens(text))))


@remembered
def _telling(token: str) -> Word | None:
    found = word(token)
    # In capitals even a small word tells something: WHO, IT.
    return None if found.surface in STOP_WORDS and not found.acronym else found


_MOST_JOINED = 5


@remembered
def stem(surface: str) -> str:
    """Take a light ending off a lower-case word; short words and words with signs stay whole.

    So do words that no language has: the patterns' time grows with the square of the length.
    """
    if not 4 <= len(surface) <= LONGEST_WORD or not surface.isascii() or not surface.isalpha():
        return surface
    if _ANY_SPELLING.search(surface):
        for pattern, to in _SPELLINGS:
            surface = pattern.sub(to, surface, count=1)
    for group in _ENDINGS:
        for pattern, to in group:
            if pattern.search(surface):
                surface = pattern.sub(to, surface, count=1)
                break
    return surface


def name_parts(name: str, *, by_case: bool = False) -> list[str]:
    """Split a name where its case, digits and signs change: `PathSimR` is path, sim, r.

    Args:
        name: Of a repository, an organisation, a tag or a person.
        by_case: Split only between capitals and small letters: `NHSRplots` is nhsr, plots.
    """
    parts = _PARTS_BY_CASE if by_case else _PARTS
    return [part.lower() for token in tokens(name) for part in parts.findall(token)]


def joins(parts: list[str]) -> list[str]:
    """Give each run of neighbouring parts written as one word, shortest first."""
    count = len(parts)
    return [
        "".join(parts[start : start + size])
        for size in range(2, min(_MOST_JOINED, count) + 1)
        for start in range(count - size + 1)
    ]


def _compiled(rules: Iterable[Rewrite]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(one), re.sub(r"\$(\d)", r"\\\1", to)) for one, to in rules)


_SPELLINGS, _ENDINGS = _compiled(SPELLINGS), tuple(map(_compiled, ENDINGS))
# Most words are spelt in one way alone, and one look says so.
_ANY_SPELLING = re.compile("|".join(pattern for pattern, _ in SPELLINGS))
