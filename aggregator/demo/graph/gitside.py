"""Resolvers for what git knows: commits, trees, blobs, tags and refs."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from aggregator.demo.gitobjects import Blob, Entry, Tree, object_oid
from aggregator.demo.graph.paging import connection
from aggregator.demo.history import Commit
from aggregator.demo.model import Repository, Tag

TEXT_LIMIT = 512_000
Resolver = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class GitObject:
    """A git object together with the repository in which it was found."""

    typename: str
    repository: Repository
    oid: str
    value: Commit | Tree | Blob | Tag


def of_commit(repository: Repository, commit: Commit | None) -> GitObject | None:
    """Wrap a commit, None for none."""
    return GitObject("Commit", repository, commit.oid, commit) if commit else None


def of_node(repository: Repository, node: Blob | Tree | None) -> GitObject | None:
    """Wrap a file or folder, None for none."""
    if node is None:
        return None
    return GitObject("Tree" if isinstance(node, Tree) else "Blob", repository, node.oid, node)


def tag_commit(repository: Repository, tag: Tag) -> Commit:
    """Give the commit to which a tag points: the head for the newest, else one of its own."""
    head = repository.head
    if head and head.date == tag.date:
        return head
    oid = object_oid("commit", f"{repository.id} {tag.name} {tag.date}".encode())
    return Commit(oid, tag.date, f"Release {tag.name}", "")


def of_tag(repository: Repository, tag: Tag) -> GitObject | None:
    """Wrap the target of a tag: a tag object when annotated, else the commit."""
    if not tag.annotated:
        return of_commit(repository, tag_commit(repository, tag))
    return GitObject("Tag", repository, object_oid("tag", repr(tag).encode()), tag)


def find_object(
    repository: Repository, _info: Any, expression: str | None = None, oid: str | None = None
) -> GitObject | None:
    """Find what `object(expression:)` or `object(oid:)` names, None when there is no such thing."""
    if repository.empty:
        return None
    if expression is None:
        return _by_oid(repository, oid or "")
    revision, colon, path = expression.partition(":")
    commit = _revision(repository, revision)
    if not colon:
        return of_commit(repository, commit) or _by_oid(repository, revision)
    return of_node(repository, repository.tree.find(path)) if commit else None


def _revision(repository: Repository, name: str) -> Commit | None:
    branch = repository.default_branch
    if name in ("HEAD", branch, f"refs/heads/{branch}"):
        return repository.head
    short = name.removeprefix("refs/tags/")
    tagged = next((t for t in repository.tags if t.name == short), None)
    return tag_commit(repository, tagged) if tagged else repository.history.find(name)


def _by_oid(repository: Repository, oid: str) -> GitObject | None:
    tree = repository.tree
    readme = tree.find(tree.readme_path) if tree.readme_path else None
    nodes = chain((readme, tree), (entry.node for entry in tree.walk()))
    found = next((node for node in nodes if node and node.oid == oid), None)
    return of_node(repository, found) or of_commit(repository, repository.history.find(oid))


def _entries(tree: GitObject, _info: Any) -> list[dict[str, Any]]:
    assert isinstance(tree.value, Tree)
    return [_entry(tree.repository, entry) for entry in tree.value.entries]


def _entry(repository: Repository, entry: Entry) -> dict[str, Any]:
    suffix = entry.name.rpartition(".")[2] if "." in entry.name else ""
    return {
        "name": entry.name,
        "path": entry.path,
        "type": entry.kind,
        "mode": int(entry.mode, 8),
        "oid": lambda *_: entry.node.oid,
        "size": entry.size,
        "extension": f".{suffix}" if suffix and entry.kind == "blob" else "",
        "isGenerated": False,
        "lineCount": _line_count(entry.node),
        "object": lambda *_: of_node(repository, entry.node),
        "repository": repository,
    }


def _line_count(node: Blob | Tree) -> int | None:
    return None if isinstance(node, Tree) or node.is_binary else node.content.count(b"\n")


def _file(commit: GitObject, _info: Any, path: str) -> dict[str, Any] | None:
    folder, _, name = path.rpartition("/")
    inside = commit.repository.tree.find(folder)
    entries = inside.entries if isinstance(inside, Tree) else ()
    found = next((e for e in entries if e.name == name), None)
    return _entry(commit.repository, found) if found else None


def _history(commit: GitObject, _info: Any, **args: Any) -> dict[str, Any]:
    repository, history = commit.repository, commit.repository.history
    if args.get("since") or args.get("until"):
        commits = list(history.since(args.get("since"), args.get("until")))
        return connection([of_commit(repository, c) for c in commits], args, len(commits))
    return connection((of_commit(repository, c) for c in history), args, history.count)


def _actor(commit: GitObject, info: Any) -> dict[str, Any] | None:
    assert isinstance(commit.value, Commit)
    login = commit.value.author
    if not login:
        return None
    account = info.context.world.account(login)
    return {
        "name": account.name or login,
        "email": f"{account.id}+{login}@users.noreply.github.com",
        "date": commit.value.date,
        "avatarUrl": account.avatar_url,
        "user": account if account.kind == "User" else None,
    }


def _authors(commit: GitObject, info: Any, **args: Any) -> dict[str, Any]:
    actor = _actor(commit, info)
    return connection([actor] if actor else [], args)


def _message(commit: GitObject, *_: Any) -> str:
    return getattr(commit.value, "message", "")


def _date(commit: GitObject, *_: Any) -> str:
    assert isinstance(commit.value, Commit | Tag)
    return commit.value.date


def _text(blob: GitObject, *_: Any) -> str | None:
    assert isinstance(blob.value, Blob)
    return blob.value.text and blob.value.text[:TEXT_LIMIT]


def _commit_url(item: GitObject, info: Any) -> str:
    return str(info.context.link(item.repository.full_name, "commit", item.oid))


def _tagger(tag: GitObject, *_: Any) -> dict[str, Any]:
    assert isinstance(tag.value, Tag)
    return {"date": tag.value.date, "name": tag.repository.owner, "avatarUrl": ""}


def _tag_target(tag: GitObject, *_: Any) -> GitObject | None:
    assert isinstance(tag.value, Tag)
    return of_commit(tag.repository, tag_commit(tag.repository, tag.value))


def refs(repository: Repository, _info: Any, **args: Any) -> dict[str, Any] | None:
    """Resolve `refs`: tags for `refs/tags/`, the default branch for `refs/heads/`."""
    if args["refPrefix"].strip("/") == "refs/heads":
        heads = [] if repository.empty else [head_ref(repository)]
        return connection(heads, args, len(heads))
    if args["refPrefix"].strip("/") != "refs/tags":
        return connection([], args, 0)
    tags = sorted(repository.tags, key=_tag_key(args))
    backwards = "DESC" in (args.get("direction"), (args.get("orderBy") or {}).get("direction"))
    ordered = reversed(tags) if backwards else iter(tags)
    wanted = (_ref(repository, "refs/tags/", t.name, of_tag(repository, t)) for t in ordered)
    return connection(wanted, args, len(tags))


def _tag_key(args: dict[str, Any]) -> Callable[[Tag], str]:
    by_date = (args.get("orderBy") or {}).get("field") == "TAG_COMMIT_DATE"
    return (lambda tag: tag.date) if by_date else (lambda tag: tag.name)


def head_ref(repository: Repository, *_: Any) -> dict[str, Any] | None:
    """Resolve `defaultBranchRef`: null in an empty repository."""
    target = of_commit(repository, repository.head)
    return _ref(repository, "refs/heads/", repository.default_branch, target) if target else None


def find_ref(repository: Repository, _info: Any, **args: Any) -> dict[str, Any] | None:
    """Resolve `ref(qualifiedName:)`."""
    name = args["qualifiedName"]
    if name.removeprefix("refs/heads/") == repository.default_branch:
        return head_ref(repository)
    tag = next((t for t in repository.tags if t.name == name.removeprefix("refs/tags/")), None)
    return _ref(repository, "refs/tags/", tag.name, of_tag(repository, tag)) if tag else None


def _ref(
    repository: Repository, prefix: str, name: str, target: GitObject | None
) -> dict[str, Any]:
    return {
        "__typename": "Ref",
        "id": f"REF_{repository.id}_{name}",
        "name": name,
        "prefix": prefix,
        "repository": repository,
        "target": target,
    }


_COMMON: dict[str, Resolver] = {
    "id": lambda item, *_: f"{item.typename[0]}_{item.repository.id}_{item.oid[:12]}",
    "oid": lambda item, *_: item.oid,
    "abbreviatedOid": lambda item, *_: item.oid[:7],
    "repository": lambda item, *_: item.repository,
    "commitUrl": _commit_url,
    "commitResourcePath": lambda item, *_: f"/{item.repository.full_name}/commit/{item.oid}",
}
RESOLVERS: dict[str, dict[str, Resolver]] = {
    "Commit": {
        **_COMMON,
        "author": _actor,
        "committer": _actor,
        "authors": _authors,
        "authoredDate": _date,
        "committedDate": _date,
        "file": _file,
        "history": _history,
        "message": _message,
        "messageHeadline": lambda c, *_: _message(c).partition("\n")[0],
        "tree": lambda c, *_: of_node(c.repository, c.repository.tree),
        "url": _commit_url,
    },
    "Tree": {**_COMMON, "entries": _entries},
    "Blob": {
        **_COMMON,
        "byteSize": lambda b, *_: len(b.value.content),
        "isBinary": lambda b, *_: b.value.is_binary,
        "isTruncated": lambda b, *_: len(b.value.content) > TEXT_LIMIT,
        "text": _text,
    },
    "Tag": {
        **_COMMON,
        "name": lambda t, *_: t.value.name,
        "message": lambda t, *_: f"Release {t.value.name}",
        "tagger": _tagger,
        "target": _tag_target,
    },
}
