"""Bodies of people and organisations in REST's shape."""

from typing import Any

from aggregator.demo.model import Account
from aggregator.demo.rest.call import Call

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


def account(call: Call, item: Account) -> dict[str, Any]:
    """Describe a person or an organisation briefly."""
    url = call.api("users", item.login)
    return {
        "login": item.login,
        "id": item.id,
        "node_id": item.node_id,
        "avatar_url": item.avatar_url,
        "gravatar_id": "",
        "url": url,
        "html_url": call.web(item.login),
        **{name: url + below for name, below in ACCOUNT_BELOW.items()},
        "type": item.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def full_account(call: Call, item: Account) -> dict[str, Any]:
    """Describe a person or an organisation at their own address."""
    return {
        **account(call, item),
        "name": item.name,
        "company": None,
        "blog": item.blog or "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": item.description,
        "public_repos": len(call.world.owned_by(item.login)),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": call.world.now,
    }


def organisation(call: Call, item: Account) -> dict[str, Any]:
    """Describe an organisation at `/orgs/NAME`."""
    url = call.api("orgs", item.login)
    return {
        "login": item.login,
        "id": item.id,
        "node_id": item.node_id,
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": item.avatar_url,
        "description": item.description,
        "name": item.name or item.login,
        "blog": item.blog or "",
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": len(call.world.owned_by(item.login)),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "html_url": call.web(item.login),
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": call.world.now,
        "archived_at": None,
        "type": "Organization",
    }
