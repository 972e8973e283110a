"""What stands around a sentence and is no part of it: pictures, labels, bars of languages."""

import re

from aggregator.readme.prose import Prose

_BRACED = re.compile(r"\{([\w.]+)\}")
_BEFORE_WORDS = re.compile(
    r"\A[^\w\"'(\u2018\u201c{\[<\u300c\u300e\u300a\u3010\uff08\u00ab\u201e\u00bf\u00a1]+"
)
_LABEL = re.compile(
    r"\A(?:about|abstract|description|summary|overview|purpose|aim|goal|objective|introduction|"
    r"tl;?dr|what (?:this|it) is|ziel|doel|but|objectif|objetivo|"
    r"beschreibung|topic|thema|sujet|tema|example)\s*:\s*",
    re.IGNORECASE,
)
_A_DASH = re.compile(r" [-\u2013\u2014|] ")
_TAIL = 60  # characters
# What is left of links after a tagline: "Plugin for charts - Demo".
_LINKS_AFTER = re.compile(
    r"(?:\s+[-\u2013\u2014|]\s+(?:(?:live|online) )?"
    r"(?:demo|docs|documentation|website|homepage|paper|slides|preview|link|readme)s?)+\W*\Z",
    re.IGNORECASE,
)
# Addresses, and what leads to one, within brackets: a card leads nowhere.
_LINKS_WITHIN = re.compile(
    r"\s?(?:\[\s?<?https?://[^\s\]]{1,300}\]|\(\s?<?https?://[^\s)]{1,300}\))"
)
_HERE = re.compile(
    r"\s?\((?:(?:it is|which is|also|currently|now|publicly|live) )*"
    r"(?:hosted|available|deployed|found|see|seen|live|click)(?: it)? here\)"
)
_GAP = re.compile(r" ([,.;:!?])(?=\s|$)")
_LANGUAGE = rf"[\[(]?{Prose.pattern('languages')}[\])]?"
_BETWEEN = r"\s*[|/\u00b7\u2022\uff5c,\u2013-]\s*"
_LANGUAGE_BAR = re.compile(
    rf"(?:\A|(?<=[.!?] ))(?:[\w ]{{0,40}}:\s*)?{_LANGUAGE}(?:{_BETWEEN}{_LANGUAGE})+(?!\w)\s*",
    re.IGNORECASE,
)


def without_ornaments(text: str) -> str:
    """Give the words of a paragraph alone, with one space between them."""
    text = _BEFORE_WORDS.sub("", _BRACED.sub(r"\1", " ".join(text.split())))
    text = _LABEL.sub("", _BEFORE_WORDS.sub("", _LANGUAGE_BAR.sub("", text)))
    text = _LINKS_AFTER.sub("", text) if _A_DASH.search(text[-_TAIL:]) else text
    return _GAP.sub(r"\1", _HERE.sub("", text) if " here)" in text else text)


def without_links(text: str) -> str:
    """Leave out addresses in brackets, and what leads to one: a card leads to its page alone."""
    return _LINKS_WITHIN.sub("", text).strip()
