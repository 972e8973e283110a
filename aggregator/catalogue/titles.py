"""What a project is called in words, where a heading or a file says so.

A repository is named for addresses ("waiting_list-model"); people write "Waiting list model" above
their README. Such words are a title only where they name the same thing: a first heading can as
well be "Installation", or be left over from a template. Nothing is made up: what does not name the
repository is refused, and its own name stays. Pure; called by `claims` and `grouping`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from aggregator.words.phrases import STATUS_IN_A_TITLE, sentence

LONGEST_TITLE = 60  # characters; more is a sentence
# So much of the letters of a repository's name has to be found in a title: two words of three,
# and not only the shorter ones. Read on 173 first headings: no wrong title is left at this.
_ENOUGH = 0.68
# So many words, all of them words of the repository's name, name it in short.
_MANY = 3
_MUCH = 20_000  # characters of a README
_LONGEST_HEADING = 500  # characters; no longer one is a title
_GAPS = str.maketrans("", "", " \n-")
_LONG_PART = 6  # letters; shorter parts of a name are found in any text
_WELCOME = re.compile(r"\Awelcome to (?:the )?", re.IGNORECASE)
_VERSION = re.compile(
    r"[\s,(\[]*\bv(?:ersion )?\.? ?\d+(?:\.\d+)+[\w.-]*[)\]]?\s*\Z", re.IGNORECASE
)
_ABOUT_ITSELF = re.compile(r"\s+(?:read ?me|overview|documentation|docs)\Z", re.IGNORECASE)
_PART = re.compile(r"\s*[:|(\u2013\u2014]\s*|\s+-\s+")
_EDGES = " \t-\u2013\u2014:|,;.!*_`'\"\u201c\u201d\u2018\u2019#"
_WORD = re.compile(r"[^\W_]+")
# "PathSimR" is three words, "HESPipeline" two, "hl7apy" one.
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def title_in_words(written: str, name: str) -> str | None:
    """Read a heading as the title of the repository called `name`, or give None where it is not.

    A title and what follows it ("beds: a board for wards") is the title alone where that is the
    name of the repository.
    """
    words = _cleaned(written)
    if not words or not compact(words):
        return None
    for part in (words, _PART.split(words)[0].strip(_EDGES)):
        if compact(part) == compact(name) and len(part) <= LONGEST_TITLE:
            return part
    if len(words) <= LONGEST_TITLE:
        return words if _names(words, name) else None
    parts = (sentence(part.strip(_EDGES)) for part in _PART.split(words)[1:])
    return next((p for p in parts if len(p) <= LONGEST_TITLE and _names(p, name)), None)


def words_of_name(name: str, readme: object) -> str | None:
    """Take a repository's name apart into words, as far as its README writes them so.

    "ward-timetomove" is "ward time to move" where the README speaks of "time to move": its own
    words, which together are the name or a part of it. A name that has capitals was written as
    people want it, and a part that the README writes in one piece is one word.

    Args:
        name: The repository's name.
        readme: What `str` gives the words of its README of.

    Returns:
        None where nothing of the README is the name in words.
    """
    if name != name.lower():
        return None
    text = str(readme)[:_MUCH]
    if whole := _spelt(compact(name), text):
        return sentence(whole) if len(whole) <= LONGEST_TITLE else None
    parts = re.split(r"[-_.]+", name.strip("-_."))
    spelt = [_spelt(part, text) if len(part) >= _LONG_PART else None for part in parts]
    if len(parts) < 2 or not any(spelt):
        return None
    title = " ".join(words or part for words, part in zip(spelt, parts, strict=True))
    title = sentence(title) if spelt[0] else title
    return title if len(title) <= LONGEST_TITLE else None


def _spelt(joined: str, text: str) -> str | None:
    """Find the words of a text that are together one piece of a name, and nowhere stand whole."""
    # Most texts hold no such letters in a row, and a pattern for one name is dear to make.
    if not joined or joined.lower() not in text.lower().translate(_GAPS):
        return None
    if re.search(rf"(?<![\w./-]){re.escape(joined)}(?![\w/-])", text, re.IGNORECASE):
        return None
    letters = r"[ \n-]?".join(map(re.escape, joined))
    for match in re.finditer(rf"(?<![\w./-]){letters}(?![\w/-])", text, re.IGNORECASE):
        words = " ".join(match[0].split())
        if " " in words:
            return words.lower() if words == words.capitalize() else words
    return None


def doubled_titles(titles: Iterable[str]) -> frozenset[str]:
    """Give the titles that more than one project has, in small letters."""
    counts = Counter(title.casefold() for title in titles)
    return frozenset(title for title, count in counts.items() if count > 1)


def _cleaned(written: str) -> str:
    """Leave out what is not the name: emoji, a version, how far it is, "welcome to"."""
    read = written[:_LONGEST_HEADING]
    text = "".join(letter for letter in read if letter.isprintable() and not _pictures(letter))
    text = STATUS_IN_A_TITLE.sub("", " ".join(text.split()))
    text = text.replace("{", "").replace("}", "")  # how R marks the name of a package
    text = _ABOUT_ITSELF.sub("", _VERSION.sub("", text))
    return _WELCOME.sub("", text.strip(_EDGES)).strip(_EDGES)


def _pictures(letter: str) -> bool:
    """Tell emoji, arrows and their joiners from letters, which stay in every script."""
    return not letter.isalnum() and ord(letter) >= 0x2190


def _names(title: str, name: str) -> bool:
    """Tell whether a title names the repository: most of the name's letters are words of it."""
    words = [word.casefold() for word in _WORD.findall(title)]
    whole = "".join(words)
    if compact(name) in whole:
        return True
    tokens = [token for word in _WORD.findall(name) for token in _split(word)]
    if len(words) >= _MANY and all(word in tokens for word in words):
        return True
    found = sum(len(token) for token in tokens if _said(token, words))
    return found >= _ENOUGH * sum(map(len, tokens)) and found > 0


def _said(token: str, words: Sequence[str]) -> bool:
    """Tell whether a word of a name is said: in full, in two words, in the plural, by initials."""
    joined = (one + other for one, other in pairwise(words))
    if any(_alike(token, word) for word in (*words, *joined)):
        return True
    initials = "".join(word[0] for word in words)
    return len(token) > 2 and token in initials


def _alike(token: str, word: str) -> bool:
    return token == word or (
        min(len(token), len(word)) > 3 and token.rstrip("s") == word.rstrip("s")
    )


def _split(word: str) -> list[str]:
    return [part.casefold() for part in _CAMEL.split(word) if part]


def compact(text: str) -> str:
    """Give the letters and digits of a text in one piece, as a name is compared with another."""
    return "".join(_WORD.findall(text)).casefold()
