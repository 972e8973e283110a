"""The messages of another language: where a theme has them, and how scripts come to theirs.

A translation lies among the templates as `languages/TAG.po`, a community's own before ours. Here
is also how an element says that its text is not in the language of its page. Called by `theme`.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from aggregator.words.natural_language import marked
from aggregator.words.speech import Speech, base_of, catalog_of, runs_from_right, spoken

LANGUAGES = "languages/"
# What a PO file may say of its plurals, in the notation of C, which scripts share.
_PLURAL = re.compile(r"[n0-9\s?:=!<>&|%()]+")


@dataclass(frozen=True, slots=True)
class TemplateText:
    """A template as it stood when the theme was loaded, and where: a path that messages name."""

    place: str
    source: bytes


def speech_of(language: str, found: Mapping[str, TemplateText]) -> Speech:
    """Find the messages of a language, or of the one that it is a variety of.

    A community may have some for English as well, to say things in its own words.
    """
    there = {name.casefold(): text for name, text in found.items() if name.startswith(LANGUAGES)}
    for tag in (language.casefold(), base_of(language)):
        if text := there.get(f"{LANGUAGES}{tag}.po"):
            return Speech(language, text.source, text.place)
    return Speech(language if base_of(language) == "en" else "en")


def spoken_for(language: str, folders: Iterable[Path]) -> str:
    """Give the language that pages speak where one is asked for, from the names of files alone."""
    there = {
        f"{LANGUAGES}{path.name}": TemplateText(str(path), b"")
        for folder in folders
        for path in sorted((folder / LANGUAGES).glob("*.po"))
    }
    return speech_of(language, there).language


def words_of(speech: Speech) -> Mapping[str, bytes]:
    """Give the script that tells other scripts their messages; none where they are as written."""
    if not speech.messages:
        return {}
    catalog = catalog_of(speech)
    scripts = (m for m in catalog if m.string and not m.fuzzy and _is_of_script(m.locations))
    words = {m.id if isinstance(m.id, str) else m.id[0]: m.string for m in scripts if m.id}
    plural = catalog.plural_expr if _PLURAL.fullmatch(catalog.plural_expr) else "n != 1"
    told = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    script = f"window.words = {told};\nwindow.wordsFor = (n) => Number({plural});\n"
    return {"js/site/00-words.js": script.encode()}


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


def _is_of_script(locations: Sequence[tuple[str, object]]) -> bool:
    return any(name.endswith(".js") for name, _ in locations)
