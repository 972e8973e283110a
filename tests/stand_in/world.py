"""A world that changes overnight: names, access, commits. Tests change it between two runs."""

import threading
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Self

from aggregator.demo import corpus, sample
from aggregator.demo import world as still
from aggregator.demo.git import GitCommit, History, Tree, object_oid
from aggregator.demo.world import WORLD_DATE, Account, Repository, stable_id

Access = Literal["public", "private", "blocked", "saml"]


class UnknownRepositoryError(LookupError):
    """A test asked to change a repository that is not in this world."""


@dataclass(frozen=True, slots=True)
class Block:
    """Why GitHub blocked a repository."""

    reason: Literal["dmca", "tos"]
    created_at: str
    html_url: str


class World(still.World):
    """All repositories and accounts, and what may happen to them."""

    def __init__(
        self,
        repositories: Iterable[Repository] = (),
        accounts: Iterable[Account] = (),
        now: str = WORLD_DATE,
    ) -> None:
        self._lock = threading.RLock()
        self._access: dict[int, Access] = {}
        self._blocks: dict[int, Block] = {}
        super().__init__(repositories, accounts, now)

    @classmethod
    def of(cls, world: still.World) -> Self:
        """Take a world from a loader, to change it."""
        made = cls(now=world.now)
        for name, value in vars(world).items():
            setattr(made, name, copy(value))
        return made

    def access_of(self, repository: Repository) -> Access:
        """Say who may see a repository."""
        return self._access.get(repository.id, "public")

    def block_of(self, repository: Repository) -> Block | None:
        """Give the reason why a repository is blocked, if it is."""
        return self._blocks.get(repository.id)

    @property
    def repositories(self) -> tuple[Repository, ...]:
        """Give every repository, in the order in which they were added."""
        return tuple(self._by_id.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Give `owner/name` of every repository."""
        return tuple(repository.full_name for repository in self.repositories)

    @property
    def public(self) -> tuple[Repository, ...]:
        """Give the repositories that everybody may see."""
        return tuple(r for r in self.repositories if self.access_of(r) == "public")

    # What may happen between two nights.

    def add(self, repository: Repository, former_names: Iterable[str] = ()) -> Repository:
        """Add a repository; a former name of another one is taken over by the new one."""
        with self._lock:
            return super().add(repository, former_names)

    def change(self, full_name: str, **fields: Any) -> Repository:
        """Change facts of a repository, such as `stars=12` or `description=None`."""
        with self._lock:
            repository = replace(self._known(full_name), **fields)
            self._by_id[repository.id] = repository
        return repository

    def rename(self, full_name: str, new_name: str) -> Repository:
        """Rename or transfer a repository; `new_name` is `owner/name`. The old name redirects."""
        with self._lock:
            old = self._known(full_name)
            owner, _, name = new_name.partition("/")
            repository = replace(old, owner=owner, name=name)
            del self._names[old.full_name.lower()]
            self._by_id[old.id] = repository
            self._names[new_name.lower()] = old.id
            if new_name.lower() != old.full_name.lower():
                self._old_names[old.full_name.lower()] = old.id
        return repository

    def rename_account(self, login: str, new_login: str) -> Account:
        """Rename an owner, who keeps the number; every repository moves along and redirects."""
        with self._lock:
            old = self.account(login)
            account = replace(old, login=new_login, number=old.id)
            self._accounts.pop(login.lower(), None)
            self._accounts[new_login.lower()] = account
            for name in self.names:
                owner, _, rest = name.partition("/")
                if owner.lower() == login.lower():
                    self.rename(name, f"{new_login}/{rest}")
        return account

    def delete(self, full_name: str) -> None:
        """Delete a repository with all its names."""
        with self._lock:
            number = self._known(full_name).id
            del self._by_id[number]
            self._names = {k: v for k, v in self._names.items() if v != number}
            self._old_names = {k: v for k, v in self._old_names.items() if v != number}

    def reuse_name(self, full_name: str, **fields: Any) -> Repository:
        """Let somebody else publish another repository under a name that is free or taken."""
        with self._lock:
            if self.find(full_name) and not self.moved(full_name):
                self.delete(full_name)
            owner, _, name = full_name.partition("/")
            number = stable_id(f"reused:{full_name}:{len(self._by_id)}")
            plain = Repository(number, owner, name, self.now, self.now, self.now)
            return self.add(replace(plain, **fields))

    def make_private(self, full_name: str) -> Repository:
        """Make a repository private, so that it answers 404."""
        return self._let(full_name, "private")

    def make_public(self, full_name: str) -> Repository:
        """Make a repository public (again)."""
        return self._let(full_name, "public")

    def forbid_by_saml(self, full_name: str) -> Repository:
        """Let the owner demand single sign-on, which refuses tokens without it."""
        return self._let(full_name, "saml")

    def block(self, full_name: str, reason: Literal["dmca", "tos"] = "dmca") -> Repository:
        """Let GitHub block a repository: 451 for a takedown notice, 403 for a breach of terms."""
        notice = "dmca/blob/master/2026/11/notice.md" if reason == "dmca" else "tos"
        repository = self._let(full_name, "blocked")
        self._blocks[repository.id] = Block(reason, self.now, f"https://github.com/github/{notice}")
        return repository

    def empty(self, full_name: str) -> Repository:
        """Take all commits out of a repository."""
        history = History(seed=full_name)
        return self.change(
            full_name, history=history, tree=Tree({}), language_bytes={}, licence=None
        )

    def push(
        self,
        full_name: str,
        files: Mapping[str, bytes | None],
        message: str = "Update files",
        author: str = "",
        at: str | None = None,
    ) -> Repository:
        """Commit files to the default branch; None as content removes a file."""
        with self._lock:
            repository = self._known(full_name)
            date = at or self.now
            named = author or next(iter(repository.history.by_author), repository.owner)
            text = f"{repository.id} {repository.history.count} {date} {message}"
            commit = GitCommit(object_oid("commit", text.encode()), date, message, named)
            written = {**repository.tree.files, **files}
            kept = {path: content for path, content in written.items() if content is not None}
            history = repository.history
            return self.change(
                full_name,
                history=replace(history, pushed=(commit, *history.pushed)),
                tree=Tree(kept),
                pushed_at=date,
                updated_at=max(date, repository.updated_at),
            )

    def _let(self, full_name: str, access: Access) -> Repository:
        repository = self._known(full_name)
        self._access[repository.id] = access
        return repository

    def _known(self, full_name: str) -> Repository:
        found = self.find(full_name)
        if found is None:
            raise UnknownRepositoryError(full_name)
        return found


def sample_community(at: str = WORLD_DATE) -> World:
    """Make the world of the sample community, to change it; see `aggregator.demo.sample`."""
    return World.of(sample.sample_community(at))


def load_corpus(folder: Path) -> World:
    """Load a world from a folder of real data, to change it; see `aggregator.demo.corpus`."""
    return World.of(corpus.load_corpus(folder))
