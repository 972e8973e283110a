"""Dates, numbers, lists and sentences in words, the same on every machine.

In the language that is spoken (`speech`); the locale of the machine that builds never changes a
page. Called wherever a text is written.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from markupsafe import Markup

from aggregator.words.speech import locale_of, number, say, spoken

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def day_of(value: date) -> str:
    """Write a day: "3 October 2026"."""
    if spoken().is_english:
        return f"{value.day} {month_of(value)}"
    from babel.dates import format_date  # noqa: PLC0415 - for other languages only

    return format_date(value, "long", locale=locale_of(spoken().language))


def month_of(value: date) -> str:
    """Write a month: "October 2026"."""
    if spoken().is_english:
        return f"{_MONTHS[value.month - 1]} {value.year}"
    from babel.dates import format_skeleton  # noqa: PLC0415 - for other languages only

    return format_skeleton("yMMMM", value, locale=locale_of(spoken().language))


def joined(words: Sequence[str]) -> str:
    """Write words as in a sentence: "a", "a and b", "a, b and c"."""
    if spoken().is_english:
        return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
    from babel.lists import format_list  # noqa: PLC0415 - for other languages only

    locale = locale_of(spoken().language)
    # Where "and" hangs on the sound that follows, as in Welsh, Unicode has "a(c)".
    if "(" in locale.list_patterns["standard"]["end"]:
        return ", ".join(words)
    return format_list(list(words), locale=locale)


def either(words: Sequence[str]) -> str:
    """Write words of which one can be chosen: "a or b"."""
    if spoken().is_english:
        return " or ".join(words)
    from babel.lists import format_list  # noqa: PLC0415 - for other languages only

    return format_list(list(words), style="or", locale=locale_of(spoken().language))


def day(value: date) -> Markup:
    """Write a day that machines can read too."""
    return Markup('<time datetime="{}">{}</time>').format(
        _day_only(value).isoformat(), day_of(value)
    )


def moment(value: datetime) -> Markup:
    """Write a day that carries its exact time, for scripts that say how long ago it was."""
    return Markup('<time datetime="{}" data-age>{}</time>').format(timestamp(value), day_of(value))


def timestamp(value: datetime) -> str:
    """Write a moment as RFC 3339 asks, in UTC: "2026-10-03T02:10:00Z"."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plural(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun: "1 project", "24 projects", "2 entries"."""
    return f"{number(count)} {spoken().ngettext(one, many or several_of(one), count)}"


def several_of(noun: str) -> str:
    """Give the plural of an English noun that has a regular one."""
    return re.sub(r"(?<![aeiou])ys\Z", "ies", f"{noun}s")


def listed(words: Sequence[str], most: int = 12) -> str:
    """Name the first few and say how many more there are: "a, b and 3 more"."""
    head = ", ".join(words[:most])
    if len(words) <= most:
        return head
    return say("%(first)s and %(count)s more", first=head, count=number(len(words) - most))


def minute_of(value: datetime) -> str:
    """Write a moment as a log does: "2026-10-03 02:10 UTC"."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def clock_of(value: datetime) -> str:
    """Write the time of a day: "02:10 UTC"."""
    return f"{value.astimezone(UTC):%H:%M} UTC"


_STATUS = (
    r"(?:pre-?)?(?:alpha|beta)|archived|deprecated|retired|experimental|unmaintained|obsolete"
    r"|superseded|wip|draft|poc|work in progress|(?:under |in )develop?ment|no longer maintained"
    r"|proof of concept"
)
# How far a project is, as a title says it beside the name: "Orchard [alpha]", "Beds - draft". It is
# no part of the title, and colleagues hear it as a caution.
STATUS_IN_A_TITLE = re.compile(
    rf"\s*(?:[\[({{]\s*(?:{_STATUS})\s*[\])}}]|(?:\s[-\u2013\u2014]|\s?[:|])\s+(?:{_STATUS})\s*\Z)",
    re.IGNORECASE,
)


def sentence(text: str) -> str:
    """Begin a text with a capital and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def shortened(text: str, length: int) -> str:
    """Cut a text at a word near `length` characters, with an ellipsis when cut."""
    if len(text) <= length:
        return text
    head = (
        text[: length - 1].rsplit(None, 1)[0] if " " in text[: length - 1] else text[: length - 1]
    )
    return head.rstrip(" ,;:.-") + "…"


def _day_only(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
