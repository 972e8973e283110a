"""What another showcase says of its projects, and when it was asked: the seam of federation.

Frozen values: `site.data.neighbour_listing` makes them of the catalogue that the other one
publishes, `run.neighbouring` asks for it, `store.neighbours_file` keeps them, and `catalogue`
chooses what of them is shown. All of it was said by strangers, so every text is bounded and every
address is one that may be linked to; whoever reads a file of it reads it by these models.
"""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from aggregator.facts.base import NameWithOwner, WebAddress
from aggregator.words.clean import clean_line, clean_text

MOST_PROJECTS = 5_000  # of one other showcase
_MOST_WORDS = 30  # in one list of one project
_LONGEST_SUMMARY = 600
_LONGEST_WORD = 100
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")  # in the shape of RFC 5646


def _line(value: object) -> str:
    return clean_line(value) or ""


def _summary(value: object) -> str:
    return clean_text(value, _LONGEST_SUMMARY) or ""


def _words(value: object) -> tuple[str, ...]:
    listed = value[:_MOST_WORDS] if isinstance(value, list | tuple) else ()
    cleaned = (clean_text(one, _LONGEST_WORD) for one in listed)
    return tuple(dict.fromkeys(one for one in cleaned if one))


def _language(value: object) -> str:
    return value if isinstance(value, str) and _TAG.fullmatch(value) else ""


def _moment(value: object) -> datetime | None:
    """Read a moment, in UTC; a time of no zone could be any of twenty-four."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
        return found.astimezone(UTC) if isinstance(found, datetime) and found.tzinfo else None
    except (ValueError, OverflowError):  # the first and the last day have hours that are no time
        return None


_Line = Annotated[str, BeforeValidator(_line)]
_Summary = Annotated[str, BeforeValidator(_summary)]
_Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
_Language = Annotated[str, BeforeValidator(_language)]
_Moment = Annotated[datetime | None, BeforeValidator(_moment)]


class _Told(BaseModel):
    # What a newer version adds is left aside, and what an older one lacks is not known.
    model_config = ConfigDict(frozen=True, extra="ignore")


class NeighbourProject(_Told):
    """One project of another showcase, in as few words as a result of a search needs.

    Args:
        repo: owner/name.
        url: The address of the repository.
        page: Its page in the other showcase; "" where that is not known.
        activity: How lately it was pushed to, in the words of `catalogue.types.Activity`.
    """

    repo: NameWithOwner
    url: WebAddress
    page: WebAddress | Annotated[str, Field(max_length=0)] = ""
    title: _Line = ""
    title_language: _Language = ""
    summary: _Summary = ""
    summary_language: _Language = ""
    organisation: _Line = ""
    stage: _Line = ""
    tags: _Words = ()
    does: _Words = ()
    topics: _Words = ()
    languages: _Words = ()
    formats: _Words = ()
    licence: _Line = ""
    activity: _Line = ""
    pushed_at: _Moment = None

    @property
    def key(self) -> str:
        """By what it is told from others: its name, whatever the case of its letters."""
        return self.repo.casefold()


class Neighbour(_Told):
    """All that is known of one other showcase.

    Args:
        source: The address of its catalogue, as the registry includes it.
        title: What it calls itself.
        licence: Of its collection as a whole, by SPDX.
        facts_of: When GitHub last confirmed anything there.
        confirmed: When its server last said that this is what it publishes; None for never.
        problem: Why the last time brought nothing; "" where it did not.
        failing_since: The first of the times in a row that brought nothing.
        etag, last_modified: By what its server told this version, "" where it does not: to ask
            with the next time, so that what has not changed is not sent again.
        unread: How many of its projects could not be read, or were too many.
    """

    source: WebAddress
    title: _Line = ""
    licence: _Line = ""
    facts_of: _Moment = None
    confirmed: _Moment = None
    problem: _Line = ""
    failing_since: _Moment = None
    etag: _Line = ""
    last_modified: _Line = ""
    unread: int = 0
    projects: tuple[NeighbourProject, ...] = ()
