"""Resolvers for where a query starts, and for the accounts that own things."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLError

from aggregator.demo.graph.context import Context, refusal, visible
from aggregator.demo.graph.paging import connection
from aggregator.demo.history import stamp
from aggregator.demo.model import Account, Repository, repository_number

Resolver = Callable[..., Any]
IDS_LIMIT = 100
VIEWER = "sandbox-visitor"


def _repository(_root: Any, info: Any, **args: Any) -> Repository:
    return _named(info, args["owner"], args["name"], follow=args.get("followRenames", True))


def _named(info: Any, owner: str, name: str, *, follow: bool) -> Repository:
    full_name = f"{owner}/{name}"
    missing = f"Could not resolve to a Repository with the name '{full_name}'."
    world = info.context.world
    hidden = not follow and world.moved(full_name)
    return visible(None if hidden else world.find(full_name), missing)


def _by_id(info: Any, opaque: str) -> Repository:
    number = repository_number(opaque)
    found = None if number is None else info.context.world.by_id(number)
    return visible(found, f"Could not resolve to a node with the global id of '{opaque}'")


def _node(_root: Any, info: Any, **args: Any) -> Repository:
    return _by_id(info, args["id"])


def _nodes(_root: Any, info: Any, ids: list[str]) -> list[Repository | GraphQLError]:
    if len(ids) > IDS_LIMIT:
        words = f"You may not provide more than {IDS_LIMIT} node ids; you provided {len(ids)}."
        raise refusal("ARGUMENT_LIMIT", words)
    return [_node_or_error(info, opaque) for opaque in ids]


def _node_or_error(info: Any, opaque: str) -> Repository | GraphQLError:
    try:
        return _by_id(info, opaque)
    except GraphQLError as error:
        return error


def _owner(kind: str | None) -> Resolver:
    def resolve(_root: Any, info: Any, login: str) -> Account:
        world = info.context.world
        account = world.account(login)
        if not world.knows(login) or (kind and account.kind != kind):
            raise refusal(
                "NOT_FOUND",
                f"Could not resolve to a {kind or 'RepositoryOwner'} with the login of '{login}'.",
            )
        return account  # type: ignore[no-any-return]

    return resolve


def _rate_limit(_root: Any, info: Any, **_args: Any) -> dict[str, Any]:
    context: Context = info.context
    return {
        "cost": context.cost,
        "nodeCount": context.node_count,
        "limit": context.allowance.limit,
        "remaining": context.allowance.remaining,
        "used": context.allowance.used,
        "resetAt": stamp(datetime.fromtimestamp(context.allowance.reset, UTC)),
    }


def _owned(account: Account, info: Any, **args: Any) -> dict[str, Any]:
    found = [
        r
        for r in info.context.world.owned_by(account.login)
        if args.get("isArchived") in (None, r.archived)
        and args.get("isFork") in (None, r.parent is not None)
    ]
    return connection(found, args, len(found))


def _own_repository(account: Account, info: Any, **args: Any) -> Repository:
    return _named(info, account.login, args["name"], follow=args.get("followRenames", True))


ACCOUNT: dict[str, Resolver] = {
    "avatarUrl": lambda a, *_, **_args: a.avatar_url,
    "bio": lambda a, *_: a.description,
    "databaseId": lambda a, *_: a.id,
    "description": lambda a, *_: a.description,
    "id": lambda a, *_: a.node_id,
    "login": lambda a, *_: a.login,
    "name": lambda a, *_: a.name,
    "repositories": _owned,
    "repository": _own_repository,
    "resourcePath": lambda a, *_: f"/{a.login}",
    "url": lambda a, info: info.context.link(a.login),
    "websiteUrl": lambda a, *_: a.blog,
}
QUERY: dict[str, Resolver] = {
    "node": _node,
    "nodes": _nodes,
    "organization": _owner("Organization"),
    "rateLimit": _rate_limit,
    "repository": _repository,
    "repositoryOwner": _owner(None),
    "user": _owner("User"),
    "viewer": lambda _root, info: info.context.world.account(VIEWER),
}
