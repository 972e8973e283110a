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
    encoding: str | None = None  # "utf-8", "cp1251", ..., "binary" or "unknown"; None until fetched


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


class Identifier(Fact):
    """A number under which a file says that the project is found, usually a DOI, as written."""

    value: str
    note: str | None = None  # what the file says that this number is of


class Statement(Fact):
    """What a file in the repository says about the project (CITATION.cff and its kin).

    Everything is kept as it is written; what it means is judged anew at every build.
    """

    path: str
    kind: str | None = None  # "software", "dataset": what the file describes, where it says so
    title: str | None = None
    description: str | None = None
    licence: str | None = None  # as written, usually an SPDX identifier; the first of several
    licences: tuple[str, ...] = ()  # all of them, where there are several
    homepage: WebAddress | None = None
    version: str | None = None
    doi: str | None = None
    identifiers: tuple[Identifier, ...] = ()
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


# Raised when what is read into `Details` changes, or is read in another way: details that an older
# reader left are then asked again at the next run, and nobody has to wait until a repository
# changes. 1: joiners and shortcodes stay, statements keep all that they say, READMEs are found as
# GitHub finds them.
READER = 1


class Details(Fact):
    """What is asked when a repository is new, has changed, or its turn in the rotation came."""

    reader: int = 0  # which `READER` read these
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
    confirmed_at: datetime


class Issue(Fact):
    """The newest issue that carries a label."""

    title: str
    url: WebAddress
    created_at: datetime


# The spellings that are counted as one label; both are common.
GOOD_FIRST_ISSUE = ("good first issue", "good-first-issue")
HELP_WANTED = ("help wanted", "help-wanted")


class Counts(Fact):
    """Numbers that cost GitHub effort, refreshed at least once a week."""

    open_issues: int | None = None
    open_pull_requests: int | None = None
    good_first_issues: int | None = None
    newest_good_first_issue: Issue | None = None
    good_first_labels: tuple[str, ...] | None = None  # the spellings that the repository has
    help_wanted: int | None = None
    newest_help_wanted: Issue | None = None
    help_wanted_labels: tuple[str, ...] | None = None
    confirmed_at: datetime


# Accounts of programs that do not carry "[bot]" in their names.
_SERVICES = frozenset(
    """
    actions-user allcontributors all-contributors azure-pipelines circleci claude codecov
    codecov-io codecov-commenter compathelper conda-forge-admin conda-forge-curator copilot
    cursoragent dependabot dependabot-preview deepsource-autofix deepsourcebot
    fossabot github-actions github-action github-classroom gitlocalize-app greenkeeper github
    greenkeeperio-bot houndci-bot imgbot imgbotapp invalid-email-address jl-compathelper
    juliaregistrator juliatagbot lgtm-com lgtm-migrator mergify
    pep8speaks pre-commit-ci pyup-bot read-the-docs renovate renovate-bot restyled-io
    sourcery-ai snyk-bot step-security-bot sweep-ai transifex-integration travis-ci
    web-flow weblate whitesource-bolt whitesource-bolt-for-github zenodo-bot
    """.split()  # noqa: SIM905 - one word a line would fill the screen
)
_PROGRAM = re.compile(r"\[bot\]|(?:^|[-_ ])bot$", re.IGNORECASE)


def is_program(name: str) -> bool:
    """Tell whether a login or an author's name is a program's: a bot or a service, nobody.

    GitHub marks its apps with "[bot]" (docs.github.com, "About apps"); older services work under
    plain accounts, whose names are known.
    """
    plain = "-".join(name.casefold().replace("[bot]", "").split())
    return plain in _SERVICES or _PROGRAM.search(name.strip()) is not None


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
    people_only: bool = False  # False: counted before programs were told from people
    confirmed_at: datetime


class RepoFacts(Fact):
    """The last good facts about one repository, each block with its own date."""

    glance: Glance
    details: Details | None = None
    counts: Counts | None = None
    contributors: Contributors | None = None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What files of the repository say about the project, as they say it."""
        return (self.details.statements or ()) if self.details else ()
