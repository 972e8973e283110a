"""The sample community: made-up repositories that ship with the project, and their registry.

Everything in `community/` was written for this project. No organisation, person or repository in
it exists. Each repository is a folder `community/repositories/OWNER/NAME/` with `repository.yaml`
(what GitHub would say) and `files/` (what is in it); a new folder is a new repository.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from aggregator.demo.gitobjects import Tree
from aggregator.demo.history import History, moment, stamp
from aggregator.demo.licences import licence_text
from aggregator.demo.model import Account, Issue, Release, Repository, Tag, stable_id
from aggregator.demo.past import as_of
from aggregator.demo.world import WORLD_DATE, World

COMMUNITY = Path(__file__).parent / "community"
REGISTRY = COMMUNITY / "registry.yaml"
# Some weeks of slow growth, then nights with a rename, a deletion and a transfer between them.
NIGHTS = (
    "2026-10-02T06:00:00Z",
    "2026-10-09T06:00:00Z",
    "2026-10-16T06:00:00Z",
    "2026-10-23T06:00:00Z",
    "2026-10-30T06:00:00Z",
    "2026-11-06T06:00:00Z",
    "2026-11-13T06:00:00Z",
    "2026-11-16T06:00:00Z",
    "2026-11-18T06:00:00Z",
    WORLD_DATE,
)
# Fields of repository.yaml that are the same in `Repository`.
PLAIN = (
    "description",
    "homepage",
    "licence",
    "stars",
    "forks",
    "watchers",
    "open_issues",
    "open_pulls",
    "default_branch",
    "parent",
    "template",
    "has_discussions",
    "has_wiki",
    "has_pages",
    "discussions",
)


def sample_community(at: str = WORLD_DATE) -> World:
    """Make the world of the sample community, the same each time.

    Args:
        at: the time to show, such as one of `NIGHTS`. Before the last night some repositories
            have other names, one that was deleted is still there, and releases are missing.
    """
    world = World((), _accounts().values(), now=at)
    for path in sorted(COMMUNITY.glob("repositories/*/*/repository.yaml")):
        told = _told(path.parent)
        if told.repository.created_at <= at < told.deleted:
            world.add(*_shown(told, at))
    return world


@dataclass(frozen=True, slots=True)
class _Told:
    """A repository today, with when it lost its former names and when it was deleted."""

    repository: Repository
    renamed: Mapping[str, str]
    deleted: str = "9999"


@cache
def _told(folder: Path) -> _Told:
    said = _yaml(folder / "repository.yaml")
    renamed = {name: _time(day) for name, day in said.get("former_names", {}).items()}
    deleted = _time(said["deleted"]) if "deleted" in said else "9999"
    return _Told(_described(folder, said), renamed, deleted)


def _shown(told: _Told, at: str) -> tuple[Repository, tuple[str, ...]]:
    """Give a repository under the name of the day, and the names that it had before."""
    repository = told.repository if at == WORLD_DATE else as_of(told.repository, at, WORLD_DATE)
    former = tuple(name for name, day in told.renamed.items() if day <= at)
    for name, day in told.renamed.items():
        if day > at:
            owner, _, short = name.partition("/")
            return replace(repository, owner=owner, name=short), former
    return repository, former


@cache
def _accounts() -> Mapping[str, Account]:
    listed = _yaml(COMMUNITY / "accounts.yaml")
    return {login: _account(login, said) for login, said in listed.items()}


def _yaml(path: Path) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def _account(login: str, said: Mapping[str, Any]) -> Account:
    plain = Account(login, said["name"], "User", said.get("about"), said.get("website"))
    return replace(plain, kind="Organization") if said.get("organisation") else plain


def _described(folder: Path, said: Mapping[str, Any]) -> Repository:
    owner, name = folder.parent.name, folder.name
    full_name = f"{owner}/{name}"
    pushed = _time(said["pushed"])
    plain = Repository(
        id=stable_id(f"sample:{full_name}"),
        owner=owner,
        name=name,
        created_at=_time(said["created"]),
        updated_at=_time(said.get("updated", said["pushed"])),
        pushed_at=pushed,
        **{field: said[field] for field in PLAIN if field in said},
    )
    known = _accounts().get(owner)
    files = _files(folder, said, (known and known.name) or owner)
    return replace(
        plain,
        topics=tuple(said.get("topics", ())),
        language_bytes=said.get("languages", {}),
        tree=Tree(files),
        size=1 + sum(map(len, files.values())) // 1024,
        history=_history(full_name, said, pushed),
        releases=tuple(_release(release) for release in said.get("releases", ())),
        tags=tuple(Tag(r["tag"], _time(r["date"])) for r in said.get("releases", ())),
        issues=_issues(said.get("issues", ())),
        archived_at=_time(said["archived"]) if "archived" in said else None,
        funding=tuple(said.get("funding", {}).items()),
    )


def _files(folder: Path, said: Mapping[str, Any], holder: str) -> dict[str, bytes]:
    """Give the files of `files/`, the licence, and the further names that are listed."""
    top = folder / "files"
    found = {
        path.relative_to(top).as_posix(): path.read_bytes()
        for path in sorted(top.rglob("*"))
        if path.is_file()
    }
    found |= dict.fromkeys(said.get("more_files", ()), b"")
    if said.get("licence"):
        found["LICENSE"] = licence_text(said["licence"], holder, str(said["created"])[:4])
    return found


def _history(full_name: str, said: Mapping[str, Any], pushed: str) -> History:
    usual = History(
        seed=full_name,
        first_at=_time(said["created"]),
        last_at=pushed,
        described=said.get("commits", 0),
        authors=tuple(said.get("authors", {}).items()),
    )
    messages = tuple(said.get("messages", ()))
    return replace(usual, messages=messages) if messages else usual


def _release(said: Mapping[str, Any]) -> Release:
    return Release(
        tag=said["tag"],
        published_at=_time(said["date"]),
        name=said.get("name"),
        prerelease=said.get("prerelease", False),
        notes=said.get("notes", ""),
        author=said.get("author"),
    )


def _issues(listed: Iterable[Mapping[str, Any]]) -> tuple[Issue, ...]:
    return tuple(
        Issue(
            number=number,
            title=said["title"],
            created_at=_time(said["opened"]),
            updated_at=_time(said.get("updated", said["opened"])),
            labels=tuple(said.get("labels", ())),
            author=said.get("author"),
            body=said.get("body", ""),
            closed_at=_time(said["closed"]) if "closed" in said else None,
            pull=said.get("pull", False),
        )
        for number, said in enumerate(listed, 1)
    )


def _time(written: object) -> str:
    """Read a date as YAML gives it; a day without a time means nine in the morning."""
    text = str(written)
    return stamp(moment(f"{text}T09:00:00" if len(text) == len("2026-11-20") else text))
