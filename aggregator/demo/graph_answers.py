"""GraphQL queries about a world, answered as api.github.com/graphql does.

`github.graphql` is the part of GitHub's published schema that the program's own documents ask;
graphql-core runs them, and what it takes for the objects are plain mappings: a value for a scalar,
a function of the arguments for whatever is worth making only when asked. So a field that a
document newly asks is one line in the schema and one line here. What a query costs is not counted
here, and nothing but queries is understood. The tests have more of GitHub in a subclass.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import islice
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, build_schema, graphql_sync

from aggregator.demo.git import Blob, GitCommit, GitEntry, Tree
from aggregator.demo.world import (
    Account,
    Repository,
    World,
    WorldIssue,
    WorldRelease,
    licence_names,
    repository_number,
)

Node = dict[str, Any]
Args = Mapping[str, Any]
# GitHub gives no more of a file's text than this; `isTruncated` then says so.
TEXT_LIMIT = 512_000
# A longer list of `nodes` is refused with ARGUMENT_LIMIT.
IDS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class GraphQuestion:
    """What the body of a request asks."""

    text: str
    variables: dict[str, Any]
    operation: str | None = None


def read_question(body: bytes) -> GraphQuestion | None:
    """Read a request's body; None when it is no JSON object with a `query`."""
    try:
        content = json.loads(body)
    except ValueError:
        return None
    if not isinstance(content, dict) or not isinstance(content.get("query"), str):
        return None
    variables = content.get("variables") or {}
    return GraphQuestion(content["query"], dict(variables), content.get("operationName"))


@cache
def schema_text() -> str:
    """Give the part of GitHub's schema that is answered here."""
    return files("aggregator.demo").joinpath("github.graphql").read_text("utf-8")


def refusal(kind: str, message: str, **extensions: Any) -> GraphQLError:
    """Make an error that GitHub would report with a `type`, beside the other data."""
    return GraphQLError(message, extensions={"type": kind, **extensions})


class GraphAnswers:
    """Runs queries; each method describes one kind of object."""

    def __init__(self, world: World, web_url: str) -> None:
        self.world = world
        self.web_url = web_url

    @cached_property
    def schema(self) -> GraphQLSchema:
        """Give the schema under which queries are read."""
        return build_schema(schema_text())

    def answer(self, question: GraphQuestion, rate: Node) -> Node:
        """Run a query and give the body of the response; `rate` is what `rateLimit` says."""
        result = self.run(question, self.root(rate))
        if not result.errors:
            return {"data": result.data}
        errors = [error_body(error) for error in result.errors]
        # A query that was never run has errors without a place in the data, and no data.
        ran = any(error.path for error in result.errors)
        return {"data": result.data, "errors": errors} if ran else {"errors": errors}

    def run(self, question: GraphQuestion, root: Node) -> ExecutionResult:
        """Parse, validate and execute a query."""
        return graphql_sync(
            self.schema,
            question.text,
            root,
            variable_values=question.variables,
            operation_name=question.operation,
        )

    def root(self, rate: Node) -> Node:
        """Describe where a query starts."""
        return {
            "repository": lambda _, owner, name, **more: self.by_name(f"{owner}/{name}", **more),
            "node": lambda _, **args: self.by_node_id(args["id"]),
            "nodes": lambda _, ids: self._by_node_ids(ids),
            "rateLimit": rate,
        }

    def by_name(self, full_name: str, **_more: Any) -> Node:
        """Find a repository by a name that it has or had: GitHub follows renames silently."""
        missing = f"Could not resolve to a Repository with the name '{full_name}'."
        return self.shown(self.world.find(full_name), missing)

    def by_node_id(self, opaque: str) -> Node:
        """Find a repository by its opaque id."""
        number = repository_number(opaque)
        found = None if number is None else self.world.by_id(number)
        return self.shown(found, f"Could not resolve to a node with the global id of '{opaque}'")

    def shown(self, item: Repository | None, missing: str) -> Node:
        """Describe the repository that was found.

        Raises:
            GraphQLError: `NOT_FOUND` when there is none.
        """
        if item is None:
            raise refusal("NOT_FOUND", missing)
        return self.repository(item)

    def _by_node_ids(self, ids: list[str]) -> list[Node | GraphQLError]:
        if len(ids) > IDS_LIMIT:
            words = f"You may not provide more than {IDS_LIMIT} node ids; you provided {len(ids)}."
            raise refusal("ARGUMENT_LIMIT", words)
        return [self._node_or_error(opaque) for opaque in ids]

    def _node_or_error(self, opaque: str) -> Node | GraphQLError:
        """Give an error as a value: one id that leads nowhere leaves the others intact."""
        try:
            return self.by_node_id(opaque)
        except GraphQLError as error:
            return error

    def repository(self, item: Repository) -> Node:
        """Describe a repository."""
        return {
            "__typename": "Repository",
            "id": item.node_id,
            "databaseId": item.id,
            "nameWithOwner": item.full_name,
            "owner": lambda _: self.account(self.world.account(item.owner)),
            "description": item.description,
            "homepageUrl": item.homepage,
            "stargazerCount": item.stars,
            "forkCount": item.forks,
            "createdAt": item.created_at,
            "pushedAt": item.pushed_at,
            "updatedAt": item.updated_at,
            "isPrivate": False,
            "isArchived": item.archived_at is not None,
            "isFork": item.parent is not None,
            "isTemplate": item.template,
            "isDisabled": item.disabled,
            "isEmpty": item.empty,
            "hasDiscussionsEnabled": item.has_discussions,
            "usesCustomOpenGraphImage": item.social_image is not None,
            "openGraphImageUrl": item.social_image
            or f"https://opengraph.githubassets.com/{item.id:x}/{item.full_name}",
            "primaryLanguage": {"name": item.language} if item.language else None,
            "licenseInfo": self.licence(item.licence) if item.licence else None,
            **self._lists(item),
            "defaultBranchRef": lambda _: self.head_ref(item),
            "object": lambda _, **args: None if item.empty else self.object(item, args),
        }

    def _lists(self, item: Repository) -> Node:
        topics = [self.topic(name) for name in item.topics]
        funding = [{"platform": platform, "url": url} for platform, url in item.funding]
        return {
            "parent": lambda _: self.parent(item),
            "repositoryTopics": lambda _, **args: self.connection(topics, args),
            "languages": lambda _, **args: self.languages(item, args),
            "releases": lambda _, **args: self.connection(
                (self.release(item, one) for one in item.newest_releases), args, len(item.releases)
            ),
            "refs": lambda _, **args: self.refs(item, args),
            "issues": lambda _, **args: self.issues(item, args, pull=False),
            "pullRequests": lambda _, **args: self.issues(item, args, pull=True),
            "label": lambda _, name: self.label(item, name),
            "fundingLinks": funding,
        }

    def connection(self, items: Iterable[Node], args: Args, total: int | None = None) -> Node:
        """Cut the first of some items; `total` says how many there are, where items do not."""
        listed = items if total is not None else list(items)
        page = list(islice(listed, args.get("first") or 0))
        return {"totalCount": len(list(listed)) if total is None else total, "nodes": page}

    def account(self, item: Account) -> Node:
        """Describe a person or an organisation."""
        return {
            "__typename": item.kind,
            "id": item.node_id,
            "login": item.login,
            "avatarUrl": lambda _, **_args: item.avatar_url,
        }

    def topic(self, name: str) -> Node:
        """Describe a topic."""
        return {"topic": {"name": name}}

    def licence(self, spdx: str) -> Node:
        """Describe a licence."""
        short, name = licence_names(spdx)
        return {"name": name, "spdxId": short}

    def parent(self, item: Repository) -> Node | None:
        """Describe the repository from which one was forked, where the world knows it."""
        found = self.world.find(item.parent) if item.parent else None
        return self.repository(found) if found else None

    def languages(self, item: Repository, args: Args) -> Node:
        """Describe the languages, largest first."""
        sizes = sorted(item.language_bytes.items(), key=lambda pair: -pair[1])
        edges = [{"size": size, "node": {"name": name}} for name, size in sizes]
        return {"edges": edges[: args["first"]]}

    def release(self, item: Repository, made: WorldRelease) -> Node:
        """Describe a release."""
        return {
            "name": made.name,
            "tagName": made.tag,
            "publishedAt": made.published_at,
            "url": self.web(item.full_name, "releases/tag", made.tag),
            "isPrerelease": made.prerelease,
            "isDraft": False,
        }

    def refs(self, item: Repository, _args: Args) -> Node:
        """Count the tags."""
        return {"totalCount": len(item.tags)}

    def issues(self, item: Repository, args: Args, *, pull: bool) -> Node:
        """Describe issues or pull requests that carry one of some labels."""
        wanted = {name.lower() for name in args.get("labels") or ()}
        found = [
            issue
            for issue in self.ordered(item, args)
            if issue.pull is pull
            and (not args.get("states") or self.state(issue) in args["states"])
            and (not wanted or wanted & {name.lower() for name in issue.labels})
        ]
        untold = not wanted and (not args.get("states") or "OPEN" in args["states"])
        total = len(found) + (item.unlisted(pull=pull) if untold else 0)
        return self.connection((self.issue(item, issue) for issue in found), args, total)

    def ordered(self, item: Repository, args: Args) -> list[WorldIssue]:
        """Order issues as asked; without `orderBy` GitHub gives the oldest first."""
        backwards = (args.get("orderBy") or {}).get("direction") == "DESC"
        return sorted(item.issues, key=lambda i: (i.created_at, i.number), reverse=backwards)

    def state(self, issue: WorldIssue) -> str:
        """Name the state of an issue or a pull request."""
        return "MERGED" if issue.pull and issue.closed_at else issue.state.upper()

    def issue(self, item: Repository, issue: WorldIssue) -> Node:
        """Describe an issue."""
        kind = "pull" if issue.pull else "issues"
        url = self.web(item.full_name, kind, str(issue.number))
        return {"title": issue.title, "url": url, "createdAt": issue.created_at}

    def label(self, item: Repository, name: str) -> Node | None:
        """Describe a label that some issue carries."""
        names = sorted({label for issue in item.issues for label in issue.labels})
        found = next((label for label in names if label.lower() == name.lower()), None)
        return {"name": found} if found else None

    def head_ref(self, item: Repository) -> Node | None:
        """Describe the default branch; an empty repository has none."""
        target = self.commit(item, item.head) if item.head else None
        return {"name": item.default_branch, "target": target} if target else None

    def object(self, item: Repository, args: Args) -> Node | None:
        """Describe what `object(expression:)` or `object(oid:)` names."""
        if args.get("expression") is None:
            found = item.tree.blob(args["oid"])
            return self.blob(item, found) if found else None
        revision, colon, path = args["expression"].partition(":")
        commit = self.revision(item, revision)
        if commit is None or not colon:
            return self.commit(item, commit) if commit else None
        return self.at(item, item.tree.find(path))

    def revision(self, item: Repository, name: str) -> GitCommit | None:
        """Find the commit that a revision names."""
        return item.head if name in ("HEAD", item.default_branch) else None

    def at(self, item: Repository, node: Blob | Tree | None) -> Node | None:
        """Describe a file or a folder, None for none."""
        if isinstance(node, Blob):
            return self.blob(item, node)
        return self.tree(item, node) if node else None

    def commit(self, item: Repository, made: GitCommit) -> Node:
        """Describe a commit."""
        return {
            "__typename": "Commit",
            "oid": made.oid,
            "committedDate": made.date,
            "author": lambda _: self.author(made),
            "history": lambda _, **args: self.history(item, args),
            "file": lambda _, path: self.file(item, path),
        }

    def author(self, made: GitCommit) -> Node | None:
        """Describe who made a commit, None when nobody knows."""
        if not made.author:
            return None
        account = self.world.account(made.author)
        user = self.account(account) if account.kind == "User" else None
        return {"name": account.name or account.login, "user": user}

    def history(self, item: Repository, args: Args) -> Node:
        """Describe the commits of the default branch, newest first."""
        since = args.get("since")
        commits = list(item.history.since(since)) if since else item.history
        total = len(commits) if isinstance(commits, list) else item.history.count
        return self.connection((self.commit(item, one) for one in commits), args, total)

    def file(self, item: Repository, path: str) -> Node | None:
        """Describe one file by its path."""
        folder, _, name = path.rpartition("/")
        inside = item.tree.find(folder)
        entries = inside.entries if isinstance(inside, Tree) else ()
        found = next((entry for entry in entries if entry.name == name), None)
        return self.entry(item, found) if found else None

    def tree(self, item: Repository, folder: Tree) -> Node:
        """Describe a folder."""
        return {
            "__typename": "Tree",
            "oid": lambda _: folder.oid,
            "entries": lambda _: [self.entry(item, entry) for entry in folder.entries],
        }

    def entry(self, item: Repository, entry: GitEntry) -> Node:
        """Describe one name in a folder."""
        return {
            "name": entry.name,
            "type": entry.kind,
            "mode": int(entry.mode, 8),
            "oid": lambda _: entry.node.oid,
            "size": entry.size,
            "object": lambda _: self.at(item, entry.node),
        }

    def blob(self, _item: Repository, found: Blob) -> Node:
        """Describe a file."""
        return {
            "__typename": "Blob",
            "oid": lambda _: found.oid,
            "byteSize": len(found.content),
            "isBinary": found.is_binary,
            "isTruncated": len(found.content) > TEXT_LIMIT,
            "text": lambda _: found.text and found.text[:TEXT_LIMIT],
        }

    def web(self, *names: str) -> str:
        """Give an address on the web site."""
        return "/".join((self.web_url, *names))


def error_body(error: GraphQLError) -> Node:
    """Write an error as GitHub does: its `type` stands beside the message."""
    extensions = dict(error.extensions or {})
    kind = extensions.pop("type", None)
    places = [{"line": p.line, "column": p.column} for p in error.locations or ()]
    return {
        **({"type": kind} if kind else {}),
        **({"path": error.path} if error.path else {}),
        **({"extensions": extensions} if extensions else {}),
        "locations": places,
        "message": error.message,
    }
