"""A small GitHub as values: who owns what, and what there is to tell of each repository.

The loaders (`sample`, `corpus`) make a `World`; `rest_answers` and `graph_answers` show it. It
holds what the program asks GitHub for and nothing else, and it knows no HTTP, no file and no clock.
Times are texts such as `2026-11-20T06:00:00Z`, so they compare and print as they stand. Nothing
happens in it: the tests have a world of their own, built on this one, in which repositories are
renamed, deleted or closed overnight.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from aggregator.demo.git import GitCommit, History, Tree

WORLD_DATE = "2026-11-20T06:00:00Z"
# How GitHub's opaque ids begin: the bytes of a MessagePack array of a zero and a 32-bit number.
_PACKED = b"\x92\x00\xce"

_LICENCE_NAMES = {
    "AGPL-3.0": "GNU Affero General Public License v3.0",
    "Apache-2.0": "Apache License 2.0",
    "BSD-2-Clause": 'BSD 2-Clause "Simplified" License',
    "BSD-3-Clause": 'BSD 3-Clause "New" or "Revised" License',
    "CC0-1.0": "Creative Commons Zero v1.0 Universal",
    "CC-BY-4.0": "Creative Commons Attribution 4.0 International",
    "EUPL-1.2": "European Union Public License 1.2",
    "GPL-2.0": "GNU General Public License v2.0",
    "GPL-3.0": "GNU General Public License v3.0",
    "ISC": "ISC License",
    "LGPL-3.0": "GNU Lesser General Public License v3.0",
    "MIT": "MIT License",
    "MPL-2.0": "Mozilla Public License 2.0",
    "NOASSERTION": "Other",  # a file that matches no text that GitHub knows
    "OGL-UK-3.0": "Open Government Licence v3.0",
    "Unlicense": "The Unlicense",
}


def licence_names(spdx: str) -> tuple[str, str]:
    """Give the identifier and the name under which GitHub reports a licence.

    GitHub drops the `-only` and `-or-later` of newer SPDX identifiers.
    """
    short = spdx.removesuffix("-only").removesuffix("-or-later")
    return short, _LICENCE_NAMES.get(short, short)


@lru_cache(maxsize=65_536)
def stable_id(text: str) -> int:
    """Give a number for `text` that is the same on every machine and fits in 31 bits."""
    return int.from_bytes(hashlib.sha256(text.lower().encode()).digest()[:4]) & 0x7FFFFFFF


def node_id(prefix: str, number: int) -> str:
    """Give the opaque id that GitHub's GraphQL API would use, such as `R_kgDOABCD`."""
    packed = base64.urlsafe_b64encode(_PACKED + number.to_bytes(4))
    return f"{prefix}_" + packed.decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Account:
    """A person or an organisation on GitHub."""

    login: str
    name: str | None = None
    kind: Literal["User", "Organization"] = "User"
    number: int | None = None
    starred: tuple[str, ...] = ()

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
class WorldRelease:
    """A release as it was published."""

    tag: str
    published_at: str
    name: str | None = None
    prerelease: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """A git tag; an annotated one has an object of its own between its name and the commit."""

    name: str
    date: str
    annotated: bool = False


@dataclass(frozen=True, slots=True)
class WorldIssue:
    """An issue, or a pull request when `pull` is true."""

    number: int
    title: str
    created_at: str
    updated_at: str
    labels: tuple[str, ...] = ()
    closed_at: str | None = None
    pull: bool = False

    @property
    def state(self) -> str:
        """Say `open` or `closed`."""
        return "closed" if self.closed_at else "open"


@dataclass(frozen=True, slots=True, eq=False)
class Repository:
    """One repository.

    `open_issues` and `open_pulls` count what is open beyond the listed `issues`, for worlds that
    know the number but not the titles; `contributor_count` counts people likewise.
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
    default_branch: str = "main"
    tree: Tree = field(default_factory=lambda: Tree({}))
    history: History = field(default_factory=History)
    releases: tuple[WorldRelease, ...] = ()
    tags: tuple[Tag, ...] = ()
    issues: tuple[WorldIssue, ...] = ()
    contributor_count: int = 0
    parent: str | None = None
    archived_at: str | None = None
    disabled: bool = False
    template: bool = False
    mirror_url: str | None = None
    has_discussions: bool = False
    funding: tuple[tuple[str, str], ...] = ()
    social_image: str | None = None
    readme_path: str | None = None

    @property
    def full_name(self) -> str:
        """Give `owner/name`."""
        return f"{self.owner}/{self.name}"

    @property
    def node_id(self) -> str:
        """Give the opaque id that GraphQL uses."""
        return node_id("R", self.id)

    @property
    def head(self) -> GitCommit | None:
        """Give the newest commit of the default branch, None in an empty repository."""
        return self.history.head

    @property
    def empty(self) -> bool:
        """Say whether nothing was ever committed."""
        return self.history.count == 0

    @property
    def language(self) -> str | None:
        """Name the language with most bytes."""
        return max(self.language_bytes, key=lambda name: self.language_bytes[name], default=None)

    @property
    def newest_releases(self) -> list[WorldRelease]:
        """Give the releases, newest first."""
        return sorted(self.releases, key=lambda release: release.published_at, reverse=True)


class World:
    """All repositories and accounts, found by name (in any case) or by number."""

    def __init__(
        self,
        repositories: Iterable[Repository] = (),
        accounts: Iterable[Account] = (),
        now: str = WORLD_DATE,
    ) -> None:
        self.now = now
        self._by_id: dict[int, Repository] = {}
        self._by_node_id: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._old_names: dict[str, int] = {}
        self._accounts = {account.login.lower(): account for account in accounts}
        for repository in repositories:
            self.add(repository)

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, repository: Repository, former_names: Iterable[str] = ()) -> Repository:
        """Add a repository; a former name of another one is taken over by the new one."""
        self._by_id[repository.id] = repository
        self._by_node_id[repository.node_id] = repository.id
        self._names[repository.full_name.lower()] = repository.id
        self._old_names.pop(repository.full_name.lower(), None)
        self._old_names.update({name.lower(): repository.id for name in former_names})
        return repository

    def find(self, full_name: str) -> Repository | None:
        """Find a repository by its current name or by a name that it had before."""
        key = full_name.lower()
        number = self._names.get(key, self._old_names.get(key))
        return None if number is None else self._by_id.get(number)

    def moved(self, full_name: str) -> bool:
        """Say whether `full_name` is a former name of a repository."""
        key = full_name.lower()
        return key not in self._names and key in self._old_names

    def by_id(self, number: int) -> Repository | None:
        """Find a repository by its number."""
        return self._by_id.get(number)

    def by_node_id(self, opaque: str) -> Repository | None:
        """Find a repository by the id that GraphQL uses."""
        return self._by_id.get(self._by_node_id.get(opaque, -1))

    @property
    def public(self) -> tuple[Repository, ...]:
        """Give the repositories that everybody may see, in the order in which they were added."""
        return tuple(self._by_id.values())

    def owned_by(self, login: str) -> tuple[Repository, ...]:
        """Give the public repositories of an owner."""
        return tuple(r for r in self.public if r.owner.lower() == login.lower())

    def knows(self, login: str) -> bool:
        """Say whether anybody of this name has an account or a repository."""
        return login.lower() in self._accounts or bool(self.owned_by(login))

    def account(self, login: str) -> Account:
        """Give the account of `login`; one that no loader named is a plain user."""
        return self._accounts.get(login.lower()) or Account(login)
