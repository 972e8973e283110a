"""Turns the bytes of a README into text, or says that they hold none; never fails.

A README that is not UTF-8 is read in the encoding whose letters make words of one language. Where
several would, or none, it is not shown: wrong letters look like a text and say nothing.
"""

import codecs
import re
from dataclasses import dataclass

from aggregator.readme.legacy import guess

# GitHub shows no more than this of a README, and returns no more of a blob through its API.
# https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-readmes
MAX_BYTES = 512_000

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
_NO_TEXT = "it holds no text"
# Surrogates cannot be encoded, NUL and the other controls mean nothing in a text, and U+FFFE and
# U+FFFF are not characters: cmark writes them as bytes that no decoder accepts.
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# In UTF-16 any character may hold one of these, which only means that the text is looked at.
_UNUSABLE_BYTES = bytes([*range(9), *range(11, 32), 127])
_CONTROLS = bytes([*range(9), 11, *range(14, 27), *range(28, 32), 127])
# More than this share of control characters, and a file is no text.
_MOST_CONTROLS = 0.1
_MOST_LOST = 0.1
_LOOKED_AT = 60_000
_REPLACED = re.compile("\ufffd+")
_LINE_END = re.compile(r"\r\n?|\x0c")
# ISO-2022 switches to another set of characters and back to ASCII.
_JIS = re.compile(rb"\x1b\$[@B][^\x1b]{2,2000}\x1b\([BJ]")


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


def decode(data: bytes) -> str:
    """Give the text alone, empty when a file holds none."""
    return read_text(data).text


def read_text(data: bytes) -> Decoded:
    """Read bytes as the text their author most likely wrote.

    Args:
        data: A file in any encoding; what stands behind `MAX_BYTES` is left out.
    """
    data = data[:MAX_BYTES]
    found = _read(data)
    if not _needs_cleaning(data, found.text):
        return found
    return Decoded(_clean(found.text), found.encoding, found.unreadable, found.broken)


def _read(data: bytes) -> Decoded:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _marked(data[len(bom) :], encoding)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        if _is_cut_character(data, error):
            return _unmarked(data, data[: error.start].decode())
        return _unmarked(data, None)
    return _unmarked(data, text)


def _marked(data: bytes, encoding: str) -> Decoded:
    if not encoding.endswith("8"):
        data = data[: len(data) - len(data) % _width(encoding)]
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding[:6].rstrip("-"), broken=len(_REPLACED.findall(text)))


def _width(encoding: str) -> int:
    return int(encoding[4:6]) // 8


def _unmarked(data: bytes, text: str | None) -> Decoded:
    kind = next((kind for start, kind in _MAGIC if data.startswith(start)), None)
    if kind:
        return Decoded("", "binary", f"it is {kind} and holds no text")
    wide = _wide(data) if text is None or b"\0" in data else None
    if wide:
        return wide
    if _is_binary(data):
        return Decoded("", "binary", _NO_TEXT)
    if text is None:
        return _mostly_utf8(data) or _legacy(data)
    if b"\x1b$" in data and _JIS.search(data):
        return Decoded(data.decode("iso2022_jp_2", errors="replace"), "iso-2022-jp")
    return Decoded(text, "utf-8")


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


def _is_cut_character(data: bytes, error: UnicodeDecodeError) -> bool:
    """Tell a character that the size limit cut in two from a file that is not UTF-8."""
    cut = error.reason == "unexpected end of data" and len(data) - error.start < 4
    return cut and len(data) >= MAX_BYTES


def _mostly_utf8(data: bytes) -> Decoded | None:
    """Read UTF-8 with a few broken bytes; None when more is broken than not."""
    text = data.decode(errors="replace")
    lost = text.count("\ufffd")
    places = len(_REPLACED.findall(text))
    # Three or four bytes that happen to follow the rules of UTF-8 are hardly ever anything else.
    sizes = (len(sign.encode()) for sign in text if not sign.isascii() and sign != "\ufffd")
    whole = sum(4 ** (size - 2) for size in sizes)
    is_mostly = whole > places and lost <= max(3, _MOST_LOST * len(text))
    return Decoded(text, "utf-8", broken=places) if is_mostly else None


def _legacy(data: bytes) -> Decoded:
    """Read bytes as in the years before Unicode, or say that nobody can tell."""
    encoding = guess(data[:_LOOKED_AT])
    if encoding:
        text = data.decode(encoding, errors="replace")
        return Decoded(text, encoding, broken=len(_REPLACED.findall(text)))
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if broken * 12 < len(text):  # nearly all of it is ASCII
        return Decoded(text, "unknown", broken=broken)
    return Decoded("", "unknown", "how its characters are encoded could not be told")


def _needs_cleaning(data: bytes, text: str) -> bool:
    """Look for anything to clean among the bytes, which takes a fifth of looking in the text."""
    if len(data.translate(None, _UNUSABLE_BYTES)) < len(data):
        return True
    return not text.isascii() and ("\ufffe" in text or "\uffff" in text)


def _clean(text: str) -> str:
    if "\r" in text or "\x0c" in text:
        text = _LINE_END.sub("\n", text)
    return _UNUSABLE.sub("\ufffd", text)
