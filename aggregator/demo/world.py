"""A small GitHub that can change overnight: repositories, their names, and who may see them.

`World` is the only mutable thing in the sandbox besides the counters. Tests change it between two
runs to make "the next night". It knows no HTTP; `rest` and `graph` ask it and show what it says.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from aggregator.demo.gitobjects import object_oid
from aggregator.demo.history import Commit, History
from aggregator.demo.model import EMPTY_TREE, Account, Repository, stable_id

WORLD_DATE = "2026-11-20T06:00:00Z"


class UnknownRepositoryError(LookupError):
    """A test asked to change a repository that is not in this world."""


@dataclass(frozen=True, slots=True)
class Block:
    """Why GitHub blocked a repository."""

    reason: Literal["dmca", "tos"]
    created_at: str
    html_url: str


class World:
    """All repositories and accounts, found by name (in any case) or by number."""

    def __init__(
        self,
        repositories: Iterable[Repository] = (),
        accounts: Iterable[Account] = (),
        now: str = WORLD_DATE,
    ) -> None:
        self.now = now
        self._lock = threading.RLock()
        self._by_id: dict[int, Repository] = {}
        self._names: dict[str, int] = {}
        self._old_names: dict[str, int] = {}
        self._blocks: dict[int, Block] = {}
        self._accounts = {account.login.lower(): account for account in accounts}
        for repository in repositories:
            self.add(repository)

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def repositories(self) -> tuple[Repository, ...]:
        """Give every repository, in the order in which they were added."""
        return tuple(self._by_id.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Give `owner/name` of every repository."""
        return tuple(r.full_name for r in self.repositories)

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

    def block_of(self, repository: Repository) -> Block | None:
        """Give the reason why a repository is blocked, if it is."""
        return self._blocks.get(repository.id)

    def account(self, login: str) -> Account:
        """Give the account of `login`; one that no loader named is a plain user."""
        return self._accounts.get(login.lower()) or Account(login)

    def knows(self, login: str) -> bool:
        """Say whether anybody of this name has an account or a repository."""
        return login.lower() in self._accounts or bool(self.owned_by(login))

    def owned_by(self, login: str) -> tuple[Repository, ...]:
        """Give the public repositories of an owner."""
        wanted = login.lower()
        return tuple(
            r for r in self.repositories if r.owner.lower() == wanted and r.access == "public"
        )

    # What may happen between two nights.

    def add(self, repository: Repository, former_names: Iterable[str] = ()) -> Repository:
        """Add a repository; a former name of another one is taken over by the new one."""
        with self._lock:
            self._by_id[repository.id] = repository
            self._names[repository.full_name.lower()] = repository.id
            self._old_names.pop(repository.full_name.lower(), None)
            self._old_names.update({name.lower(): repository.id for name in former_names})
        return repository

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
        return self.change(full_name, access="private")

    def make_public(self, full_name: str) -> Repository:
        """Make a repository public (again)."""
        return self.change(full_name, access="public")

    def forbid_by_saml(self, full_name: str) -> Repository:
        """Let the owner demand single sign-on, which refuses tokens without it."""
        return self.change(full_name, access="saml")

    def block(self, full_name: str, reason: Literal["dmca", "tos"] = "dmca") -> Repository:
        """Let GitHub block a repository: 451 for a takedown notice, 403 for a breach of terms."""
        notice = "dmca/blob/master/2026/11/notice.md" if reason == "dmca" else "tos"
        repository = self.change(full_name, access="blocked")
        self._blocks[repository.id] = Block(reason, self.now, f"https://github.com/github/{notice}")
        return repository

    def empty(self, full_name: str) -> Repository:
        """Take all commits out of a repository."""
        return self.change(
            full_name,
            history=History(seed=full_name),
            tree=EMPTY_TREE,
            language_bytes={},
            licence=None,
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
            commit = Commit(object_oid("commit", text.encode()), date, message, named)
            return self.change(
                full_name,
                history=repository.history.after(commit),
                tree=repository.tree.with_files(files),
                pushed_at=date,
                updated_at=max(date, repository.updated_at),
            )

    def _known(self, full_name: str) -> Repository:
        found = self.find(full_name)
        if found is None:
            raise UnknownRepositoryError(full_name)
        return found
