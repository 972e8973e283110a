"""What GitHub said about each repository, when, and what went wrong.

Here live the frozen models that travel from the fetcher to the store and from the store to the
catalogue. No judgement, no network and no file ever lives here. Every block of facts carries the
moment it was last confirmed. ``None`` always means "not known" or "not asked"; an empty tuple and
a zero mean that GitHub was asked and answered so.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_NAME = re.compile(r"[\w-]+/(?!\.{1,2}\Z)[\w.-]+", re.ASCII)
_WEB = re.compile(r"https?://[^\s/?#][^\s]*", re.IGNORECASE)


def is_repo_name(text: str) -> bool:
    """Tell whether a text is owner/name and nothing else, such as a way out of a folder."""
    return _NAME.fullmatch(text) is not None


def is_web_address(text: str) -> bool:
    """Tell whether a text is an http or https address."""
    return _WEB.fullmatch(text) is not None


def _repo_name(text: str) -> str:
    if not is_repo_name(text):
        raise ValueError("not owner/name")
    return text


def _web_address(text: str) -> str:
    if not is_web_address(text):
        raise ValueError("not an http or https address")
    return text


RepoName = Annotated[str, AfterValidator(_repo_name)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class Outcome(StrEnum):
    """How the last look at one registry entry ended."""

    ACTIVE = "active"  # answered, and something is new since the last look
    UNCHANGED = "unchanged"  # answered, nothing is new
    RENAMED = "renamed"  # answers under another name of the same owner
    TRANSFERRED = "transferred"  # answers under another owner
    NAME_REUSED = "name_reused"  # the name now belongs to a different repository
    GONE = "gone"  # answers neither by name nor by id
    PRIVATE = "private"  # our token can see that it is no longer public
    BLOCKED = "blocked"  # GitHub blocks it (HTTP 451)
    FORBIDDEN = "forbidden"  # the token is not let in (SAML single sign-on, IP allow list)
    EMPTY = "empty"  # exists and has no commits
    UNREACHABLE = "unreachable"  # GitHub gave no usable answer
    SKIPPED = "skipped"  # the budget of this run ended before its turn

    @property
    def answered(self) -> bool:
        """Whether GitHub confirmed the repository as public in that look."""
        return self in _ANSWERED

    @property
    def erases(self) -> bool:
        """Whether README, description and cached copies must be erased."""
        return self in _ERASING

    @property
    def inconclusive(self) -> bool:
        """Whether the look taught us nothing about the repository itself."""
        return self in _INCONCLUSIVE


_ANSWERED = frozenset(
    {
        Outcome.ACTIVE,
        Outcome.UNCHANGED,
        Outcome.RENAMED,
        Outcome.TRANSFERRED,
        Outcome.EMPTY,
    }
)
_ERASING = frozenset({Outcome.GONE, Outcome.PRIVATE, Outcome.BLOCKED})
_INCONCLUSIVE = frozenset({Outcome.UNREACHABLE, Outcome.SKIPPED})


class Fact(BaseModel):
    """Base of everything that is stored: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Identity(Fact):
    """Who a repository is, whatever it is called today."""

    repository_id: int
    node_id: str | None = None  # GraphQL global id
    owner_id: str | None = None  # GraphQL global id of the owner; survives a renamed account
    name_with_owner: RepoName


class Licence(Fact):
    """The licence that GitHub recognised."""

    spdx_id: str | None = None  # None when GitHub says "other" (NOASSERTION)
    name: str


class Glance(Fact):
    """The scalars that every run asks of every repository."""

    repository_id: int
    node_id: str | None = None
    owner_id: str | None = None
    name_with_owner: RepoName
    description: str | None = None
    homepage: WebAddress | None = None
    stars: int | None = None
    forks: int | None = None
    watchers: int | None = None  # only where the API lets us ask
    created_at: datetime | None = None
    pushed_at: datetime | None = None
    updated_at: datetime | None = None
    archived: bool = False
    fork: bool = False
    template: bool = False
    mirror: bool = False
    disabled: bool = False
    empty: bool = False
    default_branch: str | None = None
    head_oid: str | None = None
    primary_language: str | None = None
    licence: Licence | None = None
    discussions: bool | None = None
    open_graph_image: WebAddress | None = None  # only when the owner set one
    confirmed_at: datetime

    @property
    def identity(self) -> Identity:
        """Return what stays the same when the repository is renamed."""
        return Identity(
            repository_id=self.repository_id,
            node_id=self.node_id,
            owner_id=self.owner_id,
            name_with_owner=self.name_with_owner,
        )


class Release(Fact):
    """One published release, newest first wherever releases are listed."""

    name: str | None = None
    tag: str
    published_at: datetime | None = None
    url: WebAddress
    prerelease: bool = False


class ReadmeBlob(Fact):
    """Which file is the README; its bytes are in ``Snapshot.readmes`` under the oid."""

    path: str  # from the root of the repository, for example "docs/README.md"
    oid: str  # git blob oid
    size: int | None = None  # bytes in the repository, before any cut
    encoding: str | None = None  # "utf-8", "utf-16", "latin-1" or "binary"; None until fetched


class Community(Fact):
    """Community files that are present, as paths; None where there is none."""

    contributing: str | None = None
    code_of_conduct: str | None = None
    security: str | None = None
    support: str | None = None
    citation: str | None = None
    codemeta: str | None = None
    publiccode: str | None = None
    changelog: str | None = None
    licence: str | None = None
    docs: str | None = None
    tests: str | None = None
    workflows: bool = False


class Statement(Fact):
    """What a file in the repository says about the project (CITATION.cff and its kin)."""

    path: str
    title: str | None = None
    description: str | None = None
    licence: str | None = None  # as written, usually an SPDX identifier
    homepage: WebAddress | None = None
    version: str | None = None
    doi: str | None = None
    status: str | None = None  # publiccode.yml developmentStatus, codemeta.json status
    released_on: date | None = None
    keywords: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


class FundingLink(Fact):
    """One way to fund the project, from FUNDING.yml."""

    platform: str
    url: WebAddress


class CommitWeeks(Fact):
    """Commits on the default branch, week by week, oldest first.

    ``counts[0]`` belongs to the week that begins on ``first_week`` (a Monday, UTC). Weeks before
    ``first_week`` were not seen; ``total`` is the count of the whole year either way.
    """

    first_week: date
    counts: tuple[int, ...]
    total: int | None = None


class Basis(Fact):
    """How a repository looked when its details were asked; a difference means: ask again."""

    head_oid: str | None = None
    pushed_at: datetime | None = None
    updated_at: datetime | None = None
    stars: int | None = None
    forks: int | None = None


class Details(Fact):
    """What is asked when a repository is new, has changed, or its turn in the rotation came."""

    topics: tuple[str, ...] | None = None
    language_bytes: Mapping[str, int] | None = None  # largest first
    parent: RepoName | None = None  # owner/name that this was forked from
    releases: tuple[Release, ...] | None = None
    releases_count: int | None = None
    tags_count: int | None = None
    commits_count: int | None = None  # on the default branch
    head_committed_at: datetime | None = None
    commit_weeks: CommitWeeks | None = None
    community: Community | None = None
    top_level: tuple[str, ...] | None = None  # names in the root folder, folders end with "/"
    statements: tuple[Statement, ...] | None = None  # in order of precedence
    funding: tuple[FundingLink, ...] | None = None
    readme: ReadmeBlob | None = None
    readme_asked: bool = False  # False: readme None means "not asked", not "has none"
    head_oid: str | None = None  # the commit these details describe
    basis: Basis = Basis()
    confirmed_at: datetime


class Issue(Fact):
    """The newest issue that carries a label."""

    title: str
    url: WebAddress
    created_at: datetime


class Counts(Fact):
    """Numbers that cost GitHub effort, refreshed at least once a week."""

    open_issues: int | None = None
    open_pull_requests: int | None = None
    good_first_issues: int | None = None
    newest_good_first_issue: Issue | None = None
    help_wanted: int | None = None
    newest_help_wanted: Issue | None = None
    confirmed_at: datetime


class Contributor(Fact):
    """Somebody whose commits are on the default branch."""

    login: str
    avatar_url: WebAddress | None = None
    commits: int | None = None  # among the commits that were looked at


class Contributors(Fact):
    """How many people wrote it, and those with the most commits."""

    count: int | None = None  # None: only recent commits were looked at
    top: tuple[Contributor, ...] = ()
    basis: Literal["all commits", "recent commits"] = "all commits"
    confirmed_at: datetime


class RepoFacts(Fact):
    """The last good facts about one repository, each block with its own date."""

    glance: Glance
    details: Details | None = None
    counts: Counts | None = None
    contributors: Contributors | None = None


class Readme(Fact):
    """The exact bytes of one README blob (cut at the store's limit when huge)."""

    oid: str
    content: bytes = Field(repr=False)


class Observation(Fact):
    """What one run learnt about one registry entry; a failure is a value here."""

    listed_as: str  # as the member wrote it
    asked_at: datetime
    outcome: Outcome
    glance: Glance | None = None
    details: Details | None = None
    counts: Counts | None = None
    contributors: Contributors | None = None
    readmes: tuple[Readme, ...] = ()
    message: str | None = None  # what went wrong, one sentence
    cure: str | None = None  # what a member can do, one sentence

    @property
    def erases(self) -> bool:
        """Whether nothing that the repository wrote may be kept any longer."""
        lost = self.outcome is Outcome.NAME_REUSED and self.glance is None
        return lost or self.outcome.erases


class Record(Fact):
    """The last known state of one registry entry.

    ``facts`` survives every failure except those whose outcome ``erases``; then only the identity,
    the dates and the reason stay.
    """

    listed_as: str
    outcome: Outcome
    since: datetime  # when this standing began (active and unchanged are one standing)
    first_seen: datetime
    last_tried: datetime | None = None
    last_succeeded: datetime | None = None
    identity: Identity | None = None
    facts: RepoFacts | None = None
    message: str | None = None
    cure: str | None = None
    moved_to: RepoName | None = None  # owner/name it answers under today, when that differs

    @property
    def key(self) -> str:
        """Return the name under which the snapshot files this record."""
        return self.listed_as.casefold()


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
    changes: tuple[Change, ...] = ()  # newest first
    history: tuple[Day, ...] = ()  # oldest first
    marks: tuple[Mark, ...] = ()  # oldest first
    notice: str | None = None  # what an operator must look at; shown on the site

    def record(self, repo: str) -> Record | None:
        """Return the record of a registry name, whatever its case."""
        return self.records.get(repo.casefold())

    def readme(self, record: Record) -> bytes | None:
        """Return the bytes of a record's README, when it has one and they were fetched."""
        details = record.facts.details if record.facts else None
        blob = details.readme if details else None
        return self.readmes.get(blob.oid) if blob else None
