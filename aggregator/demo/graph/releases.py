"""Resolvers for releases."""

from typing import Any

from aggregator.demo.graph import gitside
from aggregator.demo.graph.paging import connection
from aggregator.demo.model import Release, Repository, Tag, node_id, stable_id


def release_order(repository: Repository) -> list[Release]:
    """Give the releases, newest first."""
    return sorted(repository.releases, key=lambda r: r.published_at, reverse=True)


def latest_release(repository: Repository) -> Release | None:
    """Give the newest release that is no prerelease."""
    return next((r for r in release_order(repository) if not r.prerelease), None)


def releases(repository: Repository, info: Any, **args: Any) -> dict[str, Any]:
    """Resolve `releases`."""
    ordered = release_order(repository)
    if (args.get("orderBy") or {}).get("direction") == "ASC":
        ordered.reverse()
    return connection([_release(repository, r, info) for r in ordered], args, len(ordered))


def latest(repository: Repository, info: Any) -> dict[str, Any] | None:
    """Resolve `latestRelease`."""
    found = latest_release(repository)
    return _release(repository, found, info) if found else None


def _release(repository: Repository, release: Release, info: Any) -> dict[str, Any]:
    number = stable_id(f"release:{repository.id}:{release.tag}")
    tag = Tag(release.tag, release.published_at)
    return {
        "__typename": "Release",
        "id": node_id("RE", number),
        "databaseId": number,
        "name": release.name,
        "tagName": release.tag,
        "createdAt": release.published_at,
        "publishedAt": release.published_at,
        "updatedAt": release.published_at,
        "isPrerelease": release.prerelease,
        "isDraft": False,
        "isLatest": release == latest_release(repository),
        "description": release.notes,
        "url": info.context.link(repository.full_name, "releases/tag", release.tag),
        "resourcePath": f"/{repository.full_name}/releases/tag/{release.tag}",
        "author": info.context.world.account(release.author) if release.author else None,
        "tagCommit": gitside.of_commit(repository, gitside.tag_commit(repository, tag)),
    }
