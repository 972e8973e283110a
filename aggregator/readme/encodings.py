"""Turns the bytes of a README into text, or says that they hold none; never fails.

    mark of Unicode? -> a file without text? -> UTF-8? -> UTF-16, UTF-32? -> older encodings

Most encodings from before Unicode accept any bytes, so that decoding proves nothing. turbohtml
tells them apart as Firefox does, by pairs of characters; where it has no evidence the README is
not shown: wrong letters look like a text and say nothing.
"""

import codecs
import re
from dataclasses import dataclass, replace

from aggregator.readme.labels import ANOTHER_KIND, NO_TEXT
from aggregator.readme.readme import MAX_BYTES
from aggregator.words.speech import say

# The mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", 1),
    (codecs.BOM_UTF32_LE, "utf-32-le", 4),
    (codecs.BOM_UTF32_BE, "utf-32-be", 4),
    (codecs.BOM_UTF16_LE, "utf-16-le", 2),
    (codecs.BOM_UTF16_BE, "utf-16-be", 2),
)
# How files begin that hold no text, and what such files are called.
_MAGIC = (
    (b"\x89PNG\r\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP, DOCX, ODT"),
    (b"\xd0\xcf\x11\xe0", "DOC, XLS, PPT"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!\x1a", "RAR"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"\x7fELF", "ELF"),
    (b"SQLite format 3\0", "SQLite"),
)
# Surrogates cannot be encoded, NUL and the other controls mean nothing in a text, and U+FFFE and
# U+FFFF are not characters: cmark writes them as bytes that no decoder accepts.
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes([*range(9), 11, *range(14, 27), *range(28, 32), 127])
_ASCII = bytes(range(128))
# More than this share of control characters, and a file is no text.
_MOST_CONTROLS = 0.1
_MOST_LOST = 0.1
_LOOKED_AT = 60_000
# A word of a few bytes makes sense in several encodings.
_ENOUGH = 12
_LATIN = frozenset({"windows-1252", "windows-1250", "windows-1254", "windows-1257"})
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


def read_text(data: bytes, most: int = MAX_BYTES) -> Decoded:
    """Read bytes as the text their author most likely wrote.

    Args:
        data: A file in any encoding; what stands behind `most` bytes is left out.
        most: How many of them are read.
    """
    found = _read(data[:most])
    is_foreign = "\r" in found.text or "\x0c" in found.text
    text = _LINE_END.sub("\n", found.text) if is_foreign else found.text
    return replace(found, text=_UNUSABLE.sub("\ufffd", text))


def _read(data: bytes) -> Decoded:
    for mark, encoding, width in _MARKS:
        if data.startswith(mark):
            rest = data[len(mark) :]
            return _replacing(rest[: len(rest) - len(rest) % width], encoding)
    if kind := next((kind for start, kind in _MAGIC if data.startswith(start)), None):
        return Decoded("", "binary", say(ANOTHER_KIND, kind=kind))
    unicode = _utf8(data)
    if (unicode is None or b"\0" in data) and (wide := _wide(data)):
        return wide
    start = data[:_LOOKED_AT]
    controls = len(start) - len(start.translate(None, _CONTROLS))
    is_short = len(start) < 4 * controls
    if controls > max(8, _MOST_CONTROLS * len(start)) or is_short:
        return Decoded("", "binary", say(NO_TEXT))
    return unicode or _mostly_utf8(data) or _from_before_unicode(data)


def _utf8(data: bytes) -> Decoded | None:
    """Read UTF-8 without a fault, and ISO-2022, which is ASCII as well."""
    if b"\x1b$" in data and data.isascii() and _JIS.search(data):
        return Decoded(data.decode("iso2022_jp_2", errors="replace"), "iso-2022-jp")
    text = _decoded(data, "utf-8", 1)
    return None if text is None else Decoded(text, "utf-8")


def _decoded(data: bytes, encoding: str, width: int) -> str | None:
    """Decode bytes without a fault, but for a character that the size limit cut in two."""
    whole = data[: len(data) - len(data) % width]
    try:
        return whole.decode(encoding)
    except UnicodeDecodeError as error:
        is_cut = len(data) >= MAX_BYTES and len(whole) - error.start < 4
        return whole[: error.start].decode(encoding) if is_cut else None


def _replacing(data: bytes, encoding: str) -> Decoded:
    """Decode with a mark for each place that cannot be read."""
    text = data.decode(encoding, errors="replace")
    name = re.sub("-[lb]e$", "", encoding.removeprefix("whatwg-").replace("windows-", "cp"))
    return Decoded(text, name, broken=len(_REPLACED.findall(text)))


def _wide(data: bytes) -> Decoded | None:
    """Read UTF-16 and UTF-32 without a mark: only the right one has words, and no strange signs."""
    for _, encoding, width in _MARKS[1:]:
        text = _decoded(data, encoding, width) if len(data) % width < 2 else None
        if text is not None and _is_plausible(text[:_LOOKED_AT]):
            return Decoded(text, encoding[:6])
    return None


def _is_plausible(text: str) -> bool:
    """Tell whether a text has blanks between letters, and next to nothing that is no character."""
    known = sum(character.isprintable() or character in "\r\n\t" for character in text)
    letters = sum(map(str.isalpha, text))
    has_blanks = " " in text or "\n" in text
    return has_blanks and known >= 0.98 * len(text) and letters > 0.3 * len(text)


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
    western = data.decode("cp1252", errors="replace")
    if not any(one > "\x7f" and one.isalpha() for one in western):  # pounds, dashes, curly quotes
        return _replacing(data, "cp1252")
    from turbohtml.detect import detect  # noqa: PLC0415 - few READMEs need it

    foreign = b"\n".join(line for line in data[:_LOOKED_AT].split(b"\n") if not line.isascii())
    guess, signs = detect(foreign), len(foreign.translate(None, _ASCII))
    if guess.codec and guess.confidence > 0 and (signs >= _ENOUGH or guess.encoding in _LATIN):
        found = _replacing(data, guess.codec)
        if found.broken <= _MOST_LOST * signs:
            return found
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    if broken * 12 < len(text):  # nearly all of it is ASCII
        return Decoded(text, "unknown", broken=broken)
    return Decoded("", "unknown", "how its characters are encoded could not be told")
