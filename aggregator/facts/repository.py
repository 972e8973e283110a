"""What GitHub says about one repository; each block carries when it was last confirmed."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from aggregator.facts.base import Fact, RepoName, WebAddress


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


# Raised when GitHub's answers are read in another way, so that details read before are asked once
# more. 2: texts keep joiners and soft hyphens, shortcodes are signs, files are read as typed.
READING = 2


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
    unread: tuple[str, ...] = ()  # files of that kind that are there and cannot be read
    funding: tuple[FundingLink, ...] | None = None
    readme: ReadmeBlob | None = None
    readme_asked: bool = False  # False: readme None means "not asked", not "has none"
    head_oid: str | None = None  # the commit these details describe
    basis: Basis = Basis()
    reading: int = READING  # by which way of reading; 1 where the store holds none
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


# An identifier or an expression of them: https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/
_SPDX = re.compile(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*")
# An abstract in CITATION.cff can be a page long; a summary is read in one breath.
LONGEST_DESCRIPTION = 300


class RepoFacts(Fact):
    """The last good facts about one repository, each block with its own date."""

    glance: Glance
    details: Details | None = None
    counts: Counts | None = None
    contributors: Contributors | None = None

    @property
    def licence(self) -> Licence | None:
        """The licence that a file of the repository states, or else the one GitHub recognised."""
        found = self.glance.licence
        stated = next((s.licence for s in self._statements if s.licence), None)
        if stated is None or _SPDX.fullmatch(stated) is None:
            return found
        if found and found.spdx_id and found.spdx_id.casefold() == stated.casefold():
            return found
        return Licence(spdx_id=stated, name=stated)

    @property
    def homepage(self) -> str | None:
        """The website that a file of the repository states, or else the one named on GitHub."""
        return next((s.homepage for s in self._statements if s.homepage), self.glance.homepage)

    @property
    def stated_description(self) -> str | None:
        """What a file of the repository says the project is, when that is short."""
        said = (s.description for s in self._statements)
        return next((text for text in said if text and len(text) <= LONGEST_DESCRIPTION), None)

    @property
    def _statements(self) -> tuple[Statement, ...]:
        return (self.details.statements or ()) if self.details else ()
