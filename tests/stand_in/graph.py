"""What GraphQL answers beyond what the program asks: more fields, cursors, and who may not look.

The rows here are put beside those of `aggregator.demo.graph_answers`. Arguments that the demo's
part of GitHub's schema leaves out (`after`, `last`, `followRenames`, `until`) come with the
schema's other half, `more.graphql`.
"""

import base64
from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    OverlappingFieldsCanBeMergedRule,
    build_schema,
    execute_sync,
    parse,
    specified_rules,
    validate,
)

from aggregator.demo.git import Blob, GitCommit, GitEntry, Tree, object_oid
from aggregator.demo.graph_answers import (
    ROWS,
    Args,
    GraphAnswers,
    GraphQuestion,
    Node,
    Seen,
    refusal,
    schema_text,
    state_of,
)
from aggregator.demo.world import Repository, Tag, WorldIssue, licence_names
from tests.stand_in.finding import find_issues, find_repositories
from tests.stand_in.rest import (
    SAML,
    VIEWER,
    community_file,
    conduct_of,
    latest_release,
    tag_commit,
    until,
)
from tests.stand_in.world import World

# Checking whether fields can be merged costs more time than running a query does; the tests hold
# every document of the project against all rules.
RULES = [rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule]


@cache
def whole_schema() -> GraphQLSchema:
    """Build both halves of the part of GitHub's schema that is answered."""
    more = Path(__file__).with_name("more.graphql").read_text("utf-8")
    schema = build_schema(f"{schema_text()}\n{more}")
    # An extension can add a field but no argument to one, and these connections have pages too.
    repository, commit = _fields(schema, "Repository"), _fields(schema, "Commit")
    connections = (field for field in repository.values() if "first" in field.args)
    for field in (*connections, commit["history"]):
        field.args["after"] = field.args["before"] = GraphQLArgument(GraphQLString)
        field.args["last"] = field.args["first"]
    commit["history"].args["until"] = commit["history"].args["since"]
    order = schema.type_map["RefOrder"]
    assert isinstance(order, GraphQLInputObjectType)
    repository["refs"].args["orderBy"] = GraphQLArgument(order)
    follow = _fields(schema, "User")["repository"].args["followRenames"]
    _fields(schema, "Query")["repository"].args["followRenames"] = follow
    return schema


def _fields(schema: GraphQLSchema, name: str) -> dict[str, GraphQLField]:
    kind = schema.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    fields: dict[str, GraphQLField] = kind.fields
    return fields


@lru_cache(maxsize=256)
def read_document(
    schema: GraphQLSchema, text: str
) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """Parse and validate a document, keeping those that were seen lately."""
    try:
        document = parse(text)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(schema, document, RULES))


class Graph(GraphAnswers):
    """The objects of the demo, with more rows."""

    world: World

    def __init__(
        self, world: World, web_url: str, restricted: set[str], schema: GraphQLSchema | None
    ) -> None:
        super().__init__(world, web_url)
        self.restricted = restricted
        self._given = schema
        self.rows = {
            kind: {**ROWS.get(kind, {}), **rows} for kind, rows in {**ROWS, **MORE}.items()
        }

    @cached_property
    def schema(self) -> GraphQLSchema:
        """Give the schema under which queries are read."""
        return self._given or whole_schema()

    def run(self, question: GraphQuestion, root: Node) -> ExecutionResult:
        """Execute a query whose document may have been seen before."""
        document, errors = read_document(self.schema, question.text)
        if document is None or errors:
            return ExecutionResult(None, list(errors))
        return execute_sync(
            self.schema,
            document,
            root,
            variable_values=question.variables,
            operation_name=question.operation,
            field_resolver=self.resolve,
            type_resolver=self.kind_of,
        )

    def kind_of(self, source: Seen, *rest: Any) -> str:
        """Name the type of something; what the demo does not know is an issue or a pull request."""
        if isinstance(source.thing, WorldIssue):
            return "PullRequest" if source.thing.pull else "Issue"
        return super().kind_of(source, *rest)

    def by_name(self, args: Args) -> Seen:
        """Find a repository by a name, and by one that it had unless the query says not to."""
        if not args.get("followRenames", True) and self.world.moved(
            "{owner}/{name}".format(**args)
        ):
            missing = "Could not resolve to a Repository with the name '{owner}/{name}'."
            return super().shown(None, missing.format(**args))
        return super().by_name(args)

    def shown(self, item: Repository | None, missing: str) -> Seen:
        """Show a repository that the caller may see; a private one seems gone."""
        access = self.world.access_of(item) if item else "public"
        if access == "private":
            raise refusal("NOT_FOUND", missing)
        if access == "saml":
            raise refusal("FORBIDDEN", SAML, saml_failure=True)
        if access == "blocked":
            raise refusal("FORBIDDEN", "Repository access blocked")
        return super().shown(item, missing)

    def owner(self, login: str, kind: str | None) -> Seen:
        """Find a person or an organisation."""
        account = self.world.account(login)
        if not self.world.knows(login) or (kind and account.kind != kind):
            what = kind or "RepositoryOwner"
            words = f"Could not resolve to a {what} with the login of '{login}'."
            raise refusal("NOT_FOUND", words)
        return Seen(NOBODYS, account)

    def search(self, args: Args) -> Node:
        """Search for issues or repositories."""
        asked = args["query"]
        issues = find_issues(self.world, asked) if args["type"] == "ISSUE" else []
        found = find_repositories(self.world, asked) if args["type"] == "REPOSITORY" else []
        items = [Seen(item, issue) for item, issue in issues]
        page = self.connection([*items, *(Seen(one, one) for one in found)], args)
        return {**page, "issueCount": len(issues), "repositoryCount": len(found)}

    def connection(self, items: Iterable[Any], args: Args, total: int | None = None) -> Node:
        """Cut a page out of some items, with cursors; no more are made than it needs."""
        start, first, last = _index_after(args.get("after")), args.get("first") or 0, None
        if args.get("last") is not None or total is None:
            items = list(items)
            total = len(items) if total is None else total
            last = args.get("last")
            start = start if last is None else max(0, len(items) - last)
        more = list(islice(items, start, start + (first if last is None else last) + 1))
        page = more[: first if last is None else last]
        return {
            "totalCount": total,
            "nodes": page,
            "edges": [{"cursor": _cursor(start + i), "node": n} for i, n in enumerate(page)],
            "pageInfo": {
                "startCursor": _cursor(start) if page else None,
                "endCursor": _cursor(start + len(page) - 1) if page else None,
                "hasNextPage": len(more) > len(page),
                "hasPreviousPage": start > 0,
            },
        }

    def owned(self, login: str, args: Args) -> Node:
        """Show what somebody owns."""
        found = [
            Seen(item, item)
            for item in self.world.owned_by(login)
            if args.get("isArchived") in (None, item.archived_at is not None)
            and args.get("isFork") in (None, item.parent is not None)
        ]
        return self.connection(found, args)

    def people(self, args: Args, field: str, count: int) -> Node:
        """Count people, unless the caller may not know."""
        if field in self.restricted:
            raise refusal("FORBIDDEN", f"The field '{field}' is restricted for this caller.")
        return self.connection([], args, count)

    def mentionable(self, item: Repository, args: Args) -> Node:
        """Show who can be mentioned."""
        people = [self.account(item, login) for login in item.history.by_author]
        return self.connection(people, args, max(len(people), item.contributor_count))

    def parent(self, item: Repository) -> Repository | None:
        """Find the repository from which one was forked, when everybody may see it."""
        found = super().parent(item)
        return found if found in self.world.public else None

    def forks(self, item: Repository, args: Args) -> Node:
        """Show what was forked from a repository."""
        find = self.world.find
        known = [Seen(r, r) for r in self.world.public if r.parent and find(r.parent) is item]
        return self.connection(known, args, max(item.forks, len(known)))

    def languages(self, item: Repository, args: Args) -> Node:
        """Show the languages, largest first unless asked otherwise."""
        backwards = (args.get("orderBy") or {}).get("direction") != "ASC"
        sizes = sorted(item.language_bytes.items(), key=lambda one: one[1], reverse=backwards)
        page = self.connection([{"id": f"LAN_{name}", "name": name} for name, _ in sizes], args)
        for edge in page["edges"]:
            edge["size"] = item.language_bytes[edge["node"]["name"]]
        return {**page, "totalSize": sum(item.language_bytes.values())}

    def refs(self, item: Repository, args: Args) -> Node:
        """Show the tags for `refs/tags/`, the default branch for `refs/heads/`."""
        prefix = args["refPrefix"].strip("/")
        if prefix != "refs/tags":
            heads = [head_ref(item)] if prefix == "refs/heads" and not item.empty else []
            return self.connection([head for head in heads if head], args)
        order = args.get("orderBy") or {}
        by_date = order.get("field") == "TAG_COMMIT_DATE"
        tags = sorted(item.tags, key=lambda tag: tag.date if by_date else tag.name)
        ordered = reversed(tags) if order.get("direction") == "DESC" else iter(tags)
        return self.connection((tag_ref(item, tag) for tag in ordered), args, len(tags))

    def ordered(self, item: Repository, args: Args) -> list[WorldIssue]:
        """Order issues as asked, by the time of their last change too."""
        order = args.get("orderBy") or {}
        if order.get("field") != "UPDATED_AT":
            return super().ordered(item, args)
        backwards = order["direction"] == "DESC"
        return sorted(item.issues, key=lambda i: (i.updated_at, i.number), reverse=backwards)

    def label(self, item: Repository, name: str) -> Node:
        """Show a label."""
        url = self.web(item.full_name, "labels", name.replace(" ", "%20"))
        return {"name": name, "url": url}

    def labels(self, item: Repository, args: Args) -> Node:
        """Show the labels that some issue carries."""
        names = sorted({label for issue in item.issues for label in issue.labels})
        wanted = (args.get("query") or "").lower()
        return self.connection([self.label(item, n) for n in names if wanted in n.lower()], args)

    def object(self, item: Repository, args: Args) -> Seen | None:
        """Find what an expression or an object id names, whatever kind it is of."""
        found = super().object(item, args)
        oid = args.get("oid") or args.get("expression") or ""
        if found or ":" in oid:
            return found
        nodes = (*item.history, item.tree, *(entry.node for entry in item.tree.walk()))
        return next((Seen(item, node) for node in nodes if node.oid == oid), None)

    def revision(self, item: Repository, name: str) -> GitCommit | None:
        """Find the commit that a branch, a tag or an object id names."""
        found = super().revision(item, name.removeprefix("refs/heads/"))
        tag = next((t for t in item.tags if t.name == name.removeprefix("refs/tags/")), None)
        if found or tag:
            return found or (tag_commit(item, tag) if tag else None)
        return next((one for one in item.history if one.oid == name), None)

    def history(self, item: Repository, args: Args) -> Node:
        """Show the commits between two times."""
        if not args.get("until"):
            return super().history(item, args)
        since = item.history.since(args["since"]) if args.get("since") else item.history
        return self.connection([Seen(item, c) for c in until(since, args["until"])], args)


def head_ref(item: Repository) -> Node | None:
    """Describe the default branch."""
    found = ROWS["Repository"]["defaultBranchRef"]
    assert callable(found)
    ref = found(None, Seen(item, item), {})  # type: ignore[arg-type]
    return ref and {**ref, "prefix": "refs/heads/"}


def tag_ref(item: Repository, tag: Tag) -> Node:
    """Describe a tag; an annotated one has an object of its own."""
    target: Any = Seen(item, tag if tag.annotated else tag_commit(item, tag))
    return {"name": tag.name, "prefix": "refs/tags/", "target": target}


def any_ref(item: Repository, name: str) -> Node | None:
    """Find a branch or a tag by its whole name."""
    if name.removeprefix("refs/heads/") == item.default_branch:
        return head_ref(item)
    tag = next((t for t in item.tags if t.name == name.removeprefix("refs/tags/")), None)
    return tag_ref(item, tag) if tag else None


def conduct(g: Graph, item: Repository) -> Node | None:
    """Describe the code of conduct."""
    found = conduct_of(item)
    url = found and g.web(item.full_name, "blob", item.default_branch, found[0])
    return {"key": found[1], "name": found[2], "url": url} if found else None


def contributing(g: Graph, item: Repository) -> Node | None:
    """Describe the guide for contributors."""
    path = community_file(item, "CONTRIBUTING")
    where = f"/{item.full_name}/blob/{item.default_branch}/{path}"
    return {"url": g.web_url + where, "resourcePath": where} if path else None


def nickname(spdx: str) -> str | None:
    """Give the short name under which people know a licence of GNU."""
    short, name = licence_names(spdx)
    version = name.removesuffix(".0").rpartition(" ")[2]
    return f"GNU {short.split('-')[0]}{version}" if name.startswith("GNU") else None


def licence_key(spdx: str) -> str:
    """Give the key under which GitHub keeps a licence."""
    short = licence_names(spdx)[0]
    return "other" if short == "NOASSERTION" else short.lower()


def extension(entry: GitEntry) -> str:
    """Give the ending of a file's name, with its point."""
    ending = entry.name.rpartition(".")[2] if "." in entry.name else ""
    return f".{ending}" if ending and entry.kind == "blob" else ""


def git_object(kind: str) -> dict[str, Any]:
    """Give the rows of what every object of git has."""
    return {
        "id": lambda _, at, __: f"{kind[0]}_{at.item.id}_{oid_of(at.thing)[:12]}",
        "oid": lambda _, at, __: oid_of(at.thing),
        "abbreviatedOid": lambda _, at, __: oid_of(at.thing)[:7],
        "repository": lambda _, at, __: Seen(at.item, at.item),
        "commitUrl": lambda g, at, _: g.web(at.item.full_name, "commit", oid_of(at.thing)),
        "commitResourcePath": lambda _, at, __: f"/{at.item.full_name}/commit/{oid_of(at.thing)}",
    }


def oid_of(thing: Blob | Tree | GitCommit | Tag) -> str:
    """Give the id of any object of git; that of a tag is made from what it says."""
    return object_oid("tag", repr(thing).encode()) if isinstance(thing, Tag) else thing.oid


NOBODYS = Repository(0, "", "", "", "", None)
ACCOUNT: dict[str, Any] = {
    "avatarUrl": "avatar_url",
    "databaseId": "id",
    "name": "name",
    "repositories": lambda g, at, args: g.owned(at.thing.login, args),
    "repository": lambda g, at, args: g.by_name({"owner": at.thing.login, **args}),
    "resourcePath": lambda _, at, __: f"/{at.thing.login}",
    "url": lambda g, at, _: g.web(at.thing.login),
    **dict.fromkeys(("bio", "description", "websiteUrl"), lambda *_: None),
}
ISSUE: dict[str, Any] = {
    "title": "title",
    "createdAt": "created_at",
    "number": "number",
    "closedAt": "closed_at",
    "updatedAt": "updated_at",
    "author": lambda *_: None,
    "state": lambda _, at, __: state_of(at.thing),
    "closed": lambda _, at, __: at.thing.closed_at is not None,
    "merged": lambda _, at, __: at.thing.pull and at.thing.closed_at is not None,
    "url": lambda g, at, _: g.web(
        at.item.full_name, "pull" if at.thing.pull else "issues", str(at.thing.number)
    ),
    "labels": lambda g, at, args: g.connection(
        [g.label(at.item, name) for name in at.thing.labels], args
    ),
    "comments": lambda g, _, args: g.connection([], args),
    "repository": lambda _, at, __: Seen(at.item, at.item),
}
MORE: dict[str, dict[str, Any]] = {
    "Query": {
        "organization": lambda g, _, args: g.owner(args["login"], "Organization"),
        "repositoryOwner": lambda g, _, args: g.owner(args["login"], None),
        "search": lambda g, _, args: g.search(args),
        "user": lambda g, _, args: g.owner(args["login"], "User"),
        "viewer": lambda g, *_: g.account(NOBODYS, VIEWER),
    },
    "User": ACCOUNT,
    "Organization": ACCOUNT,
    "Repository": {
        "name": "name",
        "archivedAt": "archived_at",
        "mirrorUrl": "mirror_url",
        "isMirror": lambda _, at, __: at.item.mirror_url is not None,
        "diskUsage": lambda *_: 1,
        "hasIssuesEnabled": lambda *_: True,
        "hasProjectsEnabled": lambda *_: True,
        "hasSponsorshipsEnabled": lambda _, at, __: bool(at.item.funding),
        "hasWikiEnabled": lambda *_: False,
        "isInOrganization": lambda g, at, _: g.world.account(at.item.owner).kind == "Organization",
        "isLocked": lambda *_: False,
        "resourcePath": lambda _, at, __: f"/{at.item.full_name}",
        "url": lambda g, at, _: g.web(at.item.full_name),
        "sshUrl": lambda _, at, __: f"git@github.com:{at.item.full_name}.git",
        "templateRepository": lambda *_: None,
        "viewerPermission": lambda *_: "READ",
        "visibility": lambda *_: "PUBLIC",
        "descriptionHTML": lambda _, at, __: f"<div>{escape(at.item.description or '')}</div>",
        "shortDescriptionHTML": lambda _, at, __: escape(at.item.description or ""),
        "codeOfConduct": lambda g, at, _: conduct(g, at.item),
        "contributingGuidelines": lambda g, at, _: contributing(g, at.item),
        "isSecurityPolicyEnabled": lambda _, at, __: (
            community_file(at.item, "SECURITY") is not None
        ),
        "securityPolicyUrl": lambda g, at, _: (
            f"{g.web(at.item.full_name)}/security/policy"
            if community_file(at.item, "SECURITY")
            else None
        ),
        "stargazers": lambda g, at, args: g.people(args, "stargazers", at.item.stars),
        "watchers": lambda g, at, args: g.people(args, "watchers", at.item.watchers),
        "mentionableUsers": lambda g, at, args: g.mentionable(at.item, args),
        "forks": lambda g, at, args: g.forks(at.item, args),
        "languages": lambda g, at, args: g.languages(at.item, args),
        "labels": lambda g, at, args: g.labels(at.item, args),
        "label": lambda g, at, args: next(
            (
                one
                for one in g.labels(at.item, {"first": 1_000})["nodes"]
                if one["name"].lower() == args["name"].lower()
            ),
            None,
        ),
        "latestRelease": lambda _, at, __: (
            (found := latest_release(at.item)) and Seen(at.item, found)
        ),
        "ref": lambda _, at, args: any_ref(at.item, args["qualifiedName"]),
        "refs": lambda g, at, args: g.refs(at.item, args),
        "defaultBranchRef": lambda _, at, __: head_ref(at.item),
    },
    "License": {
        "key": lambda _, at, __: licence_key(at.thing),
        "nickname": lambda _, at, __: nickname(at.thing),
        "pseudoLicense": lambda _, at, __: licence_key(at.thing) == "other",
        "url": lambda _, at, __: (
            None
            if licence_key(at.thing) == "other"
            else f"http://choosealicense.com/licenses/{licence_key(at.thing)}/"
        ),
    },
    "RepositoryTopic": {"url": lambda g, at, _: g.web("topics", at.thing)},
    "Release": {
        "author": lambda *_: None,
        "isLatest": lambda _, at, __: at.thing == latest_release(at.item),
        "tagCommit": lambda _, at, __: Seen(
            at.item, tag_commit(at.item, Tag(at.thing.tag, at.thing.published_at))
        ),
    },
    "Issue": ISSUE,
    "PullRequest": ISSUE,
    "Commit": {
        **git_object("Commit"),
        "authoredDate": "date",
        "authors": lambda g, at, args: g.connection([at] if at.thing.author else [], args),
        "message": "message",
        "messageHeadline": lambda _, at, __: at.thing.message.partition("\n")[0],
        "tree": lambda _, at, __: Seen(at.item, at.item.tree),
        "url": lambda g, at, _: g.web(at.item.full_name, "commit", at.thing.oid),
    },
    "GitActor": {
        "email": lambda g, at, _: (
            f"{(who := g.world.account(at.thing.author)).id}+{who.login}@users.noreply.github.com"
        ),
        "date": "date",
        "avatarUrl": lambda g, at, _: g.world.account(at.thing.author).avatar_url,
    },
    "Tree": git_object("Tree"),
    "TreeEntry": {"path": "path", "extension": lambda _, at, __: extension(at.thing)},
    "Blob": git_object("Blob"),
    "Tag": {
        **git_object("Tag"),
        "name": "name",
        "target": lambda _, at, __: Seen(at.item, tag_commit(at.item, at.thing)),
    },
}


def _cursor(index: int) -> str:
    """Give the opaque cursor of the item at `index` (from 0)."""
    return base64.b64encode(f"cursor:v2:{index}".encode()).decode()


def _index_after(text: str | None) -> int:
    """Give the index that follows a cursor; 0 without one."""
    return int(base64.b64decode(text).decode().rpartition(":")[2]) + 1 if text else 0
