"""The messages of another language: where a theme has them, and how scripts come to theirs.

A translation lies among the templates as `languages/TAG.po`, a community's own before ours. Here
is also how an element says that its text is not in the language of its page. Called by `theme`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

from aggregator.words.natural_language import marked
from aggregator.words.phrases import day_of
from aggregator.words.speech import (
    Speech,
    base_of,
    catalog_of,
    faults_of,
    runs_from_right,
    speaking,
    spoken,
)

LANGUAGES = "languages/"
_MOST_FAULTS = 20
# What a PO file may say of its plurals, in the notation of C, which scripts share.
_PLURAL = re.compile(r"[n0-9\s?:=!<>&|%()]+")


@dataclass(frozen=True, slots=True)
class TemplateText:
    """A template as it stood when the theme was loaded, and where: a path that messages name."""

    place: str
    source: bytes


def speech_of(language: str, found: Mapping[str, TemplateText]) -> Speech:
    """Find the messages of a language, or of the one that it is a variety of.

    "zh-Hant-TW" finds those of "zh-Hant", and then those of "zh". A community may have some for
    English as well, to say things in its own words.
    """
    there = {_tag_of(name): text for name, text in found.items() if name.startswith(LANGUAGES)}
    tag = _tag_of(language)
    while tag:
        if text := there.get(f"{LANGUAGES}{tag}.po"):
            return Speech(language, text.source, text.place)
        tag = tag.rpartition("-")[0]
    return Speech(language if base_of(language) == "en" else "en")


def load_speech(language: str, folders: Iterable[Path]) -> Speech:
    """Read the messages of a language from folders of templates; the first that has some counts."""
    there: dict[str, TemplateText] = {}
    for path in (path for folder in folders for path in sorted((folder / LANGUAGES).glob("*.po"))):
        there.setdefault(f"{LANGUAGES}{path.name}", TemplateText(str(path), path.read_bytes()))
    return speech_of(language, there)


def spoken_for(language: str, folders: Iterable[Path]) -> str:
    """Give the language that pages speak where one is asked for, from the names of files alone."""
    there = {
        f"{LANGUAGES}{path.name}": TemplateText(str(path), b"")
        for folder in folders
        for path in sorted((folder / LANGUAGES).glob("*.po"))
    }
    return speech_of(language, there).language


def wrong_messages(speech: Speech) -> Iterator[str]:
    """Tell which messages of a translation are said in English, where they stand, and the cure."""
    faults = faults_of(speech)
    yield from faults[:_MOST_FAULTS]
    if len(faults) > _MOST_FAULTS:
        yield f"{speech.place} has {len(faults) - _MOST_FAULTS} more faults like these"


def _tag_of(name: str) -> str:
    """Write a tag in one way: gettext calls a file pt_BR.po, and case means nothing in either."""
    return name.replace("_", "-").casefold()


def words_of(speech: Speech, found: Mapping[str, TemplateText]) -> Mapping[str, bytes]:
    """Give the script that tells other scripts their messages; none where they are as written.

    It tells them as well how a day of each month is written, since few browsers know all languages.
    """
    if not speech.messages:
        return {}
    catalog = catalog_of(speech)
    of_scripts = _said_by_scripts(catalog) or _said_by_our_scripts(found)
    said = (m for m in catalog if m.string and not m.fuzzy and _key_of(m) in of_scripts)
    words = {_key_of(message): message.string for message in said}
    plural = catalog.plural_expr if _PLURAL.fullmatch(catalog.plural_expr) else "n != 1"
    lines = [f"window.words = {_written(words)};", f"window.wordsFor = (n) => Number({plural});"]
    if not speech.is_english:
        lines.append(f"window.dayForms = {_written(_day_forms(speech))};")
    return {"js/site/00-words.js": "".join(f"{line}\n" for line in lines).encode()}


def language_attributes(language: str) -> Markup:
    """Give the attributes of an element whose text is in a language: none where its page is, too.

    With `dir` where the text runs the other way than the page:
    https://html.spec.whatwg.org/multipage/dom.html#the-dir-attribute
    """
    page = spoken().language
    if not marked(language, page):
        return Markup()
    from_right = runs_from_right(language)
    turned = Markup(' dir="{}"').format("rtl" if from_right else "ltr")
    return Markup(' lang="{}"').format(language) + (
        turned if from_right != runs_from_right(page) else ""
    )


@pass_context
def attributes_of_text(context: Context, text: str | None, known: str = "") -> Markup:
    """Give the same for a text of a member, in whatever language that is or is `known` to be."""
    return language_attributes(context["site"].tongues.of(text or "", known))


def _said_by_scripts(catalog: "Catalog") -> frozenset[str]:
    said = (m for m in catalog if any(name.endswith(".js") for name, _ in m.locations))
    return frozenset(map(_key_of, said))


def _said_by_our_scripts(found: Mapping[str, TemplateText]) -> frozenset[str]:
    """Look into the list of all messages; some editors leave out of a file where they stand."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - for other languages only

    listed = found.get(f"{LANGUAGES}messages.pot")
    return _said_by_scripts(read_po(BytesIO(listed.source))) if listed else frozenset()


def _key_of(message: "Message") -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _day_forms(speech: Speech) -> list[str]:
    """Write a day of each month as the pages do, with holes for the day and the year."""
    with speaking(speech):
        days = [day_of(date(2033, month, 15)) for month in range(1, 13)]
    return [day.replace("2033", "%(year)s").replace("15", "%(day)s") for day in days]


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
