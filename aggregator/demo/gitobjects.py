"""Files of a repository as git keeps them: blobs and trees under their real object ids.

Pure values. `Tree` is made from a flat mapping of paths to bytes; ids of blobs and trees are
computed as git computes them (git-scm.com, "Git Internals - Git Objects"), so that a README has
the same oid here as it would have on GitHub.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from posixpath import dirname, join, normpath

README_NAMES = ("readme.md", "readme.markdown", "readme.mdown", "readme.mkdn", "readme.rst")
README_FOLDERS = (".github/", "", "docs/")


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
        if self.is_binary:
            return None
        return self.content.decode("utf-8", errors="replace")

    @property
    def is_binary(self) -> bool:
        """Say what git would say: a zero byte near the start means binary."""
        return b"\0" in self.content[:8000]


class LinkTo(bytes):
    """The content of a symbolic link: the path that it leads to, from its own folder."""


@dataclass(frozen=True)
class Entry:
    """One name in a folder."""

    name: str
    path: str
    node: "Blob | Tree"

    @property
    def kind(self) -> str:
        """Say `blob` or `tree`."""
        return "tree" if isinstance(self.node, Tree) else "blob"

    @property
    def mode(self) -> str:
        """Give git's six-digit file mode."""
        if isinstance(self.node, Tree):
            return "040000"
        return "120000" if isinstance(self.node.content, LinkTo) else "100644"

    @property
    def size(self) -> int:
        """Give the number of bytes; 0 for a folder."""
        return 0 if isinstance(self.node, Tree) else len(self.node.content)


@dataclass(frozen=True, eq=False)
class Tree:
    """A folder: `files` maps paths below it to content; a path that ends in `/` is a folder."""

    files: Mapping[str, bytes]
    prefix: str = ""
    extra: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Give what lies directly in this folder, in git's order."""
        files: dict[str, bytes] = {}
        folders: dict[str, dict[str, bytes]] = {}
        for path, content in self._all():
            head, slash, rest = path.partition("/")
            if not slash:
                files[head] = content
            else:
                inner = folders.setdefault(head, {})
                if rest:
                    inner[rest] = content
        made = [Entry(n, self.prefix + n, Blob(c)) for n, c in files.items()]
        made += [
            Entry(n, self.prefix + n, Tree(f, f"{self.prefix}{n}/")) for n, f in folders.items()
        ]
        return tuple(sorted(made, key=_git_order))

    def _all(self) -> Iterator[tuple[str, bytes]]:
        yield from ((p, c) for p, c in self.files.items() if p not in self.extra)
        yield from self.extra.items()

    @cached_property
    def oid(self) -> str:
        """Give the tree's object id."""
        lines = [
            f"{int(e.mode)} {e.name}\0".encode() + bytes.fromhex(e.node.oid) for e in self.entries
        ]
        return object_oid("tree", b"".join(lines))

    def find(self, path: str) -> "Blob | Tree | None":
        """Find the file or folder at `path` (exact case, as git compares)."""
        node: Blob | Tree = self
        for part in filter(None, path.split("/")):
            entries = node.entries if isinstance(node, Tree) else ()
            found = next((e.node for e in entries if e.name == part), None)
            if found is None:
                return None
            node = found
        return node

    def follow(self, path: str) -> str:
        """Give the path at which the links that begin at `path` end; at most five are followed."""
        for _ in range(5):
            node = self.find(path)
            if not (isinstance(node, Blob) and isinstance(node.content, LinkTo)):
                break
            path = normpath(join(dirname(path), node.content.decode()))
        return path

    def walk(self) -> Iterator[Entry]:
        """Yield every entry below this folder, folders before what is in them."""
        for entry in self.entries:
            yield entry
            if isinstance(entry.node, Tree):
                yield from entry.node.walk()

    def with_files(self, changed: Mapping[str, bytes | None]) -> "Tree":
        """Give the tree after a commit that writes `changed`; None as content removes a path."""
        merged = {**dict(self._all()), **changed}
        return Tree({path: content for path, content in merged.items() if content is not None})

    @cached_property
    def readme_path(self) -> str | None:
        """Find the README that GitHub would show.

        GitHub looks into `.github`, the root and `docs`, in that order
        (docs.github.com, "About READMEs"); in a folder Markdown goes before the other formats.
        """
        for folder in README_FOLDERS:
            inside = self.find(folder)
            if isinstance(inside, Tree):
                best = _best_readme(e.name for e in inside.entries if e.kind == "blob")
                if best:
                    return folder + best
        return None


def _best_readme(names: Iterable[str]) -> str | None:
    found = [n for n in names if n.lower() == "readme" or n.lower().startswith("readme.")]
    return min(found, key=_readme_rank, default=None)


def _readme_rank(name: str) -> tuple[int, str]:
    lower = name.lower()
    rank = README_NAMES.index(lower) if lower in README_NAMES else len(README_NAMES)
    return rank, name


def _git_order(entry: Entry) -> bytes:
    return (entry.name + ("/" if entry.kind == "tree" else "")).encode()
