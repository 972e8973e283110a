"""Turn text into the words that search compares: split, fold, leave out, stem.

The rules that a browser needs as well (stop words, spellings, endings) are data, so that the
very same tables travel inside the index and both halves give the same words. Nothing here knows
about documents, fields or scores. The index builder and the query reader call it.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_STOP = """
a about all also am an and any are as at be been being both but by can could did do does doing
for from get had has have having he her here his how i if in into is it its just like make may
me might more most must my need no not of on one or other our out put she should so some
such than that the their them then there these they this those through to too us use used
using very want was we were what when where which while who whom why will with within without
would you your
"""
STOP_WORDS = frozenset(_STOP.split())

Rule = tuple[str, str]

# Applied in order, every one that fits: two spellings of one word become one. The outcome need
# not be a real word, only the same for both; `$1` is the first group.
SPELLINGS: tuple[Rule, ...] = (
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
ENDINGS: tuple[tuple[Rule, ...], ...] = (
    (
        ("(ss|us|is)$", "$1"),
        ("([sx]|ch|sh)es$", "$1e"),
        ("([a-z]{2})ies$", "$1y"),
        ("([a-z0-9]{2})s$", "$1"),
    ),
    (
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
        ("([a-z]*[aeiouy][a-z]+)ing$", "$1"),
        ("([a-z]*[aeiouy][a-z]*[^aeio])ed$", "$1"),
        ("([a-z]{4})e$", "$1"),
    ),
    (("([a-z]{4})at$", "$1"),),
    (("([a-z]{4})e$", "$1"),),
    (("([^aeiou])\\1$", "$1"), ("([a-z]{3})y$", "$1i")),
)

_TOKEN = re.compile(r"[^\W\d_]&[^\W\d_](?![^\W_])|[^\W\d_](?:\+\+|#)(?![^\W_])|[^\W_]+")
_APOSTROPHE = re.compile("['\u2018\u2019\u02bc]")
_POSSESSIVE = re.compile("['\u2018\u2019\u02bc]s?(?![^\\W_])")
_MARKS = re.compile("[\u0300-\u036f]")
_ACRONYM = re.compile("^[A-Z][A-Z0-9]{1,5}s?$")
_PARTS = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\\W\\d_a-zA-Z]+")
_PARTS_BY_CASE = re.compile("[A-Z]{2,}|[A-Z]?[a-z]+|[A-Z]|[0-9]+|[^\\W\\d_a-zA-Z]+")


class Word(NamedTuple):
    """One word of a text: what was written (folded) and what search compares."""

    surface: str
    term: str


def plain(text: str) -> str:
    """Take accents and apostrophes away and leave the case as it is."""
    if text.isascii() and "'" not in text:
        return text
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return _APOSTROPHE.sub("", _POSSESSIVE.sub("", bare))


def tokens(text: str) -> list[str]:
    """Split a text into words as written; `A&E`, `C++` and `R` are words."""
    return _TOKEN.findall(plain(text))


def is_acronym(token: str) -> bool:
    """Say whether a word as written looks like an acronym (`LOS`, `ICBs`)."""
    return bool(_ACRONYM.match(token))


@lru_cache(maxsize=200_000)
def word(token: str) -> Word:
    """Fold one word as written: acronyms keep every letter, others lose their ending."""
    if is_acronym(token):
        bare = token.removesuffix("s").lower()
        return Word(bare, bare)
    surface = token.lower()
    return Word(surface, stem(surface))


def words(text: str) -> list[Word]:
    """Give the words of a text that search compares, stop words left out."""
    found = map(word, tokens(text))
    return [each for each in found if each.surface not in STOP_WORDS]


LONGEST_WORD = 60


@lru_cache(maxsize=200_000)
def stem(surface: str) -> str:
    """Take a light ending off a lower-case word; short words and words with signs stay whole.

    So do words that no language has: the patterns' time grows with the cube of the length.
    """
    if not 4 <= len(surface) <= LONGEST_WORD or not surface.isascii() or not surface.isalpha():
        return surface
    for pattern, to in _COMPILED_SPELLINGS:
        surface = pattern.sub(to, surface, count=1)
    for group in _COMPILED_ENDINGS:
        surface = _first(group, surface)
    return surface


def name_parts(name: str) -> list[str]:
    """Split a name where its case, digits and signs change: `PathSimR` is path, sim, r."""
    return _split(name, _PARTS)


def name_parts_by_case(name: str) -> list[str]:
    """Split a name between capitals and small letters: `NHSRplots` is nhsr, plots."""
    return _split(name, _PARTS_BY_CASE)


def joins(parts: list[str], longest: int = 5) -> list[str]:
    """Give each run of neighbouring parts written as one word, shortest first."""
    count = len(parts)
    return [
        "".join(parts[start : start + size])
        for size in range(2, min(longest, count) + 1)
        for start in range(count - size + 1)
    ]


def _split(name: str, parts: re.Pattern[str]) -> list[str]:
    return [part.lower() for token in tokens(name) for part in parts.findall(token)]


def _first(group: tuple[tuple[re.Pattern[str], str], ...], surface: str) -> str:
    for pattern, to in group:
        changed, times = pattern.subn(to, surface, count=1)
        if times:
            return changed
    return surface


def _compiled(rules: tuple[Rule, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), re.sub(r"\$(\d)", r"\\\1", to)) for pattern, to in rules)


_COMPILED_SPELLINGS = _compiled(SPELLINGS)
_COMPILED_ENDINGS = tuple(_compiled(group) for group in ENDINGS)
