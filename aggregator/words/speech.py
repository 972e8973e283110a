"""The language that pages speak: what a message is in it, and how it writes dates and numbers.

Messages stand in English where they are needed, and that text is the key to their translation, as
gettext has it: https://www.gnu.org/software/gettext/manual/gettext.html. A translation is a PO
file, `languages/TAG.po` among the templates, named by its tag of BCP 47. Which language is spoken
is a property of the work at hand: whoever assembles, renders or fills a page is `speaking` it, and
the terminal, which is not, gets English. Babel is loaded for other languages only.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import NullTranslations
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog

    from aggregator.words.po_file import PoFile

ItemT = TypeVar("ItemT")

_ENGLISH = "en"
_ENGLISH_ITSELF = NullTranslations()


@dataclass(frozen=True, slots=True)
class Speech:
    """A language with its messages; without any it is English.

    Args:
        language: its tag, as `lang` of HTML wants it.
        messages: the bytes of a PO file.
        place: where that was, for messages about it.
        told: some messages with what they are in that language, looked up by somebody who had all.
    """

    language: str = _ENGLISH
    messages: bytes = field(default=b"", repr=False)
    place: str = field(default="", compare=False)
    told: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def is_english(self) -> bool:
        """Whether dates, numbers and lists are written as in English."""
        return base_of(self.language) == _ENGLISH

    def gettext(self, message: str) -> str:
        """Give a message in this language; of nothing nothing, where gettext has its header."""
        if self.told:
            return dict(self.told).get(message, message)
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


def say_stored(message: str) -> tuple[str, str]:
    """Say what was written down in English, and give the language in which it is said now.

    Where a translation has it, that is the one spoken; else it stays English.
    """
    told = say(message)
    return told, _ENGLISH if told == message else spoken().language


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
    """Give the messages of a language that can be said.

    Raises:
        UsageError: they cannot be read at all.
    """
    return _read(speech).catalog


def faults_of(speech: Speech) -> tuple[str, ...]:
    """Tell of each message that cannot be said in its language: where, why, and the cure.

    Raises:
        UsageError: none of them can be read.
    """
    return _read(speech).faults if speech.messages else ()


def _read(speech: Speech) -> "PoFile":
    return _read_from(speech.messages, speech.place or speech.language, speech.language)


@lru_cache(maxsize=8)
def _read_from(messages: bytes, place: str, language: str) -> "PoFile":
    from aggregator.words.po_file import read_po_file  # noqa: PLC0415 - Babel takes its time

    return read_po_file(messages, place, locale_of(language))


def _translations(speech: Speech) -> NullTranslations:
    return _read(speech).translations if speech.messages else _ENGLISH_ITSELF
