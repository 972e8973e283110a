"""In which language people wrote a text, told only where it is sure.

A page that says of a text what is not so has it read out wrongly, so precision goes before all
else: most short texts are in no language that can be told. What is not written in Latin letters
shows by its script; the rest is told by the model of py3langid, which takes a second to load and
80 MB, so that only what is not plainly English asks it. `Tongues` holds what is known of the texts
of a community.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING
from unicodedata import name

from aggregator.words.speech import base_of

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# A shorter text in letters that several languages share sounds like too many of them.
LEAST_LETTERS = 40
_MOST = 4_000  # characters that are looked at; of more nothing new is learnt
_PART = 500  # characters of a long text that are judged alone
_AGREED = 0.66  # so many parts must be surely in its language
# How sure the model must be, from 0 to 1: chosen on one half of the texts of docs/languages.md.
_SURE = 0.8
# How much of the letters must be of one script. Names of programs are written in Latin letters.
_MOSTLY = 0.65
_WHOLLY = 0.9
_WIDE = 2  # letters that one of Chinese, Japanese or Korean stands for
_FEWEST_KANA = 0.08  # of the wide letters of a Japanese text


def _each_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ENGLISH = "en"
# Words that no other language has, so that a few of them tell enough.
_ENGLISH_WORDS = _each_of(
    "the and with this that from are which your you using have has their into been will should "
    "these those when where what how"
)
_ENGLISH_SHARE = 0.06  # of all words: they make up a sixth of a README
_ENGLISH_SEEN = 2  # different ones
_WORD = re.compile(r"[^\W\d_]+")

_LATIN, _HAN, _HEBREW = "Latn", "Hani", "Hebr"
# Yiddish has them, and hardly any Hebrew of today.
_POINTS = re.compile("[\u05b0-\u05c7\u05f0-\u05f2\ufb1d-\ufb4f]")
# Scripts by the first word of the names that Unicode has for their letters: the language where
# only one is written so, else the code of ISO 15924.
_SCRIPTS = {
    "LATIN": _LATIN,
    "CJK": _HAN,
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "KATAKANA-HIRAGANA": "ja",
    "HANGUL": "ko",
    "GREEK": "el",
    "CYRILLIC": "Cyrl",
    "ARABIC": "Arab",
    "HEBREW": _HEBREW,
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "GURMUKHI": "pa",
    "GUJARATI": "gu",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
}
_WIDE_SCRIPTS = frozenset({_HAN, "ja", "ko"})
# What the model may say of a text in a shared script. Of other languages it knows too little, or
# they are so close to one of these that its word is not enough.
_TOLD = {
    _LATIN: _each_of(
        "af br ca cs cy da de en es et eu fi fr ga gd gl hu id is it lt lv mt nl no pl pt ro sk sl "
        "sq sv sw tr vi"
    ),
    "Cyrl": _each_of("be bg kk mk mn ru sr uk"),
    "Arab": _each_of("ar fa ps ur"),
    "Deva": _each_of("hi mr ne"),
    "Beng": _each_of("bn as"),
    _HAN: frozenset({"zh", "ja"}),
    _HEBREW: frozenset({"he", "yi"}),
}
# Written so alike, or called by so many names, that one of them never corrects another.
_KIN = (
    _each_of("no nb nn"),
    _each_of("bs hr sr sh"),
    _each_of("id ms"),
)


@dataclass(frozen=True, slots=True)
class Tongues:
    """What the texts of a community are written in.

    Args:
        usual: the language of a text that shows nothing else, as the community set it.
        told: texts that are surely in another one, each with its language.
    """

    usual: str = _ENGLISH
    told: Mapping[str, str] = field(default_factory=dict)

    def of(self, text: str, known: str = "") -> str:
        """Give the language of a text, where need be the usual one.

        Args:
            text: as it is shown.
            known: its language, where something has told it before.
        """
        found = known or self.told.get(text) or language_at_once(text)
        return found if found and not is_same(found, self.usual) else self.usual


def is_same(language: str, other: str) -> bool:
    """Tell whether two tags name one language, its varieties counted as one.

    What is only known to be in some script is in whatever language the other is, if that has it.
    """
    base, against = base_of(language), base_of(other)
    if base == "und":
        return against in _TOLD.get(language.partition("-")[2], ())
    return base == against or any(base in kin and against in kin for kin in _KIN)


def marked(language: str, page: str) -> str:
    """Give a language that must be said because a page is in another; "" for one that need not."""
    return "" if not language or is_same(language, page) else language


def may_be_in(text: str, language: str) -> bool:
    """Tell whether a language is written in the script that a text has."""
    script, base = _script_of(text), base_of(language)
    return base in _TOLD.get(script, (script,))


def language_of(text: str, ask: Callable[[str], str] | None = None) -> str:
    """Tell the language of a text where that is sure.

    Args:
        text: without markup and code.
        ask: tells what neither its script nor plain English does; `ask_model` where None.

    Returns:
        A tag of BCP 47; "und-Cyrl" and the like where only the script is known; "" where nothing
        is. The same text always gives the same.
    """
    text = text[:_MOST]
    script = _script_of(text)
    if script not in _TOLD:
        return script
    told = _told_within(script, text, ask or ask_model)
    return told or ("" if script == _LATIN else f"und-{script}")


def language_at_once(text: str) -> str:
    """Do the same without the model."""
    return language_of(text, lambda _: "")


def ask_model(text: str) -> str:
    """Give the language that nearly all parts of a text are in, and none surely in another."""
    parts = list(_parts(text))
    told = [_ENGLISH if _is_plain_english(part) else _model_says(part) for part in parts]
    sure = Counter(filter(None, told))
    language = next(iter(sure)) if len(sure) == 1 else ""
    return language if sure[language] >= _AGREED * len(parts) else ""


def _told_within(script: str, text: str, ask: Callable[[str], str]) -> str:
    """Tell which of the languages that share a script it is; "" where that is not sure."""
    if script == _HEBREW:
        return "" if _POINTS.search(text) else "he"
    if script == _HAN:  # a Japanese text of some length has kana
        return "zh" if _has_letters(text, LEAST_LETTERS // _WIDE) else ""
    if not _has_letters(text, LEAST_LETTERS):
        return ""
    if script == _LATIN and all(map(_is_plain_english, _parts(text))):
        return _ENGLISH
    told = ask(text)
    return told if told in _TOLD[script] else ""


def _has_letters(text: str, least: int) -> bool:
    """Tell whether a text has so many letters; the others are not counted."""
    return next(islice(filter(str.isalpha, text), least - 1, None), None) is not None


def let_the_model_go() -> None:
    """Give its memory back; whoever asks it afterwards waits for it once more."""
    _model.cache_clear()


def _script_of(text: str) -> str:
    """Name the script that a text is written in, or its language where that is the only one."""
    if text.isascii():
        return _LATIN
    seen = Counter(map(_script_of_letter, filter(str.isalpha, text)))
    weights = {s: count * (_WIDE if s in _WIDE_SCRIPTS else 1) for s, count in seen.items()}
    kana, han = weights.get("ja", 0), weights.get(_HAN, 0)
    if kana > _FEWEST_KANA * (kana + han):
        weights |= {"ja": kana + han, _HAN: 0}
    most = max(weights, key=weights.__getitem__, default="")
    enough = _WHOLLY if most == _LATIN else _MOSTLY
    return most if weights and weights[most] >= enough * sum(weights.values()) else ""


@cache
def _script_of_letter(letter: str) -> str:
    return _SCRIPTS.get(name(letter, "").partition(" ")[0], "")


def _parts(text: str) -> Iterator[str]:
    """Cut a text between words; a short end goes with the part before it."""
    while len(text) > 1.5 * _PART:
        at = max(text.rfind(" ", 0, _PART), text.rfind("\n", 0, _PART))
        yield text[: at if at > 0 else _PART]
        text = text[at if at > 0 else _PART :]
    yield text


def _is_plain_english(text: str) -> bool:
    words = [word.lower() for word in _WORD.findall(text)]
    seen = [word for word in words if word in _ENGLISH_WORDS]
    return len(set(seen)) >= _ENGLISH_SEEN and len(seen) >= _ENGLISH_SHARE * len(words)


def _model_says(text: str) -> str:
    language, sureness = _model().classify(text)
    return language if sureness >= _SURE else ""


@cache
def _model() -> "LanguageIdentifier":
    # Of this module, not of the package: what that one shares could be set otherwise by others.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see above

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
