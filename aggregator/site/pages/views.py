"""What the partial templates show: small values made from projects and groups.

A template variable is named after its class (`card` is a `Card`, `chip` a `Chip`),
which a test relies on to check every template. Frozen, without judgement.
"""

from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link within the site: words, and a path from its top."""

    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Outside:
    """A link out of the site."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class NavItem:
    """One word of the navigation."""

    text: str
    path: str
    here: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A tag, stage, language or organisation with the number of its projects."""

    text: str
    path: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Pulse:
    """How lately something happened, in words and as bars filled from the left.

    `level` counts from 0 (not known) and 1 (quiet) to 4 (this month).
    """

    level: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A project in a list."""

    title: str
    path: str
    repo: str
    owner: str
    organisation: Anchor | None
    summary: str | None
    pulse: Pulse
    stage: Anchor | None
    languages: tuple[Anchor, ...]
    licence: str | None
    tags: tuple[Anchor, ...]
    pushed_at: datetime | None
    added: date | None
    notice: str | None

    @property
    def language(self) -> Anchor | None:
        """The first language, for a community's own templates that show one only."""
        return self.languages[0] if self.languages else None


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a project's facts: its name, and what is so."""

    label: str
    text: str | None = None
    when: datetime | None = None
    anchor: Anchor | None = None
    outside: Outside | None = None


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that were confirmed together."""

    title: str
    facts: tuple[Fact, ...]
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a project's code that is in one language."""

    name: str
    percent: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A published release."""

    name: str
    url: str
    published_at: datetime | None
    prerelease: bool


@dataclass(frozen=True, slots=True)
class TalkView:
    """A talk about a project."""

    title: str
    held_on: date | None
    url: str
    about: Anchor | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are of something."""

    count: int
    text: str


@dataclass(frozen=True, slots=True)
class BrowseColumn:
    """One way to look around: a heading, some of what is there, and the way to all."""

    title: str
    chips: tuple[Chip, ...]
    more: Anchor | None


@dataclass(frozen=True, slots=True)
class Bars:
    """The projects as lines on a shelf, one path for each height."""

    width: int
    paths: tuple[str, str, str, str, str]
    tallies: tuple[Tally, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one page of many stands."""

    number: int
    last: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A group in a list of groups."""

    name: str
    path: str
    count: int
    note: str | None


@dataclass(frozen=True, slots=True)
class IndexSection:
    """Groups of one kind under a heading; an empty heading stands for no heading."""

    title: str
    index_rows: tuple[IndexRow, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One piece of news: what happened, to which project where it is about one."""

    happened_on: datetime
    kind: str
    words: str
    project: Anchor | None
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class ChangeMonth:
    """The news of one month."""

    title: str
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A member's journey, in their own words."""

    card: Card
    html: Markup


@dataclass(frozen=True, slots=True)
class Help:
    """What somebody new can do for a project."""

    card: Card
    issues: tuple[Outside, ...]
    good_first: int
    wanted: int
    wanted_url: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class StatusRow:
    """How the last look at one project ended."""

    title: str
    path: str
    repo: str
    outcome: str
    well: bool
    last_tried: datetime | None
    last_succeeded: datetime | None
    message: str | None
    cure: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that would help a listing, with something to copy."""

    key: str
    title: str
    why: str
    cure: str
    snippet: str


@dataclass(frozen=True, slots=True)
class CheckUp:
    """What is there of a listing, and what would help."""

    praise: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Idea:
    """What would help one listing, in a few words, with the way to the cures."""

    title: str
    path: str
    words: str


@dataclass(frozen=True, slots=True)
class MistakeView:
    """A mistake in the registry: where it stands, what it is, how to mend it."""

    where: str
    what: str
    cure: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a visitor must know before reading on, said kindly.

    `hides_summary`: on cards it stands where the summary would.
    """

    title: str
    text: str
    since: datetime | None
    hides_summary: bool


@dataclass(frozen=True, slots=True)
class Confirmed:
    """When the facts of all projects were confirmed.

    `marks` tells scripts how many were confirmed when: "2026-10-03T02:10:00Z=22 ...".
    """

    newest: datetime
    oldest: datetime
    current: int
    total: int
    marks: str


@dataclass(frozen=True, slots=True)
class Export:
    """A file of open data."""

    name: str
    path: str
    words: str
