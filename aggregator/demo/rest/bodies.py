"""Bodies of repositories, licences, releases, commits and issues in REST's shape."""

from typing import Any

from aggregator.demo.graph.gitside import tag_commit
from aggregator.demo.history import Commit
from aggregator.demo.licences import licence_named
from aggregator.demo.model import Issue, Release, Repository, Tag, node_id, stable_id
from aggregator.demo.palette import LABEL_COLOURS
from aggregator.demo.rest import people
from aggregator.demo.rest.call import Call

# Templates of addresses below a repository, as GitHub prints them.
BELOW = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def repository(call: Call, item: Repository) -> dict[str, Any]:
    """Describe a repository as lists and searches do."""
    url, web = call.api("repos", item.full_name), call.web(item.full_name)
    opened = item.open_count(pull=False) + item.open_count(pull=True)
    return {
        "id": item.id,
        "node_id": item.node_id,
        "name": item.name,
        "full_name": item.full_name,
        "private": False,
        "owner": people.account(call, call.world.account(item.owner)),
        "html_url": web,
        "description": item.description,
        "fork": item.parent is not None,
        "url": url,
        **{name: url + below for name, below in BELOW.items()},
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "pushed_at": item.pushed_at,
        **_clone_addresses(item, web),
        "homepage": item.homepage,
        "size": item.size,
        "stargazers_count": item.stars,
        "watchers_count": item.stars,
        "language": item.language,
        **_features(item),
        "forks_count": item.forks,
        "mirror_url": item.mirror_url,
        "archived": item.archived,
        "disabled": item.disabled,
        "open_issues_count": opened,
        "license": licence(call, item.licence),
        "allow_forking": True,
        "is_template": item.template,
        "web_commit_signoff_required": False,
        "topics": list(item.topics),
        "visibility": "public",
        "forks": item.forks,
        "open_issues": opened,
        "watchers": item.stars,
        "default_branch": item.default_branch,
    }


def _clone_addresses(item: Repository, web: str) -> dict[str, str]:
    return {
        "git_url": f"git://github.com/{item.full_name}.git",
        "ssh_url": f"git@github.com:{item.full_name}.git",
        "clone_url": f"{web}.git",
        "svn_url": web,
    }


def _features(item: Repository) -> dict[str, bool]:
    return {
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": item.has_wiki,
        "has_pages": item.has_pages,
        "has_discussions": item.has_discussions,
    }


def full_repository(call: Call, item: Repository) -> dict[str, Any]:
    """Describe one repository with what only its own address tells."""
    body = {
        **repository(call, item),
        "temp_clone_token": None,
        "network_count": item.forks,
        "subscribers_count": item.watchers,
    }
    owner = call.world.account(item.owner)
    if owner.kind == "Organization":
        body["organization"] = people.account(call, owner)
    parent = call.world.find(item.parent) if item.parent else None
    if parent and parent.access == "public":
        body["parent"] = body["source"] = repository(call, parent)
    return body


def licence(call: Call, spdx: str | None) -> dict[str, Any] | None:
    """Describe a licence briefly, None for none."""
    found = licence_named(spdx)
    if found is None:
        return None
    return {
        "key": found.key,
        "name": found.name,
        "spdx_id": found.spdx,
        "url": call.api_url + found.url if found.url else None,
        "node_id": node_id("L", stable_id(f"licence:{found.key}")),
    }


def release(call: Call, item: Repository, made: Release) -> dict[str, Any]:
    """Describe a release."""
    number = stable_id(f"release:{item.id}:{made.tag}")
    url = call.api("repos", item.full_name, "releases", number)
    balls = call.api("repos", item.full_name)
    return {
        "url": url,
        "assets_url": f"{url}/assets",
        "upload_url": f"{url}/assets{{?name,label}}",
        "html_url": call.web(item.full_name, "releases/tag", made.tag),
        "id": number,
        "author": people.account(call, call.world.account(made.author or item.owner)),
        "node_id": node_id("RE", number),
        "tag_name": made.tag,
        "target_commitish": item.default_branch,
        "name": made.name,
        "draft": False,
        "prerelease": made.prerelease,
        "immutable": False,
        "created_at": made.published_at,
        "published_at": made.published_at,
        "updated_at": made.published_at,
        "assets": [],
        "tarball_url": f"{balls}/tarball/{made.tag}",
        "zipball_url": f"{balls}/zipball/{made.tag}",
        "body": made.notes,
    }


def tag(call: Call, item: Repository, made: Tag) -> dict[str, Any]:
    """Describe a tag."""
    url = call.api("repos", item.full_name)
    sha = tag_commit(item, made).oid
    return {
        "name": made.name,
        "zipball_url": f"{url}/zipball/refs/tags/{made.name}",
        "tarball_url": f"{url}/tarball/refs/tags/{made.name}",
        "commit": {"sha": sha, "url": f"{url}/commits/{sha}"},
        "node_id": node_id("REF", stable_id(f"tag:{item.id}:{made.name}")),
    }


def commit(call: Call, item: Repository, made: Commit) -> dict[str, Any]:
    """Describe a commit."""
    url, tree = call.api("repos", item.full_name), item.tree.oid
    person = call.world.account(made.author) if made.author else None
    signed = {
        "name": (person.name or person.login) if person else "",
        "email": f"{person.login}@users.noreply.github.com" if person else "",
        "date": made.date,
    }
    return {
        "sha": made.oid,
        "node_id": f"C_{item.id}_{made.oid[:12]}",
        "commit": {
            "author": signed,
            "committer": signed,
            "message": made.message,
            "tree": {"sha": tree, "url": f"{url}/git/trees/{tree}"},
            "url": f"{url}/git/commits/{made.oid}",
            "comment_count": 0,
            "verification": {
                "verified": False,
                "reason": "unsigned",
                "signature": None,
                "payload": None,
                "verified_at": None,
            },
        },
        "url": f"{url}/commits/{made.oid}",
        "html_url": call.web(item.full_name, "commit", made.oid),
        "comments_url": f"{url}/commits/{made.oid}/comments",
        "author": people.account(call, person) if person else None,
        "committer": people.account(call, person) if person else None,
        "parents": [],
    }


def issue(call: Call, item: Repository, made: Issue) -> dict[str, Any]:
    """Describe an issue; a pull request is an issue with one more field, as at GitHub."""
    url = call.api("repos", item.full_name, "issues", made.number)
    number = stable_id(f"issue:{item.id}:{made.number}")
    kind = "pull" if made.pull else "issues"
    body = {
        "url": url,
        "repository_url": call.api("repos", item.full_name),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": call.web(item.full_name, kind, made.number),
        "id": number,
        "node_id": node_id("PR" if made.pull else "I", number),
        "number": made.number,
        "title": made.title,
        "user": people.account(call, call.world.account(made.author or item.owner)),
        "labels": [label(call, item, name) for name in made.labels],
        "state": made.state,
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": 0,
        "created_at": made.created_at,
        "updated_at": made.updated_at,
        "closed_at": made.closed_at,
        "author_association": "CONTRIBUTOR",
        "body": made.body or None,
    }
    if made.pull:
        pull = call.api("repos", item.full_name, "pulls", made.number)
        body["pull_request"] = {"url": pull, "html_url": body["html_url"]}
    return body


def label(call: Call, item: Repository, name: str) -> dict[str, Any]:
    """Describe a label."""
    number = stable_id(f"label:{item.id}:{name}")
    return {
        "id": number,
        "node_id": node_id("LA", number),
        "url": call.api("repos", item.full_name, "labels", name.replace(" ", "%20")),
        "name": name,
        "color": LABEL_COLOURS.get(name, "ededed"),
        "default": name in LABEL_COLOURS,
        "description": None,
    }
