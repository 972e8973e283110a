"""The language that pages speak: what a message is in it, and how it writes dates and numbers.

Messages stand in English where they are needed, and that text is the key to their translation, as
gettext has it: https://www.gnu.org/software/gettext/manual/gettext.html. A translation is a PO
file, `languages/TAG.po` among the templates, named by its tag of BCP 47. Which language is spoken
is a property of the work at hand: whoever assembles, renders or fills a page is `speaking` it, and
the terminal, which is not, gets English. Babel is loaded for other languages only.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog

from aggregator.words.errors import UsageError

ItemT = TypeVar("ItemT")

_ENGLISH = "en"
# A comment, or a text in quotation marks, mostly behind a word that says what it is.
_LINE = re.compile(rb'\s*(?:#.*|(?:msg\w+(?:\[\d+\])?\s+)?"(?:[^"\\]|\\.)*"\s*)?')


@dataclass(frozen=True, slots=True)
class Speech:
    """A language with its messages; without any it is English.

    Args:
        language: its tag, as `lang` of HTML wants it.
        messages: the bytes of a PO file.
        place: where that was, for messages about it.
    """

    language: str = _ENGLISH
    messages: bytes = field(default=b"", repr=False)
    place: str = field(default="", compare=False)

    @property
    def is_english(self) -> bool:
        """Whether dates, numbers and lists are written as in English."""
        return base_of(self.language) == _ENGLISH

    def gettext(self, message: str) -> str:
        """Give a message in this language; of nothing nothing, where gettext has its header."""
        return _translations(self).gettext(message) if message else ""

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Give the message for so many."""
        return _translations(self).ngettext(one, many, count)

    def pgettext(self, context: str, message: str) -> str:
        """Give a message that means different things in different places."""
        return _translations(self).pgettext(context, message)

    def npgettext(self, context: str, one: str, many: str, count: int) -> str:
        """Give the message for so many, of those that mean different things."""
        return _translations(self).npgettext(context, one, many, count)


_spoken: ContextVar[Speech] = ContextVar("spoken", default=Speech())  # noqa: B039 - it is frozen


def spoken() -> Speech:
    """Give the language that is spoken here."""
    return _spoken.get()


@contextmanager
def speaking(speech: Speech) -> Iterator[None]:
    """Speak a language until the block ends."""
    before = _spoken.set(speech)
    try:
        yield
    finally:
        _spoken.reset(before)


def in_language(speech: Speech, items: Iterable[ItemT]) -> Iterator[ItemT]:
    """Give the items of a generator, each of which is made while the language is spoken."""
    waiting = iter(items)
    while True:
        with speaking(speech):
            try:
                item = next(waiting)
            except StopIteration:
                return
        yield item


def say(message: str, /, **named: object) -> str:
    """Say a message in the language that is spoken.

    Args:
        message: English, written out where `say` is called, with `%(name)s` for what differs; a
            percent sign is doubled where something is named.
        named: what stands there.
    """
    told = spoken().gettext(message)
    return told % named if named else told


def say_many(count: int, one: str, many: str, /, **named: object) -> str:
    """Say the message for so many; `%(count)s` is the number as it is written."""
    return spoken().ngettext(one, many, count) % {"count": number(count), **named}


def later(message: str) -> str:
    """Mark a message that is said elsewhere, such as one in a table: `say(TABLE[key])`."""
    return message


def number(value: int) -> str:
    """Write a whole number with its thousands apart: "12,345"."""
    if spoken().is_english:
        return f"{value:,}"
    from babel.numbers import format_decimal  # noqa: PLC0415 - for other languages only

    return format_decimal(value, locale=locale_of(spoken().language))


def runs_from_right(language: str) -> bool:
    """Tell whether a language is written from right to left."""
    if base_of(language) == _ENGLISH:
        return False
    return locale_of(language).text_direction == "rtl"


@lru_cache(maxsize=8)
def locale_of(language: str) -> "Locale":
    """Give what Babel knows of a language; of one that it does not know, what holds for English."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - for other languages only

    for tag in (language, base_of(language)):
        try:
            return Locale.parse(tag.replace("_", "-"), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en", "GB")


def base_of(tag: str) -> str:
    """Give the language of a tag without its country or script: "pt" of "pt-BR"."""
    return tag.replace("_", "-").partition("-")[0].casefold()


def translation_missing(asked: str, spoken_instead: str) -> str:
    """Say that pages speak another language than was asked for, and the cure; "" where they do not.

    Args:
        asked: the setting `language`.
        spoken_instead: the language of the messages that were found for it.
    """
    if base_of(asked) == base_of(spoken_instead):
        return ""
    return (
        f"the pages will speak English: `language` is {asked}, and there is no translation into "
        f"it yet; what members wrote is still taken to be in {asked}. docs/languages.md says how "
        f"to make languages/{base_of(asked)}.po among your templates"
    )


def catalog_of(speech: Speech) -> "Catalog":
    """Read the messages of a language.

    Raises:
        UsageError: they are no PO file, by its first line that is none, or their rule for plurals
            is no rule.
    """
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - for other languages

    place = speech.place or speech.language
    if line := _first_wrong_line(speech.messages):
        raise _unreadable(f"{place}:{line}", "this line is not one of a PO file")
    try:
        catalog = read_po(BytesIO(speech.messages), abort_invalid=True)
        _compiled(catalog)  # alone reads the rule for plurals
    except (PoFileError, ValueError, LookupError, SyntaxError) as problem:
        raise _unreadable(place, str(problem) or type(problem).__name__) from problem
    return catalog


def _first_wrong_line(messages: bytes) -> int | None:
    """Number the first line that no PO file has; Babel reads on where a quotation mark is missing.

    https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
    """
    lines = enumerate(messages.splitlines(), 1)
    return next((number for number, line in lines if not _LINE.fullmatch(line)), None)


def _unreadable(place: str, why: str) -> UsageError:
    return UsageError(
        f"{place} cannot be read",
        why,
        "open it in an editor for PO files and save it again; the old site is untouched",
    )


@lru_cache(maxsize=8)
def _translations(speech: Speech) -> NullTranslations:
    return _compiled(catalog_of(speech)) if speech.messages else NullTranslations()


def _compiled(catalog: "Catalog") -> GNUTranslations:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - for other languages only

    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)
