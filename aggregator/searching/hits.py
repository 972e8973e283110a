"""What a result shows: made for each project when the index is built, read back when it is found.

Among it are the sentences of its README that tell most of it (`sentences`); which of them is shown
depends on the words of a search.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.searching.document import Document
from aggregator.words.speech import say

SUMMARY_SHOWN = 220  # characters
_UNKNOWN = "not known"  # a filter, and nothing to tell
_ALWAYS = ("c", "d")  # the script puts them in as they are
_BETWEEN = ", "  # languages


@dataclass(frozen=True, slots=True)
class Hit:
    """One result as it is shown, with its score; 0 when nothing was typed to score by.

    Args:
        number: Which project of the index it is.
        score: How well it fits; only hits of one search can be compared.
        key: owner/name of the repository.
        title: What it is called.
        summary: What it says of itself, cut to what a result has room for.
        organisation: Whose it is: an organisation, or else the owner.
        languages: The programming languages it is found by.
        stage: How far it is, as its members say; empty where they do not.
        pushed: The day of its last change, as YYYY-MM-DD; empty where it is not known.
        url: Its page, seen from the root of the site.
        sentences: What its README says that tells most of it.
        start: One line to begin with; empty where nothing says so.
        allows: What its licence allows, in a sentence.
        origin: The showcase that lists it, where that is another one; then `url` is a whole one.
    """

    number: int
    score: int
    key: str
    title: str
    summary: str
    organisation: str
    languages: tuple[str, ...]
    stage: str
    pushed: str
    url: str
    sentences: tuple[str, ...]
    start: str = ""
    allows: str = ""
    origin: str = ""


def write_card(document: Document, sentences: Sequence[str]) -> dict[str, Any]:
    """Give what a result shows under the letters of its file, what is empty left out.

    The card of the search page names some of them (`parts/card.html`, `data-facts`).
    """
    card = {
        "k": document.key,
        "t": document.shown_title,
        "u": document.url,
        "s": _cut(document.says or document.summary),
        "o": document.organisation or document.owner,
        "l": _BETWEEN.join(document.all_languages),
        "g": document.stage_label or document.stage,
        "p": document.pushed[:10],
        "i": _cut(document.start),
        "y": document.allows,
        "n": document.licence,
        "m": list(document.marks),
        "c": document.cover_look,
        "d": document.cover_path,
        "a": _sentence("" if document.activity == _UNKNOWN else say(document.activity)),
        "x": [each for each in sentences if each not in document.summary],
        "w": document.summary_language,
        "v": document.text_language,
        "b": document.title_language,
        "f": document.origin,
        "h": document.repository,
    }
    return {name: value for name, value in card.items() if value or name in _ALWAYS}


def read_card(card: Mapping[str, Any], number: int, score: int) -> Hit:
    """Make a result of what `write_card` wrote."""
    key, title, url, summary, organisation, languages, stage, pushed, start, allows = (
        str(card.get(letter, "")) for letter in "ktusolgpiy"
    )
    spoken = tuple(filter(None, languages.split(_BETWEEN)))
    sentences = tuple(map(str, card.get("x", ())))
    return Hit(
        number=number,
        score=score,
        key=key,
        title=title,
        summary=summary,
        organisation=organisation,
        languages=spoken,
        stage=stage,
        pushed=pushed,
        url=url,
        sentences=sentences,
        start=start,
        allows=allows,
        origin=str(card.get("f", "")),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cut(text: str) -> str:
    # Not `words.phrases.shortened`: punctuation before the cut stays, as it always did here.
    if len(text) <= SUMMARY_SHOWN:
        return text
    return text[:SUMMARY_SHOWN].rsplit(" ", 1)[0] + "\u2026"
