"""Resolvers for repositories: facts, languages, topics, licence, community files."""

from collections.abc import Callable
from html import escape
from typing import Any

from aggregator.demo.community_files import community_file, conduct_of
from aggregator.demo.graph import gitside, issues, releases
from aggregator.demo.graph.context import refusal, utc
from aggregator.demo.graph.paging import connection
from aggregator.demo.licences import licence_named
from aggregator.demo.model import Repository
from aggregator.demo.palette import colour_of

Resolver = Callable[..., Any]


def _url(repository: Repository, info: Any) -> str:
    return str(info.context.link(repository.full_name))


def _html(repository: Repository) -> str:
    return escape(repository.description or "")


def _language(name: str) -> dict[str, Any]:
    return {"__typename": "Language", "id": f"LAN_{name}", "name": name, "color": colour_of(name)}


def _languages(repository: Repository, _info: Any, **args: Any) -> dict[str, Any]:
    sizes = repository.language_bytes
    names = sorted(sizes, key=lambda name: -sizes[name])
    if (args.get("orderBy") or {}).get("direction") == "ASC":
        names.reverse()
    found = connection(
        [_language(n) for n in names],
        args,
        len(names),
        edge=lambda language: {"size": sizes[language["name"]]},
    )
    return {**found, "totalSize": sum(sizes.values())}


def _topics(repository: Repository, info: Any, **args: Any) -> dict[str, Any]:
    nodes = [
        {
            "__typename": "RepositoryTopic",
            "id": f"RT_{repository.id}_{name}",
            "topic": {"__typename": "Topic", "id": f"T_{name}", "name": name},
            "url": info.context.link("topics", name),
            "resourcePath": f"/topics/{name}",
        }
        for name in repository.topics
    ]
    return connection(nodes, args, len(nodes))


def _licence(repository: Repository, *_: Any) -> dict[str, Any] | None:
    licence = licence_named(repository.licence)
    if licence is None:
        return None
    unknown = licence.spdx == "NOASSERTION"
    return {
        "__typename": "License",
        "id": f"L_{licence.key}",
        "key": licence.key,
        "name": licence.name,
        "nickname": licence.nickname,
        "spdxId": licence.spdx,
        "url": None if unknown else f"http://choosealicense.com/licenses/{licence.key}/",
        "pseudoLicense": unknown,
        "body": "",
    }


def _parent(repository: Repository, info: Any) -> Repository | None:
    parent = info.context.world.find(repository.parent) if repository.parent else None
    return parent if parent and parent.access == "public" else None


def _conduct(repository: Repository, info: Any) -> dict[str, Any] | None:
    found = conduct_of(repository)
    if found is None:
        return None
    path, key, name = found
    return {
        "__typename": "CodeOfConduct",
        "id": f"COC_{key}",
        "key": key,
        "name": name,
        "body": None,
        "url": info.context.link(repository.full_name, "blob", repository.default_branch, path),
        "resourcePath": f"/{repository.full_name}/blob/{repository.default_branch}/{path}",
    }


def _contributing(repository: Repository, info: Any) -> dict[str, Any] | None:
    path = community_file(repository, "CONTRIBUTING")
    if path is None:
        return None
    where = f"/{repository.full_name}/blob/{repository.default_branch}/{path}"
    return {"url": info.context.link(where[1:]), "resourcePath": where, "body": None}


def _security_url(repository: Repository, info: Any) -> str | None:
    if community_file(repository, "SECURITY") is None:
        return None
    return str(info.context.link(repository.full_name, "security/policy"))


def _social_image(repository: Repository, *_: Any) -> str:
    plain = f"https://opengraph.githubassets.com/{repository.id:x}/{repository.full_name}"
    return repository.social_image or plain


def _people(field: str, count: Callable[[Repository], int]) -> Resolver:
    def resolve(repository: Repository, info: Any, **args: Any) -> dict[str, Any]:
        if field in info.context.restricted:
            raise refusal("FORBIDDEN", f"The field '{field}' is restricted for this caller.")
        return connection([], args, count(repository))

    return resolve


def _mentionable(repository: Repository, info: Any, **args: Any) -> dict[str, Any]:
    people = [info.context.world.account(login) for login in repository.history.by_author if login]
    return connection(people, args, max(len(people), repository.contributor_count))


def _forks(repository: Repository, info: Any, **args: Any) -> dict[str, Any]:
    world = info.context.world
    known = [r for r in world.repositories if r.parent and world.find(r.parent) is repository]
    return connection(known, args, max(repository.forks, len(known)))


def _no_template(*_: Any) -> None:
    """Say that no repository of this world was made from a template."""


def _is_organisation(repository: Repository, info: Any) -> bool:
    return bool(info.context.world.account(repository.owner).kind == "Organization")


def _funding(repository: Repository, *_: Any) -> list[dict[str, str]]:
    return [{"platform": platform, "url": url} for platform, url in repository.funding]


REPOSITORY: dict[str, Resolver] = {
    "archivedAt": lambda r, *_: utc(r.archived_at),
    "codeOfConduct": _conduct,
    "contributingGuidelines": _contributing,
    "createdAt": lambda r, *_: r.created_at,
    "databaseId": lambda r, *_: r.id,
    "defaultBranchRef": gitside.head_ref,
    "description": lambda r, *_: r.description,
    "descriptionHTML": lambda r, *_: f"<div>{_html(r)}</div>",
    "discussions": lambda r, _i, **args: connection([], args, r.discussions),
    "diskUsage": lambda r, *_: r.size,
    "forkCount": lambda r, *_: r.forks,
    "forks": _forks,
    "fundingLinks": _funding,
    "hasDiscussionsEnabled": lambda r, *_: r.has_discussions,
    "hasIssuesEnabled": lambda *_: True,
    "hasProjectsEnabled": lambda *_: True,
    "hasSponsorshipsEnabled": lambda r, *_: bool(r.funding),
    "hasWikiEnabled": lambda r, *_: r.has_wiki,
    "homepageUrl": lambda r, *_: r.homepage,
    "id": lambda r, *_: r.node_id,
    "isArchived": lambda r, *_: r.archived,
    "isDisabled": lambda r, *_: r.disabled,
    "isEmpty": lambda r, *_: r.empty,
    "isFork": lambda r, *_: r.parent is not None,
    "isInOrganization": _is_organisation,
    "isLocked": lambda *_: False,
    "isMirror": lambda r, *_: r.mirror_url is not None,
    "isPrivate": lambda r, *_: r.access == "private",
    "isSecurityPolicyEnabled": lambda r, *_: community_file(r, "SECURITY") is not None,
    "isTemplate": lambda r, *_: r.template,
    "issues": issues.issues,
    "label": issues.one_label,
    "labels": issues.labels,
    "languages": _languages,
    "latestRelease": releases.latest,
    "licenseInfo": _licence,
    "mentionableUsers": _mentionable,
    "mirrorUrl": lambda r, *_: r.mirror_url,
    "name": lambda r, *_: r.name,
    "nameWithOwner": lambda r, *_: r.full_name,
    "object": gitside.find_object,
    "openGraphImageUrl": _social_image,
    "owner": lambda r, info: info.context.world.account(r.owner),
    "parent": _parent,
    "primaryLanguage": lambda r, *_: _language(r.language) if r.language else None,
    "pullRequests": issues.pulls,
    "pushedAt": lambda r, *_: r.pushed_at,
    "ref": gitside.find_ref,
    "refs": gitside.refs,
    "releases": releases.releases,
    "repositoryTopics": _topics,
    "resourcePath": lambda r, *_: f"/{r.full_name}",
    "securityPolicyUrl": _security_url,
    "shortDescriptionHTML": lambda r, *_, **_args: _html(r),
    "sshUrl": lambda r, *_: f"git@github.com:{r.full_name}.git",
    "stargazerCount": lambda r, *_: r.stars,
    "stargazers": _people("stargazers", lambda r: r.stars),
    "templateRepository": _no_template,
    "updatedAt": lambda r, *_: r.updated_at,
    "url": _url,
    "usesCustomOpenGraphImage": lambda r, *_: r.social_image is not None,
    "viewerPermission": lambda *_: "READ",
    "visibility": lambda *_: "PUBLIC",
    "watchers": _people("watchers", lambda r: r.watchers),
}
