"""Turns the bytes of a README into text; never fails."""

import codecs
import re

# GitHub shows no more than this of a README, and returns no more of a blob through its API.
# https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-readmes
MAX_BYTES = 512_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Surrogates cannot be encoded, NUL and the other controls mean nothing in a text, and U+FFFE and
# U+FFFF are not characters: cmark writes them as bytes that no decoder accepts.
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# In UTF-16 any character may hold one of these, which only means that the text is looked at.
_UNUSABLE_BYTES = bytes([*range(9), *range(11, 32), 127])
_REPLACED = re.compile("\ufffd+")
_LINE_END = re.compile(r"\r\n?|\x0c")


def decode(data: bytes) -> str:
    r"""Read bytes as the text their author most likely wrote.

    Args:
        data: A file in UTF-8 (with or without BOM), UTF-16 with BOM, or Windows-1252.

    Returns:
        Text with `\n` line ends, without NUL, lone surrogates or noncharacters.
    """
    data = data[:MAX_BYTES]
    text = _to_text(data)
    return _clean(text) if _needs_cleaning(data, text) else text


def _to_text(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if _is_cut_character(data, error):
            return data[: error.start].decode()
    return _mostly_utf8(data) or data.decode("cp1252", errors="replace")


def _is_cut_character(data: bytes, error: UnicodeDecodeError) -> bool:
    """Tell a character that the size limit cut in two from a file that is not UTF-8."""
    return error.reason == "unexpected end of data" and len(data) - error.start < 4


def _mostly_utf8(data: bytes) -> str | None:
    """Read UTF-8 with a few broken bytes; None when more is broken than not."""
    text = data.decode(errors="replace")
    broken = len(_REPLACED.findall(text))
    whole = sum(not character.isascii() for character in text) - text.count("\ufffd")
    return text if whole > broken else None


def _needs_cleaning(data: bytes, text: str) -> bool:
    """Look for anything to clean among the bytes, which takes a fifth of looking in the text."""
    if len(data.translate(None, _UNUSABLE_BYTES)) < len(data):
        return True
    return not text.isascii() and ("\ufffe" in text or "\uffff" in text)


def _clean(text: str) -> str:
    if "\r" in text or "\x0c" in text:
        text = _LINE_END.sub("\n", text)
    return _UNUSABLE.sub("\ufffd", text)
