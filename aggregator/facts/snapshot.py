"""All that is known at one moment, with the news and the numbers over time."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from aggregator.facts.base import Fact, WebAddress
from aggregator.facts.record import Record


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


class Change(Fact):
    """One line of the change log, in the words of the facts."""

    date: datetime  # when a run noticed it
    kind: ChangeKind
    repo: str  # key of the record (casefolded registry name)
    name: str  # owner/name to show
    before: str | None = None
    after: str | None = None
    url: WebAddress | None = None


class Mark(Fact):
    """Numbers of one repository, noted once a week and only when they moved."""

    date: date
    repo: str  # key of the record
    stars: int | None = None
    forks: int | None = None
    open_issues: int | None = None


class Day(Fact):
    """Numbers of the whole showcase at the last run of one day."""

    date: date
    listed: int
    answering: int
    archived: int
    stars: int
    forks: int
    open_issues: int | None = None
    good_first_issues: int | None = None


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

    def record(self, repo: str) -> Record | None:
        """Return the record of a registry name, whatever its case."""
        return self.records.get(repo.casefold())

    def readme(self, record: Record) -> bytes | None:
        """Return the bytes of a record's README, when it has one and they were fetched."""
        details = record.facts.details if record.facts else None
        blob = details.readme if details else None
        return self.readmes.get(blob.oid) if blob else None

    def rendering(self, record: Record) -> str | None:
        """Return GitHub's own rendering of a record's README, for formats not rendered here."""
        details = record.facts.details if record.facts else None
        blob = details.readme if details else None
        return self.renderings.get(blob.oid) if blob else None
