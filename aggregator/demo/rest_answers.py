"""REST requests about a world, answered as api.github.com does.

Only what a run without a token asks, what GraphQL cannot give and the lists that a community begins
with, and only the fields that are read.
The tests have the rest of GitHub in a subclass: more rows in the table, more fields in the bodies.
"""

import base64
import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlencode

from aggregator.demo.exchange import DOCS, Request, Response, json_response, not_found, refuse
from aggregator.demo.git import Blob, GitCommit, GitEntry
from aggregator.demo.world import Account, Repository, World, WorldRelease, licence_names, node_id
from aggregator.demo.world import stable_id as stable

Body = dict[str, Any]
Answering = Callable[..., Response]
_NAMED = re.compile(r"/repos/(?P<name>[^/]+/[^/]+)(?P<below>/.*)?$")
_NUMBERED = re.compile(r"/repositories/(?P<number>\d+)(?P<below>/.*)?$")
_USUAL_PAGE, _LARGEST_PAGE = 30, 100


class RestAnswers:
    """Who asks for a path gets the answer of the endpoint that stands beside it in the table."""

    def __init__(self, world: World, api_url: str, web_url: str) -> None:
        self.world = world
        self.api_url = api_url
        self.web_url = web_url

    def endpoints(self) -> Mapping[str, Answering]:
        """Give the table of paths below a repository; groups in a path become arguments."""
        return {
            "": self.repository,
            "/commits": self.commits,
            "/contributors": self.contributors,
            r"/git/blobs/(?P<sha>[0-9a-f]{40})": lambda _, item, sha: (
                json_response(200, self.blob_body(item, found))
                if (found := item.tree.blob(sha))
                else not_found()
            ),
            r"/git/trees/(?P<sha>.+)": self.tree,
            "/languages": lambda _, item: json_response(200, dict(item.language_bytes)),
            "/readme": self.readme,
            "/releases": lambda request, item: self.page(
                request, item.newest_releases, lambda one: self.release_body(item, one)
            ),
        }

    def answer(self, request: Request) -> Response:
        """Answer a request."""
        if request.method not in ("GET", "HEAD"):
            return not_found()
        path = unquote(request.path)
        if named := _NAMED.match(path):
            found = self.world.find(named["name"])
            moved = self.world.moved(named["name"])
            return self.about(request, found, named["below"] or "", moved=moved)
        if numbered := _NUMBERED.match(path):
            found = self.world.by_id(int(numbered["number"]))
            return self.about(request, found, numbered["below"] or "")
        return self.elsewhere(request, path)

    def about(
        self, request: Request, item: Repository | None, below: str, *, moved: bool = False
    ) -> Response:
        """Answer what is asked about a repository; a name that it had before redirects."""
        if item is None:
            return not_found()
        if moved:
            query = f"?{urlencode(request.query)}" if request.query else ""
            url = f"{self.api_url}/repositories/{item.id}{below}{query}"
            where = f"{DOCS}/v3/#http-redirects"
            body = {"message": "Moved Permanently", "url": url, "documentation_url": where}
            return json_response(301, body, (("location", url),))
        return first_match(self.endpoints(), below, request, item)

    def elsewhere(self, request: Request, path: str) -> Response:
        """Answer what is asked about anything else."""
        return first_match(self.others(), path, request)

    def others(self) -> Mapping[str, Answering]:
        """Give the table of paths that are about no repository."""
        return {
            "/users/(?P<login>[^/]+)": self.person,
            "/users/(?P<login>[^/]+)/repos": self.owned,
            "/users/(?P<login>[^/]+)/starred": self.starred,
            "/orgs/(?P<login>[^/]+)/repos": self.owned,
            "/search/repositories": self.search_repositories,
        }

    def person(self, _request: Request, login: str) -> Response:
        """Answer with a person or an organisation."""
        if not self.world.knows(login):
            return not_found()
        found = self.world.account(login)
        return json_response(200, {**self.account_body(found), "name": found.name})

    def owned(self, request: Request, login: str) -> Response:
        """Answer with the public repositories of an owner."""
        if not self.world.knows(login):
            return not_found()
        return self.page(request, self.world.owned_by(login), self.repository_body)

    def starred(self, request: Request, login: str) -> Response:
        """Answer with the repositories that somebody has starred."""
        if not self.world.knows(login):
            return not_found()
        names = self.world.account(login).starred
        return self.page(
            request, [*filter(None, map(self.world.find, names))], self.repository_body
        )

    def search_repositories(self, request: Request) -> Response:
        """Answer a search for a topic, the only one that is asked."""
        topic = request.query.get("q", "").removeprefix("topic:")
        items = [self.repository_body(item) for item in self.world.public if topic in item.topics]
        said = {"total_count": len(items), "incomplete_results": False, "items": items}
        return json_response(200, said)

    def repository(self, _request: Request, item: Repository) -> Response:
        """Answer with a repository."""
        return json_response(200, self.repository_body(item))

    def commits(self, request: Request, item: Repository) -> Response:
        """Answer with the commits of the default branch, newest first."""
        if item.empty:
            return refuse(409, "Git Repository is empty.")
        made = list(item.history)
        return self.page(request, made, lambda commit: self.commit_body(item, commit))

    def contributors(self, request: Request, item: Repository) -> Response:
        """Answer with the people who committed; nobody knows them all without `anon`."""
        if item.empty:
            return Response(204)
        known: list[Body] = [
            {**self.account_body(self.world.account(login)), "contributions": count}
            for login, count in item.history.by_author.items()
            if login
        ]
        nameless = {"email": "", "name": "", "type": "Anonymous", "contributions": 0}
        with_them = request.query.get("anon") in ("1", "true")
        missing = max(0, item.contributor_count - len(known)) if with_them else 0
        return self.page(request, known + [nameless] * missing)

    def tree(self, request: Request, item: Repository, sha: str) -> Response:
        """Answer with the files of the default branch; `recursive` lists everything below."""
        if item.empty:
            return refuse(409, "Git Repository is empty.")
        if sha not in ("HEAD", item.default_branch):
            return not_found()
        entries = item.tree.walk() if request.query.get("recursive") else item.tree.entries
        lines = [self.entry_body(item, entry) for entry in entries]
        return json_response(200, {"sha": item.tree.oid, "tree": lines, "truncated": False})

    def readme(self, request: Request, item: Repository) -> Response:
        """Answer with the README, or with its HTML: for formats that only GitHub renders."""
        path = item.readme_path or item.tree.readme_path
        found = item.tree.find(path) if path else None
        if not isinstance(found, Blob):
            return not_found()
        if "html" not in request.headers.get("accept", ""):
            return json_response(200, self.blob_body(item, found))
        return rendered(f"<pre>{html.escape(found.text or '')}</pre>")

    def page(
        self, request: Request, items: Sequence[Any], body: Callable[[Any], Any] = lambda one: one
    ) -> Response:
        """Answer with one page of a list and where the others are (`Link`, RFC 8288)."""
        size = min(request.number("per_page", _USUAL_PAGE), _LARGEST_PAGE)
        number, last = request.number("page", 1), max(1, -(-len(items) // size))
        others = [("prev", min(number - 1, last)), ("first", 1)] if number > 1 else []
        others += [("next", number + 1), ("last", last)] if number < last else []
        here = f"{self.api_url}{request.path}"
        links = ", ".join(
            f'<{here}?{urlencode({**request.query, "page": str(page)})}>; rel="{rel}"'
            for rel, page in others
        )
        shown = [body(one) for one in items[(number - 1) * size : number * size]]
        return json_response(200, shown, (("link", links),) if links else ())

    def repository_body(self, item: Repository) -> Body:
        """Describe a repository."""
        parent = self.world.find(item.parent) if item.parent else None
        return {
            "id": item.id,
            "node_id": item.node_id,
            "name": item.name,
            "full_name": item.full_name,
            "private": False,
            "owner": self.account_body(self.world.account(item.owner)),
            "html_url": self.web(item.full_name),
            "description": item.description,
            "fork": item.parent is not None,
            **({"parent": {"full_name": parent.full_name, "private": False}} if parent else {}),
            "created_at": item.created_at,
            "updated_at": item.updated_at,
            "pushed_at": item.pushed_at,
            "homepage": item.homepage,
            "stargazers_count": item.stars,
            "subscribers_count": item.watchers,
            "forks_count": item.forks,
            "language": item.language,
            "license": self.licence_body(item.licence) if item.licence else None,
            "topics": list(item.topics),
            "default_branch": item.default_branch,
            "has_discussions": item.has_discussions,
            "mirror_url": item.mirror_url,
            "archived": item.archived_at is not None,
            "disabled": item.disabled,
            "is_template": item.template,
        }

    def licence_body(self, spdx: str) -> Body:
        """Describe a licence."""
        short, name = licence_names(spdx)
        return {"name": name, "spdx_id": short}

    def account_body(self, item: Account) -> Body:
        """Describe a person or an organisation."""
        return {
            "login": item.login,
            "id": item.id,
            "node_id": item.node_id,
            "avatar_url": item.avatar_url,
            "type": item.kind,
        }

    def release_body(self, item: Repository, made: WorldRelease) -> Body:
        """Describe a release."""
        number = stable(f"release:{item.id}:{made.tag}")
        return {
            "id": number,
            "node_id": node_id("RE", number),
            "html_url": self.web(item.full_name, "releases/tag", made.tag),
            "tag_name": made.tag,
            "name": made.name,
            "draft": False,
            "prerelease": made.prerelease,
            "published_at": made.published_at,
        }

    def commit_body(self, item: Repository, made: GitCommit) -> Body:
        """Describe a commit."""
        return {"sha": made.oid, "html_url": self.web(item.full_name, "commit", made.oid)}

    def blob_body(self, _item: Repository, found: Blob) -> Body:
        """Describe a file with its bytes."""
        content = base64.encodebytes(found.content).decode()
        size = len(found.content)
        return {"sha": found.oid, "size": size, "content": content, "encoding": "base64"}

    def entry_body(self, _item: Repository, entry: GitEntry) -> Body:
        """Describe one line of a tree."""
        line = {"path": entry.path, "mode": entry.mode, "type": entry.kind, "sha": entry.node.oid}
        return line if entry.kind == "tree" else {**line, "size": entry.size}

    def web(self, *names: object) -> str:
        """Give an address on the web site."""
        return "/".join((self.web_url, *map(str, names)))


def first_match(table: Mapping[str, Answering], path: str, *asked: object) -> Response:
    """Let the first endpoint answer whose pattern is the whole path."""
    for pattern, endpoint in table.items():
        if match := re.fullmatch(pattern, path):
            return endpoint(*asked, **match.groupdict())
    return not_found()


def rendered(inner: str) -> Response:
    """Answer with HTML as GitHub wraps it."""
    page = f'<div id="file" class="md"><article class="markdown-body">{inner}</article></div>'
    kind = ("content-type", "application/vnd.github.html; charset=utf-8")
    return Response(200, page.encode(), (kind,))
