"""Resolvers for issues, pull requests and labels."""

from collections.abc import Mapping
from typing import Any

from aggregator.demo.graph.paging import connection
from aggregator.demo.model import Issue, Repository, node_id, stable_id
from aggregator.demo.palette import LABEL_COLOURS


def issues(repository: Repository, info: Any, **args: Any) -> dict[str, Any]:
    """Resolve `issues`."""
    return _issue_connection(repository, info, args, pull=False)


def pulls(repository: Repository, info: Any, **args: Any) -> dict[str, Any]:
    """Resolve `pullRequests`."""
    return _issue_connection(repository, info, args, pull=True)


def _issue_connection(
    repository: Repository, info: Any, args: Mapping[str, Any], *, pull: bool
) -> dict[str, Any]:
    states, labels = args.get("states"), {name.lower() for name in args.get("labels") or ()}
    found = [
        issue
        for issue in repository.listed(pull=pull)
        if (not states or _state(issue) in states)
        and (not labels or labels & {name.lower() for name in issue.labels})
    ]
    unlisted = repository.open_pulls if pull else repository.open_issues
    counts_unlisted = not labels and (not states or "OPEN" in states)
    nodes = [issue_node(repository, issue, info) for issue in _ordered(found, args)]
    return connection(nodes, args, len(found) + (unlisted if counts_unlisted else 0))


def _ordered(issues: list[Issue], args: Mapping[str, Any]) -> list[Issue]:
    """Order as asked; without `orderBy` GitHub gives the oldest first."""
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    by_update = order["field"] == "UPDATED_AT"
    return sorted(
        issues,
        key=lambda i: (i.updated_at if by_update else i.created_at, i.number),
        reverse=order["direction"] == "DESC",
    )


def _state(issue: Issue) -> str:
    if issue.pull and issue.closed_at:
        return "MERGED"
    return issue.state.upper()


def issue_node(repository: Repository, issue: Issue, info: Any) -> dict[str, Any]:
    """Describe an issue or pull request for GraphQL."""
    number = stable_id(f"issue:{repository.id}:{issue.number}")
    kind = "pull" if issue.pull else "issues"
    return {
        "__typename": "PullRequest" if issue.pull else "Issue",
        "id": node_id("PR" if issue.pull else "I", number),
        "databaseId": number,
        "number": issue.number,
        "title": issue.title,
        "body": issue.body,
        "bodyText": issue.body,
        "state": _state(issue),
        "closed": issue.closed_at is not None,
        "createdAt": issue.created_at,
        "updatedAt": issue.updated_at,
        "closedAt": issue.closed_at,
        "mergedAt": issue.closed_at,
        "merged": issue.pull and issue.closed_at is not None,
        "isDraft": False,
        "url": info.context.link(repository.full_name, kind, str(issue.number)),
        "author": info.context.world.account(issue.author) if issue.author else None,
        "labels": lambda _info, **args: connection(
            [_label(repository, name, info) for name in issue.labels], args, len(issue.labels)
        ),
        "comments": lambda _info, **args: connection([], args, 0),
        "repository": repository,
    }


def _label(repository: Repository, name: str, info: Any) -> dict[str, Any]:
    return {
        "__typename": "Label",
        "id": f"LA_{repository.id}_{name}",
        "name": name,
        "color": LABEL_COLOURS.get(name, "ededed"),
        "description": None,
        "url": info.context.link(repository.full_name, "labels", name.replace(" ", "%20")),
    }


def _label_names(repository: Repository) -> list[str]:
    return sorted({name for issue in repository.issues for name in issue.labels})


def labels(repository: Repository, info: Any, **args: Any) -> dict[str, Any]:
    """Resolve `labels`."""
    names = [n for n in _label_names(repository) if (args.get("query") or "").lower() in n.lower()]
    return connection([_label(repository, name, info) for name in names], args, len(names))


def one_label(repository: Repository, info: Any, name: str) -> dict[str, Any] | None:
    """Resolve `label(name:)`."""
    found = next((n for n in _label_names(repository) if n.lower() == name.lower()), None)
    return _label(repository, found, info) if found is not None else None
