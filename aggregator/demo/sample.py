"""The sample community: made-up repositories that ship with the project, and their registry.

Everything in `community/` was written for this project. No organisation, person or repository in
it exists. Each repository is a folder `community/repositories/OWNER/NAME/` with `repository.yaml`
(what GitHub would say) and `files/` (what is in it); a new folder is a new repository.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
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
# Another showcase, for the demo to include: what this program published of open climate tools, a
# community that is as made up, and where it would be.
OTHER_CATALOGUE = Path(__file__).parent / "climate_catalogue.json"
OTHER_ADDRESS = "https://open-climate-tools.example/data/catalogue.json"
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


def sample_community(at: str = WORLD_DATE, folder: Path = COMMUNITY) -> World:
    """Make the world of the sample community, the same each time.

    Args:
        at: the time to show, such as one of `NIGHTS`. Before the last night some repositories
            have other names, one that was deleted is still there, and releases are missing.
        folder: where it is described; another one of the same form is another community.
    """
    accounts = (
        Account(
            login,
            said["name"],
            "Organization" if "organisation" in said else "User",
            starred=tuple(said.get("starred", ())),
        )
        for login, said in _yaml(folder / "accounts.yaml").items()
    )
    world = World((), accounts, now=at)
    for path in sorted(folder.glob("repositories/*/*/repository.yaml")):
        said, repository = _yaml(path), _repository(path.parent)
        deleted = said.get("deleted")
        if repository.created_at > at or (deleted and _time(deleted) <= at):
            continue
        if at != WORLD_DATE:
            repository = _as_of(repository, at)
        renamed = {name: _time(day) for name, day in said.get("former_names", {}).items()}
        # It still has the first of the names that it has yet to lose.
        if still := next((name for name, day in renamed.items() if day > at), None):
            owner, _, name = still.partition("/")
            repository = replace(repository, owner=owner, name=name)
        world.add(repository, (name for name, day in renamed.items() if day <= at))
    return world


def _as_of(repository: Repository, date: str) -> Repository:
    """Give a repository as it was on a day on which it was there already.

    What was not written down day by day, such as stars, is taken to have grown evenly.
    """
    history = repository.history.as_of(date)
    pushed = history.head.date if history.head else repository.created_at
    age, until = (read_time(day) - read_time(repository.created_at) for day in (WORLD_DATE, date))
    share = until / age if age else 1.0
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
        issues=tuple(
            replace(
                issue,
                closed_at=issue.closed_at if (issue.closed_at or date) <= date else None,
                updated_at=min(issue.updated_at, date),
            )
            for issue in repository.issues
            if issue.created_at <= date
        ),
        archived_at=archived if archived and archived <= date else None,
    )


@cache
def _repository(folder: Path) -> Repository:
    """Read a repository as it is today."""
    said = _yaml(folder / "repository.yaml")
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
        history=History(
            seed=f"{owner}/{name}",
            first_at=_time(said["created"]),
            last_at=pushed,
            described=said.get("commits", 0),
            authors=tuple(said.get("authors", {}).items()),
        ),
        releases=tuple(
            WorldRelease(r["tag"], _time(r["date"]), r.get("name"), r.get("prerelease", False))
            for r in releases
        ),
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


@cache
def _yaml(path: Path) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def _time(written: object) -> str:
    """Read a date as YAML gives it; a day without a time means nine in the morning."""
    text = str(written)
    return timestamp(read_time(f"{text}T09:00:00" if len(text) == len("2026-11-20") else text))
