"""What people announce in a form: good news, a talk, a story; from answers to what to write.

The answers are taken as they are plainly meant, a day in words above all, and then pass the very
rules of the file. Values in, values or complaints out; `from_issue` makes a change of them.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from aggregator.joining.answers import address_in, is_nothing, several_in
from aggregator.joining.forms import CELEBRATE, STORY, TALK, Form
from aggregator.registry.community import Celebration, Talk
from aggregator.registry.declaration import Written
from aggregator.registry.models import Entry
from aggregator.registry.validation import read_values

_ANY_REPO = "owner/name"
_DAYS = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%A %d %B %Y", "%a %d %b %Y")
# In 28/10/2026 the day is plain; in 03/04/2026 it is not, so there the rule asks.
_PLAIN_DAY = re.compile(r"(1[3-9]|2\d|3[01])[/.-](0?[1-9]|1[0-2])[/.-](\d{4})")
_CLOCK = re.compile(r"(1[0-2]|0?[1-9])(?:[:.]([0-5]\d))?\s*([ap])\.?m\.?", re.IGNORECASE)
_MODELS: Mapping[str, type[Written]] = {
    CELEBRATE.file: Celebration,
    TALK.file: Talk,
    STORY.file: Entry,
}


def day_meant(text: str) -> str:
    """Write a day as year-month-day where it is plain which one is meant; else give the text."""
    bare = re.sub(r"(?<=\d)(st|nd|rd|th)\b|,", "", " ".join(text.split()))
    if plain := _PLAIN_DAY.fullmatch(bare):
        bare = f"{plain[3]}-{int(plain[2]):02}-{int(plain[1]):02}"
    for form in _DAYS:
        try:
            return datetime.strptime(bare, form).date().isoformat()  # noqa: DTZ007 - a day, no time
        except ValueError:
            continue
    return bare


def time_meant(text: str) -> str:
    """Write a time of day by 24 hours where it is plain which one is meant; else give the text."""
    if clock := _CLOCK.fullmatch(text.strip()):
        hour = int(clock[1]) % 12 + (12 if clock[3].lower() == "p" else 0)
        return f"{hour:02}:{clock[2] or '00'}"
    return text.strip()


_MEANT: Mapping[str, Callable[[str], Any]] = {
    "date": day_meant,
    "story_date": day_meant,
    "time": time_meant,
    "url": address_in,
    "recording": address_in,
    "speakers": lambda text: [" ".join(name.split()) for name in several_in(text, "@")],
}


def read_announcement(
    form: Form, answers: Mapping[str, str], today: date | None
) -> tuple[dict[str, Any], list[str]]:
    """Read what a form announces.

    Args:
        form: One of `CELEBRATE`, `TALK` and `STORY`.
        answers: What was written, by the names of its fields.
        today: The day to note where none is written and the form says so.

    Returns:
        The fields as a member would write them, and what is wrong, a sentence each.
    """
    model = _MODELS[form.file]
    values: dict[str, Any] = {}
    for one in form.fields:
        text = answers.get(one.id, "")
        if one.field not in {"repo", "story"} and not is_nothing(text):
            values[one.field] = _MEANT.get(one.field, str.strip)(text)
    if form is not TALK and today is not None:
        values.setdefault("date" if form is CELEBRATE else "story_date", today.isoformat())
    if form is STORY:
        values |= {"repo": _ANY_REPO, "story": _story(answers)}
    part, mistakes = read_values(model, {name: value for name, value in values.items() if value})
    labels = {one.field: one.label for one in form.fields}
    problems = []
    for mistake in mistakes:
        name, _, what = mistake.what.partition(": ")
        missing = re.fullmatch(r"`(\w+)` is missing", mistake.what)
        if missing:
            problems.append(f"{labels[missing[1]]}: it is empty.")
        else:
            problems.append(f"{labels.get(name, name)}: {what}: {mistake.cure}")
    written = part.as_written() if part else {}
    written.pop("repo", None)
    return written, problems


def _story(answers: Mapping[str, str]) -> str:
    """Put the parts of a story under their headings; a heading without words is left out."""
    told = ((one.label, answers.get(one.id, "")) for one in STORY.fields if one.field == "story")
    parts = [(label, text.strip()) for label, text in told if not is_nothing(text)]
    return "\n\n".join(f"## {label}\n\n{text}" for label, text in parts)
