"""What GitHub says about one repository, in blocks that each carry when they were confirmed.

Each fact is declared once, by ``fact``. Adding one: declare it here and ask for it in a query of
``aggregator/github/queries``. One that is no longer asked for stays, because older catalogues hold
it, and says so. What to do with facts is not decided here.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from aggregator.facts.base import Fact, NameWithOwner, WebAddress, fact
from aggregator.facts.statement import Package, Statement

_CONFIRMED = "When GitHub last said so, in UTC."
_UNASKED = "no longer asked for; older catalogues hold it"


class Identity(Fact):
    """Who a repository is, whatever it is called today."""

    repository_id: int
    node_id: str | None = None  # GraphQL global id
    owner_id: str | None = None  # GraphQL global id of the owner; survives a renamed account
    name_with_owner: NameWithOwner


class Licence(Fact):
    """The licence that GitHub recognised; for "some other" it says NOASSERTION, kept as None."""

    spdx_id: str | None = fact("Its SPDX identifier.", "spdxId", "spdx_id", "catalogue")
    name: str = fact("Its name.", "name", "name", "catalogue site", default=...)


class Glance(Fact):
    """The scalars that every run asks of every repository."""

    repository_id: int = fact(
        "The number that stays when it is renamed.", "databaseId", "id", "run", default=...
    )
    node_id: str | None = fact("Its id in GraphQL.", "id", "node_id", "fetch")
    owner_id: str | None = fact("The id of its owner.", "owner.id", "owner.node_id", "fetch")
    name_with_owner: NameWithOwner = fact(
        "Its name today.", "nameWithOwner", "full_name", "catalogue fetch", default=...
    )
    description: str | None = fact(
        "The description on GitHub.", "description", "description", "catalogue site"
    )
    homepage: WebAddress | None = fact("Its website.", "homepageUrl", "homepage", "catalogue")
    stars: int | None = fact(
        "How many people starred it.", "stargazerCount", "stargazers_count", "site run"
    )
    forks: int | None = fact("How many forks it has.", "forkCount", "forks_count", "site")
    watchers: int | None = fact(
        "How many people watch it, where the API lets us ask.",
        rest="subscribers_count",
        kept="comes with the answer and is carried along; GraphQL restricts it, so none is shown",
    )
    created_at: datetime | None = fact(
        "When the repository was created, in UTC.", "createdAt", "created_at", "site"
    )
    pushed_at: datetime | None = fact(
        "When something was last pushed, in UTC.", "pushedAt", "pushed_at", "site fetch"
    )
    updated_at: datetime | None = fact(
        "When GitHub last changed anything of it.", "updatedAt", "updated_at", "fetch"
    )
    archived: bool = fact(
        "Whether its owner made it read-only.", "isArchived", "archived", "site", default=False
    )
    fork: bool = fact("Whether it is a fork.", "isFork", "fork", "site", default=False)
    template: bool = fact(
        "Whether it is a template for new repositories.",
        "isTemplate",
        "is_template",
        "site",
        default=False,
    )
    mirror: bool = fact("Whether it mirrors another forge.", kept=_UNASKED, default=False)
    disabled: bool = fact(
        "Whether GitHub closed it.",
        "isDisabled",
        "disabled",
        kept="decides whether the repository may be shown at all; true never gets further",
        default=False,
    )
    empty: bool = fact("Whether it has no commits.", read_by="site fetch", default=False)
    default_branch: str | None = fact(
        "The branch that GitHub shows first.",
        "defaultBranchRef.name",
        "default_branch",
        "site catalogue",
    )
    head_oid: str | None = fact(
        "The newest commit of that branch.", "defaultBranchRef.target.oid", read_by="fetch run"
    )
    primary_language: str | None = fact(
        "Its main language, as GitHub sees it.", "primaryLanguage.name", "language", "site"
    )
    licence: Licence | None = fact(
        "The licence that GitHub recognised.", "licenseInfo", "license", "catalogue site"
    )
    discussions: bool | None = fact(
        "Whether people can ask in its discussions.",
        "hasDiscussionsEnabled",
        "has_discussions",
        "site",
    )
    open_graph_image: WebAddress | None = fact(
        "The picture that its owner set for links to it.", kept="the cover of a card"
    )
    confirmed_at: datetime = fact(_CONFIRMED, read_by="site catalogue", default=...)

    @property
    def identity(self) -> Identity:
        """Return what stays the same when the repository is renamed."""
        return Identity(**{name: getattr(self, name) for name in Identity.model_fields})


class Release(Fact):
    """One published release, newest first wherever releases are listed."""

    name: str | None = fact("Its title.", "name", "name", "site")
    tag: str = fact("Its git tag.", "tagName", "tag_name", "site", default=...)
    published_at: datetime | None = fact(
        "When it was published, in UTC.", "publishedAt", "published_at", "site"
    )
    url: WebAddress = fact("Its page on GitHub.", "url", "html_url", "site", default=...)
    prerelease: bool = fact(
        "Whether its authors call it a pre-release.",
        "isPrerelease",
        "prerelease",
        "site",
        default=False,
    )


class ReadmeBlob(Fact):
    """Which file is the README; its bytes are in ``Snapshot.readmes`` under the oid."""

    path: str = fact("Its path from the root of the repository.", read_by="site", default=...)
    oid: str = fact("Its git blob.", read_by="fetch store", default=...)
    size: int | None = fact("Its bytes in the repository, before any cut.", read_by="fetch")
    encoding: str | None = fact(
        '"utf-8", "cp1251", "binary", "unknown"; None until it is fetched.', read_by="fetch"
    )


class CommunityFiles(Fact):
    """Community files that are present, as paths; None where there is none."""

    contributing: str | None = fact("Path of the guide for contributors.", read_by="site")
    code_of_conduct: str | None = fact("Path of the code of conduct.", read_by="site")
    security: str | None = fact("Path of the security policy.", read_by="site")
    support: str | None = fact("Path of the file that says whom to ask.", read_by="catalogue")
    citation: str | None = fact("Path of the file that says how to cite it.", read_by="site")
    codemeta: str | None = fact("Path of codemeta.json.", kept="citing it, and its CodeMeta")
    publiccode: str | None = fact("Path of publiccode.yml.", kept="the source on the reuse card")
    changelog: str | None = fact("Path of the change log.", read_by="site")
    licence: str | None = fact("Path of the licence.", read_by="catalogue")
    docs: str | None = fact("Path of the documentation.", read_by="site")
    tests: str | None = fact("Path of the tests.", read_by="site")
    workflows: bool = fact("Whether GitHub Actions run for it.", read_by="site", default=False)


class FundingLink(Fact):
    """One way to fund the project, from FUNDING.yml."""

    platform: str = fact("Where.", "platform", read_by="site", default=...)
    url: WebAddress = fact("Its page there.", "url", read_by="site", default=...)


class CommitWeeks(Fact):
    """Commits on the default branch, week by week, oldest first.

    ``counts[0]`` belongs to the week that begins on ``first_week`` (a Monday, UTC). Weeks before
    ``first_week`` were not seen; ``total`` is the count of the whole year either way.
    """

    first_week: date = fact("The first week.", kept=_UNASKED, default=...)
    counts: tuple[int, ...] = fact("Commits a week.", kept=_UNASKED, default=...)
    total: int | None = fact("Commits in the year.", kept=_UNASKED)


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
# GitHub finds them. 2: names of authors in their parts, and what is to be cited. 3: how packages
# describe themselves.
READER = 3


class Details(Fact):
    """What is asked when a repository is new, has changed, or its turn in the rotation came."""

    reader: int = fact("Which `READER` read these.", read_by="fetch", default=0)
    topics: tuple[str, ...] | None = fact(
        "GitHub's topics.", "repositoryTopics.nodes.topic.name", "topics", "site"
    )
    language_bytes: Mapping[str, int] | None = fact(
        "Its languages with their bytes, largest first.",
        "languages.edges",
        read_by="catalogue site",
    )
    parent: NameWithOwner | None = fact(
        "The repository it was forked from.", "parent", "parent", "site"
    )
    releases: tuple[Release, ...] | None = fact(
        "Its latest releases.", "releases.nodes", read_by="site catalogue"
    )
    releases_count: int | None = fact(
        "How many releases there are in all.", "releases.totalCount", read_by="site"
    )
    tags_count: int | None = fact("How many tags.", "tags.totalCount", read_by="catalogue")
    commits_count: int | None = fact(
        "Commits on its branch.", "defaultBranchRef.target.recent.totalCount", read_by="site"
    )
    head_committed_at: datetime | None = fact(
        "When the newest commit was made.",
        "defaultBranchRef.target.committedDate",
        read_by="catalogue",
    )
    commit_weeks: CommitWeeks | None = fact("Commits, week by week.", kept=_UNASKED)
    community: CommunityFiles | None = fact(
        "Which community files it has.", read_by="site catalogue"
    )
    top_level: tuple[str, ...] | None = fact(
        'Names in the root folder; folders end with "/".', "root.entries", read_by="catalogue"
    )
    statements: tuple[Statement, ...] | None = fact(
        "What files of it say about the project, in order of precedence.", read_by="catalogue run"
    )
    packages: tuple[Package, ...] | None = fact(
        "How its package describes itself, by each file that does.", read_by="catalogue run"
    )
    unread: tuple[str, ...] = fact(
        "Files of that kind that are there and cannot be read.", read_by="catalogue", default=()
    )
    funding: tuple[FundingLink, ...] | None = fact(
        "Ways to fund it.", "fundingLinks", read_by="site"
    )
    readme: ReadmeBlob | None = fact("Which file is the README.", read_by="site fetch")
    readme_asked: bool = fact(
        'Whether no README means "has none" rather than "not asked".',
        read_by="catalogue site",
        default=False,
    )
    head_oid: str | None = fact(
        "The commit these details describe.", "defaultBranchRef.target.oid", read_by="run"
    )
    basis: Basis = fact("How it looked then.", read_by="fetch", default=Basis())
    confirmed_at: datetime = fact(_CONFIRMED, read_by="site", default=...)


class Issue(Fact):
    """The newest issue that carries a label."""

    title: str = fact("Its title.", "title", read_by="catalogue", default=...)
    url: WebAddress = fact("Its page on GitHub.", "url", read_by="catalogue", default=...)
    created_at: datetime = fact(
        "When it was opened.", "createdAt", read_by="catalogue", default=...
    )


# The spellings that are counted as one label; both are common.
GOOD_FIRST_ISSUE = ("good first issue", "good-first-issue")
HELP_WANTED = ("help wanted", "help-wanted")
_SPELLINGS = "The spellings of that label that the repository has."


class Counts(Fact):
    """Numbers that cost GitHub effort, refreshed at least once a week."""

    open_issues: int | None = fact(
        "Open issues, pull requests not counted.", "openIssues.totalCount", read_by="site"
    )
    open_pull_requests: int | None = fact(
        "Open pull requests.", "openPullRequests.totalCount", read_by="site"
    )
    good_first_issues: int | None = fact(
        "Open issues labelled as good for newcomers.", "goodFirst.totalCount", read_by="site"
    )
    newest_good_first_issue: Issue | None = fact(
        "The newest of them.", "goodFirst.nodes", read_by="site catalogue"
    )
    good_first_labels: tuple[str, ...] | None = fact(
        _SPELLINGS, "goodFirstSpaced.name goodFirstHyphened.name", read_by="site"
    )
    help_wanted: int | None = fact(
        "Open issues labelled help wanted.", "helpWanted.totalCount", read_by="site"
    )
    newest_help_wanted: Issue | None = fact(
        "The newest of them.", "helpWanted.nodes", read_by="catalogue"
    )
    help_wanted_labels: tuple[str, ...] | None = fact(
        _SPELLINGS, "helpWantedSpaced.name helpWantedHyphened.name", read_by="site"
    )
    confirmed_at: datetime = fact(_CONFIRMED, read_by="site", default=...)


class Contributor(Fact):
    """Somebody whose commits are on the default branch."""

    login: str = fact("The account.", rest="login", read_by="site", default=...)
    avatar_url: WebAddress | None = fact(
        "Its picture.",
        rest="avatar_url",
        kept="people, with their own consent; comes with GitHub's own list, and is not asked for",
    )
    commits: int | None = fact(
        "Commits, among those that were looked at.",
        rest="contributions",
        kept="orders those with the most commits; whoever commits most is not thereby an author",
    )


class Contributors(Fact):
    """How many people wrote it, and those with the most commits."""

    count: int | None = fact(
        "How many people, not programs, where all were counted.", read_by="site fetch"
    )
    top: tuple[Contributor, ...] = fact("Those with the most commits.", read_by="site", default=())
    basis: Literal["all commits", "recent commits"] = fact(
        "What was looked at.", kept="says how far `count` can be believed", default="all commits"
    )
    people_only: bool = fact(
        "False: counted before programs were told from people.", read_by="fetch", default=False
    )
    confirmed_at: datetime = fact(_CONFIRMED, read_by="site", default=...)


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

    @property
    def packages(self) -> tuple[Package, ...]:
        """How its package describes itself, as its files say it."""
        return (self.details.packages or ()) if self.details else ()
