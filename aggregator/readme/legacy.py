"""Which encoding from before Unicode a text was written in, judged by the words it then has.

Most of these encodings accept any bytes, so that decoding proves nothing. What tells them apart is
whether the letters are those of one language: Polish in the encoding of French has signs for
superscripts inside its words. charset-normalizer, which judges by the frequency of letters, needs
more text than many READMEs hold; it is asked about what is not in the table here.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from charset_normalizer import from_bytes
from charset_normalizer.cd import coherence_ratio

# The letters beyond a to z of the languages that were written in an encoding, one a word.
_ALPHABETS = {
    "cp1252": """éèàçùâêîôûëïœæüÿ äöüß áéíóúñü áàâãçéêíóôõú àèéìíòóùî åäöé æøåéóòôäö éëïöüèêáóí
        áðéíóúýþæö àçéèíïóòúü""",
    "cp1250": """ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű čćđšž ăâîşţ""",
    "iso8859_2": """ąćęłńóśźż áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž áéíóöőúüű čćđšž ăâîşţ""",
    "cp1254": "çğıöşüâîû",
    "cp1257": "ąčęėįšųūž āčēģīķļņšūž äõöüšž",
    "cp1251": """абвгдежзийклмнопрстуфхцчшщъыьэюяё абвгґдеєжзиіїйклмнопрстуфхцчшщьюя
        абвгдежзійклмнопрстуўфхцчшыьэюяё абвгдђежзијклљмнњопрстћуфхцчџш
        абвгдѓежзѕијклљмнњопрстќуфхцчџш""",
    "koi8_r": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "koi8_u": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "cp866": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "iso8859_5": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "cp1253": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "iso8859_7": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "cp1255": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "cp1256": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ",
    "cp874": "".join(map(chr, [*range(0xE01, 0xE3B), *range(0xE40, 0xE4F)])),
}
# Signs that stand beside words in any language.
_SIGNS = frozenset(
    "\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2022\u2026\u2116\u2122\u20ac"
    "\xa0\xa1\xa3\xa7\xa9\xaa\xab\xad\xae\xb0\xb1\xb2\xb3\xb5\xb6\xb7\xb9\xba\xbb\xbc\xbd\xbe\xbf\xd7\xf7"
)
# What may stand between two letters.
_JOINING = frozenset("\u2019\u2018\u2013\u2014\u2026\u00b7\xa0\xad")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_KANA = re.compile("[\u3040-\u30ff]")
_HAN = re.compile("[\u4e00-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_EAST_ASIAN = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e\uffe0-\uffe6]")
# What is looked at of the lines that are not ASCII: less than a second's work.
_SAMPLE = 1_500
_ENOUGH = 0.93
_TIE = 0.03
# No language with Latin letters has an accent on more than every third.
_MOST_ACCENTS = 0.35
# Two scripts that fit, and whose letters come nearly as often as they should: nobody can tell.
_DOUBT = 0.1
_LATIN = ("cp1252", "cp1250", "iso8859_2", "cp1254", "cp1257")


def guess(data: bytes) -> str | None:
    """Name the one encoding in which some bytes make words, or None when it cannot be told.

    Args:
        data: The start of a file that is neither UTF-8 nor UTF-16.
    """
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)[:_SAMPLE]
    return _east_asian(sample) or _alphabetic(sample) or _by_frequency(sample)


def _alphabetic(data: bytes) -> str | None:
    """Choose by alphabet; among several that fit, by how often each letter comes in a language."""
    texts = {one: data.decode(one, errors="replace") for one in _ALPHABETS}
    scores = {
        one: max(_share(texts[one], alphabet) for alphabet in alphabets.split())
        for one, alphabets in _ALPHABETS.items()
    }
    highest = max(scores.values())
    if highest < _ENOUGH:
        return None
    rivals = [one for one, score in scores.items() if score >= highest - _TIE]
    if rivals[0] in _LATIN:  # West European texts are by far the most frequent of these
        foreign = sum(byte > 127 for byte in data)
        return rivals[0] if foreign < _MOST_ACCENTS * len(data) else None
    likely = {one: _likelihood(texts[one]) for one in rivals}
    best = max(rivals, key=lambda one: likely[one])
    others = {texts[one] for one in rivals if likely[one] > likely[best] - _DOUBT}
    scripts = {_script(text) for text in others}
    return best if len(scripts) == 1 else None


def _likelihood(text: str) -> float:
    return max((ratio for _, ratio in coherence_ratio(text)), default=0.0)


def _script(text: str) -> str:
    """Name the script of most letters beyond ASCII: CYRILLIC, GREEK, ..."""
    letters = [one for one in text if one > "\x7f" and one.isalpha()]
    names = (unicodedata.name(one, "?").split()[0] for one in letters)
    return max(Counter(names).items(), key=lambda pair: pair[1], default=("?", 0))[0]


def _share(text: str, alphabet: str) -> float:
    """Tell how much of what is not ASCII is at home in a language, as letters or as signs."""
    letters = frozenset(alphabet)
    is_latin = alphabet[0] < "\u0250"
    good = total = 0.0
    for before, character, after in _neighbours(text):
        total += 1
        if not is_latin and character.isalpha() and _is_ascii_letter(before, after):
            continue  # no word is written in two scripts
        if character in letters:
            good += 1
        elif character.lower() in letters:
            good += _capital(before)
        elif character in _SIGNS:
            good += character in _JOINING or not (before.isalpha() and after.isalpha())
    return good / total if total else 0.0


def _is_ascii_letter(*around: str) -> bool:
    return any(one.isascii() and one.isalpha() for one in around)


def _capital(before: str) -> float:
    """Rate a capital by what stands before it: inside a word most are letters misread."""
    if before.islower():
        return 0.0
    return 0.9 if before.isupper() else 1.0


def _neighbours(text: str) -> Iterator[tuple[str, str, str]]:
    padded = f" {text} "
    for place in range(1, len(padded) - 1):
        if padded[place] > "\x7f":
            yield padded[place - 1], padded[place], padded[place + 1]


def _east_asian(data: bytes) -> str | None:
    """Choose among the encodings of two bytes a character by what each language must have."""
    for encoding in ("cp932", "euc_jp"):
        text = _whole(data, encoding)
        if text and _portion(_KANA, text) > 0.2 and not _HALF_WIDTH.search(text):
            return encoding
    text = _whole(data, "cp949")
    if text and _portion(_HANGUL, text) > 0.9:
        return "cp949"
    shares = {
        "gb18030": _common(data, "gb18030", range(0xB0, 0xD8), 0xA1),
        "big5": _common(data, "big5", range(0xA4, 0xC7), 0x40),
    }
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] > 0.9 and min(shares.values()) < 0.85 else None


def _whole(data: bytes, encoding: str) -> str | None:
    """Decode all but what a cut may have left at the end; at least three characters in a row."""
    for end in range(3):
        try:
            text = data[: len(data) - end].decode(encoding)
        except UnicodeDecodeError:
            continue
        beyond = [character for character in text if character > "\x7f"]
        at_home = sum(_EAST_ASIAN.match(one) is not None for one in beyond)
        return text if len(beyond) >= 4 and at_home >= 0.95 * len(beyond) else None
    return None


def _portion(kind: re.Pattern[str], text: str) -> float:
    """Tell how much of the words beyond ASCII is of a kind."""
    words = sum(character > "\x7f" and character.isalpha() for character in text)
    return len(kind.findall(text)) / words if words else 0.0


def _common(data: bytes, encoding: str, leads: range, trail: int) -> float:
    """Tell how many Han characters are among those that a standard lists as common."""
    found = _HAN.findall(_whole(data, encoding) or "")
    if len(found) < 4:
        return 0.0
    pairs = (character.encode(encoding) for character in found)
    common = [pair for pair in pairs if len(pair) == 2 and pair[0] in leads and pair[1] >= trail]
    return len(common) / len(found)


def _by_frequency(data: bytes) -> str | None:
    """Ask charset-normalizer, and believe it when it is sure and nothing else comes near."""
    results = list(from_bytes(data, threshold=0.1))
    sure = [one for one in results if one.chaos <= 0.02 and one.coherence >= 0.6]
    if not sure or len(data) < 200:
        return None
    best = max(sure, key=lambda one: one.coherence)
    near = {str(one) for one in sure if one.coherence >= best.coherence - 0.1}
    return best.encoding if len(near) == 1 else None
