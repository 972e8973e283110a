"""What REST answers beyond what the program asks: more paths, and every field that GitHub sends.

The OpenAPI description of GitHub is held against these bodies, and with them against those of
`aggregator.demo.rest_answers`, on which each of them is built.
"""

import base64
from collections.abc import Iterable, Mapping
from email.utils import format_datetime
from itertools import chain
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import quote

import cmarkgfm

from aggregator.demo.exchange import DOCS, Request, Response, json_response, not_found, refuse
from aggregator.demo.git import (
    README_FOLDERS,
    Blob,
    GitCommit,
    GitEntry,
    LinkTo,
    Tree,
    object_oid,
    read_time,
)
from aggregator.demo.rest_answers import Answering, Body, RestAnswers, rendered
from aggregator.demo.stand_in import Limits
from aggregator.demo.world import (
    Account,
    Repository,
    Tag,
    WorldIssue,
    WorldRelease,
    licence_names,
    node_id,
    stable_id,
)
from aggregator.words.phrases import timestamp
from tests.stand_in.finding import find_issues, find_repositories
from tests.stand_in.world import Block, World

VIEWER = "sandbox-visitor"
INLINE_LIMIT = 1_000_000
MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn")
USUAL_LABELS = ("bug", "documentation", "enhancement", "good first issue", "help wanted")
COVENANT = ("contributor_covenant", "Contributor Covenant")
BEGAN = "2020-01-01T00:00:00Z"
SAML = (
    "Resource protected by organization SAML enforcement. "
    "You must grant your Personal Access token access to this organization."
)
_KINDS = {"040000": "dir", "120000": "symlink", "100644": "file"}
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
ACCOUNT_BELOW = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


def community_file(item: Repository, stem: str) -> str | None:
    """Find the path of the community file called `stem` with any ending, such as CONTRIBUTING.

    Rule: docs.github.com, "Creating a default community health file".
    """
    for folder in README_FOLDERS:
        inside = item.tree.find(folder)
        for entry in inside.entries if isinstance(inside, Tree) else ():
            if entry.kind == "blob" and entry.name.partition(".")[0].upper() == stem:
                return entry.path
    return None


def conduct_of(item: Repository) -> tuple[str, str, str] | None:
    """Give path, key and name of the code of conduct: `other` unless GitHub knows its text."""
    path = community_file(item, "CODE_OF_CONDUCT")
    if path is None:
        return None
    blob = item.tree.find(path)
    known = isinstance(blob, Blob) and COVENANT[1].encode() in blob.content
    return (path, *COVENANT) if known else (path, "other", "Other")


def tag_commit(item: Repository, tag: Tag) -> GitCommit:
    """Give the commit to which a tag points: the head for the newest, else one of its own."""
    if item.head and item.head.date == tag.date:
        return item.head
    oid = object_oid("commit", f"{item.id} {tag.name} {tag.date}".encode())
    return GitCommit(oid, tag.date, f"Release {tag.name}", "")


def latest_release(item: Repository) -> WorldRelease | None:
    """Give the newest release that is no prerelease."""
    return next((made for made in item.newest_releases if not made.prerelease), None)


def until(commits: Iterable[GitCommit], end: str | None) -> Iterable[GitCommit]:
    """Leave out what is newer than a time."""
    latest = timestamp(read_time(end)) if end else "9999"
    return (made for made in commits if made.date <= latest)


def followed(tree: Tree, path: str) -> str:
    """Give the path at which the links that begin at `path` end; at most five are followed."""
    for _ in range(5):
        node = tree.find(path)
        if not (isinstance(node, Blob) and isinstance(node.content, LinkTo)):
            break
        path = normpath(join(dirname(path), node.content.decode()))
    return path


def accepted(request: Request) -> str:
    """Give the `Accept` header in lower case."""
    return request.headers.get("accept", "").lower()


def blocked(block: Block | None) -> Response:
    """Refuse a blocked repository: 451 after a takedown notice, 403 after a breach of terms."""
    reason = block.reason if block else "dmca"
    told = {
        "reason": reason,
        "created_at": block.created_at if block else None,
        "html_url": block.html_url if block else None,
    }
    body = {"message": "Repository access blocked", "block": told}
    return json_response(451 if reason == "dmca" else 403, body)


def needs_single_sign_on(owner: str) -> Response:
    """Refuse a token that its owner did not authorise for an organisation with SAML."""
    where = f"{DOCS}/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/"
    address = f"required; url=https://github.com/orgs/{owner}/sso?authorization_request=SANDBOX"
    return refuse(403, SAML, where).with_headers(("x-github-sso", address))


class Rest(RestAnswers):
    """The paths of the demo, and more."""

    world: World

    def __init__(self, world: World, api_url: str, web_url: str, limits: Limits) -> None:
        super().__init__(world, api_url, web_url)
        self.limits = limits

    def endpoints(self) -> Mapping[str, Answering]:
        """Give the table of paths below a repository."""
        return {
            **super().endpoints(),
            "/branches": self.branches,
            r"/commits/(?P<sha>[^/]+)": self.one_commit,
            "/community/profile": self.community_profile,
            "/contents/?": self.contents,
            "/contents/(?P<path>.+)": self.contents,
            "/issues": self.issues,
            r"/issues/(?P<number>\d+)": self.one_issue,
            "/license": self.licence,
            "/releases/latest": self.newest_release,
            "/tags": self.tags,
            "/topics": lambda _, item: json_response(200, {"names": list(item.topics)}),
        }

    def others(self) -> Mapping[str, Answering]:
        """Give the table of paths that are about no repository."""
        return {
            **super().others(),
            "/": self.start,
            "/rate_limit": self.rate_limit,
            "/user": self.viewer,
            "/orgs/(?P<login>[^/]+)": self.organisation,
            "/search/issues": self.search_issues,
        }

    def about(
        self, request: Request, item: Repository | None, below: str, *, moved: bool = False
    ) -> Response:
        """Answer about a repository, unless the caller may not see it."""
        access = self.world.access_of(item) if item else "public"
        if access == "private":
            return not_found()
        if item and access == "blocked":
            return blocked(self.world.block_of(item))
        if item and access == "saml" and request.token:
            return needs_single_sign_on(item.owner)
        return super().about(request, item, below, moved=moved)

    # Endpoints below a repository.

    def repository(self, _request: Request, item: Repository) -> Response:
        """Answer with a repository and when it changed."""
        body = {**self.repository_body(item), **self._only_alone(item)}
        modified = format_datetime(read_time(item.updated_at), usegmt=True)
        return json_response(200, body, (("last-modified", modified),))

    def commits(self, request: Request, item: Repository) -> Response:
        """Answer with the commits between two times."""
        if item.empty:
            return super().commits(request, item)
        since = request.query.get("since")
        commits = item.history.since(since) if since else item.history
        made = list(until(commits, request.query.get("until")))
        return self.page(request, made, lambda commit: self.commit_body(item, commit))

    def branches(self, request: Request, item: Repository) -> Response:
        """Answer with the default branch, the only one in this world."""
        if item.head is None:
            return self.page(request, [])
        url = self.api("repos", item.full_name, "commits", item.head.oid)
        commit = {"sha": item.head.oid, "url": url}
        return self.page(
            request, [{"name": item.default_branch, "commit": commit, "protected": False}]
        )

    def one_commit(self, _request: Request, item: Repository, sha: str) -> Response:
        """Answer with one commit by id or by the name of the branch."""
        named = sha in ("HEAD", item.default_branch)
        found = item.head if named else next((c for c in item.history if c.oid == sha), None)
        if found is None:
            return refuse(409 if item.empty else 422, f"No commit found for SHA: {sha}")
        return json_response(200, self.commit_body(item, found))

    def community_profile(self, _request: Request, item: Repository) -> Response:
        """Answer with the community files that GitHub found."""
        conduct, readme = conduct_of(item), item.readme_path or item.tree.readme_path
        stems = ("CONTRIBUTING", "ISSUE_TEMPLATE", "PULL_REQUEST_TEMPLATE")
        found = {stem.lower(): self._place(item, community_file(item, stem)) for stem in stems}
        place = self._place(item, conduct[0]) if conduct else None
        told = place and conduct and {"key": conduct[1], "name": conduct[2], **place}
        files: Body = {
            **found,
            "code_of_conduct": told and {**told, "url": self.api("codes_of_conduct", told["key"])},
            "code_of_conduct_file": place,
            "license": self.licence_body(item.licence) if item.licence else None,
            "readme": self._place(item, readme),
        }
        present = [item.description, *files.values()]
        body = {
            "health_percentage": round(100 * sum(map(bool, present)) / len(present)),
            "description": item.description,
            "documentation": item.homepage,
            "files": files,
            "updated_at": item.updated_at,
            "content_reports_enabled": False,
        }
        return json_response(200, body)

    def _place(self, item: Repository, path: str | None) -> dict[str, str] | None:
        if path is None:
            return None
        return {
            "url": self.api("repos", item.full_name, "contents", quote(path)),
            "html_url": self.web(item.full_name, "blob", item.default_branch, quote(path)),
        }

    def contents(self, request: Request, item: Repository, path: str = "") -> Response:
        """Answer with a file, or with the list of a folder."""
        node = item.tree.find(path)
        if node is None or item.empty:
            return refuse(404, "This repository is empty." if item.empty else "Not Found")
        if isinstance(node, Blob):
            return self.file(request, item, path)
        lines = [
            {
                **self._address(item, entry.path, entry.kind, entry.node.oid),
                "name": entry.name,
                "type": _KINDS[entry.mode],
                "size": entry.size,
            }
            for entry in node.entries
        ]
        return json_response(200, lines)

    def readme(self, request: Request, item: Repository) -> Response:
        """Answer with the README as metadata, as raw bytes or as GitHub-rendered HTML."""
        path = item.readme_path or item.tree.readme_path
        return not_found() if path is None else self.file(request, item, path)

    def file(self, request: Request, item: Repository, path: str) -> Response:
        """Answer with a file in the form that was asked for; links are followed."""
        path = followed(item.tree, path)
        found = item.tree.find(path)
        if not isinstance(found, Blob):
            return not_found()
        if "raw" in accepted(request):
            kind = ("content-type", "application/vnd.github.raw; charset=utf-8")
            return Response(200, found.content, (kind,))
        if "html" in accepted(request):
            if path.lower().endswith(MARKDOWN):
                return rendered(cmarkgfm.github_flavored_markdown_to_html(found.text or ""))
            return super().readme(request, item)
        return json_response(200, self._file_body(item, path, found))

    def licence(self, _request: Request, item: Repository) -> Response:
        """Answer with the licence file and what GitHub recognises in it."""
        path = community_file(item, "LICENSE") or community_file(item, "LICENCE")
        blob = item.tree.find(path) if path else None
        if not isinstance(blob, Blob) or path is None or item.licence is None:
            return not_found()
        body = {**self._file_body(item, path, blob), "license": self.licence_body(item.licence)}
        return json_response(200, body)

    def _file_body(self, item: Repository, path: str, found: Blob) -> Body:
        inline = len(found.content) <= INLINE_LIMIT
        return {
            **self._address(item, path, "blob", found.oid),
            "name": path.rpartition("/")[2],
            "type": "file",
            "size": len(found.content),
            "content": base64.encodebytes(found.content).decode() if inline else "",
            "encoding": "base64" if inline else "none",
        }

    def _address(self, item: Repository, path: str, kind: str, oid: str) -> Body:
        where, branch = quote(path), item.default_branch
        url = self.api("repos", item.full_name, f"contents/{where}?ref={branch}")
        git = self.api("repos", item.full_name, f"git/{kind}s", oid)
        web = self.web(item.full_name, kind, branch, where)
        raw = f"https://raw.githubusercontent.com/{item.full_name}/{branch}/{where}"
        return {
            "path": path,
            "sha": oid,
            "url": url,
            "html_url": web,
            "git_url": git,
            "download_url": raw if kind == "blob" else None,
            "_links": {"self": url, "git": git, "html": web},
        }

    def tree(self, request: Request, item: Repository, sha: str) -> Response:
        """Answer with a tree by branch, commit or object id."""
        folders = (e.node for e in item.tree.walk() if isinstance(e.node, Tree))
        if item.empty or sha in ("HEAD", item.default_branch, item.head and item.head.oid):
            return super().tree(request, item, item.default_branch)
        found = next((one for one in chain((item.tree,), folders) if one.oid == sha), None)
        if found is None:
            return not_found()
        entries = found.walk() if request.query.get("recursive") else found.entries
        lines = [self.entry_body(item, entry) for entry in entries]
        lines = [{**one, "path": one["path"].removeprefix(found.prefix)} for one in lines]
        return json_response(200, {"sha": found.oid, "tree": lines, "truncated": False})

    def tags(self, request: Request, item: Repository) -> Response:
        """Answer with the tags, the last by name first."""
        ordered = sorted(item.tags, key=lambda tag: tag.name, reverse=True)
        return self.page(request, ordered, lambda tag: self.tag_body(item, tag))

    def newest_release(self, _request: Request, item: Repository) -> Response:
        """Answer with the newest release that is no prerelease."""
        found = latest_release(item)
        return json_response(200, self.release_body(item, found)) if found else not_found()

    def issues(self, request: Request, item: Repository) -> Response:
        """Answer with issues and pull requests together, as GitHub does."""
        state, wanted = request.query.get("state", "open"), request.query.get("labels", "")
        labels = {name.strip().lower() for name in wanted.split(",") if name.strip()}
        found = [
            issue
            for issue in sorted(item.issues, key=lambda i: i.created_at, reverse=True)
            if state in ("all", issue.state) and labels <= {name.lower() for name in issue.labels}
        ]
        return self.page(request, found, lambda issue: self.issue_body(item, issue))

    def one_issue(self, _request: Request, item: Repository, number: str) -> Response:
        """Answer with one issue."""
        found = next((issue for issue in item.issues if str(issue.number) == number), None)
        return json_response(200, self.issue_body(item, found)) if found else not_found()

    # Endpoints about anything else.

    def start(self, _request: Request) -> Response:
        """Answer with where things are."""
        return json_response(200, {"rate_limit_url": self.api("rate_limit")})

    def rate_limit(self, request: Request) -> Response:
        """Answer with what the caller may still do; asking is free."""
        left = {}
        for name in ("core", "search", "graphql"):
            said = self.limits.spend(request.token, name, 0)
            left[name] = {k: getattr(said, k) for k in ("limit", "used", "remaining", "reset")}
        return json_response(200, {"resources": left, "rate": left["core"]})

    def viewer(self, request: Request) -> Response:
        """Answer who the token belongs to."""
        if request.token is None:
            return refuse(401, "Requires authentication")
        return json_response(200, self._full_account(self.world.account(VIEWER)))

    def person(self, _request: Request, login: str) -> Response:
        """Answer with a person or an organisation."""
        if not self.world.knows(login):
            return not_found()
        return json_response(200, self._full_account(self.world.account(login)))

    def organisation(self, _request: Request, login: str) -> Response:
        """Answer with an organisation."""
        found = self.world.account(login)
        if found.kind != "Organization":
            return not_found()
        return json_response(200, self._organisation_body(found))

    def search_issues(self, request: Request) -> Response:
        """Answer a search for issues and pull requests."""
        found = find_issues(self.world, request.query.get("q", ""))
        return self._found([self.issue_body(item, issue) for item, issue in found])

    def search_repositories(self, request: Request) -> Response:
        """Answer a search for repositories."""
        found = find_repositories(self.world, request.query.get("q", ""))
        return self._found([self.repository_body(item) for item in found])

    def _found(self, bodies: list[Body]) -> Response:
        items = [{**body, "score": 1.0} for body in bodies]
        said = {"total_count": len(items), "incomplete_results": False, "items": items}
        return json_response(200, said)

    # Bodies with every field.

    def repository_body(self, item: Repository) -> Body:
        """Describe a repository as lists and searches do."""
        url, web = self.api("repos", item.full_name), self.web(item.full_name)
        opened = sum(issue.closed_at is None for issue in item.issues)
        opened += item.open_issues + item.open_pulls
        body = super().repository_body(item)
        for name in ("parent", "subscribers_count"):
            body.pop(name, None)
        return {
            **body,
            "url": url,
            **{name: url + below for name, below in BELOW.items()},
            "git_url": f"git://github.com/{item.full_name}.git",
            "ssh_url": f"git@github.com:{item.full_name}.git",
            "clone_url": f"{web}.git",
            "svn_url": web,
            "size": 1,
            "watchers_count": item.stars,
            "has_issues": True,
            "has_projects": True,
            "has_downloads": True,
            "has_wiki": False,
            "has_pages": False,
            "open_issues_count": opened,
            "allow_forking": True,
            "web_commit_signoff_required": False,
            "visibility": "public",
            "forks": item.forks,
            "open_issues": opened,
            "watchers": item.stars,
        }

    def _only_alone(self, item: Repository) -> Body:
        """Give what is told only at the address of the repository itself."""
        owner = self.world.account(item.owner)
        parent = self.world.find(item.parent) if item.parent else None
        shown = parent if parent and self.world.access_of(parent) == "public" else None
        body: Body = {
            "temp_clone_token": None,
            "network_count": item.forks,
            "subscribers_count": item.watchers,
        }
        if owner.kind == "Organization":
            body["organization"] = self.account_body(owner)
        if shown:
            body["parent"] = body["source"] = self.repository_body(shown)
        return body

    def licence_body(self, spdx: str) -> Body:
        """Describe a licence."""
        unknown = licence_names(spdx)[0] == "NOASSERTION"
        key = "other" if unknown else licence_names(spdx)[0].lower()
        return {
            **super().licence_body(spdx),
            "key": key,
            "url": None if unknown else self.api("licenses", key),
            "node_id": node_id("L", stable_id(f"licence:{key}")),
        }

    def account_body(self, item: Account) -> Body:
        """Describe a person or an organisation briefly."""
        url = self.api("users", item.login)
        return {
            **super().account_body(item),
            "gravatar_id": "",
            "url": url,
            "html_url": self.web(item.login),
            **{name: url + below for name, below in ACCOUNT_BELOW.items()},
            "user_view_type": "public",
            "site_admin": False,
        }

    def _counted(self, item: Account) -> Body:
        return {
            "public_repos": len(self.world.owned_by(item.login)),
            "public_gists": 0,
            "followers": 0,
            "following": 0,
            "created_at": BEGAN,
            "updated_at": self.world.now,
        }

    def _full_account(self, item: Account) -> Body:
        unknown = dict.fromkeys(("company", "location", "email", "hireable", "bio"))
        about = {"name": item.name, "blog": "", **unknown}
        return {**self.account_body(item), **about, **self._counted(item)}

    def _organisation_body(self, item: Account) -> Body:
        url = self.api("orgs", item.login)
        below = ("repos", "events", "hooks", "issues")
        brief = self.account_body(item)
        return {
            **{name: brief[name] for name in ("login", "id", "node_id", "avatar_url", "html_url")},
            **{f"{name}_url": f"{url}/{name}" for name in below},
            "url": url,
            "members_url": f"{url}/members{{/member}}",
            "public_members_url": f"{url}/public_members{{/member}}",
            "description": None,
            "name": item.name or item.login,
            "blog": "",
            "has_organization_projects": True,
            "has_repository_projects": True,
            "archived_at": None,
            "type": "Organization",
            **self._counted(item),
        }

    def release_body(self, item: Repository, made: WorldRelease) -> Body:
        """Describe a release."""
        body, home = super().release_body(item, made), self.api("repos", item.full_name)
        url = f"{home}/releases/{body['id']}"
        return {
            **body,
            "url": url,
            "assets_url": f"{url}/assets",
            "upload_url": f"{url}/assets{{?name,label}}",
            "author": self.account_body(self.world.account(item.owner)),
            "target_commitish": item.default_branch,
            "immutable": False,
            "created_at": made.published_at,
            "updated_at": made.published_at,
            "assets": [],
            "tarball_url": f"{home}/tarball/{made.tag}",
            "zipball_url": f"{home}/zipball/{made.tag}",
            "body": "",
        }

    def tag_body(self, item: Repository, made: Tag) -> Body:
        """Describe a tag."""
        url, sha = self.api("repos", item.full_name), tag_commit(item, made).oid
        return {
            "name": made.name,
            "zipball_url": f"{url}/zipball/refs/tags/{made.name}",
            "tarball_url": f"{url}/tarball/refs/tags/{made.name}",
            "commit": {"sha": sha, "url": f"{url}/commits/{sha}"},
            "node_id": node_id("REF", stable_id(f"tag:{item.id}:{made.name}")),
        }

    def commit_body(self, item: Repository, made: GitCommit) -> Body:
        """Describe a commit."""
        url, tree = self.api("repos", item.full_name), item.tree.oid
        person = self.world.account(made.author) if made.author else None
        signed = {
            "name": (person.name or person.login) if person else "",
            "email": f"{person.login}@users.noreply.github.com" if person else "",
            "date": made.date,
        }
        unsigned = dict.fromkeys(("signature", "payload", "verified_at"))
        return {
            **super().commit_body(item, made),
            "node_id": f"C_{item.id}_{made.oid[:12]}",
            "commit": {
                "author": signed,
                "committer": signed,
                "message": made.message,
                "tree": {"sha": tree, "url": f"{url}/git/trees/{tree}"},
                "url": f"{url}/git/commits/{made.oid}",
                "comment_count": 0,
                "verification": {"verified": False, "reason": "unsigned", **unsigned},
            },
            "url": f"{url}/commits/{made.oid}",
            "comments_url": f"{url}/commits/{made.oid}/comments",
            "author": self.account_body(person) if person else None,
            "committer": self.account_body(person) if person else None,
            "parents": [],
        }

    def blob_body(self, item: Repository, found: Blob) -> Body:
        """Describe a file with its bytes."""
        return {
            **super().blob_body(item, found),
            "node_id": f"B_{item.id}_{found.oid[:12]}",
            "url": self.api("repos", item.full_name, "git/blobs", found.oid),
        }

    def entry_body(self, item: Repository, entry: GitEntry) -> Body:
        """Describe one line of a tree."""
        url = self.api("repos", item.full_name, f"git/{entry.kind}s", entry.node.oid)
        return {**super().entry_body(item, entry), "url": url}

    def issue_body(self, item: Repository, made: WorldIssue) -> Body:
        """Describe an issue; a pull request is an issue with one more field, as at GitHub."""
        url = self.api("repos", item.full_name, "issues", made.number)
        number = stable_id(f"issue:{item.id}:{made.number}")
        web = self.web(item.full_name, "pull" if made.pull else "issues", made.number)
        body = {
            "url": url,
            "repository_url": self.api("repos", item.full_name),
            "labels_url": f"{url}/labels{{/name}}",
            "comments_url": f"{url}/comments",
            "events_url": f"{url}/events",
            "html_url": web,
            "id": number,
            "node_id": node_id("PR" if made.pull else "I", number),
            "number": made.number,
            "title": made.title,
            "user": self.account_body(self.world.account(item.owner)),
            "labels": [self.label_body(item, name) for name in made.labels],
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
            "body": None,
        }
        if made.pull:
            pull = self.api("repos", item.full_name, "pulls", made.number)
            body["pull_request"] = {"url": pull, "html_url": web}
        return body

    def label_body(self, item: Repository, name: str) -> Body:
        """Describe a label."""
        number = stable_id(f"label:{item.id}:{name}")
        return {
            "id": number,
            "node_id": node_id("LA", number),
            "url": self.api("repos", item.full_name, "labels", name.replace(" ", "%20")),
            "name": name,
            "color": "ededed",
            "default": name in USUAL_LABELS,
            "description": None,
        }

    def api(self, *names: Any) -> str:
        """Give an address in the API."""
        return "/".join((self.api_url, *map(str, names)))
