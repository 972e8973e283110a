"""Texts of strangers: what of them is kept, and how it stands in Markdown.

Pure; what a text means is judged elsewhere.
"""

import re

from aggregator.words.addresses import is_web_address

LONGEST_LINE = 300
LONGEST_TEXT = 2_000

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# What belongs to no text: halves of characters, marks of byte order, and signs that turn the
# direction of everything after them. Joiners, soft hyphens, variation selectors, the tags that
# make the flag of Wales, and signs younger than this Python stay as they were written.
FOREIGN = re.compile(
    "[\ud800-\udfff\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]"
)
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\U000e0000-\U000e0fff]+"
)
# Signs of Markdown: https://spec.commonmark.org/0.31.2/#backslash-escapes
_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]<>()#+-!|"})
# What no reader sees and a program reads: with it a text tells an assistant what it tells nobody
# else. The tags after a black flag make the flag of Wales, one selector after a sign its colours;
# joiners are part of words and of pictures.
_HIDDEN = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e007a]{3,6}\U000e007f)"
    "|[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u2064\u3164"
    "\uffa0\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
    "|(?<=[\u200c\u200d\ufe00-\ufe0f])[\u200c\u200d\ufe00-\ufe0f]+"
)
_MARKDOWN_INSIDE = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>&~|"})
_UNFINISHED = re.compile("[\u200c\u200d\U000e0020-\U000e007e]+\\Z")


def clean_text(value: object, longest: int = LONGEST_TEXT) -> str | None:
    """Return a trimmed text without control characters, or None when nothing is left."""
    if not isinstance(value, str):
        return None
    if value.isascii() and value.isprintable() and len(value) <= longest:
        return " ".join(value.split()) or None  # most are so, and hold nothing of all below
    start = FOREIGN.sub("", CONTROL.sub(" ", value[: longest * 2]))
    found = " ".join(start.split())
    if len(found) > longest:  # the cut must not leave half of a joined sign
        found = _UNFINISHED.sub("", found[:longest])
    return None if not found or _UNSEEN.fullmatch(found) else found


def in_markdown(text: str) -> str:
    """Escape a line of text so that Markdown shows just its characters."""
    return text.translate(_MARKDOWN)


def inside_markdown(text: str) -> str:
    """Escape a text that begins no line of Markdown, where a hyphen or a number is no list."""
    return text.translate(_MARKDOWN_INSIDE)


def only_seen(text: str) -> str:
    """Leave out signs that readers do not see, for programs that would read them."""
    return text if text.isascii() else _HIDDEN.sub(lambda found: found[1] or "", text)


def clean_line(value: object) -> str | None:
    """Return a short text, or None."""
    return clean_text(value, LONGEST_LINE)


def clean_address(value: object) -> str | None:
    """Return an http or https address of a host that can exist, or None for anything else."""
    found = clean_text(value)
    return found if found is not None and is_web_address(found) else None
