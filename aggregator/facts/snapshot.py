"""All that is known at one moment, with the news and the numbers over time."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from itertools import chain

from pydantic import Field

from aggregator.facts.base import Fact, WebAddress, fact
from aggregator.facts.record import Record

_GROWTH = "the charts of growth over time"


class ChangeKind(StrEnum):
    """What kind of news a change is."""

    ADDED = "added"
    REMOVED = "removed"
    RELEASED = "released"
    RENAMED = "renamed"
    TRANSFERRED = "transferred"
    RECREATED = "recreated"
    ARCHIVED = "archived"
    UNARCHIVED = "unarchived"
    LICENSED = "licensed"
    RELICENSED = "relicensed"
    GONE = "gone"
    RETURNED = "returned"
    HELP_WANTED = "help_wanted"
    CELEBRATED = "celebrated"  # told by members and never stored; see `site.events`


class Change(Fact):
    """One line of the change log, in the words of the facts."""

    date: datetime  # when a run noticed it; of a release, when it was published
    kind: ChangeKind
    repo: str  # key of the record (casefolded registry name)
    name: str  # owner/name to show
    before: str | None = None
    after: str | None = None
    url: WebAddress | None = None  # of a release or an issue; older files name repositories too


class Mark(Fact):
    """Numbers of one repository, noted once a week and only when they moved."""

    date: date
    repo: str  # key of the record
    stars: int | None = fact("How many people had starred it.", kept=_GROWTH)
    forks: int | None = fact("How many forks it had.", kept=_GROWTH)
    open_issues: int | None = fact("How many issues were open.", kept=_GROWTH)


class Day(Fact):
    """Numbers of the whole showcase at the last run of one day."""

    date: date
    listed: int = fact("Projects that were listed.", read_by="run", default=...)
    answering: int = fact("Those that answered.", kept=_GROWTH, default=...)
    archived: int = fact("Those that were read-only.", kept=_GROWTH, default=...)
    stars: int = fact("Their stars.", kept=_GROWTH, default=...)
    forks: int = fact("Their forks.", kept=_GROWTH, default=...)
    open_issues: int | None = fact("Their open issues.", kept=_GROWTH)
    good_first_issues: int | None = fact("Those good for newcomers.", kept=_GROWTH)


class Freshness(Fact):
    """When the facts that are shown were confirmed: how many projects, on which days.

    Each item of ``days`` is the last moment of one day (UTC) at which facts were confirmed, with
    the number of projects whose facts are of that day; oldest first.
    """

    days: tuple[tuple[datetime, int], ...] = ()

    @classmethod
    def of(cls, moments: Iterable[datetime]) -> "Freshness":
        """Count the moments at which each project's facts were last confirmed."""
        by_day: dict[date, list[datetime]] = {}
        for moment in sorted(moment.astimezone(UTC) for moment in moments):
            by_day.setdefault(moment.date(), []).append(moment)
        return cls(days=tuple((found[-1], len(found)) for found in by_day.values()))

    @property
    def total(self) -> int:
        """Count the projects whose facts are shown."""
        return sum(count for _, count in self.days)

    @property
    def newest(self) -> datetime | None:
        """The last time that any of the facts were confirmed."""
        return self.days[-1][0] if self.days else None

    @property
    def oldest(self) -> datetime | None:
        """The day on which the longest unconfirmed facts were confirmed."""
        return self.days[0][0] if self.days else None

    @property
    def current(self) -> int:
        """Count the projects whose facts were confirmed on the day of the newest."""
        return self.days[-1][1] if self.days else 0


class Snapshot(Fact):
    """All that is known, read at one moment.

    ``fetched_at`` is the last time a run confirmed anything at all; a run that only met a rate
    limit or a dead network does not move it.
    """

    fetched_at: datetime | None = None
    records: Mapping[str, Record] = Field(default_factory=dict)  # by casefolded registry name
    readmes: Mapping[str, bytes] = Field(default_factory=dict)  # by git blob oid
    renderings: Mapping[str, str] = Field(default_factory=dict)  # GitHub's own HTML, by blob oid
    changes: tuple[Change, ...] = ()  # newest first
    history: tuple[Day, ...] = ()  # oldest first
    marks: tuple[Mark, ...] = ()  # oldest first
    notice: str | None = None  # what an operator must look at; shown on the site
    unread: str | None = None  # what of the catalogue this version could not read; never stored
    community: str | None = None  # whose catalogue this is
    repository_id: int | None = None  # GitHub's number of the repository it is made by

    @cached_property
    def ran(self) -> datetime | None:
        """When the last run was, also where it confirmed nothing."""
        noted = ((record.last_tried, record.since) for record in self.records.values())
        return max(filter(None, (self.fetched_at, *chain.from_iterable(noted))), default=None)

    def has_come(self, day: date | None) -> bool:
        """Tell whether a day is here: until then nothing happened, whatever anybody writes."""
        return day is None or self.ran is None or day <= self.ran.date()

    @property
    def freshness(self) -> Freshness:
        """When the facts of each entry were last confirmed."""
        found = (record.facts for record in self.records.values() if record.facts)
        return Freshness.of(facts.glance.confirmed_at for facts in found)

    def record(self, repo: str) -> Record | None:
        """Return the record of a registry name, whatever its case."""
        return self.records.get(repo.casefold())

    def readme(self, record: Record) -> bytes | None:
        """Return the bytes of a record's README, when it has one and they were fetched."""
        return self.readmes.get(record.readme.oid) if record.readme else None

    def rendering(self, record: Record) -> str | None:
        """Return GitHub's own rendering of a record's README, for formats not rendered here."""
        return self.renderings.get(record.readme.oid) if record.readme else None
