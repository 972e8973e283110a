"""What git keeps of a made-up repository: files under their real object ids, and commits.

Pure values. Ids of files and folders are computed as git computes them (git-scm.com, "Git
Internals - Git Objects"), so that a README has the same oid here as it would have on GitHub, and
what was fetched from one can be compared with the other. Nothing here knows HTTP, JSON or a clock.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import takewhile

from aggregator.readme.formats import readme_rank
from aggregator.words.phrases import timestamp

# Where GitHub looks for a README, in this order (docs.github.com, "About READMEs").
README_FOLDERS = (".github/", "", "docs/")


def read_time(text: str) -> datetime:
    """Read a time as GitHub writes it; a time without a zone is taken as UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def object_oid(kind: str, content: bytes) -> str:
    """Give git's object id (SHA-1) for content of a kind: `blob`, `tree` or `commit`."""
    header = f"{kind} {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Blob:
    """The content of one file."""

    content: bytes

    @cached_property
    def oid(self) -> str:
        """Give the blob's object id."""
        return object_oid("blob", self.content)

    @cached_property
    def text(self) -> str | None:
        """Decode the content as UTF-8, replacing what is not; None for binary content."""
        return None if self.is_binary else self.content.decode("utf-8", errors="replace")

    @property
    def is_binary(self) -> bool:
        """Say what git would say: a zero byte near the start means binary."""
        return b"\0" in self.content[:8000]


class LinkTo(bytes):
    """The content of a symbolic link: the path that it leads to, from its own folder."""


@dataclass(frozen=True)
class GitEntry:
    """One name in a folder.

    Attributes:
        kind: `blob` or `tree`, as git says.
        mode: git's six digits.
        size: in bytes; 0 for a folder.
    """

    name: str
    path: str
    node: "Blob | Tree"
    kind: str
    mode: str
    size: int = 0


@dataclass(frozen=True, eq=False)
class Tree:
    """A folder: `files` maps paths below it to content; a path that ends in `/` is a folder."""

    files: Mapping[str, bytes]
    prefix: str = ""

    @cached_property
    def entries(self) -> tuple[GitEntry, ...]:
        """Give what lies directly in this folder, in git's order."""
        found: dict[str, GitEntry] = {}
        folders: dict[str, dict[str, bytes]] = {}
        for path, content in self.files.items():
            name, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(name, {}).update({rest: content} if rest else {})
            else:
                mode = "120000" if isinstance(content, LinkTo) else "100644"
                at, size = self.prefix + name, len(content)
                found[name] = GitEntry(name, at, Blob(content), "blob", mode, size)
        for name, files in folders.items():
            at = self.prefix + name
            found[name] = GitEntry(name, at, Tree(files, f"{at}/"), "tree", "040000")
        # To git a folder sorts as if its name ended in a slash.
        return tuple(sorted(found.values(), key=lambda e: e.name + "/" * (e.kind == "tree")))

    @cached_property
    def oid(self) -> str:
        """Give the tree's object id."""
        lines = (
            f"{int(entry.mode)} {entry.name}\0".encode() + bytes.fromhex(entry.node.oid)
            for entry in self.entries
        )
        return object_oid("tree", b"".join(lines))

    def find(self, path: str) -> "Blob | Tree | None":
        """Find the file or folder at `path` (exact case, as git compares)."""
        node: Blob | Tree | None = self
        for name in filter(None, path.split("/")):
            entries = node.entries if isinstance(node, Tree) else ()
            node = next((entry.node for entry in entries if entry.name == name), None)
        return node

    def walk(self) -> Iterator[GitEntry]:
        """Yield every entry below this folder, folders before what is in them."""
        for entry in self.entries:
            yield entry
            if isinstance(entry.node, Tree):
                yield from entry.node.walk()

    def blob(self, oid: str) -> Blob | None:
        """Find a file by its object id; the README is looked at first, as it is what is asked."""
        readme = self.find(self.readme_path) if self.readme_path else None
        if isinstance(readme, Blob) and readme.oid == oid:
            return readme
        blobs = (entry.node for entry in self.walk() if isinstance(entry.node, Blob))
        return next((blob for blob in blobs if blob.oid == oid), None)

    @cached_property
    def readme_path(self) -> str | None:
        """Find the README that GitHub would show."""
        for folder in README_FOLDERS:
            inside = self.find(folder)
            entries = inside.entries if isinstance(inside, Tree) else ()
            names = (entry.name for entry in entries if entry.kind == "blob")
            ranked = [(rank, name) for name in names if (rank := readme_rank(name)) is not None]
            if ranked:
                return folder + min(ranked)[1]
        return None


@dataclass(frozen=True, slots=True)
class GitCommit:
    """One commit: who (a login; empty when not known), when, what."""

    oid: str
    date: str
    message: str
    author: str


@dataclass(frozen=True)
class History:
    """The commits of a default branch, newest first, described by a few numbers.

    They are spelled out only when asked for, and the same description always gives the same
    commits: ten thousand repositories cost no memory for their half a million commits.

    Attributes:
        seed: makes ids differ between repositories.
        first_at: when the oldest of the described commits was made.
        last_at: when the newest of them was made.
        described: how many there are from the one to the other.
        authors: pairs of login and share.
        oid: the id of the newest described commit; None makes one.
        pushed: commits made after these, newest first.
        known_only: the number is known but not the dates; only the two ends are shown.
        later: so many of the newest described commits have not been made yet.
    """

    seed: str = ""
    first_at: str = ""
    last_at: str = ""
    described: int = 0
    authors: tuple[tuple[str, int], ...] = ()
    oid: str | None = None
    pushed: tuple[GitCommit, ...] = ()
    known_only: bool = False
    later: int = 0

    @property
    def count(self) -> int:
        """Count the commits."""
        return self.described - self.later + len(self.pushed)

    @cached_property
    def head(self) -> GitCommit | None:
        """Give the newest commit, None when nothing was ever committed."""
        return next(iter(self), None)

    @cached_property
    def by_author(self) -> dict[str, int]:
        """Count the commits of each author, most first."""
        counts = Counter(commit.author for commit in self)
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    def __iter__(self) -> Iterator[GitCommit]:
        yield from self.pushed
        ages: Iterable[int] = range(self.later, self.described)
        if self.known_only:
            ages = sorted({0, self.described - 1} if self.described else ())
        yield from (self._commit(age) for age in ages)

    def since(self, start: str) -> Iterator[GitCommit]:
        """Yield the commits from a time on, newest first."""
        earliest = timestamp(read_time(start))
        return takewhile(lambda commit: commit.date >= earliest, self)

    def as_of(self, date: str) -> "History":
        """Give the history as it was at a time in the past."""
        return replace(self, later=sum(commit.date > date for commit in self))

    def _commit(self, age: int) -> GitCommit:
        digest = hashlib.sha1(f"{self.seed}:{age}".encode(), usedforsecurity=False).digest()
        oid = self.oid if age == 0 and self.oid else digest.hex()
        # More of them lately, none outside of the two ends.
        last, first = read_time(self.last_at), read_time(self.first_at)
        share = (age + digest[0] / 256) / self.described
        date = timestamp(last - (last - first) * share**1.3)
        if age in (0, self.described - 1):
            date = self.last_at if age == 0 else self.first_at
        return GitCommit(oid, date, f"Change {self.described - age}", self._author(digest))

    def _author(self, digest: bytes) -> str:
        total = sum(share for _, share in self.authors)
        point = int.from_bytes(digest[2:6]) % max(total, 1)
        for author, share in self.authors:
            point -= share
            if point < 0:
                return author
        return ""
