"""GraphQL queries about a world, answered as api.github.com/graphql does.

`github.graphql` is the part of GitHub's published schema that the program's own documents ask;
graphql-core runs them, and `ROWS` says for each field of each type where its value stands in the
world. So a field that a document newly asks is one line in the schema and one line here. What a
query costs is not counted, and nothing but queries is understood. The tests have more rows.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import islice
from typing import Any, NamedTuple

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    default_field_resolver,
    graphql_sync,
)

from aggregator.demo.git import GitCommit, Tree
from aggregator.demo.world import Account, Repository, World, WorldIssue, licence_names

Args = Mapping[str, Any]
Node = dict[str, Any]
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


class Seen(NamedTuple):
    """Something that is told of a repository, or the repository itself."""

    item: Repository
    thing: Any


Row = str | Callable[["GraphAnswers", Seen, Args], Any]
Rows = Mapping[str, Mapping[str, Row]]


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
    """Runs queries by a table of rows, and decides what is more than a row."""

    def __init__(self, world: World, web_url: str) -> None:
        self.world = world
        self.web_url = web_url
        self.rows: Rows = ROWS

    @cached_property
    def schema(self) -> GraphQLSchema:
        """Give the schema under which queries are read."""
        return build_schema(schema_text())

    def answer(self, question: GraphQuestion, rate: Node) -> Node:
        """Run a query and give the body of the response; `rate` is what `rateLimit` says."""
        result = self.run(question, {"rateLimit": rate})
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
            field_resolver=self.resolve,
            type_resolver=self.kind_of,
        )

    def resolve(self, source: Any, info: "GraphQLResolveInfo[Any]", **args: Any) -> Any:
        """Find the value of a field: by its row, or in a mapping that a row gave."""
        row = self.rows.get(info.parent_type.name, {}).get(info.field_name)
        if isinstance(row, str):
            return getattr(source.thing, row)
        return row(self, source, args) if row else default_field_resolver(source, info, **args)

    def kind_of(self, source: Seen, *_: Any) -> str:
        """Name the type of something where the schema allows several."""
        if isinstance(source.thing, Account):
            return source.thing.kind
        return "Commit" if isinstance(source.thing, GitCommit) else type(source.thing).__name__

    def by_name(self, args: Args) -> Seen:
        """Find a repository by a name that it has or had: GitHub follows renames silently."""
        name = f"{args['owner']}/{args['name']}"
        missing = f"Could not resolve to a Repository with the name '{name}'."
        return self.shown(self.world.find(name), missing)

    def by_node_id(self, opaque: str) -> Seen:
        """Find a repository by its opaque id."""
        missing = f"Could not resolve to a node with the global id of '{opaque}'"
        return self.shown(self.world.by_node_id(opaque), missing)

    def shown(self, item: Repository | None, missing: str) -> Seen:
        """Show the repository that was found.

        Raises:
            GraphQLError: `NOT_FOUND` when there is none.
        """
        if item is None:
            raise refusal("NOT_FOUND", missing)
        return Seen(item, item)

    def by_node_ids(self, ids: list[str]) -> list[Seen | GraphQLError]:
        """Find several; one id that leads nowhere is an error as a value beside the others."""
        if len(ids) > IDS_LIMIT:
            words = f"You may not provide more than {IDS_LIMIT} node ids; you provided {len(ids)}."
            raise refusal("ARGUMENT_LIMIT", words)
        found: list[Seen | GraphQLError] = []
        for opaque in ids:
            try:
                found.append(self.by_node_id(opaque))
            except GraphQLError as error:
                found.append(error)
        return found

    def account(self, item: Repository, login: str) -> Seen:
        """Show a person or an organisation."""
        return Seen(item, self.world.account(login))

    def parent(self, item: Repository) -> Repository | None:
        """Find the repository from which one was forked, where the world knows it."""
        return self.world.find(item.parent) if item.parent else None

    def connection(self, items: Iterable[Any], args: Args, total: int | None = None) -> Node:
        """Cut the first of some items; `total` says how many there are, where items do not."""
        listed = items if total is not None else list(items)
        page = list(islice(listed, args.get("first") or 0))
        return {"totalCount": len(list(listed)) if total is None else total, "nodes": page}

    def issues(self, item: Repository, args: Args, *, pull: bool) -> Node:
        """Show issues or pull requests that carry one of some labels."""
        wanted = {name.lower() for name in args.get("labels") or ()}
        found = [
            issue
            for issue in self.ordered(item, args)
            if issue.pull is pull
            and (not args.get("states") or state_of(issue) in args["states"])
            and (not wanted or wanted & {name.lower() for name in issue.labels})
        ]
        untold = not wanted and (not args.get("states") or "OPEN" in args["states"])
        more = item.open_pulls if pull else item.open_issues
        total = len(found) + (more if untold else 0)
        return self.connection((Seen(item, issue) for issue in found), args, total)

    def ordered(self, item: Repository, args: Args) -> list[WorldIssue]:
        """Order issues as asked; without `orderBy` GitHub gives the oldest first."""
        backwards = (args.get("orderBy") or {}).get("direction") == "DESC"
        return sorted(item.issues, key=lambda i: (i.created_at, i.number), reverse=backwards)

    def object(self, item: Repository, args: Args) -> Seen | None:
        """Find what `object(expression:)` or `object(oid:)` names."""
        if args.get("expression") is None:
            found: Any = item.tree.blob(args["oid"])
        else:
            revision, colon, path = args["expression"].partition(":")
            found = self.revision(item, revision)
            found = item.tree.find(path) if found and colon else found
        return Seen(item, found) if found else None

    def revision(self, item: Repository, name: str) -> GitCommit | None:
        """Find the commit that a revision names."""
        return item.head if name in ("HEAD", item.default_branch) else None

    def history(self, item: Repository, args: Args) -> Node:
        """Show the commits of the default branch, newest first."""
        since = args.get("since")
        commits = list(item.history.since(since)) if since else item.history
        total = len(commits) if isinstance(commits, list) else item.history.count
        return self.connection((Seen(item, one) for one in commits), args, total)

    def web(self, *names: str) -> str:
        """Give an address on the web site."""
        return "/".join((self.web_url, *names))


def state_of(issue: WorldIssue) -> str:
    """Name the state of an issue or a pull request."""
    return "MERGED" if issue.pull and issue.closed_at else issue.state.upper()


def _label(item: Repository, name: str) -> Node | None:
    names = sorted({label for issue in item.issues for label in issue.labels})
    found = next((label for label in names if label.lower() == name.lower()), None)
    return {"name": found} if found else None


def _languages(item: Repository, args: Args) -> Node:
    sizes = sorted(item.language_bytes.items(), key=lambda pair: -pair[1])
    edges = [{"size": size, "node": {"name": name}} for name, size in sizes]
    return {"edges": edges[: args["first"]]}


def _file(item: Repository, path: str) -> Seen | None:
    folder, _, name = path.rpartition("/")
    inside = item.tree.find(folder)
    entries = inside.entries if isinstance(inside, Tree) else ()
    return next((Seen(item, entry) for entry in entries if entry.name == name), None)


_ACCOUNT: Mapping[str, Row] = {"id": "node_id", "login": "login"}
# Where the value of a field stands: an attribute of the thing, or what a function makes of it.
ROWS: Rows = {
    "Query": {
        "repository": lambda g, _, args: g.by_name(args),
        "node": lambda g, _, args: g.by_node_id(args["id"]),
        "nodes": lambda g, _, args: g.by_node_ids(args["ids"]),
    },
    "User": _ACCOUNT,
    "Organization": _ACCOUNT,
    "Repository": {
        "id": "node_id",
        "databaseId": "id",
        "nameWithOwner": "full_name",
        "description": "description",
        "homepageUrl": "homepage",
        "stargazerCount": "stars",
        "forkCount": "forks",
        "createdAt": "created_at",
        "pushedAt": "pushed_at",
        "updatedAt": "updated_at",
        "isTemplate": "template",
        "isDisabled": "disabled",
        "isEmpty": "empty",
        "hasDiscussionsEnabled": "has_discussions",
        "isPrivate": lambda *_: False,
        "isArchived": lambda _, at, __: at.item.archived_at is not None,
        "isFork": lambda _, at, __: at.item.parent is not None,
        "usesCustomOpenGraphImage": lambda _, at, __: at.item.social_image is not None,
        "openGraphImageUrl": lambda _, at, __: (
            at.item.social_image
            or f"https://opengraph.githubassets.com/{at.item.id:x}/{at.item.full_name}"
        ),
        "primaryLanguage": lambda _, at, __: at.item.language and {"name": at.item.language},
        "licenseInfo": lambda _, at, __: at.item.licence and Seen(at.item, at.item.licence),
        "owner": lambda g, at, _: g.account(at.item, at.item.owner),
        "parent": lambda g, at, _: (found := g.parent(at.item)) and Seen(found, found),
        "fundingLinks": lambda _, at, __: [
            {"platform": platform, "url": url} for platform, url in at.item.funding
        ],
        "repositoryTopics": lambda g, at, args: g.connection(
            [Seen(at.item, name) for name in at.item.topics], args
        ),
        "languages": lambda _, at, args: _languages(at.item, args),
        "releases": lambda g, at, args: g.connection(
            [Seen(at.item, made) for made in at.item.newest_releases], args
        ),
        "refs": lambda _, at, __: {"totalCount": len(at.item.tags)},
        "issues": lambda g, at, args: g.issues(at.item, args, pull=False),
        "pullRequests": lambda g, at, args: g.issues(at.item, args, pull=True),
        "label": lambda _, at, args: _label(at.item, args["name"]),
        "defaultBranchRef": lambda _, at, __: (
            at.item.head and {"name": at.item.default_branch, "target": Seen(at.item, at.item.head)}
        ),
        "object": lambda g, at, args: None if at.item.empty else g.object(at.item, args),
    },
    "License": {
        "name": lambda _, at, __: licence_names(at.thing)[1],
        "spdxId": lambda _, at, __: licence_names(at.thing)[0],
    },
    "RepositoryTopic": {"topic": lambda _, at, __: at},
    "Topic": {"name": lambda _, at, __: at.thing},
    "Release": {
        "name": "name",
        "tagName": "tag",
        "publishedAt": "published_at",
        "isPrerelease": "prerelease",
        "isDraft": lambda *_: False,
        "url": lambda g, at, _: g.web(at.item.full_name, "releases/tag", at.thing.tag),
    },
    "Issue": {
        "title": "title",
        "createdAt": "created_at",
        "url": lambda g, at, _: g.web(at.item.full_name, "issues", str(at.thing.number)),
    },
    "Commit": {
        "oid": "oid",
        "committedDate": "date",
        "author": lambda _, at, __: at if at.thing.author else None,
        "history": lambda g, at, args: g.history(at.item, args),
        "file": lambda _, at, args: _file(at.item, args["path"]),
    },
    "GitActor": {
        "name": lambda g, at, _: (who := g.world.account(at.thing.author)).name or who.login,
        "user": lambda g, at, _: (
            who if (who := g.account(at.item, at.thing.author)).thing.kind == "User" else None
        ),
    },
    "Tree": {
        "oid": "oid",
        "entries": lambda _, at, __: [Seen(at.item, entry) for entry in at.thing.entries],
    },
    "TreeEntry": {
        "name": "name",
        "type": "kind",
        "size": "size",
        "mode": lambda _, at, __: int(at.thing.mode, 8),
        "oid": lambda _, at, __: at.thing.node.oid,
        "object": lambda _, at, __: Seen(at.item, at.thing.node),
    },
    "Blob": {
        "oid": "oid",
        "isBinary": "is_binary",
        "byteSize": lambda _, at, __: len(at.thing.content),
        "isTruncated": lambda _, at, __: len(at.thing.content) > TEXT_LIMIT,
        "text": lambda _, at, __: at.thing.text and at.thing.text[:TEXT_LIMIT],
    },
}


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
