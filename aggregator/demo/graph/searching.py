"""The GraphQL `search` field, over issues, pull requests and repositories."""

from collections.abc import Callable
from typing import Any

from aggregator.demo.finding import find_issues, find_repositories
from aggregator.demo.graph.issues import issue_node
from aggregator.demo.graph.paging import connection


def _search(_root: Any, info: Any, **args: Any) -> dict[str, Any]:
    world, text = info.context.world, args["query"]
    issues = find_issues(world, text) if args["type"] == "ISSUE" else []
    repositories = find_repositories(world, text) if args["type"] == "REPOSITORY" else []
    items = [issue_node(r, issue, info) for r, issue in issues] or repositories
    return {
        **connection(items, args, len(items)),
        "issueCount": len(issues),
        "repositoryCount": len(repositories),
    }


SEARCH: dict[str, Callable[..., Any]] = {"search": _search}
