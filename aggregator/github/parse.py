"""GraphQL answers as facts. Pure: JSON objects in, frozen models out, nothing guessed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from aggregator.facts.repository import (
    READER,
    Basis,
    Counts,
    Details,
    FundingLink,
    Glance,
    Issue,
    Licence,
    Release,
)
from aggregator.facts.source import Depth
from aggregator.github.files import (
    LINK_MODES,
    Listings,
    Named,
    find_community,
    find_readme,
    readme_link,
    top_level,
)
from aggregator.github.history import Commit, commit_weeks, contributors
from aggregator.github.statements import read_statements, unread_files
from aggregator.github.values import (
    LONGEST_LINE,
    Json,
    count,
    file_name,
    flag,
    homepage,
    inside,
    line,
    objects,
    repo_name,
    spoken,
    web_address,
    when,
    yes_or_no,
)


def read_glance(node: Json, now: datetime) -> Glance | None:
    """Read the scalars of one repository; None when it has no id or no name."""
    number, name = count(node.get("databaseId")), repo_name(node.get("nameWithOwner"))
    if number is None or name is None:
        return None
    return Glance(
        repository_id=number,
        node_id=line(node.get("id")),
        owner_id=line(inside(node, "owner", "id")),
        name_with_owner=name,
        description=spoken(node.get("description")),
        homepage=homepage(node.get("homepageUrl")),
        stars=count(node.get("stargazerCount")),
        forks=count(node.get("forkCount")),
        created_at=when(node.get("createdAt")),
        pushed_at=when(node.get("pushedAt")),
        updated_at=when(node.get("updatedAt")),
        archived=flag(node.get("isArchived")),
        fork=flag(node.get("isFork")),
        template=flag(node.get("isTemplate")),
        mirror=flag(node.get("isMirror")),
        disabled=flag(node.get("isDisabled")),
        empty=flag(node.get("isEmpty")) or node.get("defaultBranchRef") is None,
        default_branch=line(inside(node, "defaultBranchRef", "name")),
        head_oid=line(inside(node, "defaultBranchRef", "target", "oid")),
        primary_language=line(inside(node, "primaryLanguage", "name")),
        licence=read_licence(inside(node, "licenseInfo"), "spdxId"),
        discussions=yes_or_no(node.get("hasDiscussionsEnabled")),
        open_graph_image=_own_image(node),
        confirmed_at=now,
    )


def read_licence(value: object, key: str) -> Licence | None:
    """Read the recognised licence; ``NOASSERTION`` is GitHub's word for "some other"."""
    name = line(inside(value, "name"))
    spdx = line(inside(value, key))
    if name is None:
        return None
    return Licence(spdx_id=None if spdx in {None, "NOASSERTION"} else spdx, name=name)


def _own_image(node: Json) -> str | None:
    return (
        web_address(node.get("openGraphImageUrl")) if node.get("usesCustomOpenGraphImage") else None
    )


def basis_of(glance: Glance) -> Basis:
    """Return what must differ for the details of this repository to be asked again."""
    return Basis(
        head_oid=glance.head_oid,
        pushed_at=glance.pushed_at,
        updated_at=glance.updated_at,
        stars=glance.stars,
        forks=glance.forks,
    )


def read_depth(node: Json, glance: Glance, now: datetime) -> Depth:
    """Read details, counts and contributors of one repository."""
    commit = inside(node, "defaultBranchRef", "target")
    commits = read_commits(inside(commit, "recent", "nodes"))
    total = count(inside(commit, "recent", "totalCount"))
    listings = _listings(node)
    details = Details(
        reader=READER,
        topics=_topics(node),
        language_bytes=_languages(node),
        parent=_parent(node),
        releases=_releases(node),
        releases_count=count(inside(node, "releases", "totalCount")),
        tags_count=count(inside(node, "tags", "totalCount")),
        commits_count=total if commit else None,
        head_committed_at=when(inside(commit, "committedDate")),
        commit_weeks=commit_weeks(commits, total, count(inside(commit, "year", "totalCount")), now),
        community=find_community(listings, _has_workflows(listings)),
        top_level=top_level(listings),
        statements=read_statements(*_small_files(node)),
        unread=unread_files(*_small_files(node)),
        funding=_funding(node),
        readme=find_readme(listings),
        readme_asked=True,
        head_oid=line(inside(commit, "oid")) or glance.head_oid,
        basis=basis_of(glance),
        confirmed_at=now,
    )
    return Depth(details, _counts(node, now), contributors(commits, total, now))


def _counts(node: Json, now: datetime) -> Counts:
    return Counts(
        open_issues=count(inside(node, "openIssues", "totalCount")),
        open_pull_requests=count(inside(node, "openPullRequests", "totalCount")),
        good_first_issues=count(inside(node, "goodFirst", "totalCount")),
        newest_good_first_issue=_newest(inside(node, "goodFirst", "nodes")),
        good_first_labels=_labels(node, "goodFirst"),
        help_wanted=count(inside(node, "helpWanted", "totalCount")),
        newest_help_wanted=_newest(inside(node, "helpWanted", "nodes")),
        help_wanted_labels=_labels(node, "helpWanted"),
        confirmed_at=now,
    )


def _labels(node: Json, kind: str) -> tuple[str, ...] | None:
    """Read which spellings of a label the repository has; none at all says nothing."""
    names = (line(inside(node, f"{kind}{form}", "name")) for form in ("Spaced", "Hyphened"))
    return tuple(name for name in names if name) or None


def _newest(nodes: object) -> Issue | None:
    for node in objects(nodes):
        return read_issue(node, "url", "createdAt")
    return None


def read_issue(node: Json, url_key: str, date_key: str) -> Issue | None:
    """Read one issue, or None when its title, address or date is missing."""
    title, url, created = (
        spoken(node.get("title"), LONGEST_LINE),
        web_address(node.get(url_key)),
        when(node.get(date_key)),
    )
    if title is None or url is None or created is None:
        return None
    return Issue(title=title, url=url, created_at=created)


def _topics(node: Json) -> tuple[str, ...] | None:
    connection = inside(node, "repositoryTopics")
    if connection is None:
        return None
    names = (line(inside(item, "topic", "name")) for item in objects(inside(connection, "nodes")))
    return tuple(name for name in names if name)


def _languages(node: Json) -> Mapping[str, int] | None:
    connection = inside(node, "languages")
    if connection is None:
        return None
    edges = objects(inside(connection, "edges"))
    pairs = ((line(inside(edge, "node", "name")), count(edge.get("size"))) for edge in edges)
    return largest_first((name, size) for name, size in pairs if name and size is not None)


def largest_first(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Order languages by bytes, then by name."""
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _parent(node: Json) -> str | None:
    parent = inside(node, "parent")
    # The name of a private parent is not ours to publish.
    return None if flag(inside(parent, "isPrivate")) else repo_name(inside(parent, "nameWithOwner"))


def _releases(node: Json) -> tuple[Release, ...] | None:
    connection = inside(node, "releases")
    if connection is None:
        return None
    found = [
        read_release(item, "tagName", "publishedAt", "url", "isPrerelease")
        for item in objects(inside(connection, "nodes"))
        if not item.get("isDraft")
    ]
    return newest_first(release for release in found if release)


def newest_first(releases: Iterable[Release]) -> tuple[Release, ...]:
    """Order releases by date, undated ones last."""
    return tuple(
        sorted(
            releases,
            key=lambda r: r.published_at.timestamp() if r.published_at else 0,
            reverse=True,
        )
    )


def read_release(node: Json, tag: str, date: str, url: str, prerelease: str) -> Release | None:
    """Read one release under the field names of either API."""
    name, address = line(node.get(tag)), web_address(node.get(url))
    if name is None or address is None:
        return None
    return Release(
        name=spoken(node.get("name"), LONGEST_LINE),
        tag=name,
        published_at=when(node.get(date)),
        url=address,
        prerelease=flag(node.get(prerelease)),
    )


def read_commits(nodes: object) -> list[Commit]:
    """Read commits, newest first, leaving out those without a date."""
    found = []
    for node in objects(nodes):
        moment = when(node.get("committedDate"))
        user = inside(node, "author", "user")
        if moment is not None:
            author = line(inside(node, "author", "name"))
            login, avatar = line(inside(user, "login")), web_address(inside(user, "avatarUrl"))
            found.append(Commit(moment, author, login, avatar))
    return found


def read_readme_link(node: Json) -> str | None:
    """Read the path of a README that is a symbolic link; None for every other."""
    return readme_link(_listings(node))


def _listings(node: Json) -> Listings:
    folders = {"": "root", ".github": "dotGithub", "docs": "docs"}
    return {
        folder: read_entries(inside(node, alias, "entries")) for folder, alias in folders.items()
    }


def read_entries(entries: object, name_key: str = "name", oid_key: str = "oid") -> list[Named]:
    """Read a folder listing under the field names of either API."""
    found = []
    for entry in objects(entries):
        name, kind = file_name(entry.get(name_key)), line(entry.get("type"))
        oid = line(entry.get(oid_key))
        if name and kind and oid:
            is_link = entry.get("mode") in LINK_MODES
            found.append(Named(name, kind, oid, count(entry.get("size")), is_link))
    return found


def _has_workflows(listings: Listings) -> bool:
    return any(e.name == "workflows" and e.kind == "tree" for e in listings.get(".github", ()))


def _small_files(node: Json) -> tuple[str | None, str | None, str | None]:
    citation, codemeta, publiccode = (
        _small_file(node.get(key)) for key in ("citation", "codemeta", "publiccode")
    )
    return citation, codemeta, publiccode


def _small_file(value: object) -> str | None:
    found = inside(value, "text")
    return found if isinstance(found, str) and not inside(value, "isTruncated") else None


def _funding(node: Json) -> tuple[FundingLink, ...] | None:
    links = node.get("fundingLinks")
    if links is None:
        return None
    pairs = ((line(item.get("platform")), web_address(item.get("url"))) for item in objects(links))
    return tuple(FundingLink(platform=name.lower(), url=url) for name, url in pairs if name and url)
