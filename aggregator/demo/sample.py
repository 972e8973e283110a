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

from aggregator.demo.git import History, Tree, read_time
from aggregator.demo.world import (
    WORLD_DATE,
    Account,
    Repository,
    Tag,
    World,
    WorldIssue,
    WorldRelease,
    stable_id,
)
from aggregator.words.phrases import timestamp

COMMUNITY = Path(__file__).parent / "community"
REGISTRY = COMMUNITY / "registry.yaml"
# Some weeks of slow growth, so that there are numbers over time to draw, then nights with a
# rename, a deletion and a transfer between them, so that there is news to tell.
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
    "default_branch",
    "parent",
    "template",
    "has_discussions",
)
_NEVER = "9999"


@dataclass(frozen=True, slots=True)
class _Told:
    """A repository today, with when it lost its former names and when it was deleted."""

    repository: Repository
    renamed: Mapping[str, str]
    deleted: str


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


def _shown(told: _Told, at: str) -> tuple[Repository, tuple[str, ...]]:
    """Give a repository under the name of the day, and the names that it had before."""
    repository = told.repository if at == WORLD_DATE else _as_of(told.repository, at)
    former = tuple(name for name, day in told.renamed.items() if day <= at)
    for name, day in told.renamed.items():
        if day > at:
            owner, _, short = name.partition("/")
            return replace(repository, owner=owner, name=short), former
    return repository, former


def _as_of(repository: Repository, date: str) -> Repository:
    """Give a repository as it was on a day on which it was there already.

    What was not written down day by day, such as stars, is taken to have grown evenly.
    """
    history = repository.history.as_of(date)
    pushed = history.head.date if history.head else repository.created_at
    share = _share(repository.created_at, date)
    archived = repository.archived_at
    return replace(
        repository,
        history=history,
        pushed_at=pushed,
        updated_at=max(pushed, min(repository.updated_at, date)),
        stars=round(repository.stars * share),
        forks=round(repository.forks * share),
        releases=tuple(r for r in repository.releases if r.published_at <= date),
        tags=tuple(t for t in repository.tags if t.date <= date),
        issues=tuple(_issue_as_of(i, date) for i in repository.issues if i.created_at <= date),
        archived_at=archived if archived and archived <= date else None,
    )


def _share(start: str, date: str) -> float:
    whole = (read_time(WORLD_DATE) - read_time(start)).total_seconds()
    return (read_time(date) - read_time(start)).total_seconds() / whole if whole > 0 else 1.0


def _issue_as_of(issue: WorldIssue, date: str) -> WorldIssue:
    open_still = issue.closed_at is not None and issue.closed_at > date
    closed = None if open_still else issue.closed_at
    return replace(issue, closed_at=closed, updated_at=min(issue.updated_at, date))


@cache
def _accounts() -> Mapping[str, Account]:
    listed = _yaml(COMMUNITY / "accounts.yaml")
    return {
        login: Account(login, said["name"], "Organization" if "organisation" in said else "User")
        for login, said in listed.items()
    }


@cache
def _told(folder: Path) -> _Told:
    said = _yaml(folder / "repository.yaml")
    renamed = {name: _time(day) for name, day in said.get("former_names", {}).items()}
    deleted = _time(said["deleted"]) if "deleted" in said else _NEVER
    return _Told(_described(folder, said), renamed, deleted)


def _described(folder: Path, said: Mapping[str, Any]) -> Repository:
    owner, name = folder.parent.name, folder.name
    pushed = _time(said["pushed"])
    releases = said.get("releases", ())
    return Repository(
        id=stable_id(f"sample:{owner}/{name}"),
        owner=owner,
        name=name,
        created_at=_time(said["created"]),
        updated_at=pushed,
        pushed_at=pushed,
        topics=tuple(said.get("topics", ())),
        language_bytes=said.get("languages", {}),
        tree=Tree(_files(folder, said)),
        history=_history(f"{owner}/{name}", said, pushed),
        releases=tuple(_release(release) for release in releases),
        tags=tuple(Tag(release["tag"], _time(release["date"])) for release in releases),
        issues=_issues(said.get("issues", ())),
        archived_at=_time(said["archived"]) if "archived" in said else None,
        funding=tuple(said.get("funding", {}).items()),
        **{field: said[field] for field in PLAIN if field in said},
    )


def _files(folder: Path, said: Mapping[str, Any]) -> dict[str, bytes]:
    """Give the files of `files/`, the licence, and the further names that are listed."""
    top = folder / "files"
    found = {
        path.relative_to(top).as_posix(): path.read_bytes()
        for path in sorted(top.rglob("*"))
        if path.is_file()
    }
    found |= dict.fromkeys(said.get("more_files", ()), b"")
    if said.get("licence"):
        where = f"https://spdx.org/licenses/{said['licence']}.html"
        found["LICENSE"] = f"Licence: {said['licence']}\n\nFull text: {where}\n".encode()
    return found


def _history(full_name: str, said: Mapping[str, Any], pushed: str) -> History:
    return History(
        seed=full_name,
        first_at=_time(said["created"]),
        last_at=pushed,
        described=said.get("commits", 0),
        authors=tuple(said.get("authors", {}).items()),
    )


def _release(said: Mapping[str, Any]) -> WorldRelease:
    published = _time(said["date"])
    return WorldRelease(said["tag"], published, said.get("name"), said.get("prerelease", False))


def _issues(listed: Iterable[Mapping[str, Any]]) -> tuple[WorldIssue, ...]:
    return tuple(
        WorldIssue(
            number=number,
            title=said["title"],
            created_at=_time(said["opened"]),
            updated_at=_time(said.get("updated", said["opened"])),
            labels=tuple(said.get("labels", ())),
            closed_at=_time(said["closed"]) if "closed" in said else None,
            pull=said.get("pull", False),
        )
        for number, said in enumerate(listed, 1)
    )


def _yaml(path: Path) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def _time(written: object) -> str:
    """Read a date as YAML gives it; a day without a time means nine in the morning."""
    text = str(written)
    return timestamp(read_time(f"{text}T09:00:00" if len(text) == len("2026-11-20") else text))
