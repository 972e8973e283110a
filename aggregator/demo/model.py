"""What a stand-in world is made of: frozen values, as GitHub would know them.

Nothing here speaks HTTP, JSON or GraphQL, and nothing reads a file or a clock. The loaders
(`sample`, `corpus`, `synthetic`) make these values; `World` keeps them; `rest` and `graph` show
them. Times are texts such as `2026-11-20T06:00:00Z`, so they compare and print as they stand.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from aggregator.demo.gitobjects import Tree
from aggregator.demo.history import Commit, History

Access = Literal["public", "private", "blocked", "saml"]
EMPTY_HISTORY = History()
EMPTY_TREE = Tree({})


@lru_cache(maxsize=65_536)
def stable_id(text: str) -> int:
    """Give a number for `text` that is the same on every machine and fits in 31 bits."""
    return int.from_bytes(hashlib.sha256(text.lower().encode()).digest()[:4]) & 0x7FFFFFFF


def node_id(prefix: str, number: int) -> str:
    """Give the opaque node id that GitHub's GraphQL API would use, such as `R_kgDOABCD`."""
    packed = b"\x92\x00\xce" + number.to_bytes(4)
    return f"{prefix}_" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def repository_number(opaque: str) -> int | None:
    """Read the repository's number out of a GraphQL id; None when it is no repository's id."""
    kind, _, text = opaque.partition("_")
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    usual = kind == "R" and len(packed) == 7 and packed.startswith(b"\x92\x00\xce")
    return int.from_bytes(packed[3:]) if usual else None


@dataclass(frozen=True, slots=True)
class Account:
    """A person or an organisation on GitHub."""

    login: str
    name: str | None = None
    kind: Literal["User", "Organization"] = "User"
    description: str | None = None
    blog: str | None = None
    number: int | None = None

    @property
    def id(self) -> int:
        """Give the number of the account, derived from its login unless one was given.

        It is above every number that GitHub has given out, so that no real person's picture ever
        stands beside an invented name.
        """
        return self.number or stable_id(f"account:{self.login}") | 0x4000_0000

    @property
    def node_id(self) -> str:
        """Give the opaque id of the account."""
        return node_id("O" if self.kind == "Organization" else "U", self.id)

    @property
    def avatar_url(self) -> str:
        """Give the address of the account's picture."""
        return f"https://avatars.githubusercontent.com/u/{self.id}?v=4"


@dataclass(frozen=True, slots=True)
class Release:
    """A release with its tag."""

    tag: str
    published_at: str
    name: str | None = None
    prerelease: bool = False
    notes: str = ""
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A git tag; an annotated one has an object of its own between name and commit."""

    name: str
    date: str
    annotated: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue, or a pull request when `pull` is true."""

    number: int
    title: str
    created_at: str
    updated_at: str
    labels: tuple[str, ...] = ()
    author: str | None = None
    body: str = ""
    closed_at: str | None = None
    pull: bool = False

    @property
    def state(self) -> str:
        """Say `open` or `closed`."""
        return "closed" if self.closed_at else "open"


@dataclass(frozen=True, slots=True, eq=False)
class Repository:
    """One repository with all that the sandbox can say about it.

    `open_issues` and `open_pulls` count what is open beyond the listed `issues`, for worlds that
    know the number but not the titles.
    """

    id: int
    owner: str
    name: str
    created_at: str
    updated_at: str
    pushed_at: str | None
    description: str | None = None
    homepage: str | None = None
    topics: tuple[str, ...] = ()
    language_bytes: Mapping[str, int] = field(default_factory=dict)
    licence: str | None = None
    stars: int = 0
    forks: int = 0
    watchers: int = 0
    open_issues: int = 0
    open_pulls: int = 0
    size: int = 0
    default_branch: str = "main"
    tree: Tree = EMPTY_TREE
    history: History = EMPTY_HISTORY
    releases: tuple[Release, ...] = ()
    tags: tuple[Tag, ...] = ()
    issues: tuple[Issue, ...] = ()
    contributor_count: int = 0
    parent: str | None = None
    archived_at: str | None = None
    disabled: bool = False
    template: bool = False
    mirror_url: str | None = None
    has_discussions: bool = False
    has_wiki: bool = False
    has_pages: bool = False
    discussions: int = 0
    funding: tuple[tuple[str, str], ...] = ()
    social_image: str | None = None
    readme_path: str | None = None
    access: Access = "public"

    @property
    def full_name(self) -> str:
        """Give `owner/name`."""
        return f"{self.owner}/{self.name}"

    @property
    def node_id(self) -> str:
        """Give the opaque id that GraphQL uses."""
        return node_id("R", self.id)

    @property
    def archived(self) -> bool:
        """Say whether the repository is read-only."""
        return self.archived_at is not None

    @property
    def empty(self) -> bool:
        """Say whether nothing was ever committed."""
        return self.history.count == 0

    @property
    def head(self) -> Commit | None:
        """Give the newest commit of the default branch, or None in an empty repository."""
        return self.history.head

    @property
    def language(self) -> str | None:
        """Name the language with most bytes."""
        return max(self.language_bytes, key=lambda k: self.language_bytes[k], default=None)

    def listed(self, *, pull: bool, state: str | None = None) -> tuple[Issue, ...]:
        """Give the issues (or pull requests) with titles, newest first."""
        found = [i for i in self.issues if i.pull is pull and state in (None, i.state)]
        return tuple(sorted(found, key=lambda issue: issue.created_at, reverse=True))

    def open_count(self, *, pull: bool) -> int:
        """Count what is open, with and without a known title."""
        more = self.open_pulls if pull else self.open_issues
        return more + len(self.listed(pull=pull, state="open"))
