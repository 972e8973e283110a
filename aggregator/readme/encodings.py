"""Turns the bytes of a README into text, or says that they hold none; never fails.

A README that is not UTF-8 is read in the encoding whose letters make words of one language. Most
encodings from before Unicode accept any bytes, so that decoding proves nothing: Polish in the
encoding of French has signs for superscripts inside its words. charset-normalizer, which judges by
the frequency of letters, needs more text than many READMEs hold; it is asked about what is not in
the table here. Where several encodings would do, or none, the README is not shown: wrong letters
look like a text and say nothing.

    mark of Unicode? -> UTF-8? -> UTF-16, UTF-32? -> binary? -> East Asian? -> alphabets? -> library
"""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from charset_normalizer import from_bytes
from charset_normalizer.cd import coherence_ratio

from aggregator.readme.readme import MAX_BYTES

# The mark of UTF-32 begins with that of UTF-16.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
# How files begin that hold no text, and what they are.
_MAGIC = (
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\0", "a database"),
)
# Surrogates cannot be encoded, NUL and the other controls mean nothing in a text, and U+FFFE and
# U+FFFF are not characters: cmark writes them as bytes that no decoder accepts.
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes([*range(9), 11, *range(14, 27), *range(28, 32), 127])
# More than this share of control characters, and a file is no text.
_MOST_CONTROLS = 0.1
_MOST_LOST = 0.1
_LOOKED_AT = 60_000
_REPLACED = re.compile("\ufffd+")
_LINE_END = re.compile(r"\r\n?|\x0c")
# ISO-2022 switches to another set of characters and back to ASCII.
_JIS = re.compile(rb"\x1b\$[@B][^\x1b]{2,2000}\x1b\([BJ]")

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


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""What a file says.

    Args:
        text: Its text with `\n` line ends, without NUL, lone surrogates or noncharacters.
        encoding: How it was written; "binary" when it is no text, "unknown" when nobody can tell.
        unreadable: Why there is no text to show, as the end of a sentence; None when there is.
        broken: How many places in the text could not be read.
    """

    text: str
    encoding: str
    unreadable: str | None = None
    broken: int = 0


def read_text(data: bytes) -> Decoded:
    """Read bytes as the text their author most likely wrote.

    Args:
        data: A file in any encoding; what stands behind `MAX_BYTES` is left out.
    """
    found = _read(data[:MAX_BYTES])
    is_foreign = "\r" in found.text or "\x0c" in found.text
    text = _LINE_END.sub("\n", found.text) if is_foreign else found.text
    return replace(found, text=_UNUSABLE.sub("\ufffd", text))


def _read(data: bytes) -> Decoded:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            data = data[len(bom) :]
            return _replacing(data[: len(data) - len(data) % _width(encoding)], encoding)
    if kind := next((kind for start, kind in _MAGIC if data.startswith(start)), None):
        return Decoded("", "binary", f"it is {kind} and holds no text")
    unicode = _utf8(data)
    if (unicode is None or b"\0" in data) and (wide := _wide(data)):
        return wide
    if _is_binary(data):
        return Decoded("", "binary", "it holds no text")
    return unicode or _mostly_utf8(data) or _from_before_unicode(data)


def _utf8(data: bytes) -> Decoded | None:
    """Read UTF-8 without a fault, and ISO-2022, which is ASCII as well."""
    if b"\x1b$" in data and data.isascii() and _JIS.search(data):
        return Decoded(data.decode("iso2022_jp_2", errors="replace"), "iso-2022-jp")
    try:
        return Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError as error:
        # The size limit may have cut a character in two.
        is_cut = error.reason == "unexpected end of data" and len(data) - error.start < 4
        whole = data[: error.start]
        return Decoded(whole.decode(), "utf-8") if is_cut and len(data) >= MAX_BYTES else None


def _width(encoding: str) -> int:
    """Give the bytes that every character of UTF-8, -16 or -32 takes at least."""
    return int(encoding.split("-")[1]) // 8


def _replacing(data: bytes, encoding: str) -> Decoded:
    """Decode with a mark for each place that cannot be read."""
    text = data.decode(encoding, errors="replace")
    name = re.sub("-[lb]e$", "", encoding)
    return Decoded(text, name, broken=len(_REPLACED.findall(text)))


def _is_binary(data: bytes) -> bool:
    start = data[:_LOOKED_AT]
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return controls > max(8, _MOST_CONTROLS * len(start)) or (
        0 < len(start) < 4 * controls  # a short file
    )


def _wide(data: bytes) -> Decoded | None:
    """Read UTF-16 and UTF-32 without a mark: only the right one has words, and no strange signs."""
    for encoding in _WIDE:
        width = _width(encoding)
        whole = data[: len(data) - len(data) % width]
        try:
            text = whole.decode(encoding)
        except UnicodeDecodeError as error:
            if len(data) < MAX_BYTES or error.start < len(whole) - 4:
                continue
            text = whole[: error.start].decode(encoding)
        if len(whole) >= len(data) - 1 and _is_plausible(text[:_LOOKED_AT]):
            return Decoded(text, encoding[:6])
    return None


def _is_plausible(text: str) -> bool:
    """Tell whether a text has blanks between letters, and next to nothing that is no character."""
    known = sum(character.isprintable() or character in "\r\n\t" for character in text)
    blanks = sum(character in " \n" for character in text)
    letters = sum(character.isalpha() for character in text)
    return bool(blanks) and known >= 0.98 * len(text) and letters > 0.3 * len(text)


def _mostly_utf8(data: bytes) -> Decoded | None:
    """Read UTF-8 with a few broken bytes; None when more is broken than not."""
    found = _replacing(data, "utf-8")
    lost = found.text.count("\ufffd")
    # Three or four bytes that happen to follow the rules of UTF-8 are hardly ever anything else.
    sizes = (len(sign.encode()) for sign in found.text if not sign.isascii() and sign != "\ufffd")
    whole = sum(4 ** (size - 2) for size in sizes)
    is_mostly = whole > found.broken and lost <= max(3, _MOST_LOST * len(found.text))
    return found if is_mostly else None


def _from_before_unicode(data: bytes) -> Decoded:
    encoding = _guess(data[:_LOOKED_AT])
    if encoding:
        return _replacing(data, encoding)
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if broken * 12 < len(text):  # nearly all of it is ASCII
        return Decoded(text, "unknown", broken=broken)
    return Decoded("", "unknown", "how its characters are encoded could not be told")


def _guess(data: bytes) -> str | None:
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
