"""What GraphQL answers beyond what the program asks: more fields, cursors, and who may not look.

Each method takes what `aggregator.demo.graph_answers` says of an object and adds to it. Arguments
that the demo's part of GitHub's schema leaves out (`after`, `last`, `followRenames`, `until`) come
with the schema's other half, `more.graphql`.
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
    Args,
    GraphAnswers,
    GraphQuestion,
    Node,
    refusal,
    schema_text,
)
from aggregator.demo.world import (
    Account,
    Repository,
    Tag,
    WorldIssue,
    WorldRelease,
    licence_names,
)
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
    """The objects of the demo, with more fields."""

    world: World

    def __init__(
        self, world: World, web_url: str, restricted: set[str], schema: GraphQLSchema | None
    ) -> None:
        super().__init__(world, web_url)
        self.restricted = restricted
        self._given = schema

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
        )

    def root(self, rate: Node) -> Node:
        """Describe where a query starts."""
        return {
            **super().root(rate),
            "organization": lambda _, login: self._owner(login, "Organization"),
            "repositoryOwner": lambda _, login: self._owner(login, None),
            "search": lambda _, **args: self._search(args),
            "user": lambda _, login: self._owner(login, "User"),
            "viewer": lambda _: self.account(self.world.account(VIEWER)),
        }

    def by_name(self, full_name: str, *, followRenames: bool = True, **more: Any) -> Node:  # noqa: N803
        """Find a repository by a name, and by one that it had unless the query says not to."""
        if not followRenames and self.world.moved(full_name):
            full_name = f"{full_name} "  # no name ends so
        return super().by_name(full_name, **more)

    def shown(self, item: Repository | None, missing: str) -> Node:
        """Describe a repository that the caller may see; a private one seems gone."""
        access = self.world.access_of(item) if item else "public"
        if access == "private":
            raise refusal("NOT_FOUND", missing)
        if access == "saml":
            raise refusal("FORBIDDEN", SAML, saml_failure=True)
        if access == "blocked":
            raise refusal("FORBIDDEN", "Repository access blocked")
        return super().shown(item, missing)

    def _owner(self, login: str, kind: str | None) -> Node:
        account = self.world.account(login)
        if not self.world.knows(login) or (kind and account.kind != kind):
            what = kind or "RepositoryOwner"
            words = f"Could not resolve to a {what} with the login of '{login}'."
            raise refusal("NOT_FOUND", words)
        return self.account(account)

    def _search(self, args: Args) -> Node:
        asked = args["query"]
        issues = find_issues(self.world, asked) if args["type"] == "ISSUE" else []
        found = find_repositories(self.world, asked) if args["type"] == "REPOSITORY" else []
        items = [self.issue(item, issue) for item, issue in issues]
        items += [self.repository(item) for item in found]
        page = self.connection(items, args)
        return {**page, "issueCount": len(issues), "repositoryCount": len(found)}

    def connection(self, items: Iterable[Node], args: Args, total: int | None = None) -> Node:
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
            "edges": lambda _: [
                {"cursor": _cursor(start + i), "node": n} for i, n in enumerate(page)
            ],
            "pageInfo": {
                "startCursor": _cursor(start) if page else None,
                "endCursor": _cursor(start + len(page) - 1) if page else None,
                "hasNextPage": len(more) > len(page),
                "hasPreviousPage": start > 0,
            },
        }

    def account(self, item: Account) -> Node:
        """Describe a person or an organisation."""
        return {
            **super().account(item),
            "databaseId": item.id,
            "name": item.name,
            "repositories": lambda _, **args: self._owned(item.login, args),
            "repository": lambda _, name, **more: self.by_name(f"{item.login}/{name}", **more),
            "resourcePath": f"/{item.login}",
            "url": self.web(item.login),
        }

    def _owned(self, login: str, args: Args) -> Node:
        found = [
            self.repository(item)
            for item in self.world.owned_by(login)
            if args.get("isArchived") in (None, item.archived_at is not None)
            and args.get("isFork") in (None, item.parent is not None)
        ]
        return self.connection(found, args)

    def repository(self, item: Repository) -> Node:
        """Describe a repository."""
        url = self.web(item.full_name)
        return {
            **super().repository(item),
            "name": item.name,
            "archivedAt": item.archived_at,
            "isMirror": item.mirror_url is not None,
            "mirrorUrl": item.mirror_url,
            "diskUsage": 1,
            "hasIssuesEnabled": True,
            "hasProjectsEnabled": True,
            "hasSponsorshipsEnabled": bool(item.funding),
            "hasWikiEnabled": False,
            "isInOrganization": self.world.account(item.owner).kind == "Organization",
            "isLocked": False,
            "resourcePath": f"/{item.full_name}",
            "url": url,
            "sshUrl": f"git@github.com:{item.full_name}.git",
            "viewerPermission": "READ",
            "visibility": "PUBLIC",
            **self._words(item),
            **self._people(item),
            "forks": lambda _, **args: self._forks(item, args),
            "labels": lambda _, **args: self._labels(item, args),
            "latestRelease": lambda _: self._latest(item),
            "ref": lambda _, **args: self._ref(item, args["qualifiedName"]),
        }

    def _words(self, item: Repository) -> Node:
        said, url = escape(item.description or ""), self.web(item.full_name)
        return {
            "descriptionHTML": f"<div>{said}</div>",
            "shortDescriptionHTML": lambda _, **_args: said,
            "codeOfConduct": lambda _: self._conduct(item),
            "contributingGuidelines": lambda _: self._contributing(item),
            "isSecurityPolicyEnabled": lambda _: community_file(item, "SECURITY") is not None,
            "securityPolicyUrl": lambda _: (
                f"{url}/security/policy" if community_file(item, "SECURITY") else None
            ),
        }

    def _conduct(self, item: Repository) -> Node | None:
        found = conduct_of(item)
        url = found and self.web(item.full_name, "blob", item.default_branch, found[0])
        return {"key": found[1], "name": found[2], "url": url} if found else None

    def _contributing(self, item: Repository) -> Node | None:
        path = community_file(item, "CONTRIBUTING")
        where = f"/{item.full_name}/blob/{item.default_branch}/{path}"
        return {"url": self.web_url + where, "resourcePath": where} if path else None

    def _people(self, item: Repository) -> Node:
        counts = {"stargazers": item.stars, "watchers": item.watchers}

        def refused_or(field: str) -> Any:
            def resolve(_: Any, **args: Any) -> Node:
                if field in self.restricted:
                    words = f"The field '{field}' is restricted for this caller."
                    raise refusal("FORBIDDEN", words)
                return self.connection([], args, counts[field])

            return resolve

        return {
            **{field: refused_or(field) for field in counts},
            "mentionableUsers": lambda _, **args: self._mentionable(item, args),
        }

    def _mentionable(self, item: Repository, args: Args) -> Node:
        people = [self.account(self.world.account(login)) for login in item.history.by_author]
        return self.connection(people, args, max(len(people), item.contributor_count))

    def parent(self, item: Repository) -> Node | None:
        """Describe the repository from which one was forked, when everybody may see it."""
        found = self.world.find(item.parent) if item.parent else None
        return super().parent(item) if found in self.world.public else None

    def _forks(self, item: Repository, args: Args) -> Node:
        find = self.world.find
        known = [r for r in self.world.public if r.parent and find(r.parent) is item]
        nodes = [self.repository(one) for one in known]
        return self.connection(nodes, args, max(item.forks, len(known)))

    def licence(self, spdx: str) -> Node:
        """Describe a licence."""
        short, name = licence_names(spdx)
        unknown = short == "NOASSERTION"
        key = "other" if unknown else short.lower()
        version = name.removesuffix(".0").rpartition(" ")[2]
        return {
            **super().licence(spdx),
            "key": key,
            "nickname": f"GNU {short.split('-')[0]}{version}" if name.startswith("GNU") else None,
            "pseudoLicense": unknown,
            "url": None if unknown else f"http://choosealicense.com/licenses/{key}/",
        }

    def languages(self, item: Repository, args: Args) -> Node:
        """Describe the languages, largest first unless asked otherwise."""
        edges = super().languages(item, {"first": None})["edges"]
        if (args.get("orderBy") or {}).get("direction") == "ASC":
            edges.reverse()
        nodes = [{"id": f"LAN_{edge['node']['name']}", **edge["node"]} for edge in edges]
        page = self.connection(nodes, args)
        shown = page["edges"](None)
        for edge in shown:
            edge["size"] = item.language_bytes[edge["node"]["name"]]
        return {**page, "edges": shown, "totalSize": sum(item.language_bytes.values())}

    def topic(self, name: str) -> Node:
        """Describe a topic."""
        return {**super().topic(name), "url": self.web("topics", name)}

    def release(self, item: Repository, made: WorldRelease) -> Node:
        """Describe a release."""
        tag = Tag(made.tag, made.published_at)
        return {
            **super().release(item, made),
            "author": None,
            "isLatest": made == latest_release(item),
            "tagCommit": lambda _: self.commit(item, tag_commit(item, tag)),
        }

    def _latest(self, item: Repository) -> Node | None:
        found = latest_release(item)
        return self.release(item, found) if found else None

    def refs(self, item: Repository, args: Args) -> Node:
        """Describe the tags for `refs/tags/`, the default branch for `refs/heads/`."""
        prefix = args["refPrefix"].strip("/")
        if prefix != "refs/tags":
            heads = [self.head_ref(item)] if prefix == "refs/heads" and not item.empty else []
            return self.connection([head for head in heads if head], args)
        order = args.get("orderBy") or {}
        by_date = order.get("field") == "TAG_COMMIT_DATE"
        tags = sorted(item.tags, key=lambda tag: tag.date if by_date else tag.name)
        ordered = reversed(tags) if order.get("direction") == "DESC" else iter(tags)
        return self.connection((self._tag_ref(item, tag) for tag in ordered), args, len(tags))

    def _ref(self, item: Repository, name: str) -> Node | None:
        if name.removeprefix("refs/heads/") == item.default_branch:
            return self.head_ref(item)
        tag = next((t for t in item.tags if t.name == name.removeprefix("refs/tags/")), None)
        return self._tag_ref(item, tag) if tag else None

    def _tag_ref(self, item: Repository, tag: Tag) -> Node:
        commit = self.commit(item, tag_commit(item, tag))
        target = self._tag(item, tag, commit) if tag.annotated else commit
        return {"name": tag.name, "prefix": "refs/tags/", "target": target}

    def _tag(self, item: Repository, tag: Tag, target: Node) -> Node:
        oid = object_oid("tag", repr(tag).encode())
        made = GitCommit(oid, tag.date, "", "")
        return {**self._git_object(item, "Tag", made), "name": tag.name, "target": target}

    def head_ref(self, item: Repository) -> Node | None:
        """Describe the default branch."""
        found = super().head_ref(item)
        return found and {**found, "prefix": "refs/heads/"}

    def ordered(self, item: Repository, args: Args) -> list[WorldIssue]:
        """Order issues as asked, by the time of their last change too."""
        order = args.get("orderBy") or {}
        if order.get("field") != "UPDATED_AT":
            return super().ordered(item, args)
        backwards = order["direction"] == "DESC"
        return sorted(item.issues, key=lambda i: (i.updated_at, i.number), reverse=backwards)

    def issue(self, item: Repository, issue: WorldIssue) -> Node:
        """Describe an issue or a pull request."""
        return {
            **super().issue(item, issue),
            "__typename": "PullRequest" if issue.pull else "Issue",
            "number": issue.number,
            "state": self.state(issue),
            "closed": issue.closed_at is not None,
            "closedAt": issue.closed_at,
            "merged": issue.pull and issue.closed_at is not None,
            "updatedAt": issue.updated_at,
            "author": None,
            "labels": lambda _, **args: self.connection(
                [self._label(item, name) for name in issue.labels], args
            ),
            "comments": lambda _, **args: self.connection([], args),
            "repository": lambda _: self.repository(item),
        }

    def _labels(self, item: Repository, args: Args) -> Node:
        names = sorted({label for issue in item.issues for label in issue.labels})
        wanted = (args.get("query") or "").lower()
        return self.connection([self._label(item, n) for n in names if wanted in n.lower()], args)

    def _label(self, item: Repository, name: str) -> Node:
        return {"name": name, "url": self.web(item.full_name, "labels", name.replace(" ", "%20"))}

    def label(self, item: Repository, name: str) -> Node | None:
        """Describe a label that some issue carries."""
        found = super().label(item, name)
        return self._label(item, found["name"]) if found else None

    def object(self, item: Repository, args: Args) -> Node | None:
        """Describe what an expression or an object id names, whatever kind it is of."""
        found = super().object(item, args)
        oid = args.get("oid") or args.get("expression") or ""
        if found or ":" in oid:
            return found
        commit = next((one for one in item.history if one.oid == oid), None)
        if commit:
            return self.commit(item, commit)
        nodes = (item.tree, *(entry.node for entry in item.tree.walk()))
        return self.at(item, next((node for node in nodes if node.oid == oid), None))

    def revision(self, item: Repository, name: str) -> GitCommit | None:
        """Find the commit that a branch, a tag or an object id names."""
        found = super().revision(item, name.removeprefix("refs/heads/"))
        tag = next((t for t in item.tags if t.name == name.removeprefix("refs/tags/")), None)
        if found or tag:
            return found or (tag_commit(item, tag) if tag else None)
        return next((one for one in item.history if one.oid == name), None)

    def _git_object(self, item: Repository, kind: str, node: Blob | Tree | GitCommit) -> Node:
        """Describe what every object of git has; an id of files is computed only when asked."""
        return {
            "__typename": kind,
            "id": lambda _: f"{kind[0]}_{item.id}_{node.oid[:12]}",
            "oid": lambda _: node.oid,
            "abbreviatedOid": lambda _: node.oid[:7],
            "repository": lambda _: self.repository(item),
            "commitUrl": lambda _: self.web(item.full_name, "commit", node.oid),
            "commitResourcePath": lambda _: f"/{item.full_name}/commit/{node.oid}",
        }

    def commit(self, item: Repository, made: GitCommit) -> Node:
        """Describe a commit."""
        return {
            **self._git_object(item, "Commit", made),
            **super().commit(item, made),
            "authoredDate": made.date,
            "authors": lambda _, **args: self.connection(filter(None, [self.author(made)]), args),
            "message": made.message,
            "messageHeadline": made.message.partition("\n")[0],
            "tree": lambda _: self.tree(item, item.tree),
            "url": lambda _: self.web(item.full_name, "commit", made.oid),
        }

    def author(self, made: GitCommit) -> Node | None:
        """Describe who made a commit."""
        found = super().author(made)
        if found is None:
            return None
        account = self.world.account(made.author)
        return {
            **found,
            "email": f"{account.id}+{account.login}@users.noreply.github.com",
            "date": made.date,
            "avatarUrl": lambda _, **_args: account.avatar_url,
        }

    def history(self, item: Repository, args: Args) -> Node:
        """Describe the commits between two times."""
        if not args.get("until"):
            return super().history(item, args)
        since = item.history.since(args["since"]) if args.get("since") else item.history
        return self.connection([self.commit(item, c) for c in until(since, args["until"])], args)

    def tree(self, item: Repository, folder: Tree) -> Node:
        """Describe a folder."""
        return {**self._git_object(item, "Tree", folder), **super().tree(item, folder)}

    def entry(self, item: Repository, entry: GitEntry) -> Node:
        """Describe one name in a folder."""
        ending = entry.name.rpartition(".")[2] if "." in entry.name else ""
        extension = f".{ending}" if ending and entry.kind == "blob" else ""
        return {**super().entry(item, entry), "path": entry.path, "extension": extension}

    def blob(self, item: Repository, found: Blob) -> Node:
        """Describe a file."""
        return {**self._git_object(item, "Blob", found), **super().blob(item, found)}


def _cursor(index: int) -> str:
    """Give the opaque cursor of the item at `index` (from 0)."""
    return base64.b64encode(f"cursor:v2:{index}".encode()).decode()


def _index_after(text: str | None) -> int:
    """Give the index that follows a cursor; 0 without one."""
    return int(base64.b64decode(text).decode().rpartition(":")[2]) + 1 if text else 0
